"""lint: new migrations run one by one on a shadow database, and what each statement does to readers and writers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pgready.catalog.names import ObjectName
from pgready.commands.online.linted import Found, Linted
from pgready.commands.online.offering import offered, with_offer
from pgready.commands.online.refusal import write_lock
from pgready.commands.online.sizes import contract_takers, profile_of, sizes_of
from pgready.commands.online.waiving import judged, waivers_in
from pgready.commands.shadow import ShadowHistory, replaying
from pgready.commands.sides import Project
from pgready.commands.sources import shown
from pgready.errors import UsageInvalid
from pgready.hazards.checks import hazards_of
from pgready.hazards.cost import with_costs
from pgready.hazards.hazard import Hazard
from pgready.hazards.kinds import KINDS
from pgready.hazards.lock_file import NAME
from pgready.hazards.order import Taker, order_hazards, transactions_of
from pgready.hazards.prisma import prisma_hazards
from pgready.hazards.trace import TracedMigration
from pgready.hazards.unfinished import Unfinished
from pgready.history.model import Migration
from pgready.history.prepare import Prepared, prepare
from pgready.project.folder import load, refuse
from pgready.project.names import SCRIPT
from pgready.project.schema_files import read_text
from pgready.project.suggest import nearest
from pgready.report.story import Event, Teller, plural

if TYPE_CHECKING:  # a lint without --since does not pay for it
    from pgready.commands.online.rolling import RollingDeploy
    from pgready.commands.online.since import Since

__all__ = ["Found", "Linted", "Request", "lint"]


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be linted: `paths` as `lint` has them, `since` a Git ref or file, `profile` a file of sizes.

    `today` decides which waivers are over. `lock`: what passes is written down for `--refuse-hazards`.
    """

    today: date
    paths: Sequence[str] = ()
    since: str | None = None
    profile: str | None = None
    lock: bool = False


def lint(request: Request, project: Project, tell: Teller) -> Linted:
    """Trace the migrations of the request's paths, or those that `since` lacks, or all of them.

    A path is a migration's folder or file, its name, or an SQL file outside of the folder, which then comes last. With
    `since` the older migrations come first, as they do where they are deployed already, and what the version that runs
    needs is held against the catalog after each new one. Raises UsageInvalid, MigrationFailed with the place of a
    statement that fails in the shadow, and Unreachable.
    """
    folder = shown(project.settings.migrations)
    migrations = load(folder)
    refuse(migrations)
    prepared = [prepare(one) for one in migrations]
    drafts = [prepare(_draft(path)) for path in request.paths if _is_draft(path, folder)]
    named = [path for path in request.paths if not _is_draft(path, folder)]
    since, old = _since(request, folder, prepared, project, tell)
    chosen = _chosen(named, old, folder, migrations, bool(drafts))
    waivers = {one.migration.name: waivers_in(one) for one in (*prepared, *drafts)}
    profile = profile_of(request.profile, project)
    if since is not None:  # what is deployed already comes first, whatever the names sort like
        prepared.sort(key=lambda one: one.migration.name in chosen)
    found: list[Found] = []
    with replaying(project.plan(), len(prepared), tell) as history:
        run = _Run(history, since, project, together=request.since is not None or bool(request.paths), tell=tell)
        for one in run.through(prepared, drafts, chosen):
            hazards = one.hazards
            if profile is not None and hazards:
                hazards = with_costs(hazards, one.traced, sizes_of(profile, history))
            name = one.prepared.migration.name
            found += judged(one.prepared, hazards, one.alone, waivers[name], request.today, run.looked_for)
    together = chosen if request.since is not None or request.paths else frozenset[str]()
    ways = offered(project.plan(), (*prepared, *drafts), found, together, run.schema, everything=bool(together))
    found = [with_offer(one, ways) for one in found]
    names = [one.migration.name for one in prepared if one.migration.name in chosen]
    names += [one.migration.name for one in drafts]
    done = Linted(tuple(names), tuple(found), since.title if since is not None else "")
    if request.lock:
        count = write_lock(done, migrations, folder)
        text = f"{os.path.join(folder, NAME)}: {count} of {plural(len(migrations), 'migration')} passed"
        tell(Event("lock_file", text, {"passed": count}))
    return done


