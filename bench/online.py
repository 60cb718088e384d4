"""Every offered rewrite, deployed under an application that works on: what it feels, and where the catalog ends.

    python bench/online.py [--rows 1000000] [--rate 200] [--versions 14,18] [--only WORDS] [--quick] [--planted]

For each original the steps that `migrate dev --online` writes are deployed by `pgready migrate deploy` over real rows,
while an application reads and writes the tables concerned: 200 statements a second as an open loop, so that what comes
late counts from when it was due. Bounds: p99 at most five times that of the quiet seconds before or 20 ms, whichever is
larger; no stall over 300 ms; no statement refused; the catalog is the one in which the original ends, deployed to
another clone. A case that breaks a bound of time is measured twice more, and two of three count: a machine that others
use has stalls of its own. What the longest stall waited for is said; "no lock" is the machine.

`--reader 2` adds a session whose transactions read the first of the tables and last two seconds: an ALTER that waits
for one of them has the application queue behind it, for as long as lock_timeout lets it wait (PGREADY_LOCK_TIMEOUT).

`--planted` deploys the originals themselves under the same application: exits 1 unless one of them breaks the bounds.
Any other run ends with one such. `--quick`: 100,000 rows and a few cases.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from online_cases import BEFORE, FILL, Case, cases
from writers import Reader, Taken, Watch, Writers, p99

from pgready.catalog.model import Catalog
from pgready.commands.dev.online import online_steps
from pgready.commands.shadow import ShadowPlan
from pgready.diff.full import full_changes
from pgready.embedded import EmbeddedServer
from pgready.history.checksum import checksum
from pgready.history.model import Migration
from pgready.postgres.connect import open_session
from pgready.postgres.introspection import introspect
from pgready.project.url import parse
from pgready.sql.statements import split

ROOT = Path(__file__).parents[1]
# Under UTC a timestamp becomes a timestamptz in a moment; machines have a time zone.
SETTINGS = {
    "shared_buffers": "512MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "timezone": "Europe/Berlin",
}
NOW = datetime(2027, 1, 10, 9, 0)
GROUND = "20260101000000_ground"
QUICK = ("type of an indexed column", "several commands, comments", "H005", "H010")
PLANTED = "type of an indexed column"
TIMES, FLOOR_MS, STALL_MS = 5.0, 20.0, 300.0
WARM = 1.0
"""Seconds before the quiet phase: what was just copied is not in memory yet."""
BOUND_OF_A_DEPLOY = 900.0
"""Seconds; a deploy that takes longer is ended, and broken."""

Steps = Sequence[tuple[str, str]]
"""Migrations as (name, script)."""


class NotMeasured(Exception):
    """There is nothing to measure; `str` says why."""


@dataclass(frozen=True)
class Seen:
    """One measurement: ms, but `took` in seconds; `behind` is what the longest wait for a lock waited for."""

    quiet: float
    during: float
    longest: float
    took: float
    behind: str
    wrong: tuple[str, ...]

    @property
    def late(self) -> tuple[str, ...]:
        """The bounds of time that it breaks."""
        bound = max(FLOOR_MS, TIMES * self.quiet)
        found = [f"p99 {self.during:.0f} ms, bound {bound:.0f}"] if self.during > bound else []
        return (*found, *([f"a stall of {self.longest:.0f} ms"] if self.longest > STALL_MS else []))


class Bench:
    """One server: a template for each set of tables, clones of it for each case."""

    def __init__(
        self, server: EmbeddedServer, rows: int, rate: int, quiet: float, folder: Path, reader: float = 0
    ) -> None:
        self._server = server
        self._rows = rows
        self._rate = rate
        self._quiet = quiet
        self._folder = folder
        self._reader = reader
        self._numbers = itertools.count(1)
        self._template: tuple[str, ...] | None = None
        self._ground = Migration(GROUND, BEFORE, checksum(BEFORE), f"{GROUND}/migration.sql")

    def close(self) -> None:
        """Drop what is left on the server."""
        self._template = None
        self._admin("DROP DATABASE IF EXISTS bench_template WITH (FORCE)")

    # ── databases and projects ──────────────────────────────────────────────────────────────────────────────────

    def _admin(self, sql: str) -> None:
        with psycopg.connect(self._server.url(tcp=False), autocommit=True) as connection:
            connection.execute(sql.encode())

    def _make_template(self, tables: tuple[str, ...]) -> None:
        """The ground, deployed; these tables filled."""
        if self._template == tables:
            return
        self._template = None
        self._admin("DROP DATABASE IF EXISTS bench_template WITH (FORCE)")
        self._admin("CREATE DATABASE bench_template")
        url = self._server.url("bench_template", tcp=False)
        self._deploy(self._project([]), url)
        with psycopg.connect(url, autocommit=True) as connection:
            for table in tables:
                connection.execute(FILL[table].replace("%%", "%").replace("%(rows)s", str(self._rows)).encode())
            connection.execute("VACUUM (ANALYZE, FREEZE)")
        self._template = tables

    @contextmanager
    def _clone(self, name: str) -> Iterator[str]:
        with psycopg.connect(self._server.url(tcp=False)) as connection:
            strategy = " STRATEGY file_copy" if connection.info.server_version >= 150000 else ""
        self._admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._admin(f"CREATE DATABASE {name} TEMPLATE bench_template{strategy}")
        self._admin("CHECKPOINT")
        try:
            yield self._server.url(name, tcp=False)
        finally:
            self._admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _project(self, steps: Steps) -> Path:
        folder = self._folder / str(next(self._numbers))
        for name, script in ((GROUND, BEFORE), *steps):
            place = folder / "prisma" / "migrations" / name
            place.mkdir(parents=True)
            (place / "migration.sql").write_text(script)
        (folder / "prisma" / "schema.prisma").write_text(
            'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n'
        )
        return folder

    def _deploy(self, folder: Path, url: str) -> str:
        """By pgready, as a process; what it said if it failed."""
        keep = {
            k: v for k, v in os.environ.items() if k == "PGREADY_LOCK_TIMEOUT" or not k.startswith(("PG", "DATABASE"))
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "pgready", "migrate", "deploy"],
            cwd=folder,
            env=keep | {"DATABASE_URL": url, "PYTHONPATH": str(ROOT / "src")},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            _, story = process.communicate(timeout=BOUND_OF_A_DEPLOY)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return f"not done after {BOUND_OF_A_DEPLOY:.0f} s"
        return "" if process.returncode == 0 else f"exit {process.returncode}: {story}"

    # ── a case ──────────────────────────────────────────────────────────────────────────────────────────────────

    def steps(self, case: Case) -> Steps:
        """What is offered for it, with what a person has to write; raises NotMeasured if nothing is."""
        plan = ShadowPlan(None, parse(self._server.url(tcp=False)), "server")
        found = online_steps(plan, [self._ground], case.original, "draft", NOW, "public")
        if len(found.migrations) == 1 and found.migrations[0][1] == case.original:
            raise NotMeasured(f"{case.name}: nothing is offered: {'; '.join(found.notes)}")
        return [(name, _answered(script, case.answer) if case.answer else script) for name, script in found.migrations]

    def measure(self, case: Case, steps: Steps, end: Catalog | None) -> Seen:
        """One run on a fresh clone."""
        self._make_template(case.filled)
        folder = self._project(steps)
        wrong: list[str] = []
        with self._clone("bench_work") as url:
            writers = Writers(url, self._rate, self._rows, case.statements)
            watch = Watch(url, [name for name, _ in steps])
            reader = Reader(url, case.tables[0], self._reader)
            try:
                time.sleep(WARM + self._quiet)
                began = time.monotonic()
                failed = self._deploy(folder, url)
                ended = time.monotonic()
                taken = writers.stop()
            finally:
                writers.kill()
                reader.stop()
                behind = watch.stop()
            wrong += [failed] if failed else []
            if end is not None and not failed:
                wrong += [f"the catalog differs: {_shown(one)}" for one in full_changes(end, _catalog(url))]
        wrong += _refused(taken)
        quiet = [one.ms for one in taken if began - self._quiet <= one.due < began]
        during = [one.ms for one in taken if began <= one.due <= ended]
        if len(quiet) < 100 or len(during) < 10:
            wrong.append(f"too few statements to judge by: {len(quiet)} before, {len(during)} during")
            return Seen(0, 0, 0, ended - began, behind, tuple(wrong))
        return Seen(p99(quiet), p99(during), max(during), ended - began, behind, tuple(wrong))

    def end_of(self, case: Case) -> Catalog:
        """Where the original ends, deployed to a clone of its own."""
        # Without an answer for the rows that are there it works only where there are none.
        self._make_template(() if case.answer else case.filled)
        with self._clone("bench_original") as url:
            if failed := self._deploy(self._project([("20270110090000_original", case.original)]), url):
                raise NotMeasured(f"{case.name}: the original fails: {failed}")
            return _catalog(url)


def _answered(script: str, answer: str) -> str:
    """The UPDATE that is left to people, its dashes taken out."""
    return script.replace("-- -- pgready:", "-- pgready:").replace("-- UPDATE ", "UPDATE ").replace("…", answer)


def _catalog(url: str) -> Catalog:
    session = open_session(parse(url), "bench")
    try:
        return introspect(session)
    finally:
        session.close()


def _shown(change: Any) -> str:
    return " ".join(str(part) for part in change.address)


def _refused(taken: Sequence[Taken]) -> list[str]:
    errors = [one.error for one in taken if one.error]
    return [f"{errors.count(one)} statements of the application refused: {one}" for one in sorted(set(errors))]


class Table:
    """The rows that are printed."""

    def __init__(self) -> None:
        print(f"{'':48} {'quiet p99':>9} {'p99':>9} {'longest':>9} {'deploy':>8} steps  (ms, s)", flush=True)

    def row(self, case: Case, seen: Seen, steps: int, verdict: str) -> None:
        """One measurement."""
        figures = f"{seen.quiet:9.1f} {seen.during:9.1f} {seen.longest:9.1f} {seen.took:8.1f} {steps:5}"
        print(f"{case.name[:48]:48} {figures}  {verdict}", flush=True)


def offered(bench: Bench, chosen: Sequence[Case], table: Table) -> list[str]:
    """Measure what is offered for them; what is broken."""
    broken: list[str] = []
    for case in chosen:
        try:
            steps, end = bench.steps(case), bench.end_of(case)
        except NotMeasured as e:
            print(e)
            broken.append(str(e))
            continue
        late: list[Seen] = []
        for turn in (1, 2, 3):
            seen = bench.measure(case, steps, end)
            late += [seen] if seen.late else []
            said = f"late: {', '.join(seen.late)} ({seen.behind})" if seen.late else "ok"
            table.row(case, seen, len(steps), f"BROKEN: {seen.wrong[0]}" if seen.wrong else said)
            broken += [f"{case.name}: {one}" for one in seen.wrong]
            if seen.wrong or not late or len(late) == 2 or turn - len(late) == 2:
                break
        if len(late) == 2:
            broken.append(f"{case.name}: {', '.join(late[-1].late)} ({late[-1].behind})")
    return broken


def planted(bench: Bench, chosen: Sequence[Case], table: Table) -> list[str]:
    """Measure the originals; that none of them breaks the bounds is what is broken."""
    red = 0
    for case in chosen:
        statements = [one for one in split(case.original) if one.text]
        steps = [("20270110090000_original", case.original)]
        seen = bench.measure(case, steps, None)
        red += bool(seen.late)
        said = f"late, as it should be: {', '.join(seen.late)}" if seen.late else "in bounds"
        table.row(case, seen, 1, f"the original, {len(statements)} statements: {said} ({seen.behind})")
    return [] if red else ["no original breaks the bounds: this bench cannot go red"]


def _servers(versions: str | None) -> Iterator[tuple[str, str | None]]:
    if versions is None:
        yield "", os.environ.get("PGREADY_TEST_PG")
        return
    for version in versions.split(","):
        run = [sys.executable, str(ROOT / "tools" / "servers.py"), version]
        yield version, subprocess.run(run, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=5.0, help="of the quiet phase")
    parser.add_argument("--reader", type=float, default=0.0, help="seconds of a transaction that reads meanwhile")
    parser.add_argument("--versions")
    parser.add_argument("--only", help="part of a case's name")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--planted", action="store_true")
    options = parser.parse_args()
    rows = options.rows or (100_000 if options.quick else 1_000_000)
    every = cases()
    chosen = [one for one in every if not options.only or options.only in one.name]
    if options.quick and not options.only:
        chosen = [one for one in every if one.name.startswith(QUICK)]
    if not chosen:
        raise SystemExit(f"no case is named like {options.only}: {', '.join(one.name for one in every)}")
    chosen.sort(key=lambda one: one.filled)
    broken: list[str] = []
    for version, bindir in _servers(options.versions):
        with EmbeddedServer(bindir, settings=SETTINGS) as server, tempfile.TemporaryDirectory() as folder:
            bench = Bench(server, rows, options.rate, options.seconds, Path(folder), options.reader)
            print(f"PostgreSQL {version or '(the default)'}, {rows:,} rows, {options.rate} statements a second")
            table = Table()
            if options.planted:
                found = planted(bench, chosen, table)
            else:
                found = offered(bench, chosen, table)
                found += planted(bench, [one for one in every if one.name == PLANTED], table)
            broken += [f"{version}: {one}" if version else one for one in found]
    for line in broken:
        print(f"BROKEN: {line}")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
