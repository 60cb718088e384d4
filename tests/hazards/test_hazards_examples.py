"""Every hazard's bad example has it, and its good example has none: traced on this server."""

import itertools

import pytest

from pgready.hazards.checks import hazards_of
from pgready.hazards.examples import EXAMPLES, GROUND
from pgready.hazards.examples_beside import BESIDE
from pgready.hazards.kinds import KINDS
from pgready.history.model import Migration
from pgready.history.prepare import prepare
from pgready.postgres.connect import open_session
from pgready.postgres.tracing.tracer import Tracer
from pgready.project.url import parse

pytestmark = pytest.mark.matrix


@pytest.fixture
def trace(database):
    """Hazards of migrations that are run one after the other on the ground of the examples."""
    target = parse(database.socket_url, "the test")
    first, second = open_session(target, "trace"), open_session(target, "second")
    database.query(GROUND)
    tracer = Tracer(first, second, None, lambda failed: False)
    numbers = itertools.count(1)

    def run(*scripts):
        found = []
        for script in scripts:
            one = prepare(Migration(f"m{next(numbers)}", script, "", "migration.sql"))
            found += hazards_of(tracer.trace(one), (), [each.statement for each in one.backfills])
        return found

    yield run
    first.close()
    second.close()


@pytest.mark.parametrize("number", range(len(EXAMPLES)), ids=[f"{one.id}-{n}" for n, one in enumerate(EXAMPLES)])
def test_the_bad_example_has_it(trace, number):
    """And says so at one statement at least."""
    example = EXAMPLES[number]
    assert example.id in [hazard.id for hazard in trace(example.bad)]


@pytest.mark.parametrize("number", range(len(EXAMPLES)), ids=[f"{one.id}-{n}" for n, one in enumerate(EXAMPLES)])
def test_the_good_example_has_none(trace, server, number):
    """The same end by a way that nobody notices."""
    example = EXAMPLES[number]
    if server.major < example.since:
        pytest.skip(f"from PostgreSQL {example.since}")
    assert [(hazard.id, hazard.text) for hazard in trace(*example.good)] == []


def test_every_kind_has_an_example():
    """A hazard that nobody can show is none."""
    assert {kind.id for kind in KINDS} == {example.id for example in (*EXAMPLES, *BESIDE)}
    assert [kind.id for kind in KINDS] == [f"H{number:03}" for number in range(1, len(KINDS) + 1)]


HARMLESS = """ALTER TABLE invoices ADD COLUMN x int
ALTER TABLE invoices ADD COLUMN x int NOT NULL DEFAULT 5
ALTER TABLE invoices ALTER COLUMN note TYPE varchar(80)
ALTER TABLE invoices ALTER COLUMN note TYPE text
ALTER TABLE invoices DROP COLUMN note
ALTER TABLE invoices RENAME COLUMN note TO notes
ALTER TABLE invoices ALTER COLUMN note SET DEFAULT ''
ALTER TABLE invoices ADD CHECK (total > 0) NOT VALID
ALTER TABLE invoices ADD FOREIGN KEY (client_id) REFERENCES clients NOT VALID
ALTER TABLE invoices DROP CONSTRAINT invoices_pkey
DROP INDEX invoices_client
DROP INDEX CONCURRENTLY invoices_client
DROP TABLE events_2026
REINDEX TABLE CONCURRENTLY invoices
VACUUM invoices
ANALYZE invoices
CREATE TABLE payments (id bigint PRIMARY KEY, invoice_id bigint REFERENCES invoices)
CREATE TABLE archive AS SELECT * FROM invoices
CREATE VIEW big AS SELECT * FROM invoices WHERE total > 1000
CREATE TRIGGER t BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()
COMMENT ON TABLE invoices IS 'what clients owe'
GRANT SELECT ON invoices TO PUBLIC
UPDATE clients SET region = 'EU' WHERE id = 7
DELETE FROM clients WHERE id IN (7, 8)
INSERT INTO clients (id, email) VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET email = 'b'
INSERT INTO clients (id) SELECT client_id FROM invoices
CREATE TYPE mood AS ENUM ('good', 'bad')
CREATE FUNCTION one() RETURNS int LANGUAGE sql RETURN 1
DO $$ BEGIN PERFORM count(*) FROM invoices; END $$
ALTER TABLE invoices SET (fillfactor = 80)
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY""".splitlines()


