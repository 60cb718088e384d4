"""Cases that are clearer as tables than as text: every native type on every scalar, every function on every type, …

`tables()` gives all of them, in a fixed order. A table states what it expects where that is a rule of its own; elsewhere
only the agreement of both sides is asked for.
"""

import itertools
from collections.abc import Iterator

from conformance_cases import Case, make
from conformance_parsers import Style
from conformance_tables_more import comments, datasource_properties, generator_properties, names, written_arguments

STYLES: tuple[Style, Style] = (6, 7)
SCALARS = ("String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes")
ROLE = "enum Role {\n  ADMIN\n  USER\n}\n"

# native type → the scalar that it fits, the numbers of arguments that it takes
NATIVE = {
    "SmallInt": ("Int", 0),
    "Integer": ("Int", 0),
    "Oid": ("Int", 0),
    "BigInt": ("BigInt", 0),
    "Decimal": ("Decimal", 2),
    "Money": ("Decimal", 0),
    "Inet": ("String", 0),
    "Citext": ("String", 0),
    "Text": ("String", 0),
    "VarChar": ("String", 1),
    "Char": ("String", 1),
    "Bit": ("String", 1),
    "VarBit": ("String", 1),
    "Uuid": ("String", 0),
    "Xml": ("String", 0),
    "Real": ("Float", 0),
    "DoublePrecision": ("Float", 0),
    "ByteA": ("Bytes", 0),
    "Timestamp": ("DateTime", 1),
    "Timestamptz": ("DateTime", 1),
    "Date": ("DateTime", 0),
    "Time": ("DateTime", 1),
    "Timetz": ("DateTime", 1),
    "Boolean": ("Boolean", 0),
    "Json": ("Json", 0),
    "JsonB": ("Json", 0),
}
STRANGERS = ("Varchar", "TimestampTz", "varchar", "Jsonb", "Int", "TinyInt", "Uuidd", "String", "ObjectId")
ARGUMENTS = (
    "()", "(0)", "(1)", "(6)", "(7)", "(-1)", "(1.5)", '("a")', "(a)", "(1, 2)", "(1, 2, 3)", "(10, 0)", "(2, 10)", "(1000, 1000)",
    "(1001, 2)", "(0, 0)", "(10485761)", "(99999999999)", "(1,)", "(length: 5)", "([1])", "(max())",
)  # fmt: skip
VALUES = (
    "autoincrement()", "autoincrement(1)", "sequence()", "sequence(start: 10)", "sequence(minValue: 1, maxValue: 9, cycle: true)",
    "now()", "now(1)", "uuid()", "uuid(4)", "uuid(7)", "uuid(5)", 'uuid("4")', "uuid(4, 7)", "cuid()", "cuid(1)", "cuid(2)",
    "cuid(3)", "ulid()", "ulid(1)", "nanoid()", "nanoid(1)", "nanoid(2)", "nanoid(21)", "nanoid(255)", "nanoid(256)", 'nanoid("21")',
    "dbgenerated()", 'dbgenerated("")', 'dbgenerated("x()")', "dbgenerated(1)", "auto()", "auto(1)", "env()", 'env("X")', "Now()", "foo()",
    "1", "0", "-1", "007", "1.5", "-0.0", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808",
    "99999999999999999999", '"text"', '""', r'"quote \" slash \\ tab \t unicode é"', "true", "false", "True", "ADMIN", "NOPE",
    '"ADMIN"', '"{}"', r'"{\"a\": [1, 2.5, null]}"', '"{bad"', '"[]"', '"aGVsbG8="', '"not base64!"', '"2020-01-01T00:00:00Z"',
    '"2020-01-01T00:00:00+02:00"', '"2020-01-01T00:00:00.123456Z"', '"2020-13-01T00:00:00Z"', '"2020-01-01"', '"12.50"', '"1e3"',
    "[]", "[1, 2]", '["a", "b"]', "[true]", "[ADMIN]", "[ADMIN, NOPE]", '[1, "a"]', "[[1]]", "[now()]", '["{}"]', "[1.5]",
    "null", "Role.ADMIN", "[-1]", '["2020-01-01T00:00:00Z"]', '["aGVsbG8="]',
)  # fmt: skip
ACTIONS = ("", "Cascade", "Restrict", "NoAction", "SetNull", "SetDefault", "Nothing", '"Cascade"')
PREVIEWS = (
    "aggregateApi", "atomicNumberOperations", "clientExtensions", "cockroachdb", "connectOrCreate", "createMany", "dataProxy", "deno",
    "distinct", "driverAdapters", "extendedIndexes", "extendedWhereUnique", "fieldReference", "filterJson", "filteredRelationCount",
    "fullTextIndex", "fullTextSearch", "fullTextSearchPostgres", "groupBy", "improvedQueryRaw", "interactiveTransactions",
    "jsonProtocol", "metrics", "microsoftSqlServer", "middlewares", "mongoDb", "multiSchema", "nApi", "namedConstraints",
    "nativeDistinct", "nativeTypes", "omitApi", "orderByAggregateGroup", "orderByNulls", "orderByRelation", "partialIndexes",
    "postgresqlExtensions", "prismaSchemaFolder", "queryCompiler", "reactNative", "referentialActions", "referentialIntegrity",
    "relationJoins", "schemaEngineDriverAdapters", "selectRelationCount", "shardKeys", "strictUndefinedChecks", "tracing",
    "transactionApi", "typedSql", "uncheckedScalarInputs", "views", "compilerBuild", "Views", "VIEWS", "view", "",
)  # fmt: skip
ALGORITHMS = ("", "BTree", "Hash", "Gist", "Gin", "SpGist", "Brin", "Btree", '"Hash"')
OPERATOR_CLASSES = (
    "InetOps", "JsonbOps", "JsonbPathOps", "ArrayOps", "TextOps", "BitMinMaxOps", "VarBitMinMaxOps", "BpcharBloomOps",
    "BpcharMinMaxOps", "ByteaBloomOps", "ByteaMinMaxOps", "DateBloomOps", "DateMinMaxOps", "DateMinMaxMultiOps", "Float4BloomOps",
    "Float4MinMaxOps", "Float4MinMaxMultiOps", "Float8BloomOps", "Float8MinMaxOps", "Float8MinMaxMultiOps", "InetInclusionOps",
    "InetBloomOps", "InetMinMaxOps", "InetMinMaxMultiOps", "Int2BloomOps", "Int2MinMaxOps", "Int2MinMaxMultiOps", "Int4BloomOps",
    "Int4MinMaxOps", "Int4MinMaxMultiOps", "Int8BloomOps", "Int8MinMaxOps", "Int8MinMaxMultiOps", "NumericBloomOps",
    "NumericMinMaxOps", "NumericMinMaxMultiOps", "OidBloomOps", "OidMinMaxOps", "OidMinMaxMultiOps", "TextBloomOps",
    "TextMinMaxOps", "TimestampBloomOps", "TimestampMinMaxOps", "TimestampMinMaxMultiOps", "TimestampTzBloomOps",
    "TimestampTzMinMaxOps", "TimestampTzMinMaxMultiOps", "TimeBloomOps", "TimeMinMaxOps", "TimeMinMaxMultiOps", "TimeTzBloomOps",
    "TimeTzMinMaxOps", "TimeTzMinMaxMultiOps", "UuidBloomOps", "UuidMinMaxOps", "UuidMinMaxMultiOps",
    "", 'raw("my_ops")', 'raw("")', "raw()", "raw(1)", "textOps", "FooOps", '"TextOps"',
)  # fmt: skip


