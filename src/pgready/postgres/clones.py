"""Clones of a template database: made ahead in the background, each given out once, dropped after use.

Several processes (xdist's workers) may share a server: the first makes the template under an advisory lock, all hold
that lock shared as long as they clone it, and the last one drops it. What a killed run leaves behind is known by locks
that nobody holds, and the next one removes it.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import threading
from collections import deque
from collections.abc import Callable
from typing import Self

from pgready.errors import Unreachable, UsageInvalid
from pgready.postgres.connect import ConnectFailed, open_session, unreachable
from pgready.postgres.session import ConnectionLost, ServerError, Session
from pgready.process.waiting import Backoff
from pgready.project.url import Target
from pgready.sql.names import quote_ident, quote_literal

LOCK = 72707371
"""First half of the advisory locks that say which templates and clones are in use."""

_TEMPLATE = "pgready_template_"
_CLONE = "pgready_clone_"
_OURS = re.compile(r"(pgready_template|pgready_clone)_([0-9a-f]{8})(?:_\d+)?")
_DROP = "DROP DATABASE IF EXISTS {} WITH (FORCE)"


class Clones:
    """A pool of clones on the server of `target`, a database in which nothing is made; a context manager.

    `key`: 8 hex digits of what the template holds; an equal one that is there is taken. `fill` makes the template,
    given the name of an empty database. `ahead`: clones kept ready. `search_path` of each, or "". Raises Unreachable
    and UsageInvalid, and whatever `fill` raises.
    """

    def __init__(
        self, target: Target, key: str, fill: Callable[[str], None], *, ahead: int = 2, search_path: str = ""
    ) -> None:
        self._target = target
        self._fill = fill
        self._ahead = ahead
        self._search_path = search_path
        self._template = _TEMPLATE + key
        self._template_lock = f"{LOCK}, {_signed(key)}"
        self._number = secrets.token_hex(4)
        self._made = 0
        self._keeper: Session | None = None
        self._changed = threading.Condition()
        self._ready: deque[str] = deque()
        self._done: deque[str] = deque()
        self._trouble: Exception | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="pgready-clones", daemon=True)

    def __enter__(self) -> Self:
        try:
            self._keeper = keeper = open_session(self._target, "clones")
        except ConnectFailed as e:
            raise unreachable(e.trouble, self._target) from None
        try:
            self._refuse_pooler(keeper)
            idle = "SET idle_session_timeout = 0; "
            keeper.run("settings", idle + "SET statement_timeout = 0; SET lock_timeout = 0")
            _sweep(keeper, self._template)
            self._have_template(keeper)
            keeper.run("mark clones", f"SELECT pg_advisory_lock({LOCK}, {_signed(self._number)})")
            self._thread.start()
        except BaseException as e:
            keeper.close()
            if isinstance(e, ServerError):
                raise self._refused(e) from None
            if isinstance(e, ConnectionLost):
                raise Unreachable(f"the server of the test databases went away: {e.words}") from None
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join()
        keeper = self._keeper
        if keeper is None:
            return
        with contextlib.suppress(ServerError, ConnectionLost):
            mine = quote_literal(f"{_CLONE}{self._number}_")
            listed = keeper.rows("clones", f"SELECT datname FROM pg_database WHERE starts_with(datname::text, {mine})")
            for (name,) in listed:
                keeper.run("drop clone", _DROP.format(quote_ident(name or "")), long=True)
            keeper.run("leave template", f"SELECT pg_advisory_unlock_shared({self._template_lock})")
            if keeper.rows("last one?", f"SELECT pg_try_advisory_lock({self._template_lock})") == (("t",),):
                _drop_template(keeper, self._template)
        keeper.close()

    def take(self) -> str:
        """The name of a clone that nobody has had; waits for one if need be. Give it back with `drop`."""
        with self._changed:
            self._changed.wait_for(lambda: self._ready or self._trouble)
            if self._ready:
                name = self._ready.popleft()
                self._changed.notify_all()
                return name
        error = self._trouble
        if isinstance(error, ServerError):
            raise self._refused(error) from None
        raise Unreachable(f"no test database can be made: {error}", where=self._target.redacted) from None

    def drop(self, name: str) -> None:
        """Drop a clone in the background; connections that are left to it are ended."""
        with self._changed:
            self._done.append(name)
            self._changed.notify_all()

    # ── the template ──

    def _have_template(self, keeper: Session) -> None:
        """Hold the template's lock shared, with the template there and whole."""
        backoff = Backoff(first=0.02, most=0.3)
        # Polled: who waits inside pg_advisory_lock holds a snapshot, for which CREATE INDEX CONCURRENTLY would wait.
        while True:
            if self._tried(keeper, "lock_shared"):
                if self._is_whole(keeper):
                    return
                keeper.run("unlock template", f"SELECT pg_advisory_unlock_shared({self._template_lock})")
            if self._tried(keeper, "lock"):
                break
            backoff.pause()
        try:
            if not self._is_whole(keeper):
                self._make_template(keeper)
            keeper.run("use template", f"SELECT pg_advisory_lock_shared({self._template_lock})")
        finally:
            if not keeper.closed:
                keeper.run("unlock template", f"SELECT pg_advisory_unlock({self._template_lock})")

    def _tried(self, keeper: Session, kind: str) -> bool:
        return keeper.rows("lock template", f"SELECT pg_try_advisory_{kind}({self._template_lock})") == (("t",),)

    def _is_whole(self, keeper: Session) -> bool:
        name = quote_literal(self._template)
        asked = f"SELECT datistemplate FROM pg_catalog.pg_database WHERE datname = {name}"
        return keeper.rows("template?", asked) == (("t",),)

    def _make_template(self, keeper: Session) -> None:
        name = quote_ident(self._template)
        keeper.run("drop leftover", _DROP.format(name), long=True)
        keeper.run("create template", f"CREATE DATABASE {name}", long=True)
        self._fill(self._template)
        keeper.run(
            "end sessions",
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            f" WHERE datname = {quote_literal(self._template)} AND usename = current_user",
        )
        # Last: only a template that is whole is marked as one.
        keeper.run("close template", f"ALTER DATABASE {name} IS_TEMPLATE true ALLOW_CONNECTIONS false")

    def _refuse_pooler(self, keeper: Session) -> None:
        if keeper.rows("pid", "SELECT pg_backend_pid()") != ((str(keeper.backend_pid),),):
            raise UsageInvalid(
                "PGREADY_TEST_URL goes through a transaction pooler, which knows nothing of new databases",
                where=self._target.redacted,
                then="name the server itself",
                code="test_pooled",
            )

    def _refused(self, error: ServerError) -> UsageInvalid:
        return UsageInvalid(
            f"no test database can be made on this server: {error.message}",
            where=self._target.redacted,
            detail=error.words(),
            then="the role needs CREATEDB; or leave PGREADY_TEST_URL out: pgready starts a server of its own",
            code="test_database",
        )

    # ── in the background ──

    def _work(self) -> None:
        try:
            session = open_session(self._target, "clones")
            try:
                session.run("settings", "SET statement_timeout = 0; SET lock_timeout = 0")
                while (job := self._next()) is not None:
                    self._do(session, *job)
            finally:
                session.close()
        except (ServerError, ConnectionLost, ConnectFailed) as e:
            with self._changed:
                self._trouble = e
                self._changed.notify_all()

    def _next(self) -> tuple[str, str] | None:
        """What to do now: a clone first, since somebody may wait for it, then what is done with."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or self._done or len(self._ready) < self._ahead)
            if self._stopping:
                return None
            if len(self._ready) < self._ahead:
                self._made += 1
                return "make", f"{_CLONE}{self._number}_{self._made}"
            return "drop", self._done.popleft()

    def _do(self, session: Session, job: str, name: str) -> None:
        if job == "drop":
            with contextlib.suppress(ServerError):  # somebody was quicker
                session.run("drop clone", _DROP.format(quote_ident(name)), long=True)
            return
        # A copy of the files: a clone of an idle template needs no WAL, and its checkpoint is cheap without fsync.
        strategy = " STRATEGY file_copy" if session.major >= 15 else ""
        template = quote_ident(self._template)
        session.run("clone", f"CREATE DATABASE {quote_ident(name)} TEMPLATE {template}{strategy}", long=True)
        if self._search_path:
            path = quote_ident(self._search_path)
            session.run("search_path", f"ALTER DATABASE {quote_ident(name)} SET search_path = {path}")
        with self._changed:
            self._ready.append(name)
            self._changed.notify_all()


def _signed(key: str) -> int:
    """A key of 8 hex digits as PostgreSQL's int4."""
    number = int(key, 16)
    return number - (1 << 32) if number >= 1 << 31 else number


