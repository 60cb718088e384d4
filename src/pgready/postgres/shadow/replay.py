"""Replaying migrations into a shadow database: the deploy's rules of what goes whole and what is split, nothing else.

No lock, no row, no progress: the database is thrown away, so whatever happens can be done again from nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pgready.history.prepare import Prepared
from pgready.postgres.deploy.executor import SPLIT, ScriptFailed, place_of
from pgready.postgres.deploy.message import RESETS, Message
from pgready.postgres.session import ServerError, Session
from pgready.report.story import Event, Teller
from pgready.sql.names import quote_ident
from pgready.sql.standalone import needs_no_transaction
from pgready.sql.statements import Statement, summary
from pgready.sql.transactions import Segment, segment_text, segments, sets_session

_BATCH = 32
_BATCH_CHARACTERS = 200_000
# Not of this database's structure, and on a server that is also used for other things not ours to do twice.
_NOT_OF_THE_DATABASE = frozenset(
    {
        "vacuum", "alter system", "create database", "drop database", "create tablespace", "drop tablespace",
        "alter database set tablespace",
    }
)  # fmt: skip

Mend = Callable[[ScriptFailed], bool]


class Replay:
    """One history into one session's database.

    `search_path` is the schema of `?schema=`, or None. `mend` is asked when a migration fails: True means that it did
    something about it, so that the migration (or the part of it that is missing) is tried again.
    """

    def __init__(self, session: Session, search_path: str | None, tell: Teller, mend: Mend) -> None:
        self.session = session
        self.tell = tell
        self.mend = mend
        self._settings = (
            "statement_timeout = 0",
            "lock_timeout = 0",
            "synchronous_commit = off",
            *([f"search_path = {quote_ident(search_path)}"] if search_path else []),
        )

    def run(self, migrations: Sequence[Prepared]) -> None:
        """Apply all of them in order; raises ScriptFailed for the first that fails, and ConnectionLost."""
        at, most = 0, _BATCH
        while at < len(migrations):
            if not migrations[at].whole:
                self._in_steps(migrations[at])
                at += 1
                continue
            batch = self._batch(migrations, at, most)
            most = _BATCH
            try:
                self._together(batch)
            except ScriptFailed as e:
                ahead = batch.index(e.prepared)
                if not e.ran and ahead:  # the server would not parse the message: those before go without it
                    most = ahead
                    continue
                at += ahead
                if e.error.sqlstate in SPLIT and not e.prepared.own_block:
                    self._in_steps(e.prepared)
                    at += 1
                elif not self.mend(e):
                    raise
            else:
                at += len(batch)

    def _batch(self, migrations: Sequence[Prepared], at: int, most: int) -> list[Prepared]:
        batch = [migrations[at]]
        size = len(batch[0].body)
        for candidate in migrations[at + 1 : at + most]:
            size += len(candidate.body)
            if not candidate.whole or size > _BATCH_CHARACTERS:
                break
            batch.append(candidate)
        return batch

    def _together(self, batch: Sequence[Prepared]) -> None:
        messages = [self._message(one.body, len(one.statements)) for one in batch]
        try:
            self.session.run(f"replay {batch[0].migration.name}", "".join(one.sql for one in messages), long=True)
        except ServerError as e:
            start = characters = 0
            for at, (prepared, message) in enumerate(zip(batch, messages, strict=True)):
                place = place_of(e, message, prepared.statements, start, characters)
                if place is not None:
                    ran = e.index != 0 or at == 0
                    raise ScriptFailed(prepared, e, place.statement, place.offset, ran=ran) from None
                start += message.total
                characters += len(message.sql)
            raise AssertionError("an error outside every message") from None

    def _message(self, script: str, count: int, replayed: Sequence[str] = (), modes: str = "") -> Message:
        head = [
            f"BEGIN {modes or 'ISOLATION LEVEL READ COMMITTED'}",
            *(f"SET LOCAL {one}" for one in self._settings),
            *replayed,
        ]
        prefix = ";\n".join(head) + ";\n"
        tail = ";\n".join([*RESETS, "COMMIT"]) + ";\n"
        total = len(head) + count + len(RESETS) + 1
        return Message(prefix + script + "\n;\n" + tail, -1, len(head), count, len(prefix), total - 1, total)

    def _in_steps(self, prepared: Prepared) -> None:
        """Piece by piece, learning from the server's refusals which pieces those are, as a deploy does."""
        alone: frozenset[int] = frozenset()
        before: frozenset[int] = frozenset()
        done = 0
        while True:
            pieces = segments(prepared.body, alone, before)
            segment = next((one for one in pieces if one.indexes[-1] >= done), None)
            if segment is None:
                return
            try:
                self._step(prepared, segment)
            except ScriptFailed as e:
                at = e.statement
                learnt = (alone, before)
                if e.error.sqlstate in SPLIT and at is not None and segment.transactional:
                    if e.error.sqlstate == "55P04":
                        before |= {at}
                    else:
                        alone |= {at}
                again = segments(prepared.body, alone, before)
                if learnt != (alone, before) and again != pieces:
                    continue
                if not self.mend(e):
                    raise
            else:
                done = segment.indexes[-1] + 1

    def _step(self, prepared: Prepared, segment: Segment) -> None:
        replayed = [one.text for one in prepared.statements[: segment.indexes[0]] if sets_session(one)]
        if not segment.transactional:
            self._alone(prepared, segment, replayed)
            return
        text, first = segment_text(prepared.body, segment.statements)
        message = self._message(text, len(segment.statements), replayed, segment.modes)
        try:
            self.session.run(f"replay a part of {prepared.migration.name}", message.sql, long=True)
        except ServerError as e:
            place = place_of(e, message, _shifted(segment, first))
            statement = place.statement if place else None
            offset = place.offset if place else None
            raise ScriptFailed(
                prepared,
                e,
                None if statement is None else segment.indexes[statement],
                None if offset is None else offset + first,
            ) from None

    def _alone(self, prepared: Prepared, segment: Segment, replayed: Sequence[str]) -> None:
        (statement,) = segment.statements
        kind = needs_no_transaction(statement)
        name = prepared.migration.name
        if kind in _NOT_OF_THE_DATABASE:
            text = f"{name}: left out in the shadow database: {summary(statement, 80)}"
            self.tell(Event("shadow_skipped", text, {"migration": name, "statement": segment.indexes[0] + 1}))
            return
        self.session.run("set", ";\n".join([*RESETS, *(f"SET {one}" for one in self._settings), *replayed]))
        try:
            self.session.run(f"replay a statement of {name}", statement.text, long=True)
        except ServerError as e:
            offset = statement.start if e.position is None else statement.start + e.position - 1
            raise ScriptFailed(prepared, e, segment.indexes[0], offset) from None
        finally:
            if not self.session.closed:
                self.session.run("reset", ";\n".join(RESETS))


def _shifted(segment: Segment, first: int) -> list[Statement]:
    return [replace(one, start=one.start - first, end=one.end - first) for one in segment.statements]
