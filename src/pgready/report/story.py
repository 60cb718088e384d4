"""What pgready tells while it works, as values: the story that stderr shows and that a log keeps.

An event never holds a secret: servers are named by host, port and database, URLs only redacted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: `kind` for machines, `text` for people, `fields` as JSON data."""

    kind: str
    text: str
    fields: Mapping[str, object] = field(default_factory=dict)


Teller = Callable[[Event], None]


def silent(event: Event) -> None:
    """Tell nobody (the in-process library's default)."""


def plural(count: int, word: str) -> str:
    """`1 migration`, `2 migrations`."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def seconds(value: float) -> str:
    """A duration as people read it: `12 ms`, `3.4 s`, `2 min 5 s`."""
    if value < 1:
        return f"{value * 1000:.0f} ms"
    if value < 60:
        return f"{value:.1f} s"
    return f"{int(value // 60)} min {int(value % 60)} s"
