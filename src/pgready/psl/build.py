"""A checked draft becomes the frozen `Schema`. Total on drafts without errors; judges nothing."""

import base64
from decimal import Decimal, InvalidOperation

from pgready.psl import constraint_names, tree
from pgready.psl.check.constraint_names import foreign_key_name, index_name, key_name
from pgready.psl.resolve import coerce
from pgready.psl.resolve.draft import (
    Draft,
    DraftEnum,
    DraftIndexField,
    DraftModel,
    DraftRelation,
    DraftRelationField,
    DraftScalarField,
    Scalar,
)
from pgready.psl.resolve.relation_inference import effective_actions, relation_name
from pgready.psl.schema import (
    Condition,
    DatabaseDefault,
    Datasource,
    Default,
    Enum,
    EnumDefault,
    EnumValue,
    Extension,
    ForeignKey,
    FunctionDefault,
    Generator,
    Index,
    IndexField,
    JoinTable,
    ListDefault,
    LiteralDefault,
    Model,
    NativeType,
    Predicate,
    PrimaryKey,
    Relation,
    RelationField,
    ScalarField,
    Schema,
)

_VERSIONS = {"uuid": 4, "cuid": 1}
"""The version that a function without an argument stands for."""


def build(draft: Draft) -> Schema:
    """The schema that `draft` describes; every rule must have been checked without an error."""
    models = [_model(each) for each in draft.models]
    return Schema(
        models=tuple(each for each in models if not each.is_view),
        views=tuple(each for each in models if each.is_view),
        enums=tuple(_enum(each) for each in draft.enums),
        relations=tuple(_relation(draft, each) for each in draft.relations),
        datasource=_datasource(draft),
        generators=_generators(draft),
        style=draft.style,
    )


def _datasource(draft: Draft) -> Datasource | None:
    found = draft.datasource
    if found is None:
        return None
    return Datasource(
        name=found.name,
        provider=found.provider,
        relation_mode=found.relation_mode,
        schemas=tuple(name for name, _ in found.schemas),
        extensions=tuple(
            Extension(each.name, each.db_name, each.schema, each.version, each.span) for each in found.extensions
        ),
        span=found.node.span,
    )


def _generators(draft: Draft) -> tuple[Generator, ...]:
    return tuple(
        Generator(
            name=each.name,
            provider=each.provider,
            output=each.output,
            preview_features=tuple(each.preview_features),
            binary_targets=tuple(each.binary_targets),
            config=tuple(
                (key, tuple(value) if isinstance(value, list) else value) for key, value in each.config.items()
            ),
            span=each.node.span,
        )
        for each in draft.generators
    )


def _enum(draft: DraftEnum) -> Enum:
    return Enum(
        name=draft.name,
        values=tuple(
            EnumValue(each.name.text, draft.mapped_values.get(each.name.text), each.documentation, each.span)
            for each in draft.node.values
        ),
        mapped_name=draft.mapped_name,
        schema=draft.schema[0] if draft.schema else None,
        documentation=draft.node.documentation,
        span=draft.node.span,
    )


# -- models ------------------------------------------------------------------------------------------------------------


def _model(draft: DraftModel) -> Model:
    key = draft.primary_key
    return Model(
        name=draft.name,
        fields=tuple(
            _scalar_field(each) if isinstance(each, DraftScalarField) else _relation_field(each)
            for each in draft.fields.values()
        ),
        primary_key=None
        if key is None
        else PrimaryKey(
            fields=tuple(_index_field(each) for each in key.fields),
            database_name=key_name(key),
            name=key.name,
            mapped_name=key.mapped_name,
            is_on_field=key.source_field is not None,
            span=key.attribute.span,
        ),
        indexes=tuple(
            Index(
                fields=tuple(_index_field(each) for each in index.fields),
                database_name=index_name(index),
                is_unique=index.kind == "unique",
                name=index.name,
                mapped_name=index.mapped_name,
                algorithm=index.algorithm,
                where=None if index.where is None else _predicate(index.where),
                is_on_field=index.source_field is not None,
                span=index.attribute.span,
            )
            for index in draft.indexes
        ),
        mapped_name=draft.mapped_name,
        schema=draft.schema[0] if draft.schema else None,
        is_view=draft.is_view,
        is_ignored=draft.is_ignored,
        documentation=draft.node.documentation,
        span=draft.node.span,
    )


def _scalar_field(draft: DraftScalarField) -> ScalarField:
    held, native = draft.type, draft.native_type
    return ScalarField(
        name=draft.name,
        kind="enum" if held.enum is not None else "scalar" if held.scalar is not None else "unsupported",
        type=held.enum.name if held.enum is not None else held.scalar or held.unsupported or "",
        arity=draft.arity,
        mapped_name=draft.mapped_name,
        native_type=None if native is None else NativeType(native.name, tuple(native.arguments)),
        default=None if draft.default is None else _default(draft.default.value, held.scalar),
        is_updated_at=draft.is_updated_at,
        is_ignored=draft.is_ignored,
        documentation=draft.node.documentation,
        span=draft.node.span,
    )


def _relation_field(draft: DraftRelationField) -> RelationField:
    relation = draft.relation
    opposite = None if relation is None else relation.field_b if relation.field_a is draft else relation.field_a
    return RelationField(
        name=draft.name,
        model=draft.target.name,
        opposite="" if opposite is None else opposite.name,
        relation=relation_name(draft),
        arity=draft.arity,
        fields=tuple(each.name for each in draft.fields or ()),
        references=tuple(each.name for each in draft.references or ()),
        on_delete=draft.on_delete[0] if draft.on_delete else None,
        on_update=draft.on_update[0] if draft.on_update else None,
        is_ignored=draft.is_ignored,
        documentation=draft.node.documentation,
        span=draft.node.span,
    )


