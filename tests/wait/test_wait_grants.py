"""The right to read the history may itself come by a migration: a service that waits for it is not turned away."""

import time

import pytest

pytestmark = pytest.mark.matrix

GRANTS = "GRANT SELECT ON _prisma_migrations TO {};"


def test_a_grant_that_is_on_its_way_is_waited_for(database, make_project, make_role):
    """While somebody is at the migrations, being refused means not yet; then the role is ready like any other."""
    role = make_role("service", "GRANT USAGE ON SCHEMA public TO {role}")
    slow = "SELECT pg_sleep(4);"
    project = make_project(migrations={"1_slow": slow, "2_grants": GRANTS.format(role.name)})
    waiting = project.start("wait", "--", "echo", "serves", url=role.url)
    booting = project.start("boot", "--", "true", url=database.url)
    out, err = waiting.communicate(timeout=90)
    assert (waiting.returncode, out) == (0, "serves\n"), err
    assert f"role {role.name} may not read the migrations table yet" in err
    assert booting.wait(timeout=60) == 0
    booting.communicate()


def test_a_grant_that_nobody_is_at_is_told(database, make_project, make_role):
    """Nobody migrates: after a moment it is an error with the grant that is missing, not a wait of five minutes."""
    role = make_role("service", "GRANT USAGE ON SCHEMA public TO {role}")
    project = make_project(migrations={"1_one": "CREATE TABLE one (id int);"})
    assert project.run("boot", "--", "true", url=database.url).returncode == 0
    began = time.monotonic()
    refused = project.run("wait", "--", "true", url=role.url)
    assert time.monotonic() - began < 60
    assert refused.returncode == 5
    assert "may not read the migrations table" in refused.stderr
    assert "GRANT SELECT" in refused.stderr
