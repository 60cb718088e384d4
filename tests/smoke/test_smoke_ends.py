"""How a smoke run ends: bad input before anything starts, nothing left behind, the formats."""

import json
import os
import re
import signal
import time

import pytest
from smoke_ground import MIGRATIONS, git, smoke, with_past

from pgready.commands.smoke import self_test
from pgready.commands.smoke.context import Request
from pgready.commands.smoke.run import smoke as run
from pgready.parity.compare import differences
from pgready.project.smoke_settings import SmokeSettings
from pgready.report.story import silent

PREFIX = "pgready_smoke_"


def databases(database):
    """The names of smoke databases on the server."""
    return {
        name for (name,) in database.query(f"SELECT datname FROM pg_database WHERE starts_with(datname, '{PREFIX}')")
    }


@pytest.fixture
def project(make_project):
    """A project with a tag v1."""
    return with_past(make_project())


@pytest.mark.parametrize(
    ("words", "toml", "said"),
    [
        (["--from", "v9"], "", "Git knows no commit by the name of v9"),
        (["--only", "boots"], "", "there is no step boots"),
        (["--migrations", "nowhere"], "", "nowhere"),
        ([], "[smoke]\nreplica = 3\n", "did you mean replicas?"),
        ([], '[[smoke.services]]\nname = "a"\n', "it lacks its command"),
        ([], '[[smoke.services]]\nname = "a"\ncommand = "x"\nverb = "start"\n', "its verb is boot or wait"),
        ([], '[[smoke.services]]\nname = "a"\ncommand = "x"\nfolder = "gone"\n', "its folder gone is not there"),
        ([], '[smoke]\nlosses = [{ table = "public.x" }]\n', "it lacks its reason"),
        (["--url", "postgresql://nobody@127.0.0.1:1/x"], "", "cannot connect"),
    ],
)
def test_bad_input_is_told_before_anything_starts(project, words, toml, said):
    """One error with the next step, exit 2 (7 for a server that is not there), and no step was run."""
    if toml:
        (project.path / "pgready.toml").write_text(toml)
    ran = project.run("smoke", *words, timeout=120)
    assert ran.returncode == (7 if "--url" in words else 2), ran.stderr
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.stdout == ""


def test_a_folder_without_migrations_and_a_project_without_git(make_project):
    """Both are told by name."""
    project = make_project()
    project.migrations.mkdir(parents=True)
    ran = project.run("smoke")
    assert ran.returncode == 2
    assert "prisma/migrations" in ran.stderr
    project.migration("20240101000000_init", "CREATE TABLE a (id int);")
    ran = project.run("smoke", "--from", "v1", timeout=120)
    assert ran.returncode == 2
    assert "no Git repository" in ran.stderr


def test_a_ref_whose_migrations_fail(project):
    """A past that cannot be built is told with the server's words, and as that ref's own affair."""
    file = project.migrations / "20240101000000_init/migration.sql"
    good = file.read_text()
    file.write_text(good + "SELECT no_such_function();\n")
    git(project, "commit", "-qam", "broken")
    git(project, "tag", "broken")
    file.write_text(good)
    ran, steps = smoke(project, "--from", "broken", "--from", "v1", "--only", "upgrade")
    assert ran.returncode == 4
    headline = steps["upgrade"]["text"]
    assert "broken: its own migrations fail" in headline
    assert headline not in steps["upgrade"]["details"], "nothing is said twice"
    assert "v1: 2 migrations" in "\n".join(steps["upgrade"]["details"])


def test_a_migration_that_fails_everywhere(project):
    """The first step is red with place and caret, the steps that need its database are skipped and say so."""
    project.migration("20240104000000_bad", 'ALTER TABLE "Nobody" ADD "x" int;\n')
    ran, steps = smoke(project)
    assert ran.returncode == 4
    assert steps["replicas"]["state"] == "failed"
    assert 'relation "Nobody" does not exist' in "\n".join(steps["replicas"]["details"])
    assert steps["self-test"]["state"] == "skipped"
    assert "replicas failed" in steps["self-test"]["text"]


