"""Rules for native types, `@db.…`."""

from pgready.psl.rules.rule import Rule


def _user(line: str) -> str:
    return f"model User {{\n  id Int @id\n  {line}\n}}\n"


RULES: tuple[Rule, ...] = (
    Rule(
        "native-type-unknown",
        "PostgreSQL has no such native type",
        "Native types are written as Prisma spells them, which is not always PostgreSQL's spelling: `@db.Timestamptz`, "
        "`@db.ByteA`, `@db.JsonB`. A schema without a datasource has none.",
        bad=_user("at DateTime @db.TimestampTz"),
        good=_user("at DateTime @db.Timestamptz"),
    ),
    Rule(
        "native-type-scope",
        "A native type does not begin with the datasource's name",
        "What stands in front of the point is the name of the datasource block.",
        bad=_user("name String @pg.Text"),
        good=_user("name String @db.Text"),
    ),
    Rule(
        "native-type-incompatible",
        "The native type does not fit the field's type",
        "Each native type belongs to one type of the schema language.",
        bad=_user("name String @db.Integer"),
        good=_user("name String @db.Text"),
    ),
    Rule(
        "native-type-argument-count",
        "The native type has too many arguments",
        "`Decimal` takes precision and scale; `VarChar`, `Char`, `Bit` and `VarBit` a length; `Time`, `Timetz`, "
        "`Timestamp` and `Timestamptz` a number of digits; the others nothing.",
        bad=_user("name String @db.Text(20)"),
        good=_user("name String @db.VarChar(20)"),
    ),
    Rule(
        "native-type-arguments",
        "An argument of the native type is no whole number, or one is missing",
        "Arguments are whole numbers without quotes; `Decimal` takes both or none.",
        bad=_user("price Decimal @db.Decimal(10)"),
        good=_user("price Decimal @db.Decimal(10, 2)"),
    ),
    Rule(
        "native-type-range",
        "An argument of the native type is too large or too small",
        "Times have 0 to 6 digits behind the second, a `Decimal` 1 to 1000 digits of which some stand behind the "
        "point, bit strings at least one bit.",
        bad=_user("at DateTime @db.Timestamp(9)"),
        good=_user("at DateTime @db.Timestamp(6)"),
    ),
)
