"""`boot --verify parity`: a history that reads well is not enough; what the schema needs is asked for, each time."""

import json
import os
import subprocess
import sys

import pytest

import pgready
from pgready.errors import NotInParity, UsageInvalid

pytestmark = pytest.mark.matrix

INIT = """
CREATE TYPE "mood" AS ENUM ('sad', 'happy');
CREATE TABLE "user" (id serial PRIMARY KEY, email varchar(60) NOT NULL, note text, mood "mood" NOT NULL DEFAULT 'sad');
CREATE UNIQUE INDEX user_email_key ON "user" (email);
CREATE INDEX user_note_idx ON "user" (note);
CREATE TABLE "order" (id int PRIMARY KEY, user_id int NOT NULL REFERENCES "user" (id), CHECK (id > 0));
CREATE VIEW "seen" AS SELECT id FROM "user";
CREATE FUNCTION "one"(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
"""
READY = (sys.executable, "-c", "print('served')")
LACKS = [
    ("DROP VIEW seen", "breaks    view public.seen is missing: whatever reads it fails"),
    ("DROP FUNCTION one", "breaks    function public.one(integer) is missing"),
    ('ALTER TABLE "user" DROP note', "breaks    column public.user.note is missing"),
    ('ALTER TABLE "user" ALTER email TYPE varchar(50)', "type: character varying(50), reference character varying(60)"),
    ('ALTER TABLE "user" ALTER email DROP NOT NULL', "opens     not null public.user.email is missing"),
    ('ALTER TABLE "user" ALTER note SET NOT NULL', "breaks    not null public.user.note is not in the reference"),
    ('ALTER TABLE "user" ALTER mood DROP DEFAULT', "breaks    default public.user.mood is missing"),
    ("DROP INDEX user_note_idx", "slows     index public.user.user_note_idx is missing"),
    ('DROP INDEX user_email_key; CREATE INDEX user_email_key ON "user" (email)', "opens     index public.user.user_email_key differs"),
    ("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'user_note_idx'::regclass", "slows     index public.user.user_note_idx is not valid"),
    ('ALTER TABLE "order" DROP CONSTRAINT order_user_id_fkey', "opens     foreign key public.order.order_user_id_fkey is missing"),
    ('ALTER TABLE "order" DROP CONSTRAINT order_id_check', "opens     check public.order.order_id_check is missing"),
    ('DROP TABLE "order"', "breaks    table public.order is missing: whatever reads or writes it fails"),
]  # fmt: skip
MORE = """
ALTER TYPE "mood" ADD VALUE 'calm';
ALTER TABLE "user" ALTER email TYPE text, ADD more int, ALTER note SET DEFAULT 'x';
CREATE INDEX more_idx ON "user" (more); CREATE TABLE extra (id int); CREATE SCHEMA extra;
CREATE VIEW v2 AS SELECT 1 AS one; CREATE FUNCTION "one"(a text) RETURNS int LANGUAGE sql AS 'SELECT 1';
"""


@pytest.fixture
def project(make_project):
    """A project with its contract beside the migrations."""
    project = make_project(migrations={"1_init": INIT})
    run = project.run("parity", "--write-contract", "prisma/readiness.contract")
    assert run.returncode == 0, run.stderr
    return project


@pytest.fixture
def inside(project, monkeypatch):
    """`inside(url)`: a boot that verifies parity, in this process."""
    for name in [name for name in os.environ if name.startswith(("PG", "DATABASE")) and "TEST" not in name]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(project.path)
    return lambda url: pgready.boot(url=url, verify="parity")


def boot(project, url, *flags, verb="boot", env=None):
    """A boot that verifies parity."""
    return project.run(verb, "--verify", "parity", *flags, "--", *READY, url=url, env=env)


