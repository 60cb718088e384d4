"""`pgready generate`, as click knows it. stdout carries the files that change, stderr the last word."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from pgready.cli.render import remember

if TYPE_CHECKING:
    from pgready.commands.generate import Outcome, Written

_FINDINGS = 4


@click.command()
@click.option("--schema", metavar="PATH", help="Prisma schema: a file or a folder.")
@click.option("--config", metavar="PATH", help="pgready.toml, pyproject.toml or prisma.config.ts.")
@click.option("--output", metavar="DIR", help="Folder to write to, instead of the generator's `output`.")
@click.option("--generator", "names", metavar="NAME", multiple=True, help="Only this generator; may be given again.")
@click.option("--check", is_flag=True, help="Write nothing; exit 4 and name the files that would change.")
@click.option("--json", "as_json", is_flag=True, help="Data as JSON on stdout.")
@click.option("-q", "--quiet", is_flag=True, help="Nothing but what is wrong.")
@click.option("--no-color", "no_color", is_flag=True, help="No colours.")
def generate(
    output: str | None, names: tuple[str, ...], check: bool, as_json: bool, quiet: bool, no_color: bool, **flags: Any
) -> int:
    """Write Python models of the Prisma schema: its generators `pgready-sqlalchemy` and `pgready-pydantic`.

    No database, no URL and no Node is needed. A folder that holds anything else is refused.
    """
    from pgready.commands.generate import generate as run
    from pgready.process.signals import stop_on_signals

    remember("", False if no_color else None)
    with stop_on_signals():
        done = run(flags, output=output, names=names, check=check)
    if as_json:
        _show_json(done, check=check)
    else:
        for one in done.jobs:
            for file in one.files:
                if file.state != "same":
                    click.echo(os.fsencode(os.path.join(one.job.output, file.name)))
    if not quiet:
        for one in done.jobs:
            click.echo(_said(one, check=check), err=True)
    return _FINDINGS if check and not all(one.is_fresh for one in done.jobs) else 0


def _said(one: Written, *, check: bool) -> str:
    from pgready.report.excerpt import plain
    from pgready.report.story import plural

    folder = plain(one.job.output)
    changes = sum(file.state != "same" for file in one.files)
    if not changes:
        return f"{folder} is up to date ({plural(len(one.files), 'file')})"
    if check:
        again = "" if one.job.name else f" --output {folder}"
        return f"{folder} is stale, {plural(changes, 'file')} would change: pgready generate{again}"
    removed = sum(file.state == "stale" for file in one.files)
    gone = f", {removed} removed" if removed else ""
    return f"{folder}: {plural(changes - removed, 'file')} of {len(one.files) - removed} written{gone}"


def _show_json(done: Outcome, *, check: bool) -> None:
    import json

    data = {
        "fresh": all(one.is_fresh for one in done.jobs),
        "written": not check,
        "generators": [
            {
                "name": one.job.name,
                "provider": one.job.provider,
                "output": one.job.output,
                "files": [{"path": file.name, "state": file.state} for file in one.files],
            }
            for one in done.jobs
        ],
        "others": [{"name": name, "provider": provider} for name, provider in done.others],
    }
    click.echo(json.dumps(data, indent=2))
