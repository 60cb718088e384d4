"""`pgready boot -- CMD` and `pgready wait -- CMD`, as click knows them."""

from __future__ import annotations

from typing import Any

import click

from pgready.cli.options import common
from pgready.cli.start import start

_HEALTH = click.option(
    "--health", metavar="ADDRESS", help="Answer /livez and /readyz there (:8080) until COMMAND starts."
)
_CMD = {"ignore_unknown_options": True, "allow_interspersed_args": False}


@click.command(context_settings=_CMD)
@common(deploys=True, verifies=True)
@_HEALTH
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def boot(command: tuple[str, ...], **flags: Any) -> None:
    """Wait for the server, create what is missing, apply what is pending, verify, then become COMMAND."""
    start("boot", flags, list(command))


@click.command(context_settings=_CMD)
@common(waits=True, verifies=True)
@_HEALTH
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def wait(command: tuple[str, ...], **flags: Any) -> None:
    """Wait until another process made the database ready for this image, then become COMMAND."""
    start("wait", flags, list(command))
