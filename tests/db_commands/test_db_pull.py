"""`pgready db pull` on real databases: what is written, what is kept, what is refused and leaves every file alone."""

import json
import os
import stat

import pytest

pytestmark = pytest.mark.matrix

TABLES = """
CREATE TABLE team (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE person (id serial PRIMARY KEY, team_id int REFERENCES team (id), born date);
"""
SCHEMA_7 = 'datasource db {\n  provider = "postgresql"\n}\n'


@pytest.fixture
def project(make_project):
    """A project with a datasource and nothing else."""
    return make_project()


def schema(project, name="prisma/schema.prisma"):
    """A schema file's text."""
    return (project.path / name).read_text()


def test_an_existing_database_becomes_a_schema(project, database):
    """Models and relations are in the file; stdout is empty, the story tells what was written."""
    database.query(TABLES)
    done = project.run("db", "pull", url=database.url)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "wrote prisma/schema.prisma" in done.stderr
    assert "introspected 2 models in " in done.stderr
    text = schema(project)
    assert 'url      = env("DATABASE_URL")' in text
    assert "model person {\n  id      Int       @id @default(autoincrement())\n" in text
    assert "team    team?     @relation(fields: [team_id], references: [id]" in text
    assert project.run("validate").returncode == 0


def test_what_the_schema_says_already_is_left_alone(project, database):
    """A second pull writes nothing: the file is the same file."""
    database.query(TABLES)
    project.run("db", "pull", url=database.url)
    file = project.path / "prisma/schema.prisma"
    before = file.stat()
    done = project.run("db", "pull", "--json", url=database.url)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [(one["path"], one["state"]) for one in found["files"]] == [("prisma/schema.prisma", "unchanged")]
    assert (found["models"], found["enums"], found["valid"], found["written"]) == (2, 0, True, True)
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert "the schema says so already" in done.stderr


def test_names_order_comments_line_endings_and_permissions_stay(project, database):
    """What a team wrote by hand survives, and so does the file around it."""
    database.query(TABLES)
    file = project.path / "prisma/schema.prisma"
    lines = [
        *SCHEMA_7.splitlines(),
        "/// Those who play together.",
        "model Team {",
        "  id Int @id @default(autoincrement())",
        '  title String @map("name")',
        "  players Player[]",
        '  @@map("team")',
        "}",
        "model Player {",
        "  id Int @id @default(autoincrement())",
        '  teamId Int? @map("team_id")',
        "  side Team? @relation(fields: [teamId], references: [id])",
        '  @@map("person")',
        "}",
        "",
    ]
    file.write_bytes("\r\n".join(lines).encode())
    file.chmod(0o640)
    done = project.run("db", "pull", url=database.url)
    assert done.returncode == 0, done.stderr
    data = file.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") > 10
    text = data.decode().replace("\r\n", "\n")
    assert text.index("/// Those who play together.\nmodel Team {") < text.index("model Player {")
    assert "side   Team?     @relation(" in text
    assert "born   DateTime? @db.Date" in text
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert "These models were enriched with `@@map` information taken from the previous Prisma schema:" in done.stderr


def test_print_writes_no_file(project, database):
    """The schema goes to stdout, the warnings as a comment to stderr, the files stay as they are."""
    database.query(TABLES + "ALTER TABLE team ENABLE ROW LEVEL SECURITY")
    before = schema(project)
    done = project.run("db", "pull", "--print", url=database.url)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("datasource db {")
    assert done.stdout.endswith("}\n\n")
    assert "// *** WARNING ***\n" in done.stderr
    assert '//   - "team"\n' in done.stderr
    assert schema(project) == before
    assert os.listdir(project.path / "prisma") == ["schema.prisma"]


