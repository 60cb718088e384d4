"""One crash: run pgready, do harm at one point, boot again as a user would, and hold the result against the truth."""

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from crash_history import fingerprint
from crash_proxy import Proxy

from fix_boot import Project
from fix_server import Database
from pgready.embedded import EmbeddedServer

FAULTS = ("kill", "terminate worker", "terminate lock", "stop", "reset", "swallow", "deaf")
_NETWORK = ("reset", "swallow", "deaf")
_PROMPT = 30.0  # seconds; what takes longer hangs

Point = tuple[str, str, int]

proved: list[str] = []
"""The databases that ended like an undisturbed run, for the figures at the end."""

OURS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = %(db)s AND backend_type = 'client backend'"
    " AND application_name LIKE 'pgready%%'"
)
_LOCK = (
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 72707369 AND objsubid = 1 AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = %(db)s)"
)


def until(condition: Callable[[], Any], what: str, seconds: float = _PROMPT) -> Any:
    """Wait for `condition` to be true and return it; fails after `seconds`."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"never came: {what}"
        time.sleep(0.01)
    return found


@dataclass
class Done:
    """What one harmed run did: `reached` its point, ended with `code` (negative: by a signal), said `story`."""

    reached: bool
    code: int
    story: str


@dataclass
class Tally:
    """Counts for the figures at the end."""

    hit: dict[str, int] = field(default_factory=dict)
    steps: set[tuple[str, str]] = field(default_factory=set)
    decisions: int = 0

    def add(self, fault: str, point: Point) -> None:
        self.hit[fault] = self.hit.get(fault, 0) + 1
        self.steps.add(point[:2])

    def __str__(self) -> str:
        by_fault = ", ".join(f"{fault} {count}" for fault, count in sorted(self.hit.items()))
        return (
            f"{sum(self.hit.values())} crashes at {len(self.steps)} places ({by_fault}): nothing lost, nothing doubled;"
            f" {self.decisions} of them asked for a decision about a statement of unknowable outcome"
        )


class Driver:
    """The process that forks a pgready for each case."""

    def __init__(self, folder: Path, source: str | None = None) -> None:
        self.folder = folder
        path = os.environ.get("PYTHONPATH", "")
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("crash_driver.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            env={**os.environ, "PYTHONPATH": source or path},
            start_new_session=True,
        )

    def close(self) -> None:
        """End it, and what it started."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()

    @contextmanager
    def started(self, case: dict[str, Any]) -> Iterator[Callable[[], Done]]:
        """Run one case in the background; what is yielded waits for its end."""
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(self.run, case, lambda: None, lambda: None)
            yield future.result

    def run(self, case: dict[str, Any], harm: Callable[[], None], meanwhile: Callable[[], None]) -> Done:
        """Run one case; `harm` is called at its point while pgready stands still, `meanwhile` now and then."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        files = {name: str(self.folder / name) for name in ("stdout", "stderr")}
        with tempfile.TemporaryDirectory(prefix="pgr-") as short, socket.socket(socket.AF_UNIX) as listener:
            listener.bind(f"{short}/line")
            listener.listen()
            self.process.stdin.write(json.dumps({**case, **files, "line": f"{short}/line"}) + "\n")
            pid = int(self.process.stdout.readline().split()[1])
            reached, code, end = case.get("fault") == "kill", None, time.monotonic() + 2 * _PROMPT
            with selectors.DefaultSelector() as selector:
                selector.register(listener, selectors.EVENT_READ)
                selector.register(self.process.stdout, selectors.EVENT_READ)
                while code is None:
                    for key, _ in selector.select(0.05):
                        if key.fileobj is listener:
                            line, _ = listener.accept()
                            with line:
                                reached = True
                                harm()
                                line.sendall(b"!")
                        else:
                            code = int(self.process.stdout.readline().split()[1])
                    meanwhile()
                    if time.monotonic() > end:
                        os.kill(pid, signal.SIGKILL)
                        self.process.stdout.readline()
                        story = Path(files["stderr"]).read_text(encoding="utf-8")
                        raise AssertionError(f"pgready hangs at {case.get('point')}: {case.get('fault')}\n{story}")
        if case.get("fault") == "kill":
            reached = code == -signal.SIGKILL
        return Done(reached, code, Path(files["stderr"]).read_text(encoding="utf-8"))


class Crash:
    """Everything that one crash needs: a server of its own, a proxy before it, a project, and the undisturbed truth."""

    def __init__(self, server: EmbeddedServer, driver: Driver, project: Project, truth: Any = None) -> None:
        self.server = server
        self.driver = driver
        self.project = project
        self.proxy = Proxy(server.host, server.port)
        self.truth = truth
        self.tally = Tally()

    def url(self, database: Database, *, proxied: bool = False) -> str:
        """The URL that pgready gets."""
        return database.url.replace(f":{self.server.port}/", f":{self.proxy.port}/") if proxied else database.url

    def admin(self, sql: str, database: Database) -> list[tuple[Any, ...]]:
        """Rows of a question asked from outside of the database."""
        with psycopg.connect(self.server.url(tcp=False), autocommit=True) as connection:
            cursor = connection.execute(sql.encode(), {"db": database.name})
            return cursor.fetchall() if cursor.description else []

    def terminate(self, which: str, database: Database) -> None:
        """pg_terminate_backend of the lock's session or of every other; of all where there is no such session."""
        lock = {pid for (pid,) in self.admin(_LOCK, database)}
        ours = {pid for (pid,) in self.admin(OURS, database)}
        chosen = (lock & ours if which == "lock" else ours - lock) or ours
        for pid in chosen:
            self.admin(f"SELECT pg_terminate_backend({pid})", database)
        until(lambda: not chosen & {pid for (pid,) in self.admin(OURS, database)}, "the end of a terminated backend")

    def harm(self, fault: str, database: Database) -> None:
        """Do it now."""
        if fault.startswith("terminate"):
            self.terminate(fault.split()[1], database)
        elif fault == "stop":
            self.server.restart("immediate")
        else:
            self.proxy.cut(fault)

    def _heal(self, database: Database) -> None:
        """A network that swallowed something ends what it held, once the server has done all that reached it."""
        if self.proxy.dropped.is_set() and not self.admin(OURS + " AND state = 'active'", database):
            self.proxy.cut("reset")

    def record(self, database: Database) -> list[Point]:
        """An undisturbed run: its points, and the truth that every other run is held against."""
        file = self.driver.folder / "points"
        file.unlink(missing_ok=True)
        case = self.case(database, self.url(database)) | {"record": str(file)}
        done = self.driver.run(case, lambda: None, lambda: None)
        assert done.code == 0, done.story
        with database.connect() as connection:
            self.truth = fingerprint(connection)
        lines = file.read_text(encoding="utf-8").splitlines()
        return [(step, when, count) for step, when, count in map(json.loads, lines)]

    def case(self, database: Database, url: str) -> dict[str, Any]:
        """What the driver is told to run."""
        return {
            "argv": ["boot", "--timeout", "25", "--", "true"],
            "cwd": str(self.project.path),
            "env": self.project.env(url),
        }

    def strike(self, database: Database, fault: str, point: Point) -> Done:
        """Run pgready and do harm at `point`."""
        proxied = fault in _NETWORK
        case = self.case(database, self.url(database, proxied=proxied)) | {"fault": fault, "point": list(point)}
        meanwhile = (lambda: self._heal(database)) if fault in ("swallow", "deaf") else (lambda: None)
        try:
            done = self.driver.run(case, lambda: self.harm(fault, database), meanwhile)
        finally:
            self.proxy.cut("reset")
        assert done.code in (0, 9) or fault == "kill", f"{fault} at {point}: exit {done.code}\n{done.story}"
        if done.reached:
            self.tally.add(fault, point)
        return done

    def recover(self, database: Database, story: str = "") -> None:
        """Boot as a user does until pgready is content, deciding what it asks a human to decide; then the proof."""
        decided = False
        for _ in range(3):
            done = self.project.run("boot", "--timeout", "25", "--", "echo", "served", url=database.url)
            story += f"\n--- boot: exit {done.returncode}\n{done.stderr}"
            if done.returncode != 9:
                break
            assert "nobody knows whether it ran to its end" in done.stderr, story
            assert not decided, story
            decided = True
            story += self.decide(database)
        assert (done.returncode, done.stdout) == (0, "served\n"), story
        self.tally.decisions += decided
        until(lambda: not self.admin(OURS + " AND state = 'active'", database), "the end of what an orphan runs")
        self.proxy.cut("reset")
        until(lambda: not self.admin(OURS, database), "the end of every backend of ours")
        assert self.admin(_LOCK, database) == [], story
        with database.connect() as connection:
            found = fingerprint(connection)
        if decided:  # a migration that a human declared applied is recorded as Prisma records it
            found["history"] = [
                (name, True, True, 1, None) if name == "09_do" and finished and live else (name, finished, live, *rest)
                for name, finished, live, *rest in found["history"]
                if not (name == "09_do" and not live)
            ]
        for part, rows in self.truth.items():
            assert found[part] == rows, f"{part}\n{story}"
        proved.append(database.name)

    def decide(self, database: Database) -> str:
        """Be the human: look at what the DO block left, undo a half, and tell pgready."""
        pieces = [piece for (piece,) in database.query("SELECT piece FROM ran WHERE piece LIKE 'do %' ORDER BY 1")]
        if pieces == ["do a"]:
            database.query("DELETE FROM ran WHERE piece = 'do a'; UPDATE account SET v = v / 2")
        else:
            assert pieces in ([], ["do a", "do b"])
        what = "--applied" if len(pieces) == 2 else "--retry"
        done = self.project.run("migrate", "resolve", what, "09_do", url=database.url)
        assert done.returncode == 0, done.stderr
        return f"\n--- resolve {what}\n{done.stderr}"


@contextmanager
def killed(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """A process that does not outlive the block."""
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
