"""Fixtures are plugins, one file for each thing that tests share."""

pytest_plugins = ["fix_server", "fix_boot", "fix_pgbouncer", "fix_prisma"]
