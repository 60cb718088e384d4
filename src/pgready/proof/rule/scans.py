"""How much one execution of a scan reads: rows or index entries, and pages, when so many of its rows are asked for.

Pages are counted as EXPLAIN (BUFFERS) counts them: a row that an index leads to is a page of its own, unless rows lie
in the index's order. Everything that a condition leaves over for later is read as well.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pgready.proof.plan_tree import PlanNode
from pgready.proof.rule.amount import ALL, NOTHING, ONE, Amount, exactly, product
from pgready.proof.rule.conditions import Clause, binds, clauses
from pgready.proof.rule.facts import Facts, IndexFacts, KeyFacts, TableFacts
from pgready.proof.rule.spread import few_each, list_length, share, share_of_range, share_of_value
from pgready.proof.verdict import Fault

NEARLY_ALL = 0.9
"""A filter that lets so many rows pass, for sure, does not make a scan look for them."""

_MANY = 1_000
"""With so many values in order, rows of one value lie together."""

RARE = 100
"""Rows of a key in an index that says nothing of how common its keys are (GIN, GiST): most keys are rare."""

_SYSTEM_SAMPLE = re.compile(r"'?([0-9.]+)'?(?:::real)?$")

_FANOUT = 250
"""Entries of an inner page of a btree."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan reads: `rows` or index entries, `pages`, and `out`, the rows that it gives to its parent.

    `fault` is what one would call it if it were too much, `whole` is the rows or entries that there are to read.
    """

    rows: Amount
    pages: Amount
    out: Amount
    fault: Fault
    whole: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an Index Cond makes of a btree (or hash): how many entries lie between its ends, and in how many searches.

    `inside` is the share of these that the other clauses leave. `has_gap` says that the leading key is not bound, and
    `is_equality` that all bounds are equalities, `is_whole_key` that they are so for all keys, `skips` that keys are
    left out which a search skips over. `is_plain` says that every clause is a bound. `ranged` is the column that is
    bound to a range.
    """

    entries: Amount
    searches: Amount
    inside: float
    has_gap: bool
    is_equality: bool
    is_whole_key: bool
    skips: bool
    is_plain: bool
    ranged: str = ""


def conjuncts(text: str, facts: Facts) -> tuple[Clause, ...]:
    """The clauses of a condition, lists with the lengths that are known of their parameters."""
    return tuple(
        replace(one, length=facts.lists.get(one.right.partition(" ")[0])) if one.length is None else one
        for one in clauses(text)
    )


def bounds(index: IndexFacts, table: TableFacts, conditions: Sequence[Clause], major: int) -> Bounds:
    """The bounds that these conditions give to a search in the index."""
    rest = list(conditions)
    left, searches = ONE, ONE
    equal: list[KeyFacts] = []
    is_equality, has_gap, skipped, ranged = True, False, False, ""
    for place, key in enumerate(index.keys):
        own = [one for one in rest if binds(one, key.text)]
        equalities = [one for one in own if one.is_equality and not one.row]
        if equalities:
            best = min((share(one, table, key.column, key.distinct) for one in equalities), key=lambda one: one.worst)
            left = Amount(left.typical * best.typical, min(left.worst, best.worst))
            lists = [one for one in equalities if one.operator == "= ANY"]
            searches = searches.scaled(max([1.0, *(list_length(one) for one in lists)]))
            if any(one.operator != "IS NULL" for one in equalities):
                equal.append(key)
            rest = [one for one in rest if one not in equalities]
            continue
        ranges = [one for one in own if one.is_range or one.operator == "IS NOT NULL"]
        if ranges:
            ranged = key.column
            part = share_of_range(ranges, table, key.column)
            left = Amount(left.typical * part.typical, min(left.worst, part.worst))
            is_equality = False
            # Columns of a row comparison behind its first one are in the same order, and so part of the bound.
            rest = [one for one in rest if one not in ranges]
            break
        distinct = table.distinct(key.column) if key.column else key.distinct
        later = any(binds(one, other.text) for other in index.keys[place + 1 :] for one in rest)
        if (
            major >= 18
            and later
            and distinct is not None
            and searches.worst * distinct * height(index.pages) < index.pages
        ):
            # PostgreSQL 18 skips from one value of the key to the next.
            searches = searches.scaled(distinct + 1)
            skipped = True
            continue
        has_gap = place == 0
        is_equality = False
        break
    entries = left.scaled(index.rows)
    if index.where:
        # Among the rows of a partial index a value may be as common as in all of the table.
        entries = Amount(entries.typical, min(index.rows, left.worst * max(table.rows, index.rows)))
    entries = entries.capped(_of_reference(equal, table, index, searches))
    if _is_unique(equal, table, index):
        lists_only = exactly(1.0)
        for one in conditions:
            if one.operator == "= ANY":
                lists_only = lists_only.scaled(list_length(one))
        entries = Amount(min(max(entries.typical, 1.0), lists_only.worst), lists_only.worst)
    inside = 1.0
    for one in rest:
        inside *= share(one, table, _column(one, index)).typical
    is_whole_key = is_equality and not skipped
    entries = entries.plus(searches) if skipped else entries
    return Bounds(entries.ordered, searches, inside, has_gap, is_equality, is_whole_key, skipped, not rest, ranged)


