"""Crashes that more than one test looks at."""

from crash_harness import OURS, Crash, killed, until

from fix_server import Database

SLEEPS = OURS + " AND wait_event = 'PgSleep'"
BUILDS = OURS + " AND wait_event = 'virtualxid' AND query LIKE 'CREATE INDEX CONCURRENTLY%%'"


def orphan_commits(crash: Crash, database: Database) -> None:
    """Kill the client of a long statement while a second boot waits; the orphaned backend runs on to its COMMIT."""
    with killed(crash.project.start("boot", "--", "true", url=database.url)) as first:
        until(lambda: crash.admin(SLEEPS, database), "the long statement")
        # A fork of the driver is in the lock's queue before the statement is over; a process of its own is not.
        with crash.driver.started(crash.case(database, database.url)) as second:
            until(lambda: len(crash.admin(OURS, database)) >= 3, "the one that waits")
            first.kill()
            done = second()
        assert done.code == 0, done.story
    crash.recover(database, done.story)
