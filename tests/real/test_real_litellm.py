"""Real input: the schema and the 220 migrations of `litellm-proxy-extras`, as their authors wrote them."""

import json
import os
from importlib.metadata import distribution
from pathlib import Path

import pytest

pytestmark = [pytest.mark.matrix, pytest.mark.slow]


@pytest.fixture(scope="module")
def package() -> Path:
    """The installed package's folder, found without importing it (its dependencies are not here)."""
    return Path(str(distribution("litellm-proxy-extras").locate_file("litellm_proxy_extras")))


def test_real_migrations_boot_twice_and_equal_psql(package, make_database, make_project, psql, pg_dump):
    """Booted on an empty database, all are applied once, a second boot does nothing, and psql makes the same schema."""
    files = sorted(package.glob("migrations/*/migration.sql"))
    assert len(files) >= 220
    project = make_project()
    places = ("--schema", str(package / "schema.prisma"), "--migrations", str(package / "migrations"))

    booted = make_database()
    first = project.run("boot", *places, "--", "echo", "served", url=booted.url, timeout=150)
    assert (first.returncode, first.stdout) == (0, "served\n"), first.stderr
    rows = booted.query("SELECT * FROM _prisma_migrations ORDER BY started_at")
    names = booted.query(
        "SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL"
        " AND logs IS NULL AND applied_steps_count = 1 ORDER BY started_at"
    )
    assert [name for (name,) in names] == [file.parent.name for file in files]

    second = project.run("boot", *places, "--", "echo", "served", url=booted.url)
    assert (second.returncode, second.stdout) == (0, "served\n"), second.stderr
    assert second.stderr == f"pgready: ready, {len(files)} migrations applied, nothing pending\n"
    assert booted.query("SELECT * FROM _prisma_migrations ORDER BY started_at") == rows
    status = project.run("migrate", "status", "--json", *places, url=booted.url)
    assert status.returncode == 0, status.stderr
    assert {m["state"] for m in json.loads(status.stdout)["migrations"]} == {"applied"}

    by_psql = make_database()
    psql(by_psql, *(word for file in files for word in ("-f", os.fspath(file))))
    no_table = "--exclude-table=public._prisma_migrations"
    dumped = pg_dump(booted, no_table)
    assert dumped.count("CREATE TABLE") > 90
    assert dumped == pg_dump(by_psql)
