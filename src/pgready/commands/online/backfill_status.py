"""`pgready backfill status`: how far each background backfill is, in rows of its key's range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pgready.commands.online.required import InFile, in_files
from pgready.commands.sources import migrations_of
from pgready.errors import UsageInvalid
from pgready.history.model import Migration
from pgready.postgres.backfill.batches import Position
from pgready.postgres.backfill.left import GONE, Asked, Left
from pgready.postgres.backfill.registered import Registered, read
from pgready.postgres.connect import ConnectFailed, open_session, unreachable
from pgready.postgres.deploy.lock import BACKFILL, holders
from pgready.postgres.deploy.message import Frame
from pgready.postgres.server import Server, ask
from pgready.postgres.session import ConnectionLost, ServerError, Session
from pgready.postgres.table import Table
from pgready.postgres.trouble import Trouble
from pgready.project.settings import Settings

# A look must not wait for a lock that a migration holds.
_LOCK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Shown:
    """One backfill: its record, what is left of it (None: done, or it cannot be asked), and a remark."""

    one: Registered
    left: Left | None
    note: str

    @property
    def changed(self) -> int:
        """Rows that it has changed, as far as the last batch knew."""
        return self._position.changed if self._position is not None else 0

    @property
    def _position(self) -> Position | None:
        return Position.of(self.one.position or "")

    @property
    def text(self) -> str:
        """One line for people: what is left."""
        if self.left is None:
            return self.one.state if self.one.done else "registered"
        about = "" if self.left.exact else "about "
        return f"{about}{self.left.rows:,} of {self.left.total:,} rows left"

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        left = self.left
        return {
            "name": self.one.name,
            "migration": self.one.migration,
            "state": self.one.state,
            "rows_left": None if left is None else left.rows,
            "rows_total": None if left is None else left.total,
            "rows_counted": None if left is None else left.exact,
            "rows_changed": self.changed,
            "rows_changed_at_least": self._position is not None and self._position.resumed,
            "registered_at": self.one.registered_at,
            "finished_at": self.one.finished_at,
            "failed": self.one.failed or None,
            "note": self.note or None,
        }


@dataclass(frozen=True, slots=True)
class BackfillStatus:
    """All of a history; `runner` describes who runs them now, "" for nobody."""

    shown: tuple[Shown, ...]
    runner: str

    @property
    def done(self) -> bool:
        """Nothing is left to run."""
        return all(each.one.done for each in self.shown)

    @property
    def next_step(self) -> str:
        """The next command, "" for none."""
        if self.done or self.runner:
            return ""
        return "pgready backfill run"

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "done": self.done,
            "backfills": [each.as_dict() for each in self.shown],
            "runner": self.runner or None,
            "next": self.next_step or None,
        }


def status(settings: Settings) -> BackfillStatus:
    """Look once, without waiting; raises Unreachable, UsageInvalid."""
    target = settings.require_url()
    migrations = migrations_of(settings)
    try:
        session = open_session(target, "status")
    except ConnectFailed as e:
        raise unreachable(e.trouble, target) from None
    try:
        server = ask(session, settings.migrations_schema, settings.schemas)
        if not server.table_exists or server.table_schema is None:
            return BackfillStatus((), "")
        return look(session, server, Table(server.table_schema), migrations)
    except ServerError as e:
        raise UsageInvalid(
            f"the backfills cannot be read: {e.message}", where=target.redacted, detail=e.words(), code="refused"
        ) from None
    except ConnectionLost as e:
        raise unreachable(Trouble("dropped", e.words, transient=True), target) from None
    finally:
        session.close()


def look(session: Session, server: Server, history: Table, migrations: Sequence[Migration]) -> BackfillStatus:
    """The same on a session that is there."""
    found = read(session, history)
    if not found:
        return BackfillStatus((), "")
    files = in_files(migrations)
    names = {one.name for one in migrations}
    frame = Frame(_LOCK_SECONDS, server.timeouts, server.checks_clients, None, fenced=False)
    runner = "; ".join(holder.describe() for holder in holders(session, BACKFILL))
    return BackfillStatus(tuple(_shown(session, frame, one, files, names) for one in found), runner)


def _shown(session: Session, frame: Frame, one: Registered, files: Mapping[str, InFile], names: set[str]) -> Shown:
    notes = [f"failed: {one.failed.splitlines()[0]}"] if one.failed and not one.done else []
    in_file = files.get(one.name)
    if in_file is not None and in_file.backfill.text != one.backfill.text:
        notes.append("its file was edited since; what was registered runs")
    elif in_file is None and one.migration in names:
        notes.append("its file does not have it any more; what was registered runs")
    left = None
    if not one.done:
        try:
            asked = Asked(session, frame, one.backfill, one.settings, one.search_path)
            left = asked.left(Position.of(one.position or ""))
        except ServerError as e:
            gone = f"; if that is meant: pgready backfill resolve --done {one.name}" if e.sqlstate in GONE else ""
            notes.append(f"cannot be asked: {e.message}{gone}")
    return Shown(one, left, "; ".join(notes))
