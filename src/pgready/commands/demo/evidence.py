"""What pgready says of the running platform: its queries proved, its database held against schema and migrations."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from pgready.commands.demo.backoffice import Backoffice
from pgready.commands.demo.checks import Check
from pgready.commands.parity.run import parity
from pgready.commands.parity.timeline import first_timeline
from pgready.commands.prove.run import Request, prove
from pgready.commands.sides import Project
from pgready.parity.result import ParityResult
from pgready.proof.result import Proof
from pgready.report.page.model import AppliedMigration, Page
from pgready.report.page.model import Step as PageStep
from pgready.report.page.sides import page_sides
from pgready.report.proof import last_word
from pgready.report.story import Teller, plural

# The profile's own size: 10 million rows. What is so at 100 times that, `pgready prove` says.
_GROWTHS = (1.0,)


def proofs(platform: Backoffice, tell: Teller) -> tuple[Proof, list[Check]]:
    """The query contracts of the platform, and those of the schema that trading-svc keeps for itself."""
    config = os.path.join(platform.folder, "services/trading_svc/pgready.toml")
    with _nothing_written():
        whole = prove(Request(growths=_GROWTHS), _project(platform), tell)
        own = prove(Request(growths=_GROWTHS, self_test=False), _project(platform, config=config), tell)
    tested = whole.self_test
    missed = f"; of {len(tested.dropped)} indexes dropped {tested.red} were missed" if tested is not None else ""
    said = last_word(whole).partition("\n")[0]
    checks = [
        Check("every query bounded at 10 million rows", not whole.exit_code, said + missed),
        Check("trading-svc's own queries bounded", not own.exit_code, last_word(own).partition("\n")[0]),
    ]  # fmt: skip
    return Proof(proved=(*whole.proved, *own.proved), refused=whole.refused + own.refused, growths=whole.growths,
                 ground=whole.ground, profile=whole.profile, coverage=whole.coverage, self_test=tested,
                 offers=whole.offers + own.offers, notes=whole.notes), checks  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """The comparison, and the timeline of the live database."""

    result: ParityResult
    name: str
    migrations: tuple[AppliedMigration, ...]


def held(platform: Backoffice, tell: Teller) -> tuple[Held, Check]:
    """Migrations, schema and the live database against each other."""
    project = _project(platform)
    words = ["migrations", "schema", platform.admin]
    found = parity(words, project, tell)
    live = replace(found.sides[2], name="the running database")
    result = replace(found, sides=(*found.sides[:2], live))
    _, migrations = first_timeline(words, project)
    count = len(result.findings)
    detail = plural(count, "difference") if count else "nothing differs"
    check = Check("schema = migrations = live database", not result.failed and not count, detail)
    return Held(result, live.name, migrations), check


def page(checks: list[tuple[Check, float]], proof: Proof, seen: Held) -> Page:
    """The report as a page: every check a step."""
    ok = all(check.ok for check, _ in checks)
    steps = tuple(PageStep(c.name, "ok" if c.ok else "failed", took or None, c.detail) for c, took in checks)
    return Page(
        "The back office",
        f"{sum(c.ok for c, _ in checks)} of {len(checks)} held" + ("" if ok else ": see below"),
        sides=page_sides(seen.result),
        migrations=seen.migrations,
        proof=proof,
        steps=steps,
        history_of=seen.name,
    )


@contextmanager
def _nothing_written() -> Iterator[None]:
    """The example's modules are imported without leaving their byte code beside them."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def _project(platform: Backoffice, **flags: str) -> Project:
    """The example's folder as the project, and nothing of the machine's own environment."""
    project = Project({"url": platform.admin, "direct_url": platform.admin, **flags})
    project.cwd = platform.folder
    project.environ = {**platform.environ(), "PGREADY_URL": platform.admin}
    return project
