"""`pgready init`: what was found, what would be written, and the question before it is."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from pgready import __version__
from pgready.cli.consent import can_ask
from pgready.cli.render import remember, wants_color
from pgready.errors import Declined
from pgready.report.story import plural

if TYPE_CHECKING:
    from pgready.setup.change import Change
    from pgready.setup.choice import Choice
    from pgready.setup.found import Survey
    from pgready.setup.plan import Plan


@click.command("init", short_help="Make this repository start by pgready: settings, containers, CI.")
@click.argument("folder", default=".", metavar="[FOLDER]")
@click.option("--only", multiple=True, metavar="PART", help="Only this part; again.")
@click.option("--skip", multiple=True, metavar="PART", help="All parts but this one; again.")
@click.option("--schema", default="", metavar="PATH", help="The Prisma schema, where there are several.")
@click.option("--migrates", metavar="SERVICE", help="The service that migrates; the others wait for it.")
@click.option(
    "--service", "services", multiple=True, metavar="NAME=COMMAND", help="A service that is not found; again."
)
@click.option("--dry-run", is_flag=True, help="Show the differences, write nothing.")
@click.option("--yes", is_flag=True, help="Write without asking; what somebody edited is kept.")
@click.option("--force", is_flag=True, help="Write without asking, over edited files too.")
@click.option("--json", "as_json", is_flag=True, help="Data as JSON on stdout.")
@click.option("-q", "--quiet", is_flag=True, help="Only what has to be decided.")
@click.option("--no-color", is_flag=True, help="No colours.")
def init(
    folder: str,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    schema: str,
    migrates: str | None,
    services: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    force: bool,
    as_json: bool,
    quiet: bool,
    no_color: bool,
) -> int:
    """Look at this repository and write what lets it start by pgready.

    Parts: settings, docker, entrypoints, compose, kubernetes, ci, pre-commit, contracts. New files are written; a
    file that is there is changed only after its difference was shown and somebody agreed, by an answer or by --yes.
    Without a terminal and without --yes it shows the differences, writes nothing and exits 3. A second run finds
    nothing to do.
    """
    from pgready.commands.init.run import Request, choose, look, planned, schemas, write

    remember("", False if no_color else None)
    asks = can_ask() and not (dry_run or yes or force or as_json)
    request = Request(__version__, folder, only, skip, migrates, services, schema)
    found = look(request)
    if asks and found.database.others:
        answer = click.prompt("Which Prisma schema?", type=click.Choice(schemas(found)), err=True)
        request = replace(request, schema=answer)
        found = look(request)
    choice = choose(request, found)
    if not as_json and not quiet:
        _tell_found(found, choice)
    if asks and migrates is None:
        choice = _asked(found, choice)
    plan = planned(request, found, choice)
    paint = not no_color and sys.stdout.isatty() and wants_color(None)
    if not as_json:
        _tell_changes(plan, dry_run=dry_run, quiet=quiet, color=paint)
    kept = [one for one in plan.changes if one.edited and not force]
    wanted = [one for one in plan.changes if one not in kept]
    patches = [one for one in wanted if not one.is_new]
    if asks and plan.changes:
        wanted, kept = _agreed(wanted, kept)
        patches = []
    refused = not dry_run and not asks and bool(kept or (patches and not yes and not force))
    written = [] if dry_run or (refused and patches and not yes and not force) else wanted
    write(folder, written)
    if as_json:
        click.echo(json.dumps(_data(found, choice, plan, written, refused=refused), ensure_ascii=False, indent=2))
        return 3 if refused else 0
    if refused:
        raise _declined(written, kept, patches if not written else [], folder)
    if not quiet:
        _last_word(plan, written, dry_run=dry_run, folder=folder)
    return 0


def _declined(written: list[Change], kept: list[Change], patches: list[Change], folder: str) -> Declined:
    names = ", ".join(one.path for one in (*patches, *kept))
    kept_words = "were edited and are kept" if len(kept) > 1 else "was edited and is kept"
    what = kept_words if not patches else "would change, and nobody agreed to that"
    flag = "--force" if not patches else "--yes"
    done = f"; {plural(len(written), 'file')} written" if written else "; nothing was written"
    where = "" if folder == "." else f" {folder}"
    return Declined(f"{names} {what}{done}", then=f"pgready init{where} {flag}", code="consent_missing")


def _tell_found(found: Survey, choice: Choice) -> None:
    """What there is, in a few lines on stderr."""
    from pgready.setup.services import shown

    database = found.database
    where = database.schema or database.migrations
    kind = "Prisma" if database.kind == "prisma" else "SQL files"
    lines = [f"{kind}: {where}, {plural(len(database.scripts), 'migration')}"]
    for one in found.services:
        words = shown(one.command) if one.command else "its command was not found"
        image = f"; {one.dockerfile}" if one.dockerfile else ""
        lines.append(f"{one.name} ({one.manager or one.language}): {words}{image}; {_start(choice, one.name)}")
    if not found.services:
        lines.append("no service was found: name one with --service NAME=COMMAND")
    if found.compose:
        lines.append(f"{found.compose}: {plural(len(found.compose_services), 'service')}")
    if found.workloads:
        lines.append(f"Kubernetes: {', '.join(f'{one.kind} {one.name}' for one in found.workloads)}")
    if found.workflows:
        lines.append(f"CI: {', '.join(found.workflows)}")
    for line in lines:
        click.echo(f"pgready: found {line}", err=True)


def _start(choice: Choice, name: str) -> str:
    return "migrates" if choice.verb(name) == "boot" else "waits"


def _asked(found: Survey, choice: Choice) -> Choice:
    names = [one.name for one in found.services]
    if len(names) < 2:
        return choice
    answer = click.prompt("Which service migrates?", default=choice.migrates, type=click.Choice(names), err=True)
    return replace(choice, migrates=answer)


def _agreed(wanted: list[Change], kept: list[Change]) -> tuple[list[Change], list[Change]]:
    """Ask once for new files, and for each that is there."""
    new = [one for one in wanted if one.is_new]
    yes = new if new and click.confirm(f"Write {plural(len(new), 'new file')}?", default=True, err=True) else []
    for one in [one for one in wanted if not one.is_new]:
        if click.confirm(f"Change {one.path} as shown?", default=True, err=True):
            yes.append(one)
    for one in kept:
        if click.confirm(f"{one.path} was edited. Take it back to what init writes?", default=False, err=True):
            yes.append(one)
    return yes, [one for one in kept if one not in yes]


def _tell_changes(plan: Plan, *, dry_run: bool, quiet: bool, color: bool) -> None:
    """Differences go to stdout: all of them for a dry run, else those of files that are there."""
    for one in plan.changes:
        if not quiet:
            click.echo(f"pgready: {'new' if one.is_new else 'change'} {one.path}: {'; '.join(one.why)}", err=True)
        if dry_run or not one.is_new:
            for line in one.diff().splitlines():
                click.echo(_painted(line) if color else line, color=True)
    for note in plan.notes:
        click.echo(f"pgready: note: {note}", err=True)


def _painted(line: str) -> str:
    colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
    return click.style(line, fg=colour) if colour else line


def _last_word(plan: Plan, written: list[Change], *, dry_run: bool, folder: str) -> None:
    if not plan.changes:
        click.echo("pgready: nothing to do: this repository starts by pgready", err=True)
    elif dry_run:
        click.echo(f"pgready: {plural(len(plan.changes), 'file')} would be written; nothing was", err=True)
    else:
        where = "" if os.path.realpath(folder) == os.path.realpath(".") else f"cd {folder} && "
        click.echo(
            f"pgready: {plural(len(written), 'file')} written; next: {where}pgready doctor, then pgready smoke",
            err=True,
        )


def _data(found: Survey, choice: Choice, plan: Plan, written: list[Change], *, refused: bool) -> dict[str, object]:
    database = found.database
    return {
        "found": {
            "schema": database.schema or None,
            "migrations": database.migrations or None,
            "scripts": len(database.scripts),
            "services": [
                {
                    "name": one.name,
                    "folder": one.folder or ".",
                    "language": one.language,
                    "manager": one.manager or None,
                    "command": list(one.command),
                    "dockerfile": one.dockerfile or None,
                    "port": one.port or None,
                    "health": one.health or None,
                    "verb": choice.verb(one.name),
                }
                for one in found.services
            ],
            "compose": found.compose or None,
            "kubernetes": sorted({one.path for one in found.workloads}),
            "workflows": list(found.workflows),
        },
        "changes": [
            {
                "path": one.path,
                "part": one.part,
                "is_new": one.is_new,
                "edited": one.edited,
                "why": list(one.why),
                "diff": one.diff(),
                "written": one in written,
            }
            for one in plan.changes
        ],
        "notes": list(plan.notes),
        "declined": refused,
    }
