"""The commands by click: verbs are found by name and imported when they are called."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

from pgready import __version__
from pgready.errors import UsageInvalid

_COMMANDS = {
    "boot": ("pgready.cli.boot", "boot", "Wait, migrate, verify, then become CMD."),
    "wait": ("pgready.cli.boot", "wait", "Wait until the database is ready for this image, then become CMD."),
    "migrate": ("pgready.cli.migrate", "migrate", "deploy, status, resolve, adopt, dev, diff, reset."),
    "db": ("pgready.cli.db", "db", "pull, push, execute, seed."),
    "validate": ("pgready.cli.schema", "validate", "Check the Prisma schema, as Prisma would."),
    "format": ("pgready.cli.schema", "format_", "Format the Prisma schema, as Prisma does."),
    "generate": ("pgready.cli.generate", "generate", "Write typed Python models of the Prisma schema."),
    "lint": ("pgready.cli.lint", "lint", "What migrations do to readers and writers, traced."),
    "backfill": ("pgready.cli.backfill", "backfill", "run, status, resolve: data changes that no deploy waits for."),
    "parity": ("pgready.cli.parity", "parity", "Hold schema, migrations and databases against each other."),
    "prove": ("pgready.cli.prove", "prove", "Prove that queries use their indexes at production's size."),
    "smoke": ("pgready.cli.smoke", "smoke", "Show a cold start, upgrades, parity and services, all at once."),
    "snapshot": ("pgready.cli.diff", "snapshot", "Write a database's structure as a file."),
    "profile": ("pgready.cli.profile", "profile", "Write how big a database is, for proofs; no values of users."),
    "erd": ("pgready.cli.erd", "erd", "Draw the tables and their relations."),
    "init": ("pgready.cli.init", "init", "Make a repository start by pgready: settings, containers, CI."),
    "doctor": ("pgready.cli.doctor", "doctor", "What is wrong with a set-up, and how to mend it."),
    "settings": ("pgready.cli.settings", "settings", "Show every setting and where it came from."),
    "embedded": ("pgready.cli.embedded", "embedded", "A PostgreSQL of your own: start, stop, url."),
    "demo": ("pgready.cli.demo", "demo", "Three replicas race on a cold server; all of them serve."),
}


class _Lazy(click.Group):
    """Imports a command's module when the command is called, not to list it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        found = _COMMANDS.get(cmd_name)
        if found is None:
            return None
        command: click.Command = getattr(importlib.import_module(found[0]), found[1])
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as e:
            import difflib

            near = difflib.get_close_matches(args[0] if args else "", _COMMANDS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near and "Did you mean" not in e.message else ""
            raise click.UsageError(e.message + hint, ctx) from None

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Click would end with 1, which means a bug. Nothing more is to be written, at the interpreter's end either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(141) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, found[2]) for name, found in _COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pgready")
def cli() -> None:
    """Bring a PostgreSQL database from cold to exactly what the code expects, then start the service."""


def run(argv: list[str]) -> int:
    """Run one command line by click; its complaints come back as ours (UsageInvalid)."""
    try:
        code = cli.main(argv, prog_name="pgready", standalone_mode=False)
    except click.exceptions.Exit as e:
        return e.exit_code
    except click.exceptions.NoArgsIsHelpError as e:
        e.show()
        return 2
    except click.ClickException as e:
        raise _misused(e) from None
    except click.Abort as e:
        # Click makes one exception of every interrupt: what it was says which signal, and the exit code with it.
        raise (e.__cause__ if isinstance(e.__cause__, KeyboardInterrupt) else KeyboardInterrupt()) from None
    return code if isinstance(code, int) else 0


def _misused(error: click.ClickException) -> UsageInvalid:
    """Click's complaint in our form, so that `--json` and people get what every other error gives them."""
    message = error.format_message().rstrip(".")
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "pgready"
    return UsageInvalid(message[:1].lower() + message[1:], then=f"{path} --help", code="usage")
