"""What the benchmark's models take from `pgready.orm`, as a team writes it by hand: SQLAlchemy and its recipes.

The generated package with this module in place of `pgready.orm` is the hand-written one.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.orm import MappedAsDataclass
from sqlalchemy.types import TypeDecorator

JsonValue = dict[str, Any] | list[Any] | str | int | float | bool | None
List = postgresql.ARRAY


class Timestamp(TypeDecorator[datetime]):
    """The recipe of SQLAlchemy's documentation for UTC in a column without time zone."""

    impl = postgresql.TIMESTAMP
    cache_ok = True

    def __init__(self, precision: int = 3) -> None:
        super().__init__(precision=precision)
        self.precision = precision

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        if value is not None:
            if not value.tzinfo:
                raise TypeError("tzinfo is required")
            value = value.astimezone(UTC).replace(tzinfo=None)
        return value

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        return value if value is None else value.replace(tzinfo=UTC)


def TimestampTz(precision: int = 3) -> postgresql.TIMESTAMP:  # noqa: N802 - a type's name
    return postgresql.TIMESTAMP(timezone=True, precision=precision)


TYPES: Mapping[Any, Any] = {
    str: sa.Text(),
    bool: sa.Boolean(),
    int: sa.Integer(),
    float: sa.Double(),
    Decimal: sa.Numeric(65, 30),
    datetime: Timestamp(3),
    bytes: postgresql.BYTEA(),
}


class Record(MappedAsDataclass, kw_only=True, eq=False, repr=False):
    pass


def enum_type(
    members: type[enum.Enum], *, name: str, labels: Mapping[str, str], metadata: sa.MetaData, schema: str | None = None
) -> sa.Enum:
    return sa.Enum(
        members,
        name=name,
        schema=schema,
        metadata=metadata,
        values_callable=lambda of: [labels.get(each, each) for each in of.__members__],
    )


def now() -> datetime:
    return datetime.now(UTC)


def left_to_insert() -> Any:
    return None
