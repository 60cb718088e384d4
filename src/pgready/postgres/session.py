"""A connection that sends whole messages: several statements, one round trip, and which of them failed.

Everything that the deploy protocol says to the server goes through `Session.run`, so every step has a name and one
seam before and after it. Simple query protocol only: it carries several statements, and it survives a transaction
pooler.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pgready.postgres import libpq
from pgready.postgres.trouble import recognise
from pgready.project.url import Target

# The one seam for tests: called with a step's name and "before" or "after", around every message of the protocol.
tap: Callable[[str, str], None] | None = None

# Far above what a loaded server takes to answer one of our own questions.
ANSWER_SECONDS = 60.0

TextRow = tuple[str | None, ...]

# The server ended this session: the outcome of what was under way is unknown (class 08 likewise).
_LOST = frozenset({"57P01", "57P02", "57P03", "57P05", "25P03", "25P04"})


class ConnectionLost(Exception):  # noqa: N818 - caught by the protocol, which re-reads the truth
    """The connection died; whether the last message committed is unknown."""

    def __init__(self, step: str, words: str) -> None:
        super().__init__(words)
        self.step = step
        self.words = words


@dataclass(frozen=True, slots=True)
class Reply:
    """One statement's answer: its command tag and its rows as text."""

    tag: str
    rows: tuple[TextRow, ...]


class ServerError(Exception):
    """The server refused statement `index` (0-based) of a message.

    `position` is the 1-based character offset in the whole message, or None where the server names none.
    """

    def __init__(
        self,
        sqlstate: str,
        message: str,
        *,
        index: int,
        position: int | None = None,
        detail: str = "",
        hint: str = "",
        context: str = "",
        internal_query: str = "",
        internal_position: int | None = None,
    ) -> None:
        super().__init__(message)
        self.sqlstate = sqlstate
        self.message = message
        self.index = index
        self.position = position
        self.server_detail = detail
        self.hint = hint
        self.context = context
        self.internal_query = internal_query
        self.internal_position = internal_position

    def words(self) -> str:
        """The server's own words, its detail, hint and context kept."""
        parts = [f"{self.message} (SQLSTATE {self.sqlstate})"]
        parts += [f"detail: {self.server_detail}"] if self.server_detail else []
        parts += [f"hint: {self.hint}"] if self.hint else []
        parts += [f"context: {self.context}"] if self.context else []
        return "\n".join(parts)


class Session:
    """A PostgreSQL session; `name` says which of the protocol's connections it is (worker, lock, direct, wait).

    `warnings` are the server's WARNINGs so far, `runs` counts the messages that were sent.
    """

    def __init__(self, params: dict[str, str], target: Target, name: str, timeout: float) -> None:
        """Connect within `timeout` seconds; raises libpq.Trouble."""
        self.target = target
        self.name = name
        self.warnings: list[str] = []
        self.runs = 0
        self._connection = libpq.Connection(params, timeout, self._notice)

    def _notice(self, severity: str, message: str) -> None:
        if severity == "WARNING":
            self.warnings.append(message)

    @property
    def backend_pid(self) -> int:
        """The backend that was named at the start; behind a pooler another one does the work."""
        return self._connection.backend_pid

    @property
    def major(self) -> int:
        """The server's major version."""
        return self._connection.major

    @property
    def closed(self) -> bool:
        """The session is over."""
        return self._connection.closed

    @property
    def in_transaction(self) -> bool:
        """A transaction is open, failed or not."""
        return not self.closed and not self._connection.idle

    def run(self, step: str, sql: str, *, undo: str = "ROLLBACK", long: bool = False) -> list[Reply]:
        """Send `sql` as one message and return a Reply per statement.

        Our own questions are answered in seconds, or the peer is gone; `long` messages carry work of the team's.
        Raises ServerError (an open transaction is then taken back by `undo`, and the session usable again) or
        ConnectionLost (the session is closed). An exception of a signal handler (see pgready.process.signals) cancels
        the statement on the server and passes through.
        """
        self.runs += 1
        if tap is not None:
            tap(f"{self.name}: {step}", "before")
        replies = self._send(step, sql, undo, None if long else ANSWER_SECONDS)
        if tap is not None:
            tap(f"{self.name}: {step}", "after")
        return replies

    def _send(self, step: str, sql: str, undo: str, timeout: float | None) -> list[Reply]:
        replies: list[Reply] = []
        try:
            results = self._connection.execute(sql, timeout)
            for index, result in enumerate(results):
                if result.error is None:
                    replies.append(Reply(result.tag, result.rows))
                    continue
                error = _error(result.error, index)
                if error.sqlstate in _LOST or not error.sqlstate or error.sqlstate.startswith("08"):
                    trouble = recognise(error.message)
                    told = trouble.what if trouble.code.startswith("pooler") else error.message
                    raise ConnectionLost(step, told or "the connection was dropped")
                if not self._connection.idle:
                    self._connection.execute(undo, ANSWER_SECONDS)
                raise error
        except libpq.Trouble as e:
            self._connection.close()  # an answer that comes late must not be taken for the next one's
            raise ConnectionLost(step, recognise(str(e)).what) from None
        return replies

    def rows(self, step: str, sql: str) -> tuple[TextRow, ...]:
        """The rows of the last statement of `sql`."""
        return self.run(step, sql)[-1].rows

    def answers(self, seconds: float) -> bool:
        """Whether a question is answered within `seconds`.

        A pooler lets a client in before it has a server connection for it: only an answer shows that there is one.
        After False the session is good for nothing but `close`.
        """
        try:
            return all(r.error is None for r in self._connection.execute("SELECT 1", seconds))
        except libpq.Trouble:
            return False

    def close(self) -> None:
        """End the session; never raises."""
        self._connection.close()


def _error(fields: dict[str, str], index: int) -> ServerError:
    position, internal = fields.get(libpq.POSITION), fields.get(libpq.INTERNAL_POSITION)
    return ServerError(
        fields.get(libpq.SQLSTATE, ""),
        fields.get(libpq.MESSAGE, ""),
        index=index,
        position=int(position) if position else None,
        detail=fields.get(libpq.DETAIL, ""),
        hint=fields.get(libpq.HINT, ""),
        context=fields.get(libpq.CONTEXT, ""),
        internal_query=fields.get(libpq.INTERNAL_QUERY, ""),
        internal_position=int(internal) if internal else None,
    )