def _of_reference(equal: Sequence[KeyFacts], table: TableFacts, index: IndexFacts, searches: Amount) -> Amount:
    """How many entries one row that a foreign key of several columns refers to has, if these bind all of them."""
    columns = {key.column for key in equal if key.column}
    for one in table.references:
        if len(one.columns) > 1 and columns >= set(one.columns) and one.target_rows:
            return few_each(index.rows, one.target_rows).times(searches)
    return ALL


def _column(clause: Clause, index: IndexFacts) -> str:
    return next((key.column for key in index.keys if binds(clause, key.text)), "")


def _is_unique(equal: Sequence[KeyFacts], table: TableFacts, own: IndexFacts) -> bool:
    """Whether one value of each of these keys is one row at most."""
    texts = {key.text for key in equal}
    return any(
        index.is_unique and texts >= {key.text for key in index.keys} and (not index.where or index is own)
        for index in table.indexes.values()
    )


def is_one_row(conditions: Sequence[Clause], table: TableFacts) -> bool:
    """Whether conditions with `=` (to one value) hold for one row of the table at most, by a unique index."""
    equal = [one for one in conditions if one.operator == "=" and not one.row]
    return any(
        index.is_unique and not index.where and all(any(binds(one, key.text) for one in equal) for key in index.keys)
        for index in table.indexes.values()
    )


def height(pages: float) -> float:
    """The pages from a btree's root to a leaf."""
    return 1.0 if pages <= 2 else 1 + math.ceil(math.log(pages, _FANOUT))


def heap_pages(
    rows: Amount, found: Bounds, table: TableFacts, index: IndexFacts, conditions: Sequence[Clause]
) -> Amount:
    """The pages that so many rows are on, in an index's order: counted as often as a scan turns to them."""
    known = table.columns.get(found.ranged if found.skips else index.keys[0].column)
    order = (known.correlation or 0.0) ** 2 if known is not None else 0.0
    first = [one for one in conditions if binds(one, index.keys[0].text) and one.is_equality]
    if first and (known is None or (known.distinct or 0) < _MANY or first[0].operator == "IS NULL"):
        # How the column's values lie as a whole tells nothing of where the rows of one of few lie.
        order = 0.0
    return Amount(_turns(rows.typical, order, found, table), _turns(rows.worst, 0.0 if first else order, found, table))


def _turns(rows: float, order: float, found: Bounds, table: TableFacts) -> float:
    if math.isinf(rows) or rows <= 0:
        return rows
    # A search that skips turns to the pages of its range anew for each value that it skips to.
    together = min(rows, (math.ceil(rows * table.pages / max(1.0, table.rows)) + 1) * found.searches.typical)
    # Entries of one key stand in the order of their rows, so that no page comes twice.
    strewn = apart(rows, table.pages) + 1 if found.is_whole_key else rows
    return order * together + (1 - order) * min(rows, strewn)


