"""The demo on a terminal: a row for each part that lives until all of them serve, then what was seen, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.status import Status
from rich.table import Table
from rich.text import Text

from pgready.report.story import Event

_BAR = 14
_CHECK = 40
_LIST = 44


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
        self._status = Status("", console=self._console, spinner="dots", spinner_style="cyan")
        self._live = Live(console=self._console, refresh_per_second=12, get_renderable=self._render)

    def __enter__(self) -> Self:
        self._console.print(Text("pgready demo", style="bold"), Text("from nothing to serving", style="dim"))
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trail: TracebackType | None
    ) -> None:
        self._live.stop()
        self._status.stop()

    def tell(self, event: Event) -> None:
        """Show one event."""
        fields = event.fields
        row = self._rows.get(str(fields.get("part", "")))
        if row is not None:
            self._part(row, event)
        elif event.kind == "check":
            name, _, detail = event.text.partition(": ")
            self._line(bool(fields.get("ok")), str(fields.get("name", name)), str(fields.get("detail", detail)), _CHECK)
        elif event.kind == "list":
            self._line(bool(fields.get("ok")), event.text, str(fields.get("plan")), _LIST)
        elif event.kind == "doing":
            self._status.update(Text(event.text, style="dim", overflow="ellipsis", no_wrap=True))
        elif event.kind == "all_serving":
            self._live.stop()  # the table stays as it is now, and what follows goes below it
            self._print(Text(event.text, style="bold green"))
            self._status.start()
        else:
            self._other(event)

    def _other(self, event: Event) -> None:
        if event.kind in ("report", "end", "holding"):
            self._status.stop()
        if event.kind == "heading":
            self._status.update("")
            self._print(Text(f"\n{event.text}", style="bold"))
        elif event.kind == "end":
            self._print(Text(f"\n{event.text}", style="bold green" if event.fields.get("ok") else "bold red"))
        elif event.kind == "report":
            label, _, path = event.text.partition(": ")
            self._print(Text.assemble(f"\n{label}: ", (path, "cyan")))
        elif event.kind == "look":
            name, _, url = event.text.partition(" ")
            self._print(Text.assemble(f"  {name:<14}", (url, "cyan")))
        else:
            self._print(Text(event.text, style="bold" if event.kind == "holding" else ""))

    def _line(self, ok: bool, name: str, detail: str, width: int) -> None:
        """A mark, a name and what was seen: on one line, or below the name where the terminal is too narrow."""
        mark = ("✓ ", "green") if ok else ("✗ ", "bold red")
        style = "dim" if ok else "red"
        if len(name) < width and 2 + width + len(detail) <= self._console.width:
            self._print(Text.assemble(mark, f"{name:<{width}}", (detail, style)))
            return
        self._print(Text.assemble(mark, name))
        self._console.print(Padding(Text(detail, style=style), (0, 0, 0, 4)))

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
            row.doing = event.text.removeprefix("listening on ")

    def _render(self) -> RenderableType:
        table = Table.grid(padding=(0, 2), expand=True)
        table.add_column(width=1)
        table.add_column(style="bold", no_wrap=True, width=max(map(len, self._rows)))
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
