"""The pytest plugin, run as users run it: a suite of its own in a process of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pgready.integrations.recording import Recorder
from pgready.proof.contracts.file import read_contracts
from pgready.proof.contracts.normalise import Seen, joined
from pgready.proof.contracts.recorded_file import recorded_file
from pgready.psl.diagnostics import Findings
from pgready.psl.source import Source

SOURCE = str(Path(__file__).parents[2] / "src")

MIGRATION = """
CREATE TABLE clients (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE invoices (
  id uuid PRIMARY KEY, client_id uuid NOT NULL REFERENCES clients (id), status text NOT NULL, note text,
  created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON invoices (client_id, created_at DESC);
"""

APP = """
import sqlalchemy as sa

def by_client(conn, client, limit=20):
    text = "SELECT * FROM invoices WHERE client_id = :client ORDER BY created_at DESC LIMIT :size"
    return conn.execute(sa.text(text), {"client": client, "size": limit}).all()

def by_note(conn, note):
    return conn.execute(sa.text("SELECT * FROM invoices WHERE note = :note"), {"note": note}).all()

def raw(cursor):
    cursor.execute("SELECT id FROM invoices WHERE status = %s AND note LIKE '%%x' AND status <> 'gone'", ["open"])
    cursor.execute("SELECT name FROM clients WHERE name = 'a secret'")
    cursor.execute("SELECT name FROM clients WHERE name = 'another secret'")
    for ids in (["5f0c1d3e-6a52-4b1b-9d6e-2f4c8a7b9e01"] * 2, ["5f0c1d3e-6a52-4b1b-9d6e-2f4c8a7b9e02"] * 3):
        cursor.execute(f"SELECT id FROM clients WHERE id IN ({', '.join(['%s'] * len(ids))})", ids)
"""

CONFTEST = """
import os, psycopg, pytest, sqlalchemy as sa

pytest_plugins = ["pgready.pytest"]

@pytest.fixture
def conn():
    engine = sa.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(os.environ["TEST_URL"]))
    with engine.connect() as connection:
        yield connection
    engine.dispose()
"""

TESTS = """
import asyncio, os, urllib.parse, uuid
import asyncpg, psycopg, pytest, sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
import app

def test_one(conn):
    app.by_client(conn, uuid.uuid4(), 5)
    conn.execute(sa.text("SELECT 1"))

def test_two(conn):
    app.by_client(conn, uuid.uuid4(), 50)
    app.by_note(conn, "a secret")

def test_psycopg():
    with psycopg.connect(os.environ["TEST_URL"]) as connection, connection.cursor() as cursor:
        app.raw(cursor)
        connection.execute("CREATE TEMP TABLE x ()")

def dial():
    return asyncpg.connect(host=os.environ["TEST_HOST"], port=int(os.environ["TEST_PORT"]), user="postgres",
                           database=os.environ["TEST_NAME"])

def test_asyncpg():
    async def ask():
        connection = await dial()
        await connection.fetch("SELECT note FROM invoices WHERE created_at > now() - $1::text::interval", "1 day")
        await connection.close()
    asyncio.run(ask())

async def endpoint(engine):
    async with engine.connect() as connection:
        await connection.execute(sa.text("SELECT name FROM clients WHERE id = :id"), {"id": uuid.uuid4()})

def test_async_engine():
    async def ask():
        engine = create_async_engine("postgresql+asyncpg://", async_creator=dial)
        await endpoint(engine)
        await engine.dispose()
    asyncio.run(ask())
"""

BOUNDED = """
import uuid
import pytest
import sqlalchemy as sa
import app

@pytest.mark.pgready_bounded
def test_good(conn):
    app.by_client(conn, uuid.uuid4(), 500)  # more than a client has: sorted, at the mercy of skew

@pytest.mark.pgready_bounded
def test_bad(conn):
    app.by_client(conn, uuid.uuid4())
    app.by_note(conn, "x")

@pytest.mark.pgready_bounded(allow={"scan": "a handful of rows", "filter": "as above"})
def test_allowed(conn):
    app.by_note(conn, "x")

@pytest.mark.pgready_bounded(allow={"scan": ""})
def test_no_reason(conn):
    app.by_note(conn, "x")

@pytest.mark.pgready_bounded
def test_nothing(conn):
    pass

@pytest.mark.pgready_bounded
def test_own_failure(conn):
    app.by_note(conn, "x")
    raise ZeroDivisionError("of the test's own")

def test_block_good(conn, bounded_queries):
    app.by_note(conn, "x")
    with bounded_queries:
        app.by_client(conn, uuid.uuid4())

@pytest.mark.pgready_bounded
def test_insert(conn):
    conn.execute(sa.text("INSERT INTO clients VALUES (gen_random_uuid(), 'x')"))

def test_block_bad(conn, bounded_queries):
    with bounded_queries:
        app.by_note(conn, "x")
"""


@pytest.fixture
def suite(tmp_path: Path, database):
    """A project with an app, a migration and tests; `run(*arguments)` runs its suite."""
    database.query(MIGRATION)
    (tmp_path / "prisma/migrations/001_start").mkdir(parents=True)
    (tmp_path / "prisma/migrations/001_start/migration.sql").write_text(MIGRATION)
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers -p no:cacheprovider\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/conftest.py").write_text(CONFTEST)
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DATABASE", "PG"))}
    environ |= {
        "PYTHONPATH": os.pathsep.join([SOURCE, str(tmp_path)]),
        "TEST_URL": database.socket_url,
        "TEST_HOST": database.server.socket_dir,
        "TEST_PORT": str(database.server.port),
        "TEST_NAME": database.name,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # those of the machine take longer than ours
    }

    def run(tests: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "tests/test_app.py").write_text(tests)
        command = [sys.executable, "-m", "pytest", "-p", "pgready.pytest", "-q", *arguments, "tests"]
        return subprocess.run(
            command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=120, check=False
        )

    return run


def test_a_suite_s_queries_are_recorded_as_contracts(suite, tmp_path: Path):
    """SQLAlchemy, psycopg and asyncpg, sync and async: each query once, by its code, without anybody's values."""
    done = suite(TESTS, "--pgready-record", "contracts")
    assert done.returncode == 0, done.stdout + done.stderr
    file = tmp_path / "contracts/recorded.sql"
    text = file.read_text()
    assert "secret" not in text
    findings = Findings()
    found = read_contracts(Source("contracts/recorded.sql", text), findings)
    assert not list(findings)
    assert {one.source for one in found} == {"recorded"}
    by_sql = {one.sql: one for one in found}
    assert set(by_sql) == {
        "SELECT * FROM invoices WHERE client_id = $1 ORDER BY created_at DESC LIMIT $2",
        "SELECT * FROM invoices WHERE note = $1",
        "SELECT id FROM invoices WHERE status = $1 AND note LIKE '%x' AND status <> 'gone'",
        "SELECT name FROM clients WHERE name = $1",
        "SELECT id FROM clients WHERE id IN ($1, $2)",
        "SELECT note FROM invoices WHERE created_at > now() - $1::text::interval",
        "SELECT name FROM clients WHERE id = $1",
    }
    page = by_sql["SELECT * FROM invoices WHERE client_id = $1 ORDER BY created_at DESC LIMIT $2"]
    assert [one.sample for one in page.parameters] == [None, "50"]
    assert "-- asked by app.py by_client\n-- seen in tests/test_app.py::test_one, tests/test_app.py::test_two\n" in text
    assert "-- asked by tests/test_app.py endpoint\n" in text
    assert "pgready: 7 queries recorded in contracts/recorded.sql (left out: " in done.stdout


def test_two_workers_record_what_one_does(suite, tmp_path: Path):
    """Under xdist the processes' records are joined: not a byte differs."""
    for name, arguments in (("one.sql", ()), ("two.sql", ("-p", "xdist", "-n", "2"))):
        done = suite(TESTS, "--pgready-record", name, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "two.sql").read_text() == (tmp_path / "one.sql").read_text()


def test_the_file_of_somebody_else_is_not_overwritten(suite, tmp_path: Path):
    """A contract file by hand stays as it is, and the run says so before a test has run."""
    (tmp_path / "own.sql").write_text("-- name: mine\nSELECT 1 FROM t;\n")
    done = suite("def test_it(): raise SystemError", "--pgready-record", "own.sql", "--noconftest")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "own.sql is not a file of recorded queries" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "own.sql").read_text() == "-- name: mine\nSELECT 1 FROM t;\n"


