"""Tables: keys, indexes and constraints, beside a class's columns or in tables that have no class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pgready.codegen.circles import Circles
from pgready.codegen.enums import EnumNames
from pgready.codegen.layout import Group, Node, call, listed, quoted, statement, tupled
from pgready.codegen.layout import keyword as given
from pgready.codegen.module import Scope
from pgready.codegen.sqlalchemy_columns import Place, actions, foreign_key, table_column, targets
from pgready.codegen.sqlalchemy_types import sql_type
from pgready.codegen.sqlalchemy_values import sql_text
from pgready.diff.sides import ForeignKey, Index, IndexColumn, Table
from pgready.psl.schema import Model, ScalarField
from pgready.sql.names import quote_ident, truncate_63


def place_of(table: Table, scope: Scope, enums: dict[str, EnumNames], schema: str | None, circles: Circles) -> Place:
    """Where the columns of a table stand; `circles` are those of `in_circles`."""
    single: dict[str, list[ForeignKey]] = {}
    for key in table.foreign_keys:
        if len(key.columns) == 1:
            single.setdefault(key.columns[0], []).append(key)
    key_columns = table.primary_key.columns if table.primary_key else ()
    later = frozenset(key.name for key in table.foreign_keys if _is_later(table, key, circles))
    return Place(scope, enums, schema, key_columns, single, later)


def _is_later(table: Table, key: ForeignKey, circles: Circles) -> bool:
    """Whether create_all cannot make the key with the table: what it refers to comes later.

    A table's own unique indexes come after it; of tables that refer to each other in a circle one must be first.
    """
    if key.target == table.name:
        return table.primary_key is None or set(key.target_columns) != set(table.primary_key.columns)
    mine, other = circles.get(table.name), circles.get(key.target)
    return mine is not None and other is not None and mine[0] == other[0] and mine[1] < other[1]


def table_args(table: Table, place: Place, attributes: Mapping[str, str]) -> Node | None:
    """The value of `__table_args__`, None where nothing is to be said; `attributes` by column name."""
    items = _constraints(table, place)
    items += [_index(one, place.scope, attributes) for one in table.indexes]
    schema = [f'"schema": {quoted(table.name.schema)}'] if table.name.schema != place.schema else []
    items += [Group("{", tuple(schema), "}")] if schema else []
    return tupled(items) if items else None


def plain_table(variable: str, table: Table, model: Model, place: Place) -> str:
    """A table without a class: the statement, and those of the indexes that need its columns."""
    pairs = zip(model.scalar_fields, table.columns, strict=True)
    columns = [table_column(field, column, place) for field, column in pairs]
    return _statements(variable, table, columns, place)


def join_table(variable: str, table: Table, ids: Sequence[ScalarField], place: Place) -> str:
    """The table of an implicit many-to-many relation; `ids` are the fields that its columns hold."""
    scope = place.scope
    columns: list[Node] = []
    for field, column in zip(ids, table.columns, strict=True):
        items: list[Node] = [quoted(column.name), sql_type(field, scope, place.enums)]
        items += [foreign_key(key, place) for key in place.foreign_keys.get(column.name, ())]
        items.append("primary_key=True")
        if not table.foreign_keys and field.kind == "scalar" and field.type in ("Int", "BigInt"):
            items.append("autoincrement=False")
        columns.append(call(scope.sa("Column"), *items))
    return _statements(variable, table, columns, place)


def _statements(variable: str, table: Table, columns: Sequence[Node], place: Place) -> str:
    scope = place.scope
    items: list[Node] = [quoted(truncate_63(table.name.name)), f"{scope.generated('base', 'Base')}.metadata"]
    items += [*columns, *_constraints(table, place)]
    later = [one for one in table.indexes if any(column.sort == "Desc" for column in one.columns)]
    items += [_index(one, scope, {}) for one in table.indexes if one not in later]
    if table.name.schema != place.schema:
        items.append(f"schema={quoted(table.name.schema)}")
    lines = [statement(f"{variable} = ", call(scope.sa("Table"), *items))]
    for one in later:
        attributes = {column.name: f"{variable}.c[{quoted(truncate_63(column.name))}]" for column in one.columns}
        made = _index(one, scope, attributes, is_qualified=True)
        lines.append(statement(made.open, Group("", made.items, made.close)))
    return "\n".join(lines)


def _constraints(table: Table, place: Place) -> list[Node]:
    scope = place.scope
    items: list[Node] = []
    key = table.primary_key
    if key is not None:
        in_order = tuple(column.name for column in table.columns if column.name in key.columns)
        if key.name != f"{table.name.name}_pkey" or in_order != key.columns:
            name = f"name={quoted(truncate_63(key.name))}"
            columns = [quoted(truncate_63(one)) for one in key.columns]
            items.append(call(scope.sa("PrimaryKeyConstraint"), *columns, name))
    for one in table.foreign_keys:
        if len(one.columns) > 1:
            own = listed([quoted(truncate_63(name)) for name in one.columns])
            theirs = listed([quoted(name) for name in targets(one, place.schema)])
            items.append(call(scope.sa("ForeignKeyConstraint"), own, theirs, *actions(one, place)))
    return items


def _index(index: Index, scope: Scope, attributes: Mapping[str, str], *, is_qualified: bool = False) -> Group:
    """`sa.Index(…)`: columns by name where nothing hangs on their order, else as expressions."""
    items: list[Node] = [quoted(truncate_63(index.name))]
    classes: list[Node] = []
    for column in index.columns:
        items.append(_index_column(column, scope, attributes, is_qualified=is_qualified))
        if column.operator_class and column.sort != "Desc":
            classes.append(f"{quoted(truncate_63(column.name))}: {quoted(column.operator_class)}")
    if index.is_unique:
        items.append("unique=True")
    if index.algorithm != "BTree":
        items.append(f"postgresql_using={quoted(index.algorithm.lower())}")
    if classes:
        items.append(given("postgresql_ops", Group("{", tuple(classes), "}")))
    if index.where is not None:
        items.append(given("postgresql_where", sql_text(index.where, scope, "Boolean")))
    return call(scope.sa("Index"), *items)


def _index_column(column: IndexColumn, scope: Scope, attributes: Mapping[str, str], *, is_qualified: bool) -> Node:
    if column.sort != "Desc":
        return attributes[column.name] if is_qualified else quoted(truncate_63(column.name))
    if column.operator_class:
        return sql_text(f"{quote_ident(column.name)} {column.operator_class} DESC", scope)
    return f"{attributes[column.name]}.desc()"
