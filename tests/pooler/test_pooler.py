"""Through PgBouncer in transaction mode: what works, what is refused in time, and what must not leak."""

import json

import pytest

pytestmark = [pytest.mark.matrix, pytest.mark.pgbouncer]

CONCURRENTLY = {
    "1_init": "CREATE TABLE a (id int);",
    "2_index": "CREATE INDEX CONCURRENTLY a_id ON a (id);",
}


def rows(database, schema="public"):
    """Names and states of the migrations table, in order."""
    return database.query(
        f'SELECT migration_name, finished_at IS NOT NULL FROM "{schema}"._prisma_migrations ORDER BY started_at'
    )


def relations(database):
    """Everything that somebody made in the database."""
    return database.query(
        "SELECT nspname, relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' ORDER BY 1, 2"
    )


def test_statement_outside_of_transactions_needs_a_direct_url(make_pooler, server, database, make_project):
    """Without a direct URL such a folder is refused before anything is made, file and way out named; with one it goes."""
    pooler = make_pooler(server)
    project = make_project(schemas=("public", "extra"), migrations=CONCURRENTLY)
    done = project.run("boot", "--", "true", url=pooler.url(database.name))
    assert done.returncode == 2, done.stderr
    assert "2_index" in done.stderr
    assert "PGREADY_DIRECT_URL" in done.stderr
    assert relations(database) == []
    assert database.query("SELECT nspname FROM pg_namespace WHERE nspname = 'extra'") == []
    done = project.run("boot", "--", "true", url=pooler.url(database.name), env={"PGREADY_DIRECT_URL": database.url})
    assert done.returncode == 0, done.stderr
    assert rows(database) == [("1_init", True), ("2_index", True)]
    assert database.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_id'::regclass") == [(True,)]


def test_direct_url_of_the_datasource(make_pooler, server, database, make_project):
    """Prisma's directUrl serves as well."""
    project = make_project(migrations=CONCURRENTLY)
    project.write_schema(
        'datasource db {\n provider = "postgresql"\n url = env("DATABASE_URL")\n directUrl = env("DIRECT_URL")\n}\n'
    )
    url = make_pooler(server).url(database.name, "?pgbouncer=true")
    done = project.run("boot", "--", "true", url=url, env={"DIRECT_URL": database.url})
    assert done.returncode == 0, done.stderr
    assert rows(database) == [("1_init", True), ("2_index", True)]


def test_commit_inside_a_procedure(make_pooler, server, database, make_project):
    """A script that only the server can know to end transactions is not run over the pooler, and nothing leaks."""
    pooler = make_pooler(server, default_pool_size=2)
    project = make_project(
        migrations={
            "1_init": "CREATE TABLE a (id int);",
            "2_do": "DO $$ BEGIN INSERT INTO a VALUES (1); COMMIT; END $$;",
        }
    )
    done = project.run("boot", "--", "true", url=pooler.url(database.name))
    assert done.returncode == 2, done.stderr
    assert "2_do" in done.stderr
    assert "PGREADY_DIRECT_URL" in done.stderr
    assert rows(database) == [("1_init", True)]
    assert database.query("SELECT * FROM a") == []
    done = project.run("boot", "--", "true", url=pooler.url(database.name), env={"PGREADY_DIRECT_URL": database.url})
    assert done.returncode == 0, done.stderr
    assert database.query("SELECT * FROM a") == [(1,)]


def test_schema_parameter(make_pooler, server, database, make_project):
    """`?schema=` holds through a pooler, which refuses search_path at the start of a session."""
    pooler = make_pooler(server)
    project = make_project(
        migrations={
            "1_init": "CREATE TABLE a (id int);",
            "2_enum": "CREATE TYPE e AS ENUM ('x');",
            "3_use": "ALTER TYPE e ADD VALUE 'y'; CREATE TABLE b (e e DEFAULT 'y');",
        }
    )
    url = pooler.url(database.name, "?schema=Own%20one&pgbouncer=true&connection_limit=1")
    done = project.run("boot", "--", "true", url=url)
    assert done.returncode == 0, done.stderr
    assert relations(database) == [("Own one", n) for n in ("_prisma_migrations", "_prisma_migrations_pkey", "a", "b")]
    again = project.run("boot", "--", "true", url=url)
    assert (again.returncode, again.stderr) == (0, "pgready: ready, 3 migrations applied, nothing pending\n")
    waited = project.run("wait", "--", "echo", "served", url=url)
    assert (waited.returncode, waited.stdout) == (0, "served\n")
    status = project.run("migrate", "status", "--json", url=url)
    assert status.returncode == 0, status.stderr
    assert json.loads(status.stdout)["ready"] is True


SETTINGS = (
    "SELECT name, setting FROM pg_settings WHERE source = 'session' AND name NOT IN"
    " ('client_encoding', 'application_name', 'DateStyle', 'TimeZone', 'standard_conforming_strings') ORDER BY 1"
)


