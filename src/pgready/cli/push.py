"""`pgready db push`: the database is brought to the Prisma schema, with consent to what would be lost."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from pgready.cli.options import common
from pgready.cli.start import settings_from
from pgready.errors import Declined, UsageInvalid
from pgready.report.story import Event, Teller

if TYPE_CHECKING:
    from pgready.commands.push import Proposal


@click.command(short_help="Bring the database to the Prisma schema, without a migration.")
@common(deploys=True)
@click.option("--accept-data-loss", is_flag=True, help="Agree to what is warned of.")
@click.option("--force-reset", is_flag=True, help="Empty the schemas first; needs --confirm.")
@click.option("--confirm", metavar="DATABASE", help="The database's name: consent to --force-reset.")
@click.option("--skip-generate", is_flag=True, hidden=True, expose_value=False)  # Prisma 6 has it
def push(accept_data_loss: bool, force_reset: bool, confirm: str | None, **flags: object) -> None:
    """Change the database's tables and enums to what the Prisma schema says, in one transaction.

    For prototypes: no migration is written, and a database that has migrations gets changes that none of them makes.
    What would lose data is told first; on a terminal it is asked about, otherwise --accept-data-loss has to agree.
    """
    from pgready.cli.consent import by_name
    from pgready.cli.story import teller
    from pgready.commands.push import push as run
    from pgready.commands.push import read_schema, schemas_of
    from pgready.commands.reset import empty_schemas
    from pgready.process.signals import stop_on_signals
    from pgready.project.external import find_external

    if confirm is not None and not force_reset:
        raise UsageInvalid(
            "--confirm is consent to --force-reset, which is not there",
            then="pgready db push --accept-data-loss agrees to what is warned of",
            code="usage",
        )
    settings = settings_from(flags)
    tell = teller(settings)
    with stop_on_signals():
        schema = read_schema(flags)
        external = find_external(flags, dict(os.environ), os.getcwd())
        if force_reset:
            settings.create_database = True
            consent = by_name(confirm, "pgready db push --force-reset")
            empty_schemas(settings, tell, consent, external, schemas=schemas_of(settings, schema))
        done = run(settings, tell, schema, _consent(tell, accepted=accept_data_loss), external)
    if settings.json:
        import json

        click.echo(json.dumps({**done.as_dict(), "reset": force_reset}, ensure_ascii=False))


def _consent(tell: Teller, *, accepted: bool) -> Callable[[Proposal], None]:
    def ask(proposal: Proposal) -> None:
        from pgready.cli.consent import can_ask

        if accepted:
            for line in proposal.warnings:
                tell(Event("data_loss", f"accepted: {line}", {}))
            return
        if can_ask():
            lines = "\n".join(f"  - {line}" for line in proposal.warnings)
            click.echo(f"Data may be lost:\n{lines}", err=True)
            if click.confirm("Change the database all the same?", default=False, err=True):
                return
            what = "nobody agreed: nothing was changed"
        else:
            what = "data may be lost, and nobody agreed to that: nothing was changed"
        raise Declined(
            what, detail="\n".join(proposal.warnings), then="pgready db push --accept-data-loss", code="data_loss"
        )

    return ask
