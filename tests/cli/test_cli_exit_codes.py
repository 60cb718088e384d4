"""Every row of docs/reference/exit-codes.md is made to happen."""

import os
import re
import signal
from pathlib import Path

import pytest

pytestmark = pytest.mark.matrix

PAGE = Path(__file__).parents[2] / "docs/reference/exit-codes.md"
ONE = {"1_one": "CREATE TABLE one (id int);"}


def _run(project, database, *words, code=None):
    return project.run(*words, url=database.url).returncode


def _failing(project, database):
    project.migration("1_one", "SELECT nope;")
    return _run(project, database, "boot", "--", "true")


def _unreachable(project, database):
    return _run(project, database, "boot", "--timeout", "0", "--url", "postgresql://u@127.0.0.1:1/db", "--", "true")


def _locked(project, database):
    with database.connect() as holder:
        holder.execute("SELECT pg_advisory_lock(72707369)")
        return _run(project, database, "boot", "--timeout", "500ms", "--", "true")


def _strangers(project, database):
    database.query("CREATE TABLE legacy (id int)")
    return _run(project, database, "boot", "--", "true")


def _unformatted(project, database):
    project.write_schema('datasource db {\n provider = "postgresql"\n}\n')
    return _run(project, database, "format", "--check")


def _not_executable(project, database):
    (project.path / "cmd").write_text("#!/bin/sh\n")
    return _run(project, database, "boot", "--", "./cmd")


def _stopped(project, database):
    process = project.start("wait", "--", "true", url=database.url)
    assert "waiting for" in process.stderr.readline()
    os.kill(process.pid, signal.SIGTERM)
    process.communicate(timeout=60)
    return process.returncode - signal.SIGTERM


ROWS = {
    "0": lambda p, d: _run(p, d, "boot", "--", "true"),
    "1": lambda p, d: _run(p, d, "migrate", "status"),
    "2": lambda p, d: _run(p, d, "boot", "--timeout", "soon", "--", "true"),
    "3": lambda p, d: _run(p, d, "migrate", "resolve", "--applied", "1_one"),
    "4": _unformatted,
    "5": lambda p, d: _run(p, d, "wait", "--timeout", "500ms", "--", "true"),
    "6": _failing,
    "7": _unreachable,
    "8": _locked,
    "9": _strangers,
    "126": _not_executable,
    "127": lambda p, d: _run(p, d, "boot", "--", "mistyped-name"),
    "128 + n": _stopped,
}


def test_the_page_has_every_code():
    """The table lists exactly the codes that are tried here."""
    assert re.findall(r"^\| (\d[^|]*?) \|", PAGE.read_text(), re.MULTILINE) == list(ROWS)


@pytest.mark.parametrize("row", ROWS)
def test_each_code(row, database, make_project):
    """The example of the row ends in its code."""
    assert ROWS[row](make_project(migrations=ONE), database) == int(row.split()[0])


def test_the_code_of_cmd_is_the_code(database, make_project):
    """Once CMD runs, its code is the process's."""
    assert _run(make_project(migrations=ONE), database, "boot", "--", "sh", "-c", "exit 42") == 42
