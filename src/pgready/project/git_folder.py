"""A folder as a commit has it: its files written below a temporary one, byte for byte, without a checkout."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from pgready.errors import UsageInvalid
from pgready.project.git import git


@contextmanager
def folder_at(path: str, ref: str) -> Iterator[str]:
    """`path` (a folder, which need not exist now) as it was at `ref`; the files go when the block ends.

    Links and submodules are left out. Raises UsageInvalid for an unknown ref, and where the folder was not there.
    """
    top, name = _commit(path, ref)
    inside = _inside(top, path)
    files = list(_files(top, name, "" if inside == "." else inside + "/"))
    if not files:
        raise UsageInvalid(
            f"{path} is not in commit {name[:12]} ({ref})",
            where=f"{path}@{ref}",
            then=f"git ls-tree -r --name-only {name[:12]}",
            code="git_folder_missing",
        )
    with tempfile.TemporaryDirectory(prefix="pgready-") as place:
        target = os.path.join(place, os.path.basename(os.path.realpath(path)))
        os.mkdir(target)
        for file, blob in files:
            data = git(top, "cat-file", "blob", blob)
            if data is None:
                raise _no_git(top, f"Git cannot read {file} of {ref}")
            where = os.path.join(target, *file.split("/"))
            os.makedirs(os.path.dirname(where), exist_ok=True)
            with open(where, "wb") as out:
                out.write(data)
        yield target


def files_at(path: str, ref: str, suffix: str) -> tuple[tuple[str, bytes], ...]:
    """The file `path`, or the files below the folder `path` whose names end with `suffix`, as they were at `ref`.

    Each with its path as it would be now; none if there was nothing. Raises UsageInvalid for an unknown ref.
    """
    top, name = _commit(path, ref)
    inside = _inside(top, path)
    found = []
    for prefix, place in ((inside, path), ("" if inside == "." else inside + "/", path + os.sep)):
        for file, blob in _files(top, name, prefix):
            is_it = not file if prefix == inside and prefix != "." else file.endswith(suffix)
            if is_it and (data := git(top, "cat-file", "blob", blob)) is not None:
                found.append((place + file, data))
    return tuple(dict(found).items())


def _commit(path: str, ref: str) -> tuple[str, str]:
    """The repository's top, and the commit's name."""
    top = _top(path)
    commit = git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if commit is None:
        raise UsageInvalid(
            f"Git knows no commit by the name of {ref}",
            where=f"{path}@{ref}",
            then="git fetch --tags, or one of: git branch -a; git tag",
            code="git_ref_unknown",
        )
    return top, commit.decode().strip()


def _inside(top: str, path: str) -> str:
    return os.path.relpath(os.path.realpath(path), os.path.realpath(top)).replace(os.sep, "/")


def _top(path: str) -> str:
    folder = os.path.realpath(path)
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    found = git(folder, "rev-parse", "--show-toplevel")
    if found is None:
        raise _no_git(path, "this is no Git repository, so it has no past")
    return os.fsdecode(found.rstrip(b"\n"))


def _files(top: str, commit: str, prefix: str) -> Iterator[tuple[str, str]]:
    """The plain files below `prefix`, by their path from there, with the names of their blobs."""
    listed = git(top, "ls-tree", "-r", "-z", "--full-tree", commit, "--", prefix or ".")
    for line in (listed or b"").split(b"\0"):
        about, tab, name = line.partition(b"\t")
        mode, _, rest = about.partition(b" ")
        if tab and mode.startswith(b"100"):
            yield os.fsdecode(name)[len(prefix) :], rest.split(b" ")[1].decode()


def _no_git(where: str, what: str) -> UsageInvalid:
    return UsageInvalid(what, where=where, then="give the folder without @ref", code="git_missing")
