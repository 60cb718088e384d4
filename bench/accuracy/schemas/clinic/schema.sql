-- A clinic: wide rows, hash and list partitions, a queue, a materialized view, ranges, domains.
CREATE DOMAIN mrn AS text CHECK (VALUE ~ '^M[0-9]+$');
CREATE TYPE severity AS ENUM ('info', 'low', 'medium', 'high', 'critical');
CREATE TABLE wards (id smallint PRIMARY KEY, name text NOT NULL, floor smallint NOT NULL);
CREATE TABLE patients (
    id integer PRIMARY KEY,
    record mrn NOT NULL UNIQUE,
    family_name text NOT NULL,
    given_name text NOT NULL,
    born_on date NOT NULL,
    city text,
    phones text[] NOT NULL DEFAULT '{}',
    flags jsonb NOT NULL DEFAULT '{}',
    is_active boolean NOT NULL,
    merged_into integer REFERENCES patients
);
CREATE TABLE visits (
    id bigint PRIMARY KEY,
    patient_id integer NOT NULL REFERENCES patients,
    ward_id smallint NOT NULL REFERENCES wards,
    doctor_id integer NOT NULL,
    stay tstzrange NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    outcome text,
    cost numeric(12, 2) NOT NULL,
    remarks text
);
CREATE TABLE results (
    patient_id integer NOT NULL,
    id bigint NOT NULL,
    code varchar(16) NOT NULL,
    value double precision,
    grade severity NOT NULL,
    measured_at timestamptz NOT NULL,
    reviewed_by integer,
    PRIMARY KEY (patient_id, id)
) PARTITION BY HASH (patient_id);
CREATE TABLE results_0 PARTITION OF results FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE results_1 PARTITION OF results FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE results_2 PARTITION OF results FOR VALUES WITH (MODULUS 3, REMAINDER 2);
CREATE TABLE orders (
    id bigint NOT NULL,
    region text NOT NULL,
    visit_id bigint,
    item text NOT NULL,
    placed_at timestamptz NOT NULL,
    quantity integer NOT NULL,
    PRIMARY KEY (region, id)
) PARTITION BY LIST (region);
CREATE TABLE orders_north PARTITION OF orders FOR VALUES IN ('north', 'arctic');
CREATE TABLE orders_south PARTITION OF orders FOR VALUES IN ('south');
CREATE TABLE orders_other PARTITION OF orders DEFAULT;
CREATE TABLE jobs (
    id bigint PRIMARY KEY,
    queue text NOT NULL,
    run_after timestamptz NOT NULL,
    attempts smallint NOT NULL,
    locked_by text,
    done_at timestamptz,
    payload jsonb
);
CREATE MATERIALIZED VIEW ward_days AS
SELECT ward_id, started_at::date AS day, count(*) AS visits, sum(cost) AS cost FROM visits GROUP BY 1, 2;
