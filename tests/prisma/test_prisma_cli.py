"""Prisma's real CLI, 7.10.1, in front of its engine: what its user reads before and after pgready."""

import pytest

pytestmark = [pytest.mark.prisma, pytest.mark.slow]

MIGRATIONS = {
    "20240101000000_init": 'CREATE TABLE "a" ("id" INTEGER NOT NULL, CONSTRAINT "a_pkey" PRIMARY KEY ("id"));\n',
    "20240102000000_more": 'ALTER TABLE "a" ADD COLUMN "v" TEXT;\n',
    "20240103000000_last": 'CREATE INDEX "a_v_idx" ON "a"("v");\n',
}
SCHEMA = """\
datasource db {
  provider = "postgresql"
}

model a {
  id Int     @id
  v  String?

  @@index([v])
}
"""
CONFIG = """\
import { defineConfig, env } from 'prisma/config'
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: env('DATABASE_URL') },
})
"""


@pytest.fixture
def project(make_project, prisma_cli):
    """A Prisma 7 project whose config can import Prisma's package."""
    project = make_project(migrations=MIGRATIONS)
    project.write_schema(SCHEMA)
    (project.path / "prisma.config.ts").write_text(CONFIG)
    (project.path / "node_modules").symlink_to(prisma_cli.node_modules)
    (project.migrations / "migration_lock.toml").write_text('provider = "postgresql"\n')
    return project


def put_away(project, name):
    """The project as it was before this migration; returns what brings it back."""
    (project.migrations / name).rename(project.path / name)
    return lambda: (project.path / name).rename(project.migrations / name)


def test_the_cli_goes_on_where_pgready_stopped(absent_database, project, prisma_cli):
    """pgready creates the database and applies two; the CLI tells the third, applies it, and is up to date."""
    url = absent_database.url
    bring_back = put_away(project, "20240103000000_last")
    done = project.run("boot", "--create-database", "--", "true", url=url)
    assert done.returncode == 0, done.stderr
    current = prisma_cli(project.path, "migrate", "status", env={"DATABASE_URL": url})
    assert current.returncode == 0, current.stdout + current.stderr
    assert "Database schema is up to date!" in current.stdout
    bring_back()
    behind = prisma_cli(project.path, "migrate", "status", env={"DATABASE_URL": url})
    assert behind.returncode == 1
    assert "20240103000000_last" in behind.stdout + behind.stderr
    deployed = prisma_cli(project.path, "migrate", "deploy", env={"DATABASE_URL": url})
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    ready = project.run("boot", "--", "true", url=url)
    assert ready.stderr == "pgready: ready, 3 migrations applied, nothing pending\n"


def test_pgready_goes_on_where_the_cli_stopped(absent_database, project, prisma_cli):
    """The CLI creates the database and applies one; pgready applies the rest; the CLI then has nothing to do."""
    url = absent_database.url
    bring_back = [put_away(project, name) for name in list(MIGRATIONS)[1:]]
    deployed = prisma_cli(project.path, "migrate", "deploy", env={"DATABASE_URL": url})
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    for back in bring_back:
        back()
    done = project.run("boot", "--", "true", url=url)
    assert done.returncode == 0, done.stderr
    status = prisma_cli(project.path, "migrate", "status", env={"DATABASE_URL": url})
    assert status.returncode == 0, status.stdout + status.stderr
    assert "Database schema is up to date!" in status.stdout
    again = prisma_cli(project.path, "migrate", "deploy", env={"DATABASE_URL": url})
    assert "No pending migrations to apply." in again.stdout
    # Nor does its diff find anything between the database and the schema.
    drift = prisma_cli(
        project.path, "migrate", "diff", "--from-config-datasource", "--to-schema", "prisma/schema.prisma",
        "--exit-code", env={"DATABASE_URL": url},
    )  # fmt: skip
    assert drift.returncode == 0, drift.stdout + drift.stderr


def test_the_cli_and_pgready_resolve_for_each_other(database, project, prisma_cli):
    """A failure of the CLI, rolled back by pgready; one of pgready's applied ones, taken for applied by the CLI."""
    env = {"DATABASE_URL": database.url}
    name = "20240102000000_more"
    good = MIGRATIONS[name]
    project.migration(name, good + "SELECT missing();\n")
    failed = prisma_cli(project.path, "migrate", "deploy", env=env)
    assert failed.returncode == 1
    refused = project.run("boot", "--", "true", url=database.url)
    assert refused.returncode == 9
    assert "P3009" in refused.stderr
    assert project.run("migrate", "resolve", "--rolled-back", name, url=database.url).returncode == 0
    project.migration(name, good)
    done = project.run("boot", "--", "true", url=database.url)
    assert done.returncode == 0, done.stderr
    status = prisma_cli(project.path, "migrate", "status", env=env)
    assert status.returncode == 0, status.stdout + status.stderr
    twice = prisma_cli(project.path, "migrate", "resolve", "--applied", name, env=env)
    assert twice.returncode == 1
    assert "P3008" in twice.stdout + twice.stderr


def test_the_cli_and_pgready_go_in_one_order(make_database, make_project, project, prisma_cli):
    """Names that bytes, numbers and dictionaries order differently are applied in the CLI's order."""
    names = ["10_y", "1_init", "2_x", "B_x", "a_y", "a-b", "Ä_z", "9_Z", "09_z"]
    for name in MIGRATIONS:
        put_away(project, name)
    for name in names:
        project.migration(name, "SELECT 1;\n")
    ours, theirs = make_database(), make_database()
    deployed = prisma_cli(project.path, "migrate", "deploy", env={"DATABASE_URL": theirs.url})
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    assert project.run("boot", "--", "true", url=ours.url).returncode == 0
    order = "SELECT migration_name FROM _prisma_migrations ORDER BY started_at"
    assert len(ours.query(order)) == len(names)
    assert ours.query(order) == theirs.query(order)
