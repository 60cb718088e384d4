"""The proving ground of a project: its structure in a throw-away database, which then takes any size.

The structure comes from the migrations; a project that has none gives its Prisma schema. The database is one of an
embedded server, or one beside the database of a superuser's URL. The project's own database is never touched.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pgready.commands.shadow import ShadowPlan, replaying
from pgready.commands.sides import Project, read_schema
from pgready.commands.sources import shown
from pgready.errors import MigrationFailed, PgreadyError, UsageInvalid
from pgready.history.model import Migration
from pgready.history.prepare import Prepared, prepare
from pgready.postgres.connect import ConnectFailed, open_session, unreachable
from pgready.postgres.proving.proving_ground import Ground, proving_ground
from pgready.postgres.session import ConnectionLost
from pgready.postgres.trouble import Trouble
from pgready.project.folder import load, refuse
from pgready.project.url import Target
from pgready.psl.schema import Schema
from pgready.report.story import Event, Teller


@dataclass(frozen=True, slots=True)
class Proving:
    """A ground and where it is, for people."""

    ground: Ground
    described: str


@contextmanager
def project_ground(project: Project, server: Target | None, tell: Teller) -> Iterator[Proving]:
    """The ground of the project, on the server of a superuser's URL or, without one, on an embedded server.

    Raises UsageInvalid (no structure, a folder that will not do, no programs, no superuser), MigrationFailed with the
    place in the script, and Unreachable.
    """
    if server is not None:
        _refuse_others(server)
    settings = project.settings
    search_path = settings.url.schema if settings.url else None
    structure, said = _structure(project)
    plan = ShadowPlan(
        url=None,
        main=server,
        choice="embedded" if server is None else "server",
        schemas=settings.schemas,
        search_path=search_path,
    )
    try:
        with replaying(plan, len(structure), tell if said == "migrations" else _as_schema(tell)) as history:
            history.replay(structure)
            catalog = history.catalog()
            shadow = history.shadow
            with proving_ground(
                shadow.target, is_ours=server is None, catalog=catalog, search_path=search_path or ""
            ) as ground:
                yield Proving(ground, shadow.described)
    except (MigrationFailed, UsageInvalid) as e:
        raise _told(e, server) from None


def _refuse_others(server: Target) -> None:
    """Files that grow and statistics that somebody made up are a superuser's affair: told before anything is done."""
    try:
        session = open_session(server, "ground server")
    except ConnectFailed as e:
        raise unreachable(e.trouble, server) from None
    try:
        (row,) = session.rows("superuser", "SELECT current_setting('is_superuser'), current_user")
    except ConnectionLost as e:
        raise unreachable(Trouble("dropped", e.words, transient=True), server) from None
    finally:
        session.close()
    if row[0] != "on":
        raise UsageInvalid(
            f"the role {row[1]} is no superuser: it cannot give empty tables the size of production",
            where=server.redacted,
            then="name a superuser's URL of a test server, or leave --url out: pip install 'pgready[embedded]'",
            code="superuser_needed",
        )


def _structure(project: Project) -> tuple[list[Prepared], str]:
    """What makes the structure: the migrations, or the schema's own SQL as one script."""
    settings = project.settings
    folder = shown(settings.migrations)
    if os.path.isdir(folder):
        migrations = load(folder)
        refuse(migrations)
        return [prepare(one) for one in migrations], "migrations"
    if not settings.schema_files:
        raise UsageInvalid(
            "there is nothing to prove contracts against: no migrations and no Prisma schema",
            where=folder,
            then="name them: --migrations PATH or --schema PATH",
            code="structure_missing",
        )
    return [prepare(_of_schema(project))], "schema"


def _of_schema(project: Project) -> Migration:
    from pgready.diff.prisma import prisma_changes
    from pgready.diff.schema_side import side_of_schema
    from pgready.diff.sides import EMPTY
    from pgready.plan.prisma import prisma_sql

    settings = project.settings
    after = side_of_schema(project_schema(project), (settings.url.schema if settings.url else None) or "public")
    script = prisma_sql(prisma_changes(EMPTY, after), EMPTY, after)
    return Migration("schema", script, "", path="the SQL of the Prisma schema")


def project_schema(project: Project) -> Schema:
    """The project's own schema; raises UsageInvalid."""
    files, flag = project.settings.schema_files, project.flags.get("schema")
    path = str(flag) if flag else os.path.relpath(files[0], project.cwd)
    return read_schema(path if flag or len(files) == 1 else os.path.dirname(path), project)


def _as_schema(tell: Teller) -> Teller:
    """The story without the word migration, where there is none."""

    def told(event: Event) -> None:
        if event.kind == "shadow":
            kind = event.fields.get("kind")
            where = "an embedded server" if kind == "embedded" else "a database beside yours"
            tell(Event("shadow", f"building the Prisma schema in {where}", {"kind": kind}))
        else:
            tell(event)

    return told


def _told(error: PgreadyError, server: Target | None) -> PgreadyError:
    """Advice of the shadow database names flags that prove does not have."""
    if error.code == "shadow_extension":
        error.then = (
            "prove on a server that has it: --url postgresql://…, the URL of a superuser,\n"
            "or PGREADY_EMBEDDED_BIN=…/bin, programs of a PostgreSQL that it is installed for"
        )
    elif error.code in ("shadow_missing", "shadow_not_created", "shadow_pooled", "shadow_read_only"):
        error.then = "pip install 'pgready[embedded]', or name a superuser's URL of a server: --url postgresql://…"
    elif error.code == "shadow_failed":
        error.then = (error.then or "").replace("--shadow server", "--url postgresql://…, the URL of a superuser")
        error.then = error.then.replace("--shadow embedded", "leave --url out" if server else "mend the script")
    return error
