"""How many rows each table has: the profile's word, else a default that fits what references what.

The default: a table that nothing refers to has `default_rows`; one that others refer to a tenth of the smallest of
these, a thousand at least. Then what the profile names pulls: no table has more rows than the smallest named table
that refers to it, and none fewer than the largest named table that it refers to.
"""

from __future__ import annotations

from collections.abc import Mapping

from pgready.catalog.names import ObjectName
from pgready.proof.profile import Profile, TableProfile
from pgready.proof.shape import RelationShape, Shapes

CHILDREN = 10
LEAST = 1_000


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
    levels: dict[int, float] = {}

    def level(table: int, above: frozenset[int]) -> float:
        """Rows by how far above the tables are that nothing refers to; circles are cut where they close."""
        if table in named:
            return named[table]
        if table not in levels:
            below = [level(child, above | {table}) for child in sorted(children.get(table, ())) if child not in above]
            rows = min(below) / CHILDREN if below else float(default)
            rows = max(rows, float(min(LEAST, default)))
            if above:
                return rows  # seen from inside a circle perhaps: kept only when asked from outside
            levels[table] = rows
        return levels[table]

    # Deep recursion is bounded by the longest chain of foreign keys.
    counts = {one.id: level(one.id, frozenset()) for one in roots}
    least = _pulled(counts, parents, named, largest=True)
    most = _pulled(counts, children, named, largest=False)
    return {
        table: min(max(rows, least.get(table, rows)), most.get(table, float("inf"))) for table, rows in counts.items()
    }


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

    The default partition gets none, unless it is the only one or named.
    """
    own = said.get(relation.name)
    grows = grows and (own is None or own.grows)
    if relation.kind != "p":
        found[relation.id] = rows * (growth if grows else 1)
        return found[relation.id]
    parts = shapes.children.get(relation.id, ())
    named = {part.id: said[part.name].rows for part in parts if part.name in said}
    open_ = [part for part in parts if part.id not in named and not part.is_default_partition]
    open_ = open_ or [part for part in parts if part.id not in named]
    left = max(0.0, rows - sum(named.values()))
    total = 0.0
    for part in parts:
        share = named.get(part.id, left / len(open_) if part in open_ else 0.0)
        total += _spread(shapes, part, share, said, growth, found, grows=grows)
    found[relation.id] = total
    return total
