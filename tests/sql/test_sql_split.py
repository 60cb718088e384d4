import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgready.sql.lexer import tokens
from pgready.sql.script import Statement, check, control, segments, split, summary, unwrapped
from pgready.sql.statements import scan

FUNCTION = "CREATE FUNCTION f() RETURNS int LANGUAGE sql "

CASES: list[tuple[str, list[str]]] = [
    ("", []),
    (" \n;; ; -- nothing\n /* here */ ;", []),
    ("SELECT 1", ["SELECT 1"]),
    ("SELECT 1;SELECT 2;", ["SELECT 1", "SELECT 2"]),
    ("-- first\nSELECT 1 -- last\n;", ["SELECT 1"]),
    ("/* a */ SELECT /* in */ 1 /* b */; /* c */", ["SELECT /* in */ 1"]),
    ("SELECT ';'; SELECT 'it''s;'", ["SELECT ';'", "SELECT 'it''s;'"]),
    (r"SELECT 'a\'; SELECT 2", [r"SELECT 'a\'", "SELECT 2"]),
    (r"SELECT E'a\';b'; SELECT 2", [r"SELECT E'a\';b'", "SELECT 2"]),
    (r"SELECT e'\\'; SELECT 2", [r"SELECT e'\\'", "SELECT 2"]),
    ("SELECT E'a'\n -- c ' \n '\\';b'; SELECT 2", ["SELECT E'a'\n -- c ' \n '\\';b'", "SELECT 2"]),
    ("SELECT E'a' '\\'; SELECT 2", ["SELECT E'a' '\\'", "SELECT 2"]),
    ("SELECT nameE'a\\'; SELECT 2", ["SELECT nameE'a\\'", "SELECT 2"]),
    ("SELECT U&'d\\0061;'; SELECT U&\";\"", ["SELECT U&'d\\0061;'", 'SELECT U&";"']),
    ("SELECT N';', B'0', X'1F'; SELECT 2", ["SELECT N';', B'0', X'1F'", "SELECT 2"]),
    ('SELECT 1 AS "a;""b"; SELECT 2', ['SELECT 1 AS "a;""b"', "SELECT 2"]),
    ("SELECT $$;$$; SELECT $a$ ; $b$ ; $$ ; $a$;", ["SELECT $$;$$", "SELECT $a$ ; $b$ ; $$ ; $a$"]),
    ("SELECT $é1$;$é1$; SELECT 2", ["SELECT $é1$;$é1$", "SELECT 2"]),
    ("SELECT $x$$x;$x$; SELECT 2", ["SELECT $x$$x;$x$", "SELECT 2"]),
    ("SELECT a$$; SELECT b$$", ["SELECT a$$", "SELECT b$$"]),
    ("SELECT é$$; SELECT $1$$;$$", ["SELECT é$$", "SELECT $1$$;$$"]),
    ("SELECT $1a; SELECT $ 2", ["SELECT $1a", "SELECT $ 2"]),
    ("/* a /* ; */ ; */ SELECT 1; SELECT 2", ["SELECT 1", "SELECT 2"]),
    ("SELECT 1 */*;*/ 2; SELECT 1+--;\n2", ["SELECT 1 */*;*/ 2", "SELECT 1+--;\n2"]),
    ("SELECT 1 - -1; SELECT 4 / 2;", ["SELECT 1 - -1", "SELECT 4 / 2"]),
    ("/*/;*/ SELECT 1; /***/ SELECT 2; /**/", ["SELECT 1", "SELECT 2"]),
    ("SELECT (1; 2); SELECT 3", ["SELECT (1; 2)", "SELECT 3"]),
    ("SELECT 1); SELECT 2", ["SELECT 1)", "SELECT 2"]),
    (
        "CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b); SELECT 1",
        ["CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b)", "SELECT 1"],
    ),
    (
        FUNCTION + "BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 3",
        [FUNCTION + "BEGIN ATOMIC SELECT 1; SELECT 2; END", "SELECT 3"],
    ),
    (
        FUNCTION
        + "BEGIN ATOMIC SELECT CASE WHEN true THEN CASE 1 WHEN 1 THEN 2 END END; SELECT (CASE 1 WHEN 1 THEN 2 END); END; x",
        [
            FUNCTION
            + "BEGIN ATOMIC SELECT CASE WHEN true THEN CASE 1 WHEN 1 THEN 2 END END; SELECT (CASE 1 WHEN 1 THEN 2 END); END",
            "x",
        ],
    ),
    (
        "create or replace procedure p() begin /* x */ atomic select 1 as end; select t.end from t; end; x",
        ["create or replace procedure p() begin /* x */ atomic select 1 as end; select t.end from t; end", "x"],
    ),
    (
        "CREATE FUNCTION begin() RETURNS int LANGUAGE sql AS 'x'; x",
        ["CREATE FUNCTION begin() RETURNS int LANGUAGE sql AS 'x'", "x"],
    ),
    (
        FUNCTION + "BEGIN ATOMIC SELECT (SELECT 1 end); SELECT 2; END; x",
        [FUNCTION + "BEGIN ATOMIC SELECT (SELECT 1 end); SELECT 2; END", "x"],
    ),
    ("BEGIN; ATOMIC; END", ["BEGIN", "ATOMIC", "END"]),
    ("CREATE TABLE begin (atomic int); x", ["CREATE TABLE begin (atomic int)", "x"]),
    ("BEGIN ATOMIC; x", ["BEGIN ATOMIC", "x"]),
    ("SELECT 1\r\n;\r\nSELECT 2", ["SELECT 1", "SELECT 2"]),
    ("SELECT\u00a0';'; x", ["SELECT\u00a0';'", "x"]),
    ("\\; x; y", ["\\", "x", "y"]),
]


