"""Which shadow database is used, what a migrations folder makes in it, and what is told when it makes nothing."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from pgready.catalog.model import Catalog
from pgready.commands.failing import offset_of
from pgready.commands.sources import shown
from pgready.errors import MigrationFailed, UsageInvalid
from pgready.history.prepare import Prepared, place, prepare, show
from pgready.postgres.deploy.executor import ScriptFailed
from pgready.postgres.introspection import introspect
from pgready.postgres.readiness import TABLE
from pgready.postgres.session import ConnectionLost, ServerError, Session
from pgready.postgres.shadow.database import Shadow, embedded_shadow, read_only, shadow_beside, unreachable
from pgready.postgres.shadow.given import MARK, shadow_given
from pgready.postgres.shadow.replay import Replay
from pgready.postgres.trouble import Trouble
from pgready.project.folder import load, refuse
from pgready.project.names import LOCK_FILE
from pgready.project.url import Target
from pgready.report.story import Event, Teller, plural
from pgready.sql.names import quote_ident, quote_literal

if TYPE_CHECKING:
    from pgready.postgres.identities import Identities
    from pgready.postgres.tracing.tracer import Tracer

Choice = Literal["auto", "embedded", "server"]

_ROLE_MISSING = re.compile(r'role "(.+)" does not exist')
_TABLESPACE_MISSING = re.compile(r'tablespace "(.+)" does not exist')
_SCHEMA_THERE = re.compile(r'schema "(.+)" already exists')
_NO_ROLE = frozenset({"42704", "22023"})
# Syntax, and tables, columns, schemas that are not there or there already: the same on every server.
_OF_THE_SCRIPT = frozenset({"42601", "42P01", "42P07", "42703", "42701", "3F000", "42P06"})
# Raised by the script itself, and STRICT without a row: what the migration expects of data.
_OF_THE_DATA = frozenset({"P0001", "P0002", "P0004", "02000"})
_EXTENSION = re.compile(r'extension "([^"]+)"')
_CONTROL_FILE = re.compile(r"/([^/]+?)(?:--[^/]*)?\.(?:control|sql)\b")
_NO_EXTENSION = frozenset({"0A000", "58P01", "42704"})


@dataclass(frozen=True, slots=True)
class ShadowPlan:
    """Where to replay: `url` if the project names a shadow database, else as `choice` says; `main` is its own database.

    `schemas` are those that a deploy would create before it applies anything, `search_path` is the one of `?schema=`.
    """

    url: Target | None
    main: Target | None
    choice: Choice = "auto"
    schemas: tuple[str, ...] = ()
    search_path: str | None = None


def replayed(
    plan: ShadowPlan,
    folder: str,
    tell: Teller,
    schemas: Collection[str] | None = None,
    beside: Callable[[Session], None] | None = None,
) -> Catalog:
    """What the migrations of `folder` make of an empty database, the migrations table left out; `schemas` narrows it.

    `beside` is shown the session before the shadow database goes.
    Raises MigrationFailed with the place in the script, UsageInvalid for a folder or a shadow database that will not
    do, and Unreachable.
    """
    migrations = () if _is_new(folder) else load(shown(folder))
    refuse(migrations)
    prepared = [prepare(one) for one in migrations]
    with replaying(plan, len(prepared), tell) as history:
        history.replay(prepared)
        if beside is not None:
            beside(history.session)
        return history.catalog(schemas)


def _is_new(folder: str) -> bool:
    """A Prisma folder before its first migration: the lock file and nothing else."""
    return os.path.isdir(folder) and [name for name in os.listdir(folder) if name[0] != "."] == [LOCK_FILE]


@contextmanager
def replaying(plan: ShadowPlan, count: int, tell: Teller) -> Iterator[ShadowHistory]:
    """A shadow database for `count` migrations (told) that are replayed bit by bit; raises as `replayed` does."""
    with _shadow(plan, tell) as shadow:
        text = f"replaying {plural(count, 'migration')} in a shadow database: {shadow.described}"
        tell(Event("shadow", text, {"kind": shadow.kind, "migrations": count}))
        session = shadow.open()
        try:
            yield ShadowHistory(session, shadow, plan, tell)
        except ScriptFailed as e:
            raise _described(e, shadow, plan) from None
        except ServerError as e:
            raise read_only(shadow.target, e.words()) if e.sqlstate == "25006" else _refused(e, shadow) from None
        except ConnectionLost as e:
            raise unreachable(Trouble("dropped", e.words, transient=True), shadow.target) from None
        finally:
            session.close()


class ShadowHistory:
    """What stands in a shadow database so far."""

    def __init__(self, session: Session, shadow: Shadow, plan: ShadowPlan, tell: Teller) -> None:
        self._session = session
        self._shadow = shadow
        self._plan = plan
        self._ground = _Ground(session, shadow, plan, tell)
        self._replay = Replay(session, plan.search_path, tell, self._ground.mend)

    @property
    def session(self) -> Session:
        """The session in the database."""
        return self._session

    @property
    def shadow(self) -> Shadow:
        """The database itself, for those that want more of it than its structure."""
        return self._shadow

    def replay(self, migrations: Sequence[Prepared]) -> None:
        """Apply further migrations, in order."""
        self._replay.run(migrations)

    def try_out(self, migration: Prepared) -> MigrationFailed | UsageInvalid | None:
        """Apply one that may fail, the last one then; what is wrong with it."""
        try:
            self.replay([migration])
        except ScriptFailed as e:
            return _described(e, self._shadow, self._plan)
        return None

    @contextmanager
    def tracing(self) -> Iterator[Tracer]:
        """Further migrations one by one, each looked at while it runs; failures are told as those of a replay."""
        from pgready.postgres.tracing.tracer import Tracer

        second = self._shadow.open("second shadow")
        try:
            same = self._shadow.kind == "beside"
            yield Tracer(self._session, second, self._plan.search_path, self._ground.mend, is_the_servers=same)
        finally:
            second.close()

    def identities(self) -> Identities:
        """What everything is called now, by its oid."""
        from pgready.postgres.identities import read_identities

        return read_identities(self._session)

    def catalog(self, schemas: Collection[str] | None = None) -> Catalog:
        """What they made."""
        made = introspect(self._session, None if schemas is None else list(schemas))
        return _of_migrations(made, self._ground.empty_schemas())


@contextmanager
def _shadow(plan: ShadowPlan, tell: Teller) -> Iterator[Shadow]:
    """The shadow database that the plan asks for, or the best that there is."""
    choice = plan.choice
    if plan.url is not None and choice == "auto":
        with shadow_given(plan.url, plan.main, tell) as shadow:
            yield shadow
        return
    if choice == "auto":
        choice = "embedded" if _has_programs() else "server"
    if choice == "embedded":
        with embedded_shadow(plan.main.dbname if plan.main else "") as shadow:
            yield shadow
        return
    if plan.main is None:
        raise UsageInvalid(
            "there is no place for a shadow database: no server programs on this machine, and no database URL",
            then="pip install 'pgready[embedded]', or name a database for it: --shadow-database-url or"
            " PGREADY_SHADOW_DATABASE_URL",
            code="shadow_missing",
        )
    with shadow_beside(plan.main, tell) as shadow:
        yield shadow


def _has_programs() -> bool:
    """Whether an embedded server could start; programs that were named and do not run are the user's to mend."""
    from pgready.embedded import find_binaries

    if os.environ.get("PGREADY_EMBEDDED_BIN"):
        return True
    try:
        find_binaries()
    except UsageInvalid:
        return False
    return True


