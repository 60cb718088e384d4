"""Where the rates of pgready.hazards.cost come from: what a million rows take, one statement at a time.

    python bench/hazard_costs.py [--rows N]

An embedded server with its settings for production-like work (fsync on, 256 MB of buffers), a table of rows of about
100 bytes with a primary key, everything in memory. Medians of three; the code rounds them, and takes the mean of the
two indexes.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time

import psycopg

from pgready.embedded import EmbeddedServer

STATEMENTS = {
    "SCAN (SET NOT NULL)": ("ALTER TABLE t ALTER b SET NOT NULL", "ALTER TABLE t ALTER b DROP NOT NULL"),
    "SCAN (CHECK)": ("ALTER TABLE t ADD CONSTRAINT c CHECK (b > -1)", "ALTER TABLE t DROP CONSTRAINT c"),
    "REFERENCES": ("ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES r", "ALTER TABLE t DROP CONSTRAINT f"),
    "REWRITE": ("ALTER TABLE t ALTER c TYPE bigint", "ALTER TABLE t ALTER c TYPE int"),
    "INDEX (integer)": ("CREATE INDEX i ON t (b)", "DROP INDEX i"),
    "INDEX (text)": ("CREATE INDEX i ON t (v)", "DROP INDEX i"),
    "CHANGE (UPDATE)": ("UPDATE t SET a = a + 1", "VACUUM FULL t"),
    "CHANGE (DELETE)": ("BEGIN; DELETE FROM t; ROLLBACK", "VACUUM FULL t"),
    "REFRESH": ("REFRESH MATERIALIZED VIEW m", "SELECT 1"),
}  # fmt: skip


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=2_000_000)
    rows = parser.parse_args().rows
    settings = {"fsync": "on", "shared_buffers": "256MB", "max_wal_size": "4GB", "autovacuum": "off"}
    with (
        EmbeddedServer(tcp=False, settings=settings) as server,
        psycopg.connect(server.url("postgres", tcp=False), autocommit=True) as connection,
    ):
        connection.execute("CREATE TABLE r (id int PRIMARY KEY)")
        connection.execute("INSERT INTO r SELECT generate_series(0, 999)")
        connection.execute("CREATE TABLE t (id bigint PRIMARY KEY, a int, b int, c int, v text, w text)")
        connection.execute(
            "INSERT INTO t SELECT i, i, i %% 1000, 0, md5(i::text), repeat('x', 40) FROM generate_series(1, %s) i",
            [rows],
        )
        connection.execute("CREATE MATERIALIZED VIEW m AS SELECT id, b, v FROM t")
        connection.execute("VACUUM ANALYZE t")
        for name, (statement, undo) in STATEMENTS.items():
            taken = []
            for _ in range(3):
                began = time.perf_counter()
                connection.execute(statement.encode())
                taken.append(time.perf_counter() - began)
                connection.execute(undo.encode())
            print(f"{name:24} {statistics.median(taken) / rows * 1e6:6.2f} s for a million rows", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
