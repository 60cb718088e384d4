"""More tables: names, ways of writing arguments, properties of datasource and generator, places of comments."""

import itertools
from collections.abc import Iterator

from conformance_cases import Case, make
from conformance_parsers import Style

STYLES: tuple[Style, Style] = (6, 7)

NAMES = (
    "a", "A", "a1", "1a", "1", "_a", "a_", "a-b", "a--b", "-a", "é", "Ünïcode", "日本", "ñandú", "a.b", "a b", "a$b", '"a"', "model", "enum",
    "type", "view", "datasource", "generator", "Int", "String", "Json", "Unsupported", "PrismaClient", "async", "await", "class", "delete",
    "public", "return", "true", "false", "null", "using", "with", "yield", "package", "Model", "Prisma", "a" * 63, "a" * 64, "é" * 32, "",
    "id", "x" * 200, "AND", "select", "Boolean", "Bytes", "BigInt", "Float", "Decimal", "DateTime", "A2", "\u0412", "²", "ª", "a²", "٣", "a٣",
)  # fmt: skip
PLACES = {
    "model": "model {n} {{\n  id Int @id\n}}\n",
    "view": "view {n} {{\n  id Int @unique\n}}\n",
    "enum": "enum {n} {{\n  ONE\n}}\nmodel Z {{\n  id Int @id\n}}\n",
    "type": "type {n} {{\n  v Int\n}}\n",
    "field": "model Z {{\n  {n} Int @id\n}}\n",
    "relation field": "model Z {{\n  id Int @id\n  {n} Y?\n}}\nmodel Y {{\n  id Int @id\n  zId Int @unique\n  z Z @relation(fields: [zId], references: [id])\n}}\n",
    "used model": "model {n} {{\n  id Int @id\n  z Z?\n}}\nmodel Z {{\n  id Int @id\n  yId Int @unique\n  y {n} @relation(fields: [yId], references: [id])\n}}\n",
    "value": "enum Role {{\n  {n}\n}}\nmodel Z {{\n  id Int @id\n}}\n",
    "default value": "enum Role {{\n  {n}\n}}\nmodel Z {{\n  id Int @id\n  role Role @default({n})\n}}\n",
    "generator": 'generator {n} {{\n  provider = "x"\n}}\n',
    "map": 'model Z {{\n  id Int @id @map("{n}")\n\n  @@map("{n}")\n}}\n',
    "constraint": 'model Z {{\n  id Int @id(map: "{n}_pkey")\n  v Int @unique(map: "{n}")\n  w Int\n\n  @@index([v, w], map: "{n}_i")\n}}\n',
    "client name": 'model Z {{\n  v Int\n  w Int\n\n  @@id([v, w], name: "{n}")\n}}\n',
    "unique name": 'model Z {{\n  id Int @id\n  v Int\n  w Int\n\n  @@unique([v, w], name: "{n}")\n}}\n',
    "relation name": 'model Z {{\n  id Int @id\n  zId Int?\n  z Z? @relation("{n}", fields: [zId], references: [id])\n  zs Z[] @relation("{n}")\n}}\n',
    "native": "model Z {{\n  id Int @id\n  v String @{n}.Text\n}}\n",
    "unsupported": 'model Z {{\n  id Int @id\n  v Unsupported("{n}")\n}}\n',
    "attribute": "model Z {{\n  id Int @id\n  v String @{n}\n\n  @@{n}\n}}\n",
    "property": 'generator g {{\n  provider = "x"\n  {n} = "y"\n}}\n',
    "index field": "model Z {{\n  id Int @id\n  {n} String\n\n  @@index([{n}])\n  @@unique([{n}])\n}}\n",
}

