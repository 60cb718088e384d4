"""A CMD that cannot run is told before anything is migrated: an image that cannot start must not touch the database."""

import os

import pytest
from untouched import snapshot

ONE = {"1_one": "CREATE TABLE one (id int);"}


def _file(project, text, mode=0o755):
    (project.path / "cmd").write_bytes(text)
    os.chmod(project.path / "cmd", mode)
    return "./cmd"


CASES = {
    "not in PATH": (lambda p: "no-such-command", 127, "command not found in PATH: no-such-command"),
    "no such file": (lambda p: "./no-such-file", 127, "command not found: ./no-such-file"),
    "empty": (lambda p: "", 127, "the command is empty"),
    "link to nowhere": (lambda p: os.symlink("nowhere", p.path / "cmd") or "./cmd", 127, "./cmd is a symbolic link to nowhere"),
    "not executable": (lambda p: _file(p, b"#!/bin/sh\n", 0o644), 126, "./cmd is not executable"),
    "a folder": (lambda p: "./prisma", 126, "./prisma is a directory"),
    "bad shebang": (lambda p: _file(p, b"#!/no/such/sh\n"), 126, "./cmd wants the interpreter /no/such/sh, which is not there"),
    "no shebang": (lambda p: _file(p, b"echo served\n"), 126, "./cmd has no #! line"),
    "empty file": (lambda p: _file(p, b""), 126, "./cmd is empty: the kernel cannot execute it"),
    "CRLF shebang": (lambda p: _file(p, b"#!/bin/sh\r\necho served\r\n"), 126, "./cmd has Windows line endings"),
}  # fmt: skip


@pytest.mark.parametrize("verb", ["boot", "wait"])
@pytest.mark.parametrize("case", CASES)
def test_a_cmd_that_cannot_run_is_told_before_migrating(case, verb, database, make_project):
    """126 or 127 as the shell has it, the reason, and an untouched database."""
    make, code, words = CASES[case]
    project = make_project(migrations=ONE)
    before = snapshot(database)
    done = project.run(verb, "--", make(project), url=database.url)
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert f"error: {words}" in done.stderr
    assert "next: " in done.stderr
    assert snapshot(database) == before


@pytest.mark.parametrize("case", CASES)
def test_a_cmd_that_cannot_run_is_told_when_the_database_is_ready(case, database, make_project):
    """The no-op boot tells the same, with the same code."""
    make, code, words = CASES[case]
    project = make_project(migrations=ONE)
    assert project.run("migrate", "deploy", url=database.url).returncode == 0
    done = project.run("boot", "--", make(project), url=database.url)
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert f"error: {words}" in done.stderr


def test_a_script_with_a_good_shebang_runs(database, make_project):
    """The check is no obstacle: a script runs with its arguments, in its folder."""
    project = make_project(migrations=ONE)
    cmd = _file(project, b'#!/bin/sh\necho "$0 $1 $PWD"\nexit 3\n')
    done = project.run("boot", "--", cmd, "a b", url=database.url)
    assert (done.returncode, done.stdout) == (3, f"./cmd a b {project.path}\n"), done.stderr


@pytest.mark.parametrize("words", [("boot",), ("boot", "--"), ("wait", "--")])
def test_no_command_is_a_usage_error(words, database, make_project):
    """Exit 2 with the form to write."""
    done = make_project(migrations=ONE).run(*words, url=database.url)
    assert done.returncode == 2, done.stderr
    assert f"next: pgready {words[0]} -- CMD" in done.stderr
