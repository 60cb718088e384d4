"""What the bases of generated models inherit: dataclass constructors, identity, a repr that never asks the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, dataclass_transform

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import (
    InstanceState,
    Mapped,
    MappedAsDataclass,
    MappedColumn,
    RelationshipProperty,
    composite,
    deferred,
    mapped_column,
    relationship,
    synonym,
)
from sqlalchemy.orm.decl_api import DCTransformDeclarative
from sqlalchemy.types import TypeEngine

from pgready.orm.temporal import Timestamp

TYPES: Final[Mapping[Any, TypeEngine[Any]]] = {
    str: sa.Text(),
    bool: sa.Boolean(),
    int: sa.Integer(),
    float: sa.Double(),
    Decimal: sa.Numeric(65, 30),
    datetime: Timestamp(3),
    bytes: postgresql.BYTEA(),
}
"""The column types of Prisma's scalars, for a base's `type_annotation_map`."""

_SHOWN = 80


def keyed_by(*columns: Mapped[Any]) -> dict[str, Any]:
    """For `__mapper_args__`: what tells the rows apart where the table has no primary key."""
    return {"primary_key": list(columns)}


def _show(record: object) -> str:
    """The class and its loaded columns; what is expired or deferred is left out, and so are relations."""
    state: InstanceState[Any] | None = sa.inspect(record, raiseerr=False)
    if state is None:
        return object.__repr__(record)
    parts = []
    for each in state.mapper.column_attrs:
        if each.key in state.dict:
            text = repr(state.dict[each.key])
            parts.append(f"{each.key}={text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}")
    return f"{type(record).__qualname__}({', '.join(parts)})"


@dataclass_transform(
    kw_only_default=True,
    eq_default=False,
    field_specifiers=(MappedColumn, RelationshipProperty, mapped_column, relationship, composite, synonym, deferred),
)
class RecordMeta(DCTransformDeclarative):
    """Tells the type checkers that constructors take keywords only."""


class Record(MappedAsDataclass, kw_only=True, eq=False, repr=False, metaclass=RecordMeta):
    """Models as dataclasses: typed constructors of keywords, equal only to themselves, hashable."""

    def __repr__(self) -> str:
        """The loaded columns; it never raises and never asks the database."""
        return _show(self)


class ViewRecord:
    """Views: no constructor worth having, the same repr."""

    def __repr__(self) -> str:
        """The loaded columns; it never raises and never asks the database."""
        return _show(self)
