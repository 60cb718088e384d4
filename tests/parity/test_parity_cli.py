"""`pgready parity` as users run it: sides of every kind, output, exit codes, ignore rules, roles by other names."""

import datetime as dt
import json
import os
import subprocess
import threading

import pytest

from pgready.cli.main import main

pytestmark = pytest.mark.matrix

INIT = """
CREATE TABLE "User" (
    id SERIAL NOT NULL,
    email TEXT NOT NULL,
    at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    later TIMESTAMPTZ NOT NULL DEFAULT (now() + '1 day'::interval),
    CONSTRAINT "User_pkey" PRIMARY KEY (id)
);
CREATE UNIQUE INDEX "User_email_key" ON "User"(email);
"""
SECOND = 'CREATE INDEX "User_at_idx" ON "User"(at);'
SCHEMA = """
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model User {
  id    Int      @id @default(autoincrement())
  email String   @unique
  at    DateTime @default(now())
  later DateTime @default(dbgenerated("(now() + '1 day'::interval)")) @db.Timestamptz

  @@index([at])
}
"""


@pytest.fixture
def project(make_project):
    """A project whose schema, migrations and databases are to say the same."""
    project = make_project(migrations={"1_init": INIT, "2_index": SECOND})
    project.write_schema(SCHEMA)
    return project


@pytest.fixture
def same(make_database):
    """`same()`: a database that is as the project says."""

    def make():
        database = make_database()
        database.query(INIT + SECOND)
        return database

    return make


