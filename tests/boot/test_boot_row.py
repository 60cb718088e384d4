"""The row of a migration is the protocol's: a script that takes it away does not count as applied."""

import pytest

pytestmark = pytest.mark.matrix


def test_a_script_that_deletes_its_own_row_is_rolled_back(database, make_project):
    """Committed without its row it would run again at the next boot; so it fails, whole, and says why."""
    project = make_project(
        migrations={
            "1_one": "CREATE TABLE a (id int)",
            "2_two": "CREATE TABLE b (id int); DELETE FROM _prisma_migrations",
        }
    )
    done = project.run("boot", "--", "true", url=database.url)
    assert done.returncode == 6
    assert "the script removed its own row from the migrations table" in done.stderr
    assert database.query("SELECT migration_name FROM _prisma_migrations") == [("1_one",)]
    assert database.query("SELECT to_regclass('a') IS NULL, to_regclass('b') IS NULL") == [(False, True)]
