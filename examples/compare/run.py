"""Five mishaps of a deploy, run against pgready, dbmate, Alembic and Prisma's CLI: the README's comparison.

    python examples/compare/run.py            (after `make bench`, which installs the others)
    python examples/compare/run.py late race  (these rows only)

Every tool gets the same scripts in its own format, its defaults, and a database of its own. What is printed is what
happened; nothing is judged but the database's content and exit codes. Prisma's CLI runs with the WASM build of its
engine where the native one cannot be had.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

import psycopg

from pgready.embedded import EmbeddedServer

ROOT = Path(__file__).parents[2]
PEERS = ROOT / ".cache/bench"
REPLICAS = 10
SECONDS = 90
LATE = 12
ALEMBIC_ENV = """
import os
from alembic import context
from sqlalchemy import create_engine

engine = create_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://"))
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
"""
PRISMA_CONFIG = """
import { defineConfig, env } from "prisma/config";
export default defineConfig({ schema: "prisma/schema.prisma", migrations: { path: "prisma/migrations" },
  datasource: { url: env("DATABASE_URL") } });
"""
FIRST = "CREATE TABLE t (id int PRIMARY KEY, v int NOT NULL);\nINSERT INTO t VALUES (1, 1);\n"
MORE = "CREATE TABLE t{0} (id int PRIMARY KEY);\n"
SLOW = "UPDATE t SET v = v * 2;\nSELECT pg_sleep(4);\n"
CONCURRENTLY = "CREATE INDEX CONCURRENTLY t_v ON t (v);\nCREATE INDEX CONCURRENTLY t_v_id ON t (v, id);\n"
BROKEN = "CREATE TABLE u (id int PRIMARY KEY);\nINSERT INTO u VALUES ('x');\n"


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def project(folder: Path, scripts: list[str]) -> None:
    """The scripts in every tool's format."""
    for number, script in enumerate(scripts, 1):
        name = f"2024000000000{number}"
        put(folder / f"prisma/migrations/{name}_m/migration.sql", script)
        put(folder / f"migrations/{name}_m.sql", f"-- migrate:up\n{script}\n-- migrate:down\n")
        down = repr(f"2024000000000{number - 1}") if number > 1 else None
        statements = [s for s in script.split(";\n") if s.strip()]
        body = "\n".join(f"    op.execute({s!r})" for s in statements)
        text = f"from alembic import op\n\nrevision = {name!r}\ndown_revision = {down}\n\n\ndef upgrade():\n{body}\n"
        put(folder / f"alembic/versions/m{number}.py", text)
    put(folder / "prisma/migrations/migration_lock.toml", 'provider = "postgresql"\n')
    put(folder / "prisma/schema.prisma", 'datasource db {\n  provider = "postgresql"\n}\n')
    put(folder / "prisma.config.ts", PRISMA_CONFIG)
    put(folder / "alembic/env.py", ALEMBIC_ENV)
    put(folder / "alembic.ini", "[alembic]\nscript_location = alembic\n")
    if (prisma := prisma_cli()) and not (folder / "node_modules").exists():
        (folder / "node_modules").symlink_to(prisma[1].parents[2])


def tools() -> dict[str, list[str]]:
    """What is installed, as command lines."""
    found = {"pgready": [sys.executable, "-P", "-m", "pgready", "boot", "--", "true"]}
    for binary in PEERS.glob("npm/node_modules/@dbmate/*/bin/dbmate"):
        found["dbmate"] = [str(binary), "--no-dump-schema", "--migrations-dir", "migrations", "up"]
    if (PEERS / "peers/bin/alembic").exists():
        found["Alembic"] = [str(PEERS / "peers/bin/alembic"), "-c", "alembic.ini", "upgrade", "head"]
    if prisma := prisma_cli():
        found["Prisma CLI"] = ["node", str(prisma[1]), "migrate", "deploy"]
    return found


@cache
def prisma_cli() -> tuple[Path, Path] | None:
    """Folder of the WASM engine, and the CLI's script; None without Node."""
    setup = [sys.executable, str(ROOT / "tests/prisma/oracle/setup.py"), "--cli"]
    done = subprocess.run(setup, capture_output=True, text=True, check=False)
    paths = [Path(line) for line in done.stdout.splitlines()]
    return (paths[0], paths[1]) if done.returncode == 0 else None


