"""A runner of background backfills among others: killed, two at once, blocked, behind a replica, through a pooler."""

import json
import os
import random
import signal
import threading
import time

import pytest

pytestmark = pytest.mark.matrix

TABLE = (
    "CREATE TABLE t (id bigint PRIMARY KEY, a int, b int);"
    " INSERT INTO t SELECT i * 3, i % 7, NULL FROM generate_series(1, {rows}) i;"
    " CREATE TABLE effects (id bigint);"
    " CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN INSERT INTO effects VALUES (NEW.id); RETURN NEW; END $$;"
    " CREATE TRIGGER noted AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION noted();"
)
# Run twice for a row it would be seen, in the row and in the effects: nothing but the position says what is done.
FILL = "-- pgready: backfill key=id batch=50 background\nUPDATE t SET b = coalesce(b, 0) + 1;"
KILLS = 20 if os.environ.get("PGREADY_FULL") else 5


@pytest.fixture
def make_registered(database, make_project):
    """A factory: a project with a background backfill that is registered in `database` and not run."""

    def make(rows, fill=FILL):
        project = make_project(migrations={"1_table": TABLE.format(rows=rows), "2_fill": fill})
        done = project.run("migrate", "deploy", url=database.url)
        assert done.returncode == 0, done.stderr
        return project

    return make


def until(what, condition):
    """Poll until the condition holds; fail after a minute."""
    deadline = time.monotonic() + 60
    while not (found := condition()):
        assert time.monotonic() < deadline, f"waited 60 s in vain: {what}"
        time.sleep(0.01)
    return found


def once(database, rows):
    """Every row changed once, by an append-only effect."""
    sums = "count(*), sum(hashint8(id)::bigint)"
    assert database.query(f"SELECT {sums} FROM effects") == database.query(f"SELECT {sums} FROM t")
    assert database.query("SELECT count(DISTINCT id), (SELECT count(b) FROM t) FROM effects") == [(rows, rows)]
    assert database.query("SELECT count(*) FROM t WHERE b <> 1") == [(0,)]


def test_killed_at_random_points_every_row_is_changed_once(database, make_registered):
    """SIGKILL after a random number of batches, again and again; then a run to the end."""
    rows = 600 * KILLS
    project = make_registered(rows)
    chosen = random.Random(7)
    changed = 0
    with database.connect(autocommit=False) as gate, database.connect() as watcher:
        # On a fast machine the runner would be at the end before it is killed: no one gets past this row yet.
        gate.execute("SELECT FROM t WHERE id = %s FOR UPDATE", (3 * (rows - 200),))
        for _ in range(KILLS):
            process = project.start("backfill", "run", url=database.url)
            aim = min(changed + 50 * chosen.randint(0, 8), rows - 300)
            while process.poll() is None and watcher.execute("SELECT count(*) FROM effects").fetchone()[0] <= aim:
                time.sleep(0.005)
            assert process.poll() is None, process.communicate()
            time.sleep(chosen.random() * 0.02)
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=60)
            changed = watcher.execute("SELECT count(*) FROM effects").fetchone()[0]
    done = project.run("backfill", "run", url=database.url)
    assert done.returncode == 0, done.stderr
    assert "goes on behind" in done.stderr
    assert (
        "2_fill is done: at least " in done.stderr
    )  # what the last batch before a kill changed was never written down
    once(database, rows)


def test_the_orphan_of_a_killed_runner_and_its_successor_do_a_batch_once(database, make_registered):
    """A killed client's backend works on at its batch and commits it: its successor finds that the position moved."""
    project = make_registered(120)
    moved = json.dumps({"at": ["150"], "until": ["360"], "changed": 0, "seen": 50})
    with database.connect(autocommit=False) as orphan:  # what the backend of a killed runner has open
        orphan.execute("UPDATE pgready.backfills SET position = %s", (moved,))
        orphan.execute("UPDATE t SET b = coalesce(b, 0) + 1 WHERE id <= 150")
        successor = project.start("backfill", "run", url=database.url)
        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        until("the successor waits for the orphan", lambda: database.query(waits) == [(1,)])
    _, story = successor.communicate(timeout=60)
    assert successor.returncode == 0, story
    assert "another process has moved 2_fill on" in story
    once(database, 120)


def test_of_two_runners_one_works(database, make_registered):
    """The other one waits, says for whom, and finds nothing to do; a deploy beside them waits for neither."""
    project = make_registered(4000)
    with database.connect(autocommit=False) as holder:
        holder.execute("SELECT FROM t WHERE id = 3000 FOR UPDATE")
        first = project.start("backfill", "run", url=database.url)
        until("the first batches", lambda: database.query("SELECT count(*) > 0 FROM effects")[0][0])
        second = project.start("backfill", "run", "--timeout", "60", url=database.url)
        line = until("a line of the second", second.stderr.readline)
        assert "another process runs backfills" in line
        assert "2_fill" in line
        project.migration("3_beside", "CREATE TABLE beside ();")
        assert project.run("migrate", "deploy", url=database.url).returncode == 0
        running = json.loads(project.run("backfill", "status", "--json", url=database.url).stdout)["runner"]
        assert "2_fill" in running
    _, story = first.communicate(timeout=60)
    assert first.returncode == 0, story
    assert "4000 rows changed" in story
    _, story = second.communicate(timeout=60)
    assert second.returncode == 0, story
    assert "is done already" in story
    once(database, 4000)


