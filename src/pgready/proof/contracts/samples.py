"""Values for parameters: what was bound, as PostgreSQL's input text, and made-up ones where nothing is known.

A made-up value is never NULL: a condition on NULL is false before anything is read, and would make any plan look good.
"""

from __future__ import annotations

import datetime as dt
import enum
import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from pgready.catalog.model import Catalog
from pgready.catalog.types import DataType

LIMIT = "50"
"""A page. Without a value the planner takes a LIMIT for a tenth of all rows."""

UNKNOWN = object()
"""Stands for some value that is not NULL where a statement has to be written and none can be made up."""
_TEXT = "sample"
_MADE: dict[str, str] = {
    **dict.fromkeys(("smallint", "integer", "bigint", "int2", "int4", "int8", "int", "oid", "xid", "xid8"), "42"),
    **dict.fromkeys(("numeric", "decimal", "real", "double precision", "float4", "float8", "money"), "42"),
    **dict.fromkeys(("text", "character varying", "varchar", "character", "bpchar", '"char"', "char", "name"), _TEXT),
    **dict.fromkeys(("citext", "unknown", "ltree", "tsquery", "lquery", "ltxtquery"), _TEXT),
    **dict.fromkeys(("boolean", "bool"), "true"),
    "uuid": "5f0c1d3e-6a52-4b1b-9d6e-2f4c8a7b9e01",
    "date": "2024-06-15",
    **dict.fromkeys(("timestamp without time zone", "timestamp"), "2024-06-15 12:00:00"),
    **dict.fromkeys(("timestamp with time zone", "timestamptz"), "2024-06-15 12:00:00+00"),
    **dict.fromkeys(("time without time zone", "time"), "12:00:00"),
    **dict.fromkeys(("time with time zone", "timetz"), "12:00:00+00"),
    "interval": "1 day",
    **dict.fromkeys(("json", "jsonb"), "{}"),
    "jsonpath": "$.sample",
    "xml": "<sample/>",
    "bytea": "\\x2a",
    **dict.fromkeys(("bit", "bit varying", "varbit"), "1"),
    "inet": "192.0.2.42",
    "cidr": "192.0.2.0/24",
    "macaddr": "08:00:2b:01:02:03",
    "macaddr8": "08:00:2b:01:02:03:04:05",
    "tsvector": "'sample':1",
    "hstore": '"sample"=>"1"',
    "point": "(1,1)",
    "line": "{1,1,1}",
    "lseg": "[(0,0),(1,1)]",
    "box": "(1,1),(0,0)",
    "path": "[(0,0),(1,1)]",
    "polygon": "((0,0),(1,1),(1,0))",
    "circle": "<(1,1),1>",
    "pg_lsn": "0/2A",
    "regclass": "pg_class",
    "regtype": "text",
    **dict.fromkeys(("int4range", "int8range", "numrange"), "[40,50)"),
    **dict.fromkeys(("int4multirange", "int8multirange", "nummultirange"), "{[40,50)}"),
    "daterange": "[2024-06-01,2024-07-01)",
    **dict.fromkeys(("tsrange", "tstzrange"), "[2024-06-01,2024-07-01)"),
    "datemultirange": "{[2024-06-01,2024-07-01)}",
    **dict.fromkeys(("tsmultirange", "tstzmultirange"), "{[2024-06-01,2024-07-01)}"),
    "geometry": "POINT(1 1)",
    "geography": "POINT(1 1)",
}
_MODIFIER = re.compile(r"\s*\([^)]*\)")


def sample_for(type_: str, catalog: Catalog) -> str | None:
    """A value of `type_` (as SQL or regtype writes it) as input text; None for a type that nothing is known of.

    An enum gives its first label, a domain a value of its base type (its checks are not looked at), an array one
    element, a composite type a row of such values.
    """
    return _made(type_.strip(), catalog, 0)


def _made(type_: str, catalog: Catalog, depth: int) -> str | None:
    if depth > 8:
        return None
    if type_.endswith("]"):
        element = _made(type_[: type_.rindex("[")].rstrip(), catalog, depth + 1)
        return None if element is None else array_text([element])
    plain = _MODIFIER.sub("", type_)
    known = _MADE.get(plain.removeprefix("pg_catalog.").lower())
    if known is not None:
        return known
    schema, name = _parts(plain)
    system = _MADE.get(name) if schema else None  # an extension's type in whichever schema it was put
    return _of_catalog(schema, name, catalog, depth) or system


def _of_catalog(schema: str | None, name: str, catalog: Catalog, depth: int) -> str | None:
    def meant(stored: object) -> bool:
        own_schema, own_name = getattr(stored, "schema", None), getattr(stored, "name", None)
        return own_name == name and (schema is None or own_schema == schema)

    for enumeration in catalog.enums:
        if meant(enumeration.name):
            return enumeration.labels[0] if enumeration.labels else None
    for domain in catalog.domains:
        if meant(domain.name):
            return _of_type(domain.type, catalog, depth)
    for composite in catalog.composites:
        if meant(composite.name):
            parts = [_of_type(one.type, catalog, depth) for one in composite.attributes]
            return "(" + ",".join("" if part is None else _row_part(part) for part in parts) + ")"
    for range_ in catalog.ranges:
        value = _of_type(range_.subtype, catalog, depth) if meant(range_.name) or meant(range_.multirange) else None
        if value is not None:
            text = f"[{_row_part(value)},{_row_part(value)}]"
            return text if meant(range_.name) else "{" + text + "}"
    return None


def _of_type(type_: DataType, catalog: Catalog, depth: int) -> str | None:
    return _made(type_.sql, catalog, depth + 1)


def _parts(name: str) -> tuple[str | None, str]:
    """Schema and name of `app."Status"`, unquoted."""
    parts = [
        found[1].replace('""', '"') if found[1] is not None else found[2].lower()
        for found in re.finditer(r'"((?:[^"]|"")*)"|([^".\s]+)', name)
    ]
    return (parts[-2], parts[-1]) if len(parts) > 1 else (None, parts[-1] if parts else name)


def text_of(value: object) -> str | None:
    """A Python value as PostgreSQL's input text; None for NULL and for what has no plain text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, enum.Enum):
        # As drivers do: an enum of texts is its text; any other one has gone through a type that made it one, or has
        # SQLAlchemy's default, the name.
        return text_of(value.value) if isinstance(value, str | int) else value.name
    if isinstance(value, str | int | float | Decimal | UUID):
        return str(value)
    if isinstance(value, dt.timedelta):
        return f"{value.days} days {value.seconds} seconds {value.microseconds} microseconds"
    if isinstance(value, dt.date | dt.time):  # datetime is a date
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return "\\x" + bytes(value).hex()
    if isinstance(value, Mapping):
        return json.dumps(value, default=str)
    if isinstance(value, Sequence | set | frozenset):
        return "{" + ",".join(_element(one) for one in value) + "}"
    return None


def _element(value: object) -> str:
    """An element of an array; of one that has several dimensions, an array without quotes."""
    text = text_of(value)
    if text is None:
        return "NULL"
    nested = isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes | bytearray)
    return text if nested else _array_part(text)


def array_text(elements: Sequence[str]) -> str:
    """An array's input text of elements that are no arrays, every one quoted."""
    return "{" + ",".join(map(_array_part, elements)) + "}"


def _array_part(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _row_part(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '""') + '"'
