"""`pgready migrate deploy | status | resolve | adopt | dev | diff | reset`: Prisma's verbs with Prisma's meaning."""

from __future__ import annotations

import click

from pgready.cli.options import common
from pgready.cli.start import settings_from


class _Migrate(click.Group):
    """`diff` is imported when it is called: a deploy does not pay for the differ."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), "dev", "diff", "reset"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name == "dev":
            from pgready.cli.dev import dev

            return dev
        if cmd_name == "diff":
            from pgready.cli.diff import diff

            return diff
        if cmd_name == "reset":
            from pgready.cli.reset import reset

            return reset
        return super().get_command(ctx, cmd_name)


@click.group(cls=_Migrate)
def migrate() -> None:
    """Deploy migrations, tell their states, decide about failed ones, compare schemas."""


@migrate.command(short_help="Apply what is pending.")
@common(deploys=True)
def deploy(**flags: object) -> None:
    """Apply what is pending, then exit (the deploy of `boot` without a command)."""
    from pgready.cli.story import storyteller
    from pgready.commands.boot import boot
    from pgready.process.signals import stop_on_signals

    settings = settings_from(flags)
    with stop_on_signals(), storyteller(settings) as tell:
        outcome = boot(settings, tell)
    if settings.json:
        import json

        click.echo(json.dumps(outcome.as_dict(), ensure_ascii=False))


@migrate.command(short_help="Each migration's state and the next command.")
@common()
def status(**flags: object) -> int:
    """Name each migration's state and the next command; exits 1 unless everything is applied (as Prisma's)."""
    from pgready.cli.status_view import show
    from pgready.commands.status import status as look

    settings = settings_from(flags)
    found = look(settings)
    show(found, as_json=settings.json, names_only=settings.quiet)
    return 0 if found.ready else 1


@migrate.command(short_help="Write down a decision about migrations.")
@common(waits=True)
@click.option("--applied", metavar="NAME", multiple=True, help="It is in the database: mark it, run nothing.")
@click.option("--rolled-back", metavar="NAME", multiple=True, help="A failed one was undone: try it again.")
@click.option("--retry", metavar="NAME", multiple=True, help="Forget that it failed before.")
@click.option("--force", is_flag=True, help="Also against what the database shows.")
def resolve(
    applied: tuple[str, ...], rolled_back: tuple[str, ...], retry: tuple[str, ...], force: bool, **flags: object
) -> None:
    """Write down a decision about migrations; each option may be repeated."""
    from pgready.cli.story import storyteller
    from pgready.commands.resolve import resolve as run
    from pgready.errors import UsageInvalid
    from pgready.process.signals import stop_on_signals

    if not (applied or rolled_back or retry):
        raise UsageInvalid(
            "resolve needs a decision",
            then="pgready migrate resolve --applied NAME | --rolled-back NAME | --retry NAME",
        )
    settings = settings_from(flags)
    with stop_on_signals(), storyteller(settings) as tell:
        run(settings, tell, applied=applied, rolled_back=rolled_back, retry=retry, force=force)
    if settings.json:
        import json

        click.echo(json.dumps({"applied": applied, "rolled_back": rolled_back, "retry": retry}))


@migrate.command(short_help="Turn a plain SQL folder into a Prisma folder.")
@common(waits=True)
@click.option("--dry-run", is_flag=True, help="Show the plan, write nothing.")
@click.option("--rename-rows", is_flag=True, help="Rename rows in the database too, for Prisma's own CLI.")
def adopt(dry_run: bool, rename_rows: bool, **flags: object) -> None:
    """Turn a plain SQL folder into a Prisma folder without re-running anything."""
    from pgready.cli.story import storyteller
    from pgready.commands.adopt import adopt as run

    settings = settings_from(flags)
    with storyteller(settings) as tell:
        lines = run(settings, tell, dry_run=dry_run, rename_rows=rename_rows)
    if settings.json:
        import json

        click.echo(json.dumps({"steps": lines, "written": not dry_run}, ensure_ascii=False))
    elif dry_run:
        click.echo("\n".join(lines))
