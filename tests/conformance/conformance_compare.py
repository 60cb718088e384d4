"""pgready's answer beside Prisma's: what differs in verdict, offending lines, formatted text and DMMF."""

import json
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from conformance_cases import Case
from conformance_parsers import Finding, Parsers, Style, Verdict
from dmmf import render

Kind = Literal["crash", "style", "verdict", "lines", "warnings", "format", "format of invalid", "dmmf"]
# What a schema with errors looks like when it is formatted is no promise; the report tells it all the same.
STYLES: tuple[Style, Style] = (6, 7)
# Of these pgready reads and formats the language, and judges nothing.
OTHERS = frozenset(("mysql", "sqlite", "sqlserver", "cockroachdb", "mongodb"))
TOLD_ONLY: frozenset[Kind] = frozenset({"format of invalid"})


@dataclass(frozen=True)
class Difference:
    """One difference: `theirs` and `ours` are lines that only one side has, or what is to be seen at the first."""

    case: Case
    kind: Kind
    theirs: tuple[str, ...]
    ours: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    """Prisma's and pgready's findings that the other side lacks."""


def pgready(case: Case) -> Verdict:
    """What pgready makes of it; `panic` holds the traceback of what should never be raised."""
    from pgready.psl.analyse import analyse
    from pgready.psl.format import format_schema
    from pgready.psl.source import Source

    sources = [Source(path, text) for path, text in case.files]
    try:
        analysis = analyse(sources)
        findings = tuple(
            Finding(
                one.span.source.path,
                one.span.source.position(one.span.start)[0],
                one.message,
                one.severity == "warning",
                one.code,
            )
            for one in analysis.diagnostics
        )
        texts = format_schema(sources)
        formatted = tuple((source.path, text) for source, text in zip(sources, texts, strict=True))
        dmmf = render(analysis.schema) if analysis.schema is not None else None
        return Verdict(findings, formatted, dmmf, style=analysis.style, provider=analysis.provider)
    except Exception:
        return Verdict((), panic=traceback.format_exc(limit=-3), style=case.style)


@dataclass(frozen=True)
class Comparison:
    """Everything that differs, and how many of the schemas Prisma takes for valid."""

    differences: list[Difference]
    valid: int


def compare(cases: Sequence[Case], parsers: Parsers) -> Comparison:
    """Hold each case's answers against each other."""
    ours = [pgready(case) for case in cases]
    theirs: list[Verdict | None] = [None] * len(cases)
    for style in STYLES:
        places = [at for at, our in enumerate(ours) if our.style == style]
        files = [cases[at].files for at in places]
        for at, verdict in zip(places, parsers.judge(style, files), strict=True):
            theirs[at] = verdict
    found: list[Difference] = []
    for case, our, their in zip(cases, ours, theirs, strict=True):
        assert their is not None
        if our.panic:
            found.append(Difference(case, "crash", (), tuple(our.panic.strip().splitlines())))
        else:
            found += differences(case, our, their)
    # The style is read off the schema: what is valid for one engine only is of that one's style.
    for style in STYLES:
        doubtful = [
            (case, our)
            for case, our, their in zip(cases, ours, theirs, strict=True)
            if our.style != style and their and not their.valid
        ]
        answers = parsers.ask(style, [case.files for case, _ in doubtful], "lint")
        for (case, our), answer in zip(doubtful, answers, strict=True):
            if isinstance(answer["lint"], list) and all(one["is_warning"] for one in answer["lint"]):
                found.append(Difference(case, "style", (f"valid for {style} only",), (f"taken for {our.style}",)))
    return Comparison(found, sum(their is not None and their.valid for their in theirs))


def differences(case: Case, our: Verdict, their: Verdict) -> list[Difference]:
    """What differs in one case."""
    if their.panic:
        return []
    if our.provider in OTHERS:
        same = our.formatted == their.formatted
        return [] if same else [Difference(case, "format", *_first(their.formatted, our.formatted))]
    found = [
        each for each in (_lines(case, our, their, warnings=False), _lines(case, our, their, warnings=True)) if each
    ]
    if their.formatted is not None and our.formatted != their.formatted:
        found.append(
            Difference(case, "format" if their.valid else "format of invalid", *_first(their.formatted, our.formatted))
        )
    if their.valid and our.valid and our.dmmf != their.dmmf:
        found.append(Difference(case, "dmmf", *_first_value(their.dmmf, our.dmmf)))
    return found


def _lines(case: Case, our: Verdict, their: Verdict, *, warnings: bool) -> Difference | None:
    left, right = their.lines(warnings=warnings), our.lines(warnings=warnings)
    if left == right:
        return None
    kind: Kind = "warnings" if warnings else "lines" if our.valid == their.valid else "verdict"
    lacking = [one for one in their.findings if one.is_warning == warnings and (one.path, one.line) not in right]
    more = [one for one in our.findings if one.is_warning == warnings and (one.path, one.line) not in left]
    return Difference(case, kind, _told(lacking), _told(more), tuple(lacking + more))


def _told(findings: Sequence[Finding]) -> tuple[str, ...]:
    return tuple(f"{one.path}:{one.line}: {one.code}{': ' if one.code else ''}{one.text}" for one in findings)


def _first(theirs: Any, ours: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The first lines that differ in two formatted schemas."""
    for (path, left), (_, right) in zip(theirs, ours or (("", ""),), strict=False):
        a, b = left.split("\n"), right.split("\n")
        for number in range(max(len(a), len(b))):
            one, other = (text[number] if number < len(text) else None for text in (a, b))
            if one != other:
                return (f"{path}:{number + 1}: {one!r}",), (f"{path}:{number + 1}: {other!r}",)
    return (f"{len(theirs)} files",), (f"{len(ours or ())} files",)


def _first_value(theirs: Any, ours: Any, at: str = "") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where two values first differ."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in [*theirs, *(key for key in ours if key not in theirs)]:
            if key not in theirs or key not in ours or theirs[key] != ours[key]:
                return _first_value(theirs.get(key, "absent"), ours.get(key, "absent"), f"{at}.{key}")
    if isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for number, (one, other) in enumerate(zip(theirs, ours, strict=True)):
            if one != other:
                name = one.get("name", number) if isinstance(one, dict) else number
                return _first_value(one, other, f"{at}[{name}]")
    return (f"{at}: {json.dumps(theirs)[:300]}",), (f"{at}: {json.dumps(ours, default=str)[:300]}",)
