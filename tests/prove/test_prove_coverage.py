"""Coverage: what serves what, what serves nothing, what is said twice, foreign keys without an index."""

import pytest

from pgready.postgres.connect import open_session
from pgready.postgres.introspection import introspect
from pgready.postgres.proving.index_costs import index_costs
from pgready.project.url import parse
from pgready.proof.coverage import LiveCost, coverage, summed
from pgready.report.proof import covered

pytestmark = pytest.mark.matrix

TABLES = """
CREATE TABLE client (id int PRIMARY KEY, email text UNIQUE);
CREATE TABLE invoice (id int PRIMARY KEY, client_id int REFERENCES client, other_id int REFERENCES client,
  a int, b int, c int, t text);
"""


@pytest.fixture
def catalog(database):
    """`catalog(sql)`: what the tables and `sql` make."""

    def made(sql=""):
        with database.connect() as connection:
            connection.execute((TABLES + sql).encode())
        session = open_session(parse(database.url, "test"), "test")
        try:
            return introspect(session)
        finally:
            session.close()

    return made


@pytest.mark.parametrize(
    ("indexes", "expected"),
    [
        (["x (a)", "y (a, b)"], [("x", "y", "prefix")]),
        (["x (a)", "y (a, b)", "z (a, b, c)"], [("x", "z", "prefix"), ("y", "z", "prefix")]),
        (["x (a DESC)", "y (a, b)"], [("x", "y", "prefix")]),
        (["x (a DESC, b)", "y (a, b DESC, c)"], [("x", "y", "prefix")]),
        (["x (a, b)", "y (a, b DESC)"], []),
        (["x (a NULLS FIRST)", "y (a, b)"], []),
        (["x (a)", "y (b, a)"], []),
        (["x (a)", "y (a)"], [("y", "x", "duplicate")]),
        (["x (a) INCLUDE (b)", "y (a, b)"], [("x", "y", "prefix")]),
        (["x (a) INCLUDE (c)", "y (a, b)"], []),
        (["x (a) INCLUDE (b)", "y (a)"], [("y", "x", "prefix")]),
        (["x (a) WHERE b > 0", "y (a, b)"], []),
        (["x (a) WHERE b > 0", "y (a, b) WHERE b > 0"], [("x", "y", "prefix")]),
        (["x (lower(t))", "y (lower(t), a)"], [("x", "y", "prefix")]),
        (["x (t text_pattern_ops)", "y (t, a)"], []),
        (['x (t COLLATE "C")', "y (t, a)"], []),
        (["UNIQUE x (a)", "y (a, b)"], []),
        (["UNIQUE x (a)", "y (a)"], [("y", "x", "duplicate")]),
        (["UNIQUE x (a)", "UNIQUE y (a, b)"], []),
        (["x USING hash (a)", "y (a)"], []),
        (["x USING brin (a)", "y USING brin (a, b)"], []),
        (["x USING brin (a)", "y USING brin (a)"], [("y", "x", "duplicate")]),
        (["x (id)"], [("x", "invoice_pkey", "duplicate")]),
    ],
)
def test_an_index_that_another_stands_in_for(catalog, indexes, expected):
    """A beginning of a wider one, a twin; what keeps a rule of the data, orders or collates otherwise is kept."""
    sql = ""
    for one in indexes:
        unique, _, rest = one.partition(" ") if one.startswith("UNIQUE ") else ("", "", one)
        name, _, what = rest.partition(" ")
        sql += f"CREATE {unique} INDEX {name} ON invoice {what};"
    found = coverage(catalog(sql), {})
    assert [(one.owned.index.name, one.by.index.name, one.why) for one in found.redundant] == expected


@pytest.mark.parametrize(
    ("sql", "left"),
    [
        ("", ["invoice_client_id_fkey", "invoice_other_id_fkey"]),
        ("CREATE INDEX x ON invoice (client_id, a)", ["invoice_other_id_fkey"]),
        ("CREATE INDEX x ON invoice (a, client_id)", ["invoice_client_id_fkey", "invoice_other_id_fkey"]),
        ("CREATE INDEX x ON invoice USING hash (client_id)", ["invoice_other_id_fkey"]),
        ("CREATE INDEX x ON invoice USING brin (client_id)", ["invoice_client_id_fkey", "invoice_other_id_fkey"]),
        ("CREATE INDEX x ON invoice (client_id) WHERE client_id IS NOT NULL", ["invoice_other_id_fkey"]),
        ("CREATE INDEX x ON invoice (client_id) WHERE a > 0", ["invoice_client_id_fkey", "invoice_other_id_fkey"]),
        (
            "ALTER TABLE client ADD UNIQUE (id, email);"
            "CREATE TABLE d (b text, a int, PRIMARY KEY (b, a), FOREIGN KEY (a, b) REFERENCES client (id, email))",
            ["invoice_client_id_fkey", "invoice_other_id_fkey"],
        ),
    ],
)
def test_foreign_keys_without_an_index(catalog, sql, left):
    """Its columns come first in some index, in any order; a partial one counts if it leaves out NULLs only."""
    found = coverage(catalog(sql), {})
    assert [one.key.name for one in found.foreign_keys] == left


def test_the_offered_statement_makes_it_an_index(catalog, database):
    """Run as it is printed, the foreign key has one."""
    before = coverage(catalog(), {}).foreign_keys
    with database.connect() as connection:
        for one in before:
            connection.execute(one.create.encode())
    session = open_session(parse(database.url, "test"), "test")
    assert coverage(introspect(session), {}).foreign_keys == ()
    session.close()


PARTITIONED = """
CREATE TABLE p (id int, at date, client_id int REFERENCES client, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY RANGE (at);
CREATE TABLE p11 PARTITION OF p1 FOR VALUES FROM ('2024-01-01') TO ('2024-06-01');
CREATE INDEX p_at ON p (at);
CREATE MATERIALIZED VIEW m AS SELECT 1 AS x;
CREATE INDEX m_x ON m (x);
CREATE INDEX idle ON invoice (a, b);
"""


def test_what_serves_which_contract(catalog, database):
    """Indexes of partitions count as the topmost parent's; constraints are never idle; live costs are added up."""
    stored = catalog(PARTITIONED)
    used = {"one": [("public", "p11_at_idx")], "two": [("public", "p11_at_idx"), ("public", "client_pkey")]}
    with database.connect() as connection:
        connection.execute("INSERT INTO p SELECT n, '2024-02-02' FROM generate_series(1, 5000) n; ANALYZE p11")
    costs = summed(index_costs(parse(database.url, "test")), stored)
    found = coverage(stored, used, costs)
    by_name = {use.owned.index.name: use for use in found.indexes}
    assert set(by_name) == {
        "client_pkey", "client_email_key", "invoice_pkey", "idle", "p_pkey", "p_at", "m_x",
    }  # fmt: skip
    assert by_name["p_at"].contracts == ("one", "two")
    assert by_name["client_pkey"].contracts == ("two",)
    assert [use.owned.index.name for use in found.idle] == ["idle", "m_x"]
    assert by_name["p_at"].cost is not None
    assert by_name["p_at"].cost.size > 8192
    assert by_name["idle"].cost == LiveCost(8192, 0, 0)
    assert [one.key.name for one in found.foreign_keys if one.table.name.startswith("p")] == ["p_client_id_fkey"]
    text = "\n".join(covered(found))
    assert "public.p: p_at (at): one, two" in text
    assert "public.invoice: idle (a, b); live: 8 kB, 0 scans, 0 writes" in text
    assert 'CREATE INDEX CONCURRENTLY ON "public"."invoice" ("client_id");' in text
