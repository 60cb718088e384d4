"""The flags that commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

_F = TypeVar("_F", bound=Callable[..., Any])

_PROJECT = (
    click.option("--schema", metavar="PATH", help="Prisma schema: a file or a folder."),
    click.option("--migrations", metavar="PATH", help="Migrations: a Prisma folder or a folder of SQL files."),
    click.option("--url", metavar="URL", help="Database; better set DATABASE_URL, which `ps` does not show."),
    click.option("--config", metavar="PATH", help="pgready.toml, pyproject.toml or prisma.config.ts."),
)
_OUTPUT = (
    click.option("--json", "json", is_flag=True, default=None, help="Data as JSON on stdout."),
    click.option("-q", "--quiet", is_flag=True, default=None, help="Only errors on stderr."),
    click.option("--no-color", "no_color", is_flag=True, default=None, help="No colours."),
    click.option("--log-format", type=click.Choice(["auto", "text", "json"]), help="Story on stderr."),
)
_VERIFY = (
    click.option("--verify", type=click.Choice(["history", "parity"]), help="What has to be right (default history)."),
    click.option("--readiness-contract", metavar="PATH", help="For --verify parity (default: beside the migrations)."),
)
_TIMEOUT = click.option("--timeout", metavar="TIME", help="Longest wait without progress: 90, 5m, 1h (default 5m).")
_DEPLOY = (
    click.option("--lock-timeout", metavar="TIME", help="A statement waits this long for a lock (default 5s, 0: off)."),
    click.option("--create-database", is_flag=True, default=None, help="Create the database if it is missing."),
    click.option(
        "--refuse-hazards", is_flag=True, default=None, help="Only scripts that lint has passed (hazards.lock)."
    ),
    click.option("--retry-auth", is_flag=True, default=None, help="Keep trying after a refused password."),
)


def common(*, deploys: bool = False, waits: bool = False, verifies: bool = False) -> Callable[[_F], _F]:
    """The shared flags; `waits` adds `--timeout`, `deploys` those of a deploy, `verifies` those of readiness."""

    def add(function: _F) -> _F:
        options = [*_PROJECT, *_OUTPUT]
        if waits or deploys:
            options.append(_TIMEOUT)
        if deploys:
            options += _DEPLOY
        if verifies:
            options += _VERIFY
        for option in reversed(options):
            function = option(function)
        return function

    return add
