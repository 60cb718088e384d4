"""A database with the tables of `everything.prisma`, its generated Python models, and a real Prisma client beside them."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import psycopg
import pytest
import sqlalchemy as sa
from typescript import HERE, SCHEMA, TypeScript

from fix_server import Database
from pgready.codegen.sqlalchemy_files import sqlalchemy_files
from pgready.psl.analyse import analyse
from pgready.psl.source import Source


@pytest.fixture(scope="session")
def client() -> Path:
    """The generated client's folder; skips with a word, or fails where PGREADY_REQUIRE_PRISMA is set."""
    command = [sys.executable, str(HERE / "typescript.py")]
    words = "prisma: npm did not fetch Prisma's client within 160 s"
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=160, check=False)
    except subprocess.TimeoutExpired:
        pass
    else:
        if run.returncode == 0:
            return Path(run.stdout.strip())
        words = run.stderr.strip().splitlines()[-1]
    if os.environ.get("PGREADY_REQUIRE_PRISMA"):
        pytest.fail(words)
    pytest.skip(words)


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The package that `pgready generate` writes for the schema."""
    import importlib

    analysed = analyse([Source("everything.prisma", SCHEMA.read_text())])
    assert analysed.schema is not None, analysed.diagnostics
    folder = tmp_path_factory.mktemp("generated")
    package = folder / "generated_everything"
    package.mkdir()
    for file in sqlalchemy_files(analysed.schema):
        (package / file.path).write_text(file.text)
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module("generated_everything")
    finally:
        sys.path.remove(str(folder))


@pytest.fixture
def everything(database: Database, models: ModuleType) -> Database:
    """The tables. Sessions begin far from UTC, whoever opens them."""
    with psycopg.connect(database.socket_url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA other")
        connection.execute("CREATE EXTENSION citext")
        connection.execute(f"ALTER DATABASE {database.name} SET timezone = 'Asia/Kathmandu'".encode())
    engine = sa.create_engine(sa.make_url(database.url).set(drivername="postgresql+psycopg"))
    models.Base.metadata.create_all(engine)
    engine.dispose()
    return database


@pytest.fixture
def make_typescript(client: Path, everything: Database) -> Iterator[Callable[[str], TypeScript]]:
    """A factory of clients: `make_typescript("America/New_York")`, the zone of its process."""
    made: list[TypeScript] = []

    def make(zone: str = "Pacific/Auckland") -> TypeScript:
        # Prisma's adapter takes the text of a timestamptz for UTC, whatever offset it says: so its sessions must be in
        # UTC, as they are on most servers. Ours need not be.
        made.append(TypeScript(client, everything.url + "?options=-ctimezone%3DUTC", zone))
        return made[-1]

    yield make
    for each in made:
        each.close()
