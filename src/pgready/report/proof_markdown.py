"""A proof as Markdown, for a GitHub step summary: the contracts as a table, and what is not bounded with its plan."""

from __future__ import annotations

from collections.abc import Iterator

from pgready.proof.result import Proof, Proved
from pgready.report.diagnostics import PLAIN, concise
from pgready.report.markdown import cell
from pgready.report.proof import compared, last_word, problems, self_test
from pgready.report.proof_plan import count, tree

_MARKS = {"bounded": "✅", "skew": "⚠️", "not judged": "⚠️", "unbounded": "❌"}
_MOST = 50
"""Plans beyond so many are left to the page: GitHub refuses a summary above one mebibyte."""
_LONGEST = 8000
"""Characters of a plan."""


def markdown(proof: Proof) -> str:
    """The whole of it; it ends with a line ending. No text of the user's can become markup."""
    parts = [f"### {'✅' if proof.exit_code == 0 else '❌'} pgready prove: {cell(last_word(proof))}"]
    if proof.proved:
        growths = "".join(f" {growth:g}x |" for growth in proof.growths)
        lines = [f"| | contract |{growths} rows read | through |", f"|---|---|{'---|' * len(proof.growths)}---:|---|"]
        parts.append("\n".join([*lines, *(_row(proof, one) for one in proof.proved)]))
    shown = [one for one in proof.proved if one.kind != "bounded"]
    excused = {one.contract.name for one in proof.excused()}
    for one in shown[:_MOST]:
        parts += _details(proof, one, is_known=one.contract.name in excused)
    if len(shown) > _MOST:
        parts.append(f"… and {len(shown) - _MOST} more")
    beside = [*concise(proof.refused, PLAIN), *compared(proof, PLAIN)]
    if proof.self_test is not None:
        beside += self_test(proof.self_test, PLAIN)
    if beside:
        parts.append("\n".join(f"- {cell(line.strip())}" for line in beside))
    return "\n\n".join(parts) + "\n"


def _row(proof: Proof, one: Proved) -> str:
    kinds = "".join(f" {one.kind_at(growth)} |" for growth in proof.growths)
    read = count(one.rows_read) if one.kind != "not judged" else ""
    through = ", ".join(cell(name) for _, name in one.indexes)
    return f"| {_MARKS[one.kind]} | {cell(one.contract.name)} |{kinds} {read} | {through} |"


def _details(proof: Proof, one: Proved, *, is_known: bool) -> Iterator[str]:
    known = " (the baseline knows it)" if is_known else ""
    opened = " open" if one.kind == "unbounded" and not is_known else ""
    lines = [
        f"<details{opened}><summary>{one.kind}: {cell(one.contract.name)}{known}</summary>",
        "",
        f"{cell(one.contract.place.where())}",
        "",
        *(f"- {cell(text)}" for _, text in problems(one)),
    ]
    if one.kind == "unbounded":
        lines += ["", *_fenced("text", "\n".join(tree(one.shown.plan, one.shown.judgement.findings, PLAIN)))]
    for offer in proof.offers_for(one.contract.name):
        lines += ["", f"{'way out' if offer.kind != 'none' else 'no way out'}: {cell(offer.text)}"]
        if offer.sql:
            lines += ["", *_fenced("sql", offer.sql)]
        if offer.schema_line:
            model = f", model {cell(offer.model)}" if offer.model else ""
            lines += ["", f"in the schema{model}:", "", *_fenced("prisma", offer.schema_line)]
    yield "\n".join([*lines, "", "</details>"])


def _fenced(language: str, text: str) -> list[str]:
    """A block of code that its own text cannot end."""
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n…"
    fence = "```"
    while fence in shown:
        fence += "`"
    return [f"{fence}{language}", shown.strip("\n"), fence]
