"""Asking Git: output or None, whatever went wrong, and never a lock of its index."""

from __future__ import annotations

import os
import subprocess


def git(folder: str, *words: str, seconds: float = 60.0) -> bytes | None:
    """What Git says, None for an error, and where there is no Git or it takes too long."""
    try:
        run = subprocess.run(
            ["git", "-C", folder, *words],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return run.stdout if run.returncode == 0 else None
