"""A database or a folder that is not what the history makes: told change by change, with ways out that keep the data."""

import subprocess

import pytest
from developing import Answers

from pgready.commands.dev.diagnosis import Blocked
from pgready.errors import MigrationFailed, UsageInvalid

pytestmark = pytest.mark.matrix

USER = "model User {\n  id    Int    @id @default(autoincrement())\n  email String @unique\n}"


@pytest.fixture
def drifting(develop):
    """A database that somebody changed by hand, with a row in it."""
    develop.schema(USER)
    develop("users")
    develop.database.query(
        "INSERT INTO \"User\" (email) VALUES ('kept');"
        'ALTER TABLE "User" ADD nick TEXT; CREATE TABLE "Extra" (id INTEGER PRIMARY KEY); DROP INDEX "User_email_key"'
    )
    return develop


def git(develop, *words):
    """Run git in the project; hooks and settings of the machine do not count."""
    who = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null")
    subprocess.run(["git", *who, *words], cwd=develop.project.path, check=True, capture_output=True, timeout=60)


def test_drift_is_told_change_by_change(drifting):
    """Nothing is changed, every way but the last keeps the data, and the database is named for the last one."""
    drifting.schema(USER, "model New {\n  id Int @id\n}")
    found = drifting()
    assert isinstance(found, Blocked)
    assert (found.exit_code, found.what) == (
        4,
        "the database is not what its migrations make: 3 changes that no migration made",
    )
    for line in ("- Extra", "Added column `nick`", "Removed unique index on columns (email)"):
        assert line in found.detail
    commands = [command for way in found.ways for command in way.commands]
    assert commands[-1] == f"pgready migrate reset --confirm {drifting.database.name}"
    assert len(found.ways) == 3
    assert found.as_dict()["drift_script"].startswith('-- DropIndex\nDROP INDEX "public"."User_email_key";')
    assert len(drifting.names) == 1
    assert drifting.columns("New") == []


def test_drift_is_kept_as_a_migration(drifting):
    """--keep-drift writes it and marks it as applied: the history is whole, the data is there."""
    found = drifting("by_hand", keep_drift=True)
    assert found.created.endswith("_by_hand")
    assert 'ALTER TABLE "public"."User" ADD COLUMN     "nick" TEXT' in drifting.script("by_hand")
    drifting.schema(
        USER.replace(" @unique", "\n  nick  String?"), "model Extra {\n  id Int @id\n}", "model New {\n  id Int @id\n}"
    )
    found = drifting("new")
    assert drifting.script("new").startswith('-- CreateTable\nCREATE TABLE "New"')
    assert drifting.database.query('SELECT email FROM "User"') == [("kept",)]
    assert drifting.is_idle()


def test_drift_is_taken_back(drifting):
    """The commands of that way do it; what was there before stays."""
    found = drifting()
    (diff, execute) = found.ways[1].commands
    for command in (diff, execute):
        run = drifting.project.run(*command.split()[1:], url=drifting.database.url)
        assert run.returncode == 0, run.stderr
    assert drifting.is_idle()
    assert drifting.database.query('SELECT email FROM "User"') == [("kept",)]


def test_there_is_no_drift_to_keep(develop):
    """Said, and nothing is written."""
    develop.schema(USER)
    develop()
    with pytest.raises(UsageInvalid, match="no drift"):
        develop(keep_drift=True)
    assert len(develop.names) == 1


def test_a_database_that_was_there_before(develop):
    """No history at all: the baseline is offered, works, and the schema's next change builds on it."""
    develop.database.query('CREATE TABLE "User" (id SERIAL PRIMARY KEY, email TEXT NOT NULL UNIQUE)')
    develop.schema(USER)
    found = develop()
    assert isinstance(found, Blocked)
    assert "baseline" in found.ways[0].what
    assert develop("baseline", keep_drift=True).created
    assert develop.is_idle()


def test_an_edit_that_changes_nothing_is_only_told(develop):
    """A comment in an applied file: Prisma would ask for a reset."""
    develop.schema(USER)
    develop("users")
    (file,) = develop.folder.glob("*/migration.sql")
    file.write_text("-- what users are\n" + file.read_text())
    develop.schema(USER, "model New {\n  id Int @id\n}")
    assert develop("new").created
    assert "was edited after it was applied" in develop.said("note")


def test_an_edit_that_git_can_undo(develop):
    """The command that restores the file as it was applied is told, and does it."""
    develop.schema(USER)
    develop("users")
    (file,) = develop.folder.glob("*/migration.sql")
    git(develop, "init", "-q")
    git(develop, "add", ".")
    git(develop, "commit", "-qm", "one")
    file.write_text(file.read_text() + 'ALTER TABLE "User" ADD COLUMN nick TEXT;\n')
    git(develop, "commit", "-qam", "two")
    found = develop()
    assert isinstance(found, Blocked)
    assert "was edited after it was applied" in found.history[0]
    (command,) = found.ways[0].commands
    assert command.startswith("git restore --source ")
    subprocess.run(command, shell=True, check=True, timeout=60)
    assert develop.is_idle()


def test_a_migration_of_another_branch(develop):
    """Applied here, not in the folder: told with Git's way to it; without drift it stops nobody."""
    develop.schema(USER)
    develop("users")
    git(develop, "init", "-q", "-b", "main")
    git(develop, "add", ".")
    git(develop, "commit", "-qm", "one")
    git(develop, "checkout", "-qb", "other")
    develop.schema(USER, "model Other {\n  id Int @id\n}")
    found = develop("other")
    git(develop, "add", ".")
    git(develop, "commit", "-qm", "two")
    git(develop, "checkout", "-q", "main")
    stopped = develop()
    assert isinstance(stopped, Blocked)
    assert f"{found.created} is applied to this database and is not in the folder" in stopped.history
    (command,) = stopped.ways[0].commands
    subprocess.run(command, shell=True, check=True, timeout=60)
    develop.schema(USER, "model Other {\n  id Int @id\n}")
    assert develop.is_idle()


