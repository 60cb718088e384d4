"""migrate dev as a developer uses it: schema in, next migration out, applied and agreed to."""

import hashlib

import pytest
from developing import DATASOURCE, Answers

from pgready.commands.dev.diagnosis import Blocked
from pgready.errors import Declined, MigrationFailed, Unreachable, UsageInvalid

pytestmark = pytest.mark.matrix

USER = "model User {\n  id    Int    @id @default(autoincrement())\n  email String @unique\n}"
USER_SQL = """\
-- CreateTable
CREATE TABLE "User" (
    "id" SERIAL NOT NULL,
    "email" TEXT NOT NULL,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
"""


def test_the_first_migration(develop):
    """File, lock file, row and table are there; the checksum is the file's; a further run has nothing to do."""
    develop.schema(USER)
    found = develop("Add users & co")
    assert (found.created, found.applied) == ("20260301120100_add_users_and_co", ("20260301120100_add_users_and_co",))
    assert develop.script("add_users_and_co") == USER_SQL
    assert develop.folder.joinpath("migration_lock.toml").read_text().endswith('provider = "postgresql"\n')
    (row,) = develop.database.query("SELECT migration_name, checksum, finished_at IS NOT NULL FROM _prisma_migrations")
    assert row == (found.created, hashlib.sha256(USER_SQL.encode()).hexdigest(), True)
    assert develop.columns("User") == ["id", "email"]
    assert develop.is_idle()
    assert "nothing to do" in develop.said("in_sync")


def test_create_only_writes_and_the_next_run_applies(develop):
    """--create-only leaves the database alone; the file may be edited; the next run applies it as it is then."""
    develop.schema(USER)
    found = develop("users", create_only=True)
    assert (found.applied, found.path) == ((), "prisma/migrations/20260301120100_users/migration.sql")
    assert develop.columns("User") == []
    with open(found.path, "a") as file:
        file.write("INSERT INTO \"User\" (email) VALUES ('first');\n")
    again = develop()
    assert (again.created, again.applied) == (None, (found.created,))
    assert develop.database.query('SELECT email FROM "User"') == [("first",)]


def test_create_only_without_changes_is_an_empty_migration(develop):
    """As Prisma's: a place for SQL of one's own."""
    develop.schema(USER)
    develop()
    develop("trigger", create_only=True)
    assert develop.script("trigger") == "-- This is an empty migration."
    assert develop().applied == ("20260301120200_trigger",)


def test_names_sort_behind_what_is_there(develop):
    """Two within one second, and a teammate's clock that is ahead."""
    develop.schema(USER)
    develop("a")
    develop.time = develop.time.replace(minute=0)
    develop.schema(USER.replace("@unique", ""))
    develop("b", create_only=True)
    develop.project.migration("20300101000000_ahead", "SELECT 1;")
    develop("c", create_only=True)
    assert [name[14:] for name in develop.names] == ["_a", "_b", "_ahead", "_c"]


def test_what_is_pending_is_applied_first(develop):
    """A teammate's migration comes before the schema's next one; in the folder's order even where it sorts early."""
    develop.schema(USER)
    develop("users")
    develop.project.migration("20260101000000_early", 'CREATE TABLE "Early" (id INTEGER PRIMARY KEY);')
    develop.schema(USER, "model Early {\n  id Int @id\n}", "model Late {\n  id Int @id\n}")
    found = develop("late")
    assert found.applied == ("20260101000000_early", "20260301120200_late")
    assert develop.script("late").splitlines()[1] == 'CREATE TABLE "Late" ('
    assert develop.is_idle()


def test_a_missing_database_is_created(develop, absent_database, monkeypatch):
    """As Prisma's migrate dev does."""
    monkeypatch.setenv("DATABASE_URL", absent_database.url)
    develop.schema(USER)
    assert develop().created
    assert absent_database.query('SELECT count(*) FROM "User"') == [(0,)]


def test_lost_data_is_agreed_to(develop):
    """Told with the numbers of this database; the file says what may be lost in any; without consent nothing is written."""
    develop.schema(USER)
    develop()
    develop.database.query("INSERT INTO \"User\" (email) VALUES ('a'), ('b')")
    develop.schema(USER.replace("  email String @unique\n", ""))
    talk = Answers()
    with pytest.raises(Declined):
        develop("drop", talk=talk)
    (warning,) = talk.warned
    assert warning == (
        "You are about to drop the column `email` on the `User` table, which still contains 2 non-null values."
    )
    assert len(develop.names) == 1
    found = develop("drop", talk=Answers(agrees=True))
    assert found.warnings == talk.warned
    assert develop.script("drop").startswith(
        "/*\n  Warnings:\n\n  - You are about to drop the column `email` on the `User` table."
        " All the data in the column will be lost.\n\n*/\n-- DropIndex\n"
    )
    assert develop.is_idle()


