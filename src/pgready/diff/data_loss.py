"""What a change may cost or may not survive, in Prisma's words.

Each finding needs at most two counts to be sure: the rows of a table, and the values in a column. Without them it
speaks of what would be, as on top of a migration that runs elsewhere later. Whoever has the database at hand asks for
what `counts_needed` names, and gives the answers to `assess`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pgready.catalog.names import ObjectName
from pgready.diff import changes as made
from pgready.diff.changes import Change
from pgready.diff.sides import Column, Table
from pgready.sql.names import quote_ident


@dataclass(frozen=True, slots=True)
class Count:
    """A number to ask the database for: the rows of a table, or the values (not NULL) in one of its columns."""

    table: ObjectName
    column: str | None = None

    @property
    def sql(self) -> str:
        """One query with one number as its answer."""
        query = f"SELECT count(*) FROM {self.table.sql}"
        return query if self.column is None else f"{query} WHERE {quote_ident(self.column)} IS NOT NULL"


@dataclass(frozen=True, slots=True)
class DataLoss:
    """One finding. `blocks`: the step fails where there is data, where others lose some.

    `step` is the change's place among the changes. `may_be` is said while nothing is counted. `rows_text` and
    `values_text` are said of rows and of values that were counted, `nulls_text` of the difference, with `{count}` in
    them; a count of 0 means that nothing happens.
    """

    table: ObjectName
    column: str | None
    may_be: str
    blocks: bool = False
    rows_text: str | None = None
    values_text: str | None = None
    nulls_text: str | None = None
    step: int = 0

    def message(self, rows: int | None = None, values: int | None = None) -> str | None:
        """What to say, knowing how many rows the table and how many values the column has; None for nothing."""
        if rows == 0 and self.counts():
            return None
        if self.nulls_text is not None and rows is not None and values is not None:
            return self.nulls_text.format(count=rows - values) if rows > values else None
        if self.values_text is not None:
            if values == 0:
                return None
            return self.may_be if values is None else self.values_text.format(count=values)
        if self.rows_text is not None:
            return self.may_be if rows is None else self.rows_text.format(count=rows)
        return self.may_be

    def counts(self) -> tuple[Count, ...]:
        """What would make it sure, at most a number of rows and one of values."""
        if self.nulls_text is not None:
            return (Count(self.table), Count(self.table, self.column))
        if self.values_text is not None:
            return (Count(self.table, self.column),)
        return () if self.rows_text is None else (Count(self.table),)


@dataclass(frozen=True, slots=True)
class Assessed:
    """A finding that still stands, with what to say of it."""

    finding: DataLoss
    message: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """The findings that still stand once counts are known: what loses data, and what cannot be carried out."""

    warnings: tuple[Assessed, ...] = ()
    unexecutable: tuple[Assessed, ...] = ()

    @property
    def messages(self) -> tuple[str, ...]:
        """What stands on top of a migration's script: what may be lost, then what may fail."""
        return tuple(each.message for each in (*self.warnings, *self.unexecutable))

    def __bool__(self) -> bool:
        return bool(self.warnings or self.unexecutable)


def counts_needed(findings: Iterable[DataLoss]) -> tuple[Count, ...]:
    """The numbers that decide the findings, each once; those of what may fail come first."""
    ordered = sorted(findings, key=lambda each: not each.blocks)
    return tuple(dict.fromkeys(count for each in ordered for count in each.counts()))


def assess(findings: Iterable[DataLoss], counts: Mapping[Count, int] | None = None) -> Assessment:
    """What there is to say of the findings, knowing `counts`; what was not counted is spoken of as what may be."""
    known = counts or {}
    told: dict[bool, list[Assessed]] = {False: [], True: []}
    for each in findings:
        rows, values = known.get(Count(each.table)), known.get(Count(each.table, each.column))
        message = each.message(rows, values if each.column is not None else None)
        if message is not None:
            told[each.blocks].append(Assessed(each, message))
    return Assessment(tuple(told[False]), tuple(told[True]))


def warnings_of(changes: Iterable[Change]) -> tuple[str, ...]:
    """What stands on top of a migration's script, with nothing counted."""
    return assess(data_losses(changes)).messages


def data_losses(changes: Iterable[Change]) -> tuple[DataLoss, ...]:
    """The findings in the order of the changes."""
    return tuple(replace(each, step=at) for at, change in enumerate(changes) for each in _of(change))


def _of(change: Change) -> Iterator[DataLoss]:
    if isinstance(change, made.AlterTable):
        yield from _of_table(change)
    elif isinstance(change, made.DropTable):
        yield _dropped_table(change.table)
    elif isinstance(change, made.CreateIndex) and not (change.on_new_table or change.is_again):
        if change.index.is_unique:
            yield _unique(change)
    elif isinstance(change, made.AlterEnum) and change.removed:
        yield _removed_labels(change)


