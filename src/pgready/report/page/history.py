"""A history as the report page's timeline."""

from __future__ import annotations

from collections.abc import Mapping

from pgready.history.diagnose import Entry, History
from pgready.history.model import State
from pgready.report.page.model import AppliedMigration


def timeline(history: History, notes: Mapping[str, str] | None = None) -> tuple[AppliedMigration, ...]:
    """The history's migrations in their order; `notes` are those of `pgready migrate status`, by name."""
    return tuple(_line(entry, (notes or {}).get(entry.name, "")) for entry in history.entries)


def _line(entry: Entry, note: str) -> AppliedMigration:
    row = next((one for one in reversed(entry.live) if one.finished_at is not None), None)
    # A row of `resolve --applied` began when it ended: nothing was run, so nothing took time.
    is_run = row is not None and row.finished_at is not None and row.finished_at > row.started_at
    took = (row.finished_at - row.started_at).total_seconds() if is_run and row and row.finished_at else None
    at = row.started_at.isoformat(" ", "seconds") if row is not None else ""
    state = entry.state.value
    return AppliedMigration(entry.name, state, took if entry.state is not State.PENDING else None, at, note)
