"""Rules for names: of models, fields, enums and their values, in the schema and in the database."""

from pgready.psl.rules.rule import Rule

_USER = "model User {\n  id Int @id\n}\n"

RULES: tuple[Rule, ...] = (
    Rule(
        "name-scalar",
        "A name is that of a built-in type",
        "`String`, `Boolean`, `Int`, `BigInt`, `Float`, `Decimal`, `DateTime`, `Json` and `Bytes` cannot be used for "
        "anything else. `@@map` keeps such a name in the database.",
        bad="model Json {\n  id Int @id\n}\n",
        good='model Document {\n  id Int @id\n\n  @@map("Json")\n}\n',
    ),
    Rule(
        "name-reserved",
        "A name is a reserved word",
        "The client is written in JavaScript, and its words cannot be the name of a model or enum. `@@map` keeps such "
        "a name in the database.",
        bad="model return {\n  id Int @id\n}\n",
        good='model Return {\n  id Int @id\n\n  @@map("return")\n}\n',
    ),
    Rule(
        "name-repeated",
        "A name is taken",
        "Models, views, enums and composite types share their names, over all files of a schema; so do datasources, "
        "and so do generators.",
        bad=_USER + "enum User {\n  ADMIN\n}\n",
        good=_USER + "enum Role {\n  ADMIN\n}\n",
    ),
    Rule(
        "name-digit",
        "A name starts with a digit",
        "Names start with a letter. `@map` and `@@map` give the name that the database has.",
        bad="model User {\n  id    Int @id\n  2fa   Boolean\n}\n",
        good='model User {\n  id        Int     @id\n  twoFactor Boolean @map("2fa")\n}\n',
    ),
    Rule(
        "name-hyphen",
        "A name contains a hyphen",
        "Names consist of letters, digits and underscores. `@map` and `@@map` give the name that the database has.",
        bad="model User {\n  id        Int @id\n  last-name String\n}\n",
        good='model User {\n  id       Int    @id\n  lastName String @map("last-name")\n}\n',
    ),
    Rule(
        "field-repeated",
        "A field stands twice",
        "Each field of a model, view or composite type has a name of its own.",
        bad="model User {\n  id   Int    @id\n  name String\n  name String\n}\n",
        good="model User {\n  id   Int    @id\n  name String\n}\n",
    ),
    Rule(
        "map-field-clash",
        "Two fields have the same column",
        "`@map` names the column, and each column belongs to one field.",
        bad='model User {\n  id    Int    @id\n  name  String\n  alias String @map("name")\n}\n',
        good='model User {\n  id    Int    @id\n  name  String\n  alias String @map("alias_name")\n}\n',
    ),
    Rule(
        "enum-empty",
        "An enum has no values",
        "A type without values could hold nothing.",
        bad="enum Role {\n}\n" + _USER,
        good="enum Role {\n  ADMIN\n}\n" + _USER,
    ),
    Rule(
        "enum-value-repeated",
        "A value of an enum stands twice",
        "Each value of an enum has a name of its own.",
        bad="enum Role {\n  ADMIN\n  ADMIN\n}\n" + _USER,
        good="enum Role {\n  ADMIN\n  GUEST\n}\n" + _USER,
    ),
    Rule(
        "enum-database-name",
        "Two enums have the same name in the database",
        "PostgreSQL has one type of a name in each schema.",
        bad='enum Role {\n  ADMIN\n\n  @@map("role")\n}\nenum Part {\n  LEAD\n\n  @@map("role")\n}\n' + _USER,
        good='enum Role {\n  ADMIN\n\n  @@map("role")\n}\nenum Part {\n  LEAD\n\n  @@map("part")\n}\n' + _USER,
    ),
    Rule(
        "client-name-clash",
        "A field has the name of a compound key",
        "The client finds rows by the name of an `@@id` or `@@unique`, which must not be that of a field.",
        bad='model Seat {\n  row  Int\n  seat Int\n\n  @@id([row, seat], name: "seat")\n}\n',
        good='model Seat {\n  row  Int\n  seat Int\n\n  @@id([row, seat], name: "place")\n}\n',
    ),
)
