"""Waivers: comments that allow a hazard beside its statement, with a reason and an end.

`-- pgready: allow H010 until=2027-01-01 the table has forty rows`, on a line of its own in front of the statement, or
behind its semicolon on the same line. Several ids stand apart by commas.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pgready.hazards.kinds import BY_ID
from pgready.sql.lexer import line_comments
from pgready.sql.statements import Statement

_MARK = re.compile(r"--\s*pgready:\s*allow\b(?P<rest>.*)", re.IGNORECASE)
_IDS = re.compile(r"\s*(?P<ids>[A-Za-z]\d+(?:\s*,\s*[A-Za-z]\d+)*)\b")
_UNTIL = re.compile(r"\buntil=(?P<date>\S*)")


@dataclass(frozen=True, slots=True)
class Waiver:
    """What a comment allows for the statement of `statement`; `offset` is its place in the script.

    `until` is the last day on which it counts, None for ever.
    """

    ids: tuple[str, ...]
    statement: int
    reason: str
    until: date | None
    offset: int

    def is_over(self, today: date) -> bool:
        """Its last day has passed."""
        return self.until is not None and today > self.until


@dataclass(frozen=True, slots=True)
class Fault:
    """A comment that means to be a waiver and is none: what is wrong, and what to write."""

    offset: int
    what: str
    then: str


def waivers_of(script: str, statements: Sequence[Statement]) -> tuple[tuple[Waiver, ...], tuple[Fault, ...]]:
    """The waivers of a script, and what is wrong with some."""
    found: list[Waiver] = []
    faults: list[Fault] = []
    if "pgready:" not in script:
        return (), ()
    for comment in line_comments(script):
        mark = _MARK.match(comment.text)
        if mark is None:
            continue
        read = _read(mark["rest"], comment.start, _statement(script, statements, comment.start))
        if isinstance(read, Fault):
            faults.append(read)
        else:
            found.append(read)
    return tuple(found), tuple(faults)


def _statement(script: str, statements: Sequence[Statement], offset: int) -> int | None:
    """The statement that a comment at `offset` speaks of."""
    for number, statement in enumerate(statements):
        if statement.start <= offset < statement.end:
            return number
        if offset < statement.start:
            before = statements[number - 1] if number else None
            if before is not None and "\n" not in script[before.end : offset]:
                return number - 1
            return number
    return len(statements) - 1 if statements else None


def _read(rest: str, offset: int, statement: int | None) -> Waiver | Fault:
    ids = _IDS.match(rest)
    if ids is None:
        return Fault(offset, "a waiver names no hazard", "-- pgready: allow H010 until=2027-01-01 the reason")
    names = tuple(name.strip().upper() for name in ids["ids"].split(","))
    if unknown := [name for name in names if name not in BY_ID]:
        return Fault(offset, f"there is no hazard {unknown[0]}", "the ids are in docs/reference/hazards.md")
    words = rest[ids.end() :]
    until = None
    if (limit := _UNTIL.search(words)) is not None:
        try:
            until = date.fromisoformat(limit["date"])
        except ValueError:
            return Fault(offset, f"{limit['date'] or 'nothing'} is no date", "write it as until=2027-01-31")
        words = words[: limit.start()] + words[limit.end() :]
    reason = " ".join(words.split()).strip(":- ")
    if not reason:
        return Fault(offset, f"the waiver of {', '.join(names)} has no reason", "say why it is safe here")
    if statement is None:
        return Fault(offset, "the waiver stands beside no statement", "put it in front of the statement")
    return Waiver(names, statement, reason, until, offset)
