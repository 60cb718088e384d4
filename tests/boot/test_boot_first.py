"""The main job: from a cold database to a started command."""

import pytest

pytestmark = pytest.mark.matrix

TWO = {
    "20240101000000_init": "CREATE TABLE a (id int PRIMARY KEY);",
    "20240102000000_more": "CREATE TABLE financial.b (id int PRIMARY KEY);\nINSERT INTO a VALUES (1) -- no newline",
}


def test_cold_boot_creates_schemas_applies_and_starts(database, make_project):
    """A cold database ends with every schema, every migration once, and CMD running with its own output."""
    project = make_project(schemas=("public", "financial"), migrations=TWO)
    done = project.run("boot", "--", "echo", "served", url=database.url)
    assert (done.returncode, done.stdout) == (0, "served\n"), done.stderr
    rows = database.query(
        "SELECT migration_name, applied_steps_count, logs, finished_at IS NOT NULL, rolled_back_at"
        " FROM _prisma_migrations ORDER BY started_at"
    )
    assert rows == [(name, 1, None, True, None) for name in TWO]
    assert database.query("SELECT id FROM a") == [(1,)]


def test_a_cold_start_leaves_no_error_in_the_servers_log(server, database, make_project):
    """Whoever greps PostgreSQL's log for "does not exist" finds what went wrong, and not that somebody asked early."""
    project = make_project(schemas=("public", "financial"), migrations=TWO)
    at = len(server.log_text())
    worker = project.start("wait", "--timeout", "60", "--", "true", url=database.url)
    status = project.run("migrate", "status", url=database.url)
    boots = [project.start("boot", "--", "true", url=database.url) for _ in range(2)]
    for process in (*boots, worker):
        _, story = process.communicate(timeout=60)
        assert process.returncode == 0, story
    assert status.returncode == 1
    said = server.log_text()[at:].splitlines()
    assert [line for line in said if "ERROR" in line or "FATAL" in line or "does not exist" in line] == []


def test_second_boot_does_nothing(database, make_project):
    """A boot of a database that is ready says so in one line and starts CMD."""
    project = make_project(schemas=("public", "financial"), migrations=TWO)
    assert project.run("boot", "--", "true", url=database.url).returncode == 0
    before = database.query("SELECT * FROM _prisma_migrations ORDER BY id")
    done = project.run("boot", "--", "echo", "served", url=database.url)
    assert (done.returncode, done.stdout) == (0, "served\n")
    assert done.stderr == "pgready: ready, 2 migrations applied, nothing pending\n"
    assert database.query("SELECT * FROM _prisma_migrations ORDER BY id") == before
