"""The migration lock: Prisma's key, held in an open transaction on a connection of its own.

A transaction-level lock excludes Prisma's session-level one, survives a transaction pooler and dies with its
connection. It is asked for and never waited for: a session that waits in pg_advisory_lock holds a snapshot, and
CREATE INDEX CONCURRENTLY waits for every snapshot: for the end of each *transaction* that had one at a certain
moment. So nothing that needs a snapshot is said in the lock's own transaction while such a statement runs: it would
wait for the lock, which is held until it ends.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from pgready.postgres.server import settings_off
from pgready.postgres.session import ConnectionLost, ServerError, Session
from pgready.sql.names import quote_literal

KEY = 72707369
# The fence: taken inside each working transaction, so that the orphaned backend of a killed client, which runs on,
# and its successor exclude each other.
FENCE = f"SELECT pg_advisory_xact_lock({KEY}, 1)"

# With the idle timeouts off, the server would keep the lock of a machine that vanished until the kernel's own
# keepalives find out, after two hours: it asks for signs of life itself.
_ASK_AFTER_US = (
    "SET LOCAL tcp_keepalives_idle = 20; SET LOCAL tcp_keepalives_interval = 5; SET LOCAL tcp_keepalives_count = 5"
)

RENEW_SECONDS = 5.0
# A connection for questions that was not to be had is tried again after so long.
_ASIDE_AGAIN = 10.0
_NAME_BYTES = 63  # application_name is cut there, and only ASCII survives


@dataclass(frozen=True, slots=True)
class Advisory:
    """An advisory lock of this database: the server function's arguments, and how pg_locks shows it."""

    arguments: str
    shown: str

    @property
    def held(self) -> str:
        """The condition on pg_locks `l` for who holds it."""
        return (
            f"l.locktype = 'advisory' AND l.granted AND {self.shown} AND l.database ="
            " (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())"
        )


MIGRATION = Advisory(str(KEY), f"l.classid = 0 AND l.objid = {KEY} AND l.objsubid = 1")
BACKFILL = Advisory(f"{KEY}, 3", f"l.classid = {KEY} AND l.objid = 3 AND l.objsubid = 2")
"""Held by whoever migrates, with Prisma's key; and by the one runner of background backfills."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock, as far as this role may see (None: not visible to it).

    `progress` is a text that changes while the holder advances.
    """

    pid: int
    application: str | None
    role: str | None
    state: str | None
    query: str | None
    age: str | None
    client: str | None

    @property
    def progress(self) -> str:
        """Changes whenever the holder moves on."""
        return f"{self.pid}/{self.application}"

    def describe(self) -> str:
        """One line for people."""
        parts = [f"pid {self.pid}"]
        parts += [f"“{self.application}”"] if self.application else []
        parts += [f"role {self.role}"] if self.role else []
        parts += [f"from {self.client}"] if self.client else []
        parts += [f"for {self.age}"] if self.age else []
        if self.state is None:
            parts.append("what it does is hidden from this role (needs pg_read_all_stats)")
        elif self.query and self.state == "active":
            parts.append(f"running: {' '.join(self.query.split())[:120]}")
        elif (self.application or "").split(" ")[0] != "pgready":  # whose lock connection says all in its name
            parts.append(self.state + (f", last query: {' '.join(self.query.split())[:120]}" if self.query else ""))
        return ", ".join(parts)


def holders(session: Session, of: Advisory = MIGRATION) -> tuple[Holder, ...]:
    """Everybody who holds the lock in this database."""
    rows = session.rows(
        "who holds the lock",
        "SELECT l.pid, a.application_name, a.usename, a.state,"
        " CASE WHEN a.state IS NULL THEN NULL ELSE a.query END,"
        " to_char(date_trunc('second', now() - coalesce(a.xact_start, a.state_change)), 'HH24:MI:SS'),"
        " host(a.client_addr)"
        " FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a USING (pid)"
        f" WHERE {of.held} ORDER BY l.pid",
    )
    return tuple(
        Holder(int(pid or 0), app or None, role, state, q, age, client)
        for pid, app, role, state, q, age, client in rows
    )


def progress_text(head: str, seconds: float, name: str) -> str:
    """`pgready 12/200 35s …tail_of_the_name`, ASCII and 63 bytes at most; the tail is what tells names apart."""
    text = f"{head} {seconds:.0f}s "
    ascii_name = name.encode("ascii", "replace").decode()
    return text + ascii_name[-(_NAME_BYTES - len(text)) :]


