"""An in-process no-op beside a bare connect and query, in a Python that has psycopg already."""

import os
import statistics
import time

import psycopg

import pgready

URL = os.environ["DATABASE_URL"]


def bare() -> None:
    with psycopg.connect(URL, autocommit=True) as connection:
        connection.execute("SELECT 1").fetchone()


def boot() -> None:
    pgready.boot()


times: dict[str, list[float]] = {"bare": [], "boot": []}
for number in range(45):
    for name, run in (("bare", bare), ("boot", boot)):
        began = time.perf_counter()
        run()
        if number >= 5:
            times[name].append((time.perf_counter() - began) * 1000)
bare_ms, boot_ms = statistics.median(times["bare"]), statistics.median(times["boot"])
print(f"connect + query {bare_ms:.1f} ms, pgready.boot() {boot_ms:.1f} ms, ratio {boot_ms / bare_ms:.2f}")
