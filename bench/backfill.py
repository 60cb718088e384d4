"""Two million rows changed while 200 writes a second go on: how long it takes, and what the writers feel.

    python bench/backfill.py [--rows 2000000] [--rate 200] [--arms one,fixed,adaptive,background,kills,runners]

Each arm has a fresh table. An arm may be named again, and times are held against the last `one` before it: on a machine
that others use, the ratio of neighbours is what counts. Writers are an open loop: a write that comes late counts from
when it was due. `kills` ends the run with SIGKILL twenty times at random points (seeded) and holds an append-only
effect of each change against the table; `runners` starts two at once. Exits 1 where a bound is broken.
"""

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from writers import Writers, p99

from pgready.embedded import EmbeddedServer

ROOT = Path(__file__).parents[1]
TABLE = (
    "CREATE TABLE people (id bigint PRIMARY KEY, email text NOT NULL, domain text, touched int NOT NULL DEFAULT 0);"
    " INSERT INTO people SELECT i, 'user' || i || '@host' || i % 1000 || '.example', NULL, 0"
    " FROM generate_series(1, {rows}) i;"
)
EFFECT = (
    "CREATE TABLE effect (id bigint NOT NULL);"
    " CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN INSERT INTO effect VALUES (NEW.id); RETURN NULL; END $$;"
    " CREATE TRIGGER noted AFTER UPDATE OF domain ON people FOR EACH ROW EXECUTE FUNCTION noted();"
)
UPDATE = "UPDATE people SET domain = split_part(email, '@', 2) WHERE domain IS NULL;"
# Done twice for a row it would be seen: nothing but the position says what is done.
APPEND = "UPDATE people SET domain = concat(domain, split_part(email, '@', 2));"
WRITE = "UPDATE people SET touched = touched + 1 WHERE id = %(row)s"
MARKS = {
    "one": "",
    "fixed": "-- pgready: backfill key=id batch=5000\n",
    "adaptive": "-- pgready: backfill key=id\n",
    "background": "-- pgready: backfill key=id background\n",
}
TIMES = {"fixed": 2.0, "adaptive": 3.0, "background": 3.0}
SEED = 20