def _drop_template(session: Session, name: str) -> None:
    session.run("open template", f"ALTER DATABASE {quote_ident(name)} IS_TEMPLATE false")
    session.run("drop template", _DROP.format(quote_ident(name)), long=True)


def _sweep(keeper: Session, wanted: str) -> None:
    """Drop what killed runs left: our names whose lock nobody holds. A whole template of our own key is kept."""
    listed = keeper.rows(
        "look for clones",
        "SELECT datname FROM pg_catalog.pg_database WHERE datname ~ '^pgready_(template|clone)_'"
        " AND pg_has_role(current_user, datdba, 'USAGE')",
    )
    for (name,) in listed:
        match = _OURS.fullmatch(name or "")
        if name is None or match is None or name == wanted:
            continue
        key = f"{LOCK}, {_signed(match[2])}"
        # Whoever uses it holds its lock; with the lock in our hands nobody begins to.
        if keeper.rows("in use?", f"SELECT pg_try_advisory_lock({key})") != (("t",),):
            continue
        try:
            with contextlib.suppress(ServerError):
                if match[1] == "pgready_template":
                    _drop_template(keeper, name)
                else:
                    keeper.run("drop leftover", _DROP.format(quote_ident(name)), long=True)
        finally:
            keeper.run("unlock", f"SELECT pg_advisory_unlock({key})")
