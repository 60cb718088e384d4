"""The diff in Prisma's manner: the same changes in the same order as Prisma's engine makes them."""

from __future__ import annotations

from collections.abc import Iterator

from pgready.diff import enums, extensions, foreign_keys, indexes
from pgready.diff.changes import (
    AddForeignKey,
    AddPrimaryKey,
    AlterTable,
    Change,
    CreateEnum,
    CreateIndex,
    CreateSchema,
    CreateTable,
    DropColumn,
    DropEnum,
    DropForeignKey,
    DropIndex,
    DropTable,
    RecreateColumn,
    RenameForeignKey,
    RenameIndex,
)
from pgready.diff.pairs import Tables, sort_out
from pgready.diff.sides import ForeignKey, Index, Side, Table
from pgready.diff.tables import served, table_changes


def prisma_changes(before: Side, after: Side) -> tuple[Change, ...]:
    """What turns `before` into `after`."""
    tables = sort_out(before, after)
    changes: list[Change] = [*_schemas(before, after), *extensions.changes(before, after)]
    changes += [CreateEnum(each) for each in enums.created(before, after)]
    changes += enums.altered(before, after, tables)
    changes += [DropForeignKey(table, key) for table, key in _dropped_foreign_keys(before, tables)]
    sequences = served(after)
    altered = [
        AlterTable(pair.before, pair.after, found) for pair in tables.pairs if (found := table_changes(pair, sequences))
    ]
    changes += _dropped_indexes(tables, altered)
    changes += [DropTable(table) for table in tables.dropped]
    changes += [DropEnum(each) for each in enums.dropped(before, after)]
    changes += [CreateTable(table) for table in tables.created]
    changes += _created_indexes(tables)
    changes += [
        RenameForeignKey(pair.before, pair.after, old, new)
        for pair in tables.pairs
        for old, new in foreign_keys.renamed(pair)
    ]
    changes += [AddForeignKey(table, key) for table, key in _added_foreign_keys(after, tables)]
    changes += [
        RenameIndex(pair.after, old, new)
        for pair in tables.pairs
        for old, new in indexes.kept(pair)
        if old.name != new.name
    ]
    return tuple(changes)


def _schemas(before: Side, after: Side) -> Iterator[Change]:
    """Schemas that are missing. One that nothing is in or comes to is not made."""
    used = {table.name.schema for side in (before, after) for table in side.tables}
    used |= {enum.name.schema for enum in enums.created(before, after)}
    for name in after.schemas:
        if name not in before.schemas and name in used:
            yield CreateSchema(name)


def _dropped_foreign_keys(before: Side, tables: Tables) -> Iterator[tuple[Table, ForeignKey]]:
    """Also those of tables that go, which frees the order in which the tables go."""
    pairs = {pair.before.name: pair for pair in tables.pairs}
    gone = {table.name for table in tables.dropped}
    for table in before.tables:
        if table.name in gone:
            yield from ((table, key) for key in table.foreign_keys)
        elif table.name in pairs:
            yield from ((table, key) for key in foreign_keys.dropped(pairs[table.name]))


def _added_foreign_keys(after: Side, tables: Tables) -> Iterator[tuple[Table, ForeignKey]]:
    pairs = {pair.after.name: pair for pair in tables.pairs}
    new = {table.name for table in tables.created}
    for table in after.tables:
        if table.name in new:
            yield from ((table, key) for key in table.foreign_keys)
        elif table.name in pairs:
            yield from ((table, key) for key in foreign_keys.created(pairs[table.name]))


def _created_indexes(tables: Tables) -> Iterator[CreateIndex]:
    for table in tables.created:
        yield from (CreateIndex(table, index, on_new_table=True) for index in table.indexes)
    for pair in tables.pairs:
        new, again = list(indexes.created(pair)), list(indexes.recreated(pair))
        for index in pair.after.indexes:
            if index in new:
                yield CreateIndex(pair.after, index, on_new_table=False)
            yield from (CreateIndex(pair.after, index, False, is_again=True) for each in again if each is index)


def _dropped_indexes(tables: Tables, altered: list[AlterTable]) -> Iterator[Change]:
    """Indexes that go, and the tables that change.

    A unique index that becomes the primary key goes after the key has come: no moment lets duplicates in.
    """
    places = {change.before.name: at for at, change in enumerate(altered)}
    late: dict[int, list[Change]] = {}
    for pair in tables.pairs:
        at = places.get(pair.before.name)
        for index in indexes.dropped(pair):
            step = DropIndex(pair.before, index)
            if at is not None and _becomes_key(index, altered[at]):
                late.setdefault(at, []).insert(0, step)
            else:
                yield step
    for at, change in enumerate(altered):
        yield change
        yield from late.get(at, ())


def _becomes_key(index: Index, change: AlterTable) -> bool:
    key = change.after.primary_key
    if not index.is_unique or change.before.primary_key is not None or key is None or key.columns != index.column_names:
        return False
    gone = {each.column.name for each in change.changes if isinstance(each, DropColumn)}
    gone |= {each.before.name for each in change.changes if isinstance(each, RecreateColumn)}
    return any(isinstance(each, AddPrimaryKey) for each in change.changes) and gone.isdisjoint(index.column_names)
