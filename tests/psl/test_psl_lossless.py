"""The tree is lossless: what its nodes say and the blanks and brackets between them are the whole text."""

import re

import pytest
from hypothesis import given, settings
from psl_texts import SMALL, TEXT, schemas

from pgready.psl import tree
from pgready.psl.diagnostics import Findings
from pgready.psl.parser import parse
from pgready.psl.source import Source

# One letter for each part of a node, blanks in between, and what its construct writes around them.
SHAPES = {
    "Document": r"i*",
    "Block": r"(model|view|type)n\{a(\n|\r\n?)i*\}",
    "Enum": r"enumn\{a(\n|\r\n?)i*\}",
    "Config": r"(datasource|generator)n\{a(\n|\r\n?)i*\}",
    "TypeAlias": r"typen=t@*",
    "Field": r"n(:)?t?@*c?(\n|\r\n?)",
    "EnumValue": r"n@*c?(\n|\r\n?)",
    "Property": r"n=v?c?(\n|\r\n?)",
    "BlockAttribute": r"@c?(\n|\r\n?)",
    "Attribute": r"@@?n(p)?",
    "Arguments": r"\((p(,p)*)?,?\)",
    "Argument": r"(n:)?v",
    "Empty": r"n:",
    "Call": r"np",
    "Array": r"\[(v(,v)*)?\]",
    "Object": r"\{(m(,m)*)?\}",
    "Comments": r"(c(\n|\r\n?)?)+",
}
SHAPES = {kind: re.compile(shape) for kind, shape in SHAPES.items()}
BLANKS = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")


def parts(node):
    """The letters and spans of what a node consists of, in order."""
    match node:
        case tree.Block() | tree.Enum() | tree.Config():
            yield "n", node.name
            yield from (("i", item) for item in node.items)
        case tree.TypeAlias():
            yield from (("n", node.name), ("t", node.base), *(("@", each) for each in node.attributes))
        case tree.Field():
            yield "n", node.name
            if node.type:
                yield "t", node.type
            yield from (("@", each) for each in node.attributes)
            if node.trailing:
                yield "c", node.trailing
        case tree.EnumValue():
            yield from (("n", node.name), *(("@", each) for each in node.attributes))
            if node.trailing:
                yield "c", node.trailing
        case tree.Property():
            yield "n", node.name
            if node.value:
                yield "v", node.value
            if node.trailing:
                yield "c", node.trailing
        case tree.BlockAttribute():
            yield "@", node.attribute
            if node.trailing:
                yield "c", node.trailing
        case tree.Attribute():
            yield "n", node.name
            if node.arguments.span:
                yield "p", node.arguments
        case tree.Argument():
            if node.name:
                yield "n", node.name
            yield "v", node.value
        case tree.Call():
            yield from (("n", node.name), ("p", node.arguments))
        case tree.Array():
            yield from (("v", item) for item in node.items)
        case tree.Comments():
            yield from (("c", comment) for comment in node.items)


def check(node, text):
    """`node` and all below it say what stands at their spans, and nothing that stands there is unsaid."""
    span, written = node.span, text[node.span.start : node.span.end]
    match node:
        case tree.Name() | tree.Number() | tree.Constant():
            assert node.text == written
            return
        case tree.String():
            assert written[0] == written[-1] == '"'
            assert "\\" in written or node.value == written[1:-1]
            return
        case tree.FieldType():
            head = written if node.legacy == "[]" else written[: node.base.end - span.start]
            assert node.base.text in written and (node.is_unsupported or node.name == node.base.text)
            suffix = BLANKS.sub("", written[len(head) :]).replace("]?", "]?" if node.legacy else "")
            expected = {"list": "[]", "optional": "?"}.get(node.arity, "")
            assert suffix == (("" if node.legacy == "[]" else node.legacy) or ("" if node.legacy else expected))
            return
        case tree.Comment():
            assert written == {"doc": "///%s", "line": "//%s", "block": "/*%s*/"}[node.kind] % node.content
            return
        case tree.BlankLines():
            assert BLANKS.sub("", written).strip("\r\n") == ""
            assert written[-1] in "\r\n"
            return
        case tree.Invalid():
            assert written
            return
        case tree.Arguments():
            check_arguments(node, text)
            return
        case tree.Object():
            check_object(node, text)
            return
    skeleton, at = [], span.start
    if isinstance(node, tree.Block | tree.Enum | tree.Config):
        at = brace(node, text, skeleton)
    for letter, part in parts(node):
        if part.span.start < at:
            continue
        skeleton += [text[at : part.span.start], letter]
        check(part, text)
        at = part.span.end
    skeleton.append(text[at : span.end])
    found = BLANKS.sub("", "".join(skeleton))
    assert SHAPES[type(node).__name__].fullmatch(found), (type(node).__name__, found, written)


