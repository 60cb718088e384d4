"""migrate dev: what the schema asks for and the migrations do not make yet becomes the next migration.

In this order, so that every refusal comes before a change: the schema and the folder are read, the history is replayed
in a shadow database and held against the live one, what is pending is applied, the next script is worked out and tried
in the shadow, consent is asked for, the file is written, and a deploy applies it. The database holds the truth: a run
that is cut off anywhere is taken up by the next one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pgready.catalog.model import Catalog
from pgready.commands.boot import tell_notes
from pgready.commands.dev.diagnosis import Blocked, Drift, drifted, edited_and_unknown, failed, for_project, told
from pgready.commands.dev.live import LiveDatabase, Look
from pgready.commands.dev.plan import Planned, plan_of
from pgready.commands.dev.wish import Developed, Talk, Wish
from pgready.commands.push import read_schema, schemas_of
from pgready.commands.resolve import resolve
from pgready.commands.shadow import Choice, ShadowHistory, replaying
from pgready.commands.sides import Project
from pgready.commands.sources import shown
from pgready.diff.catalog_side import side_of_catalog
from pgready.diff.data_loss import Assessment, assess, counts_needed
from pgready.diff.others import Others, external_among, others_of
from pgready.diff.pitfalls import pitfalls
from pgready.diff.prisma import prisma_changes
from pgready.diff.schema_side import side_of_schema
from pgready.diff.sides import EMPTY, Side
from pgready.errors import Declined, LockNotObtained, MigrationFailed, PgreadyError, UsageInvalid
from pgready.history.checksum import checksum, matches
from pgready.history.diagnose import History, diagnose
from pgready.history.model import Migration, State
from pgready.history.new_name import folder_name, slug
from pgready.history.prepare import Prepared, prepare
from pgready.plan.prisma import prisma_sql
from pgready.postgres.server import Server
from pgready.project.external import find_external
from pgready.project.folder import refuse
from pgready.project.names import SCRIPT
from pgready.project.new_migration import load_growing, write
from pgready.project.past import way_back
from pgready.project.settings import Settings
from pgready.report.story import Event, Teller, plural

__all__ = ["Developed", "Talk", "Wish", "dev", "utc_now"]

_APPLIED = (State.APPLIED, State.EDITED)


@dataclass(frozen=True, slots=True)
class _Next:
    """What is to be written and applied once the shadow database is let go of: the script and its words."""

    script: str
    words: str
    planned: Planned
    warnings: tuple[str, ...]
    others: Others
    migrations: tuple[Migration, ...]
    server: Server


def utc_now() -> datetime:
    """The time that a migration's folder is named by."""
    return datetime.now(UTC).replace(tzinfo=None)


def dev(
    flags: Mapping[str, object],
    settings: Settings,
    tell: Teller,
    talk: Talk,
    wish: Wish,
    *,
    shadow: Choice = "auto",
    clock: Callable[[], datetime] = utc_now,
) -> Developed | Blocked:
    """Bring folder and database to the schema; Blocked where history or database are not what the folder makes.

    Raises UsageInvalid, Declined, MigrationFailed (of the new one in the shadow: nothing was written then), and what a
    deploy raises.
    """
    tell_notes(settings, tell)
    settings.create_database = True
    found = _Dev(flags, settings, tell, talk, wish, shadow, clock).run()
    return for_project(found, flags) if isinstance(found, Blocked) else found


