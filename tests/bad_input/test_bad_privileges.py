"""Roles that may not, servers that will not: the exact GRANT, the right exit code, an untouched database."""

import os
import subprocess

import psycopg
import pytest
from untouched import snapshot, tables_of_team

pytestmark = pytest.mark.matrix

ONE = {"1_one": "CREATE TABLE extra.one (id int);"}


@pytest.fixture
def project(make_project):
    """Two schemas, one migration."""
    return make_project(schemas=("public", "extra"), migrations=ONE)


def _grants(stderr):
    """The statements that the error tells, as an administrator would copy them."""
    return [line.strip() for line in stderr.splitlines() if line.strip().removeprefix("next: ").startswith("GRANT ")]


def test_a_role_without_create_boots_where_nothing_is_missing(make_role, database, project):
    """No privilege is asked for that is not needed: SELECT is enough where everything is applied."""
    role = make_role("app", "GRANT USAGE ON SCHEMA public TO {role}")
    assert project.run("boot", "--", "true", url=database.url).returncode == 0
    database.query(f'GRANT SELECT ON _prisma_migrations TO "{role.name}"')
    for verb in ("boot", "wait"):
        done = project.run(verb, "--", "echo", "served", url=role.url)
        assert (done.returncode, done.stdout) == (0, "served\n"), done.stderr


def test_a_missing_schema_needs_create_on_the_database(make_role, database, project):
    """Told with two statements; the first of them is enough."""
    role = make_role("my app")
    before = snapshot(database)
    done = project.run("boot", "--", "true", url=role.url)
    assert done.returncode == 2, done.stderr
    assert f'schema "extra" is missing and role {role.name} may not create it' in done.stderr
    assert snapshot(database) == before
    assert _grants(done.stderr) == [f'GRANT CREATE ON DATABASE "{database.name}" TO "{role.name}";']
    for statement in _grants(done.stderr):
        database.query(statement)
    done = project.run("boot", "--", "true", url=role.url)
    assert 'may not create the migrations table in schema "public"' in done.stderr or done.returncode == 0, done.stderr