def native_types() -> Iterator[Case]:
    """Every native type on every scalar, bare and as a list."""
    for native, scalar in itertools.product((*NATIVE, *STRANGERS), SCALARS):
        fits = native in NATIVE and NATIVE[native][0] == scalar
        for style, arity in ((7, ""), (6, "?"), (7, "[]")):
            yield make(
                f"native/{native} on {scalar}{arity}",
                style,
                f"model A {{\n  id Int @id\n  v {scalar}{arity} @db.{native}\n}}\n",
                fits,
            )


def native_arguments() -> Iterator[Case]:
    """Every native type with every shape of arguments."""
    for native, arguments in itertools.product(NATIVE, ARGUMENTS):
        text = f"model A {{\n  id Int @id\n  v {NATIVE[native][0]} @db.{native}{arguments}\n}}\n"
        yield make(
            f"native/{native}{arguments}", 7, text, False if not NATIVE[native][1] and arguments != "()" else None
        )


def defaults() -> Iterator[Case]:
    """Every kind of default on every type, required and as a list."""
    types = (*SCALARS, "Role", 'Unsupported("x")')
    for index, (value, kind, arity) in enumerate(itertools.product(VALUES, types, ("", "[]"))):
        body = f"model A {{\n  id Int @id\n  v {kind}{arity} @default({value})\n}}\n{ROLE}"
        yield make(f"default/{value} on {kind}{arity}", STYLES[index % 2], body)


def attributes() -> Iterator[Case]:
    """Every attribute of a field on every type and arity."""
    kinds = (*SCALARS, "Role", 'Unsupported("x")', "B", "Nope")
    texts = (
        "",
        "@id",
        "@unique",
        "@updatedAt",
        "@ignore",
        '@map("w")',
        "@relation",
        "@default(dbgenerated())",
        "@index",
        "@unique @id",
    )
    for index, (kind, arity, text) in enumerate(itertools.product(kinds, ("", "?", "[]"), texts)):
        body = f"model A {{\n  key Int @unique\n  v {kind}{arity} {text}\n}}\nmodel B {{\n  id Int @id\n}}\n{ROLE}"
        yield make(f"attribute/{text} on {kind}{arity}", STYLES[index % 2], body)


def block_keys() -> Iterator[Case]:
    """Every attribute of a block on every type and arity."""
    kinds = (*SCALARS, "Role", 'Unsupported("x")', "B")
    for index, (kind, arity, block) in enumerate(
        itertools.product(kinds, ("", "?", "[]"), ("@@id", "@@unique", "@@index", "@@fulltext"))
    ):
        body = f"model A {{\n  key Int @unique\n  v {kind}{arity}\n\n  {block}([v, key])\n}}\nmodel B {{\n  id Int @id\n}}\n{ROLE}"
        yield make(f"block/{block} on {kind}{arity}", STYLES[index % 2], body)


