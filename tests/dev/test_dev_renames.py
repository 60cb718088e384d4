"""Renames: asked about or given, done as RENAME, nothing lost, and Prisma's names for all that hangs on them."""

import pytest
from developing import Answers

from pgready.errors import Declined, UsageInvalid

pytestmark = pytest.mark.matrix

BEFORE = (
    "model User {\n  id    Int    @id @default(autoincrement())\n  email String @unique\n  role  Role   @default(ADMIN)\n"
    "  posts Post[]\n  tags  Tag[]\n\n  @@index([role, email])\n}",
    "model Post {\n  id     Int  @id\n  userId Int\n  user   User @relation(fields: [userId], references: [id])\n}",
    "model Tag {\n  id    Int    @id\n  users User[]\n}",
    "enum Role {\n  ADMIN\n  USER\n}",
)
AFTER = (
    "model Account {\n  id    Int    @id @default(autoincrement())\n  mail  String @unique\n  role  Kind   @default(OWNER)\n"
    "  posts Post[]\n  tags  Tag[]\n\n  @@index([role, mail])\n}",
    "model Post {\n  id        Int     @id\n  accountId Int\n"
    "  account   Account @relation(fields: [accountId], references: [id])\n}",
    "model Tag {\n  id    Int       @id\n  users Account[]\n}",
    "enum Kind {\n  OWNER\n  USER\n}",
)
RENAMES = ("User=Account", "User.email=mail", "Post.userId=accountId", "Role=Kind", "Role.ADMIN=OWNER")
ROWS = (
    'INSERT INTO "User" (email) VALUES (\'a\'); INSERT INTO "Post" VALUES (1, 1); INSERT INTO "Tag" VALUES (7);'
    'INSERT INTO "_TagToUser" VALUES (7, 1)'
)


@pytest.fixture
def filled(develop):
    """A project with data."""
    develop.schema(*BEFORE)
    develop("init")
    develop.database.query(ROWS)
    return develop


def test_renames_by_flag(filled):
    """Tables, columns, an enum, a label, and the join table that is named after the model; all rows stay."""
    filled.schema(*AFTER)
    found = filled("renames", renames=RENAMES)
    assert found.warnings == ()
    assert "DROP TABLE" not in filled.script("renames")
    assert filled.database.query('SELECT id, mail, role::text FROM "Account"') == [(1, "a", "OWNER")]
    assert filled.database.query('SELECT "accountId" FROM "Post"') == [(1,)]
    assert filled.database.query('SELECT "A", "B" FROM "_AccountToTag"') == [(1, 7)]
    names = filled.database.query("SELECT conname::text FROM pg_constraint WHERE contype = 'f' ORDER BY 1")
    assert ("Post_accountId_fkey",) in names
    assert filled.is_idle()


def test_renames_that_somebody_is_asked_about(filled):
    """Tables and enums first, what is in them once those are decided; each is one question."""
    filled.schema(*AFTER)
    talk = Answers(renames="all")
    filled("renames", talk=talk)
    assert talk.asked == [
        "public.Role=Kind",
        "public.User=Account",
        "public.Kind.ADMIN=OWNER",
        "public.Account.email=mail",
        "public.Post.userId=accountId",
    ]
    assert filled.database.query('SELECT id, mail, role::text FROM "Account"') == [(1, "a", "OWNER")]
    assert filled.is_idle()


def test_guesses_are_hints_where_nobody_can_be_asked(filled):
    """What is refused for its loss says which flag would keep the data."""
    filled.schema(*(part.replace("email", "mail") for part in BEFORE))
    talk = Answers()
    with pytest.raises(Declined) as error:
        filled("mail", talk=talk)
    assert error.value.code == "unexecutable"
    assert "--rename public.User.email=mail" in error.value.detail


def test_tables_swap_their_names(develop):
    """By way of a third name, with all that is called after them."""
    a = "model A {\n  id Int @id\n  x  Int @unique\n}"
    b = "model B {\n  id Int @id\n  y  String @unique\n}"
    develop.schema(a, b)
    develop("init")
    develop.database.query('INSERT INTO "A" VALUES (1, 2); INSERT INTO "B" VALUES (3, \'y\')')
    develop.schema(a.replace("A", "B"), b.replace("B", "A"))
    develop("swap", renames=("A=B", "B=A"))
    assert develop.database.query('SELECT a.y, b.x FROM "A" a, "B" b') == [("y", 2)]
    assert develop.is_idle()


def test_columns_and_labels_swap_their_names(develop):
    """Within one table, and within one enum."""
    develop.schema("model A {\n  id Int @id\n  x Int\n  y Int\n  e E\n}", "enum E {\n  one\n  two\n}")
    develop("init")
    develop.database.query("INSERT INTO \"A\" VALUES (1, 10, 20, 'one')")
    # The same schema: what changes is what the rows mean.
    develop("swap", renames=("A.x=y", "A.y=x", "E.one=two", "E.two=one"))
    assert develop.database.query('SELECT x, y, e::text FROM "A"') == [(20, 10, "two")]
    assert develop.is_idle()


def test_a_table_moves_to_another_schema(develop):
    """Schema first, then the table with its rows."""
    head = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n  schemas = [%s]\n}\n'
    develop.schema('model User {\n  id Int @id\n  @@schema("one")\n}', head=head % '"one"')
    develop("init")
    develop.database.query('INSERT INTO one."User" VALUES (5)')
    develop.schema('model Account {\n  id Int @id\n  @@schema("two")\n}', head=head % '"one", "two"')
    develop("move", renames=("one.User=two.Account",))
    assert develop.database.query('SELECT * FROM two."Account"') == [(5,)]
    assert develop.is_idle()


def test_functions_that_name_what_is_renamed_are_told(develop):
    """PostgreSQL does not look into their text."""
    develop.schema("model User {\n  id Int @id\n}")
    develop("init")
    body = "CREATE FUNCTION n() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM \"User\"';"
    develop.project.migration("20260301120130_f", body)
    develop.schema("model Account {\n  id Int @id\n}")
    develop("name", renames=("User=Account",))
    assert "function public.n has User in its text" in develop.said("note")


@pytest.mark.parametrize(
    ("flag", "words"),
    [
        ("User", "it takes old=new"),
        ("Usr=Account", "public.User"),
        ("User=Accont", "public.Account"),
        ("User.email=mial", "public.Account.mail"),
        ("User.id=mail", "still has it by its old name"),
    ],
)
def test_wrong_renames(filled, flag, words):
    """With what could be meant; nothing is written."""
    filled.schema(*AFTER)
    with pytest.raises(UsageInvalid) as error:
        filled(renames=("User=Account", flag) if flag.startswith("User.") else (flag,))
    assert words in error.value.what + error.value.then
    assert len(filled.names) == 1
