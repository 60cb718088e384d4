"""One lock for both tools, and the deadlock that PostgreSQL cannot see.

Prisma waits *inside* pg_advisory_lock and so holds a snapshot; CREATE INDEX CONCURRENTLY waits for every snapshot;
Prisma's lock is ours. Neither waits for a lock of the other, so no deadlock detector ends it.
"""

import contextlib
import signal
import threading

import pytest

from fix_prisma import SECONDS, EngineError, read_answer, until

pytestmark = [pytest.mark.prisma, pytest.mark.matrix]

FIRST = {"20240101000000_init": "CREATE TABLE a (id int);\nCREATE TABLE b (id int);\nINSERT INTO a VALUES (1);\n"}
INDEX = {"20240102000000_index": "CREATE INDEX CONCURRENTLY a_id ON a (id);\n"}
LATER = {"20240103000000_later": "INSERT INTO b VALUES (1);\n"}

BUILDING = (
    "SELECT FROM pg_locks WHERE NOT granted AND locktype = 'virtualxid' AND pid IN"
    " (SELECT pid FROM pg_stat_progress_create_index)"
)
PRISMA_WAITS = (
    "SELECT pid FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND classid = 0 AND objid = 72707369"
)

LOOKING = (
    "SELECT query_start FROM pg_stat_activity WHERE application_name LIKE 'pgready%'"
    " AND query LIKE '%pg_stat_progress_create_index%' AND pid <> pg_backend_pid()"
)


@pytest.fixture
def ended():
    """Processes that are killed after the test."""
    made = []
    yield made
    for process in made:
        process.kill()
        process.communicate(timeout=SECONDS)


@contextlib.contextmanager
def busy(database, statement):
    """An open transaction that did `statement`, until the block ends."""
    with database.connect(autocommit=False) as connection:
        connection.execute(statement)
        yield
        connection.rollback()


def until_prisma_blocks_the_build(database, project, url, engine, engine_url, ended):
    """pgready builds an index concurrently and Prisma, which waits for pgready's lock, is in its way.

    An open transaction holds the build back until Prisma waits, so nothing here depends on who is faster.
    """
    with busy(database, "INSERT INTO a VALUES (2)"):
        boot = project.start("boot", "--", "echo", "served", url=url)
        ended.append(boot)
        until(database, BUILDING)
        until(database, LOOKING)  # what it sees later must be fresh all the same
        prisma = engine.start("apply", engine_url, project.migrations)
        ended.append(prisma)
        ((pid,),) = until(database, PRISMA_WAITS)
    return boot, prisma, pid


def applied_by_both(database, project, engines):
    """The index is whole, each migration is there once, and both tools say so."""
    assert database.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_id'::regclass") == [(True,)]
    rows = database.query(
        "SELECT migration_name, logs, applied_steps_count FROM _prisma_migrations ORDER BY started_at"
    )
    assert rows == [(name, None, 1) for name in (FIRST | INDEX | LATER)]
    assert database.query("SELECT id FROM b") == [(1,)]
    for engine in engines.values():
        assert engine.up_to_date(database.url, project.migrations)


@pytest.mark.parametrize("client", ["alive", "killed"])
@pytest.mark.parametrize("role", ["superuser", "same"])
def test_pgready_breaks_the_deadlock(engine, engines, database, make_project, make_role, ended, role, client):
    """A Prisma that waits for the lock, its client alive or SIGKILLed, is cancelled by name and the build ends."""
    grants = ("GRANT CREATE ON SCHEMA public TO {role}", "GRANT CREATE ON DATABASE {database} TO {role}")
    url = database.url if role == "superuser" else make_role("app", *grants).url
    early = make_project("early", migrations=FIRST)
    assert early.run("migrate", "deploy", url=url).returncode == 0
    project = make_project(migrations=FIRST | INDEX | LATER)
    boot, prisma, pid = until_prisma_blocks_the_build(database, project, url, engine, url, ended)
    if client == "killed":
        prisma.send_signal(signal.SIGKILL)
    out, err = boot.communicate(timeout=SECONDS)
    assert (boot.returncode, out) == (0, "served\n"), err
    assert "waiting for writers before build" in err
    assert "waiting for old snapshots" in err
    assert [line for line in err.splitlines() if f"cancelled pid {pid} “prisma”" in line], err
    if client == "alive":
        with pytest.raises(EngineError, match="cancel"):
            read_answer(prisma.communicate(timeout=SECONDS)[0])
    applied_by_both(database, project, engines)


