"""The type of a field as the catalog has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pgready.catalog.names import ObjectName
from pgready.catalog.type_names import type_named
from pgready.catalog.types import SYSTEM, DataType
from pgready.psl.native_types import DEFAULTS, whole
from pgready.psl.schema import ScalarField


class TypeRule(NamedTuple):
    """What a native type is in PostgreSQL; `alone` is the modifier that PostgreSQL gives to one without."""

    name: str
    alone: str = ""
    is_extension: bool = False


NATIVE = {
    "SmallInt": TypeRule("int2"),
    "Integer": TypeRule("int4"),
    "BigInt": TypeRule("int8"),
    "Decimal": TypeRule("numeric"),
    "Money": TypeRule("money"),
    "Inet": TypeRule("inet"),
    "Oid": TypeRule("oid"),
    "Citext": TypeRule("citext", is_extension=True),
    "Real": TypeRule("float4"),
    "DoublePrecision": TypeRule("float8"),
    "VarChar": TypeRule("varchar"),
    "Char": TypeRule("bpchar", alone="1"),
    "Text": TypeRule("text"),
    "ByteA": TypeRule("bytea"),
    "Timestamp": TypeRule("timestamp"),
    "Timestamptz": TypeRule("timestamptz"),
    "Date": TypeRule("date"),
    "Time": TypeRule("time"),
    "Timetz": TypeRule("timetz"),
    "Boolean": TypeRule("bool"),
    "Bit": TypeRule("bit", alone="1"),
    "VarBit": TypeRule("varbit"),
    "Uuid": TypeRule("uuid"),
    "Xml": TypeRule("xml"),
    "Json": TypeRule("json"),
    "JsonB": TypeRule("jsonb"),
}
"""Prisma's native types by their name in PSL."""


def native_of(field: ScalarField) -> tuple[str, tuple[str, ...]]:
    """The native type of a scalar field, Prisma's default for it included, and its arguments in plain digits."""
    if field.native_type is not None:
        found = tuple(str(whole(text) or 0) for text in field.native_type.arguments)
        return field.native_type.name, found
    name, arguments = DEFAULTS[field.type]  # type: ignore[index]  # Unsupported and enums never come here
    return name, tuple(str(one) for one in arguments)


def scalar_type(field: ScalarField, extension_schemas: Mapping[str, str], default_schema: str) -> DataType:
    """The type of a field of a scalar type."""
    name, arguments = native_of(field)
    rule = NATIVE[name]
    modifier = ",".join(arguments)
    schema = SYSTEM
    if rule.is_extension:
        schema = extension_schemas.get(rule.name, default_schema)
    return DataType(ObjectName(schema, rule.name), modifier or rule.alone, 1 if field.is_list else 0)


def unsupported_type(field: ScalarField, extension_schemas: Mapping[str, str], default_schema: str) -> DataType:
    """The type that `Unsupported("…")` writes in SQL; one that is not PostgreSQL's own is looked for by its name."""
    found = type_named(field.type, extension_schemas, default_schema)
    return DataType(found.name, found.modifier, 1) if field.is_list else found
