"""Enums: which come, stay and go, and what hangs on one whose labels change."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from pgready.catalog.names import ObjectName
from pgready.diff.changes import AlterEnum, ColumnOf
from pgready.diff.pairs import Tables
from pgready.diff.sides import Column, Enum, Side


def altered(before: Side, after: Side, tables: Tables) -> Iterator[AlterEnum]:
    """Enums whose labels are not the same; their order alone does not count."""
    new = {enum.name: enum for enum in after.enums}
    uses = _Uses(after, tables)
    for enum in before.enums:
        other = new.get(enum.name)
        if other is None:
            continue
        added = tuple(label for label in other.labels if label not in enum.labels)
        removed = tuple(label for label in enum.labels if label not in other.labels)
        if added or removed:
            yield AlterEnum(enum, other, added, removed, uses.defaults(enum), uses.columns(other))


def created(before: Side, after: Side) -> Iterator[Enum]:
    """Enums of the new side only."""
    names = {enum.name for enum in before.enums}
    return (enum for enum in after.enums if enum.name not in names)


def dropped(before: Side, after: Side) -> Iterator[Enum]:
    """Enums of the old side only."""
    return created(after, before)


class _Uses:
    """Where enums are used; read once, when an enum asks."""

    def __init__(self, after: Side, tables: Tables) -> None:
        self._after = after
        self._tables = tables

    def columns(self, enum: Enum) -> tuple[ColumnOf, ...]:
        """The new side's columns of this type."""
        return tuple(self._columns.get(enum.name, ()))

    def defaults(self, enum: Enum) -> tuple[tuple[ColumnOf, ColumnOf | None], ...]:
        """The old columns of this type that have a default, with the new ones that have, too.

        Prisma looks at the type's name alone, whatever the schema.
        """
        return tuple(self._defaults.get(enum.name.name, ()))

    @cached_property
    def _columns(self) -> dict[ObjectName, list[ColumnOf]]:
        found: dict[ObjectName, list[ColumnOf]] = {}
        for table in self._after.tables:
            for column in table.columns:
                if column.type.enum is not None:
                    found.setdefault(column.type.enum, []).append(ColumnOf(table, column))
        return found

    @cached_property
    def _defaults(self) -> dict[str, list[tuple[ColumnOf, ColumnOf | None]]]:
        found: dict[str, list[tuple[ColumnOf, ColumnOf | None]]] = {}
        for old, new in self._old_columns():
            name = _enum_with_default(old.column)
            if name is not None:
                is_kept = new is not None and _enum_with_default(new.column) == name
                found.setdefault(name, []).append((old, new if is_kept else None))
        return found

    def _old_columns(self) -> Iterator[tuple[ColumnOf, ColumnOf | None]]:
        for table in self._tables.dropped:
            yield from ((ColumnOf(table, each), None) for each in table.columns)
        for pair in self._tables.pairs:
            yield from ((ColumnOf(pair.before, each), None) for each in pair.dropped)
            for both in pair.columns:
                yield ColumnOf(pair.before, both.before), ColumnOf(pair.after, both.after)


def _enum_with_default(column: Column) -> str | None:
    """The name of the enum that a column with a default is of."""
    of_type = column.type.enum
    return None if of_type is None or column.default is None else of_type.name
