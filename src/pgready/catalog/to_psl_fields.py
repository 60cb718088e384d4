"""The fields of pulled models and views: columns and relations, as lines of PSL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pgready.catalog.names import ObjectName
from pgready.catalog.table import ForeignKey
from pgready.catalog.to_psl_defaults import Constant, Found
from pgready.catalog.to_psl_existing import Existing
from pgready.catalog.to_psl_names import Name, Names
from pgready.catalog.to_psl_tables import Seen, SeenColumn, SeenIndex, SeenIndexColumn, SeenTable, SeenView
from pgready.catalog.to_psl_write import array, call, comment, constant, sanitised, text
from pgready.psl import constraint_names
from pgready.psl import schema as psl

_NO_NAME = (
    "This field was commented out because of an invalid name. "
    "Please provide a valid one that matches [a-zA-Z][a-zA-Z0-9_]*"
)
_ACTIONS = {
    "NO ACTION": "NoAction",
    "RESTRICT": "Restrict",
    "CASCADE": "Cascade",
    "SET NULL": "SetNull",
    "SET DEFAULT": "SetDefault",
}
_CLIENT = ("ulid", "cuid", "uuid", "nanoid")
_CALL = re.compile(r"@default\s*\(\s*(\w+\s*\(\s*\d*\s*\))")


@dataclass(frozen=True, slots=True)
class Pull:
    """All that the text is made of."""

    seen: Seen
    existing: Existing
    names: Names
    datasource: str
    says_schema: bool
    with_views: bool
    has_foreign_keys: bool = True

    @property
    def models(self) -> tuple[SeenTable, ...]:
        """The tables that become models: neither Prisma's own nor those of many-to-many relations."""
        own = self.names.is_join_table
        return tuple(one for one in self.seen.tables if not own(one.name) and not one.is_prismas_own)

    def table(self, name: ObjectName) -> SeenTable:
        """The table of this name."""
        return self.seen.table(name)


def sorting(column: SeenIndexColumn) -> list[str]:
    """The arguments of an index's column."""
    return (["sort: Desc"] if column.descending else []) + (
        [f"ops: {column.operator_class}"] if column.operator_class is not None else []
    )


def index_map(table: str, index: SeenIndex) -> list[str]:
    """`map:` where the name is not Prisma's."""
    if index.kind == "primary":
        made = constraint_names.primary_key(table)
    elif index.kind == "unique":
        made = constraint_names.unique(table, index.column_names)
    else:
        made = constraint_names.index(table, index.column_names)
    return [] if index.name == made else [f"map: {text(index.name)}"]


def where(index: SeenIndex) -> list[str]:
    """`where:` of a partial index."""
    return [] if index.where is None else [f"where: raw({text(index.where)})"]


# -- columns -----------------------------------------------------------------------------------------------------------


def column_name(name: Name, column: str) -> str:
    """A field's name: the column's where nothing of it can be said."""
    return name.text or column


def table_fields(pull: Pull, table: SeenTable) -> Iterator[str]:
    """The lines of a table's columns."""
    model = pull.existing.models.get(table.name)
    for column in table.columns:
        found = pull.existing.field(model, column.name)
        name = pull.names.table_column(table.name, column.name)
        attributes = []
        key = table.primary_key
        if key is not None and key.column_names == (column.name,):
            order = ["sort: Desc"] if key.columns[0].descending else []
            attributes.append(call("@id", [*order, *index_map(table.name.name, key)]))
        unique = next(
            (one for one in table.indexes if one.kind == "unique" and one.column_names == (column.name,)), None
        )
        if unique is not None:
            order = ["sort: Desc"] if unique.columns[0].descending else []
            attributes.append(call("@unique", [*index_map(table.name.name, unique), *order, *where(unique)]))
        yield from _field(pull, column, name, found, attributes, column.arity)


def view_fields(pull: Pull, view: SeenView) -> Iterator[str]:
    """The lines of a view's columns; its keys are the existing schema's."""
    model = pull.existing.views.get(view.name)
    for column in view.columns:
        found = pull.existing.field(model, column.name)
        name = pull.names.view_column(view.name, column.name)
        attributes = []
        if model is not None and found is not None:
            key = model.primary_key
            if key is not None and key.field_names == (found.name,):
                attributes.append(call("@id", _given_map(key.mapped_name)))
            for one in model.indexes:
                if one.is_unique and one.is_on_field and one.field_names == (found.name,):
                    attributes.append(call("@unique", _given_map(one.mapped_name)))
                    break
        arity = column.arity
        if found is not None and arity == "optional" and found.arity != "optional":
            arity = found.arity
        yield from _field(pull, column, name, found, attributes, arity)


