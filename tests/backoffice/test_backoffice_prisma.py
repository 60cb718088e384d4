"""Prisma's own CLI on the platform: it finds nothing to add after pgready, and pgready nothing after it."""

import shutil

import pytest
from backoffice_platform import BACKOFFICE

pytestmark = pytest.mark.prisma


@pytest.fixture
def platform_folder(tmp_path, make_project, prisma_cli):
    """A copy of the platform as a project that Prisma's CLI runs in."""
    folder = tmp_path / "backoffice"
    shutil.copytree(BACKOFFICE, folder, ignore=shutil.ignore_patterns("node_modules", "__pycache__", ".mypy_cache"))
    (folder / "node_modules").symlink_to(prisma_cli.node_modules)
    project = make_project()
    project.path = folder
    return project


COMPARE = ("migrate", "diff", "--from-config-datasource", "--to-schema", "prisma", "--exit-code")


def test_prisma_agrees_after_pgready(database, platform_folder, prisma_cli):
    """Deployed by pgready: up to date, and the database is what the schema says; a dropped index is seen."""
    deployed = platform_folder.run("migrate", "deploy", url=database.url)
    assert deployed.returncode == 0, deployed.stderr
    environ = {"DATABASE_URL": database.url}
    status = prisma_cli(platform_folder.path, "migrate", "status", env=environ)
    assert "Database schema is up to date" in status.stdout, status.stdout + status.stderr
    same = prisma_cli(platform_folder.path, *COMPARE, env=environ)
    assert same.returncode == 0, same.stdout + same.stderr
    database.query("DROP INDEX tagging.tags_created_at_idx")
    assert prisma_cli(platform_folder.path, *COMPARE, env=environ).returncode == 2


def test_pgready_agrees_after_prisma(database, platform_folder, prisma_cli):
    """Deployed by Prisma: pgready has nothing to apply, and the database is in parity with the migrations."""
    deployed = prisma_cli(platform_folder.path, "migrate", "deploy", env={"DATABASE_URL": database.url})
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    booted = platform_folder.run("boot", "--", "echo", "serves", url=database.url)
    assert (booted.returncode, booted.stdout) == (0, "serves\n"), booted.stderr
    same = platform_folder.run("migrate", "diff", "--from-config-datasource", "--to-schema", "prisma", "--exit-code",
                               url=database.url)  # fmt: skip
    assert same.returncode == 0, same.stdout + same.stderr