@pytest.mark.parametrize(
    ("script", "code"),
    [
        pytest.param("SET ROLE leak_role; SET search_path = nowhere; SET lock_timeout = '1ms'", 0, id="SET"),
        pytest.param("SELECT set_config('search_path', '', false); SET statement_timeout = 77", 0, id="set_config"),
        pytest.param("SET work_mem = '77MB'; SELECT 1 / 0", 6, id="failing"),
        pytest.param("BEGIN; SET work_mem = '77MB'; COMMIT; BEGIN; SET search_path = nowhere; COMMIT", 0, id="steps"),
        pytest.param("SET work_mem = '77MB'; BEGIN; SELECT 1; COMMIT; SELECT 1 / 0", 6, id="failing step"),
    ],
)
def test_nothing_leaks_to_the_next_client(make_pooler, server, database, make_project, script, code):
    """The pooled server connections go back as they came: role, settings, locks, transactions."""
    role = f"leak_{database.name}"
    database.roles.append(role)
    database.query(f'CREATE ROLE "{role}"')
    pooler = make_pooler(server, default_pool_size=2)
    project = make_project(
        migrations={"1_init": "CREATE TABLE a (id int);", "2_leak": script.replace("leak_role", role)}
    )
    done = project.run("boot", "--", "true", url=pooler.url(database.name))
    assert done.returncode == code, done.stderr
    pids = set()
    with pooler.connect(database.name) as one, pooler.connect(database.name) as two:
        one.execute("BEGIN")  # holds one server connection, so the second client gets the other
        for client in (one, two):
            who = client.execute("SELECT pg_backend_pid(), session_user = current_user, current_schemas(false)::text")
            pid, same, path = who.fetchone()
            pids.add(pid)
            assert (same, path) == (True, "{public}")
            assert client.execute(SETTINGS).fetchall() == []
            assert client.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone() == (0,)
        one.execute("COMMIT")
    assert len(pids) == 2
    busy = (
        "SELECT pid, state, query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    assert database.query(busy + " AND state <> 'idle'") == []


def test_pool_of_one(make_pooler, server, database, make_project):
    """A pool that cannot give a second connection while the lock is held is told by name, and soon."""
    pooler = make_pooler(server, default_pool_size=1)
    project = make_project(migrations={"1_init": "CREATE TABLE a (id int);"})
    done = project.run("boot", "--timeout", "3", "--", "true", url=pooler.url(database.name))
    assert done.returncode == 7, done.stderr
    assert "default_pool_size" in done.stderr
    assert relations(database) == []
    assert database.query("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == [(0,)]
    # With a direct URL the pooler need not give two.
    done = project.run(
        "boot", "--timeout", "3", "--", "true", url=pooler.url(database.name), env={"PGREADY_DIRECT_URL": database.url}
    )
    assert done.returncode == 0, done.stderr
    assert rows(database) == [("1_init", True)]
    # Ready: one connection is enough.
    assert project.run("boot", "--", "true", url=pooler.url(database.name)).returncode == 0


def test_pool_of_two_carries_ten(make_pooler, server, database, make_project):
    """Two server connections are enough for ten replicas: the waiting ones hold none."""
    pooler = make_pooler(server, default_pool_size=2)
    project = make_project(
        migrations={"1_slow": "CREATE TABLE a (id int); SELECT pg_sleep(2);", "2_b": "CREATE TABLE b ()"}
    )
    running = [project.start("boot", "--", "true", url=pooler.url(database.name)) for _ in range(10)]
    outputs = [process.communicate(timeout=90)[1] for process in running]
    assert [p.returncode for p in running] == [0] * 10, "\n".join(outputs)
    assert rows(database) == [("1_slow", True), ("2_b", True)]


def test_idle_transaction_timeout(make_pooler, server, database, make_project):
    """A pooler that cuts the lock's connection is told by name, and what is under way is not applied twice."""
    pooler = make_pooler(server, idle_transaction_timeout=0.5)
    project = make_project(
        migrations={
            "1_init": "CREATE TABLE a (v int); INSERT INTO a VALUES (1);",
            "2_slow": "UPDATE a SET v = v * 2; SELECT pg_sleep(4);",
            "3_more": "UPDATE a SET v = v * 2;",
            "4_slow": "SELECT pg_sleep(3); UPDATE a SET v = v * 2;",
        }
    )
    done = project.run("boot", "--", "true", url=pooler.url(database.name))
    assert done.returncode == 0, done.stderr
    assert database.query("SELECT v FROM a") == [(8,)]
    assert [name for name, _ in rows(database)] == ["1_init", "2_slow", "3_more", "4_slow"]
    assert "idle_transaction_timeout" in done.stderr
