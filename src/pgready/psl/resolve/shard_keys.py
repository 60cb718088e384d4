"""`@shardKey` and `@@shardKey`, a preview of Prisma for other databases: read as there, then refused for PostgreSQL."""

from pgready.psl import tree
from pgready.psl.resolve import index_fields
from pgready.psl.resolve.draft import Draft, DraftModel, DraftScalarField
from pgready.psl.resolve.visit import Visitor

NAME = "shardKey"


def field_shard_key(draft: Draft, _visitor: Visitor, field: DraftScalarField) -> None:
    """Take up `@shardKey` on a field of a model."""
    model = field.owner
    if isinstance(model, DraftModel):
        first = next(each for each in model.scalar_fields if _attributes(each.node))
        if first is not field:
            message = f"{index_fields.shown(model)} has `@shardKey` on `{first.name}` and on `{field.name}`"
            draft.findings.error("shard-key-several", model.node.span, message, "keep one of them")


def block_shard_key(draft: Draft, visitor: Visitor, model: DraftModel) -> None:
    """Take up `@@shardKey` on a model."""
    expression = visitor.default_argument("fields")
    if expression is None:
        return
    fields = index_fields.scalar_fields(visitor, model, expression, "shard-key")
    if fields is None:
        return
    for field in fields:
        if field.arity != "required" and not model.is_ignored:
            _not_required(draft, field, visitor.attribute)
    if any(_attributes(each.node) for each in model.scalar_fields):
        message = f"{index_fields.shown(model)} has both `@shardKey` and `@@shardKey`"
        draft.findings.error("shard-key-several", model.node.span, message, "keep one of them")


def validate_arities(draft: Draft, model: DraftModel) -> None:
    """Refuse `@shardKey` on an optional field or a list."""
    if model.is_ignored or _attributes(model.node):
        return
    first = next((each for each in model.scalar_fields if _attributes(each.node)), None)
    if first is not None and first.arity != "required":
        _not_required(draft, first, _attributes(first.node)[0])


def check(draft: Draft) -> None:
    """Report every shard key of a table: PostgreSQL has none."""
    for model in draft.models:
        if not model.is_view:
            nodes: list[tree.Block | tree.Field] = [model.node, *(field.node for field in model.scalar_fields)]
            for node in nodes:
                for attribute in _attributes(node):
                    draft.findings.error(
                        "shard-key",
                        attribute.span,
                        f"{index_fields.shown(model)} has a shard key, which PostgreSQL does not have",
                        "remove it",
                    )


def _attributes(node: tree.Block | tree.Field) -> list[tree.Attribute]:
    return [attribute for attribute in node.attributes if attribute.name.text == NAME]


def _not_required(draft: Draft, field: DraftScalarField, attribute: tree.Attribute) -> None:
    arity = "a list" if field.arity == "list" else "optional"
    message = f"`{field.name}` is {arity}, and every field of a shard key holds one value, never NULL"
    draft.findings.error("shard-key-not-required", attribute.span, message, "take another field")
