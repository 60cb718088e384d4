"""On a real server: a schema's SQL makes what it asks for, a change's SQL makes the change, and then nothing differs."""

import os

import psycopg
import pytest

from diff_pairs import Pair, pairs
from pgready.catalog.model import Catalog
from pgready.diff.catalog_side import side_of_catalog
from pgready.diff.prisma import prisma_changes
from pgready.diff.schema_side import side_of_schema
from pgready.diff.sides import EMPTY, Side
from pgready.plan.prisma import NOTHING, prisma_sql
from pgready.postgres.connect import open_session
from pgready.postgres.introspection import introspect
from pgready.project.url import parse
from pgready.psl.analyse import analyse
from pgready.psl.schema import Schema
from pgready.psl.source import Source

pytestmark = pytest.mark.matrix

NOT_HERE = ("a()", "ops: raw", "extension", "geometry", "hstore", "Citext")
"""What a bare server has not."""

REFUSED = {
    "enums/a value goes, a column comes": "the column is altered before it is added",
    "enums/a value goes, and a table with it": "the old type is dropped before its last table",
    "enums/a value goes, its default changes": "the old type is dropped before its last column",
    "enums/several values come": "a value that is new in the same transaction becomes a default",
    "enums/a scalar becomes a list": "a list of an enum has no cast from the enum",
    "indexes/two names change places": "the first new name is still taken",
    "indexes/a column under an index is made anew, and the index is renamed": "made by its new name, then renamed",
    "fields/x Int @default(autoincrement()) → x BigInt @default(autoincrement())": "BIGSERIAL as a type to change to",
    "fields/x Int @default(autoincrement()) @db.SmallInt → x Int @default(autoincrement())": "SERIAL as a type",
    "together/the key becomes a big one with numbers": "BIGSERIAL as a type to change to",
    "together/an enum becomes an array with a default": "a list of an enum has no cast from the enum",
    "fields/x E[] → x E?": "an enum has no cast from a list of it",
    "fields/x Int[] @default([1, 2]) → x BigInt[] @default([1, 2])": "runs, but its default differs for ever",
}
"""Prisma's scripts for these do not do what they should, and ours are the same to the byte."""
WRITTEN = [
    each for each in pairs() if each.style == 7 and not any(word in each.before + each.after for word in NOT_HERE)
]
TOPICS = sorted({each.name.split("/", 1)[0] for each in WRITTEN})
STRIDE = 1 if os.environ.get("PGREADY_FULL") else 4
MADE = [each for at, each in enumerate(WRITTEN) if at % STRIDE == 0 or each.name in REFUSED]
"""What a run makes on a server: PGREADY_FULL all of it."""


def schema_of(text: str) -> Schema:
    """A valid schema."""
    found = analyse([Source("schema.prisma", text)])
    assert found.schema is not None
    return found.schema


def read(url: str) -> Catalog:
    """The catalog of a database."""
    session = open_session(parse(url), "catalog")
    try:
        return introspect(session)
    finally:
        session.close()


def live(url: str, schema: Schema) -> Side:
    """What a schema's Prisma sees of a database."""
    named = schema.datasource.schemas if schema.datasource else ()
    return side_of_catalog(read(url), named, previews=schema.preview_features, style=schema.style)


def carried_out(url: str, pair: Pair) -> str:
    """Make the first schema, then the second of it; "" when nothing differs after either."""
    before, after = schema_of(pair.before), schema_of(pair.after)
    for step, schema in (("before", before), ("after", after)):
        wanted = side_of_schema(schema)
        found = live(url, schema) if step == "after" else EMPTY
        script = prisma_sql(prisma_changes(found, wanted), found, wanted)
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                if script != NOTHING:
                    connection.execute(script.encode())
        except psycopg.Error as e:
            return f"{pair.name} {step}: {e}\n{script}"
        rest = prisma_changes(live(url, schema), wanted)
        if rest:
            return f"{pair.name} {step}: {rest}"
    return ""


@pytest.mark.parametrize("topic", TOPICS)
def test_changes_on_a_server(server, topic) -> None:
    """Every pair of a topic, each in a database of its own."""
    wrong = []
    with psycopg.connect(server.url("postgres", tcp=False), autocommit=True) as admin:
        for number, pair in enumerate(each for each in MADE if each.name.startswith(f"{topic}/")):
            name = f"diff_{topic}_{number}"
            admin.execute(f'CREATE DATABASE "{name}"'.encode())
            try:
                said = carried_out(server.url(name), pair)
            finally:
                admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
            if bool(said) != (pair.name in REFUSED):
                wrong.append(said or f"{pair.name} runs")
    assert not wrong, "\n\n".join(wrong)
