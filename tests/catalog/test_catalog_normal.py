"""The two wordings of a view, up to 15 and since 16, become one; without a server."""

import pytest

from pgready.catalog.normal import expression, view_definition

# As 15 prints it, and as 16 does.
PAIRS = {
    "plain": (" SELECT t.a,\n    t.b\n   FROM s.t;", " SELECT a,\n    b\n   FROM s.t;"),
    "alias": (" SELECT x.a FROM s.t x WHERE (x.a > 0);", " SELECT a FROM s.t x WHERE (a > 0);"),
    "quoted": (' SELECT "T"."A" FROM s."T";', ' SELECT "A" FROM s."T";'),
    "quote inside": (' SELECT "a""b"."c.d" FROM s."a""b";', ' SELECT "c.d" FROM s."a""b";'),
    "in a string": (" SELECT 't.a; t.b''t.c'::text AS x, t.a FROM s.t;", " SELECT 't.a; t.b''t.c'::text AS x, a FROM s.t;"),
    "backslash": (r" SELECT '\'::text AS x, t.a FROM s.t;", r" SELECT '\'::text AS x, a FROM s.t;"),
    "only": (" SELECT t.a FROM ONLY s.t;", " SELECT a FROM ONLY s.t;"),
    "sample": (" SELECT t.a FROM s.t TABLESAMPLE system (10);", " SELECT a FROM s.t TABLESAMPLE system (10);"),
    "function": (" SELECT g.g FROM generate_series(1, 2) g(g);", " SELECT g FROM generate_series(1, 2) g(g);"),
    "ordinality": (
        " SELECT u.e, u.n FROM unnest(ARRAY[1, 2]) WITH ORDINALITY u(e, n);",
        " SELECT e, n FROM unnest(ARRAY[1, 2]) WITH ORDINALITY u(e, n);",
    ),
    "record": (" SELECT r.a FROM s.f() r(a integer, b s.t);", " SELECT a FROM s.f() r(a integer, b s.t);"),
    "sub-select": (
        " SELECT q.a FROM ( SELECT t.a FROM s.t WHERE (t.a > 0)) q;",
        " SELECT a FROM ( SELECT t.a FROM s.t WHERE (t.a > 0)) q;",
    ),
    "union below": (
        " SELECT q.a FROM ( SELECT t.a FROM s.t UNION SELECT u.a FROM s.u) q;",
        " SELECT a FROM ( SELECT t.a FROM s.t UNION SELECT u.a FROM s.u) q;",
    ),
    "outer column within": (
        " SELECT t.a FROM s.t WHERE (EXISTS ( SELECT 1 FROM s.u WHERE (u.a = t.a)));",
        " SELECT a FROM s.t WHERE (EXISTS ( SELECT 1 FROM s.u WHERE (u.a = t.a)));",
    ),
    "with": (
        " WITH w AS (\n SELECT t.a FROM s.t\n)\n SELECT w.a FROM w;",
        " WITH w AS (\n SELECT t.a FROM s.t\n)\n SELECT a FROM w;",
    ),
    "whole row": (" SELECT t.*::s.t AS r, (t.c).t AS f FROM s.t;", " SELECT t.*::s.t AS r, (c).t AS f FROM s.t;"),
    "type and collation": (
        ' SELECT (t.a)::t.e AS x, (t.b COLLATE t."C") AS y FROM s.t;',
        ' SELECT (a)::t.e AS x, (b COLLATE t."C") AS y FROM s.t;',
    ),
    "function of a schema": (" SELECT t.f(t.a) AS x FROM s.t;", " SELECT t.f(a) AS x FROM s.t;"),
    "conflict": (" SELECT t.a AS b, t.b AS a FROM s.t ORDER BY t.a, t.b DESC;", " SELECT a AS b, b AS a FROM s.t ORDER BY t.a, t.b DESC;"),
    "no conflict": (" SELECT t.a AS a, t.b FROM s.t ORDER BY t.a, t.b;", " SELECT a AS a, b FROM s.t ORDER BY a, b;"),
    "conflict grouped": (" SELECT t.a AS b FROM s.t GROUP BY t.a, t.b ORDER BY t.b;", " SELECT a AS b FROM s.t GROUP BY a, b ORDER BY t.b;"),
    "extract": (" SELECT EXTRACT(year FROM t.a) AS y FROM s.t;", " SELECT EXTRACT(year FROM a) AS y FROM s.t;"),
    "distinct on": (
        " SELECT DISTINCT ON (t.b) t.b, t.a AS c FROM s.t ORDER BY t.b;",
        " SELECT DISTINCT ON (b) b, a AS c FROM s.t ORDER BY b;",
    ),
}  # fmt: skip
SAME = {
    "join": " SELECT t.a FROM (s.t JOIN s.u ON ((t.a = u.a)));",
    "two tables": " SELECT t.a FROM s.t, s.u;",
    "union": " SELECT t.a FROM s.t UNION ALL SELECT t.a FROM s.t;",
    "union in brackets": " (SELECT t.a FROM s.t ORDER BY t.a) UNION ALL SELECT t.a FROM s.t;",
    "values": " VALUES (1), (2);",
    "no table": " SELECT 1 AS a;",
    "join of sub-selects": " SELECT q.a FROM (( SELECT t.a FROM s.t) q JOIN s.u ON (true));",
}


@pytest.mark.parametrize("case", PAIRS)
def test_one_table_loses_its_prefix(case):
    """The older wording becomes the newer one, and the newer one stays."""
    old, new = PAIRS[case]
    wanted = new.strip().removesuffix(";")
    assert view_definition(old) == wanted
    assert view_definition(new) == wanted


@pytest.mark.parametrize("case", SAME)
def test_others_stay(case):
    """A query over several tables, or over none, stays as it is printed."""
    assert view_definition(SAME[case]) == SAME[case].strip().removesuffix(";")


@pytest.mark.parametrize(
    ("printed", "normal"),
    [
        ("((a)::text = ANY ((ARRAY['x'::bpchar, 'y, z'::bpchar])::text[]))",
         "((a)::text = ANY (ARRAY[('x'::bpchar)::text, ('y, z'::bpchar)::text]))"),
        ("((ARRAY[f(1, 2), 3])::double precision[])", "(ARRAY[(f(1, 2))::double precision, (3)::double precision])"),
        ('((ARRAY[ARRAY[1], ARRAY[2]])::public."T"[])', '(ARRAY[ARRAY[(1)::public."T"], ARRAY[(2)::public."T"]])'),
        ("(f(ARRAY['x'::text])::text[])", "(f(ARRAY['x'::text])::text[])"),
        ("((ARRAY[1])::numeric(4,2)[])", "((ARRAY[1])::numeric(4,2)[])"),
        ("'((ARRAY[1])::int[])'::text", "'((ARRAY[1])::int[])'::text"),
    ],
)  # fmt: skip
def test_cast_arrays(printed, normal):
    """An array that is cast as a whole is one of cast elements; calls, modifiers and constants are left alone."""
    assert expression(printed) == normal


def test_a_table_in_a_schema_of_its_name():
    """The schema before the only table is not taken for the table before a column."""
    assert view_definition(" SELECT t.t FROM t.t;") == "SELECT t FROM t.t"
    assert (
        view_definition(" SELECT EXTRACT(year FROM t.a) FROM ONLY t.t;") == "SELECT EXTRACT(year FROM a) FROM ONLY t.t"
    )