def sequential(node: PlanNode, table: TableFacts, facts: Facts, demand: Amount, divisor: float) -> Scan:
    """A scan of a whole table, or of as much of it as it takes to find the rows that are asked for."""
    total = node.rows * divisor
    whole = exactly(table.rows * _sampled(node))
    conditions = conjuncts(node.filter, facts)
    read = looked_for(whole, total, demand, conditions, table)
    share_read = Amount(*(one / whole.worst if whole.worst else 1.0 for one in read))
    out = _out(total, whole, conditions, table).capped(demand)
    pages = share_read.scaled(table.pages * _sampled(node))
    fault: Fault = "filter" if read.typical < whole.typical and conditions else "scan"
    return Scan(read, pages, out, fault, whole.worst)


def _sampled(node: PlanNode) -> float:
    """The share of a table's pages that TABLESAMPLE SYSTEM of so many percent reads; 1 of any other scan."""
    percent = _SYSTEM_SAMPLE.match(" ".join(str(one) for one in node.raw.get("Sampling Parameters", ())))
    if node.raw.get("Sampling Method") != "system" or percent is None:
        return 1.0
    return min(1.0, float(percent[1]) / 100)


def looked_for(
    whole: Amount, passing: float, demand: Amount, conditions: Sequence[Clause], table: TableFacts, plain: bool = False
) -> Amount:
    """How many of `whole` rows are read until those asked for are found, when `passing` of them pass the conditions."""
    if (plain or not conditions) and not table.policies:
        return whole.capped(demand)
    passes = min(1.0, max(passing, 1e-9) / max(whole.typical, 1e-9))
    typical = min(whole.typical, demand.typical / passes)
    certain = 1.0 if plain else certain_share(conditions, table)
    if certain >= NEARLY_ALL and not table.policies:
        return Amount(typical, min(whole.worst, demand.worst / certain)).ordered
    return Amount(typical, whole.worst)


def certain_share(conditions: Sequence[Clause], table: TableFacts) -> float:
    """The share of rows that pass conditions whose shares are known for sure; 0 if one is not."""
    passing = 1.0
    for one in conditions:
        column = next((name for name in table.columns if _names(one, name)), "")
        if not column or one.operator not in ("IS NULL", "IS NOT NULL", "=", "= ANY", "<>", "TRUE", "FALSE"):
            return 0.0
        part = share(one, table, column)
        if part.typical != part.worst:
            return 0.0
        passing *= part.typical
    return passing


def _names(clause: Clause, column: str) -> bool:
    return bool(clause.left) and clause.left.strip('"').casefold() == column.casefold()


def _out(total: float, whole: Amount, conditions: Sequence[Clause], table: TableFacts) -> Amount:
    if is_one_row(conditions, table):
        return Amount(min(total, 1.0), 1.0)
    return Amount(total, whole.worst).ordered


def by_index(
    node: PlanNode, index: IndexFacts, table: TableFacts, facts: Facts, demand: Amount, divisor: float
) -> Scan:
    """An Index Scan or Index Only Scan."""
    total = node.rows * divisor
    in_index, filters = conjuncts(node.index_condition, facts), conjuncts(node.filter, facts)
    only = node.kind == "Index Only Scan"
    if index.method not in ("btree", "hash"):
        return _by_other(node, index, table, demand, total, filters)
    found = bounds(index, table, in_index, facts.major)
    entries = found.entries
    if found.is_plain and not filters:
        entries = Amount(min(total, entries.worst), entries.worst)
    else:
        entries = Amount(min(max(entries.typical, total), entries.worst), entries.worst)
    ties = ties_only(index, in_index, filters, table) if found.is_plain else None
    if ties is not None and not table.policies:
        read = entries.capped(demand.plus(ties))
    else:
        residual = [*filters, *(() if found.is_plain else in_index)]
        read = looked_for(entries, total, demand, residual, table)
        if demand.typical < entries.typical and _is_behind(index, in_index, filters):
            # What the filter lets pass lies behind all that it does not: the scan begins at the other end.
            passes = min(1.0, total / max(entries.typical, 1e-9))
            read = Amount(max(read.typical, (1 - passes) * entries.typical), read.worst).ordered
    inside = exactly(1.0) if found.is_plain else Amount(found.inside, 1.0)
    fetched = NOTHING if only else read.times(inside)
    per_page = max(1.0, index.rows / max(1.0, index.pages))
    descents = found.searches.scaled(height(index.pages))
    pages = descents.plus(read.scaled(1 / per_page)).plus(heap_pages(fetched, found, table, index, in_index))
    out = Amount(min(total, read.worst), read.worst) if not is_one_row([*in_index, *filters], table) else ONE
    fault = _fault(found, in_index, filters, demand)
    return Scan(read, pages, out.capped(demand).ordered, fault, index.rows)


