"""`pgready backfill run`: what was registered is gone through, by one runner at a time, while the service serves.

A deploy never waits for it: the runner has a lock of its own, and each batch is a short transaction that first moves
the position, comparing it with what was read. So any kill, and any second runner, leaves each row changed once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from pgready.commands.arrive import Arrival
from pgready.commands.locking import take
from pgready.commands.online.backfill_words import failed, stranded, unknown
from pgready.commands.online.required import in_files
from pgready.commands.sources import migrations_of
from pgready.errors import LockNotObtained, NotReady, UsageInvalid
from pgready.postgres.backfill.batches import Batches, Position, Subject
from pgready.postgres.backfill.left import GONE, Asked
from pgready.postgres.backfill.registered import FINISHED, REGISTERED, Registered, advance, again, note_failure, read
from pgready.postgres.connect import ConnectFailed, unreachable
from pgready.postgres.deploy.executor import CLAIMED, TRANSIENT
from pgready.postgres.deploy.lock import BACKFILL, Lock
from pgready.postgres.deploy.message import Frame, compose
from pgready.postgres.deploy.watch import Watch
from pgready.postgres.server import Server, ask
from pgready.postgres.session import ConnectionLost, ServerError, Session
from pgready.postgres.table import Table
from pgready.process.waiting import Backoff, Patience
from pgready.project.settings import Settings
from pgready.report.story import Event, Teller, plural, seconds

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Ran:
    """A backfill that went through all its keys: rows that it changed, and the key of a row that is left, or None.

    `resumed`: an earlier run was cut off, so more rows may have changed.
    """

    name: str
    changed: int
    seconds: float
    left: tuple[str, ...] | None
    resumed: bool = False

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "name": self.name,
            "changed": self.changed,
            "changed_at_least": self.resumed,
            "seconds": round(self.seconds, 3),
            "left": list(self.left) if self.left else None,
        }


class Runner:
    """One run; `names` are the backfills that are meant, none for all that are not done."""

    def __init__(self, settings: Settings, tell: Teller, names: Sequence[str]) -> None:
        self.settings = settings
        self.tell = tell
        self.names = names
        self.patience = Patience(settings.timeout)
        self.arrival = Arrival(settings, settings.require_url(), tell, self.patience, creates=False)
        self.files = in_files(migrations_of(settings))
        self.ran: list[Ran] = []
        self._chosen: list[str] | None = None

    def run(self) -> list[Ran]:
        """Until all are done; raises NotReady where rows are left behind, and what a deploy raises."""
        backoff = Backoff(first=0.2, most=3.0)
        while True:
            try:
                self._attempt()
            except ConnectFailed as e:
                if not e.trouble.transient:
                    raise unreachable(e.trouble, self.settings.require_url()) from None
                self.arrival.lost(e.trouble.what, "pgready backfill status")
            except ConnectionLost as e:
                self.arrival.lost(e.words, "pgready backfill status")
            except ServerError as e:
                raise self._refused(e) from None
            else:
                return self.ran
            backoff.pause(self.patience)

    def _refused(self, error: ServerError) -> UsageInvalid:
        return UsageInvalid(
            f"the server refused what pgready needs: {error.message}",
            where=self.settings.require_url().redacted,
            detail=error.words(),
            then="run it as the role that migrates, or GRANT SELECT, UPDATE ON pgready.backfills to this one",
            code="refused",
        )

    def _attempt(self) -> None:
        session = self.arrival.session("backfill lock")
        lock = Lock(session, BACKFILL)
        try:
            server = ask(session, self.settings.migrations_schema, self.settings.schemas)
            if server.in_recovery:
                raise NotReady(
                    "the server is a read-only standby (in recovery)",
                    where=self.settings.require_url().redacted,
                    then="run backfills on the primary",
                    code="standby",
                )
            if server.table_schema is None or not server.table_exists:
                self._choose((), ())
                return
            history = Table(server.table_schema)
            if not self._choose(read(session, history), self.names):
                return
            take(
                lock,
                self.arrival,
                "wait for it, or end it: SELECT pg_terminate_backend(…); pgready backfill status names it",
                "another process runs backfills",
            )
            self._under_lock(lock, server, history)
        finally:
            lock.release()

    def _choose(self, found: Sequence[Registered], names: Sequence[str]) -> list[str]:
        """The names that this run is about; what another runner does meanwhile does not change them."""
        known = [one.name for one in found]
        for name in self.names:
            if name not in known:
                raise unknown(name, known, self.files)
        if self._chosen is None:
            self._chosen = list(names) or [one.name for one in found if not one.done]
        if not self._chosen:
            self.tell(Event("backfills_done", "no backfill is left to run", {}))
        return self._chosen

    def _under_lock(self, lock: Lock, server: Server, history: Table) -> None:
        worker = self.arrival.second("worker", pooled=server.pooled)
        try:
            frame = Frame(self.settings.lock_timeout, server.timeouts, server.checks_clients, None, fenced=False)
            watch = Watch(lock, self.tell, None if server.pooled else worker.backend_pid)
            todo = list(self._chosen or ())
            for number, name in enumerate(todo, start=1):
                one = next((each for each in read(worker, history) if each.name == name), None)
                if one is None:
                    raise unknown(name, [], self.files)
                lock.progress(number, len(todo), name)
                _One(self, lock, watch, worker, history, frame, one).run()
                self._chosen = todo[number:]
        finally:
            worker.close()


class _One:
    """One backfill on its way, under the runner's lock."""

    def __init__(
        self,
        runner: Runner,
        lock: Lock,
        watch: Watch,
        worker: Session,
        history: Table,
        frame: Frame,
        one: Registered,
    ) -> None:
        self.runner = runner
        self.tell = runner.tell
        self.patience = runner.patience
        self.lock = lock
        self.watch = watch
        self.worker = worker
        self.history = history
        self.one = one
        self.in_file = runner.files.get(one.name)
        self.frame = replace(frame, search_path=one.search_path)
        self.asked = Asked(worker, frame, one.backfill, one.settings, one.search_path)
        self.position = one.position

    def run(self) -> None:
        """To the last key; where rows are left or came later, it stays registered and NotReady says so."""
        one, began = self.one, time.monotonic()
        if one.done and self._left(None) is None:
            self.tell(Event("backfill_done", f"backfill {one.name} is done already", {"backfill": one.name}))
            return
        if one.done:
            self.worker.run("begin again", again(self.history, one.name))
            self.position = None
        if self.in_file is not None and self.in_file.backfill.text != one.backfill.text:
            text = f"the file of {one.migration} was edited since {one.name} was registered; what was registered runs"
            self.tell(Event("note", text, {"backfill": one.name}))
        subject = Subject(f"backfill {one.name}", one.name, lambda what: stranded(one, what, self.in_file))
        batches = Batches(self.worker, self.frame, subject, one.backfill, one.settings)
        try:
            position = self._through(batches)
        except ServerError as e:
            self.worker.run("note failure", note_failure(self.history, one.name, e.words()))
            raise failed(one, e, self.in_file) from None
        self._end(position, time.monotonic() - began)

    def _through(self, batches: Batches) -> Position | None:
        position = self._patiently(lambda: batches.start(Position.of(self.position or "")))
        how = "begins" if self.position is None else f"goes on behind {', '.join((position and position.at) or ())}"
        self.tell(Event("backfill_begun", f"backfill {self.one.name} {how}", {"backfill": self.one.name}))
        while position is not None:
            if self.lock.lost:
                raise ConnectionLost("lock", self.lock.why_lost)
            began = time.monotonic()
            moved = self._patiently(partial(self._step, batches, position))
            if moved is None:
                break
            position = moved
            took = time.monotonic() - began
            batches.tell(position, self.tell)
            batches.took(took, self.tell)
            self.patience.progress()
        return position

    def _step(self, batches: Batches, position: Position) -> Position | None:
        batch = batches.next(position)
        return None if batch is None else self._batch(batch[0], batch[1])

    def _patiently(self, work: Callable[[], _T]) -> _T:
        """A lock that was not to be had, or a deadlock, rolls a message back whole: once more after a pause."""
        backoff = Backoff(first=0.1, most=5.0)
        while True:
            try:
                return work()
            except ServerError as e:
                if e.sqlstate not in TRANSIENT:
                    raise
                self._tell_retry(e)
            backoff.pause(self.patience)

    def _batch(self, sql: str, behind: Position) -> Position:
        after = behind.as_text()
        claim = advance(self.history, self.one.name, self.position, after)
        message = compose(self.frame, claim, sql, 1, "", replay=self.one.settings)
        try:
            replies = self.worker.run(f"batch of {self.one.name}", message.sql, long=True)
        except ServerError as e:
            if e.index == message.claim and e.sqlstate in CLAIMED:
                raise ConnectionLost("claim", f"another process has moved {self.one.name} on") from None
            raise
        self.position = after
        count = replies[message.first].tag.rpartition(" ")[2]
        return replace(behind, changed=behind.changed + (int(count) if count.isdigit() else 0))

    def _tell_retry(self, error: ServerError) -> None:
        if self.patience.exhausted:
            who = f": {self.watch.blockers}" if self.watch.blockers else ""
            raise LockNotObtained(
                f"backfill {self.one.name} got no lock for {self.patience.waited:.0f} s: {error.message}{who}",
                where=self.runner.settings.require_url().redacted,
                then="end what holds the lock, or raise --timeout; then: pgready backfill run",
                code="backfill_blocked",
            )
        text = f"backfill {self.one.name}: {error.message}; the batch rolled back, trying again"
        self.tell(Event("retry", text, {"backfill": self.one.name, "sqlstate": error.sqlstate}))
        if 0 < self.frame.lock_timeout < 2:
            self.lock.look_soon(self.frame.lock_timeout / 2)

    def _left(self, position: Position | None) -> tuple[str, ...] | None:
        if not self.one.backfill.tells:
            return None
        try:
            return self.asked.first_left(position)
        except ServerError as e:
            if e.sqlstate in GONE:
                raise failed(self.one, e, self.in_file) from None
            raise

    def _end(self, position: Position | None, took: float) -> None:
        name = self.one.name
        changed, rows = (position.changed, position.rows) if position is not None else (0, plural(0, "row"))
        left = self._left(position)
        text = None if position is None or left is not None else position.as_text()
        state = FINISHED if left is None else REGISTERED
        self.worker.run("finish backfill", advance(self.history, name, self.position, text, state))
        self.runner.ran.append(Ran(name, changed, took, left, position is not None and position.resumed))
        if left is None:
            said = f"backfill {name} is done: {rows} changed in {seconds(took)}"
            self.tell(Event("backfill_done", said, {"backfill": name, "changed": changed, "seconds": round(took, 3)}))
            return
        raise NotReady(
            f"backfill {name} went through all keys, and its condition still finds rows: one with the key"
            f" {', '.join(left)}",
            where=self.runner.settings.require_url().redacted,
            then=f"if they came meanwhile: pgready backfill run {name}\n"
            f"if its statement leaves them as they are, and that is meant: pgready backfill resolve --done {name}",
            code="backfill_unfinished",
        )