def test_a_lock_that_is_held_is_told_and_bounded(database, make_registered):
    """Who holds it is named; patience ends in exit 8, with the position kept."""
    project = make_registered(1000)
    with database.connect(autocommit=False, application_name="somebody") as holder:
        holder.execute("SELECT FROM t WHERE id = 1500 FOR UPDATE")
        done = project.run("backfill", "run", "--lock-timeout", "0.5", "--timeout", "3", url=database.url)
    assert done.returncode == 8, done.stderr
    assert "“somebody”" in done.stderr
    assert "trying again" in done.stderr
    assert 0 < database.query("SELECT count(b) FROM t")[0][0] < 1000
    assert project.run("backfill", "run", url=database.url).returncode == 0
    once(database, 1000)


def test_sigterm_ends_it_at_once(database, make_registered):
    """Exit 143, the batch under way rolled back, and nothing is left behind on the server."""
    project = make_registered(1000)
    with database.connect(autocommit=False) as holder:
        holder.execute("SELECT FROM t WHERE id = 1500 FOR UPDATE")
        process = project.start("backfill", "run", url=database.url)
        until("the first batches", lambda: database.query("SELECT count(*) > 0 FROM effects")[0][0])
        process.send_signal(signal.SIGTERM)
        _, story = process.communicate(timeout=60)
        assert process.returncode == 143, story
    until(
        "no session",
        lambda: (
            database.query("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'pgready%'") == [(0,)]
        ),
    )
    assert project.run("backfill", "run", url=database.url).returncode == 0
    once(database, 1000)


def test_progress_and_the_time_that_is_left_are_told(database, make_registered):
    """Every two seconds, as text and as data; a slow statement makes it long enough to be seen."""
    slow = FILL.replace("batch=50", "batch=10").replace("+ 1", "+ 1 + length(pg_sleep(0.01)::text)")
    project = make_registered(600, slow)
    database.query("ANALYZE t")
    process = project.start("backfill", "run", "--log-format", "json", url=database.url)
    events = [json.loads(line) for line in process.stderr]
    process.communicate(timeout=60)
    assert process.returncode == 0, events
    told = [one for one in events if one["event"] == "backfill"]
    assert told
    assert 0 < told[0]["share"] < 1
    assert told[0]["seconds_left"] > 0
    assert "left" in told[0]["message"]


def test_a_killed_server_connection_is_come_back_from(database, make_registered):
    """Both of its sessions are ended by an administrator, three times: it goes on by itself."""
    project = make_registered(3000)
    process = project.start("backfill", "run", url=database.url)
    for aim in (300, 900, 1500):
        until("batches", lambda: database.query(f"SELECT count(*) > {aim} FROM effects")[0][0])  # noqa: B023
        database.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    _, story = process.communicate(timeout=60)
    assert process.returncode == 0, story
    assert "connection lost" in story
    once(database, 3000)


def test_writers_beside_it_deadlock_with_nobody(database, make_registered):
    """Writers that lock rows in another order: batches that lose a deadlock are tried again, and nothing is lost."""
    project = make_registered(2000, FILL.replace("50", "500"))
    stop = threading.Event()

    def write():
        with database.connect(autocommit=False) as connection:
            chosen = random.Random(3)
            while not stop.is_set():
                try:
                    for row in sorted(chosen.sample(range(1, 2001), 30), reverse=True):
                        connection.execute("UPDATE t SET a = a WHERE id = %s", (row * 3,))
                    connection.commit()
                except Exception:  # noqa: BLE001 - the writer may lose a deadlock too
                    connection.rollback()

    database.query(
        "DROP TRIGGER noted ON t; CREATE TRIGGER noted AFTER UPDATE OF b ON t FOR EACH ROW EXECUTE FUNCTION noted()"
    )
    writer = threading.Thread(target=write)
    writer.start()
    try:
        done = project.run("backfill", "run", url=database.url)
    finally:
        stop.set()
        writer.join()
    assert done.returncode == 0, done.stderr
    once(database, 2000)


@pytest.mark.pgbouncer
def test_through_a_transaction_pooler(make_pooler, server, database, make_project):
    """Registered, run and asked through PgBouncer: every message is a transaction of its own, and nothing leaks."""
    project = make_project(migrations={"1_table": TABLE.format(rows=500), "2_fill": "SET work_mem = '5MB';\n" + FILL})
    url = make_pooler(server, default_pool_size=2).url(database.name)
    assert project.run("migrate", "deploy", url=url).returncode == 0
    done = project.run("backfill", "run", url=url)
    assert done.returncode == 0, done.stderr
    assert project.run("backfill", "status", url=url).returncode == 0
    once(database, 500)
