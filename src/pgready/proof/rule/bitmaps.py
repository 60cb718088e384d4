"""How much a bitmap scan reads: its indexes always to the end, and the rows that they find."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pgready.proof.plan_tree import PlanNode
from pgready.proof.rule.amount import ONE, Amount, exactly
from pgready.proof.rule.conditions import binds
from pgready.proof.rule.facts import Facts, IndexFacts, TableFacts
from pgready.proof.rule.scans import RARE, Scan, apart, bounds, conjuncts, height, is_one_row, looked_for
from pgready.proof.verdict import Fault

_POSTINGS = 1_500
"""Rows on a page of one of GIN's posting lists, some of them read for nothing."""


@dataclass(frozen=True, slots=True)
class Bitmap:
    """The `rows` that indexes find, their own `pages`, and how far the rows lie together in the table (0 to 1).

    `misses` says that a leading column is not bound.
    """

    rows: Amount
    pages: Amount
    order: float
    indexes: tuple[str, ...]
    misses: bool = False


def bitmap_of(node: PlanNode, index: IndexFacts, table: TableFacts, facts: Facts) -> Bitmap:
    """A Bitmap Index Scan."""
    conditions = conjuncts(node.index_condition, facts)
    order = _order(node, index, table, facts)
    per_page = max(1.0, index.rows / max(1.0, index.pages))
    if index.method in ("btree", "hash"):
        found = bounds(index, table, conditions, facts.major)
        typical = node.rows if found.is_plain else max(node.rows, found.entries.typical)
        read = Amount(min(typical, found.entries.worst), found.entries.worst)
        pages = found.searches.scaled(height(index.pages)).plus(read.scaled(1 / per_page))
        rows = Amount(min(node.rows, read.worst), read.worst)
        return Bitmap(rows, pages, order, (index.name,), (found.has_gap or found.skips) and bool(conditions))
    if index.method == "brin":
        # Whole ranges of pages, as the planner counts them, and one more where a range begins in the middle.
        rows = Amount(min(2 * node.rows, table.rows), table.rows)
        return Bitmap(rows, exactly(index.pages), order, (index.name,))
    # GIN: a posting list is as long as its key is common, and nobody knows how common that is.
    rows = Amount(min(RARE, index.rows), index.rows)
    pages = Amount(*(min(index.pages, 8 + one / _POSTINGS) for one in rows))
    return Bitmap(rows, pages, order, (index.name,))


def combined(node: PlanNode, parts: Sequence[Bitmap], table: TableFacts) -> Bitmap:
    """A BitmapAnd or BitmapOr."""
    if node.kind == "BitmapAnd":
        rows = Amount(min(node.rows, *(one.rows.typical for one in parts)), min(one.rows.worst for one in parts))
    else:
        rows = Amount(sum(one.rows.typical for one in parts), sum(one.rows.worst for one in parts))
    pages = Amount(sum(one.pages.typical for one in parts), sum(one.pages.worst for one in parts))
    return Bitmap(
        rows.capped(exactly(table.rows)).ordered,
        pages,
        min(one.order for one in parts),
        tuple(name for one in parts for name in one.indexes),
        any(one.misses for one in parts),
    )


def bitmap_heap(node: PlanNode, table: TableFacts, facts: Facts, found: Bitmap, demand: Amount) -> Scan:
    """A Bitmap Heap Scan over what a bitmap found."""
    conditions = conjuncts(node.filter, facts)
    read = looked_for(found.rows, min(node.rows, found.rows.typical), demand, conditions, table)
    per_page = max(1.0, table.rows / max(1.0, table.pages))
    lying = [found.order * (rows / per_page + 1) + (1 - found.order) * apart(rows, table.pages) for rows in read]
    pages = found.pages.plus(Amount(*(min(table.pages, one) for one in lying)))
    is_one = is_one_row([*conjuncts(node.recheck, facts), *conditions], table)
    out = ONE if is_one else Amount(min(node.rows, found.rows.worst), found.rows.worst)
    fault: Fault = "leading column" if found.misses else "range"
    if conditions and demand.typical < math.inf:
        fault = "filter"
    # The bitmap is whole before the first row is fetched.
    return Scan(found.rows, pages, out.capped(demand).ordered, fault, table.rows)


def _order(node: PlanNode, index: IndexFacts, table: TableFacts, facts: Facts) -> float:
    """How far the rows lie together: those of a range of a column that they are in the order of."""
    known = table.columns.get(index.keys[0].column)
    if known is None or index.method == "gin":
        return 0.0
    if any(binds(one, index.keys[0].text) and not one.is_equality for one in conjuncts(node.index_condition, facts)):
        return (known.correlation or 0.0) ** 2
    return 1.0 if index.method == "brin" else 0.0
