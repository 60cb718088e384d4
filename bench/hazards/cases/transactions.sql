-- case: alter_then_index_elsewhere
ALTER TABLE clients ADD COLUMN x integer;
CREATE INDEX invoices_number ON invoices (number);
-- case: alter_then_index_elsewhere_apart
BEGIN;
ALTER TABLE clients ADD COLUMN x integer;
COMMIT;
BEGIN;
CREATE TABLE fresh (id bigint);
COMMIT;
-- case: alter_then_create_as
ALTER TABLE clients ADD COLUMN x integer;
CREATE TABLE copied AS SELECT id, number FROM invoices;
-- case: create_as_then_alter
CREATE TABLE copied AS SELECT id, number FROM invoices;
ALTER TABLE clients ADD COLUMN x integer;
-- case: alter_then_backfill
ALTER TABLE clients ADD COLUMN x integer;
UPDATE clients SET x = level * 2;
-- case: alter_then_insert_few
ALTER TABLE clients ADD COLUMN x integer;
INSERT INTO options VALUES ('a', 'b'), ('c', 'd');
-- case: alter_then_update_one
ALTER TABLE clients ADD COLUMN x integer;
UPDATE options SET value = 'light' WHERE name = 'theme';
-- case: alter_then_read_one
ALTER TABLE clients ADD COLUMN x integer;
INSERT INTO options SELECT 'first', number FROM invoices WHERE id = 1;
-- case: alter_then_max
ALTER TABLE clients ADD COLUMN x integer;
SELECT setval(pg_get_serial_sequence('invoices', 'id'), (SELECT max(id) FROM invoices));
-- case: alter_then_count
ALTER TABLE clients ADD COLUMN x integer;
INSERT INTO options SELECT 'count', count(*)::text FROM invoices;
-- case: copy_filled_then_indexed_under_lock
CREATE TABLE copied AS SELECT id, number FROM invoices;
ALTER TABLE clients ADD COLUMN x integer;
CREATE INDEX copied_number ON copied (number);
-- case: copy_filled_then_swapped
CREATE TABLE clients2 (LIKE clients INCLUDING ALL);
INSERT INTO clients2 SELECT * FROM clients;
ALTER TABLE clients RENAME TO clients_old;
ALTER TABLE clients2 RENAME TO clients;
-- case: lock_then_copy
LOCK TABLE clients IN EXCLUSIVE MODE;
CREATE TABLE copied AS SELECT * FROM clients;
-- case: share_lock_then_read
LOCK TABLE clients IN ACCESS SHARE MODE;
CREATE TABLE copied AS SELECT * FROM invoices;
-- case: many_rows_made_under_lock
ALTER TABLE clients ADD COLUMN x integer;
CREATE TABLE numbers AS SELECT n, md5(n::text) FROM generate_series(1, 1000000) n;
-- case: sleep_under_lock
ALTER TABLE clients ADD COLUMN x integer;
SELECT pg_sleep(1);
-- case: analyze_under_lock
ALTER TABLE clients ADD COLUMN x integer;
ANALYZE clients;
-- case: trigger_then_index
CREATE TRIGGER t BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE INDEX clients_email ON clients (email);
-- case: child_table_then_index
CREATE TABLE payments (id bigint PRIMARY KEY, invoice_id integer REFERENCES invoices);
CREATE INDEX clients_email ON clients (email);
-- case: own_blocks_apart
BEGIN;
ALTER TABLE invoices ADD COLUMN x integer;
COMMIT;
CREATE INDEX CONCURRENTLY invoices_number ON invoices (number);
-- case: rolled_back
BEGIN;
ALTER TABLE invoices ALTER COLUMN total TYPE bigint;
ROLLBACK;
-- case: savepoint_rolled_back
BEGIN;
SAVEPOINT one;
ALTER TABLE invoices ADD COLUMN x integer;
ROLLBACK TO one;
CREATE TABLE copied AS SELECT * FROM clients;
COMMIT;
-- case: drop_and_index
DROP TABLE events_c;
CREATE INDEX clients_email ON clients (email);
-- case: comment_then_index_concurrently
COMMENT ON TABLE clients IS 'people';
CREATE INDEX CONCURRENTLY clients_email ON clients (email);
-- case: whole_feature
CREATE TABLE teams (id bigint PRIMARY KEY, name text NOT NULL);
INSERT INTO teams SELECT n, 'team ' || n FROM generate_series(1, 10) n;
ALTER TABLE clients ADD COLUMN team_id bigint;
ALTER TABLE clients ADD CONSTRAINT team FOREIGN KEY (team_id) REFERENCES teams NOT VALID;
-- case: whole_feature_validated
CREATE TABLE teams (id bigint PRIMARY KEY, name text NOT NULL);
ALTER TABLE clients ADD COLUMN team_id bigint REFERENCES teams;
