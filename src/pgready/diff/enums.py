"""Enums: which come, stay and go, and what hangs on one whose labels change."""

from __future__ import annotations

from collections.abc import Iterator

from pgready.catalog.names import ObjectName
from pgready.diff.changes import AlterEnum, ColumnOf
from pgready.diff.pairs import Tables
from pgready.diff.sides import Column, Enum, Side


def altered(before: Side, after: Side, tables: Tables) -> Iterator[AlterEnum]:
    """Enums whose labels are not the same; their order alone does not count."""
    new = {enum.name: enum for enum in after.enums}
    for enum in before.enums:
        other = new.get(enum.name)
        if other is None:
            continue
        added = tuple(label for label in other.labels if label not in enum.labels)
        removed = tuple(label for label in enum.labels if label not in other.labels)
        if added or removed:
            columns = tuple(
                ColumnOf(table, column) for table in after.tables for column in table.columns if _is(column, other.name)
            )
            yield AlterEnum(enum, other, added, removed, tuple(_defaults(enum, tables)), columns)


def created(before: Side, after: Side) -> Iterator[Enum]:
    """Enums of the new side only."""
    names = {enum.name for enum in before.enums}
    return (enum for enum in after.enums if enum.name not in names)


def dropped(before: Side, after: Side) -> Iterator[Enum]:
    """Enums of the old side only."""
    return created(after, before)


def _is(column: Column, enum: ObjectName) -> bool:
    return column.type.kind == "enum" and column.type.enum == enum


def _has_default_of(column: Column, enum: Enum) -> bool:
    """Prisma looks at the name alone, whatever the schema."""
    of_type = column.type.enum
    return of_type is not None and of_type.name == enum.name.name and column.default is not None


def _defaults(enum: Enum, tables: Tables) -> Iterator[tuple[ColumnOf, ColumnOf | None]]:
    for table in tables.dropped:
        yield from ((ColumnOf(table, each), None) for each in table.columns if _has_default_of(each, enum))
    for pair in tables.pairs:
        yield from ((ColumnOf(pair.before, each), None) for each in pair.dropped if _has_default_of(each, enum))
        for columns in pair.columns:
            if _has_default_of(columns.before, enum):
                kept = ColumnOf(pair.after, columns.after) if _has_default_of(columns.after, enum) else None
                yield ColumnOf(pair.before, columns.before), kept
