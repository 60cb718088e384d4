"""`autoincrement()`: PostgreSQL sets no limits to it; Prisma does while it does not know the database."""

from pgready.psl import tree
from pgready.psl.resolve.draft import Draft, DraftModel, DraftScalarField


def check(draft: Draft) -> None:
    """Report, in a schema without a datasource, what some databases cannot count up."""
    if draft.datasource is not None:
        return
    for model in draft.models:
        if not model.is_view:
            _model(draft, model)


def _model(draft: Draft, model: DraftModel) -> None:
    fields = [field for field in model.scalar_fields if is_autoincrement(field)]
    hint = 'add a datasource with `provider = "postgresql"`, which allows it'
    if len(fields) > 1:
        message = f"`{model.name}` has {len(fields)} `autoincrement()` fields, which not every database has"
        draft.findings.error("autoincrement-several", model.node.span, message, hint)
    key = [] if model.primary_key is None else [each.field for each in model.primary_key.fields]
    first = {index.fields[0].field for index in model.indexes if index.fields} | set(key[:1])
    for field in fields:
        if key != [field]:
            message = f"`{field.name}` is no id, and not every database has `autoincrement()` there"
            draft.findings.error("autoincrement-not-id", field.node.span, message, hint)
        if field not in first:
            message = f"`{field.name}` has no index, and not every database has `autoincrement()` there"
            draft.findings.error("autoincrement-not-indexed", field.node.span, message, hint)


def is_autoincrement(field: DraftScalarField) -> bool:
    """Whether the default is `autoincrement()`."""
    value = None if field.default is None else field.default.value
    return isinstance(value, tree.Call) and value.name.text == "autoincrement"
