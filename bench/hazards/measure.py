"""The truth: each case run for real over a million rows, while readers and writers of its tables work on.

A stall is a wait for a lock, as the server itself reports it (`pg_locks.waitstart`): that the machine is busy lengthens
it, and makes none. It counts when it lasts longer than half of one sequential scan of `clients`, measured in the same
run; a figure near that line is measured three times.
"""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import psycopg
from lab import FILL, GROUND, READ_ONLY, ROOT, Cache, Case, key

from pgready.embedded import EmbeddedServer
from pgready.history.model import Migration
from pgready.history.prepare import prepare
from pgready.sql.statements import split
from pgready.sql.transactions import segments

SETTINGS = {
    "shared_buffers": "1GB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "8GB",
    "autovacuum": "off",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "timezone": "Europe/Berlin",
}
"""Parallel workers would make stalls shorter by as many processors as there are; a time zone as a machine has one."""

SHARE_OF_A_SCAN = 0.5

Connection = psycopg.Connection[tuple[Any, ...]]


def programs(version: int) -> str:
    """The server programs of a version."""
    run = [sys.executable, str(ROOT / "tools" / "servers.py"), str(version)]
    return subprocess.run(run, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def measure_all(version: int, cases: list[Case], cache: Cache) -> None:
    """Measure what has not been measured yet, case by case."""
    truth = cache.read("truth", version)
    missing = [one for one in cases if one.is_for(version) and truth.get(one.name, {}).get("key") != key(one)]
    if not missing:
        return
    with EmbeddedServer(programs(version), settings=SETTINGS, tcp=False) as server:
        started = time.perf_counter()
        _template(server)
        print(f"{version}: filled in {time.perf_counter() - started:.0f} s", file=sys.stderr)
        for number, case in enumerate(missing, 1):
            found = _measured(server, case)
            truth[case.name] = found
            cache.write("truth", version, truth)
            waits = "  ".join(f"{name} {took * 1000:.0f} ms" for name, took in found["waits"].items())
            print(f"{version} {number}/{len(missing)} {case.name}: {found['took']:.2f} s, {waits}"
                  f" (line {found['line'] * 1000:.0f} ms){'  FAILED ' + found['failed'] if found['failed'] else ''}",
                  file=sys.stderr, flush=True)  # fmt: skip


def _template(server: EmbeddedServer) -> None:
    with _connect(server, "postgres") as admin:
        admin.execute("CREATE DATABASE ground")
    with _connect(server, "ground") as connection:
        for statement in split(GROUND + FILL):
            connection.execute(statement.text.encode())


def _connect(server: EmbeddedServer, name: str) -> Connection:
    return psycopg.connect(server.url(name, tcp=False), autocommit=True, prepare_threshold=None)


@contextmanager
def _clone(server: EmbeddedServer) -> Iterator[str]:
    with _connect(server, "postgres") as admin:
        admin.execute("DROP DATABASE IF EXISTS work WITH (FORCE)")
        strategy = " STRATEGY file_copy" if admin.info.server_version >= 150000 else ""
        admin.execute(f"CREATE DATABASE work TEMPLATE ground{strategy}".encode())
        yield "work"
        admin.execute("DROP DATABASE IF EXISTS work WITH (FORCE)")


def _measured(server: EmbeddedServer, case: Case) -> dict[str, Any]:
    runs: list[dict[str, Any]] = []
    while True:
        with _clone(server) as name:
            runs.append(_one_run(server, name, case))
        line = median(one["line"] for one in runs)
        near = [took for took in runs[0]["waits"].values() if line / 4 < took < line * 4]
        if runs[-1]["failed"] or len(runs) == 3 or not near:
            break
    waits = {name: median(one["waits"][name] for one in runs) for name in runs[0]["waits"]}
    return {
        "key": key(case),
        "line": line,
        "took": runs[0]["took"],
        "waits": waits,
        "runs": len(runs),
        "failed": runs[-1]["failed"],
        "readers": any(took > line for name, took in waits.items() if name.startswith("read")),
        "writers": any(took > line for name, took in waits.items() if name.startswith("write")),
    }


def _one_run(server: EmbeddedServer, name: str, case: Case) -> dict[str, Any]:
    with _connect(server, name) as connection, _connect(server, name) as monitor:
        try:
            for statement in split(case.setup + "\n;\n" + case.fill):
                connection.execute(statement.text.encode())
        except psycopg.Error as e:
            return {"line": 0.0, "took": 0.0, "waits": {}, "failed": f"before it: {e}".splitlines()[0]}
        line = _scan(connection) * SHARE_OF_A_SCAN
        probes = [_Probe(server, name, table, "read", case) for table in case.probes]
        probes += [_Probe(server, name, table, "write", case) for table in case.probes if table not in READ_ONLY]
        watch = _Watch(monitor, probes)
        for one in probes:
            one.start()
        watch.start()
        for one in probes:
            one.busy.wait(30)
        failed = ""
        started = time.perf_counter()
        try:
            _migrate(connection, case)
        except psycopg.Error as e:
            failed = str(e).splitlines()[0]
        took = time.perf_counter() - started
        for one in probes:
            one.stop()
        watch.stop()
        return {"line": line, "took": took, "waits": dict(watch.longest), "failed": failed}


def _scan(connection: Connection) -> float:
    def once() -> float:
        started = time.perf_counter()
        connection.execute("SELECT count(*) FROM clients WHERE level < 0")
        return time.perf_counter() - started

    once()
    return min(once() for _ in range(3))


def _migrate(connection: Connection, case: Case) -> None:
    """As a deploy does it: each transaction of the script as one message, what cannot run in one alone."""
    body = prepare(Migration(case.name, case.run, "", "migration.sql")).body
    for segment in segments(body, case.alone):
        if segment.transactional:
            text = ";\n".join([f"BEGIN {segment.modes}", *(one.text for one in segment.statements), "COMMIT"])
            _exec(connection, text)
        else:
            _exec(connection, segment.statements[0].text)


def _exec(connection: Connection, text: str) -> None:
    """The simple protocol: several statements in one message."""
    result = connection.pgconn.exec_(text.encode())
    if result.status not in (psycopg.pq.ExecStatus.COMMAND_OK, psycopg.pq.ExecStatus.TUPLES_OK):
        words = result.error_message.decode()
        connection.pgconn.exec_(b"ROLLBACK")
        raise psycopg.Error(words)


class _Probe:
    """One session that reads or writes a row at a time, on and on."""

    def __init__(self, server: EmbeddedServer, name: str, table: str, kind: str, case: Case) -> None:
        self.name = f"{kind} {table}"
        self.busy = threading.Event()
        self._connection = _connect(server, name)
        self.pid = self._connection.info.backend_pid
        self._done = threading.Event()
        self._random = random.Random(f"{table} {kind}")
        first, last = case.write
        self._rows = (first, last) if kind == "write" else (1, 1_000_000)
        if table == "options":
            self._sql = ("SELECT value FROM options WHERE name = 'page'" if kind == "read" else
                         "UPDATE options SET value = value WHERE name = 'page'")  # fmt: skip
        elif kind == "read":
            self._sql = f"SELECT 1 FROM {table} WHERE id = {{}}"
        else:
            self._sql = f"UPDATE {table} SET note = note WHERE id = {{}}"
        self._shift = {"events_c": 2_000_000}.get(table, 0)
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Begin; `busy` is set after the first word."""
        self._thread.start()

    def stop(self) -> None:
        """End, however long a wait takes."""
        self._done.set()
        self._thread.join(120)
        self._connection.close()

    def _work(self) -> None:
        while not self._done.is_set():
            row = self._random.randint(*self._rows) + self._shift
            try:
                self._connection.execute(self._sql.format(row).encode())
            except psycopg.Error:  # a table or column that is not there any more: no wait
                self._done.wait(0.01)
            self.busy.set()
            self._done.wait(0.002)


class _Watch:
    """A session that looks at who waits for a lock, and since when."""

    def __init__(self, connection: Connection, probes: list[_Probe]) -> None:
        self._connection = connection
        self._names = {one.pid: one.name for one in probes}
        self.longest = {one.name: 0.0 for one in probes}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._done.set()
        self._thread.join(30)

    def _work(self) -> None:
        pids = ",".join(str(pid) for pid in self._names)
        look = (
            "SELECT pid, extract(epoch FROM clock_timestamp() - waitstart)::float8 FROM pg_locks"
            f" WHERE NOT granted AND pid IN ({pids}) AND waitstart IS NOT NULL"
        ).encode()
        while not self._done.is_set():
            for pid, took in self._connection.execute(look).fetchall():
                name = self._names[pid]
                self.longest[name] = max(self.longest[name], took)
            self._done.wait(0.004)