def _given_map(name: str | None) -> list[str]:
    return [] if name is None else [f"map: {text(name)}"]


def _field(
    pull: Pull, column: SeenColumn, name: Name, found: psl.ScalarField | None, attributes: list[str], arity: psl.Arity
) -> Iterator[str]:
    suffix = {"required": "", "optional": "?", "list": "[]"}[arity]
    words = [column_name(name, column.name), _type(pull, column) + suffix, *attributes]
    default = _default(pull, column, found)
    if default is not None:
        words.append(f"@default({default})")
    if found is not None and found.is_updated_at:
        words.append("@updatedAt")
    if name.mapped is not None:
        words.append(f"@map({text(name.mapped)})")
    native = column.type.shown_native
    if native is not None:
        words.append(f"@{pull.datasource}." + native[0] + (f"({', '.join(native[1])})" if native[1] else ""))
    if found is not None and found.is_ignored:
        words.append("@ignore")
    is_out = not sanitised(column.name)
    if is_out:
        yield from comment(_NO_NAME)
    elif found is not None and found.documentation:
        yield from comment(found.documentation)
    yield ("// " if is_out else "") + " ".join(words)


def _type(pull: Pull, column: SeenColumn) -> str:
    type_ = column.type
    if type_.enum is not None:
        return pull.names.enum(type_.enum.name).text
    return type_.scalar or f"Unsupported({text(type_.raw)})"


def _default(pull: Pull, column: SeenColumn, found: psl.ScalarField | None) -> str | None:
    family, default = column.type.family, column.default
    if column.is_autoincrement and family in ("Int", "BigInt"):
        return "autoincrement()"
    if default is None:
        return _client_default(found) if found is not None and column.type.scalar == "String" else None
    if default.kind == "sequence":
        return "autoincrement()"
    if default.kind == "expression":
        return _generated(default.expression)
    if default.kind == "now":
        return "now()" if family == "DateTime" else None
    return _constants(pull, column, default)


def _generated(expression: str | None) -> str:
    return f"dbgenerated({text(expression)})" if expression else "dbgenerated()"


def _client_default(found: psl.ScalarField) -> str | None:
    """A default that Prisma's client computes, as the existing schema writes it."""
    if not isinstance(found.default, psl.FunctionDefault) or found.default.name not in _CLIENT:
        return None
    written = None if found.span is None else _CALL.search(found.span.text)
    if written is not None:
        return re.sub(r"\s", "", written[1])
    return f"{found.default.name}({', '.join(str(one) for one in found.default.arguments)})"


def _constants(pull: Pull, column: SeenColumn, default: Found) -> str:
    if default.kind == "list":
        return array(_item(one) for one in default.constants if not one.is_json)
    one = default.constant
    if one is None:
        raise AssertionError("a constant that is none")
    if one.is_label and column.type.enum is not None:
        name = pull.names.enum_value(column.type.enum, str(one.value))
        return name.text or _generated(name.mapped)
    return _item(one)


def _item(one: Constant) -> str:
    if isinstance(one.value, str):
        return one.value if one.is_label else text(one.value)
    return constant(one.value)


# -- relations ---------------------------------------------------------------------------------------------------------


def relation_fields(pull: Pull, table: SeenTable) -> Iterator[str]:
    """The lines of a model's relations."""
    model = pull.existing.models.get(table.name)
    if not pull.has_foreign_keys:
        if model is not None:
            yield from copied_relations(pull, model)
        return
    for one in pull.seen.tables:
        if pull.names.is_join_table(one.name):
            continue
        for key in one.foreign_keys:
            if one.name == table.name:
                yield from _forward(pull, one, key)
            if key.target == table.name:
                yield from _back(pull, one, key)
    for join in pull.names.join_tables:
        yield from _many(pull, table, join)
    if model is not None:
        yield from copied_relations(pull, model, with_views_only=True)


