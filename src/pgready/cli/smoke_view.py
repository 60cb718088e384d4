"""The smoke run on a terminal: a row for each step that fills while it runs, and a bar for the whole."""

from __future__ import annotations

import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from pgready.report.smoke import STEPS, StepResult
from pgready.report.story import Event, seconds

_BAR = 14
_NAME = max(map(len, STEPS))


@dataclass
class _Row:
    state: str = "waiting"
    began: float = 0.0
    took: float = 0.0
    doing: str = ""
    done: int = 0
    total: int = 0


class SmokeView:
    """A context manager; `tell` takes the run's events. Gone at the end: the steps are data and stand on stdout."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._rows = {name: _Row() for name in STEPS}
        self._now = ""
        self._about = ""
        self._spinner = Spinner("dots", style="cyan")
        self._live = Live(
            console=self._console, refresh_per_second=12, get_renderable=self._render, transient=True
        )  # fmt: skip

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trail: TracebackType | None
    ) -> None:
        self._live.stop()
        if self._about:
            self._console.print(Text(f"pgready smoke: {self._about}", style="dim"), soft_wrap=True)

    def tell(self, event: Event) -> None:
        """Show one event."""
        if event.kind == "server":
            self._about = event.text
            return
        if event.kind == "step":
            self._now = str(event.fields["step"])
            row = self._rows[self._now]
            row.state, row.began, row.doing = "running", time.monotonic(), event.text
            return
        if event.kind == "step_done":
            row, result = self._rows[str(event.fields["step"])], event.fields["result"]
            if isinstance(result, StepResult):
                row.state, row.took, row.doing = result.state, result.seconds, result.text
            return
        if event.kind == "doing" and self._now:
            row = self._rows[self._now]
            row.doing = event.text
            done, total = event.fields.get("done"), event.fields.get("total")
            if isinstance(done, int) and isinstance(total, int):
                row.done, row.total = done, total
            return
        self._console.print(Text(event.text), soft_wrap=True)

    def _render(self) -> RenderableType:
        table = Table.grid(padding=(0, 2), expand=True)
        table.add_column(width=1)
        table.add_column(style="bold", width=_NAME, no_wrap=True)
        table.add_column(width=_BAR, no_wrap=True)
        table.add_column(justify="right", width=8, no_wrap=True)
        table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        for name, row in self._rows.items():
            table.add_row(*self._cells(name, row))
        over = sum(row.state not in ("waiting", "running") for row in self._rows.values())
        bar = Table.grid(padding=(0, 2))
        bar.add_row(ProgressBar(total=len(self._rows), completed=over, width=40), f"{over} of {len(self._rows)}")
        return Group(Text(""), table, Text(""), bar)

    def _cells(self, name: str, row: _Row) -> tuple[RenderableType, ...]:
        took = row.took or (time.monotonic() - row.began if row.state == "running" else 0.0)
        when = Text(seconds(took) if took else "", style="cyan")
        mark: RenderableType = Text(" ")
        what: RenderableType = Text("")
        style = "dim"
        if row.state == "running":
            mark, style = self._spinner, ""
            what = ProgressBar(total=row.total or None, completed=row.done, width=_BAR)
        elif row.state == "ok":
            mark, what = Text("✓", style="green"), Text("ok", style="green")
        elif row.state == "failed":
            mark, what, style = Text("✗", style="bold red"), Text("failed", style="bold red"), "red"
        elif row.state == "skipped":
            mark, what, when = Text("-", style="dim"), Text("skipped", style="dim"), Text("")
        return mark, Text(name), what, when, Text(row.doing, style=style)
