"""Foreign keys of a table that both sides have."""

from __future__ import annotations

from collections.abc import Iterator

from pgready.diff.pairs import TablePair
from pgready.diff.sides import ForeignKey, Table


def created(pair: TablePair) -> Iterator[ForeignKey]:
    """Those of the new side that nothing of the old one is as good as."""
    for key in pair.after.foreign_keys:
        if not any(_match(pair, old, key) for old in pair.before.foreign_keys):
            yield key


def dropped(pair: TablePair) -> Iterator[ForeignKey]:
    """Those of the old side that nothing of the new one wants."""
    for key in pair.before.foreign_keys:
        if not any(_match(pair, key, new) for new in pair.after.foreign_keys):
            yield key


def renamed(pair: TablePair) -> Iterator[tuple[ForeignKey, ForeignKey]]:
    """Those whose name alone differs.

    Not those of two join tables: Prisma named them otherwise once, and nobody wants a migration for that.
    """
    seen: set[int] = set()
    for old in pair.before.foreign_keys:
        for at, new in enumerate(pair.after.foreign_keys):
            if at in seen or not _match(pair, old, new):
                continue
            seen.add(at)
            if old.name != new.name and not (_is_join_table(pair.before) and _is_join_table(pair.after)):
                yield old, new
            break


def _match(pair: TablePair, old: ForeignKey, new: ForeignKey) -> bool:
    return (
        old.target.name == new.target.name
        and old.columns == new.columns
        and old.target_columns == new.target_columns
        and old.on_delete == new.on_delete
        and old.on_update == new.on_update
        and all(pair.deltas[name].cast is None for name in new.columns)
    )


def _is_join_table(table: Table) -> bool:
    return len(table.columns) == 2 and {column.name for column in table.columns} == {"A", "B"}
