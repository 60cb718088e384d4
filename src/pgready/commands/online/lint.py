"""lint: new migrations run one by one on a shadow database, and what each statement does to readers and writers."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pgready.catalog.names import ObjectName
from pgready.commands.shadow import ShadowHistory, replaying
from pgready.commands.sides import Project
from pgready.commands.sources import shown
from pgready.errors import UsageInvalid
from pgready.hazards.checks import hazards_of
from pgready.hazards.hazard import Hazard
from pgready.hazards.waivers import Waiver, waivers_of
from pgready.history.model import Migration
from pgready.history.prepare import Prepared, place, prepare, show
from pgready.project.folder import load, refuse
from pgready.project.git_folder import folder_at
from pgready.project.names import SCRIPT
from pgready.project.schema_files import read_text
from pgready.project.suggest import nearest
from pgready.psl.diagnostics import Diagnostic
from pgready.psl.source import Source, Span
from pgready.report.story import Teller
from pgready.sql.statements import Statement


@dataclass(frozen=True, slots=True)
class Found:
    """A hazard at its place; `waiver` is the comment that allows it, None if none does."""

    hazard: Hazard
    prepared: Prepared
    waiver: Waiver | None = None

    @property
    def statement(self) -> Statement:
        """The statement that takes long."""
        return self.prepared.statements[self.hazard.statement]

    @property
    def where(self) -> str:
        """`path:line:column` of it."""
        return place(self.prepared.migration, self.statement.start)

    def as_diagnostic(self, source: Source) -> Diagnostic:
        """For everything that shows findings at a file's line."""
        migration = self.prepared.migration
        start = self.statement.start + migration.first_line - 1
        span = Span(source, start, start + len(self.statement.text))
        kind = self.hazard.kind
        return Diagnostic(kind.id, "error" if kind.level == "error" else "warning", self.hazard.text, span, kind.safe)


@dataclass(frozen=True, slots=True)
class Linted:
    """What lint found; `migrations` are the names of those that it traced."""

    migrations: tuple[str, ...]
    found: tuple[Found, ...]

    @property
    def hazards(self) -> tuple[Found, ...]:
        """Those that nothing allows."""
        return tuple(one for one in self.found if one.waiver is None)

    @property
    def waived(self) -> tuple[Found, ...]:
        """Those that a comment allows."""
        return tuple(one for one in self.found if one.waiver is not None)

    @property
    def exit_code(self) -> int:
        """4 with a hazard of level error that nothing allows, else 0."""
        return 4 if any(one.hazard.kind.level == "error" for one in self.hazards) else 0

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The hazards that nothing allows, at their places."""
        sources: dict[str, Source] = {}
        found = []
        for one in self.hazards:
            migration = one.prepared.migration
            # Lines count in the file, of which a script may be a section.
            text = "\n" * (migration.first_line - 1) + migration.script
            source = sources.setdefault(migration.name, Source(migration.path, text))
            found.append(one.as_diagnostic(source))
        return tuple(found)


def lint(paths: Sequence[str], since: str | None, project: Project, today: date, tell: Teller) -> Linted:
    """Trace the migrations of `paths`, or those that the Git ref `since` lacks, or all of them.

    A path is a migration's folder or file, its name, or an SQL file outside of the folder, which then comes last.
    Raises UsageInvalid, MigrationFailed with the place of a statement that fails in the shadow, and Unreachable.
    """
    folder = shown(project.settings.migrations)
    migrations = load(folder)
    refuse(migrations)
    prepared = [prepare(one) for one in migrations]
    drafts = [prepare(_draft(path)) for path in paths if _is_draft(path, folder)]
    chosen = _chosen([path for path in paths if not _is_draft(path, folder)], since, folder, migrations, bool(drafts))
    waivers = {one.migration.name: _waivers(one) for one in (*prepared, *drafts)}
    together = bool(since or paths)
    found: list[Found] = []
    with replaying(project.plan(), len(prepared), tell) as history:
        run = _Run(history, waivers, today, together=together)
        found = run.through(prepared, drafts, chosen)
    names = (
        *(one.migration.name for one in prepared if one.migration.name in chosen),
        *(d.migration.name for d in drafts),
    )
    return Linted(names, tuple(found))


class _Run:
    """One pass through the history."""

    def __init__(
        self, history: ShadowHistory, waivers: Mapping[str, Sequence[Waiver]], today: date, *, together: bool
    ) -> None:
        self._history = history
        self._waivers = waivers
        self._today = today
        self._together = together

    def through(self, prepared: Sequence[Prepared], drafts: Sequence[Prepared], chosen: frozenset[str]) -> list[Found]:
        found: list[Found] = []
        young: set[ObjectName] = set()
        with self._history.tracing() as tracer:
            waiting: list[Prepared] = []
            for one in (*prepared, *drafts):
                if one not in drafts and one.migration.name not in chosen:
                    waiting.append(one)
                    continue
                self._history.replay(waiting)
                waiting = []
                keys = tracer.unique_keys() if _changes_rows(one) else {}
                traced = tracer.trace(one)
                hazards = hazards_of(traced, keys, frozenset(young), [each.statement for each in one.backfills])
                found += [Found(hazard, one, self._waiver(one, hazard)) for hazard in hazards]
                if self._together:  # deployed at once: nobody uses yet what the one before made
                    young |= {t.relation.table for s in traced.statements for t in s.touches if t.relation.is_new}
        return found

    def _waiver(self, prepared: Prepared, hazard: Hazard) -> Waiver | None:
        for waiver in self._waivers[prepared.migration.name]:
            if hazard.id in waiver.ids and waiver.statement == hazard.statement and not waiver.is_over(self._today):
                return waiver
        return None


def _changes_rows(prepared: Prepared) -> bool:
    return any(one.words[:1] in (("UPDATE",), ("DELETE",), ("WITH",), ("INSERT",)) for one in prepared.statements)


def _waivers(prepared: Prepared) -> tuple[Waiver, ...]:
    found, faults = waivers_of(prepared.migration.script, prepared.statements)
    if faults:
        first = faults[0]
        raise UsageInvalid(
            first.what,
            where=place(prepared.migration, first.offset),
            excerpt=show(prepared.migration, first.offset),
            then=first.then,
            code="waiver_invalid",
        )
    return found


def _is_draft(path: str, folder: str) -> bool:
    inside = os.path.realpath(folder) + os.sep
    return os.path.isfile(path) and not os.path.realpath(path).startswith(inside)


def _draft(path: str) -> Migration:
    return Migration(os.path.basename(path), read_text(path, path), "", path)


def _chosen(
    paths: Sequence[str], since: str | None, folder: str, migrations: Sequence[Migration], has_drafts: bool
) -> frozenset[str]:
    names = {one.name for one in migrations}
    if since is not None:
        with folder_at(folder, since) as old:
            before = {one.name for one in load(old)}
        names -= before
    if not paths:
        return frozenset(() if has_drafts and since is None else names)
    chosen = set()
    for path in paths:
        name = _name_of(path)
        if name not in {one.name for one in migrations}:
            near = nearest(name, [one.name for one in migrations])
            raise UsageInvalid(
                f"{path} is no migration of {folder}, and no SQL file",
                where=path,
                then=f"did you mean {near}?" if near else f"ls {folder}",
                code="migration_unknown",
            )
        chosen.add(name)
    return frozenset(chosen if since is None else chosen & names)


def _name_of(path: str) -> str:
    path = path.rstrip("/")
    if os.path.basename(path) == SCRIPT:
        path = os.path.dirname(path)
    name = os.path.basename(path)
    return name.removesuffix(".sql")
