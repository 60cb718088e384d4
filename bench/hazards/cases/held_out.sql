-- case: ho_safe_not_null_in_one_file
ALTER TABLE clients ADD CONSTRAINT there CHECK (region IS NOT NULL) NOT VALID;
COMMIT;
ALTER TABLE clients VALIDATE CONSTRAINT there;
COMMIT;
ALTER TABLE clients ALTER COLUMN region SET NOT NULL;
-- case: ho_two_columns_one_statement
ALTER TABLE clients ADD COLUMN a integer, ADD COLUMN b uuid DEFAULT gen_random_uuid();
-- case: ho_type_and_back
ALTER TABLE clients ALTER COLUMN note TYPE varchar(80), ALTER COLUMN note SET DEFAULT 'x';
-- case: ho_only_parent
-- setup
CREATE TABLE archive (PRIMARY KEY (id)) INHERITS (clients);
-- run
ALTER TABLE ONLY clients ADD CONSTRAINT low CHECK (level < 1000) NO INHERIT;
-- case: ho_fk_to_itself
ALTER TABLE clients ADD COLUMN parent_id bigint;
ALTER TABLE clients ADD CONSTRAINT parent FOREIGN KEY (parent_id) REFERENCES clients;
-- case: ho_fk_between_small
-- probe: clients
CREATE TABLE tags (id bigint PRIMARY KEY);
CREATE TABLE client_tags (client_id bigint, tag_id bigint REFERENCES tags);
ALTER TABLE client_tags ADD FOREIGN KEY (client_id) REFERENCES clients;
-- case: ho_swap_index
CREATE INDEX CONCURRENTLY invoices_client2 ON invoices (client_id);
DROP INDEX invoices_client;
ALTER INDEX invoices_client2 RENAME TO invoices_client;
-- probe: invoices
-- case: ho_drop_create_index
DROP INDEX invoices_client;
CREATE INDEX invoices_client ON invoices (client_id, day);
-- case: ho_alter_after_drop
DROP TABLE events_c;
CREATE TABLE events_c AS SELECT * FROM events_a;
-- case: ho_create_like_insert
CREATE TABLE snapshot AS TABLE invoices;
ALTER TABLE snapshot ADD PRIMARY KEY (id);
-- case: ho_rename_then_copy
ALTER TABLE invoices RENAME TO invoices_old;
CREATE TABLE invoices (LIKE invoices_old INCLUDING ALL);
INSERT INTO invoices SELECT * FROM invoices_old;
-- case: ho_update_or
-- write: 1-2
UPDATE clients SET note = 'x' WHERE id = 1 OR id = 2;
-- case: ho_update_or_wide
UPDATE clients SET note = 'x' WHERE id = 1 OR level >= 0;
-- case: ho_update_subquery_one
-- write: 1000000-1000000
UPDATE clients SET note = 'x' WHERE id = (SELECT max(id) FROM clients);
-- case: ho_update_exists
UPDATE clients c SET note = 'x' WHERE EXISTS (SELECT 1 FROM invoices i WHERE i.client_id = c.id);
-- probe: clients
-- case: ho_update_negated_key
UPDATE clients SET note = 'x' WHERE id <> 5;
-- case: ho_update_cast_key
-- write: 7-7
UPDATE clients SET note = 'x' WHERE id = '7'::bigint;
-- case: ho_update_key_expression
UPDATE clients SET note = 'x' WHERE id % 2 = 1;
-- case: ho_update_from_cte
-- write: 1-10
WITH few AS (SELECT id FROM clients ORDER BY id LIMIT 10)
UPDATE clients SET note = 'x' FROM few WHERE few.id = clients.id;
-- case: ho_update_wrong_id
UPDATE clients SET note = 'x' FROM invoices WHERE invoices.id = 7 AND clients.level = 7 % 50;
-- probe: clients
-- write: 7-7
-- case: ho_delete_returning_cte
WITH gone AS (DELETE FROM invoices WHERE id <= 100 RETURNING id) SELECT count(*) FROM gone;
-- write: 1-100
-- case: ho_truncate_new
-- probe: clients
CREATE TABLE fresh (id bigint);
TRUNCATE fresh;
ALTER TABLE fresh ALTER COLUMN id TYPE integer;
-- case: ho_do_dynamic_index
DO $$ BEGIN EXECUTE format('CREATE INDEX %I ON %I (%I)', 'clients_region', 'clients', 'region'); END $$;
-- probe: clients
-- case: ho_do_count_then_alter
DO $$ DECLARE n bigint; BEGIN
    SELECT count(*) INTO n FROM clients WHERE email IS NULL;
    IF n = 0 THEN ALTER TABLE clients ALTER COLUMN email SET NOT NULL; END IF;
