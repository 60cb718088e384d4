"""The fixtures that every other test stands on keep their own promises."""

from collections.abc import Callable

import psycopg
import pytest

from fix_server import Database, Role
from pgready.embedded import EmbeddedServer

pytestmark = pytest.mark.matrix


def test_a_database_is_fresh_and_reached_over_tcp_with_a_password(database: Database) -> None:
    """A database is empty, and its URL asks for the password."""
    with psycopg.connect(database.url) as connection:
        assert connection.info.host == "127.0.0.1"
        assert connection.pgconn.used_password
    assert database.query("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == [(0,)]


def test_two_databases_do_not_see_each_other(make_database: Callable[..., Database]) -> None:
    """What one test creates, another does not find; odd names are quoted."""
    one, other = make_database(), make_database('a "quoted" näme')
    one.query("CREATE TABLE t (id int)")
    assert other.query("SELECT to_regclass('t')") == [(None,)]
    assert other.query("SELECT current_database()") == [('a "quoted" näme',)]


def test_an_absent_database_does_not_exist(absent_database: Database) -> None:
    """The name is reserved, the database is missing."""
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        absent_database.connect()


def test_a_role_has_only_what_it_was_granted(database: Database, make_role: Callable[..., Role]) -> None:
    """A role without the grant is refused, one with it is not, and its password counts."""
    database.query("CREATE TABLE t (id int)")
    stranger, reader = make_role("stranger"), make_role("reader", "GRANT SELECT ON t TO {role}")
    with reader.connect() as connection:
        assert connection.execute("SELECT * FROM t").fetchall() == []
    with stranger.connect() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM t")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(database.url_for(reader.name, "wrong"))


def test_pg_dump_is_the_same_for_equal_schemas(
    make_database: Callable[..., Database], pg_dump: Callable[..., str], psql: Callable[..., str]
) -> None:
    """Two equal databases dump equally, a difference of one column shows."""
    one, other = make_database(), make_database()
    one.query("CREATE TABLE t (id int)")
    psql(other, "-c", "CREATE TABLE t (id int)")
    assert "CREATE TABLE public.t" in pg_dump(one)
    assert pg_dump(one) == pg_dump(other)
    other.query("ALTER TABLE t ADD c int")
    assert pg_dump(one) != pg_dump(other)


def test_the_server_is_of_the_asked_version(server: EmbeddedServer, database: Database) -> None:
    """The version that the server object tells is the one that the server runs."""
    assert database.query("SHOW server_version_num")[0][0].startswith(str(server.major))
