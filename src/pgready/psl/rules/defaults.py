"""Rules for `@default(…)` and `autoincrement()`."""

from pgready.psl.rules.rule import Rule

_SOURCE = 'datasource db {\n  provider = "postgresql"\n}\n'
_NO_SOURCE = "// a schema without a datasource block\n"
_ROLE = "enum Role {\n  ADMIN\n  GUEST\n}\n"


def _thing(*lines: str) -> str:
    return "model Thing {\n  id Int @id\n" + "".join(f"  {line}\n" for line in lines) + "}\n"


def _composite(line: str) -> str:
    return f"type Part {{\n  {line}\n}}\n" + _thing()


RULES: tuple[Rule, ...] = (
    Rule(
        "default-type",
        "The default is of another type than the field",
        "Strings stand in double quotes, numbers and `true` without; times, JSON and bytes are written as strings.",
        bad=_thing('count Int @default("1")'),
        good=_thing("count Int @default(1)"),
    ),
    Rule(
        "default-boolean",
        "The default of a `Boolean` is neither `true` nor `false`",
        "Both are written in small letters, without quotes.",
        bad=_thing("active Boolean @default(True)"),
        good=_thing("active Boolean @default(true)"),
    ),
    Rule(
        "default-integer",
        "The default is no whole number of 64 bits",
        "`Int` and `BigInt` have no fraction. In PostgreSQL an `Int` has 32 bits unless a native type says so.",
        bad=_thing("count Int @default(1.5)"),
        good=_thing("count Float @default(1.5)"),
    ),
    Rule(
        "default-decimal",
        "The default is no decimal number",
        "A `Decimal` is written as a number, or as a string of digits.",
        bad=_thing('price Decimal @default("1,50")'),
        good=_thing('price Decimal @default("1.50")'),
    ),
    Rule(
        "default-datetime",
        "The default is no time of RFC 3339",
        "A time has a date, hours, minutes and seconds, and an offset (`Z` for UTC). The current time is `now()`.",
        bad=_thing('since DateTime @default("2026-01-31")'),
        good=_thing('since DateTime @default("2026-01-31T00:00:00Z")', "at DateTime @default(now())"),
    ),
    Rule(
        "default-json",
        "The default is no JSON",
        "The string holds JSON; the quotes in it are escaped.",
        bad=_thing('data Json @default("{a: 1}")'),
        good=_thing('data Json @default("{\\"a\\": 1}")'),
    ),
    Rule(
        "default-bytes",
        "The default is no base64",
        "`Bytes` are written as padded base64.",
        bad=_thing('data Bytes @default("hello")'),
        good=_thing('data Bytes @default("aGVsbG8=")'),
    ),
    Rule(
        "default-enum-value",
        "The default is no value of the enum",
        "A value is written as the enum names it in the schema, without quotes.",
        bad=_ROLE + _thing("role Role @default(USER)"),
        good=_ROLE + _thing("role Role @default(GUEST)"),
    ),
    Rule(
        "default-list",
        "The field is a list and its default is not",
        "The default of a list stands in brackets.",
        bad=_thing('tags String[] @default("new")'),
        good=_thing('tags String[] @default(["new"])'),
    ),
    Rule(
        "default-not-list",
        "The default is a list and the field is not",
        "Brackets are for fields whose type ends with `[]`.",
        bad=_thing('tag String @default(["new"])'),
        good=_thing('tag String @default("new")'),
    ),
    Rule(
        "default-function-type",
        "The function makes no value of the field's type",
        "`autoincrement()` is for `Int` and `BigInt`, `now()` for `DateTime`, `uuid()`, `cuid()`, `ulid()` and "
        "`nanoid()` for `String`.",
        bad=_thing("at String @default(now())"),
        good=_thing("at DateTime @default(now())"),
    ),
    Rule(
        "default-function-unknown",
        "Nobody knows the function",
        "A function of the database is written as SQL in `dbgenerated(…)`.",
        bad=_thing("code String @default(gen_random_uuid())"),
        good=_thing('code String @default(dbgenerated("gen_random_uuid()"))'),
    ),
    Rule(
        "default-function-arguments",
        "The function does not take these arguments",
        "`uuid` takes 4 or 7, `cuid` 1 or 2, `nanoid` a length from 2 to 255; `now`, `ulid` and `autoincrement` take "
        "nothing.",
        bad=_thing("code String @default(uuid(5))"),
        good=_thing("code String @default(uuid(7))"),
    ),
    Rule(
        "default-dbgenerated",
        "`dbgenerated` has something else than SQL",
        "It takes a string that is not empty, or nothing for a default that only the database knows.",
        bad=_thing('code String @default(dbgenerated(""))'),
        good=_thing("code String @default(dbgenerated())"),
    ),
    Rule(
        "default-unsupported-type",
        "An `Unsupported` field has a default that is no SQL",
        "Prisma cannot write values of a type that it does not know.",
        bad=_thing('place Unsupported("point") @default("(0,0)")'),
        good=_thing('place Unsupported("point") @default(dbgenerated("\'(0,0)\'::point"))'),
    ),
    Rule(
        "default-auto",
        "`auto()` is used",
        "It is a function of MongoDB.",
        bad=_thing("code String @default(auto())"),
        good=_thing("code String @default(uuid())"),
    ),
    Rule(
        "default-map",
        "A default has a name in the database",
        "PostgreSQL names no defaults; `map:` is for SQL Server.",
        bad=_thing('count Int @default(1, map: "count_default")'),
        good=_thing("count Int @default(1)"),
    ),
    Rule(
        "map-empty",
        "The `map:` of a default is empty",
        "PostgreSQL names no defaults at all.",
        bad=_thing('count Int @default(1, map: "")'),
        good=_thing("count Int @default(1)"),
    ),
    Rule(
        "default-autoincrement-map",
        "`autoincrement()` has a name",
        "It makes a sequence, which PostgreSQL names itself.",
        bad='model Thing {\n  id Int @id @default(autoincrement(), map: "thing_ids")\n}\n',
        good="model Thing {\n  id Int @id @default(autoincrement())\n}\n",
    ),
    Rule(
        "default-composite",
        "A field of a composite type has a default",
        "Composite types are MongoDB's, and have no defaults as a whole.",
        bad="type Part {\n  name String\n}\n" + _thing('part Part @default("x")'),
        good=_thing('part Json @default("{}")'),
    ),
    Rule(
        "default-composite-map",
        "A default in a composite type has a name",
        "Only columns could have named defaults.",
        bad=_composite('name String @default("x", map: "part_name")'),
        good=_thing('name String @default("x")'),
    ),
    Rule(
        "default-composite-function",
        "A default in a composite type is made by the database",
        "There is no column that the database could fill.",
        bad=_composite('name String @default(dbgenerated("x"))'),
        good=_thing('name String @default(dbgenerated("x"))'),
    ),
    Rule(
        "autoincrement-several",
        "There are several `autoincrement()` in a model, and no datasource",
        "PostgreSQL takes any number of them; Prisma must know that it is PostgreSQL.",
        bad=_NO_SOURCE
        + "model Thing {\n  id Int @id @default(autoincrement())\n  no Int @unique @default(autoincrement())\n}\n",
        good=_SOURCE
        + "model Thing {\n  id Int @id @default(autoincrement())\n  no Int @unique @default(autoincrement())\n}\n",
    ),
    Rule(
        "autoincrement-not-id",
        "`autoincrement()` is on no id, and there is no datasource",
        "PostgreSQL takes it on any field; Prisma must know that it is PostgreSQL.",
        bad=_NO_SOURCE + _thing("no Int @unique @default(autoincrement())"),
        good=_SOURCE + _thing("no Int @unique @default(autoincrement())"),
    ),
    Rule(
        "autoincrement-not-indexed",
        "`autoincrement()` is on a field without an index, and there is no datasource",
        "PostgreSQL needs no index for it; Prisma must know that it is PostgreSQL.",
        bad=_NO_SOURCE + _thing("no Int @default(autoincrement())"),
        good=_SOURCE + _thing("no Int @default(autoincrement())"),
    ),
)