def test_a_waiter_that_may_not_be_cancelled_is_named(engine, engines, database, make_project, make_role, ended):
    """A role that may not cancel names the session and the command that ends it, once; then the build ends."""
    grants = ("GRANT CREATE ON SCHEMA public TO {role}", "GRANT CREATE ON DATABASE {database} TO {role}")
    weak = make_role("app", *grants)
    early = make_project("early", migrations=FIRST)
    assert early.run("migrate", "deploy", url=weak.url).returncode == 0
    project = make_project(migrations=FIRST | INDEX | LATER)
    boot, prisma, pid = until_prisma_blocks_the_build(database, project, weak.url, engine, database.url, ended)
    said: list[str] = []
    told = threading.Event()

    def listen() -> None:
        for line in boot.stderr:
            said.append(line)
            if "deadlock:" in line:
                told.set()

    reader = threading.Thread(target=listen, daemon=True)
    reader.start()
    assert told.wait(SECONDS), said
    looks: set[object] = set()
    while len(looks) < 3:  # it looks every second, and tells it no second time
        looks |= set(until(database, LOOKING))
    assert database.query(PRISMA_WAITS) == [(pid,)], "the refused cancel cost pgready its lock"
    database.query(f"SELECT pg_terminate_backend({pid})")
    assert boot.wait(SECONDS) == 0, said
    reader.join(SECONDS)
    named = [line for line in said if "deadlock:" in line]
    assert len(named) == 1, said
    assert f"pid {pid} “prisma”" in named[0]
    assert f"SELECT pg_terminate_backend({pid})" in named[0]
    with pytest.raises(EngineError):
        read_answer(prisma.communicate(timeout=SECONDS)[0])
    applied_by_both(database, project, engines)


def test_prisma_waits_for_pgready(engine, engines, database, make_project, ended):
    """While pgready migrates in a transaction Prisma waits for the lock, and then finds nothing to do."""
    project = make_project(migrations=FIRST | LATER | {"20240104000000_slow": "ALTER TABLE a ADD COLUMN v int;\n"})
    early = make_project("early", migrations=FIRST)
    assert early.run("migrate", "deploy", url=database.url).returncode == 0
    with busy(database, "SELECT FROM a"):
        boot = project.start("boot", "--lock-timeout", "0", "--", "true", url=database.url)
        ended.append(boot)
        until(database, "SELECT FROM pg_locks WHERE NOT granted AND relation = 'a'::regclass")
        prisma = engine.start("apply", database.url, project.migrations)
        ended.append(prisma)
        until(database, PRISMA_WAITS)
    _, err = boot.communicate(timeout=SECONDS)
    assert boot.returncode == 0, err
    assert read_answer(prisma.communicate(timeout=SECONDS)[0]) == {"appliedMigrationNames": []}
    assert all(one.up_to_date(database.url, project.migrations) for one in engines.values())


def test_pgready_waits_for_prisma_and_says_so(engine, engines, database, make_project, ended):
    """While Prisma migrates pgready waits, names the session that it waits for, and then finds nothing to do."""
    project = make_project(migrations=FIRST | LATER | {"20240104000000_slow": "ALTER TABLE a ADD COLUMN v int;\n"})
    early = make_project("early", migrations=FIRST)
    assert early.run("migrate", "deploy", url=database.url).returncode == 0
    with busy(database, "SELECT FROM a"):
        prisma = engine.start("apply", database.url, project.migrations)
        ended.append(prisma)
        ((pid,),) = until(database, "SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'a'::regclass")
        boot = project.start("boot", "--", "true", url=database.url)
        ended.append(boot)
        line = ""
        while f"pid {pid}" not in line:
            line = boot.stderr.readline()
            assert line, "pgready ended without naming the holder"
    assert "another process migrates" in line
    assert "“prisma”" in line
    assert (
        read_answer(prisma.communicate(timeout=SECONDS)[0])["appliedMigrationNames"] == list(project_names(project))[1:]
    )
    _, err = boot.communicate(timeout=SECONDS)
    assert boot.returncode == 0, err
    assert "applied 2" not in err
    assert all(one.up_to_date(database.url, project.migrations) for one in engines.values())


def project_names(project):
    """The names of its migrations, in order."""
    return sorted(path.name for path in project.migrations.iterdir() if path.is_dir())
