"""`boot --refuse-hazards`: a database in use gets no script that lint has not passed."""

import pytest

pytestmark = pytest.mark.matrix


def names(database):
    """What was applied."""
    return [name for (name,) in database.query('SELECT migration_name FROM "_prisma_migrations" ORDER BY 1')]


def test_only_what_lint_has_passed(make_project, database):
    """The first deploy is nobody's; then new, changed and ended scripts are refused, all or nothing; no lint, no boot."""
    project = make_project(migrations={"1_first": "CREATE TABLE t (id int PRIMARY KEY, a int);"})
    boot = ("boot", "--refuse-hazards", "--", "true")
    assert project.run(*boot, url=database.url).returncode == 0
    assert project.run(*boot, url=database.url).returncode == 0, "nothing is pending"
    project.migration("2_fine", "ALTER TABLE t ADD b int;")
    project.migration("3_bad", "CREATE INDEX i ON t (a);")
    lock = project.migrations / "hazards.lock"

    run = project.run(*boot, url=database.url)
    assert run.returncode == 3
    assert "2 of 2 pending migrations are refused" in run.stderr
    assert "2_fine: lint has not passed it" in run.stderr
    assert "pgready lint --lock 2_fine 3_bad" in run.stderr
    assert names(database) == ["1_first"]

    assert project.run("lint", "--shadow", "embedded", "--lock", "--quiet").returncode == 4
    run = project.run("migrate", "deploy", url=database.url, env={"PGREADY_REFUSE_HAZARDS": "1"})
    assert run.returncode == 3
    assert "1 of 2 pending migrations are refused" in run.stderr
    assert "3_bad: lint has not passed it" in run.stderr
    assert names(database) == ["1_first"], "nothing was applied, the good one neither"

    project.migration("3_bad", "-- pgready: allow H004 until=2099-01-31 small\nCREATE INDEX i ON t (a);")
    assert project.run("lint", "--shadow", "embedded", "--lock", "--quiet").returncode == 0
    passed = lock.read_text()
    lock.write_text(passed.replace("until=2099-01-31", "until=2020-01-31"))
    run = project.run(*boot, url=database.url)
    assert (run.returncode, "3_bad: what allows its hazards ended on 2020-01-31" in run.stderr) == (3, True)
    lock.write_text(passed.replace("  1_first", "  1_first\n<<<<<<< HEAD"))
    run = project.run(*boot, url=database.url)
    assert run.returncode == 2
    assert "is no line of a lock file" in run.stderr
    assert "hazards.lock:" in run.stderr
    lock.write_text(passed)
    project.migration("2_fine", "ALTER TABLE t ADD b bigint;")
    run = project.run(*boot, url=database.url)
    assert (run.returncode, "2_fine: it was changed after lint passed it" in run.stderr) == (3, True)
    project.migration("2_fine", "ALTER TABLE t ADD b int;")
    assert project.run(*boot, url=database.url).returncode == 0
    assert names(database) == ["1_first", "2_fine", "3_bad"]
