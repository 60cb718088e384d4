"""What `init` would write: a file before and after, and why.

A file that init writes whole carries a mark with the checksum of the rest. So a later run tells its own work from what
somebody edited, and without the mark the file is nobody's business but its owner's.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from dataclasses import dataclass

_MARK = re.compile(r"^# Written by pgready init \(([0-9a-f]{12})\)[^\n]*\n", re.M)
_WORDS = "# Written by pgready init ({0}). Edit it freely; without this line, init leaves the file alone.\n"


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a file; `before` is None for a new one.

    `why` has a line for each thing that is done. `edited`: somebody changed what init wrote, so only `--force`
    overwrites it. `mode` is for new files.
    """

    path: str
    part: str
    before: str | None
    after: str
    why: tuple[str, ...]
    edited: bool = False
    mode: int = 0o644

    @property
    def is_new(self) -> bool:
        """Whether there is no such file yet."""
        return self.before is None

    def diff(self) -> str:
        """As `diff -u`."""
        before = (self.before or "").splitlines(keepends=True)
        lines = difflib.unified_diff(
            before,
            self.after.splitlines(keepends=True),
            "/dev/null" if self.before is None else f"a/{self.path}",
            f"b/{self.path}",
        )
        return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)


def marked(text: str) -> str:
    """A whole file with its mark on top (behind `#!` and Dockerfile's `# syntax` line)."""
    first, rest = _head(text)
    return first + _WORDS.format(_checksum(first + rest)) + rest


def whole(path: str, part: str, before: str | None, text: str, why: str) -> Change | None:
    """Write this file, unless it is there as wanted or belongs to somebody else."""
    wanted = marked(text)
    if before is None:
        return Change(path, part, None, wanted, (why,))
    found = _MARK.search(before)
    if found is None or before == wanted:
        return None
    own = _checksum(_MARK.sub("", before, count=1)) == found[1]
    reason = "it is out of date" if own else "it was edited; this would take it back to what init writes"
    return Change(path, part, before, wanted, (reason,), edited=not own)


def is_ours(text: str) -> bool:
    """Whether init wrote the file and its mark is still there."""
    return _MARK.search(text) is not None


def _head(text: str) -> tuple[str, str]:
    first, end, rest = text.partition("\n")
    return (first + end, rest) if first.startswith(("#!", "# syntax")) else ("", text)


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
