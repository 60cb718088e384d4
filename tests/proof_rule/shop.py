"""A database for the rule's tests: a table of every kind that a construct needs, and how big production is."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from pgready.catalog.names import ObjectName
from pgready.embedded import EmbeddedServer
from pgready.postgres.proving.proving_ground import Ground, proving_ground
from pgready.project.url import parse
from pgready.proof.profile import ColumnProfile, Profile, TableProfile

DDL = """
CREATE TYPE status AS ENUM ('draft', 'open', 'paid', 'void');
CREATE TABLE countries (code char(2) PRIMARY KEY, name text NOT NULL);
CREATE TABLE tenants (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE clients (
    id bigint PRIMARY KEY, tenant_id bigint NOT NULL REFERENCES tenants, email text NOT NULL, country char(2),
    referrer_id bigint REFERENCES clients, deleted_at timestamptz);
CREATE INDEX clients_tenant ON clients (tenant_id);
CREATE UNIQUE INDEX clients_email ON clients (lower(email));
CREATE TABLE invoices (
    id bigint PRIMARY KEY, client_id bigint NOT NULL REFERENCES clients, number text NOT NULL UNIQUE,
    status status NOT NULL, issued_at timestamptz NOT NULL, due_on date, total numeric NOT NULL, doc jsonb NOT NULL,
    labels text[] NOT NULL, search tsvector NOT NULL, note text NOT NULL, is_test boolean NOT NULL);
CREATE INDEX invoices_client_issued ON invoices (client_id, issued_at DESC, id DESC);
CREATE INDEX invoices_issued ON invoices (issued_at DESC, id DESC);
CREATE INDEX invoices_status ON invoices (status, issued_at);
CREATE INDEX invoices_draft ON invoices (due_on) WHERE status = 'draft';
CREATE INDEX invoices_doc ON invoices USING gin (doc);
CREATE INDEX invoices_labels ON invoices USING gin (labels);
CREATE INDEX invoices_search ON invoices USING gin (search);
CREATE INDEX invoices_note ON invoices (note text_pattern_ops);
CREATE TABLE lines (
    invoice_id bigint NOT NULL REFERENCES invoices ON DELETE CASCADE, line_no int NOT NULL, sku text NOT NULL,
    amount numeric NOT NULL, PRIMARY KEY (invoice_id, line_no));
CREATE TABLE payments (
    id bigint PRIMARY KEY, invoice_id bigint NOT NULL REFERENCES invoices, paid_at timestamptz NOT NULL);
CREATE INDEX payments_paid ON payments (paid_at);
CREATE TABLE events (
    tenant_id bigint NOT NULL, at timestamptz NOT NULL, id bigint NOT NULL, kind text NOT NULL,
    PRIMARY KEY (tenant_id, at, id)) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');
CREATE TABLE events_3 PARTITION OF events FOR VALUES FROM ('2024-03-01') TO ('2024-04-01');
CREATE TABLE members (tenant_id bigint NOT NULL, id bigint NOT NULL, role text NOT NULL, PRIMARY KEY (tenant_id, id))
    PARTITION BY HASH (tenant_id);
CREATE TABLE members_0 PARTITION OF members FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE members_1 PARTITION OF members FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE bookings (id bigint PRIMARY KEY, during tstzrange NOT NULL, place point NOT NULL);
CREATE INDEX bookings_during ON bookings USING gist (during);
CREATE INDEX bookings_place ON bookings USING gist (place);
CREATE TABLE logs (at timestamptz NOT NULL, level text NOT NULL, message text NOT NULL);
CREATE INDEX logs_at ON logs USING brin (at);
CREATE INDEX logs_level ON logs USING hash (level);
CREATE TABLE secrets (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, made_at timestamptz NOT NULL);
CREATE INDEX secrets_made ON secrets (made_at);
ALTER TABLE secrets ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON secrets USING (tenant_id = current_setting('app.tenant')::bigint);
CREATE MATERIALIZED VIEW totals AS SELECT client_id, sum(total) AS total FROM invoices GROUP BY client_id;
CREATE UNIQUE INDEX totals_client ON totals (client_id);
CREATE VIEW open_invoices AS SELECT * FROM invoices WHERE status = 'open';
CREATE FUNCTION balance(bigint) RETURNS numeric LANGUAGE plpgsql STABLE AS $$
    BEGIN RETURN (SELECT sum(total) FROM invoices WHERE client_id = $1); END $$;
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN UPDATE clients SET email = email WHERE tenant_id = NEW.id; RETURN NEW; END $$;
CREATE TRIGGER tell AFTER UPDATE ON tenants FOR EACH ROW EXECUTE FUNCTION tell();
CREATE FUNCTION fold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.email := lower(NEW.email); RETURN NEW; END $$;
CREATE TRIGGER fold BEFORE UPDATE ON clients FOR EACH ROW EXECUTE FUNCTION fold();
"""

EVEN = 0.00001


def _table(name: str, rows: int, *columns: ColumnProfile, grows: bool = True, pages: int | None = None) -> TableProfile:
    return TableProfile(ObjectName("public", name), rows, pages, grows, columns)


def profile(*, client_share: float | None = EVEN, tenant_share: float | None = 0.1) -> Profile:
    """Production: a million invoices; the commonest client and tenant have these shares, None for unknown ones."""
    return Profile(
        (
            _table("countries", 200, grows=False),
            _table("tenants", 1_000),
            _table(
                "clients",
                100_000,
                ColumnProfile("tenant_id", 1_000, 0, top_share=tenant_share),
                ColumnProfile("deleted_at", 1_000, 0.95),
                ColumnProfile("country", 100, 0, top_share=0.4),
                ColumnProfile("referrer_id", 20_000, 0.5),
            ),
            _table(
                "invoices",
                1_000_000,
                ColumnProfile("client_id", 100_000, 0, top_share=client_share),
                ColumnProfile("status", 4, 0, frequencies=(("paid", 0.9), ("open", 0.09), ("void", 0.0099), ("draft", 0.0001))),
                ColumnProfile("issued_at", -0.9, 0, correlation=0.99, top_share=0.000001),
                ColumnProfile("due_on", 1_000, 0.1),
                ColumnProfile("is_test", 2, 0, frequencies=(("f", 0.999), ("t", 0.001))),
            ),
            _table("lines", 3_000_000, ColumnProfile("invoice_id", 1_000_000, 0, correlation=1, top_share=0.000001)),
            _table("payments", 900_000, ColumnProfile("invoice_id", -1, 0)),
            _table("events", 6_000_000, ColumnProfile("tenant_id", 1_000, 0), ColumnProfile("at", -0.9, 0, correlation=0.99)),
            _table("members", 500_000, ColumnProfile("tenant_id", 1_000, 0, top_share=0.001)),
            _table("bookings", 1_000_000),
            _table("logs", 5_000_000, ColumnProfile("at", -0.9, 0, correlation=1.0), ColumnProfile("level", 5, 0, top_share=0.9)),
            _table("secrets", 1_000_000, ColumnProfile("made_at", -0.9, 0, top_share=0.000001)),
            _table("totals", 400_000),
        )
    )  # fmt: skip


@contextmanager
def on_a_ground(server: EmbeddedServer, name: str) -> Iterator[Ground]:
    """The shop in an empty database of this name, at production size; dropped afterwards."""
    with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    try:
        with psycopg.connect(server.url(name, tcp=False), autocommit=True) as connection:
            connection.execute(DDL)
        with proving_ground(parse(server.url(name, tcp=False)), is_ours=True) as ground:
            ground.size(profile())
            yield ground
    finally:
        with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
