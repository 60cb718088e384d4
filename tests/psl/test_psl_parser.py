"""The parser: constructs, recovery, documentation, strings. Prisma's answers were asked for each case."""

import pytest

from pgready.psl import tree
from pgready.psl.diagnostics import Findings
from pgready.psl.parser import parse
from pgready.psl.source import Source


def read(text, **options):
    """The document of `text`, and what is wrong as (line, column, code)."""
    source, findings = Source("schema.prisma", text), Findings()
    document = parse(source, findings, **options)
    return document, [(*source.position(found.span.start), found.code) for found in findings]


def whole(text):
    """The document of a text that is right."""
    document, wrong = read(text)
    assert wrong == []
    return document


def only_field(line):
    """The field of `line` in a model."""
    (field,) = whole(f"model A {{\n{line}\n}}\n").items[0].fields
    return field


def test_a_field_is_a_name_a_type_and_attributes():
    """Each with its span, the comment behind it apart."""
    field = only_field('  email String? @unique(map: "u", sort: Desc) @db.VarChar(255) // where to write')
    assert (field.name.text, field.type.name, field.type.arity) == ("email", "String", "optional")
    assert [attribute.name.text for attribute in field.attributes] == ["unique", "db.VarChar"]
    assert [attribute.span.text for attribute in field.attributes] == [
        '@unique(map: "u", sort: Desc)',
        "@db.VarChar(255)",
    ]
    first, second = field.attributes[0].arguments.items
    assert (first.name.text, first.value.value, second.name.text, second.value.text) == ("map", "u", "sort", "Desc")
    assert (field.trailing.kind, field.trailing.content, field.documentation) == ("line", " where to write", None)
    assert field.span.text.endswith("write\n")


TYPES = [
    ("Int", "Int", "required", False),
    ("Int ?", "Int", "optional", False),
    ("Int []", "Int", "list", False),
    ("Ünï-cödé", "Ünï-cödé", "required", False),
    ('Unsupported( "point" )?', "point", "optional", True),
    ("Unsupported", "Unsupported", "required", False),
    ("9a", "9a", "required", False),
]


@pytest.mark.parametrize(("written", "name", "arity", "is_unsupported"), TYPES)
def test_types(written, name, arity, is_unsupported):
    """Blanks may stand before the suffix; identifiers take letters of every alphabet, and digits first."""
    found = only_field(f"  a {written}").type
    assert (found.name, found.arity, found.is_unsupported) == (name, arity, is_unsupported)
    assert found.span.text == written


VALUES = [
    ("-12.50", "Number", "-12.50"),
    ("12", "Number", "12"),
    ("a.b..c.", "Constant", "a.b..c."),
    ("true", "Constant", "true"),
    ('"x"', "String", "x"),
    ("[1, [ ], now( )]", "Array", 3),
    ("12(1)", "Call", "12"),
    ("{ }", "Object", 0),
    ("{ a : 1, b: { not: null } }", "Object", 2),
]


@pytest.mark.parametrize(("written", "kind", "holds"), VALUES)
def test_values(written, kind, holds):
    """Numbers, words, strings, lists, calls and objects, nested."""
    value = only_field(f"  a Int @x({written})").attributes[0].arguments.items[0].value
    assert (type(value).__name__, value.span.text) == (kind, written)
    match value:
        case tree.Number() | tree.Constant():
            assert value.text == holds
        case tree.String():
            assert value.value == holds
        case tree.Array():
            assert len(value.items) == holds
        case tree.Call():
            assert value.name.text == holds
        case tree.Object():
            assert len(value.members) == holds


ARGUMENTS = [
    ("()", 0, [], False),
    ("(,)", 0, [], True),
    ("(1, 2,)", 2, [], True),
    ("(a:)", 0, ["a"], False),
    ("(a:, b: 1, c:,)", 1, ["a", "c"], True),
    ("( 1a: 2 )", 1, [], False),
]


@pytest.mark.parametrize(("written", "items", "empty", "comma"), ARGUMENTS)
def test_arguments_that_are_half_written_are_kept(written, items, empty, comma):
    """Names without a value and a last comma are the passes' to refuse: the formatter needs them."""
    found = only_field(f"  a Int @x {written}").attributes[0].arguments
    assert (len(found.items), [name.text for name in found.empty]) == (items, empty)
    assert (found.trailing_comma is not None, found.span.text) == (comma, written)


