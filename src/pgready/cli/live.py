"""The live view on a terminal: what is done scrolls up, what is under way stays at the bottom with a bar."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from pgready.report.story import Event, seconds

_STYLES = {
    "applied": "green",
    "ready": "bold green",
    "note": "yellow",
    "retry": "yellow",
    "blocked": "yellow",
    "waiting": "yellow",
    "connection_lost": "bold yellow",
    "stale_primary": "bold yellow",
    "deadlock": "bold red",
    "deadlock_broken": "bold yellow",
}
_MARKS = {"applied": "✓", "ready": "✓", "schema_created": "+", "database_created": "+"}
# Shown at the bottom while it lasts, not kept.
_PASSING = frozenset({"waiting", "index_progress", "blocked", "applying"})


class LiveStory:
    """A context manager; `tell` takes events from any thread."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._bar = Progress(
            SpinnerColumn(),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[eta]}", style="dim"),
            TextColumn("{task.description}"),
            console=self._console,
        )
        self._task = self._bar.add_task("", total=None, visible=False, eta="")
        self._passing = Text("")
        self._began = time.monotonic()
        self._live = Live(console=self._console, transient=True, refresh_per_second=8, get_renderable=self._render)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trail: TracebackType | None
    ) -> None:
        self._live.stop()

    def _render(self) -> RenderableType:
        parts: list[RenderableType] = []
        if self._bar.tasks[0].visible:
            parts.append(self._bar)
        if self._passing.plain:
            parts.append(self._passing)
        return Group(*parts)

    def tell(self, event: Event) -> None:
        """Show one event."""
        style = _STYLES.get(event.kind, "")
        if event.kind == "pending":
            pending = event.fields.get("pending")
            self._began = time.monotonic()
            self._bar.update(self._task, total=len(pending) if isinstance(pending, list) else None, visible=True)
        if event.kind == "applied":
            self._advance(event)
        if event.kind == "applying":
            self._bar.update(self._task, description=event.text)
        if event.kind in ("split", "resumed"):
            self._bar.update(self._task, description=f"applying {event.fields.get('migration')}", eta="")
        if event.kind in ("ready", "applied"):
            self._passing = Text("")
        if event.kind == "ready":
            self._bar.update(self._task, visible=False)
        if event.kind in _PASSING:
            if event.kind != "applying":
                self._passing = Text(f"  {event.text}", style=style)
            return
        mark = _MARKS.get(event.kind, "·")
        self._live.console.print(Text(f"{mark} {event.text}", style=style))

    def _advance(self, event: Event) -> None:
        done, total = event.fields.get("done"), event.fields.get("total")
        if not isinstance(done, int) or not isinstance(total, int) or done <= 0:
            return
        spent = time.monotonic() - self._began
        # An estimate from a few migrations is a guess: say nothing until there is something to say.
        known = done >= 5 and spent > 1 and done < total
        eta = f"about {seconds(spent / done * (total - done))} left" if known else ""
        self._bar.update(self._task, completed=done, total=total, eta=eta)
