"""Columns: types, defaults, definitions, and the clauses that alter one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from pgready.catalog.names import ObjectName
from pgready.diff.changes import AlterColumn
from pgready.diff.sides import Column, Constant, Default, Table
from pgready.plan.names import Names, qualified, text_literal
from pgready.sql.names import quote_ident

_SPELLED = {"DoublePrecision": "DOUBLE PRECISION", "ByteA": "BYTEA", "JsonB": "JSONB"}
_SERIAL = {"SmallInt": "SMALLSERIAL", "Integer": "SERIAL", "BigInt": "BIGSERIAL"}
_PLAIN = re.compile(r"[a-z_\u0080-\U0010ffff][a-z0-9_$\u0080-\U0010ffff]*")


def column_type(column: Column, default_schema: str | None) -> str:
    """A column's type as SQL."""
    kind = column.type
    array = "[]" if column.arity == "list" else ""
    if kind.enum is not None:
        return qualified(kind.enum, default_schema) + array
    if kind.kind == "other":
        return kind.name + array
    if column.is_autoincrement and kind.name in _SERIAL:
        return _SERIAL[kind.name] + array
    arguments = "(" + ",".join(map(str, kind.arguments)) + ")" if kind.arguments else ""
    return _SPELLED.get(kind.name, kind.name.upper()) + arguments + array


def column_definition(column: Column, default_schema: str | None) -> str:
    """A column as CREATE TABLE and ADD COLUMN have it, indented."""
    kind = column_type(column, default_schema)
    not_null = " NOT NULL" if column.arity == "required" else ""
    shown = default_expression(column.default, kind) if column.default else ""
    default = f" DEFAULT {shown}" if shown else ""
    return f"    {quote_ident(column.name)} {kind}{not_null}{default}"


def default_expression(default: Default, kind: str) -> str:
    """A default as SQL; "" where the database brings it."""
    if default.kind == "now":
        return "CURRENT_TIMESTAMP"
    if default.kind == "list":
        return "ARRAY[" + ", ".join(map(_constant, default.constants)) + "]::" + kind
    if default.kind == "constant":
        return _constant(default.constants[0])
    return "" if default.kind == "sequence" else default.text or ""


def _constant(constant: Constant) -> str:
    value = constant.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return "'\\x" + value.hex() + "'"
    if isinstance(value, str):
        return text_literal(value)
    return _number(value) if isinstance(value, Decimal) else str(value)


def _number(value: Decimal) -> str:
    """All digits, no exponent, and no minus before a zero."""
    return format(value if value else abs(value), "f")


@dataclass(frozen=True, slots=True)
class Altered:
    """What altering a column takes: statements before the ALTER TABLE, its clauses, statements after it."""

    before: tuple[str, ...]
    clauses: tuple[str, ...]
    after: tuple[str, ...]


def altered(table: Table, old_table: Table, change: AlterColumn, names: Names) -> Altered:
    """The clauses for one column, in Prisma's order: nullability, default, sequence, type."""
    old, new, delta = change.before, change.after, change.delta
    before: list[str] = []
    clauses: list[str] = []
    after: list[str] = []
    kind = column_type(new, names.after_default)
    prefix = f"ALTER COLUMN {quote_ident(old.name)} "

    def drop_default() -> None:
        clauses.append(f"{prefix}DROP DEFAULT")
        if change.unused_sequence is not None:
            after.append(f"DROP SEQUENCE {names.new(ObjectName(table.name.schema, change.unused_sequence))}")

    if delta.arity and new.arity != "list":
        clauses.append(prefix + ("SET NOT NULL" if new.arity == "required" else "DROP NOT NULL"))
    if delta.default and new.default is None:
        drop_default()
    elif delta.default and new.default is not None:
        clauses.append(f"{prefix}SET DEFAULT {default_expression(new.default, kind)}")
    if delta.autoincrement and old.is_autoincrement:
        drop_default()
    elif delta.autoincrement:
        sequence = _sequence_name(table, new, names)
        before.append(f"CREATE SEQUENCE {sequence}")
        clauses.append(f"{prefix}SET DEFAULT nextval({text_literal(sequence)})")
        owner = qualified(ObjectName(table.name.schema, old_table.name.name), names.after_default)
        after.append(f"ALTER SEQUENCE {sequence} OWNED BY {owner}.{quote_ident(old.name)}")
    if delta.cast or (delta.arity and "list" in (old.arity, new.arity)):
        clauses.append(f"{prefix}SET DATA TYPE {kind}")
    return Altered(tuple(before), tuple(clauses), tuple(after))


def _sequence_name(table: Table, column: Column, names: Names) -> str:
    """What SERIAL would call the sequence, in small letters; quoted only where it must be."""
    name = f"{table.name.name}_{column.name}_seq".lower()
    if not _PLAIN.fullmatch(name):
        name = quote_ident(name)
    schema = table.name.schema
    return name if schema == names.after_default else f"{quote_ident(schema.lower())}.{name}"
