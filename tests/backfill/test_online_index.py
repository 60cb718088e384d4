"""Indexes built while others work: whom the build waits for, what is left of one that failed, and who never blocks it."""

import json
import threading
import time
from contextlib import closing

import psycopg
import pytest

from pgready.postgres.connect import open_session
from pgready.postgres.deploy.lock import Lock
from pgready.postgres.deploy.watch import Watch
from pgready.project.url import parse
from pgready.report.story import silent

pytestmark = pytest.mark.matrix

TABLE = (
    "CREATE TABLE t (id int PRIMARY KEY, v int NOT NULL);"
    " INSERT INTO t SELECT i, i % 100 FROM generate_series(1, 300) i;"
    " CREATE FUNCTION slow(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
    " $$ BEGIN PERFORM pg_sleep(0.01); RETURN $1; END $$;"
)
BUILD = "CREATE INDEX CONCURRENTLY t_v ON t (v);"
SLOW = "CREATE INDEX CONCURRENTLY t_v ON t (slow(v));"
AT_IT = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONCURRENTLY%%' AND state = 'active'"


def until(what, condition):
    """Poll until the condition holds; fail after a minute."""
    deadline = time.monotonic() + 60
    while not (found := condition()):
        assert time.monotonic() < deadline, f"waited 60 s in vain: {what}"
        time.sleep(0.02)
    return found


def event(process, kind):
    """Read the JSON story up to the first event of this kind."""
    for line in process.stderr:
        found = json.loads(line)
        if found["event"] == kind:
            return found
    raise AssertionError(f"the process ended without the event {kind}")


def valid(database):
    """The indexes of t beside its key, and whether each is valid."""
    return database.query(
        "SELECT indexrelid::regclass::text, indisvalid FROM pg_index WHERE indrelid = 't'::regclass AND NOT indisprimary"
    )


@pytest.fixture
def project(database, make_project):
    """A project whose table is deployed."""
    made = make_project(migrations={"1_table": TABLE})
    done = made.run("migrate", "deploy", url=database.url)
    assert done.returncode == 0, done.stderr
    return made


@pytest.mark.parametrize("kind", ["snapshot", "writer"])
def test_it_waits_without_a_timeout_and_says_for_whom(database, project, kind):
    """An old snapshot and an open writer outlast every lock_timeout that is set; who they are is told."""
    database.query(f"ALTER DATABASE \"{database.name}\" SET lock_timeout = '200ms'")
    project.migration("2_index", BUILD)
    level = psycopg.IsolationLevel.REPEATABLE_READ if kind == "snapshot" else psycopg.IsolationLevel.READ_COMMITTED
    with database.connect(autocommit=False, application_name="long report") as other:
        other.isolation_level = level
        other.execute("SELECT 1" if kind == "snapshot" else "UPDATE t SET v = v WHERE id = 1")
        process = project.start(
            "migrate", "deploy", "--lock-timeout", "200ms", "--log-format", "json", url=database.url
        )
        told = event(process, "blocked")
        assert "long report" in told["message"]
        assert str(other.info.backend_pid) in told["message"]
        time.sleep(0.5)  # more than two lock timeouts
        assert process.poll() is None
        assert database.query(AT_IT) == [(1,)]
    _, story = process.communicate(timeout=60)
    assert process.returncode == 0, story
    assert valid(database) == [("t_v", True)]


def test_whoever_looks_does_not_hold_it_up(database):
    """A look that is under way when the build gathers old snapshots: the lock's transaction is none of them."""
    target = parse(database.url)
    database.query("CREATE TABLE t (id int PRIMARY KEY, v int NOT NULL)")
    with closing(open_session(target, "lock")) as session, closing(open_session(target, "worker")) as worker:
        lock = Lock(session)
        assert lock.try_take()
        Watch(lock, silent).alone(worker.backend_pid, lambda: open_session(target, "look"))
        look = threading.Thread(target=lock.ask, args=("look", "SELECT pg_sleep(2)"))
        look.start()
        until("the look is under way", lambda: database.query(
            "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(2)%' AND state = 'active'"
            " AND pid <> pg_backend_pid()"
        ))  # fmt: skip
        worker.run("limit", "SET statement_timeout = '30s'")
        worker.run("build", BUILD, long=True)
        assert lock.held
        look.join()
        assert valid(database) == [("t_v", True)]
        lock.release()


def test_telling_progress_takes_no_snapshot(database):
    """A transaction that keeps its first snapshot has none after it; the name is there all the same."""
    with closing(open_session(parse(database.url), "lock")) as session:
        lock = Lock(session)
        session.run("begin", "BEGIN ISOLATION LEVEL REPEATABLE READ")
        lock.held = True
        lock.progress(1, 2, "it's\\ tail")
        seen = "SELECT application_name, backend_xmin, state FROM pg_stat_activity WHERE pid = %s"
        until("it is told", lambda: database.query(seen, [session.backend_pid])[0][0].startswith("pgready 1/2"))
        assert database.query(seen, [session.backend_pid]) == [
            ("pgready 1/2 0s it's\\ tail", None, "idle in transaction")
        ]
        lock.release()


