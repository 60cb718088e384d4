import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgready.errors import UsageInvalid
from pgready.sql.names import fold, quote_ident, quote_literal, truncate_63


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("a", '"a"'),
        ("Mixed Case", '"Mixed Case"'),
        ('say "hi"', '"say ""hi"""'),
        ("日本", '"日本"'),
        ("a\\b", '"a\\b"'),
        ("x" * 70, '"' + "x" * 70 + '"'),
    ],
)
def test_identifiers_are_always_quoted(name: str, quoted: str) -> None:
    """Every identifier is quoted, quotes inside doubled, nothing cut."""
    assert quote_ident(name) == quoted


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_impossible_identifiers_are_refused(name: str) -> None:
    """An empty identifier and one with a NUL are refused in words."""
    with pytest.raises(UsageInvalid):
        quote_ident(name)


def test_a_literal_with_nul_is_refused() -> None:
    """A text with a NUL cannot be quoted, and says so."""
    with pytest.raises(UsageInvalid, match="NUL"):
        quote_literal("a\0b")


@pytest.mark.parametrize(
    ("text", "quoted"),
    [("", "''"), ("it's", "'it''s'"), ("a\\b", "E'a\\\\b'"), ("\\'", "E'\\\\'''"), ("line\nbreak", "'line\nbreak'")],
)
def test_literals_are_quoted(text: str, quoted: str) -> None:
    """Quotes are doubled, and a backslash makes an E constant."""
    assert quote_literal(text) == quoted


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a" * 63, "a" * 63),
        ("a" * 64, "a" * 63),
        ("é" * 32, "é" * 31),
        ("a" + "é" * 31, "a" + "é" * 31),
        ("日" * 21, "日" * 21),
        ("日" * 22, "日" * 21),
        ("😀" * 16, "😀" * 15),
        ("a" * 61 + "日", "a" * 61),
    ],
)
def test_names_are_cut_at_63_bytes(name: str, kept: str) -> None:
    """Names keep their first 63 bytes and never half a character."""
    assert truncate_63(name) == kept


@settings(derandomize=True, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_cutting_keeps_the_longest_prefix(name: str) -> None:
    """What is kept is the longest prefix of whole characters that fits 63 bytes."""
    kept = truncate_63(name)
    assert name.startswith(kept)
    assert len(kept.encode()) <= 63
    assert kept == name or len(name[: len(kept) + 1].encode()) > 63


@pytest.mark.parametrize(
    ("word", "stored"), [("ABC", "abc"), ("ÄBC", "Äbc"), ("K\u017f\u0130", "k\u017f\u0130"), ("A" * 70, "a" * 63)]
)
def test_folding_touches_ascii_only(word: str, stored: str) -> None:
    """Only A to Z fold, as in a UTF-8 database."""
    assert fold(word) == stored
