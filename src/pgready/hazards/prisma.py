"""Scripts that `prisma migrate deploy` would refuse, or would run to another end than pgready does. Pure.

Prisma sends the whole file as one message, outside of a transaction of its own, and then writes its row in the same
session: what needs a transaction of its own fails, and what the session keeps meets Prisma's own statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pgready.hazards.hazard import Hazard
from pgready.hazards.trace import TracedMigration
from pgready.sql.standalone import needs_no_transaction
from pgready.sql.statements import Statement
from pgready.sql.transactions import BOUNDARIES, control

_PATH = re.compile(r"set_config\s*\(\s*'search_path'\s*,\s*'(?P<to>[^']*)'\s*,\s*(?P<local>\w+)", re.IGNORECASE)
_ADVICE = {
    "split": "a migration for each side of it",
    "path": "RESET search_path; as the last statement",
    "role": "RESET ROLE; as the last statement",
    "commit": "give the statement a migration of its own, or take the COMMIT out of the code",
}


def prisma_hazards(traced: TracedMigration, statements: Sequence[Statement], schema: str) -> Iterator[Hazard]:
    """What Prisma's deploy would make of the script; its migrations table is in `schema`."""
    yield from _split(traced, statements)
    yield from _left_set(traced.name, statements, re.compile(rf"\b{re.escape(schema)}\b"))


def _hazard(name: str, index: int, text: str, advice: str) -> Hazard:
    return Hazard("H013", name, index, (), "nobody", None, text, advice=_ADVICE[advice])


def _split(traced: TracedMigration, statements: Sequence[Statement]) -> Iterator[Hazard]:
    """A script that ran in more than one piece, though its author did not ask for that."""
    own_control = any(control(one) in BOUNDARIES for one in statements)
    added = [
        number for number, one in enumerate(statements) if one.words[:2] == ("ALTER", "TYPE") and "VALUE" in one.words
    ]
    before = None
    for one in traced.statements:
        if one.alone and needs_no_transaction(one.statement) is None and len(statements) > 1:
            text = "code that commits by itself fails beside other statements, which Prisma sends as one message"
            yield _hazard(traced.name, one.index, text, "commit")
        is_cut = before is not None and not before.alone and not one.alone and before.transaction != one.transaction
        if is_cut and not own_control and any(number < one.index for number in added):
            text = (
                "a new enum value is used in the script that adds it: Prisma sends both as one message, and PostgreSQL"
                " refuses (55P04)"
            )
            yield _hazard(traced.name, one.index, text, "split")
            added = []
        before = one


def _left_set(name: str, statements: Sequence[Statement], own: re.Pattern[str]) -> Iterator[Hazard]:
    """What stays set when the script ends."""
    path: int | None = None
    role: int | None = None
    for number, one in enumerate(statements):
        words = one.words
        if words[:1] == ("RESET",):
            path = None if words[1:2] in (("SEARCH_PATH",), ("ALL",)) else path
            role = None if words[1:2] in (("ROLE",), ("SESSION",), ("ALL",)) else role
        elif words[:2] == ("DISCARD", "ALL"):
            path = role = None
        elif words[:1] == ("SET",) and words[1:2] != ("LOCAL",):
            rest = words[2:] if words[1:2] == ("SESSION",) and words[2:3] != ("AUTHORIZATION",) else words[1:]
            if rest[:1] == ("SEARCH_PATH",):
                path = None if "DEFAULT" in rest[1:3] or own.search(one.text) else number
            elif rest[:1] == ("ROLE",) or rest[:2] == ("SESSION", "AUTHORIZATION"):
                role = None if {"NONE", "DEFAULT"} & set(rest[1:3]) else number
        elif words[:1] == ("SELECT",) and (found := _PATH.search(one.text)) and found["local"].lower() == "false":
            path = None if own.search(found["to"]) else number
    if path is not None:
        text = (
            "search_path stays changed when the script ends: Prisma then looks for its migrations table there and fails"
        )
        yield _hazard(name, path, text, "path")
    if role is not None:
        text = "the role stays changed when the script ends: Prisma then writes its migrations table as that role"
        yield _hazard(name, role, text, "role")
