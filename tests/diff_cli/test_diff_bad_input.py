"""Bad input of `pgready migrate diff`: told at its place with a way out, nothing lost, nothing left behind."""

import json
import os
import signal
import stat
import time

import psycopg
import pytest

from pgready.sql.names import quote_ident

DATASOURCE = 'datasource db {\n  provider = "postgresql"\n}\n'
ITEM = "CREATE TABLE item (id int PRIMARY KEY);\n"
REPLAY = ("--from-migrations", "prisma/migrations", "--to-schema", "a.prisma")
EMPTY_SCRIPT = "-- This is an empty migration.\n"


@pytest.fixture
def shadows(database):
    """The throw-away databases that are on the server."""
    return lambda: database.query("SELECT datname FROM pg_database WHERE datname LIKE 'pgready_shadow_%'")


def write(project, text, name="s.prisma"):
    """A schema with a datasource."""
    (project.path / name).write_text(DATASOURCE + text)
    return name


# -- files -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (b"\xef\xbb\xbfSELECT 1;", "byte order mark"),
        (b"SELECT '\xff';", "not valid UTF-8"),
        (b"SELECT 'open;", "migration.sql:1:8"),
        (b"SELECT 1;\x00", "NUL"),
    ],
    ids=["bom", "latin", "open quote", "nul"],
)
def test_a_script_that_cannot_be_sent(diff, project, script, words):
    """Refused before a server is asked for, at its file."""
    project.migration("20240101000000_init", ITEM)
    project.migration("20240102000000_odd", script)
    done = diff(*REPLAY)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "20240102000000_odd/migration.sql" in done.stderr


def test_a_folder_that_is_none(diff, project):
    """Missing, a file, without a script, of another database: each in its own words."""
    (project.path / "prisma/migrations").mkdir()
    assert "holds no migration" in diff(*REPLAY).stderr
    (project.path / "prisma/migrations/20240101000000_init").mkdir()
    assert "no migration.sql" in diff(*REPLAY).stderr
    project.migration("20240101000000_init", ITEM)
    (project.path / "prisma/migrations/migration_lock.toml").write_text('provider = "mysql"\n')
    assert "P3019" in diff(*REPLAY).stderr
    for name in ("nowhere", "a.prisma"):
        done = diff("--from-migrations", name, "--to-empty")
        assert (done.returncode, name in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"pgready_catalog": 99}',
        '{"pgready_catalog": 1, "catalog": {"tables": [{"name": 7}]}}',
        "[" * 5000,
        '{"pgready_catalog": 1, "catalog": {"tables": [{"name": ["public", "t"], "columns": null}]}}',
    ],
    ids=["nothing", "a list", "of later days", "wrong inside", "deep", "null"],
)
def test_a_snapshot_that_is_none(diff, project, text):
    """Exit 2, the file's name, no traceback."""
    (project.path / "s.json").write_text(text)
    done = diff("--from-snapshot", "s.json", "--to-empty")
    assert (done.returncode, done.stdout) == (2, "")
    assert "s.json" in done.stderr
    assert "bug in pgready" not in done.stderr


def test_output_keeps_what_it_is_written_to(diff, project):
    """A link stays a link, permissions stay, a device is written to and not replaced."""
    place = project.path / "out.sql"
    place.write_text("old")
    place.chmod(0o640)
    (project.path / "link.sql").symlink_to("out.sql")
    assert diff("--from-empty", "--to-schema", "a.prisma", "--script", "-o", "link.sql").returncode == 0
    assert (project.path / "link.sql").is_symlink()
    assert stat.S_IMODE(place.stat().st_mode) == 0o640
    assert "CREATE TABLE" in place.read_text()
    pipe = project.path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert diff("--from-empty", "--to-schema", "a.prisma", "--script", "-o", "pipe").returncode == 0
        assert b"CREATE TABLE" in os.read(reader, 65536)
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_reader_that_leaves_is_no_error(project):
    """`pgready … | head`: nothing on stderr, the signal's exit."""
    run = project.start("migrate", "diff", "--from-empty", "--to-schema", "a.prisma", "--script")
    assert run.stdout and run.stderr
    run.stdout.close()
    told = run.stderr.read()
    run.stderr.close()
    assert (run.wait(30), told) == (128 + signal.SIGPIPE, "")


# -- the shadow database -----------------------------------------------------------------------------------------------


@pytest.mark.matrix
def test_a_migration_that_fails_in_the_shadow_is_shown_at_its_line(diff, project, database, shadows):
    """Exit 6 and file:line:column, in words and as data; the project's database is not touched."""
    project.migration("20240101000000_init", ITEM)
    project.migration("20240102000000_bad", "ALTER TABLE item ADD a int;\n\nALTER TABLE nope ADD b int;\n")
    done = diff(*REPLAY, "--shadow", "server", url=database.url)
    assert (done.returncode, done.stdout) == (6, "")
    assert "20240102000000_bad/migration.sql:3:1" in done.stderr
    assert "3 | ALTER TABLE nope ADD b int;" in done.stderr
    told = json.loads(diff(*REPLAY, "--shadow", "server", "--json", url=database.url).stdout)["error"]
    assert (told["exit_code"], told["code"]) == (6, "shadow_failed")
    assert told["where"].endswith("20240102000000_bad/migration.sql:3:1")
    assert shadows() == []
    assert database.query("SELECT count(*) FROM pg_class WHERE relname = 'item'") == [(0,)]


