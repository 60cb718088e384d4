"""The formatter: golden pairs (`format_pairs`) and its promises for any text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from format_pairs import PAIRS
from pgready.project.schema_sources import find_and_read
from pgready.psl.format import format_schema
from pgready.psl.inflection import camel_case, plural
from pgready.psl.source import Source

# Object literals: Prisma 7 lays them out, Prisma 6 takes their lines for no lines of the language.
PARTIAL = """\
model Item {
  id Int @id
    @@index([id],where:{id:1,b:{not:null }})
  longName Int
}
"""


def formatted(text: str, style: int | None = None) -> str:
    (result,) = format_schema([Source("schema.prisma", text)], style=style)
    return result


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("style", [6, 7])
def test_golden(name: str, style: int):
    """Each text is formatted as Prisma formats it, in both styles."""
    written, expected = PAIRS[name]
    assert formatted(written, style) == expected


@pytest.mark.parametrize("name", PAIRS)
def test_formatted_text_stays(name: str):
    """A formatted text is not changed by formatting it once more."""
    expected = PAIRS[name][1]
    assert formatted(expected) == expected


def test_object_literals_of_style_7():
    """A partial index's condition is laid out where the style has object literals."""
    index = "  @@index([id], where: { id: 1, b: { not: null } })\n"
    expected = f"model Item {{\n  id       Int @id\n  longName Int\n\n{index}}}\n"
    assert formatted(PARTIAL, 7) == expected
    assert formatted(PARTIAL) == expected


def test_object_literals_of_style_6():
    """In style 6 the same line is left alone, and the columns run past it."""
    line = "  @@index([id],where:{id:1,b:{not:null }})\n"
    assert formatted(PARTIAL, 6) == f"model Item {{\n  id       Int @id\n{line}  longName Int\n}}\n"
    datasource = 'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n\n'
    assert formatted(datasource + PARTIAL) == datasource + formatted(PARTIAL, 6)


def test_files_are_one_schema():
    """What one file lacks follows from another, and the texts come back in the order of the files."""
    book = "model Book {\n  id Int @id\n  shelf Shelf\n}\n"
    shelf = "model Shelf {\n  id Int @id\n}"
    result = format_schema([Source("b.prisma", book), Source("a/shelf.prisma", shelf)])
    assert result == (
        "model Book {\n"
        "  id      Int   @id\n"
        "  shelf   Shelf @relation(fields: [shelfId], references: [id])\n"
        "  shelfId Int\n"
        "}\n",
        "model Shelf {\n  id    Int    @id\n  books Book[]\n}\n",
    )


def test_a_flaw_that_is_kept():
    """An indented block comment right below another comment gets its opening mark once more, each time: as Prisma's."""
    text = "enum A {\n  // one\n  /* two */\n  X\n}\n"
    once = "enum A {\n  // one\n  /**\n   * /* two\n   */\n  X\n}\n"
    assert formatted(text) == once
    assert formatted(once) == once.replace("   * /* two", "   * /**\n   * /* two")


def test_a_fault_in_one_file_keeps_all_from_being_completed():
    """Nothing is added anywhere while one file does not parse; layout goes on."""
    result = format_schema(
        [
            Source("a.prisma", "model Book {\n  id Int @id\n  shelf Shelf\n}\nmodel Shelf {\n  id Int @id\n}\n"),
            Source("b.prisma", "oops\n"),
        ]
    )
    assert result == (
        "model Book {\n  id    Int   @id\n  shelf Shelf\n}\n\nmodel Shelf {\n  id Int @id\n}\n",
        "oops\n",
    )


def test_carriage_returns_do_not_multiply(tmp_path):
    """A comment of several lines is taken over as written, and its line endings stay what they are in a CRLF file."""
    path = tmp_path / "schema.prisma"
    path.write_bytes(b"model A {\r\n id Int @id /* a\r\n b */\r\n}\r\n")
    (file,) = find_and_read([str(path)], {}, {}, str(tmp_path))
    (text,) = format_schema([file.source])
    assert file.encoded(text) == b"model A {\r\n  id Int @id /* a\r\n b */\r\n}\r\n"


