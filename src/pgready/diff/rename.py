"""Renames: what a diff cannot know and people do. The old side under the new names, everything else as it was.

Renames happen at once: each speaks of the names of the old side, so two tables can swap theirs. What Prisma names after
a table (keys, indexes) keeps its name here; the diff between the renamed side and the new one finds that by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from pgready.catalog.names import ObjectName
from pgready.diff.sides import Column, Constant, Default, Enum, ForeignKey, Index, Side, Table
from pgready.sql.names import quote_ident

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class RenameTable:
    """A table gets another name, another schema, or both."""

    before: ObjectName
    after: ObjectName


@dataclass(frozen=True, slots=True)
class RenameColumn:
    """A column of a table, which is named as on the old side."""

    table: ObjectName
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RenameEnum:
    """An enum gets another name, another schema, or both."""

    before: ObjectName
    after: ObjectName


@dataclass(frozen=True, slots=True)
class RenameValue:
    """A label of an enum, which is named as on the old side."""

    enum: ObjectName
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MoveName:
    """An index or primary key whose new name is another one's: `schema` is where it is after the tables moved."""

    schema: str
    before: str
    after: str


Rename: TypeAlias = RenameTable | RenameColumn | RenameEnum | RenameValue | MoveName


class Names:
    """Several renames as questions: what is this old thing called on the new side, and the other way round?"""

    def __init__(self, renames: Iterable[Rename]) -> None:
        self._tables: dict[ObjectName, ObjectName] = {}
        self._enums: dict[ObjectName, ObjectName] = {}
        self._columns: dict[tuple[ObjectName, str], str] = {}
        self._values: dict[tuple[ObjectName, str], str] = {}
        self._moved: dict[tuple[str, str], str] = {}
        for each in renames:
            match each:
                case RenameTable(before, after):
                    self._tables[before] = after
                case RenameEnum(before, after):
                    self._enums[before] = after
                case RenameColumn(table, old, new):
                    self._columns[table, old] = new
                case RenameValue(enum, old, new):
                    self._values[enum, old] = new
                case MoveName(schema, old, new):
                    self._moved[schema, old] = new

    def table(self, name: ObjectName) -> ObjectName:
        """A table's new name."""
        return self._tables.get(name, name)

    def enum(self, name: ObjectName) -> ObjectName:
        """An enum's new name."""
        return self._enums.get(name, name)

    def column(self, table: ObjectName, name: str) -> str:
        """A column's new name; `table` is the old one's."""
        return self._columns.get((table, name), name)

    def value(self, enum: ObjectName, label: str) -> str:
        """A label's new text; `enum` is the old one's."""
        return self._values.get((enum, label), label)

    def index(self, schema: str, name: str) -> str:
        """The name of an index or primary key; `schema` is the new one."""
        return self._moved.get((schema, name), name)

    def columns_of(self, table: ObjectName) -> Mapping[str, str]:
        """The renamed columns of an old table."""
        return {old: new for (name, old), new in self._columns.items() if name == table}

    def old_table(self, name: ObjectName) -> ObjectName:
        """What the table of this new name was called."""
        return next((old for old, new in self._tables.items() if new == name), name)

    def old_enum(self, name: ObjectName) -> ObjectName:
        """What the enum of this new name was called."""
        return next((old for old, new in self._enums.items() if new == name), name)

    def old_column(self, table: ObjectName, name: str) -> str:
        """What a column was called; `table` is the old one's name."""
        return next((old for old, new in self.columns_of(table).items() if new == name), name)


def renamed(side: Side, renames: Sequence[Rename]) -> Side:
    """The side as it is once the renames are done."""
    if not renames:
        return side
    names = Names(renames)
    enums = sorted((_enum(each, names) for each in side.enums), key=lambda each: each.name)
    tables = sorted((_table(each, names) for each in side.tables), key=lambda each: each.name)
    known = {each.name.schema for each in tables} | {each.name.schema for each in enums}
    missing = tuple(sorted(known.difference(side.schemas))) if side.schemas else ()
    return replace(side, schemas=(*side.schemas, *missing), enums=tuple(enums), tables=tuple(tables))


def _enum(enum: Enum, names: Names) -> Enum:
    return Enum(names.enum(enum.name), tuple(names.value(enum.name, label) for label in enum.labels))


