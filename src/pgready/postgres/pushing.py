"""What db push asks of a database and sends to it: counts, whose history is there, and a script that goes whole."""

from __future__ import annotations

import time
from collections.abc import Sequence

from pgready.diff.data_loss import Count
from pgready.postgres.deploy.message import Frame
from pgready.postgres.readiness import TABLE
from pgready.postgres.session import ServerError, Session
from pgready.sql.names import quote_ident, quote_literal

# Not counted: no privilege to read, or it took too long. Then what may be is told.
_UNKNOWN = frozenset({"42501", "57014", "55P03"})


class NotApplied(Exception):  # noqa: N818 - a value on its way to the command
    """The server refused `statement`; its transaction was rolled back."""

    def __init__(self, error: ServerError, statement: str) -> None:
        super().__init__(error.message)
        self.error = error
        self.statement = statement


def count(session: Session, wanted: Sequence[Count], seconds: float) -> dict[Count, int]:
    """The numbers that could be had within `seconds` altogether; those of what the role may not read are left out."""
    until = time.monotonic() + seconds
    found: dict[Count, int] = {}
    for one in wanted:
        left = round((until - time.monotonic()) * 1000)
        if left <= 0:
            break
        limits = f"SET LOCAL statement_timeout = {left}; SET LOCAL lock_timeout = {left}; SET LOCAL row_security = off"
        try:
            replies = session.run("count", f"BEGIN READ ONLY; {limits}; {one.sql}; COMMIT", long=True)
        except ServerError as e:
            if e.sqlstate not in _UNKNOWN:
                raise
        else:
            found[one] = int(replies[-2].rows[0][0] or 0)
    return found


def histories(session: Session, schemas: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The names of applied migrations by schema, of each of `schemas` whose migrations table the role may read."""
    listed = ", ".join(map(quote_literal, schemas))
    rows = session.rows(
        "look for histories",
        "SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE c.relname = {quote_literal(TABLE)} AND c.relkind = 'r' AND n.nspname IN ({listed})"
        " AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1",
    )
    found = {}
    for (schema,) in rows:
        names = session.rows(
            "read names",
            f"SELECT DISTINCT migration_name FROM {quote_ident(schema or '')}.{quote_ident(TABLE)}"
            " WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY 1",
        )
        found[schema or ""] = tuple(name or "" for (name,) in names)
    return found


def apply_whole(session: Session, frame: Frame, statements: Sequence[str]) -> None:
    """Run the statements in one transaction; raises NotApplied, nothing of them done then, and ConnectionLost."""
    opening = frame.opening()
    try:
        session.run("push", ";\n".join((*opening, *statements, "COMMIT")), long=True)
    except ServerError as e:
        at = e.index - len(opening)
        # The server parses all of it before it runs any: a mistake in the text has index 0.
        raise NotApplied(e, statements[at] if 0 <= at < len(statements) else "COMMIT") from None