def _of_table(change: made.AlterTable) -> Iterator[DataLoss]:
    table = change.before
    for each in change.changes:
        if isinstance(each, made.DropColumn):
            yield _dropped_column(table, each.column)
        elif isinstance(each, made.AlterColumn):
            yield from _altered_column(table, each)
        elif isinstance(each, made.AddColumn):
            if each.column.arity == "required" and each.column.default is None:
                yield _added_column(change.after, each.column)
        elif isinstance(each, made.RecreateColumn):
            yield _recreated_column(table, each)
        elif isinstance(each, made.DropPrimaryKey):
            text = (
                f"The primary key for the `{table.name.name}` table will be changed. If it partially fails, "
                "the table could be left without primary key constraint."
            )
            yield DataLoss(table.name, None, text, rows_text=_literal(text))


def _literal(text: str) -> str:
    """For str.format: braces in names are braces."""
    return text.replace("{", "{{").replace("}", "}}")


def _dropped_table(table: Table) -> DataLoss:
    head = f"You are about to drop the `{table.name.name}` table"
    return DataLoss(
        table.name,
        None,
        f"{head}. If the table is not empty, all the data it contains will be lost.",
        rows_text=_literal(head) + ", which is not empty ({count} rows).",
    )


def _dropped_column(table: Table, column: Column) -> DataLoss:
    head = f"You are about to drop the column `{column.name}` on the `{table.name.name}` table"
    return DataLoss(
        table.name,
        column.name,
        f"{head}. All the data in the column will be lost.",
        values_text=_literal(head) + ", which still contains {count} non-null values.",
    )


def _altered_column(table: Table, change: made.AlterColumn) -> Iterator[DataLoss]:
    old, new, delta = change.before, change.after, change.delta
    name = table.name.name
    if delta.arity and old.arity == "nullable" and new.arity == "required":
        head = f"Made the column `{old.name}` on table `{name}` required"
        yield DataLoss(
            table.name,
            old.name,
            f"{head}. This step will fail if there are existing NULL values in that column.",
            blocks=True,
            nulls_text=_literal(head) + ", but there are {count} existing NULL values.",
        )
    if delta.arity and new.arity == "list":
        head = f"Changed the column `{old.name}` on the `{name}` table from a scalar field to a list field."
        yield DataLoss(
            table.name,
            old.name,
            f"{head} If there are non-null values in that column, this step will fail.",
            blocks=True,
            values_text=_literal(head)
            + " There are {count} existing non-null values in that column, this step cannot be executed.",
        )
    if delta.cast == "risky":
        head = f"You are about to alter the column `{old.name}` on the `{name}` table"
        cast = f"The data in that column will be cast from `{_shown(old)}` to `{_shown(new)}`."
        yield DataLoss(
            table.name,
            old.name,
            f"{head}. The data in that column could be lost. {cast}",
            values_text=f"{_literal(head)}, which contains {{count}} non-null values. {_literal(cast)}",
        )


def _added_column(table: Table, column: Column) -> DataLoss:
    name = table.name.name
    head = f"Added the required column `{column.name}` to the `{name}` table without a default value."
    tail = ""
    if column.is_client_filled:
        head = f"The required column `{column.name}` was added to the `{name}` table with a prisma-level default value."
        tail = " Please add this column as optional, then populate it before making it required."
    return DataLoss(
        table.name,
        column.name,
        f"{head} This is not possible if the table is not empty.{tail}",
        blocks=True,
        rows_text=_literal(head)
        + " There are {count} rows in this table, it is not possible to execute this step."
        + tail,
    )


def _recreated_column(table: Table, change: made.RecreateColumn) -> DataLoss:
    old, new = change.before, change.after
    name = table.name.name
    if new.arity == "required" and new.default is None:
        if change.delta.arity and old.arity == "nullable":
            return _added_column(table, Column(old.name, new.type, new.arity))
        head = (
            f"Changed the type of `{old.name}` on the `{name}` table. "
            "No cast exists, the column would be dropped and recreated, which cannot be done"
        )
        return DataLoss(
            table.name,
            old.name,
            f"{head} if there is data, since the column is required.",
            blocks=True,
            rows_text=_literal(head) + " since the column is required and there is data in the table.",
        )
    head = f"The `{old.name}` column on the `{name}` table would be dropped and recreated. This will lead to data loss"
    return DataLoss(
        table.name,
        old.name,
        f"{head} if there is data in the column.",
        values_text=_literal(head) + ".",
    )


def _unique(change: made.CreateIndex) -> DataLoss:
    columns = ",".join(change.index.column_names)
    text = (
        f"A unique constraint covering the columns `[{columns}]` on the table `{change.table.name.name}` "
        "will be added. If there are existing duplicate values, this will fail."
    )
    return DataLoss(change.table.name, None, text)


def _removed_labels(change: made.AlterEnum) -> DataLoss:
    text = (
        f"The values [{','.join(change.removed)}] on the enum `{change.after.name.name}` will be removed. "
        "If these variants are still used in the database, this will fail."
    )
    return DataLoss(change.after.name, None, text)


def _shown(column: Column) -> str:
    """A type as PSL writes it."""
    kind = column.type
    if kind.kind == "other":
        return f"Unsupported({json.dumps(kind.name, ensure_ascii=False)})"
    return kind.name + ("(" + ",".join(map(str, kind.arguments)) + ")" if kind.arguments else "")
