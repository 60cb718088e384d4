"""Enums in the database: their names and schemas."""

from pgready.psl.resolve.draft import Draft, DraftEnum
from pgready.psl.source import Span


def check(draft: Draft) -> None:
    """Report two enums of one name, and schemas that are missing or unknown."""
    names = {} if draft.datasource is None else dict(draft.datasource.schemas)
    first: dict[tuple[str | None, str], DraftEnum] = {}
    for enum in draft.enums:
        key = (None if enum.schema is None else enum.schema[0], enum.database_name)
        other = first.setdefault(key, enum)
        if other is not enum:
            message = f"the enums `{other.name}` and `{enum.name}` have the same name `{key[1]}` in the database"
            draft.findings.error("enum-database-name", enum.node.span, message, "give one of them another `@@map`")
        _schema(draft, enum, names)


def _schema(draft: Draft, enum: DraftEnum, names: dict[str, Span]) -> None:
    source, findings = draft.datasource, draft.findings
    if source is None:
        if enum.schema is not None:
            message = f"`@@schema` of enum `{enum.name}` needs a datasource, and this schema has none"
            hint = 'add one with `provider = "postgresql"`'
            findings.error("schema-without-datasource", enum.schema[1], message, hint)
        return
    if enum.schema is not None and enum.schema[0] not in names:
        message = f"schema `{enum.schema[0]}` of enum `{enum.name}` is not listed in the datasource"
        hint = f'add `"{enum.schema[0]}"` to `schemas`'
        if names:
            hint += ", which lists " + ", ".join(f"`{name}`" for name in list(names)[:8])
        findings.error("schema-unknown", enum.schema[1], message, hint)
    if enum.schema is None and source.schemas_span is not None:
        message = f"enum `{enum.name}` does not say which schema it is in"
        findings.error("schema-missing", enum.node.span, message, f'add `@@schema("{next(iter(names))}")`')