def test_the_migrations_table_needs_create_on_its_schema(make_role, database, project):
    """Told with the statement, and the statement is enough."""
    role = make_role("app", "CREATE SCHEMA extra AUTHORIZATION {role}", "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    before = snapshot(database)
    done = project.run("boot", "--", "true", url=role.url)
    assert done.returncode == 2, done.stderr
    assert snapshot(database) == before
    command = done.stderr.partition("as the schema's owner: ")[2].splitlines()[0]
    assert command == f'GRANT CREATE ON SCHEMA "public" TO "{role.name}";'
    database.query(command)
    done = project.run("boot", "--", "echo", "served", url=role.url)
    assert (done.returncode, done.stdout) == (0, "served\n"), done.stderr
    database.query(f'REASSIGN OWNED BY "{role.name}" TO CURRENT_USER; DROP OWNED BY "{role.name}"')


@pytest.mark.parametrize("verb", ["boot", "wait", "status"])
def test_the_grants_for_the_migrations_table_are_told_and_are_enough(verb, make_role, database, make_project):
    """A schema with an odd name and a role with another: the statements are quoted, and running them is enough."""
    project = make_project(migrations={"1_one": "SELECT 1"})
    schema = "my schéma"
    url = f"?schema={schema.replace(' ', '%20')}"
    assert project.run("boot", "--", "true", url=database.url + url).returncode == 0
    role = make_role("my app")
    before = snapshot(database)
    words = ("migrate", "status") if verb == "status" else (verb, "--timeout", "5s", "--", "true")
    done = project.run(*words, url=role.url + url)
    assert done.returncode == (5 if verb == "wait" else 2), done.stderr
    assert f"role {role.name} may not " in done.stderr
    assert snapshot(database) == before
    grants = _grants(done.stderr)
    assert grants[0] == f'GRANT USAGE ON SCHEMA "{schema}" TO "{role.name}";'
    for statement in grants:
        database.query(statement)
    done = project.run(*words, url=role.url + url)
    assert done.returncode == 0, done.stderr
    database.query(f'DROP OWNED BY "{role.name}"')


def test_a_role_that_may_read_and_not_write_the_migrations_table(make_role, database, make_project):
    """With something pending, the GRANT for writing is told; the migration is not blamed, and nothing is applied."""
    project = make_project(migrations={"1_one": "CREATE TABLE one (id int);"})
    assert project.run("boot", "--", "true", url=database.url).returncode == 0
    project.migration("2_two", "SELECT 1;")
    role = make_role("app", "GRANT SELECT ON _prisma_migrations TO {role}")
    before = snapshot(database)
    done = project.run("boot", "--", "true", url=role.url)
    assert done.returncode == 2, done.stderr
    assert f"role {role.name} may not write the migrations table" in done.stderr
    assert snapshot(database) == before
    for statement in _grants(done.stderr):
        database.query(statement)
    assert project.run("boot", "--", "true", url=role.url).returncode == 0
    database.query(f'DROP OWNED BY "{role.name}"')


def test_a_read_only_database_is_told(database, project):
    """default_transaction_read_only: exit 5, in words that do not blame the role, and an untouched database."""
    before = snapshot(database)
    url = database.url + "?options=-c%20default_transaction_read_only%3Don"
    done = project.run("boot", "--timeout", "1s", "--", "true", url=url)
    assert done.returncode == 5, done.stderr
    assert "transactions are read-only here (default_transaction_read_only)" in done.stderr
    assert snapshot(database) == before


def test_memory_of_failures_without_its_schema(make_role, database, make_project):
    """A role that may not make the schema pgready is told that nothing is remembered, and each boot tries again."""
    role = make_role("app", "GRANT CREATE ON SCHEMA public TO {role}")
    project = make_project(migrations={"1_one": "SELECT nope;"})
    for _ in range(2):
        done = project.run("boot", "--", "true", url=role.url)
        assert done.returncode == 6, done.stderr
        assert f"role {role.name} may not create the schema pgready: this failure is not remembered" in done.stderr
    assert tables_of_team(database) == []
    database.query(f'DROP OWNED BY "{role.name}"')


# ── a disk that is full ──


@pytest.fixture
def small_disk(server, make_open_dir, database):
    """A tablespace on a file system of 8 MB that the database lives in; root only."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    place = make_open_dir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("this machine mounts no tmpfs")
    try:
        owner = os.stat(server.data_dir)
        os.chown(place, owner.st_uid, owner.st_gid)
        database.query(f"CREATE TABLESPACE small_{database.name} LOCATION '{place}'")
        try:
            yield f"small_{database.name}", place
            database.query("DROP TABLE IF EXISTS big")
        finally:
            database.query(f"DROP TABLESPACE small_{database.name}")
    finally:
        subprocess.run(["umount", place], check=True)


def test_a_full_disk_rolls_back_whole_and_is_not_the_scripts_fault(small_disk, database, make_project):
    """53100: exit 6, nothing applied, nothing held against the script; with space it boots."""
    tablespace, place = small_disk
    project = make_project(migrations={"1_one": "CREATE TABLE one (id int);"})
    project.migration(
        "2_big",
        f"CREATE TABLE big (t text) TABLESPACE {tablespace};\n"
        "ALTER TABLE big ALTER t SET STORAGE PLAIN;\n"
        "INSERT INTO big SELECT repeat(md5(i::text), 200) FROM generate_series(1, 2000) i;\n",
    )
    for _ in range(2):
        done = project.run("boot", "--", "true", url=database.url)
        assert done.returncode == 6, done.stderr
        assert "No space left on device (SQLSTATE 53100); nothing of this migration was applied" in done.stderr
        assert "2_big/migration.sql:3:1" in done.stderr
        assert "next: give the server what it lacks (disk, memory, connections), then boot again" in done.stderr
        assert tables_of_team(database) == ["one"]
        assert database.query("SELECT to_regclass('pgready.failures')") == [(None,)]
    subprocess.run(["mount", "-o", "remount,size=64m", place], check=True)
    done = project.run("boot", "--", "echo", "served", url=database.url)
    assert (done.returncode, done.stdout) == (0, "served\n"), done.stderr
    assert database.query("SELECT count(*) FROM big") == [(2000,)]


# ── a server that is too old ──


def test_a_server_that_is_too_old_is_refused(make_old_server, project):
    """PostgreSQL 13: exit 2 with both versions named, before anything is made."""
    server = make_old_server()
    done = project.run("boot", "--", "true", url=server.url())
    assert done.returncode == 2, done.stderr
    assert "the server is PostgreSQL 13." in done.stderr
    assert "too old, pgready needs 14 or newer" in done.stderr
    with psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'extra'").fetchone() == (0,)
    for words in (("migrate", "status"), ("wait", "--", "true")):
        done = project.run(*words, url=server.url())
        assert (done.returncode, "needs 14 or newer" in done.stderr) == (2, True), done.stderr
