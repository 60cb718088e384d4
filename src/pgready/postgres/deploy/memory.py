"""What failed before, remembered in pgready's own schema, which Prisma does not look at.

A migration that rolled back whole leaves no row, so without this every restart would try it for ever. Made when first
needed; a role that may not make it is told so, and nothing is remembered.
"""

from __future__ import annotations

from dataclasses import dataclass

from pgready.postgres.session import ServerError, Session
from pgready.postgres.table import Table
from pgready.sql.names import quote_literal

_TABLE = "pgready.failures"
_DDL = (
    f"CREATE TABLE IF NOT EXISTS {_TABLE} (history text NOT NULL, migration text NOT NULL,"
    " checksum text NOT NULL, attempts integer NOT NULL, failed_at timestamptz NOT NULL,"
    " message text NOT NULL, PRIMARY KEY (history, migration))"
)
_RACES = frozenset({"23505", "42P04", "42P06", "42P07", "42710", "55006"})


@dataclass(frozen=True, slots=True)
class Failure:
    """How often this checksum of a migration failed for a reason of its own, the last words, and how long ago."""

    name: str
    checksum: str
    attempts: int
    age: float
    message: str


def recall(session: Session, table: Table) -> dict[str, Failure]:
    """Failures of this history by migration name; empty where nothing was ever remembered."""
    if not _exists(session):
        return {}
    rows = session.rows(
        "recall failures",
        "SELECT migration, checksum, attempts, extract(epoch FROM clock_timestamp() - failed_at), message"
        f" FROM {_TABLE} WHERE history = {quote_literal(table.schema)}",
    )
    return {
        name or "": Failure(name or "", checksum or "", int(attempts or 0), float(age or 0), message or "")
        for name, checksum, attempts, age, message in rows
    }


def _exists(session: Session) -> bool:
    ((found,),) = session.rows(
        "look for memory",
        # Without USAGE on the schema to_regclass itself is refused, so the catalog is asked.
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'pgready' AND c.relname = 'failures' AND has_schema_privilege(n.oid, 'USAGE')"
        " AND has_table_privilege(c.oid, 'SELECT'))",
    )
    return found == "t"


def remember(session: Session, table: Table, name: str, checksum: str, message: str) -> bool:
    """Count a failure; False where the role may not."""
    values = ", ".join(quote_literal(v) for v in (table.schema, name, checksum))
    insert = (
        f"INSERT INTO {_TABLE} AS f (history, migration, checksum, attempts, failed_at, message)"
        f" VALUES ({values}, 1, clock_timestamp(), {quote_literal(message)})"
        " ON CONFLICT (history, migration) DO UPDATE SET"
        " attempts = CASE WHEN f.checksum = excluded.checksum THEN f.attempts + 1 ELSE 1 END,"
        " checksum = excluded.checksum, failed_at = excluded.failed_at, message = excluded.message"
    )
    try:
        if not _exists(session):
            create(session, "memory", _DDL)
        session.run("remember failure", insert)
    except ServerError:
        return False
    return True


def create(session: Session, what: str, table: str) -> None:
    """Make pgready's own schema, and in it `table`, a CREATE TABLE IF NOT EXISTS; raises ServerError."""
    for step, sql in ((f"create {what} schema", "CREATE SCHEMA pgready"), (f"create {what} table", table)):
        try:
            # CREATE SCHEMA IF NOT EXISTS wants the privilege even where the schema is there.
            if sql != table and _has_schema(session):
                continue
            session.run(step, sql)
        except ServerError as e:
            if e.sqlstate not in _RACES:
                raise


def _has_schema(session: Session) -> bool:
    ((found,),) = session.rows("look for schema", "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'pgready')")
    return found == "t"


def forget(session: Session, table: Table, names: tuple[str, ...]) -> None:
    """Drop what is remembered of migrations that succeeded, or that somebody decided to try again."""
    listed = ", ".join(quote_literal(n) for n in names)
    session.run(
        "forget failures",
        f"DELETE FROM {_TABLE} WHERE history = {quote_literal(table.schema)} AND migration IN ({listed})",
    )
