"""The way of every relation between the boxes: along the channels between columns, through the gaps between boxes.

A net is all relations to one table: they share their last part, as roads that meet. No way ever passes over a box, for
there are no other places than channels, gaps and the corridors between shelves. Coordinates here are a first guess, for
lengths; how wide each channel must be follows from how many nets use it.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pgready.report.erd.arrange import CHANNEL, GAP, Box, Shelf

Station = int
Segment = tuple[str, int, int]
"""("channel", shelf, channel), ("gap", column of all shelves, gap) or ("corridor", number, 0)."""

_CROSSING = 46.0
"""What it costs to pass between two boxes, in pixels of a longer way."""
_SHARED = 0.35
"""What a way costs where the net is already."""
_CROWDED = 9.0
"""What another net in the same gap costs."""


@dataclass(slots=True)
class Roads:
    """The graph of all places where a line may be."""

    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    edges: list[list[tuple[Station, float, Segment]]] = field(default_factory=list)
    ports: dict[tuple[int, int], Station] = field(default_factory=dict)
    """(box, side): 0 is left, 1 is right."""
    place: dict[Station, tuple[Segment, str, int]] = field(default_factory=dict)
    """Which channel a station is in, and what it is: "port" of a box, "gap", "top" or "bottom"."""

    def station(self, x: float, y: float, channel: Segment, kind: str, number: int) -> Station:
        """A new place."""
        self.x.append(x)
        self.y.append(y)
        self.edges.append([])
        self.place[len(self.x) - 1] = (channel, kind, number)
        return len(self.x) - 1

    def join(self, one: Station, other: Station, length: float, segment: Segment) -> None:
        """A way between two places, in both directions."""
        self.edges[one].append((other, length, segment))
        self.edges[other].append((one, length, segment))


def roads(shelves: Sequence[Shelf], boxes: Sequence[Box]) -> Roads:
    """The places around these boxes."""
    made = Roads()
    tops: list[list[Station]] = []
    bottoms: list[list[Station]] = []
    start, number = 0.0, 0
    for at, shelf in enumerate(shelves):
        columns = [column for cluster in shelf for column in cluster.columns]
        high = max(sum(boxes[one].height + GAP for one in column) for column in columns) + GAP
        top, bottom = _shelf(made, at, columns, boxes, start, high, number)
        tops.append(top)
        bottoms.append(bottom)
        start += high + 80
        number += len(columns)
    for corridor in range(len(shelves) + 1):
        ends = [*(bottoms[corridor - 1] if corridor else ()), *(tops[corridor] if corridor < len(shelves) else ())]
        ends.sort(key=lambda one: (made.x[one], one))
        for one, other in pairwise(ends):
            length = abs(made.x[one] - made.x[other]) + abs(made.y[one] - made.y[other])
            made.join(one, other, length, ("corridor", corridor, 0))
    return made


def _shelf(
    made: Roads,
    shelf: int,
    columns: Sequence[Sequence[int]],
    boxes: Sequence[Box],
    start: float,
    high: float,
    first: int,
) -> tuple[list[Station], list[Station]]:
    """The channels of a shelf; gives their upper and lower ends."""
    x, tops, bottoms = 0.0, [], []
    gaps: dict[tuple[int, int], Station] = {}
    for channel in range(len(columns) + 1):
        segment: Segment = ("channel", shelf, channel)
        stations = [made.station(x, start - 20, segment, "top", 0)]
        tops.append(stations[0])
        for side, column in ((1, channel - 1), (0, channel)):
            if not 0 <= column < len(columns):
                continue
            y = start + GAP / 2
            for gap, one in enumerate([*columns[column], None]):
                there = made.station(x, y, segment, "gap", gap)
                stations.append(there)
                if side == 0:
                    gaps[column, gap] = there
                else:
                    width = max(boxes[other].width for other in columns[column])
                    made.join(gaps[column, gap], there, width + _CROSSING, ("gap", first + column, gap))
                if one is not None:
                    port = made.station(x, y + GAP / 2 + boxes[one].height / 2, segment, "port", one)
                    made.ports[one, side] = port
                    stations.append(port)
                    y += boxes[one].height + GAP
        bottoms.append(made.station(x, start + high + 20, segment, "bottom", 0))
        stations.append(bottoms[-1])
        stations.sort(key=lambda one: (made.y[one], one))
        for one, other in pairwise(stations):
            made.join(one, other, made.y[other] - made.y[one], segment)
        if channel < len(columns):
            x += max(boxes[one].width for one in columns[channel]) + CHANNEL
    return tops, bottoms


@dataclass(frozen=True, slots=True)
class Way:
    """A relation's way from its source to its target, station by station; the first and last are ports."""

    stations: tuple[Station, ...]
    segments: tuple[Segment, ...]
    source_side: int
    target_side: int


