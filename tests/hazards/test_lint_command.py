"""`pgready lint` beside a running version, sizes, contracts and other programs: the messages looked at."""

import json
import re
import subprocess
from dataclasses import replace

import pytest

SCHEMA = """datasource db {
  provider = "postgresql"
}
model Invoice {
  id    Int     @id
  note  String? @map("the_note")
  gone  String? @ignore
  @@map("invoices")
}
"""
FIRST = (
    'CREATE TABLE invoices (id int NOT NULL, the_note text, gone text, CONSTRAINT "invoices_pkey" PRIMARY KEY (id));'
)


@pytest.fixture
def project(make_project):
    """A first version, committed."""
    project = make_project(migrations={"2_first": FIRST})
    project.write_schema(SCHEMA)
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-qm", "one")
    return project


def git(project, *words):
    """Git in its folder."""
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@t", *words]
    subprocess.run(command, cwd=project.path, check=True, timeout=60, capture_output=True)


def lint(project, *words, **options):
    """Its run."""
    return project.run("lint", "--shadow", "embedded", *words, **options)


def found(run):
    """Each hazard's id and place."""
    return [(one["id"], one["where"].rpartition("migrations/")[2]) for one in json.loads(run.stdout)["hazards"]]


def test_the_running_schema_is_that_of_the_ref(project):
    """Model, field, column and both halves; what it ignores may go; a new migration that sorts first comes last."""
    project.migration("1_new", "ALTER TABLE invoices DROP COLUMN gone;\nALTER TABLE invoices\n  DROP COLUMN the_note;")
    project.write_schema(SCHEMA.replace('  note  String? @map("the_note")\n  gone  String? @ignore\n', ""))
    run = lint(project, "--since", "HEAD")
    assert run.returncode == 4
    assert (
        "1_new/migration.sql:2:1: error[H014]: the running code reads and writes Invoice.note"
        " (column public.invoices.the_note), which is dropped" in run.stdout
    )
    assert "drop it in a later migration, when no version that runs names Invoice.note any more" in run.stdout
    assert 'contract later:\n    ALTER TABLE "public"."invoices" DROP COLUMN "the_note";' in run.stdout
    assert "gone" not in run.stdout.replace("drop it", "")
    assert "1 migration traced: 1 hazard; held against the code of HEAD" in run.stderr
    assert lint(project).returncode == 6, "from nothing it fails: the table comes later"


@pytest.mark.parametrize("what", ["schema", "folder", "snapshot"])
def test_the_running_version_as_a_file(project, database, what):
    """A schema or a snapshot says where in the history it stands; a folder has the names."""
    old = project.path / "old"
    old.mkdir()
    if what == "folder":
        git(project, "worktree", "add", "-q", "was", "HEAD")
        name = "was/prisma"
    elif what == "schema":
        (old / "running.prisma").write_text(SCHEMA)
        name = "old/running.prisma"
    else:
        database.query(FIRST)
        assert project.run("snapshot", database.url, "-o", "old/running.json").returncode == 0
        name = "old/running.json"
    project.migration("3_new", "ALTER TABLE invoices DROP COLUMN the_note;")
    run = lint(project, "--since", name, "--json")
    assert found(run) == [("H014", "3_new/migration.sql:1:1")], run.stderr
    assert json.loads(run.stdout)["since"] == name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere", "Git knows no commit by the name of nowhere"),
        ("notes.txt", "notes.txt says nothing about the version that runs"),
        ("empty", "empty holds neither migrations nor a Prisma schema"),
        ("other.prisma", "no point of the migrations' history is what other.prisma describes"),
        ("broken.prisma", "the schema is not valid"),
    ],
)
def test_a_running_version_that_is_none(project, name, words):
    """What is wrong, and what it takes; nothing traced."""
    (project.path / "notes.txt").write_text("x")
    (project.path / "empty").mkdir()
    (project.path / "other.prisma").write_text(SCHEMA.replace("Int ", "BigInt "))
    (project.path / "broken.prisma").write_text(SCHEMA.replace("Int ", "Number "))
    run = lint(project, "--since", name)
    assert run.returncode == 2, run.stderr
    assert words in run.stderr
    assert "next:" in run.stderr or "help" in run.stderr


