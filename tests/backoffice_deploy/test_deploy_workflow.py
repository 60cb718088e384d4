"""Every `run:` step of the platform's workflow, as it stands: green on the platform, red on what is planted.

Left out is what has a package index in it (the step named Install): the packages are those of this environment. The
matrix is tried with its first value, on a server of the version that the run has.
"""

import os
import shutil
import sys

import psycopg
import pytest
import yaml
from dockerfiles import BACKOFFICE, context
from workflow import Runner, git

WORKFLOW = yaml.safe_load((BACKOFFICE / ".github/workflows/database.yaml").read_text())
LAST = "20250310090000_roles_and_grants"


@pytest.fixture
def checkout(tmp_path):
    """The example as a repository: a release without the newest migration, and a commit with it."""
    folder = tmp_path / "work" / "backoffice"
    folder.parent.mkdir()
    context(folder)
    newest = folder / "prisma/migrations" / LAST
    shutil.move(newest, tmp_path / LAST)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "a release")
    git(folder, "tag", "v1.0.0")
    shutil.move(tmp_path / LAST, newest)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "a change")
    return folder


@pytest.fixture
def runner(checkout, make_server):
    """A machine as GitHub gives one: with a PostgreSQL on a port of its own, whose superuser has the job's password."""
    made = WORKFLOW["jobs"]["database"]["services"]["postgres"]
    server = make_server(password=made["env"]["POSTGRES_PASSWORD"])
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {made['env']['POSTGRES_DB']}".encode())
    meanings = {"job.services.postgres.ports['5432']": str(server.port)}
    meanings["matrix.postgres"] = WORKFLOW["jobs"]["database"]["strategy"]["matrix"]["postgres"][0]
    return Runner(checkout, meanings, f"{os.path.dirname(sys.executable)}:/usr/local/bin:/usr/bin:/bin")


def steps(job):
    """The steps to run; every one that is left out says why."""
    return [step for step in WORKFLOW["jobs"][job]["steps"] if "run" in step and step["name"] != "Install"]


@pytest.mark.parametrize("job", ["schema", "database"])
def test_steps_are_green(runner, job):
    """The platform passes every step of the job."""
    runner.begin(WORKFLOW["jobs"][job])
    for step in steps(job):
        done = runner.run(step)
        print(f"{step['name']}: {done.returncode}")
        assert done.returncode == 0, f"{step['name']}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


MIGRATION = "prisma/migrations/20250401090000_planted/migration.sql"
FAULTS = {
    "The schema is valid, and formatted": ("prisma/tagging.prisma", "model Tag {", "model Tag {\n  colour Strin?\n"),
    "The models are the schema's": ("prisma/tagging.prisma", "model Tag {", "model Tag {\n  colour String?\n"),
    "New migrations stall nobody and break nothing that runs": (
        MIGRATION, None, "CREATE INDEX planted ON financial.invoices (total);"
    ),
    "The schema is what the migrations make": (MIGRATION, None, "DROP INDEX tagging.tags_created_at_idx;"),
    "Cold start, three replicas at once": (MIGRATION, None, "SELECT 1 FROM nowhere;"),
    "Schema and indexes are what the migrations make": (MIGRATION, None, "DROP INDEX tagging.tags_created_at_idx;"),
    "An image's own check says so, too": (MIGRATION, None, "DROP INDEX tagging.tags_created_at_idx;"),
    "From the last release, with rows; crashes; models; self-test": (
        MIGRATION, None, "DELETE FROM tagging.taggings;"
    ),
    "Every list reads a bounded part of its index at production's size": (
        MIGRATION, None, "DROP INDEX financial.invoices_created_at_idx;"
    ),
}  # fmt: skip


def test_every_step_has_a_fault():
    """No step is green whatever happens: what only sets the scene is named here."""
    scenes = {"The release that runs", "Roles, as an administrator makes them", "trading-svc brings its own history"}
    assert {step["name"] for job in WORKFLOW["jobs"] for step in steps(job)} == set(FAULTS) | scenes


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_turns_a_step_red(runner, checkout, name):
    """The step that is there for it fails; what sets the scene before it does not."""
    job = next(job for job in WORKFLOW["jobs"] if any(step["name"] == name for step in steps(job)))
    file, old, new = FAULTS[name]
    target = checkout / file
    target.parent.mkdir(exist_ok=True)
    target.write_text(target.read_text().replace(old, new, 1) if old else new)
    git(checkout, "add", "-A")
    git(checkout, "commit", "-qm", "a fault")
    runner.begin(WORKFLOW["jobs"][job])
    for step in steps(job):
        if step["name"] == name:
            done = runner.run(step)
            assert done.returncode != 0, done.stdout
            assert "Traceback" not in done.stdout + done.stderr
            return
        if step["name"] in (
            "The release that runs",
            "Roles, as an administrator makes them",
            "Cold start, three replicas at once",
        ):
            assert runner.run(step).returncode == 0
