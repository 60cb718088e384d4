"""`pgready lint`: hazards of migrations, at their statements.

stdout carries the findings, stderr the story and the last word.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from pgready import __version__
from pgready.cli.render import remember, show_error, wants_color
from pgready.errors import PgreadyError, UsageInvalid
from pgready.report.story import Event, plural, silent

if TYPE_CHECKING:
    from pgready.commands.online.lint import Found, Linted
    from pgready.commands.shadow import Choice

_FORMATS = ("human", "concise", "json", "github", "sarif", "gitlab")


@click.command(short_help="What migrations do to readers and writers, traced on a shadow database.")
@click.argument("paths", nargs=-1)
@click.option(
    "--since",
    metavar="REF",
    help="The version that runs: only migrations that it lacks, and what its code needs. A Git ref, or a schema, "
    "migrations folder or snapshot of it.",
)
@click.option("--profile", metavar="FILE", help="How big production is (pgready profile URL writes it).")
@click.option(
    "--lock", "lock", is_flag=True, help="Write down what passed, in hazards.lock, for boot --refuse-hazards."
)
@click.option("--output-format", type=click.Choice(_FORMATS), help="How findings look (default: human).")
@click.option("--migrations", metavar="PATH", help="The migrations folder.")
@click.option("--schema", metavar="PATH", help="Prisma schema: a file or a folder.")
@click.option("--shadow-database-url", metavar="URL", help="An empty database to run migrations in.")
@click.option(
    "--shadow",
    type=click.Choice(["auto", "embedded", "server"]),
    default="auto",
    help="Where to run them: a server of our own, or a throw-away database on the project's server.",
)
@click.option("--config", metavar="PATH", help="pgready.toml, pyproject.toml or prisma.config.ts.")
@click.option("--json", "as_json", is_flag=True, help="Data as JSON on stdout.")
@click.option("-q", "--quiet", is_flag=True, help="Nothing but what is wrong.")
@click.option("--no-color", is_flag=True, help="No colours.")
def lint(
    paths: tuple[str, ...],
    since: str | None,
    profile: str | None,
    lock: bool,
    output_format: str | None,
    shadow: Choice,
    as_json: bool,
    quiet: bool,
    no_color: bool,
    **flags: Any,
) -> int:
    """Run migrations on a shadow database and look at what each statement locks, rewrites and scans.

    PATHS are migrations, by name, folder or file, or SQL files outside of the folder; without them all migrations are
    linted, or those that --since lacks. Exits 4 if readers or writers would stall for a time that grows with the data,
    or if code that still runs would break.
    """
    from pgready.commands.online.lint import Request
    from pgready.commands.online.lint import lint as run
    from pgready.commands.sides import Project
    from pgready.process.signals import stop_on_signals

    if as_json and output_format not in (None, "json"):
        raise UsageInvalid(f"--json and --output-format {output_format} exclude each other", then="keep one of them")
    remember("", False if no_color else None)
    shape = "json" if as_json else output_format or "human"
    given = {name: value for name, value in flags.items() if value is not None}
    today = datetime.now(UTC).date()
    try:
        with stop_on_signals():
            done = run(Request(today, paths, since, profile, lock), Project(given, shadow), silent if quiet else _line)
    except PgreadyError as e:
        _show_trouble(shape, e)
        show_error(e, as_json=False)
        return e.exit_code
    _show(done, shape, color=not no_color)
    if not quiet and shape in ("human", "concise"):
        click.echo(_summary(done), err=True)
    return done.exit_code


def _line(event: Event) -> None:
    click.echo(f"pgready: {event.text}", err=True)


def _show(done: Linted, shape: str, *, color: bool) -> None:
    from pgready.cli.checkout import in_checkout
    from pgready.report import diagnostics, hazards_data

    found = done.diagnostics()
    if shape == "json":
        rows = [
            hazards_data.hazard_as_dict(one.hazard, one.where, one.waiver)
            | {
                "safe_migrations": list(one.safe_scripts),
                "safe_but": list(one.safe_but),
                "no_safe_way": one.why_no_way or None,
            }
            for one in done.found
        ]
        rewrites = [
            hazards_data.rewrite_as_dict(name, [(each.words, each.script) for each in offer.folders], offer.told)
            for name, offer in done.rewrites.items()
        ]
        click.echo(hazards_data.as_json(rows, rewrites, done.migrations, done.exit_code, done.running))
    elif shape == "gitlab":
        from pgready.report.hazards_gitlab import gitlab

        click.echo(gitlab(done.issues(in_checkout)))
    elif shape == "github":
        from pgready.report.diagnostics_data import github

        for line in github([one.diagnostic for one in done.issues(in_checkout)]):
            click.echo(line)
    elif shape == "sarif":
        click.echo(hazards_data.sarif(done.issues(in_checkout), __version__))
    else:
        paint = diagnostics.COLOURS if color and wants_color(None) and sys.stdout.isatty() else diagnostics.PLAIN
        if shape == "concise":
            lines = diagnostics.concise(found, paint)
        else:
            split = [_split(one) for one in done.hazards]
            lines = (f"{text}{more}\n" for text, more in zip(diagnostics.human(found, paint), split, strict=True))
        for line in lines:
            click.echo(line)


def _show_trouble(shape: str, error: PgreadyError) -> None:
    """What kept the migrations from being linted, in the format that was asked for."""
    from pgready.report.annotations import dumped, sarif_log, trouble_command

    if shape == "json":
        click.echo(dumped({"ok": False, "exit_code": error.exit_code, "error": error.as_dict()}))
    elif shape == "github":
        click.echo(trouble_command(error))
    elif shape == "sarif":
        click.echo(sarif_log(__version__, [], [], (error,)))


def _split(one: Found) -> str:
    """Both halves of a change that has to be split, as SQL below the finding."""
    parts = []
    for title, scripts in (("expand now", one.hazard.now), ("contract later", one.hazard.later)):
        for number, script in enumerate(scripts, 1):
            count = f" (migration {number} of {len(scripts)})" if len(scripts) > 1 else ""
            parts += [f"  {title}{count}:", *(f"    {line}" for line in script.splitlines())]
    scripts = one.safe_scripts
    for number, script in enumerate(scripts, 1):
        count = f", migration {number} of {len(scripts)}" if len(scripts) > 1 else ""
        parts += [f"  the safe way (traced, same catalog{count}):", *(f"    {line}" for line in script.splitlines())]
    parts += [f"  but: {text}" for text in one.safe_but]
    if one.why_no_way:
        parts.append(f"  no safe way is offered: {one.why_no_way}")
    return "".join(f"\n{line}".rstrip(" ") for line in parts)


def _summary(done: Linted) -> str:
    errors = sum(one.hazard.kind.level == "error" for one in done.hazards)
    warnings = len(done.hazards) - errors
    parts = [plural(errors, "hazard")] if errors or not warnings else []
    parts += [plural(warnings, "warning")] if warnings else []
    parts += [f"{len(done.waived)} waived"] if done.waived else []
    running = f"; held against the code of {done.running}" if done.running else ""
    return f"{plural(len(done.migrations), 'migration')} traced: {', '.join(parts)}{running}"
