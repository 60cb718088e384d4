"""Backfills: marked statements of a migration, run in batches by the deploy, each row exactly once."""

import json
import re
import signal
import time

import psycopg
import pytest

pytestmark = pytest.mark.matrix

ROWS = 12_000
TABLE = (
    "CREATE TABLE t (id bigint PRIMARY KEY, a int, b int);"
    " INSERT INTO t SELECT i * 3, i % 7, NULL FROM generate_series(1, {rows}) i;"
    " CREATE TABLE effects (id bigint);"
    " CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN INSERT INTO effects VALUES (coalesce(NEW.id, OLD.id)); RETURN coalesce(NEW, OLD); END $$;"
    " CREATE TRIGGER noted AFTER UPDATE OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION noted();"
)
FILL = "-- pgready: backfill key=id batch=500\nUPDATE t SET b = a * 2 WHERE a <> 3;"


def deploy(project, database, *more):
    """`migrate deploy`, its run."""
    return project.run("migrate", "deploy", "--timeout", "30", *more, url=database.url)


def transactions(database):
    """How many transactions wrote each row of t last."""
    return database.query("SELECT count(DISTINCT xmin::text) FROM t WHERE b IS NOT NULL")[0][0]


def test_each_batch_is_a_transaction(database, make_project):
    """The whole is what the statement says, in many small commits; every row once; the row of the migration is whole."""
    project = make_project(migrations={"1_table": TABLE.format(rows=ROWS), "2_fill": FILL})
    done = deploy(project, database)
    assert done.returncode == 0, done.stderr
    assert database.query("SELECT count(*) FROM t WHERE b IS DISTINCT FROM CASE WHEN a <> 3 THEN a * 2 END") == [(0,)]
    assert transactions(database) == ROWS // 500
    assert database.query("SELECT count(*), count(DISTINCT id) FROM effects") == [
        (ROWS - ROWS // 7 - (ROWS % 7 > 2), ROWS - ROWS // 7 - (ROWS % 7 > 2))
    ]
    assert database.query("SELECT finished_at IS NOT NULL, logs FROM _prisma_migrations ORDER BY 1, migration_name")[
        -1
    ] == (True, None)


def test_without_the_mark_it_is_one_transaction(database, make_project):
    """The mark is what makes the difference."""
    plain = FILL.partition("\n")[2]
    project = make_project(migrations={"1_table": TABLE.format(rows=2000), "2_fill": plain})
    assert deploy(project, database).returncode == 0
    assert transactions(database) == 1


STATEMENTS = {
    "update": ("UPDATE t SET b = a * 2 WHERE a <> 3 OR b IS NULL", ""),
    "update_from": ("UPDATE t AS x SET b = u.v FROM u WHERE u.k = x.a", "CREATE TABLE u AS SELECT i AS k, i * 10 AS v FROM generate_series(0, 5) i"),
    "delete": ("DELETE FROM t WHERE a = 2 -- old ones\n", ""),
    "delete_using": ("DELETE FROM t USING u WHERE u.k = t.a RETURNING t.id", "CREATE TABLE u AS SELECT 4 AS k"),
    "insert": ("INSERT INTO c (id, a) SELECT t.id, lower(t.a::text)::int FROM t WHERE t.a > 1 OR t.a = 0 ON CONFLICT DO NOTHING", "CREATE TABLE c (id bigint PRIMARY KEY, a int); INSERT INTO c VALUES (3, 99)"),
    "insert_join": ("INSERT INTO c SELECT t.id, u.v FROM t JOIN u ON u.k = t.a", "CREATE TABLE c (id bigint, v int); CREATE TABLE u AS SELECT i % 4 AS k, i AS v FROM generate_series(1, 8) i"),
    "distinct_from": ("INSERT INTO c SELECT t.id, t.a FROM t WHERE t.a IS DISTINCT FROM 3 AND t.a IS NOT DISTINCT FROM t.a", "CREATE TABLE c (id bigint, a int)"),
    "columns": ("UPDATE t SET (b, a) = (a * 3, a + 1) WHERE b IS DISTINCT FROM a", ""),
    "subquery": ("UPDATE t SET b = (SELECT max(k) FROM u WHERE u.k <= t.a)", "CREATE TABLE u AS SELECT 2 AS k UNION SELECT 5"),
}  # fmt: skip


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_whole_is_the_sum_of_its_batches(database, make_database, make_project, name):
    """Against the same statement run whole, on the same rows."""
    statement, more = STATEMENTS[name]
    found = []
    for mark, where in (("-- pgready: backfill key=id batch=100\n", database), ("", make_database())):
        project = make_project(
            name=f"app{len(found)}",
            migrations={"1_table": f"{TABLE.format(rows=3000)} {more};", "2_fill": f"{mark}{statement};"},
        )
        done = deploy(project, where)
        assert done.returncode == 0, done.stderr
        tables = [
            row[0]
            for row in where.query(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname !~ '^_' ORDER BY 1"
            )
        ]
        found.append([(table, where.query(f"SELECT x::text FROM {table} x ORDER BY 1")) for table in tables])
    assert found[0] == found[1]


KEYS = {
    "uuid": ("id uuid PRIMARY KEY", "md5(i::text)::uuid", "id"),
    "text": ("id text PRIMARY KEY", "'k''\\' || (i * 7919 % 3001)", "id"),
    "composite": ("p int, q text, PRIMARY KEY (p, q)", "i % 7, 'q' || i", "p,q"),
    "char": ("id char(12) PRIMARY KEY", "'c' || i", "id"),
    "time": ("id timestamptz PRIMARY KEY", "now() + i * interval '1.000001 s'", "id"),
    "odd": ('"Key ""x""" bigint PRIMARY KEY', "i * i", '"Key ""x"""'),
    "gaps": ("id bigint PRIMARY KEY", "i::bigint * i * 1000 - 5000000", "id"),
}


@pytest.mark.parametrize("name", KEYS)
def test_keys_of_every_kind(database, make_project, name):
    """Each row once, whatever orders the batches."""
    columns, values, key = KEYS[name]
    table = (
        f"CREATE TABLE t ({columns}, n int NOT NULL DEFAULT 0);"
        f" INSERT INTO t SELECT {values} FROM generate_series(1, 1500) i;"
    )
    fill = f"-- pgready: backfill key={key} batch=64\nUPDATE t SET n = n + 1;"
    done = deploy(make_project(migrations={"1_table": table, "2_fill": fill}), database)
    assert done.returncode == 0, done.stderr
    assert database.query("SELECT n, count(*) FROM t GROUP BY 1") == [(1, 1500)]
    assert database.query("SELECT count(DISTINCT xmin::text) FROM t") == [(-(-1500 // 64),)]


def test_it_goes_on_where_it_was_killed(database, make_project):
    """Kill after kill, and every row is changed once."""
    # A batch takes long enough for several kills before the last one, however fast the machine is.
    slow = TABLE.format(rows=6000).replace(
        "BEGIN INSERT", "BEGIN PERFORM pg_sleep(0.005) WHERE NEW.id % 45 = 0; INSERT"
    )
    project = make_project(migrations={"1_table": slow, "2_fill": FILL.replace("500", "60")})
    kills = changed = 0
    with database.connect() as watcher:
        while kills < 6:
            process = project.start("migrate", "deploy", url=database.url)
            while process.poll() is None:
                (there,) = watcher.execute("SELECT to_regclass('effects') IS NOT NULL").fetchone()
                now = watcher.execute("SELECT count(*) FROM effects").fetchone()[0] if there else 0
                if now > changed:
                    process.send_signal(signal.SIGKILL)
                    kills += 1
                    changed = now
                    break
                time.sleep(0.005)
            process.communicate(timeout=60)
            if process.returncode == 0:
                break
    done = deploy(project, database)
    assert done.returncode == 0, done.stderr
    assert kills >= 3
    expected = database.query("SELECT count(*) FROM t WHERE a <> 3")
    assert database.query("SELECT count(*) FROM effects") == expected
    assert database.query("SELECT count(DISTINCT id) FROM effects") == expected


def test_two_at_once_do_it_once(database, make_project):
    """The lock and the row's own progress let one work."""
    project = make_project(migrations={"1_table": TABLE.format(rows=4000), "2_fill": FILL.replace("500", "100")})
    both = [project.start("migrate", "deploy", url=database.url) for _ in range(2)]
    for process in both:
        _, story = process.communicate(timeout=60)
        assert process.returncode == 0, story
    assert database.query("SELECT count(*) = count(DISTINCT id) FROM effects") == [(True,)]


def test_it_adapts_and_tells(database, make_project):
    """Without a fixed size the batches grow; a failing row leaves the position and a word."""
    check = "ALTER TABLE t ADD CONSTRAINT k CHECK (b <> 6 OR id < 30000) NOT VALID;"
    fill = "-- pgready: backfill key=id\nUPDATE t SET b = a * 2;"
    project = make_project(migrations={"1_table": TABLE.format(rows=ROWS) + check, "2_fill": fill})
    failed = deploy(project, database)
    assert failed.returncode == 6, failed.stderr
    assert "violates check constraint" in failed.stderr
    assert "migration.sql:2:1" in failed.stderr
    (logs,) = database.query("SELECT logs FROM _prisma_migrations WHERE migration_name = '2_fill'")[0]
    position = json.loads(re.search(r"runs in batches: (\{.*\})", logs)[1])
    assert 0 < int(position["at"][0]) < 30000
    sizes = [
        row[0]
        for row in database.query("SELECT count(*) FROM t WHERE b IS NOT NULL GROUP BY xmin::text ORDER BY min(id)")
    ]
    assert sizes[0] == 1000
    assert max(sizes) > 1000
    database.query("ALTER TABLE t DROP CONSTRAINT k")
    assert project.run("migrate", "resolve", "--retry", "2_fill", url=database.url).returncode == 0
    done = deploy(project, database)
    assert done.returncode == 0, done.stderr
    assert database.query("SELECT count(*), count(DISTINCT id) FROM effects") == [(ROWS, ROWS)]


def test_rows_that_come_later_are_not_waited_for(database, make_project):
    """The end is the last key of the beginning: a writer that is faster than the batches does not keep it going."""
    table = TABLE.format(rows=3000) + (
        " CREATE FUNCTION more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO t SELECT max(id) + 1, 0, NULL FROM t; RETURN NULL; END $$;"
        " CREATE TRIGGER more AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION more();"
    )
    done = deploy(make_project(migrations={"1_table": table, "2_fill": FILL}), database)
    assert done.returncode == 0, done.stderr
    assert database.query("SELECT count(*) FROM t WHERE id > 9000 AND b IS NOT NULL") == [(0,)]


BAD = {
    "no_key": ("-- pgready: backfill\nUPDATE t SET a = 1;", "names no key", 2),
    "unknown": ("-- pgready: backfill key=id speed=3\nUPDATE t SET a = 1;", "speed=3", 2),
    "no_column": ("-- pgready: backfill key=nope\nUPDATE t SET a = 1;", "no column nope", 2),
    "null": ("-- pgready: backfill key=a\nUPDATE t SET b = 1;", "may be NULL", 2),
    "no_index": ("-- pgready: backfill key=c\nUPDATE t SET b = 1;", "no index", 2),
    "key_changes": ("-- pgready: backfill key=id\nUPDATE t SET id = id + 1;", "changes id", 2),
    "keys_change": ("-- pgready: backfill key=id\nUPDATE t SET a = 1, (b, id) = (2, 3);", "changes id", 2),
    "no_table": ("-- pgready: backfill key=id\nUPDATE nope SET a = 1;", "no table nope", 2),
    "select": ("-- pgready: backfill key=id\nSELECT 1;", "only an UPDATE", 2),
    "nothing": ("UPDATE t SET a = 1;\n-- pgready: backfill key=id\n", "before no statement", 2),
    "block": ("BEGIN;\n-- pgready: backfill key=id\nUPDATE t SET a = 1;\nSELECT 1;\nCOMMIT;", "BEGIN and COMMIT", 2),
    "group": ("-- pgready: backfill key=id\nINSERT INTO c SELECT a, count(*) FROM t GROUP BY a;", "GROUP", 2),
    "aggregate": ("-- pgready: backfill key=id\nINSERT INTO c SELECT sum(a), 1 FROM t;", "sum(…)", 2),
    "distinct": ("-- pgready: backfill key=id\nINSERT INTO c SELECT DISTINCT a, 1 FROM t;", "DISTINCT", 2),
    "outer": ("-- pgready: backfill key=id\nINSERT INTO c SELECT u.a, 1 FROM t RIGHT JOIN c u ON true;", "RIGHT JOIN", 2),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_run_in_batches_is_refused(database, make_project, name):
    """With the place and the way out, and nothing of the migration applied."""
    script, word, code = BAD[name]
    table = "CREATE TABLE t (id int PRIMARY KEY, a int, b int, c int NOT NULL); INSERT INTO t VALUES (1, 1, 1, 1); CREATE INDEX ON t (a); CREATE TABLE c (a int, b int);"
    done = deploy(make_project(migrations={"1_table": table, "2_fill": script}), database)
    assert done.returncode == code, done.stderr
    assert word in done.stderr
    assert re.search(r"2_fill/migration\.sql:\d+:\d+", done.stderr), done.stderr
    assert "Traceback" not in done.stderr
    exists = database.query("SELECT to_regclass('_prisma_migrations') IS NOT NULL")[0][0]
    assert not exists or database.query("SELECT count(*) FROM _prisma_migrations WHERE migration_name = '2_fill'") == [
        (0,)
    ]


def test_an_empty_table_and_what_stands_around(database, make_project):
    """Nothing to do is done at once; statements before and after keep their order and their settings."""
    script = (
        "SET search_path = other;\nCREATE TABLE t (id int PRIMARY KEY, v int);\n"
        "-- pgready: backfill key=id\nUPDATE t SET v = 1;\n"
        "INSERT INTO t SELECT i, NULL FROM generate_series(1, 250) i;\n"
        "-- pgready: backfill key=id batch=100\nUPDATE t SET v = id;\n"
        "CREATE INDEX ON t (v);"
    )
    project = make_project(migrations={"1_schema": "CREATE SCHEMA other;", "2_fill": script})
    done = deploy(project, database)
    assert done.returncode == 0, done.stderr
    assert database.query("SELECT count(*), sum(v - id), count(DISTINCT xmin::text) FROM other.t") == [(250, 0, 3)]


def test_as_prisma_reads_it(database, make_project, make_database):
    """The mark is a comment: psycopg, as any client, runs the file whole."""
    with psycopg.connect(database.socket_url, autocommit=True) as connection:
        connection.execute(TABLE.format(rows=100))
        connection.execute(FILL)
    assert transactions(database) == 1
