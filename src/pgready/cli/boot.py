"""`pgready boot -- CMD` and `pgready wait -- CMD`."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import click

from pgready.cli.options import common, settings_from
from pgready.cli.story import storyteller
from pgready.commands.outcome import Outcome
from pgready.errors import UsageInvalid
from pgready.project.settings import Settings
from pgready.report.story import Teller

_CMD = {"ignore_unknown_options": True, "allow_interspersed_args": False}


@click.command(context_settings=_CMD)
@common(deploys=True)
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def boot(command: tuple[str, ...], **flags: Any) -> None:
    """Wait for the server, create what is missing, apply what is pending, verify, then become COMMAND."""
    from pgready.commands.boot import boot as run

    _run("boot", run, command, flags)


@click.command(context_settings=_CMD)
@common(waits=True)
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def wait(command: tuple[str, ...], **flags: Any) -> None:
    """Wait until another process made the database ready for this image, then become COMMAND."""
    from pgready.commands.boot import wait as run

    _run("wait", run, command, flags)


def _run(
    verb: str, run: Callable[[Settings, Teller], Outcome], command: tuple[str, ...], flags: dict[str, Any]
) -> None:
    """CMD is looked up before anything is migrated: an image that cannot start must not touch the database."""
    from pgready.process.exec import become, check_runnable, find_command
    from pgready.process.signals import stop_on_signals

    if not command:
        raise UsageInvalid(f"pgready {verb} has no command to start", then=f"pgready {verb} -- CMD [ARG…]")
    if command[0].startswith("-"):
        raise UsageInvalid(f"unknown option {command[0]}", then=f"pgready {verb} --help")
    path = find_command(list(command), dict(os.environ))
    check_runnable(path)
    settings = settings_from(flags)
    with stop_on_signals(), storyteller(settings) as tell:
        outcome = run(settings, tell)
    if settings.json:
        import json

        print(json.dumps(outcome.as_dict(), ensure_ascii=False), flush=True)
    become(path, list(command), dict(os.environ))
