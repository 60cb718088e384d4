"""Parity for machines and for pull requests: JSON, SARIF 2.1.0, GitHub's commands, Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pgready.errors import PgreadyError
from pgready.parity.model import WEIGHTS, Finding, reaches
from pgready.parity.result import ParityResult, SideResult
from pgready.report.annotations import command, sarif_log
from pgready.report.excerpt import mask
from pgready.report.markdown import cell, line
from pgready.report.parity import objects, told, values_of, verdict
from pgready.report.story import plural

_LEVELS = {"breaks": "error", "opens": "error", "slows": "warning", "cosmetic": "note"}


def as_dict(result: ParityResult) -> dict[str, object]:
    """One object; `equal` is null where nothing that was seen differs, and not all was seen."""
    return {
        "equal": result.equal,
        "failed": result.failed,
        "threshold": result.threshold,
        "reference": result.reference.name,
        "counts": {weight: sum(side.count(weight) for side in result.sides) for weight in WEIGHTS},
        "sides": [_side(one) for one in result.sides],
        "expired": [_rule(one) for one in result.expired],
        "unused": [_rule(one) for one in result.unused],
    }


def _side(side: SideResult) -> dict[str, object]:
    found: dict[str, object] = {
        "name": side.name,
        "kind": side.kind,
        "fingerprint": side.fingerprint,
        "findings": [finding(one) for one in side.findings],
        "ignored": [{**finding(one), "rule_of": _rule(rule)} for one, rule in side.ignored],
        "environment": dict(side.environment),
        "not_compared": list(side.limits),
        "not_seen": list(side.unseen),
    }
    if side.objects:
        found["objects"] = dict(side.objects)
    if side.fix:
        found["fix"] = side.fix
    return found


def finding(one: Finding) -> dict[str, object]:
    """One finding as data."""
    return {
        "weight": one.weight,
        "rule": one.rule,
        "object": one.object,
        "kind": one.address[0],
        "name": list(one.address[1:]),
        "how": one.how,
        "because": one.because,
        "details": [{"name": each.name, "reference": each.reference, "side": each.side} for each in one.details],
    }


def _rule(rule: object) -> dict[str, str]:
    names = ("object", "reason", "until", "side", "where")
    return {name: str(getattr(rule, name)) for name in names}


def as_json(result: ParityResult) -> str:
    """The object as text."""
    return json.dumps(as_dict(result), ensure_ascii=False, indent=2)


def github(result: ParityResult) -> Iterator[str]:
    """A workflow command for each finding."""
    for side, one in _all(result):
        level = {"note": "notice"}.get(_LEVELS[one.weight], _LEVELS[one.weight])
        yield command(level, {"title": f"pgready: {one.rule}"}, f"{side.name}: {told(one)}: {one.because}")


def sarif(result: ParityResult | None, version: str, trouble: PgreadyError | None = None) -> str:
    """A SARIF log of one run; a finding's place is its object on its side."""
    found = list(_all(result)) if result is not None else []
    rules = sorted({one.rule for _, one in found})
    results = [_result(side, one, rules.index(one.rule)) for side, one in found]
    return sarif_log(version, [{"id": rule} for rule in rules], results, () if trouble is None else (trouble,))


def _result(side: SideResult, one: Finding, index: int) -> dict[str, object]:
    values = "; ".join(values_of(one))
    text = f"{side.name}: {told(one)}: {one.because}{f' ({values})' if values else ''}"
    place = {"fullyQualifiedName": f"{side.name}: {one.object}", "kind": one.address[0]}
    return {
        "ruleId": one.rule,
        "ruleIndex": index,
        "level": _LEVELS[one.weight],
        "message": {"text": mask(text)},
        "locations": [{"logicalLocations": [place]}],
    }


def _all(result: ParityResult) -> Iterator[tuple[SideResult, Finding]]:
    for side in result.sides:
        yield from ((side, one) for one in side.findings)


def markdown(result: ParityResult) -> str:
    """For a pull request: the verdict, a matrix, each side's findings, and a diagram of the tables that differ."""
    mark = "❌" if result.failed else "✅"
    parts = [f"### {mark} pgready parity: {line(verdict(result))}"]
    if result.findings:
        names = [side.name for side in result.sides[1:]]
        rows = [f"| object | {' | '.join(line(name) for name in names)} |", f"|---|{'---|' * len(names)}"]
        for name, cells in objects(result).items():
            shown = " | ".join(cells.get(each, "=") for each in names)
            rows.append(f"| {cell(name)} | {shown} |")
        if len(rows) > 2:
            parts.append("\n".join(rows))
    for side in result.sides:
        parts += _markdown_of(side, result)
    for rule in result.expired:
        parts.append(f"**An ignore rule ended on {rule.until}**: {cell(rule.object)} ({cell(rule.reason)})")
    return "\n\n".join(parts) + "\n"


def _markdown_of(side: SideResult, result: ParityResult) -> Iterator[str]:
    if side.findings:
        lines = [f"<details><summary>{line(side.name)}: {plural(len(side.findings), 'difference')}</summary>\n"]
        for one in side.findings:
            strong = "**" if reaches(one.weight, result.threshold) else ""
            values = "".join(f"<br>{cell(value)}" for value in values_of(one))
            lines.append(f"- {strong}{one.weight}{strong} {cell(told(one))}: {cell(one.because)}{values}")
        yield "\n".join([*lines, "\n</details>"])
    if side.diagram:
        yield f"```mermaid\n{side.diagram}```"
    told_too = [f"not compared: {cell(text)}" for text in side.limits]
    told_too += [f"not seen: {cell(text)}" for text in side.unseen]
    if side.ignored:
        told_too.append(f"{plural(len(side.ignored), 'difference')} ignored by a rule")
    if told_too:
        yield "\n".join([f"{line(side.name)}:", *(f"- {text}" for text in told_too)])
