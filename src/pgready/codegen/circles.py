"""Tables that refer to each other in a circle: no order of creation suits all of their foreign keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from pgready.catalog.circles import components
from pgready.catalog.names import ObjectName
from pgready.diff.sides import Table

Circles: TypeAlias = Mapping[ObjectName, tuple[int, int]]
"""For each table in a circle the circle's number, and the table's place in the schema."""


def in_circles(tables: Sequence[Table]) -> Circles:
    """The circles of more than one table."""
    place = {table.name: number for number, table in enumerate(tables)}
    needs = {table.name: [key.target for key in table.foreign_keys if key.target in place] for table in tables}
    return {
        name: (number, place[name])
        for number, circle in enumerate(components(list(place), needs))
        if len(circle) > 1
        for name in circle
    }