class Bench:
    """One server, a fresh database for each arm."""

    def __init__(self, server: EmbeddedServer, rows: int, rate: int, folder: Path) -> None:
        self.server = server
        self.rows = rows
        self.rate = rate
        self.folder = folder
        self.broken: list[str] = []
        self._number = 0

    def database(self, name: str, more: str = "") -> str:
        with psycopg.connect(self.server.url(tcp=False), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
            connection.execute(f"CREATE DATABASE {name}".encode())
        url = self.server.url(name, tcp=False)
        self.query(url, TABLE.format(rows=self.rows) + more)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE, FREEZE)")
            connection.execute("CHECKPOINT")
        return url

    def query(self, url: str, sql: str) -> list[tuple[object, ...]]:
        with psycopg.connect(url, autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def project(self, name: str, script: str) -> Path:
        self._number += 1
        folder = self.folder / f"{self._number}_{name}"
        for migration, text in (("1_table", "SELECT 1;"), ("2_fill", script)):
            (folder / "prisma/migrations" / migration).mkdir(parents=True)
            (folder / "prisma/migrations" / migration / "migration.sql").write_text(text)
        (folder / "prisma/schema.prisma").write_text(
            'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n'
        )
        return folder

    def start(self, folder: Path, url: str, *arguments: str) -> subprocess.Popen[str]:
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "DATABASE"))}
        return subprocess.Popen(
            [sys.executable, "-m", "pgready", *arguments],
            cwd=folder,
            env=keep | {"DATABASE_URL": url, "PYTHONPATH": str(ROOT / "src")},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, folder: Path, url: str, *arguments: str) -> str:
        process = self.start(folder, url, *arguments)
        _, story = process.communicate()
        if process.returncode != 0:
            raise SystemExit(f"{arguments}: {story}")
        return story

    def applied(self, folder: Path, url: str) -> None:
        """The table is there already: its migration is marked as applied."""
        self.run(folder, url, "migrate", "resolve", "--applied", "1_table", "--force")

    def quiet(self, url: str, seconds: float = 8.0) -> list[float]:
        """Latencies of the writers alone."""
        writers = self.writers(url)
        time.sleep(seconds)
        return [one.ms for one in writers.stop()]

    def writers(self, url: str) -> Writers:
        """The writers beside an arm."""
        return Writers(url, self.rate, self.rows, [WRITE])

    def arm(self, name: str) -> tuple[float, float, float]:
        """Seconds of the whole process, the writers' p99 in ms while it ran, and their p99 alone, before and after."""
        url = self.database(f"arm_{name}")
        folder = self.project(name, MARKS[name] + UPDATE)
        self.applied(folder, url)
        if name == "background":
            self.run(folder, url, "migrate", "deploy")
        alone = self.quiet(url)
        writers = self.writers(url)
        began = time.perf_counter()
        self.run(folder, url, *(("backfill", "run") if name == "background" else ("migrate", "deploy")))
        took = time.perf_counter() - began
        found = p99(one.ms for one in writers.stop())
        alone += self.quiet(url)
        ((left,),) = self.query(
            url, "SELECT count(*) FROM people WHERE domain IS DISTINCT FROM split_part(email, '@', 2)"
        )
        if left:
            self.broken.append(f"{name}: {left} rows are not changed")
        return took, found, p99(alone)

    def effect(self, url: str, what: str) -> None:
        """Every row once, by count and by checksum of an append-only table."""
        sums = "count(*), coalesce(sum(hashint8(id)::bigint), 0)"
        table = self.query(url, f"SELECT {sums} FROM people")
        effect = self.query(url, f"SELECT {sums} FROM effect")
        ((distinct,),) = self.query(url, "SELECT count(DISTINCT id) FROM effect")
        ((wrong,),) = self.query(
            url, "SELECT count(*) FROM people WHERE domain IS DISTINCT FROM split_part(email, '@', 2)"
        )
        whole = table == effect and distinct == table[0][0] and not wrong
        if not whole:
            self.broken.append(f"{what}: {table} in the table, {effect} changed")
        print(f"  every row exactly once: {whole} (rows and checksum {table[0]})", flush=True)

    def kills(self, background: bool, count: int = 20) -> None:
        name = f"kills_{'background' if background else 'blocking'}"
        url = self.database(name, EFFECT)
        folder = self.project(name, MARKS["background" if background else "adaptive"] + APPEND)
        self.applied(folder, url)
        verb = ("backfill", "run") if background else ("migrate", "deploy")
        if background:
            self.run(folder, url, "migrate", "deploy")
        chosen = random.Random(SEED)
        killed = 0
        writers = self.writers(url)
        while True:
            process = self.start(folder, url, *verb)
            with contextlib.suppress(subprocess.TimeoutExpired):
                # Beyond the start of the process, so that most kills hit the work and some the start.
                process.wait(0.2 + chosen.random() * 1.5 if killed < count else None)
            if process.poll() is not None:
                break
            process.send_signal(signal.SIGKILL)
            process.communicate()
            killed += 1
        _, story = process.communicate()
        found = p99(one.ms for one in writers.stop())
        print(f"{name}: {killed} kills (seed {SEED}), then exit {process.returncode}; writers' p99 {found:.1f} ms")
        if process.returncode != 0 or killed < count:
            self.broken.append(f"{name}: {killed} kills, exit {process.returncode}: {story}")
        self.effect(url, name)

    def runners(self) -> None:
        url = self.database("runners", EFFECT)
        folder = self.project("runners", MARKS["background"] + APPEND)
        self.applied(folder, url)
        self.run(folder, url, "migrate", "deploy")
        both = [self.start(folder, url, "backfill", "run") for _ in range(2)]
        stories = [process.communicate()[1] for process in both]
        waited = sum("another process runs backfills" in story for story in stories)
        worked = sum("rows changed in" in story for story in stories)
        print(f"two runners: exits {[p.returncode for p in both]}, {worked} worked, {waited} waited and said so")
        if [p.returncode for p in both] != [0, 0] or worked != 1 or waited != 1:
            self.broken.append(f"two runners: {stories}")
        self.effect(url, "two runners")


@contextlib.contextmanager
def running(bindir: str | None) -> Iterator[EmbeddedServer]:
    settings = {"shared_buffers": "512MB", "max_wal_size": "8GB", "checkpoint_timeout": "30min"}
    with EmbeddedServer(bindir, settings=settings) as server:
        yield server


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--arms", default="one,fixed,adaptive,background,kills,runners")
    options = parser.parse_args()
    arms = options.arms.split(",")
    with running(os.environ.get("PGREADY_TEST_PG")) as server, tempfile.TemporaryDirectory() as folder:
        bench = Bench(server, options.rows, options.rate, Path(folder))
        timed = [arm for arm in arms if arm in MARKS]
        one = 0.0
        for arm in timed:
            took, slow, alone = bench.arm(arm)
            one = took if arm == "one" else one
            times = f"{took / one:5.2f} x" if one else ""
            print(f"{arm:11} {took:6.1f} s {times:9} writers' p99 {slow:8.1f} ms, alone {alone:5.1f} ms", flush=True)
            bound = max(20.0, 3 * alone)
            if arm != "one" and slow > bound:
                bench.broken.append(f"{arm}: writers' p99 {slow:.1f} ms, bound {bound:.1f} ms")
            if one and took > TIMES.get(arm, 1e9) * one:
                bench.broken.append(f"{arm}: {took / one:.2f} x one UPDATE, bound {TIMES[arm]} x")
        if "kills" in arms:
            bench.kills(background=False)
            bench.kills(background=True)
        if "runners" in arms:
            bench.runners()
    for line in bench.broken:
        print(f"BROKEN: {line}")
    return 1 if bench.broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
