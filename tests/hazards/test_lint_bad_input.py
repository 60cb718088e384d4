"""What cannot be traced as it is: the words that a user gets."""

import pytest


def lint(project, script, *words):
    """Its run with this as the second migration."""
    project.migration("2_new", script)
    return project.run("lint", "--shadow", "embedded", "2_new", *words)


@pytest.fixture
def project(make_project):
    """With one table."""
    return make_project(migrations={"1_first": "CREATE TABLE t (id int PRIMARY KEY, a int);"})


FAILS = {
    "SELECT 1;\nALTER TABLE t\n  ADD COLUMN b int,\n  DROP COLUMN nope;": ("2:1", 'column "nope" of relation "t" does not exist'),
    "SELECT 1;\nSELECT id,\n  nope FROM t;": ("3:3", "  nope FROM t;\n  | "),
    "CREATE TABLE u (id int;": ("1:23", "syntax error"),
    "CREATE EXTENSION no_such_thing;": ("1:1", "needs the extension no_such_thing, and the shadow database has none of it"),
    "DO $$ BEGIN IF NOT EXISTS (SELECT FROM t) THEN RAISE 'no client yet'; END IF; END $$;": ("1:", "a shadow database has no rows but those that migrations insert"),
    "INSERT INTO t VALUES (1);\nINSERT INTO t VALUES (1);": ("2:1", "duplicate key"),
}  # fmt: skip


@pytest.mark.parametrize("script", FAILS)
def test_a_statement_that_fails(project, script):
    """Its line and column, the server's words, and a next command; no traceback."""
    place, words = FAILS[script]
    run = lint(project, script)
    assert run.returncode == 6, run.stderr
    assert f"2_new/migration.sql:{place}" in run.stderr
    assert words in run.stderr
    assert "next:" in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""


def test_own_control_is_traced_piece_by_piece(project):
    """What a COMMIT released is no lock that is held."""
    held = lint(project, "ALTER TABLE t ADD b int;\nCREATE INDEX i ON t (a);", "--output-format", "concise")
    free = lint(
        project, "BEGIN;\nALTER TABLE t ADD b int;\nCOMMIT;\nCREATE INDEX i ON t (a);", "--output-format", "concise"
    )
    assert "while readers and writers of public.t wait" in held.stdout
    assert "migration.sql:4:1: error[H004]" in free.stdout
    assert "while writers of public.t wait (SHARE)" in free.stdout
