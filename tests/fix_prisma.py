"""Prisma's own engines, 6.19.3 and 7.10.1, and its CLI, on Node: set up by `tests/prisma/oracle/setup.py`.

Without Node, npm or network the tests skip with its words, or fail with them where PGREADY_REQUIRE_PRISMA is set.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fix_server import Database

ORACLE = Path(__file__).parent / "prisma" / "oracle"
SECONDS = 60


class EngineError(Exception):
    """What Prisma's engine said; `code` is P…, or None (a failed migration has none in the WASM build)."""

    def __init__(self, message: str, code: str | None) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Engine:
    """One version of Prisma's engine: a process that stays and answers one request after the other."""

    version: str
    folder: Path
    _process: subprocess.Popen[str] | None = None

    def command(self, *arguments: str) -> list[str]:
        """The command line of a process of its own."""
        return ["node", str(self.folder / "ask.mjs"), self.version, *arguments]

    def request(self, verb: str, url: str, directory: Path | None = None, **more: str) -> str:
        """A request as one line."""
        return json.dumps({"verb": verb, "url": url, "dir": str(directory or ""), **more})

    def ask(self, verb: str, url: str, directory: Path | None = None, **more: str) -> Any:
        """The engine's answer; raises EngineError. `schema`: text of a schema file, `name`: of a migration."""
        if self._process is None:
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(self.command("serve"), stdin=pipe, stdout=pipe, text=True)
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(self.request(verb, url, directory, **more) + "\n")
        self._process.stdin.flush()
        return read_answer(self._process.stdout.readline())

    def start(self, verb: str, url: str, directory: Path | None = None, **more: str) -> subprocess.Popen[str]:
        """The same in a process of its own, left running; the test ends it and reads its answer."""
        pipe = subprocess.PIPE
        return subprocess.Popen(
            self.command(self.request(verb, url, directory, **more)), stdout=pipe, stderr=pipe, text=True
        )

    def close(self) -> None:
        """End the process that answers."""
        if self._process is not None:
            assert self._process.stdin and self._process.stdout
            self._process.stdin.close()
            self._process.stdout.close()
            self._process.kill()
            self._process.wait(SECONDS)

    def apply(self, url: str, directory: Path, **more: str) -> list[str]:
        """Names of what it applied."""
        return list(self.ask("apply", url, directory, **more)["appliedMigrationNames"])

    def diff(self, url: str, files: Sequence[tuple[str, str]], before: str, after: str) -> dict[str, Any]:
        """`stdout` (a script) and `exitCode` (2: different); the sides are "empty", "schema", "migrations:DIR", "database"."""
        words = {"files": json.dumps(files), "from": before, "to": after}
        return dict(self.ask("diff", url, None, **words))

    def up_to_date(self, url: str, directory: Path) -> bool:
        """What `prisma migrate status` says of it, by the rules of its source."""
        found = self.ask("diagnose", url, directory)
        return (
            found["history"] is None
            and found["hasMigrationsTable"]
            and not found["failedMigrationNames"]
            and not found["editedMigrationNames"]
        )


FACTS = (
    "checksum, migration_name, logs, applied_steps_count, finished_at IS NOT NULL AS finished,"
    " rolled_back_at IS NOT NULL AS rolled_back, finished_at >= started_at AS in_order,"
    " finished_at = started_at AS at_once, length(id) AS id_length"
)


def rows(database: Database, schema: str = "public") -> list[tuple[Any, ...]]:
    """All that the rows say but ids and times, in Prisma's order."""
    return database.query(f'SELECT {FACTS} FROM "{schema}"._prisma_migrations ORDER BY started_at, migration_name')


def table(database: Database, schema: str = "public") -> list[tuple[Any, ...]]:
    """Columns (name, type, nullability, default) and constraints of the migrations table."""
    where = f"'\"{schema}\"._prisma_migrations'::regclass"
    columns = database.query(
        "SELECT a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
        " pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a LEFT JOIN pg_attrdef d"
        " ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
        f" WHERE a.attrelid = {where} AND a.attnum > 0 ORDER BY 1"
    )
    keys = database.query(
        f"SELECT conname, contype::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = {where} ORDER BY 1"
    )
    return [*columns, *keys]


def until(database: Database, question: str, seconds: float = SECONDS) -> list[tuple[Any, ...]]:
    """Ask until there are rows; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    with database.connect() as connection:
        while not (found := connection.execute(question.encode()).fetchall()):
            assert time.monotonic() < deadline, f"nothing after {seconds} s: {question}"
            time.sleep(0.02)
    return found


def read_answer(line: str) -> Any:
    """The result in an answer line; raises EngineError."""
    assert line, "Prisma's engine ended without an answer"
    said = json.loads(line)
    if "error" in said:
        raise EngineError(said["error"], said["code"])
    return said["result"]


def _set_up(*arguments: str) -> list[str]:
    command = [sys.executable, str(ORACLE / "setup.py"), *arguments]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=150, check=False)
    except subprocess.TimeoutExpired:
        words = "prisma: npm did not fetch Prisma's engines within 150 s"
    else:
        if run.returncode == 0:
            return run.stdout.splitlines()
        words = run.stderr.strip().splitlines()[-1]
    if os.environ.get("PGREADY_REQUIRE_PRISMA"):
        pytest.fail(words)
    pytest.skip(words)


@pytest.fixture(scope="session")
def engines() -> Iterator[dict[str, Engine]]:
    """Both engines, by their major version."""
    (folder,) = _set_up()
    both = {version: Engine(version, Path(folder)) for version in ("6", "7")}
    yield both
    for engine in both.values():
        engine.close()


@pytest.fixture(params=["6", "7"])
def engine(request: pytest.FixtureRequest, engines: dict[str, Engine]) -> Engine:
    """Each engine in turn."""
    return engines[request.param]


@dataclass(frozen=True)
class PrismaCli:
    """The real CLI, its engine calls answered by the WASM engine."""

    script: Path
    engine: Path

    @property
    def node_modules(self) -> Path:
        """Where a project finds `prisma/config`."""
        return self.script.parents[2]

    def __call__(
        self, where: Path, *arguments: str, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run to the end in a project's folder."""
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "DATABASE", "DIRECT", "PRISMA"))}
        keep |= {
            "PRISMA_SCHEMA_ENGINE_BINARY": str(self.engine),
            "CHECKPOINT_DISABLE": "1",
            "NO_COLOR": "1",
            **(env or {}),
        }
        command = ["node", str(self.script), *arguments]
        return subprocess.run(
            command, cwd=where, env=keep, capture_output=True, text=True, timeout=SECONDS, check=False
        )


@pytest.fixture(scope="session")
def prisma_cli() -> PrismaCli:
    """Prisma's CLI: `prisma_cli(folder, *arguments, env=None)`."""
    folder, script = _set_up("--cli")
    return PrismaCli(Path(script), Path(folder) / "schema-engine")
