"""Rules for attributes and their arguments."""

from pgready.psl.rules.rule import Rule


def _user(*lines: str) -> str:
    return "model User {\n  id Int @id\n" + "".join(f"  {line}\n" for line in lines) + "}\n"


def _pair(field: str) -> str:
    """Two models; `field` is the relation field of the second."""
    posts = "model Post {\n  id Int @id\n  authorId Int\n  " + field + "\n}\n"
    return _user("posts Post[]") + posts


_RELATION = "author User @relation(fields: [authorId], references: [id])"

RULES: tuple[Rule, ...] = (
    Rule(
        "attribute-unknown",
        "Nobody knows the attribute, or it cannot stand here",
        "Attributes with one `@` belong to a field or a value of an enum, those with two to a block. Which of them a "
        "construct takes is in the message.",
        bad=_user("email String @uniqe"),
        good=_user("email String @unique"),
    ),
    Rule(
        "attribute-repeated",
        "An attribute is given more than once",
        "Only `@@index`, `@@unique` and `@@fulltext` can stand several times.",
        bad=_user('email String @map("mail") @map("e_mail")'),
        good=_user('email String @map("mail")'),
    ),
    Rule(
        "argument-missing",
        "An attribute lacks its argument",
        "The argument stands in parentheses behind the attribute's name.",
        bad=_user("email String @map"),
        good=_user('email String @map("mail")'),
    ),
    Rule(
        "argument-unknown",
        "Nobody knows the argument",
        "Every attribute has arguments of its own.",
        bad=_user('email String @map("mail", schema: "public")'),
        good=_user('email String @map("mail")'),
    ),
    Rule(
        "argument-repeated",
        "An argument is given twice",
        "An argument stands once: by its name, or as the one without a name.",
        bad=_user('email String @map("mail", name: "e_mail")'),
        good=_user('email String @map("mail")'),
    ),
    Rule(
        "argument-value-missing",
        "An argument has no value",
        "Behind the colon stands the value.",
        bad=_user("email String @map(name: )"),
        good=_user('email String @map(name: "mail")'),
    ),
    Rule(
        "argument-trailing-comma",
        "The arguments end with a comma",
        "A comma stands between arguments only.",
        bad=_user('email String @map("mail",)'),
        good=_user('email String @map("mail")'),
    ),
    Rule(
        "arguments-unnamed",
        "There are several arguments without a name",
        "One argument at most goes without a name; a list of fields stands in brackets.",
        bad=_user("email String", "name String", "@@index(email, name)"),
        good=_user("email String", "name String", "@@index([email, name])"),
    ),
    Rule(
        "value-type",
        "A value is of the wrong kind",
        "A string stands in double quotes, a name stands without them, a list in brackets.",
        bad=_user("email String @map(mail)"),
        good=_user('email String @map("mail")'),
    ),
    Rule(
        "updated-at-type",
        "`@updatedAt` stands on a field that holds no time",
        "The client writes the time of the last change there, so the type is `DateTime`.",
        bad=_user("changed String @updatedAt"),
        good=_user("changed DateTime @updatedAt"),
    ),
    Rule(
        "updated-at-list",
        "`@updatedAt` stands on a list",
        "The client writes one time there.",
        bad=_user("changed DateTime[] @updatedAt"),
        good=_user("changed DateTime @updatedAt"),
    ),
    Rule(
        "ignore-unsupported",
        "`@ignore` stands on an `Unsupported` field",
        "Such a field is not in the client anyway.",
        bad=_user('place Unsupported("point")? @ignore'),
        good=_user('place Unsupported("point")?'),
    ),
    Rule(
        "ignore-twice",
        "`@ignore` stands on a field of an ignored model",
        "`@@ignore` leaves out the model with all its fields.",
        bad=_user("email String @ignore", "", "@@ignore"),
        good=_user("email String", "", "@@ignore"),
    ),
    Rule(
        "relation-on-scalar",
        "`@relation` stands on a field that holds no model",
        "The attribute belongs to the field whose type is the other model; the column of the key needs none.",
        bad=_pair("author User @relation(fields: [authorId], references: [id])").replace(
            "authorId Int\n", 'authorId Int @relation("author")\n'
        ),
        good=_pair(_RELATION),
    ),
    Rule(
        "relation-field-id",
        "`@id` stands on a relation field",
        "A relation field has no column; the id is the column that holds the key.",
        bad=_pair(_RELATION + " @id"),
        good=_pair(_RELATION),
    ),
    Rule(
        "relation-field-default",
        "`@default` stands on a relation field",
        "A relation field has no column; a default belongs to the column that holds the key.",
        bad=_pair(_RELATION + " @default(1)"),
        good=_pair(_RELATION),
    ),
    Rule(
        "relation-field-map",
        "`@map` stands on a relation field",
        "A relation field has no column; `@map` belongs to the column that holds the key, and the name of the foreign "
        "key is `map:` of `@relation`.",
        bad=_pair(_RELATION + ' @map("author_id")'),
        good=_pair(_RELATION),
    ),
    Rule(
        "relation-field-unique",
        "`@unique` stands on a relation field",
        "A relation field has no column; what can be unique is the column that holds the key.",
        bad=_pair(_RELATION + " @unique"),
        good=_pair(_RELATION),
    ),
)