class _Dev:
    """One run."""

    def __init__(
        self,
        flags: Mapping[str, object],
        settings: Settings,
        tell: Teller,
        talk: Talk,
        wish: Wish,
        shadow: Choice,
        clock: Callable[[], datetime],
    ) -> None:
        self.settings = settings
        self.tell = tell
        self.talk = talk
        self.wish = wish
        self.clock = clock
        self.live = LiveDatabase(settings, tell)
        self.folder = shown(settings.migrations)
        self.schema = read_schema(flags)
        self.schemas = schemas_of(settings, self.schema)
        self.default = self.live.target.schema or "public"
        self.external = find_external(flags, dict(os.environ), os.getcwd())
        self.after = self._of_ours(side_of_schema(self.schema, self.default))
        self.shadow_plan = Project(flags, shadow).plan()
        self.applied: list[str] = []

    def run(self) -> Developed | Blocked:
        """The whole of it."""
        found = self._look_and_plan()
        return self._online(found) if isinstance(found, _Next) else found

    def _look_and_plan(self) -> Developed | Blocked | _Next:
        migrations = load_growing(self.folder)
        refuse(migrations)
        prepared = {each.name: prepare(each) for each in migrations}
        live = self.live.look(migrations, self.schemas)
        history = diagnose(migrations, live.rows, running=False)
        if (stop := failed(history)) is not None:
            return stop
        applied = [prepared[each.name] for each in history.entries if each.migration and each.state in _APPLIED]
        pending = [prepared[each.name] for each in history.pending]
        with replaying(self.shadow_plan, len(migrations), self.tell) as shadow:
            shadow.replay(applied)
            made = shadow.catalog(self.schemas)
            others, drift = self._compare(history, live, made)
            if drift.changes:
                if self.wish.keep_drift:
                    return self._keep(drift, history, migrations)
                return self._blocked(
                    drift, history, live.server, others, is_whole=self._is_whole(drift, shadow, pending)
                )
            if self.wish.keep_drift:
                raise UsageInvalid("there is no drift to keep", then="pgready migrate dev", code="no_drift")
            if not any(each.out_of_order for each in history.entries):
                if pending:
                    shadow.replay(pending)
                    made = shadow.catalog(self.schemas)
                return self._go_on(shadow, made, others, migrations, live.server, pending=bool(pending))
        # What is pending comes before what is applied: the folder's own order needs another database.
        with replaying(self.shadow_plan, len(migrations), self.tell) as shadow:
            shadow.replay(list(prepared.values()))
            return self._go_on(shadow, shadow.catalog(self.schemas), others, migrations, live.server, pending=True)

    def _side(self, catalog: Catalog) -> Side:
        previews, style = self.schema.preview_features, self.schema.style
        return self._of_ours(side_of_catalog(catalog, self.schemas, self.default, previews=previews, style=style))

    def _of_ours(self, side: Side) -> Side:
        """Without what the project declares external."""
        return external_among(side, EMPTY, self.external, self.default).without(side)

    # -- drift ---------------------------------------------------------------------------------------------------------

    def _compare(self, history: History, live: Look, made: Catalog) -> tuple[Others, Drift]:
        """What belongs to others, and what nobody migrated."""
        before, now = self._side(made), self._side(live.catalog)
        ours = replace(before, tables=(*before.tables, *self.after.tables), enums=(*before.enums, *self.after.enums))
        others = others_of(live.catalog, now, ours, live.server.role)
        for name, owner in (*others.tables.items(), *others.enums.items()):
            self._note(f"{name} is left alone: no migration makes it, and it belongs to role {owner}")
        before, now = others.without(before), others.without(now)
        drift = Drift(before, now, prisma_changes(before, now))
        if not drift.changes:
            for entry in edited_and_unknown(history):
                self._note(f"{told(entry)}; the database is what the folder makes all the same")
        return others, drift

    def _is_whole(self, drift: Drift, shadow: ShadowHistory, pending: list[Prepared]) -> bool:
        """Whether the database is what the folder makes with what is pending: it was run by other means."""
        if not pending or any(shadow.try_out(each) for each in pending):
            return False
        return not prisma_changes(self._side(shadow.catalog(self.schemas)), drift.after)

    def _blocked(self, drift: Drift, history: History, server: Server, others: Others, *, is_whole: bool) -> Blocked:
        return drifted(
            history,
            drift,
            self._restoring(history),
            database=server.database,
            folder=self.folder,
            has_table=server.table_exists,
            is_whole=is_whole,
            others=[str(name) for name in (*others.tables, *others.enums)],
        )

    def _restoring(self, history: History) -> list[str]:
        """Git's commands for the files that changed or are gone, as far as it has their text."""
        found = []
        for entry in edited_and_unknown(history):
            path = entry.migration.path if entry.migration else f"{self.folder}/{entry.name}/{SCRIPT}"
            recorded = {row.checksum for row in entry.live}

            def is_it(text: bytes, recorded: set[str] = recorded) -> bool:
                return any(matches(text.decode(errors="replace"), each) for each in recorded)

            if command := way_back(path, is_it):
                found.append(command)
        return found

    def _keep(self, drift: Drift, history: History, migrations: tuple[Migration, ...]) -> Developed:
        """The drift becomes a migration that is marked as applied."""
        if history.pending:
            raise UsageInvalid(
                f"{plural(len(history.pending), 'migration')} pending: drift that is kept comes behind all others",
                then="pgready migrate deploy, then: pgready migrate dev --keep-drift",
                code="pending_first",
            )
        name = folder_name(slug(self.wish.name or "drift"), self.clock(), [each.name for each in migrations])
        script = drift.script
        path = write(self.folder, name, script)
        self.tell(Event("created", f"wrote {path}: the drift", {"migration": name, "path": path}))
        resolve(self.settings, self.tell, applied=[name], force=True)
        self._note("what the schema does not say of it, the next migrate dev would take back: pgready db pull")
        planned = Planned(drift.changes, script, (), ())
        return Developed((), name, path, create_only=False, planned=planned, warnings=(), others=Others({}, {}))

    # -- the next migration --------------------------------------------------------------------------------------------

    def _go_on(
        self,
        shadow: ShadowHistory,
        made: Catalog,
        others: Others,
        migrations: tuple[Migration, ...],
        server: Server,
        *,
        pending: bool,
    ) -> Developed | _Next:
        """What is pending is applied, then what the schema asks for; `shadow` holds the folder, which `made` is."""
        if migrations and (pending or not server.table_exists or server.missing_schemas):
            self._deploy(server, others)
        planned = plan_of(self._side(made), self.after, self.wish.renames, self.talk.is_rename)
        for text in planned.notes(made.functions):
            self._note(text)
        if not planned.script and not self.wish.create_only:
            text = "the database is in sync with the schema" if self.applied else "already in sync: nothing to do"
            self.tell(Event("in_sync", text, {}))
            return self._developed(None, None, planned, (), others)
        warnings = self._judge(planned, server)
        words = slug(self.talk.name() if self.wish.name is None else self.wish.name)
        name = folder_name(words, self.clock(), [each.name for each in migrations])
        script = planned.script or prisma_sql((), self._side(made), self.after)
        known = tuple(f"{each.why}; instead: {each.instead}" for each in pitfalls(planned.changes))
        self._try_out(shadow, Migration(name, script, checksum(script), f"{self.folder}/{name}/{SCRIPT}"), known)
        if self.wish.online and planned.script:
            return _Next(script, words, planned, warnings, others, migrations, server)
        path = write(self.folder, name, script)
        self.tell(Event("created", f"wrote {path}", {"migration": name, "path": path}))
        if self.wish.create_only:
            self.tell(Event("next", "it is not applied: edit it if need be, then: pgready migrate dev", {}))
        else:
            self._apply(name, path, server, others)
        return self._developed(name, path, planned, warnings, others)

    def _online(self, found: _Next) -> Developed:
        """The next migration in steps; a deploy applies them one by one."""
        from pgready.commands.dev.online import online_steps

        plan, now = self.shadow_plan, self.clock()
        steps = online_steps(plan, found.migrations, found.script, found.words, now, self.default)
        for text in steps.notes:
            self._note(text)
        paths = []
        for name, script in steps.migrations:
            paths.append(write(self.folder, name, script))
            self.tell(Event("created", f"wrote {paths[-1]}", {"migration": name, "path": paths[-1]}))
        last = steps.migrations[-1][0]
        if self.wish.create_only:
            self.tell(Event("next", "they are not applied: edit them if need be, then: pgready migrate dev", {}))
        else:
            self._apply(last, paths[-1], found.server, found.others)
        done = self._developed(last, paths[-1], found.planned, found.warnings, found.others)
        return replace(done, steps=tuple(name for name, _ in steps.migrations))

    def _developed(
        self, name: str | None, path: str | None, planned: Planned, warnings: tuple[str, ...], others: Others
    ) -> Developed:
        return Developed(tuple(self.applied), name, path, self.wish.create_only, planned, warnings, others)

    def _judge(self, planned: Planned, server: Server) -> tuple[str, ...]:
        """The warnings that somebody agreed to; raises Declined."""
        found = self._assess(planned)
        if self.wish.create_only:
            for each in (*found.warnings, *found.unexecutable):
                self.tell(Event("data_loss", f"warning: {each.message}", {}))
            return found.messages
        hints = planned.hints
        if found.unexecutable:
            lines = [each.message for each in found.unexecutable]
            raise Declined(
                f"{plural(len(lines), 'change')} cannot be carried out on the data that is there; nothing was written",
                detail="\n".join((*lines, *hints)),
                then="pgready migrate dev --create-only writes the file for you to edit; then: pgready migrate dev",
                code="unexecutable",
            )
        warnings = tuple(each.message for each in found.warnings)
        if warnings:
            self.talk.agree(warnings, hints, server.database)
        return warnings

    def _assess(self, planned: Planned) -> Assessment:
        """What is said of the data that is there; a table that will be renamed is counted by its name of now."""
        wanted = {planned.now(each): each for each in counts_needed(planned.findings)}
        found = self.live.counts(tuple(wanted))
        return assess(planned.findings, {wanted[each]: number for each, number in found.items()})

    def _try_out(self, shadow: ShadowHistory, migration: Migration, known: tuple[str, ...]) -> None:
        """Apply it where it can do no harm, and see that nothing is left to do; raises for one that fails there.

        `known` is what no server takes of it.
        """
        try:
            wrong: PgreadyError | None = shadow.try_out(prepare(migration))
        except UsageInvalid as e:  # a script that must not be sent
            wrong = e
        if wrong is not None:
            if self.wish.create_only:
                self._note("\n".join((f"as it is it fails: {wrong.what}", *known)))
                return
            raise MigrationFailed(
                f"the next migration would fail: {wrong.what.partition(': ')[2] or wrong.what}; nothing was written",
                where=wrong.where,
                excerpt=wrong.excerpt,
                detail="\n".join(filter(None, (wrong.detail, *known))),
                then="pgready migrate dev --create-only writes the file for you to edit; then: pgready migrate dev",
                code="next_fails",
            )
        side = self._side(shadow.catalog(self.schemas))
        rest = prisma_changes(side, self.after)
        if rest:
            from pgready.plan.summary import summary

            self._note("the schema will still ask for more after this migration:\n" + summary(rest))

    # -- applying ------------------------------------------------------------------------------------------------------

    def _apply(self, name: str, path: str, server: Server, others: Others) -> None:
        try:
            self._deploy(server, others)
        except (KeyboardInterrupt, LockNotObtained):
            self._note(f"{path} is written; the next pgready migrate dev applies it if it is not applied yet")
            raise
        except MigrationFailed:
            self._note(f"{path} stays as it is: edit it, or remove its folder, then: pgready migrate dev")
            raise
        self.tell(Event("in_sync", f"the database is in sync with the schema: {name} is applied", {}))

    def _deploy(self, server: Server, others: Others) -> None:
        self.applied += self.live.deploy(server, among_others=bool(others.tables or self.external.tables))

    def _note(self, text: str) -> None:
        self.tell(Event("note", text, {}))
