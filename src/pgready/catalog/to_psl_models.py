"""The blocks of a pulled schema: enums, models, views."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgready.catalog.model import Enum
from pgready.catalog.to_psl_fields import (
    Pull,
    column_name,
    copied_relations,
    index_map,
    is_ignored,
    relation_fields,
    sorting,
    table_fields,
    view_fields,
    where,
)
from pgready.catalog.to_psl_names import Name, is_reserved
from pgready.catalog.to_psl_tables import SeenIndex, SeenTable, SeenView
from pgready.catalog.to_psl_write import array, block, call, comment, needs_other_name, text
from pgready.psl import schema as psl

_LAST = (1, 0)
_SETUP = "requires additional setup for migrations. Visit https://pris.ly/d"
_COMMENTED = (
    "in the database, and requires an additional setup for migrations: Read more: https://pris.ly/d/database-comments"
)
_NO_COLUMNS = (
    "We could not retrieve columns for the underlying table. "
    "Either it has none or you are missing rights to see them. Please check your privileges."
)
_NO_IDENTIFIER = (
    "The underlying table does not contain a valid unique identifier "
    "and can therefore currently not be handled by Prisma Client."
)


def enum_text(pull: Pull, enum: Enum) -> str:
    """An enum's block."""
    found = pull.existing.enums.get(enum.name)
    name = pull.names.enum(enum.name)
    documentation = [] if found is None or found.documentation is None else [found.documentation]
    if found is None and enum.comment is not None:
        documentation.append(f"This enum is commented {_COMMENTED}")
    lines = []
    for label in enum.labels:
        value = pull.existing.enum_value(enum, label)
        if value is not None and value.documentation:
            lines += comment(value.documentation)
        given = pull.names.enum_value(enum, label)
        shown = given.text or label
        line = shown + ("" if given.mapped is None else f" @map({text(given.mapped)})")
        lines.append(("// " if not shown or needs_other_name(shown) else "") + line)
    return block("enum", name.text, documentation, [*lines, *_last(pull, name, enum.name.schema)])


def model_text(pull: Pull, table: SeenTable) -> str:
    """A model's block."""
    model = pull.existing.models.get(table.name)
    name = pull.names.model(table.name)
    lines = [*table_fields(pull, table), *relation_fields(pull, table)]
    key = table.primary_key
    if key is not None and len(key.columns) > 1:
        given = None if model is None or model.primary_key is None else model.primary_key.name
        lines.append(_index(pull, table, key, "@@id", given))
    lines += [line for _, line in sorted(_indexes(pull, table, model), key=lambda one: one[0])]
    lines += _last(pull, name, table.name.schema, is_ignored=is_ignored(pull, table))
    notes = _unsaid(_notes(pull, table, name, model))
    return block("model", name.text, notes, lines, is_out=not table.columns)


def _unsaid(notes: Sequence[str]) -> list[str]:
    """The notes without those that stand above already, as those of an earlier pull do."""
    said: list[str] = []
    for note in notes:
        if note not in "\n".join(said):
            said.append(note)
    return said


def view_text(pull: Pull, view: SeenView) -> str:
    """A view's block: keys, indexes and relations are the existing schema's."""
    model = pull.existing.views.get(view.name)
    name = pull.names.view(view.name)
    notes = [] if model is None or model.documentation is None else [model.documentation]
    if model is None and name.mapped is not None and is_reserved(view.name.name):
        notes.append(_renamed("view", name))
    if model is None and (view.comment is not None or any(one.comment is not None for one in view.columns)):
        notes.append(f"This view or at least one of its fields has comments {_COMMENTED}")
    lines = list(view_fields(pull, view))
    if model is not None:
        lines += copied_relations(pull, model)
        lines += _copied_keys(model)
    lines += _last(pull, name, view.name.schema, is_ignored=model is not None and model.is_ignored)
    return block("view", name.text, notes, lines)


def _last(pull: Pull, name: Name, schema: str, *, is_ignored: bool = False) -> Iterator[str]:
    if name.mapped is not None:
        yield f"@@map({text(name.mapped)})"
    if is_ignored:
        yield "@@ignore"
    if pull.says_schema:
        yield f"@@schema({text(schema)})"


def _renamed(kind: str, name: Name) -> str:
    return (
        f"This {kind} has been renamed to '{name.text}' during introspection, "
        f"because the original name '{name.mapped}' is reserved."
    )


