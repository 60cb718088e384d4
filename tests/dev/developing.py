"""A project whose schema grows, developed in this process, and a person who answers."""

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from pgready.commands.dev.run import Wish, dev
from pgready.errors import Declined
from pgready.project.resolution import resolve

DATASOURCE = 'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n\n'
DATASOURCE_7 = DATASOURCE.replace('  url      = env("DATABASE_URL")\n', "")


class Answers:
    """A person who answers as told, and remembers what was asked."""

    def __init__(self, agrees=False, renames=(), name=""):
        self.agrees, self.renames, self.named = agrees, renames, name
        self.asked, self.warned, self.hints = [], (), ()

    def is_rename(self, rename):
        """Yes to the renames of the list."""
        from pgready.diff.rename_read import spelled

        self.asked.append(spelled(rename))
        return self.renames == "all" or spelled(rename) in self.renames

    def agree(self, warnings, hints, database):  # noqa: ARG002
        """As told."""
        self.warned, self.hints = warnings, hints
        if not self.agrees:
            raise Declined("nobody agreed", code="data_loss")

    def name(self):
        """As told."""
        return self.named


@dataclass
class Developer:
    """A project and its database; `told` are the events of the last run, `time` is that of the next."""

    project: object
    database: object
    time: datetime = datetime(2026, 3, 1, 12)  # noqa: DTZ001
    told: list = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The migrations folder."""
        return self.project.migrations

    @property
    def names(self) -> list[str]:
        """The migrations that are in it."""
        return sorted(path.parent.name for path in self.folder.glob("*/migration.sql"))

    def script(self, name: str) -> str:
        """The text of the one migration whose name ends so."""
        (found,) = self.folder.glob(f"*{name}/migration.sql")
        return found.read_text()

    def schema(self, *models: str, head: str = DATASOURCE) -> None:
        """Write the schema."""
        self.project.write_schema(head + "\n\n".join(models) + "\n")

    def __call__(self, name="step", *, talk=None, shadow="server", flags=None, **wish):
        """Run migrate dev; each run is a minute after the one before."""
        self.told.clear()
        self.time += timedelta(minutes=1)
        settings = resolve(flags or {}, dict(os.environ), os.getcwd())
        asked = Wish(name=name, **wish)
        return dev(
            flags or {}, settings, self.told.append, talk or Answers(), asked, shadow=shadow, clock=lambda: self.time
        )

    def said(self, kind: str | None = None) -> str:
        """What was told, of one kind of events or of all."""
        return "\n".join(event.text for event in self.told if kind in (None, event.kind))

    def is_idle(self) -> bool:
        """Whether a further run finds nothing to do and leaves the folder alone."""
        before = self.names
        found = self()
        return found.created is None and not found.applied and self.names == before

    def columns(self, table: str) -> list[str]:
        """The columns of a table in `public`."""
        rows = self.database.query(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
            (table,),
        )
        return [name for (name,) in rows]
