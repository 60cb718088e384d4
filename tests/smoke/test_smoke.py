"""pgready smoke: each step on a project that is well, and each step red where a fault was planted."""

import sys

import pytest
from smoke_ground import MIGRATIONS, SCHEMA, files, smoke, with_past

SERVICE = """\
import http.server, os, psycopg
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            connection.execute('SELECT "title" FROM "Note"')
        self.send_response(200); self.end_headers(); self.wfile.write(b"ok")
    def log_message(self, *args): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""


def settings(project, text):
    """The project's pgready.toml."""
    (project.path / "pgready.toml").write_text(text)


def service(name, command, more=""):
    """A service of the settings."""
    return f'[[smoke.services]]\nname = "{name}"\ncommand = [{", ".join(map(repr, command))}]\n{more}\n'


@pytest.fixture
def project(make_project):
    """A project that is well, with a tag v1."""
    return with_past(make_project())


def test_a_project_that_is_well(project):
    """Every step that applies is ok, what does not apply is skipped with its reason, and no file is touched."""
    (project.path / "api.py").write_text(SERVICE)
    settings(
        project,
        'smoke = { from = ["v1"], replicas = 2 }\n'.replace("smoke = {", "[smoke]\n")
        .replace(" }", "")
        .replace(", ", "\n")
        + service("api", [sys.executable, "api.py"], 'health = "/ready"')
        + service("idle", [sys.executable, "-c", "import time; time.sleep(60)"])
        + service(
            "worker", [sys.executable, "-c", "print('working', flush=True); input()"], 'verb = "wait"\nsays = "work"'
        ).replace("input()", "import time; time.sleep(60)"),
    )
    before = files(project)
    ran, steps = smoke(project)
    states = {name: step["state"] for name, step in steps.items()}
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert states == {
        "replicas": "ok", "upgrade": "ok", "parity": "ok", "crash": "ok", "models": "skipped", "prove": "skipped",
        "services": "ok", "self-test": "ok",
    }  # fmt: skip
    assert "no generator" in steps["models"]["text"]
    assert "contracts" in steps["prove"]["text"]
    upgraded = steps["upgrade"]["data"]["from"]["v1"]
    assert upgraded["rows"] >= 40
    assert upgraded["migrations"] == list(MIGRATIONS)[1:]
    assert upgraded["empty_tables"] == []
    assert steps["parity"]["data"]["sides"] == ["schema", "a fresh boot", "upgraded from v1"]
    test = steps["self-test"]["data"]
    assert test["planted"] == test["found"] >= 40
    assert test["own_planted"] == test["own_found"] >= 5
    assert files(project) == before


def test_a_migration_that_loses_rows(project):
    """Step upgrade is red and names table, rows and migration; said in the settings with a reason, it is told only."""
    project.migration("20240104000000_tidy", 'DELETE FROM "Note" WHERE "id" % 2 = 0;\n')
    ran, steps = smoke(project, "--from", "v1", "--only", "upgrade")
    assert ran.returncode == 4
    assert steps["upgrade"]["state"] == "failed"
    told = "\n".join(steps["upgrade"]["details"])
    assert "public.Note lost 10 of 20 rows" in told
    assert "by 20240104000000_tidy" in told
    assert 'losses = [{ table = "public.Note"' in told
    settings(project, '[smoke]\nlosses = [{ table = "public.Note", reason = "half of them were tests" }]\n')
    ran, steps = smoke(project, "--from", "v1", "--only", "upgrade")
    assert ran.returncode == 0
    assert "half of them were tests" in "\n".join(steps["upgrade"]["details"])


def test_a_migration_that_only_works_without_rows(project):
    """The upgrade of a database with rows fails; the error names the script."""
    project.migration("20240104000000_must", 'ALTER TABLE "Note" ADD COLUMN "must" INTEGER NOT NULL;\n')
    ran, steps = smoke(project, "--from", "v1", "--only", "upgrade")
    assert ran.returncode == 4
    assert "with rows the upgrade fails" in steps["upgrade"]["text"]
    assert "20240104000000_must/migration.sql:1" in "\n".join(steps["upgrade"]["details"])


def test_what_is_renamed_and_moved_is_not_lost(project):
    """A table and its key are followed by what they are and not by their names."""
    project.migration(
        "20240104000000_names",
        'CREATE SCHEMA app; ALTER TABLE "Note" RENAME TO "Remark"; ALTER TABLE "Remark" RENAME COLUMN "id" TO "number";\n'
        'ALTER TABLE "Remark" SET SCHEMA app; UPDATE app."Remark" SET "body" = upper("body");\n',
    )
    ran, steps = smoke(project, "--from", "v1", "--only", "upgrade")
    assert ran.returncode == 0, ran.stdout
    assert "other values: public.Note: body" in "\n".join(steps["upgrade"]["details"])


def test_a_schema_that_the_migrations_do_not_make(project):
    """Step parity is red and names the column."""
    project.write_schema(SCHEMA.replace("title     String?", "title     String?\n  colour    String?"))
    ran, steps = smoke(project, "--only", "parity")
    assert ran.returncode == 4
    assert steps["parity"]["state"] == "failed"
    assert "column public.Note.colour missing" in "\n".join(steps["parity"]["details"])


