"""Why a push was not carried out, in words, with what to do."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping

from pgready.catalog.names import ObjectName
from pgready.diff.changes import Change
from pgready.diff.data_loss import Assessment
from pgready.diff.pitfalls import pitfalls
from pgready.errors import Declined, LockNotObtained, MigrationFailed, NotReady, PgreadyError, UsageInvalid
from pgready.postgres.deploy.executor import TRANSIENT
from pgready.postgres.pushing import NotApplied
from pgready.postgres.server import Server
from pgready.postgres.session import ServerError
from pgready.report.story import plural
from pgready.sql.names import quote_ident

_DEPENDED_ON = frozenset({"2BP01", "0A000"})
_SHOWN = 160


def foreign_tables(signs: Mapping[str, str], dropped: Iterable[ObjectName]) -> tuple[str, ...]:
    """One warning for each schema in which tables go though another history lives there; `signs` says which one."""
    told = []
    names = list(dropped)
    for schema, sign in sorted(signs.items()):
        tables = ", ".join(f"`{name.name}`" for name in names if name.schema == schema)
        if tables:
            told.append(
                f"Tables in the schema `{schema}` may be another service's ({sign}), and would be dropped: {tables}"
            )
    return tuple(told)


def unexecutable(found: Assessment, database: str) -> Declined:
    """Steps that the data there makes impossible."""
    lines = [each.message for each in found.unexecutable]
    return Declined(
        f"{plural(len(lines), 'change')} cannot be carried out on the data that is there; nothing was changed",
        detail="\n".join(lines),
        then="give the field a default or make it optional, fill in the data, then make it required and push again\n"
        "or lose all data in these schemas:"
        f" pgready db push --force-reset --confirm {shlex.quote(database)}",
        code="unexecutable",
    )


def standby(where: str) -> NotReady:
    """A read-only server."""
    return NotReady(
        "the server is a read-only standby (in recovery): nothing can be pushed to it",
        where=where,
        then="name the primary in the URL",
        code="standby",
    )


def old_strings(role: str, where: str) -> UsageInvalid:
    """Where a backslash escapes in '…', the server would read other constants than were written."""
    return UsageInvalid(
        "standard_conforming_strings is off for this role or database: the script would be read differently",
        where=where,
        then=f"ALTER ROLE {quote_ident(role)} SET standard_conforming_strings = on; nothing was changed",
        code="old_strings",
    )


def looked_in_vain(error: ServerError, where: str) -> UsageInvalid:
    """A question of our own was refused."""
    return UsageInvalid(
        f"the server refused what pgready asks: {error.message}; nothing was changed",
        where=where,
        detail=error.words(),
        code="refused",
    )


def failed(
    refused: NotApplied,
    server: Server,
    where: str,
    *,
    changes: tuple[Change, ...] = (),
    labels_stay: bool = False,
    waited: float = 0.0,
) -> PgreadyError:
    """The server refused a statement; all was rolled back. `changes` are judged for what no server takes."""
    error = refused.error
    state = "only the new labels of enums were added" if labels_stay else "nothing was changed"
    statement = " ".join(line for line in refused.statement.splitlines() if not line.startswith("--"))
    place = f"{where}: {' '.join(statement.split())[:_SHOWN]}"
    detail = "\n".join(error.words().splitlines()[1:])
    if error.sqlstate in TRANSIENT:
        return LockNotObtained(
            f"somebody else uses what is to be changed, for {waited:.0f} s: {error.message}; {state}",
            where=place,
            then="stop the services that use these tables, or raise --lock-timeout; then run the command again",
            code="in_use",
            detail=detail,
        )
    if error.sqlstate == "25006":
        return NotReady(
            f"transactions are read-only here (default_transaction_read_only); {state}",
            where=where,
            then="use a role or a URL that may write",
            code="read_only",
            detail=error.words(),
        )
    if error.sqlstate == "42501":
        return UsageInvalid(
            f"role {server.role} may not do that: {error.message}; {state}",
            where=place,
            then=f"run it as the owner, or make this role a member of that one: GRANT owner TO"
            f" {quote_ident(server.role)}",
            code="no_privilege",
            detail=detail,
        )
    then = "mend the data or the schema, and push again"
    known = [f"{each.why}; in a script of your own: {each.instead}" for each in pitfalls(changes)]
    if known:
        then = "write a migration instead: pgready migrate dev --create-only, and edit its script"
    if error.sqlstate in _DEPENDED_ON:
        then = (
            "something that the Prisma schema does not know depends on what changes; a script that drops it and makes"
            " it anew:\npgready migrate diff --from-config-datasource --to-schema PATH --script -o push.sql\n"
            "put its own statements around that, then\npgready db execute --file push.sql"
        )
    return MigrationFailed(
        f"the push failed: {error.message} (SQLSTATE {error.sqlstate}); {state}",
        where=place,
        then=then,
        code="push_failed",
        detail="\n".join(filter(None, (detail, *known))),
    )
