"""Failed migrations, whoever failed, as each tool sees them before and after the script is mended."""

import json

import pytest

from fix_prisma import SECONDS, EngineError, until

pytestmark = [pytest.mark.prisma, pytest.mark.matrix]

FIRST = {"20240101000000_init": "CREATE TABLE a (id int);\n"}
NAME = "20240102000000_broken"
BROKEN = "CREATE TABLE b (id int);\nINSERT INTO missing VALUES (1);\n"
MENDED = "CREATE TABLE b (id int);\n"
# It commits its first half; the second fails on the live database's data only, so that Prisma can replay it.
PARTLY = "BEGIN;\nCREATE TABLE b (id int);\nCOMMIT;\nCREATE UNIQUE INDEX a_id ON a (id);\n"
ENDED = PARTLY.replace("UNIQUE ", "")
CONCURRENTLY = "CREATE TABLE b (id int);\nCREATE INDEX CONCURRENTLY b_id ON b (id);\n"


@pytest.fixture
def project(make_project):
    """A project whose second migration fails."""
    return make_project(migrations=FIRST | {NAME: BROKEN})


def states(project, database):
    """Name → state, as `pgready migrate status` tells it."""
    status = project.run("migrate", "status", "--json", url=database.url)
    return {m["name"]: m["state"] for m in json.loads(status.stdout)["migrations"]}


def everybody_agrees(engines, database, project):
    """pgready and both engines say that all is applied, and `dev` asks for nothing."""
    assert set(states(project, database).values()) == {"applied"}
    for engine in engines.values():
        assert engine.up_to_date(database.url, project.migrations)
        assert engine.ask("dev", database.url, project.migrations)["action"]["tag"] == "createMigration"
        assert engine.apply(database.url, project.migrations) == []
    assert project.run("boot", "--", "true", url=database.url).returncode == 0


def fails_with(engine, database, project, code=None):
    """The engine's deploy fails, with this code if one is named."""
    with pytest.raises(EngineError) as caught:
        engine.apply(database.url, project.migrations)
    assert code is None or caught.value.code == code
    return str(caught.value)


def fails_halfway(project, database):
    """pgready applies the first half of the second migration."""
    project.migration(NAME, PARTLY)
    (project.migrations / NAME).rename(project.path / "later")
    assert project.run("migrate", "deploy", url=database.url).returncode == 0
    database.query("INSERT INTO a VALUES (1), (1)")
    (project.path / "later").rename(project.migrations / NAME)
    assert project.run("migrate", "deploy", url=database.url).returncode == 6


@pytest.mark.parametrize("mender", ["pgready", "6", "7"])
def test_a_script_that_pgready_rolled_back_is_pending_for_everybody(engines, database, project, mender):
    """pgready leaves no row: both engines see a pending migration, no failure and no reset; then anybody applies it."""
    assert project.run("migrate", "deploy", url=database.url).returncode == 6
    assert states(project, database) == {"20240101000000_init": "applied", NAME: "pending"}
    for engine in engines.values():
        found = engine.ask("diagnose", database.url, project.migrations)
        assert found["failedMigrationNames"] == found["editedMigrationNames"] == []
        assert found["history"]["diagnostic"] == "databaseIsBehind"
        assert found["history"]["unappliedMigrationNames"] == [NAME]
    project.migration(NAME, MENDED)
    for engine in engines.values():
        assert engine.ask("dev", database.url, project.migrations)["action"]["tag"] == "createMigration"
    if mender == "pgready":
        done = project.run("boot", "--", "true", url=database.url)
        assert done.returncode == 0, done.stderr
    else:
        assert engines[mender].apply(database.url, project.migrations) == [NAME]
    everybody_agrees(engines, database, project)


def test_a_partly_applied_script_is_failed_for_everybody_and_goes_on(engines, database, project):
    """pgready's unfinished row is a failed one for Prisma (P3009, reset); once mended, pgready finishes that very row."""
    fails_halfway(project, database)
    assert states(project, database)[NAME] == "failed"
    ((row_id,),) = database.query("SELECT id FROM _prisma_migrations WHERE finished_at IS NULL")
    for engine in engines.values():
        assert engine.ask("diagnose", database.url, project.migrations)["failedMigrationNames"] == [NAME]
        assert engine.ask("dev", database.url, project.migrations)["action"]["tag"] == "reset"
        assert NAME in fails_with(engine, database, project, "P3009")
    project.migration(NAME, ENDED)
    done = project.run("boot", "--", "true", url=database.url)
    assert done.returncode == 0, done.stderr
    rows = database.query(
        f"SELECT id, logs, applied_steps_count FROM _prisma_migrations WHERE migration_name = '{NAME}'"
    )
    assert rows == [(row_id, None, 1)]
    assert database.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_id'::regclass") == [(True,)]
    everybody_agrees(engines, database, project)


def test_a_failure_of_prisma_stops_pgready_which_explains_it(engine, engines, database, project):
    """P3009: pgready exits 9, says what is in the database and both ways out, and changes nothing."""
    fails_with(engine, database, project)
    before = database.query("SELECT * FROM _prisma_migrations ORDER BY id")
    refused = project.run("boot", "--", "echo", "served", url=database.url)
    assert (refused.returncode, refused.stdout) == (9, "")
    for words in ("P3009", NAME, "nothing of it is in the database", f"--rolled-back {NAME}", f"--applied {NAME}"):
        assert words in refused.stderr
    assert states(project, database)[NAME] == "failed"
    assert database.query("SELECT * FROM _prisma_migrations ORDER BY id") == before


