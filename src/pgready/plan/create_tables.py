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
            lines += [rendered.key(one) for one in (table.primary_key, *table.uniques) if one is not None]
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
                   parts=tuple(self._parts))  # fmt: skip
        yield from self._later
        yield from self._parentage()
        if is_logged_first:
            # From 15 on a table takes its sequences along, which an owned one of 14 cannot do by itself.
            yield self._alter("persistence", name.name, "SET UNLOGGED", {("sequence of", *name)}, only=False)

    def _alter(
        self, kind: str, part: str, change: str, needs: AbstractSet[Key] = frozenset(), *makes: Key, only: bool = True
    ) -> Step:  # fmt: skip
        sql = f"ALTER TABLE {'ONLY ' if only else ''}{self._name.sql} {change}"
        return Step(RANK[kind], kind, (*self._name, part), sql, makes, frozenset({self._made, *needs}))

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
            self._later.append(self._alter("default", column, change, needs))
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
        self._add_later(column.name, change)

    def _add_later(self, part: str, change: str, needs: AbstractSet[Key] = frozenset()) -> None:
        below: set[Key] = {("constraints", *child) for child in self._relatives.children.get(self._name, [])}
        made: Key = ("constraints", *self._name)
        self._later.append(self._alter("constraint", part, change, {*needs, *below}, made, only=False))

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
            self._later.append(self._alter("default", column.name, f"ALTER COLUMN {name} {what}", needs))
        own = column.not_null
        if own is None and theirs:
            self._later.append(self._alter("constraint", column.name, f"ALTER COLUMN {name} DROP NOT NULL"))
        elif (
            own is not None and own.is_valid and (not theirs or (own.name and own.name not in {t.name for t in theirs}))
        ):
            given = f"CONSTRAINT {quote_ident(own.name)} " if own.name else ""
            if own.name:
                lines.append(f"{given}NOT NULL {name}{' NO INHERIT' if own.no_inherit else ''}")
            else:
                self._later.append(self._alter("constraint", column.name, f"ALTER COLUMN {name} SET NOT NULL"))

    def _check(self, check: Check) -> str:
        """The check as a line of CREATE TABLE; "" for one that comes otherwise."""
        if not check.is_local and (self._by_birth or (check.is_enforced and not check.is_valid)):
            return ""  # the parent's reaches it
        text, needs = rendered.check(check), mentioned(check.expression)
        key: Key = ("check", *self._name, check.name)
        if key in self._apart or (check.is_enforced and not check.is_valid):
            valid = "" if check.is_valid or not check.is_enforced else " NOT VALID"
            self._add_later(check.name, f"ADD {text}{valid}", needs)
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
            yield Step(RANK["partition"], "partition", tuple(name), sql, makes, frozenset(needs))
        elif self._by_birth:
            return
        else:
            for number, parent in enumerate(table.inherits):
                before: set[Key] = {("inherits", *name, str(number - 1)), ("name", *parent), constraints}
                made: tuple[Key, ...] = (("inherits", *name, str(number)), ("children", *parent))
                yield self._alter("inheritance", str(number), f"INHERIT {parent.sql}", before, *made, only=False)


def has_inline_keys(table: Table) -> bool:
    """Whether the keys stand in CREATE TABLE: not where partitions have a part in them."""
    return table.partition is None and table.partition_key is None
