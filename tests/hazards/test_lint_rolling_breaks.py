"""What a migration takes away from the code that still runs, by its Prisma schema and without one; and both halves."""

import pytest

from pgready.commands.online.rolling import _renames
from pgready.hazards.rolling.breaks import State, breaks, new_breaks
from pgready.hazards.rolling.running import Running, running_of
from pgready.postgres.connect import open_session
from pgready.postgres.identities import read_identities
from pgready.postgres.introspection import introspect
from pgready.project.url import parse
from pgready.psl.analyse import analyse
from pgready.psl.source import Source

pytestmark = pytest.mark.matrix

SCHEMA = """
datasource db {
  provider = "postgresql"
}
enum Status {
  OPEN @map("open")
  PAID @map("paid")
  @@map("status")
}
model Invoice {
  id       BigInt  @id @default(autoincrement())
  number   String  @unique
  total    Int
  ratio    Decimal @db.Decimal(8, 2)
  note     String?
  status   Status  @default(OPEN)
  hidden   String? @ignore
  madeAt   DateTime @default(dbgenerated("clock_timestamp()")) @map("made_at")
  clientId BigInt  @map("client_id")
  client   Client  @relation(fields: [clientId], references: [id])
  tags     Tag[]
  @@map("invoices")
}
model Client {
  id       BigInt @id
  email    String
  region   String?
  invoices Invoice[]
  @@map("clients")
}
model Tag {
  id       Int @id
  invoices Invoice[]
}
"""
GROUND = """
CREATE TYPE status AS ENUM ('open', 'paid');
CREATE TABLE clients (id bigint PRIMARY KEY, email text NOT NULL, region text);
CREATE TABLE invoices (id bigserial PRIMARY KEY, number text NOT NULL, total int NOT NULL,
  ratio numeric(8, 2) NOT NULL, note text, status status NOT NULL DEFAULT 'open', hidden text, unknown int,
  made_at timestamp(3) NOT NULL DEFAULT clock_timestamp(), client_id bigint NOT NULL REFERENCES clients);
CREATE UNIQUE INDEX invoices_number_key ON invoices (number);
CREATE TABLE "Tag" (id int PRIMARY KEY);
CREATE TABLE "_InvoiceToTag" ("A" bigint NOT NULL REFERENCES invoices, "B" int NOT NULL REFERENCES "Tag",
  PRIMARY KEY ("A", "B"));
CREATE TABLE audit (id int, what text NOT NULL DEFAULT '');
CREATE TABLE sums (client_id bigint, total bigint);
CREATE VIEW totals AS SELECT client_id, total FROM sums;
CREATE FUNCTION vat(int) RETURNS int LANGUAGE sql RETURN $1 * 2;
"""


@pytest.fixture
def broken(database):
    """What a script breaks, by kind: `H014 words`; the scripts run one after the other."""
    session = open_session(parse(database.socket_url, "the test"), "rolling")
    database.query(GROUND)
    base, names = introspect(session), read_identities(session)
    schema = analyse([Source("schema.prisma", SCHEMA)]).schema
    before = ()

    def run(script, *, prisma=True):
        nonlocal before
        database.query(script)
        now = read_identities(session)
        state = State(introspect(session), _renames(names, now), now.writable_views)
        running = running_of(schema, "public", "the test") if prisma else Running("the test")
        after = breaks(base, state, running)
        found, before = new_breaks(before, after), after
        return list(found)

    yield run
    session.close()


def said(found):
    """Ids and sentences."""
    return [f"{one.id} {one.text}" for one in found]


