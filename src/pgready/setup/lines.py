"""Edits of a text by lines, so that comments and everything else stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines `first` to `last` (1-based, inclusive) become `lines`; with `last` = `first` - 1 they go in before it."""

    first: int
    last: int
    lines: tuple[str, ...]


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with all edits, whose places are those of the text as it is; the file's line ends are kept."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(end)
    for one in sorted(edits, key=lambda edit: (edit.first, edit.last), reverse=True):
        lines[one.first - 1 : one.last] = one.lines
    return end.join(lines)


def insert(before: int, *lines: str) -> Edit:
    """Lines in front of line `before`."""
    return Edit(before, before - 1, lines)
