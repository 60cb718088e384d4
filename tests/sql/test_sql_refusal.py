import glob
import os

import litellm_proxy_extras
import pytest

from pgready.sql.script import check, must_split, split

REFUSED: list[tuple[str, str, str]] = [
    # script with ^ before the offset, code, a word of what to do
    ("SELECT 1; SELECT ^'a''b; COMMIT", "unterminated_quote", "single quote"),
    (r"SELECT ^E'a\'; COMMIT", "unterminated_quote", "single quote"),
    ('SELECT ^"a""b; COMMIT', "unterminated_identifier", "double quote"),
    ("SELECT ^$a$ $b$ $$; COMMIT", "unterminated_dollar_quote", "tag"),
    ("SELECT 1; ^/* a /* b */ SELECT 2", "unterminated_comment", "*/"),
    ("SELECT 'a\n' ^\0", "nul", "remove"),
    ("SELECT 1;\n^\\connect other\nSELECT ';", "psql_command", "URL names"),
    ("^\\i other.sql", "psql_command", "included file"),
    ("SELECT 1 ^\\gexec", "psql_command", "DO block"),
    ("^\\restrict abc\nSELECT 1;", "psql_command", "pg_dump"),
    ("SELECT 1 ^\\; SELECT 2", "psql_command", "SQL"),
    ("^COPY t (a, b) FROM STDIN;\nit's\t\\N\n\\.\n", "copy_from_stdin", "INSERT"),
    ("SELECT 1; ^copy binary t from /* x */ stdin", "copy_from_stdin", "INSERT"),
    ("^COPY t FROM STDOUT", "copy_from_stdin", "INSERT"),
    ("^COPY (SELECT a FROM b) TO STDOUT WITH (FORMAT csv)", "copy_to_stdout", "remove"),
    ("^BEGIN; SELECT 1;", "unclosed_transaction", "COMMIT"),
    ("SELECT 1; ^START TRANSACTION READ ONLY; SELECT 1;", "unclosed_transaction", "COMMIT"),
    ("BEGIN; SELECT 1; ^COMMIT AND CHAIN; SELECT 2;", "unclosed_transaction", "COMMIT"),
    ("BEGIN; COMMIT; ^BEGIN; SAVEPOINT a; ROLLBACK TO a; RELEASE a;", "unclosed_transaction", "COMMIT"),
    ("SELECT 1; ^ROLLBACK; SELECT 2", "rollback_outside_transaction", "BEGIN"),
    ("^ABORT WORK", "rollback_outside_transaction", "BEGIN"),
    ("BEGIN; SELECT 1; ^PREPARE TRANSACTION 'x';", "prepare_transaction", "COMMIT"),
]


@pytest.mark.parametrize(("marked", "code", "then"), REFUSED)
def test_scripts_that_cannot_be_sent_are_refused(marked: str, code: str, then: str) -> None:
    """Each is refused with its code, at its place, with what to write instead."""
    offset = marked.index("^")
    refusal = check(marked.replace("^", "", 1))
    assert refusal is not None
    assert (refusal.code, refusal.offset) == (code, offset)
    assert then in refusal.then
    assert refusal.what.isprintable()


@pytest.mark.parametrize(
    "script",
    [
        "",
        "-- nothing",
        "SELECT 1 -- ends in a comment",
        "BEGIN; SELECT 1; COMMIT;",
        "BEGIN; SELECT 1; END TRANSACTION",
        "BEGIN; SELECT 1; ROLLBACK; SELECT 2",
        "BEGIN; COMMIT AND CHAIN; COMMIT AND NO CHAIN",
        "SELECT 1; COMMIT; SELECT 2",
        "SELECT E'\\n', 'a\\b', $$\\connect$$, \"\\\" /* \\c */ -- \\c",
        "COPY t FROM '/file'; COPY (SELECT a FROM stdin) TO PROGRAM 'cat'",
        "COPY stdin FROM '/file'; COPY t TO '/stdout'",
        "PREPARE transaction AS SELECT 1; COMMIT PREPARED 'x'",
        "BEGIN; SELECT (1; COMMIT",  # the server's syntax error says more than we could
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; COMMIT",
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END; SELECT 1",
        "SELECT FROM WHERE",
    ],
)
def test_all_else_is_left_to_the_server(script: str) -> None:
    """What reads as SQL is sent, right or wrong."""
    assert check(script) is None


def test_real_migrations_are_read() -> None:
    """All migrations of a real project split with nothing refused, and only index builds need a split."""
    here = os.path.dirname(litellm_proxy_extras.__file__)
    paths = sorted(glob.glob(os.path.join(here, "migrations", "*", "migration.sql")))
    assert len(paths) >= 220
    count = 0
    for path in paths:
        with open(path, encoding="utf-8", newline="") as file:
            script = file.read()
        count += len(split(script))
        assert check(script) is None, path
        assert must_split(script) in {None, "create index concurrently"}, path
    assert count > 600
