"""Step 3: what a fresh boot made, what upgrades made and what the schema says are one and the same structure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pgready.commands.parity.run import parity
from pgready.commands.sides import Project
from pgready.commands.smoke.context import Failed, Run, Shown, Skipped
from pgready.parity.model import Finding
from pgready.parity.result import ParityResult
from pgready.report.story import plural, silent

_SHOWN = 15


def agree(run: Run) -> tuple[Shown, ParityResult]:
    """Hold them against each other; raises Differs.

    Upgraded databases have to be as a fresh one in everything, the schema as far as the settings' threshold asks.
    """
    run.doing("schema and databases are read")
    project = Project({**run.flags, "url": run.ground.url(run.fresh), "direct_url": run.ground.url(run.fresh)})
    project.environ = run.environ()
    names = ["a fresh boot", *(f"upgraded from {ref}" for ref in run.upgraded)]
    words = [run.ground.url(word) for word in (run.fresh, *run.upgraded.values())]
    results = []
    lines: list[str] = []
    if _has_models(run):
        results.append(_named(parity(["schema", words[0]], project, silent), ["the schema", names[0]]))
    else:
        lines.append("the schema was not compared: it holds no models")
    if run.upgraded:
        results.append(_named(parity(words, project, silent, threshold="cosmetic"), names))
    data: dict[str, object] = {"sides": ["schema"] * (not lines) + names}
    for result in results:
        lines += _lines(result)
    if not results:
        raise Skipped("there is nothing to compare: the schema holds no models, and nothing was upgraded")
    data["findings"] = [
        {"side": side.name, "object": one.object, "how": one.how, "weight": one.weight, "because": one.because}
        for result in results
        for side in result.sides
        for one in side.findings
    ]
    bad = [one for one in results if one.failed]
    if bad:
        count = sum(len(side.findings) for one in bad for side in one.sides)
        raise Differs(f"{plural(count, 'difference')}: {' and '.join(_apart(one) for one in bad)}", lines, data, bad[0])
    compared = ["the schema"] * ("schema" in str(data["sides"])) + names
    return Shown(f"{' = '.join(compared)}", tuple(lines), data), results[0]


class Differs(Failed):
    """Two sides are not the same; `result` is what was found, for the report page."""

    def __init__(self, text: str, lines: Sequence[str], data: dict[str, object], result: ParityResult) -> None:
        super().__init__(text, lines, data)
        self.result = result


def _has_models(run: Run) -> bool:
    from pgready.commands.generate import _schema

    if not run.settings(run.fresh).schema_files:
        return False
    schema = _schema(run.flags, run.cwd)
    return bool(schema.models or schema.enums)


def _named(result: ParityResult, names: Sequence[str]) -> ParityResult:
    sides = tuple(replace(side, name=name) for side, name in zip(result.sides, names, strict=True))
    return replace(result, sides=sides)


def _apart(result: ParityResult) -> str:
    others = [side.name for side in result.sides[1:] if side.findings]
    if not others:
        return f"an ignore rule past its day ({', '.join(rule.object for rule in result.expired)})"
    return f"{', '.join(others)} and {result.reference.name}"


def _lines(result: ParityResult) -> list[str]:
    found = []
    for side in result.sides:
        listed = [f"{side.name}: {_words(one)}" for one in side.findings]
        found += listed[:_SHOWN]
        if len(listed) > _SHOWN:
            found.append(f"{side.name}: … and {len(listed) - _SHOWN} more")
        if side.ignored:
            found.append(f"{side.name}: {plural(len(side.ignored), 'finding')} ignored by rules of the settings")
    return found


def _words(one: Finding) -> str:
    details = "; ".join(f"{it.name} {it.reference or '-'} ≠ {it.side or '-'}" for it in one.details[:2])
    return f"{one.weight}: {one.object} {one.how}{f' ({details})' if details else ''}: {one.because}"
