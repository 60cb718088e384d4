"""Introspection into the catalog beside `pg_dump -s` of the same database, whole processes in turns.

    python bench/run.py catalog           all of it; `make bench BENCH=catalog`
    python bench/catalog.py --once        one introspection of $DATABASE_URL, as the contender runs it

A table has 20 columns of ten types, six defaults, a serial primary key and two more indexes. The server has fsync off
and its data in memory. A ratio below 1 means that pgready takes less time. Then the diff of two such catalogs, in one
process, beside the introspection that made them, for more and more tables.
"""

from __future__ import annotations

import gc
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from measure import Contender, race, table

TABLES = 1000

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
    for at in range(tables):
        columns = ", ".join(f"column_{number} {_TYPES[number % len(_TYPES)]}" for number in range(1, 20))
        found.append(
            f"CREATE TABLE table_{at} (id serial PRIMARY KEY, {columns});"
            f"CREATE INDEX table_{at}_two ON table_{at} (column_1, column_2);"
            f"CREATE UNIQUE INDEX table_{at}_one ON table_{at} (column_2 DESC, id)"
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


def growth(fresh: Callable[[int], str], sizes: Sequence[int], rounds: int) -> str:
    """A catalog against one in which every third table has changed, by the number of tables."""
    from pgready.collection import uncollected
    from pgready.diff.catalog_side import side_of_catalog
    from pgready.diff.prisma import prisma_changes
    from pgready.plan.prisma import prisma_sql
    from pgready.postgres.connect import open_session
    from pgready.postgres.introspection import introspect
    from pgready.project.url import parse

    lines = ["### Diff of two catalogs, median ms", ""]
    lines += ["| tables | introspection | equal: diff | every third changed: diff and script | ÷ introspection |"]
    lines += ["|---|---|---|---|---|"]
    for size in sizes:
        session = open_session(parse(fresh(size)), "bench")
        taken: list[tuple[float, float, float]] = []
        for _ in range(rounds):
            start = time.perf_counter()
            catalog = introspect(session)
            read = time.perf_counter()
            tables = list(introspect(session).tables)
            tables[::3] = [replace(each, columns=each.columns[:-1]) for each in tables[::3]]
            other = replace(catalog, tables=tuple(tables))
            gc.collect()
            begun = time.perf_counter()
            with uncollected():
                before = side_of_catalog(catalog)
                if prisma_changes(before, before):
                    raise SystemExit("a catalog differs from itself")
                same = time.perf_counter()
                one, two = side_of_catalog(catalog), side_of_catalog(other)
                changes = prisma_changes(one, two)
                script = prisma_sql(changes, one, two)
                done = time.perf_counter()
            if script.count("DROP COLUMN") != len(tables[::3]):
                raise SystemExit("the diff of the benchmark does not find what was changed")
            taken.append((read - start, same - begun, done - same))
        session.close()
        read_ms, same_ms, changed_ms = (statistics.median(each) * 1000 for each in zip(*taken, strict=True))
        lines.append(f"| {size:,} | {read_ms:.0f} | {same_ms:.0f} | {changed_ms:.0f} | {changed_ms / read_ms:.2f} |")
    return "\n".join([*lines, ""])


def measured(rounds: int, *, quick: bool) -> Iterator[str]:
    """The tables, one by one."""
    import psycopg

    from pgready.embedded import EmbeddedServer, find_binaries

    memory = Path("/dev/shm")  # noqa: S108 - data in memory is the point
    if memory.is_dir():
        os.environ.setdefault("TMPDIR", str(memory))
    binaries = find_binaries()
    with EmbeddedServer(bindir=binaries.bindir) as server:

        def fresh(tables: int) -> str:
            with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE catalog_{tables}".encode())
            with psycopg.connect(server.url(f"catalog_{tables}", tcp=False), autocommit=True) as connection:
                for statement in statements(tables):
                    connection.execute(statement.encode())
                connection.execute("VACUUM ANALYZE")
            return server.url(f"catalog_{tables}") + "?sslmode=disable"

        url = fresh(TABLES)
        env = {"PATH": os.environ["PATH"], "DATABASE_URL": url}
        here = str(Path(__file__).parent)
        ours = Contender("pgready: introspection", [sys.executable, __file__, "--once"], here, env)
        dump = Contender("pg_dump -s", [f"{binaries.bindir}/pg_dump", "-s", "-f", os.devnull, "-d", url], here, env)
        race([ours, dump], rounds, warm=2)
        yield f"PostgreSQL {binaries.version}, {os.cpu_count()} cores, {rounds} rounds in turns\n"
        yield table(f"{TABLES} tables, each of 20 columns and 3 indexes", [ours, dump], ours)
        yield f"introspection ÷ pg_dump -s: {ours.median / dump.median:.2f} (goal ≤ 1.0)\n"
        yield parts(url, max(3, rounds // 2))
        sizes = (250, 500) if quick else (250, 500, 2000, 4000)
        yield growth(lambda size: url if size == TABLES else fresh(size), sorted((*sizes, TABLES)), max(3, rounds // 4))


if __name__ == "__main__":
    if sys.argv[1:] != ["--once"]:
        sys.exit("python bench/run.py catalog")
    once()