def test_what_is_lacking_is_refused(project, make_database, inside):
    """Each lack alone keeps the service from starting, told with weight, reason and the next command; exit 4."""
    database = make_database()
    for sql, words in LACKS:
        assert inside(database.url).total == 1
        database.query(sql)
        with pytest.raises(NotInParity) as caught:
            inside(database.url)
        assert words in caught.value.detail, (sql, caught.value.detail)
        pgready.boot(url=database.url)  # the history reads well
        database.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def test_how_it_is_told(project, make_database):
    """boot and wait exit 4 and start nothing; --json has the findings; no password is shown."""
    database = make_database()
    assert boot(project, database.url).stdout == "served\n"
    assert boot(project, database.url).stdout == "served\n"
    database.query('ALTER TABLE "user" DROP note')
    for verb in ("boot", "wait"):
        run = boot(project, database.url, verb=verb)
        assert (run.returncode, run.stdout) == (4, ""), run.stderr
        assert "error: the database lacks what prisma/readiness.contract needs: 2 differences" in run.stderr
        assert "breaks    column public.user.note is missing: whatever reads or writes it fails" in run.stderr
        assert 'pgready parity migrations "$DATABASE_URL" --fix' in run.stderr
        assert "s3cr3t" not in run.stderr
    data = json.loads(boot(project, database.url, "--json").stdout)
    assert [one["object"] for one in data["error"]["findings"]] == ["column public.user.note", "index public.user.user_note_idx"]  # fmt: skip
    assert data["error"]["exit_code"] == 4


def test_ahead_is_ready(project, make_database):
    """A database that has more, and one that newer migrations made stricter, is ready."""
    database = make_database()
    assert boot(project, database.url).returncode == 0
    database.query(MORE)
    run = boot(project, database.url)
    assert (run.returncode, run.stdout) == (0, "served\n"), run.stderr
    assert "the database has what prisma/readiness.contract needs: " in run.stderr
    database.query('ALTER TABLE "user" ALTER note SET NOT NULL')
    assert boot(project, database.url).returncode == 4
    database.query(
        "INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count)"
        " VALUES ('x', 'x', now(), '2_newer', now(), 1)"
    )
    run = boot(project, database.url)
    assert (run.returncode, run.stdout) == (0, "served\n"), run.stderr


def test_settings_and_threshold(project, make_database):
    """The setting, the variable and the flag say the same; a lighter threshold of the contract lets a lack pass."""
    database = make_database()
    (project.path / "pgready.toml").write_text('verify = "parity"\nreadiness_contract = "prisma/readiness.contract"\n')
    assert project.run("boot", "--", *READY, url=database.url).returncode == 0
    database.query("DROP INDEX user_note_idx")
    assert project.run("boot", "--", *READY, url=database.url).returncode == 4
    assert project.run("boot", "--verify", "history", "--", *READY, url=database.url).returncode == 0
    assert project.run("boot", "--", *READY, url=database.url, env={"PGREADY_VERIFY": "history"}).returncode == 0
    project.run("parity", "--write-contract", "prisma/readiness.contract", "--threshold", "opens")
    run = project.run("boot", "--", *READY, url=database.url)
    assert (run.returncode, run.stdout) == (0, "served\n"), run.stderr
    assert "1 lighter difference" in run.stderr
    run = project.run("boot", "--verify", "all", "--", *READY, url=database.url)
    assert run.returncode == 2
    run = project.run("boot", "--", *READY, url=database.url, env={"PGREADY_VERIFY": "pariti"})
    assert (run.returncode, "takes history or parity" in run.stderr, "parity" in run.stderr) == (2, True, True)


