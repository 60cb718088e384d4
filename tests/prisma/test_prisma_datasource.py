"""The datasource in Prisma 6's style and in Prisma 7's, several schemas, and ?schema=: the same database for all."""

from urllib.parse import quote

import pytest

from fix_prisma import rows, table

pytestmark = [pytest.mark.prisma, pytest.mark.matrix]

MIGRATIONS = {
    "20240101000000_init": 'CREATE TABLE "financial"."invoice" (id int PRIMARY KEY);\n',
    "20240102000000_more": 'CREATE TABLE "public"."user" (id int PRIMARY KEY);\nCREATE TABLE "trading"."order" (id int);\n',
}
PLAIN = {"20240101000000_init": "CREATE TABLE a (id int);\n", "20240102000000_more": "CREATE TABLE b (id int);\n"}

SIX = """\
generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["multiSchema"]
}

datasource db {
  provider  = "postgresql"
  url       = env("APP_DATABASE_URL") // not DATABASE_URL
  directUrl = env("APP_DIRECT_URL")
  schemas   = ["financial", "public", "trading"]
}

model User {
  id Int @id

  @@map("user")
  @@schema("public")
}
"""
SEVEN = """\
generator client {
  provider = "prisma-client"
  output   = "../generated"
}

datasource db {
  provider = "postgresql"
  schemas  = ["financial", "public", "trading"]
}

model User {
  id Int @id

  @@map("user")
  @@schema("public")
}
"""
CONFIG = """\
import 'dotenv/config'
import { defineConfig, env } from 'prisma/config'

export default defineConfig({
  schema: 'db/schema.prisma',
  migrations: { path: 'db/history' },
  datasource: { url: env('APP_DATABASE_URL') },
})
"""


def six(project):
    """A project as Prisma 6 has it."""
    project.write_schema(SIX)
    return SIX


def seven(project):
    """A project as Prisma 7 has it: no URL in the schema, and a config that moves everything."""
    (project.path / "prisma").rename(project.path / "db")
    (project.path / "db/migrations").rename(project.path / "db/history")
    (project.path / "db/schema.prisma").write_text(SEVEN)
    (project.path / "prisma.config.ts").write_text(CONFIG)
    return SEVEN


@pytest.mark.parametrize(("style", "version"), [(six, "6"), (seven, "7")], ids=["6", "7"])
def test_both_styles_of_datasource(engines, database, make_project, style, version):
    """URL, schemas and folder come from where that Prisma has them; its engine then finds everything applied."""
    project = make_project(migrations=MIGRATIONS)
    schema = style(project)
    environ = {"APP_DATABASE_URL": database.url, "APP_DIRECT_URL": database.url}
    done = project.run("boot", "--", "echo", "served", env=environ)
    assert (done.returncode, done.stdout) == (0, "served\n"), done.stderr
    folder = project.migrations if version == "6" else project.path / "db/history"
    assert engines[version].apply(database.url, folder, schema=schema) == []
    assert engines[version].up_to_date(database.url, folder)
    assert project.run("migrate", "status", env=environ).returncode == 0


def test_schemas_that_the_history_needs(engine, make_database, make_project):
    """Listed schemas: pgready creates them, Prisma's deploy does not; where they exist both make the same rows."""
    project = make_project(schemas=("financial", "public", "trading"), migrations=MIGRATIONS)
    schema = SIX if engine.version == "6" else SEVEN
    ours, theirs = make_database(), make_database()
    assert project.run("boot", "--", "true", url=ours.url).returncode == 0
    theirs.query("CREATE SCHEMA financial; CREATE SCHEMA trading")
    assert engine.apply(theirs.url, project.migrations, schema=schema) == list(MIGRATIONS)
    assert rows(ours) == rows(theirs)
    assert engine.apply(ours.url, project.migrations, schema=schema) == []
    again = project.run("boot", "--", "true", url=theirs.url)
    assert again.stderr == "pgready: ready, 2 migrations applied, nothing pending\n"


@pytest.mark.parametrize("schema", ["foo", "Föö B\\ar"])  # a double quote breaks Prisma's own CREATE SCHEMA
@pytest.mark.parametrize("first", ["pgready", "prisma"])
def test_schema_of_the_url(engine, engines, database, make_project, first, schema):
    """?schema= makes the schema, its migrations table and the script's tables in it, whoever comes first."""
    project = make_project(migrations=PLAIN)
    url = f"{database.url}?schema={quote(schema, safe='')}"
    (project.migrations / "20240102000000_more").rename(project.path / "later")
    if first == "pgready":
        done = project.run("boot", "--", "true", url=url)
        assert done.returncode == 0, done.stderr
    else:
        assert engine.apply(url, project.migrations) == ["20240101000000_init"]
    (project.path / "later").rename(project.migrations / "20240102000000_more")
    if first == "pgready":
        assert engine.apply(url, project.migrations) == ["20240102000000_more"]
    else:
        done = project.run("boot", "--", "true", url=url)
        assert done.returncode == 0, done.stderr
    assert all(one.up_to_date(url, project.migrations) for one in engines.values())
    assert project.run("migrate", "status", url=url).returncode == 0
    found = database.query("SELECT nspname, relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
                           " WHERE relname IN ('a', 'b', '_prisma_migrations') AND relkind = 'r' ORDER BY relname")  # fmt: skip
    assert found == [(schema, "_prisma_migrations"), (schema, "a"), (schema, "b")]


def test_the_table_in_a_schema_of_the_url_is_prismas(engine, make_database, make_project):
    """The migrations table below ?schema= equals Prisma's in every column, default and key."""
    project = make_project(migrations=PLAIN)
    ours, theirs = make_database(), make_database()
    assert project.run("boot", "--", "true", url=ours.url + "?schema=foo").returncode == 0
    assert engine.apply(theirs.url + "?schema=foo", project.migrations) == list(PLAIN)
    assert table(ours, "foo") == table(theirs, "foo")
    assert rows(ours, "foo") == rows(theirs, "foo")


def test_two_histories_by_two_tools_do_not_disturb_each_other(engine, engines, database, make_project):
    """One service by Prisma and one by pgready, each with a schema and a history of its own, in one database."""
    one = make_project("one", migrations=PLAIN)
    two = make_project("two", migrations={"20230101000000_other": "CREATE TABLE a (v text);\n"})
    first, second = database.url + "?schema=first", database.url + "?schema=second"
    assert engine.apply(first, one.migrations) == list(PLAIN)
    done = two.run("boot", "--", "true", url=second)
    assert done.returncode == 0, done.stderr
    assert all(e.up_to_date(first, one.migrations) and e.up_to_date(second, two.migrations) for e in engines.values())
    for project, url in ((one, first), (two, second)):
        assert project.run("migrate", "status", url=url).returncode == 0
