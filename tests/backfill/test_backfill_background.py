"""Background backfills: registered by the deploy, run by `pgready backfill run`, required by later migrations."""

import json

import pytest

pytestmark = pytest.mark.matrix

TABLE = (
    "CREATE TABLE t (id bigint PRIMARY KEY, a int, b int);"
    " INSERT INTO t SELECT i * 3, i % 7, NULL FROM generate_series(1, {rows}) i;"
)
FILL = "-- pgready: backfill key=id batch=500 background\nUPDATE t SET b = a * 2 WHERE b IS NULL;"
AFTER = "-- pgready: requires backfill 2_fill\nALTER TABLE t ALTER COLUMN b SET NOT NULL;"


def deploy(project, database, *more):
    """`migrate deploy`, its run."""
    return project.run("migrate", "deploy", "--timeout", "30", *more, url=database.url)


def test_a_deploy_registers_and_does_not_wait(database, make_project):
    """The row is finished, no row of the table is touched, and a migration that requires it stops the deploy."""
    project = make_project(migrations={"1_table": TABLE.format(rows=2000), "2_fill": FILL})
    done = deploy(project, database)
    assert done.returncode == 0, done.stderr
    assert "pgready backfill run" in done.stderr
    assert database.query("SELECT count(*) FROM t WHERE b IS NOT NULL") == [(0,)]
    assert database.query(
        "SELECT finished_at IS NOT NULL, logs, applied_steps_count FROM _prisma_migrations WHERE migration_name = '2_fill'"
    ) == [(True, None, 1)]
    assert deploy(project, database).returncode == 0
    project.migration("3_after", AFTER)
    stopped = deploy(project, database)
    assert stopped.returncode == 5, stopped.stderr
    assert "pgready backfill run 2_fill" in stopped.stderr
    assert "3_after/migration.sql:1:1" in stopped.stderr
    assert database.query("SELECT count(*) FROM _prisma_migrations") == [(2,)]


def test_an_empty_table_needs_no_run(database, make_project):
    """A new environment gets through in one deploy: the data say that nothing is to do."""
    project = make_project(migrations={"1_table": TABLE.format(rows=0), "2_fill": FILL, "3_after": AFTER})
    done = deploy(project, database)
    assert done.returncode == 0, done.stderr
    assert database.query("SELECT count(*) FROM _prisma_migrations WHERE finished_at IS NOT NULL") == [(3,)]


@pytest.fixture
def registered(database, make_project):
    """A project whose background backfill of 3,000 rows is registered and not run, with an append-only effect."""
    noted = (
        "CREATE TABLE effects (id bigint);"
        " CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO effects VALUES (NEW.id); RETURN NEW; END $$;"
        " CREATE TRIGGER noted AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION noted();"
    )
    project = make_project(migrations={"1_table": TABLE.format(rows=3000) + noted, "2_fill": FILL})
    assert deploy(project, database).returncode == 0
    return project


def backfill(project, database, *arguments, code=0):
    """`pgready backfill …`, which ends with `code`."""
    done = (
        project.run("backfill", *arguments, "--timeout", "30", url=database.url)
        if arguments[0] != "status"
        else (project.run("backfill", *arguments, url=database.url))
    )
    assert done.returncode == code, done.stderr
    return done


def test_a_run_goes_through_it_and_frees_what_waited(database, registered):
    """In batches, each row once; status tells before and after; then the migration that requires it is applied."""
    registered.migration("3_after", AFTER)
    assert deploy(registered, database).returncode == 5
    found = json.loads(backfill(registered, database, "status", "--json", code=5).stdout)
    (one,) = found["backfills"]
    assert (one["rows_left"], one["rows_total"], one["state"]) == (3000, 3000, "registered")
    whole = registered.run("migrate", "status", url=database.url)
    assert "3,000 of 3,000 rows left" in whole.stdout
    assert "next: pgready backfill run 2_fill, then pgready migrate deploy" in whole.stdout
    done = json.loads(backfill(registered, database, "run", "--json").stdout)
    assert [(each["name"], each["changed"]) for each in done["backfills"]] == [("2_fill", 3000)]
    assert database.query("SELECT count(DISTINCT xmin::text) FROM t") == [(6,)]
    assert database.query("SELECT count(*), count(DISTINCT id) FROM effects") == [(3000, 3000)]
    found = json.loads(backfill(registered, database, "status", "--json").stdout)
    assert found["done"]
    assert found["backfills"][0]["rows_changed"] == 3000
    assert deploy(registered, database).returncode == 0
    assert backfill(registered, database, "run").stdout == ""
    assert registered.run("migrate", "status", url=database.url).returncode == 0


def test_the_data_are_asked_and_not_the_record(database, registered):
    """Rows that the old code adds after the end stop the deploy too; a run by name changes them and no others."""
    backfill(registered, database, "run")
    database.query("INSERT INTO t VALUES (1, 5, NULL)")
    registered.migration("3_after", AFTER)
    stopped = deploy(registered, database)
    assert stopped.returncode == 5, stopped.stderr
    assert "the row with the key 1 is left" in stopped.stderr
    backfill(registered, database, "run", "2_fill")
    assert database.query("SELECT count(*), count(DISTINCT id) FROM effects") == [(3001, 3001)]
    assert deploy(registered, database).returncode == 0


