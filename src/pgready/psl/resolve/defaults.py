"""`@default(…)`: which values and functions a field's type takes. Whether a literal can be read is checked later."""

from pgready.psl import tree
from pgready.psl.near_misses import nearest, spent
from pgready.psl.resolve import coerce
from pgready.psl.resolve.draft import Draft, DraftDefault, DraftEnum, DraftScalarField, Scalar
from pgready.psl.resolve.visit import Visitor

FUNCTIONS = ("autoincrement", "ulid", "cuid", "dbgenerated", "nanoid", "now", "uuid", "auto")
_TAKERS: dict[str, tuple[Scalar, ...]] = {
    "autoincrement": ("Int", "BigInt"),
    "ulid": ("String",),
    "cuid": ("String",),
    "uuid": ("String",),
    "nanoid": ("String",),
    "now": ("DateTime",),
}
_VERSIONS = {"cuid": (1, 2), "uuid": (4, 7)}
_EXAMPLES: dict[Scalar, str] = {
    "String": '"text"',
    "Boolean": "true",
    "Int": "1",
    "BigInt": "1",
    "Float": "1.5",
    "Decimal": "1.5",
    "DateTime": '"2026-01-31T12:00:00Z"',
    "Json": '"{}"',
    "Bytes": '"aGVsbG8="',
}
_BARE: dict[Scalar, tuple[str, ...]] = {
    "Int": ("autoincrement",),
    "BigInt": ("autoincrement",),
    "String": ("uuid", "cuid", "ulid", "nanoid"),
    "DateTime": ("now",),
}
"""Functions that are easily written as a bare word."""


def field_default(draft: Draft, visitor: Visitor, field: DraftScalarField) -> None:
    """Read `@default` of a field of a model or view."""
    value = visitor.default_argument("value")
    if value is None:
        return
    name = visitor.argument("map")
    mapped_name = None if name is None else coerce.string(name, visitor.findings)
    if mapped_name == "":
        visitor.error("map-empty", "the `map` of this default is empty", "remove `map:`")
        mapped_name = None
    if isinstance(value, tree.Call) and value.name.text == "dbgenerated":
        accepted = _dbgenerated(value, visitor)
    elif field.type.composite is not None:
        accepted = _composite(field, visitor)
    elif field.type.enum is not None:
        accepted = _enum(value, field, field.type.enum, visitor)
    elif field.type.scalar is not None:
        accepted = _scalar(value, field, field.type.scalar, visitor, mapped_name)
        if accepted and isinstance(value, tree.Call) and value.name.text not in FUNCTIONS:
            draft.unknown_functions.append(field)
    else:
        message = f"the field `{field.name}` is `Unsupported`, so its default can only be SQL"
        visitor.error("default-unsupported-type", message, 'write `@default(dbgenerated("…"))`')
        accepted = False
    if accepted:
        field.default = DraftDefault(value, visitor.attribute, mapped_name)


def composite_field_default(draft: Draft, visitor: Visitor, field: DraftScalarField) -> None:
    """Read `@default` of a field of a composite type."""
    value = visitor.default_argument("value")
    if value is None:
        return
    if visitor.argument("map") is not None:
        message = "a default in a composite type has no name in the database"
        visitor.error("default-composite-map", message, "remove `map:`")
    function = value.name.text if isinstance(value, tree.Call) else ""
    never = function in ("autoincrement", "auto", "nanoid") and field.type.scalar is not None
    if function == "dbgenerated" or never:
        message = f"`{function}()` cannot be the default of a field of a composite type"
        visitor.error("default-composite-function", message, "remove the `@default`")
        return
    if field.type.composite is not None:
        accepted = _composite(field, visitor)
    elif field.type.enum is not None:
        accepted = _enum(value, field, field.type.enum, visitor)
    elif field.type.scalar is not None:
        if isinstance(value, tree.Call) and function not in FUNCTIONS:
            unknown_function(value, draft)
            return
        accepted = _scalar(value, field, field.type.scalar, visitor, None)
    else:
        message = f"the field `{field.name}` is `Unsupported`, so it can have no default in a composite type"
        visitor.error("default-unsupported-type", message, "remove the `@default`")
        accepted = False
    if accepted:
        field.default = DraftDefault(value, visitor.attribute)


