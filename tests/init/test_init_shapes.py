"""Repositories that are shaped otherwise than the five: scripts, settings, dependencies and CI."""

import subprocess
import sys

import pytest
from init_repositories import files, pgready, program
from init_shapes import MODEL, PROJECT, SCHEMA, SERVER, init, lay, prisma

from pgready.commands.init.run import Request, choose, look, planned
from pgready.embedded.launch import watchdog
from pgready.errors import UsageInvalid
from pgready.process.children import Children
from pgready.project.resolution import resolve
from pgready.project.smoke_settings import smoke_settings
from pgready.setup.prisma_calls import mended_script

# ── scripts ──


@pytest.mark.parametrize(
    ("script", "gone"),
    [
        ('set -e\nif [ -n "$M" ]; then\n  npx prisma migrate deploy\nfi\nexec "$@"\n', True),
        ('if [ 1 ]; then\n# first\nnpx prisma migrate deploy\nfi\nexec "$@"\n', True),
        ('npx prisma migrate deploy || exit 1\nexec "$@"\n', True),
        ("cd app && npx prisma migrate deploy && cd ..\nexec node x.js\n", True),
        ('(cd app && npx prisma migrate deploy)\nexec "$@"\n', False),
        ('if ! npx prisma migrate deploy; then\n  exit 1\nfi\nexec "$@"\n', False),
        ("case $1 in\nweb) npx prisma migrate deploy; exec node x.js ;;\nesac\n", False),
    ],
)
def test_a_mended_script_is_one_for_the_shell(script, gone):
    """What is left after Prisma's call is gone is read by `sh -n`; what is not understood is left alone."""
    mended = mended_script("#!/bin/sh\n" + script, "pgready", "boot")
    assert (mended is not None) is gone
    if mended is not None:
        assert "prisma migrate" not in mended
        assert "exec pgready boot -- " in mended
        done = subprocess.run(["sh", "-n"], input=mended, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr + mended


# ── which database ──


def test_several_schemas_are_a_question(tmp_path):
    """Exit 2 with their names; --schema answers it, and so do settings; the service beside the schema migrates."""
    lay(tmp_path, prisma("services/a/prisma") | prisma("services/b/prisma"))
    lay(
        tmp_path,
        {
            f"services/{name}/{file}": text
            for name in "ab"
            for file, text in (("main.py", SERVER), ("requirements.txt", ""))
        },
    )
    before = files(tmp_path)
    told = pgready(tmp_path, "init", "--yes", code=2)
    assert "services/a/prisma/schema.prisma, services/b/prisma/schema.prisma" in told.stderr
    assert "pgready init --schema services/a/prisma/schema.prisma" in told.stderr
    assert files(tmp_path) == before
    changes, _ = init(tmp_path, schema="services/b/prisma/schema.prisma")
    assert 'schema = "services/b/prisma/schema.prisma"' in changes["pgready.toml"].after
    assert '"boot"' in changes["services/b/Dockerfile"].after
    assert '"wait"' in changes["services/a/Dockerfile"].after
    assert init(tmp_path)[0] == {}
    with pytest.raises(UsageInvalid, match="no Prisma schema of this repository"):
        look(Request("1.2.3", str(tmp_path), schema="services/c"))


def test_a_generated_copy_of_the_schema_is_no_second_one(tmp_path):
    """It has no migrations."""
    lay(tmp_path, prisma() | {"src/generated/prisma/schema.prisma": SCHEMA + MODEL, "main.py": SERVER})
    assert 'schema = "prisma/schema.prisma"' in init(tmp_path)[0]["pgready.toml"].after


# ── settings that are there ──


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("name", "text", "after_key"),
    [
        ("pgready.toml", '# ours\ntimeout = "5m"  # long\n\n# below\n[smoke]\nrows = 9\n', "timeout"),
        (
            "pyproject.toml",
            '[project]\nname = "x"\n\n[tool.pgready]\nschemas = [\n  "public",\n]\n\n[tool.z]\na = 1\n',
            "]",
        ),
        ("pyproject.toml", "[tool.pgready.smoke]\nrows = 9\n", "rows"),
    ],
)
def test_settings_are_completed(name, text, after_key, end, tmp_path):
    """By what they do not say; every line of theirs stays, with its comment and its line end."""
    lay(tmp_path, prisma() | {name: text.replace("\n", end), "main.py": SERVER, "requirements.txt": ""})
    after = init(tmp_path)[0][name].after
    assert [line for line in after.split(end) if line in text.split("\n")][: text.count("\n")] == text.split("\n")[:-1]
    assert 'contracts = ["contracts"]' in after
    assert "smoke.services]]" in after
    assert after.count("\n") == after.count(end)
    assert resolve({"config": str(tmp_path / name)}, {}, str(tmp_path)).migrations
    (service,) = smoke_settings({"config": str(tmp_path / name)}, {}, str(tmp_path)).services
    assert service.command == ("python", "main.py")


def test_settings_that_cannot_take_more_are_left_alone(tmp_path):
    """And told what they lack."""
    text = "smoke = { rows = 9 }\n"
    lay(tmp_path, prisma() | {"pgready.toml": text, "main.py": SERVER})
    request = Request("1.2.3", str(tmp_path))
    plan = planned(request, look(request), choose(request, look(request)))
    assert "pgready.toml" not in [one.path for one in plan.changes]
    assert any("pgready.toml: the lines did not fit" in note for note in plan.notes)


