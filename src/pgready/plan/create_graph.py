"""Steps that need each other, put in an order that any server takes.

A step says what it makes and what it needs, both as keys. The order is topological; where it leaves a choice, the
step of the lower rank goes first, then the one whose name comes first by code points: every machine, the same order.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Key = tuple[str, ...]
"""What a step makes or needs: a kind of thing and its name, as `("name", "billing", "customer")`.

`schema`, `extension`: by name. `name`: a relation or type. `function`: every function of this name, whatever its
arguments. `any`: everything of this name in whatever schema. `keys`: what makes a table's rows unique. The others are
said where they are made.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """Something inside a step that can be said later by a step of its own, to break a cycle."""

    key: Key
    needs: frozenset[Key]
    last_resort: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A statement before it has its place.

    `needs` includes those of the parts. `wishes` are kept as long as they make no cycle. What nobody makes is taken to
    be there: PostgreSQL's own, or an extension's. `about` is the address of the element (see `diff.full_elements`) that
    the statement makes or settles, `undo` the statement that takes it back, "" where nothing needs to.
    """

    rank: int
    kind: str
    name: tuple[str, ...]
    sql: str
    makes: tuple[Key, ...] = ()
    needs: frozenset[Key] = frozenset()
    wishes: frozenset[Key] = frozenset()
    parts: tuple[Part, ...] = ()
    about: Key = ()
    undo: str = ""


class Graph:
    """Steps by number and what each of them waits for."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = steps
        self._makers: dict[Key, list[int]] = {}
        for number, step in enumerate(steps):
            for key in step.makes:
                self._makers.setdefault(key, []).append(number)
        self.needs = [self.makers(step.needs, number) for number, step in enumerate(steps)]

    def makers(self, keys: Iterable[Key], but: int = -1) -> set[int]:
        """The steps that make these; of a name that nobody makes, the extensions of its schema."""
        found: set[int] = set()
        for key in keys:
            made = self._makers.get(key)
            if made is None and key[0] in ("name", "function"):
                made = self._makers.get(("extensions of", key[1]))
            found.update(made or ())
        found.discard(but)
        return found

    def cyclic_parts(self) -> set[Key]:
        """The parts that have to stand apart for there to be no cycle; those of last resort where no other would do."""
        found: set[Key] = set()
        selves = [
            {number}
            for number, step in enumerate(self.steps)
            if any(part.last_resort and number in self.makers(part.needs) for part in step.parts)
        ]
        for group in [*components(self.needs), *selves]:
            parts = [
                part
                for number in group
                for part in self.steps[number].parts
                if not group.isdisjoint(self.makers(part.needs))
            ]
            first = [part.key for part in parts if not part.last_resort]
            found.update(first or [part.key for part in parts])
        return found

    def ordered(self) -> list[Step]:
        """The steps in their order. A cycle that is left is cut at its first step, for the server to judge."""
        wishes = [self.makers(step.wishes, number) for number, step in enumerate(self.steps)]
        waits = [needed | wished for needed, wished in zip(self.needs, wishes, strict=True)]
        for group in components(waits):
            for number in group:
                waits[number] -= (wishes[number] - self.needs[number]) & group
        while groups := components(waits):
            for group in groups:
                waits[min(group, key=self._place)] -= group
        followers: list[list[int]] = [[] for _ in self.steps]
        for number, needed in enumerate(waits):
            for one in needed:
                followers[one].append(number)
        left = [len(needed) for needed in waits]
        ready = [(self._place(number), number) for number, count in enumerate(left) if not count]
        heapq.heapify(ready)
        found = []
        while ready:
            _, number = heapq.heappop(ready)
            found.append(self.steps[number])
            for one in followers[number]:
                left[one] -= 1
                if not left[one]:
                    heapq.heappush(ready, (self._place(one), one))
        return found

    def _place(self, number: int) -> tuple[int, tuple[str, ...], int]:
        step = self.steps[number]
        return step.rank, step.name, number


def components(edges: Sequence[set[int]]) -> list[set[int]]:
    """The groups of more than one that reach each other (Tarjan, without recursion)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    on_stack: set[int] = set()
    stack: list[int] = []
    found = []
    for root in range(len(edges)):
        if root in index:
            continue
        work = [(root, iter(sorted(edges[root])))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, others = work[-1]
            for other in others:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(sorted(edges[other]))))
                    break
                if other in on_stack:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    group = set()
                    while node not in group:
                        group.add(stack.pop())
                    on_stack -= group
                    if len(group) > 1:
                        found.append(group)
    return found
