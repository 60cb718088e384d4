"""The present, as Prisma's client tells it: UTC, in milliseconds, one instant for all that a statement writes.

The database's own CURRENT_TIMESTAMP would be the session's local time in a column without time zone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy.engine.interfaces import ExecutionContext

_MEMORY = "_pgready_now"


def utc_now() -> datetime:
    """The present, in UTC, cut to milliseconds."""
    present = datetime.now(UTC)
    return present.replace(microsecond=present.microsecond // 1000 * 1000)


def now(context: ExecutionContext) -> datetime:
    """The statement's instant, equal for every column and row of it; for `insert_default=` and `onupdate=`."""
    known: datetime | None = getattr(context, _MEMORY, None)
    if known is None:
        known = utc_now()
        setattr(context, _MEMORY, known)
    return known


def now_date(context: ExecutionContext) -> date:
    """The statement's day in UTC, for a column of type date."""
    return now(context).date()


def now_time(context: ExecutionContext) -> time:
    """The statement's time of day in UTC, for a column of type time."""
    return now(context).time()


def now_timetz(context: ExecutionContext) -> time:
    """The statement's time of day with its zone, UTC, for a column of type timetz."""
    return now(context).timetz()


def left_to_insert() -> Any:
    """None, for `default_factory=`: the constructor leaves the value to the column's `insert_default`."""
    return None
