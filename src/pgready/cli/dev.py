"""`pgready migrate dev`: the next migration from the schema; what people are asked on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pgready.cli.options import common
from pgready.cli.start import settings_from
from pgready.errors import Declined, PgreadyError
from pgready.report.story import Event, Teller

if TYPE_CHECKING:
    from pgready.commands.dev.diagnosis import Blocked
    from pgready.commands.shadow import Choice
    from pgready.diff.rename import Rename


class _Found(PgreadyError):
    """Findings as the error form shows them: what, the findings, the ways out."""

    def __init__(self, found: Blocked, where: str) -> None:
        super().__init__(found.what, where=where, detail=found.detail, then=found.then, code="drift")
        self.exit_code = found.exit_code
        self.found = found

    def as_dict(self) -> dict[str, object]:
        """The findings as data."""
        return {**super().as_dict(), **self.found.as_dict()}


@click.command("dev", short_help="Write the next migration from the schema, and apply it.")
@common(deploys=True)
@click.option("-n", "--name", metavar="NAME", help="What the migration is about: part of its folder's name.")
@click.option("--create-only", is_flag=True, help="Write the migration (an empty one for no changes), do not apply it.")
@click.option(
    "--rename", "renames", metavar="OLD=NEW", multiple=True, help="A rename: table, table.column, enum.value."
)
@click.option("--online", is_flag=True, help="Write it as migrations that nobody who works on the database notices.")
@click.option("--keep-drift", is_flag=True, help="Write what nobody migrated as a migration that is marked as applied.")
@click.option("--confirm", metavar="DATABASE", help="The database's name: consent to lose what is warned of.")
@click.option("--shadow-database-url", metavar="URL", help="An empty database to replay migrations in.")
@click.option(
    "--shadow",
    type=click.Choice(["auto", "embedded", "server"]),
    default="auto",
    help="Where to replay migrations: a server of our own, or a throw-away database on the project's server.",
)
@click.option("--skip-seed", is_flag=True, hidden=True, expose_value=False)  # Prisma 6 has both
@click.option("--skip-generate", is_flag=True, hidden=True, expose_value=False)
def dev(
    name: str | None,
    create_only: bool,
    renames: tuple[str, ...],
    online: bool,
    keep_drift: bool,
    confirm: str | None,
    shadow_database_url: str | None,
    shadow: Choice,
    **flags: object,
) -> None:
    """Write what the schema asks for and the migrations do not make yet as the next migration, and apply it.

    First the migrations are replayed in a shadow database: a database that is not what they make is told, change by
    change, with ways out that keep its data. Then what is pending is applied. What would lose data is told; on a
    terminal it is asked about, otherwise --confirm has to agree.
    """
    from pgready.cli.story import teller
    from pgready.commands.dev.diagnosis import Blocked
    from pgready.commands.dev.run import Wish
    from pgready.commands.dev.run import dev as run
    from pgready.process.signals import stop_on_signals

    settings = settings_from(flags)
    tell = teller(settings)
    wish = Wish(name, create_only, keep_drift, renames, online)
    sources = {**flags, "shadow_database_url": shadow_database_url}
    with stop_on_signals():
        found = run(sources, settings, tell, _Talk(confirm, tell), wish, shadow=shadow)
    if isinstance(found, Blocked):
        raise _Found(found, settings.require_url().redacted)
    if settings.json:
        import json

        click.echo(json.dumps(found.as_dict(), ensure_ascii=False))


class _Talk:
    """Questions on a terminal; elsewhere the flags have to say it."""

    def __init__(self, confirm: str | None, tell: Teller) -> None:
        from pgready.cli.consent import can_ask

        self._confirm = confirm
        self._tell = tell
        self._can_ask = can_ask()

    def is_rename(self, rename: Rename) -> bool:
        """Ask; without a terminal a guess is no answer."""
        from pgready.diff.rename_read import told

        return self._can_ask and click.confirm(f"Is it a rename of the {told(rename)}?", default=False, err=True)

    def agree(self, warnings: tuple[str, ...], hints: tuple[str, ...], database: str) -> None:
        """Raise Declined unless the flag or somebody agrees."""
        import shlex

        if self._confirm == database:
            for line in warnings:
                self._tell(Event("data_loss", f"accepted: {line}", {}))
            return
        if self._confirm is not None:
            what = f"--confirm {self._confirm} is not the database's name: it is {database}"
        elif self._can_ask:
            lines = "\n".join(f"  - {line}" for line in warnings)
            click.echo(f"The migration may lose data in {database}:\n{lines}", err=True)
            if click.confirm("Write it and apply it all the same?", default=False, err=True):
                return
            what = "nobody agreed: nothing was written"
        else:
            what = "the migration may lose data, and nobody agreed to that: nothing was written"
        raise Declined(
            what,
            detail="\n".join((*warnings, *hints)),
            then=f"pgready migrate dev --confirm {shlex.quote(database)} applies it; --create-only writes it only",
            code="data_loss",
        )

    def name(self) -> str:
        """Ask; "" without a terminal, as Prisma does."""
        if not self._can_ask:
            return ""
        answer: str = click.prompt("A name for the migration", default="", show_default=False, err=True)
        return answer
