"""Values of every type, in Python, and the words that ask.cjs has for them."""

import decimal
import enum
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

EAST = timezone(timedelta(hours=5, minutes=45))

SCALARS: dict[str, list[Any]] = {
    "s": ["", "a\n\t'\"\\ ü 🐘", "NULL"],
    "vc": ["twenty characters ok.", "é" * 20][1:],
    "ch": ["abcde"],
    "uu": [UUID("00000000-0000-4000-8000-00000000abcd")],
    "ci": ["MiXed", ""],
    "inet": ["192.168.0.1", "10.0.0.0/8", "2001:db8::1", "2001:db8::/32"],
    "bit": ["101", "000"],
    "vb": ["1", "110010101"],
    "b": [True, False],
    "i": [0, -(2**31), 2**31 - 1],
    "si": [-(2**15), 2**15 - 1],
    "oid": [0, 2**31 - 1],
    "big": [-(2**63), 2**63 - 1, 2**53 + 1],
    "f": [0.1, -1.5e300, 5e-324, 1e16],
    "real": [0.1, -2.5, 3.4028235e38],
    "d": [Decimal("0.1"), Decimal("-12345678901234567890123456789.000000000000000000000000000001"), Decimal(0)],
    "d2": [Decimal("99999999.99"), Decimal("-0.01")],
    "money": [Decimal("12.34"), Decimal("-1234567.80")],
    "ts": [
        datetime(2026, 7, 4, 12, 0, tzinfo=EAST),
        datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
        # An hour that the sessions' zones have twice, and one that they do not have.
        datetime(2026, 11, 1, 1, 30, tzinfo=timezone(timedelta(hours=-4))),
        datetime(2026, 3, 8, 2, 30, tzinfo=UTC),
        datetime(1, 1, 2, tzinfo=UTC),  # asyncpg takes the first instant of all for -infinity
        datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
    ],
    "ts6": [datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)],
    "ts0": [datetime(2026, 1, 2, 3, 4, 5, tzinfo=EAST)],
    "tz": [datetime(2026, 7, 4, 12, 0, tzinfo=EAST), datetime(2026, 3, 8, 2, 30, tzinfo=UTC)],
    "tz6": [datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)],
    "date": [date(2024, 2, 29), date(1900, 1, 1)],
    "time": [time(0, 0), time(23, 59, 59, 999000)],
    "timetz": [time(12, 30, 0, 5000, tzinfo=UTC)],
    "json": [{"a": [1, None, {"b": 'ü\\"'}], "": 0.5}, [], "text", 0, False],
    "json1": [{"z": 1, "a": [True, None]}, 1.5],
    "bytes": [b"", bytes(range(256))],
    "mood": ["GLAD", "SO_SO", "NIL"],
}

LISTS: dict[str, list[Any]] = {
    name: values for name, values in SCALARS.items() if name not in ("ts0", "tz6", "ci", "timetz")
}
"""Prisma's own client cannot read lists of citext and of timetz: the schema has none."""
LISTS["json"] = [{"a": [1, None, "x,y"]}, [], "text", 7]


def packed(column: sa.Column[Any], value: Any) -> Any:
    """How Prisma's client shows it, and is given it."""
    if isinstance(value, list) and isinstance(column.type, sa.ARRAY):
        return [_packed(column.type.item_type, each) for each in value]
    return _packed(column.type, value)


def _date(value: datetime) -> dict[str, str]:
    return {"$": "Date", "v": value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")}


def _packed(of: Any, value: Any) -> Any:
    if isinstance(of, sa.JSON) or value is None:
        return value
    if isinstance(of, sa.BigInteger):
        return {"$": "BigInt", "v": str(value)}
    for kind, word in _WORDS:
        if isinstance(value, kind):
            return word(value)
    return value


def _plain(value: Decimal) -> str:
    with decimal.localcontext(prec=100):
        text = format(value.normalize(), "f")
    return "0" if text == "-0" else text


_WORDS: list[tuple[type, Callable[[Any], Any]]] = [
    (datetime, _date),
    (date, lambda value: _date(datetime(value.year, value.month, value.day, tzinfo=UTC))),
    (time, lambda value: _date(datetime.combine(date(1970, 1, 1), value.replace(tzinfo=UTC)))),
    (Decimal, lambda value: {"$": "Decimal", "v": _plain(value)}),
    (bytes, lambda value: {"$": "Bytes", "v": value.hex()}),
    (UUID, str),
    (enum.Enum, lambda value: value.name),
]
