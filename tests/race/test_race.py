"""Thirty processes boot at once on a cold database: one migrates, each migration runs once, all serve.

One round each way by default; `PGREADY_RACE_ROUNDS=20` (make full-race) runs twenty and prints the figures.
"""

import os
import sys
import time
from pathlib import Path

import pytest

from pgready.postgres.libpq import locate

pytestmark = [pytest.mark.matrix, pytest.mark.slow]

PROCESSES = 30
ROUNDS = int(os.environ.get("PGREADY_RACE_ROUNDS", "1"))
SCHEMAS = ("public", "financial", "tagging", "trading")
SERVE = str(Path(__file__).with_name("serve.py"))


def ledger(name: str) -> str:
    """SQL that shows later how often a script ran: nothing keeps it from counting twice."""
    return f"INSERT INTO public.ledger VALUES ('{name}');\nUPDATE public.doubled SET v = v * 2;\n"


def history() -> dict[str, str]:
    """Whole scripts, scripts that must be split (enum use, CONCURRENTLY), four schemas, nothing idempotent."""
    scripts = {
        "0001_ledger": "CREATE TABLE public.ledger (name text);\nCREATE TABLE public.doubled (v numeric);\n"
        "INSERT INTO public.doubled VALUES (1);\n",
        "0002_tables": "CREATE TABLE financial.account (id bigint PRIMARY KEY, balance numeric NOT NULL);\n"
        "CREATE TABLE tagging.tag (id int, name text);\n"
        "INSERT INTO financial.account SELECT g, g FROM generate_series(1, 2000) g;\n",
        "0003_enum": "CREATE TYPE trading.state AS ENUM ('open');\n",
        "0004_enum_use": "ALTER TYPE trading.state ADD VALUE 'closed';\n"
        "CREATE TABLE trading.orders (state trading.state DEFAULT 'closed');\nINSERT INTO trading.orders DEFAULT VALUES;\n",
        "0005_index": "CREATE INDEX CONCURRENTLY account_balance ON financial.account (balance);\n",
        "0006_two_indexes": "CREATE INDEX CONCURRENTLY tag_name ON tagging.tag (name);\n"
        "ALTER TABLE tagging.tag ADD COLUMN color text;\n"
        "CREATE UNIQUE INDEX CONCURRENTLY tag_id ON tagging.tag (id);\n",
        "0007_own_transactions": "BEGIN;\nCREATE TABLE tagging.first (id int);\nCOMMIT;\n"
        "BEGIN;\nCREATE TABLE tagging.second (id int);\nCOMMIT;\n",
    }
    scripts |= {f"{n:04}_small": f"CREATE TABLE financial.small_{n} (id int PRIMARY KEY);\n" for n in range(8, 40)}
    scripts["0040_last"] = (
        "CREATE TABLE trading.last_of_all (state trading.state);\nINSERT INTO trading.last_of_all VALUES ('closed');\n"
    )
    return {name: script + ledger(name) for name, script in scripts.items()}


@pytest.fixture(params=["direct", pytest.param("pooled", marks=pytest.mark.pgbouncer)])
def way(request, server):
    """How the processes reach the server: a function from a database's name to URL and further environment."""
    if request.param == "direct":
        return lambda database: (database.url, {})
    pooler = request.getfixturevalue("make_pooler")(server, default_pool_size=10)
    return lambda database: (pooler.url(database.name), {"PGREADY_DIRECT_URL": database.url})


@pytest.mark.timeout(100 + 90 * ROUNDS)
def test_thirty_boots_at_once(way, make_database, make_project, request):
    """Every process exits 0 and serves, every migration ran once, and nothing stays locked or open."""
    scripts = history()
    project = make_project(schemas=SCHEMAS, migrations=scripts)
    took = []
    for number in range(ROUNDS):
        database = make_database()
        took.append(race(project, database, *way(database), number, scripts))
    if ROUNDS > 1:
        took.sort()
        print(
            f"\n{request.node.callspec.id}: {ROUNDS} rounds of {PROCESSES} boots of {len(scripts)} migrations: all ready,"
            f" each migration once, nothing left locked; a round took {took[0]:.1f} to {took[-1]:.1f} s,"
            f" median {took[ROUNDS // 2]:.1f} s"
        )


def race(project, database, url, env, number, scripts) -> float:
    """One round on a cold database; returns its seconds."""
    began = time.monotonic()
    served = [sys.executable, "-I", "-S", SERVE, locate(), url]
    # Every fifth is a worker that only waits; the first to start differs from round to round.
    verbs = ["wait" if (i + number) % 5 == 0 else "boot" for i in range(PROCESSES)]
    running = [project.start(verb, "--timeout", "90", "--", *served, url=url, env=env) for verb in verbs]
    try:
        outputs = [process.communicate(timeout=120) for process in running]
    finally:
        for process in running:
            process.kill()
    took = time.monotonic() - began
    told = "\n".join(
        f"--- {verb} {p.returncode}\n{o}{e}" for verb, p, (o, e) in zip(verbs, running, outputs, strict=True)
    )
    assert [p.returncode for p in running] == [0] * PROCESSES, told
    assert [out for out, _ in outputs] == ["served closed\n"] * PROCESSES, told
    assert "does not exist" not in told
    assert sum(" to apply" in err for _, err in outputs) == 1, told
    rows = database.query(
        "SELECT migration_name, applied_steps_count, logs, finished_at IS NOT NULL, rolled_back_at"
        " FROM _prisma_migrations ORDER BY started_at"
    )
    assert rows == [(name, 1, None, True, None) for name in sorted(scripts)]
    assert database.query("SELECT count(DISTINCT started_at) FROM _prisma_migrations") == [(len(scripts),)]
    assert database.query("SELECT name FROM ledger ORDER BY name") == [(name,) for name in sorted(scripts)]
    assert database.query("SELECT v FROM doubled") == [(2 ** len(scripts),)]
    assert database.query("SELECT count(*) FROM pg_index WHERE NOT indisvalid") == [(0,)]
    assert_nothing_left(database)
    return took


def assert_nothing_left(database) -> None:
    """No lock, no open or prepared transaction of any other session in this database."""
    assert database.query(
        "SELECT locktype, mode, pid FROM pg_locks WHERE pid <> pg_backend_pid()"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    ) == []  # fmt: skip
    assert database.query("SELECT gid FROM pg_prepared_xacts") == []
    assert database.query(
        "SELECT pid, state, query FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND state <> 'idle'"
    ) == []  # fmt: skip
