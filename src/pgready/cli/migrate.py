"""`pgready migrate deploy | status | resolve | adopt`: Prisma's verbs with Prisma's meaning."""

from __future__ import annotations

import click

from pgready.cli.options import common, settings_from


@click.group()
def migrate() -> None:
    """Deploy migrations, tell their states, decide about failed ones."""


@migrate.command()
@common(deploys=True)
def deploy(**flags: object) -> None:
    """Apply what is pending, then exit (the deploy of `boot` without a command)."""
    from pgready.cli.story import storyteller
    from pgready.commands.boot import boot
    from pgready.process.signals import stop_on_signals

    settings = settings_from(flags)
    with stop_on_signals(), storyteller(settings) as tell:
        outcome = boot(settings, tell)
    if settings.json:
        import json

        click.echo(json.dumps(outcome.as_dict(), ensure_ascii=False))
