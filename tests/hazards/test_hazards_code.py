"""Code, renamed tables, views, triggers and long transactions: what they do is found, traced on this server."""

import itertools

import pytest

from pgready.hazards.checks import hazards_of
from pgready.hazards.examples import GROUND
from pgready.history.model import Migration
from pgready.history.prepare import prepare
from pgready.postgres.connect import open_session
from pgready.postgres.tracing.tracer import Tracer
from pgready.project.url import parse

pytestmark = pytest.mark.matrix

BEFORE = (
    GROUND
    + """
CREATE VIEW europeans AS SELECT id, email FROM clients WHERE region = 'EU';
CREATE FUNCTION widen() RETURNS void LANGUAGE plpgsql AS 'BEGIN ALTER TABLE invoices ALTER total TYPE bigint; END';
CREATE FUNCTION fill(bigint) RETURNS void LANGUAGE sql AS 'UPDATE clients SET region = ''EU'' WHERE id = $1';
CREATE PROCEDURE check_all() LANGUAGE plpgsql AS 'BEGIN COMMIT; ALTER TABLE clients ALTER email SET NOT NULL; END';
CREATE FUNCTION recount() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN UPDATE clients SET region = ''x''; RETURN new; END';
CREATE TABLE orders (region text);
CREATE RULE r AS ON INSERT TO orders DO INSTEAD UPDATE clients SET region = new.region;
CREATE TABLE plans (id integer PRIMARY KEY);
INSERT INTO plans VALUES (1);
CREATE TABLE members (plan integer REFERENCES plans ON DELETE CASCADE);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY RANGE (at);
CREATE TABLE events_2025_1 PARTITION OF events_2025 FOR VALUES FROM ('2025-01-01') TO ('2025-07-01');
CREATE UNIQUE INDEX ON events (id, at);
CREATE TRIGGER t AFTER INSERT ON events_2026 FOR EACH ROW EXECUTE FUNCTION recount();
"""
)

NONE: list[tuple[str, str]] = []
BOTH, WRITERS = "readers and writers", "writers"


@pytest.fixture
def trace(database):
    """Hazards of one migration, as (id, who waits)."""
    target = parse(database.socket_url, "the test")
    first, second = open_session(target, "trace"), open_session(target, "second")
    database.query(BEFORE)
    tracer = Tracer(first, second, None, lambda failed: False)
    numbers = itertools.count(1)

    def run(script):
        one = prepare(Migration(f"m{next(numbers)}", script, "", "migration.sql"))
        return [(hazard.id, hazard.blocked) for hazard in hazards_of(tracer.trace(one)) if hazard.kind.level == "error"]

    yield run
    first.close()
    second.close()


