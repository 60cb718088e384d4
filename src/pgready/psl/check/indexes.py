"""Indexes of tables: what PostgreSQL's can have, and which columns each index type can take."""

from collections.abc import Iterable

from pgready.psl.native_types import TYPES, numbers
from pgready.psl.operator_classes import DEFAULT_NATIVE_TYPES, DEFAULT_SCALARS, OPERATOR_CLASSES, fitting
from pgready.psl.resolve.draft import Algorithm, Draft, DraftIndex, DraftIndexField, DraftScalarField
from pgready.psl.resolve.index_fields import shown

_LABEL = 60


def check(draft: Draft) -> None:
    """Report indexes of tables that PostgreSQL, or Prisma for it, cannot make."""
    previews = draft.preview_features
    for model in draft.models:
        for index in model.indexes:
            _client_name(draft, index)
            if model.is_view:
                continue
            _shape(draft, index)
            if index.where is not None and "partialIndexes" not in previews:
                _partial(draft, index)
            if draft.datasource is None:
                _without_datasource(draft, index)
                continue
            _hash(draft, index)
            _columns(draft, index)


def label(index: DraftIndex) -> str:
    """`@unique` on `email`, or a block attribute as it is written, cut when it is long."""
    if index.source_field is not None:
        return f"`@unique` on `{index.source_field.name}`"
    text = " ".join(index.attribute.span.text.split())
    return f"`{text if len(text) <= _LABEL else text[: _LABEL - 1] + '…'}`"


def _client_name(draft: Draft, index: DraftIndex) -> None:
    """The client joins the names of the fields, whatever `name:` says."""
    if index.kind != "unique" or len(index.fields) < 2:
        return
    joined = "_".join(part.name for each in index.fields for part in [each.field, *each.path])
    if isinstance(index.owner.fields.get(joined), DraftScalarField):
        draft.findings.error(
            "client-name-taken",
            index.attribute.span,
            f"the client calls {label(index)} of {shown(index.owner)} `{joined}`, and the field `{joined}` has that "
            "name already",
            f'rename the field, and keep its column by `@map("{joined}")`',
        )


def _shape(draft: Draft, index: DraftIndex) -> None:
    """What no index for PostgreSQL can have, whatever its type."""
    if not index.fields:
        _refuse(draft, index, "index-without-fields", "lists no fields", "list one at least")
    if index.kind == "fulltext":
        draft.findings.error(
            "index-fulltext",
            index.attribute.span,
            "`@@fulltext` is not for PostgreSQL",
            "search works without it; a GIN index on a tsvector column can be made in a migration's SQL",
        )
    if any(each.length is not None for each in index.fields):
        what = "has a `length`, which indexes of PostgreSQL cannot have"
        _refuse(draft, index, "index-length", what, "remove `length`")
    if index.clustered is not None:
        _refuse(draft, index, "clustered", "says `clustered`, which PostgreSQL does not have", "remove `clustered`")
    if index.kind == "normal":
        return
    if any(each.operator_class is not None for each in index.fields):
        what = "has an operator class, which only `@@index` can have"
        _refuse(draft, index, "operator-class-place", what, "remove `ops`")
    composite = next((each.field.name for each in index.fields if _last(each).type.composite is not None), None)
    if index.kind == "unique" and len(index.fields) > 1 and composite is not None:
        what = f"contains `{composite}`, which is of a composite type"
        _refuse(draft, index, "index-composite-type", what, f"remove `{composite}`")


def _refuse(draft: Draft, index: DraftIndex, code: str, what: str, hint: str) -> None:
    draft.findings.error(code, index.attribute.span, f"{label(index)} of {shown(index.owner)} {what}", hint)


def _partial(draft: Draft, index: DraftIndex) -> None:
    where = next(each for each in index.attribute.arguments.items if each.name and each.name.text == "where")
    draft.findings.error(
        "where-preview",
        where.span,
        "`where` needs the preview feature `partialIndexes`",
        'add `previewFeatures = ["partialIndexes"]` to the generator block',
    )


def _without_datasource(draft: Draft, index: DraftIndex) -> None:
    if index.algorithm not in (None, "BTree"):
        draft.findings.error(
            "index-type-without-datasource",
            index.attribute.span,
            f"the index type `{index.algorithm}` needs a `datasource` block that says which database this is for",
            'add `datasource db { provider = "postgresql" }`',
        )


