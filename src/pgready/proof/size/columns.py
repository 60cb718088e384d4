"""What is assumed of a column that no profile speaks of: worked out from keys, types, defaults and nothing else.

They are averages, and nothing is assumed of how even a column is: a contract that one common value would break is at
the mercy of skew, a warning that asks for a profile. docs/reference/prove.md has the same rules in words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pgready.proof.profile import ColumnProfile
from pgready.proof.size.shape import ColumnShape

STATES = 5
"""Distinct values of a text column with a constant default: a state, as a rule."""
DAYS = 1_000
NUMBERS = 10_000
WORDS = 1_000
SHORT = 8
"""Characters of a code: a country, a currency, a unit."""
TEXTS = -0.1
REFERENCES = -0.01
"""Shares of the rows: texts tell rows apart (an address, a number on paper), numbers that are no foreign key may."""
NULLABLE = 0.5
"""Null fraction of a nullable column of which nothing is said."""

_WIDTHS = {
    "json": 200, "jsonb": 200, "bytea": 200, "xml": 200, "tsvector": 200, "numeric": 8, "inet": 7, "cidr": 7,
    "bit": 8, "varbit": 8, "tsquery": 40, "path": 100, "polygon": 100, "geometry": 48, "geography": 48, "hstore": 100,
}  # fmt: skip
_TEXT = 32
_ARRAY = 60
_RANGE = 22
_MOST = 1_900  # more is stored outside of the row
_POINTER = 18

_TIMES = frozenset({"timestamp", "timestamptz", "time", "timetz", "interval"})
_WHOLE = frozenset({"int2", "int4", "int8", "oid"})
_EXACT = frozenset({"numeric", "float4", "float8", "money"})
_TEXTS = frozenset({"text", "varchar", "bpchar", "citext", "name", "char"})
_UNIQUE = frozenset({"uuid", "json", "jsonb", "bytea", "xml", "tsvector", "inet", "macaddr", "pg_lsn"})
_CONSTANT = re.compile(r"'[^']*'(::[\w .\"()]+)?|-?\d[\d.]*|true|false")
_IN_ORDER = re.compile(
    r"^(nextval\(|now\(\)|CURRENT_TIMESTAMP|clock_timestamp\(\)|statement_timestamp\(\)|uuidv7\()", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ColumnSize:
    """A column's statistics as pg_statistic has them, nothing missing; `correlation` None where there is no order.

    `bounds` are the first value and the last, of a partition's key only: its bounds are structure and nobody's data.
    """

    number: int
    null_fraction: float
    width: int
    distinct: float
    correlation: float | None
    frequencies: tuple[tuple[str, float], ...] = ()
    bounds: tuple[str, str] | None = None


def width_of(column: ColumnShape) -> int:
    """Average bytes of a value that is not null, its length word included."""
    if column.length > 0:
        return column.length
    if column.type in _TEXTS:
        limit = column.modifier - 4 if column.modifier >= 4 else None
        if column.type == "bpchar" and limit is not None:
            return _stored(limit + 1)
        return _TEXT if limit is None else max(2, min(_TEXT, limit // 2 + 1))
    if column.type_kind in ("r", "m"):
        return _RANGE
    if column.type.startswith("_"):
        return _ARRAY
    return _WIDTHS.get(column.type, _TEXT)


def _stored(width: int) -> int:
    return width if width <= _MOST else _POINTER


def distinct_of(column: ColumnShape) -> float:
    """Distinct values of a column that is no key, as pg_stats has them."""
    if column.type == "bool":
        return 2
    if column.type_kind == "e":
        return max(1, len(column.labels))
    if column.type in _UNIQUE or column.is_identity or (column.default or "").startswith("nextval("):
        return -1
    if column.type in _TIMES:
        return -0.9
    if column.type == "date":
        return DAYS
    constant = bool(column.default) and _CONSTANT.fullmatch(column.default or "") is not None
    if column.type in _TEXTS:
        if constant and column.default not in ("''::text", "''::character varying"):
            return STATES
        return WORDS if 4 <= column.modifier <= SHORT + 4 or column.type in ("char", "name") else TEXTS
    if column.type in _WHOLE:
        return DAYS if constant else REFERENCES
    if column.type in _EXACT:
        return NUMBERS
    if column.type.startswith("_") or column.type_kind in ("r", "m", "c"):
        return -0.1
    return WORDS


def correlation_of(column: ColumnShape) -> float | None:
    """How well values follow the order of rows: what is counted up as rows come does, all else does not."""
    if not column.less:
        return None
    return 1.0 if column.is_identity or _IN_ORDER.match(column.default or "") else 0.0


def frequencies_of(column: ColumnShape, said: ColumnProfile | None, nulls: float) -> tuple[tuple[str, float], ...]:
    """Shares of all rows by value, largest first: the profile's, for enums and booleans only."""
    if said is None or not said.frequencies or (column.type != "bool" and column.type_kind != "e"):
        return ()
    known = {"t", "f", "true", "false"} if column.type == "bool" else set(column.labels)
    given = [(value, share) for value, share in said.frequencies if value in known and share > 0]
    total = sum(share for _, share in given)
    most = 1 - nulls
    scale = most / total if total > most > 0 else 1.0
    return tuple(sorted(((value, share * scale) for value, share in given), key=lambda one: (-one[1], one[0])))
