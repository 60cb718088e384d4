"""The type of a field: as the catalog has it, and as Prisma writes it in SQL."""

from __future__ import annotations

from typing import NamedTuple

from pgready.catalog.names import ObjectName
from pgready.catalog.type_names import type_named
from pgready.catalog.types import SYSTEM, DataType
from pgready.psl.native_types import DEFAULTS, whole
from pgready.psl.schema import ScalarField
from pgready.sql.names import quote_ident


class TypeRule(NamedTuple):
    """What a native type is in PostgreSQL and in Prisma's SQL; `alone` is the modifier that PostgreSQL adds to none."""

    name: str
    spelled: str
    alone: str = ""
    is_extension: bool = False


NATIVE = {
    "SmallInt": TypeRule("int2", "SMALLINT"),
    "Integer": TypeRule("int4", "INTEGER"),
    "BigInt": TypeRule("int8", "BIGINT"),
    "Decimal": TypeRule("numeric", "DECIMAL"),
    "Money": TypeRule("money", "MONEY"),
    "Inet": TypeRule("inet", "INET"),
    "Oid": TypeRule("oid", "OID"),
    "Citext": TypeRule("citext", "CITEXT", is_extension=True),
    "Real": TypeRule("float4", "REAL"),
    "DoublePrecision": TypeRule("float8", "DOUBLE PRECISION"),
    "VarChar": TypeRule("varchar", "VARCHAR"),
    "Char": TypeRule("bpchar", "CHAR", alone="1"),
    "Text": TypeRule("text", "TEXT"),
    "ByteA": TypeRule("bytea", "BYTEA"),
    "Timestamp": TypeRule("timestamp", "TIMESTAMP"),
    "Timestamptz": TypeRule("timestamptz", "TIMESTAMPTZ"),
    "Date": TypeRule("date", "DATE"),
    "Time": TypeRule("time", "TIME"),
    "Timetz": TypeRule("timetz", "TIMETZ"),
    "Boolean": TypeRule("bool", "BOOLEAN"),
    "Bit": TypeRule("bit", "BIT", alone="1"),
    "VarBit": TypeRule("varbit", "VARBIT"),
    "Uuid": TypeRule("uuid", "UUID"),
    "Xml": TypeRule("xml", "XML"),
    "Json": TypeRule("json", "JSON"),
    "JsonB": TypeRule("jsonb", "JSONB"),
}
"""Prisma's native types by their name in PSL."""

SERIAL = {
    one + end: serial + end
    for one, serial in (("SMALLINT", "SMALLSERIAL"), ("INTEGER", "SERIAL"), ("BIGINT", "BIGSERIAL"))
    for end in ("", "[]")
}
"""How Prisma writes the type of an `autoincrement()` column in CREATE TABLE (no PostgreSQL takes the arrays)."""


class FieldType(NamedTuple):
    """A type as a value and as Prisma writes it, `[]` included."""

    type: DataType
    sql: str


def native_of(field: ScalarField) -> tuple[str, tuple[str, ...]]:
    """The native type of a scalar field, Prisma's default for it included, and its arguments in plain digits."""
    if field.native_type is not None:
        found = tuple(str(whole(text) or 0) for text in field.native_type.arguments)
        return field.native_type.name, found
    name, arguments = DEFAULTS[field.type]  # type: ignore[index]
    return name, tuple(str(one) for one in arguments)


def scalar_type(field: ScalarField, extension_schemas: dict[str, str], default_schema: str) -> FieldType:
    """The type of a field of a scalar type."""
    name, arguments = native_of(field)
    rule = NATIVE[name]
    modifier = ",".join(arguments)
    schema = SYSTEM
    if rule.is_extension:
        schema = extension_schemas.get(rule.name, default_schema)
    spelled = rule.spelled + (f"({modifier})" if modifier else "")
    dimensions, brackets = (1, "[]") if field.is_list else (0, "")
    return FieldType(DataType(ObjectName(schema, rule.name), modifier or rule.alone, dimensions), spelled + brackets)


def unsupported_type(field: ScalarField, extension_schemas: dict[str, str], default_schema: str) -> FieldType:
    """The type that `Unsupported("…")` writes in SQL; one that is not PostgreSQL's own is looked for by its name."""
    found = type_named(field.type, extension_schemas, default_schema)
    if field.is_list:
        return FieldType(DataType(found.name, found.modifier, 1), field.type + "[]")
    return FieldType(found, field.type)


def enum_type(field: ScalarField, name: ObjectName, *, is_qualified: bool) -> FieldType:
    """The type of a field of an enum called `name` in the database."""
    spelled = name.sql if is_qualified else quote_ident(name.name)
    dimensions, brackets = (1, "[]") if field.is_list else (0, "")
    return FieldType(DataType(name, "", dimensions), spelled + brackets)
