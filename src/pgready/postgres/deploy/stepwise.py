"""Applying a script that cannot go whole, step by step, so that any crash leaves a truth to go on from.

What stands between the author's own boundaries commits together with its progress, which is kept in the row's `logs`.
A statement that cannot run in a transaction stands alone: "started" is written before it, "done" after it, and when
neither is certain its outcome is read from the catalog. Progress counts statements and carries a digest of those that
are done, so a mended script goes on where the broken one stopped, as long as its beginning is the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from pgready.errors import DecisionNeeded, UsageInvalid
from pgready.history.model import Row
from pgready.history.prepare import Prepared, place, show
from pgready.history.progress import Progress, parse, prefix_digest, render
from pgready.postgres.deploy.executor import CLAIMED, ROW_GONE, SPLIT, ScriptFailed, Superseded, place_of
from pgready.postgres.deploy.message import RESETS, Frame, compose
from pgready.postgres.deploy.outcome import Outcome, StandAlone
from pgready.postgres.session import ServerError, Session
from pgready.postgres.table import Table, new_id
from pgready.process.waiting import Patience
from pgready.report.story import Event, Teller
from pgready.sql.statements import Statement, summary
from pgready.sql.transactions import Segment, segment_text, segments, sets_session

if TYPE_CHECKING:  # a cold boot without a backfill does not pay for one
    from pgready.postgres.backfill.batches import Position
    from pgready.sql.backfill import Backfill


class Stepwise:
    """One migration, step by step, on a direct session.

    `watch` is told the backend that is at work while a statement runs alone, so that somebody can say whom it waits
    for. `patience` bounds the waits for backends of earlier runs.
    """

    def __init__(
        self,
        session: Session,
        table: Table,
        frame: Frame,
        tell: Teller,
        watch: Callable[[int | None], None],
        patience: Patience,
    ) -> None:
        self.session = session
        self.table = table
        self.frame = frame
        self.tell = tell
        self.watch = watch
        self.patience = patience
        # The session goes through a transaction pooler: no statement may stand alone on it.
        self.pooled = False

    def apply(self, prepared: Prepared, unfinished: Row | None, rolled_back: str | None) -> None:
        """Bring `prepared` to its end, from where `unfinished` stopped.

        Raises ScriptFailed (what was done before stays done, and the row says so), Superseded, ConnectionLost, and
        DecisionNeeded where nobody but a human can know what is in the database.
        """
        run = _Run(self, prepared, unfinished, rolled_back)
        run.to_the_end()


class _Run:
    """The state of one migration's way through its steps."""

    def __init__(self, owner: Stepwise, prepared: Prepared, unfinished: Row | None, rolled_back: str | None) -> None:
        self.owner = owner
        self.session = owner.session
        self.table = owner.table
        self.prepared = prepared
        self.texts = [s.text for s in prepared.statements]
        self.taken_up = rolled_back is not None
        self.row_id = unfinished.id if unfinished else rolled_back or new_id()
        self.progress = self._resume(unfinished)
        self.has_row = unfinished is not None
        # The row's `logs` as we last saw them. Every write compares first: an orphaned backend of a killed run may
        # still commit its step, and going on from what was read before would repeat it.
        self.seen = unfinished.logs if unfinished and unfinished.logs else ""
        # What a crashed run had learnt from the server is in its progress: it committed before the next statement, and
        # only a statement that stands alone is ever in doubt.
        self.alone: frozenset[int] = frozenset({self.progress.done} if self.progress.doubt else ())
        self.backfills = {one.statement: one for one in prepared.backfills}
        self.before: frozenset[int] = frozenset(
            {self.progress.done, *self.backfills, *(number + 1 for number in self.backfills)}
        )

    def _resume(self, unfinished: Row | None) -> Progress:
        start = Progress(0, len(self.texts), prefix_digest([]))
        if unfinished is None:
            return start
        progress = resumable(self.prepared, unfinished)
        if progress is None:
            raise undecided(self.prepared, parse(unfinished.logs))
        if progress.done or progress.doubt:
            self.owner.tell(
                Event(
                    "resumed",
                    f"{self.prepared.migration.name} is partly applied: {progress.done} of {progress.total} statements"
                    " are there; going on",
                    {"migration": self.prepared.migration.name, "done": progress.done, "total": progress.total},
                )
            )
        return replace(progress, total=len(self.texts), failed="")

    def to_the_end(self) -> None:
        while (segment := self._next()) is not None:
            try:
                if segment.indexes[0] in self.backfills:
                    self._in_batches(segment, self.backfills[segment.indexes[0]])
                elif segment.transactional:
                    self._together(segment)
                else:
                    self._alone(segment)
            except ScriptFailed as e:
                if not self._learn(segment, e):
                    self._leave_truth(e)
                    raise
        if not self.has_row:  # nothing but comments and transaction control
            self._claim(Progress(0, len(self.texts), prefix_digest([])))
        frame = self.owner.frame
        register: tuple[str, ...] = ()
        if self.prepared.registers:
            from pgready.postgres.backfill.registered import registrations

            register = registrations(self.table, self.prepared, frame.search_path)
        closing = ";\n".join([*frame.opening(), *register, self.table.finish_row(self.row_id), "COMMIT"])
        self._finish(closing)

    def _finish(self, closing: str) -> None:
        try:
            self.session.run("finish steps", closing, long=True)
        except ServerError as e:
            if e.sqlstate == ROW_GONE:  # the script's doing, or an orphan of a killed run finished it
                raise Superseded(self.prepared.migration.name) from None
            raise ScriptFailed(self.prepared, e, None, None) from None

    def _next(self) -> Segment | None:
        for segment in segments(self.prepared.body, self.alone, self.before):
            if segment.indexes[-1] >= self.progress.done:
                if segment.indexes[0] < self.progress.done:  # the file's boundaries moved: nothing may run twice
                    raise undecided(self.prepared, self.progress)
                return segment
        return None

    def _learn(self, segment: Segment, failed: ScriptFailed) -> bool:
        """Whether the server's refusal only means other boundaries; then the next try has them."""
        state, at = failed.error.sqlstate, failed.statement
        if state not in SPLIT or at is None or not segment.transactional:
            return False
        found = (self.alone, self.before)
        if state == "55P04":
            self.before |= {at}
        else:
            self.alone |= {at}
        if found == (self.alone, self.before):
            return False
        again = self._next()
        changed = again is not None and again != segment
        if changed:
            self._tell_split(at, failed.error)
        return changed

    def _tell_split(self, at: int, error: ServerError) -> None:
        name = self.prepared.migration.name
        text = f"{name}: statement {at + 1} needs a transaction of its own ({error.message}); going on in steps"
        self.owner.tell(Event("split", text, {"migration": name, "statement": at + 1, "sqlstate": error.sqlstate}))

    def _after(self, segment: Segment) -> Progress:
        done = segment.indexes[-1] + 1
        return Progress(done, len(self.texts), prefix_digest(self.texts[:done]))

    def _claim_sql(self, after: Progress) -> str:
        """Take the row with its first progress, or move the progress that we left there."""
        migration = self.prepared.migration
        if not self.has_row:
            return self.table.begin_row(self.row_id, migration.name, migration.checksum, render(after))
        return self.table.advance(self.row_id, self.seen, render(after), migration.checksum)

    def _moved(self, after: Progress) -> None:
        self.has_row = True
        self.progress = after
        self.seen = render(after)

    def _claim(self, after: Progress) -> None:
        """Write progress in a transaction of its own."""
        frame = self.owner.frame
        opening = frame.opening()
        try:
            self.session.run("note step", ";\n".join([*opening, self._claim_sql(after), "COMMIT"]), long=True)
        except ServerError as e:
            if e.index == len(opening) and e.sqlstate in CLAIMED:
                raise Superseded(self.prepared.migration.name) from None
            raise ScriptFailed(self.prepared, e, None, None) from None
        self._moved(after)

    def _together(self, segment: Segment) -> None:
        after = self._after(segment)
        text, first = segment_text(self.prepared.body, segment.statements)
        message = compose(
            self.owner.frame,
            self._claim_sql(after),
            text,
            len(segment.statements),
            "",
            replay=self._replay(segment.indexes[0]),
            modes=segment.modes,
        )
        label = f"step {segment.indexes[0] + 1}-{after.done} of {self.prepared.migration.name}"
        try:
            self.session.run(label, message.sql, long=True)
        except ServerError as e:
            if e.index == message.claim and e.sqlstate in CLAIMED:
                raise Superseded(self.prepared.migration.name) from None
            shifted = [replace(s, start=s.start - first, end=s.end - first) for s in segment.statements]
            where = place_of(e, message, shifted)
            at = where.statement if where else None
            offset = where.offset if where else None
            raise ScriptFailed(
                self.prepared,
                e,
                None if at is None else segment.indexes[at],
                None if offset is None else offset + first,
            ) from None
        self._moved(after)

    def _in_batches(self, segment: Segment, backfill: Backfill) -> None:
        """Each batch commits with the position behind it, so that whatever is cut off goes on where it was."""
        from pgready.postgres.backfill.batches import Batches, Position, Subject

        def misfit(what: str) -> UsageInvalid:
            migration, start = self.prepared.migration, segment.statements[0].start
            return UsageInvalid(
                f"the backfill cannot run in batches: {what}",
                where=place(migration, start),
                excerpt=show(migration, start),
                then="name a key that is NOT NULL and has an index: -- pgready: backfill key=id",
                code="backfill_key",
            )

        name = self.prepared.migration.name
        subject = Subject(f"{name}: statement {backfill.statement + 1}", name, misfit)
        batches = Batches(self.session, self.owner.frame, subject, backfill, self._replay(backfill.statement))
        try:
            position = batches.start(Position.of(self.progress.batches))
            while position is not None and (batch := batches.next(position)) is not None:
                began = time.monotonic()
                position = self._batch(segment, batch[0], batch[1])
                took = time.monotonic() - began
                batches.tell(position, self.owner.tell)
                batches.took(took, self.owner.tell)
                self.owner.patience.progress()
        except ServerError as e:
            raise ScriptFailed(self.prepared, e, backfill.statement, segment.statements[0].start) from None
        if position is None:  # an empty table: the statement itself, for what else it may do
            self._together(segment)
        else:
            self._claim(self._after(segment))

    def _batch(self, segment: Segment, sql: str, behind: Position) -> Position:
        frame = self.owner.frame
        after = replace(self.progress, batches=behind.as_text(), doubt=False, failed="")
        # How many rows change is known when they are changed: the text is written before, and its count one batch late.
        message = compose(frame, self._claim_sql(after), sql, 1, "", replay=self._replay(segment.indexes[0]))
        label = f"batch of step {segment.indexes[0] + 1} of {self.prepared.migration.name}"
        try:
            replies = self.session.run(label, message.sql, long=True)
        except ServerError as e:
            if e.index == message.claim and e.sqlstate in CLAIMED:
                raise Superseded(self.prepared.migration.name) from None
            raise ScriptFailed(self.prepared, e, segment.indexes[0], segment.statements[0].start) from None
        self._moved(after)
        count = replies[message.first].tag.rpartition(" ")[2]
        return replace(behind, changed=behind.changed + (int(count) if count.isdigit() else 0))

    def _alone(self, segment: Segment) -> None:
        (statement,) = segment.statements
        if self.owner.pooled:
            raise direct_url_missing(self.prepared, statement)
        after = self._after(segment)
        stand = self._stand_alone(statement, segment.kind)
        with stand.sole():
            self._run_alone(stand, segment, statement)
            self._claim(after)

    def _run_alone(self, stand: StandAlone, segment: Segment, statement: Statement) -> None:
        settings = (*self.owner.frame.session(), *self._replay(segment.indexes[0]))
        outcome = Outcome.ABSENT
        if self.has_row and self.progress.doubt:
            if not self.session.rows("look at step", self.table.where_still(self.row_id, self.seen)):
                raise Superseded(self.prepared.migration.name)
            with self._settings(settings):
                outcome = stand.outcome()
            if outcome is Outcome.UNKNOWN:
                raise self._doubtful(statement)
        if outcome is not Outcome.DONE:
            if not self.progress.doubt or not self.has_row:
                self._claim(replace(self.progress, doubt=True))
            with self._settings(settings):
                try:
                    stand.run(f"alone {segment.indexes[0] + 1} of {self.prepared.migration.name}")
                except ServerError as e:
                    offset = statement.start if e.position is None else statement.start + e.position - 1
                    raise ScriptFailed(self.prepared, e, segment.indexes[0], offset) from None

    @contextmanager
    def _settings(self, settings: tuple[str, ...]) -> Iterator[None]:
        """The script's own session settings around a statement that runs alone."""
        self.session.run("set", ";\n".join(settings))
        try:
            yield
        finally:
            if not self.session.closed:
                self.session.run("reset", ";\n".join(RESETS))

    def _replay(self, until: int) -> tuple[str, ...]:
        """The session settings that earlier statements of the script made; a step's transaction ends with RESET."""
        return tuple(s.text for s in self.prepared.statements[:until] if sets_session(s))

    def _leave_truth(self, failed: ScriptFailed) -> None:
        """After a failure: no row if nothing is applied, otherwise the failing statement in `logs`."""
        if not self.has_row:
            return
        done = self.progress.done
        if done == 0 and not self.progress.batches and not self._left_something(failed):
            self.session.run("take back row", self.table.forget(self.row_id, self.seen, keep=self.taken_up))
            return
        words = f"{failed.error.words()}"
        at = failed.statement
        text = f"{summary(self.prepared.statements[at], 200)}: {words}" if at is not None else words
        doubt = self.progress.doubt and self._left_something(failed)
        logs = render(replace(self.progress, doubt=doubt, failed=text))
        self.session.run("note failure", self.table.note(self.row_id, self.seen, logs))

    def _left_something(self, failed: ScriptFailed) -> bool:
        """Whether a statement that stood alone left anything behind when it failed."""
        if not self.progress.doubt or failed.statement is None:
            return False
        statement = self.prepared.statements[failed.statement]
        return self._stand_alone(statement, "").left_behind()

    def _stand_alone(self, statement: Statement, kind: str) -> StandAlone:
        owner = self.owner
        return StandAlone(self.session, statement, kind, owner.tell, owner.watch, owner.patience)

    def _doubtful(self, statement: Statement) -> DecisionNeeded:
        migration = self.prepared.migration
        return DecisionNeeded(
            f"{migration.name}: statement {self.progress.done + 1} was started and nobody knows whether it ran to"
            f" its end: {summary(statement, 120)}",
            where=place(migration, statement.start),
            then="look at what it should have done; then\n"
            f"  to run it again:            pgready migrate resolve --retry {migration.name}\n"
            f"  if all of it is in place:   pgready migrate resolve --applied {migration.name}",
            code="outcome_unknown",
        )


