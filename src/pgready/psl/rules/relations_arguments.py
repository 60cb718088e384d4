"""Rules for what `@relation(…)` says, and for the actions that it chooses."""

from pgready.psl.rules.rule import Rule

_USER = """\
model User {
  id    Int    @id
  posts Post[]
}
"""
_POST = """\
model Post {
  id       Int  @id
  authorId Int
  author   User @relation(fields: [authorId], references: [id])
}
"""
_GOOD = _USER + _POST
_EMULATED = """\
datasource db {
  provider     = "postgresql"
  relationMode = "prisma"
}
"""


def _post(line: str, column: str = "authorId Int", rest: str = "") -> str:
    return f"model Post {{\n  id Int @id\n  {column}\n  {line}\n{rest}}}\n"


ARGUMENT_RULES: tuple[Rule, ...] = (
    Rule(
        "relation-field-unknown",
        "`fields` and `references` name fields that exist",
        "`fields` names columns of the model that the relation field stands in, `references` those of the model that "
        "it leads to.",
        bad=_USER + _post("author User @relation(fields: [authorID], references: [id])"),
        good=_GOOD,
    ),
    Rule(
        "relation-field-not-scalar",
        "`fields` and `references` name scalar fields",
        "A relation field has no column of its own, so no foreign key can be made of it: name the columns behind it.",
        bad=_USER + _post("author User @relation(fields: [author], references: [id])"),
        good=_GOOD,
    ),
    Rule(
        "relation-field-repeated",
        "`fields` and `references` name each field once",
        "PostgreSQL refuses a foreign key that has a column twice.",
        bad=_USER + _post("author User @relation(fields: [authorId, authorId], references: [id, id])"),
        good=_GOOD,
    ),
    Rule(
        "relation-name-empty",
        "A relation's name is not empty",
        "The name tells relations between the same two models apart. Leave it out where there is only one.",
        bad=_USER + _post('author User @relation("", fields: [authorId], references: [id])'),
        good=_GOOD,
    ),
    Rule(
        "relation-map-empty",
        "A foreign key's name is not empty",
        "`map:` is the name of the constraint in the database. Left out, it is `Post_authorId_fkey`.",
        bad=_USER + _post('author User @relation(fields: [authorId], references: [id], map: "")'),
        good=_USER + _post('author User @relation(fields: [authorId], references: [id], map: "post_author")'),
    ),
    Rule(
        "relation-action-unknown",
        "A referential action is one of five",
        "`Cascade`, `Restrict`, `NoAction`, `SetNull` and `SetDefault`, spelled so.",
        bad=_USER + _post("author User @relation(fields: [authorId], references: [id], onDelete: Casade)"),
        good=_USER + _post("author User @relation(fields: [authorId], references: [id], onDelete: Cascade)"),
    ),
    Rule(
        "relation-length-mismatch",
        "`fields` and `references` are of the same length",
        "The first of the one is compared with the first of the other, and so on.",
        bad="""\
model User {
  id    Int
  org   Int
  posts Post[]

  @@id([id, org])
}
"""
        + _post("author User @relation(fields: [authorId], references: [id, org])"),
        good="""\
model User {
  id    Int
  org   Int
  posts Post[]

  @@id([id, org])
}
"""
        + _post("author User @relation(fields: [authorId, org], references: [id, org])", "authorId Int\n  org Int"),
    ),
    Rule(
        "relation-references-not-unique",
        "What a relation refers to is unique",
        "PostgreSQL refuses a foreign key to columns that have no primary key or unique index of exactly their own.",
        bad=_USER.replace("posts", "email String\n  posts")
        + _post("author User @relation(fields: [email], references: [email])", "email String"),
        good=_USER.replace("posts", "email String @unique\n  posts")
        + _post("author User @relation(fields: [email], references: [email])", "email String"),
    ),
    Rule(
        "relation-type-mismatch",
        "A foreign key's column has the type of what it refers to",
        "The types of PSL must be equal; native types may differ as far as PostgreSQL can compare them.",
        bad=_USER + _post("author User @relation(fields: [authorId], references: [id])", "authorId String"),
        good=_GOOD,
    ),
    Rule(
        "relation-arity",
        "A required relation has required columns",
        "A column that may be NULL cannot promise that there is somebody at the other end.",
        bad=_USER + _post("author User @relation(fields: [authorId], references: [id])", "authorId Int?"),
        good=_USER + _post("author User? @relation(fields: [authorId], references: [id])", "authorId Int?"),
    ),
    Rule(
        "relation-set-null-required",
        "`SetNull` wants columns that can be NULL",
        "PostgreSQL takes such a foreign key, and each time the action runs it fails: nobody could delete the user.",
        bad=_USER + _post("author User? @relation(fields: [authorId], references: [id], onDelete: SetNull)"),
        good=_USER
        + _post("author User? @relation(fields: [authorId], references: [id], onDelete: SetNull)", "authorId Int?"),
        severity="warning",
    ),
    Rule(
        "relation-set-null-emulated",
        'Under `relationMode = "prisma"`, `SetNull` wants columns that can be NULL',
        "Prisma's client runs the action itself, and knows beforehand that it would fail.",
        bad=_EMULATED
        + _USER
        + _post(
            "author User @relation(fields: [authorId], references: [id], onDelete: SetNull)",
            rest="  @@index([authorId])\n",
        ),
        good=_EMULATED
        + _USER
        + _post(
            "author User? @relation(fields: [authorId], references: [id], onDelete: SetNull)",
            "authorId Int?",
            "  @@index([authorId])\n",
        ),
    ),
    Rule(
        "relation-action-emulated",
        'Under `relationMode = "prisma"` the actions are `Cascade`, `Restrict` and `SetNull`',
        "There is no foreign key, so Prisma's client runs the action itself, and it knows only these.",
        bad=_EMULATED
        + _USER
        + _post(
            "author User @relation(fields: [authorId], references: [id], onDelete: NoAction)",
            rest="  @@index([authorId])\n",
        ),
        good=_EMULATED
        + _USER
        + _post(
            "author User @relation(fields: [authorId], references: [id], onDelete: Restrict)",
            rest="  @@index([authorId])\n",
        ),
    ),
    Rule(
        "relation-index-missing",
        'Under `relationMode = "prisma"` the columns of a relation have an index',
        "Without foreign keys the client looks for related rows by itself, at every delete and update too. PostgreSQL "
        "then reads the whole table unless an index begins with these columns.",
        bad=_EMULATED + _GOOD,
        good=_EMULATED
        + _USER
        + _post("author User @relation(fields: [authorId], references: [id])", rest="  @@index([authorId])\n"),
        severity="warning",
    ),
    Rule(
        "relation-cycle",
        'Under `relationMode = "prisma"` cascades do not run in a circle',
        "PostgreSQL follows foreign keys in a circle and ends. Prisma's client, which does it here, would not. One "
        "relation of the circle must have `Restrict` for both actions. Unwritten, `onUpdate` is `Cascade`.",
        bad=_EMULATED
        + """\
model Team {
  id      Int    @id
  ownerId Int    @unique
  owner   User   @relation("owner", fields: [ownerId], references: [id])
  members User[] @relation("member")
}
model User {
  id     Int   @id
  teamId Int   @unique
  team   Team  @relation("member", fields: [teamId], references: [id])
  owns   Team? @relation("owner")
}
""",
        good=_EMULATED
        + """\
model Team {
  id      Int    @id
  ownerId Int    @unique
  owner   User   @relation("owner", fields: [ownerId], references: [id], onDelete: Restrict, onUpdate: Restrict)
  members User[] @relation("member")
}
model User {
  id     Int   @id
  teamId Int   @unique
  team   Team  @relation("member", fields: [teamId], references: [id])
  owns   Team? @relation("owner")
}
""",
    ),
    Rule(
        "relation-cycle-self",
        'Under `relationMode = "prisma"` a model does not cascade to itself',
        "As a circle of several models: Prisma's client would not end. Set both actions to `Restrict`.",
        bad=_EMULATED
        + """\
model Page {
  id       Int    @id
  parentId Int?
  parent   Page?  @relation("tree", fields: [parentId], references: [id])
  children Page[] @relation("tree")

  @@index([parentId])
}
""",
        good=_EMULATED
        + """\
model Page {
  id       Int    @id
  parentId Int?
  parent   Page?  @relation("tree", fields: [parentId], references: [id], onDelete: Restrict, onUpdate: Restrict)
  children Page[] @relation("tree")

  @@index([parentId])
}
""",
    ),
)