def test_what_the_data_forbids_is_refused(develop):
    """A required column over rows: not written, unless with --create-only; over an empty table it goes."""
    develop.schema(USER)
    develop()
    longer = USER.replace("@unique\n", "@unique\n  age   Int\n")
    develop.database.query("INSERT INTO \"User\" (email) VALUES ('a')")
    develop.schema(longer)
    with pytest.raises(Declined, match="cannot be carried out") as error:
        develop("age")
    assert error.value.code == "unexecutable"
    assert "There are 1 rows in this table" in error.value.detail
    assert "--create-only" in error.value.then
    assert len(develop.names) == 1
    develop("age", create_only=True)
    assert "without a default value. This is not possible if the table is not empty." in develop.script("age")
    develop.database.query('DELETE FROM "User"')
    assert develop().applied


def test_a_plain_folder_is_refused(develop):
    """The files are not ours to number; adopt is named."""
    develop.schema(USER)
    develop.folder.mkdir()
    develop.folder.joinpath("1_init.sql").write_text("SELECT 1;")
    with pytest.raises(UsageInvalid) as error:
        develop()
    assert (error.value.code, "migrate adopt" in error.value.then) == ("plain_folder", True)


def test_an_invalid_schema_is_refused(develop):
    """With its place, before any server is asked."""
    develop.schema("model User {\n  id Itn @id\n}")
    with pytest.raises(UsageInvalid) as error:
        develop()
    assert (error.value.code, error.value.where) == ("schema_invalid", "prisma/schema.prisma:7:6")


def test_a_migration_that_fails_in_the_shadow_is_shown_at_its_line(develop):
    """Nothing is applied to the live database then."""
    develop.schema(USER)
    develop.project.migration("1_a", 'CREATE TABLE "A" (id INT);\n')
    develop.project.migration("2_b", "SELECT 1;\nSELECT nothing FROM nowhere;\n")
    with pytest.raises(MigrationFailed) as error:
        develop()
    assert error.value.where == "prisma/migrations/2_b/migration.sql:2:21"
    assert develop.columns("A") == []


def test_a_script_that_would_fail_is_not_written(develop):
    """A view stands on a column whose type changes: told with the view; --create-only writes it to be edited."""
    develop.schema(USER)
    develop()
    develop.project.migration("20260301121500_view", 'CREATE VIEW mails AS SELECT email FROM "User";')
    develop.schema(USER.replace("email String", "email String @db.VarChar(80)"))
    with pytest.raises(MigrationFailed) as error:
        develop("shorter", talk=Answers(agrees=True))
    assert error.value.code == "next_fails"
    assert "used by a view" in error.value.what
    assert "view mails" in error.value.detail
    assert error.value.where.endswith("_shorter/migration.sql:8:1")
    assert len(develop.names) == 2
    path = develop("shorter", create_only=True).path
    assert "as it is it fails" in develop.said("note")
    with open(path) as file:
        text = file.read()
    with open(path, "w") as file:
        file.write(f'DROP VIEW mails;\n{text}CREATE VIEW mails AS SELECT email FROM "User";\n')
    assert develop().applied
    assert develop.is_idle()


def test_a_script_that_no_server_takes_is_told_with_a_way_out(develop):
    """Prisma writes BIGSERIAL as a type to change to: what to write instead is told beside the server's words."""
    develop.schema(USER)
    develop()
    develop.schema(USER.replace("id    Int ", "id    BigInt "))
    with pytest.raises(MigrationFailed) as error:
        develop("big", talk=Answers(agrees=True))
    assert "bigserial" in error.value.what
    assert "instead: write BIGINT" in error.value.detail
    assert develop("big", create_only=True).path
    assert "instead: write BIGINT" in develop.said("note")


def test_an_extension_that_the_shadow_lacks_is_named(develop):
    """With the ways to another shadow database."""
    develop.schema(USER)
    develop.project.migration("1_ext", "CREATE EXTENSION nothing_like_it;")
    with pytest.raises(MigrationFailed) as error:
        develop()
    assert error.value.code == "shadow_extension"
    assert "nothing_like_it" in error.value.what