def test_what_somebody_filled_by_hand_is_done(database, registered):
    """Not run at all, and nothing is left to do: the requirement holds."""
    database.query("UPDATE t SET b = 0")
    registered.migration("3_after", AFTER)
    done = deploy(registered, database)
    assert done.returncode == 0, done.stderr
    backfill(registered, database, "status")


def test_rows_that_stay_as_they_are_need_a_decision(database, make_project):
    """A condition that finds rows after the statement ran: told, with both ways out."""
    fill = "-- pgready: backfill key=id background\nUPDATE t SET b = nullif(a, 3) WHERE b IS NULL;"
    after = "-- pgready: requires backfill 2_fill\nCREATE TABLE u ();"
    project = make_project(migrations={"1_table": TABLE.format(rows=20), "2_fill": fill})
    assert deploy(project, database).returncode == 0
    project.migration("3_after", after)
    left = backfill(project, database, "run", code=5)
    assert "its condition still finds rows" in left.stderr
    assert "pgready backfill resolve --done 2_fill" in left.stderr
    refused = backfill(project, database, "resolve", "--done", "2_fill", code=3)
    assert "--force" in refused.stderr
    backfill(project, database, "resolve", "--done", "2_fill", "--force")
    backfill(project, database, "status")
    done = deploy(project, database)
    assert done.returncode == 0, done.stderr


def test_a_condition_that_tells_nothing_counts_by_its_record(database, make_project):
    """`SET n = n + 1`: the record says what is done, and nothing is done twice; the deploy says so."""
    fill = "SET search_path = public;\n-- pgready: backfill key=id batch=7 background name=bump\nUPDATE t SET b = coalesce(b, 0) + 1;"
    after = "-- pgready: requires backfill bump\nCREATE TABLE u ();"
    project = make_project(migrations={"1_table": TABLE.format(rows=50), "2_fill": fill})
    done = deploy(project, database)
    assert "does not say what is left" in done.stderr
    project.migration("3_after", after)
    assert deploy(project, database).returncode == 5
    backfill(project, database, "run", "bump")
    backfill(project, database, "run", "bump")
    database.query("INSERT INTO t VALUES (1000)")
    assert deploy(project, database).returncode == 0
    assert database.query("SELECT b, count(*) FROM t GROUP BY 1 ORDER BY 1") == [(1, 50), (None, 1)]


def test_several_of_one_migration(database, make_project):
    """Names of their own or numbered; what stands before them is applied with their registration."""
    script = (
        "ALTER TABLE t ADD COLUMN c int, ADD COLUMN d int;\n"
        "-- pgready: backfill key=id background\nUPDATE t SET c = 1 WHERE c IS NULL;\n"
        "-- pgready: backfill key=id background\nUPDATE t SET d = 1 WHERE d IS NULL;\n"
    )
    project = make_project(migrations={"1_table": TABLE.format(rows=30), "2_fill": script})
    done = deploy(project, database)
    assert done.returncode == 0, done.stderr
    found = json.loads(backfill(project, database, "status", "--json", code=5).stdout)
    assert [one["name"] for one in found["backfills"]] == ["2_fill", "2_fill:2"]
    backfill(project, database, "run", "2_fill:2")
    assert database.query("SELECT count(c), count(d) FROM t") == [(0, 30)]
    backfill(project, database, "run")
    assert database.query("SELECT count(c), count(d) FROM t") == [(30, 30)]


