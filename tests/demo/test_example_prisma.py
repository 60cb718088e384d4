"""The example is a real Prisma project: Prisma's own CLI finds nothing to add after pgready deployed it."""

import shutil

import pytest

from pgready.commands.demo.stage import example_folder

pytestmark = pytest.mark.prisma


def test_prisma_agrees_with_the_example(database, make_project, prisma_cli, tmp_path):
    """Deployed by pgready, Prisma calls it up to date, and the database is what schema.prisma says."""
    folder = tmp_path / "fourschemas"
    shutil.copytree(example_folder("fourschemas"), folder)
    (folder / "node_modules").symlink_to(prisma_cli.node_modules)
    project = make_project()
    project.path = folder
    deployed = project.run("migrate", "deploy", url=database.url)
    assert deployed.returncode == 0, deployed.stderr
    environ = {"DATABASE_URL": database.url}
    status = prisma_cli(folder, "migrate", "status", env=environ)
    assert "Database schema is up to date" in status.stdout, status.stdout + status.stderr
    compare = ("migrate", "diff", "--from-config-datasource", "--to-schema", "prisma/schema.prisma", "--exit-code")
    same = prisma_cli(folder, *compare, env=environ)
    assert same.returncode == 0, same.stdout + same.stderr
    database.query("DROP INDEX tagging.invoice_tag_tag_idx")
    assert prisma_cli(folder, *compare, env=environ).returncode == 2
