"""Scripts that cannot be sent, scripts that fail, and odd scripts that must work."""

import pytest
from untouched import snapshot, tables_of_team

pytestmark = pytest.mark.matrix

BAD = "20240102000000_bad"
GOOD = {"20240101000000_good": "CREATE TABLE good (id int);"}
FILE = f"prisma/migrations/{BAD}/migration.sql"

UNSENDABLE = {
    "byte order mark": (b"\xef\xbb\xbfCREATE TABLE a (id int);", "byte order mark (BOM)", "1:1"),
    "Latin-1": (b"SELECT 1;\nSELECT '\xe9t\xe9';", "not valid UTF-8: byte 0xE9", "2:9"),
    "UTF-16": ("CREATE TABLE a (id int);".encode("utf-16"), "not valid UTF-8: byte 0xFF", "1:1"),
    "NUL": (b"CREATE TABLE a (id int);\n--\x00", "NUL character", "2:3"),
    r"\connect": ("CREATE TABLE a (id int);\n\\connect other\n", r"\connect is a command of psql", "2:1"),
    r"\i": ("CREATE TABLE a (id int);\n  \\i other.sql\n", r"\i is a command of psql", "2:3"),
    r"\gexec": ("SELECT 'CREATE TABLE a (id int)' \\gexec\n", r"\gexec is a command of psql", "1:34"),
    r"\restrict": ("\\restrict abc\nCREATE TABLE a (id int);\n", r"\restrict is a command of psql", "1:1"),
    "COPY data": ("CREATE TABLE a (id int);\nCOPY a FROM STDIN;\n1\n\\.\n", "COPY ... FROM STDIN", "2:1"),
    "COPY data, columns": ("COPY a (id, b) FROM stdin WITH (FORMAT csv);\n1,2\n\\.\n", "COPY ... FROM STDIN", "1:1"),
    "unclosed BEGIN": (
        "CREATE TABLE a (id int);\nBEGIN;\nCREATE TABLE b (id int);\n",
        "BEGIN opens a transaction",
        "2:1",
    ),
    "unclosed START": ("START TRANSACTION;\nCREATE TABLE a (id int);\n", "START TRANSACTION opens", "1:1"),
    "open quote": ("CREATE TABLE a (id int);\nSELECT 'abc;\nSELECT 1;\n", "a text constant is opened", "2:8"),
    "open name": ('CREATE TABLE "a (id int);\n', "a quoted identifier is opened", "1:14"),
    "open dollar quote": ("DO $x$ BEGIN END $y$;\n", "a dollar-quoted constant is opened", "1:4"),
    "open comment": ("CREATE TABLE a (id int);\n/* /* */\nSELECT 1;", "a comment is opened", "2:1"),
}


@pytest.mark.parametrize("case", UNSENDABLE)
def test_a_script_that_cannot_be_sent_touches_nothing(case, database, make_project):
    """Told with its place before anything is made: no schema, no migrations table, no migration before it."""
    script, words, place = UNSENDABLE[case]
    project = make_project(schemas=("public", "extra"), migrations=GOOD)
    project.migration(BAD, script)
    before = snapshot(database)
    done = project.run("boot", "--", "echo", "served", url=database.url)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert words in done.stderr
    assert f"--> {FILE}:{place}\n" in done.stderr
    assert "\nnext: " in done.stderr
    assert snapshot(database) == before


def test_an_applied_script_with_a_mark_stops_nothing(database, make_project):
    """What is wrong with a file matters only while it is to be sent: an applied one with a BOM boots on."""
    project = make_project(migrations=GOOD)
    assert project.run("boot", "--", "true", url=database.url).returncode == 0
    project.migration("20240101000000_good", b"\xef\xbb\xbfCREATE TABLE good (id int);")
    project.migration(BAD, "CREATE TABLE later (id int);")
    done = project.run("boot", "--", "echo", "served", url=database.url)
    assert (done.returncode, done.stdout) == (0, "served\n"), done.stderr
    assert tables_of_team(database) == ["good", "later"]


