"""How diagnostics look: for people, a line each, and for machines; from values, without a terminal."""

import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgready.errors import UsageInvalid
from pgready.psl.diagnostics import Diagnostic
from pgready.psl.rules.rule import Rule
from pgready.psl.source import Source, Span
from pgready.report.diagnostics import COLOURS, concise, count, human
from pgready.report.diagnostics_data import as_json, github, sarif
from pgready.report.excerpt import Excerpts, mask, plain
from pgready.report.line_hashes import line_hashes


def at(
    text,
    marked,
    *,
    path="prisma/schema.prisma",
    code="type-unknown",
    severity="error",
    help="",  # noqa: A002
    message="a message",
):
    """A diagnostic about the first `marked` in `text`."""
    start = text.index(marked)
    return Diagnostic(code, severity, message, Span(Source(path, text), start, start + len(marked)), help)


def excerpt(text, marked):
    """The line and the mark below it."""
    _, line, mark, _ = Excerpts().of(at(text, marked).span)
    return [line, mark]


SCHEMA = "model A {\n  id Int @id\n  b  Strin\n}\n"


def test_a_paragraph_for_people():
    """Place, severity, code, message; the line; the mark; what to write instead."""
    found = at(SCHEMA, "Strin", message="`Strin` is no type", help="did you mean `String`?")
    assert "\n".join(human([found])).splitlines() == [
        "prisma/schema.prisma:3:6: error[type-unknown]: `Strin` is no type",
        "  |",
        "3 |   b  Strin",
        "  |      ^^^^^",
        "  = help: did you mean `String`?",
    ]


def test_a_span_of_several_lines():
    """Its first line is shown to the end, and the last one is named."""
    found = at(SCHEMA, SCHEMA[:-1], severity="warning")
    assert "\n".join(human([found])).splitlines() == [
        "prisma/schema.prisma:1:1: warning[type-unknown]: a message",
        "  |",
        "1 | model A {",
        "  | ^^^^^^^^^",
        "4 | … and on to this line",
    ]


def test_colours_only_where_they_are_given():
    """Red for an error, yellow for a warning; every colour is ended on its line."""
    lines = "\n".join(human([at(SCHEMA, "Strin", help="x")], COLOURS)).splitlines()
    assert "\x1b[1;31merror" in lines[0]
    assert all(line.rstrip().endswith("\x1b[0m") or not line.count("\x1b") % 2 for line in lines)
    assert "\x1b[1;33mwarning" in next(concise([at(SCHEMA, "id", severity="warning")], COLOURS))
    assert "\x1b" not in "\n".join(human([at(SCHEMA, "Strin", help="x")]))


def test_a_line_each():
    """With the advice behind it."""
    found = [at(SCHEMA, "Strin", help="write `String`"), at(SCHEMA, "id", severity="warning", path="b.prisma")]
    assert list(concise(found)) == [
        "prisma/schema.prisma:3:6: error[type-unknown]: a message (write `String`)",
        "b.prisma:2:3: warning[type-unknown]: a message",
    ]
    assert [count(found), count(found[:1] * 2), count(found[1:]), count([])] == [
        "1 error, 1 warning",
        "2 errors",
        "1 warning",
        "",
    ]


@pytest.mark.parametrize(
    ("text", "marked", "shown"),
    [
        ("a\tb @x", "@x", ["a    b @x", "       ^^"]),
        ("  名前 String", "String", ["  名前 String", "       ^^^^^^"]),
        ("  名前 String", "名前", ["  名前 String", "  ^^^^"]),
        ("e\u0301 X", "X", ["e\u0301 X", "  ^"]),
        ("👩 X", "X", ["👩 X", "   ^"]),
        ("a\x00b \x1b[31m X", "X", ["a␀b ␛[31m X", "          ^"]),
        ("a\u202eb X", "X", ["a\ufffdb X", "    ^"]),
        ("a\u00a0\u3000X", "X", ["a\u0020\u0020X".replace("\u0020\u0020", "  "), "   ^"]),
        ("ab", "b", ["ab", " ^"]),
        ("\ud800 X", "X", ["\ufffd X", "  ^"]),
    ],
    ids=lambda value: ascii(value)[:20],
)  # fmt: skip
def test_the_mark_stands_below_what_it_means(text, marked, shown):
    """Tabs, wide and combining characters count as the screen does; what plays with a terminal is replaced."""
    assert excerpt(text, marked) == shown


