"""What people bring along from SQL and from other languages is answered with what the schema wants."""

import pytest

from fix_schema import DATASOURCE
from pgready.psl.analyse import analyse
from pgready.psl.source import Source

FIELDS = [
    ("n integer", "write `Int`"),
    ("n Text", "write `String`"),
    ("n UUID", "write `String @db.Uuid`"),
    ("n timestamptz", "write `DateTime @db.Timestamptz(3)`"),
    ("n string", "did you mean `String`?"),
    ("n Geometry", 'define it, or write `Unsupported("Geometry")` for a type of the database that Prisma does not know'),
    ("n DateTime @default(NOW())", "did you mean `now()`?"),
    ("n DateTime @default(now)", "a function has parentheses: `now()`"),
    ("n String @default(uuid)", "a function has parentheses: `uuid()`"),
    ("n Int @default(autoIncrement)", "a function has parentheses: `autoincrement()`"),
    ("n String @default(word)", 'put it in double quotes: `"word"`'),
    ("n String @default('x')", 'a string stands in straight double quotes, `"…"`'),
    ("n String @default(“x”)", 'a string stands in straight double quotes, `"…"`'),
    ("n Int = 1", "a default is written `@default(…)`"),
    ("n Int default(1)", "write `@default`"),
    ("n Int unique", "write `@unique`"),
    ("n String(255)", "a length belongs to the database's own type: `@db.VarChar(255)`"),
    ("n Int,", "nothing separates lines but their end"),
    ("n Int \x00", "remove the character, which is U+0000"),
    ("n Int @unique\u200b", "remove the character, which is U+200B"),
    ("n Int @id", "for a key of several columns write `@@id([id, n])`"),
    ("n String\n  @@index([n(ops: gin_trgm_ops)], type: Gin)", 'write `ops: raw("gin_trgm_ops")` for a class of an extension'),
    ("n String\n  @@index([n(ops: TextOp)], type: SpGist)", "did you mean `TextOps`?"),
]  # fmt: skip
SCHEMAS = [
    (DATASOURCE[7] + "table A {\n  id Int @id\n}\n", "write `model`"),
    ("\ufeff" + DATASOURCE[7], "save the file without it"),
    (DATASOURCE[7] + "\u200bmodel A {\n  id Int @id\n}\n", "remove the character, which is U+200B"),
    (DATASOURCE[7].replace("postgresql", "postgress"), 'did you mean `"postgresql"`?'),
    (DATASOURCE[7] * 2, "remove this datasource"),
    (DATASOURCE[7] + "enum A {\n  B\n}\nenum A {\n  B\n}\n", "give another name to, or remove, this enum"),
    (DATASOURCE[6].replace("env(", "evn("), 'write `env("NAME")`'),
    (
        'datasource db { provider = "postgresql" }\n}\n',
        "what stands behind `{` on its line is skipped: put it on lines of its own",
    ),
    (
        DATASOURCE[7] + "enum A { B }\n}\n",
        "what stands behind `{` on its line is skipped: put each value on a line of its own",
    ),
    (
        DATASOURCE[7] + "enum A { B }\nmodel C {\n  id Int @id\n}\n",
        "the enum above is still open: what stands behind its `{` on the same line is skipped",
    ),
    (DATASOURCE[7] + "enum A {\n  B\nmodel C {\n}\n", "close the enum above with `}` on a line of its own"),
    (DATASOURCE[7] + "model A {\n  id Int @id\n  id Int @id\n}\n", "remove one of them"),
]


def advice(schema):
    """The help of every error."""
    return [found.help for found in analyse([Source("schema.prisma", schema)]).diagnostics]


@pytest.mark.parametrize(("line", "help_"), FIELDS)
def test_fields(line, help_):
    """The one thing that is wrong, and what to write."""
    assert advice(f"{DATASOURCE[7]}model A {{\n  id Int @id\n  {line}\n}}\n") == [help_]


@pytest.mark.parametrize(("schema", "help_"), SCHEMAS)
def test_blocks(schema, help_):
    """Among what is told stands what to do."""
    assert help_ in advice(schema)
