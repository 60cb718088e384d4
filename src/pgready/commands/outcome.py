"""What a boot did, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field

from pgready.report.story import Event, plural, seconds


@dataclass
class Outcome:
    """What a deploy did: the names that this process applied, in order, and the time it took in seconds."""

    applied: list[str] = field(default_factory=list)
    created_schemas: list[str] = field(default_factory=list)
    total: int = 0
    seconds: float = 0.0
    server_version: str = ""

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "ready": True,
            "applied": self.applied,
            "created_schemas": self.created_schemas,
            "migrations": self.total,
            "seconds": round(self.seconds, 3),
            "server_version": self.server_version,
        }


def story_end(outcome: Outcome) -> Event:
    """The last line of a deploy."""
    if outcome.applied:
        text = f"ready: {plural(len(outcome.applied), 'migration')} applied in {seconds(outcome.seconds)}"
    else:
        text = f"ready, {plural(outcome.total, 'migration')} applied, nothing pending"
    fields = {"applied": len(outcome.applied), "pending": 0, "migrations": outcome.total}
    return Event("ready", text, {**fields, "seconds": round(outcome.seconds, 3)})