class _Ground:
    """What stands in the shadow before the first migration, and what is mended when a migration misses something.

    A deploy creates the missing schemas of the settings before it applies anything, and so does the shadow; those that
    stay empty are not the migrations' work. A migration that creates such a schema itself gets it gone first.
    """

    def __init__(self, session: Session, shadow: Shadow, plan: ShadowPlan, tell: Teller) -> None:
        self._session = session
        self._shadow = shadow
        self._tell = tell
        self._roles: set[str] = set()
        self._tablespaces: set[str] = set()
        there = {name for (name,) in session.rows("schemas", "SELECT nspname FROM pg_catalog.pg_namespace")}
        self._made = [name for name in plan.schemas if name not in there]
        for name in self._made:
            session.run("create schema", f"CREATE SCHEMA {quote_ident(name)}")

    def mend(self, failed: ScriptFailed) -> bool:
        """Whether the failed migration is worth another try."""
        state = failed.error.sqlstate
        if state == "42P06" and (schema := _SCHEMA_THERE.search(failed.error.message)):
            return self._give_way(schema[1])
        is_ours = self._shadow.kind == "embedded"
        if is_ours and state in _NO_ROLE and (role := _ROLE_MISSING.search(failed.error.message)):
            return self._create_role(role[1])
        if is_ours and state == "42704" and (space := _TABLESPACE_MISSING.search(failed.error.message)):
            return self._create_tablespace(space[1])
        return False

    def _give_way(self, name: str) -> bool:
        """A migration creates this schema itself."""
        if name not in self.empty_schemas():
            return False
        self._made.remove(name)
        self._session.run("drop schema", f"DROP SCHEMA {quote_ident(name)}")
        return True

    def _create_role(self, name: str) -> bool:
        """Roles belong to a server and not to a history: on a server that we throw away they cost nothing.

        Superusers, since nobody knows what the real ones may do.
        """
        if name in self._roles:
            return False
        self._roles.add(name)
        self._session.run("create role", f"CREATE ROLE {quote_ident(name)} SUPERUSER")
        text = f"the migrations name the role {name}: created in the shadow database"
        self._tell(Event("shadow_role", text, {"role": name}))
        return True

    def _create_tablespace(self, name: str) -> bool:
        """They belong to a server too: a folder beside the data, which goes with it."""
        if name in self._tablespaces:
            return False
        self._tablespaces.add(name)
        ((home,),) = self._session.rows("data directory", "SHOW data_directory")
        place = f"{home}/pgready_tablespace_{len(self._tablespaces)}"
        command = quote_literal(f"mkdir -m 700 {shlex.quote(place)}")
        self._session.run("make a folder", f"COPY (SELECT 1 WHERE false) TO PROGRAM {command}")
        self._session.run("create tablespace", f"CREATE TABLESPACE {quote_ident(name)} LOCATION {quote_literal(place)}")
        text = f"the migrations name the tablespace {name}: created in the shadow database"
        self._tell(Event("shadow_tablespace", text, {"tablespace": name}))
        return True

    def empty_schemas(self) -> tuple[str, ...]:
        """Those that we made and nothing was put into."""
        found = []
        for name in self._made:
            held = self._session.rows(
                "is it empty",
                "SELECT EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_namespace n ON n.oid = d.refobjid"
                " WHERE d.refclassid = 'pg_catalog.pg_namespace'::regclass"
                f" AND n.nspname = {quote_literal(name)} AND d.deptype = 'n')",
            )
            if held == (("f",),):
                found.append(name)
        return tuple(found)


