"""Others alter the structure while it is read: what comes back was so at one moment, or it is a clear refusal."""

import threading
from contextlib import closing

import pytest

from pgready.catalog.names import ObjectName
from pgready.errors import Unreachable
from pgready.postgres import session as session_module
from pgready.postgres.connect import open_session
from pgready.postgres.introspection import introspect
from pgready.project.url import parse

pytestmark = pytest.mark.matrix

TABLES = """
CREATE TABLE kept (id int DEFAULT 7 CHECK (id > 0), name text);
CREATE TABLE other (id int PRIMARY KEY, name text DEFAULT 'x');
CREATE INDEX kept_lower ON kept (lower(name)) WHERE id > 5;
CREATE VIEW seen AS SELECT id, name FROM other;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER t BEFORE INSERT ON kept FOR EACH ROW EXECUTE FUNCTION stamp();
"""
BETWEEN = [
    "DROP TABLE kept",
    "DROP VIEW seen; DROP TABLE other",
    "DROP FUNCTION f()",
    "DROP TRIGGER t ON kept",
    "DROP INDEX kept_lower",
    "ALTER TABLE kept RENAME name TO label",
    "ALTER TABLE other RENAME TO others",
    "ALTER TABLE kept DROP COLUMN name",
    "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'",
    "CREATE OR REPLACE VIEW seen AS SELECT id, name FROM other WHERE id > 0",
]


@pytest.fixture
def session(database):
    """A session of ours in a database with a few objects of each kind."""
    database.query(TABLES)
    with closing(open_session(parse(database.url), "catalog")) as opened:
        yield opened


@pytest.mark.parametrize("statement", BETWEEN)
def test_ddl_between_snapshot_and_queries(session, database, read, monkeypatch, statement):
    """DDL that commits after the snapshot was taken gives the catalog of before or after, never a mixture."""
    before = read(database)
    done = []

    def tap(step, when):
        if (step, when) == ("catalog: introspection", "before") and not done:
            done.append(database.query(statement))

    monkeypatch.setattr(session_module, "tap", tap)
    found = introspect(session)
    assert len(done) == 1
    monkeypatch.setattr(session_module, "tap", None)
    after = read(database)
    assert before != after
    assert found in (before, after)


def test_structure_that_never_rests(session, database, monkeypatch):
    """A structure that changes between each two looks is told as such, with what to do; the session stays usable."""
    taken = []

    def tap(step, when):
        if (step, when) == ("catalog: introspection", "before"):
            taken.append(database.query(f"ALTER TABLE kept ADD extra_{len(taken)} int"))

    monkeypatch.setattr(session_module, "tap", tap)
    with pytest.raises(Unreachable) as caught:
        introspect(session)
    assert caught.value.code == "structure_changing"
    assert "changed while it was read" in caught.value.what
    assert len(taken) > 2
    monkeypatch.setattr(session_module, "tap", None)
    found = introspect(session)
    assert [one.name for one in found.tables[0].columns][-1] == f"extra_{len(taken) - 1}"


def test_busy_with_data_alone(session, database, read, monkeypatch):
    """Writers that commit all the time do not hinder: two equal reads in a row are believed."""
    before, taken = read(database), []

    def tap(step, when):
        if (step, when) == ("catalog: introspection", "before"):
            taken.append(database.query("INSERT INTO kept (id) VALUES (1)"))

    monkeypatch.setattr(session_module, "tap", tap)
    assert introspect(session) == before
    assert len(taken) == 2


def test_locked_table_of_a_view(session, database):
    """A table under ACCESS EXCLUSIVE that a view reads is waited for within bounds, then named as locked."""
    with database.connect(autocommit=False) as other:
        other.execute("LOCK TABLE other IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(Unreachable) as caught:
            introspect(session, lock_seconds=0.05)
    assert caught.value.code == "structure_locked"
    assert "pg_stat_activity" in caught.value.then
    assert len(introspect(session).views) == 1


def test_racing_with_ddl_all_the_time(session, database):
    """Tables that change name, column, default, index and check together are never seen half changed."""
    swap = """
        BEGIN;
        ALTER TABLE r_{0} RENAME TO r_{1};
        ALTER TABLE r_{1} RENAME c_{0} TO c_{1};
        ALTER TABLE r_{1} ALTER c_{1} SET DEFAULT '{1}';
        ALTER INDEX i_{0} RENAME TO i_{1};
        CREATE TABLE fleeting_{1} (id int PRIMARY KEY, x text DEFAULT '{1}');
        DROP TABLE fleeting_{0};
        COMMIT
    """
    database.query(
        "CREATE TABLE r_0 (c_0 text DEFAULT '0', CONSTRAINT ck CHECK (c_0 <> ''));"
        "CREATE INDEX i_0 ON r_0 (lower(c_0)); CREATE TABLE fleeting_0 (id int PRIMARY KEY, x text DEFAULT '0')"
    )
    stop = threading.Event()

    def swap_on():
        with database.connect() as connection:
            number = 0
            while not stop.is_set():
                connection.execute(swap.format(number, number + 1))
                number += 1
                stop.wait(0.05)

    thread = threading.Thread(target=swap_on)
    thread.start()
    seen, refused = set(), 0
    try:
        while len(seen) + refused < 5:
            try:
                catalog = introspect(session)
            except Unreachable as e:
                assert e.code == "structure_changing"
                refused += 1
                continue
            (table,) = [one for one in catalog.tables if one.name.name.startswith("r_")]
            number = table.name.name.removeprefix("r_")
            seen.add(number)
            (column,) = table.columns
            assert (column.name, column.default) == (f"c_{number}", f"'{number}'::text")
            assert table.indexes[0].name == f"i_{number}"
            assert table.indexes[0].columns[0].text == f"lower(c_{number})"
            assert table.checks[0].expression == f"(c_{number} <> ''::text)"
            (fleeting,) = [one for one in catalog.tables if one.name.name.startswith("fleeting_")]
            assert fleeting.name == ObjectName("public", f"fleeting_{number}")
            assert fleeting.columns[1].default == f"'{number}'::text"
    finally:
        stop.set()
        thread.join()
