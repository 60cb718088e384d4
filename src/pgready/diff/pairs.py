"""Tables that both sides have, column by column: what the rooms of the differ ask again and again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pgready.diff.changes import ColumnDelta
from pgready.diff.columns import delta_of
from pgready.diff.sides import Column, Side, Table

MIGRATIONS_TABLE = "_prisma_migrations"
_POSTGIS = frozenset(
    ("spatial_ref_sys", "geometry_columns", "geography_columns", "raster_columns", "raster_overviews"),
)


@dataclass(frozen=True, slots=True)
class ColumnPair:
    """A column on both sides."""

    before: Column
    after: Column
    delta: ColumnDelta


@dataclass(frozen=True, slots=True)
class TablePair:
    """A table on both sides; `columns`, `dropped` and `added` are sorted by name, as Prisma walks them."""

    before: Table
    after: Table
    columns: tuple[ColumnPair, ...]
    dropped: tuple[Column, ...]
    added: tuple[Column, ...]
    deltas: dict[str, ColumnDelta]


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of both sides, sorted out; each tuple in the order of its side."""

    pairs: tuple[TablePair, ...]
    dropped: tuple[Table, ...]
    created: tuple[Table, ...]


def sort_out(before: Side, after: Side) -> Tables:
    """Which tables come, stay and go. Tables of Prisma's and PostGIS' own are nobody's business."""
    old = {table.name: table for table in _own(before)}
    new = {table.name: table for table in _own(after)}
    known: _Known = {}
    return Tables(
        pairs=tuple(_pair(table, new[name], known) for name, table in old.items() if name in new),
        dropped=tuple(table for name, table in old.items() if name not in new),
        created=tuple(table for name, table in new.items() if name not in old),
    )


def _own(side: Side) -> Iterator[Table]:
    for table in side.tables:
        name = table.name.name
        if name != MIGRATIONS_TABLE and name.lower() not in _POSTGIS:
            yield table


_Known: TypeAlias = dict[tuple[int, int], ColumnPair]
"""By the ids of both: columns that many tables share are compared once."""


def _pair(before: Table, after: Table, known: _Known) -> TablePair:
    old = {column.name: column for column in before.columns}
    new = {column.name: column for column in after.columns}
    names = sorted(old)
    both = tuple(_column_pair(old[name], new[name], known) for name in names if name in new)
    return TablePair(
        before,
        after,
        columns=both,
        dropped=tuple(old[name] for name in names if name not in new),
        added=tuple(new[name] for name in sorted(new) if name not in old),
        deltas={pair.before.name: pair.delta for pair in both},
    )


def _column_pair(before: Column, after: Column, known: _Known) -> ColumnPair:
    key = (id(before), id(after))
    pair = known.get(key)
    if pair is None:
        pair = known[key] = ColumnPair(before, after, delta_of(before, after))
    return pair