@pytest.mark.matrix
def test_an_extension_that_the_shadow_lacks_is_named_with_the_way_out(diff, project, database):
    """On the embedded server and on the project's own."""
    project.migration("20240101000000_init", ITEM + "CREATE EXTENSION IF NOT EXISTS nowhere_to_be_found;\n")
    for where, way_out in (("embedded", "--shadow server"), ("server", "install the extension's files")):
        done = diff(*REPLAY, "--shadow", where, url=database.url)
        assert done.returncode == 6
        assert "needs the extension nowhere_to_be_found" in done.stderr
        assert "20240101000000_init/migration.sql:2:1" in done.stderr
        assert way_out in done.stderr
        assert "--shadow-database-url" in done.stderr


@pytest.mark.matrix
def test_two_folders_are_replayed_one_after_the_other(diff, project, database, shadows):
    """Each in a shadow of its own."""
    project.migration("20240101000000_init", ITEM)
    other = project.path / "other/20240101000000_init/migration.sql"
    other.parent.mkdir(parents=True)
    other.write_text("CREATE TABLE item (id bigint PRIMARY KEY);\n")
    folders = ("--from-migrations", "prisma/migrations", "--to-migrations", "other")
    done = diff(*folders, "--shadow", "server", "--script", url=database.url)
    assert 'ALTER COLUMN "id" SET DATA TYPE BIGINT' in done.stdout, done.stderr
    assert shadows() == []


@pytest.mark.matrix
def test_a_folder_before_its_first_migration(diff, project, database):
    """The lock file and nothing else: an empty database."""
    (project.path / "prisma/migrations").mkdir()
    (project.path / "prisma/migrations/migration_lock.toml").write_text('provider = "postgresql"\n')
    done = diff(*REPLAY, "--shadow", "server", "--script", url=database.url)
    assert done.stdout.startswith('-- CreateTable\nCREATE TABLE "User"'), done.stderr


@pytest.mark.matrix
def test_what_a_killed_diff_leaves_is_dropped_by_the_next(diff, project, database, shadows):
    """SIGKILL in the middle of a migration: the database stays, and goes with the next run, which says so."""
    project.migration("20240101000000_init", ITEM + "SELECT pg_sleep(600);\n")
    words = ("migrate", "diff", *REPLAY, "--shadow", "server")
    run = project.start(*words, url=database.url)
    asleep = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname LIKE 'pgready_shadow_%'"
    end = time.monotonic() + 30
    try:
        while not database.query(asleep) and time.monotonic() < end:
            time.sleep(0.02)
        ((left,),) = shadows()
    finally:
        run.kill()
        run.communicate()
    held = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 72707370"
    while database.query(held) and time.monotonic() < end:
        time.sleep(0.02)
    project.migration("20240101000000_init", ITEM)
    done = diff("--from-migrations", "prisma/migrations", "--to-empty", "--shadow", "server", url=database.url)
    assert done.returncode == 0, done.stderr
    assert left in done.stderr
    assert shadows() == []


# -- odd structures ----------------------------------------------------------------------------------------------------

LONG = "a_name_of_sixty_three_bytes_that_ends_in_the_middle_of_a_wörde"
ODD = ('with "quotes"', "ünïcödé 表", "semi;colon", "back\\slash", "dollar$1", "per%cent", LONG, "  ", "a.b", "SELECT")


def sql_of(database, script):
    """Run a script as it stands."""
    with database.connect() as connection:
        connection.execute(script.encode())


@pytest.mark.matrix
def test_odd_names_live_through_it(diff, project, database, make_database):
    """Quotes, unicode, 63 bytes, dots and blanks, in every kind of name: made anew elsewhere, nothing differs."""
    assert len(LONG.encode()) == 63
    for at, name in enumerate(ODD):
        table = quote_ident(name)
        database.query(
            f"CREATE TYPE {quote_ident(f'e{at} {name}'[:20])} AS ENUM ({_literal(name)}, 'x');"
            f"CREATE TABLE {table} (id serial PRIMARY KEY, {quote_ident('c' + name[:30])} int REFERENCES {table},"
            f" kind {quote_ident(f'e{at} {name}'[:20])} DEFAULT {_literal(name)}, words text DEFAULT {_literal(name)});"
            f"CREATE INDEX ON {table} ({quote_ident('c' + name[:30])})"
        )
    other = make_database()
    done = diff("--from-url", other.url, "--to-url", database.url, "--script")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("CREATE TABLE") == len(ODD)
    sql_of(other, done.stdout)
    again = diff("--from-url", other.url, "--to-url", database.url, "--exit-code", "--script")
    assert (again.returncode, again.stdout) == (0, EMPTY_SCRIPT)