INVOICE, CLIENT = "Invoice (table public.invoices)", "Client (table public.clients)"
BREAKS = {
    "ALTER TABLE invoices DROP COLUMN note": "H014 the running code reads and writes Invoice.note (column public.invoices.note), which is dropped",
    "ALTER TABLE invoices RENAME client_id TO customer": "H014 the running code reads and writes Invoice.clientId (column public.invoices.client_id), which is renamed to customer",
    'DROP TABLE "_InvoiceToTag"': "H014 the running code reads and writes Invoice.tags (table public._InvoiceToTag), which is dropped",
    "ALTER TABLE clients RENAME TO customers": f"H014 the running code reads and writes {CLIENT}, which is renamed to public.customers",
    "CREATE SCHEMA s; ALTER TABLE clients SET SCHEMA s": f"H014 the running code reads and writes {CLIENT}, which is renamed to s.clients",
    "ALTER TABLE invoices ADD region text NOT NULL": f"H014 the running code inserts {INVOICE} without region, which is new, required and without a default",
    "ALTER TABLE invoices ALTER note SET NOT NULL": "H014 the running code may write NULL to Invoice.note (column public.invoices.note), which is required now",
    "ALTER TABLE invoices ADD CHECK (note IS NOT NULL) NOT VALID": "H014 the running code may write NULL to Invoice.note (column public.invoices.note), which invoices_note_check refuses now",
    "ALTER TABLE invoices ALTER hidden SET NOT NULL": f"H014 the running code inserts {INVOICE} without column public.invoices.hidden, which is required now",
    "ALTER TABLE invoices ALTER total TYPE smallint": "H014 Invoice.total (column public.invoices.total) is narrowed from integer to smallint: values that the running code writes may not fit",
    "ALTER TABLE clients ALTER email TYPE varchar(20)": "H014 Client.email (column public.clients.email) is narrowed from text to character varying(20): values that the running code writes may not fit",
    "ALTER TABLE clients ALTER email TYPE jsonb USING to_jsonb(email)": "H014 Client.email (column public.clients.email) changes from text to jsonb: the running code reads and writes another type",
    "ALTER TABLE invoices ALTER ratio TYPE numeric(4, 2)": "H014 Invoice.ratio (column public.invoices.ratio) is narrowed from numeric(8,2) to numeric(4,2): values that the running code writes may not fit",
    "ALTER TABLE invoices ALTER made_at TYPE timestamptz": "H015 Invoice.madeAt (column public.invoices.made_at) changes from timestamp(3) without time zone to timestamp with time zone: the running code may read other values than it wrote",
    "ALTER TYPE status RENAME VALUE 'paid' TO 'settled'": "H014 the running code reads and writes Status.PAID (value 'paid' of enum public.status), which is renamed to 'settled'",
    # As Prisma writes it.
    """CREATE TYPE status_new AS ENUM ('open'); ALTER TABLE invoices ALTER status DROP DEFAULT;
    ALTER TABLE invoices ALTER status TYPE status_new USING status::text::status_new;
    ALTER TYPE status RENAME TO status_old; ALTER TYPE status_new RENAME TO status; DROP TYPE status_old;
    ALTER TABLE invoices ALTER status SET DEFAULT 'open'""": "H014 the running code reads and writes Status.PAID (value 'paid' of enum public.status), which is removed",
    "ALTER TYPE status RENAME TO state": "H014 the running code casts to Status (enum public.status), which is renamed to public.state",
    "ALTER TABLE invoices ALTER made_at DROP DEFAULT": f"H014 the running code inserts {INVOICE} and leaves Invoice.madeAt (column public.invoices.made_at) to its default, which is dropped",
    "ALTER TABLE invoices DROP COLUMN total; ALTER TABLE invoices ADD total int GENERATED ALWAYS AS (1) STORED": "H014 the running code writes Invoice.total (column public.invoices.total), which the server makes itself now and refuses",
    "ALTER TABLE clients ALTER id ADD GENERATED ALWAYS AS IDENTITY": "H014 the running code writes Client.id (column public.clients.id), which is GENERATED ALWAYS now and refuses values",
    "CREATE UNIQUE INDEX ON clients (email)": f"H015 email of {CLIENT} is unique now: rows that the running code writes may be refused",
    "CREATE UNIQUE INDEX ON clients (lower(email)) WHERE region IS NULL": f"H015 email of {CLIENT} is unique now: rows that the running code writes may be refused",
    "ALTER TABLE clients ADD slug text NOT NULL DEFAULT 'x' UNIQUE": f"H014 every row that the running code inserts as {CLIENT} gets the same slug, which is unique now",
    "DROP INDEX invoices_number_key": f"H015 number of {INVOICE} is not unique any more: upserts of the running code by it (ON CONFLICT) fail",
    "ALTER TABLE invoices ADD CONSTRAINT positive CHECK (total > 0)": f"H015 the new constraint positive may refuse values that the running code writes to {INVOICE}",
    'ALTER TABLE clients ADD FOREIGN KEY (id) REFERENCES "Tag" NOT VALID; ALTER TABLE clients ALTER id TYPE bigint': f'H015 id of {CLIENT} refers to public."Tag" now: rows that the running code writes may be refused'.replace('"', ""),
    "ALTER TABLE clients ENABLE ROW LEVEL SECURITY": f"H015 row security is on: the running code may see and change fewer rows of {CLIENT}",
    "DROP FUNCTION vat(int)": "H015 the running code may call function public.vat(integer), which is dropped",
    "DROP VIEW totals": "H015 the running code may read view public.totals, which is dropped",
    "ALTER TABLE clients RENAME TO c; CREATE VIEW clients AS SELECT id, email, region FROM c LIMIT 5": f"H014 the running code writes {CLIENT}, which is a view now that takes no writes",
    "ALTER TABLE clients RENAME TO c; CREATE VIEW clients AS SELECT id, email FROM c": "H014 the running code reads and writes Client.region (column public.clients.region), which is dropped",
}  # fmt: skip


