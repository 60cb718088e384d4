"""Native types: which scalar each fits, which arguments it takes, what is suggested for others."""

import pytest

from fix_schema import field_codes, fields, helped, told
from pgready.psl.native_types import DEFAULTS, TYPES

SCALARS = ("String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes")


@pytest.mark.parametrize("scalar", SCALARS)
def test_each_scalar_takes_its_native_types_and_no_other(scalar):
    """On plain fields, optional ones and lists alike."""
    lines = [f"f{number} {scalar} @db.{name}" for number, name in enumerate(TYPES)]
    expected = [
        (number + 3, "native-type-incompatible") for number, each in enumerate(TYPES.values()) if each.scalar != scalar
    ]
    assert told(fields(*lines)) == expected
    assert told(fields(*[line.replace(f" {scalar} ", f" {scalar}[] ") for line in lines])) == expected


@pytest.mark.parametrize("scalar", SCALARS)
def test_the_default_native_type_fits(scalar):
    """With the arguments that it has when nobody writes any."""
    name, arguments = DEFAULTS[scalar]
    given = f"({', '.join(str(each) for each in arguments)})" if arguments else ""
    assert field_codes(f"f {scalar} @db.{name}{given}") == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("f String @db.VarChar(1)", None),
        ("f String @db.VarChar(0)", None),
        ("f String @db.VarChar(4294967295)", None),
        ("f String @db.VarChar(4294967296)", "native-type-arguments"),
        ("f String @db.VarChar(-1)", "native-type-arguments"),
        ('f String @db.VarChar("1")', "native-type-arguments"),
        ("f String @db.VarChar(max)", "native-type-arguments"),
        ("f String @db.VarChar(1, 2)", "native-type-argument-count"),
        ("f String @db.Text(1)", "native-type-argument-count"),
        ("f String @db.Bit(0)", "native-type-range"),
        ("f String @db.VarBit(0)", "native-type-range"),
        ("f String @db.Bit(1)", None),
        ("f DateTime @db.Timestamptz(0)", None),
        ("f DateTime @db.Timestamptz(6)", None),
        ("f DateTime @db.Timestamptz(7)", "native-type-range"),
        ("f DateTime @db.Time(7)", "native-type-range"),
        ("f DateTime @db.Date(1)", "native-type-argument-count"),
        ("f Decimal @db.Decimal", None),
        ("f Decimal @db.Decimal(10)", "native-type-arguments"),
        ("f Decimal @db.Decimal(10, 10)", None),
        ("f Decimal @db.Decimal(10, 11)", "native-type-range"),
        ("f Decimal @db.Decimal(1000, 0)", None),
        ("f Decimal @db.Decimal(1001, 0)", "native-type-range"),
        ("f Decimal @db.Decimal(0, 0)", "native-type-range"),
        ("f Decimal @db.Decimal(1, 2, 3)", "native-type-argument-count"),
        ("f String @pg.Text", "native-type-scope"),
        ("f String @db.Text @db.Text", "attribute-repeated"),
        ("f E @db.Text", "attribute-unknown"),
        ('f Unsupported("x")? @db.Text', "attribute-unknown"),
        ('f Unsupported("VarChar(3)")?', "unsupported-known"),
        ('f Unsupported("Text")?', "unsupported-known"),
        ('f Unsupported("text")?', None),
        ('f Unsupported("VarChar(a)")?', None),
        ('f Unsupported("Decimal(1)")?', None),
    ],
)
def test_arguments(line, code):
    """One finding at most, on the field."""
    assert field_codes(line) == ([code] if code else [])


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("f DateTime @db.TimestampTz", "did you mean `@db.Timestamptz`?"),
        ("f DateTime @db.timestamptz(6)", "did you mean `@db.Timestamptz`?"),
        ("f Boolean @db.Bool", "did you mean `@db.Boolean`?"),
        ("f Bytes @db.Bytea", "did you mean `@db.ByteA`?"),
        ("f Json @db.Jsonb", "did you mean `@db.JsonB`?"),
        ("f Decimal @db.Numeric(10, 2)", "did you mean `@db.Decimal`?"),
        ("f String @db.Varchr(3)", "did you mean `@db.VarChar`?"),
        ("f Int @db.Zzz", "what fits `Int`: `@db.SmallInt`, `@db.Integer`, `@db.Oid`"),
        ("f String @pg.Text", "write `@db.Text`"),
        ('f Unsupported("VarChar( 3 )")?', "write `f String @db.VarChar(3)`"),
    ],
)
def test_near_misses(line, hint):
    """The help has the spelling that Prisma wants."""
    assert helped(fields(line)) == hint
