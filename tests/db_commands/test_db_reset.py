"""`pgready migrate reset` on real databases: what goes, what stays, who has to agree."""

import json
import os
import pty
import subprocess
import threading

import pytest

pytestmark = pytest.mark.matrix

ONE, TWO = "20240101000000_one", "20240102000000_two"
MIGRATIONS = {
    ONE: """CREATE TYPE app.mood AS ENUM ('ok');
CREATE TABLE app.item (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, serial serial, mood app.mood);
CREATE TABLE app.part (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE app.part_1 PARTITION OF app.part FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE VIEW app.items AS SELECT * FROM app.item;
CREATE MATERIALIZED VIEW app.kept AS SELECT * FROM app.items;
CREATE FUNCTION app.one(a int, VARIADIC b int[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE app.go(INOUT a int) LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE app.total(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');
CREATE OPERATOR app.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
CREATE OPERATOR FAMILY app.fam USING btree;
CREATE OPERATOR CLASS app.cls FOR TYPE int USING btree FAMILY app.fam AS OPERATOR 3 =;
CREATE COLLATION app.plain (locale = 'C');
CREATE DOMAIN app.short AS text CHECK (length(value) < 9);
CREATE TYPE app.pair AS (a int, b app.short);
CREATE TYPE app.span AS RANGE (subtype = int);
CREATE TEXT SEARCH DICTIONARY app.dict (TEMPLATE = simple);
CREATE TEXT SEARCH CONFIGURATION app.conf (COPY = simple);
CREATE SEQUENCE app.counter;
CREATE STATISTICS app.stat ON id, serial FROM app.item;
CREATE FUNCTION app.fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER fire BEFORE INSERT ON app.item FOR EACH ROW EXECUTE FUNCTION app.fire();
CREATE TABLE app."Sonderbar ""ß" (id int);
""",
    TWO: "INSERT INTO app.item (mood) VALUES ('ok');\n",
}


@pytest.fixture
def project(make_project):
    """A project with one schema and one of every kind of object in it."""
    return make_project(schemas=("app",), migrations=MIGRATIONS)


def _deploy(project, database):
    done = project.run("migrate", "deploy", url=database.url)
    assert done.returncode == 0, done.stderr


def test_everything_anew_and_nothing_else(project, database, pg_dump):
    """Structure as a fresh deploy's; grants, comments, other schemas and their rows as they were."""
    _deploy(project, database)
    fresh = pg_dump(database, "-n", "app")
    database.query("INSERT INTO app.item (mood) VALUES ('ok'); CREATE TABLE app.stray (id int)")
    database.query("CREATE SCHEMA other; CREATE TABLE other.mine (id int); INSERT INTO other.mine VALUES (7)")
    database.query("GRANT USAGE ON SCHEMA app TO PUBLIC; COMMENT ON SCHEMA app IS 'ours'")
    done = project.run("migrate", "reset", "--json", "--confirm", database.name, url=database.url)
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert (data["applied"], data["reset"], data["seeded"]) == ([ONE, TWO], True, False)
    assert database.query("SELECT count(*) FROM app.item") == [(1,)]
    assert database.query("SELECT id FROM other.mine") == [(7,)]
    assert database.query("SELECT obj_description('app'::regnamespace)") == [("ours",)]
    database.query("REVOKE ALL ON SCHEMA app FROM PUBLIC; COMMENT ON SCHEMA app IS NULL")
    assert pg_dump(database, "-n", "app").replace("COMMENT ON SCHEMA app IS NULL;", "") == fresh


@pytest.mark.parametrize("flags", [(), ("--force",), ("--confirm", "another"), ("--confirm", "another", "--force")])
def test_without_the_name_nothing_is_dropped(project, database, flags):
    """Exit 3 with what would be lost and the exact command; the command then works."""
    _deploy(project, database)
    done = project.run("migrate", "reset", *flags, url=database.url)
    assert done.returncode == 3
    assert "table" in done.stderr
    assert "item" in done.stderr
    assert f"next: pgready migrate reset --confirm {database.name}\n" in done.stderr
    assert database.query("SELECT count(*) FROM app.item") == [(1,)]


