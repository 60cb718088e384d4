"""The report page's proofs: each contract with its verdict by growth, its findings, and its plans as trees."""

from __future__ import annotations

from collections.abc import Iterator

from pgready.proof.plan_tree import PlanNode
from pgready.proof.result import Judged, Offer, Proof, Proved
from pgready.proof.verdict import Finding, Kind
from pgready.report.erd.svg_text import safe
from pgready.report.page.model import Page
from pgready.report.page.text import badge, lines, section, table, tile
from pgready.report.proof_plan import count, plural_rows, title
from pgready.report.story import plural

_TONES: dict[Kind, str] = {"bounded": "good", "skew": "slows", "not judged": "plain", "unbounded": "breaks"}
_CONDITIONS = (
    ("index_condition", "index condition"),
    ("recheck", "recheck"),
    ("filter", "filter"),
    ("join_filter", "join filter"),
)


def proof_section(page: Page) -> str:
    """The section; "" without a proof."""
    proof = page.proof
    if proof is None:
        return ""
    body = [f'<ul class="tiles">{"".join(_tiles(proof))}</ul>', *_refused(proof)]
    if proof.proved:
        head = ["contract", *(f"{growth:g}\u00d7" for growth in proof.growths), "rows read", "through"]
        body.append(table(head, (_row(proof, number, one) for number, one in enumerate(proof.proved)), "verdicts"))
    body += [_contract(proof, number, one) for number, one in enumerate(proof.proved)]
    body += _self_test(proof)
    where = " · ".join(one for one in (proof.ground, proof.profile) if one)
    return section("proofs", "Proofs", body, f"{plural(len(proof.proved), 'query contract')}. {safe(where)}")


def _tiles(proof: Proof) -> Iterator[str]:
    for kind, tone in _TONES.items():
        found = len(proof.of_kind(kind))
        if found or kind == "bounded":
            yield tile(str(found), kind, tone if found else "")
    if proof.self_test is not None:
        tone = "breaks" if proof.self_test.failed else "good"
        yield tile(f"{proof.self_test.red}/{len(proof.self_test.dropped)}", "planted faults seen", tone)


def _refused(proof: Proof) -> Iterator[str]:
    for one in proof.refused:
        shown = f'<span class="mono">{safe(one.span.where())}</span> {safe(one.message)}'
        advice = f' <span class="quiet">{safe(one.help)}</span>' if one.help else ""
        yield f'<p class="refused">{badge("breaks", "refused")} {shown}{advice}</p>'


def _row(proof: Proof, number: int, one: Proved) -> str:
    kinds = "".join(f"<td>{_verdict(one.kind_at(growth))}</td>" for growth in proof.growths)
    through = ", ".join(f'<span class="mono">{safe(name)}</span>' for _, name in one.indexes)
    read = count(one.rows_read) if one.judged else ""
    return (
        f'<tr><th scope="row"><a href="#contract-{number}">{safe(one.contract.name)}</a></th>{kinds}'
        f'<td class="figure">{read}</td><td>{through}</td></tr>'
    )


def _verdict(kind: Kind) -> str:
    return badge(_TONES[kind], kind)


def _contract(proof: Proof, number: int, one: Proved) -> str:
    contract = one.contract
    name = safe(contract.name)
    is_open = " open" if one.kind == "unbounded" else ""
    parts = [
        f'<details class="contract" id="contract-{number}" data-find="{name}" data-kind="contract"{is_open}>'
        f'<summary>{_verdict(one.kind)} <span class="mono">{name}</span> '
        f'<span class="quiet">{safe(contract.place.where())}</span></summary>',
        f'<pre class="sql">{lines(contract.sql)}</pre>',
    ]
    if one.judged:
        shown = one.shown
        parts += [_finding(finding) for finding in shown.judgement.findings]
        parts += [
            f'<p class="allowed">allowed ({waiver.allows}): {safe(waiver.reason)}; it {safe(finding.text)}</p>'
            for finding, waiver in shown.judgement.waived
        ]
        if shown.judgement.why_not:
            parts.append(f'<p class="allowed">not judged: {safe(shown.judgement.why_not)}</p>')
        parts.append(_plan(shown))
        parts += _others(one, shown)
    parts += [_offer(offer) for offer in proof.offers_for(contract.name)]
    return "".join(parts) + "</details>"


