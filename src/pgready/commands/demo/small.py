"""The small example from nothing: a cold server, replicas that race to boot, and real requests to all of them.

It needs nothing but pgready and a server: its services are Python's own HTTP server. The example's folder is only read.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from pgready.commands.demo.checks import Check, check_all
from pgready.commands.demo.stage import Part, Stage, environment, example_folder, pgready
from pgready.embedded import EmbeddedServer
from pgready.embedded.launch import watchdog
from pgready.errors import NotReady
from pgready.process.children import Children, Line
from pgready.report.story import Teller, seconds

DATABASE = "platform"
_ROLE = "app"


@dataclass
class Report:
    """What the demo showed: `seconds` from nothing to the last part serving, `noop` of one more boot afterwards."""

    server_version: str
    seconds: float
    noop: float
    parts: list[Part]
    checks: list[Check]

    @property
    def ok(self) -> bool:
        """Every check held."""
        return all(c.ok for c in self.checks)

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "ok": self.ok,
            "server_version": self.server_version,
            "seconds": round(self.seconds, 3),
            "noop_boot_seconds": round(self.noop, 3),
            "parts": [p.as_dict() for p in self.parts],
            "checks": [c.as_dict() for c in self.checks],
        }


def platform(replicas: int) -> list[Part]:
    """The parts of the example, in the order in which they are started: the worker first, to show that it waits."""
    return [
        Part("worker", "worker", "wait", "", "services/worker.py"),
        Part("trading-svc", "plain SQL service", "boot", "trading-svc", "service.py"),
        *(Part(f"invoices-{n}", "replica", "boot", "", "services/invoices.py") for n in range(1, replicas + 1)),
    ]


def demo(
    tell: Teller,
    *,
    replicas: int = 3,
    bindir: str | None = None,
    folder: str | None = None,
    hold: Callable[[], None] | None = None,
) -> Report:
    """Run the platform to the end of its checks, then `hold` (if given) while it serves, then stop everything.

    `folder`: another copy of the example; `bindir`: the server programs.

    Raises NotReady if a part ends or nothing moves for a minute, UsageInvalid without server programs.
    """
    folder = folder or example_folder("fourschemas")
    stage = Stage(tell, platform(replicas), DATABASE, _served, lambda _: True)
    parts = list(stage.parts.values())
    with EmbeddedServer(bindir) as server:
        stage.tell("server", f"PostgreSQL {server.version}, an empty server on {server.host}:{server.port}")
        url = _make_role(server)
        environ = environment(DATABASE_URL=url, PGREADY_LOG_FORMAT="json", HOST="127.0.0.1", PORT="0")
        with Children(watchdog) as children:
            for part in parts:
                argv = [*pgready(), part.verb, "--", sys.executable, part.program]
                stage.start(children, part, argv, os.path.join(folder, part.folder), environ)
            stage.until_all_serve(children)
            took = stage.now
            stage.tell("all_serving", f"all {len(parts)} parts are at work after {seconds(took)}")
            noop = one_more_boot(stage, folder, environ)
            checks = check_all(url, parts)
            for check in checks:
                stage.tell("check", f"{check.name}: {check.detail}", ok=check.ok)
            report = Report(server.version, took, noop, parts, checks)
            if hold is not None:
                hold()
    return report


def one_more_boot(stage: Stage, folder: str, environ: dict[str, str]) -> float:
    """One more boot, of which nothing is left to do: the price of every restart, in seconds. Raises NotReady."""
    began = time.monotonic()
    run = subprocess.run(
        [*pgready(), "boot", "--", "true"],
        cwd=folder, env=environ, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    took = time.monotonic() - began
    if run.returncode:
        raise NotReady("one more boot failed", detail=run.stderr, code="demo_noop")
    stage.tell("noop", f"one more boot, with nothing to do: {seconds(took)} for the whole process")
    return took


def _served(line: Line) -> str | None:
    if line.stream != "stdout":
        return None
    return line.text.removeprefix("listening on ") if line.text.startswith("listening on ") else ""


def _make_role(server: EmbeddedServer) -> str:
    """An ordinary role that may create databases, as a platform team hands it out; returns its URL."""
    import psycopg
    from psycopg import sql

    password = secrets.token_urlsafe(18)
    with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(sql.Identifier(_ROLE), password))
    return server.url(DATABASE, _ROLE, password=password)