def unknown_function(call: tree.Call, draft: Draft) -> None:
    """Report a function that no default knows."""
    name = call.name.text
    close = nearest(name, FUNCTIONS[:-1], draft.findings)
    if name == "sequence":
        hint = "sequences with options are CockroachDB's; write `autoincrement()`"
    elif close:
        hint = f"did you mean `{close}()`?"
    else:
        hint = f'a function of the database is written `dbgenerated("{name}()")`'
    draft.findings.error("default-function-unknown", call.span, f"`@default` knows no function `{name}()`", hint)


def _scalar(
    value: tree.Expression, field: DraftScalarField, scalar: Scalar, visitor: Visitor, mapped_name: str | None
) -> bool:
    if isinstance(value, tree.Call):
        return _function(value, scalar, visitor, mapped_name)
    if field.arity == "list":
        if isinstance(value, tree.Array):
            return all(_literal(item, scalar, visitor) for item in value.items)
        message = f"the field `{field.name}` is a list, but its default `{coerce.shown(value)}` is not"
        visitor.error("default-list", message, f"put it in brackets: `@default([{coerce.shown(value)}])`")
        return False
    if isinstance(value, tree.Array):
        message = f"the field `{field.name}` is no list, but its default is one"
        visitor.error("default-not-list", message, f"write `@default({_EXAMPLES[scalar]})`, or make it `{scalar}[]`")
        return False
    return _literal(value, scalar, visitor)


def _function(call: tree.Call, scalar: Scalar, visitor: Visitor, mapped_name: str | None) -> bool:
    name = call.name.text
    if name == "autoincrement" and mapped_name is not None:
        visitor.error("default-autoincrement-map", "`autoincrement()` cannot have a name", "remove `map:`")
        return False
    if name == "auto":
        return _no_arguments(call, visitor)
    if name not in FUNCTIONS:
        return True
    if scalar not in _TAKERS.get(name, ()):
        takers = " or ".join(f"`{taker}`" for taker in _TAKERS.get(name, ()))
        message = f"`{name}()` makes no `{scalar}`"
        hint = f"it is for fields of type {takers}" if takers else "remove it"
        visitor.error("default-function-type", message, hint)
        return False
    if name in _VERSIONS:
        return _version(call, _VERSIONS[name], visitor)
    if name == "nanoid":
        return _length(call, visitor)
    return _no_arguments(call, visitor)


def _no_arguments(call: tree.Call, visitor: Visitor) -> bool:
    if not call.arguments.items:
        return True
    name = call.name.text
    visitor.error("default-function-arguments", f"`{name}()` takes no argument", f"write `{name}()`")
    return False


def _version(call: tree.Call, versions: tuple[int, ...], visitor: Visitor) -> bool:
    name = call.name.text
    if _given(call, versions):
        return True
    choice = " or ".join(f"`{name}({version})`" for version in versions)
    message = f"`{name}()` takes no argument or its version"
    visitor.error("default-function-arguments", message, f"write `{name}()`, {choice}")
    return False


def _length(call: tree.Call, visitor: Visitor) -> bool:
    if _given(call, range(2, 256)):
        return True
    message = "`nanoid()` takes no argument or a length from 2 to 255"
    visitor.error("default-function-arguments", message, "write `nanoid()` or `nanoid(21)`")
    return False


def _given(call: tree.Call, allowed: "tuple[int, ...] | range") -> bool:
    """Whether a function has no argument, or a single whole number that is allowed."""
    arguments = call.arguments.items
    if not arguments:
        return True
    value = arguments[0].value
    number = coerce.as_integer(value.text) if isinstance(value, tree.Number) else None
    return len(arguments) == 1 and number in allowed


