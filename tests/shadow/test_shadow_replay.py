"""Replaying: what the migrations make is what comes back, however their scripts have to be run."""

import pytest

from pgready.catalog.scope import without_owners
from pgready.errors import MigrationFailed, UsageInvalid
from pgready.postgres.connect import open_session
from pgready.postgres.introspection import introspect
from pgready.project.url import parse

pytestmark = pytest.mark.matrix

MIXED = {
    "20240101000000_init": "CREATE TABLE customer (id int PRIMARY KEY, name text);\n",
    "20240102000000_comment": "-- nothing here\n",
    "20240103000000_concurrently": "CREATE INDEX CONCURRENTLY customer_name ON customer (name);\n",
    "20240104000000_enum": "CREATE TYPE mood AS ENUM ('ok');\nALTER TYPE mood ADD VALUE 'fine';\n"
    "CREATE TABLE moods (m mood DEFAULT 'fine');\n",
    "20240105000000_block": "BEGIN;\nCREATE TABLE inside (id int);\nCOMMIT;\n",
    "20240106000000_role": "SET search_path = pg_catalog;\nSET ROLE pg_monitor;\n",
    "20240107000000_do": "DO $$ BEGIN CREATE TABLE made_by_do (id int); COMMIT; END $$;\n",
    "20240108000000_two": "BEGIN;\nCREATE TABLE b1 (id int);\nCOMMIT;\nVACUUM;\nCREATE TABLE b2 (id int);\n",
}


def test_every_kind_of_script_makes_what_a_deploy_makes(database, make_project, replay, shadows):
    """Whole, split by the text, split by the server's refusal, own blocks, role changes: the same catalog."""
    project = make_project(migrations=MIXED)
    made = replay(project)
    assert project.run("migrate", "deploy", url=database.url).returncode == 0
    session = open_session(parse(database.url), "test")
    deployed = introspect(session)
    session.close()
    assert [t.name.name for t in deployed.tables if t.name.name == "_prisma_migrations"]
    tables = [t for t in deployed.tables if t.name.name != "_prisma_migrations"]
    assert list(without_owners(made).tables) == [without_owners(t) for t in tables]
    assert made.enums[0].labels == ("ok", "fine")
    assert shadows() == []


def test_plain_sql_folders_are_replayed(make_project, replay):
    """A folder of numbered files, in natural order."""
    project = make_project()
    project.migrations.mkdir()
    (project.migrations / "V2__b.sql").write_text("ALTER TABLE a ADD b int;")
    (project.migrations / "V10__c.sql").write_text("ALTER TABLE a ADD c int;")
    (project.migrations / "V1__a.sql").write_text("CREATE TABLE a (id int);")
    (table,) = replay(project).tables
    assert [column.name for column in table.columns] == ["id", "b", "c"]


def test_a_broken_script_is_shown_at_its_place(make_project, replay, shadows):
    """File, line, column and caret, in the middle of a batch and in a step of a split script."""
    project = make_project(
        migrations={**MIXED, "20240109000000_bad": "CREATE TABLE x (id int);\n\nALTER TABLE nope ADD y int;\n"}
    )
    with pytest.raises(MigrationFailed) as failed:
        replay(project)
    e = failed.value
    assert 'relation "nope" does not exist' in e.what
    assert "20240109000000_bad" in e.what
    assert e.where.endswith("20240109000000_bad/migration.sql:3:1")
    assert "ALTER TABLE nope" in e.excerpt
    assert e.excerpt.rstrip().endswith("^")
    project.migration("20240109000000_bad", "CREATE TABLE x (id int);\nVACUUM;\nSELCT 1;\n")
    with pytest.raises(MigrationFailed) as failed:
        replay(project)
    assert failed.value.where.endswith(":3:1")
    assert shadows() == []


def test_a_syntax_error_anywhere_in_a_batch_is_found(make_project, replay):
    """The server parses a whole message first: the migrations before the broken one are innocent."""
    migrations = {f"2024010100000{n}_t": f"CREATE TABLE t{n} (id int);" for n in range(6)}
    project = make_project(
        migrations={**migrations, "20240101000006_bad": "CREATE TABLE ok (id int);\nCREATE TABEL x ();"}
    )
    with pytest.raises(MigrationFailed) as failed:
        replay(project)
    assert failed.value.where.endswith("20240101000006_bad/migration.sql:2:8")


def test_an_error_of_a_deferred_constraint_names_the_file(make_project, replay):
    """COMMIT fails: there is no place in the script, and still a name."""
    script = (
        "CREATE TABLE p (id int PRIMARY KEY);\n"
        "CREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO c VALUES (1);\n"
    )
    project = make_project(migrations={"20240101000000_init": script})
    with pytest.raises(MigrationFailed) as failed:
        replay(project)
    assert failed.value.where.endswith("migration.sql")
    assert "foreign key" in failed.value.what


def test_an_unsendable_script_touches_no_server(make_project, replay, told):
    """Judged before a shadow database is made."""
    project = make_project(migrations={"20240101000000_init": "SELECT 'open"})
    with pytest.raises(UsageInvalid):
        replay(project)
    assert told == []


def test_a_missing_extension_is_named_with_the_way_out(make_project, replay, database):
    """By its name, its place, and what to do."""
    project = make_project(
        migrations={"20240101000000_init": 'SELECT 1;\nCREATE EXTENSION IF NOT EXISTS "no_such_thing";'}
    )
    with pytest.raises(MigrationFailed) as failed:
        replay(project)
    e = failed.value
    assert "no_such_thing" in e.what
    assert e.code == "shadow_extension"
    assert e.where.endswith(":2:1")
    assert "--shadow-database-url" in e.then


def test_schemas_that_a_deploy_makes_are_there_and_not_the_migrations_work(make_project, replay):
    """Settings' schemas exist for the scripts; one that stays empty is left out; one that a script creates is its own."""
    project = make_project(
        migrations={
            "20240101000000_a": "SELECT 1;",
            "20240101000001_b": "CREATE SCHEMA own; CREATE TABLE own.t (id int);",
            "20240101000003_d": "CREATE TABLE billing.invoice (id int);",
            "20240101000002_c": "CREATE SCHEMA IF NOT EXISTS third; CREATE TYPE third.e AS ENUM ('a');",
        }
    )
    made = replay(project, schemas=("billing", "own", "third", "unused"))
    assert [schema.name for schema in made.schemas] == ["billing", "own", "public", "third"]
    assert [str(table.name) for table in made.tables] == ["billing.invoice", "own.t"]


def test_the_schema_of_the_url_is_the_search_path(database, make_project, replay):
    """`?schema=` reaches every script, also after one that changed it."""
    project = make_project(migrations={"20240101000000_a": "CREATE TABLE a (id int);SET search_path = pg_catalog;",
                                       "20240101000001_b": "CREATE TABLE b (id int);"})  # fmt: skip
    made = replay(project, search_path="tenant", schemas=("tenant",))
    assert [str(table.name) for table in made.tables] == ["tenant.a", "tenant.b"]


def test_statements_about_the_server_are_left_out_and_told(database, make_project, replay, told):
    """CREATE DATABASE in a migration is not done twice."""
    project = make_project(migrations={"20240101000000_a": "CREATE DATABASE pgready_replay_made;",
                                       "20240101000001_b": "ALTER SYSTEM SET work_mem = '5MB';"})  # fmt: skip
    replay(project)
    assert database.query("SELECT 1 FROM pg_database WHERE datname = 'pgready_replay_made'") == []
    assert told.kinds().count("shadow_skipped") == 2
