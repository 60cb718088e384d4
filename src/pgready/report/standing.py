"""What a boot or wait is doing right now, as a value for probes: made of the events of its story.

It holds names of migrations, counts and stable words; never a host, a role, a query or a word of the server, since
whoever reaches the port may read it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import cast

from pgready.report.story import Event

# Events that say what is done from now on; every other kind only adds to the story.
_STATES = {
    "server": "checking",
    "pending": "migrating",
    "applying": "migrating",
    "applied": "migrating",
    "connection_lost": "reconnecting",
    "ready": "ready",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """`state`: starting, waiting, checking, migrating, reconnecting or ready.

    `since` and `began` are points in time (seconds since 1970): of this state, or of this migration where
    one is applied, and of the whole. `reason` is the stable word of a wait (`lock`, `refused`, …). `number` counts
    from 1 within `total`, which is what was pending at the beginning.
    """

    state: str
    began: float
    since: float
    reason: str = ""
    migration: str = ""
    number: int = 0
    total: int = 0

    @classmethod
    def first(cls, now: float) -> Standing:
        """Before anything was told."""
        return cls("starting", now, now)

    def after(self, event: Event, now: float) -> Standing:
        """The standing once `event` was told at `now`."""
        fields = event.fields
        if event.kind == "waiting":
            reason = str(fields.get("reason", "pause"))
            if self.state == "waiting" and self.reason == reason:
                return self
            return replace(self, state="waiting", reason=reason, migration="", since=now)
        if event.kind in ("split", "resumed"):
            name = str(fields.get("migration", ""))
            number = self.number if name == self.migration else min(self.number + 1, self.total)
            return replace(self, state="migrating", reason="", migration=name, number=number, since=now)
        state = _STATES.get(event.kind)
        if state is None:
            return self
        if state == self.state and event.kind not in ("pending", "applying", "applied"):
            return self
        moved = replace(self, state=state, reason="", since=now)
        if event.kind == "pending":
            return replace(moved, migration="", number=0, total=len(cast("list[str]", fields.get("pending", ()))))
        if event.kind in ("applying", "applied"):
            names = cast("list[str]", fields.get("migrations", [""]))
            done, total = fields.get("done"), fields.get("total")
            if isinstance(done, int) and isinstance(total, int):
                number = min(done + (event.kind == "applying"), total)
                moved = replace(moved, number=number, total=total)
            return replace(moved, migration=names[0])
        return replace(moved, migration="")

    def as_dict(self, now: float) -> dict[str, object]:
        """For the body of an answer; seconds with one decimal."""
        said: dict[str, object] = {"ready": self.state == "ready", "state": self.state}
        if self.reason:
            said["reason"] = self.reason
        if self.total:
            said["migrations"] = {"at": self.number, "of": self.total}
        if self.migration:
            said["migration"] = self.migration
        said["since"] = datetime.fromtimestamp(self.since, UTC).isoformat(timespec="seconds")
        return {**said, "seconds": round(now - self.since, 1), "total_seconds": round(now - self.began, 1)}