@pytest.mark.parametrize("resolver", ["pgready", "prisma"])
def test_prismas_failure_resolved_mended_and_applied_by_pgready(engine, engines, database, project, resolver):
    """Rolled back by either tool, mended, booted: the row is taken up again, so that Prisma 6 too says "up to date"."""
    fails_with(engine, database, project)
    if resolver == "pgready":
        resolved = project.run("migrate", "resolve", "--rolled-back", NAME, url=database.url)
        assert resolved.returncode == 0, resolved.stderr
    else:
        engine.ask("rolledBack", database.url, name=NAME)
    assert states(project, database)[NAME] == "rolled back"
    project.migration(NAME, MENDED)
    done = project.run("boot", "--", "echo", "served", url=database.url)
    assert (done.returncode, done.stdout) == (0, "served\n"), done.stderr
    rows = database.query(
        "SELECT migration_name, logs, applied_steps_count FROM _prisma_migrations ORDER BY started_at"
    )
    assert rows == [("20240101000000_init", None, 1), (NAME, None, 1)]
    everybody_agrees(engines, database, project)


def test_a_script_that_fails_again_leaves_the_rolled_back_row_as_it_was(engine, database, project):
    """A rolled-back row that pgready takes up and that fails again stays rolled back, in every column."""
    fails_with(engine, database, project)
    engine.ask("rolledBack", database.url, name=NAME)
    before = database.query("SELECT * FROM _prisma_migrations ORDER BY id")
    assert project.run("migrate", "deploy", url=database.url).returncode == 6
    assert database.query("SELECT * FROM _prisma_migrations ORDER BY id") == before
    assert states(project, database)[NAME] == "rolled back"


def test_what_prisma_6_makes_of_its_own_rolled_back_row(engines, database, project):
    """The trap that the row's second use avoids: after Prisma's own mending Prisma 6 wants a reset; pgready is ready."""
    old, new = engines["6"], engines["7"]
    fails_with(old, database, project)
    old.ask("rolledBack", database.url, name=NAME)
    assert old.ask("diagnose", database.url, project.migrations)["history"] is None
    project.migration(NAME, MENDED)
    assert old.ask("diagnose", database.url, project.migrations)["editedMigrationNames"] == [NAME]
    assert new.ask("diagnose", database.url, project.migrations)["editedMigrationNames"] == []
    assert old.apply(database.url, project.migrations) == [NAME]
    assert old.ask("dev", database.url, project.migrations)["action"]["tag"] == "reset"
    assert new.up_to_date(database.url, project.migrations)
    assert states(project, database)[NAME] == "applied"
    ready = project.run("boot", "--", "true", url=database.url)
    assert ready.stderr == "pgready: ready, 2 migrations applied, nothing pending\n"


def test_a_partial_failure_resolved_by_prisma_is_whole_for_pgready(engine, engines, database, project):
    """`resolve --applied` of Prisma on pgready's partly applied migration, finished by hand, is believed."""
    fails_halfway(project, database)
    engine.ask("applied", database.url, project.migrations, name=NAME)
    assert states(project, database)[NAME] == "applied"
    assert project.run("boot", "--", "true", url=database.url).returncode == 0
    assert engines["7"].up_to_date(database.url, project.migrations)


def test_a_script_that_prisma_cannot_run(engine, engines, database, project):
    """CREATE INDEX CONCURRENTLY beside other statements: pgready applies it, Prisma cannot; its row is good for Prisma."""
    project.migration(NAME, CONCURRENTLY)
    done = project.run("migrate", "deploy", url=database.url)
    assert done.returncode == 0, done.stderr
    assert states(project, database)[NAME] == "applied"
    assert engine.up_to_date(database.url, project.migrations)
    assert engine.apply(database.url, project.migrations) == []
    with pytest.raises(EngineError, match="cannot run inside a transaction block"):
        engine.ask("dev", database.url, project.migrations)


def test_a_prisma_that_was_killed_in_the_middle(engine, engines, database, project):
    """Its backend runs on and holds the lock: pgready waits for it by name, then asks for a decision and heeds it."""
    project.migration(NAME, "ALTER TABLE a ADD COLUMN v int;\n")
    (project.migrations / NAME).rename(project.path / "later")
    assert engine.apply(database.url, project.migrations) == list(FIRST)
    (project.path / "later").rename(project.migrations / NAME)
    with database.connect(autocommit=False) as reader:
        reader.execute("SELECT FROM a")
        prisma = engine.start("apply", database.url, project.migrations)
        ((pid,),) = until(database, "SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'a'::regclass")
        prisma.kill()
        prisma.communicate(timeout=SECONDS)
        boot = project.start("boot", "--", "echo", "served", url=database.url)
        try:
            said = [boot.stderr.readline()]
            while said[-1] and f"another process migrates: pid {pid}" not in said[-1]:
                said.append(boot.stderr.readline())
            reader.rollback()
            out, err = boot.communicate(timeout=SECONDS)
        finally:
            boot.kill()
    assert f"pid {pid}, “prisma”" in said[-1], said
    assert (boot.returncode, out) == (9, ""), err
    assert "P3009" in err
    assert "as a whole, or not at all" in err
    assert states(project, database)[NAME] == "failed"
    assert project.run("migrate", "resolve", "--applied", NAME, url=database.url).returncode == 0
    assert project.run("boot", "--", "true", url=database.url).returncode == 0
    assert engines["7"].up_to_date(database.url, project.migrations)
