"""Mixed fleets: replicas with pgready and replicas with Prisma start at once on a cold database.

Full counts: `PGREADY_PRISMA_ROUNDS=20 pytest tests/prisma/test_prisma_race.py -s` prints its figures.
"""

import os
from collections import Counter
from contextlib import ExitStack

import pytest

from fix_prisma import SECONDS, read_answer, until

pytestmark = [pytest.mark.prisma, pytest.mark.matrix, pytest.mark.timeout(900)]

ROUNDS = int(os.environ.get("PGREADY_PRISMA_ROUNDS", "2"))

# Not one of them can run twice without an error or without being counted.
MIGRATIONS = {"20240101000000_ledger": "CREATE TABLE ledger (name text);\n"} | {
    f"202401{day:02}000000_m": f"CREATE TABLE t{day} (id int);\nINSERT INTO ledger VALUES ('{day}');\n"
    for day in range(2, 26)
}

ALL_WAIT = (
    "SELECT WHERE (SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND objid = 72707369) = 4"
    " AND (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name = 'pgready') = 3"
)


def test_prisma_and_pgready_race_on_a_cold_database(engines, make_database, make_project, capsys):
    """Three pgready and two processes of each engine start at once: all succeed, each migration ran exactly once.

    pgready is the faster starter, so in every second round the test holds the lock until all seven wait for it;
    then Prisma, which queues for it, gets it first.
    """
    project = make_project(migrations=MIGRATIONS)
    shares: Counter[str] = Counter()
    for number in range(ROUNDS):
        database = make_database()
        gate = ExitStack()
        if number % 2:
            gate.enter_context(database.connect()).execute("SELECT pg_advisory_lock(72707369)")
        theirs = [(v, e.start("apply", database.url, project.migrations)) for v, e in engines.items() for _ in range(2)]
        ours = [project.start("boot", "--", "echo", "served", url=database.url) for _ in range(3)]
        try:
            if number % 2:
                until(database, ALL_WAIT)
            gate.close()
            for process in ours:
                out, err = process.communicate(timeout=SECONDS)
                assert (process.returncode, out) == (0, "served\n"), err
            for version, process in theirs:
                out, err = process.communicate(timeout=SECONDS)
                shares[f"Prisma {version}"] += len(read_answer(out)["appliedMigrationNames"])
        finally:
            gate.close()
            for process in (*ours, *(process for _, process in theirs)):
                process.kill()
                process.wait(SECONDS)
        assert database.query("SELECT name, count(*) FROM ledger GROUP BY 1 HAVING count(*) <> 1") == []
        assert database.query("SELECT count(*) FROM ledger") == [(len(MIGRATIONS) - 1,)]
        names = database.query("SELECT migration_name FROM _prisma_migrations ORDER BY started_at")
        assert names == [(name,) for name in MIGRATIONS]
        assert database.query("SELECT FROM pg_locks WHERE locktype = 'advisory'") == []
        assert all(engine.up_to_date(database.url, project.migrations) for engine in engines.values())
    total = ROUNDS * len(MIGRATIONS)
    assert shares.total() >= ROUNDS // 2 * len(MIGRATIONS)
    shares["pgready"] = total - shares.total()
    with capsys.disabled():
        if "PGREADY_PRISMA_ROUNDS" in os.environ:
            who = ", ".join(f"{count} by {name}" for name, count in sorted(shares.items()))
            print(f"\nmixed race: {ROUNDS} rounds of 7 processes, {total} migrations, each exactly once ({who})")