def _hash(draft: Draft, index: DraftIndex) -> None:
    if index.algorithm == "Hash" and any(each.sort is not None for each in index.fields):
        what = "is a hash index, which has no order"
        _refuse(draft, index, "index-hash-sort", what, "remove `sort`, or `type: Hash`")


def _columns(draft: Draft, index: DraftIndex) -> None:
    """Which columns the type of the index takes."""
    for each in index.fields:
        if _native_type(_last(each))[0] == "Xml":
            field = _last(each)
            draft.findings.error(
                "index-xml",
                field.node.span,
                f"`{field.name}` is of the native type `Xml`, which no index can hold: {label(index)}",
                "take it out of the index, or use `@db.Text`",
            )
            break
    for each in index.fields:
        if not each.is_raw:
            _operator_class(draft, index, each)
    if index.algorithm == "SpGist" and len(index.fields) != 1:
        what = "is an SP-GiST index, which holds one column"
        _refuse(draft, index, "index-spgist-columns", what, "make an index for each column")


def _operator_class(draft: Draft, index: DraftIndex, each: DraftIndexField) -> None:
    """The column's operator class, or the default one of its type, must be one of the index type's."""
    algorithm = index.algorithm or "BTree"
    if each.operator_class is None:
        if algorithm not in ("BTree", "Hash"):
            _default_class(draft, index, _last(each), algorithm)
        return
    operator_class, span = OPERATOR_CLASSES[each.operator_class], index.attribute.span
    field = _last(each)
    if algorithm not in operator_class.algorithms:
        draft.findings.error(
            "operator-class-index-type",
            span,
            f"the operator class `{operator_class.name}` is not for indexes of type `{algorithm}`",
            f"write {_or(f'type: {name}' for name in operator_class.algorithms)}, or remove it from `{field.name}`",
        )
        return
    native_type, written = _native_type(field)
    if operator_class.name == "ArrayOps":
        fits = field.arity == "list"
    elif native_type is not None:
        fits = native_type in operator_class.native_types
    else:
        fits = operator_class.scalar is not None and operator_class.scalar == field.type.scalar
    if not fits:
        draft.findings.error(
            "operator-class-column",
            span,
            f"the operator class `{operator_class.name}` is not for the column `{field.name}`, which is "
            f"{_shown_type(field, written)}",
            _class_hint(algorithm, field, native_type),
        )


def _default_class(draft: Draft, index: DraftIndex, field: DraftScalarField, algorithm: Algorithm) -> None:
    native_type, written = _native_type(field)
    if algorithm == "Gin" and field.arity == "list":
        fits = True
    elif native_type is not None:
        fits = native_type in DEFAULT_NATIVE_TYPES[algorithm]
    elif field.type.unsupported is not None:
        fits = True
    else:
        # A native type that PostgreSQL lacks is refused elsewhere; Gist alone looks at it as well.
        fits = field.type.scalar in DEFAULT_SCALARS[algorithm] and not (written is not None and algorithm == "Gist")
    if not fits:
        draft.findings.error(
            "index-type-column",
            index.attribute.span,
            f"an index of type `{algorithm}` has no default operator class for `{field.name}`, which is "
            f"{_shown_type(field, written)}",
            _class_hint(algorithm, field, native_type),
        )


def _class_hint(algorithm: Algorithm, field: DraftScalarField, native_type: str | None) -> str:
    """The classes that fit the column, or how to name others."""
    listed = _or(f"{field.name}(ops: {name})" for name in fitting(algorithm, native_type, field.type.scalar))
    return f"write {listed}" if listed else 'name a class of PostgreSQL: `ops: raw("…")`'


def _native_type(field: DraftScalarField) -> tuple[str | None, str | None]:
    """The native type if PostgreSQL has it, and as written; both None where its arguments cannot be read."""
    native = field.native_type
    if native is None:
        return None, None
    rule = TYPES.get(native.name)
    if rule is None:
        return None, native.name
    if numbers(rule, native.arguments) is None:
        return None, None
    return native.name, native.name


def _shown_type(field: DraftScalarField, written: str | None) -> str:
    if written is not None:
        return f"of the native type `{written}`"
    return f"of type `{field.node.type.span.text}`" if field.node.type else "of no type"


def _last(each: DraftIndexField) -> DraftScalarField:
    return each.path[-1] if each.path else each.field


def _or(texts: Iterable[str]) -> str:
    return " or ".join(f"`{text}`" for text in texts)