def test_rows_without_a_file_and_without_drift(develop):
    """Data that a migration of another branch brought is no structure."""
    develop.schema(USER)
    develop("users")
    develop.project.migration("20270101000000_data", "INSERT INTO \"User\" (email) VALUES ('x');")
    develop()
    develop.folder.joinpath("20270101000000_data/migration.sql").unlink()
    develop.folder.joinpath("20270101000000_data").rmdir()
    assert develop.is_idle()
    assert "20270101000000_data is applied to this database and is not in the folder" in develop.said("note")


def test_tables_of_another_service_are_left_alone(develop, make_role):
    """What another role owns in the same schema is no drift, stays, and does not keep the first migration away."""
    ours, theirs = make_role(), make_role()
    name = develop.database.name
    develop.database.query(
        f'GRANT ALL ON SCHEMA public TO "{ours.name}", "{theirs.name}"; ALTER ROLE "{ours.name}" CREATEDB;'
        f'GRANT CREATE ON DATABASE "{name}" TO "{ours.name}"'
    )
    with theirs.connect() as connection:
        connection.execute("CREATE TABLE billing (id int PRIMARY KEY)")
        connection.execute("CREATE TYPE mood AS ENUM ('a')")
    develop.project.environ["DATABASE_URL"] = ours.url
    develop.schema(USER)
    found = develop(flags={"url": ours.url}, talk=Answers())
    assert found.created
    assert "CREATE TABLE" in develop.script("step")
    assert "billing" not in develop.script("step")
    assert (
        f"public.billing is left alone: no migration makes it, and it belongs to role {theirs.name}" in develop.said()
    )
    assert develop(flags={"url": ours.url}).created is None
    assert develop.database.query("SELECT count(*) FROM billing") == [(0,)]


def test_what_was_run_by_other_means_is_marked(develop):
    """The database has what the folder makes and no rows say so: the command that marks it is told, and does it."""
    develop.schema(USER)
    develop("users", create_only=True)
    path = develop.project.path / "prisma/migrations" / develop.names[0] / "migration.sql"
    develop.database.query(path.read_text())
    found = develop()
    assert isinstance(found, Blocked)
    (command,) = found.ways[0].commands
    assert command == f"pgready migrate resolve --applied {develop.names[0]}"
    assert develop.project.run(*command.split()[1:], url=develop.database.url).returncode == 0
    assert develop.is_idle()


def test_drift_is_not_kept_before_what_is_pending(drifting):
    """Its place is behind all others."""
    drifting.project.migration("20300101000000_later", "SELECT 1;")
    with pytest.raises(UsageInvalid) as error:
        drifting(keep_drift=True)
    assert error.value.code == "pending_first"
    keep = drifting().ways[0].commands
    assert keep == ("pgready migrate deploy", "pgready migrate dev --keep-drift --name drift")
    for command in keep:
        run = drifting.project.run(*command.split()[1:], url=drifting.database.url)
        assert run.returncode == 0, run.stderr
    assert drifting.database.query('SELECT email FROM "User"') == [("kept",)]


def test_what_is_declared_external_is_no_drift(develop):
    """Nor is it in the next migration, on either side; the first migration goes beside it."""
    develop.database.query("CREATE TABLE billing (id INT PRIMARY KEY); CREATE TYPE mood AS ENUM ('a')")
    develop.project.path.joinpath("pgready.toml").write_text(
        'external_tables = ["billing"]\nexternal_enums = ["mood"]\n'
    )
    develop.schema(USER, "model billing {\n  id Int @id\n  x  Int\n}")
    assert develop("users").created
    assert "billing" not in develop.script("users")
    assert develop.is_idle()
    assert develop.columns("billing") == ["id"]


def test_what_cannot_be_applied_is_mended_and_tried_again(develop):
    """Rows that a unique index forbids: rolled back whole, the file stays, and the next run applies it."""
    develop.schema(USER.replace("@unique", ""))
    develop("users")
    develop.database.query("INSERT INTO \"User\" (email) VALUES ('a'), ('a')")
    develop.schema(USER)
    with pytest.raises(MigrationFailed, match="could not create unique index"):
        develop("unique", talk=Answers(agrees=True))
    assert "stays as it is" in develop.said("note")
    develop.database.query('DELETE FROM "User" WHERE id = 2')
    assert [name[14:] for name in develop().applied] == ["_unique"]
    assert develop.is_idle()


def test_the_commands_find_the_project(develop):
    """With the flags of the run that told them; each one works as it stands."""
    schema = develop.project.path / "here.prisma"
    develop.schema(USER)
    develop.project.path.joinpath("prisma/schema.prisma").rename(schema)
    flags = {"schema": "here.prisma", "migrations": "sql"}
    develop("users", flags=flags)
    develop.database.query('ALTER TABLE "User" ADD nick TEXT')
    found = develop(flags=flags)
    assert isinstance(found, Blocked)
    for command in found.ways[1].commands:
        run = develop.project.run(*command.split()[1:], url=develop.database.url)
        assert run.returncode == 0, run.stderr
    assert develop(flags=flags).created is None
    assert found.ways[2].commands[0].endswith(" --schema here.prisma --migrations sql")
