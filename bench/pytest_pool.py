"""What a test pays for its database: a clone from the pool, a rollback, beside CREATE DATABASE and a deploy.

    python bench/pytest_pool.py [TESTS]

The real history of 220 migrations (litellm's), one embedded server, the three in turns, so that a busy machine is busy
for all. Each opens a connection and asks one question, as a test would; in between `PAUSE` seconds of a test's own work
pass, in which the pool makes the next clone. Milliseconds until the answer, then the ratio to the deploy.
"""

from __future__ import annotations

import importlib.util
import os
import statistics
import sys
import time
from pathlib import Path

import psycopg

import pgready
from pgready.integrations.clones import TestServer

PAUSE = 0.3
QUESTION = 'SELECT count(*) FROM "LiteLLM_TeamTable"'


def main(tests: int) -> None:
    """Measure and print."""
    found = importlib.util.find_spec("litellm_proxy_extras")
    if found is None or found.origin is None:
        raise SystemExit("litellm-proxy-extras is not installed: uv sync")
    migrations = str(Path(found.origin).parent / "migrations")
    environ = {**os.environ, "PGREADY_MIGRATIONS": migrations}
    os.environ["PGREADY_MIGRATIONS"] = migrations
    taken: dict[str, list[float]] = {"clone from the pool": [], "rolled back": [], "CREATE DATABASE + deploy": []}
    server = TestServer(os.getcwd(), environ)
    began = time.perf_counter()
    with server.database() as shared, psycopg.connect(shared.url) as connection:
        first = time.perf_counter() - began
        with psycopg.connect(shared.url, autocommit=True) as admin:
            for number in range(tests):
                time.sleep(PAUSE)
                began = time.perf_counter()
                with server.database() as database, psycopg.connect(database.url) as own:
                    own.execute(QUESTION)
                    taken["clone from the pool"].append(time.perf_counter() - began)
                began = time.perf_counter()
                with connection.transaction(force_rollback=True):
                    connection.execute(QUESTION)
                taken["rolled back"].append(time.perf_counter() - began)
                began = time.perf_counter()
                url = shared.url.replace(shared.name, f"plain_{number}")
                admin.execute(f"CREATE DATABASE plain_{number}")
                pgready.boot(url=url)
                with psycopg.connect(url) as own:
                    own.execute(QUESTION)
                taken["CREATE DATABASE + deploy"].append(time.perf_counter() - began)
                admin.execute(f"DROP DATABASE plain_{number} WITH (FORCE)")
    server.close()
    deploy = statistics.median(taken["CREATE DATABASE + deploy"])
    print(f"{tests} tests, 220 migrations; server and template, once a session: {first * 1000:.0f} ms\n")
    print("| a test's database | median ms | least ms | of the deploy |")
    print("|---|---|---|---|")
    for name, values in taken.items():
        middle = statistics.median(values)
        print(f"| {name} | {middle * 1000:.1f} | {min(values) * 1000:.1f} | 1/{deploy / middle:.0f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
