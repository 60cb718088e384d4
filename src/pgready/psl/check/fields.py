"""Fields that Prisma takes only when it knows the database."""

from pgready.psl.resolve.draft import Draft, DraftModel


def check(draft: Draft) -> None:
    """Report lists and decimals in a schema without a datasource."""
    if draft.datasource is None:
        for model in draft.models:
            _without_datasource(draft, model)


def _without_datasource(draft: Draft, model: DraftModel) -> None:
    hint = 'add a datasource with `provider = "postgresql"`'
    for field in model.scalar_fields:
        if field.type.scalar == "Decimal":
            message = f"`{field.name}` is a `Decimal`, which Prisma takes only when it knows the database"
            draft.findings.error("decimal-without-datasource", field.node.span, message, hint)
        if field.arity == "list":
            message = f"`{field.name}` is a list, which Prisma takes only when it knows the database"
            draft.findings.error("list-without-datasource", field.node.span, message, hint)