@pytest.mark.parametrize("script", BREAKS)
def test_what_breaks_is_named(broken, script):
    """With the code's name and the database's, once."""
    assert said(broken(script)) == [BREAKS[script]]


FINE = """ALTER TABLE invoices DROP COLUMN hidden
ALTER TABLE invoices DROP COLUMN unknown
DROP TABLE audit
ALTER TABLE audit RENAME TO log
ALTER TABLE audit ALTER what DROP DEFAULT; ALTER TABLE audit ALTER what TYPE int USING 1
ALTER TABLE invoices ADD region text
ALTER TABLE invoices ADD region text NOT NULL DEFAULT ''
ALTER TABLE invoices ADD region bigint GENERATED ALWAYS AS IDENTITY
ALTER TABLE invoices ADD slug text UNIQUE
ALTER TABLE invoices ADD slug uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE
ALTER TABLE invoices ADD region text CHECK (region <> '')
ALTER TABLE invoices ADD tag int REFERENCES "Tag"
ALTER TABLE invoices ALTER total TYPE bigint
ALTER TABLE invoices ALTER ratio TYPE numeric(12, 4)
ALTER TABLE clients ALTER region TYPE varchar(10); ALTER TABLE clients ALTER region TYPE text
ALTER TABLE invoices ALTER number DROP NOT NULL
ALTER TABLE invoices ALTER status DROP DEFAULT
ALTER TABLE invoices ADD CHECK (number IS NOT NULL) NOT VALID
ALTER TYPE status ADD VALUE 'late'
CREATE TABLE payments (id int PRIMARY KEY, invoice bigint NOT NULL REFERENCES invoices)
CREATE INDEX ON invoices (total)
CREATE UNIQUE INDEX ON invoices (number, total)
ALTER TABLE invoices DROP CONSTRAINT invoices_client_id_fkey
ALTER TABLE invoices DROP CONSTRAINT invoices_client_id_fkey; ALTER TABLE invoices ADD FOREIGN KEY (client_id) REFERENCES clients
CREATE OR REPLACE FUNCTION vat(int) RETURNS int LANGUAGE sql RETURN $1 * 3
ALTER TABLE clients RENAME TO c; CREATE VIEW clients AS SELECT * FROM c
DROP INDEX invoices_number_key; ALTER TABLE invoices ADD UNIQUE (number)
ALTER TABLE invoices DROP COLUMN note; ALTER TABLE invoices ADD note text
ALTER INDEX invoices_number_key RENAME TO n""".splitlines()


@pytest.mark.parametrize("script", FINE)
def test_what_the_code_does_not_notice(broken, script):
    """No false alarm: what it does not know may go, what is wider serves."""
    assert said(broken(script)) == []


