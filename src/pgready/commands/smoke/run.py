"""smoke: the cold start of a project and what it rests on, shown step by step on databases of its own.

The project's folder is only read and its own databases are never asked: every database stands on an embedded server, or
beside others on a server that is named, and is gone at the end. A step that does not apply is skipped with its reason.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from pgready.commands.smoke.context import Failed, Request, Run, Shown, Skipped
from pgready.commands.smoke.ground import Ground, ground, told
from pgready.commands.sources import shown
from pgready.errors import PgreadyError, UsageInvalid
from pgready.parity.result import ParityResult
from pgready.postgres.session import ConnectionLost, ServerError
from pgready.project.names import list_names
from pgready.project.resolution import Resolution, resolve
from pgready.project.settings import Settings
from pgready.project.smoke_settings import SmokeSettings
from pgready.proof.result import Proof
from pgready.report.page.model import AppliedMigration
from pgready.report.smoke import STEPS, SmokeResult, StepResult
from pgready.report.story import Event, Teller, plural


@dataclass
class Evidence:
    """What the report page shows beside the steps; `migrations` are those of the fresh database."""

    parity: ParityResult | None = None
    proof: Proof | None = None
    migrations: tuple[AppliedMigration, ...] = ()
    result: SmokeResult | None = field(default=None)


def smoke(
    request: Request, wanted: SmokeSettings, flags: Mapping[str, object], tell: Teller
) -> tuple[SmokeResult, Evidence]:
    """Run the steps; raises UsageInvalid (settings, an unknown ref) and Unreachable before anything is run."""
    began = time.monotonic()
    names = _chosen(request)
    cwd = os.getcwd()
    settings = resolve(dict(flags), dict(os.environ), cwd)
    migrations = list_names(settings.migrations)
    with ExitStack() as stack:
        refs = _folders(stack, request, settings) if "upgrade" in names else {}
        schema = (settings.url.schema if settings.url else None) or ""
        place = stack.enter_context(ground(request.url, schema, cwd, tell))
        place.call_main(settings.url.dbname if settings.url else "")
        variables = _variables(flags, cwd)
        run = Run(request, wanted, flags, place, tell, variables, refs)
        about = f"{place.described}; {plural(len(migrations), 'migration')}"
        tell(Event("server", about, {"server": place.described, "migrations": len(migrations)}))
        _make_roles(run, settings, place, tell)
        evidence = Evidence()
        steps = _Steps(run, evidence, tell, names).run()
        evidence.migrations = _timeline(run)
        result = SmokeResult(steps, time.monotonic() - began, place.described, len(migrations), request.seed)
    evidence.result = result
    return result, evidence


def _chosen(request: Request) -> tuple[str, ...]:
    """The steps to run; raises UsageInvalid for a name that is none."""
    for name in (*request.only, *request.skip):
        if name not in STEPS:
            raise UsageInvalid(f"there is no step {name}", then=f"steps are {', '.join(STEPS)}", code="usage")
    return tuple(name for name in STEPS if (not request.only or name in request.only) and name not in request.skip)


def _folders(stack: ExitStack, request: Request, settings: Settings) -> dict[str, str]:
    from pgready.project.git_folder import folder_at

    path = shown(settings.migrations)
    found = {ref: stack.enter_context(folder_at(path, ref)) for ref in dict.fromkeys(request.refs)}
    for ref, folder in found.items():
        try:
            list_names(folder)
        except UsageInvalid as e:
            e.what = f"{path}@{ref}: {e.what}"
            e.where = f"{path}@{ref}"
            raise
    return found


def _variables(flags: Mapping[str, object], cwd: str) -> list[str]:
    """The environment variables that the project's own files read URLs from."""
    sources = Resolution(flags, dict(os.environ), cwd)
    sources.run()
    datasource = sources.schema.datasource
    values = [
        *((sources.prisma.url, sources.prisma.direct_url) if sources.prisma else ()),
        *((datasource.url, datasource.direct_url) if datasource else ()),
    ]
    return [one.text for one in values if one is not None and one.kind == "env"]


