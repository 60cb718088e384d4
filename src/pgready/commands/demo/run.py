"""The reference platform from nothing: all services and workers at once, sample data, jobs, lists, proofs, a report.

The example's folder is only read; nothing stays but the report, in a new folder among the temporary ones.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgready.commands.demo.backoffice import (
    API_ROLES,
    DATABASE,
    OWNER,
    Backoffice,
    loud,
    platform,
    require_packages,
    served,
)
from pgready.commands.demo.checks import Check, exactly_once, one_migrated
from pgready.commands.demo.small import one_more_boot
from pgready.commands.demo.stage import Part, Stage, example_folder
from pgready.commands.demo.statements import Built, find
from pgready.embedded import EmbeddedServer
from pgready.embedded.launch import watchdog
from pgready.process.children import Children
from pgready.report.story import Event, Teller, seconds

if TYPE_CHECKING:
    from pgready.report.page.model import Page

ROWS = 5_000
_NEVER = ("does not exist", "UndefinedTable", "Traceback")


@dataclass
class Report:
    """What the demo showed: `seconds` until the last part served, `noop` of one more boot, `total` of everything."""

    server_version: str
    seconds: float = 0.0
    noop: float = 0.0
    total: float = 0.0
    parts: list[Part] = field(default_factory=list)
    checks: list[tuple[Check, float]] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    page: Page | None = None

    @property
    def ok(self) -> bool:
        """Every check held."""
        return all(check.ok for check, _ in self.checks)

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "ok": self.ok,
            "server_version": self.server_version,
            "seconds": round(self.seconds, 3),
            "total_seconds": round(self.total, 3),
            "noop_boot_seconds": round(self.noop, 3),
            "parts": [p.as_dict() for p in self.parts],
            "checks": [c.as_dict() for c, _ in self.checks],
            "left_out": self.left_out,
        }


def demo(
    tell: Teller,
    *,
    replicas: int = 3,
    rows: int = ROWS,
    bindir: str | None = None,
    folder: str | None = None,
    done: Callable[[Report], None] | None = None,
) -> Report:
    """Run the platform to the end of its checks, then `done` with the report while it serves, then stop everything.

    `rows`: invoices of the sample data; `folder`: another copy of the example; `bindir`: the server programs.

    Raises UsageInvalid without server programs or the services' packages, NotReady if a part ends or nothing moves.
    """
    folder = folder or example_folder("backoffice")
    require_packages(folder)
    with _chosen_everywhere(bindir), EmbeddedServer(bindir) as server:
        return _Run(tell, server, folder, replicas).run(rows, done)


@contextmanager
def _chosen_everywhere(bindir: str | None) -> Iterator[None]:
    """Proofs and comparisons are made on servers of their own: of the version that was chosen, like the platform's."""
    before = os.environ.get("PGREADY_EMBEDDED_BIN")
    if bindir is not None:
        os.environ["PGREADY_EMBEDDED_BIN"] = bindir
    try:
        yield
    finally:
        if bindir is not None:
            os.environ.pop("PGREADY_EMBEDDED_BIN")
            if before is not None:
                os.environ["PGREADY_EMBEDDED_BIN"] = before


class _Run:
    def __init__(self, tell: Teller, server: EmbeddedServer, folder: str, replicas: int) -> None:
        built = find(folder)
        self.stage = Stage(tell, platform(replicas, built), DATABASE, served, loud)
        self.parts = list(self.stage.parts.values())
        self.platform = Backoffice(server, folder, built)
        self.server = server
        left_out = {} if isinstance(built, Built) else {"statements": built}
        self.report = Report(server.version, parts=self.parts, left_out=left_out)

    def run(self, rows: int, done: Callable[[Report], None] | None) -> Report:
        from pgready.commands.demo.plans import PlanLog, record_plans

        stage, server = self.stage, self.server
        stage.tell("server", f"PostgreSQL {server.version}, an empty server on {server.host}:{server.port}")
        for name, why in self.report.left_out.items():
            stage.tell("left_out", f"{name}, the service in TypeScript, is left out: {why}", name=name, reason=why)
        self.platform.create()
        recorded = record_plans(server, API_ROLES, DATABASE)
        with Children(watchdog) as children:
            for part in self.parts:
                self.platform.start(stage, children, part)
            stage.until_all_serve(children)
            self.report.seconds = stage.now
            stage.tell("all_serving", f"all {len(self.parts)} parts are at work after {seconds(stage.now)}")
            self._cold()
            self._load(rows)
            self._walk(PlanLog(server, API_ROLES) if recorded else None)
            stage.listen(children)
            self._clean()
            self.report.total = stage.now
            if done is not None:
                done(self.report)
        return self.report

    def _cold(self) -> None:
        """What a start from nothing has to keep."""
        replicas = [part for part in self.parts if part.kind == "replica"]
        told = [name for part in self.parts for name in part.applied]
        self._check(Check("one replica migrated", *one_migrated(replicas)))
        self._check(Check("each migration exactly once", *exactly_once(self.platform.admin, told)))
        environ = self.platform.environ(DATABASE_URL=self.platform.url(OWNER))
        self.report.noop = one_more_boot(self.stage, self.platform.folder, environ)

    def _load(self, rows: int) -> None:
        self._doing("sample data")
        began = time.monotonic()
        loaded = self.platform.run("-m", "backoffice.sample", str(rows), DATABASE_URL=self.platform.url(OWNER))
        self.stage.tell(
            "sample", f"sample data: {loaded} and what belongs to them, in {seconds(time.monotonic() - began)}"
        )

    def _walk(self, log: object) -> None:
        from pgready.commands.demo import evidence
        from pgready.commands.demo.plans import PlanLog
        from pgready.commands.demo.tour import Tour

        tour = Tour(self.stage, self.parts)
        self._heading("A job for each worker")
        for check in tour.jobs():
            self._check(check)
        if "statements" in self.stage.parts:
            self._check(tour.statement(self.stage.parts["statements"]))
        self._heading("Proofs")
        began = self.stage.now
        proof, proved = evidence.proofs(self.platform, self._told)
        took = self.stage.now - began
        for check in proved:
            self._check(check, took if check is proved[0] else 0.0)
        began = self.stage.now
        held, same = evidence.held(self.platform, self._told)
        self._check(same, self.stage.now - began)
        self._heading("Each list, and how its page was read")
        for check in tour.lists(log if isinstance(log, PlanLog) else None, proof):
            self.report.checks.append((check, 0.0))
        self._check(tour.all_visited())
        self._evidence = (proof, held)

    def _clean(self) -> None:
        """No process complained of a table that was not there."""
        from pgready.commands.demo import evidence

        found = [
            f"{part.name}: {line}" for part in self.parts for line in part.said if any(word in line for word in _NEVER)
        ]
        detail = found[0] if found else f"{sum(len(part.said) for part in self.parts)} lines of {len(self.parts)} logs"
        self._check(Check("no log knows a missing relation", not found, detail))
        self.report.page = evidence.page(self.report.checks, *self._evidence)

    def _check(self, check: Check, took: float = 0.0) -> None:
        self.report.checks.append((check, took))
        self.stage.tell("check", f"{check.name}: {check.detail}", ok=check.ok, name=check.name, detail=check.detail)

    def _heading(self, text: str) -> None:
        self.stage.tell("heading", text)

    def _doing(self, text: str) -> None:
        self.stage.tell("doing", text)

    def _told(self, event: Event) -> None:
        """The story of prove and parity: what is done now."""
        self._doing(event.text)
