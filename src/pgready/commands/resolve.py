"""resolve: a human's decision about a migration, written down as Prisma writes it.

--applied marks migrations as applied without running them (a baseline, or a failure that was finished by hand);
--rolled-back takes a failed migration back, so that it is tried again; --retry forgets earlier failures. What the
database disproves is refused unless forced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pgready.commands.arrive import Arrival
from pgready.commands.sources import migrations_of, shown
from pgready.commands.status import read_history
from pgready.errors import Declined, LockNotObtained, Unreachable, UsageInvalid
from pgready.history.diagnose import Entry, diagnose
from pgready.history.model import Migration, Row, State
from pgready.history.prepare import prepare
from pgready.history.progress import parse, render
from pgready.postgres.deploy.disproof import absent_objects
from pgready.postgres.deploy.ground import create_schemas, create_table
from pgready.postgres.deploy.lock import Lock, holders
from pgready.postgres.deploy.memory import forget, recall
from pgready.postgres.server import ask
from pgready.postgres.session import ConnectionLost, ServerError, Session
from pgready.postgres.table import Table, new_id
from pgready.process.waiting import Backoff, Patience
from pgready.project.settings import Settings
from pgready.report.story import Event, Teller
from pgready.sql.names import quote_literal

_STATES = "pgready migrate status shows the states"


def resolve(
    settings: Settings,
    tell: Teller,
    *,
    applied: Sequence[str] = (),
    rolled_back: Sequence[str] = (),
    retry: Sequence[str] = (),
    force: bool = False,
) -> None:
    """Write the decisions down, all or none of each; raises UsageInvalid (P3008, P3011, P3012, P3017) or Declined."""
    migrations = {m.name: m for m in migrations_of(settings)}
    for name in (*applied, *retry):
        if name not in migrations:
            raise UsageInvalid(
                f"no migration {name} in {shown(settings.migrations)} (P3017)",
                then="pgready migrate status shows the names",
                code="P3017",
            )
    patience = Patience(settings.timeout)
    session = Arrival(settings, settings.require_url(), tell, patience).session("resolve")
    lock = Lock(session)
    try:
        _take(lock, patience, settings)
        resolution = _Resolution(settings, session, migrations, tell, force=force)
        for name in applied:
            resolution.applied(name)
        for name in rolled_back:
            resolution.rolled_back(name)
        for name in retry:
            resolution.retry(name)
    except ConnectionLost as e:
        # The lock's transaction carries the decisions: it committed or nothing did.
        raise Unreachable(
            f"the connection was lost: {e.words}",
            where=settings.require_url().redacted,
            then="pgready migrate status, then decide again if nothing changed",
        ) from None
    except ServerError as e:
        lock.held = False
        raise UsageInvalid(f"the decision was not written: {e.message}", detail=e.words(), code="refused") from None
    except BaseException:
        lock.held = False
        raise
    finally:
        lock.release()


def _take(lock: Lock, patience: Patience, settings: Settings) -> None:
    backoff = Backoff()
    while not lock.try_take():
        if patience.exhausted:
            who = "; ".join(h.describe() for h in holders(lock.session))
            raise LockNotObtained(
                f"another process migrates: {who}", where=settings.require_url().redacted, then="wait for it to end"
            )
        backoff.pause(patience)


class _Resolution:
    """Decisions in the lock's own transaction."""

    def __init__(
        self, settings: Settings, session: Session, migrations: dict[str, Migration], tell: Teller, *, force: bool
    ) -> None:
        self.settings = settings
        self.session = session
        self.migrations = migrations
        self.tell = tell
        self.force = force
        table, rows = read_history(session, settings)
        self.table = table or self._create()
        self.rows: tuple[Row, ...] = rows

    def _create(self) -> Table:
        """Prisma's resolve makes the table if it is missing: that is how a baseline begins."""
        server = ask(self.session, self.settings.migrations_schema, self.settings.schemas)
        schema = server.table_schema
        if schema is not None and schema in server.missing_schemas:
            create_schemas(self.session, replace(server, missing_schemas=(schema,)), self.settings.schema_owner)
        if schema is None:
            raise UsageInvalid(
                "no schema of the search path exists, so there is no place for the migrations table",
                then="name one: ?schema=NAME in the URL, or migrations_schema in [tool.pgready]",
            )
        table = Table(schema)
        create_table(self.session, server, table)
        return table

    def _entry(self, name: str) -> Entry | None:
        history = diagnose(tuple(self.migrations.values()), self.rows, running=False)
        return next((e for e in history.entries if e.name == name and e.rows), None)

    def applied(self, name: str) -> None:
        """Prisma's: failed rows rolled back, a finished row with count 0 and empty logs inserted."""
        entry = self._entry(name)
        if entry is not None and entry.state in (State.APPLIED, State.EDITED):
            raise UsageInvalid(f"migration {name} is recorded as applied already (P3008)", code="P3008", then=_STATES)
        migration = self.migrations[name]
        if not self.force and migration.problem is None:
            self._refuse_disproved(migration)
        if entry is not None:
            self._roll_back(entry.unfinished)
        self.session.run(
            "resolve applied",
            f"INSERT INTO {self.table.name} (id, checksum, started_at, finished_at, migration_name, logs,"
            " applied_steps_count)"
            f" SELECT {quote_literal(new_id())}, {quote_literal(migration.checksum)}, t, t,"
            f" {quote_literal(name)}, '', 0"
            f" FROM (SELECT greatest(clock_timestamp(), max(started_at) + interval '1 microsecond') AS t"
            f" FROM {self.table.name}) AS now",
        )
        self._forget(name)
        self.rows = self.table.read(self.session)
        self.tell(Event("resolved", f"{name} is marked as applied", {"migration": name, "as": "applied"}))

    def _refuse_disproved(self, migration: Migration) -> None:
        absent = absent_objects(self.session, prepare(migration), self.settings.require_url().schema)
        if absent:
            shown = ", ".join(absent[:5]) + (", …" if len(absent) > 5 else "")
            raise Declined(
                f"{migration.name} is not applied: it creates {shown}, and the database does not have it",
                where=migration.path,
                then=f"pgready migrate deploy applies it; to mark it all the same (a later migration may have dropped"
                f" it): pgready migrate resolve --applied {migration.name} --force",
                code="disproved",
            )

    def rolled_back(self, name: str) -> None:
        """Prisma's: rolled_back_at is set on the failed rows."""
        entry = self._entry(name)
        if entry is None or not entry.rows:
            raise UsageInvalid(
                f"migration {name} was never started in this database (P3011)", code="P3011", then=_STATES
            )
        if not entry.unfinished:
            raise UsageInvalid(
                f"migration {name} is not in a failed state (P3012): it is {entry.state.value}",
                code="P3012",
                then=_STATES,
            )
        progress = parse(entry.unfinished[-1].logs)
        if progress is not None and progress.done and not self.force:
            raise Declined(
                f"{name} is partly applied: {progress.done} of {progress.total} statements are committed",
                then="boot again: it goes on after them. If you undid them by hand:"
                f" pgready migrate resolve --rolled-back {name} --force",
                code="disproved",
            )
        self._roll_back(entry.unfinished)
        self._forget(name)
        self.rows = self.table.read(self.session)
        self.tell(Event("resolved", f"{name} is marked as rolled back", {"migration": name, "as": "rolled back"}))

    def retry(self, name: str) -> None:
        """Forget that it failed, and that the outcome of its next step is unknown."""
        forgotten = self._forget(name)
        entry = self._entry(name)
        for row in entry.unfinished if entry else ():
            progress = parse(row.logs)
            if progress is not None:
                logs = render(replace(progress, doubt=False, failed=""))
                self.session.run("clear doubt", self.table.note(row.id, row.logs or "", logs))
                forgotten = True
        if not forgotten:
            raise UsageInvalid(
                f"nothing is remembered against {name}", then="pgready migrate status", code="nothing_to_retry"
            )
        self.tell(Event("resolved", f"{name} will be tried again", {"migration": name, "as": "retry"}))

    def _roll_back(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self.session.run(
                "resolve rolled back",
                f"UPDATE {self.table.name} SET rolled_back_at = now() WHERE id = {quote_literal(row.id)}",
            )

    def _forget(self, name: str) -> bool:
        found = name in recall(self.session, self.table)
        if found:
            forget(self.session, self.table, (name,))
        return found
