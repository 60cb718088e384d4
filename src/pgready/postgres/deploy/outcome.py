"""A statement that stands alone: what must be true before it runs, and what became of it afterwards.

Nothing rolls it back, so the catalog is the only witness: `indisvalid` for index builds, absence for drops.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pgready.errors import LockNotObtained
from pgready.postgres.deploy.indexes import IndexState, builders, exists, index_state
from pgready.postgres.deploy.lock import KEY
from pgready.postgres.session import ServerError, Session
from pgready.process.waiting import Backoff, Patience
from pgready.report.story import Event, Teller
from pgready.sql.standalone import (
    IndexBuild,
    harmless_to_repeat,
    index_build,
    index_drop,
    needs_no_transaction,
    reindex,
)
from pgready.sql.statements import Statement

_DEADLOCKS = frozenset({"40P01", "55P03"})
_TRIES = 5

# Held by the session that runs a statement alone: no transaction and no row says otherwise that the backend of a
# killed client is still at it. The fence will not do: a waiting transaction would stall CREATE INDEX CONCURRENTLY.
_ALONE = f"{KEY}, 2"
_AT_IT = f"l.locktype = 'advisory' AND l.granted AND l.classid = {KEY} AND l.objid = 2 AND l.objsubid = 2"


class Outcome(enum.Enum):
    """What the catalog says of a statement whose end nobody saw."""

    ABSENT = "absent"
    DONE = "done"
    UNKNOWN = "unknown"


class StandAlone:
    """One statement outside of any transaction, on a session that has the script's settings."""

    def __init__(
        self,
        session: Session,
        statement: Statement,
        kind: str,
        tell: Teller,
        watch: Callable[[int | None], None],
        patience: Patience,
    ) -> None:
        self.patience = patience
        self.session = session
        self.statement = statement
        self.kind = needs_no_transaction(statement) or kind
        self.tell = tell
        self.watch = watch
        self.build = index_build(statement)

    @contextmanager
    def sole(self) -> Iterator[None]:
        """Within the block nobody else runs a statement alone here; an orphan that does is waited for, and told."""
        backoff = Backoff(first=0.05, most=2.0)
        told = ""
        while self.session.rows("take statement lock", f"SELECT pg_try_advisory_lock({_ALONE})") != (("t",),):
            found = self.session.rows(
                "look for orphans",
                f"SELECT l.pid, a.application_name, a.state FROM pg_catalog.pg_locks l"
                f" LEFT JOIN pg_catalog.pg_stat_activity a USING (pid) WHERE {_AT_IT} AND l.database ="
                " (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())",
            )
            for pid, application, state in found:
                who = f"pid {pid}" + (f" “{application}”" if application else "")
                if state == "idle":
                    self._end(pid or "0", who)
                elif who != told:
                    told = who
                    text = f"waiting for the backend of an earlier run, which is still at a statement: {who}"
                    self.tell(Event("waiting", text, {"pid": int(pid or 0)}))
            self._pause(backoff, f"pid {', '.join(str(row[0]) for row in found)}")
        try:
            yield
        finally:
            if not self.session.closed:  # the statement itself may have let go of it: DISCARD ALL
                self.session.run(
                    "leave statement lock",
                    f"SELECT pg_advisory_unlock({_ALONE}) FROM pg_catalog.pg_locks l"
                    f" WHERE {_AT_IT} AND l.pid = pg_backend_pid()",
                )

    def _end(self, pid: str, who: str) -> None:
        """Its statement is over and its client gone, or without the migration lock, which we hold: cut it off."""
        try:
            self.session.run("end orphan", f"SELECT pg_terminate_backend({pid})")
        except ServerError:
            return  # another role's: then its end has to be waited for
        self.tell(Event("orphan_ended", f"ended the idle backend of an earlier run: {who}", {"pid": int(pid)}))

    def outcome(self) -> Outcome:
        """After a crash: did it run to its end? ABSENT means that it may run (again)."""
        if self.build is not None:
            self._await_builders(self.build)
            state, _ = index_state(self.session, self.build)
            return Outcome.DONE if state is IndexState.VALID else Outcome.ABSENT
        if (drop := index_drop(self.statement)) is not None:
            there = [exists(self.session, n.text) for n in drop.names]
            return Outcome.ABSENT if any(there) else Outcome.DONE
        return Outcome.ABSENT if harmless_to_repeat(self.kind) else Outcome.UNKNOWN

    def run(self, step: str) -> None:
        """Run it, an INVALID leftover of an earlier try removed first; deadlocks are tried again.

        A failed build's INVALID index is dropped again, so that nothing is left behind. Raises ServerError.
        """
        backoff = Backoff(first=0.2, most=3.0)
        for attempt in range(_TRIES):
            if self.build is not None:
                self._drop_invalid(self.build)
            try:
                self._watched(step, self.statement.text)
            except ServerError as e:
                if self.build is not None:
                    self._drop_invalid(self.build)
                if e.sqlstate not in _DEADLOCKS or attempt == _TRIES - 1:
                    raise
                text = f"{e.message}; trying again"
                self.tell(Event("retry", text, {"sqlstate": e.sqlstate, "statement": self.kind}))
                backoff.pause()
            else:
                break
        if self.build is not None and (state := index_state(self.session, self.build)[0]) is IndexState.INVALID:
            raise ServerError("XX000", f"the index is {state.value} although its build succeeded", index=0)

    def left_behind(self) -> bool:
        """After a failure: is there something in the database that was not there before?"""
        if self.build is not None:
            return self.build.name is None or index_state(self.session, self.build)[0] is IndexState.INVALID
        return index_drop(self.statement) is None and reindex(self.statement) is None and self.kind not in _WHOLE

    def _watched(self, step: str, sql: str) -> None:
        self.watch(self.session.backend_pid)
        try:
            self.session.run(step, sql, long=True)
        finally:
            self.watch(None)

    def _drop_invalid(self, build: IndexBuild) -> None:
        self._await_builders(build)
        state, name = index_state(self.session, build)
        if state is IndexState.INVALID:
            self.tell(Event("invalid_index", f"dropping INVALID index {name}: its build did not end", {"index": name}))
            self._watched("drop invalid index", f"DROP INDEX CONCURRENTLY {name}")

    def _await_builders(self, build: IndexBuild) -> None:
        """A killed client's backend builds on until it notices; its index must not be touched before."""
        backoff = Backoff(first=0.2, most=2.0)
        told = ""
        while found := builders(self.session, build):
            if (who := ", ".join(found)) != told:
                told = who
                text = f"waiting for another backend that builds an index on {build.table_text}: {who}"
                self.tell(Event("waiting", text, {"builders": list(found), "table": build.table_text}))
            self._pause(backoff, who)

    def _pause(self, backoff: Backoff, who: str) -> None:
        """One more pause for a backend of an earlier run, until patience ends."""
        if self.patience.exhausted:
            raise LockNotObtained(
                f"a backend of an earlier run is still at a statement after {self.patience.waited:.0f} s: {who}",
                where=self.session.target.redacted,
                then="let it end, or end it: SELECT pg_terminate_backend(…), then boot again",
                code="orphan",
            )
        backoff.pause(self.patience)


# Statements that fail before they change anything, or whose effect is none of the catalog's business.
_WHOLE = frozenset(
    {
        "vacuum", "cluster", "reindex", "reindex concurrently", "alter system", "create database", "drop database",
        "create tablespace", "drop tablespace", "alter database set tablespace", "commit prepared",
        "rollback prepared", "discard all",
    }
)  # fmt: skip
