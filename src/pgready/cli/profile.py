"""`pgready profile`: the file on stdout, what could not be seen on stderr."""

from __future__ import annotations

import click

from pgready.cli.output import write_output
from pgready.cli.render import remember


@click.command(short_help="How big a database is, as a file for proofs.")
@click.argument("url", required=False)
@click.option("-o", "--output", metavar="FILE", help="Write to a file instead of stdout.")
@click.option("--schemas", metavar="NAMES", help="Only these PostgreSQL schemas, separated by commas.")
@click.option(
    "--statement-timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    help="Longest time for a statement (30).",
)
@click.option("--config", metavar="PATH", help="pgready.toml, pyproject.toml or prisma.config.ts.")
@click.option("--json", "as_json", is_flag=True, help="Data as JSON on stdout.")
@click.option("-q", "--quiet", is_flag=True, help="Only errors on stderr.")
@click.option("--no-color", is_flag=True, help="No colours.")
def profile(
    url: str | None,
    output: str | None,
    schemas: str | None,
    statement_timeout: float,
    config: str | None,
    as_json: bool,
    quiet: bool,
    no_color: bool,
) -> None:
    """Write the profile of the database at URL (default: the project's), for `pgready prove --profile`.

    Rows, pages, distinct counts, shares of NULLs, widths and correlations as the last ANALYZE saw them. No value of a
    column leaves the server, but how often each value of an enum or boolean comes. One connection, one read-only
    transaction, no locks; an ordinary role and a standby will do.
    """
    from pgready.commands.prove.profile import profiled
    from pgready.commands.sides import Project, Side
    from pgready.process.signals import stop_on_signals

    remember("", False if no_color else None)
    names = None if schemas is None else [name.strip() for name in schemas.split(",") if name.strip()]
    with stop_on_signals():
        target = Project({"config": config}).target(Side("url", url, "URL") if url else Side("datasource"))
        found = profiled(target, names, timeout=statement_timeout)
    if not quiet:
        for note in found.notes:
            click.echo(f"pgready: {note}", err=True)
    if as_json:
        import json

        write_output(json.dumps(found.as_dict(), ensure_ascii=False, indent=2) + "\n", output)
    else:
        write_output(found.text, output)
