"""The text that a migration had when it was applied, as far as Git still has it."""

from __future__ import annotations

import os
from collections.abc import Callable

from pgready.project.git import git
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
    listed = git(folder, "log", "--all", f"--max-count={_COMMITS}", "--format=%h", "--", name, seconds=_SECONDS)
    for commit in (listed or b"").decode("ascii", "replace").split():
        text = git(folder, "show", f"{commit}:./{name}", seconds=_SECONDS)
        if text is not None and is_it(text):
            return f"git restore --source {commit} -- {quoted(path)}"
    return ""
