"""Values that are made up for parameters: every one of them is one to the server."""

import datetime as dt
import enum
import uuid
from decimal import Decimal

import pytest

from pgready.catalog.model import Catalog
from pgready.postgres.connect import open_session
from pgready.postgres.introspection import introspect
from pgready.project.url import parse
from pgready.proof.contracts.samples import _MADE, sample_for, text_of
from pgready.sql.names import quote_literal

pytestmark = pytest.mark.matrix


class Kind(enum.StrEnum):
    ONE = "the value"


_ELSEWHERE = {"xml", "citext", "ltree", "lquery", "ltxtquery", "hstore", "geometry", "geography", "unknown"}
"""Types of extensions, and one that not every server is built with."""

TYPES = """
CREATE SCHEMA app;
CREATE TYPE app."Status" AS ENUM ('it''s', 'paid');
CREATE TYPE app.pair AS (a int, "b" text, c app."Status");
CREATE DOMAIN app.email AS varchar(40) NOT NULL;
CREATE DOMAIN app.emails AS app.email[];
CREATE TYPE app.span AS RANGE (subtype = timestamptz, multirange_type_name = app.spans);
"""


def quoted(text: str | None) -> str:
    assert text is not None
    return quote_literal(text)


def test_every_made_up_value_is_one_of_its_type(database):
    """All types that are known by name take their value, alone and in an array."""
    types = sorted(_MADE.keys() - _ELSEWHERE)
    for start in range(0, len(types), 20):
        some = types[start : start + 20]
        casts = [f"{quoted(sample_for(one, Catalog()))}::{one}" for one in some]
        arrays = [f"{quoted(sample_for(one + '[]', Catalog()))}::{one}[]" for one in some]
        (row,) = database.query(f"SELECT {', '.join(f'({cast}) IS NOT NULL' for cast in [*casts, *arrays])}")
        assert all(row)


@pytest.mark.parametrize(
    ("type_", "sample"),
    [
        ('app."Status"', "it's"),
        ('"Status"', "it's"),
        ('app."Status"[]', '{"it\'s"}'),
        ("app.email", "sample"),
        ("app.emails", '{"sample"}'),
        ("app.pair", '("42","sample","it\'s")'),
        ("app.span", '["2024-06-15 12:00:00+00","2024-06-15 12:00:00+00"]'),
        ("app.spans", '{["2024-06-15 12:00:00+00","2024-06-15 12:00:00+00"]}'),
        ("varchar(20)", "sample"),
        ("timestamp(3) with time zone", "2024-06-15 12:00:00+00"),
        ("pg_catalog.int8", "42"),
    ],
)
def test_types_of_the_database_take_their_value(database, type_: str, sample: str):
    """Enums, domains, composites, ranges and arrays of them, by the names that the server gives back."""
    database.query(TYPES)
    session = open_session(parse(database.socket_url, "test"), "test")
    try:
        catalog = introspect(session)
    finally:
        session.close()
    assert sample_for(type_, catalog) == sample
    taken = f"SET search_path = app, public; SELECT ({quoted(sample)}::{type_}) IS NOT NULL"
    assert database.query(taken) == [(True,)]


def test_an_unknown_type_has_no_value():
    """Nothing is made up for a type that nothing is known of: the contract is planned for any value then."""
    assert sample_for("app.nothing", Catalog()) is None
    assert sample_for("vector", Catalog()) is None


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        (True, "boolean"),
        (-5, "int"),
        (Decimal("1.50"), "numeric"),
        (uuid.UUID(int=5), "uuid"),
        (dt.datetime(2024, 1, 2, 3, 4, 5, 6, tzinfo=dt.UTC), "timestamptz"),
        (dt.date(2024, 1, 2), "date"),
        (dt.time(1, 2, 3), "time"),
        (dt.timedelta(days=-1, seconds=5, microseconds=7), "interval"),
        (b"\x00\xff", "bytea"),
        ({"a": ["b", 'c"d']}, "jsonb"),
        (["a,b", 'c"d\\e', "{}"], "text[]"),
        ([1, None, 3], "int[]"),
        ([["a,b", None], ["c", "{}"]], "text[]"),
        (Kind.ONE, "text"),
    ],
)
def test_a_bound_value_reads_back_as_it_was(database, value: object, type_: str):
    """What Python binds survives as PostgreSQL's input text."""
    text = text_of(value)
    assert text is not None
    with database.connect() as connection:
        row = connection.execute(f"SELECT %s::text::{type_}".encode(), [text]).fetchone()
    assert row == (value,)
