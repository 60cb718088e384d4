"""Rewritten queries give the same rows: both are run on tables filled at random, with NULLs, ties and odd values."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from way_out_ground import contract

from pgready.postgres.connect import open_session
from pgready.postgres.introspection import introspect
from pgready.project.url import parse
from pgready.proof.way_out.rewrites import rewrites

pytestmark = pytest.mark.matrix

STRUCTURE = """
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE thing (
  id int PRIMARY KEY,
  big bigint NOT NULL,
  a int NOT NULL,
  b int NOT NULL,
  c int,
  d int,
  title text,
  code varchar(20),
  mood mood,
  flag boolean,
  at timestamp NOT NULL,
  seen timestamptz,
  day date,
  tags text[],
  numbers int[],
  small smallint
);
CREATE FUNCTION several(int) RETURNS SETOF int LANGUAGE sql AS 'SELECT generate_series(1, $1)';
CREATE TABLE other (id int PRIMARY KEY, thing_id int NOT NULL REFERENCES thing, a int, kind text NOT NULL);
"""
START = datetime(2024, 3, 29, 20, tzinfo=UTC)  # Europe's clocks go forward on the 31st
DAYS = ["2024-03-29", "2024-03-30", "2024-03-31", "2024-04-01"]
SMALL = ["0", "1", "2", "3", "7"]

# The query, and for each parameter the values to ask for.
SAME = {
    "keyset": ("SELECT id FROM thing WHERE a < $1 OR (a = $1 AND b < $2)", SMALL, SMALL),
    "keyset with NULLs": ("SELECT id FROM thing WHERE c > $1 OR (c = $1 AND d > $2)", [*SMALL, None], [*SMALL, None]),
    "keyset to the end": ("SELECT id FROM thing WHERE (c < $1) OR (c = $1 AND d <= $2)", [*SMALL, None], SMALL),
    "keyset of three": (
        "SELECT id FROM thing WHERE a < $1 OR (a = $1 AND c < $2) OR (a = $1 AND c = $2 AND id < $3)",
        SMALL,
        [*SMALL, None],
        ["5", "50"],
    ),
    "keyset, nested": (
        "SELECT id FROM thing WHERE a > $1 OR (a = $1 AND (b > $2 OR (b = $2 AND id > $3)))",
        SMALL,
        SMALL,
        ["5", "50"],
    ),
    "keyset, mixed": ("SELECT id FROM thing WHERE c < $1 OR (c = $1 AND d > $2)", [*SMALL, None], [*SMALL, None]),
    "date": ("SELECT id FROM thing WHERE date(at) = $1", DAYS),
    "cast to date": ("SELECT id FROM thing WHERE at::date >= $1", DAYS),
    "date, later": ("SELECT id FROM thing WHERE at::date > $1", DAYS),
    "date, earlier": ("SELECT id FROM thing WHERE at::date < $1", DAYS),
    "dates between": ("SELECT id FROM thing WHERE date(at) BETWEEN $1 AND $2", DAYS, DAYS),
    "date with a zone": ("SELECT id FROM thing WHERE seen::date = $1", [*DAYS, None]),
    "date with a zone, until": ("SELECT id FROM thing WHERE date(seen) <= $1", DAYS),
    "hour": ("SELECT id FROM thing WHERE date_trunc('hour', at) = $1", ["2024-03-30 04:00", "2024-03-30 04:30"]),
    "day": ("SELECT id FROM thing WHERE date_trunc('day', at) = $1", ["2024-03-30", "2024-03-30 04:30"]),
    "month": ("SELECT id FROM thing WHERE date_trunc('month', at) = $1", ["2024-03-01", "2024-04-01"]),
    "year": ("SELECT id FROM thing WHERE extract(year FROM at) = 2024",),
    "year of a date": ("SELECT id FROM thing WHERE date_part('year', day) = 2024",),
    "interval": ("SELECT id FROM thing WHERE at + interval '2 days' > $1", ["2024-03-31 10:00", "2024-04-02"]),
    "interval back": ("SELECT id FROM thing WHERE at - interval '90 minutes' <= $1", ["2024-03-31 10:00"]),
    "interval with a zone": ("SELECT id FROM thing WHERE seen + interval '1 day' < $1", ["2024-03-31 12:00+02", None]),
    "sum": ("SELECT id FROM thing WHERE c + 2 > $1", SMALL),
    "difference": ("SELECT id FROM thing WHERE c - 2 = $1", SMALL),
    "empty text": ("SELECT id FROM thing WHERE title || '' = $1", ["x", "", None]),
    "empty text in front": ("SELECT id FROM thing WHERE '' || code = $1", ["x", ""]),
    "nothing added": ("SELECT id FROM thing WHERE c + 0 = $1", SMALL),
    "times one": ("SELECT id FROM thing WHERE c * 1 < $1", SMALL),
    "default": ("SELECT id FROM thing WHERE coalesce(title, 'x') = $1", ["x", "y", "", None]),
    "default number": ("SELECT id FROM thing WHERE coalesce(c, 0) = $1", [*SMALL, None]),
    "the default itself": ("SELECT id FROM thing WHERE coalesce(title, 'x') = 'x'",),
    "not the default": ("SELECT id FROM thing WHERE coalesce(title, 'x') = 'y'",),
    "default of a mood": ("SELECT id FROM thing WHERE coalesce(mood, 'good') = 'good'",),
    "default of what is never NULL": ("SELECT id FROM thing WHERE coalesce(a, 0) > $1", SMALL),
    "element": ("SELECT id FROM thing WHERE $1 = ANY (tags)", ["x", "y", "", None]),
    "number among numbers": ("SELECT id FROM thing WHERE $1 = ANY (numbers)", [*SMALL, None]),
    "not in": ("SELECT id FROM thing WHERE id NOT IN (SELECT thing_id FROM other WHERE kind = $1)", ["x", "none"]),
    "not in, checked": (
        "SELECT id FROM thing t WHERE t.a NOT IN (SELECT o.a FROM other o WHERE o.a IS NOT NULL AND o.kind = $1)",
        ["x", "none"],
    ),
    "not in, correlated": ("SELECT id FROM thing WHERE a NOT IN (SELECT thing_id FROM other WHERE other.a = thing.c)",),
    "in a subquery": ("SELECT count(*) FROM (SELECT * FROM thing WHERE date(at) = $1) t", DAYS),
    "in a join": ("SELECT t.id FROM thing t JOIN other o ON o.thing_id = t.id AND t.at::date = $1", DAYS),
    "in a CTE": ("WITH mine AS (SELECT * FROM thing WHERE at::date = $1) SELECT id FROM mine", DAYS),
    "either": (
        "SELECT id, at, c, d FROM thing WHERE c = $1 OR d = $2 ORDER BY at DESC, id DESC LIMIT 7",
        [*SMALL, None],
        SMALL,
    ),
    "either of all": (
        "SELECT * FROM thing WHERE c = $1 OR code = $2 ORDER BY title NULLS FIRST, id LIMIT 5",
        SMALL,
        ["x"],
    ),
    "either, and more": (
        "SELECT id, at FROM thing WHERE flag AND (c = $1 OR d > $2) ORDER BY at, id LIMIT 4",
        SMALL,
        SMALL,
    ),
    "deletion": ("DELETE FROM thing WHERE at::date = $1 AND id NOT IN (SELECT thing_id FROM other)", DAYS),
}
NUMERIC = {
    "numeric": (
        "SELECT id FROM thing WHERE big = $1",
        ["3", "3.5", "1e30", "-1e30", "9223372036854775807", "NaN", None],
    ),
    "numeric of an integer": ("SELECT id FROM thing WHERE c = $1", ["3", "2.5", "99999999999", None]),
}

# What must be left as it is: another wording would not mean the same.
KEPT = {
    "nullable in NOT IN": "SELECT id FROM thing WHERE c NOT IN (SELECT thing_id FROM other)",
    "nullable in the subquery": "SELECT id FROM thing WHERE id NOT IN (SELECT a FROM other)",
    "outer join in the subquery": (
        "SELECT id FROM thing WHERE id NOT IN (SELECT o.thing_id FROM thing t LEFT JOIN other o ON o.thing_id = t.c)"
    ),
    "another value": "SELECT id FROM thing WHERE a < $1 OR (a = $2 AND b < $3)",
    "not strict": "SELECT id FROM thing WHERE a <= $1 OR (a = $1 AND b < $2)",
    "months have no length": "SELECT id FROM thing WHERE at + interval '1 month' > $1",
    "a month with a zone": "SELECT id FROM thing WHERE date_trunc('month', seen) = $1",
    "a date against a time": "SELECT id FROM thing WHERE date(at) = $1::timestamp",
    "a date against now": "SELECT id FROM thing WHERE date(at) = now()",
    "not the column alone": "SELECT id FROM thing WHERE date(at + (c || ' days')::interval) = $1",
    "offset over NULLs": "SELECT id FROM thing ORDER BY c LIMIT 5 OFFSET $1",
    "offset of groups": "SELECT a, count(*) FROM thing GROUP BY a ORDER BY a LIMIT 5 OFFSET $1",
    "offset of a join to many": (
        "SELECT t.id FROM thing t JOIN other o ON o.thing_id = t.id ORDER BY t.id LIMIT 5 OFFSET $1"
    ),
    "offset of distinct": "SELECT DISTINCT a FROM thing ORDER BY a LIMIT 5 OFFSET $1",
    "either without its key": "SELECT at FROM thing WHERE c = $1 OR d = $2 ORDER BY at LIMIT 5",
    "a small number": "SELECT id FROM thing WHERE small + 0 = $1",
    "the default of a small number": "SELECT id FROM thing WHERE coalesce(small, 0) = $1",
    "a default of another type": "SELECT id FROM thing WHERE coalesce(c, 1.5) = $1",
    "a default with a time": "SELECT id FROM thing WHERE coalesce(day, timestamp '2024-03-30 12:00') = $1",
    "offset of several rows for one": "SELECT id, regexp_split_to_table(title, ',') FROM thing ORDER BY id LIMIT 5 OFFSET $1",
    "offset of a function of one's own": "SELECT id, several(id) FROM thing ORDER BY id LIMIT 5 OFFSET $1",
    "a column of nobody's": "SELECT id FROM thing, LATERAL (SELECT 1 AS x) s WHERE date(at) = $1",
}


def _fill(chance: random.Random) -> str:
    def number(share: float = 0.2) -> str:
        return "NULL" if chance.random() < share else str(chance.randrange(5))

    def time(share: float) -> str:
        moment = START + timedelta(minutes=30 * chance.randrange(200))
        return "NULL" if chance.random() < share else f"'{moment:%Y-%m-%d %H:%M}+00'"

    rows = []
    for key in range(1, 121):
        title = chance.choice(["NULL", "'x'", "'y'", "''"])
        code = chance.choice(["NULL", "'x'", "''"])
        mood = chance.choice(["NULL", "'good'", "'bad'"])
        tags = chance.choice(["NULL", "'{}'", "'{x}'", "'{x,NULL}'", "'{y,x}'"])
        numbers = chance.choice(["NULL", "'{1,2}'", "'{NULL,3}'"])
        rows.append(
            f"({key}, {chance.randrange(5)}, {number(0)}, {number(0)}, {number()}, {number()}, {title}, {code}, {mood},"
            f" {chance.choice(['true', 'false', 'NULL'])}, {time(0)}, {time(0.2)}, {time(0.2)}, {tags}, {numbers})"
        )
    others = [f"({key}, {chance.randrange(1, 121)}, {number()}, '{chance.choice('xyz')}')" for key in range(1, 41)]
    return f"INSERT INTO thing VALUES {', '.join(rows)}; INSERT INTO other VALUES {', '.join(others)}"


@pytest.fixture(scope="module")
def filled(server):
    """A session in a database of its own with the tables filled, and its catalog."""
    target = parse(server.url(tcp=False), "the test")
    admin = open_session(target, "admin")
    admin.run("make", "DROP DATABASE IF EXISTS same_rows")
    admin.run("make", "CREATE DATABASE same_rows")
    session = open_session(parse(server.url("same_rows", tcp=False), "the test"), "filled")
    session.run("fill", f"{STRUCTURE}; {_fill(random.Random(6))}; SET TimeZone = 'Europe/Berlin'")
    yield session, introspect(session)
    session.close()
    admin.run("drop", "DROP DATABASE same_rows")
    admin.close()


def _rows(session, sql, values, types, *, ordered):
    """The rows for these values: sorted, where the query does not say in which order."""
    listed = f"({', '.join(types)})" if types else ""
    given = ", ".join("NULL" if value is None else f"'{value}'" for value in values)
    execute = f"EXECUTE asked({given})" if values else "EXECUTE asked"
    verb = sql.lstrip("( \n").split()[0].upper()
    tail = " RETURNING id" if verb == "DELETE" else ""
    replies = session.run("ask", f"BEGIN; PREPARE asked {listed} AS {sql}{tail}; {execute}; DEALLOCATE asked; ROLLBACK")
    return replies[2].rows if ordered else sorted(replies[2].rows, key=repr)


def _choices(lists):
    found = [()]
    for values in lists:
        found = [(*before, value) for before in found for value in values]
    return found


def _types(session, catalog, sql, count):
    """The types of the parameters as the server infers them for the query itself."""
    del catalog
    if not count:
        return []
    rows = session.run(
        "types",
        f"PREPARE asked AS {sql};"
        " SELECT format_type(t, NULL) FROM pg_prepared_statements p, unnest(p.parameter_types) WITH ORDINALITY u(t, n)"
        " WHERE p.name = 'asked' ORDER BY n; DEALLOCATE asked",
    )[1].rows
    return [row[0] for row in rows]


@pytest.mark.parametrize("name", SAME)
def test_the_rows_are_the_same(filled, name):
    """Every rewrite is offered, and gives what the query gives for every combination of values."""
    session, catalog = filled
    sql, *lists = SAME[name]
    types = _types(session, catalog, sql, len(lists))
    offered = rewrites(contract(sql), catalog, dict(enumerate(types, 1)))
    assert offered
    some = 0
    for one in offered:
        assert one.same_rows
        for values in _choices(lists):
            there = _rows(session, sql, values, types, ordered="ORDER BY" in sql)
            assert _rows(session, one.sql, values, types, ordered="ORDER BY" in sql) == there, (one.sql, values)
            some += len(there)
    assert some, "no row was ever found: nothing was compared"


@pytest.mark.parametrize("name", NUMERIC)
@pytest.mark.parametrize("type_", ["numeric", "double precision"])
def test_a_number_of_another_type_finds_the_same_rows(filled, name, type_):
    """Fractions, numbers beyond every integer and NaN find nothing, as before, and raise nothing."""
    session, catalog = filled
    sql, values = NUMERIC[name]
    (one,) = rewrites(contract(sql, {1: type_}), catalog, {1: type_})
    found = [_rows(session, sql, [value], [type_], ordered=False) for value in values]
    assert [_rows(session, one.sql, [value], [type_], ordered=False) for value in values] == found
    assert any(found)


@pytest.mark.parametrize("name", KEPT)
def test_what_would_not_mean_the_same_is_left_alone(filled, name):
    """No rewrite is offered where it could give other rows."""
    _, catalog = filled
    assert rewrites(contract(KEPT[name]), catalog, {}) == ()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id, at FROM thing WHERE flag ORDER BY at DESC LIMIT $1 OFFSET $2",
        "SELECT id, a, b FROM thing ORDER BY a, b DESC LIMIT $1 OFFSET $2",
        "SELECT * FROM thing ORDER BY id LIMIT $1 OFFSET $2",
        "SELECT o.id, t.at FROM other o JOIN thing t ON t.id = o.thing_id ORDER BY o.thing_id DESC LIMIT $1 OFFSET $2",
        "SELECT o.id, o.kind AS k FROM other o ORDER BY k LIMIT $1 OFFSET $2",
    ],
)
def test_pages_after_the_last_row_are_the_pages_of_offset(filled, sql):
    """Walked from page to page, the rewritten query shows every row once, in the order of the query."""
    session, catalog = filled
    (one,) = rewrites(contract(sql), catalog, {1: "bigint", 2: "bigint"})
    assert not one.same_rows
    keys = [parameter.name.removeprefix("after_") for parameter in one.parameters]
    types = ["bigint", *(parameter.type for parameter in one.parameters)]
    tail = ", ".join(one.sql[one.sql.index("ORDER BY") + 9 : one.sql.index("LIMIT")].split(",")).strip()
    listed = ", ".join(item.split()[0] for item in tail.split(","))
    shown = f"SELECT {listed}, " + one.sql.lstrip()[len("SELECT") :]
    whole = sql[: sql.index("ORDER BY")].replace("SELECT ", f"SELECT {listed}, ", 1) + f"ORDER BY {tail}"
    everything = session.run("all", whole)[0].rows
    page, seen = list(everything[:7]), []
    while page:
        seen += page
        last = page[-1][: len(keys)]
        page = list(_rows(session, shown, ["7", *last], types, ordered=True))
    assert seen == list(everything)
    assert len(seen) > 21
