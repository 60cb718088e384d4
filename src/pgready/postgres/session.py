"""A connection that sends whole messages: several statements, one round trip, and which of them failed.

Everything that the deploy protocol says to the server goes through `Session.run`, so every step has a name and one
seam before and after it. Simple query protocol only: it carries several statements, and it survives a transaction
pooler.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from psycopg import generators, pq

from pgready.postgres.trouble import recognise
from pgready.project.url import Target

# The one seam for tests: called with a step's name and "before" or "after", around every message of the protocol.
tap: Callable[[str, str], None] | None = None

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
    """A PostgreSQL session; `name` says which of the protocol's connections it is (worker, lock, direct, look)."""

    def __init__(self, connection: psycopg.Connection[tuple[object, ...]], target: Target, name: str) -> None:
        self.connection = connection
        self.target = target
        self.name = name
        self.warnings: list[str] = []
        connection.add_notice_handler(self._notice)

    def _notice(self, diagnostic: psycopg.errors.Diagnostic) -> None:
        if diagnostic.severity_nonlocalized == "WARNING":
            self.warnings.append(diagnostic.message_primary or "")

    def run(self, step: str, sql: str) -> list[Reply]:
        """Send `sql` as one message and return a Reply per statement.

        Raises ServerError (the session is then rolled back and usable again) or ConnectionLost. A KeyboardInterrupt
        (or a subclass, see pgready.process.signals) cancels the statement on the server and passes through.
        """
        if tap is not None:
            tap(f"{self.name}: {step}", "before")
        try:
            replies = self._send(step, sql)
        except psycopg.OperationalError as e:
            if e.sqlstate is not None and e.sqlstate not in _LOST:
                raise
            raise ConnectionLost(step, recognise(str(e)).what) from None
        if tap is not None:
            tap(f"{self.name}: {step}", "after")
        return replies

    def _send(self, step: str, sql: str) -> list[Reply]:
        connection = self.connection
        pgconn = connection.pgconn
        if connection.closed:
            raise ConnectionLost(step, "the connection is closed")
        with connection.lock:
            pgconn.send_query(sql.encode())
            results = connection.wait(generators.execute(pgconn))
        replies: list[Reply] = []
        for index, result in enumerate(results):
            status = result.status
            if status in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK, pq.ExecStatus.EMPTY_QUERY):
                replies.append(_reply(result))
                continue
            error = _error(result, index)
            if error.sqlstate in _LOST or not error.sqlstate or error.sqlstate.startswith("08"):
                raise ConnectionLost(step, error.message or "the connection was dropped")
            self._roll_back()
            raise error
        return replies

    def _roll_back(self) -> None:
        """Leave a failed transaction; the session keeps its settings."""
        if self.connection.pgconn.transaction_status in (pq.TransactionStatus.INERROR, pq.TransactionStatus.INTRANS):
            with self.connection.lock:
                self.connection.pgconn.send_query(b"ROLLBACK")
                self.connection.wait(generators.execute(self.connection.pgconn))

    def rows(self, step: str, sql: str) -> tuple[TextRow, ...]:
        """The rows of the last statement of `sql`."""
        return self.run(step, sql)[-1].rows

    def close(self) -> None:
        """End the session; never raises."""
        try:
            self.connection.close()
        except psycopg.Error:
            pass


def _reply(result: pq.abc.PGresult) -> Reply:
    width = result.nfields
    rows = tuple(tuple(_text(result.get_value(r, c)) for c in range(width)) for r in range(result.ntuples))
    return Reply(tag=(result.command_status or b"").decode(), rows=rows)


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode(errors="replace")


def _error(result: pq.abc.PGresult, index: int) -> ServerError:
    def field(code: pq.DiagnosticField) -> str:
        return (result.error_field(code) or b"").decode(errors="replace")

    position = field(pq.DiagnosticField.STATEMENT_POSITION)
    internal = field(pq.DiagnosticField.INTERNAL_POSITION)
    return ServerError(
        field(pq.DiagnosticField.SQLSTATE),
        field(pq.DiagnosticField.MESSAGE_PRIMARY) or result.error_message.decode(errors="replace").strip(),
        index=index,
        position=int(position) if position else None,
        detail=field(pq.DiagnosticField.MESSAGE_DETAIL),
        hint=field(pq.DiagnosticField.MESSAGE_HINT),
        context=field(pq.DiagnosticField.CONTEXT),
        internal_query=field(pq.DiagnosticField.INTERNAL_QUERY),
        internal_position=int(internal) if internal else None,
    )
