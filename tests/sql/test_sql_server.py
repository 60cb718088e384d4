"""The splitter and the classifier held against a real server."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.pq import ExecStatus

from pgready.sql.names import fold, quote_ident, quote_literal, truncate_63
from pgready.sql.script import index_build, needs_no_transaction, split

pytestmark = pytest.mark.matrix

Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def connection(database: Any) -> Iterator[Connection]:
    """A connection in autocommit mode."""
    with database.connect() as opened:
        yield opened


def send(connection: Connection, script: str) -> list[tuple[str, list[object]]]:
    """The script as one simple query: command and first column of each of its results, an error as the last."""
    results: list[tuple[str, list[object]]] = []
    connection.pgconn.send_query(script.encode())
    while (result := connection.pgconn.get_result()) is not None:
        if result.status == ExecStatus.EMPTY_QUERY:
            continue
        if result.error_message:
            results.append(("ERROR", [result.error_message.decode()]))
            continue
        rows = [result.get_value(row, 0) for row in range(result.ntuples)] if result.nfields else []
        results.append(((result.command_status or b"").decode(), list(rows)))
    return results


plain = st.text(st.sampled_from("ab;'\"$-/*\\ \n(é"), max_size=8)
TEXTS = st.one_of(
    plain.map(lambda text: "'" + text.replace("'", "''") + "'"),
    plain.map(lambda text: "E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"),
    plain.map(lambda text: "e'" + text.replace("\\", "\\\\").replace("'", "''") + "' -- it's\n 'x;'"),
    plain.map(lambda text: "U&'" + text.replace("\\", "\\\\").replace("'", "''") + "'"),
    st.tuples(st.sampled_from(["", "a", "_1", "é"]), plain).map(
        lambda pair: f"${pair[0]}$" + pair[1].replace("$", "") + f"${pair[0]}$"
    ),
    plain.map(quote_literal),
)
GAPS = st.sampled_from([" ", "\n", "\r\n\t", " -- ; ' $$ \n", "/* ; */", "/* ' /* $$ ; */ \" */", " /*-*/ ", "--\n"])
NUMBERS = st.sampled_from(
    [
        "1",
        "- -1",
        "2*/*;*/3",
        "4-+--;\n5",
        "(1)",
        "1.5",
        '(SELECT 1 AS "a;")',
        "1 AS a$$",
        "$$x$$::text",
        "CASE WHEN true THEN 1 END",
    ]
)
QUERIES = st.tuples(GAPS, st.one_of(TEXTS, NUMBERS)).map(lambda part: "SELECT" + "".join(part))
SCRIPTS = st.lists(st.tuples(GAPS, QUERIES, GAPS, st.sampled_from([";", ";;", "; ;"])), max_size=12)


@settings(
    derandomize=True, deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(SCRIPTS)
def test_the_server_counts_as_many_statements(connection: Connection, parts: list[tuple[str, str, str, str]]) -> None:
    """A script of odd constants and comments gives as many results as statements, each what its statement alone gives."""
    script = "".join("".join(part) for part in parts)
    found = split(script)
    assert [statement.text for statement in found] == [query for _, query, _, _ in parts]
    results = send(connection, script)
    assert not any(command == "ERROR" for command, _ in results), results
    assert len(results) == len(found)
    assert results == [one for statement in found for one in send(connection, statement.text)]


SETUP = """
CREATE TABLE t (a int, b int);
CREATE TABLE log (a int);
CREATE RULE r AS ON INSERT TO t WHERE new.a > 5 DO ALSO (INSERT INTO log VALUES (new.a); INSERT INTO log VALUES (new.b));
CREATE FUNCTION begin() RETURNS int LANGUAGE sql AS 'SELECT 1; SELECT 2';
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql
BEGIN ATOMIC
  SELECT CASE WHEN a > 1 THEN CASE a WHEN 2 THEN 3 END END AS "end;";
  SELECT 1 AS end;
  SELECT (CASE WHEN true THEN 4 END);
