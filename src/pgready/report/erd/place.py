"""Coordinates: every channel, gap and corridor as wide as the lines in it need, every line with rounded corners.

What comes out overlaps nowhere: boxes stand in columns, lines only between them, and no two nets share a lane.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pgready.report.erd.arrange import Box, Shelf
from pgready.report.erd.lanes import LANE, Lanes, Span
from pgready.report.erd.route import Roads, Run, Segment, Way, runs

_GAP, _CHANNEL, _PAD, _TITLE, _CORRIDOR = 12.0, 22.0, 18.0, 44.0, 34.0

Wish = Callable[[int, str], float | None]
"""Where in its box (from the top) the line of a pair's number begins or ends ("source", "target"); None: anywhere."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rect:
    """A place in pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything with its place; boxes and lines in the order in which they were given.

    `titles` say how wide a schema's name may be.
    """

    width: float
    height: float
    boxes: tuple[Rect, ...]
    lines: tuple[tuple[Point, ...], ...]
    clusters: tuple[tuple[str, Rect], ...]
    titles: tuple[float, ...]


def place(
    shelves: Sequence[Shelf],
    boxes: Sequence[Box],
    made: Roads,
    ways: Sequence[Way],
    pairs: Sequence[tuple[int, int]],
    wish: Wish,
) -> Drawing:
    """The drawing of what was arranged and routed."""
    return _Placing(shelves, boxes, made, ways, pairs, wish).drawing()