ARGUMENT_TEXTS = (
    "", "()", "( )", "(,)", '("x")', '("")', "(x)", "(1)", "(true)", "([])", "([v])", "([v, w])", "([v, v])", "([w, nope])", "([r])", '(["v"])',
    "(v)", "([v],)", "([v], [w])", "(fields: [v])", "(fields: v)", "(fields: [v], fields: [w])", "([v], fields: [w])", "(fields:)",
    "([v], map:)", '([v], map: "m")', "([v], map: m)", '([v], map: "")', '(map: "m")', '(name: "n")', '([v, w], name: "n")',
    '([v, w], name: "")', "([v, w], name: n)", '([v, w], name: "a-b")', '([v, w], name: "v")', '([v, w], name: "n", map: "n")',
    '([v], name: "n")', "([v(sort: Desc)])", "([v(sort: Asc), w])", "([v(sort: Down)])", '([v(sort: "Desc")])', "([v(length: 10)])", "([v(length: x)])",
    "([v(ops: TextOps)])", '([v(ops: raw("o"))])', "([v(foo: 1)])", "([v()])", "([v(1)])", "(sort: Desc)", "(length: 3)", "(clustered: true)",
    "([v], clustered: true)", "([v], clustered: false)", "([v], clustered: 1)", "([v], type: Hash)", "([v], type: BTree)", "([v], type: Foo)",
    '([v], type: "BTree")', '([v], where: raw("v > 1"))', '([v], where: "v > 1")', "([v], where: { w: null })", "([v], where: { w: { not: null } })",
    "([v], where: { w: 1, v: 2 })", "([v], where: {})", "([v], where: { nope: 1 })", '([v], where: { v: "text" })', "([v], where: { r: null })",
    '([v], where: raw(""))', "([v], where: raw())", "([v], where: true)", "([v], foo: 1)", "(foo: 1)", "([v.w])", "([[v]])", "(now())", "([now()])",
    '(name: "x", map: "y")', '("x", "y")', '("x", name: "y")', '(name: "x", name: "y")', '("x",)', "(null)", '("x" "y")', "(x y)", "(", '("x', "([v]",
    '(  "x"  )', '("a\\n")', '("a\\q")', '("\\u0041")', '("\\u12")', '("\\ud83d\\ude00")', '("\\ud83d")',
)  # fmt: skip
FIELD_ATTRIBUTES = (
    "@id",
    "@unique",
    "@map",
    "@default",
    "@relation",
    "@updatedAt",
    "@ignore",
    "@db.VarChar",
    "@shardKey",
    "@nope",
)
BLOCK_ATTRIBUTES = (
    "@@id", "@@unique", "@@index", "@@fulltext", "@@map", "@@ignore", "@@schema", "@@shardKey", "@@nope", "@@db.x",
)  # fmt: skip

KINDS = {
    "string": '"x"', "empty string": '""', "number": "1", "word": "yes", "true": "true", "env": 'env("X")', "env of nothing": "env()",
    "env of a word": "env(X)", "two envs": 'env("X", "Y")', "array": '["a", "b"]', "empty array": "[]", "array of words": "[a, b]",
    "mixed array": '["a", 1]', "twice": '["a", "a"]', "function": 'f("x")', "nothing": "", "two": '"x" "y"', "nested": '[["a"]]',
    "url": '"postgresql://u:p@h:5432/d"', "other url": '"mysql://u@h/d"', "prisma url": '"prisma://h/?api_key=x"', "postgres": '"postgres"',
    "postgresql": '"postgresql"', "mode": '"prisma"', "other mode": '"foreignKeys"', "object": '{ a: "b" }', "extensions": '[a(map: "b"), c]',
    "extension": '[a(schema: "s", version: "1", map: "m", map: "n", x: 1, "y")]', "comment": '"x" // y', "array of env": '[env("X")]',
}  # fmt: skip
DATASOURCE_KEYS = (
    "provider", "url", "directUrl", "shadowDatabaseUrl", "relationMode", "referentialIntegrity", "schemas", "extensions", "previewFeatures",
    "foo",
)  # fmt: skip
GENERATOR_KEYS = (
    "provider",
    "output",
    "binaryTargets",
    "previewFeatures",
    "engineType",
    "foo",
    "moduleFormat",
    "config",
)

COMMENTS = {"line": "// a comment", "doc": "/// documentation", "block": "/* a block */", "long block": "/* two\n   lines */", "empty": "//",
    "empty doc": "///", "four": "//// four", "unclosed": "/* never", "two docs": "/// one\n/// two", "mixed": "// one\n/// two\n// three",
    "odd": "///no space // inner /// more   ", "tab": "\t// tab\t"}  # fmt: skip