@pytest.mark.parametrize("name", ["pgready.toml", "pyproject.toml"])
def test_settings_that_are_no_toml(name, tmp_path):
    """Are told with their place; nothing is written."""
    lay(tmp_path, prisma() | {name: 'a = 1\nb = = "x"\n', "main.py": SERVER})
    before = files(tmp_path)
    assert f"{name}:2:5" in pgready(tmp_path, "init", "--yes", code=2).stderr
    assert files(tmp_path) == before


def test_a_service_told_later_is_remembered_too(tmp_path):
    """Though the settings are there already."""
    lay(tmp_path, prisma() | {"main.py": SERVER, "requirements.txt": ""})
    init(tmp_path)
    init(tmp_path, services=("mailer=python -c pass",))
    assert 'name = "mailer"' in (tmp_path / "pgready.toml").read_text()
    assert init(tmp_path)[0] == {}


# ── smoke ──


def test_a_service_that_writes_its_words_elsewhere_has_not_ended():
    """It closed its pipes and lives: no end is told before it ended, so nobody waits for its exit code."""
    code = "import os, sys\nos.dup2(os.open(os.devnull, os.O_WRONLY), 1)\nos.dup2(1, 2)\nimport time\ntime.sleep(60)"
    with Children(watchdog) as children:
        children.start("mute", [sys.executable, "-c", code], cwd="/", env={})
        assert children.next_line(1.0) is None
        children.stop()
        line = children.next_line(10)
        assert line is not None
        assert (line.child, line.stream) == ("mute", "end")


# ── dependencies ──

WORKSPACE = PROJECT.format("root") + '[tool.uv.workspace]\nmembers = ["sv*"]\n'


@pytest.mark.parametrize(
    ("texts", "image", "ci"),
    [
        (
            {"pyproject.toml": PROJECT.format("x"), "pdm.lock": ""},
            ["COPY pyproject.toml pdm.lock ./", "pdm export --prod"],
            "(pdm export --prod --without-hashes > pdm-requirements.txt)",
        ),
        (
            {"Pipfile": "[packages]\n", "Pipfile.lock": "{}"},
            ["COPY Pipfile Pipfile.lock ./", "RUN pipenv requirements"],
            "pip install -r pipenv-requirements.txt",
        ),
        (
            {"Pipfile": "[packages]\n"},
            ["COPY Pipfile ./", "RUN pipenv lock && "],
            "(pipenv lock && pipenv requirements",
        ),
        ({"setup.py": ""}, ["COPY ./ ./", "pip install --no-cache-dir ."], "pip install ."),
        (
            {"requirements.txt": "-r base.txt\n", "base.txt": ""},
            ["COPY ./ ./", " -r requirements.txt"],
            "pip install -r req",
        ),
        (
            {"requirements/prod.txt": "x\n"},
            ["COPY requirements/prod.txt ./", " -r prod.txt"],
            "pip install -r requirements/prod.txt",
        ),
        (
            {"pyproject.toml": WORKSPACE, "uv.lock": "", "svc/pyproject.toml": PROJECT.format("svc")},
            ["COPY ./ ./", "uv sync --frozen --no-dev --no-editable --no-cache --package svc"],
            "uv export --package svc",
        ),
    ],
)
def test_dependencies_are_installed_by_what_there_is(texts, image, ci, tmp_path):
    """In the image and in CI; README.md, which builds read, is not kept from the image."""
    folder = "svc/" if "svc/pyproject.toml" in texts else ""
    lay(tmp_path, prisma() | texts | {f"{folder}main.py": SERVER})
    changes, _ = init(tmp_path)
    for line in image:
        assert line in changes[f"{folder}Dockerfile"].after
    assert ci in changes[".github/workflows/pgready.yml"].after
    assert "md" not in changes[".dockerignore"].after


# ── CI ──


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("# ours\nstages: [build, test]  # two\n\nbuild:\n  script:\n    - make\n", "test"),
        ("stages:\n  - lint\n  - ship\nlint:\n  stage: lint\n  script: make lint", "lint"),
        ("lint:\n  script: make lint\n\n\n", "test"),
        ("# nothing yet\n", "test"),
    ],
)
def test_gitlab_gets_a_job(text, stage, end, tmp_path):
    """At the end of what is there, of which every byte stays; GitLab's schema takes it."""
    lay(tmp_path, prisma() | {".gitlab-ci.yml": text.replace("\n", end), "main.py": SERVER, "requirements.txt": ""})
    changes, notes = init(tmp_path)
    after = changes[".gitlab-ci.yml"].after
    assert after.startswith(text.replace("\n", end).rstrip())
    assert f"stage: {stage}{end}" in after
    assert after.count("\n") == after.count(end)
    assert ".github/workflows/pgready.yml" not in changes
    assert notes == ()
    done = program("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", tmp_path / ".gitlab-ci.yml")
    assert done.returncode == 0, done.stdout
    if text:
        (tmp_path / ".gitlab-ci.yml").write_text(after.replace("script:", "scrpt:"))
        assert program(
            "check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", tmp_path / ".gitlab-ci.yml"
        ).returncode


def test_ci_of_others_is_told(tmp_path):
    """A workflow for GitHub would never run there; GitLab's that is not understood is left alone."""
    lay(tmp_path, prisma() | {"main.py": SERVER, ".circleci/config.yml": "version: 2.1\n"})
    changes, notes = init(tmp_path)
    assert not [path for path in changes if path.startswith(".github")]
    assert any("CircleCI" in note for note in notes)
    lay(tmp_path, {".gitlab-ci.yml": "a: [\n"})
    assert any(".gitlab-ci.yml:" in note for note in init(tmp_path)[1])
