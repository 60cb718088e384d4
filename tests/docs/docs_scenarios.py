"""What the shell of a page starts with; a page names it by `<!-- scenario: NAME -->`.

- `database`: an empty database in DATABASE_URL and an empty folder;
- `project`: the same, with a Prisma folder of one migration and `serve`, a service that says that it serves;
- `fourschemas`: the same, in a copy of the example;
- `models`: the same, with a schema of accounts and invoices that is not migrated yet;
- `online`: the same, with clients and invoices that are migrated and in use;
- `alembic`: the same, with an Alembic project of two revisions;
- `plain`: the same, with two flat SQL files of dbmate's format, applied by dbmate;
- `trading`: the same, with the example's service that has plain SQL files, and they are applied;
- `suite`: a `project` whose test suite asks the database;
- `machine`: no database at all, and a cache of its own for the embedded server.

A second word `git` makes it a repository, of which `origin/main` and the tags v1.2 and v1.3 are this state.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from docs_pages import ROOT

DATASOURCE = 'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n'
CUSTOMER = "CREATE TABLE customer (id int PRIMARY KEY, email text NOT NULL);\n"
ACCOUNTS = """
enum AccountKind {
  PERSON
  COMPANY
}

model Account {
  id       String      @id @default(uuid())
  name     String
  kind     AccountKind
  invoices Invoice[]
}

model Invoice {
  id        String   @id @default(uuid())
  number    String
  total     Decimal  @db.Decimal(12, 2)
  issuedAt  DateTime @default(now())
  accountId String
  account   Account  @relation(fields: [accountId], references: [id])
}
"""
INVOICES = """
model Client {
  id    Int     @id
  email String?

  @@map("clients")
}

model Invoice {
  id     Int     @id
  number String
  note   String?

  @@map("invoices")
}
"""
INVOICES_SQL = """CREATE TABLE "clients" ("id" INTEGER NOT NULL, "email" TEXT, CONSTRAINT "clients_pkey" PRIMARY KEY ("id"));
CREATE TABLE "invoices" ("id" INTEGER NOT NULL, "number" TEXT NOT NULL, "note" TEXT,
  CONSTRAINT "invoices_pkey" PRIMARY KEY ("id"));
"""
SUITE = """from sqlalchemy import text


def test_customer(pgready_session):
    pgready_session.execute(text("SELECT email FROM customer WHERE id = :id"), {"id": 1})
"""
FLAT = {
    "0001_init.sql": "CREATE TABLE customer (id int PRIMARY KEY);\n",
    "0002_orders.sql": "-- migrate:up\nCREATE TABLE orders (id int PRIMARY KEY);\n-- migrate:down\nDROP TABLE orders;\n",
}
# `pip install "pgready[extra]"` succeeds where this environment has what it would bring.
PIP = """
import importlib.metadata, re, sys
from packaging.requirements import Requirement
verb, *wanted = (word for word in sys.argv[1:] if not word.startswith("-"))
assert verb == "install" and wanted, sys.argv
for word in wanted:
    want = Requirement(word)
    metadata = importlib.metadata.metadata(want.name)
    assert want.extras <= set(metadata.get_all("Provides-Extra") or ()), f"no such extra: {word}"
    for line in metadata.get_all("Requires-Dist") or ():
        need = Requirement(line)
        if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in want.extras or {""}):
            importlib.metadata.version(need.name)
"""


def make_programs(folder: Path) -> None:
    """The programs that pages call, as this Python has them, and a service that says that it serves."""
    folder.mkdir()
    (folder / "pip.py").write_text(PIP)
    for name, body in (
        ("pgready", f'exec {sys.executable} -P -m pgready "$@"'),
        ("python", f'exec {sys.executable} "$@"'),
        ("pip", f'exec {sys.executable} {folder}/pip.py "$@"'),
        ("pytest", f'exec {sys.executable} -m pytest -q -p no:cacheprovider "$@"'),
        ("alembic", f'exec {sys.executable} -m alembic "$@"'),
        ("serve", "echo serving"),
    ):
        (folder / name).write_text(f"#!/bin/sh\n{body}\n")
        (folder / name).chmod(0o755)


def _project(folder: Path, script: str = CUSTOMER, models: str = "") -> None:
    migration = folder / "prisma/migrations/20250101000000_init/migration.sql"
    migration.parent.mkdir(parents=True)
    migration.write_text(script)
    (folder / "prisma/schema.prisma").write_text(DATASOURCE + models)


def prepare(scenario: str, folder: Path, environ: dict[str, str]) -> None:
    """Write what the shell starts with, and bring its database to where the page begins."""
    name, *more = scenario.split()

    def pgready(*words: str, at: Path = folder) -> None:
        subprocess.run(["pgready", *words], cwd=at, env=environ, check=True, capture_output=True, timeout=60)

    if name in ("project", "suite"):
        _project(folder)
    if name == "online":
        _project(folder, INVOICES_SQL, INVOICES)
        pgready("migrate", "deploy")
    if name == "fourschemas":
        shutil.copytree(ROOT / "examples/fourschemas", folder, dirs_exist_ok=True)
    if name == "models":
        (folder / "prisma").mkdir()
        (folder / "prisma/schema.prisma").write_text(DATASOURCE + ACCOUNTS)
    if name == "alembic":
        shutil.copytree(Path(__file__).parent / "alembic", folder / "alembic")
        (folder / "alembic.ini").write_text("[alembic]\nscript_location = alembic\npath_separator = os\n")
    if name == "plain":
        (folder / "migrations").mkdir()
        for file, text in FLAT.items():
            (folder / "migrations" / file).write_text(text)
        pgready("migrate", "deploy")
    if name == "trading":
        service = ROOT / "examples/backoffice/services/trading_svc"
        shutil.copytree(service / "migrations", folder / "migrations")
        (folder / "pgready.toml").write_text('migrations = "migrations"\nmigrations_schema = "trading_svc"\n')
        pgready("migrate", "deploy")
    if name == "suite":
        (folder / "test_customers.py").write_text(SUITE)
    if "git" in more:
        who = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@b.example", "GIT_COMMITTER_NAME": "A"}
        environ |= {**who, "GIT_COMMITTER_EMAIL": "a@b.example", "GIT_CONFIG_GLOBAL": os.devnull}
        for command in (
            "git init -q -b main && git add -A && git commit -q --allow-empty -m begin",
            "git tag v1.2 && git tag v1.3 && git update-ref refs/remotes/origin/main HEAD",
        ):
            subprocess.run(["bash", "-c", command], cwd=folder, env=environ, check=True, capture_output=True)