WITHOUT = {
    "ALTER TABLE audit DROP COLUMN what": "H014 the running code reads and writes column public.audit.what, which is dropped",
    "DROP TABLE audit": "H014 the running code reads and writes table public.audit, which is dropped",
    "ALTER TABLE audit ALTER id SET NOT NULL": "H014 the running code may write NULL to column public.audit.id, which is required now",
    "ALTER TABLE audit ALTER what DROP DEFAULT": "H014 the running code inserts table public.audit and leaves column public.audit.what to its default, which is dropped",
    "DROP FUNCTION vat(int)": "H014 the running code calls function public.vat(integer), which is dropped",
    "DROP VIEW totals": "H014 the running code reads view public.totals, which is dropped",
    "DROP VIEW totals; CREATE VIEW totals AS SELECT client_id FROM sums": "H014 the running code reads column public.totals.total, which the view no longer has",
    "DROP FUNCTION vat(int); CREATE FUNCTION vat(int, int) RETURNS int LANGUAGE sql RETURN 1": "H015 the running code may call function public.vat(integer), which is dropped; one of this name with other arguments is there",
}  # fmt: skip


@pytest.mark.parametrize("script", WITHOUT)
def test_without_a_prisma_schema_everything_counts(broken, script):
    """Plain SQL folders have only the catalog to go by."""
    assert said(broken(script, prisma=False)) == [WITHOUT[script]]


def test_each_break_is_told_once_and_again_when_it_comes_back(broken):
    """At the migration that does it."""
    assert len(broken("ALTER TABLE invoices DROP COLUMN note")) == 1
    assert broken("CREATE INDEX ON invoices (total)") == []
    assert broken("ALTER TABLE invoices ADD note text") == []
    assert len(broken("ALTER TABLE invoices DROP COLUMN note")) == 1


@pytest.mark.parametrize(
    "script",
    [
        "ALTER TABLE clients RENAME TO customers",
        "CREATE SCHEMA s; ALTER TABLE clients SET SCHEMA s",
        "ALTER TABLE clients RENAME email TO mail",
        "ALTER TABLE invoices RENAME note TO remark",
        "ALTER TABLE invoices ADD region text NOT NULL",
        "ALTER TABLE invoices DROP COLUMN number",
        "ALTER TABLE clients DROP COLUMN region",
        "ALTER TYPE status RENAME VALUE 'paid' TO 'settled'",
    ],
)
def test_both_halves_of_a_split(broken, make_database, script):
    """What is to be deployed now breaks nothing on a database that has rows, and what comes later runs behind it."""
    (one,) = broken(script)
    other = make_database()
    other.query(GROUND)
    other.query("INSERT INTO clients VALUES (1, 'a', 'r'); INSERT INTO invoices (number, total, ratio, note, client_id)"
                " VALUES ('1', 1, 1, 'x', 1)")  # fmt: skip
    if "SCHEMA s" in script:
        other.query("CREATE SCHEMA s")
    session = open_session(parse(other.socket_url, "the test"), "halves")
    try:
        base, names = introspect(session), read_identities(session)
        for now in one.now:
            other.query(now)
        ids = read_identities(session)
        schema = analyse([Source("schema.prisma", SCHEMA)]).schema
        state = State(introspect(session), _renames(names, ids), ids.writable_views)
        assert said(breaks(base, state, running_of(schema, "public", "the test"))) == []
        other.query("UPDATE clients SET email = 'b', region = 'q'; UPDATE invoices SET note = 'y'")
        other.query("INSERT INTO clients VALUES (2, 'c', 'r')")
        if one.text.endswith("renamed to mail"):
            assert other.query("SELECT mail FROM clients ORDER BY id") == [("b",), ("c",)]
            other.query("UPDATE clients SET mail = 'z' WHERE id = 2")
            assert other.query("SELECT email FROM clients WHERE id = 2") == [("z",)]
        if "ADD region" in script:
            other.query("UPDATE invoices SET region = 'r'")
        for later in one.later:
            other.query(later)
    finally:
        session.close()
