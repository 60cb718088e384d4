"""Paths as CI systems read them: relative to the root of the checkout, wherever in it the command ran."""

from __future__ import annotations

import os

_ROOTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")


def in_checkout(path: str) -> str:
    """`path`, relative to where we run, as a path in the checkout; as it is where there is none, or outside of it."""
    here = os.path.realpath(os.curdir)
    root = next((one for one in _candidates() if os.path.commonpath((here, one)) == one), "") or _git_root(here)
    if not root:
        return path
    inside = os.path.relpath(os.path.realpath(path), root)
    return path if inside.startswith(os.pardir) else inside


def _candidates() -> list[str]:
    return [os.path.realpath(value) for name in _ROOTS if (value := os.environ.get(name))]


def _git_root(folder: str) -> str:
    while not os.path.exists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above
    return folder
