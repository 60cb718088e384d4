"""prove: query contracts against the planner at production's size, on a database without rows.

Contracts are collected, the structure is built in a throw-away database, which is given each size in turn; every
contract is planned and judged; ways out are tried for those that are unbounded; each index that is relied on is dropped
once, to see that the proof can fail. Nothing of the project's own databases is touched; what is asked of a live one
(`from_live`, `live`) is read-only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from pgready.commands.prove import baseline as prove_baseline
from pgready.commands.prove.contracts import collect
from pgready.commands.prove.ground import project_ground, project_schema
from pgready.commands.prove.migration import migrations_folder, write_migrations
from pgready.commands.prove.plans import Judging
from pgready.commands.prove.refusal import CODE
from pgready.commands.prove.way_out import WayOut, ways_out
from pgready.commands.sides import Project
from pgready.errors import UsageInvalid
from pgready.postgres.proving.proving_ground import Ground
from pgready.postgres.shapes import read_shapes
from pgready.project.contracts_lock import default_place
from pgready.project.profile_place import find_profile
from pgready.project.url import Target, parse
from pgready.proof.baseline import Baseline
from pgready.proof.coverage import Coverage, IndexName, LiveCost, coverage, summed
from pgready.proof.profile import Profile
from pgready.proof.result import Proof, Proved, unplanned
from pgready.proof.size.profile_file import ProfileFile
from pgready.proof.size.profile_names import located
from pgready.report.story import Event, Teller, plural


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for.

    `paths` are files, folders and modules of contracts ("" of all: what the settings name). `server` is a superuser's
    URL to prove on, `from_live` one whose `pg_stat_statements` gives the `top` contracts, `live` one that says what
    indexes cost. `baseline` is the file to compare with, None for `contracts.lock` if there is one; `use_baseline`
    False compares with none. `migration` is the name of one to be written with the indexes that are missing.
    """

    paths: tuple[str, ...] = ()
    profile: str | None = None
    growths: tuple[float, ...] = (1.0, 10.0, 100.0)
    server: str | None = None
    from_live: str | None = None
    top: int = 50
    live: str | None = None
    baseline: str | None = None
    use_baseline: bool = True
    update_baseline: bool = False
    self_test: bool = True
    way_out: bool = True
    migration: str | None = None
    strict: bool = False


def prove(request: Request, project: Project, tell: Teller) -> Proof:
    """Run the proof; raises UsageInvalid, MigrationFailed and Unreachable for what keeps it from being run at all."""
    server = _target(request.server, "--url", project)
    path, before = _baseline(request, project)
    folder = migrations_folder(project) if request.migration is not None else ""
    file = find_profile(request.profile, project.flags, project.environ, project.cwd)
    collected = collect(request.paths, project, request.from_live, request.top, tell)
    growths = tuple(sorted(request.growths))
    found = Proof(
        proved=tuple(unplanned(contract, why) for contract, why in collected.not_judged),
        refused=collected.diagnostics,
        growths=growths,
        strict=request.strict,
        notes=tuple(f"left out: {count} {what}" for what, count in collected.left_out),
    )
    if not collected.contracts:
        if not found.proved and not found.refused:
            raise _nothing_to_prove(request, found.notes)  # A gate that never sees a contract is none.
        return found
    costs = _live_costs(_target(request.live, "--live", project))
    with project_ground(project, server, tell) as proving:
        ground = proving.ground
        profile = _profile(file, ground)
        tell(Event("profile", f"sizes: {_said(profile, file)}", {}))
        if empty := [str(table.name) for table in profile.tables if not table.rows]:
            text = f"the profile says that {', '.join(empty[:5])}{' and others' * (len(empty) > 5)} hold no rows:"
            tell(Event("note", f"{text} whatever reads only these is bounded at every growth", {"tables": empty}))
        judging = Judging(ground, profile, growths, tell)
        proved = judging.run(collected.contracts)
        tested = judging.self_test(proved) if request.self_test else None
        way_out = _way_out(judging, proved, project) if request.way_out or folder else WayOut()
        covered = _coverage(ground, proved, costs)
    found = replace(
        found,
        proved=proved + found.proved,
        refused=found.refused + tuple(judging.refused),
        ground=proving.described,
        profile=_said(profile, file),
        coverage=covered,
        self_test=tested,
        offers=way_out.offers,
        written=write_migrations(folder, request.migration or "", way_out.indexes, tell) if folder else (),
    )
    return _with_baseline(found, request, path, before, ground.major, judging.refused_names, tell)


