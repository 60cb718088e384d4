"""`pgready backfill run | status | resolve`: long data changes that no deploy waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pgready.cli.options import common
from pgready.cli.start import settings_from

if TYPE_CHECKING:
    from pgready.commands.online.backfill_status import BackfillStatus


@click.group()
def backfill() -> None:
    """Run background backfills, tell how far they are, decide about them."""


@backfill.command(short_help="Go through what is registered.")
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option("--lock-timeout", metavar="TIME", help="A batch waits this long for a lock (default 5s, 0: off).")
@common(waits=True)
def run(names: tuple[str, ...], **flags: object) -> None:
    """Go through what deploys have registered, in batches, from where it stopped; without NAME all that is not done.

    One runner works at a time: another one waits, and finds the rest. It may be killed at any moment.
    """
    from pgready.cli.story import storyteller
    from pgready.commands.online.backfill import Runner
    from pgready.process.signals import stop_on_signals

    settings = settings_from(flags)
    with stop_on_signals(), storyteller(settings) as tell:
        done = Runner(settings, tell, names).run()
    if settings.json:
        import json

        click.echo(json.dumps({"backfills": [one.as_dict() for one in done]}, ensure_ascii=False))


@backfill.command(short_help="How much is left.")
@common()
def status(**flags: object) -> int:
    """Name each background backfill and the rows of its key's range that are left; exits 5 unless all are done."""
    from pgready.commands.online.backfill_status import status as look

    settings = settings_from(flags)
    found = look(settings)
    if settings.json:
        import json

        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
    else:
        show(found)
        if not found.shown:
            click.echo("no background backfill is registered")
        if found.next_step:
            click.echo(f"next: {found.next_step}")
    return 0 if found.done else 5


def show(found: BackfillStatus) -> None:
    """A line for each, on stdout."""
    for each in found.shown:
        mark, color = ("✓", "green") if each.one.done else ("·", "yellow")
        click.echo(click.style(f"{mark} backfill   ", fg=color) + f" {each.one.name}  {each.text}")
        if each.note:
            click.echo("              " + each.note)
    if found.runner:
        click.echo(f"running now: {found.runner}")


@backfill.command(short_help="Write down a decision about backfills.")
@click.option("--done", metavar="NAME", multiple=True, help="It is done, or not needed any more.")
@click.option("--again", metavar="NAME", multiple=True, help="Go through all keys once more.")
@click.option("--force", is_flag=True, help="Also against what the data show.")
@common(waits=True)
def resolve(done: tuple[str, ...], again: tuple[str, ...], force: bool, **flags: object) -> None:
    """Write down a decision about background backfills; each option may be repeated."""
    from pgready.cli.story import storyteller
    from pgready.commands.online.backfill_resolve import resolve as decide
    from pgready.errors import UsageInvalid
    from pgready.process.signals import stop_on_signals

    if not (done or again):
        raise UsageInvalid(
            "resolve needs a decision", then="pgready backfill resolve --done NAME | --again NAME", code="usage"
        )
    settings = settings_from(flags)
    with stop_on_signals(), storyteller(settings) as tell:
        decide(settings, tell, done, again, force=force)
    if settings.json:
        import json

        click.echo(json.dumps({"done": done, "again": again}))
