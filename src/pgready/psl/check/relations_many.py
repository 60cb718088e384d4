"""Rules for many-to-many relations without a model between: both sides are lists."""

from pgready.psl.check.relations_names import side
from pgready.psl.resolve.draft import Draft, DraftRelation, DraftRelationField
from pgready.psl.resolve.relations import quoted


def check(draft: Draft, relation: DraftRelation) -> None:
    """Report what is wrong with an implicit many-to-many relation."""
    view = next((each for each in (relation.model_a, relation.model_b) if each.is_view), None)
    for field in (relation.field_a, relation.field_b):
        if field is None:
            continue
        if view is not None:
            draft.findings.error(
                "many-to-many-view",
                field.node.span,
                f"{side(field)} is half of a many-to-many relation with a view (`{view.name}`): a join table would "
                f"need foreign keys, and a view cannot have them",
                "relate the view to a model of its own that stands between, or leave the relation out",
            )
        _identified(draft, field)
        _bare(draft, field)


def check_embedded(draft: Draft, relation: DraftRelation) -> None:
    """Report a many-to-many relation that names fields: lists of ids are MongoDB's way."""
    for field in (relation.field_a, relation.field_b):
        if field is not None:
            draft.findings.error(
                "many-to-many-fields",
                field.node.span,
                f"{side(field)} and its opposite are both lists, and one of them names `fields`: PostgreSQL has no "
                f"foreign keys from lists",
                "leave `fields` and `references` out on both sides, or put a model between the two",
            )


def _identified(draft: Draft, field: DraftRelationField) -> None:
    key = field.target.primary_key
    if key is None or len(key.fields) != 1:
        has = "has no `@id`" if key is None else "has an id of several fields"
        draft.findings.error(
            "many-to-many-id",
            field.node.span,
            f"{side(field)} is half of a many-to-many relation, but `{field.target.name}` {has}: the join table holds "
            f"one column for each side",
            f"give `{field.target.name}` one field with `@id`, or put a model between the two",
        )


def _bare(draft: Draft, field: DraftRelationField) -> None:
    if field.references is not None:
        names = quoted([each.name for each in field.references]) if field.references else "nothing"
        draft.findings.error(
            "many-to-many-references",
            field.node.span,
            f"{side(field)} is half of a many-to-many relation and names `references` ({names}): the join table always "
            f"refers to the ids",
            "remove `references`, or make one of the two sides a single one",
        )
    for argument, given in (("onDelete", field.on_delete), ("onUpdate", field.on_update)):
        if given is not None:
            draft.findings.error(
                "many-to-many-action",
                given[1],
                f"{side(field)} is half of a many-to-many relation, where `{argument}` cannot be chosen: the join "
                f"table's rows go with either side",
                f"remove `{argument}`, or put a model between the two and set it there",
            )
