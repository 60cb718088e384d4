"""`pgready db pull`: the schema goes into its files, or to stdout; Prisma's warnings go to stderr."""

from __future__ import annotations

import click

from pgready.cli.options import common
from pgready.cli.start import settings_from


@click.command(short_help="Write the Prisma schema of the database.")
@common()
@click.option("--print", "prints", is_flag=True, help="Write the schema to stdout, and no file.")
@click.option("--force", is_flag=True, help="Ignore the existing schema but for its configuration.")
@click.option("--schemas", metavar="NAMES", help="PostgreSQL schemas to read, separated by commas.")
def pull(prints: bool, force: bool, schemas: str | None, **flags: object) -> None:
    """Turn the database's structure into the Prisma schema, as Prisma does.

    Names, order, comments and relations of the existing schema stay where the database still has the thing. Files are
    written all together or not at all; without a schema prisma/schema.prisma is made.
    """
    from pgready.cli.story import teller
    from pgready.commands.pull import pull as run
    from pgready.errors import UsageInvalid
    from pgready.process.signals import stop_on_signals

    names = None if schemas is None else [name.strip() for name in schemas.split(",") if name.strip()]
    if names == []:
        raise UsageInvalid("--schemas names no schema", then="--schemas public,billing", code="usage")
    settings = settings_from(flags)
    with stop_on_signals():
        found = run(settings, teller(settings), flags, force=force, schemas=names, writes=not prints)
    if found.warnings and not settings.quiet and not settings.json:
        # Printed schemas are piped on, together with what stands on stderr perhaps: as a comment, as Prisma has it.
        text = f"\n{found.warnings}"
        click.echo(text.replace("\n", "\n// ") if prints else text, err=True)
    if settings.json:
        import json

        click.echo(json.dumps({**found.as_dict(), "written": not prints}, ensure_ascii=False))
    elif prints and len(found.files) == 1:
        click.echo(found.files[0].text)
    elif prints:
        for one in sorted(found.files, key=lambda one: one.path):
            click.echo(f"// {one.path}\n{one.text}")
