"""How many rows a statement may change, read off its words: by a key, a short range, few values, or any number."""

import pytest

from pgready.hazards.code import said_by
from pgready.hazards.writes import writes_of
from pgready.sql.statements import split

KEYS = [frozenset({"id"})]

FEW = """UPDATE t SET a = 1 WHERE id = 7
UPDATE t SET a = 1 WHERE id = 7 OR id = 8
UPDATE t SET a = 1 WHERE id IN (1, 2) AND b > 3
UPDATE t SET a = 1 WHERE id = ANY ('{1,2}')
UPDATE t SET a = 1 WHERE id = ANY (ARRAY(SELECT id FROM t LIMIT 100))
UPDATE t SET a = 1 WHERE id BETWEEN 1 AND 100
UPDATE t SET a = 1 WHERE id > 100 AND id <= 1100
UPDATE t SET a = 1 WHERE 100 > id
UPDATE t SET a = 1 WHERE (id, b) IN ((1, 2), (3, 4))
UPDATE t SET a = 1 WHERE id = (SELECT max(id) FROM u)
UPDATE t SET a = v.a FROM (VALUES (1, 2)) v (id, a) WHERE v.id = t.id
UPDATE t SET a = 1 FROM u WHERE u.t_id = t.id AND u.t_id = 7
UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t ORDER BY id LIMIT 1000)
WITH few AS (SELECT id FROM t LIMIT 10) UPDATE t SET a = 1 FROM few WHERE few.id = t.id
UPDATE t SET a = n FROM generate_series(1, 100) n WHERE t.id = n.n
UPDATE t SET a = n FROM generate_series(1, 100) n WHERE t.id = n
UPDATE t SET a = 1 WHERE id IN (SELECT generate_series(1, 100))
UPDATE t SET a = 1 WHERE id BETWEEN 1 AND 9 OR id >= 20 AND id < 30 OR id = 40
UPDATE t SET a = 1 FROM u WHERE u.id = 7 AND u.t_id = t.id
UPDATE t SET a = 1 WHERE id IN (SELECT t_id FROM u WHERE id = 7)
UPDATE t SET a = 1 WHERE id IN (SELECT u.t_id FROM u JOIN v ON v.id = u.v_id WHERE u.id IN (1, 2))
UPDATE t SET a = 1 WHERE false
UPDATE t SET a = 1 WHERE CURRENT OF c
MERGE INTO t USING (VALUES (1, 2)) v (id, a) ON v.id = t.id WHEN MATCHED THEN DELETE
INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET a = 1
INSERT INTO t (id) SELECT n FROM generate_series(1, 5) n ON CONFLICT (id) DO UPDATE SET a = 1
SELECT * FROM t WHERE id = 1 FOR UPDATE
SELECT * FROM t LIMIT 10 FOR UPDATE SKIP LOCKED""".splitlines()

MANY = """UPDATE t SET a = 1
UPDATE t SET a = 1 WHERE id = 7 OR b = 8
UPDATE t SET a = 1 WHERE id <> 7
UPDATE t SET a = 1 WHERE id > 7
UPDATE t SET a = 1 WHERE id % 2 = 1
UPDATE t SET a = 1 WHERE id BETWEEN 1 AND 100000
UPDATE t SET a = 1 WHERE id IN (SELECT id FROM u)
UPDATE t SET a = 1 WHERE id IN (SELECT generate_series(1, 900000))
UPDATE t SET a = 1 WHERE id IN (SELECT unnest(ARRAY(SELECT id FROM u)))
UPDATE t SET a = n FROM generate_series(1, 900000) n WHERE t.id = n
UPDATE t SET a = 1 WHERE id BETWEEN 1 AND 9 OR id > 20
UPDATE t SET a = 1 WHERE id IN (SELECT t_id FROM u WHERE b = 7)
UPDATE t SET a = 1 WHERE id IN (SELECT t_id FROM u WHERE id = t.b)
UPDATE t SET a = 1 WHERE id IN (SELECT u.t_id FROM u JOIN v ON v.u_id = u.id WHERE u.id = 1)
UPDATE t SET a = 1 WHERE id IN (SELECT generate_series(1, 900000) FROM u WHERE id = 7)
WITH u AS (SELECT * FROM w) UPDATE t SET a = 1 FROM u WHERE u.id = 7 AND u.t_id = t.id
UPDATE t SET a = 1 WHERE id = (SELECT max(u.t_id) FROM u WHERE u.b = t.b)
UPDATE t SET a = 1 FROM u WHERE u.id = 7 AND t.b = 1
UPDATE t SET a = 1 FROM u WHERE u.t_id = t.id
WITH one AS (UPDATE u SET a = 1 WHERE id = 1 RETURNING a) UPDATE t SET a = one.a FROM one
DELETE FROM t USING u WHERE u.t_id = t.id AND id = 7
MERGE INTO t USING u ON u.id = t.id WHEN MATCHED THEN UPDATE SET a = 1
INSERT INTO t (id) SELECT id FROM u ON CONFLICT (id) DO UPDATE SET a = 1
SELECT * FROM t FOR NO KEY UPDATE
EXPLAIN ANALYZE DELETE FROM t""".splitlines()

