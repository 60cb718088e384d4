"""The schemas of the parser's tests, written and by chance: every valid one is generated, imported and created.

A default run takes some of them; PGREADY_FULL=1 all, and mypy then looks at every package.
"""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from generated import imported

import catalog_declared
from pgready.codegen.sqlalchemy_files import sqlalchemy_files
from pgready.postgres.connect import open_session
from pgready.postgres.introspection import introspect
from pgready.project.url import parse
from pgready.psl.analyse import analyse
from pgready.psl.source import Source

sys.path.insert(0, str(Path(__file__).parents[1] / "conformance"))

from conformance_cases import Case, corpus
from conformance_random import schemas

FULL = bool(os.environ.get("PGREADY_FULL"))
STRIDE = 1 if FULL else 9
RANDOM = 400 if FULL else 16


def hold(cases: Iterable[Case], make_database, folder: Path) -> Counter[str]:
    """Each schema's models make what its own SQL makes; schemas whose SQL PostgreSQL refuses count so."""
    told: Counter[str] = Counter()
    by_schema, by_models = make_database(), make_database()
    engine = sa.create_engine("postgresql+psycopg://", creator=by_models.connect, poolclass=sa.NullPool)
    sessions = [open_session(parse(one.url), "generate") for one in (by_schema, by_models)]
    with by_schema.connect() as one, by_models.connect() as other:
        for case in cases:
            schema = analyse([Source(path, text) for path, text in case.files]).schema
            if schema is None or schema.datasource is None:
                told["invalid"] += 1
                continue
            package = imported(sqlalchemy_files(schema), folder)
            package.Base.registry.configure()
            catalog_declared.emptied(one)
            try:
                one.execute(catalog_declared.creating(schema).encode() or b"SELECT 1")
            except psycopg.Error:
                told["refused"] += 1
                continue
            catalog_declared.emptied(other)
            package.Base.metadata.create_all(engine)
            before, after = map(introspect, sessions)
            assert after == before, case.id
            told["equal"] += 1
            package.Base.registry.dispose()
    for session in sessions:
        session.close()
    engine.dispose()
    return told


def tidy(folder: Path) -> None:
    """ruff and, in a full run, mypy find nothing in what was generated."""
    for words in (["ruff", "format", "--check"], ["ruff", "check"]):
        command = [sys.executable, "-m", *words, "--isolated", "--no-cache", "."]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
    if FULL:
        command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={folder}/.mypy", "."]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


@pytest.mark.timeout(1200 if FULL else 170)
@pytest.mark.parametrize("which", ["written", "by_chance"])
def test_corpus(which, make_database, tmp_path, record_property):
    """Equal catalogs for all that can be created."""
    cases = corpus()[::STRIDE] if which == "written" else schemas(range(RANDOM))
    told = hold(cases, make_database, tmp_path)
    for word, number in told.items():
        record_property(f"{which} {word}", number)
    assert told["equal"] > told["refused"], told
    tidy(tmp_path)
