"""CREATE TABLE, and how a table becomes a partition or a child.

A partition is made as a table of its own and attached then, as pg_dump does it: only so can its columns stand in
another order than its parent's, and its keys have names of their own. A partitioned table's keys and indexes are made
ONLY on it once its partitions are there, and theirs are attached by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Check, Column, Table
from pgready.plan import create_rendered as rendered
from pgready.plan.create_graph import Key, Part, Step
from pgready.plan.create_mentions import mentioned, of_type, schema_of
from pgready.plan.create_ranks import RANK
from pgready.sql.names import quote_ident


@dataclass(frozen=True, slots=True)
class Relatives:
    """What a table's steps have to know of the others."""

    tables: dict[ObjectName, Table]
    children: dict[ObjectName, list[ObjectName]]
    with_sequences: AbstractSet[ObjectName]

    @classmethod
    def of(cls, catalog: Catalog) -> Relatives:
        """The relatives in a catalog."""
        children: dict[ObjectName, list[ObjectName]] = {}
        for table in catalog.tables:
            for parent in (table.partition.parent,) if table.partition else table.inherits:
                children.setdefault(parent, []).append(table.name)
        owned = {one.owned_by[0] for one in catalog.sequences if one.owned_by is not None and not one.unlogged}
        return cls({table.name: table for table in catalog.tables}, children, owned)

    def parents(self, table: Table) -> list[Table]:
        """Those a table inherits from, but for partitions."""
        return [self.tables[name] for name in table.inherits if name in self.tables]

    def is_child_by_birth(self, table: Table) -> bool:
        """Whether it has columns or checks only from its parents, which only CREATE TABLE … INHERITS gives."""
        if not table.inherits:
            return False
        return not all(column.is_local for column in table.columns) or not all(one.is_local for one in table.checks)


@dataclass(frozen=True, slots=True)
class Line:
    """A column as a line of CREATE TABLE or ADD COLUMN, what it needs, and what could be said later."""

    text: str
    needs: frozenset[Key]
    parts: tuple[Part, ...]


def column_line(table: Table, column: Column, relatives: Relatives, apart: AbstractSet[Key]) -> Line:
    """The column with its type, default, identity and NOT NULL, as far as this is not `apart`."""
    return _Builder(table, relatives, apart).line(column)


def table_steps(table: Table, relatives: Relatives, apart: AbstractSet[Key]) -> Iterator[Step]:
    """The table itself with its columns, defaults, keys and checks, and its place below its parents."""
    return _Builder(table, relatives, apart).steps()


