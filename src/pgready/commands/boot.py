"""boot and wait, in-process: until the database is ready for this image, then return what happened."""

from __future__ import annotations

import time
from collections.abc import Callable

from pgready.commands.arrive import Arrival
from pgready.commands.deploy import Deploy
from pgready.commands.outcome import Outcome, story_end
from pgready.commands.sources import migrations_of
from pgready.errors import DecisionNeeded, NotReady
from pgready.history.diagnose import diagnose
from pgready.history.readiness import Readiness, judge
from pgready.postgres.connect import ConnectFailed
from pgready.postgres.deploy.lock import holders
from pgready.postgres.grants import grants
from pgready.postgres.readiness import question
from pgready.postgres.server import Server, ask
from pgready.postgres.session import ConnectionLost, ServerError, Session
from pgready.postgres.table import Table
from pgready.process.waiting import Backoff, Patience
from pgready.project.names import list_names
from pgready.project.settings import Settings
from pgready.report.story import Event, Teller, plural


def boot(settings: Settings, tell: Teller) -> Outcome:
    """Wait for the server, create what is missing, apply what is pending, verify; raises PgreadyError."""
    tell_notes(settings, tell)
    return _verified(settings, tell, lambda: Deploy(settings, tell).run())


def wait(settings: Settings, tell: Teller) -> Outcome:
    """Wait until another process made the database ready for this image; needs SELECT on the migrations table alone.

    Raises NotReady when nothing moves for `settings.timeout` seconds, DecisionNeeded when a migration of this image
    has failed and nobody is at it.
    """
    tell_notes(settings, tell)
    return _verified(settings, tell, lambda: _Wait(settings, tell).run())


def _verified(settings: Settings, tell: Teller, arrive: Callable[[], Outcome]) -> Outcome:
    """Arrive; with `verify = parity` the contract is read before anything is done, and asked for after it."""
    if settings.verify == "parity":
        from pgready.commands.parity.verify import read, verify

        contract = read(settings)
        outcome = arrive()
        verify(contract, settings, tell)
    else:
        outcome = arrive()
    tell(story_end(outcome))
    return outcome


def tell_notes(settings: Settings, tell: Teller) -> None:
    """What the settings have to say: parameters without effect, ignored values."""
    for note in (*settings.notes, *(settings.url.notes if settings.url else ())):
        tell(Event("note", note, {}))


class _Wait:
    """One wait: looks with growing pauses; whatever moves (a name less pending, another holder) renews the budget."""

    def __init__(self, settings: Settings, tell: Teller) -> None:
        self.settings = settings
        self.tell = tell
        self.patience = Patience(settings.timeout)
        self.arrival = Arrival(settings, settings.require_url(), tell, self.patience, creates=False)
        self.names = list_names(settings.migrations)
        self.seen: tuple[object, ...] = ()

    def run(self) -> Outcome:
        began = time.monotonic()
        backoff = Backoff(first=0.1, most=1.0)
        session: Session | None = None
        try:
            while True:
                try:
                    session = session or self.arrival.session("wait", primary=False)
                    outcome = self._look(session)
                except (ConnectionLost, ConnectFailed) as e:
                    if session is not None:
                        session.close()
                    session, outcome = None, None
                    if self.patience.exhausted:
                        raise self._not_ready(f"the connection is lost again and again: {e}") from None
                except ServerError as e:
                    raise self._not_ready(f"the server refuses the question: {e.message}", e.words()) from None
                if outcome is not None:
                    outcome.seconds = time.monotonic() - began
                    return outcome
                backoff.pause(self.patience)
        finally:
            if session is not None:
                session.close()

    def _look(self, session: Session) -> Outcome | None:
        server = ask(session, self.settings.migrations_schema, self.settings.schemas)
        missing = Readiness(tuple(self.names), (), server.missing_schemas, server.in_recovery, 0)
        readiness, why = missing, "the migrations table is not there yet"
        if server.table_exists and server.table_schema is not None:
            try:
                (row,) = session.rows("look", question(server.table_schema, self.settings.schemas))
            except ServerError as e:
                if e.sqlstate == "42501":
                    why = self._not_granted(session, server, e)
                elif e.sqlstate not in ("42P01", "3F000"):
                    raise
            else:
                readiness = judge(self.names, list(row))
                why = _missing(readiness)
                if not readiness.ready and not readiness.missing_schemas and self._respelled(session, server):
                    return Outcome(total=len(self.names), server_version=server.version_text)
        if readiness.ready:
            return Outcome(total=len(self.names), server_version=server.version_text)
        who = holders(session)
        described = "; ".join(h.describe() for h in who)
        now = (readiness.pending, readiness.missing_schemas, *(h.progress for h in who))
        if now != self.seen:
            self.seen = now
            self.patience.progress()
        # A standby shows the rows of its primary and not who is at work there.
        if readiness.unfinished and not who and not server.in_recovery and self.patience.waited > _SETTLE:
            name = readiness.unfinished[0]
            raise DecisionNeeded(
                f"migration {name} has failed and nobody is at it",
                where=self.settings.require_url().redacted,
                then="pgready migrate status",
                code="failed_migration",
            )
        if self.patience.exhausted:
            raise NotReady(
                f"the database is not ready and nothing moved for {self.patience.waited:.0f} s: {why}",
                where=self.settings.require_url().redacted,
                then="start the service that migrates (pgready boot -- CMD), or: pgready migrate deploy",
                detail=f"at it: {described}" if described else "nobody holds the migration lock",
            )
        self.arrival.waiting("not_ready", f"{why}; " + (f"at it: {described}" if described else _nobody(server)))
        return None

    def _not_ready(self, what: str, detail: str = "") -> NotReady:
        return NotReady(what, where=self.settings.require_url().redacted, then="pgready migrate status", detail=detail)

    def _not_granted(self, session: Session, server: Server, error: ServerError) -> str:
        """What is waited for: the grant may be one of the migrations that somebody is at. Raises NotReady if not."""
        if (self.patience.waited > _SETTLE or self.patience.exhausted) and not holders(session):
            raise NotReady(
                f"role {server.role} may not read the migrations table: {error.message}",
                where=self.settings.require_url().redacted,
                then="as the table's owner:\n" + grants(server.table_schema or "", server.role, writes=False),
                code="no_privilege",
            ) from None
        return f"role {server.role} may not read the migrations table yet"

    def _respelled(self, session: Session, server: Server) -> bool:
        """Whether what seems pending is only spelled otherwise in the rows (padded by `migrate adopt`)."""
        rows = Table(server.table_schema or "").read(session)
        return diagnose(migrations_of(self.settings), rows, running=False).ready


# A row may be unfinished for a moment while its process reconnects or restarts: that is not a failure yet.
_SETTLE = 3.0


def _nobody(server: Server) -> str:
    return "a standby does not show who is at it" if server.in_recovery else "nobody is at it yet"


def _missing(readiness: Readiness) -> str:
    parts = []
    if readiness.missing_schemas:
        parts.append(
            f"missing {plural(len(readiness.missing_schemas), 'schema')}: {', '.join(readiness.missing_schemas)}"
        )
    if readiness.pending:
        first = ", ".join(readiness.pending[:3]) + (", …" if len(readiness.pending) > 3 else "")
        parts.append(f"{plural(len(readiness.pending), 'migration')} pending: {first}")
    if readiness.unfinished:
        parts.append(f"unfinished: {', '.join(readiness.unfinished)}")
    return "; ".join(parts)
