"""How many rows each table has: the profile's word, else a default that fits what references what.

The default: a table that nothing refers to has `default_rows`; one that others refer to a hundredth of the smallest of
these, ten thousand at least: a parent has more children than a page of a list shows, and a table of clients with orders
and lines below it does not have a hundred rows, where any query would be bounded at every growth. Tables that refer to
each other in a circle count as one. Then what the profile names pulls: no table has more rows than the smallest named
table that refers to it, and none fewer than the largest named table that it refers to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pgready.catalog.names import ObjectName
from pgready.proof.profile import Profile, TableProfile
from pgready.proof.size.shape import RelationShape, Shapes

CHILDREN = 100
LEAST = 10_000


def row_counts(shapes: Shapes, profile: Profile, growth: float = 1) -> Mapping[int, float]:
    """Rows of each relation by its id; a partitioned table's are the sum of its partitions'."""
    said = {table.name: table for table in profile.tables}
    roots = [one for one in shapes.relations if not one.is_partition]
    named = {one.id: said[one.name].rows for one in roots if one.name in said}
    for one in roots:  # partitions that are named stand for a parent that is not
        leaves = [leaf for leaf in shapes.leaves(one) if leaf.name in said]
        if one.id not in named and one.kind == "p" and leaves:
            named[one.id] = sum(said[leaf.name].rows for leaf in leaves)
    counts = {**_defaults(shapes, roots, named, profile.default_rows), **named}
    found: dict[int, float] = {}
    for root in roots:
        _spread(shapes, root, counts[root.id], said, growth, found, grows=True)
    return found


def _defaults(shapes: Shapes, roots: list[RelationShape], named: Mapping[int, float], default: int) -> dict[int, float]:
    parents = {one.id: {r.target for r in one.references if r.target in shapes.by_id} - {one.id} for one in roots}
    children: dict[int, set[int]] = {one.id: set() for one in roots}
    for one in roots:
        for parent in parents[one.id]:
            children.setdefault(parent, set()).add(one.id)
    counts: dict[int, float] = {}
    for circle in _circles(children):  # those that refer to a circle come before it
        outside = {child for one in circle for child in children[one]} - set(circle)
        rows = min((counts[child] for child in outside), default=float(default))
        if outside or len(circle) > 1:
            rows = max(rows / CHILDREN, float(min(LEAST, default)))
        counts.update({one: named.get(one, rows) for one in circle})
    least = _pulled(counts, parents, named, largest=True)
    most = _pulled(counts, children, named, largest=False)
    return {
        table: min(max(rows, least.get(table, rows)), most.get(table, float("inf"))) for table, rows in counts.items()
    }


def _circles(children: Mapping[int, set[int]]) -> list[list[int]]:
    """Tables that refer to each other, in groups, each behind those below it; most groups are one table.

    Kosaraju's algorithm without recursion: linear in the foreign keys.
    """
    parents: dict[int, list[int]] = {one: [] for one in children}
    for parent, below in children.items():
        for child in below:
            parents[child].append(parent)
    order = [one for group in _reached(parents, sorted(parents)) for one in group]
    return _reached(children, reversed(order))


def _reached(edges: Mapping[int, Iterable[int]], roots: Iterable[int]) -> list[list[int]]:
    """What each root reaches beside what those before it reached, each group in postorder."""
    seen: set[int] = set()
    groups = []
    for root in roots:
        if root in seen:
            continue
        seen.add(root)
        group: list[int] = []
        work = [(root, iter(sorted(edges[root])))]
        while work:
            name, rest = work[-1]
            following = next((one for one in rest if one not in seen), None)
            if following is None:
                group.append(name)
                work.pop()
            else:
                seen.add(following)
                work.append((following, iter(sorted(edges[following]))))
        groups.append(group)
    return groups


def _pulled(
    tables: Mapping[int, float], towards: Mapping[int, set[int]], named: Mapping[int, float], *, largest: bool
) -> dict[int, float]:
    """The largest (or smallest) named table that is reached by going `towards`, for each table that reaches one."""
    pick = max if largest else min
    found: dict[int, float] = {}
    changed = True
    while changed:
        changed = False
        for table in tables:
            reached = [named.get(other, found.get(other)) for other in towards.get(table, ())]
            known = [rows for rows in reached if rows is not None]
            if known and found.get(table) != (best := pick([*known, *([found[table]] if table in found else [])])):
                found[table] = best
                changed = True
    return found


def _spread(
    shapes: Shapes,
    relation: RelationShape,
    rows: float,
    said: Mapping[ObjectName, TableProfile],
    growth: float,
    found: dict[int, float],
    *,
    grows: bool,
) -> float:
    """Give a relation its rows, a partitioned table's to its partitions: the same to each that is not named.

    A default partition beside ranges gets none, unless it is the only one or named: it is there for what nobody
    expects. Beside lists it is where all other values are.
    """
    own = said.get(relation.name)
    grows = grows and (own is None or own.grows)
    if relation.kind != "p":
        found[relation.id] = rows * (growth if grows else 1)
        return found[relation.id]
    parts = shapes.children.get(relation.id, ())
    named = {part.id: said[part.name].rows for part in parts if part.name in said}
    open_ = [part for part in parts if part.id not in named and (relation.list_key or not part.is_default_partition)]
    open_ = open_ or [part for part in parts if part.id not in named]
    left = max(0.0, rows - sum(named.values()))
    total = 0.0
    for part in parts:
        share = named.get(part.id, left / len(open_) if part in open_ else 0.0)
        total += _spread(shapes, part, share, said, growth, found, grows=grows)
    found[relation.id] = total
    return total
