"""`pgready migrate diff` as a user runs it: sides, outputs, exit codes."""

import json

import pytest

CREATE_USER = """\
-- CreateTable
CREATE TABLE "User" (
    "id" SERIAL NOT NULL,
    "email" TEXT NOT NULL,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
"""
CREATE_POST = """\
-- CreateTable
CREATE TABLE "Post" (
    "id" INTEGER NOT NULL,
    "note" TEXT,

    CONSTRAINT "Post_pkey" PRIMARY KEY ("id")
);
"""
SCHEMA = '-- CreateSchema\nCREATE SCHEMA IF NOT EXISTS "public";\n\n'


def test_a_script_from_empty(diff):
    """Prisma's bytes, no URL, no server, nothing on stderr."""
    done = diff("--from-empty", "--to-schema", "a.prisma", "--script")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == SCHEMA + CREATE_USER + "\n"


@pytest.mark.parametrize("flag", ["schema", "schema-datamodel"])
def test_a_script_between_schemas(diff, flag):
    """By the names of Prisma 7 and of 6."""
    done = diff(f"--from-{flag}", "a.prisma", f"--to-{flag}=b.prisma", "--script")
    assert (done.returncode, done.stdout) == (0, CREATE_POST + "\n")


def test_a_summary(diff):
    """What people read, in both directions."""
    assert diff("--from-schema", "a.prisma", "--to-schema", "b.prisma").stdout == "[+] Added tables\n  - Post\n"
    assert diff("--from-schema", "b.prisma", "--to-schema", "a.prisma").stdout == "[-] Removed tables\n  - Post\n"
    assert diff("--from-schema", "b.prisma", "--to-schema", "b.prisma").stdout == "No difference detected.\n"


def test_a_changed_table_is_told_line_by_line(diff, project):
    """Columns, keys, indexes under their table."""
    text = (project.path / "a.prisma").read_text()
    (project.path / "c.prisma").write_text(
        text.replace("email String @unique", 'email BigInt?\n  name  String @default("x")\n  @@index([name])')
    )
    told = diff("--from-schema", "a.prisma", "--to-schema", "c.prisma").stdout
    assert told == (
        "[*] Changed the `User` table\n"
        "  [-] Removed unique index on columns (email)\n"
        "  [+] Added column `name`\n"
        "  [*] Column `email` would be dropped and recreated (changed from required to nullable, type changed)\n"
        "  [+] Added index on columns (name)\n"
    )


def test_json(diff):
    """The changes as data, with the script and what it may cost."""
    data = json.loads(diff("--from-schema", "b.prisma", "--to-schema", "a.prisma", "--json").stdout)
    assert data["different"] is True
    assert data["changes"] == [{"kind": "DropTable", "name": "public.Post", "sql": ['DROP TABLE "Post"']}]
    assert len(data["warnings"]) == 1
    assert data["script"] == '-- DropTable\nDROP TABLE "Post";\n'


def test_exit_codes_are_prismas(diff, project):
    """0 none, 2 differences, 1 any error; without the flag 0, and our own codes for errors."""
    both = ("--from-schema", "a.prisma", "--to-schema")
    assert diff(*both, "a.prisma", "--exit-code").returncode == 0
    assert diff(*both, "b.prisma", "--exit-code").returncode == 2
    assert diff(*both, "b.prisma").returncode == 0
    for words in (
        ["missing.prisma"],
        ["b.prisma", "--no-such-flag"],
        ["b.prisma", "--from-empty"],
        ["b.prisma", "--script", "--json"],
    ):
        assert diff(*both, *words, "--exit-code").returncode == 1, words
    assert diff(*both, "missing.prisma").returncode == 2
    refused = json.loads(diff(*both, "missing.prisma", "--exit-code", "--json").stdout)
    assert refused["error"]["exit_code"] == 1


def test_output_goes_to_a_file_whole_or_not_at_all(diff, project):
    """Nothing on stdout; an error leaves what was there."""
    done = diff("--from-empty", "--to-schema", "a.prisma", "--script", "-o", "out.sql")
    assert (done.stdout, done.stderr) == ("", "")
    assert (project.path / "out.sql").read_text() == SCHEMA + CREATE_USER + "\n"
    assert diff("--from-empty", "--to-schema", "missing.prisma", "-o", "out.sql").returncode == 2
    assert (project.path / "out.sql").read_text().startswith("-- CreateSchema")
    refused = diff("--from-empty", "--to-schema", "a.prisma", "-o", "nowhere/out.sql")
    assert (refused.returncode, "nowhere/out.sql cannot be written" in refused.stderr) == (2, True)


def test_an_invalid_schema_is_shown_at_its_place(diff, project):
    """file:line:column, the line, a mark; several are counted."""
    (project.path / "bad.prisma").write_text("model A {\n  id Int @id\n  b  Nope\n}\n")
    done = diff("--from-empty", "--to-schema", "bad.prisma")
    assert done.returncode == 2
    assert "bad.prisma:3:6" in done.stderr
    assert "^" in done.stderr
    (project.path / "bad.prisma").write_text("model A {\n  id Int @id\n  b  Nope\n  c  Neither\n}\n")
    assert "2 errors" in diff("--from-empty", "--to-schema", "bad.prisma").stderr


