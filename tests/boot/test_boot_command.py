"""CMD gets the process as it would have been without pgready: its environment, arguments and place."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = str(Path(__file__).parents[2] / "src")


@pytest.mark.parametrize("given", [{}, {"LC_CTYPE": "C.UTF-8"}, {"LANG": "C"}])
def test_environment_is_handed_on_unchanged(database, make_project, given):
    """Not even the LC_CTYPE that Python adds to its own environment in the C locale reaches CMD."""
    project = make_project(migrations={"1_one": "CREATE TABLE a (id int)"})
    environ = {"DATABASE_URL": database.url, "PATH": os.environ["PATH"], **given}
    code = f"import sys; sys.path.insert(0, {SOURCE!r}); import pgready.__main__"
    command = [sys.executable, "-I", "-c", code, "boot", "-q", "--", "/usr/bin/env", "-0"]
    for _ in range(2):  # the full path, then the fast one
        done = subprocess.run(command, cwd=project.path, env=environ, capture_output=True, text=True, check=True)
        seen = dict(line.split("=", 1) for line in done.stdout.split("\0") if line)
        assert seen == environ
