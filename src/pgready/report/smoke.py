"""What a smoke run showed, as a value, and as lines, Markdown and JSON data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pgready.report.diagnostics import PLAIN, Paint
from pgready.report.story import plural, seconds

State = Literal["ok", "failed", "skipped"]
STEPS: Mapping[str, str] = {
    "replicas": "replicas boot at once from nothing",
    "upgrade": "older states with rows are upgraded",
    "parity": "fresh = upgraded = schema",
    "crash": "a boot is killed, another finishes",
    "models": "generated models are fresh and query",
    "prove": "query contracts hold",
    "services": "services start and answer",
    "self-test": "planted faults are found",
}
"""The steps in their order: the name that `--only` takes, and what is to be shown."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step: `text` says in a sentence what was seen, or why not; `lines` are details, `data` is for machines."""

    name: str
    state: State
    seconds: float
    text: str
    lines: tuple[str, ...] = ()
    data: Mapping[str, object] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What it is to show."""
        return STEPS[self.name]

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "name": self.name,
            "title": self.title,
            "state": self.state,
            "seconds": round(self.seconds, 3),
            "text": self.text,
            "details": list(self.lines),
            **({"data": dict(self.data)} if self.data else {}),
        }


@dataclass(frozen=True, slots=True)
class SmokeResult:
    """The whole run; `server` says what it ran on, `seed` is what the rows were made of."""

    steps: tuple[StepResult, ...]
    seconds: float
    server: str
    migrations: int
    seed: str

    @property
    def ok(self) -> bool:
        """No step failed, and one at least was run."""
        return not self.failed and any(one.state == "ok" for one in self.steps)

    @property
    def failed(self) -> tuple[StepResult, ...]:
        """The steps that did not show what they should."""
        return tuple(one for one in self.steps if one.state == "failed")

    @property
    def exit_code(self) -> int:
        """0, or 4 for findings."""
        return 0 if self.ok else 4

    @property
    def verdict(self) -> str:
        """The last word."""
        passed = sum(one.state == "ok" for one in self.steps)
        skipped = sum(one.state == "skipped" for one in self.steps)
        parts = [f"{plural(passed, 'step')} ok"]
        parts += [f"{len(self.failed)} failed: {', '.join(one.name for one in self.failed)}"] if self.failed else []
        parts += [f"{skipped} skipped"] if skipped else []
        if not passed and not self.failed:
            return "nothing was shown: every step was skipped"
        return f"{', '.join(parts)}, in {seconds(self.seconds)}"

    def as_json(self) -> str:
        """For `--json`."""
        data = {
            "ok": self.ok,
            "exit_code": self.exit_code,
            "seconds": round(self.seconds, 3),
            "server": self.server,
            "migrations": self.migrations,
            "seed": self.seed,
            "steps": [one.as_dict() for one in self.steps],
        }
        return json.dumps(data, ensure_ascii=False, indent=2)


_MARKS = {"ok": "✓", "failed": "✗", "skipped": "-"}


def human(result: SmokeResult, paint: Paint = PLAIN) -> Iterator[str]:
    """A line a step with its details below, the last word at the end."""
    for one in result.steps:
        yield from step_lines(one, paint)
    yield result.verdict


def step_lines(one: StepResult, paint: Paint = PLAIN) -> Iterator[str]:
    """A step and its details."""
    colour = {"ok": paint.good, "failed": paint.error, "skipped": ""}[one.state]
    off = paint.off if colour else ""
    took = "" if one.state == "skipped" else seconds(one.seconds)
    yield f"{colour}{_MARKS[one.state]}{off} {one.name:<9} {took:>8}  {one.text}"
    for line in one.lines:
        yield f"{'':23}{line}"


def github(result: SmokeResult) -> Iterator[str]:
    """Workflow commands: an error for each step that failed, a notice with the last word."""
    for one in result.failed:
        yield f"::error title=pgready smoke, {one.name}::{_escaped(chr(10).join((one.text, *one.lines)))}"
    yield f"::{'notice' if result.ok else 'error'} title=pgready smoke::{_escaped(result.verdict)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def markdown(result: SmokeResult) -> str:
    """For a pull request or a GitHub step summary."""
    mark = {"ok": "✅", "failed": "❌", "skipped": "⚪"}
    lines = [
        f"### pgready smoke: {result.verdict}",
        "",
        f"{plural(result.migrations, 'migration')} on {_cell(result.server)}",
        "",
        "| | step | time | |",
        "|---|---|---:|---|",
    ]
    for one in result.steps:
        took = "" if one.state == "skipped" else seconds(one.seconds)
        lines.append(f"| {mark[one.state]} | {one.name}: {one.title} | {took} | {_cell(one.text)} |")
    for one in result.steps:
        if one.lines:
            shown = "\n".join(one.lines).replace("```", "'''")
            opened = " open" if one.state == "failed" else ""
            lines += [
                "",
                f"<details{opened}><summary>{one.name}</summary>",
                "",
                "```text",
                shown,
                "```",
                "",
                "</details>",
            ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())
