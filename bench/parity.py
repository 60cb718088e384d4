"""Parity of two live databases beside two `pg_dump -s`, and what `boot --verify parity` adds to a boot.

    python bench/run.py parity verify     both; `make bench BENCH=parity`, `make bench BENCH=verify`

`parity`: 1,000 tables of 20 columns and 3 indexes (bench/catalog.py) on each of two databases of one server: whole
processes in turns, `pgready parity URL URL` beside `pg_dump -s` of one and then of the other. `verify`: 100 tables with
12 columns, an index, a foreign key and a serial each; `pgready.boot()` and `pgready.boot(verify="parity")` in turns in
one process that has loaded both. The server has fsync off and its data in memory.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from measure import Contender, race, table

import catalog

TABLES = 100
GOAL_MS = 30


def schema(tables: int) -> str:
    """A script of plain tables that point to the first."""
    found = []
    for at in range(tables):
        columns = ", ".join(f"column_{number} text NOT NULL DEFAULT 'x'" for number in range(10))
        found.append(f"CREATE TABLE table_{at} (id serial PRIMARY KEY, first_id integer, {columns});")
        found.append(f"CREATE INDEX table_{at}_i ON table_{at} (column_1, column_2);")
        found.append(f"ALTER TABLE table_{at} ADD FOREIGN KEY (first_id) REFERENCES table_0 (id);")
    return "\n".join(found)


def measured_verify(rounds: int) -> Iterator[str]:
    """The table of what verifying adds."""
    from pgready.embedded import EmbeddedServer, find_binaries

    _in_memory()
    binaries = find_binaries()
    with EmbeddedServer(bindir=binaries.bindir, password="x") as server, tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "prisma/migrations/1_init/migration.sql"
        script.parent.mkdir(parents=True)
        script.write_text(schema(TABLES), encoding="utf-8")
        env = {"PATH": os.environ["PATH"], "DATABASE_URL": server.url(tcp=True) + "?sslmode=disable"}
        run = [sys.executable, "-m", "pgready"]
        for words in (["parity", "--write-contract", "prisma/readiness.contract"], ["boot", "--", "true"]):
            subprocess.run([*run, *words], cwd=folder, env=env, check=True, capture_output=True)
        command = [sys.executable, __file__, "--once", str(rounds * 3)]
        taken = json.loads(subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True).stdout)
        size = (Path(folder) / "prisma/readiness.contract").stat().st_size // 1024
    rows = []
    for name, values in taken.items():
        low = statistics.quantiles(values, n=4)[0]
        rows.append(f"| {name} | {statistics.median(values):.1f} | {low:.1f} | {min(values):.1f} |")
    plain, verified = taken.values()
    added = [two - one for one, two in zip(plain, verified, strict=True)]
    yield f"PostgreSQL {binaries.version}, {os.cpu_count()} cores, {len(plain)} boots each in turns, TCP and SCRAM\n"
    yield "\n".join(
        [
            f"### In-process boot, {TABLES} tables",
            "",
            "| | median ms | lower quartile | least |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )
    yield (
        f"verifying adds {statistics.median(added):.1f} ms (median of pairs), {min(verified) - min(plain):.1f} ms"
        f" between the least of each (goal ≤ {GOAL_MS}); the contract has {size} KB\n"
    )


def once(rounds: int) -> None:
    """The boots, in turns, in this process."""
    import pgready

    taken: dict[str, list[float]] = {"boot()": [], 'boot(verify="parity")': []}
    for number in range(rounds + 3):
        for (name, values), verify in zip(taken.items(), ("history", "parity"), strict=True):
            began = time.perf_counter()
            outcome = pgready.boot(verify=verify)
            if number >= 3:
                values.append((time.perf_counter() - began) * 1000)
            if outcome.applied or outcome.server_version:
                raise SystemExit(f"{name} was no fast boot")
    print(json.dumps(taken))


def measured_parity(rounds: int) -> Iterator[str]:
    """The table of two live databases."""
    import psycopg

    from pgready.embedded import EmbeddedServer, find_binaries

    _in_memory()
    binaries = find_binaries()
    with EmbeddedServer(bindir=binaries.bindir) as server:
        urls = []
        for name in ("parity_one", "parity_two"):
            with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}".encode())
            urls.append(server.url(name, tcp=False))
            with psycopg.connect(urls[-1], autocommit=True) as connection:
                for statement in catalog.statements(catalog.TABLES):
                    connection.execute(statement.encode())
                connection.execute("VACUUM ANALYZE")
        env, here = {"PATH": os.environ["PATH"]}, str(Path(__file__).parent)
        ours = Contender("pgready parity", [sys.executable, "-m", "pgready", "parity", *urls], here, env)
        dump = f"{binaries.bindir}/pg_dump -s -f {os.devnull} -d"
        two = Contender("two pg_dump -s", ["sh", "-c", " && ".join(f"{dump} '{url}'" for url in urls)], here, env)
        race([ours, two], rounds, warm=1)
    yield f"PostgreSQL {binaries.version}, {os.cpu_count()} cores, {rounds} rounds in turns\n"
    yield table(f"Two live databases of {catalog.TABLES} tables, each of 20 columns and 3 indexes", [ours, two], ours)
    yield (
        f"parity ÷ two pg_dump -s: {ours.median / two.median:.2f} (median), {min(ours.wall) / min(two.wall):.2f}"
        " (least of each; goal ≤ 1.2)\n"
    )


def _in_memory() -> None:
    memory = Path("/dev/shm")  # noqa: S108 - data in memory is the point
    if memory.is_dir():
        os.environ.setdefault("TMPDIR", str(memory))


if __name__ == "__main__":
    if sys.argv[1:2] != ["--once"]:
        sys.exit("python bench/run.py parity verify")
    once(int(sys.argv[2]))