def _with_baseline(
    found: Proof,
    request: Request,
    path: str,
    before: Baseline | None,
    major: int,
    refused: Collection[str],
    tell: Teller,
) -> Proof:
    """The proof held against the baseline, which is written first where that was asked for."""
    # A file with errors may hold any contract: none counts as removed then.
    invalid = any(one.code != CODE for one in found.refused)
    partial = bool(request.paths or request.from_live) or invalid
    if request.update_baseline:
        changed = prove_baseline.update(path, before, found.proved, major, partial=partial, refused=refused)
        text = f"{path} {'written' if changed else 'is up to date'}: {plural(len(found.proved), 'contract')}"
        tell(Event("baseline", text, {"path": path, "changed": changed}))
        before = prove_baseline.read_baseline(path)
    if before is None:
        return found
    compared = prove_baseline.compared(
        before, found.proved, major, partial=partial, refused=refused, strict=request.strict
    )
    return replace(found, comparison=compared, baseline=path)


def _way_out(judging: Judging, proved: Sequence[Proved], project: Project) -> WayOut:
    """What is offered for the unbounded ones, in the words of the project's schema where it has a valid one."""
    settings = project.settings
    schema = None
    if settings.schema_files:
        try:
            schema = project_schema(project)
        except UsageInvalid:
            schema = None  # validate tells what is wrong with it
    return ways_out(judging, proved, schema, (settings.url.schema if settings.url else None) or "public")


def _target(url: str | None, flag: str, project: Project) -> Target | None:
    return None if url is None else parse(url, f"flag {flag}", project.cwd)


# ── what goes in ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _baseline(request: Request, project: Project) -> tuple[str, Baseline | None]:
    """The file and what is in it, read before anything slow."""
    path = request.baseline or default_place(project.flags, project.environ, project.cwd)
    if not request.use_baseline and not request.update_baseline:
        return path, None
    before = prove_baseline.read_baseline(path)
    if before is None and request.baseline is not None and not request.update_baseline:
        raise UsageInvalid(
            "there is no such baseline",
            where=path,
            then=f"write it: pgready prove --baseline {path} --update-baseline",
            code="baseline_missing",
        )
    return path, before


def _profile(file: ProfileFile | None, ground: Ground) -> Profile:
    """The profile held against the structure: it speaks of tables and columns that are there. Raises UsageInvalid."""
    if file is None:
        return Profile()
    return located(file, read_shapes(ground.session))


def _said(profile: Profile, file: ProfileFile | None) -> str:
    """Which sizes were taken, in a few words."""
    if file is None:
        return f"{profile.default_rows:,} rows a table, as foreign keys allow: no profile was given"
    return f"{file.path} ({plural(len(profile.tables), 'table')})"


def _nothing_to_prove(request: Request, notes: Sequence[str]) -> UsageInvalid:
    """The error for sources that are there and hold no contract."""
    if request.from_live is not None:
        return UsageInvalid(
            "the live server has no query of this database to judge",
            detail="\n".join(notes),
            then="let it serve some traffic first; pg_stat_statements_reset() forgets what was asked before",
            code="contracts_missing",
        )
    return UsageInvalid(
        "there is no query contract in " + (", ".join(request.paths) or "the files that were found"),
        then="write the line before a query that makes it one:  -- name: invoices_by_client",
        code="contracts_missing",
    )


# ── what comes out ────────────────────────────────────────────────────────────────────────────────────────────────────


def _live_costs(live: Target | None) -> Mapping[IndexName, LiveCost] | None:
    if live is None:
        return None
    from pgready.postgres.proving.index_costs import index_costs

    return index_costs(live)


def _coverage(ground: Ground, proved: Sequence[Proved], costs: Mapping[IndexName, LiveCost] | None) -> Coverage:
    used = {one.contract.name: one.indexes for one in proved}
    return coverage(ground.catalog, used, None if costs is None else summed(costs, ground.catalog))
