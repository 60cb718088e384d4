"""The embedded server as the place of a shadow database: the default where there are server programs."""

import os

import psycopg
import pytest

from pgready.embedded import EmbeddedServer
from pgready.errors import MigrationFailed, UsageInvalid

GRANTS = {
    "20240101000000_init": "CREATE TABLE customer (id int PRIMARY KEY);\n",
    "20240101000001_grants": 'GRANT SELECT ON customer TO reader, "odd ""role";\nALTER TABLE customer OWNER TO app_owner;\n',
    "20240101000003_set": "SET ROLE somebody;\nCREATE TABLE theirs (id int);\n",
    "20240101000002_name": "DO $$ BEGIN IF current_database() <> 'my db' THEN RAISE 'no'; END IF; END $$;\n",
}


def test_roles_that_scripts_name_are_made_and_the_database_has_its_name(make_project, replay, told):
    """What belongs to a server and not to a history does not stop a replay."""
    url = "postgresql://nobody@127.0.0.1:1/my%20db"
    made = replay(make_project(migrations=GRANTS), main=url, choice="embedded")
    assert made.tables[0].owner == "app_owner"
    assert [event.fields["role"] for event in told if event.kind == "shadow_role"] == [
        "reader",
        'odd "role',
        "app_owner",
        "somebody",
    ]


def test_the_default_is_the_embedded_server_and_its_extensions_are_told(make_project, replay, told):
    """Without any URL; the way out names --shadow-database-url."""
    project = make_project(migrations={"20240101000000_init": "CREATE EXTENSION postgis;"})
    with pytest.raises(MigrationFailed) as failed:
        replay(project, main=None, choice="embedded")
    assert "postgis" in failed.value.what
    assert "--shadow-database-url" in failed.value.then
    assert "embedded PostgreSQL" in told[0].text


def test_without_programs_and_without_a_url_every_way_out_is_named(make_project, replay, monkeypatch):
    """Programs that are named and not there are the user's to mend."""
    monkeypatch.setitem(os.environ, "PGREADY_EMBEDDED_BIN", "/nowhere/at/all")
    with pytest.raises(UsageInvalid) as refused:
        replay(make_project(migrations=GRANTS), main=None, choice="embedded")
    assert "/nowhere/at/all" in refused.value.where


def test_what_another_server_may_have_is_told_apart_from_what_is_wrong_everywhere(make_project, replay):
    """A collation of the project's server: --shadow server; a table that is not there: only the script."""
    project = make_project(migrations={"20240101000000_init": 'CREATE TABLE t (a text COLLATE "xx_XX.nowhere");'})
    with pytest.raises(MigrationFailed) as failed:
        replay(project, main=None, choice="embedded")
    assert "--shadow server" in failed.value.then
    project.migration("20240101000000_init", "ALTER TABLE nope ADD a int;")
    with pytest.raises(MigrationFailed) as failed:
        replay(project, main=None, choice="embedded")
    assert "--shadow" not in failed.value.then


def test_the_servers_own_shadow_lets_nobody_in_over_tcp():
    """It has no password to guess, and none is taken for one."""
    with EmbeddedServer(tcp=False) as server:
        with psycopg.connect(server.url(tcp=False)) as connection:
            assert connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'").fetchone() == (
                None,
            )
        for password in ("", server.password):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(server.url(password=password), connect_timeout=10)