def _forward(pull: Pull, table: SeenTable, key: ForeignKey) -> Iterator[str]:
    names = pull.names.inline(table.name, key)
    if names is None:
        return
    columns = [table.column(column) for column in key.columns]
    any_required = any(one.arity == "required" for one in columns)
    any_optional = any(one.arity != "required" for one in columns)
    arguments = [text(names.relation)] if names.relation else []
    own = [pull.names.table_column(table.name, column).text for column in key.columns]
    theirs = [pull.names.table_column(key.target, column).text for column in key.target_columns]
    arguments += [f"fields: {array(own)}", f"references: {array(theirs)}"]
    if key.on_delete != ("RESTRICT" if any_required else "SET NULL"):
        arguments.append(f"onDelete: {_ACTIONS[key.on_delete]}")
    if key.on_update != "CASCADE":
        arguments.append(f"onUpdate: {_ACTIONS[key.on_update]}")
    relation = pull.existing.relations.get((table.name, key.name))
    given = None if relation is None or relation.foreign_key is None else relation.foreign_key.mapped_name
    made = constraint_names.foreign_key(table.name.name, key.columns)
    if given is not None or key.name != made:
        arguments.append(f"map: {text(given if given is not None else key.name)}")
    type_ = pull.names.model(key.target).text + ("?" if any_optional else "")
    yield _relation_line(names.forward, type_, call("@relation", arguments), _ignores(pull, table, key, table.name))


def _back(pull: Pull, table: SeenTable, key: ForeignKey) -> Iterator[str]:
    names = pull.names.inline(table.name, key)
    if names is None:
        return
    is_single = any(
        index.kind != "normal" and all(column in key.columns for column in index.column_names)
        for index in table.indexes
    )
    type_ = pull.names.model(table.name).text + ("?" if is_single else "[]")
    attribute = call("@relation", [text(names.relation)]) if names.relation else ""
    yield _relation_line(names.back, type_, attribute, _ignores(pull, table, key, key.target))


def _ignores(pull: Pull, table: SeenTable, key: ForeignKey, on: ObjectName) -> bool:
    target = pull.table(key.target)
    if table.has_identifier and target.has_identifier:
        return False
    # Prisma looks at what the schema says of the model only for a relation that was in the schema.
    has_old = (table.name, key.name) in pull.existing.relations
    return not is_ignored(pull, pull.table(on), has_old=has_old)


def is_ignored(pull: Pull, table: SeenTable, *, has_old: bool = True) -> bool:
    """Whether clients cannot use the model: the schema says so, or no row can be named."""
    model = pull.existing.models.get(table.name) if has_old else None
    return (model is not None and model.is_ignored) or (not table.has_identifier and bool(table.columns))


def join_sides(table: SeenTable) -> tuple[ForeignKey, ForeignKey]:
    """The foreign keys of a join table: that of column A, that of column B."""
    one, other = table.foreign_keys
    return (one, other) if one.columns[0].lower() == "a" else (other, one)


def _many(pull: Pull, table: SeenTable, join: SeenTable) -> Iterator[str]:
    to_a, to_b = join_sides(join)
    names = pull.names.many(join.name)
    attribute = call("@relation", [text(names.relation)]) if names.relation else ""
    if to_a.target == table.name:
        yield _relation_line(names.forward, pull.names.model(to_b.target).text + "[]", attribute)
    if to_b.target == table.name:
        yield _relation_line(names.back, pull.names.model(to_a.target).text + "[]", attribute)


def _relation_line(name: str, type_: str, attribute: str, ignores: bool = False) -> str:
    return " ".join(word for word in (name, type_, attribute, "@ignore" if ignores else "") if word)


def copied(pull: Pull, model: psl.Model, *, with_views_only: bool = False) -> Iterator[psl.RelationField]:
    """The relation fields of the existing schema that the database cannot tell of."""
    schema = pull.existing.schema
    for field in model.relation_fields:
        if with_views_only and not (model.is_view or schema.model(field.model).is_view):
            continue
        if not pull.existing.is_gone(field.model):
            yield field


def copied_relations(pull: Pull, model: psl.Model, *, with_views_only: bool = False) -> Iterator[str]:
    """Their lines."""
    suffixes = {"required": "", "optional": "?", "list": "[]"}
    for field in copied(pull, model, with_views_only=with_views_only):
        relation = pull.existing.schema.relation(model.name, field.name)
        arguments = [text(relation.name)] if relation.is_named else []
        if field.fields:
            arguments.append(f"fields: {array(field.fields)}")
        if field.references:
            arguments.append(f"references: {array(field.references)}")
        if field.on_delete is not None:
            arguments.append(f"onDelete: {field.on_delete}")
        if field.on_update is not None:
            arguments.append(f"onUpdate: {field.on_update}")
        if field.is_owner and relation.foreign_key is not None and relation.foreign_key.mapped_name is not None:
            arguments.append(f"map: {text(relation.foreign_key.mapped_name)}")
        attribute = call("@relation", arguments) if arguments else ""
        yield _relation_line(field.name, field.model + suffixes[field.arity], attribute, field.is_ignored)