def test_its_progress_is_told(database, project):
    """The phases of the server's own view, as text and as data."""
    project.migration("2_index", SLOW)
    process = project.start("migrate", "deploy", "--log-format", "json", url=database.url)
    told = event(process, "index_progress")
    assert told["message"].startswith("building t_v: building index")
    assert told["phase"].startswith("building index")
    _, story = process.communicate(timeout=60)
    assert process.returncode == 0, story
    assert valid(database) == [("t_v", True)]


@pytest.mark.parametrize("statement", [BUILD, "CREATE INDEX CONCURRENTLY IF NOT EXISTS t_v ON t (v);"])
def test_an_invalid_leftover_is_removed(database, project, statement):
    """Of somebody else's build that failed: dropped, told, and built anew, also under IF NOT EXISTS."""
    with pytest.raises(psycopg.errors.UniqueViolation):
        database.query("CREATE UNIQUE INDEX CONCURRENTLY t_v ON t (v)")
    assert valid(database) == [("t_v", False)]
    project.migration("2_index", statement)
    done = project.run("migrate", "deploy", url=database.url)
    assert done.returncode == 0, done.stderr
    assert "dropping INVALID index" in done.stderr
    assert valid(database) == [("t_v", True)]


def test_a_build_that_fails_leaves_nothing(database, project):
    """Exit 6, no INVALID index, no row; after the data are mended the same file is applied."""
    project.migration("2_index", "CREATE UNIQUE INDEX CONCURRENTLY t_v ON t (v);")
    failed = project.run("migrate", "deploy", url=database.url)
    assert failed.returncode == 6, failed.stderr
    assert "2_index/migration.sql:1:" in failed.stderr
    assert valid(database) == []
    assert database.query("SELECT count(*) FROM _prisma_migrations") == [(1,)]
    database.query("UPDATE t SET v = id")
    done = project.run("migrate", "deploy", "--timeout", "30", url=database.url)
    assert done.returncode == 0, done.stderr
    assert valid(database) == [("t_v", True)]


def test_a_deadlock_is_tried_again(database, project):
    """The build loses a deadlock to a session that waits for the table: leftovers removed, built again, told."""
    project.migration("2_index", SLOW)
    process = project.start("migrate", "deploy", "--log-format", "json", url=database.url)
    with database.connect(autocommit=False) as other:
        until("the build", lambda: database.query("SELECT count(*) FROM pg_stat_progress_create_index") == [(1,)])
        other.execute("SET deadlock_timeout = '1min'")  # the build is to be the one that finds it
        other.execute("UPDATE t SET v = v WHERE id = 1")
        other.execute("LOCK TABLE t IN SHARE UPDATE EXCLUSIVE MODE")
    told = event(process, "retry")
    assert told["sqlstate"] == "40P01"
    _, story = process.communicate(timeout=60)
    assert process.returncode == 0, story
    assert valid(database) == [("t_v", True)]


BLOCKERS = (
    "SELECT a.application_name FROM pg_stat_activity w CROSS JOIN unnest(pg_blocking_pids(w.pid)) AS b (pid)"
    " JOIN pg_stat_activity a ON a.pid = b.pid WHERE w.query LIKE 'CREATE INDEX CONCURRENTLY%%'"
)


def test_five_waiting_replicas_are_never_in_its_way(database, project):
    """While a build waits for an old snapshot five boots wait for the lock, and more look on: none of them blocks it."""
    project.migration("2_index", BUILD)
    blockers = set()
    with database.connect() as watcher:
        with database.connect(autocommit=False, application_name="long report") as other:
            other.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            other.execute("SELECT 1")
            first = project.start("boot", "--", "true", url=database.url)
            until("the build waits", lambda: watcher.execute(BLOCKERS).fetchall() == [("long report",)])
            boots = [project.start("boot", "--", "true", url=database.url) for _ in range(5)]
            for process in boots:
                assert any("another process migrates" in line for line in process.stderr)
            waits = [project.start("wait", "--", "true", url=database.url) for _ in range(2)]
            for process in waits:
                assert process.stderr.readline()
            for _ in range(50):
                blockers |= set(watcher.execute(BLOCKERS).fetchall())
                time.sleep(0.01)
        while first.poll() is None:
            blockers |= set(watcher.execute(BLOCKERS).fetchall())
            time.sleep(0.01)
    for process in (first, *boots, *waits):
        _, story = process.communicate(timeout=60)
        assert process.returncode == 0, story
    assert blockers - {("long report",)} == set()
    assert valid(database) == [("t_v", True)]


def test_beside_a_runner_of_backfills(database, project):
    """The build waits for single batches and not for the backfill, and neither ends the other."""
    project.migration(
        "2_fill",
        "ALTER TABLE t ADD COLUMN w int;\n-- pgready: backfill key=id batch=1 background\n"
        "UPDATE t SET w = slow(v) WHERE w IS NULL;",
    )
    assert project.run("migrate", "deploy", url=database.url).returncode == 0
    project.migration("3_index", BUILD)
    runner = project.start("backfill", "run", url=database.url)
    until("the first batches", lambda: database.query("SELECT count(w) > 0 FROM t")[0][0])
    done = project.run("migrate", "deploy", url=database.url)
    left = database.query("SELECT count(*) - count(w) FROM t")[0][0]
    assert done.returncode == 0, done.stderr
    assert left > 0
    assert valid(database) == [("t_v", True)]
    _, story = runner.communicate(timeout=60)
    assert runner.returncode == 0, story
    assert database.query("SELECT count(w) FROM t") == [(300,)]