def test_a_shadow_that_cannot_be_reached(develop):
    """It is the shadow that is named, and nothing is changed."""
    develop.schema(USER)
    with pytest.raises(Unreachable, match="the shadow database cannot be reached"):
        develop(flags={"shadow_database_url": "postgresql://nobody@127.0.0.1:1/shadow"}, shadow="auto")
    assert not develop.folder.exists()


def test_a_shadow_that_is_read_only(develop, make_database):
    """Told as what it is."""
    other = make_database()
    other.query(f'ALTER DATABASE "{other.name}" SET default_transaction_read_only = on')
    develop.schema(USER)
    with pytest.raises(UsageInvalid) as error:
        develop(flags={"shadow_database_url": other.url}, shadow="auto")
    assert error.value.code == "shadow_read_only"


def test_hard_names_and_circles(develop):
    """Quotes, letters of other scripts, 63 bytes, keys in a circle: right, and nothing is left to do."""
    long = "a" * 63
    develop.schema(
        'model A {\n  id Int @id @map("we""ird\\"")\n  b Int\n  to B @relation("x", fields: [b], references: [id])'
        '\n  from B[] @relation("y")\n  @@map("Über \\"名\\"")\n}'.replace('""', '\\"'),
        f'model B {{\n  id Int @id\n  a Int? @map("{long}")\n  to A? @relation("y", fields: [a], references: [id])'
        f'\n  from A[] @relation("x")\n  @@map("{long}")\n}}',
    )
    assert develop().created
    assert develop.is_idle()
    develop.schema(f'model B {{\n  id Int @id\n  a Int? @map("{long}")\n  @@map("{long}")\n}}')
    assert develop("less", talk=Answers(agrees=True)).created
    assert develop.is_idle()


def test_several_schemas_and_files(develop):
    """A schema folder, and PostgreSQL schemas that the first migration needs."""
    head = DATASOURCE.replace("}\n", '  schemas  = ["auth", "shop"]\n}\n')
    folder = develop.project.path / "prisma"
    (folder / "schema.prisma").write_text(head)
    (folder / "auth.prisma").write_text('model User {\n  id Int @id\n  orders Order[]\n  @@schema("auth")\n}\n')
    (folder / "shop.prisma").write_text(
        "model Order {\n  id Int @id\n  userId Int\n  user User @relation(fields: [userId], references: [id])\n"
        '  @@schema("shop")\n}\n'
    )
    flags = {"schema": "prisma", "migrations": "prisma/migrations"}
    assert develop("init", flags=flags).created
    assert develop.script("init").startswith("-- CreateSchema\nCREATE SCHEMA IF NOT EXISTS")
    assert develop("more", flags=flags).created is None


def test_a_value_of_an_enum_that_is_used_at_once(develop):
    """What PostgreSQL wants committed first is split, in the shadow and in the database."""
    enum = "enum Role {\n  A\n}"
    develop.schema(enum, "model User {\n  id Int @id\n  role Role @default(A)\n}")
    develop()
    develop.schema("enum Role {\n  A\n  B\n}", "model User {\n  id Int @id\n  role Role @default(B)\n}")
    assert develop().created
    assert develop.is_idle()


def test_a_failed_migration_has_to_be_decided_first(develop):
    """As Prisma left it: nothing is looked at further."""
    develop.schema(USER)
    develop()
    (name,) = develop.names
    develop.database.query("UPDATE _prisma_migrations SET finished_at = NULL, applied_steps_count = 0, logs = 'oh'")
    found = develop()
    assert isinstance(found, Blocked)
    assert found.exit_code == 9
    assert f"--rolled-back {name}" in found.then


@pytest.mark.pgbouncer
def test_through_a_transaction_pooler(develop, make_pooler, server, monkeypatch):
    """The shadow is a server of our own; looking, counting and applying go through the pooler."""
    pooler = make_pooler(server)
    monkeypatch.setenv("DATABASE_URL", pooler.url(develop.database.name))
    develop.schema(USER)
    assert develop("users", shadow="embedded").created
    develop.database.query("INSERT INTO \"User\" (email) VALUES ('a')")
    develop.schema(USER.replace("  email String @unique\n", ""))
    talk = Answers(agrees=True)
    assert develop("less", shadow="embedded", talk=talk).created
    assert "still contains 1 non-null values" in talk.warned[0]
    assert develop.columns("User") == ["id"]
