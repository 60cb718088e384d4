"""The authoring loop beside Prisma's CLI, whole processes: `migrate diff` and `migrate dev` on a real schema.

The schema is that of `litellm-proxy-extras` (101 models, 220 migrations). The database and both tools' shadow databases
have fsync off and their data in memory; each tool makes its shadow database where it does by itself.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import distribution
from pathlib import Path

import install
from measure import Contender, race, table

from pgready.embedded import EmbeddedServer, find_binaries

GOAL = 0.5
_URLS = re.compile(r"^\s*(?:url|directUrl)\s*=.*\n", re.M)
_CONFIG = 'export default { schema: "prisma/schema.prisma", datasource: { url: process.env.DATABASE_URL } }\n'
_ADDED = "\nmodel Invoice {\n  id     Int    @id @default(autoincrement())\n  number String @unique\n}\n"
_BASE = "authoring_base"


def measured(root: Path, work: Path, rounds: int) -> Iterator[str]:
    """The tables, one by one."""
    package = Path(str(distribution("litellm-proxy-extras").locate_file("litellm_proxy_extras")))
    venv = install.ours(root)
    cli, offline = install.prisma_cli(root)
    programs = {"pgready": [str(venv / "bin/pgready")], f"Prisma CLI {install.PRISMA}": ["node", cli]}
    env = {"PATH": os.environ["PATH"], "HOME": str(work), "LANG": "C.UTF-8", "NO_COLOR": "1", **offline}
    memory = Path("/dev/shm")  # noqa: S108 - data in memory is the point
    if memory.is_dir():
        os.environ.setdefault("TMPDIR", str(memory))
        env["TMPDIR"] = os.environ["TMPDIR"]
    with EmbeddedServer() as server:
        url = server.url() + "?sslmode=disable"
        projects = {name: _project(work / name.split()[0].lower(), package) for name in programs}
        yield f"PostgreSQL {find_binaries().version}, {os.cpu_count()} cores, {rounds} rounds in turns\n"
        words = ["migrate", "diff", "--from-empty", "--to-schema", "prisma/schema.prisma", "--script"]
        diffs = [
            Contender(f"{name} diff", [*program, *words], str(projects[name]), {**env, "DATABASE_URL": url})
            for name, program in programs.items()
        ]
        ours, theirs = [_run(each.command, Path(each.cwd), each.env) for each in diffs]
        if ours.strip() != theirs.strip() or ours.count("CREATE TABLE") < 100:
            raise SystemExit("pgready and Prisma write different scripts for the benchmark's schema")
        race(diffs, rounds)
        yield table("`migrate diff`, 101 models from nothing", diffs, diffs[0])
        yield _verdict(diffs)
        yield from _dev(server, programs, projects, env, max(3, rounds // 4))


def _dev(
    server: EmbeddedServer,
    programs: dict[str, list[str]],
    projects: dict[str, Path],
    env: dict[str, str],
    rounds: int,
) -> Iterator[str]:
    """`migrate dev` on a database in which the whole history is applied; the schema has a model more."""
    _sql(server, f"CREATE DATABASE {_BASE}")
    first = next(iter(programs))
    _run([*programs[first], "migrate", "deploy"], projects[first], {**env, "DATABASE_URL": server.url(_BASE)})
    for words in (["--create-only"], []):
        found = []
        for name, program in programs.items():
            folder, database = projects[name], f"authoring_{name.split()[0].lower()}"
            kept = sorted(path.name for path in (folder / "prisma/migrations").iterdir())
            command = [sys.executable, str(Path(__file__).parent / "terminal.py")] if name != first else []
            command += [*program, "migrate", "dev", "--name", "add_invoices", *words]

            def again(folder: Path = folder, database: str = database, kept: list[str] = kept) -> None:
                for path in (folder / "prisma/migrations").iterdir():
                    if path.name not in kept:
                        shutil.rmtree(path)
                _sql(server, f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
                _sql(server, f"CREATE DATABASE {database} TEMPLATE {_BASE}")

            url = server.url(database) + "?sslmode=disable"
            found.append(
                Contender(
                    f"{name} dev {' '.join(words)}".rstrip(), command, str(folder), {**env, "DATABASE_URL": url}, again
                )
            )
        race(found, rounds)
        scripts = []
        for each in found:
            (script,) = Path(each.cwd).glob("prisma/migrations/*_add_invoices/migration.sql")
            scripts.append(script.read_text())
            each.before()
        if scripts[0] != scripts[1] or 'CREATE TABLE "Invoice"' not in scripts[0]:
            raise SystemExit("pgready and Prisma write different migrations in the benchmark")
        what = " ".join(["migrate dev", *words])
        yield table(f"`{what}`, 220 migrations, 101 models and a new one", found, found[0])
        yield _verdict(found)


def _verdict(found: list[Contender]) -> str:
    cpu = statistics.median(found[0].cpu) / statistics.median(found[1].cpu)
    return (
        f"{found[0].median / found[1].median:.2f} times what Prisma's CLI takes ({cpu:.2f} in CPU time); the goal is"
        f" {GOAL} at most.\n"
    )


def _project(folder: Path, package: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    migrations = folder / "prisma/migrations"
    for file in sorted(package.glob("migrations/*/migration.sql")):
        (migrations / file.parent.name).mkdir(parents=True)
        shutil.copy(file, migrations / file.parent.name)
    (migrations / "migration_lock.toml").write_text('provider = "postgresql"\n')
    schema = _URLS.sub("", (package / "schema.prisma").read_text())
    (folder / "prisma/schema.prisma").write_text(schema + _ADDED)
    (folder / "prisma.config.ts").write_text(_CONFIG)
    return folder


def _run(command: Sequence[str], cwd: Path, env: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[-3:])} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def _sql(server: EmbeddedServer, statement: str) -> None:
    import psycopg

    with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
        connection.execute(statement.encode())