NONE = """SELECT * FROM t
SELECT * FROM t FOR KEY SHARE
INSERT INTO t SELECT * FROM u
INSERT INTO t SELECT * FROM u ON CONFLICT DO NOTHING
MERGE INTO t USING u ON u.id = t.id WHEN NOT MATCHED THEN INSERT (id) VALUES (u.id)
EXPLAIN DELETE FROM t
CREATE RULE r AS ON INSERT TO u DO ALSO DELETE FROM t
CREATE FUNCTION f() RETURNS void LANGUAGE sql BEGIN ATOMIC DELETE FROM t; END""".splitlines()


def of_t(sql, variables=()):
    """Whether the statement's writes to t are bounded, each."""
    return [one.is_bounded(KEYS) for one in writes_of(sql, variables, lambda *_: KEYS) if one.table == "t"]


@pytest.mark.parametrize("sql", FEW)
def test_few_rows(sql):
    """As many as the text names."""
    assert of_t(sql) == [True]


@pytest.mark.parametrize("sql", MANY)
def test_many_rows(sql):
    """As many as there are."""
    assert False in of_t(sql)


@pytest.mark.parametrize("sql", NONE)
def test_no_row_that_is_there(sql):
    """Rows that are there stay as they are."""
    assert of_t(sql) == []


def test_names_of_code_are_values():
    """A variable of a block is no column."""
    assert of_t("DELETE FROM t WHERE id = wanted") == [False]
    assert of_t("DELETE FROM t WHERE id = wanted", {"wanted"}) == [True]
    assert of_t("DELETE FROM t WHERE id > done AND id <= done + 1000", {"done"}) == [True]


def said(body, functions=None):
    """What a block says, as (text, repeats, by rows)."""
    (block,) = split(f"DO $$ {body} $$")
    return [(one.sql, one.repeats, one.by_rows) for one in said_by(block, functions or {})]


def test_loops_and_branches_of_code():
    """What runs for rows only is told from what always runs, and once from many times."""
    assert said("BEGIN DELETE FROM t WHERE id = 1; END") == [("DELETE FROM t WHERE id = 1", False, False)]
    loop = "DECLARE r record; BEGIN FOR r IN SELECT id FROM t LOOP DELETE FROM t WHERE id = r.id; {} END LOOP; END"
    assert said(loop.format(""))[1] == ("DELETE FROM t WHERE id = r.id", True, True)
    assert said(loop.format("COMMIT;"))[1] == ("DELETE FROM t WHERE id = r.id", False, True)
    branch = "BEGIN IF {} THEN ALTER TABLE t ADD x int; END IF; END"
    assert said(branch.format("EXISTS (SELECT FROM t)")) == [("ALTER TABLE t ADD x int", False, True)]
    assert said(branch.format("EXISTS (SELECT FROM pg_class)")) == [("ALTER TABLE t ADD x int", False, False)]
    early = "BEGIN IF NOT EXISTS (SELECT FROM t) THEN RETURN; END IF; EXECUTE 'ALTER TABLE t ADD x int'; END"
    assert said(early) == [("ALTER TABLE t ADD x int", False, True)]
    counted = "DECLARE n int; BEGIN SELECT count(*) INTO n FROM t; IF n > 0 THEN DROP TABLE u; END IF; END"
    assert said(counted)[1] == ("DROP TABLE u", False, True)


def test_functions_and_their_triggers():
    """Code that code calls; a trigger's function, which libpg_query writes with a brace too many."""
    functions = {
        "inner_one": "CREATE FUNCTION inner_one() RETURNS void LANGUAGE sql AS 'DELETE FROM t'",
        "outer_one": "CREATE FUNCTION outer_one() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN NEW.a := 1; PERFORM inner_one(); RETURN NEW; END'",
    }
    (call,) = split("SELECT outer_one()")
    assert [one.sql for one in said_by(call, functions)] == ["SELECT inner_one()", "DELETE FROM t"]