def _index_field(draft: DraftIndexField) -> IndexField:
    return IndexField(draft.field.name, draft.sort, draft.operator_class, draft.is_raw)


# -- relations ---------------------------------------------------------------------------------------------------------


def _relation(draft: Draft, relation: DraftRelation) -> Relation:
    one, other = relation.field_a, relation.field_b
    if one is None or other is None:
        raise AssertionError("a relation with one side passes no check")
    is_enforced = not (
        relation.model_a.is_view
        or relation.model_b.is_view
        or (draft.datasource is not None and draft.datasource.relation_mode == "prisma")
    )
    inline = relation.kind in ("one-to-one", "one-to-many")
    return Relation(
        name=relation_name(one),
        kind="one-to-one"
        if relation.kind == "one-to-one"
        else "one-to-many"
        if relation.kind == "one-to-many"
        else "many-to-many",
        model_a=relation.model_a.name,
        field_a=one.name,
        model_b=relation.model_b.name,
        field_b=other.name,
        foreign_key=_foreign_key(relation, one, is_enforced) if inline else None,
        join_table=None if inline else _join_table(relation, one, is_enforced),
        is_named=relation.name is not None,
    )


def _foreign_key(relation: DraftRelation, field: DraftRelationField, is_enforced: bool) -> ForeignKey:
    on_delete, on_update = effective_actions(field)
    return ForeignKey(
        fields=tuple(each.name for each in field.fields or ()),
        references=tuple(each.name for each in field.references or ()),
        database_name=foreign_key_name(relation),
        on_delete=on_delete,
        on_update=on_update,
        mapped_name=field.mapped_name,
        is_enforced=is_enforced,
    )


def _join_table(relation: DraftRelation, field: DraftRelationField, is_enforced: bool) -> JoinTable:
    name = relation_name(field)
    return JoinTable(
        database_name=constraint_names.join_table(name),
        schema=relation.model_a.schema[0] if relation.model_a.schema else None,
        id_a=_single_id(relation.model_a),
        id_b=_single_id(relation.model_b),
        primary_key=constraint_names.join_table_primary_key(name),
        index=constraint_names.join_table_index(name),
        foreign_key_a=constraint_names.join_table_foreign_key(name, "A"),
        foreign_key_b=constraint_names.join_table_foreign_key(name, "B"),
        is_enforced=is_enforced,
    )


def _single_id(model: DraftModel) -> str:
    if model.primary_key is None:
        raise AssertionError("a many-to-many relation without ids passes no check")
    return model.primary_key.fields[0].field.name


# -- values ------------------------------------------------------------------------------------------------------------


def _default(value: tree.Expression, scalar: Scalar | None) -> Default:
    if isinstance(value, tree.Array):
        return ListDefault(tuple(_single(each, scalar) for each in value.items))
    if not isinstance(value, tree.Call):
        return _single(value, scalar)
    name = value.name.text
    given = [_argument(each.value) for each in value.arguments.items]
    if name == "dbgenerated":
        return DatabaseDefault(str(given[0]) if given else None)
    if not given and name in _VERSIONS:
        given = [_VERSIONS[name]]
    return FunctionDefault(name, tuple(given))


def _argument(value: tree.Expression) -> int | str:
    if isinstance(value, tree.String):
        return value.value
    number = coerce.as_integer(value.text) if isinstance(value, tree.Number) else None
    return coerce.render(value) if number is None else number


def _single(value: tree.Expression, scalar: Scalar | None) -> LiteralDefault | EnumDefault:
    if isinstance(value, tree.String):
        if scalar == "Bytes":
            return LiteralDefault(base64.b64decode(value.value))
        return LiteralDefault(_decimal(value.value) if scalar in ("Decimal", "Float") else value.value)
    if isinstance(value, tree.Number):
        return LiteralDefault(int(value.text) if scalar in ("Int", "BigInt") else Decimal(value.text))
    text = coerce.render(value)
    return LiteralDefault(text == "true") if scalar == "Boolean" else EnumDefault(text)


def _decimal(text: str) -> Decimal:
    """The number that a text writes. Prisma takes any exponent of 64 bits: beyond Decimal's it is infinite, or zero."""
    try:
        return Decimal(text)
    except InvalidOperation:
        digits, _, exponent = text.lower().partition("e")
        number = Decimal(digits)
        return number * 0 if not number or exponent.startswith("-") else Decimal("Infinity").copy_sign(number)


def _predicate(where: tree.Expression) -> Predicate:
    if isinstance(where, tree.Object):
        return Predicate(conditions=tuple(_condition(name.text, value) for name, value in where.members))
    first = where.arguments.items[0].value if isinstance(where, tree.Call) else where
    return Predicate(sql=first.value if isinstance(first, tree.String) else coerce.render(first))


def _condition(field: str, value: tree.Expression) -> Condition:
    negated = isinstance(value, tree.Object)
    inner = value.members[0][1] if isinstance(value, tree.Object) else value
    if isinstance(inner, tree.String):
        return Condition(field, inner.value, negated)
    if isinstance(inner, tree.Number):
        number = coerce.as_integer(inner.text)
        return Condition(field, Decimal(inner.text) if number is None else number, negated)
    text = coerce.render(inner)
    return Condition(field, None if text == "null" else text == "true", negated)
