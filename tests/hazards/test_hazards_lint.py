"""`pgready lint`: which migrations it traces, what it says, how it ends."""

import json
import subprocess

import pytest

HISTORY = {
    "1_first": "CREATE TABLE t (id int PRIMARY KEY, a int);",
    "2_index": "CREATE INDEX t_a ON t (a);",
    "3_new": "CREATE TABLE u (id int PRIMARY KEY, a int);",
    "4_more": "CREATE INDEX u_a ON u (a);\n\n-- pgready: allow H001 until=2099-01-01 nobody reads it\nALTER TABLE t ALTER a TYPE bigint;",
}


@pytest.fixture
def project(make_project):
    """A history with two hazards and one that is allowed."""
    return make_project(migrations=HISTORY)


def lint(project, *words):
    """Its run."""
    return project.run("lint", "--shadow", "embedded", *words)


def ids(run):
    """What was found, as (migration, id, waived)."""
    data = json.loads(run.stdout)
    return [(one["migration"], one["id"], one["waived"] is not None) for one in data["hazards"]]


def test_all_migrations_one_by_one(project):
    """Each at the state before it: hazards at their places, the allowed one counted, exit 4."""
    run = lint(project)
    assert run.returncode == 4, run.stderr
    assert (
        "2_index/migration.sql:1:1: error[H004]: an index of public.t is built while writers of public.t wait"
        in run.stdout
    )
    assert "4_more/migration.sql:1:1: error[H004]" in run.stdout
    assert "H001" not in run.stdout
    assert "4 migrations traced: 2 hazards, 1 waived" in run.stderr
    run = lint(project, "--json")
    assert ids(run) == [("2_index", "H004", False), ("4_more", "H004", False), ("4_more", "H001", True)]
    first = json.loads(run.stdout)["hazards"][0]
    assert (first["lock"], first["blocked"], first["tables"]) == ("SHARE", "writers", ["public.t"])


def test_an_index_makes_no_table_new(make_project):
    """What is deployed together knows a table of its own as new, and not one that got an index or a sequence."""
    project = make_project(
        migrations={
            "1_first": "CREATE TABLE t (id int PRIMARY KEY, a int);",
            "2_index": "CREATE INDEX CONCURRENTLY t_a ON t (a);",
            "3_column": "ALTER TABLE t ADD COLUMN b serial;",
            "4_type": "ALTER TABLE t ALTER a TYPE bigint;\nUPDATE t SET a = 1;",
        }
    )
    run = lint(project, "--json", "2_index", "3_column", "4_type")
    assert ids(run) == [("3_column", "H001", False), *(("4_type", one, False) for one in ("H001", "H010", "H011"))]


def test_only_some(project):
    """By name, by file; what is deployed together knows no table of its own as old."""
    assert ids(lint(project, "--json", "2_index")) == [("2_index", "H004", False)]
    path = project.path / "prisma/migrations/3_new/migration.sql"
    run = lint(project, "--json", str(path), "4_more")
    assert ids(run) == [("4_more", "H001", True)]
    assert run.returncode == 0
    draft = project.path / "draft.sql"
    draft.write_text("SELECT 1;\nALTER TABLE u ADD CHECK (a > 0);")
    assert ids(lint(project, "--json", "draft.sql")) == [("draft.sql", "H002", False)]
    run = lint(project, "5_none")
    assert run.returncode == 2
    assert "5_none is no migration" in run.stderr


def test_since_a_commit(project):
    """Only what the ref does not have."""

    def git(*words):
        subprocess.run(
            ["git", "-c", "user.name=t", "-c", "user.email=t@t", *words],
            cwd=project.path,
            check=True,
            timeout=60,
            capture_output=True,
        )

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "all")
    project.migration("5_fk", "ALTER TABLE u ADD FOREIGN KEY (a) REFERENCES u;")
    run = lint(project, "--since", "HEAD", "--output-format", "concise")
    assert run.stdout.splitlines()[0].startswith("prisma/migrations/5_fk/migration.sql:1:1: error[H003]")
    assert len(run.stdout.splitlines()) == 1
    run = lint(project, "--since", "nowhere")
    assert (run.returncode, "nowhere" in run.stderr) == (2, True)


@pytest.mark.parametrize(
    ("comment", "word"),
    [
        ("-- pgready: allow H999 because", "no hazard H999"),
        ("-- pgready: allow H004", "has no reason"),
        ("-- pgready: allow H004 until=soon because", "soon is no date"),
        ("-- pgready: allow because", "names no hazard"),
    ],
)
def test_a_waiver_that_is_none(project, comment, word):
    """With its place, and nothing traced."""
    project.migration("5_bad", f"SELECT 1;\n{comment}\nCREATE INDEX ON t (id, a);")
    run = lint(project)
    assert run.returncode == 2
    assert word in run.stderr
    assert "5_bad/migration.sql:2:1" in run.stderr


def test_a_waiver_ends(project):
    """After its last day the hazard counts again."""
    project.migration("5_over", "-- pgready: allow H004 until=2020-01-01 for now\nCREATE INDEX ON t (id, a);")
    assert ("5_over", "H004", False) in ids(lint(project, "--json"))


def test_a_statement_that_fails(project):
    """Its place and the server's words; exit 6."""
    project.migration("5_broken", "SELECT 1;\nCREATE INDEX ON t (nope);")
    run = lint(project)
    assert run.returncode == 6
    assert "5_broken/migration.sql:2" in run.stderr
    assert "nope" in run.stderr


@pytest.mark.parametrize("shape", ["github", "sarif"])
def test_for_machines(project, shape):
    """At the file and line of the statement."""
    run = lint(project, "--output-format", shape)
    assert run.returncode == 4
    if shape == "github":
        assert run.stdout.startswith("::error file=prisma/migrations/2_index/migration.sql,line=1,")
    else:
        log = json.loads(run.stdout)["runs"][0]
        assert [one["ruleId"] for one in log["results"]] == ["H004", "H004"]
        assert log["tool"]["driver"]["rules"][3]["id"] == "H004"


def test_statements_that_stand_alone(project):
    """Their locks are read by making them queue; a session setting and code are traced, not guessed."""
    project.migration("5_alone", "VACUUM FULL t;")
    project.migration("6_fine", "CREATE INDEX CONCURRENTLY t_b ON t (a, id);")
    project.migration("7_code", "DO $$ BEGIN EXECUTE 'ALTER TABLE t ADD x uuid DEFAULT gen_random_uuid()'; END $$;")
    found = ids(lint(project, "--json", "5_alone", "6_fine", "7_code"))
    assert found == [("5_alone", "H001", False), ("7_code", "H001", False)]


def test_a_tablespace_of_the_real_server(project):
    """Nobody has to make it in the shadow, and moving a table there is seen to copy it."""
    project.migration("5_space", "ALTER TABLE t SET TABLESPACE fast;")
    run = lint(project, "5_space")
    assert "5_space/migration.sql:1:1: error[H001]" in run.stdout, run.stderr
    assert "the migrations name the tablespace fast" in run.stderr
