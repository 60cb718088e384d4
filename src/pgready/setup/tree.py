"""A repository as a value: the texts that matter for a set-up, by path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tree:
    """`texts` maps a path (with `/`, relative to the root) to its text; `paths` are all files that were seen.

    `name` is the repository's own: its folder's.
    """

    name: str
    texts: Mapping[str, str]
    paths: frozenset[str]

    def text(self, path: str) -> str:
        """A file's text, "" where there is none."""
        return self.texts.get(path, "")

    def below(self, folder: str) -> list[str]:
        """The files of a folder and of all below it, in order; of everything for ""."""
        start = folder.rstrip("/") + "/" if folder else ""
        return sorted(path for path in self.paths if path.startswith(start))

    def folders(self) -> set[str]:
        """Every folder that holds a file, the root as ""."""
        found = {""}
        for path in self.paths:
            at = parent(path)
            while at and at not in found:
                found.add(at)
                at = parent(at)
        return found


def parent(path: str) -> str:
    """The folder of a path, "" for the root."""
    return path.rpartition("/")[0]


def base(path: str) -> str:
    """The last part of a path."""
    return path.rpartition("/")[2]


def join(folder: str, path: str) -> str:
    """A path below a folder, `.` and `..` resolved; one that leaves the root keeps its `..`."""
    out: list[str] = []
    for part in [*folder.split("/"), *path.split("/")]:
        if part in ("", "."):
            continue
        if part == ".." and out and out[-1] != "..":
            out.pop()
        else:
            out.append(part)
    return "/".join(out)


def inside(path: str, folder: str) -> bool:
    """Whether a path is the folder or below it."""
    return not folder or path == folder or path.startswith(folder + "/")