@pytest.mark.parametrize("right", [True, False])
def test_on_a_terminal_the_name_is_typed(project, database, right):
    """The name, typed, is consent; anything else is not."""
    _deploy(project, database)
    database.query("CREATE TABLE app.stray (id int)")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        project.command("migrate", "reset", "--no-color"),
        cwd=project.path,
        env=project.env(database.url),
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    seen = b""
    while b"go on" not in seen:
        seen += os.read(ours, 1000)
    os.write(ours, (database.name if right else "yes").encode() + b"\n")
    while True:
        try:
            piece = os.read(ours, 1000)
        except OSError:  # the terminal's other end is closed
            break
        if not piece:
            break
        seen += piece
    assert process.wait(60) == (0 if right else 3), seen
    process.communicate()
    os.close(ours)
    assert b"stray" in seen
    assert database.query("SELECT to_regclass('app.stray') IS NULL") == [(right,)]


def test_what_others_would_lose_is_named_and_stays(project, database):
    """A view and a foreign key of another schema: refused whole."""
    _deploy(project, database)
    database.query("CREATE SCHEMA other; CREATE VIEW other.v AS SELECT id FROM app.item")
    database.query("CREATE TABLE other.o (id int REFERENCES app.item, mood app.mood)")
    done = project.run("migrate", "reset", "--confirm", database.name, url=database.url)
    assert done.returncode == 2
    assert "view other.v" in done.stderr
    assert "constraint o_id_fkey on table other.o" in done.stderr
    assert "column mood of table other.o" in done.stderr
    assert "nothing was dropped" in done.stderr
    assert database.query("SELECT count(*) FROM app.item") == [(1,)]
    assert database.query("SELECT count(*) FROM other.v") == [(1,)]


def test_a_schema_with_another_history_is_refused(make_project, database):
    """Two services: the second one's schema is listed by the first, whose reset would take it along."""
    theirs = make_project("theirs", schemas=("billing",), migrations={ONE: "CREATE TABLE billing.t (id int);"})
    url = f"{database.url}{'&' if '?' in database.url else '?'}schema=billing"
    assert theirs.run("migrate", "deploy", url=url).returncode == 0
    ours = make_project("ours", schemas=("public", "billing"), migrations={TWO: "CREATE TABLE mine (id int);"})
    assert ours.run("migrate", "deploy", url=database.url).returncode == 0
    done = ours.run("migrate", "reset", "--confirm", database.name, url=database.url)
    assert done.returncode == 2, done.stderr
    assert "billing" in done.stderr
    assert database.query("SELECT count(*) FROM billing.t") == [(0,)]


def test_objects_of_another_owner(make_project, database, make_role):
    """A role that owns part of it only: refused with the object, nothing lost; what is its own it may drop."""
    role = make_role("half", "GRANT CREATE ON SCHEMA public TO {role}", "CREATE SCHEMA app")
    database.query(f'GRANT ALL ON SCHEMA app TO "{role.name}"')
    ours = {ONE: "CREATE TABLE app.item (id int); INSERT INTO app.item VALUES (1);"}
    project = make_project(schemas=("app",), migrations=ours)
    done = project.run("migrate", "deploy", url=role.url)
    assert done.returncode == 0, done.stderr
    database.query("CREATE TABLE app.theirs (id int)")
    done = project.run("migrate", "reset", "--confirm", database.name, url=role.url)
    assert done.returncode == 2
    assert "must be owner of table theirs" in done.stderr
    assert "nothing was dropped" in done.stderr
    assert database.query("SELECT count(*) FROM app.item") == [(1,)]
    database.query("DROP TABLE app.theirs")
    done = project.run("migrate", "reset", "--confirm", database.name, url=role.url)
    assert done.returncode == 0, done.stderr


def test_tables_of_another_role_are_not_a_superusers_to_drop(project, database, make_role):
    """A superuser could: refused with names and owners; REASSIGN OWNED, as advised, makes them the project's."""
    _deploy(project, database)
    role = make_role("billing")
    database.query(f'CREATE TABLE app.invoice (id int); ALTER TABLE app.invoice OWNER TO "{role.name}"')
    words = ("migrate", "reset", "--confirm", database.name)
    done = project.run(*words, url=database.url)
    assert done.returncode == 2, done.stderr
    assert f"app.invoice (role {role.name})" in done.stderr
    assert database.query("SELECT count(*) FROM app.invoice") == [(0,)]
    assert database.query("SELECT count(*) FROM app.item") == [(1,)]
    database.query(f'REASSIGN OWNED BY "{role.name}" TO CURRENT_USER')
    assert project.run(*words, url=database.url).returncode == 0