@pytest.fixture
def parity(project, monkeypatch, capsys):
    """`parity(*words, **env)`: run `pgready parity WORDS` in this process, which saves its start; see `project.run`."""
    for name in [name for name in os.environ if name.startswith(("PG", "DATABASE", "DIRECT"))]:
        if not name.startswith(("PGREADY_TEST", "PGREADY_EMBEDDED", "PGREADY_CACHE")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(project.path)

    def run(*words, **env):
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        code = main(["parity", *words])
        said = capsys.readouterr()
        for name in env:
            monkeypatch.delenv(name)
        return subprocess.CompletedProcess(words, code, said.out, said.err)

    return run


def found(run):
    """The findings of a run with --json, as (side, weight, rule, object)."""
    data = json.loads(run.stdout)
    return [(side["name"], one["weight"], one["rule"], one["object"]) for side in data["sides"] for one in side["findings"]]  # fmt: skip


def settings(project, *lines):
    """Write pgready.toml."""
    (project.path / "pgready.toml").write_text("\n".join(lines) + "\n")


def test_all_sides_are_the_same(project, parity, same, tmp_path):
    """Schema, migrations, two databases, a name and a snapshot say the same, and so does every fingerprint of theirs."""
    one, other = same(), same()
    project.run("snapshot", one.url, "-o", "kept.json")
    settings(project, "[sides]", 'staging = "$STAGING"')
    words = ("migrations", "schema:prisma/schema.prisma", one.url, "staging", "kept.json")
    run = project.run("parity", *words, "--json", "--fingerprints", env={"STAGING": other.url})
    data = json.loads(run.stdout)
    assert (run.returncode, data["equal"], found(run)) == (0, True, []), run.stderr
    assert [side["kind"] for side in data["sides"]] == ["migrations", "schema", "database", "database", "snapshot"]
    assert len({side["fingerprint"] for side in data["sides"] if side["kind"] != "schema"}) == 1
    assert all("table public.User" in side["objects"] for side in data["sides"])
    assert "s3cr3t" not in run.stdout + run.stderr


def test_differences_are_told_weighed_and_counted(project, parity, same):
    """A side that differs is told with weight, reason and values; exit 4 from the threshold on; JSON has the same."""
    one, other = same(), same()
    other.query('ALTER TABLE "User" ALTER email TYPE varchar(50); DROP INDEX "User_at_idx"; COMMENT ON TABLE "User" IS \'x\'')  # fmt: skip
    run = parity(one.url, other.url)
    assert run.returncode == 4
    assert "breaks    column public.User.email differs: values that the reference takes do not fit" in run.stdout
    assert "type: character varying(50), reference text" in run.stdout
    assert "slows     index public.User.User_at_idx is missing" in run.stdout
    assert "3 differences (1 breaks, 1 slows, 1 cosmetic)" in run.stderr
    other.query('ALTER TABLE "User" ALTER email TYPE text; CREATE INDEX "User_at_idx" ON "User"(at)')
    assert parity(one.url, other.url).returncode == 0
    assert parity(one.url, other.url, "--threshold", "cosmetic").returncode == 4
    assert "cosmetic" in parity("migrations", one.url, other.url, "--output-format", "concise").stdout


def test_what_a_schema_cannot_say(parity, same):
    """Beside a schema a view and a policy are no difference, and that they are not compared is said."""
    database = same()
    database.query('CREATE VIEW v AS SELECT id FROM "User"; CREATE POLICY p ON "User" USING (id > 0)')
    run = parity("schema", database.url)
    assert run.returncode == 0, run.stdout
    assert "not compared: what Prisma's schema language cannot say" in run.stdout
    assert parity("migrations", database.url).returncode == 4


def test_fix_ends_in_parity(project, parity, same):
    """The SQL of --fix is printed, marked and not run; whoever runs it has no difference left, settings included."""
    one, other = same(), same()
    other.query(
        'ALTER TABLE "User" DROP email; ALTER TABLE "User" ADD more int; DROP INDEX "User_at_idx"; CREATE TABLE odd (id int);'
        f"ALTER DATABASE {other.name} SET TimeZone = 'Europe/Berlin'; ALTER DATABASE {other.name} SET app.x = '1';"
        f"ALTER DATABASE {other.name} SET search_path = odd, public;"
        'INSERT INTO "User" (id) VALUES (7)'
    )
    run = parity(one.url, other.url, "--fix")
    assert run.returncode == 4
    assert "-- hazard: data is lost: the column's values\nALTER TABLE" in run.stdout
    assert parity(one.url, other.url, "--fix").stdout == run.stdout  # it was not run
    other.query('TRUNCATE "User"')  # a row without an email could not get one
    other.query('INSERT INTO "User" (id) VALUES (7)')
    other.query('ALTER TABLE "User" ADD email text')
    other.query("UPDATE \"User\" SET email = 'x'")
    run = parity(one.url, other.url, "--fix")
    assert "setval" in run.stdout
    other.query(run.stdout)
    left = parity(one.url, other.url, "--json")
    assert [one[2] for one in found(left)] == ["column-order-different"]
    assert left.returncode == 0


def test_ignore_rules(project, parity, same):
    """What a rule covers is counted and does not fail; a rule past its day fails by name, whatever differs."""
    one, other = same(), same()
    other.query('CREATE TABLE tmp_one (id int); DROP INDEX "User_at_idx"')
    day = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=2)

    def rule(until, of="index public.User.*"):
        return ["[[parity.ignore]]", f'object = "{of}"', 'reason = "built at night"', f"until = {until}"]

    settings(project, *rule(day), *rule(f'"{day}"', "table public.tmp_*"))
    run = parity(one.url, other.url)
    assert (run.returncode, "2 differences ignored by a rule" in run.stdout) == (0, True)
    settings(project, *rule(day), *rule(day, "view public.nothing"))
    run = parity(one.url, other.url, "--json")
    data = json.loads(run.stdout)
    assert [one["object"] for one in data["unused"]] == ["view public.nothing"]
    assert [one["rule_of"]["reason"] for one in data["sides"][1]["ignored"]] == ["built at night"]
    settings(project, *rule("2020-02-01"))
    run = parity(one.url, one.url)
    assert run.returncode == 4
    assert "the ignore rule for index public.User.* ended on 2020-02-01 (built at night)" in run.stdout
    for lines, words in (
        (rule(day)[:-1], "nothing is ignored for ever"),
        (rule('"soon"'), "its until is no date"),
        ([*rule(day), "whatever = 1"], "whatever is no part of a rule"),
        (["[[parity.ignore]]", 'object = "x"', "until = 2030-01-01"], "it lacks its reason"),
    ):
        settings(project, *lines)
        run = parity(one.url, other.url)
        assert (run.returncode, words in run.stderr) == (2, True), run.stderr