def _table(table: Table, names: Names) -> Table:
    old, new = table.name, names.table(table.name)
    key = table.primary_key
    return replace(
        table,
        name=new,
        columns=tuple(_column(old, each, names) for each in table.columns),
        primary_key=key
        and replace(
            key, name=names.index(new.schema, key.name), columns=tuple(names.column(old, each) for each in key.columns)
        ),
        indexes=tuple(sorted((_index(old, each, names) for each in table.indexes), key=lambda each: each.name)),
        foreign_keys=tuple(_foreign_key(old, each, names) for each in table.foreign_keys),
    )


def _column(table: ObjectName, column: Column, names: Names) -> Column:
    kind, default = column.type, column.default
    if kind.enum is not None:
        default = default and _default(default, kind.enum, names)
        kind = replace(kind, enum=names.enum(kind.enum))
    return replace(column, name=names.column(table, column.name), type=kind, default=default)


def _default(default: Default, enum: ObjectName, names: Names) -> Default:
    constants = tuple(
        Constant(each.family, names.value(enum, each.value))
        if each.family in ("enum", "string") and isinstance(each.value, str)
        else each
        for each in default.constants
    )
    return replace(default, constants=constants)


def _index(table: ObjectName, index: Index, names: Names) -> Index:
    return replace(
        index,
        name=names.index(names.table(table).schema, index.name),
        columns=tuple(replace(each, name=names.column(table, each.name)) for each in index.columns),
        where=index.where and _condition(index.where, names.columns_of(table)),
    )


_WORDS = re.compile(r"""'(?:[^']|'')*'|"(?P<quoted>(?:[^"]|"")*)"|(?P<word>[^\W\d][\w$]*)""")


def _condition(text: str, columns: Mapping[str, str]) -> str:
    """A partial index's condition, as PostgreSQL prints it after the renames."""

    def put(found: re.Match[str]) -> str:
        quoted = found["quoted"]
        name = found["word"] if quoted is None else quoted.replace('""', '"')
        return quote_ident(columns[name]) if name in columns else found[0]

    return _WORDS.sub(put, text) if columns else text


def _foreign_key(table: ObjectName, key: ForeignKey, names: Names) -> ForeignKey:
    return replace(
        key,
        columns=tuple(names.column(table, each) for each in key.columns),
        target=names.table(key.target),
        target_columns=tuple(names.column(key.target, each) for each in key.target_columns),
    )


# -- names that are in each other's way --------------------------------------------------------------------------------


def moves(side: Side, after: Side) -> tuple[MoveName, ...]:
    """Indexes and primary keys that need new names which others bear still; `side` is the renamed one.

    Prisma renames them one by one, which no order makes possible where names go round.
    """
    new = {each.name: each for each in after.tables}
    there: set[tuple[str, str]] = set()
    wanted: list[MoveName] = []
    for table in side.tables:
        there.update((table.name.schema, name) for name in _index_names(table))
        if table.name in new:
            wanted += [
                MoveName(table.name.schema, old, to)
                for old, to in _renamed_indexes(table, new[table.name])
                if old != to
            ]
    if any((each.schema, each.after) in there for each in wanted):
        return tuple(wanted)
    return ()


def _index_names(table: Table) -> Iterator[str]:
    if table.primary_key is not None:
        yield table.primary_key.name
    yield from (each.name for each in table.indexes)


def _renamed_indexes(before: Table, after: Table) -> Iterator[tuple[str, str]]:
    old, new = before.primary_key, after.primary_key
    if old is not None and new is not None and old.columns == new.columns:
        yield old.name, new.name
    for index in before.indexes:
        alike = [each for each in after.indexes if _shape(each) == _shape(index)]
        if len(alike) == 1 and sum(_shape(each) == _shape(index) for each in before.indexes) == 1:
            yield index.name, alike[0].name


def _shape(index: Index) -> tuple[object, ...]:
    return index.column_names, index.is_unique, index.algorithm


def in_order(pairs: Mapping[_T, _T], there: Iterable[_T], spare: Mapping[_T, _T]) -> list[tuple[_T, _T]]:
    """Steps of one rename each, such that no step takes a name that is in use; a circle goes by way of `spare`."""
    todo = dict(pairs)
    used = set(there) | set(todo)
    steps: list[tuple[_T, _T]] = []
    now = {old: old for old in todo}
    while todo:
        free = [old for old, new in todo.items() if new not in used]
        if not free:
            old = next(iter(todo))
            steps.append((now[old], spare[old]))
            used.remove(now[old])
            used.add(spare[old])
            now[old] = spare[old]
            continue
        for old in free:
            if todo[old] in used:
                continue
            steps.append((now[old], todo[old]))
            used.remove(now[old])
            used.add(todo.pop(old))
    return steps
