"""How `pgready migrate status` looks: a line per migration that is worth one, then what to do."""

from __future__ import annotations

import json

import click

from pgready.commands.status import Status
from pgready.history.diagnose import Entry
from pgready.history.model import State
from pgready.report.story import plural

_MARKS = {
    State.APPLIED: ("✓", "green"),
    State.PENDING: ("·", "yellow"),
    State.RUNNING: ("▶", "cyan"),
    State.FAILED: ("✗", "red"),
    State.ROLLED_BACK: ("↺", "yellow"),
    State.EDITED: ("~", "yellow"),
    State.MISSING: ("?", "yellow"),
    State.AHEAD: ("↑", "cyan"),
}
# A long run of applied migrations is told in one line, the last few by name.
_TAIL = 3


def show(status: Status, *, as_json: bool, names_only: bool) -> None:
    """The status on stdout: it is the data that was asked for."""
    if as_json:
        click.echo(json.dumps(status.as_dict(), ensure_ascii=False, indent=2))
        return
    entries = list(status.history.entries)
    quiet = [e for e in entries if e.state is State.APPLIED and e.name not in status.notes]
    hidden = set(map(id, quiet[:-_TAIL])) if len(quiet) > 2 * _TAIL and not names_only else set()
    if hidden:
        click.echo(click.style(f"✓ {len(hidden)} migrations applied before these", fg="green"))
    for entry in entries:
        if id(entry) not in hidden:
            _line(entry, status)
    if status.backfills is not None:
        from pgready.cli.backfill import show as show_backfills

        show_backfills(status.backfills)
    if status.missing_schemas:
        click.echo(f"missing {plural(len(status.missing_schemas), 'schema')}: {', '.join(status.missing_schemas)}")
    if status.holder:
        click.echo(f"migrating now: {status.holder}")
    if status.in_recovery:
        click.echo("the server is a standby")
    if status.ready:
        click.echo("ready: every migration of this folder is applied")
    if status.next_step:
        first, *rest = status.next_step.splitlines()
        click.echo(f"next: {first}")
        for line in rest:
            click.echo(f"      {line}")


def _line(entry: Entry, status: Status) -> None:
    mark, color = _MARKS[entry.state]
    finished = [row.finished_at for row in entry.live if row.finished_at]
    when = f"  {finished[-1]:%Y-%m-%d %H:%M:%S} UTC" if finished else ""
    click.echo(click.style(f"{mark} {entry.state.value:<11}", fg=color) + f" {entry.name}{when}")
    note = status.notes.get(entry.name)
    if note:
        click.echo("              " + note.replace("\n", "\n              "))
