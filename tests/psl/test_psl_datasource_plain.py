"""The short way through a plain datasource block means what the parser says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pgready.errors import UsageInvalid
from pgready.psl.datasource import Datasource, Value, read_plain
from pgready.psl.datasource_block import read_block

PLAIN = """datasource db {
  // where
  provider = "postgresql"
  url      = env("DATABASE_URL")
  schemas  = ["financial", "public"]
  /// documented
  relationMode = "prisma"
}
"""
KEYS = st.sampled_from(
    ["provider", "url", "directUrl", "shadowDatabaseUrl", "schemas", "extensions", "relationMode", "own", "pro_vider"]
)
TEXTS = st.text(st.sampled_from('ab"\\ ,()[]{}/=#é\u3000\t\r\x00'), max_size=6)
TAME = st.text(st.sampled_from("ab é,()[]{}/=#"), max_size=6)
VALUES = st.one_of(
    st.sampled_from(['"postgresql"', 'env("URL")', '["a", "b"]', '"x" // y']),
    TAME.map('"{}"'.format),
    TAME.map('env("{}")'.format),
    st.lists(TAME.map('"{}"'.format), max_size=3).map(lambda items: "[" + ",".join(items) + "]"),
    TEXTS,
    TEXTS.map('"{}"'.format),
    TEXTS.map('env("{}")'.format),
    st.lists(TEXTS.map('"{}"'.format), max_size=3).map(lambda items: "[" + ", ".join(items) + "]"),
)
HEADERS = st.sampled_from(["datasource db {"] * 5 + ["datasource  db{", "datasource _b {", "datasource db { // x"])
LINES = st.one_of(
    st.tuples(KEYS, st.sampled_from([" = "] * 5 + ["=", " =", "\t= ", " "]), VALUES).map("".join),
    st.sampled_from(["", "//", "/// x", "// }", "  // x", "/* x */", "}", " } // x", "} }"]),
)
ENDS = st.sampled_from(["\n"] * 5 + ["\r\n", "\r"])


def told(found: Datasource) -> dict[str, object]:
    """Every part of a datasource, values as tuples."""
    parts = {name: getattr(found, name) for name in Datasource.__slots__}
    return {k: (v.kind, v.text, v.line) if isinstance(v, Value) else v for k, v in parts.items()}


def test_the_common_form_is_plain():
    """What Prisma itself writes never needs the parser."""
    taken = read_plain(PLAIN, 0, "schema.prisma")
    assert taken is not None
    found, end = taken
    assert (found.schemas, found.relation_mode) == (("financial", "public"), "prisma")
    assert PLAIN[end:] == "\n"


def test_the_short_way_and_the_parser_agree():
    """Whatever the short way takes, the parser reads alike; it takes enough of what is tried for that to mean something."""
    seen = []

    @settings(max_examples=500, derandomize=True, deadline=None)
    @given(HEADERS, st.lists(st.tuples(LINES, ENDS), max_size=4))
    def agree(header: str, lines: list[tuple[str, str]]) -> None:
        text = header + "\n" + "".join(line + end for line, end in lines) + "}\nmodel A { }\n"
        taken = read_plain(text, 0, "x.prisma")
        if taken is None:
            return
        seen.append(text)
        try:
            judged, _ = read_block(text, 0, "x.prisma")
        except UsageInvalid as error:
            raise AssertionError(f"taken, but the parser says: {error.what}") from None
        assert told(taken[0]) == told(judged)

    agree()
    assert len(set(seen)) > 40
