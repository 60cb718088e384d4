"""Tables that refer to each other in a circle: no order of creation suits all of their foreign keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from pgready.catalog.names import ObjectName
from pgready.diff.sides import Table

Circles: TypeAlias = Mapping[ObjectName, tuple[int, int]]
"""For each table in a circle the circle's number, and the table's place in the schema."""


def in_circles(tables: Sequence[Table]) -> Circles:
    """The circles of more than one table (the strongly connected components, by Tarjan, without recursion)."""
    place = {table.name: number for number, table in enumerate(tables)}
    edges = {table.name: [key.target for key in table.foreign_keys if key.target in place] for table in tables}
    number: dict[ObjectName, int] = {}
    low: dict[ObjectName, int] = {}
    open_: list[ObjectName] = []
    is_open: set[ObjectName] = set()
    found: dict[ObjectName, tuple[int, int]] = {}
    for root in place:
        if root in number:
            continue
        work = [(root, iter(edges[root]))]
        number[root] = low[root] = len(number)
        open_.append(root)
        is_open.add(root)
        while work:
            name, rest = work[-1]
            target = next(rest, None)
            if target is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == number[name]:
                    at = open_.index(name)
                    circle, open_[at:] = open_[at:], []
                    is_open.difference_update(circle)
                    if len(circle) > 1:
                        found.update({one: (number[name], place[one]) for one in circle})
            elif target not in number:
                number[target] = low[target] = len(number)
                open_.append(target)
                is_open.add(target)
                work.append((target, iter(edges[target])))
            elif target in is_open:
                low[name] = min(low[name], number[target])
    return found
