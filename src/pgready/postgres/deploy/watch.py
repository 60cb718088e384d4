"""Looking at the worker from outside while it is busy: who blocks it, how far an index build is.

Runs from the lock's thread, on the lock's connection; while a statement runs alone, on one of its own, since CREATE
INDEX CONCURRENTLY would wait for the transaction of whoever looks. One thing it does about what it sees: a session that
blocks CREATE INDEX CONCURRENTLY while it waits for our own lock (a Prisma CLI, perhaps long dead) is a deadlock that
PostgreSQL cannot see, because neither of them waits for a lock of the other; it is cancelled, or named.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from pgready.postgres.deploy.lock import KEY, Lock
from pgready.postgres.session import ServerError, Session, TextRow
from pgready.report.story import Event, Teller

# The same blockers are told again after so many seconds.
_AGAIN = 10.0

# In the working transaction the fence shows which backend is ours, also behind a pooler.
_FENCED = (
    "SELECT pid FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND granted"
    f" AND classid = {KEY} AND objid = 1 AND objsubid = 2"
    " AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())"
)


class Watch:
    """`alone(pid)` names the backend of a statement that runs outside of a transaction; `look` is the lock's beat.

    `pid` is a worker that no fence shows.
    """

    def __init__(self, lock: Lock, tell: Teller, pid: int | None = None) -> None:
        self._lock = lock
        self._pid = pid
        self._tell = tell
        self._alone: int | None = None
        # The last blockers seen, for whoever has to say why a lock was not to be had.
        self.blockers = ""
        self._told: tuple[list[int], float] = ([], 0.0)
        self._bar = ""
        self._blind = False
        self._refused: set[str | None] = set()
        lock.beat = self.look

    def alone(self, pid: int | None, way: Callable[[], Session | None] | None = None) -> None:
        """The backend that works outside of a transaction now, or None; `way` opens a connection to look from."""
        self._lock.aside(None if pid is None else way)
        self._alone = pid

    def look(self) -> None:
        """One look; a role that may not see is told so once."""
        if self._blind:
            return
        alone = self._alone
        pid = alone if alone is not None else self._pid
        worker = str(pid) if pid is not None else f"({_FENCED} LIMIT 1)"
        try:
            blockers = self._lock.ask(
                "look for blockers",
                "SELECT b.pid, a.application_name, a.usename, a.state, left(a.query, 200),"
                " to_char(date_trunc('second', clock_timestamp() - a.xact_start), 'HH24:MI:SS'),"
                " EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.pid = b.pid AND NOT l.granted"
                f" AND l.locktype = 'advisory' AND l.classid = 0 AND l.objid = {KEY})"
                f" FROM unnest(pg_blocking_pids({worker})) AS b (pid)"
                " LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid",
            )
            self._tell_progress(worker)
        except ServerError:
            self._blind = True
            return
        self._tell_blockers(blockers, alone)

    def _tell_progress(self, worker: str) -> None:
        rows = self._lock.ask(
            "look at index build",
            "SELECT phase, blocks_done, blocks_total, tuples_done, tuples_total, index_relid::regclass"
            f" FROM pg_catalog.pg_stat_progress_create_index WHERE pid = {worker}",
        )
        for phase, blocks, blocks_total, tuples, tuples_total, index in rows:
            done, total = (
                (int(tuples or 0), int(tuples_total or 0))
                if int(tuples_total or 0)
                else (
                    int(blocks or 0),
                    int(blocks_total or 0),
                )
            )
            share = f" {100 * done // total} %" if total else ""
            text = f"building {index or 'index'}: {phase}{share}"
            if text != self._bar:
                self._bar = text
                self._tell(Event("index_progress", text, {"phase": phase, "done": done, "total": total}))

    def _tell_blockers(self, blockers: tuple[TextRow, ...], alone: int | None) -> None:
        who = "; ".join(_describe(row) for row in blockers)
        pids = [int(row[0] or 0) for row in blockers]
        told, at = self._told
        if blockers:
            self.blockers = who
            if pids != told or time.monotonic() - at >= _AGAIN:
                self._told = (pids, time.monotonic())
                self._tell(Event("blocked", f"waiting for a lock held by {who}", {"pids": pids}))
        if alone is None:
            return
        for row in blockers:
            if row[6] == "t":
                self._break_deadlock(row)

    def _break_deadlock(self, row: TextRow) -> None:
        if row[0] in self._refused:  # told once, and asking again changes nothing
            return
        who = _describe(row)
        try:
            answer = self._lock.ask("cancel lock waiter", f"SELECT pg_cancel_backend({int(row[0] or 0)})")
            if not answer:  # the next look asks again
                return
            ((done,),) = answer
        except ServerError as e:
            done = "f"
            reason = e.message
            self._refused.add(row[0])
        else:
            reason = "it was gone already" if done != "t" else ""
        if done == "t":
            text = f"cancelled {who}: it waits for our lock and CREATE INDEX CONCURRENTLY waits for it"
            self._tell(Event("deadlock_broken", text, {"pid": int(row[0] or 0)}))
        elif reason:
            text = (
                f"deadlock: {who} waits for our lock and CREATE INDEX CONCURRENTLY waits for it; end it with"
                f" SELECT pg_terminate_backend({row[0]}) ({reason})"
            )
            self._tell(Event("deadlock", text, {"pid": int(row[0] or 0)}))


def _describe(row: TextRow) -> str:
    pid, application, role, state, query, age, _ = row
    if pid == "0":
        return "a prepared transaction"
    parts = [f"pid {pid}"]
    parts += [f"“{application}”"] if application else []
    parts += [f"role {role}"] if role else []
    if state is None:
        return " ".join([*parts, "(hidden from this role: needs pg_read_all_stats)"])
    parts += [f"{state} for {age}"] if age else [state]
    return " ".join(parts) + (f": {' '.join(query.split())[:120]}" if query else "")
