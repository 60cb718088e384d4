"""Views: a preview, and without keys and indexes of their own."""

from pgready.psl.resolve.draft import Draft, DraftModel
from pgready.psl.resolve.index_fields import shown


def check(draft: Draft) -> None:
    """Report views without the preview feature, and what only tables can have."""
    has_preview = "views" in draft.preview_features
    for view in draft.models:
        if view.is_view:
            if not has_preview:
                _preview(draft, view)
            _key(draft, view)
            _indexes(draft, view)


def _preview(draft: Draft, view: DraftModel) -> None:
    draft.findings.error(
        "view-preview",
        view.node.span,
        f"{shown(view)} needs the preview feature `views`",
        'add `previewFeatures = ["views"]` to the generator block',
    )


def _key(draft: Draft, view: DraftModel) -> None:
    if view.primary_key is not None:
        draft.findings.error(
            "view-key",
            view.primary_key.attribute.span,
            f"{shown(view)} has a primary key, which views cannot have",
            "write `@unique` or `@@unique` to say what identifies a row",
        )


def _indexes(draft: Draft, view: DraftModel) -> None:
    for index in view.indexes:
        span = index.attribute.span
        if index.kind != "unique":
            message = f"{shown(view)} has an index, which views cannot have"
            draft.findings.error("view-index", span, message, "remove it; index the tables that the view reads")
        elif index.mapped_name is not None:
            message = f"the uniqueness of {shown(view)} is no index in the database, so it cannot have a name there"
            draft.findings.error("view-unique-argument", span, message, "remove `map:`")
        if index.clustered is not None:
            message = f"the uniqueness of {shown(view)} is no index in the database, so it cannot be clustered"
            draft.findings.error("view-unique-argument", span, message, "remove `clustered:`")
        if any(
            each.length is not None or each.operator_class is not None or each.sort is not None for each in index.fields
        ):
            message = f"the uniqueness of {shown(view)} is no index in the database: its fields take no arguments"
            draft.findings.error("view-unique-argument", span, message, "list the names of the fields only")
