"""Fixtures of the diff's command line."""

import pytest

DATASOURCE = 'datasource db {\n  provider = "postgresql"\n}\n'
USER = DATASOURCE + "model User {\n  id    Int    @id @default(autoincrement())\n  email String @unique\n}\n"
POST = USER + "model Post {\n  id   Int     @id\n  note String?\n}\n"


@pytest.fixture
def project(make_project):
    """A project with two schemas of its own, a.prisma and b.prisma, and no default schema."""
    project = make_project()
    (project.path / "prisma/schema.prisma").unlink()
    (project.path / "a.prisma").write_text(USER)
    (project.path / "b.prisma").write_text(POST)
    return project


@pytest.fixture
def diff(project):
    """`diff(*words, url=None)`: run `pgready migrate diff WORDS`."""
    return lambda *words, url=None, **more: project.run("migrate", "diff", *words, url=url, **more)