@pytest.mark.parametrize("statement", HARMLESS)
def test_what_nobody_notices_is_no_hazard(trace, statement):
    """No false alarm."""
    assert [(hazard.id, hazard.text) for hazard in trace(statement)] == []


HARMFUL = {
    "ALTER TABLE invoices ADD COLUMN x bigserial": "H001",
    "ALTER TABLE invoices ADD COLUMN x int GENERATED ALWAYS AS (total * 2) STORED": "H001",
    "CREATE DOMAIN d AS int CHECK (VALUE > 0); ALTER TABLE invoices ADD COLUMN x d": "H001",
    "ALTER TABLE invoices ALTER COLUMN note TYPE varchar(20)": "H001",
    "ALTER TABLE invoices SET UNLOGGED": "H001",
    "CLUSTER invoices USING invoices_client": "H001",
    "ALTER TABLE invoices ADD CHECK (total > 0)": "H002",
    "ALTER TABLE invoices ADD CHECK (total > 0) NOT VALID; ALTER TABLE invoices VALIDATE CONSTRAINT invoices_total_check": "H002",
    "ALTER TABLE invoices ADD EXCLUDE USING btree (number WITH =)": "H005",
    "CREATE UNIQUE INDEX u ON clients (email)": "H004",
    "REINDEX TABLE invoices": "H006",
    "DO $$ BEGIN ALTER TABLE invoices ALTER COLUMN total TYPE bigint; END $$": "H001",
    "DO $$ BEGIN UPDATE clients SET region = 'EU'; END $$": "H010",
    "DELETE FROM invoices WHERE client_id = 7": "H010",
    "WITH gone AS (DELETE FROM invoices RETURNING *) SELECT count(*) FROM gone": "H010",
    "UPDATE clients SET region = 'EU' FROM invoices WHERE invoices.client_id = clients.id": "H010",
    "MERGE INTO clients c USING invoices i ON c.id = i.client_id WHEN MATCHED THEN UPDATE SET region = 'x'": "H010",
    "LOCK TABLE clients; CREATE TABLE archive AS SELECT * FROM invoices": "H009",
    "DROP INDEX invoices_client; UPDATE clients SET region = 'EU'": "H011",
}


@pytest.mark.parametrize("script", HARMFUL)
def test_what_stalls_others_is_found(trace, server, script):
    """By its name, wherever in a script it stands."""
    if script.startswith("MERGE") and server.major < 15:
        pytest.skip("MERGE came with 15")
    assert HARMFUL[script] in [hazard.id for hazard in trace(script)]


def test_tables_of_the_migration_itself_are_nobodys(trace):
    """Nobody waits for a table that nobody knows yet."""
    script = (
        "CREATE TABLE n (id int, v text); INSERT INTO n SELECT 1, 'a'; UPDATE n SET v = 'b'; CREATE INDEX ON n (v);"
        " ALTER TABLE n ALTER COLUMN id TYPE bigint; ALTER TABLE n ADD PRIMARY KEY (id); TRUNCATE n"
    )
    assert trace(script) == []


def test_what_the_script_forgets_is_prepared_again(trace):
    """DISCARD ALL and DEALLOCATE ALL take our prepared questions with them."""
    found = trace("SELECT 1", "DEALLOCATE ALL; CREATE INDEX i ON clients (region); DEALLOCATE ALL", "REINDEX INDEX i")
    assert [hazard.id for hazard in found] == ["H004", "H006"]