BAD = {
    "key": ("-- pgready: backfill key=a background\nUPDATE t SET b = 1;", "may be NULL", 6),
    "column": ("-- pgready: backfill key=id background\nUPDATE t SET nope = 1;", "nope", 6),
    "syntax": ("-- pgready: backfill key=id background\nUPDATE t SET b == 1;", "syntax", 6),
    "behind": ("-- pgready: backfill key=id background\nUPDATE t SET b = 1;\nCREATE TABLE u ();", "behind", 2),
    "block": ("BEGIN;\n-- pgready: backfill key=id background\nUPDATE t SET b = 1;\nCOMMIT;", "BEGIN and COMMIT", 2),
    "name": ("-- pgready: backfill key=id background name=\nUPDATE t SET b = 1;", "name=", 2),
    "requires": ("-- pgready: requires backfill nothing\nSELECT 1;", "no migration before it", 2),
    "itself": ("-- pgready: requires backfill 2_fill\n-- pgready: backfill key=id\nUPDATE t SET b = 1;", "before it", 2),
    "words": ("-- pgready: requires 2_fill\nSELECT 1;", "names no backfill", 2),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_registered_fails_now(database, make_project, name):
    """With its place, and nothing of the migration applied."""
    script, word, code = BAD[name]
    project = make_project(migrations={"1_table": TABLE.format(rows=10), "2_fill": script})
    done = deploy(project, database)
    assert done.returncode == code, done.stderr
    assert word in done.stderr
    line = (
        1 + script.splitlines().index(next(one for one in script.splitlines() if "b =" in one or "nope =" in one))
        if code == 6
        else 0
    )  # noqa: E501
    assert f"2_fill/migration.sql:{line or ''}" in done.stderr
    assert "Traceback" not in done.stderr
    there = database.query("SELECT to_regclass('_prisma_migrations') IS NOT NULL")[0][0]
    assert not there or database.query("SELECT count(*) FROM _prisma_migrations") <= [(1,)]


GONE = {
    "table": ("DROP TABLE t", "relation"),
    "column": ("ALTER TABLE t DROP COLUMN b", "b"),
    "key": ("ALTER TABLE t DROP CONSTRAINT t_pkey", "no index"),
}


@pytest.mark.parametrize("name", GONE)
def test_what_it_was_about_is_gone(database, registered, name):
    """Told in words by run and status, with the way out."""
    statement, word = GONE[name]
    database.query(statement)
    stopped = backfill(registered, database, "run", code=9)
    assert "pgready backfill resolve --done 2_fill" in stopped.stderr
    assert "migration.sql:2:1" in stopped.stderr
    assert word in stopped.stderr or "there is no table t" in stopped.stderr
    backfill(registered, database, "status", code=5)
    more = ["--force"] if name == "key" else []
    backfill(registered, database, "resolve", "--done", "2_fill", *more)
    backfill(registered, database, "status")


def test_an_edited_file_does_not_change_what_runs(database, registered):
    """What was registered runs, and that is said."""
    registered.migration("2_fill", FILL.replace("a * 2", "a * 1000"))
    assert "edited" in backfill(registered, database, "status", code=5).stdout
    assert "was edited" in backfill(registered, database, "run").stderr
    assert database.query("SELECT max(b) FROM t") == [(12,)]


def test_a_failing_row_leaves_the_position_and_a_word(database, registered):
    """Exit 6 with the place; after the row is mended it goes on where it was."""
    database.query("ALTER TABLE t ADD CONSTRAINT k CHECK (b IS NULL OR b <> 6 OR id < 6000) NOT VALID")
    failed = backfill(registered, database, "run", code=6)
    assert "violates check constraint" in failed.stderr
    assert "migration.sql:2:1" in failed.stderr
    (done,) = database.query("SELECT count(b) FROM t")[0]
    assert 0 < done < 3000
    assert "failed: " in backfill(registered, database, "status", code=5).stdout
    database.query("ALTER TABLE t DROP CONSTRAINT k")
    assert "goes on behind" in backfill(registered, database, "run").stderr
    assert database.query("SELECT count(*), count(DISTINCT id) FROM effects") == [(3000, 3000)]


def test_a_role_without_a_place_for_it(database, make_project, make_role):
    """Nothing is applied, and the grants are said to the letter; with them it works."""
    role = make_role(
        None,
        "GRANT USAGE, CREATE ON SCHEMA public TO {role}",
    )
    project = make_project(migrations={"1_table": TABLE.format(rows=10), "2_fill": FILL})
    refused = project.run("migrate", "deploy", url=role.url)
    assert refused.returncode == 2, refused.stderr
    assert "schema pgready" in refused.stderr
    assert "migration.sql:2:1" in refused.stderr
    assert database.query("SELECT to_regclass('t')") == [(None,)]
    grants = refused.stderr.split("owner of the database: ")[1].splitlines()[0]
    database.query(grants)
    done = project.run("migrate", "deploy", url=role.url)
    assert done.returncode == 0, done.stderr
    assert project.run("backfill", "run", url=role.url).returncode == 0
    assert database.query("SELECT count(b) FROM t") == [(10,)]


def test_unknown_names_and_nothing_to_do(database, registered):
    """A name that nobody registered, with the nearest one; a database without any."""
    unknown = backfill(registered, database, "run", "2_fil", code=2)
    assert "pgready backfill run 2_fill" in unknown.stderr
    assert "Traceback" not in unknown.stderr


def test_prisma_ran_the_file_whole(database, registered, make_database):
    """A database that another tool migrated has no registration: the data say that it is done."""
    other = make_database()
    other.query(TABLE.format(rows=10) + FILL.partition("\n")[2])
    assert (
        registered.run(
            "migrate", "resolve", "--applied", "1_table", "--applied", "2_fill", "--force", url=other.url
        ).returncode
        == 0
    )
    registered.migration("3_after", AFTER)
    done = registered.run("migrate", "deploy", url=other.url)
    assert done.returncode == 0, done.stderr


def test_a_registration_lives_with_its_row(database, registered):
    """A database that began anew: what was registered before has no part in it, and a new deploy registers anew."""
    backfill(registered, database, "run")
    database.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    assert "no background backfill" in backfill(registered, database, "status").stdout
    assert deploy(registered, database).returncode == 0
    assert "3,000 of 3,000 rows left" in backfill(registered, database, "status", code=5).stdout
    backfill(registered, database, "run")
    assert database.query("SELECT count(*), count(b) FROM t") == [(3000, 3000)]
