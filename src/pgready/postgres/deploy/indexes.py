"""What became of a statement that ran outside of any transaction, read from the catalog."""

from __future__ import annotations

import enum

from pgready.postgres.session import Session
from pgready.sql.names import quote_ident, quote_literal
from pgready.sql.standalone import IndexBuild


class IndexState(enum.Enum):
    """The state of an index by its name."""

    ABSENT = "absent"
    INVALID = "invalid"
    VALID = "valid"


def index_state(session: Session, build: IndexBuild) -> tuple[IndexState, str]:
    """State and qualified name of the index that `build` makes on its table, by the session's search path.

    An index that the server names itself (no name in the statement) counts as absent.
    """
    if build.name is None:
        return IndexState.ABSENT, ""
    rows = session.rows(
        "look at index",
        "SELECT i.indisvalid AND i.indisready, n.nspname"
        " FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
        " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE i.indrelid = to_regclass({quote_literal(_table_text(build))})"
        f" AND c.relname = {quote_literal(build.name)}",
    )
    if not rows:
        return IndexState.ABSENT, ""
    valid, schema = rows[0]
    return (
        IndexState.VALID if valid == "t" else IndexState.INVALID,
        f"{quote_ident(schema or '')}.{quote_ident(build.name)}",
    )


def exists(session: Session, text: str) -> bool:
    """Whether a relation of this (quoted, maybe qualified) name exists for the session's search path."""
    ((found,),) = session.rows("look at relation", f"SELECT to_regclass({quote_literal(text)}) IS NOT NULL")
    return found == "t"


def builders(session: Session, build: IndexBuild) -> tuple[str, ...]:
    """Other live backends that build an index on the table now: a killed client's orphan, most likely."""
    rows = session.rows(
        "look for builders",
        "SELECT p.pid, a.application_name FROM pg_catalog.pg_stat_progress_create_index p"
        " LEFT JOIN pg_catalog.pg_stat_activity a USING (pid)"
        f" WHERE p.pid <> pg_backend_pid() AND p.relid = to_regclass({quote_literal(_table_text(build))})",
    )
    return tuple(f"pid {pid}" + (f" “{app}”" if app else "") for pid, app in rows)


def _table_text(build: IndexBuild) -> str:
    prefix = f"{quote_ident(build.schema)}." if build.schema else ""
    return prefix + quote_ident(build.table)
