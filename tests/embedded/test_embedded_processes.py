"""What needs processes of its own: killed parents, other users, races, the commands."""

import json
import os
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from fix_server import find_default_bindir
from pgready.cli.embedded import embedded
from pgready.embedded import find_binaries, launch, leftovers
from pgready.errors import NotReady, UsageInvalid

pytestmark = pytest.mark.matrix

HOLD = """
import sys, threading
from pgready.embedded import EmbeddedServer
if sys.argv[1] == "threads":
    threading.Thread(target=threading.Event().wait, daemon=True).start()
server = EmbeddedServer(sys.argv[2] or None)
server.start()
print(server.pid, server.data_dir, flush=True)
sys.stdin.read()
"""

ONCE = """
import os, psycopg
from pgready.embedded import EmbeddedServer
with EmbeddedServer(os.environ["BINDIR"] or None) as server:
    with psycopg.connect(server.url()) as connection:
        print(os.stat(server.data_dir).st_uid, connection.execute("SELECT 'served'").fetchone()[0])
"""


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for a condition, at most half a minute."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, f"still waiting after 30 s: {what}"
        time.sleep(0.005)


@pytest.mark.parametrize("guard", ["kernel", "threads"])
def test_a_killed_parent_leaves_no_server(guard: str) -> None:
    """SIGKILL of the process that started it ends the server, and the next start removes its directory."""
    parent = subprocess.Popen(
        [sys.executable, "-c", HOLD, guard, find_default_bindir() or ""],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    pid, data = parent.stdout.readline().split()
    assert launch.is_running(int(pid))
    parent.kill()
    parent.communicate()
    until(lambda: not launch.is_running(int(pid)), "the server's end")
    assert os.path.isdir(data)
    leftovers.sweep()
    assert not os.path.exists(os.path.dirname(data))


def test_sweeping_leaves_the_living_alone(server: object, database: object) -> None:
    """A directory whose owner lives is not touched."""
    leftovers.sweep()
    assert database.query("SELECT 1") == [(1,)]  # type: ignore[attr-defined]
    assert os.path.isdir(server.data_dir)  # type: ignore[attr-defined]


def test_two_first_starts_at_once_share_one_template(empty_cache: str) -> None:
    """Racing for an empty cache, all succeed, one template is made, and nothing half-made is left."""
    environment = {**os.environ, "BINDIR": find_default_bindir() or ""}
    racers = [
        subprocess.Popen([sys.executable, "-c", ONCE], stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(3)
    ]
    assert all(racer.communicate()[0].endswith("served\n") for racer in racers)
    left = [entry for entry in (Path(empty_cache) / "templates").iterdir() if entry.suffix != ".lock"]
    assert len(left) == 1
    assert (left[0] / "fingerprint").exists()


def _python_for(uid: int) -> str:
    """A Python that this uid can run with our packages, skips the test if there is none."""
    packages = sysconfig.get_paths()["purelib"]
    check = "import psycopg, pgready.embedded"
    for python in (sys.executable, "/usr/bin/python3"):
        run = subprocess.run(
            ["sh", "-c", f'exec "$0" -c "{check}"', python],
            user=uid,
            group=uid,
            extra_groups=[],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": _python_path(packages)},
            capture_output=True,
            check=False,
            cwd="/",
        )
        if run.returncode == 0:
            return python
    pytest.skip(f"no Python here that uid {uid} can run together with our packages")


def _python_path(packages: str) -> str:
    import pgready

    return os.pathsep.join([os.path.dirname(os.path.dirname(os.path.abspath(pgready.__file__))), packages])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become other users")
@pytest.mark.parametrize("uid", [65534, 54321], ids=["with a name", "without an entry in passwd"])
def test_an_unprivileged_user_with_a_read_only_home(uid: int, make_open_dir: Callable[[], str]) -> None:
    """It runs as whoever started it, writes nothing to a home that is read-only, and needs no passwd entry."""
    python = _python_for(uid)
    base = Path(make_open_dir())
    home, tmp = base / "home", base / "tmp"
    home.mkdir(mode=0o555)
    tmp.mkdir()
    os.chown(home, uid, uid)
    os.chown(tmp, uid, uid)
    run = subprocess.run(
        [python, "-c", ONCE],
        user=uid,
        group=uid,
        extra_groups=[],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "TMPDIR": str(tmp),
            "BINDIR": find_default_bindir() or "",
            "PYTHONPATH": _python_path(sysconfig.get_paths()["purelib"]),
        },
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert (run.stdout, run.stderr) == (f"{uid} served\n", "")
    assert list(home.iterdir()) == []
    assert [entry.name for entry in tmp.iterdir()] == [f"pgready-cache-{uid}"]


def test_a_home_that_nobody_can_write_to() -> None:
    """Even for root, who may write everywhere, a read-only home is no obstacle."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "PGREADY_"))}
    run = subprocess.run(
        [sys.executable, "-c", ONCE],
        env={**environment, "HOME": "/proc", "BINDIR": find_default_bindir() or ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout.split()[1:]) == (0, ["served"])


# ── the commands ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def run(seeded_cache: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., tuple[int, str, str]]]:
    """Run `pgready embedded …`: exit code, stdout, stderr. What still runs at the end is stopped."""
    monkeypatch.setenv("PGREADY_EMBEDDED_BIN", find_binaries(find_default_bindir()).bindir)

    def invoke(*words: str) -> tuple[int, str, str]:
        result = CliRunner().invoke(embedded, words)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    yield invoke
    invoke("stop", "--mode", "immediate")


COMMAND = "from pgready.cli.embedded import embedded; embedded()"


def test_a_detached_server_outlives_its_command(run: Callable[..., tuple[int, str, str]]) -> None:
    """Started by a process that ended, it serves; stopped and started again it has the same URL and data."""
    done = subprocess.run([sys.executable, "-c", COMMAND, "start"], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    _, url, _ = run("url")
    with psycopg.connect(url.strip(), autocommit=True) as connection:
        password = connection.info.password
        connection.execute("CREATE TABLE kept AS SELECT 42 AS v")
    assert run("stop")[2] == "stopped\n"
    assert run("start")[0] == 0
    assert run("url")[1] == url
    with psycopg.connect(url.strip()) as connection:
        assert connection.execute("SELECT v FROM kept").fetchone() == (42,)
    shown = done.stderr + "".join("".join(run(*words)[1:]) for words in (["status"], ["status", "--json"], ["start"]))
    assert password not in shown


def test_status_tells_apart_running_and_not(run: Callable[..., tuple[int, str, str]]) -> None:
    """Status says so on stderr, in JSON and by its exit code; url of a stopped server says what to do."""
    assert run("status")[0] == 5
    with pytest.raises(NotReady, match="not running") as caught:
        run("url")
    assert caught.value.then == "pgready embedded start"
    assert json.loads(run("start", "--json")[1])["started"] is True
    assert json.loads(run("start", "--json")[1])["started"] is False
    code, out, _ = run("status", "--json")
    assert (code, json.loads(out)["running"]) == (0, True)
    assert json.loads(run("stop", "--json")[1])["stopped"] is True
    assert json.loads(run("stop", "--json")[1])["stopped"] is False
    assert run("status")[0] == 5


def test_another_port_than_the_running_one_is_refused(run: Callable[..., tuple[int, str, str]]) -> None:
    """Asking a running server for another port is an error, not a second server."""
    port = json.loads(run("start", "--json")[1])["port"]
    with pytest.raises(UsageInvalid, match="another data directory or port"):
        run("start", "--port", str(port - 1))


def test_a_url_names_the_database_asked_for(run: Callable[..., tuple[int, str, str]]) -> None:
    """The database's name is quoted in the URL."""
    run("start")
    assert run("url", "my db/1")[1].endswith("/my%20db%2F1\n")


def test_a_foreground_server_ends_with_its_command(run: Callable[..., tuple[int, str, str]]) -> None:
    """SIGTERM to the command stops the server and exits 0."""
    command = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "start", "--foreground"], stderr=subprocess.PIPE, text=True
    )
    assert command.stderr is not None
    assert "started" in command.stderr.readline()
    assert "Ctrl-C" in command.stderr.readline()
    assert run("status")[0] == 0
    command.send_signal(signal.SIGTERM)
    assert command.communicate()[1] == "stopped\n"
    assert command.returncode == 0
    assert run("status")[0] == 5


def test_a_client_for_every_version_is_found() -> None:
    """tools/servers.py names a directory whose pg_dump can read servers up to 18."""
    tool = Path(__file__).resolve().parents[2] / "tools" / "servers.py"
    run = subprocess.run([sys.executable, str(tool), "--client"], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    version = subprocess.run([f"{run.stdout.strip()}/pg_dump", "--version"], capture_output=True, text=True, check=True)
    assert int(version.stdout.split()[2].split(".")[0]) >= 18
