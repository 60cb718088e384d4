"""What migrations stand on: schemas, the migrations table, and the judgement whether the database is a stranger's.

Only what is missing is created: CREATE SCHEMA IF NOT EXISTS fails without the CREATE privilege even where the schema
exists. Prisma creates its schema before its lock, so "already exists" means "look again" here, and nowhere else.
"""

from __future__ import annotations

from pgready.errors import DecisionNeeded, NotReady, UsageInvalid
from pgready.postgres.readiness import TABLE
from pgready.postgres.server import Server
from pgready.postgres.session import ServerError, Session
from pgready.postgres.table import Table
from pgready.sql.names import quote_ident, quote_literal

RACES = frozenset({"23505", "42P04", "42P06", "42P07", "55006"})
_NO_PRIVILEGE = "42501"
_READ_ONLY = "25006"


def create_schemas(session: Session, server: Server, owner: str | None) -> tuple[str, ...]:
    """Create the missing schemas, optionally for an owner; returns those that this session created."""
    made: list[str] = []
    for schema in server.missing_schemas:
        authorization = f" AUTHORIZATION {quote_ident(owner)}" if owner else ""
        try:
            session.run("create schema", f"CREATE SCHEMA {quote_ident(schema)}{authorization}")
        except ServerError as e:
            if e.sqlstate in RACES:
                continue
            if e.sqlstate == _NO_PRIVILEGE and not server.may_create_schema:
                raise UsageInvalid(
                    f"schema {quote_ident(schema)} is missing and role {server.role} may not create it",
                    where=session.target.redacted,
                    then="as the database's owner, either of\n"
                    f"  GRANT CREATE ON DATABASE {quote_ident(server.database)} TO {quote_ident(server.role)};\n"
                    f"  CREATE SCHEMA {quote_ident(schema)} AUTHORIZATION {quote_ident(server.role)};",
                    code="no_privilege",
                    detail=e.words(),
                ) from None
            raise refused(e, session, server, f"cannot create schema {quote_ident(schema)}") from None
        made.append(schema)
    return tuple(made)


def create_table(session: Session, server: Server, table: Table) -> None:
    """The migrations table, where Prisma would put it."""
    try:
        session.run("create table", table.create())
    except ServerError as e:
        if e.sqlstate in RACES:
            return
        if e.sqlstate == _NO_PRIVILEGE:
            raise UsageInvalid(
                f"role {server.role} may not create the migrations table in schema {quote_ident(table.schema)}",
                where=session.target.redacted,
                then=f"as the schema's owner: GRANT CREATE ON SCHEMA {quote_ident(table.schema)}"
                f" TO {quote_ident(server.role)};",
                code="no_privilege",
                detail=e.words(),
            ) from None
        raise refused(e, session, server, f"cannot create {table.name}") from None


def refuse_strangers(session: Session, server: Server, schemas: tuple[str, ...], first: str, folder: str) -> None:
    """P3005: no migrations table here, and tables that no history accounts for; raises DecisionNeeded.

    Migrations tables, tables of extensions and schemas in which another history lives do not count. `first` names a
    migration for the command that is shown.
    """
    looked_at = tuple(dict.fromkeys((*schemas, *([server.table_schema] if server.table_schema else []))))
    if not looked_at:
        return
    listed = ", ".join(quote_literal(s) for s in looked_at)
    rows = session.rows(
        "look for tables",
        "SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
        f" ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND n.nspname IN ({listed})"
        f" AND c.relname <> {quote_literal(TABLE)}"
        " AND NOT EXISTS (SELECT FROM pg_catalog.pg_class o WHERE o.relnamespace = n.oid"
        f" AND o.relname = {quote_literal(TABLE)} AND o.relkind = 'r')"
        " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_class'::regclass"
        " AND d.objid = c.oid AND d.deptype = 'e')"
        " ORDER BY 1, 2 LIMIT 6",
    )
    if not rows:
        return
    names = [f"{schema}.{name}" for schema, name in rows]
    more = " and more" if len(names) > 5 else ""
    raise DecisionNeeded(
        f"the database is not empty and has no migrations table (P3005): it has {', '.join(names[:5])}{more}",
        where=session.target.redacted,
        then="if the database already has what the first migrations make, mark each of those as applied (a baseline):\n"
        f"  pgready migrate resolve --applied {first}\n"
        f"then boot again; {folder} is applied from the first migration that is not marked",
        code="P3005",
    )


def refused(error: ServerError, session: Session, server: Server, what: str) -> UsageInvalid | NotReady:
    """An error of our own DDL that is not a race."""
    if error.sqlstate == _READ_ONLY:
        return NotReady(
            f"{what}: transactions are read-only here (default_transaction_read_only)",
            where=session.target.redacted,
            then=f"as an administrator: ALTER ROLE {quote_ident(server.role)} SET default_transaction_read_only = off;"
            "\nor take it out of the URL or the database; some hosts switch it on when the disk is full",
            code="read_only",
            detail=error.words(),
        )
    return UsageInvalid(
        f"{what}: {error.message}",
        where=session.target.redacted,
        then=f"make sure that role {server.role} may create it, then boot again; nothing was applied",
        code="ddl_refused",
        detail=error.words(),
    )