def test_without_a_schema_one_is_made(project, database):
    """prisma/schema.prisma, with no URL in it: that stays in the environment."""
    database.query(TABLES)
    (project.path / "prisma/schema.prisma").unlink()
    (project.path / "prisma").rmdir()
    done = project.run("db", "pull", url=database.url)
    assert done.returncode == 0, done.stderr
    assert "made prisma/schema.prisma" in done.stderr
    assert schema(project).startswith(SCHEMA_7 + "\nmodel person {")
    umask = os.umask(0o022)
    os.umask(umask)
    assert stat.S_IMODE((project.path / "prisma/schema.prisma").stat().st_mode) == 0o666 & ~umask


def test_an_empty_database_is_told_and_writes_nothing(project, database):
    """P4001, and where tables are instead."""
    database.query("CREATE SCHEMA billing; CREATE TABLE billing.invoice (id int)")
    before = schema(project)
    done = project.run("db", "pull", url=database.url)
    assert done.returncode == 2
    assert "there is nothing to pull (P4001): no table and no enum in public" in done.stderr
    assert "billing has 1 table" in done.stderr
    assert schema(project) == before


def test_an_invalid_schema_is_shown_and_force_goes_past_it(project, database):
    """Findings with their place; --force keeps the configuration and takes the rest from the database."""
    database.query(TABLES)
    file = project.path / "prisma/schema.prisma"
    broken = SCHEMA_7 + "\nmodel Team {\n  id Int @id\n  other Nowhere\n}\n"
    file.write_text(broken)
    done = project.run("db", "pull", url=database.url)
    assert done.returncode == 2
    assert "prisma/schema.prisma:7:9" in done.stderr
    assert "pgready db pull --force" in done.stderr
    assert file.read_text() == broken
    done = project.run("db", "pull", "--force", url=database.url)
    assert done.returncode == 0, done.stderr
    assert file.read_text().startswith(SCHEMA_7 + "\nmodel person {")
    assert "Nowhere" not in file.read_text()


def test_comments_that_do_not_survive_are_counted(project, database):
    """Prisma keeps /// above something and drops all else; so does pgready, and says how much."""
    database.query("CREATE TABLE team (id int PRIMARY KEY)")
    file = project.path / "prisma/schema.prisma"
    file.write_text(SCHEMA_7 + "\n// gone\n\n/// Stays.\nmodel team {\n  id Int @id // gone, too\n}\n")
    done = project.run("db", "pull", "--json", url=database.url)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["lost_comments"] == 2
    assert "2 comments gone" in done.stderr
    assert file.read_text() == SCHEMA_7 + "\n/// Stays.\nmodel team {\n  id Int @id\n}\n"


def test_a_schema_without_a_datasource_is_refused(project, database):
    """The configuration is the team's: it is not made up for a schema that has none."""
    database.query(TABLES)
    (project.path / "prisma/schema.prisma").write_text("model team {\n  id Int @id\n}\n")
    done = project.run("db", "pull", url=database.url)
    assert done.returncode == 2
    assert "the schema has no datasource" in done.stderr


def test_files_of_a_folder_keep_their_models(project, database):
    """A model stays in its file, what is new has a file of its own, and files of which nothing is left stay, empty."""
    database.query(TABLES)
    (project.path / "prisma/schema.prisma").unlink()
    folder = project.path / "prisma/schema"
    folder.mkdir()
    (folder / "base.prisma").write_text(SCHEMA_7)
    (folder / "teams.prisma").write_text('model Team {\n  id Int @id @default(autoincrement())\n  @@map("team")\n}\n')
    done = project.run("db", "pull", "--schema", "prisma/schema", url=database.url)
    assert done.returncode == 0, done.stderr
    assert schema(project, "prisma/schema/base.prisma") == SCHEMA_7
    assert "  name   String\n" in schema(project, "prisma/schema/teams.prisma")
    assert schema(project, "prisma/schema/introspected.prisma").startswith("model person {")
    printed = project.run("db", "pull", "--schema", "prisma/schema", "--print", url=database.url)
    assert printed.stdout.startswith(
        f"// prisma/schema/base.prisma\n{SCHEMA_7}\n// prisma/schema/introspected.prisma\n"
    )
    done = project.run("db", "pull", "--schema", "prisma/schema", "--force", "--json", url=database.url)
    assert done.returncode == 0, done.stderr
    states = {one["path"]: one["state"] for one in json.loads(done.stdout)["files"]}
    assert states == {
        "prisma/schema/introspected.prisma": "changed",
        "prisma/schema/base.prisma": "removed",
        "prisma/schema/teams.prisma": "removed",
    }
    assert os.listdir(folder) == ["introspected.prisma"]
    assert schema(project, "prisma/schema/introspected.prisma").startswith(SCHEMA_7 + "\nmodel person {")


