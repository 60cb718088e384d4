"""The fixtures of pgready.pytest, used by a suite of its own in a process of its own."""

import os
import re
import subprocess
import sys

import psycopg
import pytest

from pgready.postgres.clones import Clones
from pgready.project.url import parse

pytestmark = pytest.mark.matrix

# Without the plugins of everybody else, whose imports take longer than these suites.
PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "pgready.pytest"]
ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

SCHEMA = """
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
  schemas  = ["public", "shop"]
}
model Item {
  id   Int    @id
  name String
  @@schema("shop")
}
"""
MIGRATIONS = {
    "1_init": 'CREATE TABLE shop."Item" (id int NOT NULL, name text NOT NULL, CONSTRAINT "Item_pkey" PRIMARY KEY (id));'
    ' GRANT SELECT ON shop."Item" TO pgready_test_app_reader;'
}
SUITE = """
import asyncio
import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

COUNT = 'SELECT count(*) FROM shop."Item"'
INSERT = "INSERT INTO shop.\\"Item\\" VALUES (1, 'one')"

@pytest.mark.parametrize("number", range(4))
def test_own_database(pgready_database, number):
    with pgready_database.connect() as connection:
        assert connection.execute(COUNT).fetchone() == (0,)
        connection.execute(INSERT)
    with create_engine(pgready_database.sqlalchemy_url).connect() as other:
        assert other.execute(text(COUNT)).scalar() == 1
    left_open = psycopg.connect(pgready_database.url)

@pytest.mark.parametrize("number", range(2))
def test_psycopg(pgready_psycopg, number):
    assert pgready_psycopg.execute(COUNT).fetchone() == (0,)
    with pgready_psycopg.transaction():
        pgready_psycopg.execute(INSERT)
    with pytest.raises(psycopg.errors.UniqueViolation), pgready_psycopg.transaction():
        pgready_psycopg.execute(INSERT)
    assert pgready_psycopg.execute(COUNT).fetchone() == (1,)

@pytest.mark.parametrize("number", range(2))
def test_session(pgready_session, number):
    assert pgready_session.scalar(text(COUNT)) == 0
    pgready_session.execute(text(INSERT))
    pgready_session.commit()
    with pytest.raises(Exception, match="duplicate key"):
        pgready_session.execute(text(INSERT))
    pgready_session.rollback()
    assert pgready_session.scalar(text(COUNT)) == 1

def test_failed_transaction(pgready_connection):
    with pytest.raises(ProgrammingError):
        pgready_connection.execute(text("SELECT nonsense"))

@pytest.mark.parametrize("number", range(2))
def test_async(pgready_async_session, number):
    async def main():
        async with pgready_async_session() as session:
            assert await session.scalar(text(COUNT)) == 0
            await session.execute(text(INSERT))
            await session.commit()
            assert await session.scalar(text(COUNT)) == 1
    asyncio.run(main())

def test_parity(pgready_parity):
    pgready_parity()
"""
FAULTS = """
from sqlalchemy import text

def test_drift(pgready_parity, pgready_database):
    with pgready_database.connect() as connection:
        connection.execute('ALTER TABLE shop."Item" DROP COLUMN name')
    pgready_parity()

def test_commits(pgready_connection):
    pgready_connection.execute(text("INSERT INTO shop.\\"Item\\" VALUES (1, 'one')"))
    pgready_connection.execute(text("COMMIT"))

def test_commits_in_a_session(pgready_session):
    pgready_session.execute(text("INSERT INTO shop.\\"Item\\" VALUES (2, 'two')"))
    pgready_session.execute(text("COMMIT"))

def test_after_it(pgready_psycopg):
    assert pgready_psycopg.execute('SELECT count(*) FROM shop."Item"').fetchone() == (0,)
"""


