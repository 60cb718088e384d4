"""A hazard found: which kind, at which statement, on which table, and who waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pgready.catalog.names import ObjectName
from pgready.hazards.kinds import BY_ID, Kind
from pgready.hazards.trace import LockMode

Blocked = Literal["readers and writers", "writers", "nobody"]


@dataclass(frozen=True, slots=True)
class Hazard:
    """`statement` is the place in the script of the statement that takes long, `tables` are those that are blocked.

    `mode` is the lock that blocks, `text` a sentence for people, `cause` the place of an earlier statement that took
    the lock, None where the statement took it itself. `rows` is how many rows the work goes through by the profile, and
    `seconds` the order of magnitude of its time. `advice` is a way out for this very case, "" where the kind's own
    serves. `now` and `later` are the halves of a change that has to be split: SQL to deploy instead, and SQL for when
    no older version runs, a migration each.
    """

    id: str
    migration: str
    statement: int
    tables: tuple[ObjectName, ...]
    blocked: Blocked
    mode: LockMode | None
    text: str
    cause: int | None = None
    rows: float | None = None
    seconds: float | None = None
    advice: str = ""
    now: tuple[str, ...] = ()
    later: tuple[str, ...] = ()

    @property
    def safe(self) -> str:
        """What to do instead."""
        return self.advice or self.kind.safe

    @property
    def kind(self) -> Kind:
        """Its row in the table of kinds."""
        return BY_ID[self.id]