def test_a_file_that_cannot_be_written_leaves_all_of_them(project, database):
    """A read-only file among several: no file changes, none is new."""
    database.query(TABLES)
    (project.path / "prisma/schema.prisma").unlink()
    folder = project.path / "prisma/schema"
    folder.mkdir()
    (folder / "base.prisma").write_text(SCHEMA_7)
    teams = 'model Team {\n  id Int @id\n  @@map("team")\n}\n'
    (folder / "teams.prisma").write_text(teams)
    (folder / "teams.prisma").chmod(0o444)
    done = project.run("db", "pull", "--schema", "prisma/schema", url=database.url)
    assert done.returncode == 2
    assert "teams.prisma is read-only; nothing was written" in done.stderr
    assert sorted(os.listdir(folder)) == ["base.prisma", "teams.prisma"]
    assert (folder / "teams.prisma").read_text() == teams


def test_only_the_schemas_of_the_datasource_are_read(make_project, database):
    """Other services' tables stay out of the file and are counted; --schemas asks for others."""
    database.query(
        "CREATE SCHEMA billing; CREATE TABLE billing.invoice (id int PRIMARY KEY);"
        "CREATE SCHEMA audit; CREATE TABLE audit.entry (id int PRIMARY KEY); CREATE TABLE audit.log (id int PRIMARY KEY);"
        "CREATE TABLE own (id int PRIMARY KEY)"
    )
    project = make_project(schemas=("public", "billing"))
    done = project.run("db", "pull", url=database.url)
    assert done.returncode == 0, done.stderr
    text = schema(project)
    assert '@@schema("billing")' in text
    assert "entry" not in text
    assert "not read: audit has 2 tables" in done.stderr
    done = project.run("db", "pull", "--schemas", "audit", "--print", "--quiet", url=database.url)
    assert done.returncode == 0, done.stderr
    assert 'schemas  = ["audit"]' in done.stdout
    assert "model entry {" in done.stdout
    assert "invoice" not in done.stdout
    assert done.stderr == ""
    done = project.run("db", "pull", "--schemas", "nowhere", url=database.url)
    assert done.returncode == 2
    assert "the database has no schema nowhere" in done.stderr
    assert "audit, billing, public" in done.stderr


def test_a_foreign_key_into_another_schema_is_refused(project, database):
    """It names the key and the schema that has to be read, too."""
    database.query(
        "CREATE SCHEMA billing; CREATE TABLE billing.invoice (id int PRIMARY KEY);"
        "CREATE TABLE own (id int PRIMARY KEY REFERENCES billing.invoice)"
    )
    before = schema(project)
    done = project.run("db", "pull", url=database.url)
    assert done.returncode == 2
    assert "own_id_fkey" in done.stderr
    assert "billing" in done.stderr
    assert schema(project) == before


def test_names_that_clash_are_told(project, database):
    """Prisma writes a schema that it cannot read; so does pgready, and it says where."""
    database.query('CREATE TABLE clash (id int PRIMARY KEY, "a b" int, "a_b" int)')
    done = project.run("db", "pull", "--json", url=database.url)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["valid"] is False
    assert "the schema as it was pulled is not valid" in done.stderr


def test_a_server_that_is_not_there(project):
    """Exit 7, and the file stays."""
    before = schema(project)
    done = project.run("db", "pull", url="postgresql://u@127.0.0.1:1/x")
    assert done.returncode == 7
    assert schema(project) == before
