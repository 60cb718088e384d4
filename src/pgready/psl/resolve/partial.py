"""The predicate of a partial index: `where: raw("…")` or `where: { active: true, deletedAt: null }` (Prisma 7)."""

from pgready.psl import tree
from pgready.psl.resolve import coerce
from pgready.psl.resolve.draft import Draft, DraftModel, DraftRelationField, DraftScalarField, Scalar
from pgready.psl.resolve.index_fields import field_hint, shown
from pgready.psl.resolve.visit import Visitor

_SHAPES = "write `where: raw(\"status = 'active'\")` or `where: { active: true }`"
_TAKES: dict[str, frozenset[Scalar]] = {
    "boolean": frozenset({"Boolean"}),
    "string": frozenset({"String", "DateTime"}),
    "number": frozenset({"Int", "BigInt", "Float", "Decimal"}),
}
"""The scalar types that a value of each kind can be compared with; Json and Bytes only with null."""


def where(draft: Draft, visitor: Visitor, model: DraftModel) -> tree.Expression | None:
    """Take up the argument `where:`; None when there is none or when it is wrong.

    Prisma 6 does not know it, so there it is left for the visitor to refuse.
    """
    if draft.style == 6:
        return None
    expression = visitor.argument("where")
    if isinstance(expression, tree.Call) and expression.name.text == "raw":
        return _raw(visitor, expression)
    if isinstance(expression, tree.Object):
        return _object(visitor, model, expression)
    if expression is not None:
        visitor.findings.error(
            "where-value",
            expression.span,
            f"`where` takes a predicate, not {coerce.kind(expression)} `{coerce.shown(expression)}`",
            _SHAPES,
        )
    return None


def _raw(visitor: Visitor, call: tree.Call) -> tree.Expression | None:
    """`raw("…")`; what follows the first argument is accepted, as Prisma does."""
    value = call.arguments.items[0].value if call.arguments.items else None
    if isinstance(value, tree.String) and value.value:
        return call
    if isinstance(value, tree.String):
        message = "the predicate of `where` is an empty string"
        visitor.findings.error("where-empty", call.span, message, _SHAPES)
    else:
        message = "`raw` takes the predicate as a string of SQL"
        visitor.findings.error("where-raw-value", call.span, message, "write `raw(\"status = 'active'\")`")
    return None


def _object(visitor: Visitor, model: DraftModel, expression: tree.Object) -> tree.Expression | None:
    """`{ field: value, … }`: every value alone is a constant, null, or `{ not: … }` of one."""
    if not expression.members:
        visitor.findings.error("where-empty", expression.span, "the predicate of `where` is an empty object", _SHAPES)
        return None
    complete = True
    for name, value in expression.members:
        kind = _kind(visitor, value)
        complete = kind is not None and _fits(visitor, model, name, value, kind) and complete
    return expression if complete else None


def _kind(visitor: Visitor, value: tree.Expression) -> str | None:
    """The kind of a member's value: "null", or a key of `_TAKES`; None with the finding."""
    inner = value
    if isinstance(value, tree.Object):
        if len(value.members) != 1 or value.members[0][0].text != "not":
            visitor.findings.error(
                "where-condition",
                value.span,
                f"`{coerce.shown(value)}` is no condition: an object here holds `not` and nothing else",
                'write `{ not: null }`; a condition of another kind goes into `raw("…")`',
            )
            return None
        inner = value.members[0][1]
    if isinstance(inner, tree.String):
        return "string"
    if isinstance(inner, tree.Number):
        return "number"
    if isinstance(inner, tree.Constant) and inner.text in ("true", "false"):
        return "boolean"
    if isinstance(inner, tree.Constant) and inner.text == "null":
        return "null"
    quoted = isinstance(inner, tree.Constant)
    visitor.findings.error(
        "where-constant",
        inner.span,
        f"`where` can compare with a string, a number, `true`, `false` or `null`, not with {coerce.kind(inner)} "
        f"`{coerce.shown(inner)}`",
        f"write it as a string: `{coerce.quoted(inner.text)}`"
        if quoted and isinstance(inner, tree.Constant)
        else 'write the whole predicate as `raw("…")`',
    )
    return None


def _fits(visitor: Visitor, model: DraftModel, name: tree.Name, value: tree.Expression, kind: str) -> bool:
    field = model.fields.get(name.text)
    if field is None:
        message = f"{shown(model)} has no field `{name.text}` that `where` could use"
        visitor.findings.error("where-field-unknown", name.span, message, field_hint(visitor, model, name.text))
        return False
    if isinstance(field, DraftRelationField):
        columns = ", ".join(f"`{each.name}`" for each in field.fields or [])
        message = f"`{field.name}` is a relation to `{field.target.name}`, and `where` takes columns only"
        hint = f"use {columns}" if columns else "use a column"
        visitor.findings.error("where-field-relation", name.span, message, hint)
        return False
    if kind == "null" or _takes(field, kind):
        return True
    if field.type.unsupported is not None:
        message = f"`{field.name}` is of the type `Unsupported`, so `where` can compare it with `null` only"
    else:
        shown_type = field.node.type.base.text if field.node.type else ""
        message = f"`{field.name}` is of type `{shown_type}` and takes no {kind}, as in `{coerce.shown(value)}`"
    visitor.findings.error("where-type", value.span, message, _type_help(field))
    return False


def _takes(field: DraftScalarField, kind: str) -> bool:
    if field.type.enum is not None:
        return kind == "string"
    return field.type.scalar in _TAKES[kind]


def _type_help(field: DraftScalarField) -> str:
    if enum := field.type.enum:
        value = enum.node.values[0].name.text if enum.node.values else "…"
        return f'write the value\'s name in the database as a string: `{field.name}: "{value}"`'
    for kind, example in (("boolean", "true"), ("string", '"…"'), ("number", "1")):
        if field.type.scalar in _TAKES[kind]:
            return f"write `{field.name}: {example}`"
    return f'write `{field.name}: null` or `{{ not: null }}`, or the whole predicate as `raw("…")`'
