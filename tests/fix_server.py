"""Fixtures around one real PostgreSQL server for the whole run: databases, roles, dumps.

The server is the embedded one; `PGREADY_TEST_PG=<bindir>` picks another. Names come from a counter, so a run repeats.
"""

import itertools
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from psycopg import sql

from pgready.embedded import EmbeddedServer, find_binaries
from pgready.embedded.place import account_for, short_temporary_directory
from pgready.embedded.template import template
from pgready.errors import PgreadyError

PASSWORD = "s3cr3t:p@ss/w?rd#%41 &é"
"""The superuser's password in tests: every character that URLs, conninfo strings and shells stumble over."""

_numbers = itertools.count(1)


@dataclass
class Database:
    """One database of the test server; dropped after its test together with its roles."""

    server: EmbeddedServer
    name: str
    roles: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The superuser's URL: TCP, with the password in it."""
        return self.server.url(self.name)

    @property
    def socket_url(self) -> str:
        """The superuser's URL over the Unix socket, without a password."""
        return self.server.url(self.name, tcp=False)

    def url_for(self, user: str, password: str | None = None) -> str:
        """Another role's URL over TCP."""
        return self.server.url(self.name, user, password=password)

    def connect(self, **options: Any) -> psycopg.Connection[tuple[Any, ...]]:
        """A new superuser connection in autocommit mode; `with` closes it."""
        return psycopg.connect(self.socket_url, **{"autocommit": True, **options})

    def query(self, statement: str, parameters: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """Run SQL as superuser on a connection of its own: the rows, or [] if it returns none."""
        with self.connect() as connection:
            cursor = connection.execute(statement.encode(), parameters)
            while cursor.nextset():  # several statements: the last one's rows
                pass
            return cursor.fetchall() if cursor.description else []


@dataclass(frozen=True)
class Role:
    """A login role and the database it was made for."""

    name: str
    password: str
    database: Database

    @property
    def url(self) -> str:
        """This role's URL: TCP, with its password."""
        return self.database.url_for(self.name, self.password)

    def connect(self, **options: Any) -> psycopg.Connection[tuple[Any, ...]]:
        """A new connection as this role in autocommit mode."""
        return psycopg.connect(self.url, **{"autocommit": True, **options})


def _on_server(server: EmbeddedServer) -> AbstractContextManager[psycopg.Connection[tuple[Any, ...]]]:
    return psycopg.connect(server.url(tcp=False), autocommit=True)


def _create(server: EmbeddedServer, name: str, options: str = "") -> None:
    strategy = " STRATEGY file_copy" if server.major >= 15 else ""
    with _on_server(server) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + sql.SQL(strategy + " " + options)
        )


def _drop(server: EmbeddedServer, database: Database) -> None:
    if server.pid is None:  # a test stopped it for good
        return
    with _on_server(server) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database.name)))
        for role in database.roles:
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def find_default_bindir() -> str | None:
    """The server programs that the run was asked to use, None for the default ones."""
    chosen = os.environ.get("PGREADY_TEST_PG")
    return os.path.abspath(chosen) if chosen else None


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    """The PostgreSQL server of this run; tests that stop or break a server start one of their own (`make_server`)."""
    with EmbeddedServer(find_default_bindir(), password=PASSWORD) as running:
        yield running


@pytest.fixture
def make_server() -> Iterator[Callable[..., EmbeddedServer]]:
    """A factory of started servers of the run's version, closed after the test; arguments as EmbeddedServer's."""
    made: list[EmbeddedServer] = []

    def make(**options: Any) -> EmbeddedServer:
        one = EmbeddedServer(**{"bindir": find_default_bindir(), "password": PASSWORD, **options})
        made.append(one)
        one.start()
        return one

    yield make
    for one in made:
        one.close()


