"""`pgready backfill resolve`: a human's decision about a background backfill, written down."""

from __future__ import annotations

from collections.abc import Sequence

from pgready.commands.arrive import Arrival
from pgready.commands.locking import take
from pgready.commands.online.backfill_words import unknown
from pgready.commands.online.required import in_files
from pgready.commands.sources import migrations_of
from pgready.errors import Declined, Unreachable, UsageInvalid
from pgready.postgres.backfill.batches import Position
from pgready.postgres.backfill.left import GONE, Asked
from pgready.postgres.backfill.registered import (
    REGISTERED,
    Registered,
    again,
    decide,
    decided,
    prepare_place,
    read,
    replayed,
)
from pgready.postgres.deploy.lock import BACKFILL, Lock
from pgready.postgres.deploy.message import Frame
from pgready.postgres.server import Server, ask
from pgready.postgres.session import ConnectionLost, ServerError, Session
from pgready.postgres.table import Table
from pgready.process.waiting import Patience
from pgready.project.settings import Settings
from pgready.report.story import Event, Teller
from pgready.sql.backfill import Backfill


def resolve(settings: Settings, tell: Teller, done: Sequence[str], once_more: Sequence[str], *, force: bool) -> None:
    """Mark as done, or to be gone through once more; raises UsageInvalid, Declined where the data say otherwise."""
    target = settings.require_url()
    arrival = Arrival(settings, target, tell, Patience(settings.timeout), creates=False)
    lock = Lock(arrival.session("backfill lock"), BACKFILL)
    try:
        then = "end the runner first; pgready backfill status names it"
        take(lock, arrival, then, "another process runs backfills")
        session = arrival.second("worker")
        try:
            server = ask(session, settings.migrations_schema, settings.schemas)
            if server.table_schema is None or not server.table_exists:
                raise unknown((*done, *once_more)[0], [], {})
            decision = _Decision(settings, tell, session, server, Table(server.table_schema), force=force)
            for name in done:
                decision.done(name)
            for name in once_more:
                decision.again(name)
        finally:
            session.close()
    except ConnectionLost as e:
        raise Unreachable(
            f"the connection was lost: {e.words}",
            where=target.redacted,
            then="pgready backfill status, then decide again if nothing changed",
        ) from None
    except ServerError as e:
        raise UsageInvalid(f"the decision was not written: {e.message}", detail=e.words(), code="refused") from None
    finally:
        lock.release()


class _Decision:
    def __init__(
        self, settings: Settings, tell: Teller, session: Session, server: Server, history: Table, *, force: bool
    ) -> None:
        self.tell = tell
        self.session = session
        self.history = history
        self.force = force
        target = settings.require_url()
        self.frame = Frame(settings.lock_timeout, server.timeouts, server.checks_clients, target.schema, fenced=False)
        self.registered = {one.name: one for one in read(session, history)}
        self.files = in_files(migrations_of(settings))

    def _known(self, name: str) -> Registered:
        one = self.registered.get(name)
        if one is None:
            raise unknown(name, list(self.registered), self.files)
        return one

    def done(self, name: str) -> None:
        """Also one that was never registered here: another tool ran its file whole."""
        one = self.registered.get(name)
        found = self.files.get(name)
        if one is not None:
            position = Position.of(one.position or "")
            self._refuse_left(name, one.backfill, one.settings, one.search_path, position)
            self.session.run("decide backfill", decide(self.history, name))
        elif found is not None and self._is_applied(found.prepared.migration.name):
            settings = tuple(replayed(found.prepared))
            self._refuse_left(name, found.backfill, settings, self.frame.search_path, None)
            prepare_place(self.session)
            sql = decided(self.history, found.prepared, found.backfill, self.frame.search_path)
            self.session.run("decide backfill", sql)
        else:
            raise unknown(name, list(self.registered), self.files)
        self.tell(Event("resolved", f"the backfill {name} is marked as done", {"backfill": name, "as": "done"}))

    def _is_applied(self, migration: str) -> bool:
        rows = self.history.read(self.session)
        return any(row.name == migration and row.live and row.finished_at for row in rows)

    def _refuse_left(
        self,
        name: str,
        backfill: Backfill,
        settings: tuple[str, ...],
        search_path: str | None,
        position: Position | None,
    ) -> None:
        if self.force:
            return
        try:
            left = Asked(self.session, self.frame, backfill, settings, search_path).first_left(position)
        except ServerError as e:
            if e.sqlstate in GONE:  # what it was about is gone: nobody can fill it
                return
            raise
        if left is not None:
            raise Declined(
                f"the backfill {name} is not done: its statement finds the row with the key {', '.join(left)}",
                then=f"pgready backfill run {name}; to mark it all the same:"
                f" pgready backfill resolve --done {name} --force",
                code="disproved",
            )

    def again(self, name: str) -> None:
        """From the first key on, at the next run."""
        one = self._known(name)
        if one.state == REGISTERED and one.position is None:
            raise UsageInvalid(
                f"the backfill {name} has not begun", then="pgready backfill run", code="nothing_to_repeat"
            )
        self.session.run("begin again", again(self.history, name))
        text = f"the backfill {name} will go through all keys again: pgready backfill run"
        self.tell(Event("resolved", text, {"backfill": name, "as": "again"}))
