"""Rules for names of keys, indexes and foreign keys, in the database and in the client."""

from pgready.psl.rules.rule import Rule

_LONG = "an_index_name_that_goes_on_and_on_until_postgresql_would_cut_it_off"


def _model(*attributes: str, extra: str = "") -> str:
    lines = "".join(f"  {attribute}\n" for attribute in attributes)
    return f"model User {{\n  id    Int    @id\n  email String\n  team  Int\n{extra}\n{lines}}}\n"


_RELATED = """\
model User {
  id    Int    @id
  posts Post[]
}
model Post {
  id     Int  @id
  userId Int
  user   User @relation(fields: [userId], references: [id], map: "post_user")
}
"""

RULES: tuple[Rule, ...] = (
    Rule(
        "constraint-name-empty",
        "`map` or `name` is an empty string",
        "An identifier of PostgreSQL has one character at least. Without the argument the name is made of table and "
        "columns: `User_email_key`.",
        bad=_model('@@unique([email], map: "")'),
        good=_model("@@unique([email])"),
    ),
    Rule(
        "constraint-name-length",
        "A name is longer than 63 bytes",
        "PostgreSQL cuts longer identifiers, and two names that differ behind the cut become one. Bytes count, so "
        "letters beyond ASCII count twice and more.",
        bad=_model(f'@@index([team], map: "{_LONG}")'),
        good=_model(f'@@index([team], map: "{_LONG[:50]}")'),
    ),
    Rule(
        "constraint-name-taken",
        "Two keys or indexes have the same name in the database",
        "Primary keys and indexes share their names with all others of their schema, foreign keys with the constraints "
        "of their table. A name that is not given is made of table and columns, so the same index written "
        "twice clashes as well.",
        bad=_model("@@index([team])", "@@index([team(sort: Desc)])"),
        good=_model("@@index([team])", '@@index([team(sort: Desc)], map: "User_team_newest_idx")'),
    ),
    Rule(
        "foreign-key-name-without-datasource",
        "A foreign key has a name, and there is no datasource",
        "Which names a database can keep depends on the database, so Prisma takes `map:` of a relation only with a "
        "`datasource` block.",
        bad="// a schema without a datasource block\n" + _RELATED,
        good='datasource db {\n  provider = "postgresql"\n}\n' + _RELATED,
    ),
    Rule(
        "client-name-characters",
        "`name` of a key cannot be an identifier",
        "`name:` of `@@id` and `@@unique` becomes an identifier in the client's code: ASCII letters, digits and `_`. "
        "The name in the database is `map:`, which can be any text.",
        bad=_model('@@unique([email, team], name: "email in team")'),
        good=_model('@@unique([email, team], name: "email_in_team")'),
    ),
    Rule(
        "client-name-taken",
        "A field has the name that the client makes for a key",
        "For a key of several fields the client joins their names by `_`. A field of that name would be hidden, and "
        "`name:` does not help: the names are joined all the same.",
        bad=_model("@@unique([email, team])", extra="  email_team String\n"),
        good=_model("@@unique([email, team])", extra='  emailTeam String @map("email_team")\n'),
    ),
    Rule(
        "client-name-repeated",
        "Two keys of a model have the same `name`",
        "The client calls each key of several fields by its `name:`, so a model can use a name once.",
        bad=_model('@@unique([email, team], name: "member")', '@@unique([id, team], name: "member")'),
        good=_model('@@unique([email, team], name: "member")', '@@unique([id, team], name: "entry")'),
    ),
)
