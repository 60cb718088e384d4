"""`pgready smoke`, as click knows it: stdout carries the verdicts, stderr what is done now and the last word."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from pgready.cli.render import remember, wants_color
from pgready.errors import UsageInvalid
from pgready.report.smoke import STEPS
from pgready.report.story import Event, Teller, silent

if TYPE_CHECKING:
    from pgready.commands.smoke.run import Evidence
    from pgready.report.diagnostics import Paint
    from pgready.report.smoke import SmokeResult

_FORMATS = ("human", "json", "markdown", "github")


@click.command("smoke", short_help="Show a cold start, upgrades, parity and services on databases of its own.")
@click.option(
    "--from", "refs", multiple=True, metavar="REF", help="A Git ref whose state is upgraded with rows; again."
)
@click.option("--replicas", type=click.IntRange(2, 20), help="How many boot at once (default 3).")
@click.option("--rows", type=click.IntRange(1, 1000), help="Rows a table before an upgrade (default 20).")
@click.option("--seed", metavar="WORD", help="What the rows are made of (default pgready).")
@click.option("--only", multiple=True, metavar="STEP", help=f"Only this step; again. Steps: {', '.join(STEPS)}.")
@click.option("--skip", multiple=True, metavar="STEP", help="All but this step; again.")
@click.option("--url", metavar="URL", help="Databases beside others on this server (default: an embedded server).")
@click.option("--schema", metavar="PATH", help="Prisma schema: a file or a folder.")
@click.option("--migrations", metavar="PATH", help="Migrations: a Prisma folder or a folder of SQL files.")
@click.option("--config", metavar="PATH", help="pgready.toml, pyproject.toml or prisma.config.ts.")
@click.option("--output-format", type=click.Choice(_FORMATS), help="How the steps look (default: human).")
@click.option("--html", metavar="FILE", help="Also a page to look at: one file.")
@click.option("--json", "as_json", is_flag=True, help="Data as JSON on stdout.")
@click.option("-q", "--quiet", is_flag=True, help="Only steps that failed.")
@click.option("--no-color", "no_color", is_flag=True, help="No colours, and no progress bars.")
def smoke(
    refs: tuple[str, ...],
    only: tuple[str, ...],
    skip: tuple[str, ...],
    replicas: int | None,
    rows: int | None,
    seed: str | None,
    url: str | None,
    output_format: str | None,
    html: str | None,
    as_json: bool,
    quiet: bool,
    no_color: bool,
    **flags: Any,
) -> int:
    """Prove that this project starts from nothing, and from what was there before, on databases of its own.

    Replicas race to boot; older states are filled with rows and upgraded; fresh, upgraded and schema are held against
    each other; a boot is killed and another finishes; models, query contracts and services are tried; at last faults
    are planted, each of which must be found. Exits 4 if a step fails. The project's own databases are never asked.
    """
    if as_json and output_format not in (None, "json"):
        raise UsageInvalid(f"--json and --output-format {output_format} exclude each other", then="keep one of them")
    shape = "json" if as_json else output_format or "human"
    remember("", False if no_color else None)
    from pgready.commands.smoke.context import Request
    from pgready.commands.smoke.run import smoke as run
    from pgready.process.signals import stop_on_signals
    from pgready.project.smoke_settings import smoke_settings

    wanted = smoke_settings(flags, dict(os.environ), os.getcwd())
    request = Request(
        refs=refs or wanted.refs,
        replicas=replicas or wanted.replicas or 3,
        rows=rows or wanted.rows or 20,
        seed=seed or wanted.seed or "pgready",
        url=url,
        only=only,
        skip=skip,
    )
    live = shape == "human" and not quiet
    with stop_on_signals(), _teller(quiet=quiet, live=live, no_color=no_color) as tell:
        result, evidence = run(request, wanted, flags, tell)
    _show(result, shape, quiet=quiet, paint=_paint(color=not no_color))
    if os.environ.get("GITHUB_STEP_SUMMARY"):
        from pgready.cli.step_summary import add
        from pgready.report.smoke import markdown

        add(markdown(result))
    if html is not None:
        _page(result, evidence, html)
    return result.exit_code


def _show(result: SmokeResult, shape: str, *, quiet: bool, paint: Paint) -> None:
    from pgready.report.smoke import github, markdown, step_lines

    if shape == "json":
        click.echo(result.as_json())
        return
    if shape == "markdown":
        click.echo(markdown(result), nl=False)
        return
    if shape == "github":
        for line in github(result):
            click.echo(line)
    else:
        for one in result.steps:
            if one.state == "failed" or not quiet:
                for line in step_lines(one, paint):
                    click.echo(line, color=True)
    if not quiet or not result.ok:
        click.echo(result.verdict, err=True)


def _page(result: SmokeResult, evidence: Evidence, file: str) -> None:
    from pgready.cli.page import write_page
    from pgready.report.page.model import Page, Step
    from pgready.report.page.sides import page_sides

    steps = tuple(
        Step(
            f"{one.name}: {one.title}",
            one.state,
            None if one.state == "skipped" else one.seconds,
            "\n".join((one.text, *one.lines)),
        )
        for one in result.steps
    )
    sides = page_sides(evidence.parity) if evidence.parity is not None else ()
    page = Page(
        "Smoke", result.verdict, sides=sides, migrations=evidence.migrations, proof=evidence.proof, steps=steps,
        history_of="the fresh database" if evidence.migrations else "",
    )  # fmt: skip
    write_page(page, file)


@contextmanager
def _teller(*, quiet: bool, live: bool, no_color: bool) -> Iterator[Teller]:
    if quiet:
        yield silent
    elif live and sys.stderr.isatty() and wants_color(False if no_color else None):
        from pgready.cli.smoke_view import SmokeView

        with SmokeView() as view:
            yield view.tell
    else:
        yield _line


def _line(event: Event) -> None:
    if event.kind == "step":
        click.echo(f"pgready: {event.fields['number']}/{event.fields['total']} {event.text}", err=True)
    elif event.kind not in ("doing", "step_done"):
        click.echo(f"pgready: {event.text}", err=True)


def _paint(*, color: bool) -> Paint:
    from pgready.report.diagnostics import COLOURS, PLAIN

    wanted = color and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    stream = sys.stdout  # None if the caller closed it
    return COLOURS if wanted and stream is not None and (stream.isatty() or os.environ.get("FORCE_COLOR")) else PLAIN
