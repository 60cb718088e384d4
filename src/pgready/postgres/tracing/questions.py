"""What a trace asks the server between two statements, and which statements its answers do not show."""

from __future__ import annotations

import re
from collections.abc import Collection

from pgready.sql.statements import Statement

# Oids below 16384 are the server's own. Each answer is one cell of JSON: hundreds of rows for each of thousands of
# looks would cost more than the migrations themselves.
# A toast table carries its owner in its name; asking pg_class who has it reads all of pg_class, there is no index.
_OWNER = "CASE WHEN c.relkind = 't' THEN pg_catalog.split_part(c.relname, '_', 3)::pg_catalog.oid END"
_ABOUT = (
    "n.nspname, c.relname, c.relkind, coalesce(i.indrelid, " + _OWNER + ", c.oid)::text,"
    " pg_catalog.pg_relation_filenode(c.oid)::text, {scans}, {written})), '[]')"
)
_OF_CLASS = " LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid"
RELATIONS = (
    "SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(c.oid::text, NULL, "
    + _ABOUT.format(scans="pg_catalog.pg_stat_get_xact_numscans(c.oid)", written="0")
    + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    + _OF_CLASS
    + " WHERE c.oid >= 16384"
)
_LOOK = (
    "SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(l.relation::text, l.modes, "
    + _ABOUT.format(
        scans="pg_catalog.pg_stat_get_xact_numscans(l.relation)",
        written="pg_catalog.pg_stat_get_xact_tuples_inserted(l.relation)"
        " + pg_catalog.pg_stat_get_xact_tuples_updated(l.relation)"
        " + pg_catalog.pg_stat_get_xact_tuples_deleted(l.relation)",
    )
    + " FROM (SELECT relation, pg_catalog.string_agg(mode, ',') AS modes FROM pg_catalog.pg_locks"
    " WHERE pid = pg_catalog.pg_backend_pid() AND granted AND locktype = 'relation' AND relation >= 16384"
    " GROUP BY relation) l"
    " LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation"
    " LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace" + _OF_CLASS
)
# Between timestamp and timestamptz nothing is rewritten under UTC, and everything under any other zone, which the real
# server may have. This one has been UTC since 1912, and to PostgreSQL it is another.
LIKE_UTC = "Africa/Abidjan"
# Planned once: planning takes longer than looking.
PREPARED: dict[str, str] = {"pgready_relations": RELATIONS, "pgready_look": _LOOK}


def counts(oids: Collection[str]) -> str:
    """Asks for the scans that are counted already, of relations that had some."""
    listed = ", ".join(sorted(oids, key=int)) or "0"
    return (
        "SELECT pg_catalog.json_agg(pg_catalog.json_build_array(o::text, pg_catalog.pg_stat_get_xact_numscans(o)))"
        f" FROM pg_catalog.unnest(ARRAY[{listed}]::pg_catalog.oid[]) o"
    )


_UNSEEN = re.compile(r"\bALTER\s+SCHEMA\b|\bDEFERR|\bREASSIGN\b", re.IGNORECASE)


def moves_unseen(statement: Statement) -> bool:
    """It changes names without a lock on what has them, takes looks back, or works when the transaction ends."""
    return statement.words[:1] in (("SAVEPOINT",), ("ROLLBACK",)) or _UNSEEN.search(statement.text) is not None
