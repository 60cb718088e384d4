"""What `db pull` warns of, in Prisma's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pgready.catalog.model import Enum
from pgready.catalog.to_psl_fields import Pull, column_name, copied, join_sides
from pgready.catalog.to_psl_tables import SeenColumn, SeenTable, SeenView
from pgready.catalog.to_psl_write import needs_other_name, sanitised

_NOT_YET = "which is not yet fully supported"
_FULLY = "These constraints are not supported by Prisma Client, because Prisma currently does not fully support"
_NO_NAMES = (
    "These fields were commented out because their names are currently not supported by Prisma. "
    "Please provide valid ones that match [a-zA-Z][a-zA-Z0-9_]* using the `@map` attribute:"
)
_MAPPED = "These fields were enriched with `@map` information taken from the previous Prisma schema:"
_NO_TYPE = "These fields are not supported by Prisma Client, because Prisma currently does not support their types:"
_TITLES = {
    "empty fields of a Model": _NO_NAMES,
    "empty fields of a View": _NO_NAMES,
    "mapped fields of a Model": _MAPPED,
    "mapped fields of a View": _MAPPED,
    "empty values": "These enum values were commented out because their names are currently not supported by Prisma. "
    "Please provide valid ones that match [a-zA-Z][a-zA-Z0-9_]* using the `@map` attribute:",
    "no columns": "The following models were commented out as we could not retrieve columns for them. "
    "Please check your privileges:",
    "no identifier": "The following models were ignored as they do not have a valid unique identifier or id. "
    "This is currently not supported by Prisma Client:",
    "named model ids": "These models were enriched with custom compound id names taken from the "
    "previous Prisma schema:",
    "named view ids": "These views were enriched with custom compound id names taken from the previous Prisma schema:",
    "unsupported fields of a Model": _NO_TYPE,
    "unsupported fields of a View": _NO_TYPE,
    "mapped models": "These models were enriched with `@@map` information taken from the previous Prisma schema:",
    "mapped views": "These views were enriched with `@@map` information taken from the previous Prisma schema:",
    "mapped values": "These enum values were enriched with `@map` information taken from the previous Prisma schema:",
    "mapped enums": "These enums were enriched with `@@map` information taken from the previous Prisma schema:",
    "copied relations": "Relations were copied from the previous data model due to not using foreign keys in the "
    "database. If any of the relation columns changed in the database, the relations might not be correct anymore:",
    "duplicates": "These items were renamed due to their names being duplicates in the Prisma schema:",
    "partitions": "These tables are partition tables, which are not yet fully supported:",
    "children": "These tables are inherited tables, which are not yet fully supported:",
    "nulls": f"These index columns are having a non-default null sort order, {_NOT_YET}. "
    "Read more: https://pris.ly/d/non-default-index-null-ordering",
    "row security": f"These tables contain row level security, {_NOT_YET}. "
    "Read more: https://pris.ly/d/row-level-security",
    "checks": f"{_FULLY} check constraints. Read more: https://pris.ly/d/check-constraints",
    "exclusions": f"{_FULLY} exclusion constraints. Read more: https://pris.ly/d/exclusion-constraints",
    "deferrable": "These primary key, foreign key or unique constraints are using non-default deferring in the "
    f"database, {_NOT_YET}. Read more: https://pris.ly/d/constraint-deferring",
    "comments": f"These objects have comments defined in the database, {_NOT_YET}. "
    "Read more: https://pris.ly/d/database-comments",
    "expressions": "These indexes are not supported by Prisma Client, because Prisma currently does not fully support "
    "expression indexes. Read more: https://pris.ly/d/expression-indexes",
}
"""In the order in which they are told."""


class _Warnings:
    """Lines by title; `grouped` ones gather the fields of a model in one line."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = {title: [] for title in _TITLES}
        self._grouped: dict[str, dict[str, list[str]]] = {}

    def add(self, title: str, line: str) -> None:
        self._lines[title].append(line)

    def group(self, title: str, head: str, name: str) -> None:
        self._grouped.setdefault(title, {}).setdefault(head, []).append(name)

    def told(self) -> Iterator[str]:
        for title, words in _TITLES.items():
            lines = [
                f"{head}, field(s): [{', '.join(_quoted(one) for one in sorted(names))}]"
                for head, names in sorted(self._grouped.get(title, {}).items())
            ] + self._lines[title]
            if lines:
                yield "\n".join([words, *(f"  - {line}" for line in lines)])


def warnings_text(pull: Pull, broken: Sequence[tuple[str, str]] = ()) -> str | None:
    """All warnings as one text, None for none."""
    found = _Warnings()
    for enum in pull.seen.enums:
        _enum(pull, enum, found)
    for table in pull.models:
        _model(pull, table, found)
    if pull.with_views:
        for view in pull.seen.views:
            _view(pull, view, found)
    _constraints(pull, found)
    told = [one + "\n" for one in found.told()]
    last = "".join(_broken(broken))
    return "\n".join(["*** WARNING ***\n", *told]) + last if told or last else None


def _quoted(name: str) -> str:
    return f'"{name}"'


def _enum(pull: Pull, enum: Enum, found: _Warnings) -> None:
    name, model = pull.names.enum(enum.name), pull.existing.enums.get(enum.name)
    if model is not None and name.mapped is not None:
        found.add("mapped enums", f'"{name.text}"')
    if model is None and not pull.names.is_unique(enum.name.name):
        found.add("duplicates", f'Type: "enum", name: "{name.text}"')
    if enum.comment is not None:
        found.add("comments", f'Type: "enum", name: "{name.text}"')
    for label in enum.labels:
        given = pull.names.enum_value(enum, label)
        shown = given.text or label
        if not shown or needs_other_name(shown):
            found.add("empty values", f'Enum: "{name.text}", value: "{shown}"')
        elif given.mapped is not None and pull.existing.enum_value(enum, label) is not None:
            found.add("mapped values", f'Enum: "{name.text}", value: "{shown}"')


