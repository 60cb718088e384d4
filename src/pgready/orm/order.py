"""The order of a page: its columns with their directions, as `by` names them.

`pgready.orm.total` proves that no two rows are equal in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.selectable import FromClause, Join

from pgready.errors import UsageInvalid

_MODIFIERS = (operators.asc_op, operators.desc_op, operators.nulls_first_op, operators.nulls_last_op)


class OrderInvalid(UsageInvalid, ValueError):
    """What `page` was asked to order by is no total order, or the statement cannot be paged."""

    code = "order_invalid"


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """A column of the order. `nulls_first` holds for the order as it is written, also where it says nothing."""

    column: sa.ColumnElement[Any]
    descending: bool
    nulls_first: bool
    nullable: bool

    def reversed(self) -> Key:
        """The same, backwards."""
        return Key(self.column, not self.descending, not self.nulls_first, self.nullable)

    def clause(self) -> sa.ColumnElement[Any]:
        """For ORDER BY; NULLS is said only where it is not PostgreSQL's default, as an index says it."""
        ordered = self.column.desc() if self.descending else self.column.asc()
        if self.nulls_first == self.descending:
            return ordered
        return ordered.nulls_first() if self.nulls_first else ordered.nulls_last()

    @property
    def text(self) -> str:
        """Column, type and direction, for a cursor's fingerprint."""
        words = (str(self.column), repr(self.column.type), "desc" if self.descending else "asc")
        return " ".join((*words, "nulls first" if self.nulls_first else "nulls last"))


def keys_of(statement: sa.Select[Any], by: Sequence[Any]) -> tuple[Key, ...]:
    """The order's columns. Raises OrderInvalid."""
    if not by:
        raise OrderInvalid("`by` is empty: name the columns that order the pages, a unique one last.")
    optional = {hash(each) for root in froms_of(statement) for each in _optional(root)}
    return tuple(_key(each, optional) for each in by)


def froms_of(statement: sa.Select[Any]) -> Sequence[FromClause]:
    """What the rows come from. Joins of eager loading do not count: SQLAlchemy puts the page in a subquery for them."""
    bare = statement._generate()  # noqa: SLF001 - loader options would bring the joins
    bare._with_options = ()  # noqa: SLF001 - as above
    return bare.with_only_columns(sa.literal(1), maintain_column_froms=True).get_final_froms()


def _key(given: Any, optional: set[int]) -> Key:
    element = given.__clause_element__() if hasattr(given, "__clause_element__") else given
    descending, nulls_first = False, None
    while isinstance(element, UnaryExpression) and element.modifier in _MODIFIERS:
        if element.modifier is operators.desc_op:
            descending = True
        elif element.modifier is not operators.asc_op:
            nulls_first = element.modifier is operators.nulls_first_op
        element = element.element
    if not isinstance(element, sa.ColumnElement):
        raise OrderInvalid(f"`by` takes columns and expressions of columns, not {given!r}.")
    # An expression may be NULL where its columns are not; a column of the far side of an outer join too.
    nullable = not isinstance(element, sa.Column) or element.nullable is not False or hash(element.table) in optional
    return Key(element, descending, descending if nulls_first is None else nulls_first, nullable)


def _optional(root: FromClause, *, inside: bool = False) -> Iterator[FromClause]:
    """The tables whose columns an outer join may fill with NULLs."""
    if isinstance(root, Join):
        yield from _optional(root.left, inside=inside or root.full)
        yield from _optional(root.right, inside=inside or root.isouter or root.full)
    elif inside:
        yield root