@pytest.fixture
def make_open_dir() -> Iterator[Callable[[], str]]:
    """A factory of directories with short paths that other accounts can pass (pytest's own are closed to them)."""
    made: list[str] = []

    def make() -> str:
        made.append(short_temporary_directory("pgr-", account_for()))
        os.chmod(made[-1], 0o755)
        return made[-1]

    yield make
    for path in made:
        shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def empty_cache(make_open_dir: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty cache directory of the test's own, in force."""
    place = make_open_dir()
    monkeypatch.setenv("PGREADY_CACHE_DIR", place)
    return place


@pytest.fixture
def seeded_cache(server: EmbeddedServer, make_open_dir: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> str:
    """A cache directory of the test's own that holds a copy of the run's template, so that no initdb is needed."""
    place = make_open_dir()
    with template(server.binaries, account_for()) as data:
        os.mkdir(os.path.join(place, "templates"), mode=0o755)
        subprocess.run(["cp", "-Rp", os.path.dirname(data), os.path.join(place, "templates")], check=True)
    monkeypatch.setenv("PGREADY_CACHE_DIR", place)
    return place


@pytest.fixture
def make_database(server: EmbeddedServer) -> Iterator[Callable[..., Database]]:
    """A factory of databases: `make_database(name=None, options="", server=None, create=True)`.

    `create=False` only reserves a name, which does not exist yet and is dropped after the test if it does by then.
    """
    made: list[Database] = []
    default = server

    def make(
        name: str | None = None, *, options: str = "", server: EmbeddedServer | None = None, create: bool = True
    ) -> Database:
        database = Database(server or default, name or f"test_{next(_numbers)}")
        made.append(database)
        if create:
            _create(database.server, database.name, options)
        return database

    yield make
    for database in reversed(made):
        _drop(database.server, database)


@pytest.fixture
def database(make_database: Callable[..., Database]) -> Database:
    """A fresh, empty database."""
    return make_database()


@pytest.fixture
def absent_database(make_database: Callable[..., Database]) -> Database:
    """A database that does not exist yet; dropped after the test if it was created."""
    return make_database(create=False)


@pytest.fixture
def make_role(database: Database) -> Callable[..., Role]:
    """A factory of login roles without privileges: `make_role(name=None, *statements, options="", database=None)`.

    Each statement runs as superuser in the database, `{role}` and `{database}` in it standing for the quoted names:
    `make_role("app", "GRANT USAGE ON SCHEMA public TO {role}")`. `options` as in `CREATE ROLE … NOINHERIT`.
    The role's real name is unique: use `.name`. PUBLIC keeps CONNECT and TEMPORARY, as everywhere.
    """
    default = database

    def make(
        name: str | None = None,
        *statements: str,
        options: str = "",
        password: str = "r0le:p@ss/w?rd",
        database: Database | None = None,
    ) -> Role:
        where = database or default
        role = f"{name or 'role'}_{next(_numbers)}"
        where.roles.append(role)
        quoted = sql.Identifier(role)
        with where.connect() as connection:
            create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} " + options)
            connection.execute(create.format(quoted, sql.Literal(password)))
            for statement in statements:
                connection.execute(sql.SQL(statement).format(role=quoted, database=sql.Identifier(where.name)))
        return Role(role, password, where)

    return make


def _major(program: str) -> int:
    """The major version of psql or pg_dump; 0 if it does not run."""
    try:
        run = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    words = [word for word in run.stdout.split() if word[0].isdigit()]
    return int(words[0].split(".")[0].rstrip("abcdefghijklmnopqrstuvwxyz")) if run.returncode == 0 and words else 0


@pytest.fixture(scope="session")
def client_bindir(server: EmbeddedServer) -> str:
    """A directory with psql and pg_dump, pg_dump at least as new as the server; skips the test if there is none."""
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    places = [server.binaries.bindir, os.path.join(here, ".cache", "servers", "client", "bin")]
    try:
        places.append(find_binaries().bindir)
    except PgreadyError:
        pass
    places += [os.path.dirname(os.path.realpath(found)) for found in [shutil.which("pg_dump")] if found]
    for place in places:
        if _major(os.path.join(place, "pg_dump")) >= server.major and _major(os.path.join(place, "psql")):
            return place
    pytest.skip(f"no psql and pg_dump for PostgreSQL {server.major} here: `python tools/servers.py --client` gets them")


@pytest.fixture
def pg_dump(client_bindir: str) -> Callable[..., str]:
    """`pg_dump(database, *options)`: the schema as SQL, without what differs from one dump to the next.

    The lines left out: \\restrict and \\unrestrict (random keys) and the comments that name versions.
    """

    def dump(database: Database, *options: str) -> str:
        run = subprocess.run(
            [os.path.join(client_bindir, "pg_dump"), "--schema-only", *options, "-d", database.socket_url],
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        noise = ("\\restrict ", "\\unrestrict ", "-- Dumped from ", "-- Dumped by ")
        return "".join(line for line in run.stdout.splitlines(keepends=True) if not line.startswith(noise))

    return dump


@pytest.fixture
def psql(client_bindir: str) -> Callable[..., str]:
    """`psql(database, *options)`: run psql as superuser with ON_ERROR_STOP and no psqlrc; what it printed."""

    def run_psql(database: Database, *options: str) -> str:
        command = [os.path.join(client_bindir, "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", *options]
        run = subprocess.run([*command, "-d", database.socket_url], capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        return run.stdout

    return run_psql
