"""A part of a YAML document, with its place in the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


class Unreadable(Exception):
    """The text holds something that this reader does not know; `line` is 1-based."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what


@dataclass(slots=True)
class Node:
    """A part of a document. `line` and `column` are 1-based; `end` is the last line that belongs to it.

    `entries` are a map's keys and values, `items` a sequence's; `text` is a scalar's. `flow`: in brackets or braces, or
    quoted. `key_line`, `key_column` say where the key stands whose value this is.
    """

    kind: Literal["map", "seq", "scalar"]
    line: int
    column: int
    end: int
    text: str = ""
    flow: bool = False
    entries: dict[str, Node] = field(default_factory=dict)
    items: list[Node] = field(default_factory=list)
    key_line: int = 0
    key_column: int = 0

    def get(self, *path: str) -> Node | None:
        """The node below, through merged maps (`<<`) too; None where there is none."""
        at: Node | None = self
        for key in path:
            if at is None or at.kind != "map":
                return None
            found = at.entries.get(key)
            if found is None and (merged := at.entries.get("<<")) is not None:
                for source in merged.items or [merged]:
                    found = found or source.get(key)
            at = found
        return at

    def value(self, *path: str) -> str:
        """The text below, "" where there is none."""
        found = self.get(*path)
        return found.text if found is not None else ""

    def plain(self) -> object:
        """As dicts, lists and texts."""
        if self.kind == "map":
            return {key: node.plain() for key, node in self.entries.items()}
        if self.kind == "seq":
            return [node.plain() for node in self.items]
        return self.text

    def words(self) -> list[str] | None:
        """A sequence's texts; None for anything else."""
        return [one.text for one in self.items] if self.kind == "seq" else None
