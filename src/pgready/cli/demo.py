"""`pgready demo`: the reference platform from nothing, on an embedded server.

stdout carries data (`--json`), stderr the story: a table that lives on a terminal, plain lines in a log.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from pgready.cli.render import wants_color
from pgready.report.story import Event, Teller, silent


@click.command()
@click.option("--replicas", type=click.IntRange(1, 20), default=3, show_default=True, help="How many race to boot.")
@click.option("--keep", is_flag=True, help="Keep serving after the checks, until Ctrl-C.")
@click.option("--bindir", type=click.Path(file_okay=False), help="Directory of `postgres` and `initdb`.")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON on stdout.")
@click.option("-q", "--quiet", is_flag=True, help="Only errors on stderr.")
@click.option("--no-color", "no_color", is_flag=True, help="No colours, and no live table.")
def demo(*, replicas: int, keep: bool, bindir: str | None, as_json: bool, quiet: bool, no_color: bool) -> int:
    """Replicas race on a cold server, one migrates, all of them serve: the whole platform on this machine.

    Exits 4 if something that was to be shown was not, 5 if a part did not come to work.
    """
    from pgready.commands.demo.run import demo as run
    from pgready.process.signals import stop_on_signals

    with stop_on_signals(), _teller(quiet=quiet, no_color=no_color, replicas=replicas) as tell:
        report = run(tell, replicas=replicas, bindir=bindir, hold=_hold(tell) if keep else None)
    if as_json:
        click.echo(json.dumps(report.as_dict(), ensure_ascii=False))
    return 0 if report.ok else 4


def _hold(tell: Teller) -> Callable[[], None]:
    """Wait for a signal, which ends the demo as it ends anything else; here it is what was asked for."""

    def until_signal() -> None:
        tell(Event("holding", "still serving; Ctrl-C stops everything", {}))
        try:
            while True:
                signal.pause()
        except KeyboardInterrupt:
            return

    return until_signal


@contextmanager
def _teller(*, quiet: bool, no_color: bool, replicas: int) -> Iterator[Teller]:
    if quiet:
        yield silent
    elif sys.stderr.isatty() and wants_color(False if no_color else None):
        from pgready.cli.demo_view import DemoView
        from pgready.commands.demo.run import platform

        with DemoView([p.name for p in platform(replicas)]) as view:
            yield view.tell
    else:
        yield _line


def _line(event: Event) -> None:
    """One line per event: when, who, what."""
    at, part = event.fields.get("at"), str(event.fields.get("part", ""))
    if event.kind == "part" and event.fields.get("event") == "applying":
        return
    when = f"{at:8.3f} s" if isinstance(at, float) else " " * 10
    text = event.text
    if event.kind == "started":
        text = f"$ {text}"
    if event.kind == "check":
        text = f"{'ok' if event.fields.get('ok') else 'FAILED'}: {text}"
    print(f"{when}  {part:<12} {text}", file=sys.stderr, flush=True)
