"""Primary keys: what PostgreSQL's can have, and names that do not collide in the client."""

from pgready.psl.resolve.draft import Draft, DraftKey, DraftScalarField
from pgready.psl.resolve.index_fields import shown


def check(draft: Draft) -> None:
    """Report primary keys of tables that are empty, sorted, cut, clustered, or named like a field."""
    for model in draft.models:
        if model.primary_key is not None and not model.is_view:
            _check_key(draft, model.primary_key)


def _check_key(draft: Draft, key: DraftKey) -> None:
    span, findings = key.attribute.span, draft.findings
    label = "@id" if key.source_field is not None else "@@id"
    what = f"`{label}` of {shown(key.owner)}"
    if not key.fields:
        findings.error("id-without-fields", span, f"{what} lists no fields", "list one at least: `@@id([…])`")
    if len(key.fields) > 1:
        joined = "_".join(each.field.name for each in key.fields)
        if isinstance(key.owner.fields.get(joined), DraftScalarField):
            findings.error(
                "client-name-taken",
                span,
                f"the client calls {what} `{joined}`, and the field `{joined}` has that name already",
                f'rename the field, and keep its column by `@map("{joined}")`',
            )
    if any(each.length is not None for each in key.fields):
        message = f"{what} has a `length`, which primary keys of PostgreSQL cannot have"
        findings.error("id-length", span, message, "remove `length`")
    if any(each.sort is not None for each in key.fields):
        message = f"{what} has a `sort`, which primary keys of PostgreSQL cannot have"
        findings.error("id-sort", span, message, "remove `sort`, and add an `@@index` with it if a query needs one")
    if key.clustered is not None:
        message = f"{what} says `clustered`, which PostgreSQL does not have"
        findings.error("clustered", span, message, "remove `clustered`")
    if key.mapped_name is not None and draft.datasource is None:
        message = f"the primary key of {shown(key.owner)} has a name in the database, which needs a `datasource` block"
        findings.error("id-without-datasource", key.owner.node.span, message, "add one")
