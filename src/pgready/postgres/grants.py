"""Which GRANT is missing, to the letter: what a role needs on the migrations table, as SQL that can be copied."""

from __future__ import annotations

from pgready.errors import UsageInvalid
from pgready.postgres.readiness import TABLE
from pgready.postgres.session import ServerError
from pgready.project.url import Target
from pgready.sql.names import quote_ident

NO_PRIVILEGE = "42501"
_READ = "SELECT"
_WRITE = "SELECT, INSERT, UPDATE, DELETE"


def grants(schema: str, role: str, *, writes: bool) -> str:
    """The statements that let `role` read (`writes`: and keep) the migrations table of `schema`."""
    return (
        f"GRANT USAGE ON SCHEMA {quote_ident(schema)} TO {quote_ident(role)};\n"
        f"GRANT {_WRITE if writes else _READ} ON {quote_ident(schema)}.{quote_ident(TABLE)} TO {quote_ident(role)};"
    )


def no_privilege(error: ServerError, target: Target, schema: str, role: str, *, writes: bool) -> UsageInvalid:
    """The error for a role that the server keeps from the migrations table."""
    return UsageInvalid(
        f"role {role} may not {'write' if writes else 'read'} the migrations table: {error.message}",
        where=target.redacted,
        then="as the table's owner:\n" + grants(schema, role, writes=writes),
        code="no_privilege",
    )
