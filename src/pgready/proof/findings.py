"""What is wrong with a read, in words: relation, index, condition, how many rows, and why."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pgready.proof.conditions import readable
from pgready.proof.contract import Permission
from pgready.proof.facts import Facts, TableFacts
from pgready.proof.reads import Path, Read
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


def number(value: float) -> str:
    """A count for people: whole, with commas."""
    return f"{round(value):,}" if math.isfinite(value) else "any number of"


def finding(read: Read, facts: Facts, *, is_skew: bool) -> Finding:
    """The finding that a read which is too much makes."""
    table = facts.table(read.relation)
    fault = _fault(read)
    rows = read.rows.worst if is_skew else read.rows.typical
    return Finding(
        fault,
        _text(read, fault, table, is_skew=is_skew),
        rows,
        read.sort if fault == "sort" and read.sort is not None else read.path,
        _PERMISSIONS[fault],
        is_skew,
        read.relation,
        read.node.index,
    )


def offset_finding(path: Path, reads: Sequence[Read], *, is_skew: bool) -> Finding:
    """The finding of an OFFSET that has no end."""
    first = max(reads, key=lambda one: one.pages.worst)
    rows = sum(one.rows.worst if is_skew else one.rows.typical for one in reads)
    return Finding(
        "offset",
        f"reads and throws away all rows before its OFFSET, up to {number(first.rows.worst)} of {_label(first)}:"
        " begin behind the last row of the page before instead",
        rows,
        path,
        "offset",
        is_skew,
        first.relation,
    )


def _fault(read: Read) -> Fault:
    if read.times.typical > 1 and read.rows.typical / read.times.typical < 100:
        return "join"
    if read.sort is not None and read.fault == "range":
        return "sort"
    return read.fault


def _label(read: Read) -> str:
    return ".".join(read.relation or ("?",))


def _text(read: Read, fault: Fault, table: TableFacts | None, *, is_skew: bool) -> str:
    node = read.node
    rows = number(read.rows.worst if is_skew else read.rows.typical)
    label = _label(read)
    by = f" by the index {node.index}" if node.index else ""
    condition = readable(node.index_condition)
    passes = readable(node.filter)
    purpose = f" {read.purpose}" if read.purpose else ""
    upto = "may read up to" if is_skew else "reads"
    if fault == "join":
        return f"looks into {label}{by} {number(read.times.worst if is_skew else read.times.typical)} times"
    if fault == "scan" and not node.index:
        if read.node.kind == "ModifyTable":
            return f"scans all {rows} rows of {label}{purpose}, which has no index"
        where = f" for {passes}, which no index serves" if passes else ""
        return f"reads all {rows} rows of {label}{where}{purpose}"
    if fault == "scan":
        return f"reads the whole index {node.index} of {label}, {rows} entries{purpose}"
    if fault == "leading column":
        first = table.indexes[node.index].keys[0].column if table and node.index in table.indexes else ""
        return f"{upto} {rows} entries of {label}{by}, whose leading column {first} is not bound by {condition}"
    if fault == "filter":
        where = f" where {condition}" if condition else ""
        return f"{upto} {rows} rows of {label}{by}{where} until enough are found with {passes}"
    if fault == "sort":
        return f"{upto} and sorts {rows} rows of {label}{by} where {condition} for the few that are returned"
    where = f" where {condition or readable(node.recheck)}" if condition or node.recheck else ""
    depends = ": how many, depends on the value that is asked for" if is_skew else ""
    return f"{upto} {rows} rows of {label}{by}{where}{purpose}{depends}"