def _finding(finding: Finding) -> str:
    tone = "slows" if finding.is_skew else "breaks"
    return f'<p class="fault">{badge(tone, finding.fault)} {safe(finding.text)}</p>'


def _others(one: Proved, shown: Judged) -> Iterator[str]:
    """The plans of other growths and modes that are not the same as one before them."""
    seen = [shown.plan]
    for judged in one.judged:
        if not any(_shape(judged.plan) == _shape(plan) for plan in seen):
            seen.append(judged.plan)
            yield f"<details><summary>at {judged.growth:g}\u00d7, {judged.mode}</summary>{_plan(judged)}</details>"


def _shape(plan: PlanNode) -> list[tuple[str, object, str, str]]:
    return [(one.kind, one.relation, one.index, one.index_condition) for _, one in plan.walk()]


def _plan(judged: Judged) -> str:
    marks: dict[tuple[int, ...], list[Finding]] = {}
    for finding in judged.judgement.findings:
        marks.setdefault(finding.path, []).append(finding)
    caption = f"{judged.growth:g}\u00d7, {judged.mode}, reads {plural_rows(judged.judgement.rows_read)}"
    return (
        f'<figure class="plan"><figcaption>{caption}</figcaption>'
        f"<ul>{_node(judged.plan, (), marks)}</ul></figure>"
    )  # fmt: skip


def _node(node: PlanNode, path: tuple[int, ...], marks: dict[tuple[int, ...], list[Finding]]) -> str:
    found = marks.get(path, [])
    tone = ("slows" if all(one.is_skew for one in found) else "breaks") if found else ""
    name = safe(title(node))
    head = f"{safe(node.subplan_name)}: " if node.subplan_name else ""
    said = "".join(
        f" {badge('slows' if one.is_skew else 'breaks', f'{one.fault}: {count(one.rows)} rows')}" for one in found
    )  # fmt: skip
    conditions = "".join(
        f'<div class="condition">{label}: {safe(getattr(node, field))}</div>'
        for field, label in _CONDITIONS
        if getattr(node, field)
    )
    below = "".join(_node(child, (*path, number), marks) for number, child in enumerate(node.children))
    children = f"<ul>{below}</ul>" if below else ""
    return (
        f'<li><div class="node {tone}"><span>{head}{name}</span> <small>{plural_rows(node.rows)}</small>{said}'
        f"{conditions}</div>{children}</li>"
    )


def _offer(offer: Offer) -> str:
    words = "no way out" if offer.kind == "none" else "way out"
    sql = f'<pre class="sql">{lines(offer.sql)}</pre>' if offer.sql else ""
    line = f'<pre class="sql">{lines(offer.schema_line)}</pre>' if offer.schema_line else ""
    tone = "plain" if offer.kind == "none" else "good"
    return f'<div class="offer">{badge(tone, words)} {safe(offer.text)}{sql}{line}</div>'


def _self_test(proof: Proof) -> Iterator[str]:
    test = proof.self_test
    if test is None or not test.dropped:
        return
    rows = "".join(
        f'<tr><th scope="row" class="mono">{safe(".".join(one.index))}</th>'
        f"<td>{badge('good', 'missed') if one.red else badge('plain', 'replaceable')}</td>"
        f"<td>{safe(', '.join(one.red or [name for name, _ in one.replaced]))}</td></tr>"
        for one in test.dropped
    )
    yield (
        f"<details><summary>Self-test: {'1 index' if len(test.dropped) == 1 else f'{len(test.dropped)} indexes'}"
        f" dropped in turn, {test.red} missed</summary>{table(['index', 'verdict', 'contracts'], [rows])}</details>"
    )
