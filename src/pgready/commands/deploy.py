"""The deploy protocol: from whatever the database is to every migration of this image applied, exactly once.

`docs/explanation/deploy-protocol.md` explains each step and what breaks without it. The order here is the protocol:
look, take the lock, read again, judge, create what is missing, apply, verify, release. A connection that is lost
anywhere sends us back to the beginning, where the truth is read from the database and not from memory.
"""

from __future__ import annotations

import time

from pgready.commands.apply import Applier, Later, judge_scripts
from pgready.commands.arrive import Arrival
from pgready.commands.outcome import Outcome
from pgready.commands.sources import migrations_of, shown
from pgready.errors import LockNotObtained, NotReady, UsageInvalid
from pgready.history.diagnose import diagnose
from pgready.history.readiness import Readiness, judge
from pgready.postgres.connect import ConnectFailed, unreachable
from pgready.postgres.deploy.ground import create_schemas, create_table, refuse_strangers
from pgready.postgres.deploy.lock import Lock, holders
from pgready.postgres.grants import NO_PRIVILEGE, no_privilege
from pgready.postgres.readiness import question
from pgready.postgres.server import Server, ask
from pgready.postgres.session import ConnectionLost, ServerError, Session
from pgready.postgres.table import Table
from pgready.process.waiting import Backoff, Patience
from pgready.project.settings import Settings
from pgready.report.story import Event, Teller