def test_marks_at_the_end_and_beyond():
    """An empty span, the end of a line and the end of the file get one caret."""
    source = Source("a.prisma", "model A {\n")
    for start, shown in ((9, ["model A {", "         ^"]), (10, ["", "^"]), (0, ["model A {", "^"])):
        _, line, mark, _ = Excerpts().of(Span(source, start, start))
        assert [line, mark] == shown


def test_a_line_of_a_megabyte():
    """A window around what is meant, its ends marked; thousands of marks on it stay cheap."""
    text = "x" * 500_000 + " @bad " + "y" * 500_000
    line, mark = excerpt(text, "@bad")
    assert len(line) == 122
    assert line.startswith("…xxx")
    assert line.endswith("yyy…")
    assert line[mark.index("^") : mark.rindex("^") + 1] == "@bad"
    source, excerpts = Source("a.prisma", text), Excerpts()
    assert {len(excerpts.of(Span(source, n, n + 1))[1]) for n in range(100, 20_000)} == {122}
    wide = at("z" * 300, "z" * 300)
    assert max(map(len, "\n".join(human([wide])).splitlines()[1:])) < 130


SECRETS = [
    'url = "postgresql://app:s3cret@db/x"',
    'url = "postgresql://app:s3c\\"ret@db/x"',
    'a = "x://h/a" b = "postgresql://app:s3cret@db/x" c',
    'url = "postgresql://db/x?user=app&password=s3cret"',
    'url = "prisma://h/?api_key=s3cret"',
    'url = "postgresql://app:s3cret@db/x',
    "// postgresql://app:s3cret@db/x",
    "url = 'postgresql://app:s3cret@db/x'",
]


@pytest.mark.parametrize("text", SECRETS)
def test_secrets_are_masked(text):
    """In the line and in a message, the width kept; the closing quote and what follows it stay."""
    assert "ret" not in mask(text)
    assert len(mask(text)) == len(text)
    assert "ret" not in plain(text)
    found = at(text, text.split()[0], message=f"no: {text}", help=f"write {text}")
    said = "\n".join(
        [*human([found]), *concise([found]), as_json([found], {}), *github([found]), sarif([found], {}, "1")]
    )
    assert "s3c" not in said
    assert mask(text).endswith("c") == text.endswith("c")


def test_links_without_secrets_stay():
    """A link in a comment is help, not a secret."""
    text = '/// see https://www.prisma.io/docs/x and "http://h/p"'
    assert mask(text) == text


def test_json_keys():
    """Stable keys, 1-based places in characters, the end behind the last character."""
    found = at("é\r\n日本 Strin\r\n", "Strin", help="h")
    data = json.loads(as_json([found, at("x", "x", severity="warning")], {"provider": "postgresql"}))
    assert {key: data[key] for key in ("valid", "provider", "errors", "warnings")} == {
        "valid": False, "provider": "postgresql", "errors": 1, "warnings": 1,
    }  # fmt: skip
    assert data["diagnostics"][0] == {
        "code": "type-unknown", "severity": "error", "message": "a message", "help": "h", "file": "prisma/schema.prisma",
        "line": 2, "column": 4, "end_line": 2, "end_column": 9,
    }  # fmt: skip
    assert json.loads(as_json([], {}))["valid"] is True
    trouble = json.loads(as_json([], {}, UsageInvalid("gone", where="a.prisma", code="schema_missing")))
    assert (trouble["valid"], trouble["error"]["code"]) == (False, "schema_missing")


