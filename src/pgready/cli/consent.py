"""Asking for consent: on a terminal by a question, elsewhere by a flag."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable

import click

from pgready.commands.reset import Loss
from pgready.errors import Declined


def can_ask() -> bool:
    """Whether somebody is there who reads the question and can answer it."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def by_name(confirm: str | None, command: str, *, force: bool = False) -> Callable[[Loss], None]:
    """Consent to lose everything: the database's name, given as `confirm` or typed.

    `command` is what was run; `force`: with a flag of Prisma's that does not say which database.
    """

    def ask(loss: Loss) -> None:
        if confirm == loss.database:
            return
        lost = "\n".join(("these would be lost, with all their rows:", *(f"  {line}" for line in loss.lines)))
        if confirm is not None:
            what = f"--confirm {confirm} is not the database's name: it is {loss.database}"
        elif force:
            what = f"--force does not say which database: a reset drops everything in {loss.database}"
        elif can_ask():
            click.echo(f"The database {loss.database} will be reset; {lost}", err=True)
            typed = click.prompt("Type its name to go on", default="", show_default=False, err=True)
            if typed.strip() == loss.database:
                return
            what = "the name was not typed: nothing was dropped"
        else:
            what = f"a reset drops everything in {loss.database}, and nobody agreed to that"
        then = f"{command} --confirm {shlex.quote(loss.database)}"
        raise Declined(what, detail=lost, then=then, code="consent_missing")

    return ask