def test_a_contract_that_cannot_be_used(project, make_database):
    """Missing, broken, of another version or stale: refused by name before anything is migrated."""
    database = make_database()
    path = project.path / "prisma/readiness.contract"
    good = path.read_text()
    cases = [
        (None, "there is none: No such file or directory"),
        (good[:200], "the readiness contract"),
        (good.replace("contract 1\n", "contract 7\n"), "is of version 7, and this pgready reads 1"),
    ]
    for content, words in cases:
        path.unlink()
        if content is not None:
            path.write_text(content)
        run = boot(project, database.url)
        assert (run.returncode, run.stdout, words in run.stderr) == (2, "", True), run.stderr
        assert "next: " in run.stderr
        assert "pgready parity migrations --write-contract prisma/readiness.contract" in run.stderr
        path.write_text(good)
    project.migration("2_more", 'ALTER TABLE "user" ADD later int')
    run = boot(project, database.url)
    assert (run.returncode, "is stale: it was made of another migrations folder" in run.stderr) == (2, True), run.stderr
    assert database.query("SELECT count(*) FROM pg_class WHERE relname = 'user'") == [(0,)]
    assert boot(project, database.url, "--readiness-contract", "nowhere").returncode == 2
    again = project.run("parity", "--write-contract", "prisma/readiness.contract")
    first = path.read_text()
    assert again.returncode == 0
    project.run("parity", "migrations", "--write-contract", "prisma/readiness.contract")
    assert path.read_text() == first != good
    assert boot(project, database.url).returncode == 0


def test_a_role_without_privileges(project, make_database, make_role):
    """A role that may only read the migrations table is enough; one that may not read a catalog is told so."""
    database = make_database()
    assert boot(project, database.url).returncode == 0
    role = make_role("reader", database=database)
    database.query(f"GRANT SELECT ON _prisma_migrations TO {role.name}")
    run = boot(project, role.url, verb="wait")
    assert (run.returncode, run.stdout) == (0, "served\n"), run.stderr
    database.query("REVOKE SELECT ON pg_catalog.pg_constraint FROM PUBLIC")
    run = boot(project, role.url, verb="wait")
    assert (run.returncode, run.stdout) == (7, "")
    assert f"the role {role.name} may not read pg_constraint: what stands there was not seen" in run.stderr


def test_in_process(project, make_database, inside):
    """`pgready.boot(verify="parity")` returns, or raises what the command line tells."""
    database = make_database()
    assert inside(database.url).total == 1
    assert inside(database.url).applied == []
    database.query("DROP VIEW seen")
    with pytest.raises(NotInParity) as caught:
        inside(database.url)
    assert caught.value.exit_code == 4
    assert [one["object"] for one in caught.value.findings] == ["view public.seen"]
    (project.path / "prisma/readiness.contract").unlink()
    with pytest.raises(UsageInvalid):
        inside(database.url)


def test_what_a_boot_imports(project, make_database):
    """Without it the fast path imports nothing of parity's; with it neither json nor a catalog, and no click."""
    database = make_database()
    assert boot(project, database.url).returncode == 0
    code = (
        "import sys; sys.path[:0] = [sys.argv[1], *sys.argv[2].split(':')]; from pgready.commands import fast_path;"
        "found = fast_path.look({'verify': sys.argv[3]}, dict(__import__('os').environ), __import__('os').getcwd())[0];"
        "print(found is not None and found.ready, *sorted(sys.modules))"
    )
    site = ":".join(one for one in sys.path if one.endswith("-packages"))
    source = os.path.dirname(os.path.dirname(pgready.__file__))
    loaded = {}
    for verify in ("history", "parity"):
        run = subprocess.run(
            [sys.executable, "-I", "-S", "-c", code, source, site, verify], capture_output=True, text=True, check=True,
            cwd=project.path, env=project.env(database.url),
        )  # fmt: skip
        ready, *modules = run.stdout.split()
        assert ready == "True"
        loaded[verify] = set(modules)
    assert not any("parity" in name or "contract" in name for name in loaded["history"])
    more = loaded["parity"] - loaded["history"]
    assert {name for name in more if not name.startswith("pgready")} <= {"_sha256", "_sha2"}
    assert len({name for name in more if name.startswith("pgready")}) <= 5, more
