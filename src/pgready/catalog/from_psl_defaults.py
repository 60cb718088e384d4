"""Defaults of fields as PostgreSQL prints them once Prisma has made them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from pgready.catalog.from_psl_constants import kept_text, plain_number
from pgready.catalog.shown import shown_literal, shown_type
from pgready.catalog.types import SYSTEM, DataType
from pgready.psl.schema import (
    DatabaseDefault,
    Default,
    EnumDefault,
    FunctionDefault,
    ListDefault,
    LiteralDefault,
)

_INT4, _INT8 = 2**31, 2**63


def kept_default(default: Default, type_: DataType, labels: Mapping[str, str]) -> str | None:
    """The default of a column as `pg_get_expr` prints it; None for a function that Prisma's client computes.

    `autoincrement()` and `dbgenerated()` are not for this function: they depend on more than the field.
    """
    if isinstance(default, FunctionDefault):
        return "CURRENT_TIMESTAMP" if default.name == "now" else None
    if isinstance(default, DatabaseDefault):
        return None
    if isinstance(default, ListDefault):
        element = DataType(type_.name, type_.modifier)
        if not default.values:
            empty = f"ARRAY[]::{shown_type(DataType(type_.name, dimensions=1))}"
            return f"({empty})::{shown_type(type_)}" if type_.modifier else empty
        items = ", ".join(_element(one, element, labels) for one in default.values)
        return f"ARRAY[{items}]"
    text, mark, _ = _constant(default, type_, labels)
    return text + mark


def _constant(
    default: LiteralDefault | EnumDefault, type_: DataType, labels: Mapping[str, str]
) -> tuple[str, str, str]:
    """A constant, the label `::type` behind it ("" where it needs none), and the type that it has (typname)."""
    if isinstance(default, EnumDefault):
        return shown_literal(labels[default.value]), f"::{shown_type(DataType(type_.name))}", type_.name.name
    value = default.value
    if isinstance(value, bool):
        return ("true" if value else "false"), "", "bool"
    if isinstance(value, int | Decimal):
        return _number(str(value) if isinstance(value, int) else plain_number(value))
    text = "\\x" + value.hex() if isinstance(value, bytes) else value
    if type_.is_system and not isinstance(value, bytes):
        text = kept_text(text, type_.name.name)
    bare = DataType(type_.name)
    # Without a modifier bpchar and bit are of any length, and spelled by their own names.
    return shown_literal(text), f"::{shown_type(bare)}", type_.name.name


def _number(text: str) -> tuple[str, str, str]:
    """A number has the smallest type that holds it, whatever the column's is."""
    if "." in text:
        return (text, "", "numeric") if text[0] != "-" else (shown_literal(text), "::numeric", "numeric")
    value = int(text)
    if -_INT4 <= value < _INT4:
        return (text, "", "int4") if value >= 0 else (shown_literal(text), "::integer", "int4")
    if -_INT8 <= value < _INT8:
        return shown_literal(text), "::bigint", "int8"
    return shown_literal(text), "::numeric", "numeric"


def _element(default: LiteralDefault | EnumDefault, type_: DataType, labels: Mapping[str, str]) -> str:
    """An element of ARRAY[…]::type[]: its own cast to the element's type is printed, modifier included."""
    text, mark, name = _constant(default, type_, labels)
    if type_.name.schema == SYSTEM and name != type_.name.name:
        return f"({text}{mark})::{shown_type(type_)}"
    if type_.modifier:
        return f"{text}::{shown_type(type_)}"
    return text + mark
