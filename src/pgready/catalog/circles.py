"""Which objects need each other in a circle: strongly connected components, by Tarjan, without recursion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pgready.catalog.names import ObjectName


def components(
    names: Sequence[ObjectName], needs: Mapping[ObjectName, Sequence[ObjectName]]
) -> Iterator[list[ObjectName]]:
    """The components of a graph, each sorted, and behind those that it needs; every name of `needs` is in `names`."""
    index: dict[ObjectName, int] = {}
    low: dict[ObjectName, int] = {}
    stack: list[ObjectName] = []
    held: set[ObjectName] = set()
    for root in names:
        if root in index:
            continue
        work = [(root, iter(needs[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        held.add(root)
        while work:
            name, others = work[-1]
            other = next(others, None)
            if other is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == index[name]:
                    group: list[ObjectName] = []
                    while not group or group[-1] != name:
                        group.append(stack.pop())
                        held.discard(group[-1])
                    yield sorted(group)
            elif other not in index:
                index[other] = low[other] = len(index)
                stack.append(other)
                held.add(other)
                work.append((other, iter(needs[other])))
            elif other in held:
                low[name] = min(low[name], index[other])
