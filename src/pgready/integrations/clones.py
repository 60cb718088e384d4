"""Migrated databases for tests: a server, a template that this project's migrations made, clones of it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from pgready.commands.sources import migrations_of
from pgready.errors import MigrationFailed, NotInParity, PgreadyError, UsageInvalid
from pgready.postgres.clones import Clones
from pgready.postgres.connect import ConnectFailed, open_session, unreachable
from pgready.project.resolution import resolve
from pgready.project.settings import Settings
from pgready.project.url import Target, parse
from pgready.report.story import silent
from pgready.sql.names import quote_ident

if TYPE_CHECKING:
    import psycopg

VARIABLE = "PGREADY_TEST_URL"
_MISSING_ROLE = re.compile(r'role "([^"]+)" does not exist')
# A migration that grants to more roles than this is no migration that we know.
_MOST_ROLES = 50


@dataclass(frozen=True, slots=True)
class TestDatabase:
    """One database of a test: `url` is what DATABASE_URL would be."""

    __test__ = False  # for pytest: no class of tests

    name: str
    url: str

    @property
    def sqlalchemy_url(self) -> str:
        """The URL for SQLAlchemy with psycopg, sync and async."""
        return self.url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def asyncpg_url(self) -> str:
        """The URL for SQLAlchemy with asyncpg."""
        return self.url.replace("postgresql://", "postgresql+asyncpg://", 1)

    def connect(self, **options: Any) -> psycopg.Connection[tuple[Any, ...]]:
        """A new psycopg connection; `options` as psycopg.connect's."""
        import psycopg

        return psycopg.connect(self.url, **options)


class TestServer:
    """Databases for the tests of the project in `root`: at PGREADY_TEST_URL, or on an embedded server of our own."""

    __test__ = False

    def __init__(self, root: str, environ: Mapping[str, str], *, ahead: int = 2) -> None:
        self._root = root
        self._environ = dict(environ)
        self._ahead = ahead
        self._stack = contextlib.ExitStack()
        self._clones: Clones | None = None
        self._url = ""
        self._target = Target({})
        self._embedded = False

    @contextlib.contextmanager
    def database(self) -> Iterator[TestDatabase]:
        """A migrated database that nobody has had, dropped afterwards."""
        clones = self._clones or self._start()
        name = clones.take()
        try:
            yield TestDatabase(name, self._named(name))
        finally:
            clones.drop(name)

    def assert_parity(self, url: str) -> None:
        """Raise NotInParity unless the database at `url` is what the project's schema says."""
        from pgready.commands.parity.run import parity
        from pgready.commands.sides import Project
        from pgready.report.parity import human, verdict

        with contextlib.chdir(self._root):
            result = parity(["schema", url], Project({}), silent)
        if result.failed:
            raise NotInParity(verdict(result), [], detail="\n".join(human(result)))

    def close(self) -> None:
        """Drop everything and stop the server."""
        self._stack.close()
        self._clones = None

    # ── how ──

    def _start(self) -> Clones:
        with contextlib.chdir(self._root):
            settings = resolve({}, {**self._environ, "PGREADY_VERIFY": "history"}, self._root)
        settings.migrations = os.path.join(self._root, settings.migrations)
        settings.direct_url = None  # it may be production's
        try:
            self._url = self._environ.get(VARIABLE) or self._embedded_url()
            self._target = parse(self._url, VARIABLE)
            path = settings.migrations_schema or ""
            fill = partial(self._fill, settings)
            clones = Clones(self._target, _key(settings), fill, ahead=self._ahead, search_path=path)
            self._clones = self._stack.enter_context(clones)
        except BaseException:
            self._stack.close()
            raise
        return self._clones

    def _embedded_url(self) -> str:
        from pgready.embedded import EmbeddedServer

        self._embedded = True
        return self._stack.enter_context(EmbeddedServer(settings={"max_connections": "200"})).url()

    def _named(self, name: str) -> str:
        """The URL of another database of the server."""
        return urlunsplit(urlsplit(self._url)._replace(path="/" + name))

    def _fill(self, settings: Settings, name: str) -> None:
        """The template, by the deploy protocol, as a boot would; on our own server missing roles are made."""
        from pgready.commands.deploy import Deploy

        settings.url = parse(self._named(name), VARIABLE)
        for _ in range(_MOST_ROLES):
            try:
                Deploy(settings, silent).run()
            except MigrationFailed as e:
                missing = _MISSING_ROLE.search(f"{e.what}\n{e.detail}")
                if missing is None or not self._embedded:
                    raise
                role = f"CREATE ROLE {quote_ident(missing[1])}"
                self._run(
                    role, f"DROP DATABASE {quote_ident(name)} WITH (FORCE)", f"CREATE DATABASE {quote_ident(name)}"
                )
            else:
                return
        raise UsageInvalid("the migrations name more roles than can be made", code="test_database")

    def _run(self, *statements: str) -> None:
        try:
            session = open_session(self._target, "test databases")
        except ConnectFailed as e:
            raise unreachable(e.trouble, self._target) from None
        try:
            for statement in statements:
                session.run("test databases", statement, long=True)
        finally:
            session.close()


def _key(settings: Settings) -> str:
    """8 hex digits of what the template holds: every script's name and checksum, and the schemas."""
    text = [repr(settings.schemas), settings.migrations_schema or "", settings.schema_owner or ""]
    text += [f"{one.name} {one.checksum}" for one in migrations_of(settings)]
    return hashlib.sha256("\n".join(text).encode()).hexdigest()[:8]


def words(error: PgreadyError) -> str:
    """What a failing test shows."""
    return "\n".join(part for part in (error.what, error.where, error.excerpt, error.detail, error.then) if part)
