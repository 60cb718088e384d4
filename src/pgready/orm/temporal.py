"""Instants and times of day: whatever the session's time zone is, the application holds UTC and the table does too.

A column of type timestamp keeps what it is given and forgets the zone: Prisma writes UTC there, a plain column under
psycopg the session's local time. Values without a zone are refused, since nobody can tell what they mean.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine

from pgready.errors import UsageInvalid

T = TypeVar("T")


class ZoneMissing(UsageInvalid, ValueError):
    """A datetime or time without a time zone was given for a column that holds UTC."""

    code = "zone_missing"


def _aware(value: object) -> datetime:
    if not isinstance(value, datetime):
        kind = type(value).__name__
        raise ZoneMissing(f"A datetime with a time zone is needed, not a value of type {kind}: {value}.")
    if value.utcoffset() is None:
        raise ZoneMissing(
            f"The datetime {value} says no time zone, and the column holds UTC:"
            " give datetime.now(UTC) or value.replace(tzinfo=UTC)."
        )
    return value


class _Instant(TypeDecorator[datetime]):
    """What both kinds of timestamps share."""

    impl = postgresql.TIMESTAMP
    cache_ok = True

    def __init__(self, precision: int | None = 3) -> None:
        super().__init__(timezone=self.timezone, precision=precision)
        self.precision = precision

    timezone = False

    @property
    def python_type(self) -> type[datetime]:
        """`datetime.datetime`."""
        return datetime

    def coerce_compared_value(self, op: OperatorType | None, value: Any) -> TypeEngine[Any]:
        """Instants beside it are of its own type; intervals and the rest are what SQLAlchemy takes them for."""
        if value is None or isinstance(value, date):
            return self
        return self.impl_instance.coerce_compared_value(op, value)

    class Comparator(TypeDecorator.Comparator[datetime], sa.DateTime.Comparator[datetime]):
        """Keeps the type in arithmetic: an instant and an interval make an instant."""

        def _adapt_expression(self, op: OperatorType, other_comparator: Any) -> tuple[OperatorType, TypeEngine[Any]]:
            op, found = super()._adapt_expression(op, other_comparator)
            return op, self.type if isinstance(found, sa.DateTime) else found

    comparator_factory = Comparator


class Timestamp(_Instant):
    """`timestamp(precision)` without time zone, holding UTC; aware datetimes in UTC in Python."""

    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC, without the zone. Raises ZoneMissing."""
        del dialect
        return None if value is None else _aware(value).astimezone(UTC).replace(tzinfo=None)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """UTC is what the column holds. One call a value: SQLAlchemy's own way would take two."""
        del dialect, coltype

        def process(value: datetime | None, _utc: Any = UTC) -> datetime | None:
            return None if value is None else value.replace(tzinfo=_utc)

        return process


class TimestampTz(_Instant):
    """`timestamptz(precision)`; aware datetimes in UTC in Python, whatever zone the session shows them in."""

    cache_ok = True
    timezone = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """As it is. Raises ZoneMissing."""
        del dialect
        return None if value is None else _aware(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Turned to UTC."""
        del dialect, coltype

        def process(value: datetime | None, _utc: Any = UTC) -> datetime | None:
            return value if value is None or value.tzinfo is _utc else value.astimezone(_utc)

        return process


class TimeTz(TypeDecorator[time]):
    """`timetz(precision)`; times of day in UTC in Python."""

    impl = postgresql.TIME
    cache_ok = True

    def __init__(self, precision: int | None = None) -> None:
        super().__init__(timezone=True, precision=precision)
        self.precision = precision

    @property
    def python_type(self) -> type[time]:
        """`datetime.time`."""
        return time

    def process_bind_param(self, value: time | None, dialect: Dialect) -> time | None:
        """In UTC: to PostgreSQL the same moment of two zones is not equal. Raises ZoneMissing."""
        del dialect
        if value is not None and value.utcoffset() is None:
            raise ZoneMissing(
                f"The time {value} says no time zone, and the column needs one: give value.replace(tzinfo=UTC)."
            )
        return _in_utc(value)

    def process_result_value(self, value: time | None, dialect: Dialect) -> time | None:
        """Turned to UTC."""
        del dialect
        return _in_utc(value)


def _in_utc(value: time | None) -> time | None:
    """The same time of day in UTC; the day does not matter, since offsets of a time are fixed."""
    if value is None or value.tzinfo is UTC:
        return value
    return datetime.combine(date(2000, 1, 2), value).astimezone(UTC).timetz()