def brace(node, text, skeleton):
    """The block's first line: its keyword, name, brace and what is skipped behind that; where its contents start."""
    check(node.name, text)
    open_brace = text.index("{", node.name.span.end)
    behind = open_brace + 1 + len(node.after_brace)
    assert text[open_brace + 1 : behind] == node.after_brace
    end = behind + (2 if text.startswith("\r\n", behind) else 1)
    skeleton += [text[node.span.start : node.name.span.start], "n", text[node.name.span.end : open_brace], "{a"]
    skeleton.append(text[behind:end])
    return end


def check_arguments(node, text):
    """An argument, or a name with a colon, between commas."""
    skeleton, at = [], node.span.start
    for item in node.order:
        skeleton += [text[at : item.span.start], "p"]
        check(item, text)
        at = item.span.end
        if isinstance(item, tree.Name):
            at = text.index(":", at) + 1
    skeleton.append(text[at : node.span.end])
    found = BLANKS.sub("", "".join(skeleton))
    assert SHAPES["Arguments"].fullmatch(found), found
    assert found.endswith(",)") == (node.trailing_comma is not None)
    assert tuple(item for item in node.order if isinstance(item, tree.Argument)) == node.items
    assert tuple(item for item in node.order if isinstance(item, tree.Name)) == node.empty


def check_object(node, text):
    """Names, colons and values between commas."""
    skeleton, at = [], node.span.start
    for name, value in node.members:
        check(name, text)
        check(value, text)
        assert BLANKS.sub("", text[name.span.end : value.span.start]) == ":"
        skeleton += [text[at : name.span.start], "m"]
        at = value.span.end
    skeleton.append(text[at : node.span.end])
    assert SHAPES["Object"].fullmatch(BLANKS.sub("", "".join(skeleton)))


def lossless(text):
    """The items of the document cover the text, blanks aside, and each is checked."""
    document = parse(Source("schema.prisma", text), Findings())
    at = 0
    for item in document.items:
        assert BLANKS.sub("", text[at : item.span.start]) == ""
        assert item.span.end > item.span.start >= at
        check(item, text)
        at = item.span.end
    assert BLANKS.sub("", text[at:]) == ""
    return document


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_schemas_are_in_the_tree_whole(ending):
    """Real schemas in any line ending, with nothing invalid in SMALL."""
    for text in schemas():
        lossless(text.replace("\n", ending))
    document = lossless(SMALL.replace("\n", ending))
    assert [type(item).__name__ for item in document.items if not isinstance(item, tree.BlankLines)] == [
        "Comments", "Config", "Comments", "Block", "Block", "Enum",
    ]  # fmt: skip


def test_line_endings_may_be_mixed():
    """LF, CRLF and CR in one file make the same tree as LF alone."""
    endings = ["\n", "\r\n", "\r"]
    lines = SMALL.split("\n")
    mixed = "".join(line + endings[number % 3] for number, line in enumerate(lines[:-1]))

    def shape(text):
        return [
            (type(item).__name__, [type(line).__name__ for line in getattr(item, "items", ())])
            for item in lossless(text).items
        ]

    assert shape(mixed) == shape(SMALL)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(TEXT)
def test_any_text_is_in_the_tree_whole(text):
    """Whatever is in the file."""
    lossless(text)
