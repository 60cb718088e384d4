"""`pgready doctor`: what is wrong, where, and what mends it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from pgready.cli.render import remember, wants_color
from pgready.report.story import plural

if TYPE_CHECKING:
    from pgready.commands.doctor.run import Diagnosis
    from pgready.setup.finding import Finding


@click.command("doctor", short_help="What is wrong with this set-up, and how to mend it.")
@click.option("--offline", is_flag=True, help="Do not ask the database.")
@click.option("--longest", metavar="TIME", help="How long the longest migration takes (default: as the database says).")
@click.option("--schema", metavar="PATH", help="Prisma schema: a file or a folder.")
@click.option("--migrations", metavar="PATH", help="Migrations: a Prisma folder or a folder of SQL files.")
@click.option("--url", metavar="URL", help="Database; better set DATABASE_URL, which `ps` does not show.")
@click.option("--config", metavar="PATH", help="pgready.toml, pyproject.toml or prisma.config.ts.")
@click.option("--json", "as_json", is_flag=True, help="Data as JSON on stdout.")
@click.option("-q", "--quiet", is_flag=True, help="Only errors.")
@click.option("--no-color", is_flag=True, help="No colours.")
def doctor(offline: bool, longest: str | None, as_json: bool, quiet: bool, no_color: bool, **flags: Any) -> int:
    """Say what is wrong with the set-up of this folder, and how to mend it.

    Looks at settings, schema, migrations, Dockerfiles, entrypoints, compose and Kubernetes, and asks the database who
    may do what. It changes nothing. Exits 4 if there is an error; warnings leave it 0.
    """
    from pgready.commands.doctor.run import doctor as run
    from pgready.process.signals import stop_on_signals
    from pgready.project.values import convert

    remember("", False if no_color else None)
    took = None if longest is None else float(str(convert("duration", longest, "--longest")))
    given = {name: value for name, value in flags.items() if value is not None}
    with stop_on_signals():
        done = run(given, offline=offline, longest_seconds=took)
    if as_json:
        click.echo(json.dumps(done.as_dict(), ensure_ascii=False, indent=2))
        return done.exit_code
    _show(done, quiet=quiet, color=not no_color and sys.stdout.isatty() and wants_color(None))
    return done.exit_code


def _show(done: Diagnosis, *, quiet: bool, color: bool) -> None:
    for one in done.findings:
        if one.level == "error" or not quiet:
            for line in _lines(one, color=color):
                click.echo(line, color=True)
    if quiet:
        return
    if done.looked_at:
        click.echo(f"looked at: {', '.join(done.looked_at)}", err=True)
    for what in done.not_looked_at:
        click.echo(f"not looked at: {what}", err=True)
    errors = sum(one.level == "error" for one in done.findings)
    warnings = len(done.findings) - errors
    if done.findings:
        click.echo(f"{plural(errors, 'error')}, {plural(warnings, 'warning')}", err=True)
    else:
        click.echo("nothing is wrong", err=True)


def _lines(one: Finding, *, color: bool) -> list[str]:
    level = click.style(one.level, fg="red" if one.level == "error" else "yellow") if color else one.level
    mend = one.mend.split("\n")
    where = f"{one.where}: " if one.where else ""
    return [f"{where}{level}[{one.id}]: {one.text}", f"  mend: {mend[0]}", *(f"        {line}" for line in mend[1:])]
