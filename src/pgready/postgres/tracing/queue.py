"""Statements that cannot run in a transaction, made to wait for others, so that the lock they ask for can be read."""

from __future__ import annotations

import threading

from pgready.hazards.trace import LockMode
from pgready.postgres.session import Session
from pgready.process.waiting import Backoff

MODES = {f"{mode.name.title().replace('_', '')}Lock": mode for mode in LockMode}
"""Lock modes by the names that pg_locks has for them."""

_QUEUED = (
    "SELECT l.relation, l.mode FROM pg_catalog.pg_locks l WHERE l.pid = {pid} AND NOT l.granted"
    " ORDER BY l.locktype <> 'relation' LIMIT 1"
)
_TABLES = (
    "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c"
    " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384"
    " AND NOT c.relispartition ORDER BY c.oid"
)
_VIEWS = (
    "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c"
    " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind = 'm' AND c.relispopulated AND c.oid >= 16384 ORDER BY c.oid"
)


class Queue:
    """A statement made to wait for writers, to read which lock it asks for; then it runs to its end."""

    def __init__(self, session: Session, second: Session) -> None:
        self._session = session
        self._second = second
        self._error: BaseException | None = None

    def run(self, sql: str) -> tuple[str | None, LockMode | None]:
        """The first relation on which it blocks writers, as oid, and the mode; (None, None) if it lets them pass.

        CREATE INDEX CONCURRENTLY and its like wait for the end of transactions instead. Raises what it raises.
        """
        tables = [name for (name,) in self._second.rows("tables", _TABLES) if name]
        if not tables:
            self._session.run("trace alone", sql, long=True)
            return None, None
        views = [f"SELECT FROM {name} LIMIT 0" for (name,) in self._second.rows("views", _VIEWS)]
        lock = f"LOCK TABLE {', '.join(tables)} IN ROW EXCLUSIVE MODE"
        self._second.run("hold", "; ".join(["BEGIN", lock, *views]))
        worker = threading.Thread(target=self._work, args=(sql,), daemon=True)
        worker.start()
        found: tuple[str | None, LockMode | None] = (None, None)
        backoff = Backoff(0.001, 0.01)
        try:
            while worker.is_alive():
                rows = self._second.rows("who queues", _QUEUED.format(pid=self._session.backend_pid))
                if rows:
                    found = (rows[0][0], MODES.get(rows[0][1] or ""))
                    break
                backoff.pause()
        finally:
            self._second.run("let go", "ROLLBACK")
        worker.join()
        if self._error is not None:
            raise self._error
        return found

    def _work(self, sql: str) -> None:
        try:
            self._session.run("trace alone", sql, long=True)
        except BaseException as e:  # noqa: BLE001 - raised again by whoever waits for us
            self._error = e
