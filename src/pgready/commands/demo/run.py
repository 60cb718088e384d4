"""The reference platform from nothing: a cold server, replicas that race to boot, and real requests to all of them.

Nothing is staged: every part is a process of its own that runs `pgready boot -- …` or `pgready wait -- …` as it would
in a container, and what is told comes from their own story. The example's folder is only read.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from pgready.commands.demo.checks import Check, check_all
from pgready.embedded import EmbeddedServer
from pgready.embedded.launch import watchdog
from pgready.errors import NotReady, UsageInvalid
from pgready.process.children import Children, Line
from pgready.report.story import Event, Teller, seconds

DATABASE = "platform"
_ROLE = "app"
# Nothing said by any part for so long (seconds): the demo is stuck. A slow machine is not.
_SILENCE = 60.0


@dataclass
class Part:
    """One process of the platform: what it runs, and what became of it (times in seconds since the demo began)."""

    name: str
    kind: str
    verb: str
    folder: str
    program: str
    pid: int = 0
    applied: list[str] = field(default_factory=list)
    ready_at: float | None = None
    serving_at: float | None = None
    url: str | None = None
    said: list[str] = field(default_factory=list)

    @property
    def command(self) -> str:
        """As a person would type it."""
        return f"pgready {self.verb} -- python {self.program}"

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "name": self.name,
            "kind": self.kind,
            "command": self.command,
            "pid": self.pid,
            "applied": self.applied,
            "ready_at": _rounded(self.ready_at),
            "serving_at": _rounded(self.serving_at),
            "url": self.url,
        }


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


def example_folder() -> str:
    """The example of this source checkout, or as it came with the wheel; raises UsageInvalid."""
    package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    checkout = os.path.join(os.path.dirname(os.path.dirname(package)), "examples", "fourschemas")
    if os.path.isfile(os.path.join(checkout, "pgready.toml")):
        return checkout
    from importlib import metadata

    try:
        files = metadata.files("pgready") or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.parts[-3:] == ("examples", "fourschemas", "pgready.toml"):
            return os.path.dirname(os.path.abspath(str(file.locate())))
    raise UsageInvalid("this installation has no examples", where=package, then="pip install 'pgready[embedded]'")


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
    return _Demo(tell, folder or example_folder(), platform(replicas)).run(bindir, hold)


class _Demo:
    """One run; every time is relative to `began`."""

    def __init__(self, tell: Teller, folder: str, parts: list[Part]) -> None:
        self._tell = tell
        self.folder = folder
        self.parts = {p.name: p for p in parts}
        self.began = time.monotonic()

    def tell(self, kind: str, text: str, **fields: object) -> None:
        self._tell(Event(kind, text, {"at": round(time.monotonic() - self.began, 3), **fields}))

    def run(self, bindir: str | None, hold: Callable[[], None] | None) -> Report:
        with EmbeddedServer(bindir) as server:
            self.tell("server", f"PostgreSQL {server.version}, an empty server on {server.host}:{server.port}")
            url = _make_role(server)
            with Children(watchdog) as children:
                for part in self.parts.values():
                    self._start(children, part, url)
                self._until_all_serve(children)
                took = time.monotonic() - self.began
                self.tell("all_serving", f"all {len(self.parts)} parts are at work after {seconds(took)}")
                noop = self._noop(url)
                checks = check_all(url, list(self.parts.values()))
                for check in checks:
                    self.tell("check", f"{check.name}: {check.detail}", ok=check.ok)
                report = Report(server.version, took, noop, list(self.parts.values()), checks)
                if hold is not None:
                    hold()
        return report

    def _start(self, children: Children, part: Part, url: str) -> None:
        argv = [*pgready(), part.verb, "--", sys.executable, part.program]
        part.pid = children.start(part.name, argv, cwd=os.path.join(self.folder, part.folder), env=_environment(url))
        self.tell("started", part.command, part=part.name, pid=part.pid)

    def _until_all_serve(self, children: Children) -> None:
        while any(p.serving_at is None for p in self.parts.values()):
            line = children.next_line(_SILENCE)
            if line is None:
                waiting = ", ".join(p.name for p in self.parts.values() if p.serving_at is None)
                raise NotReady(
                    f"nothing moved for {_SILENCE:.0f} s; not at work yet: {waiting}",
                    code="demo_stuck",
                    detail="\n".join(f"{p.name}: {p.said[-1]}" for p in self.parts.values() if p.said),
                )
            part = self.parts[line.child]
            if line.stream == "end":
                code = children.exit_code(part.name)
                raise NotReady(
                    f"{part.name} ended with exit code {code} before it was at work",
                    where=part.command,
                    detail="\n".join(part.said[-12:]),
                    code="demo_part_ended",
                )
            self._hear(part, line)

    def _hear(self, part: Part, line: Line) -> None:
        """One line of a part: an event of pgready's own story, or the service's own words."""
        event = _event(line.text) if line.stream == "stderr" else None
        part.said.append(str(event.get("message", "ready")) if event else line.text)
        if event is None:
            self._served(part, line)
            return
        kind = str(event["event"])
        message = part.said[-1]
        if kind == "waiting":  # every part waits for the same server
            message = "waiting: " + message.partition(f"/{DATABASE}: ")[2].rpartition(" (")[0]
        if kind == "applied":
            part.applied.append(str(event.get("migration")))
        if kind == "ready":
            part.ready_at = time.monotonic() - self.began
            message = message if part.applied else "ready, and nothing left to do"
        self.tell("part", message, part=part.name, event=kind, **{k: event[k] for k in ("done", "total") if k in event})

    def _served(self, part: Part, line: Line) -> None:
        if line.stream == "stdout" and part.serving_at is None:
            part.serving_at = time.monotonic() - self.began
            part.url = line.text.removeprefix("listening on ") if line.text.startswith("listening on ") else None
            self.tell("serving", line.text, part=part.name, pid=part.pid)
        else:
            self.tell("output", line.text, part=part.name)

    def _noop(self, url: str) -> float:
        """One more boot, of which nothing is left to do: the price of every restart."""
        began = time.monotonic()
        run = subprocess.run(
            [*pgready(), "boot", "--", "true"],
            cwd=self.folder, env=_environment(url), capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        took = time.monotonic() - began
        if run.returncode:
            raise NotReady("one more boot failed", detail=run.stderr, code="demo_noop")
        self.tell("noop", f"one more boot, with nothing to do: {seconds(took)} for the whole process")
        return took


def pgready() -> list[str]:
    """How a child runs this very pgready: the script beside this Python if it is of the same installation."""
    package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    script = os.path.join(os.path.dirname(sys.executable), "pgready")
    if os.path.dirname(package) == os.path.abspath(sysconfig.get_path("purelib")) and os.access(script, os.X_OK):
        return [script]
    return [sys.executable, "-P", "-m", "pgready"]


def _environment(url: str) -> dict[str, str]:
    """The parts' environment: nothing of this machine's own databases, and only theirs."""
    ours = ("PG", "DATABASE_", "DIRECT_")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    return {**kept, "DATABASE_URL": url, "PGREADY_LOG_FORMAT": "json", "HOST": "127.0.0.1", "PORT": "0"}


def _make_role(server: EmbeddedServer) -> str:
    """An ordinary role that may create databases, as a platform team hands it out; returns its URL."""
    import psycopg
    from psycopg import sql

    password = secrets.token_urlsafe(18)
    with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(sql.Identifier(_ROLE), password))
    return server.url(DATABASE, _ROLE, password=password)


def _event(text: str) -> dict[str, object] | None:
    if not text.startswith("{"):
        return None
    try:
        data = json.loads(text)
    except ValueError:
        return None
    return data if isinstance(data, dict) and "event" in data else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
