-- case: update_all
UPDATE clients SET region = 'EU';
-- case: update_some
UPDATE clients SET note = 'x' WHERE level = 7;
-- write: 7-999957
-- case: update_by_key
-- write: 7-7
UPDATE clients SET note = 'x' WHERE id = 7;
-- case: update_by_keys
-- write: 1-3
UPDATE clients SET note = 'x' WHERE id IN (1, 2, 3);
-- case: update_by_array
-- write: 1-3
UPDATE clients SET note = 'x' WHERE id = ANY ('{1,2,3}');
-- case: update_by_range
-- write: 1-100
UPDATE clients SET note = 'x' WHERE id BETWEEN 1 AND 100;
-- case: update_by_wide_range
-- write: 1-900000
UPDATE clients SET note = 'x' WHERE id BETWEEN 1 AND 900000;
-- case: update_from_values
-- write: 1-2
UPDATE clients SET note = v.note FROM (VALUES (1, 'a'), (2, 'b')) v (id, note) WHERE clients.id = v.id;
-- case: update_from_table
UPDATE clients SET amount = invoices.total FROM invoices WHERE invoices.client_id = clients.id;
-- probe: clients
-- case: update_limited
-- write: 1-1000
UPDATE clients SET note = 'x' WHERE id IN (SELECT id FROM clients ORDER BY id LIMIT 1000);
-- case: update_view
-- probe: clients
-- setup
CREATE VIEW europeans AS SELECT id, email, region, note FROM clients WHERE region = 'EU';
-- run
UPDATE europeans SET note = 'x';
-- case: update_renamed
ALTER TABLE options RENAME TO choices;
UPDATE clients SET note = 'x' WHERE level < 25;
-- case: update_nothing
UPDATE clients SET note = 'x' WHERE false;
-- case: update_small_table
-- probe: clients
UPDATE options SET value = 'x' WHERE name = 'page';
-- case: delete_all
DELETE FROM invoices;
-- case: delete_by_key
DELETE FROM invoices WHERE id = 5;
-- case: delete_old
DELETE FROM invoices WHERE day < '2025-01-01';
-- case: delete_using
DELETE FROM invoices USING clients WHERE clients.id = invoices.client_id AND clients.level = 3;
-- probe: invoices
-- write: 1-1000000
-- case: delete_partitioned
DELETE FROM events WHERE kind = 3;
-- case: insert_values
INSERT INTO clients (id, email) VALUES (2000001, 'a@example.com'), (2000002, 'b@example.com');
-- case: insert_select
INSERT INTO events_c SELECT id + 9000000, day, kind, note FROM events_a;
-- case: insert_upsert_values
-- write: 1-1
INSERT INTO clients (id, email) VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET email = excluded.email;
-- case: insert_upsert_select
INSERT INTO clients (id, email) SELECT client_id, max(number) FROM invoices GROUP BY client_id
    ON CONFLICT (id) DO UPDATE SET email = excluded.email;
-- probe: clients
-- case: insert_upsert_nothing
INSERT INTO clients (id, email) SELECT client_id, max(number) FROM invoices GROUP BY client_id ON CONFLICT DO NOTHING;
-- probe: clients
-- case: with_delete_insert
CREATE TABLE archive (LIKE invoices);
WITH gone AS (DELETE FROM invoices WHERE day < '2025-01-01' RETURNING *) INSERT INTO archive SELECT * FROM gone;
-- case: with_two_updates
WITH one AS (UPDATE options SET value = 'x' WHERE name = 'page' RETURNING value)
UPDATE clients SET note = one.value FROM one;
-- case: merge
-- since: 15
MERGE INTO clients c USING invoices i ON i.id = c.id WHEN MATCHED THEN UPDATE SET amount = i.total;
-- case: merge_values
-- since: 15
-- write: 1-2
MERGE INTO clients c USING (VALUES (1, 'a'), (2, 'b')) v (id, note) ON v.id = c.id
    WHEN MATCHED THEN UPDATE SET note = v.note;
-- case: select_for_update
SELECT count(*) FROM (SELECT id FROM clients FOR UPDATE) x;
-- case: select
SELECT count(*) FROM clients WHERE level = 3;
-- case: copy_out
COPY (SELECT * FROM clients) TO '/dev/null';
-- case: delete_duplicates
DELETE FROM invoices a USING invoices b WHERE a.id > b.id AND a.number = b.number;
-- case: update_generated_key
UPDATE invoices SET number = 'N' || id;
