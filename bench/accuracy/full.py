"""The truth: tables really filled, every query really run, on one server version at a time.

`capture` fills a schema, puts each index set on it in turn, and writes what the planner does and how many shared
buffers that touches, what the tables' statistics are, and what the neighbours' methods see on the same schema.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from lab import MODES, ROOT, Cache, Query, Subject, with_limits

from pgready.commands.prove.profile import profiled
from pgready.embedded import EmbeddedServer
from pgready.project.url import parse

SETTINGS = {
    "shared_buffers": "1GB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
}
"""Nothing of it changes a plan; `autovacuum` would, by chance, behind our back."""

TIMEOUT = 10
"""Seconds that a query may take; one that takes longer is slow, whatever it has touched."""

Connection = psycopg.Connection[tuple[Any, ...]]


def programs(version: int) -> str:
    """The server programs of a version."""
    run = [sys.executable, str(ROOT / "tools" / "servers.py"), str(version)]
    return subprocess.run(run, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


@contextmanager
def database(server: EmbeddedServer, name: str, ddl: str = "") -> Iterator[Connection]:
    """A new database with `ddl` in it, dropped afterwards."""
    with psycopg.connect(server.url(tcp=False), autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            with psycopg.connect(server.url(name, tcp=False), autocommit=True, prepare_threshold=None) as connection:
                run(connection, ddl)
                yield connection
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def run(connection: Connection, script: str) -> None:
    """Run a script, statement by statement: each commits on its own."""
    for statement in re.split(r";[ \t]*\n", script + "\n"):
        if re.sub(r"--[^\n]*", "", statement).strip():
            connection.execute(statement.encode())


def values_of(connection: Connection, query: Query) -> dict[str, tuple[str, ...]]:
    """The samples' values as text, expressions answered by the (full) database."""
    answered: dict[str, tuple[str, ...]] = {}
    for name, values in query.samples:
        answered[name] = tuple(
            str(connection.execute(f"SELECT ({one[1:]})::text".encode()).fetchall()[0][0])
            if one.startswith("=")
            else one
            for one in values
        )
    return answered


def explain(
    connection: Connection, query: Query, values: tuple[str, ...], mode: str, options: str
) -> tuple[dict[str, Any], int | None]:
    """The plan of one query and the buffers that it touched, None if it was not run or ran into the timeout."""
    types = f"({', '.join(query.types)})" if query.types else ""
    quoted = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
    arguments = f"({quoted})" if values else ""
    plan_mode = "force_generic_plan" if mode == "generic" else "force_custom_plan"
    connection.execute(f"SET plan_cache_mode = {plan_mode}".encode())
    connection.execute(f"PREPARE q{types} AS {with_limits(query, values)}".encode())
    try:
        with connection.transaction(force_rollback=True):
            row = connection.execute(
                f"EXPLAIN ({options}VERBOSE, FORMAT JSON) EXECUTE q{arguments}".encode()
            ).fetchone()
    finally:
        connection.execute(b"DEALLOCATE q")
    assert row is not None
    answer = (json.loads(row[0]) if isinstance(row[0], str) else row[0])[0]["Plan"]
    if "Shared Hit Blocks" not in answer:
        return answer, None
    return answer, answer["Shared Hit Blocks"] + answer["Shared Read Blocks"]


def removed(plan: dict[str, Any]) -> int:
    """How many partitions the executor has pruned, beyond those that the planner has."""
    return int(plan.get("Subplans Removed", 0)) + sum(removed(child) for child in plan.get("Plans", ()))


def _unpruned(connection: Connection, query: Query, values: tuple[str, ...]) -> dict[str, Any]:
    if connection.info.server_version < 160000:
        connection.execute(b"SET enable_partition_pruning = off")
        try:
            return explain(connection, query, values, "generic", "")[0]
        finally:
            connection.execute(b"RESET enable_partition_pruning")
    sql = re.sub(
        r"\$(\d+)", lambda found: f"({found[0]}::{query.types[int(found[1]) - 1]})", with_limits(query, values)
    )
    row = connection.execute(f"EXPLAIN (GENERIC_PLAN, VERBOSE, FORMAT JSON) {sql}".encode()).fetchone()
    assert row is not None
    plan: dict[str, Any] = row[0][0]["Plan"]
    return plan


