"""What CI systems read, in pieces: GitHub's workflow commands, the parts of SARIF 2.1.0 that every log of ours has."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from pgready.errors import PgreadyError
from pgready.report.excerpt import mask

_PLACE = re.compile(r"(?P<path>.+?)(?::(?P<line>\d+))?(?::(?P<column>\d+))?")
SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def dumped(data: object) -> str:
    """`data` as JSON for people and machines."""
    # ASCII only: file names may hold bytes that are no UTF-8, and any reader takes the escapes.
    return json.dumps(data, indent=2)


def place_of(where: str) -> tuple[str, int, int]:
    """The parts of `path:line:column`; "" and 0 for what is missing."""
    match = _PLACE.fullmatch(where)
    if match is None:
        return "", 0, 0
    return match["path"], int(match["line"] or 0), int(match["column"] or 0)


def command(name: str, properties: Mapping[str, object], message: str) -> str:
    """One workflow command; `name` is error, warning or notice."""
    words = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {words}::{_message(message)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def trouble_command(trouble: PgreadyError) -> str:
    """The workflow command of an error, at its place if it has one."""
    path, line, column = place_of(trouble.where)
    place = {"file": path, **({"line": line} if line else {}), **({"col": column} if column else {})}
    text = "\n".join(part for part in (trouble.what, trouble.excerpt, trouble.then) if part)
    return command("error", {**(place if path else {}), "title": f"pgready: {trouble.code}"}, mask(text))


def sarif_log(
    version: str,
    rules: Sequence[Mapping[str, object]],
    results: Sequence[Mapping[str, object]],
    troubles: Sequence[PgreadyError] = (),
) -> str:
    """The log of one run; a trouble makes it one that did not succeed."""
    invocation: dict[str, object] = {"executionSuccessful": not troubles}
    if troubles:
        invocation["toolExecutionNotifications"] = [_note(one) for one in troubles]
    run = {
        "tool": {"driver": {"name": "pgready", "semanticVersion": version, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": results,
    }
    return dumped({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def _note(trouble: PgreadyError) -> dict[str, object]:
    path, line, column = place_of(trouble.where)
    note: dict[str, object] = {
        "level": "error",
        "descriptor": {"id": trouble.code},
        "message": {"text": mask(trouble.what)},
    }
    if path:
        region = {"startLine": line, **({"startColumn": column} if column else {})} if line else None
        note["locations"] = [location(path, region)]
    return note


def location(path: str, region: Mapping[str, int] | None) -> dict[str, object]:
    """A place by its path: relative ones are relative to the root of the checkout, as GitHub reads them."""
    uri = quote(path.encode("utf-8", "surrogateescape"))
    physical: dict[str, object] = {"artifactLocation": {"uri": f"file://{uri}" if path.startswith("/") else uri}}
    if region is not None:
        physical["region"] = dict(region)
    return {"physicalLocation": physical}
