"""`@unique`, `@@unique`, `@@index` and `@@fulltext`."""

from typing import Literal

from pgready.psl.operator_classes import ALGORITHMS
from pgready.psl.resolve import coerce, index_fields, partial
from pgready.psl.resolve.draft import Algorithm, Draft, DraftIndex, DraftIndexField, DraftModel, DraftScalarField
from pgready.psl.resolve.visit import Visitor


def field_unique(draft: Draft, visitor: Visitor, field: DraftScalarField) -> None:
    """Take up `@unique` on a field of a model or view."""
    model = field.owner
    if not isinstance(model, DraftModel):  # a composite type, where the driver does not ask for it
        return
    mapped_name = index_fields.text(visitor, "map")
    length = index_fields.length(visitor)
    sort = index_fields.sort_order(visitor)
    index = DraftIndex(
        "unique",
        model,
        visitor.attribute,
        [DraftIndexField(field, sort=sort, length=length)],
        source_field=field,
        mapped_name=mapped_name,
        clustered=index_fields.clustered(visitor),
        where=partial.where(draft, visitor, model),
    )
    model.indexes.append(index)


def block_unique(draft: Draft, visitor: Visitor, model: DraftModel) -> None:
    """Take up one `@@unique`."""
    index = _index(visitor, model, "unique")
    index.name = index_fields.client_name(visitor, model)
    index.mapped_name = index_fields.text(visitor, "map")
    index.clustered = index_fields.clustered(visitor)
    index.where = partial.where(draft, visitor, model)


def block_index(draft: Draft, visitor: Visitor, model: DraftModel) -> None:
    """Take up one `@@index`; `name:` is an old spelling of `map:` here."""
    index = _index(visitor, model, "normal")
    name, mapped_name = index_fields.text(visitor, "name"), index_fields.text(visitor, "map")
    if name is not None and mapped_name is not None:
        visitor.error(
            "index-name-and-map",
            "`@@index` takes `name` as an old spelling of `map`, so it cannot have both",
            f"write `map: {coerce.quoted(mapped_name)}` and remove `name:`",
        )
    else:
        index.mapped_name = mapped_name if name is None else name
    index.algorithm = _algorithm(visitor)
    index.clustered = index_fields.clustered(visitor)
    index.where = partial.where(draft, visitor, model)


def block_fulltext(_draft: Draft, visitor: Visitor, model: DraftModel) -> None:
    """Take up one `@@fulltext`, which PostgreSQL refuses later."""
    index = _index(visitor, model, "fulltext")
    index.mapped_name = index_fields.text(visitor, "map")


def _index(visitor: Visitor, model: DraftModel, kind: Literal["normal", "unique", "fulltext"]) -> DraftIndex:
    """A new index of the model with the fields of the attribute, or none if they are wrong."""
    expression = visitor.default_argument("fields")
    fields = None
    if expression is not None:
        fields = index_fields.resolve(visitor, model, expression, "index", through_types=True)
    index = DraftIndex(kind, model, visitor.attribute, fields or [])
    model.indexes.append(index)
    return index


def _algorithm(visitor: Visitor) -> Algorithm | None:
    expression = visitor.argument("type")
    if expression is None:
        return None
    name = coerce.constant(expression, visitor.findings)
    for algorithm in ALGORITHMS:
        if algorithm == name:
            return algorithm
    if name is not None:
        known = {each.casefold(): each for each in ALGORITHMS}
        close = known.get(name.casefold().replace("_", ""))
        visitor.findings.error(
            "index-type-unknown",
            expression.span,
            f"there is no index type `{name}`",
            f"did you mean `{close}`?" if close else "there are " + ", ".join(f"`{each}`" for each in ALGORITHMS),
        )
    return None
