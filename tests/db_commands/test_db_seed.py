"""`pgready db seed`: where the command is found, how it is cut into words, what it is given, how it ends."""

import json
import os
import signal
import sys

import pytest

from pgready.errors import UsageInvalid
from pgready.project.seed import find_seed

URL = "postgresql://app:pa55@127.0.0.1:1/db"


@pytest.fixture
def project(make_project):
    """A project with a program that prints its arguments and its URL."""
    project = make_project()
    (project.path / "say.py").write_text(
        "import json, os, sys\nprint(json.dumps([*sys.argv[1:], os.environ.get('DATABASE_URL')]))\n"
    )
    return project


def _toml(project, value):
    (project.path / "pgready.toml").write_text(f"seed = {value}\n")


def test_words_as_a_shell_writes_them_or_as_a_list(project):
    """Quotes count in our own setting; what follows -- is passed on; the URL is handed over."""
    for value in (f"\"{sys.executable} say.py 'a b'\"", f'["{sys.executable}", "say.py", "a b"]'):
        _toml(project, value)
        done = project.run("db", "seed", "--", "--more", "c d", url=URL)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == ["a b", "--more", "c d", URL]
        assert "pa55" not in done.stderr


def test_where_it_is_found(project):
    """package.json, above it prisma.config.ts, above that pgready.toml; cut at spaces as Prisma does."""
    found = []
    (project.path / "package.json").write_text(json.dumps({"prisma": {"seed": 'node  "a b" c\\ d'}}))
    found.append(find_seed({}, {}, str(project.path)))
    (project.path / "prisma.config.ts").write_text('export default { migrations: { seed: "tsx seed.ts" } }\n')
    found.append(find_seed({}, {}, str(project.path)))
    _toml(project, '"python seed.py"')
    found.append(find_seed({}, {}, str(project.path)))
    assert [one.words for one in found] == [
        ("node", '"a', 'b"', "c d"),
        ("tsx", "seed.ts"),
        ("python", "seed.py"),
    ]
    assert [one.source for one in found] == ["package.json: prisma.seed", "prisma.config.ts:1", "pgready.toml: seed"]


def test_a_package_above_the_folder_counts(project):
    """As Prisma, the nearest package.json; one without a seed ends the search."""
    (project.path / "package.json").write_text(json.dumps({"prisma": {"seed": "node seed.js"}}))
    inner = project.path / "services" / "one"
    inner.mkdir(parents=True)
    assert find_seed({}, {}, str(inner)).words == ("node", "seed.js")
    (inner / "package.json").write_text("{}")
    assert find_seed({}, {}, str(inner)) is None


@pytest.mark.parametrize("value", ['"a && b"', '"a | b"', '""', "[]", "7", '"a \'b"'])
def test_what_is_no_command(project, value):
    """Shell text, nothing, something else: refused, and not half run."""
    _toml(project, value)
    with pytest.raises(UsageInvalid):
        find_seed({}, {}, str(project.path))
    assert project.run("db", "seed", url=URL).returncode == 2


def test_none_is_told(project):
    """A computed one is none."""
    (project.path / "prisma.config.ts").write_text("export default { migrations: { seed: run() } }\n")
    done = project.run("db", "seed", url=URL)
    assert done.returncode == 2
    assert "no seed command" in done.stderr


def test_the_variables(project):
    """Those of .env, and the URL under the project's own name too; the environment's own win."""
    (project.path / ".env").write_text(f"DATABASE_URL={URL}\nOTHER=file\nTHIRD=file\n")
    seed = find_seed({}, {"THIRD": "environment"}, str(project.path)) or None
    assert seed is None
    _toml(project, '"x"')
    seed = find_seed({}, {"THIRD": "environment"}, str(project.path))
    assert seed.environ == {"DATABASE_URL": URL, "OTHER": "file"}
    assert "pa55" not in repr(seed)
    project.write_schema('datasource db {\n  provider = "postgresql"\n  url = env("APP_URL")\n}\n')
    seed = find_seed({"url": URL + "2"}, {"APP_URL": URL}, str(project.path))
    assert seed.environ["APP_URL"] == seed.environ["DATABASE_URL"] == URL + "2"


def test_programs_of_node_modules_are_found(project):
    """As npx does: tsx need not be on PATH."""
    folder = project.path / "node_modules/.bin"
    folder.mkdir(parents=True)
    (folder / "tsx").write_text(f'#!/bin/sh\nexec "{sys.executable}" say.py "$@"\n')
    (folder / "tsx").chmod(0o755)
    (project.path / "package.json").write_text(json.dumps({"prisma": {"seed": "tsx seed.ts"}}))
    done = project.run("db", "seed", "--json", url=URL)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"seeded": True, "source": "package.json: prisma.seed"}
    assert '["seed.ts"' in done.stderr


def test_its_end_is_told(project):
    """Its exit code, its signal, and a program that is not there."""
    _toml(project, '["sh", "-c", "exit 4"]')
    done = project.run("db", "seed", url=URL)
    assert (done.returncode, "exit code 4" in done.stderr) == (6, True)
    _toml(project, '["sh", "-c", "kill -9 $$"]')
    done = project.run("db", "seed", url=URL)
    assert (done.returncode, "SIGKILL" in done.stderr) == (6, True)
    _toml(project, '"no-such-program"')
    assert project.run("db", "seed", url=URL).returncode == 127


def test_a_signal_ends_it_too(project):
    """SIGTERM reaches the seed, which may clean up; then pgready ends as told."""
    (project.path / "slow.sh").write_text("trap 'echo cleaned; exit 0' TERM\necho up\nwhile :; do sleep 0.05; done\n")
    _toml(project, '"sh slow.sh"')
    process = project.start("db", "seed", url=URL)
    assert process.stdout.readline() == "up\n"
    os.kill(process.pid, signal.SIGTERM)
    out, _ = process.communicate(timeout=60)
    assert (out, process.returncode) == ("cleaned\n", 128 + signal.SIGTERM)