SPOTS = {
    "the top": "{c}\n\nmodel A {{\n  id Int @id\n}}\n",
    "above a model": "{c}\nmodel A {{\n  id Int @id\n}}\n",
    "above an enum": "{c}\nenum E {{\n  X\n}}\n",
    "behind the brace": "model A {{ {c}\n  id Int @id\n}}\n",
    "first in a model": "model A {{\n  {c}\n  id Int @id\n}}\n",
    "behind a field": "model A {{\n  id Int @id {c}\n  other String\n}}\n",
    "between the name and the type": "model A {{\n  id {c} Int @id\n}}\n",
    "inside arguments": "model A {{\n  id Int @default( {c}\n autoincrement()) @id\n}}\n",
    "between fields": "model A {{\n  id Int @id\n  {c}\n  v Int\n\n  {c}\n\n  w Int\n}}\n",
    "last in a model": "model A {{\n  id Int @id\n\n  {c}\n}}\n",
    "behind a block attribute": 'model A {{\n  id Int @id\n\n  @@map("a") {c}\n}}\n',
    "above a block attribute": 'model A {{\n  id Int @id\n\n  {c}\n  @@map("a")\n}}\n',
    "behind the closing brace": "model A {{\n  id Int @id\n}} {c}\n\nmodel B {{\n  id Int @id\n}}\n",
    "between models": "model A {{\n  id Int @id\n}}\n{c}\nmodel B {{\n  id Int @id\n}}\n",
    "alone between models": "model A {{\n  id Int @id\n}}\n\n{c}\n\nmodel B {{\n  id Int @id\n}}\n",
    "the end": "model A {{\n  id Int @id\n}}\n\n{c}\n",
    "behind a value": 'enum E {{\n  X {c}\n  YY @map("y") {c}\n}}\n',
    "above a value": "enum E {{\n  {c}\n  X\n\n  {c}\n}}\n",
    "in a generator": 'generator g {{\n  {c}\n  provider = "x"\n  other    = "y" {c}\n}}\n',
    "above a generator": '{c}\ngenerator g {{\n  provider = "x"\n}}\n',
    "alone": "{c}\n",
}


def names() -> Iterator[Case]:
    """Every name in every place."""
    for index, ((place, text), name) in enumerate(itertools.product(PLACES.items(), NAMES)):
        yield make(f"name/{name} as {place}", STYLES[index % 2], text.format(n=name))


def written_arguments() -> Iterator[Case]:
    """Every way to write arguments behind every attribute."""
    grid = itertools.product((*FIELD_ATTRIBUTES, *BLOCK_ATTRIBUTES), ARGUMENT_TEXTS)
    for index, (attribute, text) in enumerate(grid, 1):
        field, block = (f" {attribute}{text}", "") if attribute[1] != "@" else ("", f"\n  {attribute}{text}\n")
        key = "" if attribute in {"@id", "@@id"} else " @unique"
        body = f"model A {{\n  k Int{key}\n  v String{field}\n  w Int\n  r B?\n{block}}}\nmodel B {{\n  id Int @id\n  aId Int @unique\n  a A @relation(fields: [aId], references: [k])\n}}\n"
        options = {"preview": "partialIndexes"} if "where" in text and index % 3 else {}
        yield make(f"arguments/{attribute}{text}", 7 if options else STYLES[index % 2], body, **options)
    for attribute, text in itertools.product(("@map", "@@map", "@@schema", "@default"), ARGUMENT_TEXTS):
        field, block = (f" {attribute}{text}", "") if attribute[1] != "@" else ("", f"\n  {attribute}{text}\n")
        body = f"enum E {{\n  V{field}\n  W\n{block}}}\n"
        yield make(f"arguments/enum {attribute}{text}", 7, body)


def datasource_properties() -> Iterator[Case]:
    """Every property of a datasource with every kind of value."""
    for key, (kind, value), style in itertools.product(DATASOURCE_KEYS, KINDS.items(), STYLES):
        lines = [] if key == "provider" else ['  provider = "postgresql"']
        if style == 6 and key != "url":
            lines.append('  url = "postgresql://u:p@h:5432/d"')
        lines.append(f"  {key} = {value}")
        generator = (
            'generator g {\n  provider = "x"\n  previewFeatures = ["postgresqlExtensions"]\n}\n'
            if key == "extensions"
            else ""
        )
        text = "datasource db {\n" + "\n".join(lines) + "\n}\n" + generator + "model A {\n  id Int @id\n}\n"
        yield make(f"datasource/{key} {kind}", style, text)


def generator_properties() -> Iterator[Case]:
    """Every property of a generator with every kind of value."""
    for index, (key, (kind, value)) in enumerate(itertools.product(GENERATOR_KEYS, KINDS.items())):
        provider = "" if key == "provider" else '  provider = "x"\n'
        text = f"generator g {{\n{provider}  {key} = {value}\n}}\nmodel A {{\n  id Int @id\n}}\n"
        yield make(f"generator/{key} {kind}", STYLES[index % 2], text)


def comments() -> Iterator[Case]:
    """Every kind of comment in every place."""
    for (spot, text), (kind, comment), style in itertools.product(SPOTS.items(), COMMENTS.items(), STYLES):
        yield make(f"comment/{kind} {spot}", style, text.format(c=comment))
