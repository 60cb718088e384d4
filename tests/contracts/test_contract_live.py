"""The queries of a live server: which of them become contracts, what is left out, and what is said where it cannot."""

import psycopg
import pytest

from pgready.errors import PgreadyError
from pgready.postgres.proving.live_queries import _chosen, live_queries
from pgready.project.url import Target, parse

pytestmark = pytest.mark.matrix


@pytest.fixture
def live(make_server):
    """A server that counts its queries, with a table and a workload."""
    server = make_server(settings={"shared_preload_libraries": "pg_stat_statements"})
    with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
        for statement in (
            "CREATE SCHEMA app; CREATE TABLE app.t (id int PRIMARY KEY, b text, at timestamptz)",
            "CREATE ROLE worker LOGIN; ALTER ROLE worker SET search_path = app, public",
            "GRANT USAGE ON SCHEMA app TO worker; GRANT SELECT ON app.t TO worker",
        ):
            connection.execute(statement.encode())
    return server


def target(url: str) -> Target:
    return parse(url, "test")


def work(url: str) -> None:
    with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
        for number in range(5):
            connection.execute("SELECT * FROM app.t WHERE id = %s AND at > now() - interval '1 day' LIMIT 10", [number])
            many = ", ".join(str(each) for each in range(number + 1))
            connection.execute(f"SELECT b FROM app.t WHERE id IN ({many})".encode())
        connection.execute("UPDATE app.t SET b = 'a secret' WHERE id = 5")
        connection.execute("SELECT count(*) FROM pg_class")
        connection.execute("SELECT 1")
        connection.execute("ALTER ROLE worker PASSWORD 'a secret'")
        connection.execute("WITH d AS (DELETE FROM app.t RETURNING *) SELECT * FROM d")


def test_queries_become_contracts_without_anybody_s_values(live):
    """One contract a query, whatever the constants and list lengths; texts that a server takes back; own figures."""
    url = live.url(tcp=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA stats; CREATE EXTENSION pg_stat_statements SCHEMA stats")
        work(url)
        work(url)
        with psycopg.connect(live.url(user="worker", tcp=False), autocommit=True) as worker:
            worker.execute("SELECT at FROM t WHERE b = 'x'")
        found = live_queries(target(url), 50)
        by_sql = {one.sql.lower(): one for one in found.contracts}
        first = next(one for sql, one in by_sql.items() if "::interval" in sql)
        assert (first.source, first.calls, first.place.line) == ("live", 10, 0)
        assert first.mean_ms is not None
        assert first.name.startswith("select_t_")
        lists = [one for sql, one in by_sql.items() if " in (" in sql]
        assert [one.calls for one in lists] == [10]
        assert next(one for one in found.contracts if one.sql.startswith("UPDATE")).calls == 2
        assert next(one for sql, one in by_sql.items() if "select at" in sql).search_path == "app, public"
        assert len(found.contracts) == 4
        assert not found.not_judged
        assert "secret" not in repr(found)
        reasons = dict(found.left_out)
        assert reasons["of catalogs only"] >= 1
        assert reasons["that change rows in a CTE, or make tables"] == 1
        for one in found.contracts:
            connection.execute("SET search_path = app")
            connection.execute(f"PREPARE q AS {one.sql}".encode())
            connection.execute("DEALLOCATE q")


def test_the_top_are_those_that_take_longest(live):
    """Ordered by total time, and what is below the line is counted."""
    url = live.url(tcp=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_stat_statements")
        work(url)
        connection.execute("SELECT count(*), pg_sleep(0.2) FROM app.t")
    found = live_queries(target(url), 1)
    assert [one.sql.partition(" FROM")[0] for one in found.contracts] == ["SELECT count(*), pg_sleep($1)"]
    assert dict(found.left_out)["below the top 1"] == 3


def test_a_role_that_sees_no_texts_is_told(live):
    """Queries of other roles are counted with the grant that would show them."""
    url = live.url(tcp=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_stat_statements")
        work(url)
    found = live_queries(target(live.url(user="worker", tcp=False)), 50)
    assert not found.contracts
    assert any("GRANT pg_read_all_stats" in reason and count >= 4 for reason, count in found.left_out)


def test_what_is_missing_is_said_with_the_statement_that_helps(live, database):
    """No extension; an extension that the server does not load; a schema that the role may not look into."""
    cases = [(live.url(tcp=False), "statements_missing", "CREATE EXTENSION pg_stat_statements")]
    if database.query("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_stat_statements'"):
        cases.append((database.socket_url, "statements_missing", "shared_preload_libraries"))
    for url, code, advice in cases:
        with pytest.raises(PgreadyError) as caught:
            live_queries(target(url), 50)
        assert caught.value.code == code
        assert advice in caught.value.then
    database.query("CREATE EXTENSION pg_stat_statements")
    with pytest.raises(PgreadyError) as caught:
        live_queries(target(database.socket_url), 50)
    assert caught.value.code == "statements_not_loaded"
    with psycopg.connect(live.url(tcp=False), autocommit=True) as connection:
        connection.execute("CREATE SCHEMA stats; CREATE EXTENSION pg_stat_statements SCHEMA stats")
    with pytest.raises(PgreadyError) as caught:
        live_queries(target(live.url(user="worker", tcp=False)), 50)
    assert "GRANT USAGE ON SCHEMA stats" in caught.value.then


def test_only_reading_and_with_a_bound(live):
    """The question is asked in a read-only transaction with a statement timeout, on one connection."""
    url = live.url(tcp=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_stat_statements")
        work(url)
        # The view in its place tells what it is asked under, and fails by it.
        connection.execute("CREATE SCHEMA spy; ALTER EXTENSION pg_stat_statements SET SCHEMA spy")
        connection.execute(
            "CREATE FUNCTION spy.look() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'asked under % % %',"
            " current_setting('transaction_read_only'), current_setting('statement_timeout'),"
            " (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgready'); END $$;"
            "ALTER VIEW spy.pg_stat_statements RENAME TO hidden;"
            "CREATE VIEW spy.pg_stat_statements AS SELECT * FROM spy.hidden WHERE spy.look() = ''"
        )
    with pytest.raises(PgreadyError, match="asked under on 15s 1"):
        live_queries(target(url), 50)


def test_texts_that_cannot_be_planned_are_told_and_hold_no_secret():
    """A text that is cut off is not judged; what is no query may hold a password, and is only counted."""
    rows = (
        ("1", "5", "100", "SELECT * FROM t WHERE (a = $1 AND b", "app", "1"),
        ("2", "1", "90", "ALTER ROLE x PASSWORD 'a secret' AND MORE", None, "1"),
        ("3", "1", "80", None, None, "1"),
        (None, "9", "70", "<insufficient privilege>", None, "12"),
        ("-4", "2", "60", "SELECT b FROM t WHERE a = $1;", None, "1"),
    )
    found = _chosen(rows, 5)
    ((contract, why),) = found.not_judged
    assert (contract.calls, contract.mean_ms, why) == (5, 20.0, "not SQL that can be planned: its text is cut off")
    assert [one.sql for one in found.contracts] == ["SELECT b FROM t WHERE a = $1"]
    assert "secret" not in repr(found)
    assert sorted(dict(found.left_out).values()) == [1, 1, 12]
