"""Sides: what a diff compares, as a value, and its resolution to a catalog.

A side is empty, a Prisma schema, a migrations folder (replayed in a shadow database), a live database, or a snapshot
file. Two sides are resolved together, since one tells the other what to look at: a schema that lists PostgreSQL schemas
says which of a live database count, and `?schema=` of a URL says where a model without `@@schema` is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Literal

from pgready.commands.at_once import at_once
from pgready.errors import UsageInvalid
from pgready.project.resolution import resolve
from pgready.project.settings import Settings
from pgready.project.url import Target, parse
from pgready.report.story import Teller

if TYPE_CHECKING:  # a diff of two files does not pay for what only a database needs, nor the other way round
    from pgready.catalog.model import Catalog
    from pgready.commands.shadow import Choice, ShadowPlan
    from pgready.postgres.session import Session
    from pgready.psl.schema import Schema

Kind = Literal["empty", "schema", "migrations", "url", "datasource", "snapshot"]


@dataclass(frozen=True, slots=True)
class Side:
    """One side as it was asked for.

    `text` is the schema's path, the migrations folder, the URL or the snapshot file; for "datasource" the schema whose
    URL is meant, "" for the project's own. `flag` is the flag that said so.
    """

    kind: Kind
    text: str = ""
    flag: str = ""


@dataclass(frozen=True)
class Resolved:
    """A side's content: `schema` for a Prisma schema, `stored` (the catalog of a database) for all other kinds.

    `default_schema` is where things without a schema are; `schemas` are those that count, in a database.
    """

    side: Side
    default_schema: str
    schemas: tuple[str, ...]
    schema: Schema | None = None
    stored: Catalog | None = None
    beside: object = None

    @cached_property
    def catalog(self) -> Catalog:
        """The side as a catalog, objects sorted as introspection does."""
        from pgready.catalog.from_psl import catalog_of, in_order
        from pgready.catalog.model import Catalog

        if self.schema is not None:
            return in_order(catalog_of(self.schema, self.default_schema))
        return self.stored or Catalog()


class Project:
    """What the project says, read when a side needs it: a diff of two files asks for no settings and no URL."""

    def __init__(self, flags: Mapping[str, object], shadow: Choice = "auto") -> None:
        self.flags = {name: value for name, value in flags.items() if name != "no_color"}
        self.shadow = shadow
        self.environ = dict(os.environ)
        self.cwd = os.getcwd()

    @cached_property
    def settings(self) -> Settings:
        """The settings of the current folder; raises UsageInvalid."""
        return resolve(self.flags, self.environ, self.cwd)

    def plan(self) -> ShadowPlan:
        """Where migrations are replayed."""
        from pgready.commands.shadow import ShadowPlan
        from pgready.project.shadow_url import shadow_url

        settings = self.settings
        return ShadowPlan(
            url=shadow_url(self.flags, self.environ, self.cwd),
            main=settings.direct_url or settings.url,
            choice=self.shadow,
            schemas=settings.schemas,
            search_path=settings.url.schema if settings.url else None,
        )

    def target(self, side: Side) -> Target:
        """The database of a live side; raises UsageInvalid."""
        if side.kind == "url":
            return parse(side.text, f"flag {side.flag}", self.cwd)
        if side.text:
            return resolve({**self.flags, "schema": side.text}, self.environ, self.cwd).require_url()
        return self.settings.require_url()


Beside = Callable[["Session", "Catalog"], object]


def resolve_sides(
    sides: Sequence[Side],
    project: Project,
    tell: Teller,
    *,
    in_full: bool = False,
    beside: Beside | None = None,
    beside_shadow: Callable[[Session], object] | None = None,
) -> tuple[Resolved, ...]:
    """Each side's content, files first: what is wrong with a schema is told before a server is asked.

    `in_full`: where nothing lists the schemas that count and no Prisma schema is a side, all of a database do. What
    `beside` says of a live database, asked in the session that read its catalog, is the side's `beside`, and what
    `beside_shadow` says of the shadow database that of migrations. Live databases are read at once, each in a thread
    of its own.
    Raises UsageInvalid, MigrationFailed (a migration fails in the shadow database), Unreachable.
    """
    schemas = {side: read_schema(side.text, project) for side in sides if side.kind == "schema"}
    snapshots = {side: read_snapshot(side.text) for side in sides if side.kind == "snapshot"}
    targets = {side: project.target(side) for side in sides if side.kind in ("url", "datasource")}
    needs_shadow = any(side.kind == "migrations" for side in sides)
    default = _default_schema(list(targets.values()), project if needs_shadow else None)
    counted = _counted(list(schemas.values()), default, project if needs_shadow or targets else None)
    every = in_full and not schemas and not (project.settings.schemas if needs_shadow or targets else ())
    read = None if every else counted
    live = {at: targets[side] for at, side in enumerate(sides) if side in targets}
    reading = at_once([partial(_live, target, read, beside) for target in live.values()])
    found = []
    for side in sides:
        if side.kind == "migrations":
            from pgready.commands.shadow import replayed

            seen: list[object] = []
            ask = partial(_seen, beside_shadow, seen) if beside_shadow is not None else None
            stored = replayed(project.plan(), side.text, tell, read, ask)
            found.append(Resolved(side, default, counted, None, stored, seen[0] if seen else None))
        elif side in targets:
            stored, said = next(reading)
            found.append(Resolved(side, default, counted, None, stored, said))
        else:
            found.append(Resolved(side, default, counted, schemas.get(side), snapshots.get(side)))
    return tuple(found)


def _seen(ask: Callable[[Session], object], seen: list[object], session: Session) -> None:
    seen.append(ask(session))


def _default_schema(targets: Sequence[Target], project: Project | None) -> str:
    """`?schema=` of the live side, else of the project's URL, else `public`."""
    if project is not None and project.settings.url is not None:
        targets = [*targets, project.settings.url]
    return next((target.schema for target in targets if target.schema), "public")


