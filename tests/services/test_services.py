"""Several services on one database: histories of their own, one lock, each other's progress counts as progress."""

import json
import time

import pytest

pytestmark = pytest.mark.matrix

SERVED = ("--", "echo", "served")


def end(process, timeout=90):
    """Exit code, stdout and stderr of a process that ends by itself."""
    try:
        out, err = process.communicate(timeout=timeout)
    finally:
        process.kill()
    return process.returncode, out, err


def until(what, condition):
    """Poll until the condition holds; fail after a minute."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, f"waited 60 s in vain: {what}"
        time.sleep(0.02)


def event(process, kind):
    """Read the JSON story up to the first event of this kind."""
    for line in process.stderr:
        found = json.loads(line)
        if found["event"] == kind:
            return found
    raise AssertionError(f"the process ended without the event {kind}")


def rows(database, schema):
    """Names and states of one history, in order."""
    return database.query(
        f'SELECT migration_name, finished_at IS NOT NULL FROM "{schema}"._prisma_migrations ORDER BY started_at'
    )


@pytest.fixture
def prisma_service(make_project):
    """A service with a Prisma folder, in the schema that its URL names."""
    return make_project(
        "orders",
        migrations={
            "1_init": "CREATE TABLE orders (id int PRIMARY KEY);",
            "2_index": "CREATE INDEX CONCURRENTLY orders_id ON orders (id);",
            "3_more": "INSERT INTO orders VALUES (1);",
        },
    )


@pytest.fixture
def plain_service(make_project):
    """A service with a flat folder of SQL files, its migrations table where its configuration says."""
    project = make_project("billing")
    (project.path / "prisma/schema.prisma").unlink()
    (project.path / "prisma").rmdir()
    (project.path / "sql").mkdir()
    (project.path / "pyproject.toml").write_text(
        '[tool.pgready]\nmigrations = "sql"\nmigrations_schema = "billing"\nschemas = ["billing_data"]\n'
    )
    (project.path / "sql/0001_init.sql").write_text("CREATE TABLE billing_data.bill (id int PRIMARY KEY);")
    (project.path / "sql/0002_more.sql").write_text("INSERT INTO billing_data.bill VALUES (1);")
    return project


BOTH = {
    "orders": [("1_init", True), ("2_index", True), ("3_more", True)],
    "billing": [("0001_init", True), ("0002_more", True)],
}


def test_two_histories_at_once(prisma_service, plain_service, database):
    """Three replicas of each boot at once: both histories are whole, and each knows only its own."""
    starts = [(prisma_service, database.url + "?schema=orders"), (plain_service, database.url)] * 3
    running = [project.start("boot", *SERVED, url=url) for project, url in starts]
    for code, out, err in [end(process) for process in running]:
        assert (code, out) == (0, "served\n"), err
    for schema, expected in BOTH.items():
        assert rows(database, schema) == expected
    assert database.query("SELECT (SELECT count(*) FROM orders.orders), (SELECT count(*) FROM billing_data.bill)") == [
        (1, 1)
    ]
    assert database.query("SELECT to_regclass('public._prisma_migrations')") == [(None,)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["orders first", "billing first"])
def test_one_after_the_other(prisma_service, plain_service, database, order):
    """In either order the second service finds a database that is no stranger's (P3005), and both stay ready."""
    both = [(prisma_service, database.url + "?schema=orders"), (plain_service, database.url)]
    for project, url in [both[i] for i in order] * 2:
        run = project.run("boot", *SERVED, url=url)
        assert (run.returncode, run.stdout) == (0, "served\n"), run.stderr
    for schema, expected in BOTH.items():
        assert rows(database, schema) == expected


def test_progress_of_the_other_service_is_progress(make_project, plain_service, database):
    """A service waits for another's slow migration far past its own --timeout, as long as that one advances."""
    slow = make_project("slow", migrations={"1_slow": "SELECT pg_sleep(13);", "2_end": "CREATE TABLE a ()"})
    first = slow.start("boot", "--log-format", "json", *SERVED, url=database.url + "?schema=slow")
    event(first, "pending")
    waiting = plain_service.start("boot", "--timeout", "7", *SERVED, url=database.url)
    code, out, err = end(waiting)
    assert (code, out) == (0, "served\n"), err
    assert "another process migrates" in err
    assert "1_slow" in err, "the waiter names what the holder works at"
    assert end(first)[:2] == (0, "served\n")


