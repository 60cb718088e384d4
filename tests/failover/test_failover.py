"""The primary dies under a migration: the boot goes on where the truth is, and never on a stale primary."""

import json

import pytest
from failover_pair import query, until

pytestmark = pytest.mark.matrix

SERVED = ("--", "echo", "served")


def rows(server):
    """Names and states of the migrations table, in order."""
    return query(
        server,
        "SELECT migration_name, finished_at IS NOT NULL, applied_steps_count FROM _prisma_migrations ORDER BY started_at",
    )


def done(*names):
    """The rows of migrations that are applied and whole."""
    return [(name, True, 1) for name in names]


def end(process, timeout=90):
    """Exit code, stdout and stderr of a process that ends by itself."""
    try:
        out, err = process.communicate(timeout=timeout)
    finally:
        process.kill()
    return process.returncode, out, err


def three(pair, slow):
    """Three migrations that count their runs; the second one is long on `slow`."""
    return {
        "1_init": "CREATE TABLE a (v int); INSERT INTO a VALUES (1);",
        "2_long": f"UPDATE a SET v = v * 2;\n{pair.on(slow)}",
        "3_last": "UPDATE a SET v = v * 2;",
    }


def test_boot_goes_on_on_the_new_primary(pair, make_project):
    """Primary killed in the middle of a migration, standby promoted: each migration once, CMD served."""
    project = make_project(migrations=three(pair, pair.first))
    process = project.start("boot", "--timeout", "60", *SERVED, url=pair.url())
    until("the second migration runs", lambda: pair.at_work(pair.first))
    until("the standby has the first", pair.caught_up)
    pair.first.stop("immediate")
    pair.promote()
    code, out, err = end(process)
    assert (code, out) == (0, "served\n"), err
    assert "connection lost" in err
    assert rows(pair.second) == done("1_init", "2_long", "3_last")
    assert query(pair.second, "SELECT v FROM a") == [(4,)]


