"""`pgready migrate diff` and `pgready snapshot`: comparing structures, and keeping one in a file.

stdout carries what was asked for (script, summary, JSON), stderr the story of a shadow database.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pgready.cli.output import write_output
from pgready.cli.render import remember
from pgready.cli.shadow_options import shadow_options
from pgready.commands.sides import FLAGS, side_of_flags
from pgready.errors import PgreadyError, UsageInvalid
from pgready.report.story import Event, silent

if TYPE_CHECKING:
    from pgready.commands.diff import Difference
    from pgready.commands.full_diff import FullDifference
    from pgready.commands.shadow import Choice

_F = TypeVar("_F", bound=Callable[..., Any])
_DIFFERENT = 2

_METAVARS = {
    "schema": "PATH",
    "schema-datamodel": "PATH",
    "migrations": "PATH",
    "url": "URL",
    "schema-datasource": "PATH",
    "snapshot": "FILE",
}
_HELP = {
    "empty": "An empty database.",
    "schema": "A Prisma schema: a file or a folder.",
    "migrations": "A migrations folder, replayed in a shadow database.",
    "url": "A live database.",
    "config-datasource": "The live database of the project.",
    "schema-datasource": "The live database of this schema (Prisma 6).",
    "schema-datamodel": "As --{which}-schema (Prisma 6).",
    "snapshot": "A file of `pgready snapshot`.",
}


def _sides(function: _F) -> _F:
    for which in ("to", "from"):
        for name, _, takes_value in reversed(FLAGS):
            text = _HELP[name].format(which=which)
            if takes_value:
                option = click.option(f"--{which}-{name}", metavar=_METAVARS[name], help=text)
            else:
                option = click.option(f"--{which}-{name}", is_flag=True, help=text)
            function = option(function)
    return function


class _AsPrisma(click.Command):
    """With --exit-code 2 means "different", so whatever is wrong has to be 1, a mistyped flag too."""

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **extra: Any) -> click.Context:
        asked = "--exit-code" in args
        try:
            return super().make_context(info_name, args, *rest, **extra)
        except click.UsageError as e:
            if not asked:
                raise
            path = e.ctx.command_path if e.ctx else "pgready migrate diff"
            message = e.format_message().rstrip(".")
            raise _as_one(
                UsageInvalid(message[:1].lower() + message[1:], then=f"{path} --help", code="usage")
            ) from None


def _as_one(error: PgreadyError) -> PgreadyError:
    error.exit_code = 1
    return error


@click.command("diff", cls=_AsPrisma, short_help="What differs between two schemas, databases or folders.")
@_sides
@click.option("--script", is_flag=True, help="The SQL that turns the first into the second, as Prisma writes it.")
@click.option("--full", is_flag=True, help="Everything that a database has, beyond what Prisma's language can say.")
@click.option("--no-owner", is_flag=True, help="With --full: without owners and rights, an environment's own.")
@click.option("--exit-code", is_flag=True, help="Exit 2 if they differ, 0 if not, 1 on any error.")
@click.option("-o", "--output", metavar="FILE", help="Write to a file instead of stdout.")
@shadow_options
@click.option("--config", metavar="PATH", help="pgready.toml, pyproject.toml or prisma.config.ts.")
@click.option("--json", "as_json", is_flag=True, help="The changes as JSON on stdout.")
@click.option("-q", "--quiet", is_flag=True, help="Only errors on stderr.")
@click.option("--no-color", is_flag=True, help="No colours.")
def diff(
    script: bool,
    full: bool,
    no_owner: bool,
    exit_code: bool,
    output: str | None,
    shadow_database_url: str | None,
    shadow: Choice,
    config: str | None,
    as_json: bool,
    quiet: bool,
    no_color: bool,
    **sides: object,
) -> int:
    """Hold two sides against each other: one --from-… and one --to-….

    The result says what turns the first into the second: a summary, with --script the SQL. With --full it covers
    functions, triggers, policies, comments, owners and all else that a Prisma schema cannot say. Nothing is written but
    to a shadow database, in which migrations folders are replayed.
    """
    remember("", False if no_color else None)
    try:
        if script and as_json:
            raise UsageInvalid("--script and --json exclude each other", then="the JSON holds the script", code="usage")
        if no_owner and not full:
            raise UsageInvalid("--no-owner goes with --full", then="without --full no owner is compared", code="usage")
        flags: dict[str, object] = {"shadow_database_url": shadow_database_url, "config": config}
        found = _compare(flags, shadow, full=full, owners=not no_owner, quiet=quiet, sides=sides)
        if as_json:
            import json

            text = json.dumps(found.as_dict(), ensure_ascii=False, indent=2)
        else:
            text = found.script if script else found.summary
        write_output(text + "\n", output)
    except PgreadyError as e:
        raise _as_one(e) if exit_code else e from None
    return _DIFFERENT if exit_code and found.changes else 0


def _compare(
    flags: dict[str, object], shadow: Choice, *, full: bool, owners: bool, quiet: bool, sides: dict[str, object]
) -> Difference | FullDifference:
    from pgready.commands.sides import Project
    from pgready.process.signals import stop_on_signals

    before, after = side_of_flags("from", sides), side_of_flags("to", sides)
    with stop_on_signals():
        if full:
            from pgready.commands.full_diff import full_diff

            return full_diff(before, after, Project(flags, shadow), silent if quiet else _line, owners=owners)
        from pgready.commands.diff import diff as run

        return run(before, after, Project(flags, shadow), silent if quiet else _line)


def _line(event: Event) -> None:
    click.echo(f"pgready: {event.text}", err=True)


@click.command(short_help="A database's structure as a file.")
@click.argument("url", required=False)
@click.option("-o", "--output", metavar="FILE", help="Write to a file instead of stdout.")
@click.option("--schemas", metavar="NAMES", help="Only these PostgreSQL schemas, separated by commas.")
@click.option("--config", metavar="PATH", help="pgready.toml, pyproject.toml or prisma.config.ts.")
@click.option("--no-color", is_flag=True, help="No colours.")
def snapshot(url: str | None, output: str | None, schemas: str | None, config: str | None, no_color: bool) -> None:
    """Write the structure of the database at URL (default: the project's) as a catalog snapshot.

    `migrate diff --from-snapshot FILE` compares with it later, without the database.
    """
    from pgready.catalog.fingerprint import to_json
    from pgready.commands.sides import Project, Side, read_database
    from pgready.process.signals import stop_on_signals

    remember("", False if no_color else None)
    names = None if schemas is None else [name.strip() for name in schemas.split(",") if name.strip()]
    with stop_on_signals():
        target = Project({"config": config}).target(Side("url", url, "URL") if url else Side("datasource"))
        text = to_json(read_database(target, names))
    write_output(text, output)