def direct_url_missing(prepared: Prepared, statement: Statement) -> UsageInvalid:
    """A statement that only the server knew to end transactions: its settings would stay in the pooler's session."""
    migration = prepared.migration
    return UsageInvalid(
        f"{migration.name}: a statement ends transactions of its own, and the URL goes through a transaction pooler:"
        f" {summary(statement, 120)}",
        where=place(migration, statement.start),
        then="set directUrl in the datasource or PGREADY_DIRECT_URL to the server itself; this statement did not run",
        code="direct_url_missing",
    )


def resumable(prepared: Prepared, row: Row) -> Progress | None:
    """The progress of an unfinished row that this script may go on from, None if its beginning is another."""
    progress = parse(row.logs)
    if progress is None or progress.done > len(prepared.statements):
        return None
    same = prefix_digest([s.text for s in prepared.statements[: progress.done]]) == progress.prefix
    return progress if same else None


def undecided(prepared: Prepared, progress: Progress | None) -> DecisionNeeded:
    """A partly applied migration whose applied part is no longer what the file says."""
    migration = prepared.migration
    done = progress.done if progress else 0
    return DecisionNeeded(
        f"{migration.name} is partly applied ({done} statements), and the file was changed in that part since",
        where=migration.path,
        then="restore the first statements as they were applied, or decide:\n"
        f"  if all of it is in place:   pgready migrate resolve --applied {migration.name}\n"
        f"  if you undid all of it:     pgready migrate resolve --rolled-back {migration.name}",
        code="partly_applied_edited",
    )
