"""`pgready validate` and `pgready format`, as click knows them.

stdout carries what was asked for (diagnostics, the files that change), stderr the last word.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pgready.cli.render import remember, show_error
from pgready.errors import PgreadyError, UsageInvalid

if TYPE_CHECKING:
    from pgready.commands.schema import Formatted, Verdict

_F = TypeVar("_F", bound=Callable[..., Any])
_FORMATS = ("human", "concise", "json", "github", "sarif")
_FINDINGS = 4
_SHOWN = 500
"""Nobody reads more paragraphs than these; the other formats give every finding."""


_WHICH: tuple[Callable[..., Any], ...] = (
    click.argument("paths", nargs=-1),
    click.option("--schema", metavar="PATH", help="Prisma schema: a file or a folder."),
    click.option("--config", metavar="PATH", help="pgready.toml, pyproject.toml or prisma.config.ts."),
)
_OUTPUT: tuple[Callable[..., Any], ...] = (
    click.option("--json", "as_json", is_flag=True, help="Data as JSON on stdout."),
    click.option("-q", "--quiet", is_flag=True, help="Nothing but what is wrong."),
    click.option("--no-color", "no_color", is_flag=True, help="No colours."),
)


def _options(*own: Callable[..., Any]) -> Callable[[_F], _F]:
    """The flags of both commands, with a command's `own` in between."""

    def add(function: _F) -> _F:
        for option in reversed((*_WHICH, *own, *_OUTPUT)):
            function = option(function)
        return function

    return add


@click.command()
@_options(click.option("--output-format", type=click.Choice(_FORMATS), help="How findings look (default: human)."))
def validate(paths: tuple[str, ...], output_format: str | None, as_json: bool, **flags: Any) -> int:
    """Check the Prisma schema, as Prisma would: exits 2 if it is not valid.

    PATHS are files and folders that are one schema; without them it is looked for where Prisma looks. No database and
    no URL is needed.
    """
    from pgready.commands.schema import validate as run

    if as_json and output_format not in (None, "json"):
        raise UsageInvalid(f"--json and --output-format {output_format} exclude each other", then="keep one of them")
    shape = "json" if as_json else output_format or "human"
    _one_place(paths, flags)
    try:
        verdict = run(paths, flags)
    except PgreadyError as e:
        if shape in ("json", "github", "sarif"):
            _show_data(shape, None, e)
        show_error(e, as_json=False)
        return e.exit_code
    if shape in ("json", "github", "sarif"):
        _show_data(shape, verdict)
    else:
        _show_lines(verdict, shape, color=not flags["no_color"])
    if verdict.is_valid and not flags["quiet"] and shape in ("human", "concise"):
        click.echo(f"{_named(verdict.files)} valid{_counted(verdict)}", err=True)
    return 0 if verdict.is_valid else 2


@click.command("format")
@_options(click.option("--check", is_flag=True, help="Write nothing; exit 4 and name the files that would change."))
def format_(paths: tuple[str, ...], check: bool, as_json: bool, **flags: Any) -> int:
    """Format the Prisma schema, as Prisma does, and write what changed.

    PATHS are files and folders that are one schema; without them it is looked for where Prisma looks. Exits 2, and
    writes nothing, if the syntax is wrong.
    """
    from pgready.commands.schema import format_files
    from pgready.process.signals import stop_on_signals

    _one_place(paths, flags)
    with stop_on_signals():
        done = format_files(paths, flags, check=check)
    if as_json:
        _show_json(done, check=check)
    elif done.diagnostics:
        from pgready.report.diagnostics import human

        _paragraphs(human(done.diagnostics[:_SHOWN], _paint(sys.stderr, color=not flags["no_color"])), err=True)
    else:
        for path in done.changed:
            click.echo(os.fsencode(path))
    if done.diagnostics:
        click.echo("nothing was written: the syntax has to be right first", err=True)
        return 2
    if not flags["quiet"]:
        click.echo(_said(done, check=check), err=True)
    return _FINDINGS if check and done.changed else 0


