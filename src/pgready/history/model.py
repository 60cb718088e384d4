"""Migrations and rows as values: what the folder says and what the database says.

*migration*: one script with a name and a checksum. *row*: a line of the migrations table. *history*: both, held
against each other by `pgready.history.diagnose`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime

from pgready.errors import UsageInvalid


@dataclass(frozen=True, slots=True)
class Migration:
    """One script of the team.

    `name` is the folder's name (Prisma) or the file's stem (plain SQL). `script` is what is sent to the server (of a
    dbmate or goose file, its up section). `checksum` is the SHA-256, in hex, of the script's bytes as Prisma takes it.
    `path` is shown to users and is the file that `first_line` (1-based line of the script's first line in it) refers
    to. `transactional` is False when the file's own marker says so (dbmate's `transaction:false`, goose's
    `NO TRANSACTION`). `problem` says why the script cannot be sent (a byte order mark, invalid UTF-8, a malformed
    marker, …): it matters only while the migration is pending, so it is a value and not an exception; `script` and
    `checksum` are then those of the text as far as it could be read.
    """

    name: str
    script: str
    checksum: str
    path: str
    first_line: int = 1
    transactional: bool = True
    problem: UsageInvalid | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of `_prisma_migrations`, column for column."""

    id: str
    name: str
    checksum: str
    started_at: datetime
    finished_at: datetime | None
    rolled_back_at: datetime | None
    steps: int
    logs: str | None

    @property
    def live(self) -> bool:
        """Not rolled back: the row speaks for the database's state."""
        return self.rolled_back_at is None


class State(enum.Enum):
    """The states of a migration, as users read them."""

    PENDING = "pending"
    RUNNING = "running"
    APPLIED = "applied"
    FAILED = "failed"
    ROLLED_BACK = "rolled back"
    EDITED = "edited"
    MISSING = "missing"
    AHEAD = "ahead"
