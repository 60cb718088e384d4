"""The steps of a GitHub workflow, run here as they stand: expressions, env, GITHUB_ENV and GITHUB_STEP_SUMMARY as there."""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Runner:
    """One job on a machine: its checkout, what expressions mean, and what steps left for those after them."""

    folder: Path
    meanings: Mapping[str, str]
    path: str
    environ: dict[str, str] = field(default_factory=dict)

    def expanded(self, text: str) -> str:
        """The text without expressions; one that is not known is a fault of the workflow or of this test."""
        return re.sub(r"\$\{\{\s*(.+?)\s*\}\}", lambda found: self.meanings[found[1]], str(text))

    def begin(self, job: Mapping[str, Any]) -> None:
        """The job's own env."""
        self.environ |= {name: self.expanded(value) for name, value in job.get("env", {}).items()}

    def run(self, step: Mapping[str, Any]) -> "subprocess.CompletedProcess[str]":
        """A `run:` step in bash, with the options that GitHub gives it."""
        script = self.folder.parent / "step.sh"
        script.write_text(self.expanded(step["run"]))
        left = self.folder.parent / "github.env"
        left.write_text("")
        summary = self.folder.parent / "summary.md"
        environ = {
            "PATH": self.path, "HOME": str(self.folder.parent), "CI": "true", "GITHUB_ACTIONS": "true", "LANG": "C.UTF-8",
            "GITHUB_ENV": str(left), "GITHUB_STEP_SUMMARY": str(summary), **self.environ,
            **{name: self.expanded(value) for name, value in step.get("env", {}).items()},
        }  # fmt: skip
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
            cwd=self.folder / step.get("working-directory", "."), env=environ, capture_output=True, text=True, timeout=1200, check=False,
        )  # fmt: skip
        for line in left.read_text().splitlines():
            name, _, value = line.partition("=")
            self.environ[name] = value
        return done


def git(folder: Path, *words: str) -> None:
    """Git as somebody, whatever this machine's settings are."""
    who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"]
    environ = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", *who, *words], cwd=folder, env=environ, check=True, capture_output=True)