class _Placing:
    def __init__(
        self,
        shelves: Sequence[Shelf],
        boxes: Sequence[Box],
        made: Roads,
        ways: Sequence[Way],
        pairs: Sequence[tuple[int, int]],
        wish: Wish,
    ) -> None:
        self.shelves, self.boxes, self.made, self.ways, self.pairs = shelves, boxes, made, ways, pairs
        self.wish = wish
        self.runs: list[tuple[Run, ...]] = [runs(way) for way in ways]
        self.columns = [[column for cluster in shelf for column in cluster.columns] for shelf in shelves]
        self.first = [sum(len(one) for one in self.columns[:at]) for at in range(len(shelves))]
        self.y = [0.0] * len(boxes)
        self.gap_y: dict[Segment, float] = {}
        self.shelf_high = [0.0] * len(shelves)
        self.bottom: dict[int, float] = {}
        """Of each column of all shelves, its lower end without the last gap's lines."""

    def drawing(self) -> Drawing:
        gaps = self._gap_lanes()
        self._stack(gaps)
        ports = self._ports()
        points = self._vertical(gaps, ports)
        return self._finish(gaps, ports, points)

    # ── from top to bottom, each shelf from 0 ─────────────────────────────────────────────────────────────────────────

    def _gap_lanes(self) -> dict[Segment, Lanes]:
        spans: dict[Segment, list[Span]] = {}
        for number, parts in enumerate(self.runs):
            for at, run in enumerate(parts):
                if run.segment[0] == "gap":
                    spans.setdefault(run.segment, []).append((self._pull(number, at), self.pairs[number][1], 0, 1))
        return {segment: Lanes(found) for segment, found in spans.items()}

    def _pull(self, number: int, at: int) -> float:
        """To which side the ends of a run lead: below 0 is up or left."""
        parts, made = self.runs[number], self.made
        run, way = parts[at], self.ways[number]
        across = made.x if run.segment[0] == "channel" else made.y
        pull = 0.0
        for neighbour, here, far, side in (
            (at - 1, run.first, 0, way.source_side),
            (at + 1, run.last, 1, way.target_side),
        ):
            if 0 <= neighbour < len(parts):
                other = parts[neighbour].last if far else parts[neighbour].first
                pull += (across[other] > across[here] + 1) - (across[other] < across[here] - 1)
            elif run.segment[0] == "channel":
                pull += -1 if side == 1 else 1
        return pull

    def _stack(self, gaps: dict[Segment, Lanes]) -> None:
        for shelf, columns in enumerate(self.columns):
            for number, column in enumerate(columns, self.first[shelf]):
                y = _TITLE
                for gap, one in enumerate([*column, None]):
                    lanes = gaps[segment].count if (segment := ("gap", number, gap)) in gaps else 0
                    least = 0.0 if gap == 0 else _GAP
                    high = max(least, (lanes + 1) * LANE + 4 * (gap > 0)) if lanes else least
                    self.gap_y[segment] = y + (0 if gap == 0 else 2) + (high - (lanes + 1) * LANE) / 2 * (gap > 0)
                    if one is None:
                        self.bottom[number] = y
                        y += (lanes + 1) * LANE if lanes else 0.0
                    else:
                        y += high
                        self.y[one] = y
                        y += self.boxes[one].height
                self.shelf_high[shelf] = max(self.shelf_high[shelf], y + _PAD)

    def _lane_y(self, segment: Segment, net: int, gaps: dict[Segment, Lanes]) -> float:
        return self.gap_y[segment] + (gaps[segment].of(net, 0.5) + 1) * LANE

    def _ports(self) -> dict[tuple[int, str], float]:
        """The height of each line's ends, by the pair's number."""
        found: dict[tuple[int, str], float] = {}
        sides: dict[tuple[int, int], list[tuple[float, str, int]]] = {}
        for number, (source, target) in enumerate(self.pairs):
            way = self.ways[number]
            sides.setdefault((source, way.source_side), []).append((self._toward(number, 0), "source", number))
            sides.setdefault((target, way.target_side), []).append((self._toward(number, 1), "target", number))
        for (box, _), ends in sorted(sides.items()):
            wishes = {(number, end): self.wish(number, end) for _, end, number in ends}
            if all(one is not None for one in wishes.values()):
                for (number, end), wished in wishes.items():
                    found[number, end] = self.y[box] + (wished or 0)
                continue
            arriving = [toward for toward, end, _ in ends if end == "target"]
            slots = sorted((toward, end, number) for toward, end, number in ends if end == "source")
            if arriving:  # all that arrive meet in one place
                slots.append((sum(arriving) / len(arriving), "target", -1))
                slots.sort()
            step = self.boxes[box].height / (len(slots) + 1)
            for at, (_, end, number) in enumerate(slots, 1):
                if end == "source":
                    found[number, end] = self.y[box] + at * step
                else:
                    for _, other, arrives in ends:
                        if other == "target":
                            found[arrives, other] = self.y[box] + at * step
        self._straighten(found)
        return found

    def _toward(self, number: int, end: int) -> float:
        """Where a line goes first (0) or comes from last (1)."""
        parts = self.runs[number]
        run = parts[-1] if end else parts[0]
        return self.made.y[run.first if end else run.last]

    def _straighten(self, found: dict[tuple[int, str], float]) -> None:
        """A line that would make a tiny step goes straight instead."""
        for number, (source, _) in enumerate(self.pairs):
            if len(self.runs[number]) == 1 and self.wish(number, "source") is None:
                wanted = found[number, "target"]
                inside = self.y[source] + 5 <= wanted <= self.y[source] + self.boxes[source].height - 5
                if inside and abs(wanted - found[number, "source"]) <= 9:
                    found[number, "source"] = wanted

    def _vertical(
        self, gaps: dict[Segment, Lanes], ports: dict[tuple[int, str], float]
    ) -> list[list[tuple[float, float]]]:
        """Of each run of each way, where along its segment it begins and ends, as far as that is a height."""
        found = []
        for number, parts in enumerate(self.runs):
            net, own = self.pairs[number][1], []
            for at, run in enumerate(parts):
                if run.segment[0] != "channel":
                    own.append((0.0, 0.0))
                    continue
                ends = []
                for neighbour, station, port in ((at - 1, run.first, "source"), (at + 1, run.last, "target")):
                    kind = self.made.place[station][1]
                    if 0 <= neighbour < len(parts) and parts[neighbour].segment[0] == "gap":
                        ends.append(self._lane_y(parts[neighbour].segment, net, gaps))
                    elif kind in ("top", "bottom"):
                        ends.append(-1e5 if kind == "top" else 1e5)
                    else:
                        ends.append(ports[number, port])
                own.append((ends[0], ends[1]))
            found.append(own)
        return found

    # ── from left to right, and the shelves below each other ──────────────────────────────────────────────────────────

    def _finish(
        self,
        gaps: dict[Segment, Lanes],
        ports: dict[tuple[int, str], float],
        heights: list[list[tuple[float, float]]],
    ) -> Drawing:
        spans: dict[Segment, list[Span]] = {}
        for number, parts in enumerate(self.runs):
            for at, run in enumerate(parts):
                if run.segment[0] == "channel":
                    low, high = heights[number][at]
                    spans.setdefault(run.segment, []).append((self._pull(number, at), self.pairs[number][1], low, high))
        channels = {segment: Lanes(found) for segment, found in spans.items()}
        x, lane_x, clusters, width = self._across(channels)

        def channel_x(number: int, at: int) -> float:
            run = self.runs[number][at]
            lane = channels[run.segment].of(self.pairs[number][1], heights[number][at][0])
            return lane_x[run.segment] + lane * LANE

        spans = {}
        for number, parts in enumerate(self.runs):
            for at, run in enumerate(parts):
                if run.segment[0] == "corridor":
                    ends = channel_x(number, at - 1), channel_x(number, at + 1)
                    spans.setdefault(run.segment, []).append((self._pull(number, at), self.pairs[number][1], *ends))
        corridors = {segment: Lanes(found) for segment, found in spans.items()}
        tops, corridor_y, height = self._shelves(corridors)
        shelf_of = {
            one: shelf for shelf, columns in enumerate(self.columns) for column in columns for one in column
        }  # fmt: skip
        lines = []
        for number, (parts, (source, target)) in enumerate(zip(self.runs, self.pairs, strict=True)):
            way = self.ways[number]
            start = x[source] + (self.boxes_wide(source) if way.source_side else 0)
            points = [(start, tops[shelf_of[source]] + ports[number, "source"])]
            for at, run in enumerate(parts):
                if run.segment[0] == "channel":
                    here = channel_x(number, at)
                    points += [(here, points[-1][1])]
                    if at + 1 == len(parts):
                        points.append((here, tops[shelf_of[target]] + ports[number, "target"]))
                elif run.segment[0] == "gap":
                    shelf = max(one for one, first in enumerate(self.first) if first <= run.segment[1])
                    y = tops[shelf] + self._lane_y(run.segment, target, gaps)
                    points += [(points[-1][0], y)]
                else:
                    lane = corridors[run.segment].of(target, channel_x(number, at - 1))
                    points += [(points[-1][0], corridor_y[run.segment[1]] + lane * LANE)]
            end = x[target] + (self.boxes_wide(target) if way.target_side else 0)
            points.append((end, tops[shelf_of[target]] + ports[number, "target"]))
            lines.append(_cleaned(points))
        return Drawing(
            width,
            height,
            tuple(
                Rect(x[one], tops[shelf_of[one]] + self.y[one], self.boxes_wide(one), self.boxes[one].height)
                for one in range(len(self.boxes))
            ),
            tuple(lines),
            tuple((name, Rect(left, tops[shelf], wide, high)) for name, shelf, left, wide, high, _ in clusters),
            tuple(one[-1] for one in clusters),
        )

    def boxes_wide(self, number: int) -> float:
        """Boxes of a column are equally wide."""
        return self._wide[number]

    def _across(
        self, channels: dict[Segment, Lanes]
    ) -> tuple[list[float], dict[Segment, float], list[tuple[str, int, float, float, float, float]], float]:
        x, lane_x = [0.0] * len(self.boxes), {}
        self._wide = [0.0] * len(self.boxes)
        clusters: list[tuple[str, int, float, float, float, float]] = []
        width = 0.0
        for shelf, found in enumerate(self.shelves):
            at, channel, number = 6.0, 0, self.first[shelf]
            for cluster in found:
                lanes = _count(channels, ("channel", shelf, channel))
                lane_x["channel", shelf, channel] = _on_grid(at + 16, shelf)
                left = at = at + (22 + lanes * LANE if lanes or channel else 0)
                title = low = 0.0
                for column_at, column in enumerate(cluster.columns):
                    segment: Segment = ("channel", shelf, channel)
                    if column_at:
                        lanes = _count(channels, segment)
                        wide = 44 + (lanes - 1) * LANE if lanes else _CHANNEL
                        lane_x[segment] = _on_grid(at + (wide - lanes * LANE) / 2, shelf)
                        at += wide
                    else:
                        at += _PAD
                    wide = max(self.boxes[one].width for one in column)
                    title = title or wide
                    for one in column:
                        x[one], self._wide[one] = at, wide
                    under = _gap_count(self.runs, ("gap", number, len(column)), self.pairs)
                    low = max(low, self.bottom[number] + (under + 1) * LANE * bool(under) + _PAD)
                    at += wide
                    channel += 1
                    number += 1
                at += _PAD
                clusters.append((cluster.schema, shelf, left, at - left, low, title))
            lanes = _count(channels, ("channel", shelf, channel))
            lane_x["channel", shelf, channel] = _on_grid(at + 16, shelf)
            width = max(width, at + (20 + lanes * LANE if lanes else 0) + 6)
        return x, lane_x, clusters, width

    def _shelves(self, corridors: dict[Segment, Lanes]) -> tuple[list[float], list[float], float]:
        tops, corridor_y, y = [], [], 0.0
        for number in range(len(self.shelves) + 1):
            lanes = _count(corridors, ("corridor", number, 0))
            is_edge = number in (0, len(self.shelves))
            high = (14 + lanes * LANE if lanes else 6) if is_edge else max(_CORRIDOR, 22 + lanes * LANE)
            corridor_y.append(y + (high - (lanes - 1) * LANE) / 2)
            y += high
            if number < len(self.shelves):
                tops.append(y)
                y += self.shelf_high[number]
        return tops, corridor_y, y