END;
CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC INSERT INTO log VALUES (1); DELETE FROM log; END;
DO $do$ BEGIN PERFORM 1; END; $do$;
SELECT begin(), f(1); -- last"""


def test_bodies_and_rules_are_one_statement_each(connection: Connection) -> None:
    """Rules with several commands, BEGIN ATOMIC bodies and DO blocks count as the server counts them."""
    results = send(connection, SETUP)
    assert [command for command, _ in results] == [
        "CREATE TABLE",
        "CREATE TABLE",
        "CREATE RULE",
        "CREATE FUNCTION",
        "CREATE FUNCTION",
        "CREATE PROCEDURE",
        "DO",
        "SELECT 1",
    ]
    found = split(SETUP)
    assert len(found) == len(results)
    connection.execute("DROP TABLE t, log CASCADE; DROP FUNCTION begin(); DROP FUNCTION f(int)")
    connection.execute("DROP PROCEDURE IF EXISTS p()")
    for statement in found:
        ((command, _),) = send(connection, statement.text)
        assert command != "ERROR", statement.text


ALONE = [
    "CREATE INDEX CONCURRENTLY i2 ON t (a)",
    "DROP INDEX CONCURRENTLY i",
    "REINDEX (CONCURRENTLY) TABLE t",
    "REINDEX TABLE CONCURRENTLY t",
    "REINDEX SCHEMA public",
    "VACUUM t",
    "CREATE DATABASE never_made",
    "DROP DATABASE IF EXISTS never_made",
    "ALTER DATABASE template1 SET TABLESPACE pg_default",
    "CREATE TABLESPACE never_made LOCATION '/nowhere'",
    "DROP TABLESPACE never_made",
    "ALTER SYSTEM SET work_mem = '4MB'",
    "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p",
    "CLUSTER",
    "ALTER TABLE part DETACH PARTITION part1 CONCURRENTLY",
    "COMMIT PREPARED 'x'",
    "ROLLBACK PREPARED 'x'",
    "DISCARD ALL",
]
INSIDE = [
    "CREATE INDEX i2 ON t (a)",
    "DROP INDEX i",
    "REINDEX TABLE t",
    "REINDEX (CONCURRENTLY off) TABLE t",
    "ANALYZE t",
    "CLUSTER t USING i",
    "ALTER TABLE part DETACH PARTITION part1",
    "CREATE SUBSCRIPTION s CONNECTION 'host=a' PUBLICATION p WITH (connect = false)",
    "DISCARD TEMP",
    "CREATE TYPE e AS ENUM ('a')",
]
TABLES = """
CREATE TABLE t (a int);
CREATE INDEX i ON t (a);
CREATE TABLE part (a int) PARTITION BY LIST (a);
CREATE TABLE part1 PARTITION OF part FOR VALUES IN (1);
"""


def sqlstate_inside(connection: Connection, text: str) -> str | None:
    """The SQLSTATE of the statement in a transaction block that is rolled back."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(text.encode())
    except psycopg.Error as error:
        return error.sqlstate
    return None


def test_the_server_agrees_on_what_stands_alone(connection: Connection) -> None:
    """Each statement that is known to need no transaction fails in one with 25001, and its harmless twin does not."""
    connection.execute(TABLES.encode())
    for text in ALONE:
        assert needs_no_transaction(split(text)[0]), text
        assert sqlstate_inside(connection, text) == "25001", text
    for text in INSIDE:
        assert needs_no_transaction(split(text)[0]) is None, text
        assert sqlstate_inside(connection, text) is None, text


BUILDS = [
    "CREATE INDEX CONCURRENTLY I ON Tab (a)",
    'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "I""x" ON ONLY "S".t (a)',
    "CREATE INDEX CONCURRENTLY if ON t (a)",
    f"CREATE INDEX CONCURRENTLY {'é' * 40} ON {'Z' * 70} (a)",
    """CREATE INDEX CONCURRENTLY U&"d\\0061t\\+000061" ON U&"a!0062" UESCAPE '!' (a)""",
    "CREATE INDEX CONCURRENTLY /* ON x */ i -- ON y\n ON database_name . s /* c */ . t (a)",
    "CREATE INDEX CONCURRENTLY i ON ONLY (s.t) (a)",
]


@pytest.mark.parametrize("text", BUILDS)
def test_the_server_agrees_on_an_indexes_name(connection: Connection, text: str) -> None:
    """The index that the server makes has the name, table and schema that the text was read to have."""
    text = text.replace("database_name", quote_ident(connection.info.dbname))
    build = index_build(split(text)[0])
    assert build is not None
    assert build.name is not None
    schema = build.schema or "public"
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quote_ident(schema)}".encode())
    connection.execute(f"CREATE TABLE {quote_ident(schema)}.{quote_ident(build.table)} (a int)".encode())
    connection.execute(text.encode())
    row = connection.execute(
        "SELECT i.relname, t.relname, n.nspname, x.indisunique FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
        " JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = i.relnamespace WHERE n.nspname = %s",
        [schema],
    ).fetchone()
    assert row == (build.name, build.table, schema, build.unique)


@settings(derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=70),
    st.sampled_from(["on", "off"]),
)
def test_names_and_texts_survive_the_server(connection: Connection, text: str, strings: str) -> None:
    """A quoted text comes back as it was with either string setting, and a quoted name as it was cut."""
    connection.execute(f"SET standard_conforming_strings = {strings}".encode())
    connection.execute("SET escape_string_warning = off")
    cursor = connection.execute(f"SELECT {quote_literal(text)} AS {quote_ident(text)}".encode())
    assert cursor.fetchone() == (text,)
    assert cursor.description is not None
    assert cursor.description[0].name == truncate_63(text)


@pytest.mark.parametrize("word", ["ABC", "Äbc", "K\u017f\u0130x", "Z" * 70, "é" * 40, "a$B"])
def test_folding_is_the_servers(connection: Connection, word: str) -> None:
    """An unquoted name is stored as `fold` says."""
    cursor = connection.execute(f"SELECT 1 AS {word}".encode())
    assert cursor.description is not None
    assert cursor.description[0].name == fold(word)
