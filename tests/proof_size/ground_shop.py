"""A database with something of everything that can have a size, and what a profile says of it."""

from pgready.catalog.names import ObjectName
from pgready.proof.profile import ColumnProfile, Profile, TableProfile

DDL = """
CREATE TYPE status AS ENUM ('draft', 'open', 'paid');
CREATE TYPE point_3d AS (x float8, y float8, z float8);
CREATE DOMAIN email AS text;
CREATE DOMAIN work_email AS email;
CREATE TABLE countries (code char(2) PRIMARY KEY, name text NOT NULL);
CREATE TABLE clients (
    id bigserial PRIMARY KEY, name text NOT NULL, email work_email, tags text[], country char(2) REFERENCES countries,
    place point, home point_3d, ip inet, net cidr, bits bit varying(64), amount money, unit interval
);
CREATE TABLE invoices (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), client_id bigint NOT NULL REFERENCES clients,
    status status NOT NULL DEFAULT 'draft', is_paid boolean NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz, data jsonb, search tsvector, span int4range, number numeric(12, 2), note varchar(20),
    doubled numeric GENERATED ALWAYS AS (number * 2) STORED
);
CREATE INDEX invoices_client ON invoices (client_id, created_at DESC) INCLUDE (status);
CREATE INDEX invoices_open ON invoices (created_at) WHERE deleted_at IS NULL;
CREATE INDEX invoices_due ON invoices (client_id) WHERE status = 'open' AND NOT is_paid;
CREATE INDEX invoices_data ON invoices USING gin (data);
CREATE INDEX invoices_search ON invoices USING gin (search);
CREATE INDEX invoices_span ON invoices USING gist (span);
CREATE INDEX invoices_made ON invoices USING brin (created_at);
CREATE INDEX invoices_hash ON invoices USING hash (client_id);
CREATE INDEX clients_name ON clients USING spgist (name);
CREATE INDEX clients_lower ON clients (lower(name));
CREATE TABLE lines (
    invoice_id uuid NOT NULL REFERENCES invoices, number int NOT NULL, text text, PRIMARY KEY (invoice_id, number)
);
CREATE TABLE events (id bigint, at date NOT NULL, client_id bigint REFERENCES clients) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')
    PARTITION BY LIST (client_id);
CREATE TABLE events_2025_few PARTITION OF events_2025 FOR VALUES IN (1, 2);
CREATE TABLE events_2025_rest PARTITION OF events_2025 DEFAULT;
CREATE TABLE events_rest PARTITION OF events DEFAULT;
CREATE INDEX events_client ON events (client_id, at);
CREATE TABLE places (id int PRIMARY KEY, name text);
CREATE TABLE cities (population int) INHERITS (places);
CREATE UNLOGGED TABLE visits (id bigint GENERATED ALWAYS AS IDENTITY, at timestamp, path text) WITH (fillfactor = 70);
CREATE MATERIALIZED VIEW totals AS SELECT client_id, count(*) AS count FROM invoices GROUP BY client_id;
CREATE UNIQUE INDEX totals_client ON totals (client_id);
"""


def named(table: str, rows: float, *columns: ColumnProfile, **more: object) -> TableProfile:
    """A table of the schema public."""
    return TableProfile(ObjectName("public", table), rows, columns=columns, **more)  # type: ignore[arg-type]  # of several types


PROFILE = Profile(
    (
        named("countries", 200, grows=False),
        named("clients", 20_000),
        named(
            "invoices",
            2_000_000,
            ColumnProfile("status", frequencies=(("draft", 0.1), ("open", 0.2), ("paid", 0.7))),
            ColumnProfile("is_paid", frequencies=(("t", 0.7), ("f", 0.3))),
            ColumnProfile("client_id", distinct=15_000),
            ColumnProfile("deleted_at", null_fraction=0.75),
        ),
        named("lines", 5_000_000),
        named("events", 900_000),
        named("places", 1_000),
        named("cities", 30_000),
        named("visits", 400_000),
        named("totals", 15_000),
    )
)
