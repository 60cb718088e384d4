"""Crashes that more than one test looks at."""

from crash_harness import OURS, Crash, killed, until
from crash_history import AWAKE

from fix_server import Database

SLEEPS = OURS + " AND wait_event = 'PgSleep'"
BUILDS = OURS + " AND wait_event = 'virtualxid' AND query LIKE 'CREATE INDEX CONCURRENTLY%%'"


def orphan_commits(crash: Crash, database: Database) -> None:
    """Kill the client of a statement that naps while a second boot waits; the orphaned backend runs on to its COMMIT.

    The network is parted first, or the server would notice within a second and end the orphan.
    """
    with killed(crash.project.start("boot", "--", "true", url=crash.url(database, proxied=True))) as first:
        until(lambda: crash.admin(SLEEPS, database), "the long statement")
        database.query(AWAKE)
        with crash.driver.started(crash.case(database, database.url)) as second:
            until(lambda: len(crash.admin(OURS, database)) >= 3, "the one that waits")
            crash.proxy.cut("part")
            first.kill()
            crash.terminate("lock", database)
            done = second()
        assert done.code == 0, done.story
    crash.recover(database, done.story)
