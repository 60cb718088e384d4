"""The third pass: attributes of enums, of relation fields, then model by model of its fields and of the model itself.

Keys, indexes and relations have rooms of their own; what is left of the attributes is read here.
"""

from pgready.psl.resolve import coerce, defaults, indexes, keys, relations, shard_keys
from pgready.psl.resolve.draft import (
    Draft,
    DraftComposite,
    DraftEnum,
    DraftModel,
    DraftRelationField,
    DraftScalarField,
    NativeType,
)
from pgready.psl.resolve.visit import BLOCK_ATTRIBUTES, FIELD_ATTRIBUTES, Visitor
from pgready.psl.source import Span


def resolve(draft: Draft) -> None:
    """Read every attribute; those that nobody knows are told."""
    visitor = Visitor(draft.findings)
    # Enums first: what is said of a default looks at the names that their values have in the database.
    for enum in draft.enums:
        _enum(visitor, enum)
    for model in draft.models:
        for relation in model.relation_fields:
            if relation.node.attributes:
                _relation_field(draft, visitor, relation)
    for model in draft.models:
        _model(draft, visitor, model)
    for composite in draft.composites:
        _composite(draft, visitor, composite)


def _relation_field(draft: Draft, visitor: Visitor, field: DraftRelationField) -> None:
    visitor.begin(field.node.attributes, f"the relation field `{field.name}`", ("relation", "ignore"))
    if visitor.single("relation"):
        relations.relation_attribute(draft, visitor, field)
        visitor.done()
    if visitor.single("id"):
        message = f"`{field.name}` is a relation field, which cannot be the id"
        visitor.error("relation-field-id", message, f"put `@id` on {_columns(field)}")
        visitor.discard()
    if visitor.single("ignore"):
        field.is_ignored = True
        visitor.done()
    if visitor.single("default"):
        message = f"`{field.name}` is a relation field, which has no default"
        visitor.error("relation-field-default", message, f"put `@default` on {_columns(field)}")
        visitor.discard()
    if visitor.single("map"):
        message = f"`{field.name}` is a relation field, which has no column to name"
        visitor.error("relation-field-map", message, f"put `@map` on {_columns(field)}")
        visitor.discard()
    if visitor.single("unique"):
        message = f"`{field.name}` is a relation field, which cannot be unique"
        names = [each.name for each in field.fields or ()]
        several = len(names) > 1
        hint = f"write `@@unique([{', '.join(names)}])`" if several else f"put `@unique` on {_columns(field)}"
        visitor.error("relation-field-unique", message, hint)
        visitor.discard()
    visitor.end()


def _columns(field: DraftRelationField) -> str:
    """The fields behind a relation field, in words."""
    names = [f"`{each.name}`" for each in field.fields or ()]
    return " or ".join(names) or "the scalar field that holds its key"


def _model(draft: Draft, visitor: Visitor, model: DraftModel) -> None:
    # Fields by their names in the database: only `@map` can clash, since names themselves differ.
    mapped: dict[str, DraftScalarField] = {}
    for field in model.scalar_fields:
        if field.node.attributes:
            _scalar_field(draft, visitor, model, field, mapped)
    if model.node.attributes:
        _block(draft, visitor, model)
    keys.validate_arities(draft, model)
    shard_keys.validate_arities(draft, model)


def _block(draft: Draft, visitor: Visitor, model: DraftModel) -> None:
    visitor.begin(model.node.attributes, f"the {model.node.kind} `{model.name}`", BLOCK_ATTRIBUTES)
    if visitor.single("ignore"):
        _ignore_model(visitor, model)
        visitor.done()
    if visitor.single("id"):
        keys.block_id(draft, visitor, model)
        visitor.done()
    if visitor.single("map"):
        model.mapped_name = _name(visitor, "name")
        visitor.done()
    if visitor.single("schema"):
        model.schema = _schema(visitor)
        visitor.done()
    while visitor.repeated("index"):
        indexes.block_index(draft, visitor, model)
        visitor.done()
    while visitor.repeated("unique"):
        indexes.block_unique(draft, visitor, model)
        visitor.done()
    while visitor.repeated("fulltext"):
        indexes.block_fulltext(draft, visitor, model)
        visitor.done()
    if visitor.single(shard_keys.NAME):
        shard_keys.block_shard_key(draft, visitor, model)
        visitor.done()
    visitor.end()


def _scalar_field(
    draft: Draft, visitor: Visitor, model: DraftModel, field: DraftScalarField, mapped: dict[str, DraftScalarField]
) -> None:
    visitor.begin(field.node.attributes, f"the field `{field.name}`", FIELD_ATTRIBUTES)
    if visitor.single("map"):
        _map_field(visitor, model, field, mapped)
        visitor.done()
    if visitor.single("ignore"):
        if field.type.unsupported is not None:
            message = f"`{field.name}` is `Unsupported`, which the client ignores anyway"
            visitor.error("ignore-unsupported", message, "remove `@ignore`")
        else:
            field.is_ignored = True
        visitor.done()
    if visitor.single("relation"):
        message = f"`{field.name}` is of type `{_type_name(field)}`, which is no model"
        hint = "put `@relation` on the field whose type is the other model"
        visitor.error("relation-on-scalar", message, hint)
        visitor.done()
    if visitor.single("id"):
        keys.field_id(draft, visitor, field)
        visitor.done()
    if visitor.single("updatedAt"):
        _updated_at(visitor, field)
        visitor.done()
    if visitor.single("default"):
        defaults.field_default(draft, visitor, field)
        visitor.done()
    if field.type.scalar is not None:
        _native_type(visitor, field)
    if visitor.single("unique"):
        indexes.field_unique(draft, visitor, field)
        visitor.done()
    if visitor.single(shard_keys.NAME):
        shard_keys.field_shard_key(draft, visitor, field)
        visitor.done()
    visitor.end()