def test_plain_sql_goes_by_the_catalog(make_project):
    """Without a Prisma schema everything that is there counts."""
    project = make_project()
    folder = project.path / "sql"
    folder.mkdir()
    (folder / "V1__first.sql").write_text(
        "CREATE TABLE t (id int, a int);\nCREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1;"
    )
    (project.path / "prisma/schema.prisma").unlink()
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-qm", "one")
    (folder / "V2__new.sql").write_text("DROP FUNCTION f();\nALTER TABLE t DROP COLUMN a;")
    run = lint(project, "--migrations", "sql", "--since", "HEAD", "--output-format", "concise")
    assert [line.split(": the running code")[0] for line in run.stdout.splitlines()] == [
        "sql/V2__new.sql:1:1: error[H014]",
        "sql/V2__new.sql:2:1: error[H014]",
    ], run.stderr


def test_costs_by_the_profile(project):
    """Rows, and an order of magnitude; none without a profile."""
    project.migration("3_new", "CREATE INDEX i ON invoices (the_note);\nUPDATE invoices SET gone = 'x';")
    assert json.loads(lint(project, "3_new", "--json").stdout)["hazards"][0]["rows"] is None
    (project.path / "big.toml").write_text("[tables.invoices]\nrows = 40_000_000\n")
    run = lint(project, "3_new", "--profile", "big.toml")
    assert (
        "an index of public.invoices is built while writers of public.invoices wait (SHARE) (40,000,000 rows, about 30 s)"
        in run.stdout
    )
    assert re.search(r"change in one transaction \(40,000,000 rows, about 3 min\)", run.stdout)
    run = lint(project, "3_new", "--profile", "none.toml")
    assert (run.returncode, "there is no such profile" in run.stderr) == (2, True)


def test_ways_are_a_statements_own_and_a_migrations_as_a_whole(project):
    """What is not quite the same stands with its statement; `rewrites` has every statement of the migration."""
    script = "ALTER TABLE invoices ALTER COLUMN id TYPE bigint;\nCREATE TABLE aside (id int);\nCREATE INDEX i ON invoices (gone);"
    project.migration("3_new", script)
    done = json.loads(lint(project, "3_new", "--json").stdout)
    retyped, indexed = done["hazards"]
    assert [one["id"] for one in done["hazards"]] == ["H001", "H004"]
    assert "behind the table's other columns" in retyped["safe_but"][0]
    assert (indexed["safe_but"], len(indexed["safe_migrations"])) == ([], 1)
    (rewrite,) = done["rewrites"]
    assert (rewrite["migration"], rewrite["but"]) == ("3_new", retyped["safe_but"])
    texts = [one["sql"] for one in rewrite["scripts"]]
    assert sum("CREATE TABLE aside" in text for text in texts) == 1
    assert all(
        any(part.strip() in text for text in texts) for one in done["hazards"] for part in one["safe_migrations"]
    )
    human = lint(project, "3_new").stdout
    assert human.count("  but: id comes to stand") == 1


def test_trouble_as_data(project):
    """A migration that fails in the shadow: in the words of the format that was asked for."""
    project.migration("3_new", "ALTER TABLE nowhere ADD a int;")
    run = lint(project, "3_new", "--output-format", "json")
    said = json.loads(run.stdout)
    assert (run.returncode, said["ok"], said["exit_code"], said["error"]["code"]) == (6, False, 6, "shadow_failed")
    assert "nowhere" in run.stderr


