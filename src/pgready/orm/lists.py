"""Scalar lists: arrays of one dimension in nullable columns, as Prisma makes them; NULL is read as an empty list."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import TypeEngine, UserDefinedType

from pgready.orm.native import Bit, Money, Real, Unsupported, VarBit

T = TypeVar("T")

_ELEMENT = re.compile(r'(?:"((?:[^"\\]|\\.)*)"|([^,"]+))(?:,|$)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def elements(text: str) -> list[str | None]:
    """The elements of an array of one dimension that PostgreSQL wrote as text."""
    found: list[str | None] = []
    for quoted, plain in _ELEMENT.findall(text[1:-1]):
        if plain:
            found.append(None if plain.upper() == "NULL" else _ESCAPED.sub(r"\1", plain))
        else:
            found.append(_ESCAPED.sub(r"\1", quoted))
    return found


class List(postgresql.ARRAY[T]):
    """`item_type[]`; a list in Python, never None. Assign a new list to change it: `append` goes unnoticed."""

    cache_ok = True

    def __new__(cls, item_type: type[TypeEngine[T]] | TypeEngine[T]) -> List[T]:
        """Lists of some types are classes of their own: SQLAlchemy looks at classes for a cast of the column."""
        item = item_type if isinstance(item_type, type) else type(item_type)
        special = (of for kind, of in _SPECIAL if issubclass(item, kind))
        return super().__new__(next(special, cls) if cls is List else cls)

    def __init__(self, item_type: type[TypeEngine[T]] | TypeEngine[T]) -> None:
        super().__init__(item_type, dimensions=1)

    def adapt(self, cls: type[Any], **options: Any) -> Any:
        """Stay a List where a dialect brings an array type of its own."""
        if issubclass(cls, postgresql.ARRAY):
            return _joined(type(self), cls)(_unlimited(self.item_type))
        return super().adapt(cls, **options)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """Numbers become of one type, which psycopg wants of a list."""
        item = self.item_type.dialect_impl(dialect).bind_processor(dialect)
        number = _number(self.item_type)

        def process(value: Any) -> list[Any] | None:
            if value is None:
                return None
            if isinstance(value, str):
                raise TypeError(f"A list is needed, not a text: {value!r}")
            if number is not None:
                value = [each if each is None else number(each) for each in value]
            return list(value) if item is None else [item(each) for each in value]

        return process

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """An empty list for NULL; psycopg knows arrays of enums and of extensions' types only as text."""
        item = self.item_type.dialect_impl(dialect).result_processor(dialect, coltype)

        def process(value: Any) -> list[Any]:
            if value is None:
                return []
            if isinstance(value, str):
                value = elements(value)
            return cast("list[Any]", value) if item is None else [item(each) for each in value]

        return process


class _UnsupportedList(List[Any]):
    """A list of a type that only its SQL names."""

    cache_ok = True

    def compare_against_backend(self, dialect: Dialect, conn_type: TypeEngine[Any]) -> bool:
        """Alembic's question whether the column has this type, as Unsupported answers it."""
        del dialect, conn_type
        return True


class _MoneyList(List[Any]):
    """A list of money, by way of numeric."""

    cache_ok = True

    def bind_expression(self, bindvalue: sa.BindParameter[Any]) -> sa.ColumnElement[Any]:
        """Decimals become money on the server."""
        numbers: List[Decimal] = List(sa.Numeric())
        return sa.cast(sa.cast(sa.type_coerce(bindvalue, numbers), numbers), postgresql.ARRAY(postgresql.MONEY))

    def column_expression(self, colexpr: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """Money becomes numeric on the server."""
        return sa.type_coerce(sa.cast(colexpr, postgresql.ARRAY(sa.Numeric())), self)


class _CitextList(List[Any]):
    """A list of citext, read as text: asyncpg 0.32 loses empty elements of arrays that it reads in text format."""

    cache_ok = True

    def column_expression(self, colexpr: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """Text on its way out."""
        return sa.type_coerce(sa.cast(colexpr, postgresql.ARRAY(sa.Text())), self)


_SPECIAL: tuple[tuple[type[TypeEngine[Any]], type[List[Any]]], ...] = (
    (Money, _MoneyList),
    (postgresql.CITEXT, _CitextList),
    (Unsupported, _UnsupportedList),
)


class _Named(UserDefinedType[str]):
    """A type by its bare name, for casts."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **options: Any) -> str:
        del options
        return self.name


class _AnyBits(Bit):
    """Bits of any number: a bare `bit` would be one."""

    cache_ok = True

    def get_col_spec(self, **options: Any) -> str:
        del options
        return '"bit"'


def _unlimited(item: TypeEngine[Any]) -> TypeEngine[Any]:
    """What a bound list is cast to: a cast to a type with a length cuts its elements off instead of refusing them."""
    if isinstance(item, Bit):
        return _AnyBits()
    if isinstance(item, VarBit):
        return VarBit()
    if isinstance(item, sa.CHAR):
        return _Named("BPCHAR")
    if isinstance(item, sa.String) and not isinstance(item, sa.Enum) and item.length is not None:
        return sa.VARCHAR()
    return item


def _number(item: TypeEngine[Any]) -> Callable[[Any], float | Decimal] | None:
    if isinstance(item, (sa.Float, Real)):
        return float
    return Decimal if isinstance(item, (sa.Numeric, Money)) else None


_made: dict[tuple[Any, Any], type[Any]] = {}


def _joined(ours: type[Any], array: type[Any]) -> type[Any]:
    """The dialect's array type with our ways; one class a pair, since SQLAlchemy's caches compare classes."""
    if issubclass(array, ours):
        return array
    if (ours, array) not in _made:
        _made[ours, array] = type(ours.__name__, (ours, array), {"cache_ok": True, "__module__": __name__})
    return _made[ours, array]
