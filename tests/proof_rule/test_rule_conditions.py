"""Conditions as EXPLAIN prints them, and LIMITs as people write them, taken apart."""

import pytest

from pgready.proof.contract import Contract, Parameter, Place
from pgready.proof.rule.conditions import aliases, binds, called, clauses, normal_key, normal_name, readable
from pgready.proof.rule.limits import Slice, slices

CONDITIONS = [
    ("(i.client_id = $1)", [("CLIENT_ID", "=", "parameter")]),
    ("((i.client_id = 7) AND (ROW(i.at, i.id) < ROW($2, $3)))", [("CLIENT_ID", "=", "constant"), ("AT", "<", "parameter")]),
    ("((i.a)::text = ANY ('{a,b}'::text[]))", [("A :: TEXT", "= ANY", "constant")]),
    ("(lower((i.email)::text) = 'x AND y'::text)", [("LOWER EMAIL :: TEXT", "=", "constant")]),
    ("((o.id = l.order_id) AND (l.sku IS NOT NULL))", [("ID", "=", "column"), ("SKU", "IS NOT NULL", "constant")]),
    ("(NOT t.done)", [("DONE", "FALSE", "constant")]),
    ("t.done", [("DONE", "TRUE", "constant")]),
    ("(NOT (t.a ~~ 'x%'::text))", [("A ~~ 'x%' :: TEXT", "", "constant")]),
    ("((t.a = 1) OR ((t.b = 2) AND (t.c > 3)))", [("", "OR", "constant")]),
    ("(t.x OPERATOR(app.=) $1)", [("X", "=", "parameter")]),
    ("(t.id = (InitPlan 1).col1)", [("ID", "=", "subplan")]),
    ("(t.id = $0)", [("ID", "=", "parameter")]),
    ("(NOT (ANY (t.id = (hashed SubPlan 1).col1)))", [("ANY ID = HASHED SUBPLAN 1 . COL1", "", "constant")]),
    ("(t.name ~>=~ 'ab'::text)", [("NAME", "~>=~", "constant")]),
    ('(t."order" >= app.today())', [("ORDER", ">=", "constant")]),
    ("((t.doc -> 'a'::text) @> '{\"b\": \"it''s\"}'::jsonb)", [("DOC -> 'a' :: TEXT", "@>", "constant")]),
    ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CONDITIONS, ids=[text or "none" for text, _ in CONDITIONS])
def test_clauses(text, expected):
    """A condition falls into clauses, each with its left side, its operator and what is on its right."""
    assert [(one.left, one.operator, one.operand) for one in clauses(text)] == expected


def test_values_and_lists():
    """Constants keep their text, lists their length, and neither is invented."""
    found = clauses(
        "((a = 'it''s'::text) AND (b = ANY ('{1,2,3}'::integer[])) AND (c = ANY (ARRAY[$1, $2])) AND (d = ANY ($3)))"
    )
    assert [(one.value, one.length) for one in found] == [("it's", None), ("{1,2,3}", 3), (None, 2), (None, None)]
    assert clauses("(a = ANY ('{\"x,y\",z}'::text[]))")[0].length == 2
    assert clauses("(a = (1 + 2))")[0].value is None


def test_keys_compare_however_they_are_spelled():
    """An index's key and a condition's side are the same text, qualified, quoted, cast or not."""
    assert binds(clauses('((c."Email")::text = $1)')[0], normal_name("Email"))
    assert binds(clauses("(c.client_id = $1)")[0], normal_name("client_id"))
    assert not binds(clauses("(c.client_id2 = $1)")[0], normal_name("client_id"))
    assert normal_key("lower((c.email)::text)") == normal_key("lower(email::text)")
    assert normal_name("and") == '"and"'


def test_what_a_text_names():
    """Tables and functions that a condition names are found, and types and constants are none."""
    text = "((i.client_id = c.id) AND (app.balance(i.id) > 'x.y'::text))"
    assert aliases(text) >= {"I", "C"}
    assert "balance" in called(text)
    assert readable("((i.a = $1) AND (i.b > 'X'::text))") == "(a = $1) AND (b > 'X'::text)"


LIMITS = [
    ("SELECT 1", []),
    ("SELECT 1 LIMIT 5", [Slice(0, 5)]),
    ("SELECT 1 LIMIT 5 OFFSET 10", [Slice(0, 5, 10)]),
    ("SELECT 1 OFFSET 10 LIMIT 5", [Slice(0, 5, 10)]),
    ("SELECT 1 LIMIT $1 OFFSET $2", [Slice(0, 7, 0, True)]),
    ("SELECT 1 LIMIT $2", [Slice(0, 50)]),
    ("SELECT 1 OFFSET ($2 - 1) * 20", [Slice(0, None, 0, True)]),
    ("SELECT 1 FETCH FIRST 3 ROWS ONLY", [Slice(0, 3)]),
    ("SELECT 1 FETCH NEXT ROW WITH TIES", [Slice(0, 1, ties=True)]),
    ("SELECT 1 LIMIT ALL", [Slice(0, None)]),
    ("SELECT t.limit AS offset, 'LIMIT 3' FROM t -- LIMIT 4", []),
    ("SELECT * FROM (SELECT 1 LIMIT 3) x LIMIT 9", [Slice(1, 3), Slice(0, 9)]),
    ("(SELECT 1 LIMIT 3) UNION ALL (SELECT 2 LIMIT 4 OFFSET 2)", [Slice(1, 3), Slice(1, 4, 2)]),
    ("(SELECT 1 LIMIT 3) UNION ALL (SELECT 2 OFFSET 2)", [Slice(1, 3), Slice(1, None, 2)]),
    ("SELECT 1 LIMIT 20 + 1", [Slice(0, 21)]),
    ("SELECT 1 LIMIT $2 + 1", [Slice(0, 51)]),
    ("SELECT 1 LIMIT 5 FOR UPDATE", [Slice(0, 5)]),
]


@pytest.mark.parametrize(("sql", "expected"), LIMITS, ids=[sql for sql, _ in LIMITS])
def test_slices(sql, expected):
    """LIMIT and OFFSET are read from a query's text, with the samples that their parameters have."""
    contract = Contract("q", sql, Place("q.sql"), "sql", parameters=(Parameter(1, sample="7"), Parameter(2)))
    assert list(slices(contract)) == expected
