"""Defaults of fields as Python expressions, and texts of SQL inside of SQLAlchemy."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from pgready.catalog.from_psl_constants import Moment, kept_text
from pgready.catalog.from_psl_types import native_of
from pgready.codegen.enums import EnumNames
from pgready.codegen.layout import Group, Node, bytes_literal, call, listed, quoted
from pgready.codegen.module import Scope
from pgready.psl.schema import EnumDefault, ListDefault, LiteralDefault, ScalarField

_COLON = re.compile(r":+")
_BITS = {"Bit": "bit", "VarBit": "varbit", "Inet": "inet"}


def sql_text(sql: str, scope: Scope, type_: str = "Text") -> Group:
    """SQL as it stands: `sa.text("…")`, unless a colon in it might begin a parameter or end one."""
    if all(len(found[0]) == 2 for found in _COLON.finditer(sql)):
        return call(scope.sa("text"), quoted(sql))
    return call(scope.sa("literal_column"), quoted(sql), scope.sa(type_))


def python_default(
    field: ScalarField, default: LiteralDefault | EnumDefault, scope: Scope, enums: dict[str, EnumNames]
) -> Node | None:
    """What Prisma's client would send for the default; None for a text that is no value of the type."""
    if isinstance(default, EnumDefault):
        names = enums[field.type]
        return f"{names.local(scope)}.{names.members[default.value]}"
    value = default.value
    if isinstance(value, bytes):
        return bytes_literal(value)
    if isinstance(value, bool):
        return str(value)
    if field.type == "Float" and isinstance(value, int | Decimal):
        return repr(float(value)).replace("e+", "e")
    if field.type == "Decimal" and isinstance(value, int | Decimal):
        digits = format(value, "f")
        shown = digits if digits.lstrip("-").isdecimal() else quoted(digits)
        return f"{scope.name('decimal', 'Decimal')}({shown})"
    if isinstance(value, int | Decimal):
        return str(value)
    return _of_text(field, value, scope)


def list_factory(field: ScalarField, default: ListDefault, scope: Scope, enums: dict[str, EnumNames]) -> Node | None:
    """A function that makes the default of a list."""
    items = [python_default(field, one, scope, enums) for one in default.values]
    if not items:
        return scope.builtin("list")
    if None in items:
        return None
    made = listed([one for one in items if one is not None])
    return Group(f"lambda: {made.open}", made.items, made.close)


def json_factory(text: str, scope: Scope) -> Node | None:
    """A function that makes a JSON default: every row its own."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    if isinstance(value, dict | list) and not value:
        return scope.builtin(type(value).__name__)
    if _has_empty(value):  # type checkers cannot tell what an empty one inside of another is made of
        return f"lambda: {scope.name('json', 'loads')}({quoted(text)})"
    made = json_value(value)
    if isinstance(made, str):
        return f"lambda: {made}"
    return Group(f"lambda: {made.open}", made.items, made.close)


def _has_empty(value: Any) -> bool:
    if isinstance(value, dict | list):
        return not value or any(_has_empty(one) for one in (value.values() if isinstance(value, dict) else value))
    return False


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def json_value(value: Any) -> Node:
    """A JSON value as a Python literal."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return listed([json_value(one) for one in value])
    if isinstance(value, dict):
        items: list[Node] = []
        for key, each in value.items():
            made = json_value(each)
            name = quoted(key)
            items.append(
                f"{name}: {made}" if isinstance(made, str) else Group(f"{name}: {made.open}", made.items, made.close)
            )
        return Group("{", tuple(items), "}")
    return repr(value)


def _of_text(field: ScalarField, text: str, scope: Scope) -> Node | None:
    native, _ = native_of(field)
    if field.type == "Json":
        # An element of a list; a default of its own is made by json_factory.
        return f"{scope.name('json', 'loads')}({quoted(text)})" if _is_json(text) else None
    if native == "Uuid":
        kept = kept_text(text, "uuid")
        return f"{scope.name('uuid', 'UUID')}({quoted(kept)})" if re.fullmatch(r"[0-9a-f-]{36}", kept) else None
    if field.type == "DateTime":
        return _moment(text, native, scope)
    return quoted(kept_text(text, _BITS.get(native, "text")))


def _moment(text: str, native: str, scope: Scope) -> str | None:
    """The point in time in UTC, as much of it as the type keeps."""
    try:
        kept = Moment(text).kept("timestamptz").removesuffix("+00")
    except (ValueError, OverflowError):
        return None
    day, _, clock = kept.partition(" ")
    year, month, date = (int(part) for part in day.split("-"))
    whole, _, fraction = clock.partition(".")
    parts = [int(part) for part in whole.split(":")] + ([int(fraction.ljust(6, "0"))] if fraction else [])
    while len(parts) > 2 and parts[-1] == 0:
        parts.pop()
    shown = ", ".join(str(part) for part in parts)
    if native == "Date":
        return f"{scope.name('datetime', 'date')}({year}, {month}, {date})"
    if native == "Time":
        return f"{scope.name('datetime', 'time')}({shown})"
    zone = f"tzinfo={scope.name('datetime', 'UTC')}"
    if native == "Timetz":
        return f"{scope.name('datetime', 'time')}({shown}, {zone})"
    return f"{scope.name('datetime', 'datetime')}({year}, {month}, {date}, {shown}, {zone})"
