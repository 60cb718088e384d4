"""The way out as a migration: written, deployed by pgready itself, and the proof is green afterwards."""

import json

import pytest

pytestmark = pytest.mark.matrix

INIT = """\
CREATE TABLE client (id int PRIMARY KEY, tenant_id int NOT NULL, email text NOT NULL);
CREATE TABLE invoice (
  id bigint PRIMARY KEY,
  client_id int NOT NULL REFERENCES client,
  created_at timestamp NOT NULL,
  deleted_at timestamp
);
CREATE INDEX invoice_client_id_idx ON invoice (client_id);
"""
SCHEMA = """\
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model Client {
  id       Int       @id
  tenantId Int       @map("tenant_id")
  email    String
  invoices Invoice[]

  @@map("client")
}

model Invoice {
  id        BigInt    @id
  clientId  Int       @map("client_id")
  client    Client    @relation(fields: [clientId], references: [id])
  createdAt DateTime  @map("created_at") @db.Timestamp
  deletedAt DateTime? @map("deleted_at") @db.Timestamp

  @@index([clientId])
  @@map("invoice")
}
"""
CONTRACTS = """\
-- name: newest
SELECT * FROM invoice WHERE client_id = :client ORDER BY created_at DESC LIMIT 20;

-- name: live
SELECT * FROM invoice WHERE client_id = :client AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 20;

-- name: by_mail
SELECT * FROM client WHERE email = :email;
"""
PROFILE = """\
# pgready profile
[tables."public.client"]
rows = 50_000
columns.email = { distinct = -1 }

[tables."public.invoice"]
rows = 2_000_000
columns.client_id = { distinct = 50, top_share = 0.02 }
columns.deleted_at = { null_fraction = 0.5 }
"""


def test_the_written_migrations_are_deployed_and_the_proof_is_green(make_project, database, server):
    """Red; one file for each index, CONCURRENTLY alone in it; deployed to a real database; then green."""
    project = make_project(migrations={"20240101000000_init": INIT})
    project.write_schema(SCHEMA)
    (project.path / "contracts").mkdir()
    (project.path / "contracts/all.sql").write_text(CONTRACTS)
    (project.path / "profile.toml").write_text(PROFILE)
    programs = {"PGREADY_EMBEDDED_BIN": server.binaries.bindir}

    assert project.run("migrate", "deploy", url=database.url).returncode == 0
    red = project.run("prove", "--json", "--write-migration", "page indexes", env=programs, timeout=120)
    assert red.returncode == 4, red.stdout + red.stderr
    data = json.loads(red.stdout)
    offers = {one["name"]: one["offers"] for one in data["contracts"]}
    lines = {offer["schema_line"] for each in offers.values() for offer in each}
    assert {"@@index([clientId, createdAt(sort: Desc)])", "@@index([email])"} <= lines
    files = sorted(project.migrations.glob("*/migration.sql"))[1:]
    scripts = [file.read_text() for file in files]
    assert len(scripts) == 3, scripts
    for script in scripts:
        assert script.startswith("CREATE INDEX CONCURRENTLY ")
        assert script.count(";") == 1
        assert script.endswith(";\n")
    assert project.path.joinpath("prisma/schema.prisma").read_text() == SCHEMA

    deployed = project.run("migrate", "deploy", url=database.url)
    assert deployed.returncode == 0, deployed.stderr
    valid = database.query(
        "SELECT count(*) FROM pg_index WHERE indisvalid AND indrelid::regclass::text ~ 'client|invoice'"
    )
    assert valid == [(6,)]
    green = project.run("prove", env=programs, timeout=120)
    assert green.returncode == 0, green.stdout + green.stderr