def _literal(text):
    return "'" + text.replace("'", "''") + "'"


SWAPS = {
    "columns of one type": ('x Int @map("a")\n  y Int @map("b")', 'x Int @map("b")\n  y Int @map("a")'),
    "columns of two types": ('x Int? @map("a")\n  y String? @map("b")', 'x Int? @map("b")\n  y String? @map("a")'),
}


@pytest.mark.matrix
@pytest.mark.parametrize("name", SWAPS)
def test_columns_that_swap_names(diff, project, database, name):
    """What the names hold is compared, as Prisma does: the script runs, and nothing differs afterwards."""
    before, after = SWAPS[name]
    old = write(project, f"model T {{\n  id Int @id\n  {before}\n}}\n", "old.prisma")
    new = write(project, f"model T {{\n  id Int @id\n  {after}\n}}\n", "new.prisma")
    sql_of(database, diff("--from-empty", "--to-schema", old, "--script").stdout)
    sql_of(database, diff("--from-schema", old, "--to-schema", new, "--script").stdout)
    assert diff("--from-url", database.url, "--to-schema", new, "--exit-code").returncode == 0


@pytest.mark.matrix
def test_tables_that_swap_names_and_refer_to_each_other(diff, project, database):
    """A cycle of foreign keys through both, made, turned round and dropped."""
    text = """
model A {{
  id  Int  @id
  bId Int? @unique
  b   B?   @relation("ab", fields: [bId], references: [id])
  bs  B[]  @relation("ba")
  @@map("{}")
}}
model B {{
  id  Int    @id
  aId Int?
  x   String @default("x")
  a   A?     @relation("ba", fields: [aId], references: [id])
  as  A?     @relation("ab")
  @@map("{}")
}}
"""
    old = write(project, text.format("one", "two"), "old.prisma")
    new = write(project, text.format("two", "one"), "new.prisma")
    sql_of(database, diff("--from-empty", "--to-schema", old, "--script").stdout)
    assert diff("--from-url", database.url, "--to-schema", old, "--exit-code").returncode == 0
    sql_of(database, diff("--from-url", database.url, "--to-schema", new, "--script").stdout)
    done = diff("--from-url", database.url, "--to-schema", new, "--exit-code")
    assert (done.returncode, done.stdout) == (0, "No difference detected.\n")
    sql_of(database, diff("--from-url", database.url, "--to-empty", "--script").stdout)
    assert database.query("SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname IN ('one', 'two')") == [(0,)]


@pytest.mark.matrix
def test_a_view_on_a_changed_column_stops_the_script_and_nothing_is_lost(diff, project, database):
    """Prisma's script knows no views: PostgreSQL refuses it whole."""
    old = write(project, "model T {\n  id Int @id\n  a  Int\n}\n", "old.prisma")
    new = write(project, "model T {\n  id Int @id\n  a  BigInt\n}\n", "new.prisma")
    sql_of(database, diff("--from-empty", "--to-schema", old, "--script").stdout)
    database.query('INSERT INTO "T" VALUES (1, 7); CREATE VIEW seen AS SELECT a FROM "T"')
    script = diff("--from-url", database.url, "--to-schema", new, "--script").stdout
    with pytest.raises(psycopg.errors.FeatureNotSupported):
        sql_of(database, script)
    assert database.query("SELECT a FROM seen") == [(7,)]


@pytest.mark.matrix
def test_tables_of_another_service_are_left_alone(diff, project, database):
    """In a schema that this service does not list they do not exist, whoever owns them; nor do keys that lead there."""
    database.query(
        'CREATE SCHEMA theirs; CREATE TABLE theirs.orders (id int PRIMARY KEY); CREATE TABLE "User" (id serial PRIMARY'
        ' KEY, email text NOT NULL, order_id int REFERENCES theirs.orders); CREATE UNIQUE INDEX "User_email_key" ON'
        ' "User" (email); CREATE VIEW theirs.seen AS SELECT email FROM "User"'
    )
    done = diff("--from-url", database.url, "--to-schema", "a.prisma", "--script")
    assert (done.returncode, "theirs" in done.stdout) == (0, False), done.stderr
    sql_of(database, done.stdout)
    assert database.query("SELECT count(*) FROM theirs.seen") == [(0,)]
    assert diff("--from-url", database.url, "--to-schema", "a.prisma", "--exit-code").returncode == 0


@pytest.mark.matrix
def test_a_database_that_may_not_be_read(diff, make_role, database):
    """The catalog is open to everyone: a role without any right on a table still sees what differs."""
    role = make_role("reader")
    database.query("CREATE TABLE secret (id int PRIMARY KEY); REVOKE ALL ON secret FROM PUBLIC")
    done = diff("--from-url", role.url, "--to-empty", "--script")
    assert done.returncode == 0, done.stderr
    assert '"secret"' in done.stdout
