"""`wait` and a database that is not there yet, as the demo's worker meets it."""

import pytest

pytestmark = pytest.mark.matrix


def test_wait_waits_for_the_database_that_boot_creates(absent_database, make_project, server):
    """A worker that starts first neither gives up on the missing database nor creates it itself."""
    project = make_project(migrations={"20240101000000_init": "CREATE TABLE a (id int PRIMARY KEY);"})
    everywhere = {"PGREADY_CREATE_DATABASE": "true"}
    with project.start("wait", "--", "echo", "works", url=absent_database.url, env=everywhere) as worker:
        assert worker.stderr
        assert worker.stdout
        assert "the database does not exist" in worker.stderr.readline()
        there = type(absent_database)(server, "postgres").query(
            "SELECT count(*) FROM pg_database WHERE datname = %s", (absent_database.name,)
        )
        assert there == [(0,)]
        booted = project.run("boot", "--", "echo", "serves", url=absent_database.url, env=everywhere)
        assert (booted.returncode, booted.stdout) == (0, "serves\n"), booted.stderr
        assert worker.stdout.read() == "works\n"
        assert worker.wait(60) == 0
