"""Introspection: a live database's structure as a catalog, read in one snapshot by a handful of set-based queries.

Promises: two round trips, no query per table, no lock taken but those of `pg_get_viewdef`, nothing that needs more
than a login; SET LOCAL only, so a transaction pooler and a standby will do. What comes back was so at one moment.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from pgready.catalog.build import build
from pgready.catalog.model import Catalog
from pgready.catalog.rows import ROW_OF, Rows
from pgready.collection import uncollected
from pgready.errors import Unreachable
from pgready.postgres.session import Reply, ServerError, Session

# Every setting that changes how the server prints an expression, a constant or an interval, and those that end us.
_SETTINGS = {
    "search_path": "",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "lc_monetary": "C",
    "quote_all_identifiers": "off",
    "standard_conforming_strings": "on",
    "xmlbinary": "base64",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "synchronize_seqscans": "off",  # two reads are compared
    "statement_timeout": "0",
}
_BEGIN = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
    + "".join(f"SET LOCAL {name} = '{value}'; " for name, value in _SETTINGS.items())
    + "SET LOCAL lock_timeout = '{lock_ms}ms'; "
    + "SELECT current_setting('server_version_num')::int / 10000, pg_current_snapshot()"
)
_SNAPSHOT = "SELECT pg_current_snapshot()"
_LOCK_NOT_AVAILABLE = "55P03"
# An object that is dropped between our snapshot and a function that looks it up: XX000 "cache lookup failed", or one
# of the classes of "does not exist".
_VANISHED = ("XX000", "42P01", "42704", "42883", "42703", "3F000", "42P17")
_ATTEMPTS = 6

# A line for some versions only: `i.indnullsnotdistinct, -- since 15` and `false, -- before 15`.
_VERSIONED = re.compile(r"^.*?( -- (since|before) (\d+))$", re.MULTILINE)


def introspect(session: Session, schemas: Sequence[str] | None = None, *, lock_seconds: float = 5) -> Catalog:
    """The catalog of the session's database; with `schemas`, only of these (extensions and event triggers always).

    `lock_seconds` bounds the wait for a table that a view reads and another session has locked.

    Left out: system and temporary schemas, pgready's own, what belongs to an extension, and what the catalog has no
    word for (foreign tables, rules, publications, extended statistics, text search, operators, casts, languages).
    PostgreSQL's printing functions look at the newest state and not at the snapshot; if anything was committed
    meanwhile, everything is read again, until two reads agree.
    Raises Unreachable (a table stays locked, DDL never pauses, the server refuses) and ConnectionLost.
    """
    with uncollected():
        return _introspect(session, schemas, int(lock_seconds * 1000))


def _introspect(session: Session, schemas: Sequence[str] | None, lock_ms: int) -> Catalog:
    before: Rows | None = None
    last: ServerError | None = None
    for _ in range(_ATTEMPTS):
        try:
            rows, quiet = read_rows(session, schemas, lock_ms)
        except ServerError as e:
            if e.sqlstate not in _VANISHED:
                raise _refused(session, e) from None
            before, last = None, e
            continue
        if quiet or rows == before:
            return build(rows)
        before = rows
    raise Unreachable(
        f"the structure of the database changed while it was read, {_ATTEMPTS} times in a row",
        where=session.target.redacted,
        detail="" if last is None else last.words(),
        then="run it again when nobody alters tables",
        code="structure_changing",
    )


def read_rows(session: Session, schemas: Sequence[str] | None, lock_ms: int) -> tuple[Rows, bool]:
    """All rows, sorted where the server's order means nothing, and whether nothing was committed meanwhile."""
    start = session.run("snapshot", f"{_BEGIN.format(lock_ms=lock_ms)}; {_wrapped('schemas', 0, '0')}")
    version, snapshot = start[-2].rows[0]
    found = _decoded("schemas", start[-1])
    if schemas is not None:
        found = [row for row in found if row.name in set(schemas)]
    ids = ", ".join(row.id for row in found) or "0"
    names = [name for name in ROW_OF if name != "schemas"]
    queries = [_wrapped(name, int(version or 0), ids) for name in names]
    replies = session.run("introspection", "; ".join([*queries, "COMMIT", _SNAPSHOT]))
    answers = {name: _decoded(name, reply) for name, reply in zip(names, replies, strict=False)}
    return Rows(schemas=found, **answers), replies[-1].rows[0][0] == snapshot


@cache
def _text(name: str) -> str:
    with open(os.path.join(os.path.dirname(__file__), f"{name}.sql"), encoding="utf-8") as file:
        return file.read()


def query(name: str, major: int, schemas: str) -> str:
    """The named query for a server version, its `:schemas` replaced by a list of ids."""

    def line(found: re.Match[str]) -> str:
        wanted = (major >= int(found[3])) == (found[2] == "since")
        return found[0].removesuffix(found[1]) if wanted else ""

    return _VERSIONED.sub(line, _text(name)).replace(":schemas", schemas)


def _wrapped(name: str, major: int, schemas: str) -> str:
    """The query with each column as one JSON array: a value for each field of each row costs more than the query."""
    columns = [f"f{number}" for number in range(len(ROW_OF[name]._fields))]
    arrays = ", ".join(f"json_agg(q.{column})" for column in columns)
    return f"SELECT {arrays} FROM (\n{query(name, major, schemas)}) AS q({', '.join(columns)})"


def _decoded(name: str, reply: Reply) -> list[Any]:
    columns = reply.rows[0]
    if columns[0] is None:
        return []
    return list(map(ROW_OF[name]._make, zip(*[json.loads(column or "[]") for column in columns], strict=True)))


def _refused(session: Session, error: ServerError) -> Unreachable:
    if error.sqlstate == _LOCK_NOT_AVAILABLE:
        return Unreachable(
            "a table that a view reads is locked by another session, so the view cannot be read",
            where=session.target.redacted,
            detail=error.words(),
            then="wait for the other session (pg_stat_activity shows it) and run it again",
            code="structure_locked",
        )
    return Unreachable(
        "the server refused to tell the database's structure",
        where=session.target.redacted,
        detail=error.words(),
        then="check that the role may read pg_catalog",
        code="structure_unreadable",
    )