@pytest.mark.matrix
def test_on_a_server_that_is_given(project, database, make_role):
    """A role that may create databases is enough; its databases are gone afterwards, those of a killed run too."""
    role = make_role("smoker", options="CREATEDB")
    left = f"{PREFIX}0000abcd_fresh"
    with role.connect() as connection:
        connection.execute(f"CREATE DATABASE {left}")
    ran, steps = smoke(project, "--url", role.url, "--skip", "services")
    assert ran.returncode == 0, ran.stdout
    assert f"dropped {left}" in ran.stderr
    assert steps["self-test"]["data"]["not_planted"] == ["index that is not valid", "event trigger", "owner"]
    assert databases(database) == set()
    assert role.password not in ran.stdout + ran.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_stopped(project, database, number):
    """Ctrl-C leaves nothing behind; what SIGKILL leaves goes with the next run, and no child outlives either."""
    running = project.start("smoke", "--url", database.url, "--only", "replicas", "--only", "crash")
    deadline = time.monotonic() + 60
    while not databases(database):
        assert time.monotonic() < deadline
        assert running.poll() is None
    running.send_signal(number)
    running.communicate(timeout=60)
    assert running.returncode == (130 if number == signal.SIGINT else -number)
    if number == signal.SIGKILL:
        ran, _ = smoke(project, "--url", database.url, "--only", "self-test")
        assert ran.returncode == 0, ran.stdout + ran.stderr
    assert databases(database) == set()


def test_formats(project, tmp_path):
    """People's, Markdown's, GitHub's and the page's; the step summary is added to."""
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    page = tmp_path / "smoke.html"
    env = {"GITHUB_STEP_SUMMARY": str(summary)}
    ran = project.run(
        "smoke", "--only", "self-test", "--output-format", "github", "--html", str(page), env=env, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    assert "::notice title=pgready smoke::1 step ok, 7 skipped" in ran.stdout
    text = summary.read_text()
    assert text.startswith("before\n### pgready smoke: 1 step ok")
    assert "| ✅ | self-test: planted faults are found |" in text
    assert "planted faults are found" in page.read_text()
    assert 'id="migrations"' in page.read_text()
    assert f"{len(MIGRATIONS)} migrations on the fresh database" in page.read_text()
    ran = project.run("smoke", "--only", "parity", timeout=120)
    assert re.search(r"^✓ parity +[\d.]+ m?s +the schema = a fresh boot$", ran.stdout, re.MULTILINE)
    assert re.search(r"^- crash +not asked for$", ran.stdout, re.MULTILINE)
    assert "1 step ok, 7 skipped" in ran.stderr
    ran = project.run("smoke", *(word for name in STEPS for word in ("--skip", name)), "--json", timeout=120)
    assert ran.returncode == 4
    assert json.loads(ran.stdout)["ok"] is False


STEPS = ("replicas", "upgrade", "parity", "crash", "models", "prove", "services", "self-test")


def test_no_child_sees_the_projects_own_databases(project):
    """Whatever `.env` and the environment name, what boots and serves gets the smoke run's URL under every name."""
    (project.path / ".env").write_text(
        "DATABASE_URL=postgresql://x@production.invalid/x\nDIRECT_URL=postgresql://x@production.invalid/y\n"
        "PGREADY_DIRECT_URL=postgresql://x@production.invalid/z\n"
    )
    code = (
        "import os, time; print('urls', [v for v in os.environ.values() if 'invalid' in v], flush=True); time.sleep(60)"
    )
    (project.path / "show.py").write_text(code)
    (project.path / "pgready.toml").write_text(
        '[[smoke.services]]\nname = "show"\ncommand = "python show.py"\nsays = "urls \\\\[\\\\]"\ntimeout = "20s"\n'
    )
    env = {"PGHOST": "production.invalid", "SHADOW_DATABASE_URL": "postgresql://x@production.invalid/s"}
    ran, steps = smoke(project, "--only", "replicas", "--only", "services", env=env)
    assert ran.returncode == 0, ran.stdout
    assert steps["services"]["state"] == "ok"
    assert os.path.exists(project.path / ".env")


@pytest.mark.matrix
def test_the_self_test_on_every_version(project, database):
    """As superuser every fault can be planted, and each is found."""
    ran, steps = smoke(project, "--url", database.url, "--only", "self-test")
    assert ran.returncode == 0, ran.stdout
    data = steps["self-test"]["data"]
    assert data["planted"] == data["found"] == 41
    assert data["not_planted"] == []


@pytest.mark.parametrize("kind", ["policy", "check", "foreign key", "index", "trigger", "event trigger", "comment"])
def test_a_parity_that_is_blind_fails_its_self_test(project, database, monkeypatch, kind):
    """Were a class of objects not compared, the self-test would be red and name it."""
    monkeypatch.chdir(project.path)
    monkeypatch.setattr(
        self_test, "differences", lambda *sides: [d for d in differences(*sides) if d.address[0] != kind]
    )
    monkeypatch.setattr(self_test, "unwell", lambda *_: [])
    request = Request(refs=(), replicas=2, rows=1, seed="x", url=database.url, only=("self-test",))
    result, _ = run(request, SmokeSettings(), {}, silent)
    (step,) = [one for one in result.steps if one.name == "self-test"]
    assert step.state == "failed"
    assert any(line.startswith(f"not found: {kind}") for line in step.lines), step.lines
