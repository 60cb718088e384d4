"""What the protocol must know of the server and the role before it acts, asked in one message."""

from __future__ import annotations

from dataclasses import dataclass

from pgready.errors import UsageInvalid
from pgready.postgres.readiness import TABLE
from pgready.postgres.session import Session
from pgready.sql.names import quote_literal

OLDEST = 140000

# Timeouts that would end our idle lock transaction or a long migration. Which exist depends on the version, and SET
# of an unknown setting is an error (42704), so they are set through pg_settings.
TIMEOUTS = ("idle_in_transaction_session_timeout", "statement_timeout", "transaction_timeout")


@dataclass(frozen=True, slots=True)
class Server:
    """Facts about one session's server and role.

    `table_schema` is where the migrations table is or would go (None: no schema of the search path exists).
    `table_exists` says which. `missing_schemas` are those of the settings that are absent. `pooled` means that a
    transaction pooler stands between. `timeouts` are those of TIMEOUTS that the server has.
    `conforming_strings`: the server reads '…' as the standard says, and so as we do.
    """

    version: int
    version_text: str
    in_recovery: bool
    pooled: bool
    database: str
    role: str
    table_schema: str | None
    table_exists: bool
    missing_schemas: tuple[str, ...]
    may_create_schema: bool
    sees_activity: bool
    checks_clients: bool
    timeouts: tuple[str, ...]
    conforming_strings: bool


def ask(session: Session, migrations_schema: str | None, schemas: tuple[str, ...]) -> Server:
    """Read the facts; raises UsageInvalid for a server that is too old."""
    named = "NULL::text" if migrations_schema is None else quote_literal(migrations_schema)
    # In a URL with ?schema= the table is looked up there and nowhere else; otherwise by the search path, as Prisma.
    found = (
        "(SELECT n.nspname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE c.oid = to_regclass({quote_literal(TABLE)}))"
        if migrations_schema is None
        else "(SELECT n.nspname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
        f" ON n.oid = c.relnamespace WHERE c.relname = {quote_literal(TABLE)} AND n.nspname = {named})"
    )
    wanted = ", ".join(quote_literal(s) for s in schemas)
    missing = (
        "(SELECT string_agg(s, E'\\n') FROM unnest(ARRAY["
        + wanted
        + "]::text[]) AS s WHERE s NOT IN (SELECT nspname::text FROM pg_catalog.pg_namespace))"
    )
    (row,) = session.rows(
        "facts",
        "SELECT current_setting('server_version_num'), current_setting('server_version'), pg_is_in_recovery(),"
        f" pg_backend_pid(), current_database(), current_user, coalesce({named}, current_schema()::text), {found},"
        f" {missing}, has_database_privilege(current_database(), 'CREATE'),"
        " (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)"
        " OR pg_has_role(current_user, 'pg_read_all_stats', 'USAGE'),"
        # The platform supports it where the setting may be switched on; elsewhere its maximum cannot be set.
        " (SELECT setting FROM pg_catalog.pg_settings WHERE name = 'client_connection_check_interval') IS NOT NULL"
        " AND version() LIKE '%linux%',"
        f" (SELECT string_agg(name, ' ') FROM pg_catalog.pg_settings WHERE name IN ({_listed(TIMEOUTS)})),"
        " current_setting('standard_conforming_strings')",
    )
    (
        number,
        text,
        recovery,
        pid,
        database,
        role,
        schema,
        found_in,
        missing_text,
        create,
        stats,
        checks,
        timeouts,
        strings,
    ) = row
    version = int(number or 0)
    if version < OLDEST:
        raise UsageInvalid(
            f"the server is PostgreSQL {text}: too old, pgready needs 14 or newer",
            where=session.target.redacted,
            then="upgrade the server; nothing was changed",
            code="server_too_old",
        )
    return Server(
        version=version,
        version_text=(text or "").split(" ")[0],
        in_recovery=recovery == "t",
        pooled=int(pid or 0) != session.backend_pid,
        database=database or "",
        role=role or "",
        table_schema=found_in or schema,
        table_exists=found_in is not None,
        missing_schemas=tuple(missing_text.split("\n")) if missing_text else (),
        may_create_schema=create == "t",
        sees_activity=stats == "t",
        checks_clients=checks == "t",
        timeouts=tuple((timeouts or "").split()),
        conforming_strings=strings == "on",
    )


def settings_off() -> str:
    """SQL that switches timeouts off for this transaction, as far as the server has them."""
    return f"SELECT set_config(name, '0', true) FROM pg_catalog.pg_settings WHERE name IN ({_listed(TIMEOUTS)})"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(quote_literal(n) for n in names)
