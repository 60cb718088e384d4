"""What one execution of a plan reads, node by node: an upper estimate that is carried through the tree.

A parent asks its children for rows: a LIMIT for so many, a Sort for all. What a node reads to answer is noted with the
node's path, as often as the node is executed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pgready.proof.plan_tree import PlanNode
from pgready.proof.rule.amount import ALL, NOTHING, ONE, Amount, exactly
from pgready.proof.rule.bitmaps import Bitmap, bitmap_heap, bitmap_of, combined
from pgready.proof.rule.changes import cascades, written
from pgready.proof.rule.conditions import called, elements, normal_name, told
from pgready.proof.rule.facts import SYSTEM_SCHEMAS, Facts, TableFacts
from pgready.proof.rule.limits import Slice, slice_of
from pgready.proof.rule.plan_facts import INPUTS, aliases_outside, is_certain, is_partial, is_pruned
from pgready.proof.rule.read import Asked, Path, Read
from pgready.proof.rule.scans import Scan, by_index, conjuncts, is_one_row, sequential

_EMPTY = ("Result", "Values Scan", "Function Scan", "Table Function Scan", "Named Tuplestore Scan", "WorkTable Scan")
_STREAMING = frozenset(("row_number", "rank", "dense_rank"))


@dataclass
class Reader:
    """One walk over one plan: its `reads`, its `offsets`, the `pairs` that joins look at, and what is `unknown`."""

    facts: Facts
    slices: tuple[Slice, ...] = ()
    lists_of_rows: bool = False
    reads: list[Read] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    offsets: list[tuple[Path, PlanNode, Slice]] = field(default_factory=list)
    pairs: list[tuple[Path, float]] = field(default_factory=list)
    _results: dict[str, Amount] = field(default_factory=dict)
    _wanted: dict[str, Amount] = field(default_factory=dict)
    _limits: int = 0

    def visit(self, node: PlanNode, path: Path, asked: Asked) -> Amount:
        """Note what the node and everything below it reads; the rows that one execution of it returns."""
        ctes = [(at, one) for at, one in enumerate(node.children) if one.subplan_name.startswith("CTE ")]
        for at, one in ctes:
            # How many rows it has is asked first: who scans it stands beside it.
            self._results[one.subplan_name[4:]] = self._aside().visit(one, (*path, at), Asked())
        before = len(self.reads)
        out = self._visit(node, path, asked)
        for at, one in ctes:
            wanted = self._wanted.pop(one.subplan_name[4:], NOTHING)
            self.visit(one, (*path, at), Asked(wanted, purpose="for its CTE"))
        self._subplans(node, path, asked, out, before)
        self._functions(node)
        return out

    def anew(self, slices: tuple[Slice, ...] | None = None) -> Reader:
        """A reader of the same that has read nothing yet."""
        return Reader(self.facts, self.slices if slices is None else slices, self.lists_of_rows)

    def _aside(self) -> Reader:
        """One that knows of CTEs what this one does, and whose reads nobody looks at."""
        return replace(self, reads=[], unknown=[], offsets=[], pairs=[], _results=dict(self._results), _wanted={})

    def _visit(self, node: PlanNode, path: Path, asked: Asked) -> Amount:
        kind = node.kind
        if len(list(self._children(node))) < INPUTS.get(kind, 0):
            self._hide(f"a {kind} without its input is not judged")
            return Amount(node.rows, math.inf)
        if node.relation is not None and kind not in ("ModifyTable", "Foreign Scan", "Custom Scan"):
            return self._scan(node, path, asked)
        if kind == "Limit":
            return self._limit(node, path, asked)
        if kind in ("Nested Loop", "Hash Join", "Merge Join"):
            return self._join(node, path, asked)
        if kind in ("Append", "Merge Append"):
            return self._append(node, path, asked)
        if kind in ("Sort", "Hash", "Materialize", "Incremental Sort", "Memoize"):
            return self._stored(node, path, asked)
        if kind in ("Aggregate", "Group", "Unique", "WindowAgg", "SetOp"):
            return self._grouped(node, path, asked)
        if kind in ("Gather", "Gather Merge"):
            workers = float(node.raw.get("Workers Planned", 1))
            return self._main(node, path, replace(asked, divisor=workers + max(0.0, 1 - 0.3 * workers)))
        if kind == "CTE Scan":
            return self._cte(node, asked)
        if kind == "ModifyTable":
            return self._modify(node, path, asked)
        if kind == "Recursive Union":
            before = len(self.reads)
            for at, child in self._children(node):
                before = len(self.reads)
                self.visit(child, (*path, at), replace(asked, rows=ALL))
            if len(self.reads) > before:
                self.unknown.append("how often a recursive query goes round is not known")
            return Amount(node.rows, math.inf)
        if kind in ("Foreign Scan", "Custom Scan"):
            self.unknown.append(f"what a {kind} reads is not shown by its plan")
            return Amount(node.rows, math.inf)
        if kind in ("Subquery Scan", "Result", "ProjectSet", "LockRows") and any(self._children(node)):
            return self._passed(node, path, asked)
        if kind in _EMPTY:
            return Amount(node.rows, max(node.rows, 1) if kind != "WorkTable Scan" else math.inf).capped(asked.rows)
        self.unknown.append(f"a plan with {kind} is not judged")
        for at, child in self._children(node):
            self.visit(child, (*path, at), replace(asked, rows=ALL))
        return Amount(node.rows, math.inf)

    # ── children ────────────────────────────────────────────────────────────────────────────────────────────────

    @staticmethod
    def _children(node: PlanNode) -> Iterator[tuple[int, PlanNode]]:
        """The children that feed the node, with their places."""
        for at, child in enumerate(node.children):
            if child.relationship not in ("InitPlan", "SubPlan"):
                yield at, child

    def _main(self, node: PlanNode, path: Path, asked: Asked) -> Amount:
        at, child = next(self._children(node))
        return self.visit(child, (*path, at), asked)

    def _passed(self, node: PlanNode, path: Path, asked: Asked) -> Amount:
        """A node that gives on what it gets, or what of it passes its filter."""
        at, child = next(self._children(node))
        rows = asked.rows
        ratio = node.rows / max(child.rows, 1e-9)
        rows = Amount(rows.typical / max(ratio, 1e-9), math.inf if node.filter else rows.worst)
        until = f"until enough pass {told(node.filter)}" if node.filter else asked.until
        got = self.visit(child, (*path, at), replace(asked, rows=rows, until=until))
        more = max(1.0, ratio)
        return Amount(got.typical * ratio, got.worst * more).capped(asked.rows).ordered

    def _limit(self, node: PlanNode, path: Path, asked: Asked) -> Amount:
        at, child = next(self._children(node))
        self._limits += 1
        one = slice_of(node, child, self.slices, is_first=self._limits == 1)
        limit = math.inf if one.limit is None else one.limit
        wanted = exactly(limit).capped(asked.rows)
        if one.offset or one.is_open:
            self.offsets.append((path, node, one))
        rows = wanted.plus(exactly(one.offset))
        if one.ties:
            rows = Amount(rows.typical, math.inf)
        got = self.visit(child, (*path, at), replace(asked, rows=rows, is_limited=True))
        return got.capped(wanted)

    def _stored(self, node: PlanNode, path: Path, asked: Asked) -> Amount:
        """What reads its input to store it: whole, but for what is stored as it is asked for."""
        at, child = next(self._children(node))
        below = (*path, at)
        if node.kind == "Memoize":
            return self.visit(child, below, asked)
        times = asked.times if aliases_outside(node) else ONE.capped(asked.times)
        if node.kind == "Materialize":
            rows = asked.rows if asked.times.worst <= 1 else ALL
            return self.visit(child, below, replace(asked, rows=rows, times=times))
        if node.kind == "Incremental Sort":
            rows = self._group(node, child, asked.rows)
            got = self.visit(child, below, replace(asked, rows=rows, purpose="to sort them"))
            return got.capped(asked.rows)
        sort = path if node.kind == "Sort" and asked.is_limited else asked.sort
        purpose = "to sort them" if node.kind == "Sort" else "to hash them" if node.kind == "Hash" else asked.purpose
        got = self.visit(child, below, replace(asked, rows=ALL, times=times, purpose=purpose, sort=sort))
        return got.capped(asked.rows)

    def _group(self, node: PlanNode, child: PlanNode, rows: Amount) -> Amount:
        """What an Incremental Sort reads for so many rows: to the end of the last group of equal presorted keys."""
        keys = [elements(str(one))[0] for one in node.raw.get("Presorted Key", ())]
        typical, worst = child.rows, math.inf
        for table in (self.facts.table(one.relation) for _, one in child.walk()):
            for name, column in table.columns.items() if table else ():
                if table is not None and any(key.split(" ")[0] == normal_name(name) for key in keys):
                    share = 1 / max(1.0, table.distinct(name) or 1.0)
                    typical = min(typical, child.rows * share)
                    top = column.top_share
                    nulls = column.null_fraction or 0
                    if top is not None:
                        worst = min(worst, max(top, nulls) * table.rows)
                    elif share * table.rows <= 2 and not nulls:
                        worst = min(worst, 10.0)
        return Amount(rows.typical + typical, rows.worst + worst)

    def _grouped(self, node: PlanNode, path: Path, asked: Asked) -> Amount:
        strategy = node.raw.get("Strategy", "")
        children = list(self._children(node))
        ratio = node.rows / max(1e-9, children[0][1].rows)
        if node.kind == "WindowAgg":
            rows = asked.rows if self._streams(node) else ALL
            purpose = "for a window function"
        elif node.kind in ("Group", "Unique") or strategy == "Sorted":
            rows = Amount(asked.rows.typical / max(ratio, 1e-9), math.inf)
            purpose = "to group them"
        else:
            rows, purpose = ALL, "to aggregate them" if node.kind == "Aggregate" else "to compare them"
        got = NOTHING
        for at, child in children:
            below = replace(asked, rows=rows, purpose=purpose, until="until there are enough groups")
            got = got.plus(self.visit(child, (*path, at), below))
        if node.kind == "Aggregate" and strategy == "Plain":
            return ONE.capped(asked.rows)
        return Amount(min(node.rows, got.worst), got.worst).capped(asked.rows).ordered

    @staticmethod
    def _streams(node: PlanNode) -> bool:
        """Whether all window functions need only the rows so far."""
        windows = [str(one) for one in node.raw.get("Output", ()) if " OVER " in str(one)]
        return bool(windows) and all(called(one.split(" OVER ")[0]) <= _STREAMING for one in windows)

    def _cte(self, node: PlanNode, asked: Asked) -> Amount:
        name = str(node.raw.get("CTE Name", ""))
        has = self._results.get(name, Amount(node.rows, math.inf))
        rows = ALL if node.filter or asked.times.worst > 1 else asked.rows
        before = self._wanted.get(name, NOTHING)
        self._wanted[name] = Amount(max(before.typical, rows.typical), max(before.worst, rows.worst))
        return Amount(min(node.rows, has.worst), has.worst).capped(asked.rows).ordered

    # ── joins ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _join(self, node: PlanNode, path: Path, asked: Asked) -> Amount:
        (outer_at, outer), (inner_at, inner) = list(self._children(node))[:2]
        ratio = node.rows / max(outer.rows, 1e-9)
        kind = node.join_type
        keeps = kind == "Left" and not node.filter
        sure = keeps or (kind == "Inner" and not node.filter and is_certain(node, outer, inner, self.facts))
        ratio = max(1.0, ratio) if sure else ratio
        wanted = Amount(asked.rows.typical / max(ratio, 1e-9), asked.rows.worst if sure else math.inf)
        if kind in ("Right", "Full", "Right Anti", "Right Semi"):
            wanted = Amount(wanted.typical, math.inf)
        if asked.rows == ALL:
            wanted = ALL
        until = asked.until if sure else "until enough of them find a row to join"
        got = self.visit(outer, (*path, outer_at), replace(asked, rows=wanted, until=until))
        is_once = bool(node.raw.get("Inner Unique")) or kind in ("Semi", "Anti")
        if node.kind == "Nested Loop":
            has_filter = bool(node.join_filter)
            rows = ONE if is_once and not has_filter else ALL if has_filter else asked.rows
            each = self._inner(inner, (*path, inner_at), replace(asked, rows=rows, divisor=1), got)
        elif node.kind == "Hash Join":
            each = self.visit(inner, (*path, inner_at), replace(asked, rows=ALL, purpose="to hash them"))
        else:
            part = min(1.0, asked.rows.typical / max(node.rows, 1e-9))
            rows = Amount(inner.rows * part + 1, math.inf)
            each = self.visit(inner, (*path, inner_at), replace(asked, rows=rows))
        worst = got.worst if is_once else got.worst * max(1.0, each.worst) if got.worst else 0.0
        if kind in ("Right", "Full", "Right Anti", "Right Semi"):
            worst += each.worst
        total = self._total(node, asked)
        joined = got.typical * max(1.0, each.typical) if node.kind == "Nested Loop" else min(total, asked.rows.typical)
        self.pairs.append((path, joined * asked.times.typical))
        return Amount(min(total, worst), worst).capped(asked.rows).ordered

    def _inner(self, inner: PlanNode, path: Path, asked: Asked, outer: Amount) -> Amount:
        """The inner side of a nested loop: executed for every outer row, or as often as a cache misses."""
        times = asked.times.times(outer)
        child = inner
        if inner.kind == "Memoize":
            child = next(one for _, one in self._children(inner))
            table = self.facts.table(child.relation)
            if table is not None and is_one_row(conjuncts(child.index_condition, self.facts), table):
                times = times.capped(exactly(table.rows))
        return self.visit(inner, path, replace(asked, times=times, purpose=asked.purpose, sort=None))

    # ── partitions ──────────────────────────────────────────────────────────────────────────────────────────────

    def _append(self, node: PlanNode, path: Path, asked: Asked) -> Amount:
        children = list(self._children(node))
        if not children or node.raw.get("Subplans Removed"):
            self.unknown.append("the values asked for leave out partitions: what others read is not shown")
        if not children:
            return NOTHING
        parts = len(children)
        rows = Amount(asked.rows.typical / parts + 1, asked.rows.worst / parts + 1)
        got, mine = NOTHING, []
        for at, child in children:
            start = len(self.reads)
            got = got.plus(self.visit(child, (*path, at), replace(asked, rows=rows)))
            mine.append((self.reads[start:], child))
            del self.reads[start:]
        if parts > 1 and all(is_pruned(child, self.facts) for _, child in children):
            # At run time one partition is left of these; the largest stands for it.
            mine = [max(mine, key=lambda one: sum(read.pages.worst for read in one[0]))]
        for reads, _ in mine:
            self.reads += reads
        return got.capped(asked.rows)

    # ── scans ───────────────────────────────────────────────────────────────────────────────────────────────────

    @staticmethod
    def _total(node: PlanNode, asked: Asked) -> float:
        return node.rows * (asked.divisor if is_partial(node) else 1)

    def _scan(self, node: PlanNode, path: Path, asked: Asked) -> Amount:
        table = self.facts.table(node.relation)
        if table is None:
            if (node.relation or ("",))[0] not in SYSTEM_SCHEMAS:
                self.unknown.append(f"how big {'.'.join(node.relation or ())} is, is not known")
            return Amount(node.rows, math.inf)
        divisor = asked.divisor if is_partial(node) else 1.0
        index = table.indexes.get(node.index) if node.index else None
        if node.kind in ("Seq Scan", "Sample Scan"):
            return self._note(sequential(node, table, self.facts, asked.rows, divisor), node, path, asked, table)
        if node.kind in ("Index Scan", "Index Only Scan"):
            if index is None:
                self.unknown.append(f"the index {node.index} is not known")
                return Amount(node.rows, math.inf)
            return self._note(by_index(node, index, table, self.facts, asked.rows, divisor), node, path, asked, table)
        if node.kind == "Bitmap Heap Scan":
            bitmap = self._bitmap(next(self._children(node))[1], table)
            if bitmap is None:
                return Amount(node.rows, math.inf)
            scan = bitmap_heap(replace(node, rows=node.rows * divisor), table, self.facts, bitmap, asked.rows)
            return self._note(scan, node, path, asked, table, bitmap.indexes)
        if node.kind == "Tid Scan":
            rows = Amount(max(1.0, node.rows), max(1.0, node.rows))
            return self._note(Scan(rows, rows, rows, "range", table.rows), node, path, asked, table)
        if node.kind == "Tid Range Scan":
            whole = Amount(node.rows, table.rows).capped(asked.rows)
            pages = whole.scaled(table.pages / max(1.0, table.rows))
            return self._note(Scan(whole, pages, whole, "range", table.rows), node, path, asked, table)
        self.unknown.append(f"a plan with {node.kind} is not judged")
        return Amount(node.rows, math.inf)

    def _bitmap(self, node: PlanNode, table: TableFacts) -> Bitmap | None:
        """What a bitmap's indexes find; None if one of them is not known."""
        if node.kind in ("BitmapAnd", "BitmapOr"):
            parts = [self._bitmap(one, table) for _, one in self._children(node)]
            known = [one for one in parts if one is not None]
            return combined(node, known, table) if len(known) == len(parts) else None
        index = table.indexes.get(node.index)
        if index is None:
            self.unknown.append(f"the index {node.index} is not known")
            return None
        return bitmap_of(node, index, table, self.facts)

    def _note(
        self, scan: Scan, node: PlanNode, path: Path, asked: Asked, table: TableFacts, indexes: tuple[str, ...] = ()
    ) -> Amount:
        self.reads.append(
            Read(
                path,
                node,
                scan.fault,
                scan.rows.times(asked.times),
                scan.pages.times(asked.times),
                scan.whole,
                asked.times,
                table.name,
                indexes or ((node.index,) if node.index else ()),
                asked.purpose,
                asked.until,
                asked.sort,
            )
        )
        return scan.out

    # ── subplans, changes, functions ────────────────────────────────────────────────────────────────────────────

    def _subplans(self, node: PlanNode, path: Path, asked: Asked, out: Amount, before: int) -> None:
        texts = [node.filter, node.join_filter, node.index_condition, *(str(one) for one in node.raw.get("Output", ()))]
        for at, child in enumerate(node.children):
            name = child.subplan_name
            if child.relationship not in ("InitPlan", "SubPlan") or name.startswith("CTE "):
                continue
            once = child.relationship == "InitPlan" or any(f"hashed {name}" in text for text in texts)
            rows = ALL if self.lists_of_rows or (once and child.relationship == "SubPlan") else exactly(2)
            times = asked.times
            if not once:
                own = [one for one in self.reads[before:] if one.path == path]
                tested = own[0].rows if own and name in node.filter else out.times(asked.times)
                times = tested
            self.visit(child, (*path, at), Asked(rows, times, purpose="for a subquery"))

    def _modify(self, node: PlanNode, path: Path, asked: Asked) -> Amount:
        got = self._main(node, path, replace(asked, rows=ALL))
        table = self.facts.table(node.relation)
        operation = str(node.raw.get("Operation", ""))
        if table is None:
            return got
        pages = written(node, operation, got, table)
        if pages is not None:
            self.reads.append(Read(path, node, "range", NOTHING, pages, table.rows, got, table.name))
        for name in sorted(set(table.triggers) & self.facts.functions):
            self._hide(f"what the trigger function {name} reads is not shown by a plan")
        if operation in ("Delete", "Merge"):
            self.reads += cascades(node, path, got, table, self.facts)
        return got

    def _functions(self, node: PlanNode) -> None:
        texts = [node.filter, node.join_filter, node.index_condition, *(str(one) for one in node.raw.get("Output", ()))]
        texts.append(str(node.raw.get("Function Call", "")))
        names = {name for text in texts if "(" in text for name in called(text)} & self.facts.functions
        for name in sorted(names):
            self._hide(f"what the function {name} reads is not shown by a plan")

    def _hide(self, why: str) -> None:
        if why not in self.unknown:
            self.unknown.append(why)
