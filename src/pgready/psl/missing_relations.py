"""What a schema's relations leave unsaid, written out: back-relations, `@relation(…)` arguments, foreign key columns.

Prisma's `format` completes a schema whose names, types and attributes resolve; it looks at relations only as far as
their fields tell, so a schema that validation refuses is completed as well. Facts: `psl/psl-core/src/reformat.rs`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pgready.psl import tree
from pgready.psl.inflection import camel_case, plural
from pgready.psl.resolve.draft import (
    Draft,
    DraftIndexField,
    DraftModel,
    DraftRelation,
    DraftScalarField,
    NativeType,
    Scalar,
)
from pgready.psl.source import Source

_SUFFIX = {"required": "", "optional": "?", "list": "[]"}


class Insertion(NamedTuple):
    """Text to put into `source` before the character at `offset`; a field's text ends with a line feed."""

    source: Source
    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class _Column:
    """A foreign key column that a relation needs; `scalar` is None where no built-in type fits."""

    name: str
    arity: tree.Arity
    scalar: Scalar | None
    native_type: NativeType | None


def insertions(draft: Draft) -> list[Insertion]:
    """What the schema lacks, in order of the offsets within each file.

    Only of use for a draft whose findings hold no errors up to and with the inference of relations.
    """
    found: list[Insertion] = []
    inline = [
        relation
        for relation in draft.relations
        # Prisma's formatter crashes where the other side's key lies inside a composite type (MongoDB's).
        if "many-to-many" not in relation.kind and not any(each.path for each in next(_criteria(relation.model_b), ()))
    ]
    for relation in inline:
        found.extend(_fields(relation))
    for relation in inline:
        found.extend(_attribute(relation))
    for relation in inline:
        found.extend(_arguments(relation))
    found.sort(key=lambda insertion: insertion.offset)
    return found


def insert(text: str, bits: Iterable[Insertion]) -> str:
    """`text` with the insertions, which are in order of their offsets."""
    parts: list[str] = []
    end = 0
    for bit in bits:
        parts += (text[end : bit.offset], bit.text)
        end = bit.offset
    parts.append(text[end:])
    return "".join(parts)


def _fields(relation: DraftRelation) -> Iterable[Insertion]:
    """The relation field of either side that is missing, and the columns that the missing `fields:` would name."""
    referencing, referenced = relation.model_a, relation.model_b
    if relation.field_b is None:
        one = relation.kind == "one-to-one"
        name = camel_case(referencing.name) if one else plural(camel_case(referencing.name))
        ignore = "@ignore" if referencing.is_ignored else ""
        yield _field(referenced, f"{name} {referencing.name}{'?' if one else '[]'} {ignore}")
    if relation.field_a is None:
        optional = any(column.arity == "optional" for column in _columns(relation))
        attribute = f"@relation({_fields_argument(relation)}, {_references_argument(relation)})"
        yield _field(
            referencing, f"{camel_case(referenced.name)} {referenced.name}{'?' if optional else ''} {attribute}"
        )
    if relation.field_a is None or relation.field_a.fields is None:
        for column in _columns(relation):
            if isinstance(referencing.fields.get(column.name), DraftScalarField):
                continue
            if column.scalar is None:
                break
            native = column.native_type.span.text if column.native_type else ""
            yield _field(referencing, f"{column.name} {column.scalar}{_SUFFIX[column.arity]} {native}")


def _field(model: DraftModel, text: str) -> Insertion:
    span = model.node.span
    return Insertion(span.source, span.end - 1, text + "\n")


def _attribute(relation: DraftRelation) -> Iterable[Insertion]:
    """The whole `@relation(…)` of a forward field that has none."""
    field = relation.field_a
    if field is None or field.attribute is not None or field.node.type is None:
        return
    source, offset = field.node.type.base.source, field.node.type.base.end
    while source.text[offset : offset + 1] in {"[", "]", "?", "!"}:
        offset += 1
    yield Insertion(source, offset, f" @relation({_fields_argument(relation)}, {_references_argument(relation)})")


def _arguments(relation: DraftRelation) -> Iterable[Insertion]:
    """`fields:` and `references:` of a forward field's `@relation` that lacks them."""
    field = relation.field_a
    if field is None or field.attribute is None:
        return
    missing = []
    if field.fields is None:
        missing.append(_fields_argument(relation))
    if field.references is None:
        missing.append(_references_argument(relation))
    if not missing:
        return
    span = field.attribute.span
    if field.attribute.arguments.items:
        yield Insertion(span.source, span.end - 1, f", {', '.join(missing)}")
    else:
        yield Insertion(span.source, span.end, f"({', '.join(missing)})")


def _columns(relation: DraftRelation) -> list[_Column]:
    """The columns for the first unique criterion of the referenced model, named after both; those that exist win."""
    referenced = relation.model_b
    columns = []
    for field in next(_criteria(referenced), ()):
        target = field.field
        name = _lower_first(referenced.name) + target.name[:1].upper() + target.name[1:]
        existing = relation.model_a.fields.get(name)
        if isinstance(existing, DraftScalarField):
            columns.append(_Column(name, existing.arity, existing.type.scalar, target.native_type))
        else:
            arity: tree.Arity = relation.field_a.arity if relation.field_a else "optional"
            columns.append(_Column(name, arity, target.type.scalar, target.native_type))
    return columns


def _criteria(model: DraftModel) -> Iterator[list[DraftIndexField]]:
    """The fields of the primary key, then of each unique index in the order of the schema."""
    if model.primary_key is not None:
        yield model.primary_key.fields
    for index in model.indexes:
        if index.kind == "unique" and not index.is_implicit:
            yield index.fields


def _fields_argument(relation: DraftRelation) -> str:
    return f"fields: [{', '.join([column.name for column in _columns(relation)])}]"


def _references_argument(relation: DraftRelation) -> str:
    return f"references: [{', '.join([field.name for field in _referenced(relation)])}]"


def _referenced(relation: DraftRelation) -> list[DraftScalarField]:
    """The fields that `references:` names, else those of the first unique criterion without optional fields."""
    if relation.field_a is not None and relation.field_a.references is not None:
        return relation.field_a.references
    for criterion in _criteria(relation.model_b):
        if all(each.field.arity != "optional" and each.field.type.unsupported is None for each in criterion):
            return [each.field for each in criterion]
    return []


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
