"""Applying migrations that go whole: several transactions a message, each with its own fence, row and commit."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from pgready.history.prepare import Prepared
from pgready.postgres.deploy.message import Frame, Message, compose
from pgready.postgres.session import Reply, ServerError, Session
from pgready.postgres.table import Table, new_id
from pgready.sql.statements import Statement

# Rolled back whole, and worth another try: lock_not_available, deadlock_detected, serialization_failure.
LOCK_NOT_AVAILABLE = "55P03"
TRANSIENT = frozenset({LOCK_NOT_AVAILABLE, "40P01", "40001"})
# Statements of the script that need a transaction of their own; the whole rolled back and the script is split.
SPLIT = frozenset({"55P04", "25001", "2D000"})
# The claim's own errors: somebody else has a live row of this name, or moved the progress on.
CLAIMED = frozenset({"23502", "22012"})
# Finishing a row that is not there (see Table.finish_row).
ROW_GONE = "22012"


class Superseded(Exception):  # noqa: N818 - not an error: the history has to be read again
    """Another process has this migration already."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A migration that committed, and how long the server worked on it (seconds)."""

    prepared: Prepared
    seconds: float


class ScriptFailed(Exception):  # noqa: N818 - a value on its way to the deploy protocol
    """The server refused a statement of `prepared`; the whole migration is rolled back.

    `offset` is the place in the script (characters), `statement` the index of the failing statement or None where
    the COMMIT failed (a deferred constraint, say). `ran` is False when the server would not even parse the message,
    so that migrations before this one in the same message have not run either.
    """

    def __init__(
        self, prepared: Prepared, error: ServerError, statement: int | None, offset: int | None, *, ran: bool = True
    ) -> None:
        super().__init__(error.message)
        self.ran = ran
        self.prepared = prepared
        self.error = error
        self.statement = statement
        self.offset = offset


class Executor:
    """Sends whole migrations on one session; `table` and `frame` are those of the history."""

    def __init__(self, session: Session, table: Table, frame: Frame) -> None:
        self.session = session
        self.table = table
        self.frame = frame

    def apply(self, batch: Sequence[Prepared], rolled_back: dict[str, str], done: list[Applied]) -> None:
        """Apply `batch` in order in one message; what commits is appended to `done`, also before a failure.

        `rolled_back` maps names to the id of a rolled-back row that is taken up again. Raises ScriptFailed for the
        first migration that fails, Superseded, ConnectionLost.
        """
        messages = [self._message(p, rolled_back.get(p.migration.name)) for p in batch]
        label = batch[0].migration.name if len(batch) == 1 else f"{batch[0].migration.name} … {len(batch)}"
        try:
            replies = self.session.run(f"apply {label}", "".join(m.sql for m in messages), long=True)
        except ServerError as e:
            self._sort_out(e, batch, messages, done)
        else:
            at = 0
            for prepared, message in zip(batch, messages, strict=True):
                at += message.total
                done.append(Applied(prepared, _seconds(replies[at - 2])))

    def _message(self, prepared: Prepared, row_id: str | None) -> Message:
        row_id = row_id or new_id()
        migration = prepared.migration
        register: tuple[str, ...] = ()
        if prepared.registers:
            from pgready.postgres.backfill.registered import registrations

            register = registrations(self.table, prepared, self.frame.search_path)
        return compose(
            self.frame,
            self.table.begin_row(row_id, migration.name, migration.checksum, None),
            prepared.body,
            len(prepared.statements),
            self.table.finish_row(row_id),
            register=register,
        )

    def _sort_out(
        self, error: ServerError, batch: Sequence[Prepared], messages: list[Message], done: list[Applied]
    ) -> None:
        """Count the migrations that committed before the error and raise for the one that failed."""
        start = characters = 0
        for at, (prepared, message) in enumerate(zip(batch, messages, strict=True)):
            place = place_of(error, message, prepared.statements, start, characters)
            if place is None:
                start += message.total
                characters += len(message.sql)
                continue
            ran = 0 if error.index == 0 else at
            done.extend(Applied(p, 0.0) for p in batch[:ran])
            if error.index == start + message.claim and error.sqlstate in CLAIMED:
                raise Superseded(prepared.migration.name)
            if error.index == start + message.finish and error.sqlstate == ROW_GONE:
                error = ServerError(
                    ROW_GONE, "the script removed its own row from the migrations table", index=error.index
                )
            raise ScriptFailed(prepared, error, place.statement, place.offset, ran=at == ran) from None
        raise AssertionError("an error outside every message")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a script an error is: statement index and character offset, None outside of the script."""

    statement: int | None
    offset: int | None


def place_of(
    error: ServerError, message: Message, statements: Sequence[Statement], start: int = 0, characters: int = 0
) -> Place | None:
    """The place of `error` if it belongs to `message`, which follows `start` statements and `characters`.

    The server parses a whole message before it runs any of it, so a syntax error anywhere has index 0: then the
    position decides. `statements` are those of the message's script, with their offsets in it.
    """
    if error.index == 0 and error.position is not None:
        offset = error.position - 1 - characters
        if offset >= len(message.sql):
            return None
        offset -= message.offset
        at = bisect_right([s.start for s in statements], offset) - 1
        return Place(max(at, 0) if statements else None, max(offset, 0))
    index = error.index - start
    if index >= message.total:
        return None
    if not message.first <= index < message.first + message.count:
        return Place(None, None)
    at = index - message.first
    if error.position is not None:
        return Place(at, error.position - 1 - characters - message.offset)
    return Place(at, statements[at].start)


def _seconds(reply: Reply) -> float:
    """The duration that the row's finishing statement returned."""
    return float(reply.rows[0][0] or 0) if reply.rows else 0.0
