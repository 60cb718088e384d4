"""The rule: a query is bounded if one execution reads few rows and pages, whatever is asked for and whoever asks.

A pure function of the plan, the facts about sizes and the contract. `pgready.proof.rule.reads` has the estimate.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pgready.proof.contract import Contract, Waiver
from pgready.proof.plan_tree import PlanNode
from pgready.proof.rule.amount import ALL
from pgready.proof.rule.facts import Facts
from pgready.proof.rule.findings import findings, offset_finding, pairs_finding
from pgready.proof.rule.limits import slices
from pgready.proof.rule.read import Asked, Read
from pgready.proof.rule.reads import Reader
from pgready.proof.verdict import Finding, Judgement, Kind, Mode

MAX_ROWS = 100_000
"""Rows and index entries that one execution may read, unless the contract says otherwise: no more fit on the pages."""

MAX_PAGES = 1_000
"""Pages that one execution may touch: 8 MB."""


@dataclass(frozen=True, slots=True)
class _Limits:
    rows: float
    pages: float


def judge(plan: PlanNode, facts: Facts, contract: Contract, mode: Mode) -> Judgement:
    """Judge one plan of a contract at one size."""
    limits = _Limits(MAX_ROWS, MAX_PAGES)
    if contract.max_rows_read is not None:
        limits = _Limits(contract.max_rows_read, math.inf)
    facts = replace(facts, lists=_lists(contract))
    found = slices(contract)
    sql = contract.sql.upper()
    reader = Reader(facts, found, lists_of_rows="ARRAY" in sql or "ANY" in sql or " IN" in sql)
    reader.visit(plan, (), Asked())
    unknown = list(reader.unknown)
    if contract.parameters and mode == "literal" and _is_nothing(plan):
        unknown.append("the sample values contradict the query or a constraint: the plan reads nothing")
    told = _offsets(reader, plan, limits)
    if not any(one.fault == "offset" and not one.is_skew for one in told):
        told += _too_much(reader.reads, limits, facts)
    if not any(not one.is_skew for one in told):
        # Few rows, each with all of the others, are many pairs: they take no pages, but time.
        told += [pairs_finding(path, pairs) for path, pairs in reader.pairs if pairs > max(limits.rows, MAX_ROWS)]
    kept: list[Finding] = []
    waived: list[tuple[Finding, Waiver]] = []
    for one in told:
        waiver = contract.allows(one.permission) if one.permission else None
        if waiver is None:
            kept.append(one)
        else:
            waived.append((one, waiver))
    return Judgement(
        kind=_kind(kept, unknown),
        rows_read=sum(one.rows.typical for one in reader.reads),
        findings=tuple(kept),
        waived=tuple(waived),
        why_not="; ".join(dict.fromkeys(unknown)),
        indexes=tuple(sorted({(one.relation[0], name) for one in reader.reads for name in one.indexes})),
    )


def _lists(contract: Contract) -> dict[str, int]:
    """How long the lists are that samples give for parameters."""
    lengths = {}
    for one in contract.parameters:
        if one.sample is not None and one.sample.startswith("{") and one.sample.endswith("}"):
            lengths[f"${one.number}"] = one.sample.count(",") + 1 if len(one.sample) > 2 else 0
    return lengths


def _kind(findings: Sequence[Finding], unknown: Sequence[str]) -> Kind:
    if any(not one.is_skew for one in findings):
        return "unbounded"
    if unknown:
        return "not judged"
    return "skew" if findings else "bounded"


def _too_much(reads: Sequence[Read], limits: _Limits, facts: Facts) -> list[Finding]:
    """The reads that make it too much: first by what is to be expected, then by what the data allow."""
    found: list[Finding] = []
    rest = list(reads)
    for is_skew in (False, True):
        taken = []
        while rest and _exceeds(rest, limits, is_skew=is_skew):
            heaviest = rest.pop(_heaviest(rest, limits, is_skew=is_skew))
            # The partitions of one table do the same, and stand and fall together.
            alike = [_are_parts(one, heaviest, facts) for one in rest]
            taken += [heaviest, *(one for one, is_alike in zip(rest, alike, strict=True) if is_alike)]
            rest = [one for one, is_alike in zip(rest, alike, strict=True) if not is_alike]
        found += findings(taken, facts, is_skew=is_skew)
    return found


def _are_parts(one: Read, other: Read, facts: Facts) -> bool:
    """Whether both read partitions of one table in the same way."""
    first, second = facts.table(one.relation), facts.table(other.relation)
    root = first.root if first else None
    same = (one.fault, one.node.kind, one.purpose) == (other.fault, other.node.kind, other.purpose)
    return root is not None and second is not None and second.root == root and same


def _heaviest(reads: Sequence[Read], limits: _Limits, *, is_skew: bool) -> int:
    def weight(at: int) -> float:
        one = reads[at]
        rows, pages = (one.rows.worst, one.pages.worst) if is_skew else (one.rows.typical, one.pages.typical)
        return max(rows / max(1.0, limits.rows), pages / limits.pages)

    return max(range(len(reads)), key=weight)


def _exceeds(reads: Sequence[Read], limits: _Limits, *, is_skew: bool) -> bool:
    rows = sum(one.rows.worst if is_skew else one.rows.typical for one in reads)
    pages = sum(one.pages.worst if is_skew else one.pages.typical for one in reads)
    return rows > limits.rows or pages > limits.pages


def _offsets(reader: Reader, plan: PlanNode, limits: _Limits) -> list[Finding]:
    """OFFSETs that make it too much: one that a parameter gives has no end, and a constant one may be too large."""
    found = []
    for path, node, one in reader.offsets:
        if one.is_open:
            # The deepest page reads everything below the Limit.
            whole = reader.anew()
            for at, child in enumerate(node.children):
                if child.relationship not in ("InitPlan", "SubPlan"):
                    whole.visit(child, (*path, at), Asked(ALL))
            reads = whole.reads
        else:
            first = reader.anew(tuple(replace(each, offset=0) for each in reader.slices))
            first.visit(plan, (), Asked())
            reads = [] if _exceeds(first.reads, limits, is_skew=False) else reader.reads
        if _exceeds(reads, limits, is_skew=one.is_open):
            found.append(offset_finding(path, reads, is_skew=not _exceeds(reads, limits, is_skew=False)))
    return found


def _is_nothing(node: PlanNode) -> bool:
    """Whether the planner found that no row can be there."""
    if node.kind == "Result" and node.raw.get("One-Time Filter") == "false":
        return True
    children = [one for one in node.children if one.relationship not in ("InitPlan", "SubPlan")]
    return len(children) == 1 and _is_nothing(children[0])
