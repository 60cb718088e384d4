"""The type of a field for Pydantic: plain where a row is read, with the column's limits where values come in."""

from __future__ import annotations

from collections.abc import Mapping

from pgready.catalog.from_psl_types import native_of
from pgready.codegen.enums import EnumNames
from pgready.codegen.layout import Node, call, flat
from pgready.codegen.layout import keyword as given
from pgready.codegen.module import Scope
from pgready.codegen.python_types import BUILTIN, NAMED
from pgready.psl.schema import ScalarField

INTEGERS = {"SmallInt": ("SmallInteger", 16), "Integer": ("Integer", 32), "BigInt": ("BigInteger", 64)}
"""Names of the limited integers of `base`, and their bits, by native type."""

_NAMED = NAMED | {
    "Timestamp": ("pydantic", "AwareDatetime"),
    "Timestamptz": ("pydantic", "AwareDatetime"),
    "Json": ("pydantic", "JsonValue"),
    "JsonB": ("pydantic", "JsonValue"),
}


def annotation(field: ScalarField, scope: Scope, enums: Mapping[str, EnumNames], *, is_input: bool) -> str:
    """The type, `list[…]` and `| None` included."""
    item = _item(field, scope, enums, is_input=is_input)
    if field.is_list:
        return f"{scope.builtin('list')}[{item}]"
    # JSON's null is a value of its type already.
    return f"{item} | None" if field.is_optional and field.type != "Json" else item


def _item(field: ScalarField, scope: Scope, enums: Mapping[str, EnumNames], *, is_input: bool) -> str:
    if field.kind == "enum":
        return enums[field.type].local(scope)
    native, arguments = native_of(field)
    plain = scope.name(*_NAMED[native]) if native in _NAMED else scope.builtin(BUILTIN[field.type])
    if not is_input:
        return plain
    if native in INTEGERS:
        return scope.generated("base", INTEGERS[native][0])
    limits: list[Node] = []
    if native in ("VarChar", "Char") and (arguments or native == "Char"):
        limits = [given("max_length", (arguments or ("1",))[0])]
    elif native == "Decimal" and arguments:
        digits, places = (*arguments, "0")[:2]
        limits = [given("max_digits", digits), given("decimal_places", places)] if not places.startswith("-") else []
    if not limits:
        return plain
    made = flat(call(scope.name("pydantic", "Field"), *limits))
    return f"{scope.name('typing', 'Annotated')}[{plain}, {made}]"
