"""Random files and placeholders: nothing raises, and every place leads back to the file."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pgready.proof.contracts.file import read_contracts
from pgready.proof.contracts.placeholders import convert
from pgready.psl.diagnostics import Findings
from pgready.psl.source import Source
from pgready.report.diagnostics import human
from pgready.sql.lexer import tokens

WORDS = [
    "a",
    "'x :y %s'",
    '"q%(z)s"',
    "1",
    "+",
    "::int",
    "/* :c */",
    "é",
    "[1:2]",
    "$$ :d $$",
    "%",
    "\n",
    "- -",
    ":",
    "?",
]
FRAGMENTS = [
    "-- name: a", "-- name: b^", "-- name:", "-- :name c :? :1", "-- param x: int = 5", "-- param $1 = 'it''s'",
    "-- param", "-- param x:", "-- allow: sort -- why", "-- allow:", "-- allow: , -- x", "-- max_rows_read: 5",
    "-- search_path: a", "SELECT :x", "FROM t", "WHERE a = %(x)s", "$1", "$99999999999", "%s", ";", "'", '"', "$$", "/*", "*/",
    "(", ")", "\\d", "\x00", "\ufeff", "\r\n", "\r", "\t", "é\u0301", "INSERT INTO t VALUES (1)", "WITH a AS (SELECT 1)",
    "sqlc.arg(", "sqlc.embed(t)", "@x", "?", "::", "=", "-- TODO: x", "CREATE", "TABLE", ",", "\ud800",
]  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(st.sampled_from(WORDS), max_size=8),
    st.sampled_from([":{}", "%({})s", "%s", "${}"]),
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 8)), max_size=14),
)
def test_what_is_no_placeholder_stays_and_is_found_again(words: list[str], style: str, places: list[tuple[int, int]]):
    """Placeholders anywhere between other tokens: each becomes its number, all else keeps its text and its place."""
    if "%" in style:
        words = [word for word in words if "%" not in word and "?" not in word]
    parts: list[str] = [f" {word} " for word in words]
    for name, at in places:
        written = style.format(f"n{name}" if style != "${}" else str(name + 1))
        parts.insert(min(at, len(parts)), f" {written} ")
    text = "".join(parts)
    converted = convert(text)
    assert converted.mixed is None
    numbered = [token for token in tokens(converted.sql) if token.kind == "parameter"]
    assert len(numbered) == len(places)
    for token in tokens(converted.sql):
        start = converted.offset(token.start)
        if token.kind != "parameter":
            assert text[start : start + token.end - token.start] == converted.sql[token.start : token.end]
        else:
            assert text[start] in ":%$"
            name = converted.names[int(token.text[1:]) - 1]
            assert not name or text[start:].startswith((f":{name}", f"%({name})s"))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from(FRAGMENTS), st.sampled_from(["\n", " ", ""])), max_size=25))
def test_no_file_raises(parts: list[tuple[str, str]]):
    """Whatever stands in a file: contracts or findings, each with a place inside it and words that can be shown."""
    text = "".join(piece + gap for piece, gap in parts)
    findings = Findings()
    found = read_contracts(Source("q.sql", text), findings)
    for one in findings:
        assert 0 <= one.span.start <= len(text)
    assert len(list(human(list(findings)))) == len(findings)
    for contract in found:
        assert contract.offset_in_file(0) is not None
        assert contract.parameters == () or contract.parameters[-1].number == len(contract.parameters)
