"""A bad and a good example of every hazard: the page of hazards shows them, and a test traces each on every version."""

from __future__ import annotations

from dataclasses import dataclass

GROUND = """\
CREATE TABLE clients (id bigint PRIMARY KEY, email text, region text, joined timestamp(3));
CREATE TABLE invoices (id bigint PRIMARY KEY, client_id bigint, number text, total integer, note varchar(40));
CREATE INDEX invoices_client ON invoices (client_id);
CREATE MATERIALIZED VIEW totals AS SELECT client_id, count(*) AS invoices FROM invoices GROUP BY client_id;
CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);
CREATE TABLE events_2026 (id bigint, at date);
"""
"""The database that the examples run on."""


@dataclass(frozen=True, slots=True)
class Example:
    """`bad` is one migration that has the hazard `id`; `good` are migrations that do the same without it.

    `since` is the first PostgreSQL version that knows the statements of `good`.
    """

    id: str
    bad: str
    good: tuple[str, ...]
    since: int = 14


EXAMPLES: tuple[Example, ...] = (
    Example(
        "H001",
        "ALTER TABLE invoices ALTER COLUMN total TYPE bigint;",
        (
            "ALTER TABLE invoices ADD COLUMN total_big bigint;",
            "-- pgready: backfill key=id\nUPDATE invoices SET total_big = total WHERE total_big IS NULL;",
        ),
    ),
    Example(
        "H001",
        "ALTER TABLE clients ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();",
        (
            "ALTER TABLE clients ADD COLUMN token uuid;\n"
            "ALTER TABLE clients ALTER COLUMN token SET DEFAULT gen_random_uuid();",
        ),
    ),
    # Rewritten under any time zone but UTC, and the server may have another; under UTC too if a precision is given.
    Example(
        "H001",
        "ALTER TABLE clients ALTER COLUMN joined TYPE timestamptz;",
        ("SET LOCAL timezone = 'UTC';\nALTER TABLE clients ALTER COLUMN joined TYPE timestamptz;",),
    ),
    Example("H001", "VACUUM FULL invoices;", ("VACUUM invoices;",)),
    Example(
        "H002",
        "ALTER TABLE invoices ALTER COLUMN client_id SET NOT NULL;",
        (
            "ALTER TABLE invoices ADD CONSTRAINT invoices_client_set CHECK (client_id IS NOT NULL) NOT VALID;",
            "ALTER TABLE invoices VALIDATE CONSTRAINT invoices_client_set;",
            "ALTER TABLE invoices ALTER COLUMN client_id SET NOT NULL;\n"
            "ALTER TABLE invoices DROP CONSTRAINT invoices_client_set;",
        ),
    ),
    Example(
        "H002",
        "ALTER TABLE invoices ALTER COLUMN number SET NOT NULL;",
        (
            "ALTER TABLE invoices ADD CONSTRAINT invoices_number_set NOT NULL number NOT VALID;",
            "ALTER TABLE invoices VALIDATE CONSTRAINT invoices_number_set;",
        ),
        since=18,
    ),
    Example(
        "H002",
        "ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');",
        (
            "ALTER TABLE events_2026 ADD CONSTRAINT of_2026 CHECK"
            " (at IS NOT NULL AND at >= '2026-01-01' AND at < '2027-01-01') NOT VALID;",
            "ALTER TABLE events_2026 VALIDATE CONSTRAINT of_2026;",
            "ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');",
        ),
    ),
    Example(
        "H003",
        "ALTER TABLE invoices ADD CONSTRAINT invoices_client_fk FOREIGN KEY (client_id) REFERENCES clients;",
        (
            "ALTER TABLE invoices ADD CONSTRAINT invoices_client_fk"
            " FOREIGN KEY (client_id) REFERENCES clients NOT VALID;",
            "ALTER TABLE invoices VALIDATE CONSTRAINT invoices_client_fk;",
        ),
    ),
    Example(
        "H004",
        "CREATE INDEX invoices_number ON invoices (number);",
        ("CREATE INDEX CONCURRENTLY invoices_number ON invoices (number);",),
    ),
    Example(
        "H005",
        "ALTER TABLE invoices ADD CONSTRAINT invoices_number_key UNIQUE (number);",
        (
            "CREATE UNIQUE INDEX CONCURRENTLY invoices_number_key ON invoices (number);",
            "ALTER TABLE invoices ADD CONSTRAINT invoices_number_key UNIQUE USING INDEX invoices_number_key;",
        ),
    ),
    Example("H006", "REINDEX INDEX invoices_client;", ("REINDEX INDEX CONCURRENTLY invoices_client;",)),
    Example(
        "H007",
        "REFRESH MATERIALIZED VIEW totals;",
        (
            "CREATE UNIQUE INDEX CONCURRENTLY totals_client ON totals (client_id);",
            "REFRESH MATERIALIZED VIEW CONCURRENTLY totals;",
        ),
    ),
    Example(
        "H008",
        "TRUNCATE invoices CASCADE;",
        ("-- pgready: backfill key=id\nDELETE FROM invoices;",),
    ),
    Example(
        "H009",
        "ALTER TABLE invoices ADD COLUMN paid boolean;\nCREATE TABLE regions AS SELECT DISTINCT region FROM clients;",
        (
            "ALTER TABLE invoices ADD COLUMN paid boolean;",
            "CREATE TABLE regions AS SELECT DISTINCT region FROM clients;",
        ),
    ),
    Example(
        "H010",
        "UPDATE clients SET region = 'EU' WHERE region IS NULL;",
        ("-- pgready: backfill key=id\nUPDATE clients SET region = 'EU' WHERE region IS NULL;",),
    ),
    Example(
        "H011",
        "ALTER TABLE clients ADD COLUMN domain text;\nUPDATE clients SET domain = split_part(email, '@', 2);",
        (
            "ALTER TABLE clients ADD COLUMN domain text;",
            "-- pgready: backfill key=id\nUPDATE clients SET domain = split_part(email, '@', 2);",
        ),
    ),
    Example(
        "H012",
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS clients_email ON clients (email);",
        ("CREATE INDEX CONCURRENTLY clients_email ON clients (email);",),
    ),
    Example(
        "H013",
        "CREATE INDEX CONCURRENTLY clients_email ON clients (email);\nCOMMENT ON INDEX clients_email IS 'sign in';",
        (
            "CREATE INDEX CONCURRENTLY clients_email ON clients (email);",
            "COMMENT ON INDEX clients_email IS 'sign in';",
        ),
    ),
)