def test_an_upgrade_that_ends_elsewhere_than_a_fresh_boot(project):
    """A migration that was edited after v1 makes another structure from nothing than on the way from v1."""
    file = project.migrations / "20240101000000_init/migration.sql"
    file.write_text(file.read_text().replace('"body" TEXT NOT NULL', '"body" VARCHAR(9) NOT NULL'))
    ran, steps = smoke(project, "--from", "v1", "--only", "upgrade", "--only", "parity")
    assert ran.returncode == 4
    assert "upgraded from v1" in steps["parity"]["text"]
    assert "column public.Note.body different" in "\n".join(steps["parity"]["details"])


def test_a_boot_that_is_not_idempotent(project):
    """A migration that forgets the history makes one more boot do everything again: step replicas is red."""
    project.migration("20240104000000_forget", "DELETE FROM _prisma_migrations WHERE migration_name LIKE '%title';\n")
    ran, steps = smoke(project, "--only", "replicas", "--only", "crash")
    assert ran.returncode == 4
    assert steps["replicas"]["state"] == "failed"
    assert "20240102000000_title" in "\n".join(steps["replicas"]["details"])
    assert steps["crash"]["state"] == "skipped"
    assert "replicas failed" in steps["crash"]["text"]


def test_a_migration_that_cannot_be_tried_again(project):
    """A script that counts on a sequence to begin at 1 fails after a crash: step crash is red with the server's words."""
    script = (
        'INSERT INTO "Account" ("email") VALUES (\'a\');\nINSERT INTO "Note" ("accountId", "body") VALUES (1, \'x\');\n'
    )
    project.migration("20240101500000_data", script)
    ran, steps = smoke(project, "--only", "crash")
    assert ran.returncode == 4
    assert steps["crash"]["state"] == "failed"
    assert "foreign key" in "\n".join(steps["crash"]["details"])


def test_a_service_that_ends(project):
    """Step services is red with its last words."""
    crash = service(
        "api", [sys.executable, "-c", "print('no such setting: COLOUR'); raise SystemExit(3)"], 'health = "/"'
    )
    settings(project, crash)
    ran, steps = smoke(project, "--only", "services")
    assert ran.returncode == 4
    assert "api ended with exit code 3" in steps["services"]["text"]
    assert "no such setting: COLOUR" in "\n".join(steps["services"]["details"])


def test_a_service_that_answers_with_errors(project):
    """It runs and never serves: red when its time is over, with what it printed."""
    (project.path / "api.py").write_text(SERVICE.replace('"title"', '"nothing"'))
    settings(project, service("api", [sys.executable, "api.py"], 'health = "/"\ntimeout = "15s"'))
    ran, steps = smoke(project, "--only", "services")
    assert ran.returncode == 4
    assert "api was not at work after 15.0 s" in steps["services"]["text"]
    assert "nothing" in "\n".join(steps["services"]["details"])


def test_a_service_that_changes_the_structure(project):
    """One that alters what the migrations made is found."""
    code = "import os, psycopg, time\nwith psycopg.connect(os.environ['DATABASE_URL']) as c:\n"
    code += "    c.execute('ALTER TABLE \"Note\" DROP COLUMN title')\nprint('up', flush=True); time.sleep(60)\n"
    (project.path / "bad.py").write_text(code)
    settings(project, service("bad", [sys.executable, "bad.py"], 'says = "up"'))
    ran, steps = smoke(project, "--only", "services")
    assert ran.returncode == 4
    assert "column public.Note.title missing" in "\n".join(steps["services"]["details"])


GENERATOR = 'generator python {\n  provider = "pgready-sqlalchemy"\n  output   = "../models"\n}\n\n'


def test_models_are_queried_and_stale_ones_found(project):
    """Fresh models each ask one query; a schema that went on without them makes the step red."""
    project.write_schema(GENERATOR + SCHEMA)
    assert project.run("generate").returncode == 0
    ran, steps = smoke(project, "--only", "models")
    assert ran.returncode == 0, ran.stdout
    assert steps["models"]["data"] == {"models": 2, "rows": 2}
    assert not list(project.path.rglob("__pycache__"))
    project.write_schema(GENERATOR + SCHEMA.replace("title     String?", "title     String? @db.VarChar(9)"))
    ran, steps = smoke(project, "--only", "models")
    assert ran.returncode == 4
    assert "pgready generate" in "\n".join(steps["models"]["details"])


def test_models_that_the_database_does_not_fit(project):
    """A model with a column that no migration makes is told by name."""
    project.write_schema(GENERATOR + SCHEMA.replace("title     String?", "title     String?\n  colour    String?"))
    assert project.run("generate").returncode == 0
    ran, steps = smoke(project, "--only", "models")
    assert ran.returncode == 4
    assert "Note" in "\n".join(steps["models"]["details"])


def test_contracts_that_do_not_hold(project):
    """Step prove is red with the contract's name, and ok once the query has its index."""
    (project.path / "contracts").mkdir()
    file = project.path / "contracts/notes.sql"
    file.write_text('-- name: by_body\nSELECT * FROM "Note" WHERE "body" = :body;\n')
    ran, steps = smoke(project, "--only", "prove")
    assert ran.returncode == 4
    assert "by_body" in "\n".join(steps["prove"]["details"])
    file.write_text('-- name: by_account\nSELECT * FROM "Note" WHERE "id" = :id;\n')
    ran, steps = smoke(project, "--only", "prove")
    assert ran.returncode == 0, ran.stdout
