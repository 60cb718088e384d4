"""A plan as a tree for people, with the nodes marked that a verdict is about. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgready.proof.plan_tree import PlanNode
from pgready.proof.verdict import Finding
from pgready.report.diagnostics import PLAIN, Paint
from pgready.report.excerpt import plain
from pgready.report.story import plural

_WIDTH = 110
_CONDITIONS = (
    ("index_condition", "index condition"),
    ("recheck", "recheck"),
    ("filter", "filter"),
    ("join_filter", "join filter"),
)


def count(rows: float) -> str:
    """A number of rows as people read it: `51`, `1,000,000`, `without end`."""
    return "without end" if rows == float("inf") else f"{rows:,.0f}"


def title(node: PlanNode) -> str:
    """What a node is, in one line: `Index Scan using invoices_pkey on financial.invoices i`."""
    words = [node.kind]
    if node.direction == "Backward":
        words.append("backward")
    if node.index:
        words.append(f"using {node.index}")
    if node.relation is not None:
        schema, name = node.relation
        words.append(f"on {schema}.{name}" if schema else f"on {name}")
        words += [node.alias] if node.alias not in ("", name) else []
    if node.sort_key:
        words.append("by " + ", ".join(node.sort_key))
    return _cut(plain(" ".join(words)))


def tree(plan: PlanNode, findings: Sequence[Finding] = (), paint: Paint = PLAIN) -> Iterator[str]:
    """The plan's lines; nodes with a finding carry an arrow and what they would read."""
    marks: dict[tuple[int, ...], list[Finding]] = {}
    for finding in findings:
        marks.setdefault(finding.path, []).append(finding)
    yield from _lines(plan, (), "", "", marks, paint)


def _lines(
    node: PlanNode,
    path: tuple[int, ...],
    first: str,
    rest: str,
    marks: dict[tuple[int, ...], list[Finding]],
    paint: Paint,
) -> Iterator[str]:
    found = marks.get(path, ())
    text = title(node)
    if node.subplan_name:
        text = f"{plain(node.subplan_name)}: {text}"
    size = f"  {plural_rows(node.rows)}"
    if found:
        colour = paint.warning if all(one.is_skew for one in found) else paint.error
        said = ", ".join(dict.fromkeys(f"{one.fault}: {count(one.rows)} rows" for one in found))
        yield f"{paint.frame}{first}{paint.off}{colour}{text}{paint.off}{size}  {colour}◀ {said}{paint.off}"
    else:
        yield f"{paint.frame}{first}{paint.off}{text}{size}"
    stem = rest + ("│  " if node.children else "   ")
    for attribute, name in _CONDITIONS:
        condition = getattr(node, attribute)
        if condition:
            yield f"{paint.frame}{stem}{paint.off}{name}: {_cut(plain(condition))}"
    for number, child in enumerate(node.children):
        last = number == len(node.children) - 1
        branch, below = ("└─ ", "   ") if last else ("├─ ", "│  ")
        yield from _lines(child, (*path, number), rest + branch, rest + below, marks, paint)


def plural_rows(rows: float) -> str:
    """`1 row`, `50 rows`."""
    return plural(1, "row") if rows == 1 else f"{count(rows)} rows"


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
