"""trading-svc leaves plain SQL for a Prisma folder, step by step as its how-to says; nothing runs again."""

import shutil

import pytest
from backoffice_platform import BACKOFFICE
from test_backoffice_schema import pgready

pytestmark = pytest.mark.matrix

SCHEMA = """\
generator models {
  provider = "pgready-sqlalchemy"
  output   = "models"
}

datasource db {
  provider = "postgresql"
  schemas  = ["trading_svc"]
}
"""


def history(database):
    """The rows of the service's migrations table."""
    return database.query(
        "SELECT migration_name, checksum, finished_at FROM trading_svc._prisma_migrations ORDER BY started_at"
    )


def test_trading_svc_becomes_a_prisma_folder(database, tmp_path):
    """Adopt, pull, say so in the settings: the old image and the new one are both ready, and the schema is the history's."""
    old = tmp_path / "old"
    shutil.copytree(BACKOFFICE / "services/trading_svc", old)
    url = {"DATABASE_URL": database.url}
    database.query("CREATE SCHEMA trading_svc")
    assert pgready("migrate", "deploy", folder=old, **url).returncode == 0
    before = history(database)

    new = tmp_path / "new"
    shutil.copytree(old, new)
    adopted = pgready("migrate", "adopt", folder=new, **url)
    assert adopted.returncode == 0, adopted.stderr
    assert sorted(each.name for each in (new / "migrations").iterdir()) == [
        "0001_quotes", "0002_latest_quotes", "0003_grants", "migration_lock.toml",
    ]  # fmt: skip
    (new / "schema.prisma").write_text(SCHEMA)
    settings = new / "pgready.toml"
    settings.write_text('schema = "schema.prisma"\n' + settings.read_text())
    pulled = pgready("db", "pull", folder=new, **url)
    assert pulled.returncode == 0, pulled.stderr
    assert "model quotes" in (new / "schema.prisma").read_text()

    for image in (old, new):
        status = pgready("migrate", "status", folder=image, **url)
        assert status.returncode == 0, status.stdout + status.stderr
        booted = pgready("boot", "--", "echo", "serves", folder=image, **url)
        assert (booted.returncode, booted.stdout) == (0, "serves\n"), booted.stderr
    assert history(database) == before
    same = pgready("migrate", "diff", "--from-migrations", "migrations", "--to-schema", "schema.prisma", "--exit-code",
                   folder=new)  # fmt: skip
    assert same.returncode == 0, same.stdout + same.stderr
    assert pgready("generate", folder=new).returncode == 0

    schema = (new / "schema.prisma").read_text().replace("  ask ", "  venue     String?  @db.VarChar(40)\n  ask ", 1)
    (new / "schema.prisma").write_text(schema)
    developed = pgready("migrate", "dev", "--name", "venue", folder=new, **url)
    assert developed.returncode == 0, developed.stdout + developed.stderr
    assert len(history(database)) == len(before) + 1
    for image in (old, new):  # the old image finds a database ahead of it, and is ready
        assert pgready("wait", "--timeout", "5", "--", "true", folder=image, **url).returncode == 0
