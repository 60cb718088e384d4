"""`pgready prove`, as click knows it: stdout carries the verdicts, stderr the story and the last word."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from pgready.cli.render import remember, show_error
from pgready.errors import PgreadyError, UsageInvalid
from pgready.report.story import Event, silent

if TYPE_CHECKING:
    from pgready.proof.result import Proof
    from pgready.report.diagnostics import Paint

_FORMATS = ("human", "concise", "json", "github", "sarif")
_DATA = ("json", "github", "sarif")


def _growths(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[float, ...]:
    """`1,10,100` as numbers."""
    try:
        found = sorted({float(part) for part in value.split(",")})
    except ValueError:
        found = []
    if not found or not 0 < found[0] <= found[-1] <= 1e6:
        raise click.BadParameter("it takes numbers above 0, separated by commas: --growth 1,10,100")
    return tuple(found)


@click.command(short_help="Hold queries against the planner at production's size.")
@click.argument("contracts", nargs=-1)
@click.option("--profile", metavar="FILE", help="How big production is (pgready profile URL writes it).")
@click.option(
    "--growth", "growths", default="1,10,100", metavar="NUMBERS", callback=_growths, help="Sizes, as multiples."
)
@click.option("--schema", metavar="PATH", help="Prisma schema: a file or a folder.")
@click.option("--migrations", metavar="PATH", help="Migrations: a Prisma folder or a folder of SQL files.")
@click.option("--config", metavar="PATH", help="pgready.toml, pyproject.toml or prisma.config.ts.")
@click.option("--url", metavar="URL", help="Prove on this server, as its superuser (default: an embedded server).")
@click.option("--from-live", metavar="URL", help="Contracts from pg_stat_statements of a live server, read-only.")
@click.option("--top", type=click.IntRange(1, 10_000), default=50, help="How many of these (default 50).")
@click.option("--live", metavar="URL", help="A live server that says what its indexes cost, read-only.")
@click.option("--baseline", metavar="FILE", help="Fail only on what is worse than this (default: contracts.lock).")
@click.option("--no-baseline", is_flag=True, help="Compare with nothing, even where there is a contracts.lock.")
@click.option("--update-baseline", is_flag=True, help="Accept what is there now: write the baseline.")
@click.option("--self-test/--no-self-test", default=True, help="Drop each index once to see the proof go red.")
@click.option("--way-out/--no-way-out", default=True, help="Try indexes and rewrites for what is unbounded.")
@click.option("--write-migration", metavar="NAME", help="Write a migration with the indexes that are missing.")
@click.option("--coverage", is_flag=True, help="Which index serves which contract, and which serves none.")
@click.option("--plans", is_flag=True, help="Show the plan of every contract.")
@click.option("--strict", is_flag=True, help="Depending on skew and not judged count as unbounded does.")
@click.option("--output-format", type=click.Choice(_FORMATS), help="How verdicts look (default: human).")
@click.option("--html", metavar="FILE", help="Also a page to look at: one file, every plan as a tree.")
@click.option("--json", "as_json", is_flag=True, help="Data as JSON on stdout.")
@click.option("-q", "--quiet", is_flag=True, help="Nothing but what is wrong.")
@click.option("--no-color", "no_color", is_flag=True, help="No colours.")
def prove(contracts: tuple[str, ...], output_format: str | None, as_json: bool, **flags: Any) -> int:
    """Prove that queries use their indexes at production's size, on a database without rows.

    CONTRACTS are SQL files, folders of them and Python modules; without them those that the settings name. The
    migrations build a throw-away database on an embedded server, which is given production's size and statistics; the
    planner is asked, nothing is executed. Exits 4 if a contract is unbounded.
    """
    if as_json and output_format not in (None, "json"):
        raise UsageInvalid(f"--json and --output-format {output_format} exclude each other", then="keep one of them")
    shape = "json" if as_json else output_format or "human"
    remember("", False if flags["no_color"] else None)
    # Queries and file names hold characters that a terminal of another encoding does not have.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        proof = _run(contracts, flags)
    except PgreadyError as e:
        if shape in _DATA:
            _show_trouble(shape, e)
        show_error(e, as_json=False)
        return e.exit_code
    if flags["html"] is not None:
        from pgready.cli.page import write_page
        from pgready.report.page.model import Page
        from pgready.report.proof import last_word

        write_page(Page("Index proofs", last_word(proof), proof=proof), flags["html"])
    if os.environ.get("GITHUB_STEP_SUMMARY"):
        from pgready.cli.step_summary import add
        from pgready.report.proof_markdown import markdown

        add(markdown(proof))
    _show(proof, shape, flags)
    return proof.exit_code


def _run(contracts: tuple[str, ...], flags: dict[str, Any]) -> Proof:
    from pgready.commands.prove.run import Request
    from pgready.commands.prove.run import prove as run
    from pgready.commands.sides import Project
    from pgready.process.signals import stop_on_signals

    if flags["no_baseline"] and (flags["baseline"] or flags["update_baseline"]):
        raise UsageInvalid("--no-baseline excludes --baseline and --update-baseline", code="usage")
    request = Request(
        paths=contracts,
        profile=flags["profile"],
        growths=flags["growths"],
        server=flags["url"],
        from_live=flags["from_live"],
        top=flags["top"],
        live=flags["live"],
        baseline=flags["baseline"],
        use_baseline=not flags["no_baseline"],
        update_baseline=flags["update_baseline"],
        self_test=flags["self_test"],
        way_out=flags["way_out"],
        migration=flags["write_migration"],
        strict=flags["strict"],
    )
    project = Project({name: flags[name] for name in ("schema", "migrations", "config")})
    with stop_on_signals():
        return run(request, project, silent if flags["quiet"] else _line)


def _line(event: Event) -> None:
    click.echo(f"pgready: {event.text}", err=True)


# ── what is shown ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _show(proof: Proof, shape: str, flags: dict[str, Any]) -> None:
    if shape in _DATA:
        _lines(_data(proof, shape, plans=flags["plans"]))
        return
    from pgready.report.proof import concise, covered, human, last_word

    paint = _paint(sys.stdout, color=not flags["no_color"])
    if shape == "concise":
        _lines(concise(proof, paint))
    else:
        _paragraphs(human(proof, paint, plans=flags["plans"], quiet=flags["quiet"]))
    if flags["coverage"]:
        _paragraphs(covered(proof.coverage, paint))
    if not flags["quiet"]:
        click.echo(last_word(proof), err=True)


def _data(proof: Proof, shape: str, *, plans: bool) -> Iterable[str]:
    from pgready import __version__
    from pgready.report.proof_data import as_json, github, sarif

    if shape == "json":
        return [as_json(proof, plans=plans)]
    return github(proof) if shape == "github" else [sarif(proof, __version__)]


def _show_trouble(shape: str, error: PgreadyError) -> None:
    """What kept the proof from being run, in the format that was asked for."""
    from pgready import __version__
    from pgready.report.annotations import dumped, sarif_log, trouble_command

    if shape == "json":
        click.echo(dumped({"ok": False, "exit_code": error.exit_code, "error": error.as_dict()}))
    elif shape == "github":
        click.echo(trouble_command(error))
    else:
        click.echo(sarif_log(__version__, [], [], (error,)))


def _lines(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line, color=True)


def _paragraphs(parts: Iterable[str]) -> None:
    for part in parts:
        click.echo(f"{part}\n", color=True)


def _paint(stream: Any, *, color: bool) -> Paint:
    """Colours where `stream` is a terminal that wants them."""
    from pgready.report.diagnostics import COLOURS, PLAIN

    wanted = color and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    # A closed stdout or stderr is None.
    return COLOURS if wanted and stream is not None and (stream.isatty() or os.environ.get("FORCE_COLOR")) else PLAIN