def test_gitlab(project):
    """Its Code Quality report; a fingerprint stays when lines move."""
    script = "CREATE INDEX i ON invoices (the_note);\nCREATE INDEX i2 ON invoices (gone);"
    project.migration("3_new", script)
    first = json.loads(lint(project, "3_new", "--output-format", "gitlab").stdout)
    project.migration("3_new", "-- a word before\n\n" + script)
    second = json.loads(lint(project, "3_new", "--output-format", "gitlab").stdout)
    assert [one["location"]["lines"]["begin"] for one in (*first, *second)] == [1, 2, 3, 4]
    assert [one["fingerprint"] for one in first] == [one["fingerprint"] for one in second]
    assert len({one["fingerprint"] for one in first}) == 2
    assert first[0]["location"]["path"] == "prisma/migrations/3_new/migration.sql"
    assert (first[0]["check_name"], first[0]["severity"]) == ("H004", "critical")


def test_sarif_for_code_scanning(project):
    """Places from the checkout's root, wherever it runs; a finding is known again when lines above it have moved."""
    script = "CREATE INDEX i ON invoices (the_note);\nCREATE INDEX i2 ON invoices (gone);"
    runs = []
    below = project.path / "below"
    below.mkdir()
    for lead in ("", "-- a word before\n\n"):
        project.migration("3_new", lead + script)
        words = ["lint", "--shadow", "embedded", "--migrations", "../prisma/migrations", "3_new"]
        done = replace(project, path=below).run(*words, "--output-format", "sarif")
        (run,) = json.loads(done.stdout)["runs"]
        runs.append(run)
    first, second = (run["results"] for run in runs)
    places = [one["locations"][0]["physicalLocation"] for one in (*first, *second)]
    assert {one["artifactLocation"]["uri"] for one in places} == {"prisma/migrations/3_new/migration.sql"}
    assert [one["region"]["startLine"] for one in places] == [1, 2, 3, 4]
    known = [one["partialFingerprints"] for one in first]
    assert known == [one["partialFingerprints"] for one in second]
    assert (
        len({one["pgreadyStatement/v1"] for one in known})
        == len({one["primaryLocationLineHash"] for one in known})
        == 2
    )
    rule = runs[0]["tool"]["driver"]["rules"][first[0]["ruleIndex"]]
    assert (rule["id"], rule["name"], first[0]["ruleId"]) == ("H004", "IndexBuiltWhileWritersWait", "H004")
    assert (rule["defaultConfiguration"]["level"], first[0]["level"]) == ("error", "error")


def test_waivers_that_are_over_or_of_no_use(project):
    """Each told at its own line; one that another run needs is of use."""
    project.migration(
        "3_new",
        "-- pgready: allow H004 until=2020-01-31 small\nCREATE INDEX i ON invoices (the_note);\n"
        "SELECT 1; -- pgready: allow H001, H014 nothing here\n",
    )
    project.migration("4_more", "CREATE TABLE n (id int);")
    project.migration("5_more", "-- pgready: allow H004 nobody reads it yet\nCREATE INDEX ON n (id);")
    run = lint(project, "--output-format", "concise")
    lines = [line.split(" (")[0] for line in run.stdout.splitlines()]
    place = "prisma/migrations/3_new/migration.sql"
    assert lines == [
        f"{place}:2:1: error[H004]: an index of public.invoices is built while writers of public.invoices wait",
        f"{place}:1:1: warning[H017]: the waiver of H004 ended on 2020-01-31: small",
        f"{place}:3:11: warning[H018]: the waiver of H001 allows nothing: the statement has no such hazard",
    ]
    assert "1 hazard, 2 warnings, 1 waived" in run.stderr
    assert "H018" in [name for name, _ in found(lint(project, "--since", "HEAD", "--json"))]
    assert ("H018", "5_more/migration.sql:1:1") not in found(lint(project, "--since", "HEAD", "--json"))