class Deploy:
    """One run of the protocol. Raises PgreadyError subclasses; returns only when promise 1 holds."""

    def __init__(self, settings: Settings, tell: Teller) -> None:
        self.settings = settings
        self.tell = tell
        self.patience = Patience(settings.timeout)
        self.arrival = Arrival(settings, settings.require_url(), tell, self.patience)
        self.migrations = migrations_of(settings)
        self.names = [m.name for m in self.migrations]
        self.outcome = Outcome(total=len(self.names))
        self.server: Server | None = None

    def run(self) -> Outcome:
        """Until ready, or until something cannot be waited out."""
        began = time.monotonic()
        backoff = Backoff(first=0.2, most=3.0)
        while True:
            try:
                self._attempt()
            except ConnectFailed as e:
                if not e.trouble.transient:
                    raise unreachable(e.trouble, self.settings.require_url()) from None
                self.arrival.lost(e.trouble.what, "pgready migrate status")
            except ConnectionLost as e:
                self.arrival.lost(e.words, "pgready migrate status")
            except ServerError as e:
                raise self._refused(e) from None
            except Later as e:
                time.sleep(e.seconds)
                self.patience.progress()
                continue
            else:
                self.outcome.seconds = time.monotonic() - began
                return self.outcome
            backoff.pause(self.patience)

    def _refused(self, error: ServerError) -> UsageInvalid:
        """The server refused a question or a statement of our own."""
        if error.sqlstate == NO_PRIVILEGE and self.server is not None and self.server.table_exists:
            schema = self.server.table_schema or ""
            return no_privilege(error, self.settings.require_url(), schema, self.server.role, writes=True)
        return UsageInvalid(
            f"the server refused what pgready needs: {error.message}",
            where=self.settings.require_url().redacted,
            detail=error.words(),
            then="grant the role what is missing: pgready reads and writes its migrations table and reads pg_catalog",
            code="refused",
        )

    def _attempt(self) -> None:
        session = self.arrival.session("lock")
        lock = Lock(session)
        try:
            server = self._meet(session)
            if self._ready(session, server):
                return
            if server.in_recovery:
                self._await_primary(session)
                raise ConnectionLost("recovery", "the server was a standby")
            if self._take_lock(lock, server):
                self._under_lock(lock, server)
        finally:
            lock.release()

    def _meet(self, session: Session) -> Server:
        server = ask(session, self.settings.migrations_schema, self.settings.schemas)
        if not self.outcome.server_version:
            pooled = ", through a transaction pooler" if server.pooled else ""
            text = f"connected to PostgreSQL {server.version_text}, database {server.database}{pooled}"
            self.tell(Event("server", text, {"version": server.version_text, "pooled": server.pooled}))
        self.outcome.server_version = server.version_text
        self.server = server
        return server

    def _look(self, session: Session, server: Server) -> Readiness:
        if not server.table_exists or server.table_schema is None:
            return Readiness(tuple(self.names), (), server.missing_schemas, server.in_recovery, 0)
        (row,) = session.rows("look", question(server.table_schema, self.settings.schemas))
        return judge(self.names, list(row))

    def _ready(self, session: Session, server: Server) -> bool:
        """Promise 1, by names first; a name that only `migrate adopt` padded is found by the whole diagnosis."""
        if not server.table_exists or server.table_schema is None or server.missing_schemas:
            return False
        if self._look(session, server).ready:
            return True
        rows = Table(server.table_schema).read(session)
        return diagnose(self.migrations, rows, running=False).ready

    def _await_primary(self, session: Session) -> None:
        """A standby cannot be migrated; it may be promoted."""
        what = "the server is a read-only standby (in recovery) and migrations are pending"
        backoff = Backoff(first=0.2, most=2.0)
        while session.rows("recovery", "SELECT pg_is_in_recovery()")[0][0] == "t":
            if self.patience.exhausted:
                raise NotReady(
                    what,
                    where=self.settings.require_url().redacted,
                    then="let the migrating service boot against the primary; a standby follows by itself",
                    code="standby",
                )
            self.arrival.waiting("in_recovery", what)
            backoff.pause(self.patience)

    def _take_lock(self, lock: Lock, server: Server) -> bool:
        """True once the lock is held; False if another process made the database ready meanwhile."""
        backoff = Backoff(first=0.02, most=0.5)
        seen = ""
        while not lock.try_take():
            who = holders(lock.session)
            progress = " ".join(h.progress for h in who)
            if progress != seen:
                seen = progress
                self.patience.progress()
            described = "; ".join(h.describe() for h in who) or "nobody any more"
            if self.patience.exhausted:
                raise LockNotObtained(
                    f"the migration lock was not released for {self.patience.waited:.0f} s, and its holder made no"
                    f" progress: {described}",
                    where=self.settings.require_url().redacted,
                    then="if that process is dead or stuck: "
                    + " ".join(f"SELECT pg_terminate_backend({h.pid});" for h in who),
                )
            self.arrival.waiting("lock", f"another process migrates: {described}", f"lock {progress}")
            backoff.pause(self.patience)
            server = ask(lock.session, self.settings.migrations_schema, self.settings.schemas)
            if self._ready(lock.session, server):
                return False
        return True

    def _under_lock(self, lock: Lock, server: Server) -> None:
        """Everything from here on excludes every other migrating process, Prisma's CLI too."""
        worker = self.arrival.second("worker", pooled=server.pooled)
        try:
            server = ask(worker, self.settings.migrations_schema, self.settings.schemas)
            if server.in_recovery:
                raise ConnectionLost("worker", "the second connection reached a standby")
            there = Table(server.table_schema) if server.table_exists and server.table_schema else None
            # Before a schema or a table is made for a folder that cannot be applied.
            known = there.read(worker) if there else ()
            judged = judge_scripts(self.migrations, known, server, self.settings)
            if self.settings.refuse_hazards:
                from pgready.commands.online.refusal import refuse_hazards

                refuse_hazards((one.migration for one in judged.values()), known, shown(self.settings.migrations))
            self._prepare_ground(worker, server)
            table = self._table(worker)
            rows = table.read(worker)
            applier = Applier(self.settings, self.arrival, self.tell, self.patience, lock, worker, server, table)
            try:
                applier.apply_pending(self.migrations, rows, judged)
            finally:
                self.outcome.applied += applier.applied
            server = ask(worker, self.settings.migrations_schema, self.settings.schemas)
            if not self._ready(worker, server):
                raise ConnectionLost("verify", "something is pending still, or again")
        finally:
            worker.close()

    def _prepare_ground(self, worker: Session, server: Server) -> None:
        if not server.table_exists:
            first = self.names[0] if self.names else "NAME"
            refuse_strangers(worker, server, self.settings.schemas, first, shown(self.settings.migrations))
        created = create_schemas(worker, server, self.settings.schema_owner)
        for schema in created:
            self.tell(Event("schema_created", f"created schema {schema}", {"schema": schema}))
        self.outcome.created_schemas += created

    def _table(self, worker: Session) -> Table:
        server = ask(worker, self.settings.migrations_schema, self.settings.schemas)
        if server.table_schema is None:
            raise UsageInvalid(
                "no schema of the search path exists, so there is no place for the migrations table",
                where=self.settings.require_url().redacted,
                then="name one: ?schema=NAME in the URL, or migrations_schema in [tool.pgready]",
                code="no_schema",
            )
        table = Table(server.table_schema)
        if not server.table_exists:
            create_table(worker, server, table)
        return table
