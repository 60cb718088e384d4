"""db push: the database is brought to the Prisma schema at once, without a migration.

What would be lost is counted and agreed to before the lock is taken; under the lock everything is read again, and what
is new is asked for anew. All of it goes in one transaction. A lost connection leads back to the beginning: the
difference is worked out from the database, so nothing has to be remembered.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pgready.commands.arrive import Arrival
from pgready.commands.boot import tell_notes
from pgready.commands.diff import Difference
from pgready.commands.locking import take
from pgready.commands.push_trouble import failed, foreign_tables, looked_in_vain, old_strings, standby, unexecutable
from pgready.commands.schema_trouble import refuse_invalid
from pgready.diff import changes as made
from pgready.diff.catalog_side import side_of_catalog
from pgready.diff.changes import Change
from pgready.diff.data_loss import Assessment, assess, counts_needed, data_losses
from pgready.diff.others import NOTHING_EXTERNAL, External, Others, histories_beside, others_of
from pgready.diff.prisma import prisma_changes
from pgready.diff.schema_side import side_of_schema
from pgready.errors import NotReady
from pgready.plan.names import Names
from pgready.plan.prisma import statements_of
from pgready.postgres.connect import ConnectFailed, unreachable
from pgready.postgres.deploy.executor import TRANSIENT
from pgready.postgres.deploy.lock import Lock
from pgready.postgres.deploy.message import Frame
from pgready.postgres.introspection import introspect
from pgready.postgres.pushing import NotApplied, apply_whole, count, histories
from pgready.postgres.readiness import TABLE
from pgready.postgres.server import Server, ask
from pgready.postgres.session import ConnectionLost, ServerError, Session
from pgready.process.waiting import Backoff, Patience
from pgready.project.names import list_names
from pgready.project.schema_sources import find_and_read
from pgready.project.settings import Settings
from pgready.psl.analyse import analyse
from pgready.psl.schema import Schema
from pgready.report.story import Event, Teller, plural, seconds

# Prisma counts for that long, and goes on with what it has.
_COUNTING = 60.0
# A label that was added is not to be used before it is committed.
_LABEL_TOO_NEW = "55P04"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a push would do. `foreign` says what else is to be agreed to: tables that may be somebody else's."""

    difference: Difference
    assessment: Assessment
    others: Others
    foreign: tuple[str, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What somebody has to agree to, in words."""
        return (*(each.message for each in self.assessment.warnings), *self.foreign)

    @property
    def risks(self) -> frozenset[str]:
        """The same without numbers, which change from one look to the next."""
        return frozenset((*(each.finding.may_be for each in self.assessment.warnings), *self.foreign))


Consent = Callable[[Proposal], None]
"""Raises Declined unless somebody agrees to a proposal with warnings."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What was done, and the time it took in seconds."""

    proposal: Proposal
    seconds: float

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        found = self.proposal.difference.as_dict()
        others = self.proposal.others
        return {
            "pushed": bool(self.proposal.difference.changes),
            "changes": found["changes"],
            "warnings": list(self.proposal.warnings),
            "left_alone": [
                {"name": str(name), "owner": owner} for name, owner in (*others.tables.items(), *others.enums.items())
            ],
            "script": found["script"],
            "seconds": round(self.seconds, 3),
        }


def read_schema(flags: Mapping[str, object]) -> Schema:
    """The project's schema; raises UsageInvalid with what is wrong with it."""
    files = find_and_read((), flags, dict(os.environ), os.getcwd())
    found = analyse([file.source for file in files])
    if found.schema is None:
        raise refuse_invalid(found.diagnostics, " ".join(file.source.path for file in files))
    return found.schema


def schemas_of(settings: Settings, schema: Schema) -> tuple[str, ...]:
    """The PostgreSQL schemas that a push looks at: those that the datasource lists, else the one of the URL."""
    listed = schema.datasource.schemas if schema.datasource else ()
    return tuple(dict.fromkeys(listed)) or (settings.require_url().schema or "public",)


def push(
    settings: Settings, tell: Teller, schema: Schema, consent: Consent, external: External = NOTHING_EXTERNAL
) -> Pushed:
    """Bring the database to `schema` but for what is `external`; a database that is missing is created.

    Raises Declined (also for a step that the data there makes impossible), MigrationFailed, UsageInvalid, NotReady,
    LockNotObtained and Unreachable; nothing was changed then but what the error says.
    """
    tell_notes(settings, tell)
    settings.create_database = True
    return _Push(settings, tell, schema, consent, external).run()


class _Push:
    """One push."""

    def __init__(self, settings: Settings, tell: Teller, schema: Schema, consent: Consent, external: External) -> None:
        self.settings = settings
        self.tell = tell
        self.schema = schema
        self.consent = consent
        self.external = external
        self.target = settings.require_url()
        self.schemas = schemas_of(settings, schema)
        self.default = self.target.schema or "public"
        self._said: set[str] = set()
        self._begin()

    def _begin(self) -> None:
        self.patience = Patience(self.settings.timeout)
        self.arrival = Arrival(self.settings, self.target, self.tell, self.patience)

    def run(self) -> Pushed:
        backoff = Backoff(first=0.2, most=3.0)
        agreed: frozenset[str] = frozenset()
        began = time.monotonic()
        done: Proposal | None = None
        while done is None:
            try:
                proposal = self._look_first()
                if not proposal.risks <= agreed:
                    self.consent(proposal)
                    agreed |= proposal.risks
                    self._begin()  # somebody may have thought about it for an hour
                    began = time.monotonic()
                done = self._under_lock(agreed) if proposal.difference.changes else proposal
            except ConnectFailed as e:
                raise unreachable(e.trouble, self.target) from None
            except ConnectionLost as e:
                self.tell(Event("connection_lost", f"connection lost: {e.words}; reading the truth again", {}))
                if self.patience.exhausted:
                    raise NotReady(
                        f"the connection was lost again and again for {self.patience.waited:.0f} s: {e.words}",
                        where=self.target.redacted,
                        then="pgready db push, once the server stays",
                    ) from None
                backoff.pause(self.patience)
            except ServerError as e:
                raise looked_in_vain(e, self.target.redacted) from None
        return self._told(Pushed(done, time.monotonic() - began))

    def _told(self, pushed: Pushed) -> Pushed:
        number = len(pushed.proposal.difference.changes)
        text = "the database is already in sync with the Prisma schema"
        if number:
            text = f"the database is now in sync with the Prisma schema: {plural(number, 'change')}"
            text += f" in {seconds(pushed.seconds)}"
        self.tell(Event("pushed", text, {"changes": number, "seconds": round(pushed.seconds, 3)}))
        return pushed

    # -- looking -------------------------------------------------------------------------------------------------------

    def _look_first(self) -> Proposal:
        session = self.arrival.session("look")
        try:
            server = ask(session, self.settings.migrations_schema, self.schemas)
            if server.in_recovery:
                raise standby(self.target.redacted)
            if not server.conforming_strings:
                raise old_strings(server.role, self.target.redacted)
            return self._look(session, server)
        finally:
            session.close()

    def _look(self, session: Session, server: Server) -> Proposal:
        """What is to be done; raises Declined for steps that cannot be carried out on the data that is there."""
        live = introspect(session, self.schemas)
        live = replace(live, tables=tuple(one for one in live.tables if one.name.name != TABLE))
        previews, style = self.schema.preview_features, self.schema.style
        before = side_of_catalog(live, self.schemas, self.default, previews=previews, style=style)
        after = side_of_schema(self.schema, self.default)
        others = others_of(live, before, after, server.role, self.external, self.default)
        before, after = others.without(before), others.without(after)
        changes = prisma_changes(before, after)
        findings = data_losses(changes)
        found = assess(findings, count(session, counts_needed(findings), _COUNTING))
        foreign = self._foreign(session, changes)
        for name, owner in (*others.tables.items(), *others.enums.items()):
            if owner:
                self._note(f"{name} is left alone: it is not in the schema, and belongs to role {owner}")
        if found.unexecutable:
            raise unexecutable(found, server.database)
        return Proposal(Difference(before, after, changes), found, others, foreign)

    def _foreign(self, session: Session, changes: tuple[Change, ...]) -> tuple[str, ...]:
        """Where another history lives, its tables are no more told apart from those of a model that was removed."""
        dropped = [each.table.name for each in changes if isinstance(each, made.DropTable)]
        if not dropped:
            return ()
        signs = {name.schema: f"{name.name} is there" for name in histories_beside(dropped)}
        own = set(list_names(self.settings.migrations)) if os.path.isdir(self.settings.migrations) else set()
        for schema, names in histories(session, self.schemas).items():
            if names and own.isdisjoint(names):
                signs[schema] = f"{plural(len(names), 'migration')} were applied that this project does not have"
        return foreign_tables(signs, dropped)

    def _note(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self.tell(Event("note", text, {}))

    # -- doing ---------------------------------------------------------------------------------------------------------

    def _under_lock(self, agreed: frozenset[str]) -> Proposal | None:
        """What was done; None if there is more to agree to than before."""
        session = self.arrival.session("lock")
        lock = Lock(session)
        try:
            take(lock, self.arrival, "wait for that process to end; nothing was changed")
            server = ask(session, self.settings.migrations_schema, self.schemas)
            worker = self.arrival.second("worker", pooled=server.pooled)
            try:
                server = ask(worker, self.settings.migrations_schema, self.schemas)
                frame = Frame(
                    self.settings.lock_timeout, server.timeouts, server.checks_clients, self.target.schema or None
                )
                # The backend of a push that was killed may still be at work: only after it the truth is to be read.
                self._patiently(worker, frame, [], server)
                proposal = self._look(worker, server)
                if not proposal.risks <= agreed:
                    return None
                changes = proposal.difference.changes
                lock.progress(0, len(changes), "push")
                self._apply(worker, frame, proposal.difference, server)
            finally:
                worker.close()
        finally:
            lock.release()
        return proposal

    def _apply(self, worker: Session, frame: Frame, difference: Difference, server: Server) -> None:
        names = Names.of(difference.before, difference.after)
        try:
            self._patiently(worker, frame, _statements(difference.changes, names), server)
        except NotApplied as e:
            at = _after_labels(difference.changes) if e.error.sqlstate == _LABEL_TOO_NEW else 0
            if not at:
                raise failed(e, server, self.target.redacted, changes=difference.changes) from None
            first, rest = difference.changes[:at], difference.changes[at:]
            self.tell(Event("split", "new labels of enums are committed first: later steps use them", {}))
            self._finish(worker, frame, (_statements(first, names), _statements(rest, names)), server)

    def _finish(self, worker: Session, frame: Frame, parts: tuple[list[str], list[str]], server: Server) -> None:
        for at, part in enumerate(parts):
            try:
                self._patiently(worker, frame, part, server)
            except NotApplied as e:
                raise failed(e, server, self.target.redacted, labels_stay=at > 0) from None

    def _patiently(self, worker: Session, frame: Frame, statements: list[str], server: Server) -> None:
        """In one transaction, again and again while others are in the way; raises NotApplied and LockNotObtained."""
        backoff = Backoff(first=0.1, most=5.0)
        if statements and frame.search_path is None:
            # As Prisma: things without a schema are in `public`; where types of extensions are, the role's path says.
            path = f"""SELECT set_config('search_path', '"{self.default}", ' || current_setting('search_path'), true)"""
            statements = [path, *statements]
        while True:
            try:
                apply_whole(worker, frame, statements)
            except NotApplied as e:
                if e.error.sqlstate not in TRANSIENT or self.patience.exhausted:
                    if e.error.sqlstate in TRANSIENT:
                        raise failed(e, server, self.target.redacted, waited=self.patience.waited) from None
                    raise
                text = f"{e.error.message}: {e.statement.strip()[:120]}; rolled back, trying again"
                self.tell(Event("retry", text, {"sqlstate": e.error.sqlstate}))
                backoff.pause(self.patience)
            else:
                return


def _statements(changes: tuple[Change, ...], names: Names) -> list[str]:
    """Without the pairs of BEGIN and COMMIT that a script has around an enum that is replaced: ours is around all."""
    return [each for change in changes for each in statements_of(change, names) if each not in ("BEGIN", "COMMIT")]


def _after_labels(changes: tuple[Change, ...]) -> int:
    """Behind the last enum that only gets labels; 0 if there is none."""
    at = [at for at, each in enumerate(changes, 1) if isinstance(each, made.AlterEnum) and not each.removed]
    return at[-1] if at else 0
