"""Who finds what: the single differences of tests/parity, asked of pgready, Alembic, migra and Prisma's engine.

    python bench/parity_neighbours.py [--migra PYTHON] [--bindir DIR] [--every N] [--misses]

Two databases of one script; in one of them each difference is planted alone, every tool is asked whether the two are
the same, and pgready's own `--fix` takes it back. A tool finds a difference if it says something else than it says of
two databases that are the same. Alembic compares the metadata that SQLAlchemy reflects from the reference
(`compare_metadata` with types and defaults), Prisma's engine the schema that it introspects from the reference; migra
(with privileges) runs in the Python that `--migra` names: it needs setuptools < 80 and SQLAlchemy < 2. Without it, or
without Node, a column is left out.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests/parity"), str(ROOT / "tests")]

from parity_ground import RICH, Planted, make_roles  # noqa: E402 - found by the path above
from parity_plants import base, plants  # noqa: E402 - found by the path above

from pgready.embedded import EmbeddedServer  # noqa: E402 - found by the path above
from pgready.parity.compare import differences  # noqa: E402 - found by the path above
from pgready.parity.facts import unwell  # noqa: E402 - found by the path above
from pgready.parity.mend import mending  # noqa: E402 - found by the path above
from pgready.parity.rules import weighed  # noqa: E402 - found by the path above
from pgready.plan.full import full_plan  # noqa: E402 - found by the path above

SCHEMAS = ["Sales & Co", "billing", "extras", "public"]
Answer = Callable[[str], str]
"""What a tool says of the side at a URL."""

MIGRA = """
import sys, warnings
warnings.simplefilter("ignore")
from migra import Migration
from sqlbag import S
reference = sys.argv[1]
for line in sys.stdin:
    try:
        with S(reference) as one, S(line.strip()) as other:
            m = Migration(other, one)
            m.set_safety(False)
            m.add_all_changes(privileges=True)
            print(repr(m.sql), flush=True)
    except Exception as e:
        print("error: " + type(e).__name__ + " " + repr(str(e))[:200], flush=True)
