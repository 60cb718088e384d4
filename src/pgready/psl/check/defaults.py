"""Defaults whose form is right: can the literal be read, does PostgreSQL know the function?"""

from pgready.psl import literals, tree
from pgready.psl.resolve import coerce
from pgready.psl.resolve.defaults import unknown_function
from pgready.psl.resolve.draft import Draft, DraftDefault, DraftScalarField, Scalar


def check(draft: Draft) -> None:
    """Report literals that their type cannot read, unknown functions, and names that defaults cannot have."""
    for field in draft.unknown_functions:
        if field.default is not None and isinstance(field.default.value, tree.Call):
            unknown_function(field.default.value, draft)
    for model in draft.models:
        for field in model.scalar_fields:
            if field.default is not None:
                _default(draft, field, field.default)


def _default(draft: Draft, field: DraftScalarField, default: DraftDefault) -> None:
    if default.mapped_name is not None:
        message = f"the default of `{field.name}` has a name, but defaults have none in PostgreSQL"
        draft.findings.error("default-map", default.attribute.span, message, "remove `map:`")
    value = default.value
    if isinstance(value, tree.Call):
        if value.name.text == "auto":
            message = "`auto()` is a function of MongoDB"
            hint = "write `autoincrement()`, `cuid()` or `uuid()`"
            draft.findings.error("default-auto", value.span, message, hint)
        return
    if field.type.scalar is None:
        return
    for item in value.items if isinstance(value, tree.Array) else (value,):
        _literal(draft, item, field.type.scalar)


def _literal(draft: Draft, value: tree.Expression, scalar: Scalar) -> None:
    if isinstance(value, tree.Number):
        if scalar in ("Int", "BigInt"):
            _integer(draft, value, scalar)
        return
    if not isinstance(value, tree.String):
        return
    text = coerce.shown(value)
    if scalar == "Json":
        problem = literals.json_problem(value.value)
        if problem:
            hint = 'write it as JSON in a string: `@default("{\\"key\\": 1}")`'
            draft.findings.error("default-json", value.span, f"`{text}` is no JSON: {problem}", hint)
    elif scalar == "Bytes" and not literals.is_base64(value.value):
        message = f"`{text}` is no base64"
        draft.findings.error("default-bytes", value.span, message, 'write it as padded base64, as in `"aGVsbG8="`')
    elif scalar == "DateTime" and not literals.is_timestamp(value.value):
        message = f"`{text}` is no date and time of RFC 3339"
        hint = 'write `"2026-01-31T12:00:00Z"`, with an offset; the current time is `now()`'
        draft.findings.error("default-datetime", value.span, message, hint)
    elif scalar == "Decimal" and not literals.is_decimal(value.value):
        message = f"`{text}` is no decimal number"
        draft.findings.error("default-decimal", value.span, message, 'write `1.5` or `"1.5"`')


def _integer(draft: Draft, value: tree.Number, scalar: Scalar) -> None:
    number = coerce.as_integer(value.text)
    if number is None or not -(2**63) <= number < 2**63:
        message = f"`{coerce.shown(value)}` is no whole number of 64 bits, so no `{scalar}`"
        hint = "write a whole number, or make the field `Decimal` or `Float`"
        draft.findings.error("default-integer", value.span, message, hint)
