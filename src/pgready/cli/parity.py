"""`pgready parity`: sides held against the first one.

stdout carries the findings or, with --fix, the SQL; stderr the story of shadow databases and the last word.
"""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from pgready.cli.render import remember, show_error
from pgready.cli.shadow_options import shadow_options
from pgready.errors import PgreadyError, UsageInvalid
from pgready.parity.model import WEIGHTS, Weight
from pgready.report.story import Event, silent

if TYPE_CHECKING:
    from pgready.commands.shadow import Choice
    from pgready.parity.result import ParityResult

_FORMATS = ("human", "concise", "json", "github", "sarif", "markdown")
_FINDINGS = 4


@click.command("parity", short_help="Hold schema, migrations and live databases against each other.")
@click.argument("sides", nargs=-1, metavar="SIDE SIDE…")
@click.option("--threshold", type=click.Choice(WEIGHTS), help="Exit 4 for this weight and heavier (default: slows).")
@click.option("--fix", is_flag=True, help="The SQL that brings each side to the first one; it is never run.")
@click.option("--map-role", "roles", multiple=True, metavar="SIDE=FIRST", help="A role that the first side calls so.")
@click.option("--fingerprints", is_flag=True, help="With --json: the fingerprint of every object.")
@click.option("--output-format", type=click.Choice(_FORMATS), help="How findings look (default: human).")
@click.option("--write-contract", "contract", metavar="FILE", help="What one side needs of a database, for boot.")
@click.option("--html", metavar="FILE", help="Also a page to look at: one file, with the diagram.")
@shadow_options
@click.option("--schema", metavar="PATH", help="Prisma schema: a file or a folder.")
@click.option("--migrations", metavar="PATH", help="Migrations: a Prisma folder or a folder of SQL files.")
@click.option("--config", metavar="PATH", help="pgready.toml, pyproject.toml or prisma.config.ts.")
@click.option("--json", "as_json", is_flag=True, help="Data as JSON on stdout.")
@click.option("-q", "--quiet", is_flag=True, help="Nothing but what differs.")
@click.option("--no-color", is_flag=True, help="No colours.")
def parity(
    sides: tuple[str, ...],
    threshold: Weight | None,
    fix: bool,
    roles: tuple[str, ...],
    fingerprints: bool,
    output_format: str | None,
    contract: str | None,
    html: str | None,
    shadow: Choice,
    as_json: bool,
    quiet: bool,
    no_color: bool,
    **flags: Any,
) -> int:
    """Hold sides against the first: what differs, what that does to the application, which SQL ends it.

    A SIDE is schema[:PATH], migrations[:PATH][@REF], a URL, a name of [tool.pgready.sides], or a snapshot file. Exits 4
    if a difference reaches the threshold. Nothing is written but to throw-away databases.
    """
    if as_json and output_format not in (None, "json"):
        raise UsageInvalid(f"--json and --output-format {output_format} exclude each other", then="keep one of them")
    shape = "json" if as_json else output_format or "human"
    if fix and shape not in ("human", "json"):
        raise UsageInvalid(f"--fix and --output-format {shape} exclude each other", then="keep one of them")
    if contract is not None and (fix or html or fingerprints or roles or shape not in ("human", "json")):
        raise UsageInvalid(
            "--write-contract writes a file and compares nothing: of the flags for findings it takes --threshold and"
            " --json",
            then="pgready parity migrations --write-contract FILE",
        )
    remember("", False if no_color else None)
    if isinstance(sys.stdout, io.TextIOWrapper):  # names hold characters that a terminal may not have
        sys.stdout.reconfigure(errors="backslashreplace")
    if contract is not None:
        return _write_contract(sides, contract, flags, shadow, threshold, quiet=quiet, as_json=as_json)
    try:
        result = _run(
            sides, flags, shadow, quiet=quiet, threshold=threshold, roles=_roles(roles), fix=fix,
            fingerprints=("objects" if fingerprints else "whole") if shape == "json" else "none",
            diagram=shape == "markdown" or bool(os.environ.get("GITHUB_STEP_SUMMARY")),
        )  # fmt: skip
    except PgreadyError as e:
        if shape != "sarif":
            raise
        from pgready import __version__
        from pgready.report.parity_data import sarif

        click.echo(sarif(None, __version__, e))
        show_error(e, as_json=False)
        return e.exit_code
    if html is not None:
        from pgready.cli.page import write_page
        from pgready.commands.parity.timeline import first_timeline
        from pgready.commands.sides import Project
        from pgready.report.page.model import Page
        from pgready.report.page.sides import called, page_sides
        from pgready.report.parity import verdict

        name, migrations = first_timeline(sides, Project(flags))
        page = Page("Parity", verdict(result), sides=page_sides(result), migrations=migrations, history_of=called(name))
        write_page(page, html)
    if os.environ.get("GITHUB_STEP_SUMMARY"):
        from pgready.cli.step_summary import add
        from pgready.report.parity_data import markdown

        add(markdown(result))
    _show(result, shape, fix=fix, quiet=quiet, color=not no_color)
    return _FINDINGS if result.failed else 0