def _on_grid(x: float, shelf: int) -> float:
    """The next place where this shelf may have a line; between shelves those of two neighbours are never the same."""
    offset = LANE / 2 * (shelf % 2)
    return math.ceil((x - offset) / LANE) * LANE + offset


def _count(lanes: dict[Segment, Lanes], segment: Segment) -> int:
    return lanes[segment].count if segment in lanes else 0


def _gap_count(parts: Sequence[tuple[Run, ...]], segment: Segment, pairs: Sequence[tuple[int, int]]) -> int:
    return len({pairs[number][1] for number, own in enumerate(parts) for run in own if run.segment == segment})


def _cleaned(points: Sequence[Point]) -> tuple[Point, ...]:
    """Without points that are twice there, and without those in the middle of a straight line."""
    found: list[Point] = []
    for point in points:
        if found and abs(found[-1][0] - point[0]) < 0.05 and abs(found[-1][1] - point[1]) < 0.05:
            continue
        if len(found) > 1 and (
            (abs(found[-2][0] - point[0]) < 0.05 and abs(found[-1][0] - point[0]) < 0.05)
            or (abs(found[-2][1] - point[1]) < 0.05 and abs(found[-1][1] - point[1]) < 0.05)
        ):
            found[-1] = point
            continue
        found.append(point)
    return tuple(found)
