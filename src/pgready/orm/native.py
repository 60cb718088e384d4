"""Native types that SQLAlchemy lacks, or reads as something else from one driver to the next."""

from __future__ import annotations

import struct
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType


class Xml(UserDefinedType[str]):
    """`xml`, as text."""

    cache_ok = True

    def get_col_spec(self, **options: Any) -> str:
        """The type's name."""
        del options
        return "XML"


class _Spelled(UserDefinedType[Any]):
    """A type by its SQL."""

    cache_ok = True

    def __init__(self, sql: str) -> None:
        self.sql = sql

    def get_col_spec(self, **options: Any) -> str:
        """The SQL as it was given."""
        del options
        return self.sql


class Unsupported(TypeDecorator[Any]):
    """A type that only its SQL names; values are the driver's.

    To Alembic it is no type at all, so that it is never compared: one type has many spellings, and migrations own it.
    """

    impl = sa.types.NullType
    cache_ok = True

    def __init__(self, sql: str) -> None:
        self.sql = sql
        super().__init__()

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The SQL as it was given."""
        return dialect.type_descriptor(_Spelled(self.sql))


class Inet(TypeDecorator[str]):
    """`inet` as text, `192.168.0.1` or `192.168.0.0/24`."""

    impl = postgresql.INET
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        """Also takes the values of the module ipaddress."""
        del dialect
        return None if value is None else str(value)

    def process_result_value(self, value: object, dialect: Dialect) -> str | None:
        """PostgreSQL's text: a whole address has no `/32`."""
        del dialect
        if value is None:
            return None
        text = str(value)
        whole = "/128" if ":" in text else "/32"
        return text.removesuffix(whole)


class Real(TypeDecorator[float]):
    """`real`: the shortest decimal that means the same 4 bytes, as PostgreSQL prints it."""

    impl = sa.REAL
    cache_ok = True

    def bind_expression(self, bindvalue: sa.BindParameter[float]) -> sa.ColumnElement[float]:
        """A real on both sides: a column of reals never equals a double 0.1."""
        return sa.cast(bindvalue, sa.REAL)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], float | None] | None:
        """With asyncpg, which reads the 4 bytes and fills them up to 8."""
        del coltype
        return shortest if dialect.driver == "asyncpg" else None


def shortest(value: float | None) -> float | None:
    """The decimal with the fewest digits that rounds to the same single."""
    if value is None or value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN
        return value
    same = struct.pack("f", value)
    # Six digits come back from every single, but from those next to zero fewer do.
    for digits in range(6 if abs(value) > 1.2e-38 else 1, 9):
        candidate = float(f"{value:.{digits}g}")
        if struct.pack("f", candidate) == same:
            return candidate
    return float(f"{value:.9g}")


class _MoneyImpl(UserDefinedType[Decimal]):
    """SQLAlchemy's MONEY is of text and names no operators."""

    cache_ok = True

    def get_col_spec(self, **options: Any) -> str:
        """The type's name."""
        del options
        return "MONEY"


class Money(TypeDecorator[Decimal]):
    """`money` as a Decimal, by way of numeric: its text depends on the server's locale."""

    impl = _MoneyImpl
    cache_ok = True

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """Decimals beside it are money."""
        del op, value
        return self

    def bind_processor(self, dialect: Dialect) -> None:
        """The cast below takes decimals."""

    def bind_expression(self, bindvalue: sa.BindParameter[Decimal]) -> sa.ColumnElement[Decimal]:
        """Numeric becomes money on the server."""
        number = sa.cast(sa.type_coerce(bindvalue, sa.Numeric()), sa.Numeric())
        return sa.type_coerce(sa.cast(number, _MoneyImpl()), self)

    def column_expression(self, column: sa.ColumnElement[Decimal]) -> sa.ColumnElement[Decimal]:
        """Money becomes numeric on the server."""
        return sa.type_coerce(sa.cast(column, sa.Numeric()), self)

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """Drivers read numeric as Decimal."""


class _Bits(UserDefinedType[str]):
    """Strings of bits as text of 0 and 1.

    Not SQLAlchemy's type: it casts what it binds, and a cast cuts off bits that do not fit.
    """

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """To the type that asyncpg has for them."""
        if dialect.driver != "asyncpg":
            return None
        from asyncpg import BitString  # type: ignore[import-untyped]  # asyncpg has no types

        def process(value: str | None) -> object:
            return None if value is None else BitString(value)

        return process

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], str | None] | None:
        """From the type that asyncpg has for them; it shows spaces between groups of four."""
        del coltype
        if dialect.driver != "asyncpg":
            return None

        def process(value: Any) -> str | None:
            return None if value is None else value.as_string().replace(" ", "")

        return process


class Bit(_Bits):
    """`bit(length)`."""

    cache_ok = True

    def __init__(self, length: int = 1) -> None:
        self.length = length

    def get_col_spec(self, **options: Any) -> str:
        """The type's name and length."""
        del options
        return f"BIT({self.length})"


class VarBit(_Bits):
    """`varbit(length)`, without `length` any."""

    cache_ok = True

    def __init__(self, length: int | None = None) -> None:
        self.length = length

    def get_col_spec(self, **options: Any) -> str:
        """The type's name and length."""
        del options
        return "BIT VARYING" if self.length is None else f"BIT VARYING({self.length})"


class Serial(TypeDecorator[int]):
    """An integer that CREATE TABLE calls SERIAL (SMALLSERIAL, BIGSERIAL): the default comes from a sequence."""

    impl = sa.Integer
    cache_ok = True

    def __init__(self, integer: type[sa.Integer] = sa.Integer) -> None:
        self.integer = integer
        super().__init__()

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The integer type that it is everywhere else."""
        return dialect.type_descriptor(self.integer())


@compiles(Serial)
def _serial(type_: Serial, compiler: Any, **options: Any) -> str:
    if not isinstance(options.get("type_expression"), sa.Column):
        return str(compiler.process(type_.integer(), **options))
    if issubclass(type_.integer, sa.SmallInteger):
        return "SMALLSERIAL"
    return "BIGSERIAL" if issubclass(type_.integer, sa.BigInteger) else "SERIAL"
