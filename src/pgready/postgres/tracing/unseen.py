"""Statements inside of code that did not run on empty tables: tried for themselves, looked at, and taken back."""

from __future__ import annotations

from collections.abc import Sequence

from pgready.hazards.code import Said
from pgready.hazards.trace import Relation, Touch
from pgready.sql.names import quote_literal

ANSWERS = 5
"""Of the server, to what `tried` says."""


def tried(one: Said, look: str) -> str:
    """Run it, look, take it back; that it may fail says nothing."""
    sql = one.sql if one.dynamic else quote_literal(one.sql)
    steps = "".join(f"EXECUTE {each}; " for each in (*map(quote_literal, one.after), sql))
    block = f"BEGIN {steps}EXCEPTION WHEN OTHERS THEN NULL; END"
    return (
        f"SAVEPOINT pgready;\nDO {quote_literal(block)};\n{look};\nROLLBACK TO SAVEPOINT pgready;\n"
        "RELEASE SAVEPOINT pgready;\n"
    )


def merged(touches: Sequence[Touch]) -> tuple[Touch, ...]:
    """One touch for each relation: the strongest of what was seen."""
    found: dict[Relation, Touch] = {}
    for one in touches:
        was = found.get(one.relation)
        if was is not None:
            modes = [mode for mode in (was.locked, one.locked) if mode]
            held = [mode for mode in (was.held, one.held) if mode]
            found[one.relation] = Touch(
                one.relation,
                max(modes, default=None),
                max(held, default=None),
                was.rewritten or one.rewritten,
                was.scans + one.scans,
                was.written + one.written,
                was.dropped or one.dropped,
                was.released,
            )
        else:
            found[one.relation] = one
    return tuple(found.values())