CASES = {
    # Code that runs for rows only, of which an empty database has none.
    "DO $$ BEGIN IF EXISTS (SELECT FROM clients) THEN ALTER TABLE clients ALTER email SET NOT NULL; END IF; END $$":
        [("H002", BOTH)],
    "DO $$ BEGIN IF EXISTS (SELECT FROM pg_class WHERE relname = 'no') THEN TRUNCATE clients; END IF; END $$": NONE,
    "DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM clients LOOP"
    " UPDATE clients SET region = 'x' WHERE id = r.id; END LOOP; END $$": [("H010", WRITERS)],
    "DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM clients LOOP"
    " EXECUTE 'UPDATE clients SET region = 1 WHERE id = ' || r.id; END LOOP; END $$": [("H010", WRITERS)],
    "DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM clients LOOP"
    " EXECUTE format('DELETE FROM clients WHERE id = %L', r.id); END LOOP; END $$": [("H010", WRITERS)],
    "DO $$ DECLARE n int := 7; BEGIN EXECUTE format('DELETE FROM clients WHERE id = %s', n); END $$": NONE,
    # What an EXCEPTION clause takes back, and what only a handler of data does.
    "DO $$ BEGIN CREATE INDEX ON clients (email); ALTER TABLE clients ADD CONSTRAINT clients_pkey CHECK (id > 0);"
    " EXCEPTION WHEN duplicate_object THEN NULL; END $$": [("H004", WRITERS)],
    "DO $$ BEGIN ALTER TABLE clients ADD email text; CREATE INDEX ON clients (email);"
    " EXCEPTION WHEN duplicate_column THEN NULL; END $$": NONE,
    "DO $$ BEGIN ALTER TABLE clients ADD UNIQUE (id); EXCEPTION WHEN unique_violation THEN"
    " ALTER TABLE invoices ALTER total SET NOT NULL; END $$": [("H005", BOTH)],
    "DO $$ BEGIN PERFORM 1; EXCEPTION WHEN unique_violation THEN ALTER TABLE clients ALTER email SET NOT NULL; END $$":
        [("H002", BOTH)],
    # Written without being named.
    "INSERT INTO orders VALUES ('EU')": [("H010", WRITERS)],
    "DELETE FROM plans WHERE id = 1": [("H010", WRITERS)],
    "DELETE FROM plans WHERE id = 2": NONE,
    "DO $$ BEGIN UPDATE clients SET region = 'x' WHERE id = 7; END $$": NONE,
    "SELECT fill(7)": NONE,
    "SELECT fill(id) FROM clients": [("H010", WRITERS)],
    "SELECT widen()": [("H001", BOTH)],
    "CALL check_all()": [("H002", BOTH)],
    "INSERT INTO events_2026 VALUES (1, '2026-05-05')": [("H010", WRITERS)],
    # Arrays and loops of few rows and of any number.
    "DO $$ DECLARE ids bigint[]; BEGIN SELECT array_agg(id) INTO ids FROM clients WHERE region = 'x' LIMIT 1;"
    " UPDATE clients SET region = 'y' WHERE id = ANY(ids); END $$": [("H010", WRITERS)],
    "DO $$ DECLARE ids bigint[] := ARRAY(SELECT id FROM clients); more bigint[]; BEGIN more := ids;"
    " DELETE FROM clients WHERE id = ANY(ids); END $$": [("H010", WRITERS)],
    "DO $$ DECLARE ids bigint[]; BEGIN ids := ARRAY(SELECT id FROM clients ORDER BY id LIMIT 100);"
    " DELETE FROM clients WHERE id = ANY(ids); END $$": NONE,
    "DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM clients LIMIT 9 LOOP"
    " DELETE FROM clients WHERE id = r.id; END LOOP; END $$": NONE,
    "DO $$ DECLARE x int; BEGIN FOREACH x IN ARRAY ARRAY[1, 2] LOOP DELETE FROM clients WHERE id = x; END LOOP; END $$":
        NONE,
    # Partitions, and others of the same name.
    "UPDATE events SET at = at WHERE id = 1 AND at = '2025-01-02'": NONE,
    "UPDATE events_2025 SET at = at WHERE id = 1 AND at = '2025-01-02'": NONE,
    "UPDATE events SET at = at WHERE at = '2025-01-02'": [("H010", WRITERS)],
    "CREATE TEMP TABLE clients (id int); UPDATE clients SET id = 1": NONE,
    "CREATE SCHEMA s; CREATE TABLE s.clients (id int); SET search_path = s; UPDATE clients SET id = 1": NONE,
    "CREATE TABLE kept AS SELECT id FROM clients FOR UPDATE": [("H010", WRITERS)],
    "CREATE POLICY p ON clients FOR UPDATE USING (id > 1)": NONE,
    # Under another name.
    "ALTER TABLE clients RENAME TO people; UPDATE people SET region = 'x'": [("H010", WRITERS), ("H011", BOTH)],
    "UPDATE europeans SET email = 'x'": [("H010", WRITERS)],
    # Long without a row of what is locked.
    "ALTER TABLE clients ADD x int; CREATE TABLE n AS SELECT generate_series(1, 20000)": [("H009", BOTH)],
    "ALTER TABLE clients ADD x int; SELECT pg_sleep(0.001)": [("H009", BOTH)],
    "ALTER TABLE clients ADD x int; ANALYZE invoices": [("H009", BOTH)],
    "CREATE TABLE n AS SELECT * FROM invoices; ALTER TABLE clients ADD x int; CREATE INDEX ON n (id)": [("H009", BOTH)],
    "CREATE TABLE n AS SELECT * FROM invoices; ALTER TABLE clients ADD x int": NONE,
    "ALTER TABLE clients ADD x int; CREATE INDEX ON invoices (number)": [("H004", BOTH)],
    "BEGIN; SAVEPOINT s; ALTER TABLE clients ADD x int; ROLLBACK TO s; CREATE TABLE n AS SELECT * FROM invoices; COMMIT":
        NONE,
    "VACUUM FULL totals": [("H001", BOTH)],
    "REINDEX SCHEMA public": [("H006", BOTH)],
    "ALTER TABLE clients ALTER joined TYPE timestamptz": [("H001", BOTH)],
    "SET timezone = 'UTC'; ALTER TABLE clients ALTER joined TYPE timestamptz": NONE,
    "-- ALTER TABLE clients ALTER id TYPE int\nCOMMENT ON TABLE clients IS 'UPDATE clients SET region = 1;'": NONE,
}  # fmt: skip


@pytest.mark.parametrize("script", CASES, ids=range(len(CASES)))
def test_who_waits(trace, script):
    """The hazards that are there, and no other."""
    assert trace(script) == CASES[script]
