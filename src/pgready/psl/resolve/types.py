"""The second pass: what each field's type is."""

from pgready.psl import tree
from pgready.psl.near_misses import nearest
from pgready.psl.resolve.draft import (
    Draft,
    DraftComposite,
    DraftEnum,
    DraftModel,
    DraftRelationField,
    DraftScalarField,
    Scalar,
    ScalarType,
)
from pgready.psl.resolve.reserved import SCALARS

_SCALARS: dict[str, Scalar] = {name: name for name in SCALARS}
_ELSEWHERE = {
    **dict.fromkeys(("integer", "int4", "number", "serial"), "Int"),
    **dict.fromkeys(("smallint", "int2"), "Int @db.SmallInt"),
    **dict.fromkeys(("int8", "long", "bigserial"), "BigInt"),
    **dict.fromkeys(("bool",), "Boolean"),
    **dict.fromkeys(("text", "str"), "String"),
    **dict.fromkeys(("varchar",), "String @db.VarChar(255)"),
    **dict.fromkeys(("uuid",), "String @db.Uuid"),
    **dict.fromkeys(("citext",), "String @db.Citext"),
    **dict.fromkeys(("timestamp", "time_stamp"), "DateTime"),
    **dict.fromkeys(("timestamptz",), "DateTime @db.Timestamptz(3)"),
    **dict.fromkeys(("date",), "DateTime @db.Date"),
    **dict.fromkeys(("time",), "DateTime @db.Time(3)"),
    **dict.fromkeys(("double", "float8"), "Float"),
    **dict.fromkeys(("real", "float4"), "Float @db.Real"),
    **dict.fromkeys(("numeric", "money"), "Decimal"),
    **dict.fromkeys(("jsonb",), "Json"),
    **dict.fromkeys(("bytea", "blob", "buffer"), "Bytes"),
}
"""What people know by another name, from SQL or from a language, and how the schema says it."""


def resolve(draft: Draft) -> None:
    """Fill the fields of models, views and composite types; a field whose type nobody knows is left out, told."""
    unknown: list[tree.FieldType] = []
    for model in draft.models:
        _model(model, draft, unknown)
    for composite in draft.composites:
        _composite(composite, draft, unknown)
    _tell_unknown(draft, unknown)
    for enum in draft.enums:
        if not enum.node.values:
            message = f"enum `{enum.name}` has no values"
            then = "write at least one, each on its own line"
            if enum.node.after_brace.partition("//")[0].strip():
                then = "what stands behind `{` on its line is skipped: put each value on a line of its own"
            draft.findings.error("enum-empty", enum.node.span, message, then)


def _model(model: DraftModel, draft: Draft, unknown: list[tree.FieldType]) -> None:
    for node in model.node.fields:
        if node.type is None or node.type.legacy:
            continue  # told by the parser
        type_ = _type(node.type, draft)
        if isinstance(type_, ScalarType):
            field = DraftScalarField(model, node, type_)
            model.scalar_fields.append(field)
            model.fields[node.name.text] = field
        elif isinstance(type_, DraftModel):
            relation = DraftRelationField(model, node, type_)
            model.relation_fields.append(relation)
            model.fields[node.name.text] = relation
        else:
            unknown.append(node.type)
            model.fields.pop(node.name.text, None)  # an earlier field of that name: the last one counts


def _composite(composite: DraftComposite, draft: Draft, unknown: list[tree.FieldType]) -> None:
    for node in composite.node.fields:
        if node.type is None or node.type.legacy:
            continue
        type_ = _type(node.type, draft)
        if isinstance(type_, ScalarType):
            field = DraftScalarField(composite, node, type_)
            composite.scalar_fields.append(field)
            composite.fields[node.name.text] = field
        elif isinstance(type_, DraftModel):
            message = f"`{type_.name}` is a {type_.node.kind}, and a composite type cannot hold a relation"
            hint = f"remove the field `{node.name.text}` from `{composite.name}`"
            draft.findings.error("composite-relation", node.type.span, message, hint)
        else:
            unknown.append(node.type)


def _type(node: tree.FieldType, draft: Draft) -> "ScalarType | DraftModel | None":
    if node.is_unsupported:
        return ScalarType(unsupported=node.name)
    scalar = _SCALARS.get(node.name)
    if scalar is not None:
        return ScalarType(scalar=scalar)
    top = draft.tops.get(node.name)
    if isinstance(top, DraftEnum):
        return ScalarType(enum=top)
    return ScalarType(composite=top) if isinstance(top, DraftComposite) else top


def _tell_unknown(draft: Draft, unknown: list[tree.FieldType]) -> None:
    if not unknown:
        return
    known = [*draft.tops, *SCALARS]
    lowered = {name.lower(): name for name in reversed(known)}
    for node in unknown:
        name = node.name
        close = lowered.get(name.lower())
        if close is None and name.lower() not in _ELSEWHERE:
            close = nearest(name, known, draft.findings)
        if close is not None:
            hint = f"did you mean `{close}`?"
        elif name.lower() in _ELSEWHERE:
            hint = f"write `{_ELSEWHERE[name.lower()]}`"
        else:
            hint = f'define it, or write `Unsupported("{name}")` for a type of the database that Prisma does not know'
        message = f"`{name}` is neither a built-in type nor a model, view or enum of this schema"
        draft.findings.error("type-unknown", node.span, message, hint)
