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


def test_a_lock_that_a_script_never_gets_is_no_failed_migration(database, make_project):
    """It ends in 8, as for the migration lock: nothing of the script is there, and a restart applies it."""
    project = make_project(migrations={"1_one": "CREATE TABLE a (id int)"})
    assert project.run("migrate", "deploy", url=database.url).returncode == 0
    project.migration("2_two", "ALTER TABLE a ADD COLUMN b int")
    words = ("migrate", "deploy", "--timeout", "1s", "--lock-timeout", "200ms")
    with database.connect(application_name="long report") as reader:
        reader.execute("BEGIN; SELECT * FROM a")
        done = project.run(*words, url=database.url)
        assert done.returncode == 8, done.stderr
        assert "2_two got no lock in 1 s" in done.stderr
        assert "end what holds the lock" in done.stderr
        said = project.run(*words, "--json", url=database.url)
        assert (said.returncode, '"code": "lock"' in said.stdout) == (8, True), said.stdout
    assert project.run(*words, url=database.url).returncode == 0
