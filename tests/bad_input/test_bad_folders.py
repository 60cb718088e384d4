"""Folders, histories, URLs and names that are wrong, or only odd."""

import hashlib
import shutil
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql
from untouched import snapshot, tables_of_team

pytestmark = pytest.mark.matrix

ONE = "20240101000000_one"
TWO = "20240102000000_two"
GOOD = {ONE: "CREATE TABLE one (id int);", TWO: "CREATE TABLE two (id int);"}


def _without_folder(project):
    shutil.rmtree(project.migrations)
    return "The migrations folder does not exist", "--migrations PATH"


def _empty_folder(project):
    for entry in project.migrations.iterdir():
        shutil.rmtree(entry)
    return "The migrations folder holds no migration", "COPY, .dockerignore"


def _without_script(project):
    (project.migrations / "20240103000000_three").mkdir()
    return "has no readable migration.sql", "Restore the migration.sql"


def _other_provider(project):
    (project.migrations / "migration_lock.toml").write_text('provider = "mysql"\n')
    return "were written for mysql, not for PostgreSQL", "P3019"


def _broken_lock_file(project):
    (project.migrations / "migration_lock.toml").write_text("<<<<<<< HEAD\n")
    return "The lock file is not valid TOML", 'provider = "postgresql"'


def _prisma_8(project):
    (project.migrations / "20240103000000_three").mkdir()
    (project.migrations / "20240103000000_three/migration.json").write_text("{}")
    (project.migrations / "20240103000000_three/ops.json").write_text("[]")
    return "graph format of Prisma 8", "Prisma 8's own CLI"


def _mixed(project):
    (project.migrations / "3_three.sql").write_text("CREATE TABLE three (id int);")
    return "mixes Prisma's folders with plain SQL files", "Keep one kind"


def _duplicate(project):
    for entry in project.migrations.iterdir():
        shutil.rmtree(entry)
    for name in ("V1__a.sql", "V1__b.sql"):
        (project.migrations / name).write_text("CREATE TABLE a (id int);")
    return "Two migrations have the same version", "V1__a.sql and V1__b.sql"


FOLDERS = [_without_folder, _empty_folder, _without_script, _other_provider, _broken_lock_file, _prisma_8, _mixed, _duplicate]  # fmt: skip


@pytest.mark.parametrize("spoil", FOLDERS, ids=lambda f: f.__name__.strip("_"))
@pytest.mark.parametrize("verb", ["boot", "wait"])
def test_a_folder_that_is_not_understood_is_refused(verb, spoil, database, make_project):
    """Exit 2 with the reason and the way out, and the database as it was."""
    project = make_project(migrations=GOOD)
    words, way_out = spoil(project)
    before = snapshot(database)
    done = project.run(verb, "--", "echo", "served", url=database.url)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert words in done.stderr
    assert way_out in done.stderr
    assert snapshot(database) == before


def test_edited_and_missing_migrations_are_told_and_do_not_stop_a_deploy(database, make_project):
    """As Prisma's deploy: what is applied stays as it is, what is pending is applied, and both are named."""
    project = make_project(migrations={**GOOD, "20240103000000_three": "CREATE TABLE three (id int);"})
    assert project.run("boot", "--", "true", url=database.url).returncode == 0
    project.migration(ONE, "CREATE TABLE one (id bigint);")
    shutil.rmtree(project.migrations / TWO)
    project.migration("20240104000000_four", "CREATE TABLE four (id int);")
    done = project.run("boot", "--", "echo", "served", url=database.url)
    assert (done.returncode, done.stdout) == (0, "served\n"), done.stderr
    assert f"{ONE} was edited after it was applied; that does not change the database" in done.stderr
    assert f"{TWO} is applied and has no file in this folder any more; going on without it" in done.stderr
    assert tables_of_team(database) == ["four", "one", "three", "two"]
    assert database.query(
        "SELECT format_type(atttypid, -1) FROM pg_attribute WHERE attrelid = 'one'::regclass AND attname = 'id'"
    ) == [("integer",)]


