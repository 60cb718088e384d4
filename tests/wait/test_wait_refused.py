"""wait asks questions of its own; a server that refuses them is told in words and never as a bug."""

import pytest

pytestmark = pytest.mark.matrix


def test_a_table_that_is_no_migrations_table_is_told(database, make_project):
    """Something else goes by the migrations table's name: exit 5 at once, with the server's words."""
    database.query("CREATE TABLE _prisma_migrations (id int)")
    project = make_project(migrations={"1_one": "CREATE TABLE a (id int)"})
    done = project.run("wait", "--", "true", url=database.url)
    assert done.returncode == 5, done.stderr
    assert "the server refuses the question: column" in done.stderr
    assert "bug" not in done.stderr