def _run(sides: tuple[str, ...], flags: dict[str, Any], shadow: Choice, *, quiet: bool, **options: Any) -> ParityResult:
    from pgready.commands.parity.run import parity as run
    from pgready.commands.sides import Project
    from pgready.process.signals import stop_on_signals

    with stop_on_signals():
        return run(sides, Project(flags, shadow), silent if quiet else _line, **options)


def _write_contract(
    sides: tuple[str, ...], path: str, flags: dict[str, Any], shadow: Choice, threshold: Weight | None, *, quiet: bool,
    as_json: bool,
) -> int:  # fmt: skip
    from pgready.commands.parity.contract import write_contract
    from pgready.commands.sides import Project
    from pgready.process.signals import stop_on_signals

    with stop_on_signals():
        written = write_contract(sides, path, Project(flags, shadow), silent if quiet else _line, threshold)
    for rule in written.expired:
        click.echo(f"the ignore rule for {rule.object} ended on {rule.until}: nothing was written", err=True)
    if written.expired:
        return _FINDINGS
    if as_json:
        import json

        data = {"contract": path, "made_of": written.made_of, "threshold": written.threshold, "facts": written.facts}
        click.echo(json.dumps({**data, "ignored": written.ignored}, ensure_ascii=False))
    elif not quiet:
        left = f", {written.ignored} ignored by a rule" if written.ignored else ""
        click.echo(f"wrote {path}: {written.facts} facts of {written.made_of}{left}", err=True)
    return 0


def _roles(given: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for one in given:
        name, sign, other = one.partition("=")
        if not (name and sign and other):
            raise UsageInvalid(
                f"--map-role {one} is no pair of roles", then="--map-role prod_owner=owner", code="usage"
            )
        found[name] = other
    return found


def _show(result: ParityResult, shape: str, *, fix: bool, quiet: bool, color: bool) -> None:
    from pgready import __version__
    from pgready.report import parity as text
    from pgready.report import parity_data as data

    if shape == "json":
        click.echo(data.as_json(result))
    elif shape == "sarif":
        click.echo(data.sarif(result, __version__))
    elif shape == "markdown":
        click.echo(data.markdown(result), nl=False)
    elif shape == "github":
        for line in data.github(result):
            click.echo(line)
    elif fix:
        click.echo("\n".join(side.fix for side in result.sides[1:]), nl=False)
        click.echo(text.verdict(result), err=True)
    else:
        paint = _paint(color=color)
        if shape == "concise":
            for line in text.concise(result, paint):
                click.echo(line, color=True)
        else:
            click.echo("".join(f"{part}\n\n" for part in text.human(result, paint, quiet=quiet)), nl=False, color=True)
    if shape in ("human", "concise") and not fix and not (quiet and not result.failed):
        click.echo(text.verdict(result), err=True)
    for rule in result.expired:
        if shape != "human" or fix:
            click.echo(f"the ignore rule for {rule.object} ended on {rule.until}", err=True)


def _line(event: Event) -> None:
    click.echo(f"pgready: {event.text}", err=True)


def _paint(*, color: bool) -> Any:
    """Colours where stdout is a terminal that wants them."""
    from pgready.report.diagnostics import COLOURS, PLAIN

    wanted = color and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    stream = sys.stdout  # None if the caller closed it
    return COLOURS if wanted and stream is not None and (stream.isatty() or os.environ.get("FORCE_COLOR")) else PLAIN
