"""The indexes that a proof misses, as migrations: one statement each, since CONCURRENTLY stands alone in its file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from pgready.commands.sides import Project
from pgready.commands.sources import shown
from pgready.errors import UsageInvalid
from pgready.history.new_name import folder_name, slug
from pgready.project.new_migration import load_growing, write
from pgready.report.story import Event, Teller


def migrations_folder(project: Project) -> str:
    """The folder that migrations can be written into; raises UsageInvalid for one of plain SQL files."""
    folder = shown(project.settings.migrations)
    try:
        load_growing(folder)
    except UsageInvalid as e:
        if e.code == "plain_folder":
            e.what = "--write-migration writes Prisma's folders, and this one holds plain SQL files"
            e.then = "write the next file by hand: pgready prove --output-format concise shows its SQL"
        raise
    return folder


def write_migrations(
    folder: str, name: str, indexes: Sequence[tuple[str, str]], tell: Teller, now: datetime | None = None
) -> tuple[str, ...]:
    """Write a migration for each of `indexes` (name, CREATE INDEX), behind all that are there; their files.

    Raises UsageInvalid where they cannot be written.
    """
    there = [migration.name for migration in load_growing(folder)]
    if not indexes:
        tell(Event("not_written", "no index is missing: no migration was written", {}))
    paths = []
    for number, (_, statement) in enumerate(indexes, 1):
        words = slug(name) if len(indexes) == 1 else f"{slug(name)}_{number}"
        made = folder_name(words, now or datetime.now(UTC).replace(tzinfo=None), there)
        paths.append(write(folder, made, f"{statement.rstrip().rstrip(';')};\n"))
        there.append(made)
        tell(Event("created", f"wrote {paths[-1]}", {"migration": made, "path": paths[-1]}))
    return tuple(paths)