def _dbgenerated(call: tree.Call, visitor: Visitor) -> bool:
    arguments = call.arguments.items
    if not arguments:
        return True
    value = arguments[0].value
    if len(arguments) == 1 and isinstance(value, tree.String) and value.value:
        return True
    message = "`dbgenerated()` takes no argument, or SQL in a string that is not empty"
    visitor.error("default-dbgenerated", message, 'write `dbgenerated("gen_random_uuid()")`, or `dbgenerated()`')
    return False


def _composite(field: DraftScalarField, visitor: Visitor) -> bool:
    message = f"the field `{field.name}` is of a composite type, which can have no default"
    visitor.error("default-composite", message, "remove the `@default`")
    return False


def _enum(value: tree.Expression, field: DraftScalarField, enum: DraftEnum, visitor: Visitor) -> bool:
    if field.arity == "list":
        if isinstance(value, tree.Array):
            return all(_enum_value(item, enum, visitor) for item in value.items)
        message = f"the field `{field.name}` is a list, but its default `{coerce.shown(value)}` is not"
        visitor.error("default-list", message, f"put it in brackets: `@default([{coerce.shown(value)}])`")
        return False
    return _enum_value(value, enum, visitor)


def _enum_value(value: tree.Expression, enum: DraftEnum, visitor: Visitor) -> bool:
    names = enum.values
    if isinstance(value, tree.Constant) and value.text in names:
        return True
    text = value.value if isinstance(value, tree.String) else coerce.shown(value)
    if isinstance(value, tree.String) and text in names:
        message, hint = f"a value of enum `{enum.name}` is written without quotes", f"write `{text}`"
    else:
        message = f"`{coerce.shown(value)}` is no value of enum `{enum.name}`"
        hint = _enum_hint(text, enum, visitor)
    visitor.error("default-enum-value", message, hint)
    return False


def _enum_hint(text: str, enum: DraftEnum, visitor: Visitor) -> str:
    if spent(visitor.findings):
        return ""
    names = [value.name.text for value in enum.node.values[:500]]
    for value in enum.node.values[:500]:
        if enum.mapped_values.get(value.name.text) == text:
            return f"`{text}` is its name in the database; write `{value.name.text}`"
    same = next((name for name in names if name.lower() == text.lower()), None)
    if close := same or nearest(text, names, visitor.findings):
        return f"did you mean `{close}`?"
    return "what there is: " + ", ".join(f"`{name}`" for name in names[:10]) + (", …" if len(names) > 10 else "")


def _literal(value: tree.Expression, scalar: Scalar, visitor: Visitor) -> bool:
    if isinstance(value, tree.String) and scalar in ("String", "Json", "Bytes", "DateTime", "Decimal"):
        return True
    if isinstance(value, tree.Number) and scalar in ("Int", "BigInt", "Float", "Decimal"):
        return True
    if scalar == "Boolean" and isinstance(value, tree.Constant):
        if value.text in ("true", "false"):
            return True
        message = f"`{value.text}` is no `Boolean`"
        visitor.findings.error("default-boolean", value.span, message, "write `true` or `false`")
        return False
    article = "an" if scalar == "Int" else "a"
    message = f"expected {article} `{scalar}`, but found {coerce.kind(value)} `{coerce.shown(value)}`"
    hint = f"write `@default({_EXAMPLES[scalar]})`"
    if isinstance(value, tree.Constant) and value.text.lower() in _BARE.get(scalar, ()):
        hint = f"a function has parentheses: `{value.text.lower()}()`"
    elif scalar == "String" and isinstance(value, tree.Constant | tree.Number):
        hint = f"put it in double quotes: `{coerce.quoted(value.text)}`"
    elif isinstance(value, tree.String) and scalar in ("Int", "BigInt", "Float", "Boolean") and value.value.isascii():
        hint = f"leave out the quotes: `{value.value}`" if value.value.strip() == value.value != "" else hint
    visitor.error("default-type", message, hint)
    return False
