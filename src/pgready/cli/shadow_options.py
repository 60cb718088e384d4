"""The flags of commands that replay migrations in a shadow database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

_F = TypeVar("_F", bound=Callable[..., Any])


def shadow_options(function: _F) -> _F:
    """Add `--shadow-database-url` and `--shadow`."""
    where = click.option(
        "--shadow",
        type=click.Choice(["auto", "embedded", "server"]),
        default="auto",
        help="Where to replay migrations: a server of our own, or a throw-away database on the project's server.",
    )
    url = click.option("--shadow-database-url", metavar="URL", help="An empty database to replay migrations in.")
    return url(where(function))
