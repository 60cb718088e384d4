"""The rules of the syntax: what the parser refuses."""

from pgready.psl.rules.rule import Rule

_ID = "  id Int @id\n"

RULES: tuple[Rule, ...] = (
    Rule(
        code="invalid-line",
        title="a line outside of every block starts with no keyword",
        explanation="The top level of a file holds blocks, which begin with `model`, `enum`, `type`, `view`, "
        "`datasource` or `generator`, a name and `{` on one line, and comments. Everything else stands inside a block.",
        bad=f"modle User {{\n{_ID}}}\n",
        good=f"model User {{\n{_ID}}}\n",
    ),
    Rule(
        code="unclosed-block",
        title="a block has no closing brace",
        explanation="A block ends with `}` at the start of a line. What stands behind its `{` on the same line is "
        "skipped, a `}` too, so that a block never fits on one line.",
        bad="model User { id Int @id }\n",
        good=f"model User {{\n{_ID}}}\n",
    ),
    Rule(
        code="unknown-block",
        title="a block lacks its keyword or its name",
        explanation="A block is a keyword (`model`, `enum`, `type`, `view`, `datasource`, `generator`), a name and a "
        "brace, all on one line.",
        bad=f"User {{\n{_ID}}}\n",
        good=f"model User {{\n{_ID}}}\n",
    ),
    Rule(
        code="type-alias",
        title="type aliases are gone",
        explanation="`type Name = Base` was an early feature of the language. Write the base type in the fields.",
        bad=f"type Mail = String @db.Citext\n\nmodel User {{\n{_ID}  mail String\n}}\n",
        good=f"model User {{\n{_ID}  mail String @db.Citext\n}}\n",
    ),
    Rule(
        code="invalid-field-line",
        title="a line of a model, view or composite type is neither a field nor an attribute",
        explanation="A field is `name Type @attributes` on one line, a block's attribute is `@@name(…)` on one line; "
        "brackets and strings are closed on the line that opens them, and no comment stands inside of brackets.",
        bad="model User {\n  id Int @id @default(autoincrement()\n}\n",
        good="model User {\n  id Int @id @default(autoincrement())\n}\n",
    ),
    Rule(
        code="invalid-enum-line",
        title="a line of an enum is neither a value nor an attribute",
        explanation="A value is a name with its attributes on a line of its own, without a comma; its name in the "
        'database is given by `@map("…")`.',
        bad=f"enum Role {{\n  ADMIN,\n  USER\n}}\n\nmodel User {{\n{_ID}}}\n",
        good=f"enum Role {{\n  ADMIN\n  USER\n}}\n\nmodel User {{\n{_ID}}}\n",
    ),
    Rule(
        code="invalid-setting-line",
        title="a line of a datasource or generator is not `key = value`",
        explanation="A setting is `key = value` on one line; a list stands on that line too, in brackets.",
        bad=f'generator client {{\n  provider: "prisma-client-js"\n}}\n\nmodel User {{\n{_ID}}}\n',
        good=f'generator client {{\n  provider = "prisma-client-js"\n}}\n\nmodel User {{\n{_ID}}}\n',
    ),
    Rule(
        code="field-type-missing",
        title="a field has no type",
        explanation="A field is a name and a type, such as `email String`.",
        bad=f"model User {{\n{_ID}  email\n}}\n",
        good=f"model User {{\n{_ID}  email String\n}}\n",
    ),
    Rule(
        code="field-colon",
        title="a colon stands between a field and its type",
        explanation="An early version of the language wrote `email: String`; now it is `email String`.",
        bad=f"model User {{\n{_ID}  email: String\n}}\n",
        good=f"model User {{\n{_ID}  email String\n}}\n",
    ),
    Rule(
        code="required-mark",
        title="a type ends with `!`",
        explanation="A field is required unless its type ends with `?` or `[]`.",
        bad=f"model User {{\n{_ID}  email String!\n}}\n",
        good=f"model User {{\n{_ID}  email String\n}}\n",
    ),
    Rule(
        code="list-brackets",
        title="a list's brackets stand around its type",
        explanation="A list of strings is `String[]`.",
        bad=f"model User {{\n{_ID}  tags [String]\n}}\n",
        good=f"model User {{\n{_ID}  tags String[]\n}}\n",
    ),
    Rule(
        code="optional-list",
        title="a list is optional",
        explanation="A list that holds nothing is empty; the language knows no difference between that and NULL.",
        bad=f"model User {{\n{_ID}  tags String[]?\n}}\n",
        good=f"model User {{\n{_ID}  tags String[]\n}}\n",
    ),
    Rule(
        code="unknown-escape",
        title="a backslash in a string stands before a character that it cannot escape",
        explanation='The escapes are those of JSON: `\\"`, `\\\\`, `\\/`, `\\b`, `\\f`, `\\n`, `\\r`, `\\t` and '
        "`\\uXXXX`. A backslash itself is written twice.",
        bad=f'model User {{\n{_ID}  home String @default("C:\\Users")\n}}\n',
        good=f'model User {{\n{_ID}  home String @default("C:\\\\Users")\n}}\n',
    ),
    Rule(
        code="unicode-escape",
        title="`\\u` stands for no character",
        explanation="`\\u` takes four hexadecimal digits; a character beyond U+FFFF is two escapes, or is written "
        "as it is.",
        bad=f'model User {{\n{_ID}  mood String @default("\\ud83d")\n}}\n',
        good=f'model User {{\n{_ID}  mood String @default("\\ud83d\\ude00")\n}}\n',
    ),
    Rule(
        code="nesting-too-deep",
        title="too many brackets stand inside each other",
        explanation="Brackets may be nested 100 deep, here; no construct of the language needs more than a few levels.",
        bad=f"model User {{\n{_ID}  name String @default({'[' * 101}{']' * 101})\n}}\n",
        good=f'model User {{\n{_ID}  name String @default("")\n}}\n',
    ),
    Rule(
        code="composite-block-attribute",
        title="a composite type has an attribute `@@…`",
        explanation="A composite type has no table of its own: indexes, ids and names belong to the models that "
        "hold it.",
        bad=f"type Address {{\n  street String\n  @@index([street])\n}}\n\nmodel User {{\n{_ID}}}\n",
        good=f"model User {{\n{_ID}  street String\n  @@index([street])\n}}\n",
    ),
    Rule(
        code="composite-field-attribute",
        title="a field of a composite type has `@id`, `@unique` or `@relation`",
        explanation="A composite type has no table of its own: keys and relations belong to the models that hold it.",
        bad=f"type Address {{\n  street String @unique\n}}\n\nmodel User {{\n{_ID}}}\n",
        good=f"model User {{\n{_ID}  street String @unique\n}}\n",
    ),
    Rule(
        code="object-literal",
        title="Prisma 6 has no object literals",
        explanation="Objects such as `{ active: true }` are conditions of partial indexes, which came with Prisma 7. A "
        "schema whose datasource has a `url` is read as Prisma 6 reads it.",
        bad='datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n\n'
        f"model User {{\n{_ID}  email String\n  active Boolean\n  @@unique([email], where: {{ active: true }})\n}}\n",
        good='datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n\n'
        f"model User {{\n{_ID}  email String\n  active Boolean\n  @@unique([email])\n}}\n",
        style=6,
    ),
)
