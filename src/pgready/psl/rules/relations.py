"""Rules for relations: their two sides, and many-to-many ones."""

from pgready.psl.rules.relations_arguments import ARGUMENT_RULES
from pgready.psl.rules.rule import Rule

_GOOD = """\
model User {
  id    Int    @id
  posts Post[]
}
model Post {
  id       Int  @id
  authorId Int
  author   User @relation(fields: [authorId], references: [id])
}
"""
_ONE_TO_ONE = """\
model User {
  id      Int      @id
  profile Profile?
}
model Profile {
  id     Int  @id
  userId Int  @unique
  user   User @relation(fields: [userId], references: [id])
}
"""
_MANY = """\
model Post {
  id   Int   @id
  tags Tag[]
}
model Tag {
  id    Int    @id
  posts Post[]
}
"""
_TWO = """\
model Post {
  id         Int   @id
  authorId   Int
  reviewerId Int?
  author     User  @relation("author", fields: [authorId], references: [id])
  reviewer   User? @relation("reviewer", fields: [reviewerId], references: [id])
}
model User {
  id      Int    @id
  written Post[] @relation("author")
  checked Post[] @relation("reviewer")
}
"""

RULES: tuple[Rule, ...] = (
    *ARGUMENT_RULES,
    Rule(
        "relation-opposite-missing",
        "A relation has a field on both sides",
        "Prisma's client can follow it from either end. `pgready format` adds what is missing.",
        bad=_GOOD.replace("  posts Post[]\n", ""),
        good=_GOOD,
    ),
    Rule(
        "relation-ambiguous",
        "Several relations between two models have names",
        "Two fields of a model that lead to the same model could belong to one relation or to two, and nothing says "
        "which opposite field is whose. Nothing else of the schema is judged until they are told apart.",
        bad=_TWO.replace('"author", ', "").replace('"reviewer", ', "").replace(' @relation("author")', ""),
        good=_TWO,
    ),
    Rule(
        "relation-name-repeated",
        "A relation's name belongs to one relation",
        "It has one field in each of its two models, or two in a model that refers to itself.",
        bad=_TWO.replace('reviewer",', 'author",'),
        good=_TWO,
    ),
    Rule(
        "relation-to-ignored",
        "A relation to an ignored model is ignored too",
        "The client does not have a model with `@@ignore`, so no field of another model can lead to it.",
        bad=_GOOD.replace("references: [id])\n", "references: [id])\n\n  @@ignore\n"),
        good=_GOOD.replace("references: [id])\n", "references: [id])\n\n  @@ignore\n").replace(
            "posts Post[]", "posts Post[] @ignore"
        ),
    ),
    Rule(
        "relation-fields-missing",
        "A relation says which columns hold the foreign key",
        "`fields` names them. `pgready format` adds both the argument and the column.",
        bad=_GOOD.replace(" @relation(fields: [authorId], references: [id])", " @relation(references: [id])"),
        good=_GOOD,
    ),
    Rule(
        "relation-references-missing",
        "A relation says what the foreign key refers to",
        "`references` names fields of the model at the other end, mostly its id.",
        bad=_GOOD.replace(", references: [id]", ""),
        good=_GOOD,
    ),
    Rule(
        "relation-arguments-wrong-side",
        "`fields` and `references` stand on the side with the foreign key",
        "A list cannot hold a foreign key, and of a one-to-one relation the required side does.",
        bad=_GOOD.replace("Post[]\n", "Post[] @relation(references: [authorId])\n"),
        good=_GOOD,
    ),
    Rule(
        "relation-arguments-both-sides",
        "`fields` and `references` stand on one side",
        "A one-to-one relation is one foreign key in one of the two tables.",
        bad=_ONE_TO_ONE.replace("Profile?\n", "Profile? @relation(references: [id])\n"),
        good=_ONE_TO_ONE,
    ),
    Rule(
        "relation-arguments-split",
        "`fields` and `references` stand together",
        "They describe one foreign key: columns here, columns there.",
        bad=_ONE_TO_ONE.replace(", references: [id]", "").replace(
            "Profile?\n", "Profile? @relation(references: [id])\n"
        ),
        good=_ONE_TO_ONE,
    ),
    Rule(
        "relation-action-wrong-side",
        "Referential actions stand on the side with the foreign key",
        "They are part of it. On the other side they would do nothing.",
        bad=_GOOD.replace("Post[]\n", "Post[] @relation(onDelete: Cascade)\n"),
        good=_GOOD.replace("[id])", "[id], onDelete: Cascade)"),
    ),
    Rule(
        "relation-action-both-sides",
        "Referential actions stand on one side",
        "A one-to-one relation is one foreign key, with one action on delete and one on update.",
        bad=_ONE_TO_ONE.replace("Profile?\n", "Profile? @relation(onDelete: Cascade)\n").replace(
            "[id])", "[id], onDelete: Cascade)"
        ),
        good=_ONE_TO_ONE.replace("[id])", "[id], onDelete: Cascade)"),
    ),
    Rule(
        "relation-one-to-one-unique",
        "The foreign key of a one-to-one relation is unique",
        "Only a unique index keeps a second row from referring to the same one; else the relation is one-to-many.",
        bad=_ONE_TO_ONE.replace("Int  @unique", "Int"),
        good=_ONE_TO_ONE,
    ),
    Rule(
        "relation-one-to-one-required",
        "The side of a one-to-one relation without the foreign key is optional",
        "A foreign key promises that the row it refers to exists, never that somebody refers to a row.",
        bad=_ONE_TO_ONE.replace("Profile?", "Profile"),
        good=_ONE_TO_ONE,
    ),
    Rule(
        "many-to-many-id",
        "Both models of a many-to-many relation have a single id",
        "The join table, which Prisma makes and nobody writes, has one column for each side and refers to the `@id`.",
        bad=_MANY.replace("  id    Int    @id\n", "  name  String @unique\n"),
        good=_MANY,
    ),
    Rule(
        "many-to-many-references",
        "A many-to-many relation names no `references`",
        "Its join table always refers to the ids.",
        bad=_MANY.replace("Tag[]\n", "Tag[] @relation(references: [id])\n"),
        good=_MANY,
    ),
    Rule(
        "many-to-many-fields",
        "A many-to-many relation names no `fields`",
        "Lists of ids are how MongoDB does it; PostgreSQL has no foreign keys from a list.",
        bad=_MANY.replace("Tag[]\n", "Tag[] @relation(fields: [tagIds], references: [id])\n  tagIds Int[]\n"),
        good=_MANY,
    ),
    Rule(
        "many-to-many-action",
        "A many-to-many relation chooses no actions",
        "The rows of its join table go with either side. To choose, write the table as a model of its own.",
        bad=_MANY.replace("Tag[]\n", "Tag[] @relation(onDelete: Restrict)\n"),
        good=_MANY,
    ),
    Rule(
        "many-to-many-view",
        "No many-to-many relation with a view",
        "Its join table would need foreign keys to the view, and PostgreSQL has none.",
        bad='generator client {\n  provider        = "prisma-client"\n  previewFeatures = ["views"]\n}\n'
        + _MANY.replace("model Tag", "view Tag"),
        good=_MANY,
    ),
)
