"""Which table stands where, without coordinates: schemas on shelves, in them columns, in them tables.

Referenced tables stand left of those that refer to them. Tables without any relation follow in columns of their own, by
name. Everything is decided by names and sizes: the same catalog is always the same drawing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

GAP = 16.0
"""Between two boxes, in pixels, as long as nobody knows how many lines pass there."""
CHANNEL = 44.0
"""Between two columns, likewise."""
_ASPECT = 1.7
_JOINS = (0.5, 0.8, 1.05)
"""How much of a schema's height a column of two layers may have: the less, the clearer; the more, the smaller."""


@dataclass(frozen=True, slots=True)
class Box:
    """A table as the arrangement sees it; sizes in pixels."""

    schema: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """A PostgreSQL schema with its columns of boxes, by number."""

    schema: str
    columns: tuple[tuple[int, ...], ...]


Shelf = tuple[Cluster, ...]
Pairs = Sequence[tuple[int, int]]
"""(source, target) of every relation between two different boxes; the target is the one that is referred to."""


def arrange(boxes: Sequence[Box], pairs: Pairs) -> tuple[Shelf, ...]:
    """Shelves of clusters from top to bottom, left to right."""
    members: dict[str, list[int]] = {}
    for number, box in enumerate(boxes):
        members.setdefault(box.schema, []).append(number)
    order = _in_line(members, boxes, pairs)
    best: tuple[Shelf, ...] = ()
    least = math.inf
    for count, join in product(range(1, min(len(order), 5) + 1), _JOINS):
        groups = _groups(order, members, boxes, count)
        shelves = tuple(_shelf(group, members, boxes, pairs, join) for group in groups)
        wide, high = _extent(shelves, boxes)
        cost = abs(math.log(wide / max(high, 1) / _ASPECT)) + math.log(wide * high + 1) * 0.5
        if cost < least - 1e-9:
            best, least = shelves, cost
    return _untangled(best, boxes, pairs)


def _area(numbers: Sequence[int], boxes: Sequence[Box]) -> float:
    return sum((boxes[one].width + CHANNEL) * (boxes[one].height + GAP) for one in numbers)


def _in_line(members: Mapping[str, list[int]], boxes: Sequence[Box], pairs: Pairs) -> list[str]:
    """The schemas so that those with many relations between them are near each other."""
    weight: dict[tuple[str, str], int] = {}
    for source, target in pairs:
        one, other = boxes[source].schema, boxes[target].schema
        if one != other:
            weight[one, other] = weight.get((one, other), 0) + 1
            weight[other, one] = weight.get((other, one), 0) + 1
    left = sorted(members, key=lambda name: (-len(members[name]), name))
    order: list[str] = []
    while left:
        name = max(left, key=lambda name: (sum(weight.get((name, one), 0) for one in order), len(members[name])))
        left.remove(name)
        order.append(name)
    return order


def _groups(
    order: Sequence[str], members: Mapping[str, list[int]], boxes: Sequence[Box], count: int
) -> list[list[str]]:
    """The schemas in `count` runs of about the same area."""
    areas = [_area(members[name], boxes) for name in order]
    share, groups, so_far = sum(areas) / count, [[]], 0.0  # type: tuple[float, list[list[str]], float]
    for name, area in zip(order, areas, strict=True):
        if groups[-1] and so_far + area / 2 > share * len(groups) and len(groups) < count:
            groups.append([])
        groups[-1].append(name)
        so_far += area
    return groups


def _shelf(
    group: Sequence[str], members: Mapping[str, list[int]], boxes: Sequence[Box], pairs: Pairs, join: float
) -> Shelf:
    numbers = [one for name in group for one in members[name]]
    tallest = max(boxes[one].height for one in numbers) + GAP
    # A shelf is a part of a page that is _ASPECT as wide as high, and has all of its width.
    everything = _area(range(len(boxes)), boxes)
    height = max(_area(numbers, boxes) / math.sqrt(everything * _ASPECT) * 1.08, tallest)
    return tuple(Cluster(name, _columns(members[name], boxes, pairs, height, join)) for name in group)


def _columns(
    numbers: Sequence[int], boxes: Sequence[Box], pairs: Pairs, height: float, join: float
) -> tuple[tuple[int, ...], ...]:
    """The boxes of a schema in columns that are at most about `height` high."""
    own = set(numbers)
    inner = [(source, target) for source, target in pairs if source in own and target in own]
    related = {one for pair in pairs for one in pair} & own
    layer = _layers(sorted(related), inner)
    columns: list[list[int]] = []
    for level in sorted(set(layer.values())):
        columns += _stacked([one for one in sorted(related) if layer[one] == level], boxes, height)
    columns = _joined(columns, boxes, height * join)
    return tuple(tuple(column) for column in _filled(columns, [one for one in numbers if one not in related], boxes))


def _filled(columns: list[list[int]], alone: Sequence[int], boxes: Sequence[Box]) -> list[list[int]]:
    """The columns with what has no relation below them and right of them, each about as high as the others."""
    if not alone:
        return columns
    whole = _high(alone, boxes) + sum(_high(column, boxes) for column in columns)
    wide = max(boxes[one].width for one in alone) + CHANNEL
    height = max(math.sqrt(whole * wide / _ASPECT), max((_high(column, boxes) for column in columns), default=0))
    left = list(alone)
    filled = [column + _taken(left, height - _high(column, boxes), boxes) for column in columns]
    return filled + _stacked(left, boxes, height)


