"""`pgready erd`, as click knows it. stdout carries the diagram, stderr the story of a shadow database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pgready import __version__
from pgready.cli.output import write_output
from pgready.cli.render import remember
from pgready.cli.shadow_options import shadow_options
from pgready.errors import UsageInvalid
from pgready.report.story import Event, silent

if TYPE_CHECKING:
    from pgready.commands.erd import Format
    from pgready.commands.shadow import Choice
    from pgready.commands.sides import Kind, Side
    from pgready.report.erd.layout import Detail

_KINDS: tuple[Kind, ...] = ("schema", "migrations", "url", "snapshot")


@click.command(short_help="Draw the tables and their relations.")
@click.option("--schema", metavar="PATH", help="A Prisma schema: a file or a folder (default: the project's).")
@click.option("--migrations", metavar="PATH", help="A migrations folder, replayed in a shadow database.")
@click.option("--url", metavar="URL", help="A live database.")
@click.option("--snapshot", metavar="FILE", help="A file of `pgready snapshot`.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["svg", "mermaid", "dbml", "html"]),
    default="svg",
    help="svg: a drawing. mermaid, dbml: its source. html: a page with search, zoom and focus.",
)
@click.option(
    "--detail",
    type=click.Choice(["names", "keys", "columns"]),
    help="How much of each table an SVG shows (default: what can be read).",
)
@click.option("-o", "--output", metavar="FILE", help="Write to a file instead of stdout.")
@shadow_options
@click.option("--config", metavar="PATH", help="pgready.toml, pyproject.toml or prisma.config.ts.")
@click.option("-q", "--quiet", is_flag=True, help="Only errors on stderr.")
@click.option("--no-color", is_flag=True, help="No colours.")
def erd(
    format_: Format,
    detail: Detail | None,
    output: str | None,
    shadow_database_url: str | None,
    shadow: Choice,
    config: str | None,
    quiet: bool,
    no_color: bool,
    **places: str | None,
) -> None:
    """Draw the tables of a schema, a migrations folder, a database or a snapshot, and the relations between them.

    The same structure always gives the same drawing. An SVG and a page are files of their own: they load nothing.
    """
    from pgready.commands.erd import erd as run
    from pgready.commands.sides import Project
    from pgready.process.signals import stop_on_signals

    remember("", False if no_color else None)
    if detail is not None and format_ != "svg":
        raise UsageInvalid(f"--detail is for an SVG, not for {format_}", then="leave it out", code="usage")
    side = _side(places)
    project = Project({"shadow_database_url": shadow_database_url, "config": config}, shadow)
    with stop_on_signals():
        text = run(side, project, silent if quiet else _line, format_, detail, f"Made by pgready {__version__}")
    write_output(text, output)


def _side(places: dict[str, str | None]) -> Side:
    from pgready.commands.sides import Side

    given = [Side(kind, text, f"--{kind}") for kind in _KINDS if (text := places[kind]) is not None]
    if len(given) > 1:
        names = " and ".join(side.flag for side in given)
        raise UsageInvalid(f"{names} exclude each other", then="a diagram is of one of them", code="usage")
    return given[0] if given else Side("schema")


def _line(event: Event) -> None:
    click.echo(f"pgready: {event.text}", err=True)