"""


def migra(python: str, reference: str) -> Answer:
    pipe = subprocess.PIPE
    process = subprocess.Popen([python, "-c", MIGRA, reference], stdin=pipe, stdout=pipe, text=True)

    def ask(url: str) -> str:
        assert process.stdin
        assert process.stdout
        process.stdin.write(url + "\n")
        process.stdin.flush()
        return process.stdout.readline()

    return ask


def alembic(reference: str) -> Answer:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlalchemy import MetaData, create_engine
    from sqlalchemy.pool import NullPool

    warnings.simplefilter("ignore")

    def engine(url: str) -> Any:
        return create_engine(url.replace("postgresql://", "postgresql+psycopg://"), poolclass=NullPool)

    metadata = MetaData()
    for schema in SCHEMAS:
        metadata.reflect(engine(reference), schema=None if schema == "public" else schema)

    def ask(url: str) -> str:
        options = {"include_schemas": True, "compare_type": True, "compare_server_default": True}
        options["include_name"] = lambda name, kind, _: kind != "schema" or name in (None, *SCHEMAS)
        with engine(url).connect() as connection:
            return repr(
                sorted(map(repr, compare_metadata(MigrationContext.configure(connection, opts=options), metadata)))
            )

    return ask


def prisma(reference: str) -> Answer | None:
    from fix_prisma import ORACLE, Engine, EngineError

    run = subprocess.run([sys.executable, str(ORACLE / "setup.py")], capture_output=True, text=True, check=False)
    if run.returncode:
        print(run.stderr.strip().splitlines()[-1], file=sys.stderr)
        return None
    engine = Engine("7", Path(run.stdout.strip()))
    listed = ", ".join(json.dumps(name) for name in SCHEMAS)
    head = f'datasource db {{\n  provider = "postgresql"\n  schemas = [{listed}]\n}}\n'
    features = '["views", "partialIndexes", "postgresqlExtensions"]'
    head += f'generator client {{\n  provider = "prisma-client-js"\n  previewFeatures = {features}\n}}\n'
    found = engine.ask("introspect", reference, None, schema=head, namespaces=",".join(SCHEMAS))
    files = [(one["path"], one["content"]) for one in found["schema"]["files"]]

    def ask(url: str) -> str:
        try:
            return str(engine.diff(url, files, "database", "schema")["stdout"])
        except EngineError as e:
            return f"error: {e}"

    return ask


def pgready(planted: Planted, reference: Any) -> Answer:
    def ask(_: str) -> str:
        side = planted.catalog()
        return repr([*differences(reference, side), *unwell(side, None)])

    return ask


def steady(text: str) -> str:
    """Without addresses in memory."""
    return re.sub(r"0x[0-9a-f]+", "", text)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--migra", help="a Python that has migra, psycopg2 and a setuptools below 80")
    parser.add_argument("--bindir", help="another server's programs (migra refuses what is newer than it)")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--misses", action="store_true", help="name what each tool does not find")
    given = parser.parse_args()
    with EmbeddedServer(given.bindir, password="x") as server:
        make_roles(server)
        urls = {}
        with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
            for name in ("parity_reference", "parity_side"):
                connection.execute(f"CREATE DATABASE {name}")
                urls[name] = server.url(name)
                with psycopg.connect(urls[name], autocommit=True) as inside:
                    inside.execute(RICH)
                    inside.execute(base(server.major))
                    # Prisma's language cannot say a foreign key between columns of two types, and migra ends at a
                    # table with two parents: without these both have something to compare.
                    inside.execute('ALTER TABLE "Sales & Co"."Order ""Line""" DROP CONSTRAINT later')
                    inside.execute("ALTER TABLE child NO INHERIT parent_a")
        reference, side = urls["parity_reference"], urls["parity_side"]
        planted = Planted(side)
        start = planted.catalog()
        tools: dict[str, Answer | None] = {"pgready": pgready(planted, start)}
        tools["migra"] = migra(given.migra, reference) if given.migra else None
        tools["Alembic"] = alembic(reference)
        tools["Prisma 7"] = prisma(reference)
        ask = {name: one for name, one in tools.items() if one is not None}
        still = {name: steady(one(side)) for name, one in ask.items()}
        for name, said in still.items():
            if said.startswith("error"):
                print(f"{name}, of two that are the same: {said}", file=sys.stderr)
        found: dict[str, Counter[str]] = {name: Counter() for name in ask}
        total: Counter[str] = Counter()
        missed = defaultdict(list)
        for plant in plants(server.major)[:: given.every]:
            planted.run(plant.sql)
            total[plant.weight] += 1
            for name, one in ask.items():
                said = steady(one(side))
                if said != still[name] and not said.startswith("error"):
                    found[name][plant.weight] += 1
                else:
                    missed[name].append(plant.sql)
            now = planted.catalog()
            findings = [*map(weighed, differences(start, now)), *unwell(now, None)]
            with suppress(psycopg.Error):
                planted.run(mending("side", full_plan(now, start), findings, (), None))
            after = planted.catalog()
            if differences(start, after):  # but for the order of columns, which no statement mends
                start = after
                ask["pgready"] = pgready(planted, start)
                still = {name: steady(one(side)) for name, one in ask.items()}
    weights = sorted(total, key=["breaks", "opens", "slows", "cosmetic"].index)
    print(f"PostgreSQL {server.version}; planted {sum(total.values())}")
    print(
        "| tool | "
        + " | ".join(f"{one} ({total[one]})" for one in weights)
        + " | all |\n|---|"
        + "---|" * (len(weights) + 1)
    )
    for name, counts in found.items():
        print(f"| {name} | " + " | ".join(str(counts[one]) for one in weights) + f" | {sum(counts.values())} |")
    for name, some in missed.items() if given.misses else ():
        print(f"\n{name} does not find:\n" + "\n".join(f"  {sql}" for sql in some))


if __name__ == "__main__":
    main()
