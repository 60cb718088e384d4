"""What doctor asks the database: who may do what, what is half done, what is held. It changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pgready.commands.status import Status
from pgready.history.model import State
from pgready.postgres.deploy.lock import holders
from pgready.postgres.grants import grants
from pgready.postgres.readiness import TABLE
from pgready.postgres.server import Server
from pgready.postgres.session import ServerError, Session
from pgready.setup.finding import Finding
from pgready.sql.names import quote_ident, quote_literal

_OWNED = (
    "WITH mine AS (SELECT r.oid, r.rolname FROM pg_catalog.pg_roles r, pg_catalog.pg_roles me WHERE me.rolname ="
    " current_user AND (r.oid = me.oid OR NOT me.rolsuper AND r.rolname NOT LIKE 'pg\\_%'"
    " AND pg_has_role(me.oid, r.oid, 'MEMBER')))"
    ", named AS (SELECT oid, nspname, nspowner FROM pg_catalog.pg_namespace"
    " WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%')"
    ", owned AS (SELECT relowner AS owner, 1 AS rank, 'table' AS kind, n.nspname || '.' || c.relname AS name"
    " FROM pg_catalog.pg_class c JOIN named n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm')"
    " UNION ALL SELECT proowner, 2, 'function', n.nspname || '.' || p.proname"
    " FROM pg_catalog.pg_proc p JOIN named n ON n.oid = p.pronamespace"
    " UNION ALL SELECT nspowner, 3, 'schema', nspname FROM named"
    " UNION ALL SELECT datdba, 4, 'database', datname FROM pg_catalog.pg_database WHERE datname = current_database())"
    " SELECT m.rolname, o.kind, count(*), min(o.name) FROM owned o JOIN mine m ON m.oid = o.owner"
    " GROUP BY m.rolname, o.kind, o.rank ORDER BY m.rolname <> current_user, 1, o.rank"
)
_RIGHTS = (
    "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication FROM pg_catalog.pg_roles"
    " WHERE rolname = current_user"
)
_INVALID = (
    "SELECT n.nspname, c.relname, t.relname FROM pg_catalog.pg_index i"
    " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
    " JOIN pg_catalog.pg_class t ON t.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " WHERE NOT i.indisvalid AND c.relkind = 'i'"
    " AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)"
    " ORDER BY 1, 2"
)
_POWERS = ("superuser", "may create roles", "may create databases", "bypasses row level security", "may replicate")


@dataclass(frozen=True, slots=True)
class Roles:
    """Whose session it is: the role that `serves`, the one that migrates (`migrates`), or both.

    `owner` is the role that migrates, where it is another one.
    """

    serves: bool
    migrates: bool
    owner: str = ""


def longest(session: Session, server: Server) -> tuple[float, str] | None:
    """Seconds and name of the migration that took longest here; None where none is recorded or readable."""
    if not server.table_exists or server.table_schema is None:
        return None
    table = f"{quote_ident(server.table_schema)}.{quote_ident(TABLE)}"
    try:
        rows = session.rows(
            "the longest migration",
            f"SELECT extract(epoch FROM max(finished_at - started_at)), (array_agg(migration_name ORDER BY"
            f" finished_at - started_at DESC))[1] FROM {table}"
            " WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
        )
    except ServerError:
        return None
    seconds, name = rows[0]
    return None if seconds is None else (float(seconds), name or "")


def check_role(session: Session, server: Server, roles: Roles, source: str) -> Iterator[Finding]:
    """Rights that the role has beyond its work, and those that it lacks for it."""
    role = quote_ident(server.role)
    rights = session.rows("rights", _RIGHTS)
    powers = [name for name, value in zip(_POWERS, rights[0], strict=True) if value == "t"] if rights else []
    owned = [
        (who or "", kind or "", int(count or 0), first or "")
        for who, kind, count, first in session.rows("owned", _OWNED)
    ]
    schema = quote_ident(server.table_schema or "public")
    lend = (
        f"GRANT USAGE ON SCHEMA {schema} TO {{0}};\n"
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {{0}};"
    )
    if server.table_exists:
        lend += f"\nREVOKE INSERT, UPDATE, DELETE ON {schema}.{quote_ident(TABLE)} FROM {{0}};"
    if roles.serves and not roles.migrates:
        if powers:
            yield Finding(
                "role-owns-too-much",
                "error",
                f"{server.role} serves and is more than that: {', '.join(powers)}",
                source,
                f"ALTER ROLE {role} NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS NOREPLICATION;",
            )
        if own := [one for one in owned if one[0] == server.role]:
            to = quote_ident(roles.owner) if roles.owner else "the role of PGREADY_URL"
            yield Finding(
                "role-owns-too-much",
                "error",
                f"{server.role} serves and owns {_listed(own)}: it may drop what it serves",
                source,
                f"REASSIGN OWNED BY {role} TO {to};\n{lend.format(role)}",
            )
        for other in dict.fromkeys(one[0] for one in owned if one[0] != server.role):
            theirs = _listed([one for one in owned if one[0] == other])
            yield Finding(
                "role-owns-too-much",
                "error",
                f"{server.role} serves and is a member of {other}, which owns {theirs}: it may drop what it serves",
                source,
                f"REVOKE {quote_ident(other)} FROM {role};\n{lend.format(role)}",
            )
    elif roles.serves and roles.migrates and (powers or owned):
        what = ", ".join([*powers, *([f"owner of {_listed(owned)}"] if owned else [])])
        yield Finding(
            "role-owns-too-much",
            "warning",
            f"one role, {server.role}, migrates and serves ({what})",
            source,
            f"CREATE ROLE app LOGIN PASSWORD '…';\n{lend.format('app')}\n"
            "DATABASE_URL: that of app, for services; PGREADY_URL: this one, for pgready only",
        )
    if roles.migrates:
        yield from _may_migrate(session, server, source)
    if roles.serves and not roles.migrates:
        yield from _may_wait(session, server, source)


def _listed(owned: Sequence[tuple[str, str, int, str]]) -> str:
    """What is owned, a kind at a time: `2 tables (public.note …), the database app`."""
    words = []
    for _, kind, count, first in owned:
        more = " …" if count > 1 else ""
        words.append(f"the {kind} {first}" if count == 1 else f"{count} {kind}s ({first}{more})")
    return ", ".join(words)


def _may_wait(session: Session, server: Server, source: str) -> Iterator[Finding]:
    if not server.table_exists or server.table_schema is None:
        return
    if not _allowed(session, server.table_schema, "SELECT"):
        yield Finding(
            "wait-without-select",
            "error",
            f"{server.role} may not read {server.table_schema}.{TABLE}: pgready wait would end in 2",
            source,
            grants(server.table_schema, server.role, writes=False),
        )


def _may_migrate(session: Session, server: Server, source: str) -> Iterator[Finding]:
    if server.table_exists and server.table_schema is not None:
        if not _allowed(session, server.table_schema, "SELECT, INSERT, UPDATE"):
            yield Finding(
                "may-not-migrate",
                "error",
                f"{server.role} may not write {server.table_schema}.{TABLE}",
                source,
                grants(server.table_schema, server.role, writes=True),
            )
    elif server.table_schema is not None and not server.in_recovery:
        schema = quote_literal(quote_ident(server.table_schema))
        (row,) = session.rows(
            "may create",
            f"SELECT has_schema_privilege(to_regnamespace({schema}), 'CREATE')",
        )
        if row[0] == "f":
            yield Finding(
                "may-not-migrate",
                "error",
                f"{server.role} may not create tables in {server.table_schema}",
                source,
                f"GRANT CREATE ON SCHEMA {quote_ident(server.table_schema)} TO {quote_ident(server.role)};",
            )
    if server.missing_schemas and not server.may_create_schema:
        yield Finding(
            "may-not-migrate",
            "error",
            f"{server.role} may not create the missing schemas {', '.join(server.missing_schemas)}",
            source,
            f"GRANT CREATE ON DATABASE {quote_ident(server.database)} TO {quote_ident(server.role)};",
        )


def _allowed(session: Session, schema: str, rights: str) -> bool:
    each = " AND ".join(f"has_table_privilege(c.oid, {quote_literal(right)})" for right in rights.split(", "))
    rows = session.rows(
        "grants",
        "SELECT has_schema_privilege(n.oid, 'USAGE') AND " + each + " FROM pg_catalog.pg_class c"
        " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE n.nspname = {quote_literal(schema)} AND c.relname = {quote_literal(TABLE)}",
    )
    return bool(rows) and rows[0][0] == "t"


def check_state(session: Session, source: str) -> Iterator[Finding]:
    """Indexes that are of no use, and a lock that nobody works under."""
    for schema, index, table in session.rows("invalid indexes", _INVALID):
        name = f"{quote_ident(schema or '')}.{quote_ident(index or '')}"
        yield Finding(
            "invalid-index",
            "error",
            f"the index {name} on {table} is INVALID: it costs every write and serves no query",
            source,
            f"REINDEX INDEX CONCURRENTLY {name};",
        )
    for one in holders(session):
        if one.state is not None and one.state.startswith("idle") and not (one.application or "").startswith("pgready"):
            yield Finding(
                "lock-held",
                "warning",
                f"the migration lock is held, and nothing is done with it: {one.describe()}",
                source,
                f"SELECT pg_terminate_backend({one.pid});",
            )


def check_history(status: Status, source: str) -> Iterator[Finding]:
    """What a deploy, ours or Prisma's, would stop at or pass over."""
    for entry in status.history.entries:
        note = status.notes.get(entry.name, "")
        if entry.state is State.FAILED:
            mend = status.next_step.split("\n")[0]
            words = f"{entry.name} failed half way (P3009 to Prisma){': ' if note else ''}{note}"
            yield Finding("history", "error", words, source, mend or "pgready migrate status")
        elif entry.state is State.EDITED:
            where = entry.migration.path if entry.migration is not None else source
            words = f"{entry.name} was edited after it was applied: a new database gets something else"
            yield Finding(
                "history", "warning", words, where, f"git checkout -- {where}, and a new migration for the change"
            )
        elif entry.state is State.MISSING:
            words = f"{entry.name} is applied and not in the folder"
            yield Finding(
                "history", "warning", words, source, "restore its file: prisma migrate dev would want a reset"
            )
        elif entry.out_of_order:
            words = f"{entry.name} sorts before a migration that is applied already"
            yield Finding("history", "warning", words, source, "give it a later name, or deploy it as it is")
