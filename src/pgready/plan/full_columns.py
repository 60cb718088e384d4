"""Columns of a table that stays: added, given another type, default, identity, NOT NULL or storage.

What a table does to a column its partitions and children do, too; theirs are altered by themselves only where they
differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from pgready.catalog.names import ObjectName
from pgready.catalog.table import Column, Identity, NotNull
from pgready.catalog.types import SYSTEM, DataType
from pgready.diff.full_elements import Address
from pgready.plan import create_rendered as rendered
from pgready.plan.create_graph import Key, Step
from pgready.plan.create_mentions import mentioned, of_type
from pgready.plan.create_ranks import RANK
from pgready.plan.create_table_parts import settings
from pgready.plan.create_tables import column_line
from pgready.plan.full_drops import in_turn
from pgready.plan.full_fate import Fates
from pgready.plan.full_side import Side
from pgready.sql.names import quote_ident, quote_literal, truncate_63

_KINDS = (
    frozenset(("int2", "int4", "int8", "numeric", "float4", "float8")),
    frozenset(("text", "varchar", "bpchar", "name", "citext")),
    frozenset(("date", "timestamp", "timestamptz")),
    frozenset(("time", "timetz")),
    frozenset(("json", "jsonb")),
    frozenset(("bit", "varbit")),
)
"""Types that are cast to each other with the right meaning; all others by way of text."""
_PLAIN = frozenset(
    ("bool", "int2", "int4", "int8", "oid", "float4", "float8", "date", "time", "timetz", "timestamp", "timestamptz",
     "interval", "uuid", "char", "name", "money", "macaddr", "macaddr8", "point", "box", "lseg", "line", "circle",
     "xid", "cid", "tid", "pg_lsn", "xid8", "regclass", "regtype", "regproc", "regprocedure")
)  # fmt: skip
_MADE_UP = "_not_null"
_MAIN = frozenset(("numeric", "inet", "cidr"))


@dataclass(slots=True)
class Columns:
    """The steps of all columns of all tables that stay."""

    old: Side
    new: Side
    fates: Fates
    apart: AbstractSet[Key]

    def steps(self) -> Iterator[Step]:
        """Everything that is not a drop."""
        for address in sorted(self.fates.made | self.fates.altered):
            table: Address = ("table", *address[1:3])
            if address[0] not in ("column", "default", "not null", "identity") or table not in self.old.elements:
                continue
            if table in self.fates.made:
                continue
            if address[0] == "column" and address in self.fates.made:
                yield from self._add(address)
            elif address[0] == "column":
                yield from self._alter(address)
            elif self._is_apart(address):
                yield from self._part(address)

    def _is_apart(self, part: Address) -> bool:
        """Whether a part of a column has to be said by itself: not where ADD COLUMN says it."""
        column: Address = ("column", *part[1:])
        if column not in self.fates.made or self._is_inherited(column):
            return True
        if part[0] == "default":
            return part in self.apart
        return part[0] == "not null" and not self.new.elements[part].value.is_valid

    def _is_inherited(self, address: Address) -> bool:
        return comes_with_parent(address, self.old, self.new, self.fates)

    def _step(self, address: Address, needs: AbstractSet[Key], statements: list[str], kind: str) -> Iterator[Step]:
        makes: tuple[Key, ...] = (("done", *address), ("name", *address[1:3]))
        own: frozenset[Key] = frozenset({("gone", *address)}) if address in self.fates.gone else frozenset()
        step = Step(RANK["table"], kind, address[1:], "", makes, frozenset(needs) | own, about=address)
        yield from in_turn(step, statements)

    def _head(self, address: Address, *, only: bool) -> str:
        return f"ALTER TABLE {'ONLY ' if only else ''}{ObjectName(*address[1:3]).sql} "

    def _add(self, address: Address) -> Iterator[Step]:
        table, column = self.new.table(address[1:3]), self.new.elements[address].value
        if table is None or not isinstance(column, Column):
            return
        line = column_line(table, column, self.new.relatives, self.apart)
        own = list(settings(column))
        if self._is_inherited(address):
            origin = self.new.origin(address)
            needs: set[Key] = {("done", *origin)}
            head = self._head(address, only=True)
            yield from self._step(address, needs, [head + one for one in own], "column")
            return
        needs = {*line.needs, *(("free", *key[1:]) for key in self._sequence(column))}
        sql = f"{self._head(address, only=False)}ADD COLUMN {line.text}"
        alone = self._head(address, only=True)
        found = list(self._step(address, needs, [sql, *(alone + one for one in own)], "add column"))
        found[0] = replace(found[0], parts=line.parts)
        yield from found

    def _sequence(self, column: Column) -> list[Key]:
        return [] if column.identity is None else [("name", *column.identity.sequence)]

    def _alter(self, address: Address) -> Iterator[Step]:
        before, after = self.old.elements[address].value, self.new.elements[address].value
        name = f"ALTER COLUMN {quote_ident(address[3])} "
        statements = []
        needs: set[Key] = set(of_type(after.type))
        if address in self.fates.retyped:
            if not self._is_inherited(address):
                statements.append(self._head(address, only=False) + name + _retype(before, after))
            else:
                needs.add(("done", *self.new.origin(address)))
            for one in (address, *(("column", *heir[1:], address[3]) for heir in self.old.heirs(_table(address)))):
                needs |= self._blockers(one)
            before = replace(before, storage=None, compression=None)
        alone = self._head(address, only=True)
        statements += [alone + name + one for one in _settled(before, after)]
        yield from self._step(address, needs, statements, "alter column")

    def _blockers(self, address: Address) -> set[Key]:
        table = _table(address)
        found = {*self.old.users(table, address[3]), *self.old.referring(table, address[3])}
        found |= {one for one in self.old.children.get(table, ()) if one[0] != "column"}
        found |= {("default", *address[1:])}
        return {("gone", *one) for one in found & self.fates.gone if one[0] not in ("comment", "not null")}

    def _part(self, address: Address) -> Iterator[Step]:
        """A default, an identity or NOT NULL of a column that is there."""
        value = self.new.elements[address].value
        before = self.old.elements[address].value if address in self.fates.altered else None
        needs: set[Key] = {("done", "column", *address[1:])}
        name = f"ALTER COLUMN {quote_ident(address[3])} "
        if address[0] == "default":
            needs |= {*mentioned(value), ("gone", "identity", *address[1:])}
            # Without this the default of the parent's new column stands here.
            statements = [self._head(address, only=True) + f"{name}SET DEFAULT {value}"]
        elif address[0] == "identity":
            needs |= {("done", "not null", *address[1:]), ("gone", "default", *address[1:])}
            needs |= {("free", *value.sequence), ("gone", "sequence", *value.sequence)}
            statements = list(self._identity(address, before, value, name))
        else:
            statements = list(self._not_null(address, before, value, name))
        yield from self._step(address, needs, statements, f"column {address[0]}")

    def _identity(self, address: Address, before: Identity | None, value: Identity, name: str) -> Iterator[str]:
        head = self._head(address, only=False)
        if before is None:
            yield head + name + "ADD" + rendered.identity(value)
            return
        if before.sequence.name != value.sequence.name:
            yield f"ALTER SEQUENCE {before.sequence.sql} RENAME TO {quote_ident(value.sequence.name)}"
        words = []
        if before.always != value.always:
            words.append(f"SET GENERATED {'ALWAYS' if value.always else 'BY DEFAULT'}")
        if before.options != value.options:
            words.append(rendered.changed_sequence(value.options))
        if words:
            yield head + name + " ".join(words)

    def _not_null(self, address: Address, before: NotNull | None, value: NotNull, name: str) -> Iterator[str]:
        heirs = list(self.old.heirs(_table(address)))
        alone = any(("not null", *heir[1:], address[3]) not in self.new.elements for heir in heirs)
        head = self._head(address, only=alone)
        inherit = " NO INHERIT" if value.no_inherit else ""
        given = f"CONSTRAINT {quote_ident(value.name)} " if value.name else ""
        valid = "" if value.is_valid else " NOT VALID"
        if before is None:
            if given or inherit or valid:
                yield f"{head}ADD {given}NOT NULL {quote_ident(address[3])}{inherit}{valid}"
            else:
                yield f"{head}{name}SET NOT NULL"
            return
        called = before.name
        if before.name != value.name:
            called = value.name or _short(f"{address[2]}_{address[3]}", _MADE_UP)
            yield _of_constraint(address, before.name, f"RENAME CONSTRAINT %I TO {quote_ident(called)}")
        if before.no_inherit != value.no_inherit:
            word = "NO INHERIT" if value.no_inherit else "INHERIT"
            yield _of_constraint(address, called, f"ALTER CONSTRAINT %I {word}")
        if value.is_valid and not before.is_valid:
            yield _of_constraint(address, called, "VALIDATE CONSTRAINT %I")


def _short(head: str, tail: str) -> str:
    while truncate_63(head + tail) != head + tail:
        head = head[:-1]
    return head + tail


def _of_constraint(address: Address, name: str, change: str) -> str:
    """ALTER TABLE of the constraint behind NOT NULL; one that the server named itself (18) is found by its column."""
    table = ObjectName(*address[1:3])
    head, _, tail = change.partition("%I")
    if name:
        return f"ALTER TABLE {table.sql} {head}{quote_ident(name)}{tail}"
    format_ = quote_literal(f"ALTER TABLE {table.sql} ".replace("%", "%%") + head + "%I" + tail.replace("%", "%%"))
    relation = f"{quote_literal(table.sql)}::pg_catalog.regclass"
    column = f"(SELECT attnum FROM pg_catalog.pg_attribute WHERE attrelid = {relation}"
    column += f" AND attname = {quote_literal(address[3])})"
    found = f"SELECT pg_catalog.format({format_}, conname) FROM pg_catalog.pg_constraint"
    found += f" WHERE conrelid = {relation} AND contype = 'n' AND conkey = ARRAY[{column}]"
    return f"DO {quote_literal(f'BEGIN EXECUTE ({found}); END')}"


def comes_with_parent(column: Address, old: Side, new: Side, fates: Fates) -> bool:
    """Whether the same happens to the parent's column, and so to this by itself."""
    origin = new.origin(column)
    link: Address = ("partition", *column[1:3])
    if not origin or link in fates.gone | fates.made or ("table", *origin[1:3]) not in old.parents(_table(column)):
        return False
    return any(column in some and origin in some for some in (fates.made, fates.altered))


