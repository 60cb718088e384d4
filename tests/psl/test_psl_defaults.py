"""`@default`: which values and functions each type takes, and what a literal must look like."""

import pytest

from fix_schema import analysed, field_codes, fields, helped, told
from pgready.psl import literals

GOOD = {
    "String": ['"a"', '""', "uuid()", "uuid(4)", "uuid(7)", "cuid()", "cuid(1)", "cuid(2)", "ulid()", "nanoid(255)"],
    "Boolean": ["true", "false"],
    "Int": ["1", "-1", "autoincrement()", "9223372036854775807"],
    "BigInt": ["1", "autoincrement()", "-9223372036854775808"],
    "Float": ["1", "1.5", "-0"],
    "Decimal": ["1", "1.5", '"1.5"', '"1e-5"', '"1_000"'],
    "DateTime": ["now()", '"2020-02-29T23:59:60+23:59"', '"2020-01-01 00:00:00.5z"'],
    "Json": ['"{}"', '"null"', '"[1, 2]"'],
    "Bytes": ['""', '"aGVsbG8="'],
    "E": ["A", "B"],
    'Unsupported("point")': [],
}
BAD = {
    "String": {
        "1": "default-type",
        "a": "default-type",
        "uuid(5)": "default-function-arguments",
        'uuid("4")': "default-function-arguments",
        "cuid(3)": "default-function-arguments",
        "ulid(1)": "default-function-arguments",
        "nanoid(1)": "default-function-arguments",
        "nanoid(256)": "default-function-arguments",
        "now()": "default-function-type",
        "autoincrement()": "default-function-type",
        '["a"]': "default-not-list",
        "auto()": "default-auto",
        "sequence()": "default-function-unknown",
        '"a", map: "x"': "default-map",
        '"a", map: ""': "map-empty",
        'dbgenerated("")': "default-dbgenerated",
        "dbgenerated(1)": "default-dbgenerated",
        'dbgenerated("a", "b")': "default-dbgenerated",
    },
    "Boolean": {"True": "default-boolean", '"true"': "default-type", "1": "default-type"},
    "Int": {
        "1.5": "default-integer",
        "9223372036854775808": "default-integer",
        '"1"': "default-type",
        'autoincrement(), map: "x"': "default-autoincrement-map",
        "autoincrement(1)": "default-function-arguments",
        "uuid()": "default-function-type",
    },
    "BigInt": {"-9223372036854775809": "default-integer"},
    "Float": {'"1.5"': "default-type"},
    "Decimal": {'"1,5"': "default-decimal", '"_1"': "default-decimal", '"1e9223372036854775808"': "default-decimal"},
    "DateTime": {'"2020-01-01"': "default-datetime", "1": "default-type", "now(1)": "default-function-arguments"},
    "Json": {'"{a: 1}"': "default-json", '"NaN"': "default-json", "{ a: 1 }": "default-type"},
    "Bytes": {'"hello"': "default-bytes", '"aGVsbG9="': "default-bytes"},
    "E": {"C": "default-enum-value", '"A"': "default-enum-value", "[A]": "default-enum-value"},
    'Unsupported("point")': {'"(0,0)"': "default-unsupported-type"},
}


@pytest.mark.parametrize("name", GOOD)
def test_what_a_type_takes(name):
    """Its literals and functions, SQL, and nothing to say about it."""
    values = [*GOOD[name], "dbgenerated()", 'dbgenerated("x()")']
    assert told(fields(*[f"f{number} {name} @default({value})" for number, value in enumerate(values)])) == []


@pytest.mark.parametrize(
    ("name", "value", "code"), [(name, *case) for name, cases in BAD.items() for case in cases.items()]
)
def test_what_a_type_does_not_take(name, value, code):
    """One finding, on the field's line."""
    assert told(fields(f"f {name} @default({value})")) == [(3, code)]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('f String[] @default(["a", "b"])', None),
        ("f E[] @default([A, B])", None),
        ("f Int[] @default([])", None),
        ("f Int[] @default([1, 1.5])", "default-integer"),
        ("f Int[] @default(1)", "default-list"),
        ("f E[] @default(A)", "default-list"),
        ("f E[] @default([A, C])", "default-enum-value"),
        ("f Int[] @default([[1]])", "default-type"),
        ('f Json[] @default(["{}", "{"])', "default-json"),
        ("f DateTime[] @default(now())", None),
    ],
)
def test_lists(line, code):
    """Each item of a list is judged as a value of its own."""
    assert field_codes(line) == ([code] if code else [])


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("f String @default(abc)", 'put it in double quotes: `"abc"`'),
        ('f Int @default("1")', "leave out the quotes: `1`"),
        ('f E @default("A")', "write `A`"),
        ("f E @default(a)", "did you mean `A`?"),
        ("f String @default(uid())", "did you mean `uuid()`?"),
        ('f String[] @default("a")', 'put it in brackets: `@default(["a"])`'),
    ],
)
def test_what_to_write_instead(line, hint):
    """The help names the fix."""
    assert helped(fields(line)) == hint


def test_the_name_in_the_database_is_no_value():
    """A default that repeats a value's `@map` is told which value is meant."""
    schema = 'enum E {\n  LOW @map("low")\n}\nmodel A {\n  id Int @id\n  e E @default(low)\n}\n'
    assert helped(schema) == "`low` is its name in the database; write `LOW`"


@pytest.mark.parametrize(
    "text", ["{}", "[" * 127 + "]" * 127, '"\\ud83d\\ude00"', " 1 ", "-0", "1e308", '{"a":1,"a":2}']
)
def test_json(text):
    """What serde_json reads is JSON."""
    assert literals.json_problem(text) == ""


@pytest.mark.parametrize(
    "text",
    ["", "[" * 128 + "]" * 128, '"\\ud800"', "NaN", "-Infinity", "1e309", "9" * 400, "01", "[1,]", '"\t"', "{'a':1}"],
)
def test_no_json(text):
    """What only Python reads is none, and nothing overflows."""
    assert literals.json_problem(text)


def test_deep_json_is_an_error_and_no_crash():
    """A hundred thousand brackets in a default are told like any other."""
    text = "[" * 100_000
    assert [found.code for found in analysed(fields(f'f Json @default("{text}")')).diagnostics] == ["default-json"]