def test_between_the_steps_of_a_split_script(pair, make_project):
    """The same in a script that goes in steps: the row with its progress came along, and is taken up."""
    project = make_project(
        migrations={
            "1_init": "CREATE TABLE a (v int); INSERT INTO a VALUES (1);",
            "2_steps": f"BEGIN;\nUPDATE a SET v = v * 2;\nCOMMIT;\nCREATE INDEX CONCURRENTLY a_v ON a (v);\n"
            f"BEGIN;\nUPDATE a SET v = v * 2;\n{pair.on(pair.first)}COMMIT;\n",
        }
    )
    process = project.start("boot", "--timeout", "60", *SERVED, url=pair.url())
    until("the last step runs", lambda: pair.at_work(pair.first))
    until("the standby has the steps before", pair.caught_up)
    pair.first.stop("immediate")
    pair.promote()
    code, out, err = end(process)
    assert (code, out) == (0, "served\n"), err
    assert "partly applied" in err
    assert rows(pair.second) == done("1_init", "2_steps")
    assert query(pair.second, "SELECT v FROM a") == [(4,)]
    assert query(pair.second, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_v'::regclass") == [(True,)]


def test_acknowledged_and_lost(pair, make_project):
    """What an asynchronous standby never got is applied again there: memory is not believed."""
    project = make_project(migrations=three(pair, pair.first))
    pair.second.stop()
    process = project.start("boot", "--timeout", "60", *SERVED, url=pair.url())
    until("the second migration runs", lambda: pair.at_work(pair.first))
    assert rows(pair.first) == done("1_init")
    pair.first.stop("immediate")
    pair.second.start()
    pair.promote()
    code, out, err = end(process)
    assert (code, out) == (0, "served\n"), err
    assert rows(pair.second) == done("1_init", "2_long", "3_last")
    assert query(pair.second, "SELECT v FROM a") == [(4,)]


def test_stale_primary_at_first_contact(pair, make_project):
    """Both answer as primaries, the stale one first in the URL: the new one is migrated, the stale one untouched."""
    pair.first.stop("immediate")
    pair.promote()
    pair.first.start()
    assert query(pair.first, "SELECT pg_is_in_recovery()") == [(False,)]
    project = make_project(migrations={"1_init": "CREATE TABLE a (v int);"})
    run = project.run("boot", *SERVED, url=pair.url())
    assert (run.returncode, run.stdout) == (0, "served\n"), run.stderr
    assert "stale" in run.stderr
    assert f":{pair.first.port}" in run.stderr
    assert rows(pair.second) == done("1_init")
    assert query(pair.first, "SELECT to_regclass('_prisma_migrations')") == [(None,)]


def test_stale_primary_that_is_ahead(pair, make_project):
    """A stale primary on which everything is applied makes nobody ready: the new primary has not got it."""
    project = make_project(migrations={"1_init": "CREATE TABLE a (v int);"})
    pair.second.stop()
    assert project.run("boot", *SERVED, url=pair.url(pair.first)).returncode == 0
    pair.first.stop("immediate")
    pair.second.start()
    pair.promote()
    pair.first.start()
    run = project.run("boot", *SERVED, url=pair.url())
    assert (run.returncode, run.stdout) == (0, "served\n"), run.stderr
    assert rows(pair.second) == done("1_init")


def test_stale_primary_after_a_loss(pair, make_project):
    """The new primary is lost for a while and the stale one answers: the boot waits for the newer timeline."""
    pair.first.stop("immediate")
    pair.promote()
    pair.first.start()
    project = make_project(migrations=three(pair, pair.second))
    process = project.start("boot", "--log-format", "json", "--timeout", "60", *SERVED, url=pair.url())
    until("the second migration runs", lambda: pair.at_work(pair.second))
    pair.second.stop("immediate")
    told = []
    for line in process.stderr:
        told.append(line)
        if json.loads(line)["event"] == "waiting":
            break
    assert "timeline" in told[-1], told
    assert query(pair.first, "SELECT to_regclass('_prisma_migrations')") == [(None,)]
    pair.second.start()
    until("the second migration runs again", lambda: pair.at_work(pair.second))
    assert query(pair.first, "SELECT to_regclass('_prisma_migrations')") == [(None,)]
    process.terminate()
    code, _, err = end(process)
    assert code == 143, err
    assert rows(pair.second) == done("1_init")
    assert query(pair.second, "SELECT v FROM a") == [(1,)]


def test_boot_on_a_standby(pair, make_project):
    """A standby is ready if nothing is pending; with something pending it waits, is told, and goes on if promoted."""
    project = make_project(migrations={"1_init": "CREATE TABLE a (v int);"})
    on_standby = pair.url(pair.second)
    run = project.run("boot", "--timeout", "1", *SERVED, url=on_standby)
    assert (run.returncode, run.stdout) == (5, ""), run.stderr
    assert "standby" in run.stderr
    assert project.run("boot", *SERVED, url=pair.url(pair.first)).returncode == 0
    until("the standby has it", pair.caught_up)
    run = project.run("boot", "--timeout", "1", *SERVED, url=on_standby)
    assert (run.returncode, run.stdout) == (0, "served\n"), run.stderr
    project.migration("2_more", "CREATE TABLE b (v int);")
    process = project.start("boot", "--log-format", "json", "--timeout", "60", *SERVED, url=on_standby)
    for line in process.stderr:
        if json.loads(line)["event"] == "waiting":
            break
    pair.first.stop("immediate")
    pair.promote()
    code, out, err = end(process)
    assert (code, out) == (0, "served\n"), err
    assert rows(pair.second) == done("1_init", "2_more")


def test_standby_first_in_the_list(pair, make_project):
    """Where a URL names the standby before the primary, the primary is found and migrated."""
    project = make_project(migrations={"1_init": "CREATE TABLE a (v int);"})
    run = project.run("boot", "--timeout", "20", *SERVED, url=pair.url(pair.second, pair.first))
    assert (run.returncode, run.stdout) == (0, "served\n"), run.stderr
    assert rows(pair.first) == done("1_init")


def test_wait_is_satisfied_by_a_standby(pair, make_project):
    """`wait` against a standby sees the migrations arrive; one under way on the primary is no failure to it."""
    project = make_project(
        migrations={
            "1_init": "CREATE TABLE a (v int);",
            "2_steps": "BEGIN; CREATE TABLE b (v int); COMMIT; BEGIN; SELECT pg_sleep(6); COMMIT;",
        }
    )
    waiter = project.start("wait", "--timeout", "60", *SERVED, url=pair.url(pair.second))
    booter = project.start("boot", "--timeout", "60", *SERVED, url=pair.url(pair.first))
    code, out, err = end(booter)
    assert (code, out) == (0, "served\n"), err
    code, out, err = end(waiter)
    assert (code, out) == (0, "served\n"), err
    assert "a standby does not show who is at it" in err


def test_all_hosts_down(pair, make_project):
    """With no host to reach the boot waits, says so, and gives up with its own exit code."""
    project = make_project(migrations={"1_init": "CREATE TABLE a (v int);"})
    url = pair.url()
    pair.first.stop("immediate")
    pair.second.stop("immediate")
    run = project.run("boot", "--timeout", "2", *SERVED, url=url)
    assert (run.returncode, run.stdout) == (7, ""), run.stderr
    assert "none of the 2 hosts is a primary" in run.stderr
    assert "waiting for" in run.stderr


def test_a_long_migration_is_not_a_long_wait(pair, make_project):
    """The primary dies after a statement ran longer than --timeout: working was no waiting, the whole budget is left."""
    project = make_project(migrations=three(pair, pair.first))
    process = project.start("boot", "--timeout", "10", *SERVED, url=pair.url())
    running = "SELECT clock_timestamp() - query_start > '12 s' FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    until("the second migration runs for 12 s", lambda: query(pair.first, running) == [(True,)])
    pair.first.stop("immediate")
    pair.promote()
    code, out, err = end(process)
    assert (code, out) == (0, "served\n"), err
    assert rows(pair.second) == done("1_init", "2_long", "3_last")