def test_a_migration_that_is_recorded_twice_is_told(database, make_project):
    """Two live rows of one name: ready, and status says that it may have run twice."""
    project = make_project(migrations=GOOD)
    assert project.run("boot", "--", "true", url=database.url).returncode == 0
    database.query(
        "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)"
        " SELECT 'again', checksum, migration_name, now(), 1 FROM _prisma_migrations WHERE migration_name = %s",
        [ONE],
    )
    before = snapshot(database)
    assert project.run("boot", "--", "true", url=database.url).returncode == 0
    done = project.run("migrate", "status", url=database.url)
    assert (done.returncode, "recorded 2 times" in done.stdout) == (0, True), done.stdout
    assert snapshot(database) == before


PRISMA_TABLE = """CREATE TABLE _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)"""
# The script, Prisma's row (logs, steps) and what pgready says is in the database.
LEFT = {
    "rolled back whole": ("CREATE TABLE one (id int);\nSELECT nope;", "Database error code: 42703", 0, "nothing of it is in the database"),
    "killed": ("CREATE TABLE one (id int);", None, 0, "as a whole, or not at all"),
    "only the last note is missing": ("CREATE TABLE one (id int);", None, 1, "Its script ran to the end"),
    "commits of its own": ("BEGIN;\nCREATE TABLE one (id int);\nCOMMIT;\nSELECT nope;", "x", 0, f"prisma/migrations/{ONE}/migration.sql:3"),
    "concurrently": ("CREATE INDEX CONCURRENTLY i ON one (id);", "x", 0, "INVALID index"),
}  # fmt: skip


@pytest.mark.parametrize("case", LEFT)
def test_a_failed_row_of_prisma_needs_a_decision(case, database, make_project):
    """Exit 9 (P3009) with what was applied and the two commands; nothing is touched, by boot and by status."""
    script, logs, steps, words = LEFT[case]
    project = make_project(migrations={ONE: script, TWO: "CREATE TABLE two (id int);"})
    database.query(PRISMA_TABLE)
    database.query(
        "INSERT INTO _prisma_migrations (id, checksum, migration_name, logs, applied_steps_count) VALUES ('a', %s, %s, %s, %s)",
        [hashlib.sha256(script.encode()).hexdigest(), ONE, logs, steps],
    )
    before = snapshot(database)
    done = project.run("boot", "--", "echo", "served", url=database.url)
    assert (done.returncode, done.stdout) == (9, ""), done.stderr
    assert f"migration {ONE} failed earlier and was not resolved (P3009)" in done.stderr
    told = project.run("migrate", "status", url=database.url)
    assert told.returncode == 1
    for text in (done.stderr, told.stdout):
        assert words in text
        assert f"pgready migrate resolve --rolled-back {ONE}" in text
        assert f"pgready migrate resolve --applied {ONE}" in text
    assert snapshot(database) == before


def test_a_failed_row_of_another_image_stops_nothing(database, make_project):
    """A failed migration that this image does not know is a newer image's trouble, wherever it sorts."""
    project = make_project(migrations=GOOD)
    database.query(PRISMA_TABLE)
    database.query(
        "INSERT INTO _prisma_migrations (id, checksum, migration_name, logs) VALUES ('a', 'x', '20230101000000_theirs', 'x')"
    )
    done = project.run("boot", "--", "echo", "served", url=database.url)
    assert (done.returncode, done.stdout) == (0, "served\n"), done.stderr
    assert tables_of_team(database) == ["one", "two"]


def test_a_database_of_strangers_is_not_migrated(database, make_project):
    """P3005: tables and no history; exit 9 with the baseline's exact command, nothing touched, and it works."""
    project = make_project(migrations=GOOD)
    database.query("CREATE TABLE one (id int); CREATE TABLE legacy (id int)")
    before = snapshot(database)
    done = project.run("boot", "--", "echo", "served", url=database.url)
    assert (done.returncode, done.stdout) == (9, ""), done.stderr
    assert "has no migrations table (P3005): it has public.legacy, public.one" in done.stderr
    command = next(line.split() for line in done.stderr.splitlines() if "resolve --applied" in line)
    assert snapshot(database) == before
    assert project.run(*command[1:], url=database.url).returncode == 0
    done = project.run("boot", "--", "echo", "served", url=database.url)
    assert (done.returncode, done.stdout) == (0, "served\n"), done.stderr
    assert tables_of_team(database) == ["legacy", "one", "two"]


