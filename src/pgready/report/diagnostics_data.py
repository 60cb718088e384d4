"""Diagnostics for machines: our own JSON, GitHub's workflow commands, SARIF 2.1.0.

Lines and columns are 1-based and count characters; an end is the place behind the last character. A `trouble` is an
error that kept the files from being read at all: it stands in for the verdict.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from pgready.errors import PgreadyError
from pgready.psl.diagnostics import Diagnostic
from pgready.psl.rules.rule import Rule
from pgready.report.excerpt import mask, plain

_PLACE = re.compile(r"(?P<path>.+?)(?::(?P<line>\d+))?(?::(?P<column>\d+))?")
SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


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
    return _dumped(data)


def github(diagnostics: Sequence[Diagnostic], trouble: PgreadyError | None = None) -> Iterator[str]:
    """A workflow command for each diagnostic, which GitHub shows beside the line."""
    for found in diagnostics:
        line, column, end_line, end_column = _region(found)
        # GitHub's end column is the last one, and counts only where begin and end are on one line.
        columns = {"col": column, "endColumn": max(end_column - 1, column)} if line == end_line else {"col": column}
        place = {"file": found.span.source.path, "line": line, "endLine": end_line, **columns}
        advice = f"\nhelp: {plain(found.help)}" if found.help else ""
        yield _command(found.severity, {**place, "title": f"pgready: {found.code}"}, plain(found.message) + advice)
    if trouble is not None:
        path, line, column = _place(trouble.where)
        place = {"file": path, **({"line": line} if line else {}), **({"col": column} if column else {})}
        text = "\n".join(part for part in (trouble.what, trouble.excerpt, trouble.then) if part)
        yield _command("error", {**(place if path else {}), "title": f"pgready: {trouble.code}"}, mask(text))


def sarif(
    diagnostics: Sequence[Diagnostic], rules: Mapping[str, Rule], version: str, trouble: PgreadyError | None = None
) -> str:
    """A SARIF log of one run; `rules` describes the codes that were found."""
    codes = sorted({found.code for found in diagnostics})
    indexes = {code: number for number, code in enumerate(codes)}
    invocation: dict[str, object] = {"executionSuccessful": trouble is None}
    if trouble is not None:
        path, line, column = _place(trouble.where)
        note: dict[str, object] = {
            "level": "error",
            "descriptor": {"id": trouble.code},
            "message": {"text": mask(trouble.what)},
        }
        if path:
            region = {"startLine": line, **({"startColumn": column} if column else {})} if line else None
            note["locations"] = [_location(path, region)]
        invocation["toolExecutionNotifications"] = [note]
    run = {
        "tool": {
            "driver": {
                "name": "pgready",
                "semanticVersion": version,
                "rules": [_sarif_rule(code, rules.get(code)) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": [_sarif_result(found, indexes[found.code]) for found in diagnostics],
    }
    return _dumped({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def _dumped(data: object) -> str:
    # ASCII only: file names may hold bytes that are no UTF-8, and any reader takes the escapes.
    return json.dumps(data, indent=2)


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


def _place(where: str) -> tuple[str, int, int]:
    """The parts of `path:line:column`; "" and 0 for what is missing."""
    match = _PLACE.fullmatch(where)
    if match is None:
        return "", 0, 0
    return match["path"], int(match["line"] or 0), int(match["column"] or 0)


def _command(name: str, properties: Mapping[str, object], message: str) -> str:
    words = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {words}::{_message(message)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def _sarif_rule(code: str, rule: Rule | None) -> dict[str, object]:
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.explanation},
        "defaultConfiguration": {"level": rule.severity},
    }


def _sarif_result(found: Diagnostic, index: int) -> dict[str, object]:
    line, column, end_line, end_column = _region(found)
    region = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
    text = mask(found.message) + (f"\nhelp: {mask(found.help)}" if found.help else "")
    return {
        "ruleId": found.code,
        "ruleIndex": index,
        "level": found.severity,
        "message": {"text": text},
        "locations": [_location(found.span.source.path, region)],
    }


def _location(path: str, region: Mapping[str, int] | None) -> dict[str, object]:
    """A place by its path: relative ones are relative to the root of the checkout, as GitHub reads them."""
    uri = quote(path.encode("utf-8", "surrogateescape"))
    physical: dict[str, object] = {"artifactLocation": {"uri": f"file://{uri}" if path.startswith("/") else uri}}
    if region is not None:
        physical["region"] = dict(region)
    return {"physicalLocation": physical}
