"""`pgready demo` as a user runs it, from the installed command line to the last process gone."""

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pgready.commands.demo.small import demo
from pgready.commands.demo.stage import example_folder
from pgready.errors import NotReady
from pgready.report.story import Event, silent

SOURCE = str(Path(__file__).parents[2] / "src")
BINDIR = os.environ.get("PGREADY_TEST_PG")
COMMAND = [sys.executable, "-m", "pgready", "demo", "--small", *(["--bindir", BINDIR] if BINDIR else [])]
# A machine's own settings must not reach the parts: these would break every one of them.
HOSTILE = {
    "PYTHONPATH": SOURCE,
    "DATABASE_URL": "postgresql://nobody:wr0ngpass@127.0.0.1:1/nowhere",
    "PGREADY_MIGRATIONS": "/nowhere",
    "PGUSER": "nobody",
    "HTTP_PROXY": "http://127.0.0.1:1",
    "http_proxy": "http://127.0.0.1:1",
}

pytestmark = pytest.mark.matrix


def environment() -> dict[str, str]:
    """This process's environment with the hostile settings."""
    return {**os.environ, **HOSTILE}


def start(tmp_path: Path, *flags: str) -> "subprocess.Popen[str]":
    """The demo as a process with its story on a pipe; a `with` block closes it."""
    return subprocess.Popen(
        [*COMMAND, *flags],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def story(process: "subprocess.Popen[str]") -> Iterator[str]:
    """The lines of its story, as they come."""
    assert process.stderr
    for line in process.stderr:
        yield line.rstrip("\n")


def family(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    """The demo's processes of this moment: parts, server, guards."""
    return psutil.Process(process.pid).children(recursive=True)


def all_gone(processes: list[psutil.Process]) -> bool:
    """Whether all of them end within a generous bound."""
    _, alive = psutil.wait_procs(processes, timeout=60)
    return not [p for p in alive if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


def test_demo_from_nothing(tmp_path):
    """One replica migrates, all three serve the same page, and the report says so as data; nothing is written."""
    done = subprocess.run(
        [*COMMAND, "--json"], cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["ok"]
    assert [c["name"] for c in report["checks"] if not c["ok"]] == []
    parts = {p["name"]: p for p in report["parts"]}
    assert list(parts) == ["worker", "trading-svc", "invoices-1", "invoices-2", "invoices-3"]
    applied = sorted(len(parts[f"invoices-{n}"]["applied"]) for n in (1, 2, 3))
    assert applied == [0, 0, len(os.listdir(Path(example_folder("fourschemas")) / "prisma/migrations")) - 1]
    assert parts["trading-svc"]["applied"] == ["0001_quotes", "0002_latest_quote", "0003_opening_quotes"]
    assert parts["worker"]["applied"] == []
    assert all(0 < p["serving_at"] <= report["seconds"] for p in parts.values())
    assert "all 5 parts are at work" in done.stderr
    assert "postgresql://" not in done.stdout + done.stderr
    assert os.listdir(tmp_path) == []


def test_demo_on_a_terminal(tmp_path):
    """On a terminal the table lives, ends with every part serving, and the checks follow it."""
    ours, theirs = pty.openpty()
    environ = {**environment(), "TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40"}
    environ.pop("NO_COLOR", None)
    process = subprocess.Popen([*COMMAND, "--replicas", "2"], cwd=tmp_path, env=environ, stdout=theirs, stderr=theirs)
    os.close(theirs)
    seen = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # the other end was closed: that is how a pseudo-terminal ends
            break
        if not chunk:
            break
        seen += chunk
    os.close(ours)
    assert process.wait(60) == 0
    text = seen.decode()
    table, _, rest = text.partition("all 4 parts are at work")
    last = table[table.rindex("worker") :]
    assert last.count("serving") == 4
    assert last.count("applied 11") == 1
    assert rest.count("✓") == 7
    assert "✗" not in rest


def test_ctrl_c_while_it_serves_stops_everything(tmp_path):
    """With --keep the parts serve until Ctrl-C, which ends all of them and is no failure."""
    started = []
    with start(tmp_path, "--keep", "--replicas", "1") as process:
        for line in story(process):
            if "still serving" in line:
                started = family(process)
                process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert len(started) >= 4  # worker, two services, server
    assert all_gone(started)


def test_ctrl_c_in_the_middle_stops_everything(tmp_path):
    """A Ctrl-C while the replicas race ends every process, and the exit code says which signal it was."""
    started, told = [], []
    with start(tmp_path) as process:
        for line in story(process):
            told.append(line)
            if "to apply" in line and not started:
                started = family(process)
                process.send_signal(signal.SIGINT)
        assert process.wait(60) == 128 + signal.SIGINT
    assert told[-1] == "pgready: stopped by SIGINT"
    assert len(started) >= 6
    assert all_gone(started)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the shells that guard the parts are slower to notice")
def test_a_killed_demo_leaves_nothing_behind(tmp_path):
    """Not even SIGKILL of the demo leaves a service or a server running."""
    started = []
    with start(tmp_path, "--keep", "--replicas", "1") as process:
        for line in story(process):
            if "still serving" in line:
                started = family(process)
                process.kill()
                break
        assert process.wait(60) == -signal.SIGKILL
    assert all_gone(started)


def test_a_part_that_ends_is_told(tmp_path):
    """A migration that fails ends the demo with the part's name, its exit code and its own words."""
    folder = tmp_path / "fourschemas"
    shutil.copytree(example_folder("fourschemas"), folder)
    broken = folder / "trading-svc/migrations/0003_opening_quotes.sql"
    broken.write_text("INSERT INTO trading_svc.quotes VALUES (1);\n")
    with pytest.raises(NotReady) as caught:
        demo(silent, replicas=1, bindir=BINDIR, folder=str(folder))
    assert caught.value.what == "trading-svc ended with exit code 6 before it was at work"
    assert 'relation "trading_svc.quotes" does not exist' in caught.value.detail


def test_a_service_that_crashes_is_told(tmp_path):
    """A service that dies at its start ends the demo too: a boot that succeeded is not a service that serves."""
    folder = tmp_path / "fourschemas"
    shutil.copytree(example_folder("fourschemas"), folder)
    (folder / "services/worker.py").write_text("raise SystemExit('no licence')\n")
    with pytest.raises(NotReady) as caught:
        demo(silent, replicas=1, bindir=BINDIR, folder=str(folder))
    assert caught.value.what == "worker ended with exit code 1 before it was at work"
    assert caught.value.detail.endswith("no licence")


def test_events_carry_times_and_parts():
    """Every event of a part names it, and times never run backwards."""
    events: list[Event] = []
    report = demo(events.append, replicas=1, bindir=BINDIR)
    assert report.ok
    times = [e.fields["at"] for e in events]
    assert times == sorted(times)  # type: ignore[type-var]
    assert {e.fields["part"] for e in events if e.kind in ("started", "part", "serving")} == {
        "worker",
        "trading-svc",
        "invoices-1",
    }
