"""Applying what is pending, under the lock: whole scripts several a message, the others step by step."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pgready.commands.arrive import Arrival
from pgready.commands.failing import describe, own_fault
from pgready.errors import DecisionNeeded, Unreachable, UsageInvalid
from pgready.history.diagnose import History, diagnose
from pgready.history.explain import explain_failed
from pgready.history.model import Migration, Row, State
from pgready.history.prepare import Prepared, prepare, registering
from pgready.history.progress import parse
from pgready.postgres.connect import ConnectFailed
from pgready.postgres.deploy.executor import (
    LOCK_NOT_AVAILABLE,
    SPLIT,
    TRANSIENT,
    Applied,
    Executor,
    ScriptFailed,
    Superseded,
)
from pgready.postgres.deploy.lock import Lock
from pgready.postgres.deploy.memory import Failure, forget, recall, remember
from pgready.postgres.deploy.message import Frame
from pgready.postgres.deploy.stepwise import Stepwise, resumable, undecided
from pgready.postgres.deploy.watch import Watch
from pgready.postgres.grants import NO_PRIVILEGE, no_privilege
from pgready.postgres.readiness import TABLE
from pgready.postgres.server import Server
from pgready.postgres.session import ConnectionLost, Session
from pgready.postgres.table import Table
from pgready.process.waiting import Backoff, Patience
from pgready.project.folder import refuse
from pgready.project.settings import Settings
from pgready.report.story import Event, Teller, plural, seconds
from pgready.sql.names import quote_ident

if TYPE_CHECKING:
    from pgready.commands.online.required import Requirements

# A message carries migrations until one of these is reached; slow ones go alone, so that progress is seen.
_BATCH = 32
_BATCH_CHARACTERS = 200_000
_SLOW_SECONDS = 0.2


def judge_scripts(
    migrations: Sequence[Migration], rows: Sequence[Row], server: Server, settings: Settings
) -> dict[str, Prepared]:
    """Every script that would be applied, by name, judged before anything is created or sent; raises UsageInvalid."""
    todo = _to_apply(diagnose(migrations, rows, running=False))
    refuse(todo)
    prepared = {m.name: registering(prepare(m)) for m in todo}
    if todo and not server.conforming_strings:
        # Where a backslash escapes in '…', the server would see other statements than we do.
        raise UsageInvalid(
            "standard_conforming_strings is off for this role or database: scripts would be read differently",
            where=settings.require_url().redacted,
            then=f"ALTER ROLE {quote_ident(server.role)} SET standard_conforming_strings = on; nothing was applied",
            code="old_strings",
        )
    if server.pooled and settings.direct_url is None:
        _refuse_pooled(prepared.values())
    return prepared


def _refuse_pooled(prepared: Iterable[Prepared]) -> None:
    """What a pooler cannot carry needs a direct connection."""
    for one in prepared:
        if one.needs_direct:
            raise UsageInvalid(
                f"{one.migration.name}: {one.why_split}, and the URL goes through a transaction pooler",
                where=one.migration.path,
                then="set directUrl in the datasource or PGREADY_DIRECT_URL to the server itself; nothing was applied",
                code="direct_url_missing",
            )


def _to_apply(history: History) -> list[Migration]:
    """What is pending, and what has failed: whether that may go on is decided later."""
    return [e.migration for e in history.entries if e.migration and (e.counts_as_pending or e.state is State.FAILED)]


class Later(Exception):  # noqa: N818 - not an error: a pause that nobody should spend holding the lock
    """Something failed a moment ago: try again in `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Applier:
    """Applies on `worker` while `lock` is held; `applied` are the names that this process committed."""

    def __init__(
        self,
        settings: Settings,
        arrival: Arrival,
        tell: Teller,
        patience: Patience,
        lock: Lock,
        worker: Session,
        server: Server,
        table: Table,
    ) -> None:
        self.settings = settings
        self.arrival = arrival
        self.tell = tell
        self.patience = patience
        self.lock = lock
        self.worker = worker
        self.server = server
        self.table = table
        self.applied: list[str] = []
        target = settings.require_url()
        self.frame = Frame(settings.lock_timeout, server.timeouts, server.checks_clients, target.schema)
        self.executor = Executor(worker, table, self.frame)
        self.watch = Watch(lock, tell)
        self._total = 0
        self._done = 0
        self._size = 1
        self._direct: Session | None = None
        self.backfills: Requirements | None = None

    def apply_pending(self, migrations: Sequence[Migration], rows: Sequence[Row], judged: dict[str, Prepared]) -> None:
        """Apply in order; `judged` are the scripts that `judge_scripts` has passed."""
        history = diagnose(migrations, rows, running=False)
        unfinished = {e.name: e.unfinished[-1] for e in history.blocking}
        rolled_back = {e.name: e.rows[-1].id for e in history.entries if e.state is State.ROLLED_BACK}
        todo = _to_apply(history)
        if not todo:
            return
        prepared = [judged.get(m.name) or registering(prepare(m)) for m in todo]
        self._refuse_foreign_failures(prepared, unfinished, history)
        failures = recall(self.worker, self.table)
        self._heed(prepared, failures)
        if any(one.registers or one.requires for one in prepared):
            self._meet_backfills(prepared, migrations)
        self._announce(history, todo)
        self._total, self._done = len(todo), 0
        try:
            self._all(prepared, unfinished, rolled_back)
        finally:
            if self._direct is not None:
                self._direct.close()
        succeeded = tuple(n for n in self.applied if n in failures)
        if succeeded:
            forget(self.worker, self.table, succeeded)

    def _meet_backfills(self, prepared: list[Prepared], migrations: Sequence[Migration]) -> None:
        from pgready.commands.online.required import Requirements  # a boot without background backfills does not pay

        role = self.server.role
        self.backfills = Requirements(self.worker, self.table, self.frame, self.tell, migrations, role)
        self.backfills.before_all(prepared)

    def _all(self, prepared: list[Prepared], unfinished: dict[str, Row], rolled_back: dict[str, str]) -> None:
        at = 0
        while at < len(prepared):
            if self.lock.lost:
                raise ConnectionLost("lock", self.lock.why_lost)
            first = prepared[at]
            name = first.migration.name
            self.lock.progress(self._done + 1, self._total, name)
            if self.backfills is not None:
                self.backfills.before(first)
            began = time.monotonic()
            try:
                if name in unfinished or not first.whole:
                    self._stepwise(first, unfinished.get(name), rolled_back.get(name), first.why_split)
                    at += 1
                else:
                    at += self._together(prepared, at, unfinished, rolled_back)
            except Superseded as e:
                raise ConnectionLost("claim", f"another process has {e} already") from None
            except ConnectionLost:
                # A statement that ran for an hour has not waited for an hour.
                self.patience.worked(time.monotonic() - began)
                raise
            self.patience.progress()
            self._tell_warnings()
            if self.backfills is not None:
                self.backfills.after(first)
        if self.lock.lost:
            # Everything is applied, each in its fence; but the next time it may take longer.
            self.tell(Event("note", f"the migration lock was lost on the way: {self.lock.why_lost}", {}))

    def _tell_warnings(self) -> None:
        """What the server warned of on the way: a script may have meant it."""
        for warning in self.worker.warnings:
            self.tell(Event("note", f"the server warns: {warning}", {"warning": warning}))
        self.worker.warnings.clear()

    def _together(
        self, prepared: list[Prepared], at: int, unfinished: dict[str, Row], rolled_back: dict[str, str]
    ) -> int:
        """Send one message; returns how many migrations it finished."""
        batch = self._batch(prepared, at, unfinished)
        names = [p.migration.name for p in batch]
        self.tell(
            Event(
                "applying",
                f"applying {names[0]}" + (f" and {len(names) - 1} more" if len(names) > 1 else ""),
                {"migrations": names, "done": self._done, "total": self._total},
            )
        )
        done: list[Applied] = []
        began = time.monotonic()
        try:
            self._with_retries(batch, rolled_back, done)
        except ScriptFailed as e:
            self._tell_applied(done)
            failed = e
        else:
            self._tell_applied(done)
            took = time.monotonic() - began
            self._size = min(_BATCH, self._size * 2) if took < _SLOW_SECONDS else max(1, self._size // 4)
            return len(done)
        if not failed.ran and failed.prepared is not batch[0]:
            # The server would not parse the message at all: those before the failing one go first, without it.
            self._size = batch.index(failed.prepared)
            return 0
        if failed.error.sqlstate in SPLIT and not failed.prepared.own_block:
            self._stepwise(failed.prepared, None, rolled_back.get(failed.prepared.migration.name), failed.error.message)
            return len(done) + 1
        raise self._failed(failed, partly=False)

    def _batch(self, prepared: list[Prepared], at: int, unfinished: dict[str, Row]) -> list[Prepared]:
        batch = [prepared[at]]
        size = len(prepared[at].body)
        for candidate in prepared[at + 1 : at + self._size]:
            if candidate.requires or prepared[at].registers or candidate.registers:
                break  # each has something to be asked before or after it
            size += len(candidate.body)
            if not candidate.whole or candidate.migration.name in unfinished or size > _BATCH_CHARACTERS:
                break
            batch.append(candidate)
        return batch

    def _with_retries(self, batch: list[Prepared], rolled_back: dict[str, str], done: list[Applied]) -> None:
        """Locks that were not to be had roll back whole, and are asked for again after a pause."""
        backoff = Backoff(first=0.1, most=5.0)
        while True:
            began = time.monotonic()
            try:
                self.executor.apply(batch[len(done) :], rolled_back, done)
            except ScriptFailed as e:
                if e.error.sqlstate != LOCK_NOT_AVAILABLE:  # a deadlock ends work, a lock timeout ends a wait
                    self.patience.worked(time.monotonic() - began)
                if e.error.sqlstate not in TRANSIENT or self.patience.exhausted:
                    raise
                text = f"{e.prepared.migration.name}: {e.error.message}; rolled back, trying again"
                fields = {"migration": e.prepared.migration.name, "sqlstate": e.error.sqlstate}
                self.tell(Event("retry", text, fields))
                backoff.pause(self.patience)
                self._look_soon()
            else:
                return

    def _stepwise(self, prepared: Prepared, row: Row | None, rolled_back: str | None, why: str) -> None:
        name = prepared.migration.name
        if row is None:
            self.tell(Event("split", f"applying {name} in steps: {why}", {"migration": name, "reason": why}))
        began = time.monotonic()
        session = self._direct_session(prepared)

        def alone(pid: int | None) -> None:
            self.watch.alone(pid, lambda: self._beside(session))

        stepwise = Stepwise(session, self.table, self.frame, self.tell, alone, self.patience)
        stepwise.pooled = self.server.pooled and session is self.worker
        backoff = Backoff(first=0.1, most=5.0)
        while True:
            try:
                stepwise.apply(prepared, row, rolled_back)
            except ScriptFailed as e:
                found = next((r for r in self.table.read(self.worker) if r.id == (row.id if row else "")), None)
                row = found or self._row_of(name)
                if e.error.sqlstate in TRANSIENT and not self.patience.exhausted:
                    text = f"{name}: {e.error.message}; this step rolled back, trying again"
                    self.tell(Event("retry", text, {"migration": name, "sqlstate": e.error.sqlstate}))
                    backoff.pause(self.patience)
                    self._look_soon()
                    continue
                raise self._failed(e, partly=row is not None) from None
            else:
                break
        self._note(name, time.monotonic() - began)

    def _look_soon(self) -> None:
        """Who holds the lock is seen only while we wait for it, which lock_timeout keeps short."""
        if 0 < self.settings.lock_timeout < 2:
            self.lock.look_soon(self.settings.lock_timeout / 2)

    def _row_of(self, name: str) -> Row | None:
        rows = [r for r in self.table.read(self.worker) if r.name == name and r.live and r.finished_at is None]
        return rows[-1] if rows else None

    def _direct_session(self, prepared: Prepared) -> Session:
        """The session for scripts that cannot go whole: the worker, or past the pooler where there is a way."""
        if not self.server.pooled or (self.settings.direct_url is None and not prepared.needs_direct):
            return self.worker
        if self._direct is None:
            self._direct = self.arrival.second("direct", self.settings.direct_url)
        return self._direct

    def _beside(self, session: Session) -> Session | None:
        """One more connection to where `session` is, to look from; None if there is none to be had."""
        try:
            return self.arrival.second("look", None if session is self.worker else self.settings.direct_url)
        except (ConnectFailed, Unreachable):
            return None

    def _failed(self, failed: ScriptFailed, *, partly: bool) -> Exception:
        migration = failed.prepared.migration
        if failed.statement is None and failed.error.sqlstate == NO_PRIVILEGE and TABLE in failed.error.message:
            target = self.settings.require_url()
            return no_privilege(failed.error, target, self.table.schema, self.server.role, writes=True)
        if own_fault(failed) and not remember(
            self.worker, self.table, migration.name, migration.checksum, failed.error.message
        ):
            text = f"role {self.server.role} may not create the schema pgready: this failure is not remembered"
            self.tell(Event("note", text, {}))
        return describe(failed, partly=partly, settings=self.settings, blocked=self.watch.blockers)

    def _tell_applied(self, done: list[Applied]) -> None:
        for one in done:
            self._note(one.prepared.migration.name, one.seconds)

    def _note(self, name: str, took: float) -> None:
        self._done += 1
        self.applied.append(name)
        fields = {"migration": name, "seconds": round(took, 3), "done": self._done, "total": self._total}
        self.tell(Event("applied", f"applied {name} in {seconds(took)}", fields))

    def _announce(self, history: History, todo: list[Migration]) -> None:
        text = f"{plural(len(todo), 'migration')} to apply"
        self.tell(Event("pending", text, {"pending": [m.name for m in todo]}))
        for entry in history.of(State.EDITED):
            text = f"{entry.name} was edited after it was applied; that does not change the database"
            self.tell(Event("note", text, {"migration": entry.name}))
        for entry in history.of(State.MISSING):
            text = f"{entry.name} is applied and has no file in this folder any more; going on without it"
            self.tell(Event("note", text, {"migration": entry.name}))

    def _refuse_foreign_failures(self, prepared: list[Prepared], unfinished: dict[str, Row], history: History) -> None:
        """A failed migration that is not ours to go on with needs a decision (P3009)."""
        for one in prepared:
            row = unfinished.get(one.migration.name)
            if row is None or resumable(one, row) is not None:
                continue
            if (progress := parse(row.logs)) is not None:
                raise undecided(one, progress)
            raise DecisionNeeded(
                f"migration {one.migration.name} failed earlier and was not resolved (P3009)",
                where=one.migration.path,
                detail=explain_failed(row, one.migration).text,
                then=history.next_step(),
                code="P3009",
            )

    def _heed(self, prepared: list[Prepared], failures: dict[str, Failure]) -> None:
        """What failed for a reason of its own is tried a few times, with growing pauses, and then no more."""
        for one in prepared:
            failure = failures.get(one.migration.name)
            if failure is None or failure.checksum != one.migration.checksum:
                continue
            if failure.attempts >= self.settings.max_failures:
                raise DecisionNeeded(
                    f"migration {one.migration.name} failed {failure.attempts} times: {failure.message}",
                    where=one.migration.path,
                    then="mend the script, or, if the reason is gone:"
                    f" pgready migrate resolve --retry {one.migration.name}",
                    code="failed_too_often",
                )
            pause = min(2.0**failure.attempts, 60.0) - failure.age
            if pause > 0:
                text = f"{one.migration.name} failed {plural(failure.attempts, 'time')}; next try in {pause:.0f} s"
                self.tell(Event("waiting", text, {"migration": one.migration.name, "left": round(pause, 1)}))
                raise Later(pause)