def test_deep_nesting_is_left_alone():
    """Ten thousand brackets are a line that nobody lays out, not a crash."""
    deep = "[" * 10_000 + "]" * 10_000
    assert formatted(f"model A {{\n id Int @default({deep})\n}}\n") == f"model A {{\n  id Int @default({deep})\n}}\n"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("book", "books"),
        ("city", "cities"),
        ("day", "days"),
        ("address", "addresses"),
        ("status", "statuses"),
        ("criterion", "criteria"),
        ("person", "people"),
        ("child", "children"),
        ("news", "news"),
        ("News", "News"),
        ("data", "data"),
        ("index", "indices"),
        ("man", "men"),
        ("human", "humans"),
        ("x9", "x9s"),
    ],
)
def test_plurals(word: str, expected: str):
    """Plurals are those of Prisma's word list."""
    assert plural(word) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("OrderLine", "orderLine"),
        ("order_line", "orderLine"),
        ("ORDER_LINE", "orderLine"),
        ("HTTPServer", "httpserver"),
        ("S3Bucket", "s3Bucket"),
        ("v2", "v2"),
        ("Größe_neu", "größeNeu"),
        ("ÄrgerÜber", "ÄrgerÜber"),
    ],
)
def test_camel_case(name: str, expected: str):
    """Names become camel case as Prisma's library makes it."""
    assert camel_case(name) == expected


_PIECES = st.sampled_from(
    [
        *("model ", "enum ", "type ", "view ", "datasource ", "generator ", "A", "Bb", "id ", "Int ", "String", "A[]"),
        *(" {\n", "{", "}\n", "}", "\n", "\r\n", "\r", "\n\n", " ", "\t", "\u3000", "@id", "@@", "@@index", "@default"),
        *(
            "@relation",
            "(",
            ")",
            "[",
            "]",
            ",",
            ":",
            "?",
            "!",
            "=",
            '"',
            '"x"',
            "\\",
            "// c",
            "/// d",
            "/*",
            "*/",
            "-1",
        ),
        *("1.5", "now()", "fields: [aId]", "references: [id]", "é", "名", "\x00", "\x1f", "\ufeff"),
    ]
)


@given(st.lists(_PIECES, max_size=60).map("".join), st.sampled_from([6, 7]))
@settings(max_examples=300, deadline=None)
def test_any_text_is_formatted(text: str, style: int):
    """Whatever the text, the result ends with a line feed, and no letter or digit of it is lost."""
    result = formatted(text, style)
    assert result.endswith("\n")
    dropped = {"{", "}"}  # the text behind an opening brace is the one thing that Prisma drops
    if not dropped & set(text):
        assert [c for c in text if c.isalnum()] == [c for c in result if c.isalnum()]


_BLANKS = st.sampled_from([" ", "  ", "\t", "    "])
_FIELDS = st.sampled_from(
    """
id Int @id
name String ? @db.VarChar( 40 ) @default( "x" )
tags String[]
größe Decimal @map( "g" ) // ß
at DateTime @updatedAt @default( now( ) )
more Other [ ]
other Other ?
not a field at all
// note
/// doc""".splitlines()
)
_ATTRIBUTES = st.sampled_from(["@@index( [ name , id ] )", '@@map( "t" ) /// of old', "// which"])


def _spaced(lines: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Up to eight lines with blanks between their words."""
    words = st.tuples(lines, st.lists(_BLANKS, min_size=12, max_size=12)).map(
        lambda drawn: "".join(blank + word for word, blank in zip(drawn[0].split(), drawn[1], strict=False))
    )
    return st.lists(words, max_size=8).map(lambda drawn: "".join(line + "\n" for line in drawn))


@given(_spaced(_FIELDS), _spaced(_ATTRIBUTES))
@settings(max_examples=200, deadline=None)
def test_formatting_twice_is_formatting_once(fields: str, attributes: str):
    """However the lines of a model are spaced, its formatted text is not changed by formatting it again.

    Attributes in front of fields or blank lines are left out: Prisma leaves a blank line there and takes it off next time.
    """
    once = formatted(f"model   Item{{\n{fields}{attributes}}}\nmodel Other {{\n  id Int @id\n}}")
    assert formatted(once) == once
