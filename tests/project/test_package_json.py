"""`prisma.schema` of package.json, where Prisma 6 looks before its default places."""

import json
import os

import pytest

from pgready.errors import UsageInvalid
from pgready.project.resolution import resolve

SCHEMA = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n'


@pytest.fixture
def app(tmp_path):
    """A project with its schema in a place of its own, below a workspace with a package.json."""
    folder = tmp_path / "apps" / "api"
    (folder / "db").mkdir(parents=True)
    (folder / "db" / "app.prisma").write_text(SCHEMA)
    (folder / "prisma").mkdir()
    (folder / "prisma" / "schema.prisma").write_text(SCHEMA)
    return folder


def test_the_schema_is_where_package_json_says(app):
    """It comes before Prisma's default places, and the migrations are beside it."""
    (app / "package.json").write_text(json.dumps({"prisma": {"schema": "./db/app.prisma"}}))
    settings = resolve({}, {}, str(app))
    assert settings.schema_files == (str(app / "db/app.prisma"),)
    assert settings.sources["schema_files"] == "package.json: prisma.schema"
    assert settings.migrations == str(app / "db" / "migrations")


def test_the_nearest_package_json_counts(app):
    """One further up, its path from its own folder; a nearer one without the key hides it, as with Prisma."""
    workspace = app.parent.parent
    (workspace / "package.json").write_text(json.dumps({"prisma": {"schema": "apps/api/db"}}))
    (found,) = resolve({}, {}, str(app)).schema_files
    assert os.path.samefile(found, app / "db/app.prisma")
    (app / "package.json").write_text(json.dumps({"dependencies": {"prisma": "^6"}}))
    assert resolve({}, {}, str(app)).schema_files == (str(app / "prisma/schema.prisma"),)


@pytest.mark.parametrize(
    ("flags", "environ", "files"),
    [
        ({"schema": "prisma"}, {}, {}),
        ({}, {"PGREADY_SCHEMA": "prisma"}, {}),
        ({}, {}, {"pgready.toml": 'schema = "prisma"\n'}),
        ({}, {}, {"prisma.config.ts": 'export default { migrations: { path: "prisma/migrations" } }'}),
    ],
    ids=["flag", "environment", "TOML", "prisma.config.ts"],
)
def test_what_is_stronger(app, flags, environ, files):
    """Each of them, and a prisma.config.ts even if it names no schema: Prisma 6 reads package.json without one only."""
    (app / "package.json").write_text(json.dumps({"prisma": {"schema": "db"}}))
    for name, text in files.items():
        (app / name).write_text(text)
    assert resolve(flags, environ, str(app)).schema_files == (str(app / "prisma/schema.prisma"),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{\n  "prisma": {"schema": "db",}\n}', "package.json:2:"),
        ('{"prisma": {"schema": 7}}', "prisma.schema takes a path in quotes"),
        ('{"prisma": {"schema": "nowhere"}}', "package.json: prisma.schema"),
    ],
    ids=["no JSON", "no text", "no file"],
)
def test_what_is_wrong_is_told(app, text, words):
    """With the place, and never a silent turn to the default."""
    (app / "package.json").write_text(text)
    with pytest.raises(UsageInvalid, match=r"JSON|quotes|no schema") as caught:
        resolve({}, {}, str(app))
    assert words in f"{caught.value.what} {caught.value.where}"