def _of_migrations(made: Catalog, not_made: Sequence[str]) -> Catalog:
    """Without what is not the migrations' work: migrations tables, our mark, schemas that we made."""
    hidden = {MARK, *not_made}
    return replace(
        made,
        schemas=tuple(one for one in made.schemas if one.name not in hidden),
        tables=tuple(one for one in made.tables if one.name.name != TABLE),
    )


# ── what is told ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _refused(error: ServerError, shadow: Shadow) -> UsageInvalid:
    return UsageInvalid(
        f"the shadow database refused what pgready needs: {error.message}",
        where=shadow.target.redacted,
        detail=error.words(),
        then="let the role own the shadow database, or name another with --shadow-database-url",
        code="shadow_refused",
    )


def _described(failed: ScriptFailed, shadow: Shadow, plan: ShadowPlan) -> MigrationFailed | UsageInvalid:
    migration, error = failed.prepared.migration, failed.error
    where, excerpt = migration.path, ""
    offset = offset_of(failed)
    if offset is not None:
        where, excerpt = place(migration, offset), show(migration, offset)
    if error.sqlstate == "25006":
        return read_only(shadow.target, error.words())
    detail = "\n".join(error.words().splitlines()[1:])
    if (extension := missing_extension(failed)) is not None:
        return MigrationFailed(
            f"migration {migration.name} needs the extension {extension}, and the shadow database has none of it"
            f" ({shadow.described})",
            where=where,
            excerpt=excerpt,
            detail=error.words(),
            then=_other_place(extension, shadow, plan),
            code="shadow_extension",
        )
    return MigrationFailed(
        f"migration {migration.name} fails in the shadow database: {error.message} (SQLSTATE {error.sqlstate})",
        where=where,
        excerpt=excerpt,
        detail=detail,
        then=_way_out(error, shadow),
        code="shadow_failed",
    )


def missing_extension(failed: ScriptFailed) -> str | None:
    """The extension that the server lacks, or None if the failure is another."""
    error = failed.error
    if failed.statement is None or error.sqlstate not in _NO_EXTENSION:
        return None
    words = failed.prepared.statements[failed.statement].words
    text = f"{error.message}\n{error.server_detail}"
    if words[:2] != ("CREATE", "EXTENSION") and "CREATE EXTENSION" not in error.context + error.internal_query:
        return None
    found = _EXTENSION.search(text) or _CONTROL_FILE.search(text)
    return found[1] if found else None


def _other_place(extension: str, shadow: Shadow, plan: ShadowPlan) -> str:
    lines = [f"use a server that has {extension}, in one of these ways:"]
    if shadow.kind == "embedded" and plan.main is not None:
        lines.append(
            f"  --shadow server                      a throw-away database beside {plan.main.dbname or 'yours'}"
        )
    lines.append("  --shadow-database-url postgresql://…   an empty database of a server that has it")
    if shadow.kind == "embedded":
        lines.append("  PGREADY_EMBEDDED_BIN=…/bin            programs of a PostgreSQL that it is installed for")
    else:
        lines.append(f"  install the extension's files on this server (the package of {extension})")
    return "\n".join(lines)


def _way_out(error: ServerError, shadow: Shadow) -> str:
    if error.sqlstate == "42501" and "extension" in error.message:
        return "let a superuser create the extension in the shadow database beforehand, or use --shadow embedded"
    if error.sqlstate == "42501":
        return "let the role own the shadow database, or use --shadow embedded"
    if error.sqlstate == "42704" and _ROLE_MISSING.search(error.message):
        return "create the role on the shadow database's server, or use --shadow embedded"
    if error.sqlstate.startswith(("53", "57", "58")):
        return f"give the server what it lacks ({shadow.described})"
    text = (
        "the folder does not build a database from nothing: mend the script. Where it is applied already, pgready and\n"
        "Prisma only note that it was edited"
    )
    if error.sqlstate in _OF_THE_DATA:
        text += (
            "\na shadow database has no rows but those that migrations insert: a script that needs more guards itself,"
            "\nas in IF EXISTS (SELECT …) THEN …"
        )
    elif shadow.kind == "embedded" and error.sqlstate not in _OF_THE_SCRIPT:
        text += "\nif it works on the project's own server (a collation, a setting, a library): --shadow server"
    return text
