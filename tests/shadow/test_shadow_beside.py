"""A throw-away database on the project's own server: made, dropped, and leftovers of killed runs dropped too."""

import os
import signal
import time

import pytest

from pgready.errors import MigrationFailed, Unreachable, UsageInvalid

pytestmark = pytest.mark.matrix

ONE = {"20240101000000_init": "CREATE TABLE customer (id int PRIMARY KEY);\n"}
SLEEP = {**ONE, "20240101000001_sleep": "SELECT pg_sleep(600);\n"}
WORDS = ("migrate", "diff", "--from-migrations", "prisma/migrations", "--to-empty", "--shadow", "server")


def until(condition, seconds=30):
    """Wait for a condition; its last value."""
    end = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < end:
        time.sleep(0.02)
    return found


def sleeping(database):
    """The shadow databases in which a migration sleeps."""
    return [
        name
        for (name,) in database.query(
            "SELECT datname FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND datname LIKE 'pgready_shadow_%'"
            " AND pid <> pg_backend_pid()"
        )
    ]


def test_nothing_is_left_after_success_and_failure(database, make_project, replay, shadows):
    """The project's database is not touched, and the shadow is gone."""
    assert len(replay(make_project(migrations=ONE)).tables) == 1
    with pytest.raises(MigrationFailed):
        replay(make_project("bad", migrations={**ONE, "20240101000001_bad": "SELECT nope;"}))
    assert shadows() == []
    assert database.query("SELECT count(*) FROM pg_class WHERE relname = 'customer'") == [(0,)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_nothing_is_left_after_a_signal(database, make_project, shadows, number):
    """In the middle of a migration: cancelled, dropped, exit 128 + n."""
    project = make_project(migrations=SLEEP)
    run = project.start(*WORDS, url=database.url)
    try:
        assert until(lambda: sleeping(database))
        run.send_signal(number)
        run.communicate(timeout=30)
        assert run.returncode == 128 + number
        assert shadows() == []
    finally:
        run.kill()
        run.communicate()


def test_the_leftover_of_a_killed_run_is_dropped_by_the_next_and_a_living_one_is_not(
    database, make_project, replay, shadows, told
):
    """Whose lock is gone is nobody's; whose lock is held is at work."""
    project = make_project(migrations=SLEEP)
    living = project.start(*WORDS, url=database.url)
    try:
        (at_work,) = until(lambda: sleeping(database))
        killed = project.start(*WORDS, url=database.url)
        assert until(lambda: len(sleeping(database)) == 2)
        left = next(name for name in sleeping(database) if name != at_work)
        os.kill(killed.pid, signal.SIGKILL)
        killed.communicate()
        # The lock is the keeper's, which is idle: the server notices its end by itself.
        assert until(
            lambda: (
                database.query("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 72707370")
                == [(1,)]
            )
        )
        replay(make_project("next", migrations=ONE))
        assert shadows() == [at_work]
        assert [event.fields["database"] for event in told if event.kind == "shadow_swept"] == [left]
    finally:
        living.terminate()
        living.communicate(timeout=30)
    assert shadows() == []


def test_a_role_without_the_right_is_told_what_to_do(database, make_role, make_project, replay):
    """Three ways out, one of them without an administrator."""
    role = make_role("poor")
    with pytest.raises(UsageInvalid) as refused:
        replay(make_project(migrations=ONE), main=role.url)
    e = refused.value
    assert e.code == "shadow_not_created"
    assert "pgready[embedded]" in e.then
    assert "CREATEDB" in e.then
    assert role.password not in str(e.as_dict())


def test_a_role_that_may_create_databases_needs_nothing_else(database, make_role, make_project, replay, shadows):
    """CREATEDB is enough; the database of the project need not exist."""
    role = make_role("maker", options="CREATEDB")
    assert len(replay(make_project(migrations=ONE), main=role.url).tables) == 1
    assert shadows() == []


def test_the_project_database_may_be_missing(server, make_project, replay):
    """Before the first boot there is none."""
    assert len(replay(make_project(migrations=ONE), main=server.url("not_made_yet")).tables) == 1


def test_a_read_only_server_is_told(database, make_project, replay, shadows):
    """As on a standby."""
    with pytest.raises(UsageInvalid) as refused:
        replay(make_project(migrations=ONE), main=database.url + "?options=-c%20default_transaction_read_only%3Don")
    assert refused.value.code == "shadow_read_only"
    assert shadows() == []


def test_an_unreachable_server_is_told(make_project, replay):
    """As the shadow database's, since that is what it was asked for."""
    with pytest.raises(Unreachable) as refused:
        replay(make_project(migrations=ONE), main="postgresql://me:s3cr3t@127.0.0.1:1/x")
    assert "shadow database" in refused.value.what
    assert "s3cr3t" not in str(refused.value.as_dict())