def test_a_test_fails_by_an_unbounded_query(suite):
    """By marker and by fixture, with the plan and the code that asked; without the plant all is green."""
    done = suite(BOUNDED, "-rA")
    outcome = {name: kind for kind, name in re.findall(r"^(PASSED|FAILED) \S+::(\w+)", done.stdout, re.MULTILINE)}
    assert {name for name, kind in outcome.items() if kind == "PASSED"} == {
        "test_good",
        "test_allowed",
        "test_block_good",
        "test_insert",
    }
    assert len(outcome) == 9, done.stdout + done.stderr
    assert "without bounds at production's size: 1 of 2 statements" in done.stdout
    assert "app.py in by_note" in done.stdout
    assert "Seq Scan on public.invoices" in done.stdout
    assert "say why `scan` is right" in done.stdout
    assert "pgready: skew: app.py in by_client: " in done.stdout
    assert "no query was seen that could be bounded" in done.stdout
    assert "ZeroDivisionError: of the test's own" in done.stdout


def seen(*texts: str) -> list[Seen]:
    return [Seen(text, "app.py f", f"t::{number}") for number, text in enumerate(texts)]


def test_texts_that_differ_in_constants_only_are_one_query():
    """A constant that is always the same is the code's and stays, one that varies is a parameter."""
    queries, left_out = joined(
        seen(
            "SELECT * FROM t WHERE status = 'open' AND id = %(id)s",
            "SELECT * FROM t WHERE name = 'Ann' AND kind = 'fixed' AND id = %s LIMIT 5",
            "select * from t where name = 'Bob' and kind = 'fixed' and id = %(x)s LIMIT 7",
            "SELECT * FROM u WHERE at > now() - interval '1 day' AND k IN (1, 2)",
            "SELECT * FROM u WHERE at > now() - interval '2 days' AND k IN (3)",
            "SELECT  *  FROM u WHERE id IN ($1, $2)",
            "SELECT * FROM u WHERE id IN ($1,$2,$3)",
            "BEGIN",
            "INSERT INTO t (a) VALUES (%s) ON CONFLICT DO NOTHING RETURNING a",
            "INSERT INTO t (a) VALUES ((SELECT max(b) FROM v))",
            "SELECT 1",
            "SELECT FROM WHERE",
            "SELECT '\ud800' FROM t",
        )
    )
    assert sorted(one.sql for one in queries) == [
        "INSERT INTO t (a) VALUES ((SELECT max(b) FROM v))",
        "SELECT  *  FROM u WHERE id IN ($1, $2)",
        "SELECT * FROM t WHERE name = $2 AND kind = 'fixed' AND id = $1 LIMIT $3",
        "SELECT * FROM t WHERE status = 'open' AND id = $1",
        "SELECT * FROM u WHERE at > (now() - $1::interval) AND k IN ($2)",
    ]
    assert dict(left_out) == {
        "that do not parse": 2,
        "that are no queries (transactions, settings, DDL)": 1,
        "that read no table": 1,
        "that only insert rows": 1,
    }


def test_the_file_is_the_same_whatever_the_order():
    """Queries are sorted by names that come from the queries."""
    texts = [f"SELECT a{number} FROM t{number % 3} WHERE b = %s" for number in range(9)]
    one = recorded_file(joined(seen(*texts))[0])
    assert recorded_file(joined(reversed(seen(*texts)))[0]) == one


def test_listening_ends(tmp_path: Path):
    """What was wrapped is as it was, and a listener that fails is nobody's trouble."""
    import psycopg

    before = (psycopg.Cursor.execute, psycopg.AsyncCursor.execute)
    recorder = Recorder(str(tmp_path))
    recorder.install()
    assert psycopg.Cursor.execute is not before[0]
    recorder.uninstall()
    assert (psycopg.Cursor.execute, psycopg.AsyncCursor.execute) == before
    recorder.note(b"\xff", object())
    recorder.note(object(), None)
    assert [one.text for one in recorder.take()] == ["\ufffd"]