def _counted(schemas: Sequence[Schema], default: str, project: Project | None) -> tuple[str, ...]:
    """The PostgreSQL schemas that count, as Prisma has it: those that a datasource lists, else the default one."""
    listed = [name for schema in schemas if schema.datasource for name in schema.datasource.schemas]
    if not schemas and project is not None:
        listed = list(project.settings.schemas)
    return tuple(dict.fromkeys(listed)) or (default,)


def read_schema(path: str, project: Project) -> Schema:
    """The valid schema of a file or folder, "" for the project's own; raises UsageInvalid with what is wrong where."""
    from pgready.commands.schema_trouble import refuse_invalid
    from pgready.project.schema_sources import find_and_read
    from pgready.psl.analyse import analyse

    files = find_and_read([path] if path else (), {} if path else project.flags, project.environ, project.cwd)
    found = analyse([file.source for file in files])
    if found.schema is None:
        raise refuse_invalid(found.diagnostics, path or " ".join(file.source.path for file in files))
    return found.schema


def read_snapshot(path: str) -> Catalog:
    """The catalog of a snapshot file; raises UsageInvalid."""
    from pgready.catalog.fingerprint import from_json
    from pgready.project.schema_files import read_text

    return _without_migrations(from_json(read_text(path, path), path))


def read_database(target: Target, schemas: Sequence[str] | None) -> Catalog:
    """The catalog of a live database, the migrations table left out; raises Unreachable."""
    return _live(target, schemas, None)[0]


def _live(target: Target, schemas: Sequence[str] | None, beside: Beside | None) -> tuple[Catalog, object]:
    said: list[object] = [None]
    catalog = introspected(target, schemas, lambda session, found: said.append(beside and beside(session, found)))
    return _without_migrations(catalog), said[-1]


def introspected(target: Target, schemas: Sequence[str] | None, beside: Beside | None = None) -> Catalog:
    """The catalog of a live database, shown to `beside` before the session ends; raises Unreachable."""
    from pgready.postgres.connect import ConnectFailed, open_session, unreachable
    from pgready.postgres.introspection import introspect
    from pgready.postgres.session import ConnectionLost
    from pgready.postgres.trouble import Trouble

    try:
        session = open_session(target, "introspection")
    except ConnectFailed as e:
        raise unreachable(e.trouble, target) from None
    try:
        catalog = introspect(session, schemas)
        if beside is not None:
            beside(session, catalog)
    except ConnectionLost as e:
        raise unreachable(Trouble("dropped", e.words, transient=True), target) from None
    else:
        return catalog
    finally:
        session.close()


def _without_migrations(catalog: Catalog) -> Catalog:
    from pgready.postgres.readiness import TABLE

    return replace(catalog, tables=tuple(one for one in catalog.tables if one.name.name != TABLE))


# ── flags ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

FLAGS: tuple[tuple[str, Kind, bool], ...] = (
    ("empty", "empty", False),
    ("schema", "schema", True),
    ("schema-datamodel", "schema", True),
    ("migrations", "migrations", True),
    ("url", "url", True),
    ("config-datasource", "datasource", False),
    ("schema-datasource", "datasource", True),
    ("snapshot", "snapshot", True),
)
"""Behind `--from-` and `--to-`: the name, the kind, whether it takes a value. Names of Prisma 6 and of 7, and ours."""


def side_of_flags(which: Literal["from", "to"], given: Mapping[str, object]) -> Side:
    """The one side that the flags of `which` name; `given` maps `from_empty` and its like to values.

    Raises UsageInvalid if none or several are given.
    """
    found = []
    for name, kind, takes_value in FLAGS:
        value = given.get(f"{which}_{name.replace('-', '_')}")
        if value:
            found.append(Side(kind, str(value) if takes_value else "", f"--{which}-{name}"))
    if len(found) == 1:
        return found[0]
    names = " and ".join(side.flag for side in found) or "none"
    raise UsageInvalid(
        f"one --{which}-… is needed, and {'there is ' if not found else ''}{names}{' are given' if found else ''}",
        then=f"one of: {', '.join(f'--{which}-{name}' for name, _, _ in FLAGS)}",
        code="usage",
    )