WRONG = [
    # What stands outside of every block.
    ("nonsense\n", [(1, 1, "invalid-line")]),
    ("model A\n{\n}\n", [(1, 8, "invalid-line"), (2, 1, "invalid-line"), (3, 1, "invalid-line")]),
    ("model _A {\n}\n", [(1, 7, "invalid-line"), (2, 1, "invalid-line")]),
    ("A {\n x {\n }\n}\n", [(1, 1, "unknown-block"), (4, 1, "invalid-line")]),
    ("model {\n}\n", [(1, 1, "unknown-block")]),
    ("model A {\n  id Int\n", [(1, 1, "unclosed-block"), (2, 3, "invalid-line")]),
    ("model A {\n  id Int }", [(1, 1, "unclosed-block"), (2, 3, "invalid-line")]),
    ("modelA {\n  id Int }\n", [(1, 1, "unknown-block")]),
    ("model A { id Int }\n", [(1, 1, "unclosed-block")]),
    ("model A {}\nmodel B {\n id Int\n}\n", [(2, 1, "invalid-field-line")]),
    ("enum A {", [(1, 8, "unclosed-block")]),
    ("/* a", [(1, 1, "invalid-line")]),
    ("type A = Int @x @y(\n", [(1, 1, "type-alias"), (1, 19, "invalid-line")]),
    ("type A = \n", [(1, 10, "invalid-line")]),
    # Lines of models.
    ("model A {\n  id Int @id(\n  map: 1)\n}\n", [(2, 14, "invalid-field-line"), (3, 9, "invalid-field-line")]),
    ("model A {\n  _a Int\n  @id\n  - b\n}\n", [(2, 3, "invalid-field-line"), (3, 3, "invalid-field-line"), (4, 3, "invalid-field-line")]),
    ("model A {\n  a Int @@id\n}\n", [(2, 9, "invalid-field-line")]),
    ("model A {\n  a Int @x(1.)\n}\n", [(2, 13, "invalid-field-line")]),
    ("model A {\n  a Int @x(- 1)\n}\n", [(2, 13, "invalid-field-line")]),
    ("model A {\n  a Int @x([1,])\n}\n", [(2, 15, "invalid-field-line")]),
    ("model A {\n  a Int @x({ a: 1, })\n}\n", [(2, 20, "invalid-field-line")]),
    ("model A {\n  a Int @x('b')\n}\n", [(2, 12, "invalid-field-line")]),
    ("model A {\n  a Int @x(/* c */ 1)\n}\n", [(2, 12, "invalid-field-line")]),
    ("model A {\n  a Int /* c\n  c */ b\n}\n", [(2, 3, "invalid-field-line"), (3, 5, "invalid-field-line")]),
    ('model A {\n  a String @x("\x01")\n}\n', [(2, 16, "invalid-field-line")]),
    ("model A {\n  a Int\u200b\n}\n", [(2, 8, "invalid-field-line")]),
    ("model A {\n  a\n  b @id\n}\n", [(2, 3, "field-type-missing"), (3, 3, "field-type-missing")]),
    ('model A {\n  a: Int @x("\\q")\n}\n', [(2, 4, "field-colon")]),
    ('model A {\n  a Int! @x("\\q")\n  b [Int]\n  c Int[]?\n}\n',
     [(2, 5, "required-mark"), (3, 5, "list-brackets"), (4, 5, "optional-list")]),
    ('model A {\n  a Unsupported ("x")\n}\n', [(2, 17, "invalid-field-line")]),
    # Lines of other blocks.
    ("enum E {\n  A,\n  B = 1\n  @map\n}\n", [(2, 4, "invalid-enum-line"), (3, 5, "invalid-enum-line"), (4, 3, "invalid-enum-line")]),
    ("generator g {\n  a = [\n    1\n  ]\n}\n",
     [(2, 8, "invalid-setting-line"), (3, 6, "invalid-setting-line"), (4, 3, "invalid-setting-line")]),
    ("type T {\n  a Int @id\n  @@id([a])\n}\n", [(2, 9, "composite-field-attribute"), (3, 3, "composite-block-attribute")]),
    ('type T {\n  a Int\n}\nenum E {\n  a\n  @@map("e")\n}\n', []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WRONG)
def test_every_error_is_told_at_its_place(text, expected):
    """Reading goes on behind an error as Prisma's does: what it calls wrong is wrong, line by line."""
    assert read(text)[1] == expected
    with_returns = text.replace("\n", "\r\n")
    assert [(line, code) for line, _, code in read(with_returns)[1]] == [(line, code) for line, _, code in expected]


def test_what_is_wrong_with_fields_keeps_them_out_of_the_model():
    """They are items, for the formatter, and no fields, as in Prisma's tree."""
    (block,) = [
        item for item in read("model A {\n a: Int\n b Int!\n c\n d Int\n}\n")[0].items if isinstance(item, tree.Block)
    ]
    assert [field.name.text for field in block.fields] == ["d"]
    assert [item.name.text for item in block.items] == ["a", "b", "c", "d"]


def test_lines_behind_an_unclosed_block_say_so():
    """Each of them is wrong for Prisma; the words lead to the one cause."""
    findings = Findings()
    parse(Source("s", "enum E {\n  A\n\nmodel B {\n  id Int\n  x\n"), findings)
    first, *others = findings
    assert first.message == "the enum `E` is never closed"
    assert "the enum `E` is never closed" in others[0].message


def test_objects_are_not_read_for_prisma_6():
    """Its grammar has none: the line is no line of the language, and the rule has a code of its own."""
    text = "model A {\n  a Int\n  @@index([a], where: { a: 1 })\n}\n"
    assert [found.span.text for found in read(text)[0].objects] == ["{ a: 1 }"]
    document, wrong = read(text, takes_objects=False)
    assert wrong == [(3, 23, "object-literal")]
    assert (document.objects, document.items[0].attributes) == ((), ())


STRINGS = [
    (r"a\"b\\c\/\b\f\n\r\t", 'a"b\\c/\b\f\n\r\t', []),
    (r"\u00e4\uD83D\uDE00", "ä😀", []),
    (r"\q", "", ["\\q"]),
    (r"\u", "", ["\\u"]),
    (r"\u1", "1", ["\\u"]),
    (r"\u12x", "x", ["\\u12"]),
    (r"a\ud83d", "a", ["\\ud83d"]),
    (r"\ud83d\n", "\n", ["\\ud83d"]),
    (r"\ud83d\u0041b", "b", ["\\ud83d\\u0041"]),
    (r"\ude00\ud83d", "", ["\\ude00\\ud83d"]),
    ("\\\n", "", ["\\\n"]),
    ("ä\u2028\x7f", "ä\u2028\x7f", []),
]


@pytest.mark.parametrize(("written", "value", "wrong"), STRINGS)
def test_strings(written, value, wrong):
    """The escapes are JSON's; what is none is told with the span that Prisma gives it, and left out."""
    findings = Findings()
    document = parse(Source("s", f'model A {{\n  a Int @x("{written}")\n}}\n'), findings)
    assert document.items[0].fields[0].attributes[0].arguments.items[0].value.value == value
    assert [found.span.text for found in findings] == wrong


DOCUMENTATION = [
    ("/// a \n/// b\nmodel A {\n}\n", "a \nb"),
    ("/// a\n// b\n///c\nmodel A {\n}\n", "a\nc"),
    ("/// a\n\nmodel A {\n}\n", None),
    ("/// a\ngenerator g {\n}\n\nmodel A {\n}\n", "a"),
    ("/* a\n b */ model A {\n}\n", "a\n b"),
    ("// x\n  /* a */\nmodel A {\n}\n", "/* a"),
    ("//// a\nmodel A {\n}\n", "/ a"),
    ("///\n///\nmodel A {\n}\n", "\n"),
    ("///\x1f a\nmodel A {\n}\n", "\x1f a"),
]


@pytest.mark.parametrize(("text", "expected"), DOCUMENTATION)
def test_documentation_of_blocks(text, expected):
    """Doc and block comments right above, Prisma's oddities included."""
    (block,) = [item for item in whole(text).items if isinstance(item, tree.Block)]
    assert block.documentation == expected


def test_documentation_of_lines():
    """From above, across blank lines and attributes, and from behind."""
    document = whole('enum E {\n  /// a\n\n  @@map("e")\n  A /// b\n  B // c\n  C /* d\n e */\n}\n')
    assert [value.documentation for value in document.items[0].values] == ["a\nb", None, "d\n e"]


def test_a_datasource_takes_the_last_comment_inside_it():
    """Which is Prisma's, whatever it is meant for."""
    document = whole("/// above\ndatasource d {\n  /// a\n  x = 1\n  /// b\n}\n")
    assert document.items[1].documentation == "b"


def test_settings_may_lack_their_value():
    """`key =` is read, and refused by the passes that need it."""
    (block,) = [item for item in whole("generator g {\n  a =\n  b = // c\n}").items if isinstance(item, tree.Config)]
    assert [(item.name.text, item.value) for item in block.properties] == [("a", None), ("b", None)]
