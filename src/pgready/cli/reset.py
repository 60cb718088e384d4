"""`pgready migrate reset`: consent by the database's name, then everything anew."""

from __future__ import annotations

import os

import click

from pgready.cli.options import common
from pgready.cli.start import settings_from


@click.command(short_help="Drop everything and apply every migration anew.")
@common(deploys=True)
@click.option("--confirm", metavar="DATABASE", help="The database's name: consent to lose all that is in it.")
@click.option("-f", "--force", is_flag=True, help="As Prisma's; it does not replace --confirm.")
@click.option("--skip-seed", is_flag=True, help="Do not run the seed command.")
def reset(confirm: str | None, force: bool, skip_seed: bool, **flags: object) -> None:
    """Empty the project's schemas, apply every migration, run the seed.

    All data in these schemas is lost; other schemas are left alone. On a terminal the database's name is asked for,
    otherwise --confirm has to give it.
    """
    from pgready.cli.consent import by_name
    from pgready.cli.story import teller
    from pgready.commands.reset import reset as run
    from pgready.commands.seed import prepare, run_seed
    from pgready.process.signals import stop_on_signals
    from pgready.project.external import find_external

    settings = settings_from(flags)
    tell = teller(settings)
    # Before anything is lost: whether the seed can run at all.
    seed = None if skip_seed or os.environ.get("PRISMA_MIGRATE_SKIP_SEED") else prepare(flags)
    with stop_on_signals():
        external = find_external(flags, dict(os.environ), os.getcwd())
        outcome = run(settings, tell, by_name(confirm, "pgready migrate reset", force=force), external)
        if seed is not None:
            run_seed(seed, tell, as_json=settings.json)
    if settings.json:
        import json

        click.echo(json.dumps({**outcome.as_dict(), "reset": True, "seeded": seed is not None}, ensure_ascii=False))