def test_github_escapes():
    """Percent signs and line ends in a message; colons and commas too in a property."""
    (line,) = github([at(SCHEMA, "Strin", path="a,b:c%.prisma", message="100% `a::b`, \nnext", help="x")])
    assert line == (
        "::error file=a%2Cb%3Ac%25.prisma,line=3,endLine=3,col=6,endColumn=10,title=pgready%3A type-unknown"
        "::100%25 `a::b`, ␊next%0Ahelp: x"
    )
    (line,) = github([at(SCHEMA, SCHEMA[:-1], severity="warning")])
    assert line.startswith("::warning file=prisma/schema.prisma,line=1,endLine=4,col=1,title=")
    (line,) = github([], UsageInvalid("a.prisma:3:7: byte 0xff is not UTF-8", where="a.prisma:3:7", then="save it"))
    assert (
        line
        == "::error file=a.prisma,line=3,col=7,title=pgready%3A invalid::a.prisma:3:7: byte 0xff is not UTF-8%0Asave it"
    )
    (line,) = github([], UsageInvalid("there is no schema"))
    assert line == "::error title=pgready%3A invalid::there is no schema"


def test_sarif():
    """Version, rules by index, regions in characters, paths as URIs, an unreadable file as a notification."""
    rule = Rule("type-unknown", "A type that is not there", "Why.", "", "")
    found = [
        at(SCHEMA, "Strin", path="a b/é#.prisma", help="h"),
        at(SCHEMA, "id", code="a-code", severity="warning", path="/x/y.prisma"),
    ]
    log = json.loads(sarif(found, {"type-unknown": rule}, "1.2.3"))
    (run,) = log["runs"]
    assert (log["version"], run["columnKind"]) == ("2.1.0", "unicodeCodePoints")
    assert [r["id"] for r in run["tool"]["driver"]["rules"]] == ["a-code", "type-unknown"]
    first, second = run["results"]
    assert (first["ruleIndex"], first["level"], second["ruleIndex"], second["level"]) == (1, "error", 0, "warning")
    physical = first["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "a%20b/%C3%A9%23.prisma"
    assert physical["region"] == {"startLine": 3, "startColumn": 6, "endLine": 3, "endColumn": 11}
    assert second["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "file:///x/y.prisma"
    log = json.loads(sarif([], {}, "1.2.3", UsageInvalid("a.prisma:3:7: no", where="a.prisma:3:7", code="not_utf8")))
    (invocation,) = log["runs"][0]["invocations"]
    assert (invocation["executionSuccessful"], log["runs"][0]["results"]) == (False, [])
    (note,) = invocation["toolExecutionNotifications"]
    assert note["descriptor"]["id"] == "not_utf8"
    assert note["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 7}


def test_hashes_of_lines_are_githubs():
    """As the CodeQL action computes them: the values of its own tests; spaces and kinds of line ends do not matter."""
    assert line_hashes("") == ("c129715d7a2bc9a3:1",)
    four = ("271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1")
    assert line_hashes(" a\nb\n  \t\tc\n d") == line_hashes("a\r\nb\rc\nd") == four
    repeated = line_hashes("Lorem ipsum dolor sit amet.\n" * 10)
    assert repeated[4:8] == ("a7f2ff13bc495cf2:5", "a7f2ff13bc495cf2:6", "a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1")


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(st.characters(), max_size=300), st.integers(0, 320), st.integers(0, 320))
def test_any_text_is_shown_safely(text, start, length):
    """Whatever stands in a file: printable lines of bounded width, and output that every machine format can carry."""
    found = Diagnostic("a-code", "error", text[:50], Span(Source("a.prisma", text), start, start + length), text[:20])
    said = "\n".join([*human([found]), *concise([found])])
    kinds = {unicodedata.category(character) for character in said.translate(dict.fromkeys(map(ord, "\n\u200c\u200d")))}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert all(len(line) < 700 for line in said.split("\n"))
    assert json.loads(as_json([found], {}))["diagnostics"][0]["line"] >= 1
    assert json.loads(sarif([found], {}, "1"))["runs"][0]["results"][0]["level"] == "error"
    (command,) = github([found])
    assert "\n" not in command
