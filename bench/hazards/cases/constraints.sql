-- case: check
ALTER TABLE invoices ADD CONSTRAINT positive CHECK (total >= 0);
-- case: check_not_valid
ALTER TABLE invoices ADD CONSTRAINT positive CHECK (total >= 0) NOT VALID;
-- case: check_validated
-- setup
ALTER TABLE invoices ADD CONSTRAINT positive CHECK (total >= 0) NOT VALID;
-- run
ALTER TABLE invoices VALIDATE CONSTRAINT positive;
-- case: check_added_and_validated_at_once
ALTER TABLE invoices ADD CONSTRAINT positive CHECK (total >= 0) NOT VALID;
ALTER TABLE invoices VALIDATE CONSTRAINT positive;
-- case: check_added_and_validated_apart
BEGIN;
ALTER TABLE invoices ADD CONSTRAINT positive CHECK (total >= 0) NOT VALID;
COMMIT;
BEGIN;
ALTER TABLE invoices VALIDATE CONSTRAINT positive;
COMMIT;
-- case: foreign_key
ALTER TABLE invoices ADD CONSTRAINT client FOREIGN KEY (client_id) REFERENCES clients;
-- case: foreign_key_not_valid
ALTER TABLE invoices ADD CONSTRAINT client FOREIGN KEY (client_id) REFERENCES clients NOT VALID;
-- case: foreign_key_validated
-- setup
ALTER TABLE invoices ADD CONSTRAINT client FOREIGN KEY (client_id) REFERENCES clients NOT VALID;
-- run
ALTER TABLE invoices VALIDATE CONSTRAINT client;
-- probe: invoices, clients
-- case: foreign_key_of_partitioned
-- setup
ALTER TABLE events ADD COLUMN client_id bigint DEFAULT 1;
-- run
ALTER TABLE events ADD CONSTRAINT client FOREIGN KEY (client_id) REFERENCES clients;
-- case: foreign_key_of_partitioned_not_valid
-- since: 18
-- setup
ALTER TABLE events ADD COLUMN client_id bigint DEFAULT 1;
-- run
ALTER TABLE events ADD CONSTRAINT client FOREIGN KEY (client_id) REFERENCES clients NOT VALID;
-- case: foreign_key_of_new_table
CREATE TABLE payments (id bigint PRIMARY KEY, client_id bigint REFERENCES clients, invoice_id integer REFERENCES invoices);
-- case: foreign_key_not_enforced
-- since: 18
ALTER TABLE invoices ADD CONSTRAINT client FOREIGN KEY (client_id) REFERENCES clients NOT ENFORCED;
-- case: unique
ALTER TABLE invoices ADD CONSTRAINT number_key UNIQUE (number);
-- case: unique_using_index
-- setup
CREATE UNIQUE INDEX number_key ON invoices (number);
-- run
ALTER TABLE invoices ADD CONSTRAINT number_key UNIQUE USING INDEX number_key;
-- case: primary_key_using_index
-- setup
ALTER TABLE invoices DROP CONSTRAINT invoices_pkey;
CREATE UNIQUE INDEX number_key ON invoices (number);
-- run
ALTER TABLE invoices ADD CONSTRAINT number_key PRIMARY KEY USING INDEX number_key;
-- case: primary_key_using_nullable_index
-- setup
ALTER TABLE clients DROP CONSTRAINT clients_pkey;
CREATE UNIQUE INDEX email_key ON clients (email);
-- run
ALTER TABLE clients ADD CONSTRAINT email_key PRIMARY KEY USING INDEX email_key;
-- case: primary_key
-- setup
ALTER TABLE invoices DROP CONSTRAINT invoices_pkey;
-- run
ALTER TABLE invoices ADD PRIMARY KEY (id);
-- case: primary_key_moved
ALTER TABLE invoices DROP CONSTRAINT invoices_pkey, ADD CONSTRAINT invoices_pkey PRIMARY KEY (number);
-- case: exclusion
ALTER TABLE invoices ADD CONSTRAINT one_number EXCLUDE USING btree (number WITH =);
-- case: constraint_dropped
ALTER TABLE invoices DROP CONSTRAINT invoices_pkey;
-- case: foreign_key_dropped
-- setup
ALTER TABLE invoices ADD CONSTRAINT client FOREIGN KEY (client_id) REFERENCES clients NOT VALID;
-- run
ALTER TABLE invoices DROP CONSTRAINT client;
-- probe: invoices, clients
-- case: constraint_renamed
ALTER TABLE invoices RENAME CONSTRAINT invoices_pkey TO invoices_key;
-- case: constraint_deferrable
-- setup
ALTER TABLE invoices ADD CONSTRAINT client FOREIGN KEY (client_id) REFERENCES clients NOT VALID;
-- run
ALTER TABLE invoices ALTER CONSTRAINT client DEFERRABLE INITIALLY DEFERRED;
-- case: check_on_partitioned
ALTER TABLE events ADD CONSTRAINT kind_there CHECK (kind >= 0);
-- case: check_on_partitioned_not_valid
ALTER TABLE events ADD CONSTRAINT kind_there CHECK (kind >= 0) NOT VALID;
-- case: unique_on_partitioned
ALTER TABLE events ADD CONSTRAINT one UNIQUE (day, id);
-- case: two_in_one_statement
ALTER TABLE clients ADD COLUMN x integer, ADD CONSTRAINT level_low CHECK (level < 1000);
