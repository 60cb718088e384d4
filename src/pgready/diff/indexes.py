"""Indexes of a table that both sides have."""

from __future__ import annotations

from collections.abc import Iterator

from pgready.diff.pairs import TablePair
from pgready.diff.predicates import same_condition
from pgready.diff.sides import Index, IndexColumn


def created(pair: TablePair) -> Iterator[Index]:
    """Those of the new side that nothing of the old one is as good as."""
    for index in pair.after.indexes:
        if not index.is_taken_as_whole and not any(_match(old, index) for old in pair.before.indexes):
            yield index


def dropped(pair: TablePair) -> Iterator[Index]:
    """Those of the old side that nothing of the new one wants."""
    for index in pair.before.indexes:
        if not index.is_taken_as_whole and not any(_match(index, new) for new in pair.after.indexes):
            yield index


def kept(pair: TablePair) -> Iterator[tuple[Index, Index]]:
    """Old and new index that are one, whatever they are called.

    Where the old side has several of the same columns, nobody can say which is which: they are left alone.
    """
    for old in pair.before.indexes:
        alike = [
            each
            for each in pair.before.indexes
            if each.column_names == old.column_names and each.is_unique == old.is_unique
        ]
        new = next((each for each in pair.after.indexes if _match(old, each)), None)
        if len(alike) == 1 and new is not None:
            yield old, new


def recreated(pair: TablePair) -> Iterator[Index]:
    """Those that PostgreSQL drops with a column that is made anew."""
    again = {each.after.name for each in pair.columns if each.delta.cast == "impossible"}
    if again:
        for _, new in kept(pair):
            if not again.isdisjoint(new.column_names):
                yield new


def _match(old: Index, new: Index) -> bool:
    return (
        old.is_unique == new.is_unique
        and old.algorithm == new.algorithm
        and len(old.columns) == len(new.columns)
        and all(map(_same_column, old.columns, new.columns))
        and same_condition(old.where, new.where)
    )


def _same_column(old: IndexColumn, new: IndexColumn) -> bool:
    if old.name != new.name or (old.sort or "Asc") != (new.sort or "Asc"):
        return False
    if old.operator_class == new.operator_class:
        return True
    # A source that says nothing means the default.
    return (old.operator_class is None and new.is_default_class) or (
        new.operator_class is None and old.is_default_class
    )
