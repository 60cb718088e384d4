"""Introspection into the catalog beside `pg_dump -s` of the same database, whole processes in turns.

    python bench/catalog.py [--tables 1000] [--rounds 11]
    python bench/catalog.py --once        one introspection of $DATABASE_URL, as the contender runs it

A table has 20 columns of ten types, six defaults, a serial primary key and two more indexes. The server has fsync off
and its data in memory. A ratio below 1 means that pgready takes less time.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

_TYPES = (
    "integer NOT NULL DEFAULT 0",
    "text",
    "character varying(255) NOT NULL",
    "timestamp(3) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP",
    "jsonb",
    "numeric(10,2)",
    "boolean NOT NULL DEFAULT false",
    "text[]",
    "bigint",
    "double precision",
)


def statements(tables: int) -> list[str]:
    found = []
    for table in range(tables):
        columns = ", ".join(f"column_{number} {_TYPES[number % len(_TYPES)]}" for number in range(1, 20))
        found.append(
            f"CREATE TABLE table_{table} (id serial PRIMARY KEY, {columns});"
            f"CREATE INDEX table_{table}_two ON table_{table} (column_1, column_2);"
            f"CREATE UNIQUE INDEX table_{table}_one ON table_{table} (column_2 DESC, id)"
        )
    return found


def once() -> None:
    """What a command does that needs a catalog: connect, read, close."""
    from pgready.postgres.connect import open_session
    from pgready.postgres.introspection import introspect
    from pgready.project.url import parse

    session = open_session(parse(os.environ["DATABASE_URL"]), "bench")
    catalog = introspect(session)
    session.close()
    print(len(catalog.tables), "tables", file=sys.stderr)


def parts(url: str, rounds: int) -> str:
    """Medians of the steps in one process that has imported everything already."""
    from pgready.catalog.build import build
    from pgready.catalog.fingerprint import fingerprint, from_json, to_json
    from pgready.postgres import introspection
    from pgready.postgres.connect import open_session
    from pgready.project.url import parse

    session = open_session(parse(url), "bench")
    taken: dict[str, list[float]] = {}

    def timed(name: str, work):  # noqa: ANN001, ANN202 - a lambda a step
        start = time.perf_counter()
        found = work()
        taken.setdefault(name, []).append((time.perf_counter() - start) * 1000)
        return found

    for _ in range(rounds):
        timed("introspect", lambda: introspection.introspect(session))
        rows, _quiet = timed("of it: read", lambda: introspection.read_rows(session, None, 5000))
        catalog = timed("of it: build", lambda rows=rows: build(rows))
        timed("fingerprint", lambda catalog=catalog: fingerprint(catalog))
        text = timed("to_json", lambda catalog=catalog: to_json(catalog))
        again = timed("from_json", lambda text=text: from_json(text))
        if again != catalog:
            raise SystemExit("a snapshot did not give its catalog back")
    session.close()
    lines = [f"| {name} | {statistics.median(values):.0f} |" for name, values in taken.items()]
    return "\n".join(["### In one process", "", "| | median ms |", "|---|---|", *lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=11)
    options = parser.parse_args()
    if options.once:
        once()
        return
    import psycopg
    from measure import Contender, race, table

    from pgready.embedded import EmbeddedServer, find_binaries

    memory = Path("/dev/shm")  # noqa: S108 - data in memory is the point
    if memory.is_dir():
        os.environ.setdefault("TMPDIR", str(memory))
    binaries = find_binaries()
    with EmbeddedServer(bindir=binaries.bindir) as server:
        with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
            for statement in statements(options.tables):
                connection.execute(statement.encode())
            connection.execute("VACUUM ANALYZE")
        url = server.url() + "?sslmode=disable"
        env = {"PATH": os.environ["PATH"], "DATABASE_URL": url}
        here = str(Path(__file__).parent)
        ours = Contender("pgready: introspection", [sys.executable, __file__, "--once"], here, env)
        dump = Contender("pg_dump -s", [f"{binaries.bindir}/pg_dump", "-s", "-f", os.devnull, "-d", url], here, env)
        race([ours, dump], options.rounds, warm=2)
        print(f"PostgreSQL {binaries.version}, {os.cpu_count()} cores, {options.rounds} rounds in turns\n")
        print(table(f"{options.tables} tables, each of 20 columns and 3 indexes", [ours, dump], ours))
        print(f"introspection ÷ pg_dump -s: {ours.median / dump.median:.2f} (goal ≤ 1.0)\n")
        print(parts(url, max(3, options.rounds // 2)))


if __name__ == "__main__":
    main()
