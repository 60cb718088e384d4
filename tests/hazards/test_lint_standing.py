"""What is there is read once and kept up from look to look: traces are those of reading all of it each time."""

import pytest

from pgready.hazards.examples import EXAMPLES, GROUND
from pgready.history.model import Migration
from pgready.history.prepare import prepare
from pgready.postgres.connect import open_session
from pgready.postgres.tracing.tracer import Tracer
from pgready.project.url import parse

pytestmark = pytest.mark.matrix

MORE = """CREATE SCHEMA s; ALTER TABLE clients SET SCHEMA s; ALTER TABLE s.clients RENAME TO customers
ALTER SCHEMA s RENAME TO t
CREATE INDEX regions ON t.customers (region)
TRUNCATE t.customers; SAVEPOINT a; DROP INDEX t.regions; ROLLBACK TO a; REINDEX INDEX t.regions
REINDEX INDEX t.regions
DO $$ BEGIN DROP TABLE t.customers; EXCEPTION WHEN OTHERS THEN NULL; END $$; CREATE INDEX other ON t.customers (email)
BEGIN; ALTER TABLE t.customers ADD a text; COMMIT; ALTER TABLE t.customers ALTER a TYPE varchar(5); SELECT count(*) FROM t.customers
ALTER TABLE invoices ADD FOREIGN KEY (client_id) REFERENCES t.customers DEFERRABLE INITIALLY DEFERRED
INSERT INTO t.customers (id) VALUES (1); INSERT INTO invoices (id, client_id) VALUES (1, 1)
ALTER TABLE invoices ALTER note SET NOT NULL
SELECT count(*) FROM invoices; SELECT count(*) FROM invoices
ALTER TABLE invoices ALTER total SET NOT NULL; CLUSTER invoices USING invoices_pkey
VACUUM FULL invoices
ALTER TABLE invoices ALTER number TYPE varchar(10)""".splitlines()


def scripts():
    """The examples that run on one ground one after the other, then what could lead astray."""
    return [*(one.bad for one in EXAMPLES if one.id in ("H001", "H002", "H004", "H009") and one.since == 14)][:6] + MORE


def named(touches):
    """Those of relations that somebody named: a toast table has its owner's number in its name."""
    return [one for one in touches if one.relation.name.schema != "pg_toast"]


def test_traces_are_the_same(make_database):
    """Every statement's touches, of a tracer that keeps up and of one that is told to forget."""
    found = []
    for forgets in (False, True):
        database = make_database()
        database.query(GROUND)
        target = parse(database.socket_url, "the test")
        first, second = open_session(target, "trace"), open_session(target, "second")
        try:
            tracer = Tracer(first, second, None, lambda failed: False)
            traced, kept = [], 0
            for number, script in enumerate(scripts()):
                if "EXCEPTION" not in script and forgets:
                    first.run("somebody else", "SELECT 1")
                kept += tracer._standing is not None and tracer._runs == first.runs
                try:
                    one = tracer.trace(prepare(Migration(f"m{number}", script, "", "migration.sql")))
                except Exception as e:  # an example that needs what another took
                    traced.append(type(e).__name__)
                    first.run("go on", "ROLLBACK")
                    continue
                traced.append(
                    [(each.index, each.transaction, each.alone, named(each.touches)) for each in one.statements]
                )
        finally:
            first.close()
            second.close()
        found.append((traced, kept))
    assert found[0][0] == found[1][0]
    assert found[0][1] > 8
    assert found[1][1] <= 1
