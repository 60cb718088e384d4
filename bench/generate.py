"""generate: 100 models as a whole process beside Prisma's own; the output at run time beside hand-written models."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import install
import schemas
from measure import Contender, race, table

from pgready.embedded import EmbeddedServer

MODELS = 100
ROWS = 10_000
GOALS = {"generate": 0.5, "import": 1.1, "rows": 1.1}


def measured(root: Path, work: Path, rounds: int) -> Iterator[str]:
    """The tables, one by one."""
    lines = MODELS * schemas._LINES + MODELS + schemas._HEAD.count("\n")  # noqa: SLF001 - the sizes it is made of
    text = schemas.schema(lines)
    if text.count("\nmodel ") != MODELS:
        raise SystemExit(f"the schema of the benchmark has {text.count(chr(10) + 'model ')} models")
    folder = work / "generated"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    file = folder / "schema.prisma"
    file.write_text(text)
    yield from _generators(root, work, file, rounds)
    _packages(folder)
    yield from _at_run_time(folder, rounds)


def _verdict(ours: float, theirs: float, goal: float) -> str:
    return f"{ours / theirs:.2f} times what the other takes; the goal is {goal} at most.\n"


def _generators(root: Path, work: Path, file: Path, rounds: int) -> Iterator[str]:
    venv = install.ours(root)
    cli, offline = install.prisma_cli(root)
    env = {"PATH": os.environ["PATH"], "HOME": str(work), "LANG": "C.UTF-8", "NO_COLOR": "1", **offline}
    found = []
    for name, command, output in (
        ("pgready generate", [str(venv / "bin/pgready"), "generate", "--output", "theirs"], "theirs"),
        (f"prisma generate {install.PRISMA}", ["node", cli, "generate"], "../generated"),
    ):
        folder = work / f"generate-{len(found)}" / "app"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, folder)
        place = folder / output
        command += ["--schema", "schema.prisma"]
        found.append(
            Contender(name, command, str(folder), env, lambda place=place: shutil.rmtree(place, ignore_errors=True))
        )
    race(found, rounds)
    yield table(f"`generate`, a schema of {MODELS} models", found, found[0])
    yield _verdict(found[0].median, found[1].median, GOALS["generate"])


def _packages(folder: Path) -> None:
    """`generated`, and `handwritten`: the same text over `by_hand` instead of `pgready.orm`."""
    command = [sys.executable, "-m", "pgready", "generate", "--schema", "schema.prisma", "--output", "generated"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    other = folder / "handwritten"
    other.mkdir()
    for each in (folder / "generated").glob("*.py"):
        (other / each.name).write_text(each.read_text().replace("from pgready import orm", "import by_hand as orm"))
    shutil.copy(Path(__file__).parent / "by_hand.py", folder)


_MAKE = """
import sys
import generated
import sqlalchemy as sa
generated.Base.metadata.create_all(sa.create_engine(sys.argv[1]))
"""

_FIRST = """
import sys
package, url = sys.argv[1:]
import importlib
import sqlalchemy as sa
from sqlalchemy.orm import Session
models = importlib.import_module(package)
engine = sa.create_engine(url)
with Session(engine) as session:
    assert session.scalars(sa.select(models.Order0).limit(1)).one().title == "1"
"""

_ROWS = """
import gc, importlib, statistics, sys, time
import sqlalchemy as sa
from sqlalchemy.orm import Session
rounds, url, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
packages = [importlib.import_module(each) for each in ("generated", "handwritten")]
engine = sa.create_engine(url)
taken = [[], []]
for turn in range(rounds + 2):
    for at in (turn % 2, 1 - turn % 2):
        with Session(engine) as session:
            gc.collect()
            begun = time.process_time()
            rows = session.scalars(sa.select(packages[at].Order0)).all()
            if turn > 1:
                taken[at].append((time.process_time() - begun) * 1000)
            assert len(rows) == count
            del rows
for each in taken:
    print(statistics.median(each), min(each))
"""

_FILL = """
INSERT INTO order_0 (reference, title, amount, status, tags, data, created_at, updated_at)
SELECT n::text, n::text, n / 100.0, (enum_range(NULL::status_0))[n %% 3 + 1], ARRAY['a', n::text],
  jsonb_build_object('n', n), now(), now() FROM generate_series(1, %d) AS n
"""


def _at_run_time(folder: Path, rounds: int) -> Iterator[str]:
    env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONPATH": str(folder)}
    with EmbeddedServer() as server:
        url = server.url("postgres").replace("postgresql://", "postgresql+psycopg://")
        make = (
            "import sqlalchemy as sa, sys, generated; generated.Base.metadata.create_all(sa.create_engine(sys.argv[1]))"
        )
        subprocess.run([sys.executable, "-c", make, url], env=env, check=True)
        import psycopg

        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute((_FILL % ROWS).encode())
        found = [
            Contender(name, [sys.executable, "-c", _FIRST, name, url], str(folder), env)
            for name in ("generated", "handwritten")
        ]
        race(found, rounds, warm=2)
        yield table(f"Import of {MODELS} models and a first query", found, found[0])
        yield _verdict(found[0].median, found[1].median, GOALS["import"])
        done = subprocess.run(
            [sys.executable, "-c", _ROWS, str(rounds), url, str(ROWS)],
            env=env,
            check=True,
            capture_output=True,
            text=True,
        )
    ours, theirs = ([float(word) for word in line.split()] for line in done.stdout.splitlines())
    lines = [f"### {ROWS:,} rows of 11 columns through the ORM, psycopg, in one process", ""]
    lines += ["| | median CPU ms | min |", "|---|---|---|"]
    lines += [f"| {name} | {a:.0f} | {b:.0f} |" for name, (a, b) in (("generated", ours), ("handwritten", theirs))]
    yield "\n".join([*lines, ""])
    yield _verdict(ours[0], theirs[0], GOALS["rows"])


if __name__ == "__main__":  # python bench/generate.py [rounds]
    here = Path(__file__).parents[1]
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    for part in measured(here, here / ".cache/bench/work/generate", count):
        print(part, flush=True)
