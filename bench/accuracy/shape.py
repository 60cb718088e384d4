"""When two plans are of one shape.

A plan's shape is its tree of node kinds, each with what it reads (relation and index), how it joins (type and
strategy), how it aggregates and in which direction it scans, in the planner's own order: join order and the side of
each join count. Estimates, costs, conditions, aliases and output do not.

Parallelism is folded away, since it depends on how many workers a machine has: Gather and Gather Merge are their
child, a Partial aggregate and the Sort between it and its Finalize are gone, Parallel Append is Append. The children of
an Append, BitmapAnd or BitmapOr are a set: they stand in the order of their costs. Where the executor has pruned
partitions by the values of a generic plan, the planner's own plan is compared, which has all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

Shape = tuple[Any, ...]

_SETS = frozenset({"Append", "BitmapAnd", "BitmapOr"})


def shape(node: Mapping[str, Any]) -> Shape:
    """The shape of a plan in EXPLAIN's JSON; `Plan` of the answer, or a node."""
    node = node.get("Plan", node)
    kind = node["Node Type"]
    children = list(node.get("Plans", ()))
    if kind in {"Gather", "Gather Merge"}:
        inner = shape(children[0])
        extra = tuple(shape(child) for child in children[1:])
        return (*inner[:-1], inner[-1] + extra) if extra else inner
    if node.get("Partial Mode") == "Finalize":
        below = _without_gather(children[0])
        if below.get("Partial Mode") == "Partial":
            strategy = below.get("Strategy", "")
            return (kind, "", "", "", strategy, "", tuple(shape(child) for child in below.get("Plans", ())))
    below = [shape(child) for child in children]
    return (
        kind,
        node.get("Relation Name", ""),
        node.get("Index Name", ""),
        node.get("Join Type", ""),
        node.get("Strategy", ""),
        "Backward" if node.get("Scan Direction") == "Backward" else "",
        tuple(sorted(below, key=repr) if kind in _SETS else below),
    )


def reads(node: Mapping[str, Any]) -> Counter[tuple[str, str]]:
    """What a plan reads, whichever way: each relation with the index that it is read by, a bitmap's as an index scan's.

    This is less than the shape: it says whether the same indexes serve the query.
    """
    node = node.get("Plan", node)
    found: Counter[tuple[str, str]] = Counter()
    if node["Node Type"] == "Bitmap Heap Scan":
        for index in _bitmaps(node):
            found[node["Relation Name"], index] += 1
    elif "Relation Name" in node and node["Node Type"] != "ModifyTable":
        found[node["Relation Name"], node.get("Index Name", "")] += 1
    for child in node.get("Plans", ()):
        found += reads(child)
    return found


def _bitmaps(node: Mapping[str, Any]) -> list[str]:
    below = [name for child in node.get("Plans", ()) for name in _bitmaps(child)]
    return [node["Index Name"]] if node["Node Type"] == "Bitmap Index Scan" else below


def _without_gather(node: Mapping[str, Any]) -> Mapping[str, Any]:
    while node["Node Type"] in {"Gather", "Gather Merge", "Sort"} and node.get("Plans"):
        node = node["Plans"][0]
    return node


def told(one: Shape, indent: int = 0) -> str:
    """A shape as lines, for people."""
    kind, *words, children = one
    text = " ".join([kind, *(word for word in words if word)])
    return "\n".join(["  " * indent + text, *(told(child, indent + 1) for child in children)])
