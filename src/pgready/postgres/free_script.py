"""Running a script that is no migration: no row, no lock, no fence; its own transactions are kept.

A script goes whole into one transaction unless its text says otherwise. Otherwise what stands between its author's
boundaries commits together, and a statement that cannot run in a transaction stands alone, as in a migration.
"""

from __future__ import annotations

from dataclasses import replace

from pgready.errors import UsageInvalid
from pgready.history.prepare import Prepared, place
from pgready.postgres.deploy.executor import SPLIT, ScriptFailed, place_of
from pgready.postgres.deploy.message import RESETS, Message
from pgready.postgres.server import Server
from pgready.postgres.session import ServerError, Session
from pgready.sql.names import quote_ident
from pgready.sql.statements import summary
from pgready.sql.transactions import Segment, segment_text, segments, sets_session


class FreeScript:
    """One run of `prepared` on `session`; `done` statements are committed, whatever comes after them."""

    def __init__(self, session: Session, server: Server, prepared: Prepared, search_path: str | None) -> None:
        self.session = session
        self.server = server
        self.prepared = prepared
        self.search_path = search_path
        self.done = 0
        self._alone: frozenset[int] = frozenset()
        self._before: frozenset[int] = frozenset()

    def run(self) -> None:
        """To the end; raises ScriptFailed with the statement that the server refused, and ConnectionLost."""
        while (segment := self._next()) is not None:
            try:
                if segment.transactional:
                    self._together(segment)
                else:
                    self._by_itself(segment)
            except ScriptFailed as e:
                if not self._learn(segment, e):
                    raise
            else:
                self.done = segment.indexes[-1] + 1

    def _next(self) -> Segment | None:
        found = segments(self.prepared.body, self._alone, self._before)
        return next((s for s in found if s.indexes[0] >= self.done), None)

    def _learn(self, segment: Segment, failed: ScriptFailed) -> bool:
        """Whether the server only wants other boundaries: what it refused rolled back whole, and is cut anew."""
        state, at = failed.error.sqlstate, failed.statement
        if self.prepared.own_block or state not in SPLIT or at is None or not segment.transactional:
            return False
        if state == "55P04":
            self._before |= {at}
        else:
            self._alone |= {at}
        return self._next() != segment

    def _settings(self, until: int, *, local: bool) -> tuple[str, ...]:
        """The schema of the URL, and what the script itself has set so far: every part ends with RESET."""
        scope = "LOCAL " if local else ""
        own = [s.text for s in self.prepared.statements[:until] if sets_session(s)]
        return (*([f"SET {scope}search_path = {quote_ident(self.search_path)}"] if self.search_path else []), *own)

    def _together(self, segment: Segment) -> None:
        text, first = segment_text(self.prepared.body, segment.statements)
        head = [
            f"BEGIN {segment.modes}".rstrip(),
            # A killed client's statement must not run on.
            *(["SET LOCAL client_connection_check_interval = '1s'"] if self.server.checks_clients else []),
            *self._settings(segment.indexes[0], local=True),
        ]
        prefix = ";\n".join(head) + ";\n"
        sql = prefix + text + "\n;\n" + ";\n".join([*RESETS, "COMMIT"]) + ";\n"
        count = len(segment.statements)
        total = len(head) + count + len(RESETS) + 1
        message = Message(sql, claim=-1, first=len(head), count=count, offset=len(prefix), finish=-1, total=total)
        try:
            self.session.run(f"execute {segment.indexes[0] + 1}-{segment.indexes[-1] + 1}", sql, long=True)
        except ServerError as e:
            shifted = [replace(s, start=s.start - first, end=s.end - first) for s in segment.statements]
            found = place_of(e, message, shifted)
            at = found.statement if found else None
            offset = found.offset if found else None
            raise ScriptFailed(
                self.prepared,
                e,
                None if at is None else segment.indexes[at],
                None if offset is None else offset + first,
            ) from None

    def _by_itself(self, segment: Segment) -> None:
        (statement,) = segment.statements
        if self.server.pooled:
            migration = self.prepared.migration
            raise UsageInvalid(
                f"a statement cannot run in a transaction, and the URL goes through a transaction pooler:"
                f" {summary(statement, 120)}",
                where=place(migration, statement.start),
                then="set directUrl in the datasource or PGREADY_DIRECT_URL to the server itself",
                code="direct_url_missing",
            )
        index = segment.indexes[0]
        settings = self._settings(index, local=False)
        if settings:
            self.session.run("set", ";\n".join(settings))
        try:
            self.session.run(f"execute {index + 1} alone", statement.text, long=True)
        except ServerError as e:
            offset = statement.start + ((e.position or 1) - 1)
            raise ScriptFailed(self.prepared, e, index, offset) from None
        finally:
            if not self.session.closed:
                self.session.run("reset", ";\n".join(RESETS))
