"""What migrate dev is asked for, whom it asks, and what it did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pgready.commands.dev.plan import Planned
from pgready.diff.others import Others
from pgready.diff.rename import Rename


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for; `name` is None where a person may still be asked. `renames` are as the flag has them.

    `online`: as migrations that nobody who works on the database notices.
    """

    name: str | None = None
    create_only: bool = False
    keep_drift: bool = False
    renames: tuple[str, ...] = ()
    online: bool = False


class Talk(Protocol):
    """What only people know."""

    def is_rename(self, rename: Rename) -> bool:
        """Whether a guess is right; False where nobody can be asked."""

    def agree(self, warnings: tuple[str, ...], hints: tuple[str, ...], database: str) -> None:
        """Raise Declined unless somebody agrees to lose data; `hints` are renames that may have been meant."""

    def name(self) -> str:
        """What to call the migration; "" for nothing."""


@dataclass(frozen=True, slots=True)
class Developed:
    """What was done: names that were applied, in order, and the new migration with its file, None for none."""

    applied: tuple[str, ...]
    created: str | None
    path: str | None
    create_only: bool
    planned: Planned
    warnings: tuple[str, ...]
    others: Others
    steps: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        tables, enums = self.others.tables.items(), self.others.enums.items()
        return {
            "ready": self.created is None or not self.create_only,
            "created": self.created,
            "path": self.path,
            "steps": list(self.steps),
            "applied": list(self.applied),
            **self.planned.as_dict(),
            "warnings": list(self.warnings),
            "left_alone": [{"name": str(name), "owner": owner} for name, owner in (*tables, *enums)],
        }