class _Builder:
    def __init__(self, table: Table, relatives: Relatives, apart: AbstractSet[Key]) -> None:
        self._table = table
        self._name = table.name
        self._relatives = relatives
        self._apart = apart
        self._made: Key = ("name", *table.name)
        self._about: Key = ("table", *table.name)
        self._needs: set[Key] = {schema_of(table.name)}
        self._parts: list[Part] = []
        self._later: list[Step] = []
        self._by_birth = relatives.is_child_by_birth(table)
        self._born = relatives.parents(table) if self._by_birth else []

    def steps(self) -> Iterator[Step]:
        table, name = self._table, self._name
        lines = [self._column(one) for one in table.columns if one.is_local or not self._by_birth]
        for one in table.columns:
            if self._by_birth:
                self._inherited(one, lines)
            if one.not_null is not None and not one.not_null.is_valid:
                self._not_null_later(one)
        lines += [text for one in table.checks if (text := self._check(one))]
        makes: list[Key] = [self._made, ("any", name.name)]
        if has_inline_keys(table):
            keys = [one for one in (table.primary_key, *table.uniques) if one is not None]
            lines += [rendered.key(one) for one in keys if ("key", *name, one.name) not in self._apart]
            makes.append(("keys", *name))
        makes += [("name", *one.identity.sequence) for one in table.columns if one.identity is not None]
        is_logged_first = table.unlogged and name in self._relatives.with_sequences
        kind = "CREATE UNLOGGED TABLE" if table.unlogged and not is_logged_first else "CREATE TABLE"
        sql = f"{kind} {name.sql} (" + ",".join("\n    " + line for line in lines) + ("\n)" if lines else ")")
        if self._by_birth:
            sql += f" INHERITS ({', '.join(one.sql for one in table.inherits)})"
            self._needs |= {("name", *one) for one in table.inherits}
        if table.partition_key is not None:
            sql += f" PARTITION BY {table.partition_key}"
            self._needs |= mentioned(table.partition_key)
        sql += f" USING {quote_ident(table.access_method)}" if table.access_method != "heap" else ""
        sql += rendered.options(table.options)
        sql += f" TABLESPACE {quote_ident(table.tablespace)}" if table.tablespace else ""
        yield Step(RANK["table"], "table", tuple(name), sql, tuple(makes), frozenset(self._needs),
                   parts=tuple(self._parts), about=self._about, undo=f"DROP TABLE {name.sql}")  # fmt: skip
        yield from self._later
        yield from self._parentage()
        if is_logged_first:
            # From 15 on a table takes its sequences along, which an owned one of 14 cannot do by itself.
            yield self._alter(
                "persistence", name.name, "SET UNLOGGED", {("sequence of", *name)}, about=self._about, only=False
            )

    def line(self, column: Column) -> Line:
        self._needs.clear()
        text = self._column(column)
        return Line(text, frozenset(self._needs), tuple(self._parts))

    def _alter(
        self, kind: str, part: str, change: str, needs: AbstractSet[Key] = frozenset(), *makes: Key,
        about: Key, undo: str = "", only: bool = True,
    ) -> Step:  # fmt: skip
        head = f"ALTER TABLE {'ONLY ' if only else ''}{self._name.sql} "
        needed = frozenset({self._made, *needs})
        name = (*self._name, part)
        return Step(RANK[kind], kind, name, head + change, makes, needed, about=about, undo=undo and head + undo)

    def _column(self, column: Column) -> str:
        text = f"{quote_ident(column.name)} {column.type.sql}{rendered.collate(column.collation)}"
        self._needs |= of_type(column.type)
        if column.generated is not None:
            kind = "STORED" if column.generated.stored else "VIRTUAL"
            text += f" GENERATED ALWAYS AS ({column.generated.expression}) {kind}"
            self._needs |= mentioned(column.generated.expression)
        elif column.default is not None:
            text += self._default(column.name, column.default)
        if column.identity is not None:
            text += rendered.identity(column.identity)
            self._needs.add(("schema", column.identity.sequence.schema))
        return text + self._not_null(column)

    def _default(self, column: str, default: str) -> str:
        key: Key = ("default", *self._name, column)
        needs = mentioned(default)
        if key in self._apart:
            change = f"ALTER COLUMN {quote_ident(column)} SET DEFAULT {default}"
            undo = f"ALTER COLUMN {quote_ident(column)} DROP DEFAULT"
            about: Key = ("default", *self._name, column)
            self._later.append(self._alter("default", column, change, needs, about=about, undo=undo))
            return ""
        self._needs |= needs
        self._parts.append(Part(key, needs))
        return f" DEFAULT {default}"

    def _not_null(self, column: Column) -> str:
        constraint = column.not_null
        if constraint is None or not constraint.is_valid:
            return ""
        name = f" CONSTRAINT {quote_ident(constraint.name)}" if constraint.name else ""
        return f"{name} NOT NULL{' NO INHERIT' if constraint.no_inherit else ''}"

    def _not_null_later(self, column: Column) -> None:
        """One that is not valid; a child's comes with its parent's."""
        constraint = column.not_null
        if constraint is None or (self._by_birth and not column.is_local):
            return
        name = f"CONSTRAINT {quote_ident(constraint.name)} " if constraint.name else ""
        inherit = " NO INHERIT" if constraint.no_inherit else ""
        change = f"ADD {name}NOT NULL {quote_ident(column.name)}{inherit} NOT VALID"
        undo = f"ALTER COLUMN {quote_ident(column.name)} DROP NOT NULL"
        self._add_later(column.name, change, undo, ("not null", *self._name, column.name))

    def _add_later(self, part: str, change: str, undo: str, about: Key, needs: AbstractSet[Key] = frozenset()) -> None:
        below: set[Key] = {("constraints", *child) for child in self._relatives.children.get(self._name, [])}
        made: Key = ("constraints", *self._name)
        self._later.append(
            self._alter("constraint", part, change, {*needs, *below}, made, about=about, undo=undo, only=False)
        )

    def _inherited(self, column: Column, lines: list[str]) -> None:
        """What a column of a child by birth has otherwise than its parents."""
        found = [one for parent in self._born if (one := parent.column(column.name)) is not None]
        if not found:
            return
        name = quote_ident(column.name)
        theirs = [one.not_null for one in found if one.not_null is not None and not one.not_null.no_inherit]
        if column.is_local:
            return
        default = next((one.default for one in found if one.default is not None), None)
        is_apart = any(("default", *parent.name, column.name) in self._apart for parent in self._born)
        if column.generated is None and (column.default != default or is_apart):
            what = "DROP DEFAULT" if column.default is None else f"SET DEFAULT {column.default}"
            needs = mentioned(column.default)
            change = f"ALTER COLUMN {name} {what}"
            self._later.append(self._alter("default", column.name, change, needs, about=self._about))
        own = column.not_null
        if own is None and theirs:
            change = f"ALTER COLUMN {name} DROP NOT NULL"
            self._later.append(self._alter("constraint", column.name, change, about=self._about))
        elif (
            own is not None and own.is_valid and (not theirs or (own.name and own.name not in {t.name for t in theirs}))
        ):
            given = f"CONSTRAINT {quote_ident(own.name)} " if own.name else ""
            if own.name:
                lines.append(f"{given}NOT NULL {name}{' NO INHERIT' if own.no_inherit else ''}")
            else:
                change = f"ALTER COLUMN {name} SET NOT NULL"
                self._later.append(self._alter("constraint", column.name, change, about=self._about))

    def _check(self, check: Check) -> str:
        """The check as a line of CREATE TABLE; "" for one that comes otherwise."""
        if not check.is_local and (self._by_birth or (check.is_enforced and not check.is_valid)):
            return ""  # the parent's reaches it
        text, needs = rendered.check(check), mentioned(check.expression)
        key: Key = ("check", *self._name, check.name)
        if key in self._apart or (check.is_enforced and not check.is_valid):
            valid = "" if check.is_valid or not check.is_enforced else " NOT VALID"
            about: Key = ("check", *self._name, check.name)
            self._add_later(
                check.name, f"ADD {text}{valid}", f"DROP CONSTRAINT {quote_ident(check.name)}", about, needs
            )
            return ""
        self._needs |= needs
        self._parts.append(Part(key, needs))
        return text

    def _parentage(self) -> Iterator[Step]:
        table, name = self._table, self._name
        constraints: Key = ("constraints", *name)
        if table.partition is not None:
            parent = table.partition.parent
            sql = f"ALTER TABLE ONLY {parent.sql} ATTACH PARTITION {name.sql} {table.partition.bound}"
            needs = {("name", *parent), self._made, constraints, *mentioned(table.partition.bound)}
            makes: tuple[Key, ...] = (("attached", *parent), ("children", *parent))
            undo = f"ALTER TABLE {parent.sql} DETACH PARTITION {name.sql}"
            about: Key = ("partition", *name)
            yield Step(
                RANK["partition"], "partition", tuple(name), sql, makes, frozenset(needs), about=about, undo=undo
            )
        elif self._by_birth:
            return
        else:
            for number, parent in enumerate(table.inherits):
                before: set[Key] = {("inherits", *name, str(number - 1)), ("name", *parent), constraints}
                made: tuple[Key, ...] = (("inherits", *name, str(number)), ("children", *parent))
                change, undo = f"INHERIT {parent.sql}", f"NO INHERIT {parent.sql}"
                yield self._alter(
                    "inheritance", str(number), change, before, *made, about=self._about, undo=undo, only=False
                )


def has_inline_keys(table: Table) -> bool:
    """Whether the keys stand in CREATE TABLE: not where partitions have a part in them."""
    return table.partition is None and table.partition_key is None
