"""Names for the client that two things of one model cannot share."""

from pgready.psl.resolve.draft import Draft, DraftModel


def check(draft: Draft) -> None:
    """Report fields whose name is that of an `@@id` or `@@unique` of the same model."""
    for model in draft.models:
        taken = {index.name: "@@unique" for index in model.indexes if index.kind == "unique" and index.name is not None}
        if model.primary_key is not None and model.primary_key.name is not None:
            taken[model.primary_key.name] = "@@id"
        if taken:
            _fields(draft, model, taken)


def _fields(draft: Draft, model: DraftModel, taken: "dict[str, str]") -> None:
    for name, attribute in taken.items():
        if name in model.fields:
            message = f"`{model.name}` has a field `{name}` and an `{attribute}` of the same name"
            hint = f"give the `{attribute}` another `name:`"
            draft.findings.error("client-name-clash", model.node.span, message, hint)
