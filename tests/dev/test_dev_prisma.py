"""migrate dev and the engines of Prisma take turns on one history: the same files, nothing left to do for the other."""

from datetime import timedelta

import pytest
from developing import DATASOURCE, DATASOURCE_7, Answers

STEPS = (
    (
        "init",
        "model User {\n  id    Int    @id @default(autoincrement())\n  email String @unique\n  posts Post[]\n}\n\n"
        "model Post {\n  id       String   @id @default(uuid())\n  title    String   @db.VarChar(200)\n"
        "  at       DateTime @default(now())\n  authorId Int\n"
        "  author   User     @relation(fields: [authorId], references: [id])\n  tags     Tag[]\n}\n\n"
        "model Tag {\n  id    Int    @id\n  posts Post[]\n}\n",
    ),
    (
        "enum and index",
        "enum Role {\n  ADMIN\n  USER\n}\n\n"
        "model User {\n  id    Int     @id @default(autoincrement())\n  email String  @unique\n"
        "  role  Role    @default(USER)\n  nick  String?\n  posts Post[]\n\n  @@index([role, nick])\n}\n\n"
        "model Post {\n  id       String   @id @default(uuid())\n  title    String   @db.VarChar(80)\n"
        "  at       DateTime @default(now())\n  authorId Int?\n"
        "  author   User?    @relation(fields: [authorId], references: [id], onDelete: Cascade)\n  tags     Tag[]\n}\n\n"
        'model Tag {\n  id    Int    @id\n  name  String @default("it\'s") @map("label")\n  posts Post[]\n}\n',
    ),
    (
        "labels",
        "enum Role {\n  OWNER\n  USER\n}\n\n"
        "model User {\n  id    Int    @id @default(autoincrement())\n  email String @unique\n"
        "  role  Role   @default(OWNER)\n  score Decimal? @db.Decimal(10, 2)\n}\n",
    ),
)
"""What the migration is called, and the schema that it leads to."""


@pytest.fixture
def heads(engine):
    """The datasource of the engine's own version."""
    return DATASOURCE if engine.version == "6" else DATASOURCE_7


def text_of(head, models):
    """A whole schema."""
    return f"{head}{models}"


@pytest.mark.parametrize("first", ["pgready", "prisma"])
def test_they_take_turns(develop, engine, heads, first):
    """Each step is written by one, to the byte as the other would; rows are there, so that numbers are told."""
    url, folder = develop.database.url, develop.folder
    folder.mkdir(parents=True)
    folder.joinpath("migration_lock.toml").write_text('provider = "postgresql"\n')
    for at, (name, models) in enumerate(STEPS):
        schema = text_of(heads, models)
        theirs = engine.ask("create", url, folder, schema=schema, name="x")["migrationScript"]
        foretold = engine.ask("evaluate", url, folder, schema=schema)
        develop.schema(models, head=heads)
        if (at % 2 == 0) == (first == "pgready"):
            talk = Answers(agrees=True)
            found = develop(name, talk=talk)
            assert develop.script(found.created) == theirs
            assert sorted(talk.warned) == sorted(each["message"] for each in foretold["warnings"])
            assert len(found.planned.changes) == foretold["migrationSteps"]
        else:
            develop.project.migration(f"{develop.time + timedelta(seconds=30):%Y%m%d%H%M%S}_by_prisma", theirs)
            engine.apply(url, folder)
        assert engine.ask("dev", url, folder, schema=schema) == {"action": {"tag": "createMigration"}}
        assert engine.ask("create", url, folder, schema=schema, name="x")["migrationScript"] is None
        assert engine.up_to_date(url, folder)
        assert develop.is_idle()
        if at == 0:
            develop.database.query(
                'INSERT INTO "User" (email) VALUES (\'a\'), (\'b\'); INSERT INTO "Post" (id, title, "authorId")'
                " VALUES ('p', 't', 1)"
            )


def test_prisma_finds_nothing_after_renames(develop, engine, heads):
    """Tables, columns, an enum, a label and a join table whose columns swap: all as Prisma would have made them."""
    before = (
        "model User {\n  id    Int    @id @default(autoincrement())\n  email String @unique\n  role  Role   @default(ADMIN)\n"
        "  tags  Tag[]\n  posts Post[]\n\n  @@index([email])\n}",
        "model Post {\n  id     Int  @id\n  userId Int\n  user   User @relation(fields: [userId], references: [id])\n}",
        "model Tag {\n  id    Int    @id\n  users User[]\n}",
        "enum Role {\n  ADMIN\n  USER\n}",
    )
    after = [each.replace("User ", "Account ").replace("User[", "Account[") for each in before]
    after = [each.replace("email", "mail").replace("userId", "ownerId").replace("ADMIN", "OWNER") for each in after]
    after = [each.replace("Role", "Kind") for each in after]
    develop.schema(*before, head=heads)
    develop("init")
    develop.schema(*after, head=heads)
    flags = ("User=Account", "User.email=mail", "Post.userId=ownerId", "Role=Kind", "Role.ADMIN=OWNER")
    found = develop("renames", renames=flags)
    assert "_AccountToTag" in found.planned.script
    schema = heads + "\n\n".join(after) + "\n"
    url, folder = develop.database.url, develop.folder
    assert engine.ask("dev", url, folder, schema=schema) == {"action": {"tag": "createMigration"}}
    assert engine.ask("create", url, folder, schema=schema, name="x")["migrationScript"] is None


def test_drift_is_what_prisma_finds(develop, engine, heads):
    """Kept as a migration, Prisma finds none any more."""
    models = STEPS[0][1]
    schema = text_of(heads, models)
    develop.schema(models, head=heads)
    develop("init")
    url, folder = develop.database.url, develop.folder
    develop.database.query('ALTER TABLE "User" ADD nick TEXT; CREATE TABLE extra (id INT PRIMARY KEY)')
    reason = engine.ask("dev", url, folder, schema=schema)["action"]["reason"]
    assert "[+] Added tables" in reason
    found = develop()
    for line in found.drift.summary.splitlines():
        assert line in reason
    develop(keep_drift=True)
    assert engine.ask("dev", url, folder, schema=schema) == {"action": {"tag": "createMigration"}}


def test_an_empty_migration_is_prismas(develop, engine, heads):
    """The draft without changes."""
    develop.schema(STEPS[0][1], head=heads)
    develop("init")
    schema = text_of(heads, STEPS[0][1])
    theirs = engine.ask("create", develop.database.url, develop.folder, schema=schema, name="x", draft="yes")
    develop("empty", create_only=True)
    assert develop.script("empty") == theirs["migrationScript"]
