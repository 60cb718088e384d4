"""What is wrong with a read, in words: relation, index, condition, how many rows, and why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from pgready.proof.contract import Permission
from pgready.proof.rule.conditions import binds, clauses, normal_name, readable, told
from pgready.proof.rule.facts import Facts, IndexFacts, TableFacts
from pgready.proof.rule.read import Path, Read
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


def findings(reads: Sequence[Read], facts: Facts, *, is_skew: bool) -> list[Finding]:
    """The findings that reads which are too much make; those of one table's partitions are one."""
    groups: dict[tuple[tuple[str, str], Fault, str, str], list[Finding]] = {}
    for read in reads:
        one = _finding(read, facts, is_skew=is_skew)
        table = facts.table(read.relation)
        root = (table.root if table else None) or read.relation
        groups.setdefault((root, one.fault, read.purpose, readable(read.node.index_condition)), []).append(one)
    found = []
    for (root, *_), alike in groups.items():
        first = alike[0]
        if len(alike) > 1 and first.relation != root:
            more = f"{len(alike) - 1} more partition{'s' if len(alike) > 2 else ''}"
            others = f"; so it does in {more} of {'.'.join(root)}"
            first = replace(first, text=first.text + others, rows=sum(one.rows for one in alike))
            found.append(first)
        else:
            found += alike
    return found


def _finding(read: Read, facts: Facts, *, is_skew: bool) -> Finding:
    table = facts.table(read.relation)
    index = table.indexes.get(read.node.index or (read.indexes[0] if len(read.indexes) == 1 else "")) if table else None
    if index is None and table is not None and read.node.kind == "Seq Scan":
        index = _passed_over(read, table)
    times = read.times.worst if is_skew else read.times.typical
    rows = read.rows.worst if is_skew else read.rows.typical
    fault = read.fault
    if times > 1 and rows < _FEW * times and read.fault in ("range", "filter") and read.node.kind != "ModifyTable":
        fault = "join"
    elif read.sort is not None and read.fault == "range":
        fault = "sort"
    elif read.fault == "scan" and index is not None and not read.indexes:
        fault = "range"
    if _is_change(read, fault):
        rows = times
    text = _sentence(read, fault, table, index, rows, times, is_skew=is_skew)
    if is_skew:
        text += _depends(read, fault, table)
    path = read.sort if fault == "sort" and read.sort is not None else read.path
    used = read.indexes[0] if read.indexes else ""
    return Finding(fault, text, rows, path, _PERMISSIONS[fault], is_skew, read.relation, used)


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


def pairs_finding(path: Path, pairs: float) -> Finding:
    """The finding of a join that gives far more than it reads."""
    return Finding("join", f"joins {number(pairs)} pairs of rows", pairs, path, _PERMISSIONS["join"])


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
    return ".".join(read.relation)


def _is_change(read: Read, fault: Fault) -> bool:
    """Whether it is the writing itself, not a foreign key's look at rows that refer to what is written."""
    return read.node.kind == "ModifyTable" and fault == "range" and not read.indexes


def _sentence(
    read: Read, fault: Fault, table: TableFacts | None, index: IndexFacts | None, rows: float, times: float, *,
    is_skew: bool,
) -> str:  # fmt: skip
    node, label = read.node, _label(read)
    reads = "may read" if is_skew else "reads"
    by = f" by the index {' and '.join(read.indexes)}" if read.indexes else ""
    condition = told(node.index_condition or node.recheck)
    where = f" where {condition}" if condition else ""
    passes = told(node.filter)
    purpose = f" {read.purpose}" if read.purpose else ""
    until = f" {read.until}" if read.until and read.rows.typical < read.rows.worst else purpose
    again = f", {number(times)} times over," if times > 1 else ""
    count = number(rows / times if times > 1 else rows)
    if rows >= 0.99 * read.whole * max(1.0, times):
        count = f"all {count}"
    if _is_change(read, fault):
        own = len(table.indexes) if table else 0
        verb = {"Insert": "inserts", "Delete": "deletes"}.get(str(node.raw.get("Operation")), "changes")
        to = "into" if verb == "inserts" else "of"
        entries = f" and their entries in {own} index{'es' if own > 1 else ''}" if own else ""
        return f"{verb} {number(times)} rows {to} {label}{entries if verb != 'deletes' else ''}"
    if fault == "join":
        return f"looks into {label}{by} {number(times)} times{purpose}, once for each row that it is joined to"
    if node.kind in ("Seq Scan", "Sample Scan", "ModifyTable") and fault in ("scan", "range"):
        why = f": no index serves {passes}" if passes and not read.indexes else ""
        if index is not None and not read.indexes:
            why = f": {passes} holds for too many of them to use the index {index.name}"
        return f"{reads} {count} row{'' if count == '1' else 's'} of {label}{again}{until}{why}"
    if fault in ("scan", "rows read"):
        return f"{reads} {count} entries of the index {node.index} of {label}{again}{until}"
    if fault == "leading column":
        first = (index.keys[0].column or index.keys[0].text.lower()) if index else "its leading column"
        how = f"{reads} {count} entries of the index"
        if index is not None and rows < 0.5 * index.rows and not is_skew:
            how = f"searches, for one value of {first} after the other, the index"
        names = " and ".join(read.indexes)
        return f"{how} {names} of {label}{again}{purpose}: {condition} does not bind its leading column {first}"
    if fault == "filter":
        where = where if passes else ""
        return f"{reads} {count} rows of {label}{by}{where} until enough are found where {passes or condition}"
    if fault == "sort":
        verb = "may read and sort" if is_skew else "reads and sorts"
        return f"{verb} {count} rows of {label}{by}{where}, to return the first few"
    return f"{reads} {count} rows of {label}{by}{where}{again}{purpose}"


def _depends(read: Read, fault: Fault, table: TableFacts | None) -> str:
    """What a read that is too much for some values only depends on."""
    if table is not None and table.policies:
        return f": row security of {_label(read)} may hide most of them"
    bounds, filters = clauses(read.node.index_condition or read.node.recheck), clauses(read.node.filter)
    ordered = [*filters, *bounds] if fault == "filter" else [*bounds, *filters]
    for one in ordered:
        column = next((name for name in (table.columns if table else ()) if binds(one, normal_name(name))), "")
        known = table.columns[column] if table and column else None
        if one.operator in ("IS NULL", "IS NOT NULL"):
            continue
        if one.is_equality and fault == "filter" and one.operand == "constant":
            return ": those that pass may lie behind all others"
        if one.is_equality and known is not None and (known.top_share is not None or known.frequencies):
            return f", for some {column}: its values are not equally common"
        if one.is_equality and known is not None:
            return f", for some {column}: the profile does not say how uneven it is (top_share)"
        if one.is_range:
            return (
                ", as wide as the range is that is asked for" if fault != "filter" else ", as what is asked for is rare"
            )
    return "" if read.until else ", for values that many rows have"