FAILING = {
    "in the middle": (
        "CREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\nINSERT INTO nope VALUES (2);\nSELECT 1;\n",
        "42P01", "3:13", ["3 | INSERT INTO nope VALUES (2);", "  |             ^"],
    ),
    "after multi-byte characters": (
        "CREATE TABLE a (id int, t text);\nINSERT INTO a VALUES (1, 'héllo 日本'), (nope, 'x');\n",
        "42703", "2:40", ["2 | INSERT INTO a VALUES (1, 'héllo 日本'), (nope, 'x');", "  | " + " " * 41 + "^"],
    ),
    "after an emoji and a combining mark": (
        "SELECT '🐘', 'e\u0301', nope;\n", "42703", "1:19", ["1 | SELECT '🐘', 'e\u0301', nope;", "  | " + " " * 18 + "^"],
    ),
    "after tabs": (
        "CREATE TABLE a (id int);\n\t\tSELECT nope FROM a;\n",
        "42703", "2:10", ["2 |         SELECT nope FROM a;", "  |                ^"],
    ),
    "CRLF": (
        "CREATE TABLE a (id int);\r\nSELECT\r\n  nope FROM a;\r\n",
        "42703", "3:3", ["3 |   nope FROM a;", "  |   ^"],
    ),
    "syntax error": (
        "CREATE TABLE a (id int);\nCREATE TABEL b (id int);\nSELECT 1;\n",
        "42601", "2:8", ["2 | CREATE TABEL b (id int);", "  |        ^"],
    ),
    "syntax error after multi-byte characters": (
        "SELECT 'äöü 日本';\nSELECT 'ß' FORM a;\n", "42601", "2:17", ["2 | SELECT 'ß' FORM a;", "  |                 ^"],
    ),
    "open parenthesis": (
        "CREATE TABLE a (id int);\nCREATE TABLE b (id int", "42601", "2:23", ["2 | CREATE TABLE b (id int", "  | " + " " * 22 + "^"],
    ),
    "inside a DO block": (
        "SELECT 1;\nDO $$\nBEGIN\n  PERFORM 1;\n  INSERT INTO nope VALUES (1);\nEND $$;\n",
        "42P01", "5:15", ["5 |   INSERT INTO nope VALUES (1);", "  |               ^"],
    ),
    "raised in a DO block": (
        "DO $x$ BEGIN\n\n  RAISE EXCEPTION 'ouch' USING HINT = 'mind the gap';\nEND $x$;\n",
        "P0001", "3:3", ["3 |   RAISE EXCEPTION 'ouch' USING HINT = 'mind the gap';", "  |   ^", "hint: mind the gap"],
    ),
    "in a function that a DO block calls": (
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1 / 0;\nEND $$;\nDO $x$BEGIN\n  PERFORM f();\nEND $x$;\n",
        "22012", "6:3", ["6 |   PERFORM f();", "  |   ^", "PL/pgSQL function f() line 3"],
    ),
    "in a function's SQL body": (
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n  SELECT id FROM\n  nope $$;\n",
        "42P01", "3:3", ["3 |   nope $$;", "  |   ^"],
    ),
    "in a function's PL/pgSQL body": (
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETRUN 1;\nEND $$;\n",
        "42601", "3:3", ["3 |   RETRUN 1;", "  |   ^"],
    ),
    "at COMMIT": (
        "CREATE TABLE a (id int PRIMARY KEY);\n"
        "CREATE TABLE b (a int REFERENCES a DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO b VALUES (1);\n",
        "23503", "", ['violates foreign key constraint "b_a_fkey"', 'detail: Key (a)=(1) is not present in table "a".'],
    ),
    "privilege": (
        "SET ROLE pg_monitor;\nCREATE TABLE a (id int);\n", "42501", "2:14", ["2 | CREATE TABLE a (id int);"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FAILING)
def test_a_failing_script_is_shown_where_it_fails_and_leaves_nothing(case, database, make_project):
    """File, line and column with the source line and a caret; nothing of it applied, what came before it is."""
    script, sqlstate, place, lines = FAILING[case]
    project = make_project(migrations={**GOOD, "20240103000000_after": "CREATE TABLE after (id int);"})
    project.migration(BAD, script)
    if case == "privilege":
        database.query("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    done = project.run("boot", "--", "echo", "served", url=database.url)
    assert (done.returncode, done.stdout) == (6, ""), done.stderr
    assert f"error: migration {BAD} failed: " in done.stderr
    assert f"(SQLSTATE {sqlstate}); nothing of this migration was applied" in done.stderr
    assert f"--> {FILE}{':' + place if place else ''}\n" in done.stderr, done.stderr
    for line in lines:
        assert line in done.stderr, done.stderr
    assert tables_of_team(database) == ["good"]
    assert database.query("SELECT migration_name FROM _prisma_migrations") == [("20240101000000_good",)]


def test_a_failing_first_script_in_a_batch_that_does_not_parse(database, make_project):
    """Scripts that travel in one message with one that does not parse are applied as if it were not there."""
    scripts = {f"2024010{n}000000_t{n}": f"CREATE TABLE t{n} (id int);" for n in range(1, 8)}
    project = make_project(migrations={**scripts, "20240106000000_t6": "CREATE TABEL t6 (id int);"})
    done = project.run("boot", "--", "true", url=database.url)
    assert done.returncode == 6, done.stderr
    assert "20240106000000_t6/migration.sql:1:8" in done.stderr
    assert tables_of_team(database) == ["t1", "t2", "t3", "t4", "t5"]


WORKING = {
    "set_config of search_path": "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.a (id int);",
    "SET ROLE": "SET ROLE pg_database_owner;\nCREATE TABLE a (id int);",
    "SET SESSION AUTHORIZATION": "SET SESSION AUTHORIZATION pg_database_owner;\nCREATE TABLE a (id int);",
    "RESET ALL": "SET search_path = pg_catalog;\nRESET ALL;\nCREATE TABLE public.a (id int);",
    "settings that would hurt what follows": "SET search_path = '';\nSET lock_timeout = 1;\nSET statement_timeout = 250;\nSET standard_conforming_strings = off;\nCREATE TABLE public.a (id int);",
    "comment without newline": "CREATE TABLE a (id int); -- the end",
    "statement and comment without newline": "CREATE TABLE a (id int) -- the end",
    "CRLF": "CREATE TABLE a (\r\n  id int -- one\r\n);\r\n-- two\r\n",
    "own transaction": "BEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\n",
    "stray semicolons": ";;\nCREATE TABLE a (id int);;;\n",
    "quotes of every kind": "CREATE TABLE a (id int);\nSELECT 'it''s', E'\\'', $a$ ' $b$ $a$, \"id\" FROM a; /* ' /* \" */ */",
}  # fmt: skip


@pytest.mark.parametrize("case", WORKING)
def test_odd_scripts_work_and_hurt_nothing_after_them(case, database, make_project):
    """Role, search path and settings of one script reach neither its row nor the script after it."""
    if "pg_database_owner" in WORKING[case]:
        database.query("GRANT CREATE ON SCHEMA public TO PUBLIC")
    nap = 0.3 if "statement_timeout" in WORKING[case] else 0  # longer than the script's own timeout
    project = make_project(
        migrations={"1_odd": WORKING[case], "2_after": f"CREATE TABLE b (id int); SELECT pg_sleep({nap}), 'a\\b';"}
    )
    done = project.run("boot", "--", "echo", "served", url=database.url)
    assert (done.returncode, done.stdout) == (0, "served\n"), done.stderr
    assert tables_of_team(database) == ["a", "b"]
    rows = database.query(
        "SELECT migration_name, applied_steps_count, finished_at IS NOT NULL FROM _prisma_migrations ORDER BY 1"
    )
    assert rows == [("1_odd", 1, True), ("2_after", 1, True)]
    assert database.query("SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'b'") == [(True,)]


@pytest.mark.parametrize("script", ["", "-- nothing here\n", "/* nor here */;"], ids=["empty", "comment", "semicolon"])
def test_a_script_without_a_statement_is_applied(script, database, make_project):
    """An empty migration is a migration: its row is written."""
    project = make_project(migrations={"1_empty": script})
    assert project.run("boot", "--", "true", url=database.url).returncode == 0
    assert database.query("SELECT migration_name, finished_at IS NOT NULL FROM _prisma_migrations") == [
        ("1_empty", True)
    ]
