"""`pgready migrate dev` as a process: exit codes, JSON, questions on a terminal, signals."""

import json
import os
import pty
import select
import signal
import subprocess
import time

import pytest
from developing import DATASOURCE

USER = "model User {\n  id    Int    @id @default(autoincrement())\n  email String @unique\n}\n"
LOCK = "SELECT pg_advisory_xact_lock(72707369)"
SECONDS = 60


@pytest.fixture
def dev(make_project, database):
    """`dev(*words, schema=…)`: run `pgready migrate dev WORDS --shadow server` to the end."""
    project = make_project()

    def run(*words, schema=None):
        if schema is not None:
            project.write_schema(DATASOURCE + schema)
        return project.run("migrate", "dev", "--shadow", "server", *words, url=database.url)

    run.project = project
    return run


def test_exit_codes_and_json(dev, database):
    """0 done, 3 declined, 4 drift; the JSON says all that is told."""
    made = dev("--name", "init", "--json", schema=USER)
    assert made.returncode == 0, made.stderr
    said = json.loads(made.stdout)
    assert (said["created"], said["ready"]) == (said["applied"][0], True)
    assert said["created"].endswith("_init")
    assert [each["kind"] for each in said["changes"]] == ["CreateTable", "CreateIndex"]
    assert said["script"].startswith("-- CreateTable\n")
    database.query("INSERT INTO \"User\" (email) VALUES ('a')")
    declined = dev("--json", schema="model User {\n  id   Int    @id @default(autoincrement())\n  mail String?\n}\n")
    error = json.loads(declined.stdout)["error"]
    assert (declined.returncode, error["code"]) == (3, "data_loss")
    assert "--rename public.User.email=mail" in error["detail"]
    assert f"--confirm {database.name}" in error["then"]
    wrong = dev("--confirm", "other")
    assert (wrong.returncode, "is not the database's name" in wrong.stderr) == (3, True)
    agreed = dev("--confirm", database.name)
    assert agreed.returncode == 0, agreed.stderr
    database.query('ALTER TABLE "User" ADD x INT')
    drift = dev("--json")
    error = json.loads(drift.stdout)["error"]
    assert (drift.returncode, error["exit_code"], error["drift"][0]["name"]) == (4, 4, "public.User")
    assert [len(way["commands"]) for way in error["ways"]] == [1, 2, 1]


def test_the_embedded_server_is_the_shadow(make_project, database):
    """Where its programs are: nothing is made on the project's own server."""
    project = make_project()
    project.write_schema(DATASOURCE + USER)
    run = project.run("migrate", "dev", "--name", "a", url=database.url)
    assert run.returncode == 0, run.stderr
    assert "embedded PostgreSQL" in run.stderr


def converse(dev, database, words, answers):
    """Run on a terminal and answer each question as it comes; the exit code and all that was shown."""
    leader, follower = pty.openpty()
    command = dev.project.command("migrate", "dev", "--shadow", "server", "--no-color", *words)
    process = subprocess.Popen(
        command,
        cwd=dev.project.path,
        env=dev.project.env(database.url),
        stdin=follower,
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    shown, deadline = "", time.monotonic() + SECONDS
    pending = list(answers)
    try:
        while time.monotonic() < deadline:
            if not select.select([leader], [], [], 1)[0]:
                continue
            try:
                part = os.read(leader, 65536).decode()
            except OSError:  # the other end is closed
                break
            if not part:
                break
            shown += part
            if pending and pending[0][0] in shown.rpartition("§")[2]:
                os.write(leader, pending.pop(0)[1].encode() + b"\n")
                shown += "§"
        return process.wait(SECONDS), shown
    finally:
        process.kill()
        process.wait()
        os.close(leader)


def test_questions_on_a_terminal(dev, database):
    """The rename, what would be lost, the name: asked in this order; no to the loss writes nothing."""
    assert dev("--name", "init", schema=USER).returncode == 0
    database.query("INSERT INTO \"User\" (email) VALUES ('a')")
    dev.project.write_schema(DATASOURCE + "model Account {\n  id   Int    @id @default(autoincrement())\n}\n")
    questions = [("table public.User → Account? [y/N]:", "y"), ("all the same? [y/N]:", "n")]
    code, shown = converse(dev, database, (), questions)
    assert (code, "nothing was written" in shown) == (3, True), shown
    questions[1] = ("all the same? [y/N]:", "y")
    code, shown = converse(dev, database, (), [*questions, ("A name for the migration:", "To Accounts")])
    assert code == 0, shown
    assert [path.name[14:] for path in sorted(dev.project.migrations.glob("2*"))] == ["_init", "_to_accounts"]
    assert database.query('SELECT * FROM "Account"') == [(1,)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopped_between_writing_and_applying(dev, database, number):
    """Another process holds the lock: the file is there, said so, nothing is applied, and the next run goes on."""
    dev.project.write_schema(DATASOURCE + USER)
    with database.connect(autocommit=False) as other:
        other.execute(LOCK)
        process = dev.project.start("migrate", "dev", "--shadow", "server", "--name", "users", url=database.url)
        try:
            told = ""
            while "another process migrates" not in told:
                line = process.stderr.readline()
                assert line, told
                told += line
            process.send_signal(number)
            _, rest = process.communicate(timeout=SECONDS)
        finally:
            process.kill()
            process.communicate()
    assert process.returncode == 128 + number
    (file,) = dev.project.migrations.glob("*/migration.sql")
    assert f"{file.relative_to(dev.project.path)} is written; the next pgready migrate dev applies it" in rest
    assert database.query("SELECT to_regclass('\"User\"')") == [(None,)]
    assert database.query("SELECT count(*) FROM pg_database WHERE datname LIKE 'pgready_shadow_%'") == [(0,)]
    again = dev("--json")
    assert json.loads(again.stdout)["applied"] == [file.parent.name]


def test_killed_while_the_file_is_written(dev, database):
    """A hidden folder that is left is no migration, and goes."""
    left = dev.project.migrations / ".pgready-new"
    left.mkdir(parents=True)
    (left / "migration.sql").write_text("CREATE TAB")
    run = dev("--name", "users", schema=USER)
    assert run.returncode == 0, run.stderr
    assert not left.exists()


def test_a_folder_that_cannot_be_written(dev, database):
    """Said, and nothing is applied."""
    dev.project.migrations.parent.mkdir(exist_ok=True)
    dev.project.migrations.write_text("a file")
    run = dev(schema=USER)
    assert (run.returncode, "error:" in run.stderr) == (2, True)
    assert database.query("SELECT to_regclass('\"User\"')") == [(None,)]