def test_lock_order(project):
    """Two new migrations that take the same tables in opposite order, and a contract."""
    project.migration("3_more", "CREATE TABLE lines (id int, invoice int);")
    git(project, "add", ".")
    git(project, "commit", "-qm", "two")
    both = ["ALTER TABLE invoices ADD x int;", "ALTER TABLE lines ADD x int;"]
    project.migration("4_one", "\n".join(both))
    project.migration("5_two", "\n".join(one.replace("x", "y") for one in reversed(both)))
    run = lint(project, "--since", "HEAD", "--output-format", "concise")
    (line,) = run.stdout.splitlines()
    assert line.startswith("prisma/migrations/5_two/migration.sql:2:1: warning[H016]: public.invoices is locked while")
    assert "migration 4_one" in line
    (project.path / "contracts").mkdir()
    (project.path / "contracts/a.sql").write_text(
        "-- name: lines_of\nSELECT * FROM lines l WHERE l.id = :id AND EXISTS (SELECT 1 FROM invoices i WHERE i.id = l.invoice);\n"
    )
    run = lint(project, "--since", "HEAD", "4_one", "--json")
    assert found(run) == [("H016", "4_one/migration.sql:2:1")]
    assert "contract lines_of takes public.lines first" in json.loads(run.stdout)["hazards"][0]["message"]


PRISMA = {
    "SELECT 1;\nALTER TYPE m ADD VALUE 'b';\nCREATE TABLE w (x m DEFAULT 'b');": (
        3,
        "new enum value",
    ),
    "CREATE SCHEMA s;\nSET search_path = s;\nCREATE TABLE w ();": (2, "search_path stays changed"),
    "SELECT pg_catalog.set_config('search_path', '', false);\nSELECT 1;": (1, "search_path stays changed"),
    "SET ROLE pg_read_all_data;": (1, "the role stays changed"),
    "SELECT 1;\nDO $$ BEGIN COMMIT; END $$;": (2, "code that commits by itself"),
    "SELECT 1;\nCREATE INDEX CONCURRENTLY i ON invoices (id);": (2, "cannot run in a transaction"),
    "SET search_path = s;\nRESET search_path;": None,
    "SET LOCAL search_path = s;": None,
    "SET search_path = public, s;": None,
    "BEGIN;\nSELECT 1;\nCOMMIT;\nSELECT 2;": None,
    "ALTER TYPE m ADD VALUE 'z';": None,
}


def test_what_prisma_would_refuse(project):
    """H013 at its statement, and not at what Prisma takes."""
    project.migration("3_type", "CREATE TYPE m AS ENUM ('a');")
    for number, script in enumerate(PRISMA):
        project.migration(f"4_{number:02}", script)
    run = lint(project, "--json")
    assert run.returncode in (0, 4), run.stderr
    hazards = [one for one in json.loads(run.stdout)["hazards"] if one["id"] == "H013"]
    seen = {one["migration"]: (int(one["where"].split(":")[-2]), one["message"]) for one in hazards}
    for number, (script, said) in enumerate(PRISMA.items()):
        line, message = seen.get(f"4_{number:02}", (None, ""))
        assert (line, said[1] in message if said else True) == ((said[0], True) if said else (None, True)), script


def test_what_passes_is_written_down(project):
    """By checksum; what has a hazard is not; a waiver's end goes along; a changed script loses its line."""
    project.migration("3_bad", "CREATE INDEX i ON invoices (id);")
    project.migration("4_allowed", "-- pgready: allow H004 until=2099-01-31 small\nCREATE INDEX i4 ON invoices (id);")
    run = lint(project, "--lock")
    assert run.returncode == 4
    file = project.migrations / "hazards.lock"
    lines = [line for line in file.read_text().splitlines() if line[0] != "#"]
    assert [line.split("  ", 1)[1] for line in lines] == ["2_first", "4_allowed  until=2099-01-31"]
    project.migration("3_bad", "CREATE INDEX CONCURRENTLY i ON invoices (id);")
    project.migration("2_first", FIRST + " ")
    assert lint(project, "--lock", "3_bad").returncode == 0
    lines = [line.split("  ")[1] for line in file.read_text().splitlines() if line[0] != "#"]
    assert lines == ["3_bad", "4_allowed"]
