"""`from pgready import boot, wait, status`: typed results, no prints, no exit, in any thread; and the other ways in."""

import asyncio
import os
import subprocess
import sys
import threading

import pytest

import pgready
from pgready.errors import DecisionNeeded, MigrationFailed, NotReady, UsageInvalid

pytestmark = pytest.mark.matrix

ONE = {"1_one": "CREATE TABLE one (id int);"}


@pytest.fixture
def project(make_project, monkeypatch):
    """A project that is the current folder of this process, without settings of the machine's own."""
    made = make_project(migrations=ONE)
    monkeypatch.chdir(made.path)
    for name in list(os.environ):
        if name.startswith(("PGREADY_", "DATABASE_URL", "DIRECT_URL", "PGHOST", "PGUSER", "PGPASS")):
            monkeypatch.delenv(name)
    return made


def test_boot_wait_and_status_return_values_and_print_nothing(project, database, capfd):
    """What was applied, then nothing; wait is content; status names the state."""
    first = pgready.boot(url=database.url)
    assert (first.applied, first.total) == (["1_one"], 1)
    again = pgready.boot(url=database.url)
    assert (again.applied, again.total) == ([], 1)
    assert pgready.wait(url=database.url).total == 1
    status = pgready.status(url=database.url)
    assert (status.ready, [entry.state.value for entry in status.history.entries]) == (True, ["applied"])
    assert capfd.readouterr() == ("", "")


def test_every_event_reaches_the_teller(project, database, capfd):
    """`tell` gets the story, in order, as values."""
    events = []
    pgready.boot(url=database.url, tell=events.append)
    kinds = [event.kind for event in events]
    assert kinds[0] == "server"
    assert [kind for kind in kinds if kind in ("pending", "applied", "ready")] == ["pending", "applied", "ready"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("script", "flags", "error", "code"),
    [
        ("SELECT nope;", {}, MigrationFailed, 6),
        ("\\connect x", {}, UsageInvalid, 2),
        ("SELECT 1;", {"timeout": "soon"}, UsageInvalid, 2),
        ("SELECT 1;", {"migrations": "nowhere"}, UsageInvalid, 2),
    ],
)
def test_errors_are_raised_and_not_printed(script, flags, error, code, project, database, capfd):
    """A PgreadyError with the exit code that the command line would have; never SystemExit."""
    project.migration("2_two", script)
    with pytest.raises(error) as raised:
        pgready.boot(url=database.url, **flags)
    assert isinstance(raised.value, pgready.PgreadyError)
    assert (raised.value.exit_code, bool(raised.value.what)) == (code, True)
    assert capfd.readouterr() == ("", "")


def test_wait_and_strangers_raise(project, database, capfd):
    """Not ready in time, and a database with tables and no history."""
    with pytest.raises(NotReady):
        pgready.wait(url=database.url, timeout="200ms")
    database.query("CREATE TABLE legacy (id int)")
    with pytest.raises(DecisionNeeded):
        pgready.boot(url=database.url)
    assert capfd.readouterr() == ("", "")


def test_in_a_thread_and_from_async_code(project, make_database):
    """Signals stay the host's, in a thread as in `asyncio.to_thread`."""
    found = []
    thread = threading.Thread(target=lambda: found.append(pgready.boot(url=first.url)))
    first, second = make_database(), make_database()
    thread.start()
    thread.join()
    found.append(asyncio.run(asyncio.to_thread(pgready.boot, url=second.url)))
    assert [outcome.applied for outcome in found] == [["1_one"], ["1_one"]]


def test_an_unknown_name_of_the_package():
    """The package offers what __all__ says, and says so in an AttributeError otherwise."""
    assert {name for name in pgready.__all__ if getattr(pgready, name) is not None} == set(pgready.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nope'"):
        _ = pgready.nope


LAUNCHER = os.path.join(os.path.dirname(sys.executable), "pgready")


@pytest.mark.parametrize("way", ["module", "script"])
def test_both_ways_in(way, make_project, database):
    """`python -m pgready` and the installed script: cold boot, no-op boot, status, usage error alike."""
    if way == "script" and not os.path.exists(LAUNCHER):
        pytest.skip("the script is not installed beside this Python")
    project = make_project(migrations=ONE)
    start = [sys.executable, "-m", "pgready"] if way == "module" else [LAUNCHER]

    def run(*words):
        done = subprocess.run([*start, *words], cwd=project.path, env=project.env(database.url), capture_output=True, text=True, check=False)  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    code, out, err = run("boot", "--", "echo", "a b")
    assert (code, out) == (0, "a b\n"), err
    assert "applied 1_one" in err
    assert run("boot", "--", "echo", "x") == (0, "x\n", "pgready: ready, 1 migration applied, nothing pending\n")
    assert run("migrate", "status")[0] == 0
    code, _, err = run("boots")
    assert (code, "did you mean 'boot'" in err.lower()) == (2, True), err
    assert run("--version") == (0, f"pgready, version {pgready.__version__}\n", "")