def test_a_stuck_holder_is_named(plain_service, database):
    """A holder that never advances: exit 8 with pid, application, age and query, and the database untouched."""
    with database.connect(application_name="old deploy job") as holder:
        holder.execute("BEGIN")
        holder.execute("SELECT pg_advisory_lock(72707369), 'the holder''s query'")
        run = plain_service.run("boot", "--timeout", "2", *SERVED, url=database.url)
        pid = holder.info.backend_pid
    assert (run.returncode, run.stdout) == (8, ""), run.stderr
    for words in (f"pid {pid}", "old deploy job", "role postgres", "idle in transaction", "00:00:0"):
        assert words in run.stderr
    assert "the holder''s query" in run.stderr
    assert f"pg_terminate_backend({pid})" in run.stderr
    assert database.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'billing%'") == []


def test_what_a_role_cannot_see_is_said(plain_service, database, make_role):
    """Without pg_read_all_stats another role's query is hidden: the message says so and what would help."""
    role = make_role("app", "GRANT CREATE ON DATABASE {database} TO {role}")
    with database.connect(application_name="other service") as holder:
        holder.execute("SELECT pg_advisory_lock(72707369)")
        run = plain_service.run("boot", "--timeout", "1", *SERVED, url=role.url)
        pid = holder.info.backend_pid
    assert run.returncode == 8, run.stderr
    for words in (f"pid {pid}", "other service", "pg_read_all_stats"):
        assert words in run.stderr
    run = plain_service.run("boot", *SERVED, url=role.url)
    assert (run.returncode, run.stdout) == (0, "served\n"), run.stderr


@pytest.mark.parametrize("lock_timeout", ["200ms", "1s"])
def test_a_queued_alter_does_not_stall_readers(make_project, database, lock_timeout):
    """Behind a long reader an ALTER queues for lock_timeout at most, lets the others through, and applies in the end."""
    first = {"1_init": "CREATE TABLE a (v int); INSERT INTO a VALUES (1);"}
    project = make_project(migrations=first)
    assert project.run("boot", *SERVED, url=database.url).returncode == 0
    project.migration("2_alter", "ALTER TABLE a ADD COLUMN w int;\nUPDATE a SET v = v * 2;")
    reader = database.connect(application_name="long report")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM a")
    process = project.start("boot", "--log-format", "json", "--lock-timeout", lock_timeout, *SERVED, url=database.url)
    stalls, retried, blocked = [], 0, None
    with database.connect() as other:
        # The reader stays until the ALTER has given way twice and its blocker was named.
        while retried < 2 or blocked is None:
            found = json.loads(process.stderr.readline())
            retried += found["event"] == "retry"
            blocked = found if found["event"] == "blocked" else blocked
            began = time.monotonic()
            other.execute("SELECT * FROM a")
            stalls.append(time.monotonic() - began)
        # Readers that come while it is queued, once it is.
        queued = "SELECT count(*) FROM pg_locks WHERE relation = 'a'::regclass AND NOT granted"
        until("the ALTER is queued again", lambda: database.query(queued) == [(1,)])
        began = time.monotonic()
        other.execute("SELECT * FROM a")
        stalls.append(time.monotonic() - began)
    assert "long report" in blocked["message"]
    assert str(reader.info.backend_pid) in blocked["message"]
    assert "55P03" in json.dumps(found) or retried >= 2
    reader.execute("COMMIT")
    reader.close()
    code, out, err = end(process)
    assert (code, out) == (0, "served\n"), err
    assert rows(database, "public") == [("1_init", True), ("2_alter", True)]
    assert database.query("SELECT v FROM a") == [(2,)]
    print(f"lock_timeout {lock_timeout}: a reader beside the queued ALTER waited {max(stalls) * 1000:.0f} ms at most")


def test_a_reader_that_never_ends_is_named_in_the_end(make_project, database):
    """When the time is up the failure names who held the lock; nothing is applied, and the next boot may go on."""
    project = make_project(migrations={"1_init": "CREATE TABLE a (v int);"})
    assert project.run("boot", *SERVED, url=database.url).returncode == 0
    project.migration("2_alter", "ALTER TABLE a ADD COLUMN w int;")
    with database.connect(application_name="long report") as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM a")
        run = project.run("boot", "--timeout", "4", "--lock-timeout", "500ms", *SERVED, url=database.url)
        pid = reader.info.backend_pid
    assert (run.returncode, run.stdout) == (6, ""), run.stderr
    assert f"pid {pid}" in run.stderr.partition("error: ")[2]
    assert "long report" in run.stderr.partition("error: ")[2]
    assert rows(database, "public") == [("1_init", True)]
    assert project.run("boot", *SERVED, url=database.url).returncode == 0
    assert rows(database, "public") == [("1_init", True), ("2_alter", True)]
