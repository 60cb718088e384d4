"""The datasource block: found among everything else, read, and refused with its place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgready.errors import UsageInvalid
from pgready.psl.datasource import read

WHOLE = """\
generator client {
  provider = "prisma-client"
}

datasource db { // the one database
  provider          = "postgresql" /// with words
  url               = env("APP_URL")
  directUrl         = "postgresql://u:s3cr3t-Zq@h/db"
  shadowDatabaseUrl = env( "SHADOW_URL" )
  relationMode      = "prisma"
  schemas           = ["public", "with \\"quote\\"", "gr\\u00f6\\u00dfe"]
  extensions        = [citext, uuidOssp(map: "uuid-ossp"), postgis(version: "3.4", schema: "gis")]
  somethingNew      = whatever(1, [2])
}
"""


def test_reads_every_key():
    """Each key of the block is read, with its line."""
    found = read(WHOLE, "prisma/schema.prisma")
    assert found is not None
    assert (found.name, found.path, found.line) == ("db", "prisma/schema.prisma", 5)
    for value, expected in (
        (found.provider, ("literal", "postgresql", 6)),
        (found.url, ("env", "APP_URL", 7)),
        (found.direct_url, ("literal", "postgresql://u:s3cr3t-Zq@h/db", 8)),
        (found.shadow_url, ("env", "SHADOW_URL", 9)),
    ):
        assert (value.kind, value.text, value.line) == expected
    assert found.relation_mode == "prisma"
    assert found.schemas == ("public", 'with "quote"', "größe")
    assert found.extensions == ("citext", "uuid-ossp", "postgis")
    assert found.lines["schemas"] == 11
    assert "s3cr3t-Zq" not in repr(found.direct_url)


BLOCK = 'datasource db {\n  provider = "postgresql"\n}\n'
DECOY = 'datasource decoy {\n  provider = "mysql"\n}\n'

NOISE = [
    "",
    "\ufeff",
    "// datasource decoy {\n",
    "/// datasource decoy {\n",
    "/*\n" + DECOY + "*/\n",
    '/* "quoted */\n',
    "/* // */ ",
    "// /* opens nothing\n",
    '  s String @default("/* opens nothing")\n',
    '  s String @default("a \\" // /* b")\n',
    "model M {\n  datasource String\n  b datasource?\n}\n",
    "enum E {\n  datasource\n}\n",
    "model datasource {\n  id Int @id\n}\n",
    "\r\n",
    "/* a */ /* b */\n",
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(NOISE), max_size=6), st.lists(st.sampled_from(NOISE), max_size=6))
def test_finds_the_block_among_comments_strings_and_fields(before, after):
    """Whatever surrounds it, the one real block is found and no decoy is."""
    head = "".join(before)
    found = read(head + BLOCK + "".join(after))
    assert found is not None
    assert (found.name, found.provider.text) == ("db", "postgresql")
    assert found.line == head.count("\n") + 1
    assert read(head + "".join(after)) is None


def test_line_ends_of_windows_are_line_ends():
    """CRLF changes nothing."""
    found = read(WHOLE.replace("\n", "\r\n"))
    assert found.schemas == read(WHOLE).schemas
    assert found.url.line == 7


def test_escapes_are_those_of_json():
    """A character beyond the first plane is two escapes; others are one."""
    found = read(r"datasource db { // x" + "\n" + r'schemas = ["\ud83d\ude00", "a\tb\\", "\u00e4"]' + "\n}")
    assert found.schemas == ("\U0001f600", "a\tb\\", "ä")


def test_an_empty_block_is_a_block():
    """A block of Prisma 7 may say next to nothing."""
    found = read("datasource db {\n}")
    assert (found.url, found.schemas, found.lines) == (None, (), {})


BAD = [
    ("datasource db {\n  url = 5\n}", "2:9", "takes a string"),
    ("datasource db {\n  url = env(X)\n}", "2:9", "takes a string"),
    ('datasource db {\n  url = env("X"\n}', "2:9", "takes a string"),
    ('datasource db {\n  url = "x\n}', "2:9", "not closed on its line"),
    ('datasource db {\n  provider = "a" url = "b"\n}', "2:18", "unexpected text"),
    ('datasource db {\n  provider "a"\n}', "2:12", 'expected "="'),
    ('datasource db {\n  = "a"\n}', "2:3", "expected `key = value`"),
    ('datasource db {\n  url = "a"\n  url = "b"\n}', "3:3", "given twice"),
    ("datasource db {\n  schemas = public\n}", "2:13", "list in brackets"),
    ("datasource db {\n  schemas = [public]\n}", "2:14", "in double quotes"),
    ('datasource db {\n  schemas = [\n    "a"\n  ]\n}', "2:14", "expected a name"),
    ('datasource db {\n  schemas = ["a"\n  ]\n}', "2:17", "not closed on its line"),
    ('datasource db {\n  url = "\\q"\n}', "2:10", "escape"),
    ('datasource db {\n  url = "\\u12"\n}', "2:10", "hexadecimal"),
    ('datasource db {\n  url = "\\ud800"\n}', "2:10", "half a character"),
    ("datasource db {\n  extensions = [a(b)]\n}", "2:19", "expected `key"),
    ("datasource db {\n  extensions = [a(b: c)]\n}", "2:22", "takes a string"),
    ('datasource db {\n  provider = "postgresql"\n', "1:1", "never closed"),
    ("datasource db {\n /* \n}", "2:2", "never closed"),
    ("/* \n" + BLOCK, "1:1", "never closed"),
    (BLOCK + "\n" + BLOCK, "5:1", "second datasource"),
]


@pytest.mark.parametrize(("text", "place", "words"), BAD)
def test_refuses_with_place_and_excerpt(text, place, words):
    """A broken block is refused with file:line:column, and the caret stands under that column."""
    with pytest.raises(UsageInvalid) as raised:
        read(text, "s.prisma")
    error = raised.value
    assert error.where == f"s.prisma:{place}"
    assert words in error.what
    source, caret = error.excerpt.split("\n")
    line, column = map(int, place.split(":"))
    assert source == text.split("\n")[line - 1]
    assert caret == " " * (column - 1) + "^"


@pytest.mark.parametrize(
    "line",
    [
        'url = "postgresql://u:s3cr3t-Zq@h/db" x',
        'url = "postgresql://u:s3cr3t-Zq@h/db',
        'url = "postgresql://s3cr3t-Zq\\q"',
    ],
)
def test_an_excerpt_shows_no_password(line):
    """The line of an error masks the URL in it, and the caret still points right."""
    with pytest.raises(UsageInvalid) as raised:
        read(f"datasource db {{\n  {line}\n}}")
    error = raised.value
    assert "s3cr3t-Zq" not in repr(error.as_dict())
    assert len(error.excerpt.split("\n")[0]) == len(line) + 2


def test_reading_is_linear():
    """Ten times the text costs no more than ten times the steps, decoys and comments included."""
    import sys

    def steps(text: str) -> int:
        count = 0

        def trace(frame, event, arg):
            nonlocal count
            count += 1
            return trace

        old = sys.gettrace()
        sys.settrace(trace)
        try:
            read(text)
        finally:
            sys.settrace(old)
        return count

    for noise in NOISE:
        small, large = steps(noise * 30 + BLOCK), steps(noise * 300 + BLOCK)
        assert large < 11 * small
