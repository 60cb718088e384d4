"""status: each migration's state and the next command, from one look at the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgready.commands.sources import migrations_of
from pgready.errors import UsageInvalid
from pgready.history.diagnose import Entry, History, diagnose
from pgready.history.explain import explain_failed
from pgready.history.model import Migration, Row, State
from pgready.postgres.connect import ConnectFailed, open_session, unreachable
from pgready.postgres.deploy.lock import holders
from pgready.postgres.deploy.memory import Failure, recall
from pgready.postgres.grants import NO_PRIVILEGE, no_privilege
from pgready.postgres.server import Server, ask
from pgready.postgres.session import ConnectionLost, ServerError, Session
from pgready.postgres.table import Table
from pgready.postgres.trouble import Trouble
from pgready.project.settings import Settings

if TYPE_CHECKING:
    from pgready.commands.online.backfill_status import BackfillStatus

DEPLOY = "pgready migrate deploy"


@dataclass(frozen=True, slots=True)
class Status:
    """A diagnosed history with what surrounds it.

    `holder` describes who holds the migration lock ("" for nobody); `notes` maps a migration to a remark on it;
    `next_step` is what to do now ("" for nothing).
    """

    history: History
    ready: bool
    missing_schemas: tuple[str, ...]
    table: str | None
    server_version: str
    in_recovery: bool
    holder: str
    notes: dict[str, str]
    next_step: str
    backfills: BackfillStatus | None = None

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "ready": self.ready,
            "server_version": self.server_version,
            "in_recovery": self.in_recovery,
            "table": self.table,
            "missing_schemas": list(self.missing_schemas),
            "lock_holder": self.holder or None,
            "migrations": [self._entry(e) for e in self.history.entries],
            "next": self.next_step or None,
            **({"backfills": self.backfills.as_dict()["backfills"]} if self.backfills is not None else {}),
        }

    def _entry(self, entry: Entry) -> dict[str, object]:
        finished = [row.finished_at for row in entry.live if row.finished_at]
        return {
            "name": entry.name,
            "state": entry.state.value,
            "finished_at": finished[-1].isoformat() if finished else None,
            "note": self.notes.get(entry.name),
        }


def status(settings: Settings) -> Status:
    """Look once, without waiting; raises Unreachable, UsageInvalid. Needs SELECT on the migrations table."""
    target = settings.require_url()
    migrations = migrations_of(settings)
    try:
        session = open_session(target, "status")
    except ConnectFailed as e:
        raise unreachable(e.trouble, target) from None
    server = None
    try:
        server = ask(session, settings.migrations_schema, settings.schemas)
        table = Table(server.table_schema) if server.table_exists and server.table_schema else None
        rows: tuple[Row, ...] = table.read(session) if table else ()
        who = holders(session)
        failures = recall(session, table) if table else {}
        backfills = _backfills(session, server, table, migrations)
    except ServerError as e:
        if e.sqlstate == NO_PRIVILEGE and server is not None and server.table_schema:
            raise no_privilege(e, target, server.table_schema, server.role, writes=False) from None
        raise UsageInvalid(
            f"the history cannot be read: {e.message}",
            where=target.redacted,
            detail=e.words(),
            code="refused",
        ) from None
    except ConnectionLost as e:
        raise unreachable(Trouble("dropped", e.words, transient=True), target) from None
    finally:
        session.close()
    history = diagnose(migrations, rows, running=bool(who))
    ready = history.ready and not server.missing_schemas
    waiting = backfills.next_step if backfills is not None else ""
    return Status(
        history=history,
        ready=ready,
        missing_schemas=server.missing_schemas,
        table=table.name if table else None,
        server_version=server.version_text,
        in_recovery=server.in_recovery,
        holder="; ".join(h.describe() for h in who),
        notes=_notes(history, failures),
        next_step=_given_up(history, failures, settings)
        or _required(history, backfills)
        or history.next_step()
        or (waiting if ready else DEPLOY),
        backfills=backfills,
    )


def _backfills(
    session: Session, server: Server, table: Table | None, migrations: Sequence[Migration]
) -> BackfillStatus | None:
    """The background backfills of this history; None where there are none."""
    if table is None:
        return None
    from pgready.commands.online.backfill_status import look

    found = look(session, server, table, migrations)
    return found if found.shown else None


def _required(history: History, backfills: BackfillStatus | None) -> str:
    """What the next migration wants to be done before it; a deploy would only stop there."""
    if backfills is None or not history.pending or history.blocking or history.running:
        return ""
    from pgready.sql.backfill import requirements_of

    open_ones = {each.one.name for each in backfills.shown if not each.one.done}
    wanted = [one.name for one in requirements_of(history.pending[0].script)[0] if one.name in open_ones]
    return f"pgready backfill run {' '.join(wanted)}, then pgready migrate deploy" if wanted else ""


def _given_up(history: History, failures: dict[str, Failure], settings: Settings) -> str:
    """What a migration that failed too often needs; a deploy would only be refused."""
    for migration in history.pending:
        failure = failures.get(migration.name)
        if failure and failure.checksum == migration.checksum and failure.attempts >= settings.max_failures:
            return f"mend {migration.path}, or, if the reason is gone: pgready migrate resolve --retry {migration.name}"
    return ""


def _notes(history: History, failures: dict[str, Failure]) -> dict[str, str]:
    notes: dict[str, str] = {}
    for entry in history.entries:
        parts: list[str] = []
        if entry.state is State.FAILED and entry.migration is not None:
            parts.append(explain_failed(entry.unfinished[-1], entry.migration).text)
        failure = failures.get(entry.name)
        if failure is not None and entry.state is not State.APPLIED:
            times = "once" if failure.attempts == 1 else f"{failure.attempts} times"
            whole = "" if entry.state is State.FAILED else " and rolled back"
            parts.append(f"failed {times}{whole}: {failure.message}")
        if entry.duplicates:
            parts.append(f"recorded {len(entry.duplicates)} times")
        if entry.out_of_order:
            parts.append("sorts before a migration that is applied already")
        if entry.renamed_from:
            parts.append(f"recorded as {entry.renamed_from}")
        if entry.migration is not None and entry.migration.problem is not None:
            parts.append(entry.migration.problem.what)
        if parts:
            notes[entry.name] = "; ".join(parts)
    return notes


def read_history(session: Session, settings: Settings) -> tuple[Table | None, tuple[Row, ...]]:
    """The migrations table, if there is one, and its rows."""
    server = ask(session, settings.migrations_schema, settings.schemas)
    if not server.table_exists or server.table_schema is None:
        return None, ()
    table = Table(server.table_schema)
    return table, table.read(session)
