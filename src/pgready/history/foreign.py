"""A failed row that Prisma left: what of the script is in the database, as far as the script's text can tell. Pure."""

from __future__ import annotations

from pgready.history.model import Row
from pgready.history.prepare import Prepared


def explain_failed(prepared: Prepared, row: Row) -> str:
    """What the failed row means for the database, in words for a person who has to decide.

    Prisma sends a script as one message, which PostgreSQL runs as one transaction unless the script controls
    transactions itself or has a statement that cannot run in one.
    """
    started = f"{row.started_at:%Y-%m-%d %H:%M:%S} UTC"
    words = f"; the server said: {row.logs.strip().splitlines()[0]}" if row.logs and row.logs.strip() else ""
    if prepared.whole:
        return (
            f"started {started}{words}\nPrisma sends a script as one transaction and this one stays in it, so nothing"
            " of it was applied, unless Prisma died between its end and the row: look for its last statement"
        )
    return (
        f"started {started}{words}\n{prepared.why_split}, so a part of it may be applied:"
        " look at the database before you decide"
    )
