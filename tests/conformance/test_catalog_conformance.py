"""Catalogs of schemas by chance against databases that Prisma's own engines made: SQL of 6.19 or 7, run, read back."""

from collections import Counter
from collections.abc import Iterator

import conformance_diff
import conformance_parsers
import psycopg
import pytest
from conformance_amount import ASKED
from conformance_cases import corpus
from conformance_diff import Differs, Refused
from conformance_parsers import ParsersMissing
from conformance_random import schemas

import catalog_declared
from fix_server import Database
from pgready.catalog.from_psl import read_schema
from pgready.postgres.connect import open_session
from pgready.postgres.introspection import introspect
from pgready.project.url import parse
from pgready.psl.analyse import analyse
from pgready.psl.source import Source

pytestmark = pytest.mark.prisma

CHUNK = 100
RANDOM = ASKED or 60
STRIDE = 1 if ASKED else 12


@pytest.fixture(scope="module")
def differs() -> Iterator[Differs]:
    """Both of Prisma's engines; skips with a word without them, fails where PGREADY_REQUIRE_PRISMA is set."""
    try:
        both = conformance_diff.set_up()
    except ParsersMissing as e:
        if conformance_parsers.required():
            pytest.fail(str(e))
        pytest.skip(str(e))
    yield both
    both.close()


def hold(differs: Differs, database: Database, cases) -> Counter[str]:
    """Make each schema with Prisma's SQL and compare; a schema that PostgreSQL refuses (by its SQL or types) counts so."""
    told: Counter[str] = Counter()
    session = open_session(parse(database.url), "conformance")
    with database.connect() as connection:
        for case in cases:
            schema = analyse([Source(path, text) for path, text in case.files]).schema
            if schema is None or schema.datasource is None:
                told["invalid"] += 1
                continue
            declared = read_schema(schema)
            names = [name for table in declared.catalog.tables for name in (table.name.name, *_columns(table))]
            if any(len(name.encode()) > 63 for name in names):
                told["cut"] += 1  # PostgreSQL cuts them, Prisma does not know
                continue
            catalog_declared.emptied(connection)
            try:
                script = differs.diff(schema.style, None, case.files)
                connection.execute(script.encode() if "CREATE" in script else b"SELECT 1")
            except (psycopg.Error, Refused):
                told["refused"] += 1
                continue
            found = catalog_declared.found(introspect(session), declared)
            assert found == catalog_declared.expected(declared), f"{case.id}\n{script}"
            told["equal"] += 1
    session.close()
    return told


def _columns(table) -> list[str]:
    return [column.name for column in table.columns]


@pytest.mark.parametrize("start", range(0, RANDOM, CHUNK))
def test_schemas_by_chance(start, differs, database, record_property):
    """Generated schemas of every kind; most of the valid ones can be made."""
    told = hold(differs, database, schemas(range(start, min(start + CHUNK, RANDOM))))
    for word, number in told.items():
        record_property(f"catalog {word}", number)
    assert told["equal"] > told["refused"] / 2, told


def test_the_written_corpus(differs, database):
    """The schemas of the parser's corpus, every twelfth by default."""
    told = hold(differs, database, corpus()[::STRIDE])
    assert told["equal"] > told["refused"], told