END $$;
-- case: ho_do_return_early
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM clients) THEN RETURN; END IF;
    ALTER TABLE clients ADD CONSTRAINT low CHECK (level < 1000);
END $$;
-- case: ho_do_information_schema
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 'clients' AND column_name = 'level'
               AND data_type = 'integer') THEN
        ALTER TABLE clients ALTER COLUMN level TYPE bigint;
    END IF;
END $$;
-- case: ho_do_loop_dynamic_rows
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT DISTINCT region FROM clients LOOP
        EXECUTE format('CREATE TABLE %I AS SELECT * FROM clients WHERE region = %L', 'region_' || r.region, r.region);
    END LOOP;
END $$;
-- case: ho_do_nested_function
-- setup
CREATE FUNCTION inner_one() RETURNS void LANGUAGE plpgsql AS 'BEGIN ALTER TABLE clients SET UNLOGGED; END';
CREATE FUNCTION outer_one() RETURNS void LANGUAGE plpgsql AS 'BEGIN PERFORM inner_one(); END';
-- run
SELECT outer_one();
-- probe: clients
-- case: ho_event_of_alter_default
ALTER TABLE clients ALTER COLUMN level SET DEFAULT 5, ALTER COLUMN level DROP NOT NULL;
-- case: ho_enum_default_in_use
ALTER TYPE mood ADD VALUE IF NOT EXISTS 'tired' BEFORE 'busy';
-- case: ho_lock_timeout_set
SET lock_timeout = '2s';
ALTER TABLE clients ADD COLUMN x integer;
RESET lock_timeout;
-- case: ho_serializable
BEGIN ISOLATION LEVEL SERIALIZABLE;
ALTER TABLE clients ADD COLUMN x integer DEFAULT 3;
COMMIT;
-- case: ho_materialized_unique_then_refresh
REFRESH MATERIALIZED VIEW CONCURRENTLY balances;
-- case: ho_view_on_view_drop
-- setup
CREATE VIEW v AS SELECT * FROM clients;
-- run
DROP VIEW v;
CREATE VIEW v AS SELECT id FROM clients;
-- probe: clients
-- case: ho_partition_of_with_index
CREATE TABLE events_d PARTITION OF events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
INSERT INTO events_d SELECT id, '2027-05-05', kind, note FROM events_c;
CREATE INDEX events_d_kind ON events_d (kind);
-- case: ho_detach_then_drop
ALTER TABLE events DETACH PARTITION events_b;
DROP TABLE events_b;
-- case: ho_trigger_function_replaced
-- probe: clients
CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := 'x'; UPDATE clients SET note = 'y'; RETURN NEW; END $$;
-- case: ho_copy_in_values
INSERT INTO options (name, value) SELECT 'k' || n, 'v' FROM generate_series(1, 100) n ON CONFLICT (name) DO UPDATE SET value = excluded.value;
-- case: ho_generated_jsonb_index
CREATE INDEX CONCURRENTLY clients_a ON clients ((extra ->> 'a'));
-- case: ho_set_not_null_and_check_dropped
-- setup
ALTER TABLE clients ADD CONSTRAINT there CHECK (region IS NOT NULL);
-- run
ALTER TABLE clients ALTER COLUMN region SET NOT NULL;
ALTER TABLE clients DROP CONSTRAINT there;
-- case: ho_check_dropped_then_not_null
-- setup
ALTER TABLE clients ADD CONSTRAINT there CHECK (region IS NOT NULL);
-- run
ALTER TABLE clients DROP CONSTRAINT there;
ALTER TABLE clients ALTER COLUMN region SET NOT NULL;
-- case: ho_timestamp_zone_set_for_session
SET timezone = 'UTC';
ALTER TABLE clients ALTER COLUMN seen TYPE timestamp;
-- case: ho_temp_table
CREATE TEMP TABLE work AS SELECT id FROM clients;
CREATE INDEX ON work (id);
ALTER TABLE clients ADD COLUMN x integer;
-- case: ho_temp_table_after
ALTER TABLE clients ADD COLUMN x integer;
CREATE TEMP TABLE work AS SELECT id FROM invoices;
-- case: ho_insert_new_children
CREATE TABLE payments (id bigserial PRIMARY KEY, client_id bigint NOT NULL REFERENCES clients);
INSERT INTO payments (client_id) SELECT id FROM clients;
-- case: ho_commented_out
-- ALTER TABLE clients ALTER COLUMN level TYPE bigint;
/* DROP TABLE clients; UPDATE clients SET note = 'x'; */
COMMENT ON TABLE clients IS 'UPDATE clients SET note = ''x''; TRUNCATE clients;';