def _since(
    request: Request, folder: str, prepared: Sequence[Prepared], project: Project, tell: Teller
) -> tuple[Since | None, frozenset[str] | None]:
    """The version that runs, and the migrations that it has."""
    if request.since is None:
        return None, None
    from pgready.commands.online.since import since_of
    from pgready.commands.online.since_point import names_before

    since = since_of(request.since, folder, project)
    if since.names is not None:
        return since, since.names
    return since, frozenset() if request.paths else names_before(since, prepared, project, tell)


@dataclass(frozen=True, slots=True)
class _Looked:
    """A migration that was traced; `alone` are its hazards if nothing else were new, as a later lint sees them."""

    prepared: Prepared
    traced: TracedMigration
    hazards: Sequence[Hazard]
    alone: Sequence[Hazard]


class _Run:
    """One pass through the history."""

    def __init__(
        self, history: ShadowHistory, since: Since | None, project: Project, *, together: bool, tell: Teller
    ) -> None:
        self._history = history
        self._since = since
        self._project = project
        self._together = together
        self._tell = tell
        self._takers: list[Taker] = []
        url = project.settings.url
        self.schema = project.settings.migrations_schema or (url.schema if url else None) or "public"
        without = {"H017", "H018", *(() if since else ("H014", "H015")), *(() if together else ("H016",))}
        self.looked_for = frozenset(kind.id for kind in KINDS if kind.id not in without)

    def through(
        self, prepared: Sequence[Prepared], drafts: Sequence[Prepared], chosen: frozenset[str]
    ) -> Iterator[_Looked]:
        """Each chosen migration and each draft, traced at the state before it."""
        young: set[ObjectName] = set()
        rolling: RollingDeploy | None = None
        contracts: list[Taker] | None = None
        unfinished = Unfinished()
        with self._history.tracing() as tracer:
            waiting: list[Prepared] = []
            for one in (*prepared, *drafts):
                behind = unfinished.after(one)
                if one not in drafts and one.migration.name not in chosen:
                    waiting.append(one)
                    continue
                self._history.replay(waiting)
                waiting = []
                if self._since is not None and rolling is None:
                    from pgready.commands.online.rolling import RollingDeploy

                    rolling = RollingDeploy(self._history, self._since.running)
                if contracts is None:
                    contracts = contract_takers(self._project, self._history, self._tell)
                traced = tracer.trace(one)
                batched = [each.statement for each in one.backfills]
                hazards = list(hazards_of(traced, frozenset(young), batched))
                alone = list(hazards_of(traced, frozenset(), batched)) if young else hazards
                more = list(prisma_hazards(traced, one.statements, self.schema))
                more += [*behind, *order_hazards(traced, [*contracts, *self._takers])]
                if rolling is not None:
                    more += rolling.after(traced)
                both = sorted((*hazards, *more), key=lambda each: (each.statement, each.id))
                yield _Looked(one, traced, both, [*alone, *more])
                if self._together:  # deployed at once: nobody uses yet what the one before made
                    young |= traced.made
                    name = f"migration {traced.name}"
                    self._takers += [Taker(name, order) for order in transactions_of(traced)]


def _is_draft(path: str, folder: str) -> bool:
    inside = os.path.realpath(folder) + os.sep
    return os.path.isfile(path) and not os.path.realpath(path).startswith(inside)


def _draft(path: str) -> Migration:
    return Migration(os.path.basename(path), read_text(path, path), "", path)


def _chosen(
    paths: Sequence[str], old: frozenset[str] | None, folder: str, migrations: Sequence[Migration], has_drafts: bool
) -> frozenset[str]:
    names = {one.name for one in migrations} - (old or frozenset())
    if not paths:
        return frozenset(() if has_drafts and old is None else names)
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
    return frozenset(chosen & names)


def _name_of(path: str) -> str:
    path = path.rstrip("/")
    if os.path.basename(path) == SCRIPT:
        path = os.path.dirname(path)
    name = os.path.basename(path)
    return name.removesuffix(".sql")
