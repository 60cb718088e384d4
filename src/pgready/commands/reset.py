"""migrate reset: the project's schemas emptied, every migration applied anew, the seed run.

Whatever can be wrong is judged first, consent included; then everything is dropped in one transaction under the
migration lock, or nothing is; in several only where the server has too few locks for one, which is told. Schemas that
are not the project's are left alone, and so is what lives in them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pgready.commands.apply import judge_scripts
from pgready.commands.arrive import Arrival
from pgready.commands.boot import boot, tell_notes
from pgready.commands.locking import take
from pgready.commands.outcome import Outcome
from pgready.commands.sources import migrations_of
from pgready.diff.others import NOTHING_EXTERNAL, External
from pgready.errors import LockNotObtained, NotReady, PgreadyError, Unreachable, UsageInvalid
from pgready.history.model import Migration
from pgready.postgres.connect import ConnectFailed, unreachable
from pgready.postgres.deploy.executor import TRANSIENT
from pgready.postgres.deploy.lock import Lock
from pgready.postgres.deploy.memory import forget, recall
from pgready.postgres.deploy.message import Frame
from pgready.postgres.emptying import (
    OUT_OF_LOCKS,
    Content,
    Kept,
    NotDropped,
    OthersLose,
    contents,
    empty,
    empty_part,
    kept_of,
    of_other_roles,
)
from pgready.postgres.server import Server, ask
from pgready.postgres.session import ConnectionLost, ServerError, Session
from pgready.postgres.table import Table
from pgready.process.waiting import Backoff, Patience
from pgready.project.settings import Settings
from pgready.report.story import Event, Teller, plural
from pgready.sql.names import quote_ident

_SHOWN = 8
_NOTHING = "nothing was dropped"
# Objects in one transaction, where all are too many.
_PART = 1000


@dataclass(frozen=True, slots=True)
class Loss:
    """What a reset would drop: `lines` for people, one a schema; no rows are counted."""

    database: str
    lines: tuple[str, ...]


Consent = Callable[[Loss], None]
"""Raises Declined unless somebody agrees to lose what is named."""


def reset(settings: Settings, tell: Teller, consent: Consent, external: External = NOTHING_EXTERNAL) -> Outcome:
    """Empty the schemas and deploy; raises what the deploy raises, and Declined or UsageInvalid, nothing dropped then.

    The schemas are those of the settings, or the one with the migrations table where the settings name none. What is
    `external` in them stays.
    """
    empty_schemas(settings, tell, consent, external, migrations=migrations_of(settings))
    return boot(settings, tell)


def empty_schemas(
    settings: Settings,
    tell: Teller,
    consent: Consent,
    external: External = NOTHING_EXTERNAL,
    *,
    schemas: tuple[str, ...] = (),
    migrations: Sequence[Migration] = (),
) -> None:
    """Empty `schemas` (none: as `reset`) once `migrations`, which are to follow, are known to be sendable.

    Raises as `reset`; what is raised before the consent and by it costs nothing.
    """
    target = settings.require_url()
    run = _Reset(settings, tell, external, schemas, migrations)
    try:
        server, found = run.look()
        consent(Loss(server.database, _lines(found)))
        # Somebody may have thought about it for an hour.
        run.patience = Patience(settings.timeout)
        run.arrival = Arrival(settings, target, tell, run.patience)
        run.drop(server)
    except ConnectFailed as e:
        raise unreachable(e.trouble, target) from None
    except ConnectionLost as e:
        state = "the schemas were emptied whole or not at all" if run.state == _NOTHING else run.state
        raise Unreachable(
            f"the connection was lost: {e.words}; {state}",
            where=target.redacted,
            then="pgready migrate status says which; then run the command again",
            code="connection_lost",
        ) from None
    except ServerError as e:
        raise UsageInvalid(
            f"the server refused what pgready asks: {e.message}; {run.state}",
            where=target.redacted,
            detail=e.words(),
            code="refused",
        ) from None


class _Reset:
    """One reset, up to the deploy."""

    def __init__(
        self,
        settings: Settings,
        tell: Teller,
        external: External,
        schemas: tuple[str, ...],
        migrations: Sequence[Migration],
    ) -> None:
        self.settings = settings
        self.external = external
        self.state = _NOTHING
        self.schemas = schemas or settings.schemas
        self.tell = tell
        self.patience = Patience(settings.timeout)
        self.target = settings.require_url()
        self.arrival = Arrival(settings, self.target, tell, self.patience)
        self.migrations = migrations

    def look(self) -> tuple[Server, tuple[Content, ...]]:
        """What is there, and whether all that follows can be done; raises UsageInvalid and NotReady."""
        tell_notes(self.settings, self.tell)
        session = self.arrival.session("look")
        try:
            server = ask(session, self.settings.migrations_schema, self.schemas)
            if server.in_recovery:
                raise NotReady(
                    "the server is a read-only standby (in recovery): it cannot be reset",
                    where=self.target.redacted,
                    then="name the primary in the URL",
                    code="standby",
                )
            judge_scripts(self.migrations, (), server, self.settings)
            schemas, kept = self._schemas(server), self._kept(session, server)
            found = contents(session, schemas, kept)
            self._refuse_strangers(of_other_roles(session, schemas, kept))
        finally:
            session.close()
        for one in found:
            if one.history and one.schema != server.table_schema:
                raise UsageInvalid(
                    f"schema {quote_ident(one.schema)} holds a migrations table of its own: another service's history"
                    " lives there, and a reset would drop it",
                    where=self.settings.sources.get("schemas", ""),
                    then="take the schema out of `schemas`, or reset that service first; nothing was dropped",
                    code="foreign_history",
                )
        return server, found

    def _kept(self, session: Session, server: Server) -> Kept:
        return kept_of(session, self._schemas(server), self.external, self.target.schema or "public")

    def _refuse_strangers(self, strangers: Sequence[tuple[str, str]]) -> None:
        """A superuser may drop what another service owns, and has not said that it should."""
        if not strangers:
            return
        shown = ", ".join(f"{name} (role {owner})" for name, owner in strangers[:_SHOWN])
        shown += f" and {len(strangers) - _SHOWN} more" if strangers[_SHOWN:] else ""
        raise UsageInvalid(
            f"what is in these schemas belongs to others too, and would be dropped: {shown}; nothing was dropped",
            where=self.target.redacted,
            then="move it to a schema of its own, or drop it first; if it is this project's after all:"
            f" REASSIGN OWNED BY {quote_ident(strangers[0][1])} TO CURRENT_USER",
            code="foreign_owner",
        )

    def _schemas(self, server: Server) -> tuple[str, ...]:
        names = self.schemas or tuple(filter(None, (server.table_schema,)))
        for name in names:
            if name.startswith("pg_") or name in ("information_schema", "pgready"):
                raise UsageInvalid(
                    f"schema {quote_ident(name)} is not a project's to be emptied",
                    where=self.settings.sources.get("schemas", ""),
                    then="take it out of `schemas`",
                )
        return names

    def drop(self, server: Server) -> None:
        """Under the lock, in one transaction; what was not to be had is asked for again until patience ends."""
        session = self.arrival.session("lock")
        lock = Lock(session)
        try:
            take(lock, self.arrival, "wait for that process to end; nothing was dropped")
            lock.progress(0, len(self.migrations), "reset")
            backoff = Backoff(first=0.1, most=5.0)
            while True:
                try:
                    self._drop_once(server)
                except NotDropped as e:
                    if e.error.sqlstate not in TRANSIENT:
                        raise self._refused(e, server) from None
                    if self.patience.exhausted:
                        raise self._locked(e) from None
                    text = f"{e.error.message}: {_short(e.statement)}; rolled back, trying again"
                    self.tell(Event("retry", text, {"sqlstate": e.error.sqlstate}))
                    backoff.pause(self.patience)
                else:
                    return
        finally:
            lock.release()

    def _drop_once(self, server: Server) -> None:
        worker = self.arrival.second("worker", pooled=server.pooled)
        try:
            server = ask(worker, self.settings.migrations_schema, self.schemas)
            schemas = self._schemas(server)
            frame = Frame(self.settings.lock_timeout, server.timeouts, server.checks_clients, None)
            table = Table(server.table_schema) if server.table_exists and server.table_schema else None
            elsewhere = table.name if table is not None and table.schema not in schemas else None
            try:
                kept = self._kept(worker, server)
                # The tables that stay would be strangers to a deploy without one (P3005).
                remade = Table(server.table_schema).create() if kept != Kept() and server.table_schema else None
                last = remade if self.migrations else None
                try:
                    stayed = empty(worker, frame, schemas, kept, elsewhere, last)
                except NotDropped as e:
                    if e.error.sqlstate != OUT_OF_LOCKS:
                        raise
                    self._drop_in_parts(worker, frame, schemas, kept, elsewhere)
                    stayed = empty(worker, frame, schemas, kept, elsewhere, last)
            except OthersLose as e:
                raise self._others_lose(e) from None
            self.state = "the schemas were emptied"
            if table is not None:
                self._forget(worker, table)
        finally:
            worker.close()
        for name in stayed:
            text = f"extension {name} stays: others need it, or it is not role {server.role}'s"
            self.tell(Event("note", text, {"extension": name}))
        text = f"emptied {plural(len(schemas), 'schema')}: {', '.join(schemas)}"
        self.tell(Event("emptied", text, {"schemas": list(schemas)}))

    def _drop_in_parts(
        self, worker: Session, frame: Frame, schemas: tuple[str, ...], kept: Kept, table: str | None
    ) -> None:
        text = "more objects than the server has locks for (max_locks_per_transaction): dropped in several transactions"
        self.tell(Event("parts", text, {}))
        size, left = _PART, _PART + 1
        while left > size:
            try:
                left = empty_part(worker, frame, schemas, kept, table, size)
            except NotDropped as e:
                if e.error.sqlstate != OUT_OF_LOCKS or size == 1:
                    raise
                size = max(1, size // 4)
            else:
                self.state = "part of it was dropped, the migrations table too"

    def _forget(self, worker: Session, table: Table) -> None:
        """Failures of a database that is no more must not stop the deploy of the new one."""
        remembered = tuple(recall(worker, table))
        if remembered:
            forget(worker, table, remembered)

    def _others_lose(self, e: OthersLose) -> UsageInvalid:
        shown = ", ".join(e.objects[:_SHOWN]) + (f" and {len(e.objects) - _SHOWN} more" if e.objects[_SHOWN:] else "")
        return UsageInvalid(
            f"other schemas depend on what would be dropped, and would lose: {shown}; {self.state}",
            where=self.target.redacted,
            then="drop those first, as their owner, or name their schemas in `schemas` if they are this project's",
            code="others_lose",
        )

    def _refused(self, e: NotDropped, server: Server) -> PgreadyError:
        if e.error.sqlstate == "25006":
            return NotReady(
                f"transactions are read-only here (default_transaction_read_only); {self.state}",
                where=self.target.redacted,
                then="use a role or a URL that may write",
                code="read_only",
                detail=e.error.words(),
            )
        then = "mend that, and run the command again"
        if e.error.sqlstate == "42501":
            member = f"GRANT owner TO {quote_ident(server.role)}"
            then = f"run it as the object's owner, or make this role a member of that one: {member}"
        elif e.error.sqlstate == OUT_OF_LOCKS:
            then = "raise max_locks_per_transaction: every object that is dropped needs a lock"
        return UsageInvalid(
            f"role {server.role} cannot reset the database: {e.error.message}; {self.state}",
            where=f"{self.target.redacted}: {_short(e.statement)}",
            then=then,
            code="not_dropped",
            detail="\n".join(e.error.words().splitlines()[1:]),
        )

    def _locked(self, e: NotDropped) -> LockNotObtained:
        return LockNotObtained(
            f"somebody else uses what is to be dropped, for {self.patience.waited:.0f} s: {e.error.message}:"
            f" {_short(e.statement)}; {self.state}",
            where=self.target.redacted,
            then="stop the services that use this database, or raise --lock-timeout; then run the command again",
            code="in_use",
        )


def _short(statement: str) -> str:
    return statement.replace(" IF EXISTS", "").removesuffix(" CASCADE")


def _lines(found: tuple[Content, ...]) -> tuple[str, ...]:
    lines = []
    for one in found:
        parts = []
        for kind, names in one.names.items():
            shown = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
            parts.append(f"{plural(len(names), kind)} ({shown})")
        lines.append(f"schema {one.schema}: {'; '.join(parts) or 'no tables'}")
    return tuple(lines)