def _taken(left: list[int], room: float, boxes: Sequence[Box]) -> list[int]:
    """As many of the first as there is room for."""
    found: list[int] = []
    while left and boxes[left[0]].height + GAP <= room:
        room -= boxes[left[0]].height + GAP
        found.append(left.pop(0))
    return found


def _high(column: Sequence[int], boxes: Sequence[Box]) -> float:
    return sum(boxes[one].height + GAP for one in column)


def _stacked(numbers: Sequence[int], boxes: Sequence[Box], height: float) -> list[list[int]]:
    """Columns of about the same height, none higher than `height` unless one box is."""
    if not numbers:
        return []
    count = max(1, math.ceil(_high(numbers, boxes) / height - 0.15))
    share = _high(numbers, boxes) / count
    columns: list[list[int]] = [[]]
    so_far = 0.0
    for one in numbers:
        own = boxes[one].height + GAP
        if columns[-1] and so_far + own / 2 > share * len(columns) and len(columns) < count:
            columns.append([])
        columns[-1].append(one)
        so_far += own
    return columns


def _joined(columns: list[list[int]], boxes: Sequence[Box], height: float) -> list[list[int]]:
    """Small neighbouring columns made one."""
    found: list[list[int]] = []
    for column in columns:
        if found and _high(found[-1], boxes) + _high(column, boxes) < height:
            found[-1] += column
        else:
            found.append(list(column))
    return found


def _layers(numbers: Sequence[int], inner: Pairs) -> dict[int, int]:
    """The longest way to each box from one that refers to nothing; circles are cut where they are met."""
    targets: dict[int, list[int]] = {one: [] for one in numbers}
    sources: dict[int, list[int]] = {one: [] for one in numbers}
    for source, target in inner:
        targets[source].append(target)
        sources[target].append(source)
    layer: dict[int, int] = {}
    at_work: set[int] = set()
    for start in numbers:  # a stack of our own: a chain of tables may be longer than Python's
        stack = [start]
        while stack:
            one = stack[-1]
            if one in layer:
                stack.pop()
                continue
            at_work.add(one)
            waiting = [other for other in targets[one] if other not in layer and other not in at_work]
            if waiting:
                stack.append(waiting[0])
                continue
            layer[one] = max((layer[other] + 1 for other in targets[one] if other in layer), default=0)
            at_work.discard(one)
            stack.pop()
    for one in numbers:  # what refers to nothing stands beside the first that refers to it
        if not targets[one] and sources[one]:
            layer[one] = max(0, min(layer[other] for other in sources[one]) - 1)
    return layer


def _extent(shelves: Sequence[Shelf], boxes: Sequence[Box]) -> tuple[float, float]:
    wide = high = 0.0
    for shelf in shelves:
        columns = [column for cluster in shelf for column in cluster.columns]
        wide = max(wide, sum(max(boxes[one].width for one in column) + CHANNEL for column in columns))
        high += max(_high(column, boxes) for column in columns) + 80
    return max(wide, 1), max(high, 1)


# ── the order in columns ──────────────────────────────────────────────────────────────────────────────────────────────


def _untangled(shelves: Sequence[Shelf], boxes: Sequence[Box], pairs: Pairs) -> tuple[Shelf, ...]:
    """The same columns, ordered so that relations are short and cross each other less."""
    near: dict[int, list[int]] = {}
    for source, target in pairs:
        near.setdefault(source, []).append(target)
        near.setdefault(target, []).append(source)
    stacks = [[list(column) for column in cluster.columns] for shelf in shelves for cluster in shelf]
    tops, top = [], 0.0
    for shelf in shelves:
        tops += [top] * len(shelf)
        top += max(_high(column, boxes) for cluster in shelf for column in cluster.columns) + 80
    y: dict[int, float] = {}
    for start, stack in zip(tops, stacks, strict=True):
        for column in stack:
            _place(column, start, boxes, y)
    for _ in range(12):
        for start, stack in zip(tops, stacks, strict=True):
            for column in stack:
                related = [one for one in column if one in near]
                related.sort(key=lambda one: (_wanted(one, near, y), one))
                _place(related, start, boxes, y)
                _swapped(related, near, y, boxes, start)
                column[:] = related + [one for one in column if one not in near]
    found = iter(stacks)
    return tuple(
        tuple(Cluster(cluster.schema, tuple(map(tuple, next(found)))) for cluster in shelf) for shelf in shelves
    )


def _place(column: Sequence[int], start: float, boxes: Sequence[Box], y: dict[int, float]) -> None:
    for one in column:
        y[one] = start + boxes[one].height / 2
        start += boxes[one].height + GAP


def _wanted(one: int, near: Mapping[int, list[int]], y: Mapping[int, float]) -> float:
    others = near.get(one)
    if not others:
        return y[one]
    return sum(y[other] for other in others) / len(others)


def _swapped(
    column: list[int], near: Mapping[int, list[int]], y: dict[int, float], boxes: Sequence[Box], start: float
) -> None:
    """Neighbours change places as long as that makes relations shorter."""
    for at in range(len(column) - 1):
        before = _length(column[at : at + 2], near, y)
        column[at], column[at + 1] = column[at + 1], column[at]
        _place(column, start, boxes, y)
        if _length(column[at : at + 2], near, y) >= before - 1e-6:
            column[at], column[at + 1] = column[at + 1], column[at]
            _place(column, start, boxes, y)


def _length(pair: Sequence[int], near: Mapping[int, list[int]], y: Mapping[int, float]) -> float:
    return sum(abs(y[one] - y[other]) for one in pair for other in near.get(one, ()))