def _model(pull: Pull, table: SeenTable, found: _Warnings) -> None:
    name, model = pull.names.model(table.name), pull.existing.models.get(table.name)
    quoted = _quoted(name.text)
    key = None if model is None else model.primary_key
    if key is not None and key.name is not None and _is_compound(table):
        found.add("named model ids", quoted)
    if not table.columns:
        found.add("no columns", quoted)
    elif not table.has_identifier and not (model is not None and model.is_ignored):
        found.add("no identifier", quoted)
    if table.is_partitioned:
        found.add("partitions", quoted)
    if table.has_children:
        found.add("children", quoted)
    if table.row_security:
        found.add("row security", quoted)
    if model is None and not pull.names.is_unique(table.name.name):
        found.add("duplicates", f'Type: "model", name: "{name.text}"')
    if model is not None and model.mapped_name is not None:
        found.add("mapped models", quoted)
    if table.comment is not None:
        found.add("comments", f'Type: "model", name: "{name.text}"')
    for constraint in table.checks:
        found.add("checks", f'Model: "{name.text}", constraint: "{constraint}"')
    for index in table.expression_indexes:
        found.add("expressions", f'Model: "{name.text}", constraint: "{index}"')
    for column in table.columns:
        given = pull.names.table_column(table.name, column.name)
        has_old = pull.existing.field(model, column.name) is not None
        _column(
            column,
            column_name(given, column.name),
            "Model",
            name.text,
            found,
            is_mapped=has_old and given.mapped is not None,
        )
    if model is not None:
        for field in copied(pull, model, with_views_only=pull.has_foreign_keys):
            found.add("copied relations", _quoted(field.model))


def _is_compound(table: SeenTable) -> bool:
    return table.primary_key is not None and len(table.primary_key.columns) > 1


def _view(pull: Pull, view: SeenView, found: _Warnings) -> None:
    name, model = pull.names.view(view.name), pull.existing.views.get(view.name)
    key = None if model is None else model.primary_key
    if key is not None and key.name is not None and len(key.fields) > 1:
        found.add("named view ids", _quoted(name.text))
    if model is None and not pull.names.is_unique(view.name.name):
        found.add("duplicates", f'Type: "view", name: "{name.text}"')
    if model is not None and model.mapped_name is not None:
        found.add("mapped views", _quoted(name.text))
    if view.comment is not None:
        found.add("comments", f'Type: "view", name: "{name.text}"')
    for column in view.columns:
        given = pull.names.view_column(view.name, column.name)
        has_old = pull.existing.field(model, column.name) is not None
        _column(
            column,
            column_name(given, column.name),
            "View",
            name.text,
            found,
            is_mapped=has_old and given.mapped is not None,
        )
    if model is not None:
        for field in copied(pull, model):
            found.add("copied relations", _quoted(field.model))


def _column(column: SeenColumn, field: str, kind: str, model: str, found: _Warnings, *, is_mapped: bool) -> None:
    head = f'{kind}: "{model}"'
    if is_mapped:
        found.add(f"mapped fields of a {kind}", f'{head}, field: "{field}"')
    if column.type.is_unsupported:
        found.add(
            f"unsupported fields of a {kind}", f'{head}, field: "{field}", original data type: "{column.type.raw}"'
        )
    if not sanitised(column.name):
        found.group(f"empty fields of a {kind}", head, field)
    if column.comment is not None:
        found.add("comments", f'Type: "field", name: "{model}.{field}"')


def _constraints(pull: Pull, found: _Warnings) -> None:
    """Of every table, join tables included."""
    for table in pull.seen.tables:
        model = pull.names.model(table.name).text
        for index in table.indexes:
            for column in index.columns:
                if column.has_odd_nulls:
                    found.add("nulls", f'Index: "{index.name}", column: "{column.name}"')
            if index.is_deferrable:
                found.add("deferrable", f'Model: "{model}", constraint: "{index.name}"')
        for key in table.foreign_keys:
            if key.deferrable or key.initially_deferred:
                found.add("deferrable", f'Model: "{model}", constraint: "{key.name}"')
        for constraint in table.exclusions:
            found.add("exclusions", f'Model: "{model}", constraint: "{constraint}"')


def broken_joins(pull: Pull) -> Iterator[tuple[str, str]]:
    """Many-to-many relations of the existing schema whose table does not lead where the schema says."""
    order = {model.name: number for number, model in enumerate(pull.existing.schema.models)}
    seen = set()
    for join in pull.names.join_tables:
        relation = pull.existing.many.get(join.name)
        if relation is None:
            continue
        for key, wanted in zip(join_sides(join), (relation.model_a, relation.model_b), strict=True):
            model = pull.existing.models.get(key.target)
            if model is not None and model.name != wanted:
                one, other = sorted((relation.model_a, relation.model_b), key=lambda name: order[name])
                seen.add((one, other))
    yield from sorted(seen)


def _broken(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for one, other in pairs:
        yield (
            f'The many-to-many relation between "{one}" and "{other}" is broken due to the naming of the models. '
            "Prisma creates many-to-many relations based on the alphabetical ordering of the names of the models "
            "and these two models now produce the reverse of the expected ordering."
        )
