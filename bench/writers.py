"""An application beside a measurement: statements at a fixed rate, as an open loop, in a process of their own.

Open: a statement has a time at which it is due, whatever became of those before it. What comes late counts from when
it was due, so one stall is seen in every statement that fell into it.

A statement may have `%(row)s`, a number from 1 to `rows` by chance (seeded), and `%(new)s`, one that no other has.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import psycopg

NAME = "bench writers"
"""Their application_name."""
THREADS = 16
FIRST_NEW = 10_000_000
SEED = 20


@dataclass(frozen=True)
class Taken:
    """One statement: when it was due (time.monotonic), how long until it was done in ms, what the server refused."""

    due: float
    ms: float
    error: str = ""


class Writers:
    """The writers, from now until `stop`."""

    def __init__(self, url: str, rate: int, rows: int, statements: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([url, rate, rows, list(statements)]) + "\n")
        self._process.stdin.flush()
        if not self._process.stdout.readline():
            raise SystemExit("the writers could not begin")

    def stop(self) -> list[Taken]:
        """End them; all that they did."""
        try:
            out, _ = self._process.communicate(timeout=300)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        return [Taken(*one) for one in json.loads(out)]

    def kill(self) -> None:
        """End them, whatever they do."""
        self._process.kill()
        self._process.communicate()


class Watch:
    """A session that looks at whom the writers wait for; a query that has one of `names` in it is told as that."""

    _LOOK = (
        "SELECT extract(epoch FROM clock_timestamp() - l.waitstart)::float8 * 1000, b.backend_type, b.query"
        " FROM pg_locks l JOIN pg_stat_activity w USING (pid)"
        " CROSS JOIN LATERAL unnest(pg_blocking_pids(l.pid)) p(pid) JOIN pg_stat_activity b ON b.pid = p.pid"
        f" WHERE NOT l.granted AND w.application_name = '{NAME}' AND b.application_name <> '{NAME}'"
        " AND l.waitstart < clock_timestamp() - interval '20 ms'"
    )

    def __init__(self, url: str, names: Sequence[str]) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._names = names
        self._done = threading.Event()
        self._longest = (0.0, "")
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def stop(self) -> str:
        """What the longest wait was for, "no lock" for none."""
        self._done.set()
        self._thread.join(60)
        self._connection.close()
        took, behind = self._longest
        return f"{took:.0f} ms or more behind {behind}" if behind else "no lock"

    def _work(self) -> None:
        while not self._done.wait(0.02):
            for took, kind, query in self._connection.execute(self._LOOK.encode()).fetchall():
                if took and took > self._longest[0]:
                    name = next((one for one in self._names if one in query), "")
                    self._longest = (took, name or (" ".join(query.split())[:80] if query else kind))


class Reader:
    """A session that reads a table in transactions of so many seconds, with short pauses; 0 for none."""

    def __init__(self, url: str, table: str, seconds: float) -> None:
        self._url = url
        self._table = table
        self._seconds = seconds
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        if seconds:
            self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._done.set()
        if self._seconds:
            self._thread.join(60)

    def _work(self) -> None:
        with psycopg.connect(self._url) as connection:
            while not self._done.is_set():
                connection.execute(f"SELECT 1 FROM {self._table} LIMIT 1".encode(), prepare=False)
                self._done.wait(self._seconds)
                connection.commit()
                self._done.wait(0.3)


def p99(taken: Iterable[float]) -> float:
    """The latency that one in a hundred is above."""
    return statistics.quantiles(taken, n=100)[98]


def _write(url: str, rate: int, rows: int, statements: Sequence[str]) -> None:
    """The process: until stdin closes; then what was taken, as JSON on stdout."""
    taken: list[tuple[float, float, str]] = []
    numbers = iter(range(10**9))
    chosen = random.Random(SEED)
    end = [float("inf")]
    mutex = threading.Lock()
    begin = threading.Barrier(THREADS + 1)
    began = [0.0]

    def work() -> None:
        with psycopg.connect(url, autocommit=True, application_name=NAME) as connection:
            begin.wait()
            begin.wait()
            while True:
                with mutex:
                    number, row = next(numbers), chosen.randint(1, rows)
                due = began[0] + number / rate
                time.sleep(max(0.0, due - time.monotonic()))
                if due > end[0]:  # what was due before the end is done, however late
                    break
                error = ""
                try:
                    values = {"row": row, "new": FIRST_NEW + number}
                    statement = statements[number % len(statements)].encode()
                    try:
                        connection.execute(statement, values)
                    except psycopg.errors.FeatureNotSupported:
                        # "cached plan must not change result type": a column that it reads has another type now.
                        connection.execute("DEALLOCATE ALL")
                        connection.execute(statement, values)
                except psycopg.Error as e:
                    error = f"{e.sqlstate}: {str(e).splitlines()[0]}"
                    if connection.closed:
                        end[0] = min(end[0], due)
                taken.append((due, (time.monotonic() - due) * 1000, error))

    threads = [threading.Thread(target=work, daemon=True) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    begin.wait(60)
    began[0] = time.monotonic()
    begin.wait(60)
    print("writing", flush=True)
    sys.stdin.read()
    end[0] = min(end[0], time.monotonic())
    for thread in threads:
        thread.join()
    print(json.dumps(taken))


if __name__ == "__main__":
    _write(*json.loads(sys.stdin.readline()))