def _notes(pull: Pull, table: SeenTable, name: Name, model: psl.Model | None) -> list[str]:
    """What stands above a model: its own documentation, then what Prisma says of a table that it shows first."""
    notes = [] if model is None or model.documentation is None else [model.documentation]
    is_new = model is None
    if is_new and name.mapped is not None and is_reserved(table.name.name):
        notes.append(_renamed("model", name))
    if is_new and table.is_partitioned:
        notes.append(f"This table is a partition table and {_SETUP}/partition-tables for more info.")
    if is_new and table.has_children:
        notes.append(f"This table has subclasses and {_SETUP}/table-inheritance for more info.")
    if is_new and table.checks:
        notes.append(f"This table contains check constraints and {_SETUP}/check-constraints for more info.")
    if is_new and table.exclusions:
        notes.append(f"This table contains exclusion constraints and {_SETUP}/exclusion-constraints for more info.")
    if not table.columns:
        notes.append(_NO_COLUMNS)
    elif not table.has_identifier and not (model is not None and model.is_ignored):
        notes.append(_NO_IDENTIFIER)
    if is_new and (table.comment is not None or any(one.comment is not None for one in table.columns)):
        notes.append(f"This model or at least one of its fields has comments {_COMMENTED}")
    if is_new and _has_deferrable(pull, table):
        notes.append(
            f"This model has constraints using non-default deferring rules and {_SETUP}/constraint-deferring "
            "for more info."
        )
    if is_new and table.row_security:
        notes.append(f"This model contains row level security and {_SETUP}/row-level-security for more info.")
    if _adds_odd_nulls(pull, table, model):
        notes.append(
            f"This model contains an index with non-default null sort order and {_SETUP}/default-index-null-ordering "
            "for more info."
        )
    if table.expression_indexes:
        notes.append(
            "This model contains an expression index which requires additional setup for migrations. "
            "Visit https://pris.ly/d/expression-indexes for more info."
        )
    return notes


def _has_deferrable(pull: Pull, table: SeenTable) -> bool:
    if any(one.is_deferrable for one in table.indexes):
        return True
    return pull.has_foreign_keys and any(
        (one.deferrable or one.initially_deferred) and pull.names.inline(table.name, one) is not None
        for one in table.foreign_keys
    )


def _adds_odd_nulls(pull: Pull, table: SeenTable, model: psl.Model | None) -> bool:
    for index in table.indexes:
        found = pull.existing.index(model, index)
        for at, column in enumerate(index.columns):
            if column.has_odd_nulls and (found is None or at >= len(found.fields)):
                return True
    return False


def _indexes(pull: Pull, table: SeenTable, model: psl.Model | None) -> Iterator[tuple[tuple[int, int], str]]:
    """The indexes that are no field's, each with its place: those of the schema first, in its order."""
    for index in table.indexes:
        if index.kind == "primary" or (index.kind == "unique" and len(index.columns) == 1):
            continue
        found = pull.existing.index(model, index)
        place = _LAST if found is None or found.span is None else (0, found.span.start)
        attribute = "@@unique" if index.kind == "unique" else "@@index"
        yield place, _index(pull, table, index, attribute, None if found is None else found.name)


def _index(pull: Pull, table: SeenTable, index: SeenIndex, attribute: str, given: str | None) -> str:
    fields = []
    for column in index.columns:
        name = column_name(pull.names.table_column(table.name, column.name), column.name)
        fields.append(call(name, sorting(column)))
    arguments = [array(fields)]
    if given is not None:
        arguments.append(f"name: {text(given)}")
    arguments += index_map(table.name.name, index)
    if index.kind != "primary" and index.algorithm != "BTree":
        arguments.append(f"type: {index.algorithm}")
    return call(attribute, [*arguments, *where(index)])


def _copied_keys(model: psl.Model) -> Iterator[str]:
    key = model.primary_key
    if key is not None and len(key.fields) > 1:
        yield _copied("@@id", key.field_names, key.name, key.mapped_name, None)
    for index in model.indexes:
        if not (index.is_unique and len(index.fields) == 1):
            attribute = "@@unique" if index.is_unique else "@@index"
            yield _copied(attribute, index.field_names, index.name, index.mapped_name, index.algorithm)


def _copied(
    attribute: str, fields: tuple[str, ...], name: str | None, mapped: str | None, algorithm: str | None
) -> str:
    arguments = [array(fields)]
    if name is not None:
        arguments.append(f"name: {text(name)}")
    if mapped is not None:
        arguments.append(f"map: {text(mapped)}")
    if algorithm not in (None, "BTree"):
        arguments.append(f"type: {algorithm}")
    return call(attribute, arguments)
