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
