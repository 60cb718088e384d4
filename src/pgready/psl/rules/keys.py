"""Rules for `@id`, `@@id` and shard keys."""

from pgready.psl.rules.rule import Rule

_GOOD = """\
model User {
  id    Int    @id
  email String @unique
}
"""
_GOOD_COMPOUND = """\
model Seat {
  row    Int
  number Int

  @@id([row, number])
}
"""


def _seat(attribute: str) -> str:
    return f"model Seat {{\n  row    Int\n  number Int\n\n  {attribute}\n}}\n"


def _user(field: str) -> str:
    return f"model User {{\n  {field}\n}}\n"


RULES: tuple[Rule, ...] = (
    Rule(
        "id-several",
        "A model has `@id` on more than one field",
        "A table has one primary key. A key of several columns is written once, as `@@id([…])`; other fields that "
        "identify a row can be `@unique`.",
        bad="model Seat {\n  row    Int @id\n  number Int @id\n}\n",
        good=_GOOD_COMPOUND,
    ),
    Rule(
        "id-twice",
        "A model has both `@id` and `@@id`",
        "A table has one primary key. Keep one of the two; the other can be `@unique` or `@@unique`.",
        bad="model Seat {\n  id     Int @id\n  row    Int\n  number Int\n\n  @@id([row, number])\n}\n",
        good="model Seat {\n  id     Int @id\n  row    Int\n  number Int\n\n  @@unique([row, number])\n}\n",
    ),
    Rule(
        "id-not-required",
        "A field of the primary key is optional or a list",
        "The columns of a primary key are NOT NULL in PostgreSQL, and each row has one value. A model with `@@ignore` "
        "may have such a key, since the client does not read it.",
        bad=_user("id Int? @id"),
        good=_GOOD,
    ),
    Rule(
        "id-field-unknown",
        "`@@id` lists a field that the model does not have",
        "The list names fields as the model spells them, not columns.",
        bad=_seat("@@id([row, nummer])"),
        good=_GOOD_COMPOUND,
    ),
    Rule(
        "id-field-relation",
        "`@@id` lists a relation field",
        "A relation field has no column of its own. List the fields of its foreign key.",
        bad="model Post {\n  userId Int\n  user   User @relation(fields: [userId], references: [id])\n\n"
        "  @@id([user])\n}\nmodel User {\n  id    Int    @id\n  posts Post[]\n}\n",
        good="model Post {\n  userId Int  @unique\n  user   User @relation(fields: [userId], references: [id])\n\n"
        "  @@id([userId])\n}\nmodel User {\n  id   Int   @id\n  post Post?\n}\n",
    ),
    Rule(
        "id-field-repeated",
        "`@@id` lists a field twice",
        "A column can be in a primary key once.",
        bad=_seat("@@id([row, row])"),
        good=_GOOD_COMPOUND,
    ),
    Rule(
        "id-without-fields",
        "`@@id` lists no fields",
        "A primary key has one column at least.",
        bad=_seat("@@id([])"),
        good=_GOOD_COMPOUND,
    ),
    Rule(
        "id-length",
        "The primary key has a `length`",
        "A key on the first characters of a column is a feature of MySQL. PostgreSQL's keys hold whole values.",
        bad=_user("id String @id(length: 10)"),
        good=_user("id String @id"),
    ),
    Rule(
        "id-sort",
        "The primary key has a `sort`",
        "The index of a primary key has no order of its own in PostgreSQL. It is read forwards and backwards alike; "
        "for a mixed order of several columns add an `@@index`.",
        bad=_seat("@@id([row, number(sort: Desc)])"),
        good="model Seat {\n  row    Int\n  number Int\n\n  @@id([row, number])\n"
        "  @@index([row, number(sort: Desc)])\n}\n",
    ),
    Rule(
        "clustered",
        "A key or index says `clustered`",
        "A table that is kept in the order of an index is a feature of SQL Server. PostgreSQL's CLUSTER orders a table "
        "once, and is a command, not a property.",
        bad=_seat("@@id([row, number], clustered: true)"),
        good=_GOOD_COMPOUND,
    ),
    Rule(
        "id-without-datasource",
        "A primary key has a name, and there is no datasource",
        "Which names a database can keep depends on the database, so Prisma takes `map:` of a key only with a "
        "`datasource` block.",
        bad='// a schema without a datasource block\nmodel User {\n  id Int @id(map: "user_pk")\n}\n',
        good='datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id(map: "user_pk")\n}\n',
    ),
    Rule(
        "shard-key",
        "A model has a shard key",
        "`@shardKey` and `@@shardKey` are a preview of Prisma for sharded MySQL.",
        bad=_user("id Int @id @shardKey"),
        good=_GOOD,
    ),
    Rule(
        "shard-key-several",
        "A model has more than one shard key",
        "A table is sharded by one key at most, and PostgreSQL takes none.",
        bad="model User {\n  id     Int @id @shardKey\n  region Int @shardKey\n}\n",
        good=_GOOD,
    ),
    Rule(
        "shard-key-not-required",
        "A field of the shard key is optional or a list",
        "A row without a value belongs to no shard; and PostgreSQL takes no shard keys.",
        bad="model User {\n  id     Int  @id\n  region Int? @shardKey\n}\n",
        good=_GOOD,
    ),
    Rule(
        "shard-key-field-unknown",
        "`@@shardKey` lists a field that the model does not have",
        "The list names fields as the model spells them; and PostgreSQL takes no shard keys.",
        bad="model User {\n  id Int @id\n\n  @@shardKey([region])\n}\n",
        good=_GOOD,
    ),
    Rule(
        "shard-key-field-relation",
        "`@@shardKey` lists a relation field",
        "A relation field has no column of its own; and PostgreSQL takes no shard keys.",
        bad="model Post {\n  id     Int  @id\n  userId Int\n"
        "  user   User @relation(fields: [userId], references: [id])\n\n  @@shardKey([user])\n}\n"
        "model User {\n  id    Int    @id\n  posts Post[]\n}\n",
        good=_GOOD,
    ),
    Rule(
        "shard-key-field-repeated",
        "`@@shardKey` lists a field twice",
        "A column can be in a shard key once; and PostgreSQL takes no shard keys.",
        bad="model User {\n  id Int @id\n\n  @@shardKey([id, id])\n}\n",
        good=_GOOD,
    ),
)