def test_what_is_declared_external_stays(make_project, database):
    """With rows, sequence and enum, and the migrations are applied beside it; a default that needs what goes: refused."""
    project = make_project(migrations={ONE: "CREATE TABLE mine (id int); CREATE TYPE mood AS ENUM ('a');"})
    (project.path / "pgready.toml").write_text('external_tables = ["public.users"]\nexternal_enums = ["kind"]\n')
    _deploy(project, database)
    database.query(
        "CREATE TYPE kind AS ENUM ('a'); CREATE TABLE users (id serial PRIMARY KEY, kind kind DEFAULT 'a', age int);"
        "INSERT INTO users VALUES (7); CREATE TABLE stray (id int)"
    )
    words = ("migrate", "reset", "--confirm", database.name)
    done = project.run(*words, url=database.url)
    assert done.returncode == 0, done.stderr
    assert database.query("INSERT INTO users (age) VALUES (1) RETURNING id, kind::text") == [(1, "a")]
    assert database.query("SELECT to_regclass('stray'), count(*) FROM mine") == [(None, 0)]
    database.query("ALTER TABLE users ADD mood mood; CREATE INDEX here ON users (age)")
    done = project.run(*words, url=database.url)
    assert done.returncode == 2, done.stderr
    assert "column mood of table users" in done.stderr


def test_what_is_of_no_schema_stays(make_project, database):
    """Publications, large objects, event triggers and default privileges, but those of a function that goes."""
    project = make_project(schemas=("app",), migrations={ONE: "CREATE TABLE app.t (id int);"})
    _deploy(project, database)
    database.query(
        "CREATE PUBLICATION p FOR TABLE app.t; SELECT lo_create(4711);"
        "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC;"
        "CREATE FUNCTION public.log() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
        "CREATE EVENT TRIGGER log ON ddl_command_end EXECUTE FUNCTION public.log();"
        "CREATE FUNCTION app.log() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
        "CREATE EVENT TRIGGER app_log ON ddl_command_end EXECUTE FUNCTION app.log()"
    )
    done = project.run("migrate", "reset", "--confirm", database.name, url=database.url)
    assert done.returncode == 0, done.stderr
    assert database.query("SELECT pubname FROM pg_publication") == [("p",)]
    assert database.query("SELECT count(*) FROM pg_publication_rel") == [(0,)]
    assert database.query("SELECT oid FROM pg_largeobject_metadata") == [(4711,)]
    assert database.query("SELECT evtname FROM pg_event_trigger") == [("log",)]
    assert database.query("SELECT has_table_privilege('pg_monitor', 'app.t', 'SELECT')") == [(True,)]


def test_through_a_transaction_pooler(project, database, make_pooler):
    """PgBouncer: no session state is needed, none is left."""
    _deploy(project, database)
    database.query("CREATE TABLE app.stray (id int)")
    pooler = make_pooler(database.server)
    done = project.run("migrate", "reset", "--confirm", database.name, url=pooler.url(database.name))
    assert done.returncode == 0, done.stderr
    assert database.query("SELECT to_regclass('app.stray'), count(*) FROM app.item") == [(None, 1)]


def test_more_objects_than_the_server_has_locks_for(project, make_server, make_database):
    """Dropped in parts, as Prisma's second try does; what others would lose stays nevertheless, and the rest is told."""
    server = make_server(settings={"max_locks_per_transaction": "10", "max_connections": "10"})
    database = make_database(server=server)
    _deploy(project, database)
    with database.connect() as connection:
        for at in range(0, 1200, 100):
            connection.execute("".join(f"CREATE TABLE app.t{n} (id int);" for n in range(at, at + 100)).encode())
    database.query("CREATE SCHEMA other; CREATE VIEW other.v AS SELECT * FROM app.t999")
    words = ("migrate", "reset", "--confirm", database.name)
    done = project.run(*words, url=database.url)
    assert done.returncode == 2, done.stderr
    assert "several transactions" in done.stderr
    assert "view other.v; part of it was dropped, the migrations table too" in done.stderr, done.stderr
    assert database.query("SELECT count(*) FROM other.v") == [(0,)]
    assert project.run("boot", "--", "true", url=database.url).returncode == 9  # P3005: no half is taken for a whole
    database.query("DROP VIEW other.v")
    done = project.run(*words, url=database.url)
    assert done.returncode == 0, done.stderr
    assert database.query("SELECT count(*) FROM app.item") == [(1,)]
    assert database.query("SELECT count(*) FROM pg_class WHERE relname ~ '^t[0-9]+$'") == [(0,)]


