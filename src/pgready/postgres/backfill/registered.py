"""Background backfills in pgready's own schema: registered by a deploy, gone through by `pgready backfill run`.

A registration carries all that its runner needs: what runs is what was registered, whatever becomes of the file. Its
position changes only by comparing first, in the transaction of the batch: two runners cannot both take one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from pgready.history.model import Migration
from pgready.history.prepare import Prepared
from pgready.postgres.deploy.memory import create
from pgready.postgres.session import Session
from pgready.postgres.table import Table
from pgready.sql.backfill import Backfill, backfills_of
from pgready.sql.names import quote_literal
from pgready.sql.statements import split
from pgready.sql.transactions import sets_session

_TABLE = "pgready.backfills"
_COLUMNS = "name, migration, checksum, script, settings, search_path, position, state, failed"
_STAMP = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"

REGISTERED, FINISHED, DECIDED = "registered", "finished", "decided"
"""States: keys are left to go through; all were gone through; a human said that it is done."""


@dataclass(frozen=True, slots=True)
class Registered:
    """One background backfill of a history: `backfill` as it was registered, with its settings and search path.

    `position` is how far it is, as `Position.as_text`, None before the first batch. `failed` are the server's last
    words about it, empty if it did not fail. Times are UTC as ISO text.
    """

    name: str
    migration: str
    checksum: str
    backfill: Backfill
    settings: tuple[str, ...]
    search_path: str | None
    position: str | None
    state: str
    failed: str
    registered_at: str
    finished_at: str | None

    @property
    def done(self) -> bool:
        """It went through all keys, or somebody decided so."""
        return self.state != REGISTERED


def prepare_place(session: Session) -> None:
    """Make schema and table where they are missing; raises ServerError (42501) where the role may not."""
    ((found,),) = session.rows("look for backfills", _EXISTS)
    if found == "t":
        return
    create(
        session,
        "backfills",
        f"CREATE TABLE IF NOT EXISTS {_TABLE} (history text NOT NULL, name text NOT NULL, migration text NOT NULL,"
        " row_id text NOT NULL, checksum text NOT NULL, script text NOT NULL, settings text NOT NULL,"
        " search_path text, position text,"
        " state text NOT NULL, failed text, registered_at timestamptz NOT NULL, finished_at timestamptz,"
        " PRIMARY KEY (history, name))",
    )


_EXISTS = (
    # Without USAGE on the schema to_regclass itself is refused, so the catalog is asked.
    "SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = 'pgready' AND c.relname = 'backfills' AND has_schema_privilege(n.oid, 'USAGE')"
    " AND has_table_privilege(c.oid, 'SELECT'))"
)


def may_register(session: Session) -> bool:
    """Whether the role may write registrations; the table is there."""
    ((may,),) = session.rows(
        "may register",
        "SELECT has_schema_privilege('pgready', 'USAGE') AND (SELECT bool_and(has_table_privilege(c.oid, p))"
        " FROM pg_catalog.pg_class c, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) p"
        " WHERE c.relname = 'backfills' AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'pgready'))",
    )
    return may == "t"


def read(session: Session, history: Table) -> tuple[Registered, ...]:
    """All of a history, oldest first; none where nothing was registered or the role may not look."""
    ((found,),) = session.rows("look for backfills", _EXISTS)
    if found != "t":
        return ()
    rows = session.rows(
        "read backfills",
        f"SELECT {_COLUMNS}, {_STAMP.format('registered_at')}, {_STAMP.format('finished_at')} FROM {_TABLE}"
        f" WHERE history = {quote_literal(history.schema)}"
        # The row that it came with: a database that was reset, or a row that somebody took back, has no part in it.
        f" AND EXISTS (SELECT FROM {history.name} m WHERE m.id = row_id AND m.rolled_back_at IS NULL)"
        " ORDER BY registered_at, name",
    )
    return tuple(_registered(row) for row in rows)


def _registered(row: tuple[str | None, ...]) -> Registered:
    name, migration, checksum, script, settings, path, position, state, failed, registered, finished = row
    found, _ = backfills_of(script or "", split(script or ""))
    return Registered(
        name or "",
        migration or "",
        checksum or "",
        found[0],
        tuple(json.loads(settings or "[]")),
        path,
        position,
        state or "",
        failed or "",
        registered or "",
        finished,
    )


def registrations(history: Table, prepared: Prepared, search_path: str | None) -> tuple[str, ...]:
    """The statements that register what `prepared` registers, for the transaction that finishes its row."""
    settings = json.dumps(replayed(prepared))
    return tuple(
        _insert(history, prepared.migration, one, settings, search_path, REGISTERED) for one in prepared.registers
    )


def replayed(prepared: Prepared) -> list[str]:
    """The session settings that a script makes before its background backfills, which stand at its end."""
    return [one.text for one in prepared.statements if sets_session(one)]


def decided(history: Table, prepared: Prepared, backfill: Backfill, search_path: str | None) -> str:
    """The statement that writes down that `backfill` is done because a human says so."""
    settings = json.dumps(replayed(prepared))
    return _insert(history, prepared.migration, backfill, settings, search_path, DECIDED)


def _insert(
    history: Table, migration: Migration, backfill: Backfill, settings: str, search_path: str | None, state: str
) -> str:
    script = f"{backfill.mark}\n{backfill.text}"
    path = "NULL" if search_path is None else quote_literal(search_path)
    texts = (history.schema, backfill.name, migration.name, migration.checksum, script, settings)
    values = ", ".join(quote_literal(text) for text in texts)
    end = "NULL" if state == REGISTERED else "clock_timestamp()"
    row = (
        f"(SELECT id FROM {history.name} WHERE migration_name = {quote_literal(migration.name)}"
        " AND rolled_back_at IS NULL ORDER BY started_at DESC LIMIT 1)"
    )
    # The history began anew (a reset database): what was registered before is of another life.
    return (
        f"INSERT INTO {_TABLE} (history, name, migration, checksum, script, settings, row_id, search_path, state,"
        f" registered_at, finished_at) VALUES ({values}, {row}, {path}, '{state}', clock_timestamp(), {end})"
        " ON CONFLICT (history, name) DO UPDATE SET row_id = excluded.row_id,"
        " migration = excluded.migration, checksum = excluded.checksum,"
        " script = excluded.script, settings = excluded.settings, search_path = excluded.search_path, position = NULL,"
        " state = excluded.state, failed = NULL, registered_at = excluded.registered_at,"
        " finished_at = excluded.finished_at"
    )


def advance(history: Table, name: str, before: str | None, after: str | None, state: str = REGISTERED) -> str:
    """Replace the position; an error (22012) if it is not what we left there, or the state is not `registered`."""
    texts = ["NULL" if text is None else quote_literal(text) for text in (before, after)]
    end = "NULL" if state == REGISTERED else "clock_timestamp()"
    return (
        f"WITH moved AS (UPDATE {_TABLE} SET position = {texts[1]}, state = '{state}', finished_at = {end},"
        f" failed = NULL WHERE {_of(history, name)} AND state = '{REGISTERED}'"
        f" AND position IS NOT DISTINCT FROM {texts[0]} RETURNING 1) SELECT 1 / count(*) FROM moved"
    )


def again(history: Table, name: str) -> str:
    """Go through all keys once more."""
    return (
        f"UPDATE {_TABLE} SET position = NULL, state = '{REGISTERED}', finished_at = NULL, failed = NULL"
        f" WHERE {_of(history, name)}"
    )


def decide(history: Table, name: str) -> str:
    """A human says that it is done."""
    return (
        f"UPDATE {_TABLE} SET state = '{DECIDED}', finished_at = clock_timestamp(), failed = NULL"
        f" WHERE {_of(history, name)}"
    )


def note_failure(history: Table, name: str, words: str) -> str:
    """Keep the server's words for status."""
    return f"UPDATE {_TABLE} SET failed = {quote_literal(words)} WHERE {_of(history, name)}"


def _of(history: Table, name: str) -> str:
    return f"history = {quote_literal(history.schema)} AND name = {quote_literal(name)}"