def _order(index: IndexFacts, in_index: Sequence[Clause]) -> str:
    """The key that a scan is in the order of: the first that is not bound to one value."""
    for key in index.keys:
        if not any(binds(one, key.text) and one.is_equality for one in in_index):
            return key.text
    return ""


def _is_behind(index: IndexFacts, in_index: Sequence[Clause], filters: Sequence[Clause]) -> bool:
    """Whether a filter bounds the key that the scan is in the order of, as an OR of a keyset does.

    One that only parts the rows of the value at which the search begins leaves the beginning where it is.
    """
    key = _order(index, in_index)
    rest = [one for one in filters if not _parts_ties(one, in_index, key)]
    alternatives = [one for clause in rest for part in clause.parts for one in part]
    return bool(key) and any(one.is_range and binds(one, key) for one in (*rest, *alternatives))


def ties_only(
    index: IndexFacts, in_index: Sequence[Clause], filters: Sequence[Clause], table: TableFacts
) -> Amount | None:
    """How many rows a filter takes away that only parts rows of one value, which the index is bounded by already.

    `a <= $1` in the index, and a filter `ROW(a, b) < ROW($1, $2)` or `a < $1 OR b < $2`. None for any other filter.
    """
    key = _order(index, in_index)
    if not key or not filters or not all(_parts_ties(one, in_index, key) for one in filters):
        return None
    column = next(each.column for each in index.keys if each.text == key)
    return share_of_value(table, column).scaled(table.rows) if column else None


def _parts_ties(one: Clause, in_index: Sequence[Clause], key: str) -> bool:
    strict = [one] if one.row else [part[0] for part in one.parts if len(part) == 1]
    limits = [bound for bound in in_index if bound.is_range and binds(bound, key)]
    return any(_is_strict(each, bound, key) for each in strict for bound in limits)


def _is_strict(one: Clause, bound: Clause, key: str) -> bool:
    """Whether a clause is the bound itself, but for the value that the bound includes."""
    right = one.right.removeprefix("ROW ").partition(" ,")[0] if one.row else one.right
    return one.is_range and binds(one, key) and one.operator[0] == bound.operator[0] and right == bound.right


def _fault(found: Bounds, in_index: Sequence[Clause], filters: Sequence[Clause], demand: Amount) -> Fault:
    if (found.has_gap or found.skips) and in_index:
        return "leading column"
    if filters and demand.typical < math.inf:
        return "filter"
    if not in_index:
        return "scan" if demand == ALL else "rows read"
    return "filter" if filters and not found.is_equality and not found.is_plain else "range"


def _by_other(
    node: PlanNode,
    index: IndexFacts,
    table: TableFacts,
    demand: Amount,
    total: float,
    filters: Sequence[Clause],
) -> Scan:
    """GiST and SP-GiST: how many entries a condition meets is the planner's guess, and may be all."""
    conditions = clauses(node.index_condition)
    whole = Amount(min(RARE, index.rows), index.rows) if conditions else exactly(index.rows)
    read = looked_for(whole.ordered, total, demand, filters, table)
    per_page = max(1.0, index.rows / max(1.0, index.pages))
    fetched = NOTHING if node.kind == "Index Only Scan" else read
    # Inner pages overlap, so that several are followed.
    down = exactly(4 * height(index.pages) + 4)
    pages = Amount(
        *(d + product(one, 1 / per_page) * 2 + rows for d, one, rows in zip(down, read, fetched, strict=True))
    )
    fault: Fault = "filter" if filters and "Order By" in node.raw else "range"
    return Scan(read, pages, Amount(min(total, read.worst), read.worst).capped(demand).ordered, fault, index.rows)


def apart(rows: float, pages: float) -> float:
    """On how many of a table's pages so many rows lie that are strewn over it."""
    if pages <= 0:
        return 0.0
    return pages * -math.expm1(-rows / pages) if rows < 50 * pages else pages
