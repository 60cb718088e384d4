"""Where a page begins: conditions that an index can bound, instead of rows to be read and thrown away.

One direction, no NULLs: a row comparison, `(a, b) < (x, y)`. Mixed directions: `a <= x AND (a < x OR b > y)`, so that
the index starts at x and only rows equal in `a` are filtered. What no single range of an index holds (the values, then
the NULLs after them; one value of an enum or a boolean, then the next ones) becomes several conditions, to be asked one
after the other until the page is full.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from pgready.orm.order import Key

Condition = sa.ColumnElement[bool]


def after(keys: Sequence[Key], values: Sequence[Any]) -> list[Condition]:
    """Conditions, in the order's sequence, that together hold for the rows after `values` and for no other."""
    if not keys:
        return []
    key, value = keys[0], values[0]
    if value is None:
        rest = [sa.and_(key.column.is_(None), each) for each in after(keys[1:], values[1:])]
        return [*rest, key.column.is_not(None)] if key.nulls_first else rest
    nulls = [key.column.is_(None)] if key.nullable and not key.nulls_first else []
    run = _run(keys, values)
    if run < len(keys) and isinstance(key.column.type, (sa.Enum, sa.Boolean)):
        # So few values that the rows equal in it are many: they get conditions of their own.
        same = key.column == _literal(key, value)
        return [
            *(sa.and_(same, each) for each in after(keys[1:], values[1:])),
            _beyond(keys[:1], values[:1]),
            *nulls,
        ]
    return [_from(keys, values, run), *nulls]


def _run(keys: Sequence[Key], values: Sequence[Any]) -> int:
    """How many columns one row comparison takes: of one direction, and with no NULLs that come after the values.

    NULLs before the values are left out by the comparison, as they should be. Those of the first column have a
    condition of their own.
    """
    count = 1
    while (
        count < len(keys)
        and keys[count].descending == keys[0].descending
        and values[count] is not None
        and (not keys[count].nullable or keys[count].nulls_first)
    ):
        count += 1
    return count


def _from(keys: Sequence[Key], values: Sequence[Any], run: int) -> Condition:
    """After `values`, among the rows whose first column is not NULL; the first value is not NULL either."""
    beyond = _beyond(keys[:run], values[:run])
    if run == len(keys):
        return beyond
    bound = _beyond(keys[:run], values[:run], or_equal=True)
    return sa.and_(bound, sa.or_(beyond, _tied(keys[run:], values[run:])))


def _tied(keys: Sequence[Key], values: Sequence[Any]) -> Condition:
    """After `values`, as one condition, for rows that are equal in all columns before these."""
    return sa.or_(*after(keys, values)) if keys else sa.false()


def _beyond(keys: Sequence[Key], values: Sequence[Any], *, or_equal: bool = False) -> Condition:
    literals = [_literal(key, value) for key, value in zip(keys, values, strict=True)]
    left: Any = keys[0].column
    right: Any = literals[0]
    if len(keys) > 1:
        left, right = sa.tuple_(*(each.column for each in keys)), sa.tuple_(*literals)
    found: Condition
    if keys[0].descending:
        found = left <= right if or_equal else left < right
    else:
        found = left >= right if or_equal else left > right
    return found


def _literal(key: Key, value: Any) -> sa.BindParameter[Any]:
    return sa.literal(value, key.column.type)
