"""A repository read into a value: names of all files, texts of those that a set-up is made of."""

from __future__ import annotations

import os

from pgready.errors import UsageInvalid
from pgready.setup.tree import Tree

_SKIPPED = frozenset(
    (".git", ".hg", "node_modules", ".venv", "venv", "env", "__pycache__", ".tox", ".nox", "dist", "build", ".next")
)
_CACHES = ("cache", ".egg-info", "site-packages")
_DEEP = 7
_LARGE = 512 * 1024
_MANY = 50_000
_TEXTS = (
    ".py", ".toml", ".yaml", ".yml", ".prisma", ".sql", ".sh", ".bash", ".json", ".js", ".ts", ".mjs", ".cjs", ".txt",
    ".env", ".lock",
)  # fmt: skip
_NAMES = ("Dockerfile", "Containerfile", "Procfile", ".dockerignore", "entrypoint", "Pipfile", ".env")


def read_tree(folder: str) -> Tree:
    """Everything below `folder` but dependencies and caches; raises UsageInvalid where that is no folder."""
    root = os.path.realpath(folder)
    if not os.path.isdir(root):
        raise UsageInvalid(f"{folder} is not a folder", where=folder, then="name the folder of a repository")
    texts: dict[str, str] = {}
    paths: set[str] = set()
    for where, folders, files in os.walk(root):
        local = os.path.relpath(where, root).replace(os.sep, "/")
        local = "" if local == "." else local + "/"
        deep = local.count("/") >= _DEEP
        folders[:] = [] if deep else sorted(one for one in folders if one not in _SKIPPED and not one.endswith(_CACHES))
        for name in sorted(files):
            path = local + name
            paths.add(path)
            if len(paths) > _MANY:
                raise UsageInvalid(
                    f"{folder} holds more than {_MANY} files", where=folder, then="run it in the repository's folder"
                )
            if name.endswith(_TEXTS) or any(word in name for word in _NAMES):
                text = _read(os.path.join(where, name))
                if text is not None:
                    texts[path] = text
    return Tree(os.path.basename(root) or "app", texts, frozenset(paths))


def _read(path: str) -> str | None:
    """A file's text, line ends as they are; None for what is large, binary, unreadable or no file."""
    try:
        if not os.path.isfile(path) or os.path.getsize(path) > _LARGE:
            return None
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return None
