-- case: int_to_bigint
ALTER TABLE clients ALTER COLUMN level TYPE bigint;
-- case: varchar_wider
ALTER TABLE clients ALTER COLUMN note TYPE varchar(80);
-- case: varchar_narrower
ALTER TABLE clients ALTER COLUMN note TYPE varchar(30);
-- case: varchar_to_text
ALTER TABLE clients ALTER COLUMN note TYPE text;
-- case: text_to_varchar
ALTER TABLE clients ALTER COLUMN email TYPE varchar(100);
-- case: text_to_unbounded_varchar
ALTER TABLE clients ALTER COLUMN email TYPE varchar;
-- case: numeric_wider
ALTER TABLE clients ALTER COLUMN amount TYPE numeric(14, 2);
-- case: numeric_scale
ALTER TABLE clients ALTER COLUMN amount TYPE numeric(14, 4);
-- case: numeric_unbounded
ALTER TABLE clients ALTER COLUMN amount TYPE numeric;
-- case: timestamp_precision_up
ALTER TABLE clients ALTER COLUMN born TYPE timestamp(6);
-- case: timestamp_precision_down
ALTER TABLE clients ALTER COLUMN born TYPE timestamp(0);
-- case: timestamp_to_timestamptz
ALTER TABLE clients ALTER COLUMN born TYPE timestamptz(3);
-- case: timestamptz_to_timestamp
ALTER TABLE clients ALTER COLUMN seen TYPE timestamp;
-- case: timestamp_to_timestamptz_in_utc
SET LOCAL timezone = 'UTC';
ALTER TABLE clients ALTER COLUMN seen TYPE timestamp;
-- case: timestamp_to_timestamptz_in_utc_indexed
SET LOCAL timezone = 'UTC';
ALTER TABLE clients ALTER COLUMN born TYPE timestamptz(3);
-- case: timestamp_at_utc
ALTER TABLE clients ALTER COLUMN seen TYPE timestamp USING seen AT TIME ZONE 'UTC';
-- case: text_to_jsonb
ALTER TABLE clients ALTER COLUMN extra TYPE json;
-- case: text_to_enum
-- setup
CREATE TYPE area AS ENUM ('EU', 'US', 'ASIA', 'AFRICA');
-- run
ALTER TABLE clients ALTER COLUMN region TYPE area USING region::area;
-- case: enum_to_text
ALTER TABLE clients ALTER COLUMN feeling DROP DEFAULT;
ALTER TABLE clients ALTER COLUMN feeling TYPE text;
-- case: enum_value_added
ALTER TYPE mood ADD VALUE 'sad';
-- case: enum_value_renamed
ALTER TYPE mood RENAME VALUE 'angry' TO 'cross';
-- case: enum_rebuilt_as_prisma_does
BEGIN;
CREATE TYPE mood_new AS ENUM ('calm', 'busy');
ALTER TABLE clients ALTER COLUMN feeling DROP DEFAULT;
ALTER TABLE clients ALTER COLUMN feeling TYPE mood_new USING (feeling::text::mood_new);
ALTER TYPE mood RENAME TO mood_old;
ALTER TYPE mood_new RENAME TO mood;
DROP TYPE mood_old;
ALTER TABLE clients ALTER COLUMN feeling SET DEFAULT 'calm';
COMMIT;
-- case: indexed_column_to_text
-- setup
CREATE INDEX clients_note ON clients (note);
-- run
ALTER TABLE clients ALTER COLUMN note TYPE text;
-- case: collation_changed
ALTER TABLE clients ALTER COLUMN email TYPE text COLLATE "C";
-- case: collation_changed_indexed
-- setup
CREATE INDEX clients_email ON clients (email);
-- run
ALTER TABLE clients ALTER COLUMN email TYPE text COLLATE "C";
-- case: same_type
ALTER TABLE clients ALTER COLUMN level TYPE integer;
-- case: same_type_using
ALTER TABLE clients ALTER COLUMN level TYPE integer USING level + 1;
-- case: domain_to_its_base
ALTER TABLE clients ALTER COLUMN share TYPE integer;
-- case: base_to_domain
ALTER TABLE clients ALTER COLUMN level TYPE percent;
-- case: base_to_plain_domain
-- setup
CREATE DOMAIN word AS text;
-- run
ALTER TABLE clients ALTER COLUMN email TYPE word;
-- case: domain_constraint
ALTER DOMAIN percent ADD CONSTRAINT small CHECK (VALUE <= 100);
-- probe: clients
-- case: domain_constraint_not_valid
-- probe: clients
ALTER DOMAIN percent ADD CONSTRAINT small CHECK (VALUE <= 100) NOT VALID;
-- case: domain_constraint_validated
-- probe: clients
-- setup
ALTER DOMAIN percent ADD CONSTRAINT small CHECK (VALUE <= 100) NOT VALID;
-- run
ALTER DOMAIN percent VALIDATE CONSTRAINT small;
-- case: domain_not_null
-- probe: clients
ALTER DOMAIN percent SET NOT NULL;
-- case: domain_default
-- probe: clients
ALTER DOMAIN percent SET DEFAULT 3;
-- case: char_to_varchar
-- setup
ALTER TABLE clients ADD COLUMN code char(4) DEFAULT 'abcd';
-- run
ALTER TABLE clients ALTER COLUMN code TYPE varchar(4);
-- case: varbit_wider
-- setup
ALTER TABLE clients ADD COLUMN bits varbit(8) DEFAULT '1';
-- run
ALTER TABLE clients ALTER COLUMN bits TYPE varbit(16);
-- case: interval_precision
-- setup
ALTER TABLE clients ADD COLUMN pause interval(3) DEFAULT '1 day';
-- run
ALTER TABLE clients ALTER COLUMN pause TYPE interval;
-- case: partitioned_type
ALTER TABLE events ALTER COLUMN kind TYPE bigint;