class Lock:
    """The lock on one session; `try_take` until it is held, `progress` while working, then `release`.

    `lost` turns True when the lock's connection died under the holder: the fence still protects what is under way,
    and the holder must take the lock anew before it goes on.
    """

    def __init__(self, session: Session, of: Advisory = MIGRATION) -> None:
        self.session = session
        self.of = of
        self.held = False
        self.lost = False
        self.why_lost = "the lock's connection died"
        # Called about once a second while a piece of work takes longer than that.
        self.beat: Callable[[], None] | None = None
        self._mutex = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._work = ("", "", 0.0)
        self._pace = 0.25
        self._soon = 0.0
        self._way: Callable[[], Session | None] | None = None
        self._aside: Session | None = None
        self._aside_at = 0.0

    def try_take(self) -> bool:
        """One attempt in one message; a refusal leaves no transaction behind."""
        reply = self.session.run(
            "take lock",
            f"BEGIN ISOLATION LEVEL READ COMMITTED; {settings_off()}; {_ASK_AFTER_US};"
            f" SELECT pg_try_advisory_xact_lock({self.of.arguments})",
        )
        self.held = reply[-1].rows[0][0] == "t"
        if not self.held:
            self.session.run("leave lock", "ROLLBACK")
        return self.held

    def progress(self, done: int, total: int, name: str) -> None:
        """What the holder works at, for every waiter to see: told from a thread, at once and every 5 s.

        The text carries the seconds that this piece of work has taken, so a holder that lives always advances.
        """
        self._work = (f"pgready {done}/{total}", name, time.monotonic())
        if self._thread is None:
            self._thread = threading.Thread(target=self._tick, name="pgready-lock", daemon=True)
            self._thread.start()

    def look_soon(self, seconds: float) -> None:
        """Call `beat` that soon (seconds) as well: in the middle of a wait that is shorter than the beat."""
        self._pace = max(0.02, min(self._pace, seconds / 2))
        self._soon = time.monotonic() + seconds

    def _tick(self) -> None:
        told, told_at, looked_at = ("", "", 0.0), 0.0, 0.0
        while True:
            work, now = self._work, time.monotonic()
            soon = 0 < self._soon <= now
            if self.beat is not None and self.held and (soon or (now - work[2] > 1 and now - looked_at >= 1)):
                looked_at = now
                self._soon = 0.0 if soon else self._soon
                try:
                    self.beat()
                except ConnectionLost as e:
                    self._lose(e)
                    return
            if work != told or now - told_at >= RENEW_SECONDS:
                head, name, since = work
                told, told_at = work, now
                try:
                    self._say(progress_text(head, now - since, name))
                except (ConnectionLost, ServerError) as e:
                    self._lose(e)
                    return
            if self._stop.wait(self._pace):
                return

    def _lose(self, error: ConnectionLost | ServerError) -> None:
        if isinstance(error, ConnectionLost):
            self.why_lost = error.words
        self.lost = self.held

    def _say(self, text: str) -> None:
        with self._mutex:
            if self.held:
                # No SELECT set_config: that has a snapshot.
                self.session.run("tell progress", f"SET LOCAL application_name = {quote_literal(text)}")

    def ask(self, step: str, sql: str) -> tuple[tuple[str | None, ...], ...]:
        """A question on the lock's connection, which is free while the worker is busy; raises ServerError.

        In a savepoint: an error (a refused pg_cancel_backend, say) must not end the transaction that holds the lock.
        With a fresh snapshot of the activity: the server keeps the first one until the transaction ends, so that nobody
        who connected later would have a name and no progress would be seen. Nothing is answered where questions go
        aside and there is no way.
        """
        with self._mutex:
            if self._way is not None:
                return self._ask_aside(step, sql, self._way)
            undo = "ROLLBACK TO look; RELEASE look"
            message = f"SAVEPOINT look; SELECT pg_stat_clear_snapshot(); {sql}; RELEASE look"
            return self.session.run(step, message, undo=undo)[2].rows

    def aside(self, way: Callable[[], Session | None] | None) -> None:
        """From here on, questions go to a connection of their own that `way` opens; with None to the lock's again.

        Returns when none is under way on the lock's.
        """
        with self._mutex:
            self._way = way

    def _ask_aside(self, step: str, sql: str, way: Callable[[], Session | None]) -> tuple[tuple[str | None, ...], ...]:
        if self._aside is None or self._aside.closed:
            now = time.monotonic()
            if now < self._aside_at:
                return ()
            self._aside_at = now + _ASIDE_AGAIN
            self._aside = way()
        if self._aside is None:
            return ()
        try:
            return self._aside.rows(step, sql)
        except ConnectionLost:  # the lock is on another one
            self._aside = None
            return ()

    def release(self) -> None:
        """Let go; a lost connection has let go already."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        if self._aside is not None:
            self._aside.close()
        with self._mutex:
            if self.held:
                self.held = False
                try:
                    self.session.run("release lock", "COMMIT")
                except (ConnectionLost, ServerError):
                    pass
        self.session.close()
