"""`@id` and `@@id`."""

from pgready.psl.resolve import index_fields
from pgready.psl.resolve.draft import Draft, DraftIndexField, DraftKey, DraftModel, DraftScalarField
from pgready.psl.resolve.visit import Visitor


def field_id(draft: Draft, visitor: Visitor, field: DraftScalarField) -> None:
    """Take up `@id` on a field of a model."""
    model = field.owner
    if not isinstance(model, DraftModel):  # a composite type, where the driver does not ask for it
        return
    if model.primary_key is not None:
        first = model.primary_key.source_field
        names = [first.name if first else "", field.name]
        draft.findings.error(
            "id-several",
            model.node.span,
            f"{index_fields.shown(model)} has `@id` on more than one field: "
            + " and ".join(f"`{name}`" for name in names),
            "remove one of them"
            if names[0] == names[1]
            else f"for a key of several columns write `@@id([{', '.join(names)}])`",
        )
        arguments = [visitor.argument(name) for name in ("map", "length", "sort", "clustered")]
        if any(argument is not None for argument in arguments):
            # Prisma refuses these arguments as unknown, so this line offends as well.
            visitor.error("id-several", f"`{field.name}` cannot be a second primary key", "remove this `@id`")
        return
    mapped_name = index_fields.text(visitor, "map")
    length = index_fields.length(visitor)
    sort = index_fields.sort_order(visitor)
    model.primary_key = DraftKey(
        model,
        visitor.attribute,
        [DraftIndexField(field, sort=sort, length=length)],
        source_field=field,
        mapped_name=mapped_name,
        clustered=index_fields.clustered(visitor),
    )


def block_id(draft: Draft, visitor: Visitor, model: DraftModel) -> None:
    """Take up `@@id` on a model."""
    expression = visitor.default_argument("fields")
    if expression is None:
        return
    fields = index_fields.resolve(visitor, model, expression, "id", through_types=False)
    if fields is None:
        for argument in ("map", "name", "clustered"):
            visitor.argument(argument)
        return
    optional = [each.field for each in fields if each.field.arity != "required"]
    if optional and not model.is_ignored:
        for field in optional:
            _not_required(draft, visitor, field)
    if model.primary_key is not None:
        draft.findings.error(
            "id-twice",
            model.node.span,
            f"{index_fields.shown(model)} has both `@id` and `@@id`",
            "keep one of them; a second key can be `@unique` or `@@unique`",
        )
    mapped_name = index_fields.text(visitor, "map")
    name = index_fields.client_name(visitor, model)
    model.primary_key = DraftKey(
        model,
        visitor.attribute,
        fields,
        name=name,
        mapped_name=mapped_name,
        clustered=index_fields.clustered(visitor),
    )


def validate_arities(draft: Draft, model: DraftModel) -> None:
    """Refuse `@id` on an optional field or a list; an ignored model may have it."""
    key = model.primary_key
    if model.is_ignored or key is None or key.source_field is None or key.source_field.arity == "required":
        return
    field = key.source_field
    draft.findings.error(
        "id-not-required",
        key.attribute.span,
        f"`{field.name}` is {_arity(field)}, and every field of a primary key holds one value, never NULL",
        _required(field),
    )


def _not_required(draft: Draft, visitor: Visitor, field: DraftScalarField) -> None:
    draft.findings.error(
        "id-not-required",
        visitor.attribute.span,
        f"`{visitor.label}` lists `{field.name}`, which is {_arity(field)}, and every field of a primary key holds one "
        "value, never NULL",
        _required(field),
    )


def _arity(field: DraftScalarField) -> str:
    return "a list" if field.arity == "list" else "optional"


def _required(field: DraftScalarField) -> str:
    if field.arity == "list" or field.node.type is None:
        return "take another field"
    return f"write `{field.name} {field.node.type.base.text}` without the `?`, or take another field"
