"""The type of a field: how Python annotates it, and what `mapped_column` needs to be told of it."""

from __future__ import annotations

from pgready.catalog.from_psl_types import native_of
from pgready.codegen.enums import EnumNames
from pgready.codegen.layout import Group, Node, call, flat, quoted
from pgready.codegen.layout import keyword as given
from pgready.codegen.module import Scope
from pgready.codegen.python_types import BUILTIN, NAMED
from pgready.psl.schema import ScalarField

PLAIN = frozenset({"Text", "Boolean", "Integer", "DoublePrecision", "ByteA"})
"""Native types that `orm.TYPES` gives to an annotation alone, beside Decimal(65, 30) and Timestamp(3)."""

_SA = {
    "Text": "Text",
    "Boolean": "Boolean",
    "Integer": "Integer",
    "SmallInt": "SmallInteger",
    "BigInt": "BigInteger",
    "Uuid": "Uuid",
    "Date": "Date",
    "VarChar": "String",
    "Char": "CHAR",
    "Decimal": "Numeric",
}
_POSTGRESQL = {"Citext": "CITEXT", "Oid": "OID", "ByteA": "BYTEA"}
_OWN = {
    "Inet": "Inet",
    "Xml": "Xml",
    "Bit": "Bit",
    "VarBit": "VarBit",
    "Real": "Real",
    "Money": "Money",
    "Timestamp": "Timestamp",
    "Timestamptz": "TimestampTz",
    "Timetz": "TimeTz",
}
_UNTOLD = {"Timestamp": "None", "Timestamptz": "None", "Timetz": "None"}
"""What an argument is where the schema gives none and the class has another default."""


def annotation(field: ScalarField, scope: Scope, enums: dict[str, EnumNames]) -> str:
    """The Python type of the field's values, `list[…]` and `| None` included."""
    item = _item_annotation(field, scope, enums)
    if field.is_list:
        return f"{scope.builtin('list')}[{item}]"
    return f"{item} | None" if field.is_optional and not has_none(field) else item


def has_none(field: ScalarField) -> bool:
    """Whether the Python type of the field's values has None in it: NULL, or JSON's null."""
    return field.kind == "unsupported" or field.type == "Json"


def _item_annotation(field: ScalarField, scope: Scope, enums: dict[str, EnumNames]) -> str:
    if field.kind == "enum":
        return enums[field.type].local(scope)
    if field.kind == "unsupported":
        return scope.name("typing", "Any")
    native, _ = native_of(field)
    if native in NAMED:
        return scope.name(*NAMED[native])
    if field.type == "Json":
        return scope.orm("JsonValue")
    return scope.builtin(BUILTIN[field.type])


def is_told_by_annotation(field: ScalarField) -> bool:
    """Whether `orm.TYPES` knows the type of the column from the annotation."""
    if field.kind != "scalar" or field.is_list:
        return False
    native, arguments = native_of(field)
    return native in PLAIN or (native, arguments) in (("Decimal", ("65", "30")), ("Timestamp", ("3",)))


def sql_type(field: ScalarField, scope: Scope, enums: dict[str, EnumNames]) -> Node:
    """The expression of the column's SQLAlchemy type."""
    item = _item_type(field, scope, enums)
    return call(scope.orm("List"), item) if field.is_list else item


def _item_type(field: ScalarField, scope: Scope, enums: dict[str, EnumNames]) -> Node:
    if field.kind == "enum":
        return scope.generated("enums", enums[field.type].type_name)
    if field.kind == "unsupported":
        return call(scope.orm("Unsupported"), quoted(field.type))
    native, arguments = native_of(field)
    if native in ("Json", "JsonB"):
        name = scope.postgresql(native.upper())
        return call(name, "none_as_null=True") if field.is_optional else name
    if native == "Char":
        return call(scope.sa("CHAR"), *(arguments or ("1",)))
    if native == "Time":
        named = [given("precision", one) for one in arguments]
        return call(scope.postgresql("TIME"), *named) if named else scope.postgresql("TIME")
    if native in ("Timestamp", "Timestamptz") and arguments == ("3",):
        arguments = ()
    elif native in _UNTOLD and not arguments:
        arguments = (_UNTOLD[native],)
    if native in _OWN:
        return _called(scope.orm(_OWN[native]), arguments)
    if native in _POSTGRESQL:
        return scope.postgresql(_POSTGRESQL[native])
    if native == "DoublePrecision":  # generic: without a word it would be of an unknown type
        return f"{scope.sa('Double')}[{scope.builtin('float')}]()"
    name = scope.sa(_SA[native])
    # The generic ones learn their type by being called.
    return call(name, *arguments) if arguments or native in ("Uuid", "Decimal") else name


def _called(name: str, arguments: tuple[str, ...]) -> Group:
    """A class of `pgready.orm` is always called, whatever it takes."""
    return Group(f"{name}(", arguments, ")")


def evaluating_none(field: ScalarField, node: Node) -> str:
    """The type that sends a None that was given, where SQLAlchemy would let the column's default stand."""
    text = flat(node)
    is_made = field.kind == "enum" or text.endswith(")")
    return f"{text}.evaluates_none()" if is_made else f"{text}().evaluates_none()"