def records(
    connection: Connection,
    subject: Subject,
    set_name: str,
    answered: dict[str, dict[str, tuple[str, ...]]],
    *,
    execute: bool,
    modes: tuple[str, ...] = MODES,
) -> Iterator[dict[str, Any]]:
    """What EXPLAIN says of every query, sample and mode; really run if `execute`."""
    for query in sorted(subject.queries, key=lambda one: one.writes):  # what writes comes last: it leaves dead rows
        for sample, values in answered[query.name].items():
            literal: dict[str, Any] = {}
            for mode in modes:
                record = {
                    "schema": subject.name, "set": set_name, "query": query.name, "sample": sample, "mode": mode,
                    "sql": query.sql, "types": query.types, "values": values, "limits": query.limits,
                }  # fmt: skip
                started = time.perf_counter()
                if mode == "generic" and literal and not query.types:
                    record |= {key: literal[key] for key in ("plan", "buffers", "ms", "cut")}
                    yield record
                    continue
                try:
                    options = "ANALYZE, BUFFERS, TIMING OFF, SUMMARY OFF, " if execute else ""
                    plan, buffers = explain(connection, query, values, mode, options)
                    cut = False
                except psycopg.errors.QueryCanceled:
                    (plan, buffers), cut = explain(connection, query, values, mode, ""), True
                record |= {"plan": plan, "buffers": buffers, "cut": cut}
                if mode == "generic" and removed(plan):
                    # The executor has pruned partitions by the values: the planner's own plan has all of them.
                    record["planned"] = _unpruned(connection, query, values)
                record["ms"] = round((time.perf_counter() - started) * 1000, 1)
                if mode == "literal":
                    literal = record
                yield record


INDEXES = """
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('i', 'I') AND NOT c.relispartition AND n.nspname NOT LIKE 'pg\\_%'"""

RELATIONS = """
SELECT n.nspname, c.relname, c.relkind::text, c.reltuples::float8, c.relpages, c.relallvisible,
       CASE WHEN c.relkind IN ('p', 'I') THEN 0 ELSE pg_relation_size(c.oid) / 8192 END, c.relispartition,
       (SELECT format('%s', i.indrelid::regclass) FROM pg_index i WHERE i.indexrelid = c.oid),
       (SELECT i.indpred IS NOT NULL FROM pg_index i WHERE i.indexrelid = c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'i', 'I', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
ORDER BY 1, 2"""

# Values are those of enums and booleans only, as a profile has them.
COLUMNS = """
SELECT s.schemaname, s.tablename, s.attname, s.inherited, s.null_frac::float8, s.avg_width, s.n_distinct::float8,
       s.correlation::float8,
       s.most_common_freqs[1]::float8,
       CASE WHEN t.typtype = 'e' OR t.oid = 'bool'::regtype THEN s.most_common_vals::text::text[] END,
       CASE WHEN t.typtype = 'e' OR t.oid = 'bool'::regtype THEN s.most_common_freqs::float8[] END
FROM pg_stats s
JOIN pg_namespace n ON n.nspname = s.schemaname JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.tablename
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = s.attname JOIN pg_type t ON t.oid = a.atttypid
WHERE s.schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2, 3, 4"""


def raw_profile(connection: Connection) -> dict[str, Any]:
    """Sizes and statistics as they are, to look at: what is proved with is what the command writes."""
    relations = ("schema", "name", "kind", "rows", "relpages", "all_visible", "pages", "partition", "table", "partial")
    columns = ("schema", "table", "column", "inherited", "null_fraction", "width", "distinct", "correlation",
               "top_share", "values", "frequencies")  # fmt: skip
    return {
        "relations": [dict(zip(relations, row, strict=True)) for row in connection.execute(RELATIONS.encode())],
        "columns": [dict(zip(columns, row, strict=True)) for row in connection.execute(COLUMNS.encode())],
    }


