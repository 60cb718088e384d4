"""What a page asks the database, first page and next page, with made-up values where a cursor would be.

For those who look at plans: the statements are never run.
"""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from pgready.orm.bounds import after
from pgready.orm.order import Key
from pgready.proof.contracts.samples import UNKNOWN


def shapes(
    statements: Sequence[sa.Select[Any]], keys: Sequence[Key], limit: int, *, bounded: bool
) -> Iterator[tuple[str, sa.Select[Any]]]:
    """Each statement with its LIMIT, named `first`, `next`, `next_2`…; `bounded` says that a cursor is in them."""
    following = list(statements)
    if not bounded:
        whole = statements[0]
        yield "first", whole.limit(limit + 1)
        following = [whole.where(condition) for condition in after(keys, [_value(key) for key in keys])]
    for number, statement in enumerate(following, 1):
        yield "next" if number == 1 else f"next_{number}", statement.limit(limit + 1)


_MADE: dict[type, object] = {
    bool: True,
    int: 42,
    float: 42.0,
    str: "sample",
    bytes: b"*",
    decimal.Decimal: decimal.Decimal(42),
    uuid.UUID: uuid.UUID("5f0c1d3e-6a52-4b1b-9d6e-2f4c8a7b9e01"),
    dt.datetime: dt.datetime(2024, 6, 15, 12, tzinfo=dt.UTC),
    dt.date: dt.date(2024, 6, 15),
    dt.time: dt.time(12),
    dt.timedelta: dt.timedelta(days=1),
}


def _value(key: Key) -> object:
    """A value of the key's type, as a cursor would hold it; UNKNOWN for a type that nothing is known of."""
    type_: Any = key.column.type
    if isinstance(type_, sa.Enum) and type_.enums:
        kind = type_.enum_class
        return next(iter(kind)) if kind is not None and issubclass(kind, enum.Enum) else type_.enums[0]
    try:
        kind = type_.python_type
    except NotImplementedError:
        return UNKNOWN
    if kind is dt.datetime and getattr(type_, "timezone", None) is False and type(type_) is sa.DateTime:
        return dt.datetime(2024, 6, 15, 12)  # noqa: DTZ001 - the column has no zone
    return next((value for made, value in _MADE.items() if kind is made), UNKNOWN)
