"""Lanes: lines that share a channel, gap or corridor of the diagram stand beside each other."""

from __future__ import annotations

from collections.abc import Sequence

LANE = 9.0
"""From one line to the next beside it, in pixels."""

Span = tuple[float, int, float, float]
"""(pull, net, from, to)."""


class Lanes:
    """The lanes of one segment; a net has as many as it has parts there."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.count = 0
        self._found: dict[int, list[tuple[float, float, int]]] = {}
        own: dict[int, list[tuple[float, float]]] = {}
        pulls: dict[int, list[float]] = {}
        for pull, net, low, high in spans:
            own.setdefault(net, []).append((min(low, high), max(low, high)))
            pulls.setdefault(net, []).append(pull)
        parts = sorted(
            (sum(pulls[net]) / len(pulls[net]), low, high, net) for net in own for low, high in _merged(own[net])
        )
        used: list[list[tuple[float, float]]] = []
        last = 0
        for _, low, high, net in parts:
            # Beside the part before it if that is possible, so that what is pulled the same way stays together.
            free = [lane for lane, there in enumerate(used) if all(high < a - LANE or low > b + LANE for a, b in there)]
            lane = min(free, key=lambda one: (abs(one - last), one), default=len(used))
            if lane == len(used):
                used.append([])
            used[lane].append((low, high))
            self._found.setdefault(net, []).append((low, high, lane))
            last = lane
        self.count = len(used)

    def of(self, net: int, at: float) -> int:
        """The lane of a net at a place along the segment."""
        return next(lane for low, high, lane in self._found[net] if low - 0.01 <= at <= high + 0.01)


def _merged(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1] + 0.01:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found
