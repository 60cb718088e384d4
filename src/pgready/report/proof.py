"""A proof for people: a table of the contracts, and for each that is not bounded why, its plan and the way out.

Pure: colours are given as a `Paint`. Every text of the user's is one safe line (`plain`), except SQL that is offered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from pgready.proof.coverage import Coverage, IndexName, LiveCost, OwnedIndex
from pgready.proof.result import Judged, Offer, Proof, Proved, SelfTest
from pgready.proof.verdict import Kind
from pgready.report.diagnostics import PLAIN, Paint
from pgready.report.diagnostics import concise as one_line_each
from pgready.report.diagnostics import count as said
from pgready.report.diagnostics import human as paragraphs
from pgready.report.excerpt import plain
from pgready.report.proof_plan import count, tree
from pgready.report.story import plural

_NAME = 60
"""Longer names are cut in the table, and whole in the paragraphs."""


def human(proof: Proof, paint: Paint = PLAIN, *, plans: bool = False, quiet: bool = False) -> Iterator[str]:
    """Paragraphs without a line ending at their ends; an empty line belongs between two.

    `plans` shows the plan of every contract, `quiet` leaves out all that is well.
    """
    shown = [one for one in proof.proved if not quiet or one.kind != "bounded"]
    if shown:
        yield "\n".join(table(shown, proof.growths, paint))
    excused = {one.contract.name for one in proof.excused()}
    for one in shown:
        if one.kind != "bounded" or plans or one.shown.judgement.waived:
            is_known = one.contract.name in excused
            yield "\n".join(paragraph(proof, one, paint, plans=plans, is_known=is_known))
    yield from paragraphs(proof.refused, paint)
    if proof.comparison is not None:
        lines = list(compared(proof, paint))
        if lines:
            yield "\n".join(lines)
    if proof.self_test is not None and (not quiet or proof.self_test.failed):
        yield "\n".join(self_test(proof.self_test, paint))


def concise(proof: Proof, paint: Paint = PLAIN) -> Iterator[str]:
    """A line for each finding: `file:line:column: error[scan]: name: text (way out)`."""
    failing = {one.contract.name for one in proof.failing}
    for one in proof.proved:
        if one.kind == "bounded":
            continue
        level = "error" if one.contract.name in failing else "warning"
        colour = paint.error if level == "error" else paint.warning
        advice = _advice(proof.offers_for(one.contract.name))
        for code, text in problems(one):
            yield (
                f"{plain(one.contract.place.where())}: {colour}{level}[{code}]{paint.off}: "
                f"{plain(one.contract.name)}: {plain(text)}{advice}"
            )
            advice = ""
    yield from one_line_each(proof.refused, paint)
    if proof.self_test is not None and proof.self_test.failed:
        yield f"{paint.error}error[self-test]{paint.off}: {SELF_TEST_FAILED}"


def problems(one: Proved) -> list[tuple[str, str]]:
    """What is wrong with a contract, as (code, sentence): each finding, or why it is not judged."""
    judged = one.shown
    at = _when(judged, one)
    if one.kind == "not judged":
        return [("not-judged", f"{judged.judgement.why_not or 'the plan could not be read'}{at}")]
    code = "" if one.kind == "unbounded" else "skew"
    found = [(code or finding.fault.replace(" ", "-"), finding.text + at) for finding in judged.judgement.findings]
    return found or [(code or "unbounded", f"reads {count(judged.judgement.rows_read)} rows{at}")]


# ── the table ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def table(proved: Sequence[Proved], growths: Sequence[float], paint: Paint) -> Iterator[str]:
    """A line a contract: its kind at each growth, the rows that it reads at the smallest, the indexes it reads."""
    rows = [["contract", *(f"{growth:g}x" for growth in growths), "rows read", "through"]]
    for one in proved:
        name = plain(one.contract.name)
        rows.append(
            [
                name if len(name) <= _NAME else name[: _NAME - 1] + "…",
                *(one.kind_at(growth) for growth in growths),
                count(one.rows_read) if one.kind != "not judged" else "",
                _through(one.indexes),
            ]
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    for number, row in enumerate(rows):
        cells = []
        for column, (text, width) in enumerate(zip(row, widths, strict=False)):
            padded = text.rjust(width) if column == len(row) - 2 else text.ljust(width)
            colour = paint.strong if number == 0 else _colour(row[column], paint) if column else ""
            cells.append(f"{colour}{padded}{paint.off}" if colour else padded)
        last = f"{paint.strong}{row[-1]}{paint.off}" if number == 0 else row[-1]
        yield "  ".join([*cells, last]).rstrip()


def _through(indexes: Sequence[IndexName]) -> str:
    names = [plain(name) for _, name in indexes]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _colour(kind: str, paint: Paint) -> str:
    return {
        "bounded": paint.good,
        "skew": paint.warning,
        "not judged": paint.warning,
        "unbounded": paint.error,
    }.get(kind, "")


# ── a contract ────────────────────────────────────────────────────────────────────────────────────────────────────────


def paragraph(proof: Proof, one: Proved, paint: Paint, *, plans: bool, is_known: bool) -> Iterator[str]:
    """One contract with its findings, its plan where it is needed, and its ways out."""
    colour, off = _colour(one.kind, paint), paint.off
    known = " (the baseline knows it)" if is_known else ""
    where = plain(one.contract.place.where())
    yield f"{colour}{one.kind}{off}: {paint.strong}{plain(one.contract.name)}{off}{known}"
    yield f"{paint.frame}  -->{off} {where}{_calls(one)}"
    if one.kind != "bounded":
        for _, text in problems(one):
            yield f"  {plain(text)}"
    for finding, waiver in one.shown.judgement.waived:
        yield f"  allowed ({waiver.allows}): {plain(waiver.reason)}; it {plain(finding.text)}"
    if plans or one.kind == "unbounded":
        judgement = one.shown.judgement
        yield ""
        for line in tree(one.shown.plan, judgement.findings, paint):
            yield f"    {line}"
    for offer in proof.offers_for(one.contract.name):
        yield ""
        yield from _offer(offer, paint)


def _calls(one: Proved) -> str:
    """What a live server said of it."""
    contract = one.contract
    if contract.calls is None:
        return ""
    mean = f", {contract.mean_ms:.1f} ms each" if contract.mean_ms is not None else ""
    return f" ({_counted(contract.calls, 'call')}{mean})"


def _when(judged: Judged, one: Proved) -> str:
    """Which of its plans it is about, where that is not all of them."""
    kinds = {other.judgement.kind for other in one.judged}
    grown = one.kind_at(one.growths[0]) != judged.judgement.kind
    mode = {other.mode for other in one.judged if other.judgement.kind == judged.judgement.kind}
    said = [f"at {judged.growth:g}x"] * grown
    if len(kinds) > 1 and len(mode) == 1 and len({other.mode for other in one.judged}) > 1:
        said.append("with the sample values" if judged.mode == "literal" else "in the plan for any value")
    return f" ({', '.join(said)})" if said else ""


def _offer(offer: Offer, paint: Paint) -> Iterator[str]:
    yield f"  {paint.help}{'way out' if offer.kind != 'none' else 'no way out'}{paint.off}: {plain(offer.text)}"
    for line in offer.sql.splitlines():
        yield f"    {line}"
    if offer.schema_line:
        yield f"    {paint.frame}in the schema{f', model {offer.model}' if offer.model else ''}:{paint.off}"
        yield f"    {offer.schema_line}"


def _advice(offers: Sequence[Offer]) -> str:
    first = next((offer for offer in offers if offer.sql), None)
    return f" ({plain(' '.join(first.sql.split()))})" if first else ""


# ── what came of the rest ─────────────────────────────────────────────────────────────────────────────────────────────


def compared(proof: Proof, paint: Paint) -> Iterator[str]:
    """What is worse, better and gone since the baseline."""
    comparison = proof.comparison
    if comparison is None:
        return
    for change in comparison.worse:
        yield f"{paint.error}worse{paint.off}: {plain(change.name)}: {plain(change.text)}"
    for change in comparison.better:
        yield f"{paint.good}better{paint.off}: {plain(change.name)}: {plain(change.text)}"
    for name in comparison.removed:
        yield f"removed: {plain(name)}, which the baseline has"
    for note in comparison.notes:
        yield f"{paint.warning}note{paint.off}: {plain(note)}"
    if comparison.better or comparison.removed:
        yield "next: pgready prove --update-baseline"


SELF_TEST_FAILED = (
    "the self-test failed: no dropped index was missed by any contract, so this proof could not have gone red"
)


def self_test(found: SelfTest, paint: Paint) -> Iterator[str]:
    """What came of dropping each index in turn."""
    if not found.dropped:
        yield "self-test: nothing to drop, since no bounded contract reads an index"
        return
    if found.failed:
        yield f"{paint.error}{SELF_TEST_FAILED}{paint.off}"
    else:
        indexes = "1 index" if len(found.dropped) == 1 else f"{len(found.dropped)} indexes"
        yield f"self-test: {indexes} dropped in turn, {found.red} missed by a contract that needs it"
        if found.together:
            yield f"  all at once they are missed by {_several(found.together)}"
    for one in found.replaceable:
        others = sorted({name for _, indexes in one.replaced for name in indexes})
        by = f"replaceable by {_names(others)}" if others else "replaceable by a scan, which is short enough"
        yield f"  {plain(one.index[1])}: {by} ({plural(len(one.contracts), 'contract')})"


def covered(coverage: Coverage, paint: Paint = PLAIN) -> Iterator[str]:
    """Paragraphs: which index serves what, which serves nothing, which are redundant, foreign keys without an index."""
    serving = [use for use in coverage.indexes if use.contracts]
    if serving:
        lines = [f"{plain(_index(use.owned))}: {_several(use.contracts)}" for use in serving]
        yield _section("indexes and the contracts they serve", lines, paint)
    if coverage.idle:
        yield _section(
            "indexes that serve no contract",
            [f"{plain(_index(use.owned))}{_cost(use.cost)}" for use in coverage.idle],
            paint,
        )
    if coverage.redundant:
        yield _section(
            "redundant indexes",
            [
                f"{plain(_index(one.owned))}: "
                + ("the same as " if one.why == "duplicate" else "a beginning of ")
                + f"{plain(_columns(one.by))}{_cost(one.cost)}"
                for one in coverage.redundant
            ],
            paint,
        )
    if coverage.foreign_keys:
        yield _section(
            "foreign keys without an index: each DELETE of a parent reads the whole table",
            [
                f"{plain(str(one.table))} ({plain(', '.join(one.key.columns))}): {one.create}"
                for one in coverage.foreign_keys
            ],
            paint,
        )


def _section(heading: str, lines: Sequence[str], paint: Paint) -> str:
    return "\n".join([f"{paint.strong}{heading}{paint.off}", *(f"  {line}" for line in lines)])


def _index(owned: OwnedIndex) -> str:
    role = f" [{owned.role}]" if owned.role else ""
    return f"{owned.table}: {_columns(owned)}{role}"


def _columns(owned: OwnedIndex) -> str:
    index = owned.index
    method = f" {index.method}" if index.method != "btree" else ""
    columns = ", ".join(column.text + (" DESC" if column.descending else "") for column in index.columns)
    where = f" WHERE {index.where}" if index.where else ""
    return f"{index.name}{method} ({columns}){where}"


def _cost(cost: LiveCost | None) -> str:
    if cost is None:
        return ""
    return f"; live: {_bytes(cost.size)}, {_counted(cost.scans, 'scan')}, {_counted(cost.writes, 'write')}"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' if count != 1 else ''}"


def _bytes(size: int) -> str:
    number, unit = float(size), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):  # noqa: B007 - the last one stays
        if number < 1024 or unit == "TB":
            break
        number /= 1024
    return f"{number:,.0f} {unit}"


def _names(indexes: Sequence[IndexName]) -> str:
    return ", ".join(plain(name) for _, name in indexes)


def _several(names: Sequence[str]) -> str:
    shown = [plain(name) for name in names[:6]]
    return ", ".join(shown) + (f" and {len(names) - 6} more" if len(names) > 6 else "")


def last_word(proof: Proof) -> str:
    """`12 contracts: 10 bounded, 1 skew, 1 unbounded`, and what stands beside the verdicts."""
    kinds: tuple[Kind, ...] = ("bounded", "skew", "not judged", "unbounded")
    parts = [f"{len(proof.of_kind(kind))} {kind}" for kind in kinds if proof.of_kind(kind)]
    known = len(list(proof.excused()))
    parts += [f"{known} of these known to {PurePath(proof.baseline).name}"] * bool(known)
    counted = f"{plural(len(proof.proved), 'contract')}: {', '.join(parts) or 'none of them valid'}"
    return f"{counted}; beside these {said(proof.refused)}" if proof.refused else counted
