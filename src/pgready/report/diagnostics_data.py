"""Diagnostics for machines: our own JSON, GitHub's workflow commands, SARIF 2.1.0.

Lines and columns are 1-based and count characters; an end is the place behind the last character. A `trouble` is an
error that kept the files from being read at all: it stands in for the verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pgready.errors import PgreadyError
from pgready.psl.diagnostics import Diagnostic
from pgready.psl.rules.rule import Rule
from pgready.report.annotations import command, dumped, location, sarif_log, trouble_command
from pgready.report.excerpt import mask, plain
from pgready.report.line_hashes import line_hashes


def as_json(diagnostics: Sequence[Diagnostic], about: Mapping[str, object], trouble: PgreadyError | None = None) -> str:
    """One object: `valid`, what is in `about`, `errors`, `warnings`, `diagnostics`, and `error` for a trouble."""
    errors = sum(found.severity == "error" for found in diagnostics)
    data: dict[str, object] = {
        "valid": not errors and trouble is None,
        **about,
        "errors": errors,
        "warnings": len(diagnostics) - errors,
        "diagnostics": [as_dict(found) for found in diagnostics],
    }
    if trouble is not None:
        data["error"] = trouble.as_dict()
    return dumped(data)


def github(diagnostics: Sequence[Diagnostic], trouble: PgreadyError | None = None) -> Iterator[str]:
    """A workflow command for each diagnostic, which GitHub shows beside the line."""
    for found in diagnostics:
        line, column, end_line, end_column = _region(found)
        # GitHub's end column is the last one, and counts only where begin and end are on one line.
        columns = {"col": column, "endColumn": max(end_column - 1, column)} if line == end_line else {"col": column}
        place = {"file": found.span.source.path, "line": line, "endLine": end_line, **columns}
        advice = f"\nhelp: {plain(found.help)}" if found.help else ""
        yield command(found.severity, {**place, "title": f"pgready: {found.code}"}, plain(found.message) + advice)
    if trouble is not None:
        yield trouble_command(trouble)


def sarif(
    diagnostics: Sequence[Diagnostic], rules: Mapping[str, Rule], version: str, trouble: PgreadyError | None = None
) -> str:
    """A SARIF log of one run; `rules` describes the codes that were found."""
    codes = sorted({found.code for found in diagnostics})
    indexes = {code: number for number, code in enumerate(codes)}
    return sarif_log(
        version,
        [_sarif_rule(code, rules.get(code)) for code in codes],
        [sarif_result(found, indexes[found.code]) for found in diagnostics],
        () if trouble is None else (trouble,),
    )


def as_dict(found: Diagnostic) -> dict[str, object]:
    """One diagnostic as data; its keys never change."""
    line, column, end_line, end_column = _region(found)
    return {
        "code": found.code,
        "severity": found.severity,
        "message": mask(found.message),
        "help": mask(found.help),
        "file": found.span.source.path,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
    }


def _region(found: Diagnostic) -> tuple[int, int, int, int]:
    source = found.span.source
    return *source.position(found.span.start), *source.position(found.span.end)


def _sarif_rule(code: str, rule: Rule | None) -> dict[str, object]:
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.explanation},
        "defaultConfiguration": {"level": rule.severity},
    }


def sarif_result(
    found: Diagnostic, index: int, *, known_by: Mapping[str, str] | None = None, is_whole_file: bool = True
) -> dict[str, object]:
    """One result of a SARIF log; `index` is that of its rule.

    `known_by` are fingerprints beside that of its line, which only a source that is the whole file has.
    """
    line, column, end_line, end_column = _region(found)
    region = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
    text = mask(found.message) + (f"\nhelp: {mask(found.help)}" if found.help else "")
    hashes = line_hashes(found.span.source.text) if is_whole_file else ()
    known = {"primaryLocationLineHash": hashes[line - 1]} if line <= len(hashes) else {}
    known |= known_by or {}
    return {
        "ruleId": found.code,
        "ruleIndex": index,
        "level": found.severity,
        "message": {"text": text},
        "locations": [location(found.span.source.path, region)],
        **({"partialFingerprints": known} if known else {}),
    }
