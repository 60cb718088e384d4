"""Fixtures of migrate dev."""

import os

import pytest
from developing import Developer


@pytest.fixture
def develop(make_project, database, monkeypatch):
    """`develop(name, …)`: run migrate dev in a project of its own; see Developer."""
    project = make_project()
    for name in list(os.environ):
        if name.startswith(("PGREADY_", "DATABASE", "DIRECT", "PRISMA")) and not name.startswith("PGREADY_TEST"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", database.url)
    monkeypatch.chdir(project.path)
    return Developer(project, database)