def test_roles_by_other_names(project, parity, same, make_role):
    """Owners and rights of roles that are called otherwise are the same once a map says so; a stray one is found."""
    one, other = same(), same()
    here, there = make_role("here"), make_role("there")
    for database, role in ((one, here), (other, there)):
        database.query(f'ALTER TABLE "User" OWNER TO {role.name}')
    run = parity(one.url, other.url, "--json")
    assert ("opens", "owner-different", "owner of table public.User") in [each[1:] for each in found(run)]
    assert parity(one.url, other.url, "--map-role", f"{there.name}={here.name}", "--json").returncode == 0
    settings(project, "[parity.roles]", f'{there.name} = "{here.name}"')
    assert parity(one.url, other.url).returncode == 0
    other.query(f'GRANT DELETE ON "User" TO PUBLIC; CREATE VIEW v AS SELECT 1; ALTER VIEW v OWNER TO {there.name}')
    assert [each[2] for each in found(parity(one.url, other.url, "--json"))] == ["grants-unexpected", "view-unexpected"]
    one.query('ALTER TABLE "User" OWNER TO CURRENT_USER')
    other.query('DROP VIEW v; ALTER TABLE "User" OWNER TO CURRENT_USER')


def test_migrations_of_a_commit(project, parity, same):
    """`migrations@REF` is the folder as that commit has it, whatever stands there now; an unknown commit is told."""
    database = same()

    def git(*words):
        mail = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *mail, *words], cwd=project.path, check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    git("tag", "v1")
    project.migration("3_more", 'ALTER TABLE "User" ADD more int')
    assert parity("migrations@v1", database.url).returncode == 0
    assert [one[3] for one in found(parity("migrations@v1", "migrations", "--json"))] == ["column public.User.more"]
    assert parity("migrations:prisma/migrations@HEAD", "migrations@v1").returncode == 0
    for word, said in (("migrations@v9", "Git knows no commit by the name of v9"), ("migrations:odd@v1", "odd is not in commit")):  # fmt: skip
        run = parity(word, database.url)
        assert (run.returncode, said in run.stderr) == (2, True), run.stderr
    (project.path / "apart").mkdir()
    assert parity("migrations@--help", database.url).returncode == 2


