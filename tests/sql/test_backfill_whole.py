"""Which statements are the sum of their batches, read off their words."""

import pytest

from pgready.sql.backfill import backfills_of
from pgready.sql.statements import split

SUMS = """UPDATE t SET r = (SELECT count(*) FROM t o WHERE o.id < t.id)
UPDATE t SET n = y.m FROM t y WHERE y.id = t.id AND t.n IS NULL
UPDATE t SET n = y.n FROM other.t y WHERE y.id = t.id
UPDATE t SET p = (SELECT p.name FROM t p WHERE p.id = t.parent) WHERE p IS NULL
UPDATE app.t SET n = y.n FROM other.t y WHERE y.id = t.id
UPDATE t SET n = u.n FROM u JOIN v ON v.n = u.n WHERE u.id = t.id
UPDATE t SET n = n + 1 WHERE id IN (SELECT id FROM u WHERE n > 3)
UPDATE t SET n = n + 1 WHERE n IS DISTINCT FROM t.m
DELETE FROM t USING t o WHERE o.b = t.b AND o.id < t.id
DELETE FROM t WHERE id NOT IN (SELECT min(id) FROM t GROUP BY b)
DELETE FROM t a USING t b WHERE a.b = b.b AND a.id > b.id AND a.made < now() - interval '1 day'
DELETE FROM t WHERE id NOT IN (SELECT id FROM t ORDER BY made DESC LIMIT 100)
DELETE FROM t WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY b ORDER BY id) n FROM t) x WHERE n > 1)
DELETE FROM t WHERE id IN (SELECT a.id FROM t a JOIN t b ON a.b = b.b AND a.id > b.id)
DELETE FROM t WHERE EXISTS (SELECT FROM t o WHERE o.b = t.b AND o.id < t.id)
DELETE FROM t WHERE made < (SELECT max(made) FROM u) AND id NOT IN (SELECT t FROM u)
DELETE FROM t WHERE EXISTS (SELECT FROM u WHERE u.x <> t.x)
DELETE FROM t WHERE b <> 3
INSERT INTO archive.t SELECT * FROM t
INSERT INTO o SELECT id FROM t WHERE NOT EXISTS (SELECT FROM o WHERE o.id = t.id)""".splitlines()

OTHERS = """UPDATE t SET r = (SELECT count(*) FROM t WHERE r IS NULL)
UPDATE t SET r = x.c FROM (SELECT count(*) c FROM t WHERE r IS NULL) x
UPDATE t SET p = (SELECT o.p FROM t AS o WHERE o.id = t.parent) WHERE p IS NULL
UPDATE public.t AS x SET n = y.n + 1 FROM t y WHERE y.id = x.id
UPDATE t SET n = u.n FROM u, ONLY t AS y WHERE y.id = t.id AND y."n" > 3
DELETE FROM t USING t o WHERE o.b = t.b AND o.id <> t.id
DELETE FROM t WHERE (SELECT count(*) FROM t o WHERE o.b = t.b) > 1
DELETE FROM t WHERE id IN (SELECT min(id) FROM t GROUP BY b)
DELETE FROM t WHERE made = (SELECT max(made) FROM t)
DELETE FROM t WHERE id IN (SELECT id FROM t ORDER BY made LIMIT 500)
DELETE FROM t WHERE NOT EXISTS (SELECT FROM t o WHERE o.parent = t.id)
DELETE FROM t WHERE id NOT IN (SELECT parent FROM t WHERE parent IS NOT NULL)
DELETE FROM t WHERE parent IN (SELECT id FROM t WHERE gone)
DELETE FROM t WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY b ORDER BY id) n FROM t) x WHERE n = 1)
DELETE FROM t USING t o WHERE o.id = t.parent
DELETE FROM t c USING t o WHERE o.b = c.b AND o.id < c.id AND o.day >= c.day - 1
INSERT INTO t SELECT id + 5 FROM t""".splitlines()


def wrong(sql):
    """What is said against running it in batches, None if nothing."""
    script = f"-- pgready: backfill key=id\n{sql};"
    misfit = backfills_of(script, split(script))[1]
    return misfit and misfit.what


@pytest.mark.parametrize("sql", SUMS)
def test_the_sum_of_its_batches(sql):
    """It reads nothing that a batch before has changed."""
    assert wrong(sql) is None


@pytest.mark.parametrize("sql", OTHERS)
def test_another_result_in_batches(sql):
    """Refused before it starts: batches would see what the ones before did."""
    assert "batch" in wrong(sql)