def _one_place(paths: tuple[str, ...], flags: dict[str, Any]) -> None:
    """Paths and --schema exclude each other; colours are remembered for an error to come, and any text can be shown."""
    if paths and flags["schema"]:
        raise UsageInvalid("--schema and paths exclude each other", then="give the schema's files and folders as paths")
    remember("", False if flags["no_color"] else None)
    # Schemas and file names hold characters that a terminal of another encoding does not have.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _show_lines(verdict: Verdict, shape: str, *, color: bool) -> None:
    from pgready.report.diagnostics import concise, count, human

    paint = _paint(sys.stdout, color=color)
    if [found.code for found in verdict.diagnostics] == ["provider-not-postgresql"]:
        click.echo(next(concise(verdict.diagnostics, paint)), color=True)
        return
    if shape == "human":
        _paragraphs(human(verdict.diagnostics[:_SHOWN], paint), err=False)
    elif verdict.diagnostics:
        click.echo("\n".join(concise(verdict.diagnostics, paint)), color=True)
    if shape == "human" and len(verdict.diagnostics) > _SHOWN:
        click.echo(f"the first {_SHOWN} are shown; all of them: --output-format concise", err=True)
    if not verdict.is_valid:
        click.echo(f"{_named(verdict.files)} not valid: {count(verdict.diagnostics)}", err=True)


def _paragraphs(parts: Iterator[str], *, err: bool) -> None:
    text = "".join(f"{part}\n\n" for part in parts)
    click.echo(text, err=err, color=True, nl=False)


def _show_data(shape: str, verdict: Verdict | None, trouble: PgreadyError | None = None) -> None:
    from pgready import __version__
    from pgready.report.diagnostics_data import as_json, github, sarif

    diagnostics = verdict.diagnostics if verdict else ()
    if shape == "json":
        about = {"provider": verdict.provider, "prisma": verdict.prisma, "files": verdict.files} if verdict else {}
        click.echo(as_json(diagnostics, about, trouble))
    elif shape == "github":
        lines = list(github(diagnostics, trouble))
        if lines:
            click.echo("\n".join(lines))
    else:
        from pgready.psl.rules import all_rules

        click.echo(sarif(diagnostics, all_rules() if diagnostics else {}, __version__, trouble))


def _show_json(done: Formatted, *, check: bool) -> None:
    import json

    from pgready.report.diagnostics_data import as_dict

    data = {
        "files": done.files,
        "changed": done.changed,
        "written": bool(done.changed) and not check,
        "diagnostics": [as_dict(found) for found in done.diagnostics],
    }
    click.echo(json.dumps(data, indent=2))


def _paint(stream: Any, *, color: bool) -> Any:
    """Colours where `stream` is a terminal that wants them."""
    from pgready.report.diagnostics import COLOURS, PLAIN

    wanted = color and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    # A closed stdout or stderr is None.
    return COLOURS if wanted and stream is not None and (stream.isatty() or os.environ.get("FORCE_COLOR")) else PLAIN


def _named(files: tuple[str, ...]) -> str:
    """The files of a schema as the beginning of a sentence."""
    from pgready.report.excerpt import plain

    return f"{plain(files[0])} is" if len(files) == 1 else f"the schema of {len(files)} files is"


def _counted(verdict: Verdict) -> str:
    from pgready.report.diagnostics import count

    return f" ({count(verdict.diagnostics)})" if verdict.diagnostics else ""


def _said(done: Formatted, *, check: bool) -> str:
    from pgready.report.story import plural

    if not done.changed:
        return f"{plural(len(done.files), 'file')} formatted already"
    verb = "would be reformatted: pgready format" if check else "reformatted"
    return f"{plural(len(done.changed), 'file')} of {len(done.files)} {verb}"