def test_formats(parity, same):
    """Markdown has a matrix and a diagram, SARIF its places, GitHub its commands; errors are in SARIF, too."""
    one, other = same(), same()
    other.query('ALTER TABLE "User" DROP email; CREATE TABLE "odd <b>|" (id int)')
    run = parity(one.url, other.url, "--output-format", "markdown")
    assert run.returncode == 4
    assert "| column public.User.email | breaks |" in run.stdout
    assert "```mermaid\nerDiagram\n" in run.stdout
    assert 'text email "column missing"' in run.stdout
    assert "odd &lt;b&gt;\\|" in run.stdout
    log = json.loads(parity(one.url, other.url, "--output-format", "sarif").stdout)
    places = [each["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] for each in log["runs"][0]["results"]]
    assert any(place.endswith(": column public.User.email") for place in places)
    assert "::error title=pgready%3A column-missing::" in parity(one.url, other.url, "--output-format", "github").stdout
    log = json.loads(parity(one.url, "nowhere", "--output-format", "sarif").stdout)
    assert not log["runs"][0]["invocations"][0]["executionSuccessful"]


def test_bad_input(project, parity, same, make_role, absent_database):
    """Sides that are none, cannot be reached or read: told by name, with an exit code of their own, never equal."""
    one = same()
    (project.path / "newer.json").write_text('{"pgready_catalog": 99, "catalog": {}}')
    (project.path / "odd.json").write_text("{}")
    settings(project, "[sides]", 'staging = "$STAGING"')
    role = make_role("reader", database=one)
    cases = [
        ((one.url,), 2, "parity needs two sides at least"),
        ((one.url, "stagign"), 2, "stagign is no side: neither a name of the settings (there are staging) nor a file"),
        ((one.url, "staging"), 2, "the side staging is the database of $STAGING, which is not set"),
        ((one.url, "newer.json"), 2, "is of version 99"),
        ((one.url, "odd.json"), 2, "this is not a catalog snapshot"),
        ((one.url, absent_database.url), 7, "does not exist"),
        ((absent_database.url, one.url), 7, "does not exist"),
        ((one.url, "postgresql://u:s3cr3t@127.0.0.1:1/d"), 7, "127.0.0.1:1"),
        ((one.url, "--write-contract", "nowhere/x.contract"), 2, "the readiness contract cannot be written"),
        ((one.url, one.url, "--write-contract", "x.contract"), 2, "--write-contract takes one side"),
        ((one.url, "--write-contract", "x.contract", "--fix"), 2, "compares nothing"),
        ((one.url, one.url, "--fix", "--output-format", "sarif"), 2, "exclude each other"),
        ((one.url, one.url, "--map-role", "x"), 2, "is no pair of roles"),
    ]
    for words, code, said in cases:
        run = parity(*words)
        assert (run.returncode, said in run.stderr) == (code, True), (words, run.stderr)
        assert "s3cr3t" not in run.stdout + run.stderr
    settings(project, "[sides]", 'staging = "postgresql://u:topsecret@h/d"')
    run = parity(one.url, "staging")
    assert (run.returncode, "topsecret" not in run.stderr) == (2, True)
    settings(project)
    one.query("REVOKE SELECT ON pg_catalog.pg_proc FROM PUBLIC")
    run = parity(one.url, role.url)
    assert run.returncode == 7
    assert f"the role {role.name} may not read pg_proc: what stands there was not seen" in run.stderr


def test_what_is_not_seen_is_not_equal(parity, same, make_role):
    """Where a role may not see whether a sequence is behind, `equal` is null and the text says what was not seen."""
    one = same()
    one.query("INSERT INTO \"User\" (email) VALUES ('x')")
    role = make_role("reader", database=one)
    run = parity(one.url, role.url, "--json")
    data = json.loads(run.stdout)
    assert (data["equal"], run.returncode) == (None, 0), run.stdout
    assert data["sides"][1]["not_seen"] == ["where sequence public.User_id_seq stands (no USAGE or SELECT on it)"]
    run = parity(one.url, role.url)
    assert "nothing that was seen differs" in run.stdout
    assert "1 thing could not be seen" in run.stderr


def test_objects_dropped_while_they_are_read(parity, same):
    """Tables and types that come and go on both sides break no run: each side is what it was at one moment."""
    one, other = same(), same()
    over = threading.Event()

    def churn(database):
        with database.connect() as connection:
            while not over.is_set():
                connection.execute(
                    "BEGIN; CREATE TYPE passing AS ENUM ('a'); CREATE TABLE passes (id serial, p passing)"
                )
                connection.execute("CREATE VIEW passed AS SELECT id FROM passes; COMMIT")
                connection.execute("DROP TABLE passes CASCADE; DROP TYPE passing")
                over.wait(0.05)

    threads = [threading.Thread(target=churn, args=(database,)) for database in (one, other)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(3):
            run = parity(one.url, other.url, "--json")
            if run.returncode == 7:
                assert "changed while it was read" in run.stderr
                continue
            assert run.returncode in (0, 4), run.stderr
            assert all("pass" in each[3] for each in found(run)), run.stdout
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert parity(one.url, other.url).returncode == 0


def test_a_contract_leaves_out_what_is_ignored(project, parity, same):
    """Ignore rules for all sides keep their objects out of a contract; one past its day ends the writing."""
    day = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=2)
    rule = ["[[parity.ignore]]", 'object = "index public.User.*"', 'reason = "built at night"']
    settings(project, *rule, f"until = {day}")
    run = parity("migrations", "--write-contract", "x.contract", "--json")
    data = json.loads(run.stdout)
    assert (run.returncode, data["ignored"], data["made_of"], data["threshold"]) == (0, 2, "migrations", "slows")
    text = (project.path / "x.contract").read_text()
    assert "User_at_idx" not in text
    assert text.count("\n[") == data["facts"]
    settings(project, *rule, "until = 2020-02-01")
    run = parity("migrations", "--write-contract", "y.contract")
    assert (run.returncode, "ended on 2020-02-01" in run.stderr) == (4, True)
    assert not (project.path / "y.contract").exists()
