"""Examples of hazards that a migration has beside something else: running code, a query, a day that has passed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BesideExample:
    """`bad` has the hazard `id`, `good` does the same without it, in one migration or several; on GROUND.

    `query` is a contract that takes tables in its own order. For H014 and H015 the running code knows all of GROUND.
    `before` is a migration before both. `said` says in words what stands beside it, for the page.
    """

    id: str
    bad: str
    good: tuple[str, ...]
    said: str
    query: str = ""
    before: str = ""


BESIDE: tuple[BesideExample, ...] = (
    BesideExample(
        "H014",
        "ALTER TABLE invoices RENAME COLUMN note TO remark;",
        ("ALTER TABLE invoices ADD COLUMN remark varchar(40);",),
        "With `--since`, while code that knows `note` runs:",
    ),
    BesideExample(
        "H014",
        "ALTER TABLE clients ADD COLUMN country text NOT NULL;",
        ("ALTER TABLE clients ADD COLUMN country text NOT NULL DEFAULT 'EU';",),
        "With `--since`, while code runs that inserts clients without a country:",
    ),
    BesideExample(
        "H015",
        "ALTER TABLE clients ADD CONSTRAINT regions CHECK (region IN ('EU', 'US')) NOT VALID;",
        ("CREATE TABLE regions (name text PRIMARY KEY);",),
        "With `--since`, while code runs that may write other regions:",
    ),
    BesideExample(
        "H016",
        "ALTER TABLE clients ADD COLUMN rank int;\nALTER TABLE invoices ADD COLUMN rank int;",
        ("ALTER TABLE clients ADD COLUMN rank int;", "ALTER TABLE invoices ADD COLUMN rank int;"),
        "With a query contract that reads invoices first:",
        "SELECT i.number, c.email FROM invoices i JOIN clients c ON c.id = i.client_id WHERE i.id = :id",
    ),
    BesideExample(
        "H017",
        "-- pgready: allow H004 until=2020-01-31 forty rows\nCREATE INDEX regions ON clients (region);",
        ("-- pgready: allow H004 until=2099-01-31 forty rows\nCREATE INDEX regions ON clients (region);",),
        "After that day:",
    ),
    BesideExample(
        "H018",
        "-- pgready: allow H004 the table has forty rows\nCREATE INDEX CONCURRENTLY regions ON clients (region);",
        ("CREATE INDEX CONCURRENTLY regions ON clients (region);",),
        "The index is built beside the writers:",
    ),
    BesideExample(
        "H019",
        "ALTER TABLE clients ADD CONSTRAINT region_set CHECK (region IS NOT NULL);",
        (
            "-- pgready: requires backfill regions\n"
            "ALTER TABLE clients ADD CONSTRAINT region_set CHECK (region IS NOT NULL);",
        ),
        "In a migration behind one with this:",
        before="-- pgready: backfill key=id background name=regions\n"
        "UPDATE clients SET region = 'EU' WHERE region IS NULL;",
    ),
)
