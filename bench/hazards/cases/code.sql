-- case: do_alter
DO $$ BEGIN ALTER TABLE clients ALTER COLUMN level TYPE bigint; END $$;
-- case: do_execute
DO $$ BEGIN EXECUTE 'ALTER TABLE clients ALTER COLUMN email SET NOT NULL'; END $$;
-- case: do_column
DO $$ BEGIN ALTER TABLE clients ADD COLUMN x integer; END $$;
-- case: do_update
DO $$ BEGIN UPDATE clients SET note = 'x'; END $$;
-- case: do_update_by_key
-- write: 7-7
DO $$ BEGIN UPDATE clients SET note = 'x' WHERE id = 7; END $$;
-- case: do_update_by_variable
-- write: 7-7
DO $$ DECLARE wanted bigint := 7; BEGIN UPDATE clients SET note = 'x' WHERE id = wanted; END $$;
-- case: do_loop
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT id FROM clients WHERE level = 7 LOOP UPDATE clients SET note = 'x' WHERE id = r.id; END LOOP;
END $$;
-- write: 7-999957
-- case: do_loop_batches
-- alone: 0
DO $$ DECLARE done integer := 0; BEGIN
    WHILE done < 1000000 LOOP
        UPDATE clients SET note = 'x' WHERE id > done AND id <= done + 1000;
        done := done + 1000;
        COMMIT;
    END LOOP;
END $$;
-- case: do_if_rows
DO $$ BEGIN
    IF EXISTS (SELECT FROM clients WHERE level > 3) THEN
        ALTER TABLE clients ALTER COLUMN level TYPE bigint;
    END IF;
END $$;
-- case: do_if_no_constraint
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'client') THEN
        ALTER TABLE invoices ADD CONSTRAINT client FOREIGN KEY (client_id) REFERENCES clients;
    END IF;
END $$;
-- case: do_if_constraint_there
-- setup
ALTER TABLE invoices ADD CONSTRAINT client FOREIGN KEY (client_id) REFERENCES clients NOT VALID;
-- run
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'client') THEN
        ALTER TABLE invoices ADD CONSTRAINT client FOREIGN KEY (client_id) REFERENCES clients;
    END IF;
END $$;
-- case: do_exception
DO $$ BEGIN
    ALTER TABLE clients ADD CONSTRAINT low CHECK (level < 1000);
EXCEPTION WHEN duplicate_object THEN NULL;
END $$;
-- case: do_type
-- probe: clients
DO $$ BEGIN CREATE TYPE area AS ENUM ('EU'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;
-- case: do_reads
DO $$ BEGIN PERFORM count(*) FROM clients; END $$;
-- case: do_insert
DO $$ BEGIN INSERT INTO clients (id, email) VALUES (3000001, 'x'); END $$;
-- case: do_insert_select
DO $$ BEGIN INSERT INTO events_c SELECT id + 9000000, day, kind, note FROM events_a; END $$;
-- case: function_called
-- probe: clients
-- setup
CREATE FUNCTION widen() RETURNS void LANGUAGE plpgsql AS 'BEGIN ALTER TABLE clients ALTER COLUMN level TYPE bigint; END';
-- run
SELECT widen();
-- case: function_updates
-- probe: clients
-- setup
CREATE FUNCTION fill() RETURNS void LANGUAGE sql AS 'UPDATE clients SET note = ''x''';
-- run
SELECT fill();
-- case: function_updates_one
-- probe: clients
-- write: 7-7
-- setup
CREATE FUNCTION fill(bigint) RETURNS void LANGUAGE sql AS 'UPDATE clients SET note = ''x'' WHERE id = $1';
-- run
SELECT fill(7);
-- case: function_updates_each
-- setup
CREATE FUNCTION fill(bigint) RETURNS void LANGUAGE sql AS 'UPDATE clients SET note = ''x'' WHERE id = $1';
-- run
SELECT count(fill(id)) FROM clients WHERE level < 25;
-- case: function_made_and_called
CREATE FUNCTION widen() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE clients ALTER COLUMN level TYPE bigint; END $$;
SELECT widen();
DROP FUNCTION widen();
-- case: procedure_called
-- probe: clients
-- setup
CREATE PROCEDURE check_emails() LANGUAGE plpgsql AS 'BEGIN ALTER TABLE clients ALTER COLUMN email SET NOT NULL; END';
-- run
CALL check_emails();
-- case: procedure_commits
-- probe: clients
-- alone: 0
-- setup
CREATE PROCEDURE check_emails() LANGUAGE plpgsql AS 'BEGIN COMMIT; ALTER TABLE clients ALTER COLUMN email SET NOT NULL; COMMIT; END';
-- run
CALL check_emails();
-- case: prepared
PREPARE p AS UPDATE clients SET note = 'x';
EXECUTE p;
-- case: explained
EXPLAIN ANALYZE UPDATE clients SET note = 'x';
-- case: do_over_all_tables
-- probe: clients, invoices
DO $$ DECLARE t record; BEGIN
    FOR t IN SELECT c.relname FROM pg_class c WHERE relkind = 'r' AND relname IN ('clients', 'invoices') LOOP
        EXECUTE format('ALTER TABLE %I ADD COLUMN touched timestamptz DEFAULT clock_timestamp()', t.relname);
    END LOOP;
END $$;
-- case: trigger_that_updates
-- probe: clients
-- setup
CREATE FUNCTION on_option() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN UPDATE clients SET note = new.value; RETURN new; END';
CREATE TRIGGER t AFTER UPDATE ON options FOR EACH ROW EXECUTE FUNCTION on_option();
-- run
UPDATE options SET value = 'x' WHERE name = 'page';
