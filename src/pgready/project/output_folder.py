"""A folder of generated files: what in it differs from what it should hold, and putting that right.

A folder belongs to its generator alone. Files that no run of ours wrote are never replaced and never deleted: their
folder is refused. Files that should no longer be there go; every new content stands complete beside its file before
the first file is replaced, so that what is known beforehand to fail leaves all as it was.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pgready.errors import UsageInvalid

State = Literal["new", "changed", "same", "stale"]

_HEAD = 200
_SHOWN = 5
_NOBODYS = ("__pycache__", "py.typed")


@dataclass(frozen=True, slots=True)
class FileState:
    """A file by its name in the folder. "stale": it is there and should not be."""

    name: str
    state: State


def compare(
    folder: str, shown: str, wanted: Mapping[str, str], is_ours: Callable[[str], bool]
) -> tuple[FileState, ...]:
    """How the folder differs from `wanted` (texts by name), in the order of the names; `shown` is its name for people.

    `is_ours` judges a file by its beginning. Raises UsageInvalid for a folder that holds foreign files, or that is
    none; names with a dot in front, `__pycache__` and `py.typed` are nobody's.
    """
    there = _ours(folder, shown, wanted, is_ours)
    found = [FileState(name, _state(there.get(name), text)) for name, text in wanted.items()]
    found += [FileState(name, "stale") for name in there if name not in wanted]
    return tuple(sorted(found, key=lambda one: one.name))


def put_right(folder: str, shown: str, wanted: Mapping[str, str], states: Sequence[FileState]) -> None:
    """Write what is new or changed, then remove what is stale; `__init__.py` comes last. Raises UsageInvalid."""
    names = [one.name for one in states if one.state in ("new", "changed")]
    names.sort(key=lambda name: (name == "__init__.py", name))
    try:
        os.makedirs(folder, exist_ok=True)
        with contextlib.ExitStack() as stack:
            staged = [(name, stack.enter_context(_staged(folder, name, wanted[name]))) for name in names]
            for name, temporary in staged:
                os.replace(temporary, os.path.join(folder, name))
        for one in states:
            if one.state == "stale":
                os.unlink(os.path.join(folder, one.name))
    except OSError as e:
        raise UsageInvalid(
            f"{shown} cannot be written: {e.strerror or type(e).__name__}", where=shown, code="output_unwritable"
        ) from None


def _ours(folder: str, shown: str, wanted: Mapping[str, str], is_ours: Callable[[str], bool]) -> dict[str, bytes]:
    """The contents of the folder's files, all of them ours."""
    found: dict[str, bytes] = {}
    foreign: list[str] = []
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        for entry in entries:
            if entry.name.startswith(".") or entry.name in _NOBODYS:
                continue
            data = _content(entry)
            # An empty file where one of ours goes holds nothing that could be lost.
            if data is None or not (is_ours(_head(data)) or (not data and entry.name in wanted)):
                foreign.append(entry.name)
            else:
                found[entry.name] = data
    except FileNotFoundError:
        return {}
    except NotADirectoryError:
        raise UsageInvalid(f"{shown} is not a folder", where=shown, code="output_foreign") from None
    except OSError as e:
        raise UsageInvalid(f"{shown} cannot be read: {e.strerror}", where=shown, code="output_unreadable") from None
    if foreign:
        more = f" and {len(foreign) - _SHOWN} more" if len(foreign) > _SHOWN else ""
        raise UsageInvalid(
            f"{shown} holds what `pgready generate` did not write: {', '.join(foreign[:_SHOWN])}{more};"
            " nothing was written",
            where=shown,
            then="give the generator a folder of its own as `output`, or move the files away",
            code="output_foreign",
        )
    return found


def _content(entry: os.DirEntry[str]) -> bytes | None:
    """The bytes of a regular file; None for anything else: nothing is ever written through a link."""
    if not entry.is_file(follow_symlinks=False):
        return None
    with open(entry.path, "rb") as file:
        return file.read()


def _head(data: bytes) -> str:
    return data[:_HEAD].decode("utf-8", "replace")


def _state(data: bytes | None, text: str) -> State:
    if data is None:
        return "new"
    # A checkout may have brought other line endings.
    return "same" if data.replace(b"\r\n", b"\n") == text.encode() else "changed"


@contextlib.contextmanager
def _staged(folder: str, name: str, text: str) -> Iterator[str]:
    """A synced file with `text` in the folder; gone at the end unless renamed."""
    import tempfile  # most runs have nothing to write

    descriptor, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=".tmp", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(text.encode())
            out.flush()
            os.fchmod(descriptor, _mode(os.path.join(folder, name)))
            os.fsync(descriptor)
        yield temporary
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)


def _mode(path: str) -> int:
    """The permissions of the file that is there, or those of any new file."""
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except FileNotFoundError:
        mask = os.umask(0o022)
        os.umask(mask)
        return 0o666 & ~mask
