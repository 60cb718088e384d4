"""PostgreSQL enums whose labels may differ from the names that the schema gives its values."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import TypeVar

import sqlalchemy as sa

E = TypeVar("E", bound=enum.Enum)


def enum_type(
    members: type[E],
    *,
    name: str,
    schema: str | None = None,
    labels: Mapping[str, str] | None = None,
    metadata: sa.MetaData | None = None,
) -> sa.Enum:
    """The column type of a PostgreSQL enum: `labels` has the database's label of each member where it is not its name.

    With `metadata`, `create_all` makes the type even where no table uses it.
    """
    known = labels or {}

    def in_order(of: type[enum.Enum]) -> list[str]:
        return [known.get(each, each) for each in of.__members__]

    return sa.Enum(members, name=name, schema=schema, metadata=metadata, values_callable=in_order)
