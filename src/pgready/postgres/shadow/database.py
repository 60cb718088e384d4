"""Shadow databases: throw-away databases that migrations are replayed in, to learn what they make.

Three kinds, one promise: empty at the start, gone (or empty again) at the end, after errors and signals too. What a
killed run leaves behind is recognised and removed by the next one:

- *embedded*: a server of our own, which dies with this process;
- *beside*: CREATE DATABASE on the server of a given database, by a name that says whose it is. An advisory lock that
  is taken before the database is made, and held as long as it lives, tells a run at work from a leftover;
- *given*: a database that somebody names. It is emptied only if it cannot hold anything of worth: see `shadow_given`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from pgready.errors import PgreadyError, Unreachable, UsageInvalid
from pgready.postgres.connect import ConnectFailed, open_session
from pgready.postgres.session import ConnectionLost, ServerError, Session
from pgready.postgres.shadow.leftovers import drop_leftovers
from pgready.postgres.trouble import Trouble
from pgready.project.url import Target, parse
from pgready.report.story import Event, Teller
from pgready.sql.names import quote_ident

Kind = Literal["embedded", "beside", "given"]

PREFIX = "pgready_shadow_"
LOCK = 72707370
"""First half of the advisory locks that say which shadow databases are in use; deploys know nothing of them."""

READ_ONLY = "25006"
_NO_PRIVILEGE = "42501"
_TEMPLATE_IN_USE = "55006"
_DEFAULTS = ("", "postgres", "template0", "template1")
_HARD_WAY = (
    "name a database for it with --shadow-database-url or PGREADY_SHADOW_DATABASE_URL,\n"
    "or let pgready start a server of its own: pip install 'pgready[embedded]'"
)


@dataclass(frozen=True, slots=True)
class Shadow:
    """An empty database to replay migrations in; `described` says what it is, for people."""

    kind: Kind
    target: Target
    described: str

    def open(self, name: str = "shadow") -> Session:
        """A session in it; raises Unreachable."""
        return reach(self.target, name)


def reach(target: Target, name: str, dbname: str | None = None) -> Session:
    """A session on a shadow's server; raises Unreachable that speaks of the shadow database."""
    try:
        return open_session(target, name, dbname=dbname)
    except ConnectFailed as e:
        raise unreachable(e.trouble, target) from None


def unreachable(trouble: Trouble, target: Target) -> Unreachable:
    """The error for a shadow database that cannot be reached."""
    then = trouble.then if trouble.then and "DATABASE_URL" not in trouble.then else ""
    return Unreachable(
        f"the shadow database cannot be reached: {trouble.what}",
        where=f"{target.redacted} ({target.source})" if target.source else target.redacted,
        then=then
        if then and "--create-database" not in then
        else "check the URL of the shadow database, or\n" + _HARD_WAY,
        code=trouble.code,
    )


def read_only(target: Target, words: str) -> UsageInvalid:
    """The error for a shadow database in which nothing can be made."""
    return UsageInvalid(
        "the shadow database is read-only: migrations cannot be replayed in it",
        where=target.redacted,
        detail=words,
        then="it may be a standby, or default_transaction_read_only is on: name another database with"
        " --shadow-database-url,\nor let pgready start a server of its own: pip install 'pgready[embedded]'",
        code="shadow_read_only",
    )


def refuse_pooler(keeper: Session, target: Target) -> None:
    """A transaction pooler hands our session's lock to others, and knows nothing of new databases: UsageInvalid."""
    if keeper.rows("pid", "SELECT pg_backend_pid()") == ((str(keeper.backend_pid),),):
        return
    raise UsageInvalid(
        "the URL of the shadow database goes through a transaction pooler, which cannot carry one",
        where=target.redacted,
        then="set directUrl in the datasource or PGREADY_DIRECT_URL to the server itself, or\n" + _HARD_WAY,
        code="shadow_pooled",
    )