@pytest.mark.parametrize(("script", "texts"), CASES)
def test_scripts_split_where_postgres_splits_them(script: str, texts: list[str]) -> None:
    """Statements end at a `;` that is in no quote, comment, parenthesis or body."""
    assert [statement.text for statement in split(script)] == texts


def test_places_in_the_script() -> None:
    """A statement knows its characters, the line of its first token and its first words."""
    script = '-- a\n\n  select 1\n; /* b\n*/ DROP "Index" x'
    assert split(script) == (
        Statement("select 1", 8, 18, 3, ("SELECT", "1")),
        Statement('DROP "Index" x', 27, 41, 5, ("DROP", '"Index"', "X")),
    )
    assert script[8:18] == "select 1\n;"


def test_words_beyond_ascii_are_no_keywords() -> None:
    """A dotless i or a long s makes no keyword, whatever Python's upper case says."""
    (statement,) = split("beg\u0131n")
    assert statement.words == ("beg\u0131n",)
    assert control(statement) is None


SOUP = st.lists(
    st.sampled_from(
        [
            *"'\"$;()\\-/*+ \n\r\t\0.,:e1",
            *("''", "$$", "$a$", "--", "/*", "*/", "E'", "U&'", "\\'", "a$", "é", "\u00a0", "\U0001f600", "\ud800"),
            *("CREATE FUNCTION ", " BEGIN ATOMIC ", " CASE ", " END ", " BEGIN;", " COMMIT;", "COPY t FROM STDIN;"),
        ]
    ),
    max_size=40,
).map("".join)


@settings(derandomize=True, deadline=None, max_examples=600)
@given(SOUP)
def test_no_text_is_too_odd(script: str) -> None:
    """Any soup of tokens splits: pieces in order, none overlapping, and no token outside of them."""
    found = split(script)
    at = 0
    outside = []
    for statement in found:
        assert at <= statement.start < statement.end
        assert script[statement.start :].startswith(statement.text)
        assert statement.line == script.count("\n", 0, statement.start) + 1
        outside.append(script[at : statement.start])
        at = statement.end
        assert len(statement.text) <= statement.end - statement.start
        rest = script[statement.start + len(statement.text) : statement.end]
        assert [token.text for token in tokens(rest)] in ([], [";"])
        assert len(summary(statement, 30)) <= 30
    outside.append(script[at:])
    if scan(script).fault is None:
        assert {token.text for gap in outside for token in tokens(gap)} <= {";"}
    refused = check(script)
    assert refused is None or 0 <= refused.offset < len(script)
    for segment in segments(script):
        assert [found[index] for index in segment.indexes] == list(segment.statements)
    blanked = unwrapped(script)
    assert blanked is None or len(blanked) == len(script)


@settings(derandomize=True, deadline=None, max_examples=600)
@given(SOUP)
def test_both_patterns_read_alike(script: str) -> None:
    """The fast pattern finds the same ends as the precise one that reads the head of a statement."""
    near = [(s.start, s.end) for s in split("y " + script)]
    far = [(s.start, s.end) for s in split("x " * 12 + "y " + script)]
    assert [(start - 24 if i else start, end - 24) for i, (start, end) in enumerate(far)] == near


BIG = {
    "quotes": "'",
    "doubled": "''",
    "identifiers": '"',
    "e": "E'\\'",
    "continued": "E'a'\n--x\n",
    "dollars": "$a",
    "tags": "$a$",
    "comments": "/*",
    "dashes": "-",
    "semicolons": ";",
    "parentheses": "(",
    "words": "a ",
    "slashes": "/ ",
    "bodies": "CREATE FUNCTION f() BEGIN ATOMIC ",
    "open e": "E'\\n",
    "spaces": "E'a'" + " " * 100,
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", BIG.values(), ids=BIG)
def test_time_grows_with_the_text_and_not_faster(piece: str) -> None:
    """The repetitions that break naive patterns are read to the end; a quadratic pattern would take hours."""
    script = piece * (400_000 // len(piece))
    read = scan(script)
    assert not read.statements or read.statements[-1].end > len(script) - 200


def test_a_big_script_loses_nothing() -> None:
    """A megabyte of mixed statements comes back complete and in order."""
    texts = [text for _, texts in CASES for text in texts if check(text) is None and not scan(text).unbalanced]
    pieces = random.Random(7).choices(texts, k=20_000)
    assert [statement.text for statement in split(";\n".join(pieces))] == pieces


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ("CREATE  ROLE x\n  PASSWORD 'secret' -- c\n LOGIN", "CREATE ROLE x PASSWORD '…' LOGIN"),
        ("SELECT $$secret$$, E'x', f(a,b)", "SELECT '…', '…', f(a,b)"),
        ("SELECT " + "a" * 100, "SELECT " + "a" * 72 + "…"),
        ('ALTER TABLE "A\x1b[0m" ADD x', 'ALTER TABLE "A�[0m" ADD x'),
    ],
)
def test_the_summary_is_one_line_without_constants(script: str, line: str) -> None:
    """Progress shows one line, cut to width, with no constant's content in it."""
    assert summary(split(script)[0]) == line