def _table(address: Address) -> Address:
    return ("table", *address[1:3])


def _retype(before: Column, after: Column) -> str:
    text = f"TYPE {after.type.sql}{rendered.collate(after.collation)}"
    if before.type == replace(after.type, modifier=before.type.modifier) and before.type.is_system:
        return text
    return f"{text} USING {_cast(quote_ident(after.name), before.type, after.type)}"


def _cast(column: str, before: DataType, after: DataType) -> str:
    """The column as the new type: what does not fit is an error, nothing is cut."""
    bare = replace(after, modifier="") if after.name.schema == SYSTEM and after.name.name != "interval" else after
    if after.dimensions > before.dimensions:
        return f"CASE WHEN {column} IS NOT NULL THEN ARRAY[{column}::text]::{bare.sql} END"
    names = {before.name.name, after.name.name}
    if after.dimensions < before.dimensions:
        return f"{column}::text::{bare.sql}"
    if after.name.name in ("text", "varchar") or any(names <= kind for kind in _KINDS):
        return f"{column}::{bare.sql}"
    return f"{column}::text{'[]' * after.dimensions}::{bare.sql}"


def _settled(before: Column, after: Column) -> Iterator[str]:
    if before.storage != after.storage:
        yield f"SET STORAGE {(after.storage or usual_storage(after.type)).upper()}"
    if before.compression != after.compression:
        yield f"SET COMPRESSION {after.compression or 'default'}"
    if before.statistics != after.statistics:
        yield f"SET STATISTICS {-1 if after.statistics is None else after.statistics}"
    if before.options != after.options:
        gone = {one.partition("=")[0] for one in before.options} - {one.partition("=")[0] for one in after.options}
        if gone:
            yield f"RESET ({rendered.listed(sorted(gone))})"
        if after.options:
            yield "SET" + rendered.options(after.options, "")


def usual_storage(type_: DataType) -> str:
    """How values of a type are stored if nobody says otherwise."""
    if type_.dimensions or type_.name.schema != SYSTEM:
        return "extended"
    return "plain" if type_.name.name in _PLAIN else "main" if type_.name.name in _MAIN else "extended"