@contextmanager
def embedded_shadow(dbname: str = "") -> Iterator[Shadow]:
    """A database on an embedded server, called `dbname` if that is given, since scripts may name their database.

    Raises UsageInvalid without server programs, Unreachable if they do not start.
    """
    from pgready.embedded import EmbeddedServer

    with EmbeddedServer(tcp=False) as server:
        target = parse(server.url(tcp=False), "the embedded server")
        if dbname not in _DEFAULTS:
            session = reach(target, "shadow server")
            try:
                session.run("create shadow", f"CREATE DATABASE {quote_ident(dbname)}", long=True)
            finally:
                session.close()
            target = parse(server.url(dbname, tcp=False), "the embedded server")
        yield Shadow("embedded", target, f"embedded PostgreSQL {server.version}")


@contextmanager
def shadow_beside(main: Target, tell: Teller) -> Iterator[Shadow]:
    """A new database on the server of `main`, dropped at the end; leftovers of killed runs are dropped first.

    Raises UsageInvalid where the role may not create databases or the server is read-only, and Unreachable.
    """
    keeper = _keeper(main)
    number = secrets.randbits(31)
    name = f"{PREFIX}{number:08x}"
    try:
        refuse_pooler(keeper, main)
        keeper.run("shadow settings", "SET idle_session_timeout = 0; SET statement_timeout = 0")
        _sweep(keeper, tell)
        keeper.run("mark shadow", f"SELECT pg_advisory_lock({LOCK}, {number})")
        try:
            _create(keeper, main, name)
            yield Shadow("beside", _named(main, name), f"the database {name} on the same server")
        finally:
            _drop(keeper, main, name, tell)
    except ConnectionLost as e:
        raise unreachable(Trouble("dropped", e.words, transient=True), main) from None
    finally:
        keeper.close()


def _keeper(main: Target) -> Session:
    """A session of the same server, in the database itself or, if it does not exist yet, in `postgres`."""
    try:
        return open_session(main, "shadow keeper")
    except ConnectFailed as e:
        if e.trouble.code != "database_missing":
            raise unreachable(e.trouble, main) from None
        return reach(main, "shadow keeper", "postgres")


def _create(keeper: Session, main: Target, name: str) -> None:
    try:
        try:
            keeper.run("create shadow", f"CREATE DATABASE {quote_ident(name)}", long=True)
        except ServerError as e:
            if e.sqlstate != _TEMPLATE_IN_USE:
                raise
            keeper.run("create shadow", f"CREATE DATABASE {quote_ident(name)} TEMPLATE template0", long=True)
    except ServerError as e:
        if e.sqlstate == READ_ONLY:
            raise read_only(main, e.words()) from None
        what = "a shadow database cannot be created on this server"
        then = _HARD_WAY
        if e.sqlstate == _NO_PRIVILEGE:
            what = "the role may not create databases, so there is no place for a shadow database"
            then = f"{_HARD_WAY},\nor as an administrator: ALTER ROLE … CREATEDB"
        raise UsageInvalid(what, where=main.redacted, detail=e.words(), then=then, code="shadow_not_created") from None


def _named(main: Target, name: str) -> Target:
    shown = main.redacted.replace(f"/{quote_url(main.dbname)}", f"/{name}", 1) if main.dbname else main.redacted
    return Target({**main.params, "dbname": name}, schema=main.schema, redacted=shown, source="shadow database")


def quote_url(text: str) -> str:
    """`text` as it stands in a URL's path."""
    from urllib.parse import quote

    return quote(text, safe="")


def _drop(keeper: Session, main: Target, name: str, tell: Teller) -> None:
    """Remove the database whatever happened, the signal that ends us included; what cannot be removed is told."""
    statement = f"DROP DATABASE IF EXISTS {quote_ident(name)} WITH (FORCE)"
    session = keeper
    try:
        if keeper.closed:
            session = _keeper(main)
        session.run("drop shadow", statement, long=True)
    except (ServerError, ConnectionLost, PgreadyError) as e:
        text = f"the shadow database {name} could not be dropped ({e}); the next run on this server does it"
        tell(Event("shadow_left", text, {"database": name}))
    finally:
        if session is not keeper:
            session.close()


def _sweep(keeper: Session, tell: Teller) -> None:
    for name in drop_leftovers(keeper, PREFIX, "", LOCK):
        tell(Event("shadow_swept", f"dropped {name}, the shadow database of a run that was killed", {"database": name}))