@pytest.fixture
def suite(make_project):
    """`suite(text, *options, url=…)`: run pytest on `text` in a project with one migration."""
    project = make_project(migrations=MIGRATIONS)
    project.write_schema(SCHEMA)

    def run(text, *options, url=None, env=None):
        (project.path / "test_suite.py").write_text(text)
        (project.path / "pytest.ini").write_text("[pytest]\nfilterwarnings = ignore::ResourceWarning\n")
        extra = {**ALONE, **({"PGREADY_TEST_URL": url} if url else {}), **(env or {})}
        return subprocess.run(
            [*PYTEST, *options],
            cwd=project.path,
            env=project.env("postgresql://nobody:s3cret@127.0.0.1:1/production", extra),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    run.project = project
    return run


def ours(database):
    """Templates and clones that are there."""
    return database.query("SELECT datname FROM pg_database WHERE datname ~ '^pgready_(template|clone)_' ORDER BY 1")


@pytest.fixture
def reader(database):
    """The role that the migration grants to."""
    database.query("CREATE ROLE pgready_test_app_reader")
    yield
    database.query("DROP ROLE pgready_test_app_reader")


@pytest.fixture
def programs(server):
    """The run's own server programs, for the suite's embedded server."""
    return {"PGREADY_EMBEDDED_BIN": server.binaries.bindir}


def test_every_fixture_on_an_embedded_server(suite, programs):
    """Own databases are empty each time, what is rolled back is gone, and a missing role is made; no URL is needed."""
    ran = suite(SUITE, env=programs)
    assert ran.returncode == 0, ran.stdout
    assert "12 passed" in ran.stdout


def test_workers_share_a_template_and_leave_nothing(suite, database, reader):
    """Two workers of xdist on one server: one template for both, and no database is left at the end."""
    ran = suite(SUITE + "\n" + SUITE.replace("def test_", "def test_more_"), "-p", "xdist", "-n", "2", url=database.url)
    assert ran.returncode == 0, ran.stdout
    assert ours(database) == []


def test_faults_are_told(suite, database, reader):
    """A drift, and a test that commits for good, fail with the reason; the next test has a clean database all the same."""
    ran = suite(FAULTS, url=database.url)
    assert ran.returncode == 1, ran.stdout
    assert re.search(r"1 failed, 3 passed, 2 errors", ran.stdout), ran.stdout
    assert "Item.name" in ran.stdout
    assert ran.stdout.count("\nthe test ended its transaction") == 2, ran.stdout
    assert "Traceback" not in ran.stdout
    assert ours(database) == []


@pytest.mark.parametrize(
    ("script", "words"),
    [("CREATE TABLE a (id int);\nSELECT nonsense;", 'column "nonsense" does not exist'), (None, "CREATEDB")],
    ids=["migration", "role"],
)
def test_what_cannot_be_made_is_told(suite, database, make_role, script, words):
    """A migration that fails, a role that may not create databases: the test fails with the words and no password."""
    role = make_role("tester")
    if script is not None:
        suite.project.migration("2_bad", script)
        suite.project.migration("1_init", "SELECT 1;")
    ran = suite("def test_it(pgready_database): pass", url=role.url if script is None else database.url)
    assert ran.returncode == 1, ran.stdout
    assert words in ran.stdout
    assert role.password not in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stdout
    assert "pgready/postgres" not in ran.stdout
    assert [name for (name,) in ours(database) if "clone" in name] == []


def test_the_plugin_costs_nothing_until_it_is_used(tmp_path):
    """A suite that uses none of the fixtures loads none of our rooms but the fixtures' own."""
    (tmp_path / "test_none.py").write_text(
        "import sys\ndef test_none():\n"
        "    ours = sorted(each for each in sys.modules if each.startswith('pgready.'))\n"
        "    known = {'pgready.pytest', 'pgready.errors', 'pgready.integrations',\n"
        "             'pgready.integrations.pytest_plugin', 'pgready.integrations.database_fixtures'}\n"
        "    assert set(ours) <= known, ours\n    assert 'psycopg' not in sys.modules\n    assert 'sqlalchemy' not in sys.modules\n"
    )
    ran = subprocess.run(
        [*PYTEST, str(tmp_path)],
        cwd=tmp_path,
        env={**{key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}, **ALONE},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout


def test_clones_are_each_given_once_and_leftovers_removed(database):
    """A template is made once for two pools; what a killed run left is removed, what another one uses is not."""
    made = []

    def fill(name):
        made.append(name)
        with psycopg.connect(database.server.url(name), autocommit=True) as connection:
            connection.execute("CREATE TABLE t ()")

    target = parse(database.url, "test")
    database.query("CREATE DATABASE pgready_clone_0badcafe_7")
    database.query("CREATE DATABASE pgready_template_0badcafe")
    with Clones(target, "f00dcafe", fill) as one, Clones(target, "f00dcafe", fill) as other:
        names = [pool.take() for pool in (one, other, one, other, one)]
        assert len(set(names)) == 5
        assert made == ["pgready_template_f00dcafe"]
        assert ("pgready_clone_0badcafe_7",) not in ours(database)
        assert ("pgready_template_0badcafe",) not in ours(database)
        held = psycopg.connect(database.server.url(names[0]))
        with Clones(target, "abadcafe", fill):
            assert ("pgready_template_f00dcafe",) in ours(database)
        for name in names:
            (one if name in names[::2] else other).drop(name)
        held.close()
    assert ours(database) == []


def test_a_template_that_was_not_finished_is_made_anew(database):
    """An error while it is filled leaves no template that the next would take for whole."""
    target = parse(database.url, "test")

    def broken(name):
        raise RuntimeError(name)

    with pytest.raises(RuntimeError), Clones(target, "f00dcafe", broken):
        pytest.fail("the pool began without a template")
    made = []
    with Clones(target, "f00dcafe", made.append) as pool:
        pool.take()
    assert made == ["pgready_template_f00dcafe"]
    assert ours(database) == []