def test_one_side_each_is_needed(diff):
    """None and several are refused by name."""
    assert "one --to-… is needed" in diff("--from-empty").stderr
    several = diff("--from-empty", "--from-url", "postgresql://u@h/d", "--to-empty").stderr
    assert "--from-empty and --from-url" in several


@pytest.mark.matrix
def test_a_live_database_and_its_migrations(diff, project, database):
    """Migrations, live database, schema: nothing differs, and a change by hand is found; migrations tables never count."""
    (project.path / "prisma/schema.prisma").write_text((project.path / "a.prisma").read_text())
    project.migration("20240101000000_init", CREATE_USER)
    assert project.run("migrate", "deploy", url=database.url).returncode == 0
    folder = ("--from-migrations", "prisma/migrations", "--shadow", "server", "--exit-code")
    for words in (
        (*folder, "--to-schema", "a.prisma"),
        (*folder, "--to-config-datasource"),
        ("--from-url", database.url, "--to-schema", "a.prisma", "--exit-code"),
    ):
        done = diff(*words, url=database.url)
        assert (done.returncode, done.stdout) == (0, "No difference detected.\n"), done.stderr
    database.query('ALTER TABLE "User" ADD by_hand int')
    done = diff(*folder, "--to-url", database.url, "--script", url=database.url)
    assert done.returncode == 2
    assert done.stdout == '-- AlterTable\nALTER TABLE "public"."User" ADD COLUMN     "by_hand" INTEGER;\n\n'
    assert "replaying 1 migration in a shadow database" in done.stderr
    assert database.server.password not in done.stderr


@pytest.mark.matrix
def test_the_datasource_of_a_schema(diff, project, database):
    """Prisma 6's --from-schema-datasource: the URL that the schema names."""
    text = (project.path / "a.prisma").read_text().replace('"postgresql"', '"postgresql"\n  url = env("OTHER_URL")')
    (project.path / "six.prisma").write_text(text)
    words = ("--from-schema-datasource", "six.prisma", "--to-schema", "six.prisma", "--script")
    done = diff(*words, env={"OTHER_URL": database.url})
    assert (done.returncode, done.stdout) == (0, CREATE_USER + "\n"), done.stderr


@pytest.mark.matrix
def test_the_schema_of_a_url_is_where_models_are(diff, database):
    """`?schema=tenant`: tables of `public` are not its business."""
    database.query('CREATE TABLE stranger (id int); CREATE SCHEMA tenant; CREATE TABLE tenant."Post" (id int)')
    done = diff("--from-url", database.url + "?schema=tenant", "--to-schema", "a.prisma", "--script")
    assert done.stdout.startswith("/*") or done.stdout.startswith("-- DropTable")
    assert 'DROP TABLE "Post"' in done.stdout
    assert "stranger" not in done.stdout


@pytest.mark.matrix
def test_a_snapshot_stands_for_its_database(diff, project, database):
    """Written to a file, compared without the database; of any other file it is said what is wrong."""
    database.query('CREATE SCHEMA extra; CREATE TABLE extra.t (id int); CREATE TABLE "_prisma_migrations" (id int)')
    done = project.run("snapshot", database.url, "-o", "db.json")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads((project.path / "db.json").read_text())["pgready_catalog"] == 1
    assert "_prisma_migrations" not in (project.path / "db.json").read_text()
    assert diff("--from-snapshot", "db.json", "--to-url", database.url).stdout == "No difference detected.\n"
    done = diff("--from-snapshot", "db.json", "--to-schema", "a.prisma", "--script")
    assert done.stdout == CREATE_USER + "\n"
    refused = diff("--from-snapshot", "a.prisma", "--to-empty")
    assert (refused.returncode, "not a catalog snapshot" in refused.stderr) == (2, True)
    assert project.run("snapshot", url=database.url).stdout == (project.path / "db.json").read_text()


@pytest.mark.matrix
def test_a_shadow_that_is_named_by_the_project(diff, project, database, make_database):
    """shadowDatabaseUrl of the schema, the variable, the flag: the strongest is used, and emptied afterwards."""
    other = make_database()
    project.migration("20240101000000_init", CREATE_USER)
    text = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n  shadowDatabaseUrl = env("SHADOW")\n}\n'
    (project.path / "prisma/schema.prisma").write_text(text)
    words = ("--from-migrations", "prisma/migrations", "--to-schema", "a.prisma", "--exit-code")
    done = diff(*words, url=database.url, env={"SHADOW": other.url})
    assert (done.returncode, f"the database {other.name}" in done.stderr) == (0, True), done.stderr
    bad = "postgresql://x:s3cr3t@127.0.0.1:1/none"
    for how in ({"env": {"SHADOW": other.url, "PGREADY_SHADOW_DATABASE_URL": bad}}, {}):
        flags = () if how else ("--shadow-database-url", bad)
        done = diff(*words, *flags, url=database.url, **how)
        assert done.returncode == 1
        assert "the shadow database cannot be reached" in done.stderr
        assert "s3cr3t" not in done.stderr
    assert other.query("SELECT count(*) FROM pg_class WHERE relname = 'User'") == [(0,)]


def test_unreachable_is_told_without_a_password(diff):
    """Exit 7, or 1 with --exit-code."""
    url = "postgresql://me:s3cr3t@127.0.0.1:1/x"
    done = diff("--from-url", url, "--to-empty")
    assert (done.returncode, "s3cr3t" in done.stderr) == (7, False)
    assert diff("--from-url", url, "--to-empty", "--exit-code").returncode == 1
