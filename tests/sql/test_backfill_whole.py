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
