"""The story on stderr: one line per event, JSON lines for machines, or a live view on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from pgready.cli.render import wants_color
from pgready.project.settings import Settings
from pgready.report.story import Event, Teller, silent

# Spoken with --quiet too: somebody has to act.
_LOUD = frozenset({"deadlock"})


@contextmanager
def storyteller(settings: Settings) -> Iterator[Teller]:
    """The teller that the settings ask for; a live view is taken down at the end of the block."""
    if settings.quiet:
        yield lambda event: _line(event) if event.kind in _LOUD else silent(event)
    elif settings.log_format == "json":
        yield _json_line
    elif settings.log_format == "auto" and sys.stderr.isatty() and wants_color(settings.color):
        from pgready.cli.live import LiveStory

        with LiveStory() as live:
            yield live.tell
    else:
        yield _line


def teller(settings: Settings) -> Teller:
    """A teller without a live view that stays: for work whose child writes to the same terminal."""

    def tell(event: Event) -> None:
        with storyteller(settings) as once:
            once(event)

    return tell


def _write(text: str) -> None:
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except OSError:
        pass  # a log that nobody reads any more must not stop a migration


def _line(event: Event) -> None:
    if event.kind != "applying":  # in a log the line that counts is "applied"
        _write(f"pgready: {event.text}")


def _json_line(event: Event) -> None:
    import json

    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    _write(json.dumps({"time": now, "event": event.kind, "message": event.text, **event.fields}, ensure_ascii=False))
