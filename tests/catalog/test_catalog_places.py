"""Introspection where it is hard: odd names, small roles, a pooler, a standby, other settings, many tables."""

import os
from dataclasses import replace

import psycopg
import pytest
from catalog_read import read_url
from psycopg import sql

from pgready.catalog.fingerprint import fingerprint, from_json, to_json
from pgready.catalog.names import ObjectName
from pgready.catalog.scope import without_owners

pytestmark = pytest.mark.matrix

ODD = [
    'quo"te',
    "apo'strophe",
    "back\\slash",
    "dot.ted",
    "new\nline",
    "tab\t",
    " space ",
    "select",
    "Größe",
    "表格",
    "🐘" * 15,
    "x" * 63,
    "%s",
    "{a,b}",
    "a;--",
    "$1",
    "null",
    "\x01\x1f",
    "[]",
]


@pytest.mark.parametrize("name", ODD, ids=ascii)
def test_odd_names(database, read, name):
    """Every kind of object may be named by anything that PostgreSQL takes, and is read back by that name."""
    statements = """
        CREATE SCHEMA {n};
        CREATE TYPE {n}.{n} AS ENUM ({l}, 'other');
        CREATE DOMAIN {n}.{d} AS text CONSTRAINT {n} CHECK (VALUE <> {l});
        CREATE TABLE {n}.{t} ({n} {n}.{n} DEFAULT {l} NOT NULL, {d} serial, CONSTRAINT {n} PRIMARY KEY ({n}),
            CONSTRAINT {d} CHECK ({d} > 0), CONSTRAINT {t} FOREIGN KEY ({n}) REFERENCES {n}.{t});
        CREATE INDEX {i} ON {n}.{t} (({d} + 1), {n}) INCLUDE ({d}) WHERE {n} <> {l};
        CREATE VIEW {n}.{v} AS SELECT {n}, {d} AS {t} FROM {n}.{t} AS {n} WHERE {n}.{n} <> {l} ORDER BY {n}.{d};
        CREATE FUNCTION {n}.{n}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER {n} AFTER INSERT ON {n}.{t} FOR EACH ROW WHEN (NEW.{n} <> {l}) EXECUTE FUNCTION {n}.{n}({l});
        CREATE POLICY {n} ON {n}.{t} USING ({n} <> {l});
        COMMENT ON COLUMN {n}.{t}.{n} IS {l};
    """
    short = name.encode()[:60].decode(errors="ignore")
    names = {"n": name, "d": short + "d", "t": short + "t", "i": short + "i", "v": short + "v"}
    parts = {key: sql.Identifier(value) for key, value in names.items()}
    with database.connect() as connection:
        # A text of many statements: psycopg's own quoting, not ours.
        connection.execute(sql.SQL(statements).format(l=sql.Literal(name), **parts).as_string(connection).encode())
    catalog = read(database)
    assert [one.name for one in catalog.schemas] == sorted([name, "public"])
    assert (catalog.enums[0].name, catalog.enums[0].labels) == (ObjectName(name, name), (name, "other"))
    assert (catalog.domains[0].name, catalog.domains[0].checks[0].name) == (ObjectName(name, names["d"]), name)
    (table,) = catalog.tables
    assert table.name == ObjectName(name, names["t"])
    assert [(one.name, one.comment) for one in table.columns] == [(name, name), (names["d"], None)]
    assert (table.primary_key.name, table.primary_key.columns) == (name, (name,))
    assert table.foreign_keys[0].target == table.name
    assert [one.name for one in table.checks] == [names["d"]]
    assert (table.indexes[0].name, table.indexes[0].include) == (names["i"], (names["d"],))
    assert (table.triggers[0].name, table.policies[0].name) == (name, name)
    assert catalog.sequences[0].owned_by == (table.name, names["d"])
    assert [one.name for one in catalog.views[0].columns] == [name, names["t"]]
    assert catalog.functions[0].name == ObjectName(name, name)
    assert from_json(to_json(catalog)) == catalog


def test_any_role_reads_the_same(rich_database, make_role, read):
    """A role without a single privilege reads the same catalog as a superuser."""
    role = make_role("nobody", database=rich_database)
    assert read(role) == read(rich_database)


