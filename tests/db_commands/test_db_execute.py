"""`pgready db execute` on real databases: a script as it stands, its place when it fails, no trace."""

import json
import subprocess

import pytest

pytestmark = pytest.mark.matrix


@pytest.fixture
def execute(make_project, database):
    """`execute(script, *flags)`: write the script to a file and run it; the finished process."""
    project = make_project()

    def run(script, *flags, url=None):
        file = project.path / "script.sql"
        file.write_bytes(script if isinstance(script, bytes) else script.encode())
        return project.run("db", "execute", "--file", "script.sql", *flags, url=url or database.url)

    return run


def test_a_script_with_its_own_transactions_and_concurrently(execute, database):
    """All of it runs, no rows come back, nothing is left in the migrations table."""
    done = execute(
        "CREATE TABLE a (id int);\nBEGIN;\nINSERT INTO a VALUES (1);\nCOMMIT;\nBEGIN;\nDELETE FROM a;\nROLLBACK;\n"
        "CREATE INDEX CONCURRENTLY ai ON a (id);\nVACUUM a;\nSELECT * FROM a -- the end",
        "--json",
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"executed": True, "statements": 10}
    assert database.query("SELECT * FROM a") == [(1,)]
    assert database.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ai'::regclass") == [(True,)]
    assert database.query("SELECT to_regclass('_prisma_migrations')") == [(None,)]


def test_without_transaction_control_all_or_nothing(execute, database):
    """A failure at the end takes the beginning back, and is shown at its place."""
    done = execute("CREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\n  SELECT nope FROM a;\n")
    assert (done.returncode, done.stdout) == (6, "")
    assert "--> script.sql:3:10\n3 |   SELECT nope FROM a;\n  |          ^\n" in done.stderr
    assert "nothing of the script was committed" in done.stderr
    assert database.query("SELECT to_regclass('a')") == [(None,)]


def test_what_its_own_commit_kept_is_told(execute, database):
    """Behind a COMMIT of its own the failure leaves what was committed, and says so."""
    done = execute("BEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\nCREATE TABLE b (id int);\nSELECT 1 / 0;\n")
    assert done.returncode == 6
    assert "script.sql:5:1" in done.stderr
    assert "stay committed" in done.stderr
    assert database.query("SELECT to_regclass('a') IS NULL, to_regclass('b') IS NULL") == [(False, True)]


def test_what_only_the_server_knows_about_transactions(execute, database):
    """A procedure that commits, and a new enum value in use: learnt from the refusal."""
    done = execute(
        "CREATE TYPE e AS ENUM ('a');\nCREATE TABLE t (e e);\n"
        "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t VALUES ('a'); COMMIT; END $$;\n"
        "CALL p();\nALTER TYPE e ADD VALUE 'b';\nINSERT INTO t VALUES ('b');\n"
    )
    assert done.returncode == 0, done.stderr
    assert database.query("SELECT e::text FROM t ORDER BY 1") == [("a",), ("b",)]


def test_its_own_block_is_never_broken_up(execute, database):
    """A statement that cannot run in the author's own transaction is the script's error."""
    done = execute("CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;\n", url=database.url)
    assert done.returncode == 0, done.stderr
    done = execute("BEGIN;\nCREATE TABLE a (id int);\nCALL p();\nCOMMIT;\n")
    assert done.returncode == 6
    assert "SQLSTATE 2D000" in done.stderr
    assert database.query("SELECT to_regclass('a')") == [(None,)]


def test_settings_of_the_script_last_until_its_end(execute, database):
    """SET before a boundary holds behind it, for statements that stand alone too; ?schema= is where it begins."""
    database.query("CREATE SCHEMA one; CREATE SCHEMA two")
    url = f"{database.url}{'&' if '?' in database.url else '?'}schema=one"
    script = "CREATE TABLE t (id int);\nSET search_path = two;\nCREATE TABLE u (id int);\n"
    done = execute(script + "CREATE INDEX CONCURRENTLY ui ON u (id);\nCREATE TABLE v (id int);\n", url=url)
    assert done.returncode == 0, done.stderr
    found = database.query("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('one', 'two') ORDER BY 2")
    assert found == [("one", "t"), ("two", "u"), ("two", "v")]


@pytest.mark.parametrize(
    ("script", "place"),
    [
        ("SELECT 1;\n\\i other.sql\n", "script.sql:2:1"),
        ("SELECT 'open;\n", "script.sql:1:8"),
        ("COPY t FROM stdin;\n1\n\\.\n", "script.sql"),
        (b"\xef\xbb\xbfSELECT 1;", "script.sql:1:1"),
        (b"SELECT '\xff';", "script.sql:1:9"),
        ("BEGIN;\nSELECT 1;\n", "script.sql:1:1"),
    ],
)
def test_what_must_not_be_sent_is_refused(execute, script, place):
    """As in migrations, before anything runs."""
    done = execute(script)
    assert done.returncode == 2
    assert place in done.stderr


def test_usage(make_project, database):
    """Exactly one script, and one place that names the database."""
    project = make_project()
    (project.path / "s.sql").write_text("SELECT 1")
    for words in ((), ("--stdin", "--file", "s.sql"), ("--file", "no.sql")):
        assert project.run("db", "execute", *words, url=database.url).returncode == 2
    both = ("--file", "s.sql", "--url", database.url, "--schema", "prisma/schema.prisma")
    assert project.run("db", "execute", *both).returncode == 2
    gone = project.run("db", "execute", "--file", "s.sql", "--timeout", "0", "--url", "postgresql://u@127.0.0.1:1/d")
    assert gone.returncode == 7


def test_standard_input(make_project, database):
    """The script comes from a pipe, and its places are stdin's."""
    project = make_project()
    command, env = project.command("db", "execute", "--stdin"), project.env(database.url)
    options = {"cwd": project.path, "env": env, "capture_output": True, "text": True, "timeout": 60}
    done = subprocess.run(command, check=False, input="CREATE TABLE a (id int)", **options)
    assert done.returncode == 0, done.stderr
    done = subprocess.run(command, check=False, input="SELECT 1;\nSELECT nope;", **options)
    assert done.returncode == 6
    assert "stdin:2:8" in done.stderr
    assert database.query("SELECT count(*) FROM a") == [(0,)]
