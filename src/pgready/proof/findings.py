"""What is wrong with a read, in words: relation, index, condition, how many rows, and why."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pgready.proof.conditions import binds, clauses, readable
from pgready.proof.contract import Permission
from pgready.proof.facts import Facts, IndexFacts, TableFacts
from pgready.proof.read import Path, Read
from pgready.proof.verdict import Fault, Finding

_PERMISSIONS: dict[Fault, Permission] = {
    "scan": "scan",
    "filter": "filter",
    "sort": "sort",
    "range": "range",
    "offset": "offset",
    "leading column": "scan",
    "join": "range",
    "rows read": "range",
}

_FEW = 100
"""Rows of one execution that are few: what is too much then is how often it is executed."""


def number(value: float) -> str:
    """A count for people: whole, with commas."""
    return f"{round(value):,}" if math.isfinite(value) else "any number of"


def finding(read: Read, facts: Facts, *, is_skew: bool) -> Finding:
    """The finding that a read which is too much makes."""
    table = facts.table(read.relation)
    index = table.indexes.get(read.node.index) if table else None
    if index is None and table is not None and read.node.kind == "Seq Scan":
        index = _passed_over(read, table)
    times = read.times.worst if is_skew else read.times.typical
    rows = read.rows.worst if is_skew else read.rows.typical
    fault = read.fault
    if times > 1 and rows < _FEW * times and read.fault in ("range", "filter") and read.node.kind != "ModifyTable":
        fault = "join"
    elif read.sort is not None and read.fault == "range":
        fault = "sort"
    elif read.fault == "scan" and index is not None and not read.node.index:
        fault = "range"
    text = _sentence(read, fault, index, rows, times, is_skew=is_skew)
    if is_skew:
        text += _depends(read, table)
    path = read.sort if fault == "sort" and read.sort is not None else read.path
    return Finding(fault, text, rows, path, _PERMISSIONS[fault], is_skew, read.relation, read.node.index)


def offset_finding(path: Path, reads: Sequence[Read], *, is_skew: bool) -> Finding:
    """The finding of an OFFSET that has no end."""
    first = max(reads, key=lambda one: one.pages.worst)
    rows = sum(one.rows.worst if is_skew else one.rows.typical for one in reads)
    return Finding(
        "offset",
        f"reads and throws away the rows before its OFFSET, up to {number(first.rows.worst)} of {_label(first)}:"
        " begin behind the last row of the page before instead",
        rows,
        path,
        "offset",
        is_skew,
        first.relation,
    )


def _passed_over(read: Read, table: TableFacts) -> IndexFacts | None:
    """An index that a condition of a Seq Scan could have used, had it held for fewer rows."""
    conditions = [one for one in clauses(read.node.filter) if one.is_range or one.is_equality]
    return next(
        (
            index
            for index in table.indexes.values()
            if index.method == "btree" and not index.where and any(binds(one, index.keys[0].text) for one in conditions)
        ),
        None,
    )


def _label(read: Read) -> str:
    return ".".join(read.relation or ("?",))


def _sentence(read: Read, fault: Fault, index: IndexFacts | None, rows: float, times: float, *, is_skew: bool) -> str:
    node, label = read.node, _label(read)
    reads = "may read" if is_skew else "reads"
    by = f" by the index {node.index}" if node.index else ""
    condition = readable(node.index_condition or node.recheck)
    passes = readable(node.filter)
    purpose = f" {read.purpose}" if read.purpose else ""
    again = f", {number(times)} times over," if times > 1 else ""
    if fault == "join":
        return f"looks into {label}{by} {number(times)} times{purpose}, once for each row that it is joined to"
    if fault == "scan" and node.index:
        return f"{reads} all {number(read.whole)} entries of the index {node.index} of {label}{again}{purpose}"
    if fault == "scan" or (fault == "range" and node.kind == "Seq Scan"):
        why = f": no index serves {passes}" if passes else ""
        if index is not None:
            why = f": {passes} holds for too many of them to use the index {index.name}"
        return f"{reads} all {number(read.whole)} rows of {label}{again}{purpose}{why}"
    if fault == "leading column":
        first = index.keys[0].column or index.keys[0].text.lower() if index else "its leading column"
        return (
            f"{reads} {number(rows)} entries of the index {node.index} of {label}{purpose}:"
            f" {condition} does not bind its leading column {first}"
        )
    where = f" where {condition}" if condition else ""
    if fault == "filter":
        missing = "" if is_skew and not passes else f" until enough are found where {passes or condition}"
        return f"{reads} {number(rows)} rows of {label}{by}{where if passes else ''}{missing}"
    if fault == "sort":
        return f"{reads} and sorts {number(rows)} rows of {label}{by}{where}, to return the first few"
    return f"{reads} {number(rows)} rows of {label}{by}{where}{again}{purpose}"


def _depends(read: Read, table: TableFacts | None) -> str:
    """What a read that is too much for some values only depends on."""
    conditions = [*clauses(read.node.index_condition or read.node.recheck), *clauses(read.node.filter)]
    for one in conditions:
        column = next((name for name in (table.columns if table else ()) if one.left == name.upper()), "")
        known = table.columns[column] if table and column else None
        if one.is_equality and known is not None and known.top_share is not None:
            return f", for the commonest {column}"
        if one.is_equality and known is not None:
            return (
                f", if many rows have the {column} asked for: how uneven it is, is not known (top_share in the profile)"
            )
        if one.is_range:
            return ", as wide as the range is that is asked for"
    return ", for values that many rows have"
