-- case: table_created
-- probe: clients
CREATE TABLE fresh (id bigint PRIMARY KEY, name text UNIQUE);
CREATE INDEX ON fresh (name, id);
-- case: table_created_as
CREATE TABLE copied AS SELECT id, email FROM clients;
-- case: table_created_like
CREATE TABLE alike (LIKE clients INCLUDING ALL);
-- case: table_dropped
DROP TABLE invoices CASCADE;
-- case: table_renamed
ALTER TABLE invoices RENAME TO bills;
-- case: table_moved
-- setup
CREATE SCHEMA other;
-- run
ALTER TABLE invoices SET SCHEMA other;
-- case: truncate
TRUNCATE invoices;
-- case: truncate_cascade
-- setup
ALTER TABLE invoices ADD CONSTRAINT client FOREIGN KEY (client_id) REFERENCES clients NOT VALID;
-- run
TRUNCATE clients CASCADE;
-- case: unlogged
ALTER TABLE invoices SET UNLOGGED;
-- case: logged
-- setup
ALTER TABLE invoices SET UNLOGGED;
-- run
ALTER TABLE invoices SET LOGGED;
-- case: fillfactor
ALTER TABLE invoices SET (fillfactor = 80, autovacuum_enabled = off);
-- case: vacuum
VACUUM invoices;
-- case: vacuum_full
VACUUM FULL invoices;
-- case: vacuum_full_option
VACUUM (FULL, ANALYZE) invoices;
-- case: vacuum_analyze
VACUUM (ANALYZE) invoices;
-- case: vacuum_full_materialized_view
VACUUM FULL balances;
-- case: analyze
ANALYZE invoices;
-- case: cluster
CLUSTER invoices USING invoices_client;
-- case: cluster_on
ALTER TABLE invoices CLUSTER ON invoices_client;
-- case: cluster_all
-- probe: invoices
-- setup
ALTER TABLE invoices CLUSTER ON invoices_client;
-- run
CLUSTER;
-- case: access_method_same
-- since: 15
ALTER TABLE invoices SET ACCESS METHOD heap;
-- case: access_method_other
-- since: 15
-- setup
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
-- run
ALTER TABLE invoices SET ACCESS METHOD heap2;
-- case: tablespace_same
ALTER TABLE invoices SET TABLESPACE pg_default;
-- case: replica_identity
ALTER TABLE invoices REPLICA IDENTITY FULL;
-- case: inherits
-- setup
CREATE TABLE parent (id bigint, note varchar(40));
-- run
ALTER TABLE clients INHERIT parent;
-- case: inherits_no_more
-- setup
CREATE TABLE parent (id bigint, note varchar(40));
ALTER TABLE clients INHERIT parent;
-- run
ALTER TABLE clients NO INHERIT parent;
-- case: inherited_column
-- probe: clients
-- setup
CREATE TABLE parent (id bigint, note varchar(40));
ALTER TABLE clients INHERIT parent;
-- run
ALTER TABLE parent ADD COLUMN x uuid DEFAULT gen_random_uuid();
-- case: inherited_check
-- probe: clients
-- setup
CREATE TABLE parent (id bigint, note varchar(40));
ALTER TABLE clients INHERIT parent;
-- run
ALTER TABLE parent ADD CHECK (id > 0);
-- case: partition_created
CREATE TABLE events_d PARTITION OF events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
-- case: partition_attached
ALTER TABLE events ATTACH PARTITION events_c FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- case: partition_attached_checked
-- setup
ALTER TABLE events_c ADD CONSTRAINT of_2026 CHECK (day IS NOT NULL AND day >= '2026-01-01' AND day < '2027-01-01');
-- run
ALTER TABLE events ATTACH PARTITION events_c FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- case: partition_attached_index_missing
-- setup
ALTER TABLE events_c ADD CONSTRAINT of_2026 CHECK (day IS NOT NULL AND day >= '2026-01-01' AND day < '2027-01-01');
CREATE INDEX events_kind ON events (kind);
-- run
ALTER TABLE events ATTACH PARTITION events_c FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- case: partition_attached_beside_default
-- setup
CREATE TABLE events_rest PARTITION OF events DEFAULT;
-- fill
INSERT INTO events_rest SELECT n, date '2030-01-01' + n % 300, 1, 'late' FROM generate_series(3000001, 4000000) n;
-- run
CREATE TABLE events_d PARTITION OF events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
-- case: partition_detached
ALTER TABLE events DETACH PARTITION events_b;
-- case: partition_detached_concurrently
ALTER TABLE events DETACH PARTITION events_b CONCURRENTLY;
-- case: partition_dropped
DROP TABLE events_b;
-- probe: events
-- case: view_created
CREATE VIEW rich AS SELECT * FROM clients WHERE amount > 10;
-- case: view_replaced
-- setup
CREATE VIEW europeans AS SELECT id, email, region, note FROM clients WHERE region = 'EU';
-- run
CREATE OR REPLACE VIEW europeans AS SELECT id, email, region, note FROM clients WHERE region = 'EU' AND level > 3;
-- case: materialized_view_created
CREATE MATERIALIZED VIEW regions AS SELECT region, count(*) FROM clients GROUP BY region;
-- case: materialized_view_refreshed
REFRESH MATERIALIZED VIEW balances;
-- case: materialized_view_refreshed_concurrently
REFRESH MATERIALIZED VIEW CONCURRENTLY balances;
-- case: materialized_view_emptied
REFRESH MATERIALIZED VIEW balances WITH NO DATA;
-- case: materialized_view_dropped
DROP MATERIALIZED VIEW balances;
-- case: trigger
CREATE TRIGGER t BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
-- case: trigger_disabled
-- setup
CREATE TRIGGER t BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
-- run
ALTER TABLE invoices DISABLE TRIGGER t;
-- case: trigger_dropped
-- setup
CREATE TRIGGER t BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
-- run
DROP TRIGGER t ON invoices;
-- case: row_security
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_of_them ON invoices USING (true);
-- case: comment
COMMENT ON TABLE invoices IS 'what clients owe';
COMMENT ON COLUMN invoices.total IS 'in cents';
-- case: grant
GRANT SELECT, UPDATE ON invoices TO PUBLIC;
-- case: owner
ALTER TABLE invoices OWNER TO CURRENT_USER;
-- case: function
-- probe: clients
CREATE FUNCTION one() RETURNS integer LANGUAGE sql RETURN 1;
-- case: extension
-- probe: clients
CREATE EXTENSION pg_trgm;
-- case: sequence
-- probe: clients
CREATE SEQUENCE numbers;
-- case: publication
CREATE PUBLICATION all_invoices FOR TABLE invoices;
-- case: rule
CREATE RULE nothing AS ON DELETE TO invoices DO INSTEAD NOTHING;
-- case: schema_dropped
-- setup
CREATE SCHEMA other;
ALTER TABLE invoices SET SCHEMA other;
-- run
DROP SCHEMA other CASCADE;
-- probe: clients