def test_a_script_that_cannot_be_sent_costs_nothing(project, database):
    """Judged before anything is dropped."""
    _deploy(project, database)
    project.migration("20240103000000_three", "SELECT 'open;")
    done = project.run("migrate", "reset", "--confirm", database.name, url=database.url)
    assert done.returncode == 2
    assert "migration.sql:1:8" in done.stderr
    assert database.query("SELECT count(*) FROM app.item") == [(1,)]


def test_a_seed_that_is_not_there_costs_nothing(project, database):
    """Looked up before anything is dropped; --skip-seed goes without."""
    _deploy(project, database)
    database.query("CREATE TABLE app.stray (id int)")
    (project.path / "pgready.toml").write_text('seed = "no-such-program"\n')
    done = project.run("migrate", "reset", "--confirm", database.name, url=database.url)
    assert done.returncode == 127
    assert database.query("SELECT count(*) FROM app.stray") == [(0,)]
    done = project.run("migrate", "reset", "--skip-seed", "--confirm", database.name, url=database.url)
    assert done.returncode == 0, done.stderr


def test_the_seed_runs_last(project, database):
    """It finds the tables, and its failure is told and leaves the migrations."""
    (project.path / "pgready.toml").write_text(f'seed = ["{project.command()[0]}", "seed.py"]\n')
    (project.path / "seed.py").write_text(
        "import os, psycopg\n"
        "with psycopg.connect(os.environ['DATABASE_URL']) as c:\n"
        "    c.execute(\"INSERT INTO app.item (mood) VALUES ('ok')\")\n"
    )
    done = project.run("migrate", "reset", "--confirm", database.name, url=database.url)
    assert done.returncode == 0, done.stderr
    assert database.query("SELECT count(*) FROM app.item") == [(2,)]


def test_earlier_failures_are_forgotten(project, database):
    """A migration that failed three times is tried again after a reset."""
    _deploy(project, database)
    file = project.migration("20240103000000_three", "SELECT nope;")
    for _ in range(3):
        assert project.run("migrate", "deploy", url=database.url).returncode == 6
        database.query("UPDATE pgready.failures SET failed_at = failed_at - interval '1 hour'")
    assert project.run("migrate", "deploy", url=database.url).returncode == 9
    done = project.run("migrate", "reset", "--confirm", database.name, url=database.url)
    assert done.returncode == 6, done.stderr
    file.write_text("SELECT 1;")
    assert project.run("migrate", "reset", "--confirm", database.name, url=database.url).returncode == 0


def test_it_waits_for_the_lock_and_for_tables(project, database):
    """The migration lock bounds it (8); so does a table that somebody uses, and nothing is lost half-way."""
    _deploy(project, database)
    words = ("migrate", "reset", "--confirm", database.name, "--timeout", "500ms", "--lock-timeout", "100ms")
    with database.connect() as holder:
        holder.execute("SELECT pg_advisory_lock(72707369)")
        assert project.run(*words, url=database.url).returncode == 8
    with database.connect() as holder, holder.transaction():
        holder.execute("SELECT * FROM app.item")
        done = project.run(*words, url=database.url)
    assert done.returncode == 8, done.stderr
    assert "nothing was dropped" in done.stderr
    assert database.query("SELECT count(*) FROM app.item") == [(1,)]


def test_two_resets_at_once(project, database):
    """Each does its work whole, one after the other."""
    _deploy(project, database)
    found = []
    runs = [
        threading.Thread(
            target=lambda: found.append(
                project.run("migrate", "reset", "--confirm", database.name, url=database.url).returncode
            )
        )
        for _ in range(2)
    ]
    for one in runs:
        one.start()
    for one in runs:
        one.join()
    assert found == [0, 0]
    assert database.query("SELECT count(*) FROM app.item") == [(1,)]


def test_without_schemas_the_search_path_counts(make_project, database):
    """A project that lists none: the schema of the migrations table is emptied."""
    project = make_project(migrations={ONE: "CREATE TABLE t (id int);"})
    _deploy(project, database)
    database.query("CREATE TABLE stray (id int)")
    assert project.run("migrate", "reset", "--confirm", database.name, url=database.url).returncode == 0
    assert database.query("SELECT to_regclass('stray'), to_regclass('t') IS NOT NULL") == [(None, True)]
