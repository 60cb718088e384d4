"""The text that a migration had when it was applied, as far as Git still has it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

from pgready.project.surprises import quoted

_SECONDS = 10.0
_COMMITS = 50


def way_back(path: str, is_it: Callable[[bytes], bool]) -> str:
    """The command that restores `path` with the newest text in Git's history that `is_it`; "" if there is none."""
    folder, name = os.path.split(os.path.abspath(path))
    while not os.path.isdir(folder):  # the migration's own folder may be gone
        folder, last = os.path.split(folder)
        name = os.path.join(last, name)
        if not last:
            return ""
    listed = _git(folder, "log", "--all", f"--max-count={_COMMITS}", "--format=%h", "--", name)
    for commit in (listed or b"").decode("ascii", "replace").split():
        text = _git(folder, "show", f"{commit}:./{name}")
        if text is not None and is_it(text):
            return f"git restore --source {commit} -- {quoted(path)}"
    return ""


def _git(folder: str, *words: str) -> bytes | None:
    """What Git says, None for an error, and where there is no Git or it takes too long."""
    try:
        run = subprocess.run(
            ["git", "-C", folder, *words],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return run.stdout if run.returncode == 0 else None