def product_profile(url: str) -> str:
    """The file that `pgready profile` writes of this database."""
    return profiled(parse(url)).text


def capture(server: EmbeddedServer, subject: Subject, cache: Cache) -> None:
    """All that is to be known of one schema on one version, into the cache."""
    started = time.perf_counter()
    truth: list[dict[str, Any]] = []
    profiles: dict[str, Any] = {}
    small: list[dict[str, Any]] = []
    empty: list[dict[str, Any]] = []
    with database(server, f"full_{subject.name}", subject.ddl) as full:
        full.execute(b"SET session_replication_role = replica")  # no foreign-key triggers: half the time of a fill
        full.execute(b"SET max_parallel_workers_per_gather = 0")
        full.execute(b"SELECT setseed(0.42)")
        run(full, subject.fill)
        full.execute(b"RESET ALL")
        filled = time.perf_counter() - started
        rows = []
        bare = {name for (name,) in full.execute(INDEXES.encode())}
        with database(server, f"small_{subject.name}", subject.ddl) as little:
            _sample(full, little)
            for set_name, ddl in subject.sets.items():
                _use(full, ddl, bare)
                if not rows:
                    answered = {query.name: values_of(full, query) for query in subject.queries}
                full.execute(f"SET statement_timeout = '{TIMEOUT}s'".encode())
                truth += records(full, subject, set_name, answered, execute=True)
                full.execute(b"RESET statement_timeout")
                profiles[set_name] = raw_profile(full)
                profiles[set_name]["toml"] = product_profile(server.url(full.info.dbname, tcp=False))
                rows = [one for one in profiles[set_name]["relations"] if one["kind"] in "rm"]
                _use(little, ddl, bare)
                small += records(little, subject, set_name, answered, execute=False)
                with database(server, f"empty_{subject.name}", subject.ddl) as nothing:
                    _use(nothing, ddl, bare, vacuum=False)
                    nothing.execute(b"SET enable_seqscan = off")
                    empty += records(nothing, subject, set_name, answered, execute=False)
    settings = {"version": server.version, "rows": sum(one["rows"] for one in rows), "fill_s": round(filled, 1),
                "all_s": round(time.perf_counter() - started, 1)}  # fmt: skip
    cache.write("truth", server.major, subject.name, {**settings, "records": truth, "profiles": profiles})
    cache.write("small", server.major, subject.name, {"records": small})
    cache.write("empty", server.major, subject.name, {"records": empty})
    print(f"capture: {subject.name} on {server.version}: {settings['rows']:,.0f} rows filled in {filled:.0f} s,"
          f" {len(truth)} plans run, {settings['all_s']} s in all", file=sys.stderr, flush=True)  # fmt: skip


def _use(connection: Connection, ddl: str, bare: set[str], *, vacuum: bool = True) -> None:
    """Make this index set the only one."""
    for name in {name for (name,) in connection.execute(INDEXES.encode())} - bare:
        connection.execute(f"DROP INDEX IF EXISTS {name}".encode())
    connection.execute(b"CHECKPOINT")
    run(connection, ddl)
    if vacuum:
        connection.execute(b"VACUUM ANALYZE")


def _sample(full: Connection, little: Connection) -> None:
    """1,000 real rows in each table."""
    little.execute(b"SET session_replication_role = replica")
    tables = full.execute(
        b"SELECT format('%I.%I', n.nspname, c.relname), pg_relation_size(c.oid) FROM pg_class c"
        b" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition"
        b" AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
    ).fetchall()
    for name, _ in tables:
        [[count]] = full.execute(f"SELECT count(*) FROM {name}".encode()).fetchall()
        share = min(100.0, 100 * 1300 / max(count, 1))
        query = f"COPY (SELECT * FROM {name} TABLESAMPLE BERNOULLI ({share}) REPEATABLE (7) LIMIT 1000) TO STDOUT"
        data = io.BytesIO()
        with full.cursor().copy(query.encode()) as out:
            for block in out:
                data.write(block)
        with little.cursor().copy(f"COPY {name} FROM STDIN".encode()) as into:
            into.write(data.getvalue())
