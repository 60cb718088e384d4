"""Models as tables: a key to find each row by, a name and a schema of their own."""

from pgready.psl import near_misses, tree
from pgready.psl.resolve.draft import Draft, DraftIndexField, DraftModel, DraftScalarField
from pgready.psl.resolve.index_fields import shown
from pgready.psl.source import Span


def check(draft: Draft) -> None:
    """Report models without a usable key, two models of one table, and schemas that are missing or unknown."""
    schemas = dict(draft.datasource.schemas) if draft.datasource else {}
    for model in draft.models:
        if not model.is_view and not model.is_ignored:
            _unique_criterion(draft, model)
        _schema(draft, model, schemas)
    _table_names(draft)


def _unique_criterion(draft: Draft, model: DraftModel) -> None:
    """One `@id`, `@@id`, `@unique` or `@@unique` must consist of required fields that the client can read."""
    keys = [model.primary_key.fields] if model.primary_key else []
    keys += [index.fields for index in model.indexes if index.kind == "unique"]
    if any(all(_is_strict(_column(each)) for each in fields) for fields in keys):
        return
    message = f"{shown(model)} has no key: no `@id`, `@unique`, `@@id` or `@@unique`"
    if keys:
        weak = {field.name: field for key in keys for field in map(_column, key) if not _is_strict(field)}
        listed = ", ".join(f"`{name}` is {_weakness(field)}" for name, field in weak.items())
        message = f"{shown(model)} has no key that always identifies a row: {listed}"
    draft.findings.error(
        "model-without-key",
        model.node.span,
        message,
        "mark a required field with `@id` or `@unique`, or add `@@id([…])`; "
        "a table that the client need not read can have `@@ignore`",
    )


def _column(each: DraftIndexField) -> DraftScalarField:
    return each.path[-1] if each.path else each.field


def _weakness(field: DraftScalarField) -> str:
    return "optional" if field.arity == "optional" else "`Unsupported`"


def _is_strict(field: DraftScalarField) -> bool:
    return field.arity != "optional" and field.type.unsupported is None


def _schema(draft: Draft, model: DraftModel, known: dict[str, Span]) -> None:
    datasource, given = draft.datasource, model.schema
    if datasource is None:
        if given is not None:
            message = "`@@schema` needs a `datasource` block with `schemas`"
            draft.findings.error("schema-without-datasource", given[1], message, 'add `schemas = ["public"]` to it')
        return
    if given is not None and given[0] not in known:
        name, span = given
        draft.findings.error(
            "schema-unknown",
            span,
            f"{shown(model)} is in the schema `{name}`, which `datasource {datasource.name}` does not list",
            near_misses.hint(name, known, draft.findings) or f'add it: `schemas = ["{name}"]`',
        )
    if given is None and datasource.schemas_span is not None:
        draft.findings.error(
            "schema-missing",
            model.node.span,
            f"{shown(model)} has no `@@schema`, and `datasource {datasource.name}` lists schemas",
            f'add `@@schema("{next(iter(known), "public")}")`',
        )


def _table_names(draft: Draft) -> None:
    """Two models, or a model and a view, of one name in the database; the error stands at the `@@map`."""
    seen: dict[tuple[str | None, str], DraftModel] = {}
    for model in [
        *(each for each in draft.models if not each.is_view),
        *(each for each in draft.models if each.is_view),
    ]:
        key = (model.schema[0] if model.schema else None, model.database_name)
        other = seen.get(key)
        seen[key] = model
        if other is None:
            continue
        first, second = (model, other) if model.mapped_name is not None else (other, model)
        draft.findings.error(
            "model-table-taken",
            _map_attribute(first.node).span,
            f"{shown(first)} is mapped to the table `{first.database_name}`, which is that of {shown(second)}",
            "map it to another table",
        )


def _map_attribute(node: tree.Block) -> tree.Attribute | tree.Block:
    return next((attribute for attribute in node.attributes if attribute.name.text == "map"), node)
