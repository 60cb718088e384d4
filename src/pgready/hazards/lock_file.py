"""`hazards.lock`: the scripts that lint has passed, by checksum, for `boot --refuse-hazards`.

A production has no shadow database, and a boot no time to trace. So lint traces where the image is built, writes down
what it passed, and the boot compares checksums. A waiver that ends takes its script's pass with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

NAME = "hazards.lock"
"""The file's name, in the migrations folder."""

HEAD = """\
# Scripts that `pgready lint --lock` found without hazards, or with hazards that a comment allows: checksum, name, and
# the day on which the first of those comments ends. `pgready boot --refuse-hazards` applies no others.
"""
_LINE = re.compile(r"(?P<checksum>[0-9a-f]{64})  (?P<name>\S.*?)(?:  until=(?P<until>\d{4}-\d\d-\d\d))?")


@dataclass(frozen=True, slots=True)
class Passed:
    """A script that lint has passed; `until` is the last day on which it is, None for ever."""

    checksum: str
    until: date | None = None


def written(passed: Mapping[str, Passed]) -> str:
    """The file, a line for each script, by name."""
    lines = []
    for name, one in sorted(passed.items()):
        until = f"  until={one.until.isoformat()}" if one.until is not None else ""
        lines.append(f"{one.checksum}  {name}{until}\n")
    return HEAD + "".join(lines)


def read(text: str) -> tuple[dict[str, Passed], int | None]:
    """What the file says, and the 1-based number of the first line that is none of it (as in a merge conflict)."""
    found: dict[str, Passed] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.rstrip())
        if match is None:
            return found, number
        try:
            until = date.fromisoformat(match["until"]) if match["until"] else None
        except ValueError:
            return found, number
        found[match["name"]] = Passed(match["checksum"], until)
    return found, None


def refusals(pending: Iterable[tuple[str, str]], passed: Mapping[str, Passed], today: date) -> list[tuple[str, str]]:
    """The pending scripts, as (name, checksum), that lint has not passed, each with the reason."""
    found = []
    for name, checksum in pending:
        one = passed.get(name)
        if one is None:
            found.append((name, "lint has not passed it"))
        elif one.checksum != checksum:
            found.append((name, "it was changed after lint passed it"))
        elif one.until is not None and today > one.until:
            found.append((name, f"what allows its hazards ended on {one.until}"))
    return found
