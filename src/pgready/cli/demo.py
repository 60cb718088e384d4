"""`pgready demo`: the reference platform from nothing, on an embedded server.

stdout carries data (`--json`), stderr the story: a table that lives on a terminal, plain lines in a log.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from pgready.cli.render import wants_color
from pgready.errors import UsageInvalid
from pgready.report.story import Event, Teller, silent

if TYPE_CHECKING:
    from pgready.commands.demo.run import Report
    from pgready.commands.demo.stage import Part


@click.command()
@click.option("--replicas", type=click.IntRange(1, 20), default=3, show_default=True, help="How many race to boot.")
@click.option("--once", is_flag=True, help="End after the report; so it does where nobody is at a terminal.")
@click.option("--keep", is_flag=True, help="Keep serving after the report, until Ctrl-C; so it does on a terminal.")
@click.option("--html", metavar="FILE", help="Where the report goes (default: a new temporary folder).")
@click.option("--small", is_flag=True, help="The small example: three replicas, a service, a worker; no report.")
@click.option("--prepare", is_flag=True, help="Build the service in TypeScript, with npm, for later runs; then end.")
@click.option("--bindir", type=click.Path(file_okay=False), help="Directory of `postgres` and `initdb`.")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON on stdout.")
@click.option("-q", "--quiet", is_flag=True, help="Only errors on stderr.")
@click.option("--no-color", "no_color", is_flag=True, help="No colours, and no live table.")
def demo(
    *,
    replicas: int,
    once: bool,
    keep: bool,
    html: str | None,
    small: bool,
    prepare: bool,
    bindir: str | None,
    as_json: bool,
    quiet: bool,
    no_color: bool,
) -> int:
    """A back office from nothing on this machine: services, workers, racing replicas, jobs, lists, proofs, a report.

    Every service and worker is a process behind its own entrypoint. On a terminal all of it serves until Ctrl-C. The
    service in TypeScript is among them once --prepare has built it; without Node the others do.

    Exits 4 if something that was to be shown was not, 5 if a part did not come to work.
    """
    if once and keep:
        raise UsageInvalid("--once and --keep exclude each other", then="keep one of them", code="usage")
    if small and html is not None:
        raise UsageInvalid("the small example writes no report", then="leave out --html, or --small", code="usage")
    from pgready.process.signals import stop_on_signals

    stay = keep or (not once and not small and sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty())
    look = {"quiet": quiet, "no_color": no_color}
    with stop_on_signals():
        if prepare:
            ok, data = _prepare(quiet=quiet)
        elif small:
            ok, data = _small(replicas, bindir, stay=stay, **look)
        else:
            ok, data = _platform(replicas, bindir, html, stay=stay, **look)
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False))
    return 0 if ok else 4


def _prepare(*, quiet: bool) -> tuple[bool, dict[str, object]]:
    from pgready.commands.demo.stage import example_folder
    from pgready.commands.demo.statements import prepare

    built = prepare(example_folder("backoffice"), silent if quiet else lambda event: click.echo(event.text, err=True))
    return True, {"statements": built.server}


def _small(
    replicas: int, bindir: str | None, *, stay: bool, quiet: bool, no_color: bool
) -> tuple[bool, dict[str, object]]:
    from pgready.commands.demo.small import demo, platform

    with _teller(platform(replicas), quiet=quiet, no_color=no_color) as tell:
        report = demo(tell, replicas=replicas, bindir=bindir, hold=_hold(tell) if stay else None)
    return report.ok, report.as_dict()


def _platform(
    replicas: int, bindir: str | None, html: str | None, *, stay: bool, quiet: bool, no_color: bool
) -> tuple[bool, dict[str, object]]:
    from pgready.commands.demo.backoffice import platform
    from pgready.commands.demo.run import demo
    from pgready.commands.demo.stage import example_folder
    from pgready.commands.demo.statements import find
    from pgready.report.story import seconds

    file = html
    parts = platform(replicas, find(example_folder("backoffice")))
    with _teller(parts, quiet=quiet, no_color=no_color) as tell:

        def done(report: Report) -> None:
            nonlocal file
            if report.page is not None:
                from pgready.cli.page import write_page

                file = os.path.abspath(html or os.path.join(tempfile.mkdtemp(prefix="pgready-demo-"), "report.html"))
                write_page(report.page, file)
                tell(Event("report", f"the report: {file}", {"at": report.total, "path": file}))
            held = sum(check.ok for check, _ in report.checks)
            text = f"{held} of {len(report.checks)} checks held, after {seconds(report.total)} from nothing"
            tell(Event("end", text, {"at": report.total, "ok": report.ok}))
            if stay:
                for part in report.parts:
                    if part.url is not None and not part.name.endswith(("-2", "-3")):
                        tell(Event("look", f"{part.name} {part.url}{part.look}", {}))
                _hold(tell)()

        report = demo(tell, replicas=replicas, bindir=bindir, done=done)
    return report.ok, {**report.as_dict(), "report": file}


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
def _teller(parts: Sequence[Part], *, quiet: bool, no_color: bool) -> Iterator[Teller]:
    names = [part.name for part in parts]
    if quiet:
        yield silent
    elif sys.stderr.isatty() and wants_color(False if no_color else None):
        from pgready.cli.demo_view import DemoView

        with DemoView(names) as view:
            yield view.tell
    else:
        yield _Lines(max(map(len, names))).tell


class _Lines:
    """One line per event: when, who, what."""

    def __init__(self, width: int) -> None:
        self._width = max(width, 12)

    def tell(self, event: Event) -> None:
        """Print it."""
        at, part = event.fields.get("at"), str(event.fields.get("part", ""))
        if event.kind == "doing" or (event.kind == "part" and event.fields.get("event") == "applying"):
            return
        when = f"{at:8.3f} s" if isinstance(at, float) else " " * 10
        text = event.text
        if event.kind == "started":
            text = f"$ {text}"
        if event.kind == "check":
            text = f"{_ok(event)}: {text}"
        if event.kind == "list":
            part = str(event.fields["service"])
            text = f"{_ok(event)}: GET {text}: {event.fields['plan']}"
        print(f"{when}  {part:<{self._width}} {text}", file=sys.stderr, flush=True)


def _ok(event: Event) -> str:
    return "ok" if event.fields.get("ok") else "FAILED"