def _make_roles(run: Run, settings: Settings, place: Ground, tell: Teller) -> None:
    """Roles belong to a server and not to a history: those that the scripts name are made on a server of our own."""
    from pgready.commands.smoke.roles import make_roles

    if run.request.url is None:
        make_roles(place, run.settings("roles").schemas, [settings.migrations, *run.refs.values()], tell)


def _timeline(run: Run) -> tuple[AppliedMigration, ...]:
    """What the fresh database's own migrations table says, also of a boot that failed; () where there is none.

    It is an extra of the page: what keeps it from being read fails no step.
    """
    from pgready.commands.status import status
    from pgready.report.page.history import timeline

    try:
        found = status(run.settings("fresh"))
    except (PgreadyError, ServerError, ConnectionLost):
        return ()
    return timeline(found.history, found.notes) if found.table is not None else ()


class _Steps:
    """The steps, one after the other: each looks at databases that the ones before it made."""

    def __init__(self, run: Run, evidence: Evidence, tell: Teller, names: Sequence[str]) -> None:
        self._run = run
        self._evidence = evidence
        self._tell = tell
        self._names = names

    def run(self) -> tuple[StepResult, ...]:
        found: list[StepResult] = []
        for number, name in enumerate(STEPS, 1):
            if name not in self._names:
                found.append(StepResult(name, "skipped", 0.0, "not asked for"))
                continue
            fields = {"step": name, "number": number, "total": len(STEPS)}
            self._tell(Event("step", STEPS[name], fields))
            result = self._one(name, found)
            self._tell(Event("step_done", result.text, {**fields, "result": result}))
            found.append(result)
        return tuple(found)

    def _one(self, name: str, before: Sequence[StepResult]) -> StepResult:
        began = time.monotonic()

        def result(
            state: str, text: str, lines: Sequence[str] = (), data: Mapping[str, object] | None = None
        ) -> StepResult:
            one = StepResult(name, "ok", time.monotonic() - began, text, tuple(lines), dict(data or {}))
            return replace(one, state=state)  # type: ignore[arg-type]

        broken = next((one for one in before if one.name == "replicas" and one.state == "failed"), None)
        if broken is not None and not self._run.has_fresh and name not in ("prove",):
            return result("skipped", "there is no fresh database: the step replicas failed")
        try:
            shown_ = self._call(name)
        except Skipped as e:
            return result("skipped", str(e))
        except Failed as e:
            return result("failed", e.text, e.lines, e.data)
        except PgreadyError as e:
            return result("failed", e.what, told(e), {"error": e.as_dict()})
        except ServerError as e:
            return result("failed", f"the server refused: {e.message}", e.words().splitlines()[1:])
        except ConnectionLost as e:
            return result("failed", f"the connection was lost: {e.words}")
        return result("ok", shown_.text, shown_.lines, shown_.data)

    def _call(self, name: str) -> Shown:
        step: Callable[[Run], Shown]
        if name == "replicas":
            from pgready.commands.smoke.replicas import replicas as step
        elif name == "upgrade":
            from pgready.commands.smoke.upgrade import upgrade as step
        elif name == "parity":
            return self._parity()
        elif name == "crash":
            from pgready.commands.smoke.killed import killed as step
        elif name == "models":
            from pgready.commands.smoke.models import models as step
        elif name == "prove":
            return self._prove()
        elif name == "services":
            from pgready.commands.smoke.services import services as step
        else:
            from pgready.commands.smoke.self_test import self_test as step
        return step(self._run)

    def _parity(self) -> Shown:
        from pgready.commands.smoke.agree import Differs, agree

        try:
            found, self._evidence.parity = agree(self._run)
        except Differs as e:
            self._evidence.parity = e.result
            raise
        return found

    def _prove(self) -> Shown:
        from pgready.commands.smoke.proofs import Unproved, proofs

        try:
            found, self._evidence.proof = proofs(self._run)
        except Unproved as e:
            self._evidence.proof = e.proof
            raise
        return found
