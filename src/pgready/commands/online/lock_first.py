"""A weak lock before a strong one, so that nobody waits while an autovacuum is waited for.

A strong lock that meets an autovacuum waits until the server cancels it, `deadlock_timeout` later (1 s), and everybody
else waits behind it; right after a backfill there is one as a rule. SHARE UPDATE EXCLUSIVE meets the same autovacuum,
has it cancelled just so, and nobody who reads or writes waits behind it. Another one does not begin while it is held.
Source: PostgreSQL's "Explicit Locking" and "Routine Vacuuming"; measured on 14 and 18.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from pgready.catalog.names import ObjectName
from pgready.hazards.rewrite.folders import Folder, Sourced
from pgready.hazards.rewrite.way import Piece
from pgready.postgres.session import ServerError, Session
from pgready.sql.names import quote_ident
from pgready.sql.statements import split

_NEVER_IN_A_TRANSACTION = ("alone", "backfill")
_LEAD = "-- An autovacuum is waited for here, where nobody has to wait behind us."

# Tables that are there, and the partitioned one that each is a part of: locking that locks this.
_TABLES = (
    "SELECT pg_catalog.json_agg(pg_catalog.json_build_array(c.oid::text, n.nspname, c.relname, h.inhparent::text))"
    " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = c.oid AND c.relispartition"
    " WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
)
_STRONG = (
    "SELECT pg_catalog.json_agg(DISTINCT relation::text) FROM pg_catalog.pg_locks WHERE locktype = 'relation'"
    " AND pid = pg_catalog.pg_backend_pid()"
    " AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')"
)


def with_lock_first(
    session: Session, folder: Folder, young: Collection[ObjectName], *, search_path: str | None, default_schema: str
) -> Folder:
    """The folder, with a weak lock in front of what takes a strong one on a table that somebody uses.

    `session` is in the shadow database, at the state before the folder; the script is run there and taken back. `young`
    are tables that nobody uses yet; `default_schema` need not be written. A folder whose script fails is returned as it
    is: tracing tells why.
    """
    if any(one.piece.pace in _NEVER_IN_A_TRANSACTION for one in folder.pieces):
        return folder
    path = quote_ident(search_path) if search_path else "DEFAULT"
    script = f"BEGIN; SET LOCAL search_path = {path}; {_TABLES};\n{folder.script};\n{_STRONG}; ROLLBACK"
    try:
        replies = session.run("locks of a safe way", script, long=True)
    except ServerError:
        return folder
    tables = {oid: (ObjectName(schema, name), parent) for oid, schema, name, parent in _read(replies[2].rows[0][0])}
    strong = {oid for oid in _read(replies[-2].rows[0][0]) if oid in tables}
    found = sorted(tables[oid][0] for oid in strong if tables[oid][1] not in strong)
    used = (one for one in found if one not in young)
    names = [quote_ident(one.name) if one.schema == default_schema else one.sql for one in used]
    if not names:
        return folder
    at = next(n for n, one in enumerate(folder.pieces) if not _is_setting(one))
    piece = Piece(f"LOCK TABLE {', '.join(names)} IN SHARE UPDATE EXCLUSIVE MODE", lead=_LEAD)
    lock = Sourced(piece, folder.pieces[at].statement, rewritten=True)
    return replace(folder, pieces=(*folder.pieces[:at], lock, *folder.pieces[at:]))


def _is_setting(one: Sourced) -> bool:
    return all(statement.words[:1] == ("SET",) for statement in split(one.piece.sql))


def _read(text: str | None) -> list[Any]:
    return list(json.loads(text or "[]"))
