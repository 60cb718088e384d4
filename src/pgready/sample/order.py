"""In which order tables are filled: parents first; tables that need each other at once, together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pgready.catalog.circles import components
from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.catalog.table import ForeignKey, Table


def filled(catalog: Catalog) -> tuple[Table, ...]:
    """The tables that rows are put into: all but partitions, which get theirs through their parents."""
    return tuple(one for one in catalog.tables if one.partition is None)


def groups(tables: Sequence[Table]) -> tuple[tuple[Table, ...], ...]:
    """The tables in order; those of one group refer to each other in a circle that no NULL breaks."""
    there = {one.name: one for one in tables}
    needs = {
        one.name: tuple(
            key.target for key in one.foreign_keys if key.target in there and not can_wait(one, key, one.name)
        )
        for one in tables
    }
    # References that may be NULL are followed too where they make no circle, so that few of them stay empty.
    wishes = {
        one.name: tuple(key.target for key in one.foreign_keys if key.target in there and key.target != one.name)
        for one in tables
    }
    found = list(components(list(there), needs))
    place = {name: number for number, group in enumerate(found) for name in group}
    ordered = _wished(found, place, needs, wishes)
    return tuple(tuple(there[name] for name in group) for group in ordered)


def can_wait(table: Table, key: ForeignKey, parent: ObjectName) -> bool:
    """Whether a row may be there before the one that it refers to: a column may be NULL for now."""
    if key.target == table.name == parent:
        return True  # its own row will do: a statement is judged at its end
    primary = table.primary_key.columns if table.primary_key else ()
    columns = [table.column(name) for name in key.columns]
    free = [one for one in columns if one is not None and one.not_null is None and one.name not in primary]
    return (bool(free) and not key.match_full) or len(free) == len(columns)


def _wished(
    found: Sequence[list[ObjectName]],
    place: Mapping[ObjectName, int],
    needs: Mapping[ObjectName, Sequence[ObjectName]],
    wishes: Mapping[ObjectName, Sequence[ObjectName]],
) -> list[list[ObjectName]]:
    """The groups again, each behind those that it needs and, as far as that goes, behind those that it wishes for."""
    done: set[int] = set()
    ordered: list[list[ObjectName]] = []

    def ready(number: int, graph: Mapping[ObjectName, Sequence[ObjectName]]) -> bool:
        return all(place[other] in done or place[other] == number for name in found[number] for other in graph[name])

    left = list(range(len(found)))
    while left:
        first = next((one for one in left if ready(one, wishes) and ready(one, needs)), None)
        if first is None:
            first = next(one for one in left if ready(one, needs))
        done.add(first)
        left.remove(first)
        ordered.append(found[first])
    return ordered
