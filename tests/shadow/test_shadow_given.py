"""A shadow database that somebody names: emptied before and after, never at the cost of data."""

import time

import psycopg
import pytest

from pgready.errors import LockNotObtained, MigrationFailed, Unreachable, UsageInvalid
from pgready.postgres.shadow.given import shadow_given
from pgready.project.url import parse

pytestmark = pytest.mark.matrix

ONE = {"20240101000000_init": "CREATE TABLE customer (id int PRIMARY KEY);\nINSERT INTO customer VALUES (1);\n"}
RICH = """
CREATE TABLE t (id serial PRIMARY KEY, m text); INSERT INTO t (m) VALUES ('x');
CREATE VIEW v AS SELECT * FROM t; CREATE MATERIALIZED VIEW mv AS SELECT * FROM t;
CREATE TYPE mood AS ENUM ('a'); CREATE DOMAIN pos AS int CHECK (value > 0); CREATE TYPE pair AS (a int, b int);
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE agg (int) (sfunc = int4pl, stype = int);
CREATE SEQUENCE s; CREATE COLLATION c FROM "C"; CREATE SCHEMA "other.o""ne"; CREATE TABLE "other.o""ne".t (id int);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();
CREATE TABLE parted (id int) PARTITION BY RANGE (id); CREATE TABLE part PARTITION OF parted FOR VALUES FROM (1) TO (9);
CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER et ON ddl_command_end EXECUTE FUNCTION et();
CREATE PUBLICATION pub FOR TABLE t; CREATE TYPE span AS RANGE (subtype = int4);
"""


@pytest.fixture
def given(make_database):
    """Another database of the same server."""
    return make_database()


def test_a_database_is_as_empty_afterwards_as_before(given, make_project, replay, pg_dump):
    """Whatever the migrations made, of every kind, is gone; a second run starts from nothing again."""
    before = pg_dump(given)
    project = make_project(migrations={**ONE, "20240101000001_rich": RICH})
    first = replay(project, url=given.url)
    assert pg_dump(given) == before
    assert replay(project, url=given.url) == first
    assert len(first.tables) == 5


def test_it_is_emptied_after_a_failure_too(given, make_project, replay, pg_dump):
    """What ran before the failing migration is gone."""
    before = pg_dump(given)
    project = make_project(migrations={**ONE, "20240101000001_bad": "SELECT nope;"})
    with pytest.raises(MigrationFailed):
        replay(project, url=given.url)
    assert pg_dump(given) == before


def test_rows_are_never_thrown_away(given, make_project, replay):
    """A database with a row is refused by the table's name, and keeps it."""
    given.query('CREATE SCHEMA "s x"; CREATE TABLE "s x".kept (id int); INSERT INTO "s x".kept VALUES (7)')
    with pytest.raises(UsageInvalid) as refused:
        replay(make_project(migrations=ONE), url=given.url)
    assert refused.value.code == "shadow_not_empty"
    assert "s x.kept" in refused.value.what
    assert given.query('SELECT id FROM "s x".kept') == [(7,)]


def test_what_prisma_leaves_in_its_shadow_is_emptied(given, make_project, replay):
    """Structure without rows is worth nothing."""
    given.query("CREATE TABLE customer (id text); CREATE TYPE mood AS ENUM ('a')")
    (table,) = replay(make_project(migrations=ONE), url=given.url).tables
    assert table.columns[0].type.name.name == "int4"


@pytest.mark.parametrize("alias", ["same", "other"], ids=["the same words", "another name of the host"])
def test_the_projects_own_database_is_refused(database, make_project, replay, alias):
    """Also when another host name or a socket leads to it."""
    database.query("CREATE TABLE structure_only (id int)")
    url = database.url if alias == "same" else database.socket_url
    with pytest.raises(UsageInvalid) as refused:
        replay(make_project(migrations=ONE), url=url)
    assert refused.value.code == "shadow_is_main"
    assert database.query("SELECT count(*) FROM structure_only") == [(0,)]


