"""prove: 100 contracts on 50 tables as a whole process, cold embedded server included, beside loading rows.

The other side is what a test of plans on real rows has to do first: COPY 200,000 rows into one of the 50 tables, on a
server that runs already, over a connection that is open already, without ANALYZE and without a single question.
"""

from __future__ import annotations

import os
import shutil
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import install
from measure import Contender, one_run

from pgready.embedded import EmbeddedServer, find_binaries

TABLES = 50
CONTRACTS = 100
ROWS = 200_000
GOAL = 1.0


def measured(root: Path, work: Path, rounds: int) -> Iterator[str]:
    """The table, and the ratio."""
    shutil.rmtree(work, ignore_errors=True)
    script = structure()
    write_project(work, script)
    venv = install.ours(root)
    (wheel,) = (root / ".cache/bench/wheel").glob("*.whl")
    install.run(install._uv(root), "pip", "install", "-q", "-p", str(venv), f"{wheel}[prove]")  # noqa: SLF001 - ours
    env = {"PATH": os.environ["PATH"], "HOME": str(work), "LANG": "C.UTF-8", "NO_COLOR": "1"}
    env["PGREADY_EMBEDDED_BIN"] = find_binaries().bindir
    env |= {"TMPDIR": os.environ["TMPDIR"]} if "TMPDIR" in os.environ else {}
    pgready = str(venv / "bin/pgready")
    ours = Contender("whole", [pgready, "prove", "--quiet"], str(work), env)
    alone = Contender("no self-test", [pgready, "prove", "--quiet", "--no-self-test"], str(work), env)
    loads: list[float] = []
    with EmbeddedServer(tcp=False) as server:
        for number in range(rounds + 1):
            one_run(ours)
            one_run(alone)
            loads.append(_load(server, script, number))
    for values in (ours.wall, ours.cpu, alone.wall, alone.cpu, loads):
        del values[0]
    other = statistics.median(loads)
    yield "\n".join(
        [
            f"### `prove`: {CONTRACTS} contracts on {TABLES} tables, at 1, 10 and 100 times the size",
            "",
            "| | median ms | min-max | CPU ms | ÷ loading |",
            "|---|---|---|---|---|",
            *(
                f"| {name} | {one.median:.0f} | {min(one.wall):.0f}-{max(one.wall):.0f}"
                f" | {statistics.median(one.cpu):.0f} | {one.median / other:.2f} |"
                for name, one in (("pgready prove, cold server and self-test", ours), ("without the self-test", alone))
            ),
            f"| COPY of {ROWS:,} rows into one table, warm server | {other:.0f}"
            f" | {min(loads):.0f}-{max(loads):.0f} | | |",
            "",
        ]
    )
    yield f"{ours.median / other:.2f} times what loading takes; the goal is {GOAL} at most.\n"


def structure() -> str:
    """The DDL: each table refers to three others, and has the indexes that its pages need."""
    parts = []
    for number in range(TABLES):
        name = f"entity_{number:02}"
        keys = [f"entity_{other:02}" for other in range(max(0, number - 3), number)]
        columns = ["id uuid PRIMARY KEY", "number bigint NOT NULL UNIQUE"]
        columns += [f"{other}_id uuid NOT NULL REFERENCES {other}" for other in keys]
        columns += ["status text NOT NULL", "title text NOT NULL", "amount numeric(12, 2)", "at timestamptz NOT NULL"]
        parts.append(f"CREATE TABLE {name} (\n  " + ",\n  ".join(columns) + "\n);")
        parts += [f"CREATE INDEX {name}_{other}_idx ON {name} ({other}_id, at DESC, id DESC);" for other in keys]
        parts.append(f"CREATE INDEX {name}_at_idx ON {name} (at DESC, id DESC);")
    return "\n".join(parts) + "\n"


def contracts() -> str:
    """Two for each table: a page of the newest, and a row with its parent, or a page of one parent's rows."""
    parts = []
    for number in range(TABLES):
        name = f"entity_{number:02}"
        parts.append(
            f"-- name: {name}_newest\nSELECT id, title, at FROM {name} WHERE (at, id) < (:at, :id)\n"
            "ORDER BY at DESC, id DESC LIMIT :limit;\n"
        )
        if number == 0:
            parts.append(f"-- name: {name}_by_number\nSELECT * FROM {name} WHERE number = :number;\n")
            continue
        other = f"entity_{number - 1:02}"
        parts.append(
            f"-- name: {name}_of_{other}\nSELECT c.id, c.title, p.title AS parent FROM {name} c JOIN {other} p ON"
            f" p.id = c.{other}_id\nWHERE c.{other}_id = :parent ORDER BY c.at DESC, c.id DESC LIMIT :limit;\n"
        )
    return "\n".join(parts)


def write_project(folder: Path, script: str) -> None:
    """Migrations and contracts, as a project has them."""
    for path, text in (
        ("migrations/1_init.sql", script),
        ("contracts/all.sql", contracts()),
        ("pgready.toml", 'migrations = "migrations"\n'),
    ):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


_VALUES = """
SELECT string_agg(CASE typname WHEN 'uuid' THEN 'md5(n::text)::uuid' WHEN 'int8' THEN 'n' WHEN 'numeric' THEN 'n'
  WHEN 'timestamptz' THEN 'now()' ELSE quote_literal('x') END, ', ' ORDER BY attnum)
FROM pg_attribute JOIN pg_type t ON t.oid = atttypid WHERE attrelid = '{}'::regclass AND attnum > 0
"""
"""A value for each column of a table, made of `n`."""


def _load(server: EmbeddedServer, script: str, number: int) -> float:
    """Milliseconds of the COPY alone; its parents have their rows already."""
    import psycopg

    name, dbname = f"entity_{TABLES - 1:02}", f"load_{number}"
    with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {dbname}")
    with psycopg.connect(server.url(dbname, tcp=False), autocommit=True) as connection:
        connection.execute(script.encode())
        parents = [f"entity_{other:02}" for other in range(TABLES - 4, TABLES - 1)]
        connection.execute("SET session_replication_role = replica")  # grandparents are not what is measured
        for parent in parents:
            (columns,) = connection.execute(_VALUES.format(parent).encode()).fetchone() or ("",)
            connection.execute(f"INSERT INTO {parent} SELECT {columns} FROM generate_series(1, 1000) n".encode())
        connection.execute("RESET session_replication_role")
        keys = ", ".join("md5((1 + n % 1000)::text)" for _ in parents)
        rows = connection.execute(
            f"SELECT string_agg(concat_ws(E'\\t', md5(n::text), n, {keys}, 'open', 'Title ' || n, n % 1000,"
            f" now() - n * interval '1 s'), E'\\n') FROM generate_series(1, {ROWS}) n".encode()
        ).fetchone()
        data = (rows or ("",))[0] + "\n"
        began = time.perf_counter()
        with connection.cursor().copy(f"COPY {name} FROM STDIN".encode()) as copy:
            copy.write(data)
        took = (time.perf_counter() - began) * 1000
        found = connection.execute(f"SELECT count(*) FROM {name}".encode()).fetchone()
        if found != (ROWS,):
            raise SystemExit(f"loaded {found}")
    with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {dbname} WITH (FORCE)")
    return took