def _type_name(field: DraftScalarField) -> str:
    node = field.node.type
    return node.name if node is not None else ""


def _map_field(
    visitor: Visitor, model: DraftModel, field: DraftScalarField, mapped: dict[str, DraftScalarField]
) -> None:
    name = _name(visitor, "name")
    if name is None:
        return
    field.mapped_name = name
    other = mapped.get(name)
    if other is None:
        named = model.fields.get(name)
        # A relation field has no column. A field that gives up its name for another one, further up, is no rival.
        if isinstance(named, DraftScalarField) and named is not field and named.mapped_name in (None, name):
            other = named
    mapped[name] = field
    if other is not None:
        message = f"the fields `{field.name}` and `{other.name}` have the same column `{name}`"
        visitor.findings.error("map-field-clash", field.node.span, message, "give one of them another `@map`")


def _updated_at(visitor: Visitor, field: DraftScalarField) -> None:
    if field.type.scalar != "DateTime":
        message = f"`{field.name}` is of type `{_type_name(field)}`, but `@updatedAt` writes a time"
        visitor.error("updated-at-type", message, f"make it `{field.name} DateTime @updatedAt`")
    if field.arity == "list":
        message = f"`{field.name}` is a list, but `@updatedAt` writes one value"
        visitor.error("updated-at-list", message, f"make it `{field.name} DateTime @updatedAt`")
    field.is_updated_at = True


def _native_type(visitor: Visitor, field: DraftScalarField) -> None:
    scoped = visitor.datasource_scoped()
    if scoped is not None:
        scope, name, attribute = scoped
        texts = [coerce.render(argument.value) for argument in attribute.arguments.items]
        field.native_type = NativeType(scope, name, texts, attribute.span)


def _ignore_model(visitor: Visitor, model: DraftModel) -> None:
    model.is_ignored = True
    for field in model.scalar_fields:
        if field.is_ignored:
            message = f"`{model.name}` is ignored as a whole, so `{field.name}` needs no `@ignore`"
            visitor.findings.error("ignore-twice", field.node.span, message, "remove this `@ignore`")


def _name(visitor: Visitor, argument: str) -> str | None:
    value = visitor.default_argument(argument)
    return None if value is None else coerce.string(value, visitor.findings)


def _schema(visitor: Visitor) -> tuple[str, Span] | None:
    value = visitor.default_argument("map")
    return None if value is None else coerce.string_with_span(value, visitor.findings)


def _enum(visitor: Visitor, enum: DraftEnum) -> None:
    for value in enum.node.values:
        if not value.attributes:
            continue
        visitor.begin(value.attributes, f"the enum value `{value.name.text}`", ("map",))
        if visitor.single("map"):
            name = _name(visitor, "name")
            if name is not None:
                enum.mapped_values[value.name.text] = name
            visitor.done()
        visitor.end()
    if not enum.node.attributes:
        return
    visitor.begin(enum.node.attributes, f"the enum `{enum.name}`", ("map", "schema"))
    if visitor.single("map"):
        enum.mapped_name = _name(visitor, "name")
        visitor.done()
    if visitor.single("schema"):
        enum.schema = _schema(visitor)
        visitor.done()
    visitor.end()


def _composite(draft: Draft, visitor: Visitor, composite: DraftComposite) -> None:
    mapped: dict[str, DraftScalarField] = {}
    for field in composite.scalar_fields:
        visitor.begin(field.node.attributes, f"the field `{field.name}` of a composite type", ("map", "default"))
        if field.type.scalar is not None:
            _native_type(visitor, field)
        if visitor.single("map"):
            _map_composite_field(visitor, composite, field, mapped)
            visitor.done()
        if visitor.single("default"):
            defaults.composite_field_default(draft, visitor, field)
            visitor.done()
        visitor.end()


def _map_composite_field(
    visitor: Visitor, composite: DraftComposite, field: DraftScalarField, mapped: dict[str, DraftScalarField]
) -> None:
    name = _name(visitor, "name")
    if name is None:
        return
    field.mapped_name = name
    named = composite.fields.get(name)
    other = mapped.get(name) or (named if named is not None and named.mapped_name is None else None)
    mapped[name] = field
    if other is not None:
        message = f"the fields `{field.name}` and `{other.name}` have the same name `{name}` in the database"
        visitor.findings.error("map-field-clash", field.node.span, message, "give one of them another `@map`")
