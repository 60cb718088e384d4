"""The demo on a terminal: a row for each part that lives until all of them serve, then the checks."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from pgready.report.story import Event

_BAR = 14


@dataclass
class _Row:
    doing: str = ""
    done: int = 0
    total: int = 0
    state: str = "started"
    at: float | None = None
    applied: int = 0


class DemoView:
    """A context manager; `tell` takes the demo's events."""

    def __init__(self, names: list[str]) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._rows = {name: _Row() for name in names}
        self._spinner = Spinner("dots", style="cyan")
        self._live = Live(console=self._console, refresh_per_second=12, get_renderable=self._render)

    def __enter__(self) -> Self:
        self._console.print(Text("pgready demo", style="bold"), Text("from nothing to serving", style="dim"))
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trail: TracebackType | None
    ) -> None:
        self._live.stop()

    def tell(self, event: Event) -> None:
        """Show one event."""
        row = self._rows.get(str(event.fields.get("part", "")))
        if row is not None:
            self._part(row, event)
        elif event.kind == "check":
            ok = bool(event.fields.get("ok"))
            name, _, detail = event.text.partition(": ")
            mark = ("✓ ", "green") if ok else ("✗ ", "bold red")
            self._print(Text.assemble(mark, f"{name:<35}", (detail, "dim" if ok else "red")))
        else:
            if event.kind == "all_serving":
                self._live.stop()  # the table stays as it is now, and what follows goes below it
            self._print(Text(event.text, style="bold green" if event.kind == "all_serving" else ""))

    def _print(self, text: Text) -> None:
        self._console.print(text, soft_wrap=True)

    def _part(self, row: _Row, event: Event) -> None:
        fields = event.fields
        if event.kind == "started":
            row.doing = f"$ {event.text}"
            return
        row.doing = event.text
        done, total = fields.get("done"), fields.get("total")
        if isinstance(done, int) and isinstance(total, int):
            row.done, row.total, row.state = done, total, "migrating"
        if fields.get("event") == "applied":
            row.applied += 1
        if fields.get("event") == "waiting":
            row.state = "waiting"
        if fields.get("event") == "ready":
            row.state = "ready"
        if event.kind == "serving":
            at = fields.get("at")
            row.state, row.at = "serving", at if isinstance(at, float) else None

    def _render(self) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        table.add_column(width=1)
        table.add_column(style="bold", no_wrap=True)
        table.add_column(width=_BAR, no_wrap=True)
        table.add_column(justify="right", width=7, no_wrap=True)
        table.add_column(width=10, no_wrap=True)
        table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        for name, row in self._rows.items():
            table.add_row(*self._cells(name, row))
        return Group(Text(""), table, Text(""))

    def _cells(self, name: str, row: _Row) -> tuple[RenderableType, ...]:
        mark: RenderableType = self._spinner
        what: RenderableType = Text(row.state, style={"waiting": "yellow", "ready": "green"}.get(row.state, "dim"))
        if row.state == "serving":
            mark, what = Text("✓", style="green"), Text("serving", style="green")
        elif row.state == "migrating":
            what = ProgressBar(total=max(row.total, 1), completed=row.done, width=_BAR)
        when = Text(f"{row.at:.2f} s" if row.at is not None else "", style="cyan")
        applied = Text(f"applied {row.applied}" if row.applied else "", style="green")
        return mark, Text(name), what, when, applied, Text(row.doing, style="dim" if row.state != "serving" else "")
