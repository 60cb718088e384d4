"""SIGTERM, SIGINT and SIGHUP while pgready works: the statement is cancelled, the truth is left, the next boot ends."""

import os
import signal
import socket
import sys
import time

import psycopg
import pytest

from fix_boot import SOURCE

pytestmark = pytest.mark.matrix

LAUNCHER = os.path.join(SOURCE, "launcher", "pgready")

HISTORY = {
    "1_first": "CREATE TABLE t (v int); INSERT INTO t VALUES (1); CREATE TABLE nap AS SELECT {whole} AS whole, {split} AS split;",
    "2_whole": "UPDATE t SET v = v * 2; SELECT pg_sleep(whole) FROM nap;",
    "3_split": "BEGIN; UPDATE t SET v = v * 3; COMMIT; BEGIN; UPDATE t SET v = v * 5; SELECT pg_sleep(split) FROM nap; COMMIT;",
    "4_index": "CREATE INDEX CONCURRENTLY t_v ON t (v);",
}
SIGNALS = [signal.SIGTERM, signal.SIGINT]
OURS = (
    "SELECT wait_event, query FROM pg_stat_activity WHERE datname = %s AND application_name LIKE 'pgready%%'"
    " AND backend_type = 'client backend'"
)


def until(condition, what, seconds=30):
    """Wait until `condition` is true and return it."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"never came: {what}"
        time.sleep(0.01)
    return found


def history(whole=0, split=0):
    """The scripts, with naps where they are asked for."""
    return {name: script.format(whole=whole, split=split) for name, script in HISTORY.items()}


def ours(database):
    """What our backends do now, asked from outside of the database."""
    with psycopg.connect(database.server.url(tcp=False), autocommit=True) as connection:
        return connection.execute(OURS, (database.name,)).fetchall()


def waits(database, event):
    """Whether one of our backends waits for `event`."""
    return any(found == event for found, _ in ours(database))


def stop(process, number):
    """Send the signal; what pgready said, once it is gone with 128 + n."""
    process.send_signal(number)
    _, story = process.communicate(timeout=30)
    assert process.returncode == 128 + number, story
    assert f"stopped by {number.name}" in story
    assert "Traceback" not in story
    return story


def rows(database):
    """Name, finished, logs of each migration."""
    return database.query("SELECT migration_name, finished_at IS NOT NULL, logs FROM _prisma_migrations ORDER BY 1")


def finish(project, database):
    """Nobody of ours is left, the lock is free, and the next boot ends with each effect once."""
    until(lambda: not ours(database), "the end of our backends")
    with database.connect() as connection:
        assert connection.execute("SELECT pg_try_advisory_xact_lock(72707369)").fetchone() == (True,)
    done = project.run("boot", "--timeout", "20", "--", "true", url=database.url)
    assert done.returncode == 0, done.stderr
    assert database.query("SELECT v FROM t") == [(30,)]
    assert [row[1:] for row in rows(database)] == [(True, None)] * 4
    assert database.query("SELECT indisvalid FROM pg_index WHERE indrelid = 't'::regclass") == [(True,)]


@pytest.fixture
def started():
    """A factory of processes that do not outlive the test."""
    made = []

    def start(project, *arguments, **options):
        made.append(project.start(*arguments, **options))
        return made[-1]

    yield start
    for process in made:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [*SIGNALS, signal.SIGHUP])
def test_in_a_whole_script(database, make_project, started, number):
    """A script that goes whole rolls back whole: no row, no effect."""
    project = make_project(migrations=history(whole=60))
    process = started(project, "boot", "--", "true", url=database.url)
    until(lambda: waits(database, "PgSleep"), "the long statement")
    stop(process, number)
    assert [name for name, *_ in rows(database)] == ["1_first"]
    assert database.query("SELECT v FROM t") == [(1,)]
    database.query("UPDATE nap SET whole = 0")
    finish(project, database)


@pytest.mark.parametrize("number", SIGNALS)
def test_in_a_split_script(database, make_project, started, number):
    """What was committed stays and the row says how far it came."""
    project = make_project(migrations=history(split=60))
    process = started(project, "boot", "--", "true", url=database.url)
    until(lambda: waits(database, "PgSleep"), "the long statement")
    stop(process, number)
    assert database.query("SELECT v FROM t") == [(6,)]
    name, finished, logs = rows(database)[-1]
    assert (name, finished) == ("3_split", False)
    assert logs.startswith("pgready: 2 of 7 steps done")
    status = project.run("migrate", "status", url=database.url)
    assert status.returncode == 1, status.stderr
    assert "3_split" in status.stdout + status.stderr
    database.query("UPDATE nap SET split = 0")
    finish(project, database)


@pytest.mark.parametrize("number", SIGNALS)
def test_in_a_concurrent_index_build(database, make_project, started, number):
    """The build is cancelled on the server; the next boot removes what it left and builds anew."""
    project = make_project(migrations=history())
    with database.connect(autocommit=False) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        reader.execute("SELECT 1")  # an old snapshot, for whose end the build waits
        process = started(project, "boot", "--", "true", url=database.url)
        until(lambda: waits(database, "virtualxid"), "the index build")
        stop(process, number)
        until(lambda: not ours(database), "the end of our backends")
        name, finished, logs = rows(database)[-1]
        assert (name, finished) == ("4_index", False)
        assert "outcome is unknown" in logs
    finish(project, database)


@pytest.mark.parametrize("verb", ["boot", "wait"])
@pytest.mark.parametrize("number", SIGNALS)
def test_while_another_holds_the_lock(database, make_project, started, number, verb):
    """A process that only waits leaves nothing behind."""
    project = make_project(migrations=history())
    with database.connect() as other:
        other.execute("SELECT pg_advisory_lock(72707369)")
        process = started(project, verb, "--", "true", url=database.url)
        line = until(lambda: next((x for x in process.stderr if "waiting for" in x), None), "the word that it waits")
        assert "pid" in line
        stop(process, number)
        assert database.query("SELECT to_regclass('_prisma_migrations')") == [(None,)]
    finish(project, database)


@pytest.mark.parametrize("verb", ["boot", "wait"])
@pytest.mark.parametrize("number", SIGNALS)
def test_while_the_server_is_unreachable(make_project, started, number, verb):
    """Waiting for a server that is not there ends at once."""
    project = make_project(migrations=history())
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound and not listening: refused
        url = f"postgresql://someone@127.0.0.1:{nobody.getsockname()[1]}/app"
        process = started(project, verb, "--", "true", url=url)
        until(lambda: next((x for x in process.stderr if "nothing listens there" in x), None), "the word that it waits")
        stop(process, number)


@pytest.mark.parametrize("launcher", [False, True], ids=["module", "script"])
@pytest.mark.parametrize("number", SIGNALS)
def test_while_the_server_is_silent(make_project, started, number, launcher):
    """A server that accepts and never speaks: the fast path and the full path both end at a signal, without a traceback."""
    project = make_project(migrations=history())
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://someone@127.0.0.1:{silent.getsockname()[1]}/app"
        if launcher:
            project.command = lambda *arguments: ["sh", LAUNCHER, *arguments]
            project.environ["PATH"] = os.path.dirname(sys.executable) + ":" + os.environ["PATH"]
        process = started(project, "boot", "--", "true", url=url)
        client, _ = silent.accept()
        with client:
            process.send_signal(number)
            _, story = process.communicate(timeout=30)
    assert process.returncode in (128 + number, -number), story
    assert "Traceback" not in story


@pytest.mark.parametrize("number", SIGNALS)
def test_a_second_signal_does_not_spoil_the_end(database, make_project, started, number):
    """An impatient supervisor that signals twice gets the same end."""
    project = make_project(migrations=history(whole=60))
    process = started(project, "boot", "--", "true", url=database.url)
    until(lambda: waits(database, "PgSleep"), "the long statement")
    process.send_signal(number)
    process.send_signal(number)
    _, story = process.communicate(timeout=30)
    assert process.returncode == 128 + number, story
    assert "Traceback" not in story
    database.query("UPDATE nap SET whole = 0")
    finish(project, database)