def routes(made: Roads, pairs: Sequence[tuple[int, int]]) -> list[Way]:
    """The ways of (source, target) pairs, in their order; the shortest relations are routed first."""
    taken: dict[Segment, set[int]] = {}
    nets: dict[int, set[tuple[Station, Station]]] = {}
    order = sorted(range(len(pairs)), key=lambda one: (_distance(made, *pairs[one]), one))
    found: dict[int, Way] = {}
    for one in order:
        source, target = pairs[one]
        net = nets.setdefault(target, set())
        way = _shortest(made, source, target, net, taken)
        found[one] = way
        for a, b, segment in zip(way.stations, way.stations[1:], way.segments, strict=False):
            net.add((a, b))
            net.add((b, a))
            if segment[0] != "channel":
                taken.setdefault(segment, set()).add(target)
    return [found[one] for one in range(len(pairs))]


def _distance(made: Roads, source: int, target: int) -> float:
    one, other = made.ports[source, 0], made.ports[target, 0]
    return abs(made.x[one] - made.x[other]) + abs(made.y[one] - made.y[other])


def _shortest(
    made: Roads,
    source: int,
    target: int,
    net: set[tuple[Station, Station]],
    taken: dict[Segment, set[int]],
) -> Way:
    """Dijkstra's; of ways that are equally long, the one that was met first."""
    ends = {made.ports[target, 0]: 0, made.ports[target, 1]: 1}
    starts = {made.ports[source, 0]: 0, made.ports[source, 1]: 1}
    best: dict[Station, float] = dict.fromkeys(starts, 0.0)
    before: dict[Station, tuple[Station, Segment]] = {}
    queue = [(0.0, one) for one in starts]
    heapq.heapify(queue)
    at = queue[0][1]
    while queue:
        cost, at = heapq.heappop(queue)
        if cost > best[at]:
            continue
        if at in ends:
            break
        for other, length, segment in made.edges[at]:
            own = length * _SHARED if (at, other) in net else length
            if segment[0] != "channel" and target not in taken.get(segment, ()):
                own += _CROWDED * len(taken.get(segment, ()))
            if cost + own < best.get(other, float("inf")) - 1e-9:
                best[other] = cost + own
                before[other] = (at, segment)
                heapq.heappush(queue, (cost + own, other))
    stations, segments = [at], []
    while at in before:
        at, segment = before[at]
        stations.append(at)
        segments.append(segment)
    return Way(tuple(reversed(stations)), tuple(reversed(segments)), starts[stations[-1]], ends[stations[0]])


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a way within one segment, from one station to another."""

    segment: Segment
    first: Station
    last: Station


def runs(way: Way) -> tuple[Run, ...]:
    """The way in parts, each as long as it stays in one segment."""
    found: list[Run] = []
    for number, segment in enumerate(way.segments):
        if found and found[-1].segment == segment:
            found[-1] = Run(segment, found[-1].first, way.stations[number + 1])
        else:
            found.append(Run(segment, way.stations[number], way.stations[number + 1]))
    return tuple(found)