def test_settings_of_a_role(rich_database, make_role, read):
    """What a role has set (search path, formats, time zone, quoting, time-outs) changes nothing."""
    settings = {
        "search_path": "billing, public",
        "DateStyle": "'German'",
        "IntervalStyle": "'iso_8601'",
        "TimeZone": "'Asia/Kathmandu'",
        "bytea_output": "'escape'",
        "quote_all_identifiers": "on",
        "extra_float_digits": "-5",
        "statement_timeout": "'1s'",
        "default_transaction_isolation": "'serializable'",
        "default_transaction_read_only": "on",
        "standard_conforming_strings": "off",
        "escape_string_warning": "off",
        "enable_seqscan": "off",
        "enable_hashjoin": "off",
    }
    # A schema in the path counts only for whom may use it; a number's digits count where it is a constant.
    rich_database.query("CREATE TABLE digits (a float8 DEFAULT '0.30000000000000004', b money DEFAULT 1.5)")
    usage = "GRANT USAGE ON SCHEMA billing TO {role}"
    alters = (f"ALTER ROLE {{role}} SET {name} = {value}" for name, value in settings.items())
    role = make_role("set", usage, *alters, database=rich_database)
    url = rich_database.url_for(role.name, role.password)
    assert read_url(url) == read(rich_database)


def test_through_a_transaction_pooler(rich_database, make_pooler, read):
    """Through PgBouncer in transaction mode the catalog is the same, and the server connection is left as it was."""
    pooler = make_pooler(rich_database.server, default_pool_size=1)
    with pooler.connect(rich_database.name) as connection:
        ((before,),) = connection.execute("SHOW search_path").fetchall()
    assert read_url(pooler.url(rich_database.name)) == read(rich_database)
    with pooler.connect(rich_database.name) as connection:
        assert connection.execute("SHOW search_path").fetchall() == [(before,)]


def test_on_a_standby(make_server):
    """A server in recovery tells the same structure as it did before."""
    server = make_server()
    url = server.url("postgres")
    with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
        connection.execute("CREATE TABLE a (id serial PRIMARY KEY); CREATE VIEW v AS SELECT id FROM a")
    before = read_url(url)
    server.stop()
    signal_file = os.path.join(server.data_dir, "standby.signal")
    with open(signal_file, "w", encoding="ascii"):
        pass
    owner = os.stat(server.data_dir)
    os.chown(signal_file, owner.st_uid, owner.st_gid)
    server.start()
    with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
        assert connection.execute("SELECT pg_is_in_recovery()").fetchall() == [(True,)]
    assert read_url(server.url("postgres")) == before


def test_objects_of_extensions(database, read):
    """What an extension made is its own, of whatever kind; what others made beside it is read."""
    before = read(database)
    database.query("CREATE EXTENSION pg_stat_statements; CREATE EXTENSION earthdistance CASCADE; CREATE EXTENSION lo")
    after = read(database)
    assert [one.name for one in after.extensions] == ["cube", "earthdistance", "lo", "pg_stat_statements"]
    assert replace(after, extensions=()) == before
    database.query("CREATE TABLE mine (place earth, l lo DEFAULT 7, c cube)")
    (mine,) = read(database).tables
    assert [one.type.sql for one in mine.columns] == ['"public"."earth"', '"public"."lo"', '"public"."cube"']


def test_chosen_schemas(rich_database, read):
    """Only the schemas asked for are read; a foreign key to another one keeps its target's name."""
    everything = read(rich_database)
    some = read(rich_database, ["Sales & Co", "no such schema"])
    assert [one.name for one in some.schemas] == ["Sales & Co"]
    assert some.tables == tuple(one for one in everything.tables if one.name.schema == "Sales & Co")
    assert some.tables[0].foreign_keys[0].target == ObjectName("billing", "customer")
    assert (some.enums, some.views, some.functions) == ((), (), ())
    assert some.extensions == everything.extensions
    nothing = read(rich_database, [])
    assert (nothing.schemas, nothing.tables) == ((), ())


def test_many_tables_and_order(database, read):
    """300 tables are read whole, in the order of code points whatever the database's collation."""
    names = [f"{first}{number}" for number in range(100) for first in ("Zz_", "a_", "é")]
    database.query(
        "".join(
            f'CREATE TABLE "{name}" (id serial PRIMARY KEY, a text DEFAULT \'x\', b int REFERENCES "{name}");'
            f'CREATE INDEX "{name}_i" ON "{name}" (a, b);'
            for name in names
        )
    )
    catalog = read(database)
    assert [one.name.name for one in catalog.tables] == sorted(names)
    assert all(len(one.columns) == 3 and one.primary_key and one.foreign_keys and one.indexes for one in catalog.tables)
    assert len(catalog.sequences) == 300


def test_empty_database(database, read):
    """An empty database has the schema public and nothing else."""
    catalog = read(database)
    assert [one.name for one in catalog.schemas] == ["public"]
    assert to_json(without_owners(catalog)).count("{") == 3
    database.query("DROP SCHEMA public")
    assert fingerprint(read(database)) != fingerprint(catalog)
