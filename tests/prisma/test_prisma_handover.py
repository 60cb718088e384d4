"""One history, two tools: what one applied is applied for the other, in both directions."""

from itertools import pairwise

import pytest

from fix_prisma import rows, table

pytestmark = [pytest.mark.prisma, pytest.mark.matrix]

MIGRATIONS = {
    "20240101000000_init": "CREATE TABLE a (id int PRIMARY KEY, v text);\nCREATE TYPE colour AS ENUM ('red');\n",
    "20240102000000_crlf": "CREATE TABLE b (\r\n  id int\r\n);\r\n-- a comment without a newline",
    "20240103000000_value": "ALTER TYPE colour ADD VALUE 'blue';\n",
    "20240104000000_index": "CREATE INDEX CONCURRENTLY a_v ON a (v);\n",
    "20240105000000_function": "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;\nINSERT INTO b VALUES (f());\n",
    "20240106000000_own_begin": "BEGIN;\nALTER TABLE b ADD COLUMN w int;\nCOMMIT;\n",
    "20240107000000_empty": "-- nothing yet\n",
    "20240108000000_ünïcode": "COMMENT ON TABLE a IS 'größer';\n",
}


@pytest.fixture
def project(make_project):
    """A project with every kind of script that Prisma can apply."""
    return make_project(migrations=MIGRATIONS)


def only(make_project, project, count):
    """The same project as it was when it had `count` migrations."""
    return make_project(f"until{count}", migrations=dict(list(MIGRATIONS.items())[:count]))


@pytest.mark.parametrize("count", [0, 5])
def test_prisma_goes_on_where_pgready_stopped(engine, engines, database, project, make_project, count):
    """The first ones by pgready, the rest by Prisma: both engines and pgready say that all is applied."""
    early = only(make_project, project, count)
    early.migrations.mkdir(exist_ok=True)
    if count:
        assert early.run("migrate", "deploy", url=database.url).returncode == 0
    assert engine.apply(database.url, project.migrations) == list(MIGRATIONS)[count:]
    everybody_agrees(engines, database, project)


@pytest.mark.parametrize("count", [3, 7])
def test_pgready_goes_on_where_prisma_stopped(engine, engines, database, project, make_project, count):
    """The first ones by Prisma, the rest by pgready: all agree, and pgready's rows start after every one before."""
    early = only(make_project, project, count)
    assert engine.apply(database.url, early.migrations) == list(MIGRATIONS)[:count]
    done = project.run("boot", "--", "echo", "served", url=database.url)
    assert (done.returncode, done.stdout) == (0, "served\n"), done.stderr
    everybody_agrees(engines, database, project)
    started = [at for (at,) in database.query("SELECT started_at FROM _prisma_migrations ORDER BY migration_name")]
    late = range(count, len(started))
    assert all(started[at] > max(started[:at]) for at in late)


def test_started_at_increases_whatever_the_clocks_say(engine, engines, database, project, make_project):
    """Rows of a Prisma whose clock is a day ahead come first all the same: Prisma reads the history in that order."""
    early = only(make_project, project, 3)
    assert engine.apply(database.url, early.migrations) == list(MIGRATIONS)[:3]
    database.query("UPDATE _prisma_migrations SET started_at = started_at + interval '1 day'")
    done = project.run("boot", "--", "true", url=database.url)
    assert done.returncode == 0, done.stderr
    names = database.query("SELECT migration_name FROM _prisma_migrations ORDER BY started_at")
    assert names == [(name,) for name in MIGRATIONS]
    assert database.query("SELECT count(DISTINCT started_at) FROM _prisma_migrations") == [(len(MIGRATIONS),)]
    assert all(one.up_to_date(database.url, project.migrations) for one in engines.values())


def everybody_agrees(engines, database, project):
    """Each tool says "up to date" and finds nothing to do."""
    before = database.query("SELECT * FROM _prisma_migrations ORDER BY id")
    for one in engines.values():
        assert one.up_to_date(database.url, project.migrations)
        assert one.apply(database.url, project.migrations) == []
    assert project.run("migrate", "status", url=database.url).returncode == 0
    again = project.run("boot", "--", "true", url=database.url)
    assert again.stderr == f"pgready: ready, {len(MIGRATIONS)} migrations applied, nothing pending\n"
    assert database.query("SELECT * FROM _prisma_migrations ORDER BY id") == before
    names = database.query(
        "SELECT migration_name, applied_steps_count, logs FROM _prisma_migrations ORDER BY started_at"
    )
    assert names == [(name, 1, None) for name in MIGRATIONS]


def test_rows_table_and_schema_equal_prismas(engine, make_database, project, pg_dump):
    """A database by pgready and one by Prisma differ in ids and times alone, to the letter of pg_dump."""
    ours, theirs = make_database(), make_database()
    done = project.run("migrate", "deploy", url=ours.url)
    assert done.returncode == 0, done.stderr
    assert engine.apply(theirs.url, project.migrations) == list(MIGRATIONS)
    assert rows(ours) == rows(theirs)
    assert len(rows(ours)) == len(MIGRATIONS)
    assert table(ours) == table(theirs)
    assert pg_dump(ours) == pg_dump(theirs)
    started = [at for (at,) in ours.query("SELECT started_at FROM _prisma_migrations ORDER BY migration_name")]
    assert all(before < after for before, after in pairwise(started))


def test_line_ends_and_byte_order_marks_count_as_prisma_counts_them(engine, database, project):
    """Rewritten line ends are no edit, a changed letter is one: for both tools, and neither applies anything for it."""
    assert engine.apply(database.url, project.migrations) == list(MIGRATIONS)
    name = "20240101000000_init"
    project.migration(name, MIGRATIONS[name].replace("\n", "\r\n"))
    assert engine.up_to_date(database.url, project.migrations)
    assert "edited" not in project.run("migrate", "status", url=database.url).stdout
    project.migration(name, MIGRATIONS[name] + " ")
    assert engine.ask("diagnose", database.url, project.migrations)["editedMigrationNames"] == [name]
    status = project.run("migrate", "status", url=database.url)
    assert [line for line in status.stdout.splitlines() if name in line and "edited" in line], status.stdout
    assert engine.apply(database.url, project.migrations) == []
    assert project.run("boot", "--", "true", url=database.url).returncode == 0


def test_a_deleted_and_a_foreign_migration_keep_nobody_from_serving(engine, database, project):
    """A file that is gone is told by both; a pgready whose image is older than the database is ready."""
    assert engine.apply(database.url, project.migrations) == list(MIGRATIONS)
    last = list(MIGRATIONS)[-1]
    (project.migrations / last / "migration.sql").unlink()
    (project.migrations / last).rmdir()
    found = engine.ask("diagnose", database.url, project.migrations)["history"]
    assert found["diagnostic"] == "migrationsDirectoryIsBehind"
    assert found["unpersistedMigrationNames"] == [last]
    assert project.run("boot", "--", "true", url=database.url).returncode == 0
    assert "ahead" in project.run("migrate", "status", url=database.url).stdout