def test_extensions_that_were_there_stay_and_others_go(given, make_project, replay):
    """A role often may not create them; CREATE EXTENSION IF NOT EXISTS then does nothing."""
    given.query("CREATE EXTENSION hstore; CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext")
    script = "CREATE EXTENSION IF NOT EXISTS hstore; CREATE EXTENSION pg_trgm; CREATE TABLE t (h hstore);"
    made = replay(make_project(migrations={"20240101000000_init": script}), url=given.url)
    assert [one.name for one in made.extensions] == ["citext", "hstore", "pg_trgm"]
    found = given.query("SELECT extname FROM pg_extension ORDER BY 1")
    assert found == [("citext",), ("hstore",), ("plpgsql",)]
    assert given.query("SELECT count(*) FROM pg_namespace WHERE nspname = 'pgready_shadow'") == [(0,)]


def test_an_ordinary_owner_can_use_it(given, make_role, make_project, replay):
    """No superuser is needed, only a database of one's own."""
    role = make_role(
        "shady", "ALTER DATABASE {database} OWNER TO {role}", "GRANT ALL ON SCHEMA public TO {role}", database=given
    )
    made = replay(make_project(migrations=ONE), url=role.url)
    assert len(made.tables) == 1
    assert given.query("SELECT count(*) FROM pg_class WHERE relname = 'customer'") == [(0,)]


def test_a_killed_runs_leftovers_are_emptied_with_their_rows(given, make_project, replay, told):
    """Its mark says that nothing there is of worth."""
    target = parse(given.url)
    events = []
    kept = shadow_given(target, None, events.append)
    kept.__enter__()
    given.query("CREATE TABLE left_behind (id int); INSERT INTO left_behind VALUES (1)")
    # The process is killed: its sessions end, nothing is tidied up.
    given.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pgready'")
    assert len(replay(make_project(migrations=ONE), url=given.url).tables) == 1
    assert "shadow_swept" in told.kinds()
    assert given.query("SELECT count(*) FROM pg_class WHERE relname = 'left_behind'") == [(0,)]
    kept.__exit__(None, None, None)


def test_two_runs_do_not_share_it(given, told):
    """The second waits, is told, and gives up with a word."""
    target = parse(given.url)
    with (
        shadow_given(target, None, told.append),
        pytest.raises(LockNotObtained),
        shadow_given(target, None, told.append, 0.2),
    ):
        pytest.fail("both are in")
    assert told.kinds().count("waiting") == 1


def test_a_read_only_database_is_refused(given, make_project, replay):
    """default_transaction_read_only, as some hosts switch it on."""
    with given.connect() as connection:
        connection.execute(psycopg.sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(psycopg.sql.Identifier(given.name)))  # fmt: skip
    with pytest.raises(UsageInvalid) as refused:
        replay(make_project(migrations=ONE), url=given.url)
    assert refused.value.code == "shadow_read_only"


def test_an_unreachable_one_is_told_without_its_password(make_project, replay, unused_port=1):
    """The shadow database is named as such, and its password is not."""
    with pytest.raises(Unreachable) as refused:
        replay(make_project(migrations=ONE), url=f"postgresql://me:s3cr3t@127.0.0.1:{unused_port}/nowhere")
    e = refused.value
    assert "shadow database" in e.what
    assert "s3cr3t" not in str(e.as_dict())


def test_a_missing_one_is_told(database, make_project, replay):
    """It is not created: it was named by mistake or has to be made on purpose."""
    with pytest.raises(Unreachable) as refused:
        replay(make_project(migrations=ONE), url=database.server.url("no_such_shadow"))
    assert refused.value.code == "database_missing"
    assert "--create-database" not in refused.value.then


def test_it_is_emptied_after_a_signal(database, given, make_project, pg_dump):
    """SIGTERM in the middle of a migration: cancelled, emptied, exit 143."""
    before = pg_dump(given)
    project = make_project(migrations={**ONE, "20240101000001_sleep": "SELECT pg_sleep(600);"})
    words = ("migrate", "diff", "--from-migrations", "prisma/migrations", "--to-empty")
    run = project.start(*words, url=database.url, env={"PGREADY_SHADOW_DATABASE_URL": given.url})
    try:
        asleep = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = %s"
        end = time.monotonic() + 30
        while database.query(asleep, [given.name]) == [(0,)] and time.monotonic() < end:
            time.sleep(0.02)
        assert database.query(asleep, [given.name]) == [(1,)]
        run.terminate()
        run.communicate(timeout=30)
        assert run.returncode == 143
        assert pg_dump(given) == before
    finally:
        run.kill()
        run.communicate()