URLS = {
    "empty": ("", "no database URL: looked at"),
    "no URL": ("nonsense", "neither a postgresql:// URL nor a libpq keyword string"),
    "another database": ("mysql://u:s3cr3t@h/db", "a mysql: URL is for MySQL"),
    "unencoded @": ("postgresql://u:s3cr@3t@h/db", "a bare @ where none can be"),
    "unencoded #": ("postgresql://u:s3cr#3t@h/db", "a bare # where none can be"),
    "unencoded /": ("postgresql://u:s3cr/3t@h/db", "no host behind user:password|a bare @ where none can be"),
    "bad percent": ("postgresql://u:s3cr%3t@h/db", "a % in the password is not followed by two hexadecimal digits"),
    "quoted": ('"postgresql://u:s3cr3t@h/db"', "quotes that are part of the value"),
    "port": ("postgresql://u:s3cr3t@h:port/db", "the port is not a number"),
    "unknown parameter": ("postgresql://u:s3cr3t@h/db?sslmod=require", "the parameter sslmod is unknown"),
    "bad value": ("postgresql://u:s3cr3t@h/db?sslmode=sure", "sslmode takes disable, allow"),
    "white space": ("postgresql://u:s3cr3t@h/my db", "white space at character"),
    "long database": ("postgresql://u:s3cr3t@h/" + "d" * 64, "has 64 bytes; PostgreSQL cuts names after 63"),
    "long schema": ("postgresql://u:s3cr3t@h/db?schema=" + quote("ä" * 32), "has 64 bytes; PostgreSQL cuts names after 63"),
}  # fmt: skip


@pytest.mark.parametrize("case", URLS)
def test_a_url_that_is_not_understood_is_refused(case, make_project):
    """Exit 2 before any connection, in words that hold no piece of the password."""
    url, words = URLS[case]
    done = make_project(migrations=GOOD).run("boot", "--", "echo", "served", url=url)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert any(word in done.stderr for word in words.split("|")), done.stderr
    assert "s3cr" not in done.stderr
    assert "3t" not in done.stderr


ODD = {"quotes and spaces": """we "ird" 'name' %41""", "unicode": "ünï 日本 🐘", "63 bytes": "é" * 31 + "x"}


@pytest.mark.parametrize("case", ODD)
def test_odd_names_of_databases_and_schemas_work(case, make_database, make_project):
    """Quotes, spaces, unicode and the full 63 bytes, in the database's, the schema's and a migration's name."""
    name = ODD[case]
    database = make_database(name)
    project = make_project(migrations={"1_" + name.replace("/", ""): "CREATE TABLE t (id int);"})
    url = database.url + "?schema=" + quote(name, safe="")
    for _ in range(2):
        done = project.run("boot", "--", "echo", "served", url=url)
        assert (done.returncode, done.stdout) == (0, "served\n"), done.stderr
    told = project.run("migrate", "status", url=url)
    assert (told.returncode, told.stderr) == (0, "")
    assert database.query(
        "SELECT nspname FROM pg_tables JOIN pg_namespace ON schemaname = nspname WHERE tablename = 't'"
    ) == [(name,)]


def test_a_schema_of_the_datasource_that_is_too_long_is_refused(database, make_project):
    """PostgreSQL would cut it and pgready would look for it for ever: exit 2."""
    before = snapshot(database)
    done = make_project(schemas=("public", "s" * 64), migrations=GOOD).run("boot", "--", "true", url=database.url)
    assert done.returncode == 2, done.stderr
    assert "64 bytes" in done.stderr
    assert snapshot(database) == before


def test_schema_names_that_hold_line_breaks_do_not_confuse(database, make_project):
    """A name is compared as a whole, however odd: the schema is made once and the second boot has nothing to do."""
    project = make_project(migrations=GOOD)
    url = database.url + "?schema=" + quote("a\tb;--", safe="")
    assert project.run("boot", "--", "true", url=url).returncode == 0
    done = project.run("boot", "--", "true", url=url)
    assert (done.returncode, done.stderr) == (0, "pgready: ready, 2 migrations applied, nothing pending\n")
    with psycopg.connect(database.socket_url) as connection:
        name = sql.Identifier("a\tb;--", "_prisma_migrations")
        assert connection.execute(sql.SQL("SELECT count(*) FROM {}").format(name)).fetchone() == (2,)