def actions() -> Iterator[Case]:
    """Every pair of referential actions, on required and optional foreign keys, in every relation mode."""
    grid = itertools.product(ACTIONS, ACTIONS, ("", "?", "one", "self"), ("", "foreignKeys", "prisma"))
    for index, (delete, update, shape, mode) in enumerate(grid):
        given = (f", onDelete: {delete}" if delete else "") + (f", onUpdate: {update}" if update else "")
        arity = "?" if shape in {"?", "self"} else ""
        target = "B" if shape == "self" else "A"
        relation = f'@relation("r", fields: [aId], references: [id]{given})'
        field = f"  a {target}{arity} {relation}\n  aId Int{arity}{' @unique' if shape == 'one' else ''}\n"
        back = '  b B? @relation("r")\n' if shape == "one" else '  bs B[] @relation("r")\n'
        body = f"model A {{\n  id Int @id\n{back if shape != 'self' else ''}}}\nmodel B {{\n  id Int @id\n{field}{back if shape == 'self' else ''}}}\n"
        options = {"mode": mode} if mode else {}
        yield make(f"action/{delete}-{update} {shape} {mode}", STYLES[index % 2], body, **options)


def previews() -> Iterator[Case]:
    """Every preview feature that Prisma ever had, in both styles."""
    for feature, style in itertools.product(PREVIEWS, STYLES):
        body = f'generator client {{\n  provider = "prisma-client-js"\n  previewFeatures = ["{feature}"]\n}}\n\nmodel A {{\n  id Int @id\n}}\n'
        yield make(f"preview/{feature}", style, body)
    yield make("preview/two", 6, "model A {\n  id Int @id\n}\n", preview="views,metrics")


def index_types() -> Iterator[Case]:
    """Every algorithm and operator class on fields of every type, many indexes in a model."""
    fields = {f"s{scalar}": scalar for scalar in SCALARS} | {
        f"n{native}": f"{scalar} @db.{native}" for native, (scalar, _) in NATIVE.items()
    }
    fields |= {"lInt": "Int[]", "lText": "String[] @db.Text", "e": "Role", "u": 'Unsupported("point")'}
    declared = "".join(f"  {name} {kind}\n" for name, kind in fields.items())
    for (index, operators), algorithm in itertools.product(enumerate(OPERATOR_CLASSES), ALGORITHMS):
        if operators and algorithm in {"Btree", '"Hash"', "Hash"}:
            continue
        ops = f"(ops: {operators})" if operators else ""
        kind = f", type: {algorithm}" if algorithm else ""
        lines = "".join(f'  @@index([{name}{ops}]{kind}, map: "i{at}")\n' for at, name in enumerate(fields))
        body = f"model A {{\n  id Int @id\n{declared}{lines}}}\n{ROLE}"
        yield make(f"index/{operators} {algorithm}", STYLES[index % 2], body)


SIDES = (
    "",
    "@relation",
    '@relation("r")',
    '@relation(name: "r")',
    '@relation("r", fields: [{o}Id], references: [id])',
    "@relation(fields: [{o}Id], references: [id])",
    "@relation(fields: [{o}Id])",
    "@relation(references: [id])",
    "@relation(fields: [], references: [])",
    "@relation(onDelete: Cascade)",
    '@relation("other", fields: [{o}Id], references: [id], map: "fk_{o}")',
    "@relation(fields: [{o}Id], references: [{o}Id])",
)


def relations() -> Iterator[Case]:
    """Every pair of arities and of `@relation` shapes, between two models and within one."""
    grid = itertools.product(("", "?", "[]"), ("", "?", "[]"), SIDES, SIDES, ("", " @unique"))
    for index, (a, b, one, other, unique) in enumerate(grid):
        key = f"Int{'?' if a == '?' else ''}{unique}"
        body = f"model A {{\n  id Int @id\n  b B{a} {one.format(o='b')}\n  bId {key}\n}}\n"
        body += f"model B {{\n  id Int @id\n  a A{b} {other.format(o='a')}\n  aId Int?{unique}\n}}\n"
        yield make(f"relation/{a} {one} to {b} {other}{unique}", STYLES[index % 2], body)
        if unique:
            body = f"model A {{\n  id Int @id\n  b A{a} {one.format(o='b')}\n  bId {key}\n  a A{b} {other.format(o='a')}\n  aId Int?\n}}\n"
            yield make(f"self/{a} {one} to {b} {other}", STYLES[index % 2], body)


def tables() -> list[Case]:
    """Every case of every table."""
    parts = (
        native_types(), native_arguments(), defaults(), attributes(), block_keys(), actions(), previews(), index_types(), relations(),
        names(), written_arguments(), datasource_properties(), generator_properties(), comments(),
    )  # fmt: skip
    return [case for part in parts for case in part]
