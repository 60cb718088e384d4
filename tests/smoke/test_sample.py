"""Plausible rows: every table of a hard schema takes some, the same ones for the same seed."""

from pathlib import Path

import pytest

from pgready.postgres.connect import open_session
from pgready.postgres.filling import fill
from pgready.postgres.introspection import introspect
from pgready.postgres.keeping import held, kept
from pgready.project.url import parse
from pgready.sample.checks import hints
from pgready.sample.patterns import matching

pytestmark = pytest.mark.matrix

HARD = (Path(__file__).parent / "sample_hard.sql").read_text(encoding="utf-8")
SMALL = {"public.a": 1, "public.b": 1, "public.flag": 2, "public.trig": 3}
"""Tables that take fewer rows than were asked for, and how many at least."""


@pytest.fixture
def hard(database):
    """A session in a database of the hard schema."""
    database.query(HARD)
    session = open_session(parse(database.socket_url), "sample")
    yield session
    session.close()


def test_every_table_of_a_hard_schema_is_filled(hard):
    """Circles, own rows, composite keys, partitions, domains, every built-in type, checks, exclusions, triggers."""
    found = fill(hard, introspect(hard), "seed", 12)
    assert not found.empty, found.refused
    few = {str(name): count for name, count in found.rows.items() if count < 12}
    assert {name: count for name, count in few.items() if count < SMALL.get(name, 12)} == {}


def test_the_seed_decides(make_database):
    """Two databases of one seed hold the same rows, one of another seed does not."""
    digests = []
    for seed in ("one", "one", "two"):
        database = make_database()
        # Random ids are the server's own.
        database.query(HARD.replace("DEFAULT gen_random_uuid()", ""))
        session = open_session(parse(database.socket_url), "sample")
        fill(session, introspect(session), seed, 5)
        digests.append({one.name: sorted(column[2] for column in one.columns.values()) for one in held(session)})
        session.close()
    assert digests[0] == digests[1]
    assert digests[0] != digests[2]


def test_rows_are_referred_to_and_some_are_null(hard):
    """References of a circle are closed, and what may be NULL is so in some rows and not in others."""
    fill(hard, introspect(hard), "seed", 12)
    (parents,) = hard.rows("parents", "SELECT count(parent), count(*) - count(parent) FROM tree")
    assert all(int(count) > 0 for count in parents)
    (project,) = hard.rows("project", "SELECT count(parent_id) > 0 FROM project")
    assert project == ("t",)


@pytest.mark.parametrize(
    ("sql", "lost"),
    [
        ("DELETE FROM tenant_note WHERE id > 7", {"public.tenant_note": 5}),
        ("TRUNCATE tenant_note", {"public.tenant_note": 12}),
        ("DROP TABLE tenant_note", {"public.tenant_note": 12}),
        ("UPDATE tenant_note SET id = id + 100", {"public.tenant_note": 12}),
        ("ALTER TABLE tenant_note RENAME id TO nr; ALTER TABLE tenant_note RENAME TO other", {}),
        ("ALTER TABLE tenant_note ADD more int; UPDATE tenant_note SET body = 'x'", {}),
        ("ALTER TABLE tenant_note DROP CONSTRAINT tenant_note_pkey, ALTER id TYPE bigint", {}),
        (
            "ALTER TABLE tenant_note RENAME TO old; CREATE TABLE tenant_note (id int PRIMARY KEY, body text);"
            "INSERT INTO tenant_note SELECT id, body FROM old; DROP TABLE old",
            {},
        ),
        ("ALTER TABLE pieces DETACH PARTITION piece_1", {}),
        ("ALTER TABLE pieces DETACH PARTITION piece_1; DROP TABLE piece_1", {"public.pieces": 6}),
        ("DELETE FROM keyless WHERE n < 4", {"public.keyless": 4}),
        ("DROP TABLE keyless; CREATE TABLE keyless (n int)", {"public.keyless": 12}),
    ],
)
def test_what_became_of_rows(database, sql, lost):
    """Deleted, dropped and renumbered rows are lost; renamed, changed, moved and repartitioned ones are kept."""
    database.query(
        "CREATE TABLE tenant_note (id int PRIMARY KEY, body text);"
        "INSERT INTO tenant_note SELECT n, 'b' || n FROM generate_series(1, 12) n;"
        "CREATE TABLE pieces (id int PRIMARY KEY) PARTITION BY RANGE (id);"
        "CREATE TABLE piece_1 PARTITION OF pieces FOR VALUES FROM (0) TO (7);"
        "CREATE TABLE piece_2 PARTITION OF pieces FOR VALUES FROM (7) TO (99);"
        "INSERT INTO pieces SELECT generate_series(1, 12);"
        "CREATE TABLE keyless AS SELECT n FROM generate_series(0, 11) n"
    )
    session = open_session(parse(database.socket_url), "sample")
    before = held(session)
    database.query(sql)
    assert {one.table: one.lost for one in kept(session, before) if one.lost} == lost
    session.close()


@pytest.mark.parametrize(
    ("pattern", "count"),
    [("^[A-Z]{3}-[0-9]{2,4}$", 9), (r"^\d{4}$", 9), ("^(red|green|blue)$", 3), ("^[a-z0-9]+(?:-[a-z0-9]+)*$", 9)],
)
def test_texts_match_their_patterns(database, pattern, count):
    """What is made for a pattern matches it, on the server, and is not always the same."""
    made = [matching(pattern, number) for number in range(9)]
    assert len(set(made)) >= count
    assert database.query("SELECT bool_and(t ~ %s) FROM unnest(%s::text[]) t", (pattern, made)) == [(True,)]


def test_patterns_that_are_too_hard_give_nothing():
    """Look-arounds, negated classes and back references are left to the server's judgement."""
    for pattern in (r"(?=a)", "[^a]", r"(a)\1", "a{", "[", "("):
        assert matching(pattern, 1) is None


def test_hints_of_an_alternative_are_none():
    """Where OR stands at the top nothing has to hold by itself."""
    assert hints(["((a > 5) OR (b IS NULL))"]).columns == {}
    assert hints(["((a > 5) AND (b >= (0)::numeric))"]).of("b").low == 0
