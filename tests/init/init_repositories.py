"""Copies of the small repositories, and pgready run in them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent / "repositories"
SHAPES = ("single", "poetry", "uv", "pip", "monorepo")
SOURCE = str(Path(__file__).parents[2] / "src")


def copy(shape, tmp_path):
    """A repository of its own."""
    target = tmp_path / shape
    shutil.copytree(HERE / shape, target)
    return target


def pgready(folder, *words, env=None, code=None):
    """Run it; `code` is what it has to end with."""
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "DATABASE", "DIRECT"))}
    done = subprocess.run(
        [sys.executable, "-m", "pgready", *words],
        cwd=folder,
        env={**keep, "PYTHONPATH": SOURCE, **(env or {})},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert "this is a bug" not in done.stderr
    if code is not None:
        assert done.returncode == code, done.stdout + done.stderr
    return done


def program(name, *words, cwd=None):
    """A linter of the development environment."""
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])
    found = shutil.which(name, path=path)
    assert found, f"{name} is not installed: uv sync"
    env = {**os.environ, "DB_PASSWORD": "x"}
    return subprocess.run(
        [found, *map(str, words)], cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=60
    )


def files(folder):
    """Every file's bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
