"""What changes within a table that both sides have."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TypeAlias

from pgready.catalog.from_psl_sequences import serial_name
from pgready.catalog.names import ObjectName
from pgready.diff.changes import (
    AddColumn,
    AddPrimaryKey,
    AlterColumn,
    DropColumn,
    DropPrimaryKey,
    RecreateColumn,
    RenamePrimaryKey,
    TableChange,
)
from pgready.diff.pairs import ColumnPair, TablePair
from pgready.diff.sides import Side

Served: TypeAlias = Mapping[str, Collection[tuple[ObjectName, str]]]
"""The columns (table, name) whose defaults take their numbers from a sequence, by the sequence's name."""


def served(side: Side) -> Served:
    """What the sequences of a side serve."""
    found: dict[str, list[tuple[ObjectName, str]]] = {}
    for table in side.tables:
        for column in table.columns:
            if column.default is not None and column.default.kind == "sequence" and column.default.text is not None:
                found.setdefault(column.default.text, []).append((table.name, column.name))
    return found


def table_changes(pair: TablePair, sequences: Served) -> tuple[TableChange, ...]:
    """The changes of one ALTER TABLE in the order of its clauses; `sequences` are those of the new side."""
    return tuple(_changes(pair, sequences))


def _changes(pair: TablePair, sequences: Served) -> Iterator[TableChange]:
    old, new = pair.before.primary_key, pair.after.primary_key
    is_new_key = _is_another_key(pair)
    if old is not None and (new is None or is_new_key):
        yield DropPrimaryKey()
    elif old is not None and new is not None and old.name != new.name:
        yield RenamePrimaryKey()  # one that goes and comes back comes back by its new name
    yield from (DropColumn(column) for column in pair.dropped)
    yield from (AddColumn(column) for column in pair.added)
    places = {column.name: place for place, column in enumerate(pair.before.columns)}
    for each in sorted(pair.columns, key=lambda each: places[each.before.name]):
        if each.delta.cast == "impossible":
            yield RecreateColumn(each.before, each.after, each.delta)
        elif each.delta:
            yield AlterColumn(each.before, each.after, each.delta, _unused_sequence(pair, each, sequences))
    if new is not None and (old is None or is_new_key):
        yield AddPrimaryKey()


def _is_another_key(pair: TablePair) -> bool:
    old, new = pair.before.primary_key, pair.after.primary_key
    if old is None or new is None:
        return False
    if old.columns != new.columns:
        return True
    return any(each.before.name in old.columns and each.delta.cast is not None for each in pair.columns)


def _unused_sequence(pair: TablePair, columns: ColumnPair, sequences: Served) -> str | None:
    default = columns.before.default
    if default is None or default.kind != "sequence" or default.text is None:
        return None
    itself = (pair.after.name, columns.after.name)
    if any(other != itself for other in sequences.get(default.text, ())):
        return None
    return default.text or serial_name(pair.before.name, columns.before.name, set()).name
