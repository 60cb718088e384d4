"""The native types of PostgreSQL as Prisma knows them: `@db.VarChar(255)` and its kin."""

from typing import NamedTuple

from pgready.psl.resolve.draft import Scalar


class NativeTypeRule(NamedTuple):
    """A native type: the scalar type that it fits, and how many arguments it takes when it takes any.

    `most` is the greatest value of the first argument that makes sense to PostgreSQL, or None; `least` the smallest.
    """

    scalar: Scalar
    arguments: int = 0
    least: int = 0
    most: int | None = None


TYPES: dict[str, NativeTypeRule] = {
    "SmallInt": NativeTypeRule("Int"),
    "Integer": NativeTypeRule("Int"),
    "BigInt": NativeTypeRule("BigInt"),
    "Decimal": NativeTypeRule("Decimal", 2, 1, 1000),
    "Money": NativeTypeRule("Decimal"),
    "Inet": NativeTypeRule("String"),
    "Oid": NativeTypeRule("Int"),
    "Citext": NativeTypeRule("String"),
    "Real": NativeTypeRule("Float"),
    "DoublePrecision": NativeTypeRule("Float"),
    "VarChar": NativeTypeRule("String", 1),
    "Char": NativeTypeRule("String", 1),
    "Text": NativeTypeRule("String"),
    "ByteA": NativeTypeRule("Bytes"),
    "Timestamp": NativeTypeRule("DateTime", 1, 0, 6),
    "Timestamptz": NativeTypeRule("DateTime", 1, 0, 6),
    "Date": NativeTypeRule("DateTime"),
    "Time": NativeTypeRule("DateTime", 1, 0, 6),
    "Timetz": NativeTypeRule("DateTime", 1, 0, 6),
    "Boolean": NativeTypeRule("Boolean"),
    "Bit": NativeTypeRule("String", 1, 1),
    "VarBit": NativeTypeRule("String", 1, 1),
    "Uuid": NativeTypeRule("String"),
    "Xml": NativeTypeRule("String"),
    "Json": NativeTypeRule("Json"),
    "JsonB": NativeTypeRule("Json"),
}

DEFAULTS: dict[Scalar, tuple[str, tuple[int, ...]]] = {
    "Int": ("Integer", ()),
    "BigInt": ("BigInt", ()),
    "Float": ("DoublePrecision", ()),
    "Decimal": ("Decimal", (65, 30)),
    "Boolean": ("Boolean", ()),
    "String": ("Text", ()),
    "DateTime": ("Timestamp", (3,)),
    "Bytes": ("ByteA", ()),
    "Json": ("JsonB", ()),
}
"""The native type that a field without `@db.…` gets, with its arguments."""

ALIASES: dict[str, str] = {
    "bool": "Boolean",
    "bytes": "ByteA",
    "bytea": "ByteA",
    "blob": "ByteA",
    "binary": "ByteA",
    "varbinary": "ByteA",
    "character": "Char",
    "bpchar": "Char",
    "charactervarying": "VarChar",
    "nvarchar": "VarChar",
    "string": "Text",
    "longtext": "Text",
    "mediumtext": "Text",
    "tinytext": "Text",
    "int": "Integer",
    "int2": "SmallInt",
    "tinyint": "SmallInt",
    "mediumint": "Integer",
    "unsignedint": "Integer",
    "int4": "Integer",
    "int8": "BigInt",
    "serial": "Integer",
    "bigserial": "BigInt",
    "smallserial": "SmallInt",
    "numeric": "Decimal",
    "float4": "Real",
    "float": "DoublePrecision",
    "float8": "DoublePrecision",
    "double": "DoublePrecision",
    "datetime": "Timestamptz",
    "timestampwithtimezone": "Timestamptz",
    "timewithtimezone": "Timetz",
    "guid": "Uuid",
    "uniqueidentifier": "Uuid",
    "cidr": "Inet",
}
"""Names that people write for a native type, in lower case: SQL's own and those of other databases."""


def whole(text: str) -> int | None:
    """The number from 0 to 2³²-1 that an argument writes, or None."""
    digits = text[1:] if text[:1] == "+" else text
    if not (digits.isascii() and digits.isdigit()) or len(digits.lstrip("0")) > 10:
        return None
    value = int(digits.lstrip("0") or "0")
    return value if value < 2**32 else None


def numbers(rule: NativeTypeRule, arguments: list[str]) -> list[int] | None:
    """The arguments of a native type as numbers, an empty list for none; None when the type does not take them."""
    if not arguments or rule.arguments == 0:
        return []
    found = [value for text in arguments if (value := whole(text)) is not None]
    return found if len(found) == len(arguments) == rule.arguments else None