class Trial:
    """One tool on one database of its own."""

    def __init__(self, server: EmbeddedServer, argv: list[str], name: str, folder: Path) -> None:
        self.server, self.argv, self.name, self.folder = server, argv, name, folder
        self.url = server.url(name)
        cli = prisma_cli()
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "DATABASE"))}
        prisma = {"PRISMA_SCHEMA_ENGINE_BINARY": str(cli[0] / "schema-engine")} if cli else {}
        self.env = {**kept, **prisma, "DATABASE_URL": self.url + "?sslmode=disable", "CHECKPOINT_DISABLE": "1"}

    def start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self.argv, cwd=self.folder, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip

    def end(self, process: "subprocess.Popen[bytes]") -> int | None:
        """Its exit code; None if it hangs."""
        try:
            return process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return None

    def run(self) -> int | None:
        return self.end(self.start())

    def query(self, sql: str) -> object:
        with psycopg.connect(self.url, autocommit=True) as connection:
            row = connection.execute(sql.encode()).fetchone()
            return row[0] if row else None

    def until(self, sql: str) -> None:
        end = time.monotonic() + SECONDS
        while not self.query(sql):
            if time.monotonic() > end:
                raise SystemExit(f"{self.name}: never true: {sql}")
            time.sleep(0.05)


def race(trial: Trial) -> str:
    """Ten at once on an empty database."""
    project(trial.folder, [FIRST, *(MORE.format(n) for n in range(2, 7))])
    started = [trial.start() for _ in range(REPLICAS)]
    codes = [trial.end(p) for p in started]
    return f"{codes.count(0)} of {REPLICAS} succeed"


def late(trial: Trial) -> str:
    """The server comes long after the deploy was started, so that a slow start does not pass for patience."""
    project(trial.folder, [FIRST])
    trial.server.stop()
    process = trial.start()
    time.sleep(LATE)
    trial.server.start()
    return "waits" if trial.end(process) == 0 else "gives up"


def killed(trial: Trial) -> str:
    """SIGKILL in a slow script that must not run twice, and another deploy at once."""
    project(trial.folder, [FIRST])
    if trial.run() != 0:
        return "the first deploy failed"
    project(trial.folder, [FIRST, SLOW])
    process = trial.start()
    trial.until("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(4)%' AND pid <> pg_backend_pid()")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    code = trial.run()
    value = trial.query("SELECT v FROM t")
    words = {1: "not applied", 2: "applied once", 4: "applied TWICE"}.get(int(str(value)), f"value {value}")
    return f"{words}, {'recovers' if code == 0 else 'needs a hand' if code else 'hangs'}"


def concurrently(trial: Trial) -> str:
    """Two CREATE INDEX CONCURRENTLY in one script, without any marker."""
    project(trial.folder, [FIRST, CONCURRENTLY])
    code = trial.run()
    valid = trial.query("SELECT count(*) FROM pg_index WHERE indisvalid AND indrelid = to_regclass('t')") == 3
    return "works" if code == 0 and valid else "refused by the server"


def mended(trial: Trial) -> str:
    """A script fails, its file is mended, and the deploy runs again."""
    project(trial.folder, [FIRST, BROKEN])
    if trial.run() == 0:
        return "the broken script passed"
    project(trial.folder, [FIRST, BROKEN.replace("'x'", "1")])
    return "applied" if trial.run() == 0 else "needs a command by hand"


ROWS = {
    f"{REPLICAS} deploys at once on an empty database": race,
    f"the server comes {LATE} s late": late,
    "SIGKILL in a script that must not run twice, then another deploy": killed,
    "two `CREATE INDEX CONCURRENTLY` in one script, defaults": concurrently,
    "a failed script is mended, and deployed again": mended,
}


def main() -> None:
    found = tools()
    print("| | " + " | ".join(found) + " |\n|---" * 1 + "|---" * len(found) + "|")
    with tempfile.TemporaryDirectory() as base, EmbeddedServer() as server:
        for row, (words, mishap) in enumerate(ROWS.items()):
            if sys.argv[1:] and mishap.__name__ not in sys.argv[1:]:
                continue
            cells = []
            for column, argv in enumerate(found.values()):
                name = f"trial_{row}_{column}"
                with psycopg.connect(server.url(), autocommit=True) as connection:
                    connection.execute(f"CREATE DATABASE {name}".encode())
                folder = Path(base) / name
                folder.mkdir()
                cells.append(mishap(Trial(server, argv, name, folder)))
            print(f"| {words} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
