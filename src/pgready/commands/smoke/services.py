"""Step 7: each service of the settings is started behind `boot` or `wait`, and answers at its health URL."""

from __future__ import annotations

import os
import re
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field

from pgready.commands.smoke.context import Failed, Run, Shown, Skipped, event_of, words_of
from pgready.embedded.launch import watchdog
from pgready.parity.compare import differences
from pgready.parity.model import named
from pgready.process.children import Children, Line
from pgready.project.smoke_settings import Service
from pgready.report.story import plural, seconds

_WORD = "services"
_ALIVE = 1.0
"""A service that neither answers nor says anything has to stay alive for so long (seconds)."""
_ASK = 2.0
_LINES = 200
"""So many lines are heard before others are asked again, and are kept: one that talks without end is not alone."""
_PAUSE = 0.05
_STARTED = "pgready smoke: the command begins"
_BEGIN = ("/bin/sh", "-c", f'echo "{_STARTED}" >&2; exec "$0" "$@"')
"""Says when pgready has become the command: a database that is ready already is told by nobody else."""
_SETTINGS = """\
[[tool.pgready.smoke.services]]
name = "api"
command = "python -m app"
health = "/health" """


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # this machine's proxy is not asked


@dataclass
class _Running:
    """One service: since when it runs behind pgready (`ready`), and since when it is seen to serve."""

    service: Service
    port: int
    began: float
    ready: float | None = None
    serving: float | None = None
    said: list[str] = field(default_factory=list)
    last: str = "it was never asked, since pgready was not done"

    def filled(self, text: str) -> str:
        return text.replace("{port}", str(self.port))

    @property
    def health(self) -> str:
        return self.filled(self.service.health)


def services(run: Run) -> Shown:
    """Start all, wait for each; raises Failed, and Skipped without a service."""
    if not run.wanted.services:
        raise Skipped(f"the settings name no service: {' '.join(_SETTINGS.split())}")
    _prepare(run)
    with Children(watchdog) as children:
        running = {one.name: _start(run, children, one) for one in run.wanted.services}
        _until_all_serve(run, children, running)
        lines = [
            f"{name}: {one.service.verb}, serving after {seconds((one.serving or one.began) - one.began)}"
            f"{f' at {one.health}' if one.service.health else ''}"
            for name, one in running.items()
        ]
    lines += _changed(run)
    took = max((one.serving or one.began) - one.began for one in running.values())
    data = {
        name: {"verb": one.service.verb, "seconds": round((one.serving or 0) - one.began, 3)}
        for name, one in running.items()
    }
    return Shown(f"{plural(len(running), 'service')} at work after {seconds(took)}", tuple(lines), {"services": data})


def _prepare(run: Run) -> None:
    """From nothing where a service of the project's folder boots; else on a copy, since nobody would migrate it."""
    if any(one.verb == "boot" and one.folder == os.path.normpath(run.cwd) for one in run.wanted.services):
        if run.settings(_WORD).create_database:
            run.ground.reserve(_WORD)
        else:
            run.ground.create(_WORD)
    else:
        run.ground.create(_WORD, template=run.fresh)


def _start(run: Run, children: Children, service: Service) -> _Running:
    one = _Running(service, service.port or _free_port(), time.monotonic())
    home = service.folder == os.path.normpath(run.cwd)
    begin = run.boot_command(service.verb) if home else run.boot_command(service.verb, flags=False)
    command = [*begin, "--timeout", f"{service.timeout:.0f}s", "--", *_BEGIN, *map(one.filled, service.command)]
    env = {**run.child_environ(_WORD, tcp=True), **_environ(one)}
    children.start(service.name, command, cwd=service.folder, env=env)
    run.doing(f"{service.name}: {' '.join(service.command)}")
    return one


def _environ(one: _Running) -> Mapping[str, str]:
    own = {name: one.filled(value) for name, value in one.service.env.items()}
    # The Python that this pgready runs in is the project's, as in an activated environment.
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath)])
    return {"PATH": path, "HOST": "127.0.0.1", "PORT": str(one.port), **own}


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _until_all_serve(run: Run, children: Children, running: Mapping[str, _Running]) -> None:
    ended: set[str] = set()
    while any(one.serving is None for one in running.values()):
        line = children.next_line(_PAUSE)
        for _ in range(_LINES):
            if line is None:
                break
            _hear(running[line.child], line, ended)
            line = children.next_line(0.001)
        else:
            if line is not None:
                _hear(running[line.child], line, ended)
        for name, one in running.items():
            if name in ended:
                code = children.exit_code(name)
                when = "before it served" if one.serving is None else "while others were still starting"
                behind = "" if one.ready is not None else f", and never got past pgready {one.service.verb}"
                raise Failed(f"{name} ended with exit code {code} {when}{behind}", words_of(one.said))
            if one.serving is None and _serves(one):
                one.serving = time.monotonic()
                run.doing(f"{name} serves")
            if one.serving is None and time.monotonic() - one.began > one.service.timeout:
                what = f"{one.health}: {one.last}" if one.service.health else f"it never said {one.service.says}"
                raise Failed(f"{name} was not at work after {seconds(one.service.timeout)}: {what}", words_of(one.said))


def _hear(one: _Running, line: Line, ended: set[str]) -> None:
    if line.stream == "end":
        ended.add(line.child)
        return
    if line.text == _STARTED:
        one.ready = time.monotonic()
        return
    one.said.append(line.text)
    del one.said[:-_LINES]
    event = event_of(line.text) if line.stream == "stderr" else None
    if event is None and one.service.says and re.search(one.service.says, line.text):
        one.serving = one.serving or time.monotonic()


def _serves(one: _Running) -> bool:
    """Whether it answers; one with nothing to ask must have stayed alive for a moment."""
    if one.ready is None:
        return False
    if one.service.health:
        return _answers(one)
    return not one.service.says and time.monotonic() - one.ready > _ALIVE


def _answers(one: _Running) -> bool:
    try:
        with _OPENER.open(one.health, timeout=_ASK) as answer:
            one.last = f"HTTP {answer.status}"
            return bool(200 <= answer.status < 300)
    except urllib.error.HTTPError as e:
        one.last = f"HTTP {e.code}"
    except (OSError, ValueError) as e:
        reason = getattr(e, "reason", e)
        one.last = str(getattr(reason, "strerror", None) or reason)
    return False


def _changed(run: Run) -> list[str]:
    """What stands in the database beside the migrations' work; raises Failed where that was changed."""
    found = differences(run.catalog, run.read(_WORD))
    broken = [f"changed: {named(one.address)} {one.how}" for one in found if one.how != "unexpected"]
    if broken:
        raise Failed("the services changed what the migrations made", broken[:10])
    beside = [named(one.address) for one in found]
    more = f" and {len(beside) - 3} more" if len(beside) > 3 else ""
    return [f"made beside this project's migrations: {', '.join(beside[:3])}{more}"] if beside else []
