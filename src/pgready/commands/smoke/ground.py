"""The databases of a smoke run: on an embedded server, or beside others on a given one, gone at the end either way.

On a given server every name begins with the prefix and the run's number, and an advisory lock that is held as long as
the run lives tells its databases from those that a killed run left; the next run drops these.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from pgready.embedded import EmbeddedServer
from pgready.errors import PgreadyError, UsageInvalid
from pgready.postgres.connect import ConnectFailed, open_session, unreachable
from pgready.postgres.session import ConnectionLost, ServerError, Session
from pgready.postgres.shadow.database import refuse_pooler
from pgready.postgres.shadow.leftovers import drop_leftovers
from pgready.project.url import Target, parse
from pgready.report.story import Event, Teller
from pgready.sql.names import quote_ident

PREFIX = "pgready_smoke_"
_LOCK = 72707371
_DEFAULTS = ("", "postgres", "template0", "template1")
_MAIN = "fresh"


class Ground:
    """Databases by short words: `fresh`, `crash`. `schema` is the project's `?schema=`, which every URL carries."""

    def __init__(self, keeper: Session, target: Target, server: EmbeddedServer | None, mark: str, schema: str) -> None:
        self._keeper = keeper
        self._target = target
        self._server = server
        self._mark = mark
        self._schema = schema
        self._main = ""
        version = keeper.rows("version", "SELECT current_setting('server_version'), current_setting('is_superuser')")
        self.version = str(version[0][0]).split(" ", 1)[0]
        self.superuser = version[0][1] == "on"
        self.made: list[str] = []

    @property
    def described(self) -> str:
        """What it is, for people."""
        if self._server is not None:
            return f"PostgreSQL {self.version}, embedded"
        return f"PostgreSQL {self.version} at {self._target.redacted}"

    @property
    def major(self) -> int:
        """The server's major version."""
        return int(self.version.split(".", 1)[0].rstrip("abcdefghijklmnopqrstuvwxyz"))

    def call_main(self, name: str) -> None:
        """The first database is called as the project's own where the server is ours: scripts may name it."""
        if self._server is not None and name not in _DEFAULTS:
            self._main = name

    def name(self, word: str) -> str:
        """The database's name."""
        if word == _MAIN and self._main:
            return self._main
        return f"{self._mark}{word}"

    def create(self, word: str, template: str = "") -> str:
        """Make a database, empty or as a copy of another; returns its URL. Raises UsageInvalid."""
        name = self.name(word)
        copied = f" TEMPLATE {quote_ident(self.name(template))}" if template else ""
        strategy = " STRATEGY file_copy" if self.major >= 15 and self._server is not None else ""
        self.made.append(word)
        try:
            self._keeper.run("create database", f"CREATE DATABASE {quote_ident(name)}{copied}{strategy}", long=True)
        except ServerError as e:
            raise UsageInvalid(
                "a database for the smoke run cannot be created on this server",
                where=self._target.redacted,
                detail=e.words(),
                then="ALTER ROLE … CREATEDB, or leave --url out: pip install 'pgready[embedded]'",
                code="smoke_database",
            ) from None
        return self.url(word)

    def drop(self, word: str) -> None:
        """Remove one, sessions and all."""
        self._keeper.run("drop", f"DROP DATABASE IF EXISTS {quote_ident(self.name(word))} WITH (FORCE)", long=True)

    def reserve(self, word: str) -> str:
        """The URL of a database that somebody else is to create."""
        self.made.append(word)
        return self.url(word)

    def url(self, word: str, *, tcp: bool = False) -> str:
        """The database's URL; over TCP with a password where the server is ours and `tcp` asks for it."""
        name = self.name(word)
        text = self._server.url(name, tcp=tcp) if self._server is not None else url_of(self._target, name)
        if not self._schema:
            return text
        return f"{text}{'&' if '?' in text else '?'}schema={quote(self._schema, safe='')}"

    def target(self, word: str) -> Target:
        """The database as a target, under the name that people know it by."""
        return parse(self.url(word), f"the smoke run's database {word}")

    @contextmanager
    def session(self, word: str) -> Iterator[Session]:
        """A session in the database; raises Unreachable."""
        target = self.target(word)
        try:
            session = open_session(target, "smoke")
        except ConnectFailed as e:
            raise unreachable(e.trouble, target) from None
        try:
            yield session
        finally:
            session.close()

    def close(self) -> None:
        """Drop what was made on a server that is not ours; an embedded one is thrown away whole."""
        if self._server is not None:
            return
        for word in self.made:
            try:
                self.drop(word)
            except (ServerError, ConnectionLost):
                continue  # the next run sweeps it


@contextmanager
def ground(url: str | None, schema: str, cwd: str, tell: Teller) -> Iterator[Ground]:
    """An embedded server, or the server of `url`; raises UsageInvalid and Unreachable."""
    if url is None:
        with EmbeddedServer() as server:
            target = parse(server.url(tcp=False), "the embedded server")
            keeper = _reach(target)
            try:
                yield Ground(keeper, target, server, "smoke_", schema)
            finally:
                keeper.close()
        return
    target = parse(url, "flag --url", cwd)
    keeper = _reach(target)
    try:
        refuse_pooler(keeper, target)
        number = secrets.randbits(31)
        keeper.run("settings", "SET idle_session_timeout = 0; SET statement_timeout = 0")
        _sweep(keeper, tell)
        keeper.run("mark", f"SELECT pg_advisory_lock({_LOCK}, {number})")
        made = Ground(keeper, target, None, f"{PREFIX}{number:08x}_", schema)
        try:
            yield made
        finally:
            made.close()
    finally:
        keeper.close()


def _reach(target: Target) -> Session:
    try:
        return open_session(target, "smoke keeper")
    except ConnectFailed as e:
        if e.trouble.code != "database_missing":
            raise unreachable(e.trouble, target) from None
        try:
            return open_session(target, "smoke keeper", dbname="postgres")
        except ConnectFailed as again:
            raise unreachable(again.trouble, target) from None


def _sweep(keeper: Session, tell: Teller) -> None:
    for name in drop_leftovers(keeper, PREFIX, r"_\w+", _LOCK):
        tell(Event("swept", f"dropped {name}, left by a run that was killed", {"database": name}))


def url_of(target: Target, dbname: str) -> str:
    """The same server's URL for another database, as services read it."""
    params = {name: value for name, value in target.params.items() if name != "dbname"}
    user, password = params.pop("user", ""), params.pop("password", "")
    host, port = params.pop("host", ""), params.pop("port", "")
    login = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    if host.startswith("/") or "," in host or not host:
        params |= {"host": host} if host else {}
        params |= {"port": port} if port else {}
        place = ""
    else:
        place = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in params.items())
    return f"postgresql://{login}{'@' if login else ''}{place}/{quote(dbname, safe='')}{f'?{query}' if query else ''}"


def told(error: PgreadyError) -> tuple[str, ...]:
    """An error as lines of a step's details."""
    lines = [f"--> {error.where}"] if error.where else []
    lines += error.excerpt.splitlines()
    lines += error.detail.splitlines()
    lines += [f"next: {error.then}"] if error.then else []
    return tuple(lines)
