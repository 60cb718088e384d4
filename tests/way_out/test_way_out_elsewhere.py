"""Ways out in other schemas, by functions of one's own, with extensions: what the SQL has to name."""

import pytest
from way_out_ground import ground, judging

from pgready.catalog.names import ObjectName
from pgready.commands.prove.way_out import ways_out
from pgready.proof.contract import Contract, Place
from pgready.proof.profile import Profile, TableProfile

pytestmark = pytest.mark.matrix

STRUCTURE = """
CREATE SCHEMA app;
CREATE EXTENSION pg_trgm;
CREATE FUNCTION app.bare(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN lower($1); END $$;
CREATE FUNCTION app.shaky(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN lower($1); END $$;
CREATE TYPE app.state AS ENUM ('new', 'old');
CREATE TABLE app.note (
  id bigint PRIMARY KEY, text text NOT NULL, state app.state NOT NULL, made_at timestamptz NOT NULL, "Weird ""name" int
);
CREATE TABLE app.owner (id bigint PRIMARY KEY, note_id bigint NOT NULL REFERENCES app.note UNIQUE, name text);
"""

EXPECTED = {
    "contains": ("SELECT * FROM note WHERE text ILIKE $1", '"note" USING gin ("text" gin_trgm_ops)'),
    "a schema in the query": (
        "SELECT * FROM app.note WHERE state = 'new' ORDER BY made_at LIMIT 10",
        '"note" ("made_at") WHERE state = \'new\'',
    ),
    "odd names": (
        'SELECT * FROM note ORDER BY "Weird ""name" DESC LIMIT 5',
        '"note" ("Weird ""name" DESC)',
    ),
    "a function of one's own": (
        "SELECT * FROM owner WHERE app.bare(name) = $1 ORDER BY id LIMIT 5",
        '"owner" ((app.bare(name)), "id")',
    ),
}

SIZES = Profile(tuple(TableProfile(ObjectName("app", name), 5_000_000) for name in ("note", "owner")))


@pytest.fixture(scope="module")
def elsewhere(server):
    """A ground whose tables are not in public."""
    from psycopg import connect

    with connect(server.url(tcp=False), autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS way_out_elsewhere WITH (FORCE)")
        admin.execute("CREATE DATABASE way_out_elsewhere")
    with ground(server.url("way_out_elsewhere", tcp=False), STRUCTURE) as made:
        yield made
    with connect(server.url(tcp=False), autocommit=True) as admin:
        admin.execute("DROP DATABASE way_out_elsewhere WITH (FORCE)")


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("default", ["app", "public"])
def test_the_sql_names_what_it_has_to(elsewhere, name, default):
    """Unqualified where the schema is the connection's own, qualified elsewhere; functions always."""
    sql, expected = EXPECTED[name]
    work = judging(elsewhere, (1.0,), SIZES)
    proved = work.run([Contract("one", sql, Place("contracts.sql"), "sql", search_path="app, public")])
    assert [one.kind for one in proved] == ["unbounded"], work.refused
    way = ways_out(work, proved, None, default)
    ((_, statement),) = way.indexes
    assert statement.partition(" ON ")[2] == (expected if default == "app" else f'"app".{expected}')


def test_what_no_index_can_hold_is_not_offered(elsewhere):
    """A function that is not immutable is refused by the server; the other candidates are tried all the same."""
    work = judging(elsewhere, (1.0,), SIZES)
    proved = work.run([Contract("one", "SELECT * FROM app.note WHERE app.shaky(text) = $1", Place("f"), "sql")])
    assert [one.kind for one in proved] == ["unbounded"]
    way = ways_out(work, proved)
    ((_, (offer,)),) = way.offers
    assert (offer.kind, way.indexes) == ("none", ())
