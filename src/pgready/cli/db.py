"""`pgready db pull | push | execute | seed`: Prisma's verbs with Prisma's meaning."""

from __future__ import annotations

import click

from pgready.cli.options import common
from pgready.cli.pull import pull
from pgready.cli.push import push
from pgready.cli.start import settings_from


@click.group()
def db() -> None:
    """Pull or push the schema, run a script, or the project's seed."""


db.add_command(pull)
db.add_command(push)


@db.command(short_help="Run a script.")
@click.option("--file", metavar="PATH", help="The script.")
@click.option("--stdin", is_flag=True, help="Read the script from standard input.")
@common(waits=True)
def execute(file: str | None, stdin: bool, **flags: object) -> None:
    """Run a script as it stands; no rows come back, only success or failure.

    Its own BEGIN and COMMIT count; without them it is applied whole or not at all. It leaves no trace in the migrations
    table.
    """
    from pgready.cli.story import storyteller
    from pgready.commands.execute import execute as run
    from pgready.commands.execute import read_script
    from pgready.errors import UsageInvalid
    from pgready.process.signals import stop_on_signals

    if (file is None) == (not stdin):
        what = "--file and --stdin exclude each other" if stdin else "db execute needs a script"
        raise UsageInvalid(what, then="pgready db execute --file PATH", code="usage")
    if flags.get("url") and flags.get("schema"):
        raise UsageInvalid(
            "--url and --schema exclude each other: both say which database is meant",
            then="pgready db execute --help",
            code="usage",
        )
    settings = settings_from(flags)
    with stop_on_signals(), storyteller(settings) as tell:
        count = run(settings, tell, read_script(file))
    if settings.json:
        import json

        click.echo(json.dumps({"executed": True, "statements": count}))


@db.command(short_help="Run the project's seed command.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[-- ARG…]")
@common()
def seed(arguments: tuple[str, ...], **flags: object) -> None:
    """Run the seed command that the project names, with DATABASE_URL set; what follows `--` is passed on to it."""
    from pgready.cli.story import teller
    from pgready.commands.seed import missing, prepare, run_seed
    from pgready.process.signals import stop_on_signals

    settings = settings_from(flags)
    prepared = prepare(flags, arguments)
    if prepared is None:
        raise missing()
    with stop_on_signals():
        run_seed(prepared, teller(settings), as_json=settings.json)
    if settings.json:
        import json

        click.echo(json.dumps({"seeded": True, "source": prepared.source}, ensure_ascii=False))
