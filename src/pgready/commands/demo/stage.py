"""The processes of a demo: started, listened to until each is at work, watched until the end.

Nothing is staged: every part is a process of its own that runs `pgready boot -- …` or `pgready wait -- …` as it would
in a container, and what is told comes from its own story.
"""

from __future__ import annotations

import json
import os
import re
import sys
import sysconfig
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pgready.errors import NotReady, UsageInvalid
from pgready.process.children import Children, Line
from pgready.report.story import Event, Teller

# Nothing said by any part for so long (seconds): the demo is stuck. A slow machine is not.
_SILENCE = 60.0
# What a waiter knows of the one that works, beside who it is and how far: of interest where it is stuck.
_BESIDE = re.compile(r", (?:role|from|for|what it does) .*$")
_LOGGER = re.compile(r"^[A-Z]+ [\w.-]+: ")
_OURS = ("PG", "DATABASE_", "DIRECT_", "PRISMA_")


@dataclass
class Part:
    """One process of a platform: what it runs, and what became of it (times in seconds since the demo began)."""

    name: str
    kind: str
    verb: str
    folder: str
    program: str
    shown: str = ""
    look: str = "/docs"
    pid: int = 0
    applied: list[str] = field(default_factory=list)
    ready_at: float | None = None
    serving_at: float | None = None
    url: str | None = None
    said: list[str] = field(default_factory=list)

    @property
    def command(self) -> str:
        """As a person would type it."""
        return self.shown or f"pgready {self.verb} -- python {self.program}"

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "name": self.name,
            "kind": self.kind,
            "command": self.command,
            "pid": self.pid,
            "applied": self.applied,
            "ready_at": rounded(self.ready_at),
            "serving_at": rounded(self.serving_at),
            "url": self.url,
        }


class Stage:
    """The parts of one run; every time is relative to `began`.

    `database` is the name that all parts wait for; `served` says how a line of a part's own shows that it is at work:
    None if it does not, else its URL ("" for one without); `loud` tells which other lines are shown.
    """

    def __init__(
        self,
        tell: Teller,
        parts: Sequence[Part],
        database: str,
        served: Callable[[Line], str | None],
        loud: Callable[[Line], bool],
    ) -> None:
        self._tell = tell
        self._database = database
        self._served = served
        self._loud = loud
        self.parts = {p.name: p for p in parts}
        self._last: dict[str, str] = {}
        self.began = time.monotonic()

    @property
    def now(self) -> float:
        """Seconds since the demo began."""
        return time.monotonic() - self.began

    def tell(self, kind: str, text: str, **fields: object) -> None:
        """An event of the demo's, with its time."""
        self._tell(Event(kind, text, {"at": round(self.now, 3), **fields}))

    def start(
        self, children: Children, part: Part, argv: Sequence[str], folder: str, environ: Mapping[str, str]
    ) -> None:
        """Start a part's process."""
        part.pid = children.start(part.name, argv, cwd=folder, env=environ)
        self.tell("started", part.command, part=part.name, pid=part.pid)

    def until_all_serve(self, children: Children) -> None:
        """Listen until each part is at work; raises NotReady if one ends or nothing moves for a minute."""
        while any(p.serving_at is None for p in self.parts.values()):
            line = children.next_line(_SILENCE)
            if line is None:
                waiting = ", ".join(p.name for p in self.parts.values() if p.serving_at is None)
                raise NotReady(
                    f"nothing moved for {_SILENCE:.0f} s; not at work yet: {waiting}",
                    code="demo_stuck",
                    detail="\n".join(f"{p.name}: {p.said[-1]}" for p in self.parts.values() if p.said),
                )
            self._take(children, line)

    def listen(self, children: Children) -> None:
        """Take what was said meanwhile; raises NotReady if a part has ended."""
        while (line := children.next_line(0.001)) is not None:
            self._take(children, line)

    def _take(self, children: Children, line: Line) -> None:
        part = self.parts[line.child]
        if line.stream == "end":
            raise NotReady(
                f"{part.name} ended with exit code {children.exit_code(part.name)}"
                + (" before it was at work" if part.serving_at is None else ""),
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
            self._heard(part, line)
            return
        kind = str(event["event"])
        message = part.said[-1]
        if kind == "waiting":  # every part waits for the same server
            message = "waiting: " + _BESIDE.sub("", message.partition(f"/{self._database}: ")[2].rpartition(" (")[0])
            if message == self._last.get(part.name):
                return
            self._last[part.name] = message
        if kind == "applied":
            part.applied.append(str(event.get("migration")))
        if kind == "ready":
            part.ready_at = self.now
            message = message if part.applied else "ready, and nothing left to do"
        self.tell("part", message, part=part.name, event=kind, **{k: event[k] for k in ("done", "total") if k in event})

    def _heard(self, part: Part, line: Line) -> None:
        url = self._served(line) if part.serving_at is None else None
        if url is not None:
            part.serving_at = self.now
            part.url = url or None
            self.tell(
                "serving", f"listening on {url}" if url else _LOGGER.sub("", line.text), part=part.name, pid=part.pid
            )
        elif self._loud(line):
            self.tell("output", line.text, part=part.name)


def pgready() -> list[str]:
    """How a child runs this very pgready: the script beside this Python if it is of the same installation."""
    script = os.path.join(os.path.dirname(sys.executable), "pgready")
    if os.path.dirname(_package()) == os.path.abspath(sysconfig.get_path("purelib")) and os.access(script, os.X_OK):
        return [script]
    return [sys.executable, "-P", "-m", "pgready"]


def environment(**more: str) -> dict[str, str]:
    """The parts' environment: nothing of this machine's own databases, and `more`."""
    return {**{k: v for k, v in os.environ.items() if not k.startswith(_OURS)}, **more}


def example_folder(name: str) -> str:
    """An example of this source checkout, or as it came with the wheel; raises UsageInvalid."""
    checkout = os.path.join(os.path.dirname(os.path.dirname(_package())), "examples", name)
    if os.path.isfile(os.path.join(checkout, "pgready.toml")):
        return checkout
    from importlib import metadata

    try:
        files = metadata.files("pgready") or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.parts[-3:] == ("examples", name, "pgready.toml"):
            return os.path.dirname(os.path.abspath(str(file.locate())))
    raise UsageInvalid("this installation has no examples", where=_package(), then="pip install 'pgready[embedded]'")


def rounded(value: float | None) -> float | None:
    """To milliseconds."""
    return None if value is None else round(value, 3)


def _package() -> str:
    return os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def _event(text: str) -> dict[str, object] | None:
    if not text.startswith("{"):
        return None
    try:
        data = json.loads(text)
    except ValueError:
        return None
    return data if isinstance(data, dict) and "event" in data else None
