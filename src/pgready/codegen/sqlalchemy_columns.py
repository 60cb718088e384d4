"""Columns: a scalar field as an attribute of a class, or as a column of a plain table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pgready.catalog.from_psl_types import native_of
from pgready.codegen.enums import EnumNames
from pgready.codegen.layout import Group, Node, call, docstring, quoted, statement
from pgready.codegen.layout import keyword as given
from pgready.codegen.module import Scope
from pgready.codegen.sqlalchemy_types import (
    annotation,
    evaluating_none,
    has_none,
    is_told_by_annotation,
    sql_type,
)
from pgready.codegen.sqlalchemy_values import json_factory, list_factory, python_default, sql_text
from pgready.diff.sides import Column, ForeignKey
from pgready.plan.render_columns import column_type, default_expression
from pgready.psl.schema import (
    DatabaseDefault,
    EnumDefault,
    FunctionDefault,
    ListDefault,
    LiteralDefault,
    ScalarField,
)
from pgready.sql.names import truncate_63

_NOW = {"Date": "now_date", "Time": "now_time", "Timetz": "now_timetz"}
_SERIAL = ("SmallInt", "Integer", "BigInt")


@dataclass(frozen=True, slots=True)
class Place:
    """What a column needs to know of its table: key columns by name, and foreign keys of one column by column.

    `schema` is where names need none (None: they always have one); `later` are the foreign keys, by name, that
    create_all can only add once all tables are there; `is_view`: a row nobody writes.
    """

    scope: Scope
    enums: dict[str, EnumNames]
    schema: str | None
    key: Sequence[str] = ()
    foreign_keys: Mapping[str, Sequence[ForeignKey]] = field(default_factory=dict)
    later: frozenset[str] = frozenset()
    is_view: bool = False


def attribute(name: str, one: ScalarField, column: Column, place: Place, *, is_referred: bool) -> str:
    """The field as an attribute called `name`, its documentation below it; `is_referred`: the class's body uses it."""
    scope = place.scope
    items = _mapped_items(name, one, column, place)
    before = f"{name}: {scope.name('sqlalchemy.orm', 'Mapped')}[{annotation(one, scope, place.enums)}]"
    if items or is_referred:
        made = call(scope.name("sqlalchemy.orm", "mapped_column"), *items)
        text = statement(f"{before} = ", made, 4)
    else:
        text = statement(before, "", 4)
    said = docstring(one.documentation or "", 4)
    return f"{text}\n{said}" if said else text


def table_column(one: ScalarField, column: Column, place: Place) -> Node:
    """The field as `sa.Column(…)` of a table without a class."""
    scope = place.scope
    items: list[Node] = [quoted(truncate_63(column.name)), _column_type(one, column, place)]
    items += [foreign_key(key, place) for key in place.foreign_keys.get(column.name, ())]
    items += _key_items(one, column, place)
    if column.name not in place.key and _is_not_null(one, column):
        items.append("nullable=False")
    items += _server_default(one, column, place)
    return call(scope.sa("Column"), *items)


def foreign_key(key: ForeignKey, place: Place) -> Group:
    """`sa.ForeignKey(…)` of a key of one column."""
    (target,) = targets(key, place.schema)
    return call(place.scope.sa("ForeignKey"), quoted(target), *actions(key, place))


def targets(key: ForeignKey, schema: str | None) -> list[str]:
    """The columns that a key refers to, as SQLAlchemy spells them."""
    table = truncate_63(key.target.name)
    if key.target.schema != schema:
        table = f"{key.target.schema}.{table}"
    return [f"{table}.{truncate_63(name)}" for name in key.target_columns]


def actions(key: ForeignKey, place: Place) -> list[Node]:
    """Name and actions of a foreign key."""
    items: list[Node] = [f"name={quoted(truncate_63(key.name))}"]
    if key.on_delete != "NO ACTION":
        items.append(f'ondelete="{key.on_delete}"')
    if key.on_update != "NO ACTION":
        items.append(f'onupdate="{key.on_update}"')
    return [*items, "use_alter=True"] if key.name in place.later else items


def is_serial(one: ScalarField, column: Column) -> bool:
    """Whether PostgreSQL counts the column up; Prisma allows it for more types than it writes a serial for."""
    return column.is_autoincrement and not one.is_list and native_of(one)[0] in _SERIAL


def _is_not_null(one: ScalarField, column: Column) -> bool:
    return column.arity == "required" or is_serial(one, column)  # serial brings it along


def _counts_alone(one: ScalarField, column: Column, place: Place) -> bool:
    """Whether SQLAlchemy makes the column a serial by itself: the one integer of a key that counts."""
    return is_serial(one, column) and column.name in place.key


def _column_type(one: ScalarField, column: Column, place: Place) -> Node:
    made = sql_type(one, place.scope, place.enums)
    if is_serial(one, column) and not _counts_alone(one, column, place):
        return call(place.scope.orm("Serial"), made)
    return made


def _key_items(one: ScalarField, column: Column, place: Place) -> list[Node]:
    if column.name not in place.key or place.is_view:
        return ["primary_key=True"] if column.name in place.key else []
    items: list[Node] = ["primary_key=True"]
    keys = place.foreign_keys.get(column.name, ())
    if is_serial(one, column):
        if len(place.key) > 1 or keys:
            items.append("autoincrement=True")
    elif len(place.key) == 1 and one.kind == "scalar" and one.type in ("Int", "BigInt") and column.default is None:
        items.append("autoincrement=False")
    return items


def _mapped_items(name: str, one: ScalarField, column: Column, place: Place) -> list[Node]:
    items: list[Node] = [] if column.name == name else [quoted(truncate_63(column.name))]
    counted = is_serial(one, column) and not _counts_alone(one, column, place)
    none_is_meant = _none_is_meant(one) and not place.is_view
    if none_is_meant:
        items.append(evaluating_none(one, _column_type(one, column, place)))
    elif counted or column.name in place.foreign_keys or not is_told_by_annotation(one):
        # A column with a foreign key would take the type of what it refers to, a serial's as well.
        items.append(_column_type(one, column, place))
    items += [foreign_key(key, place) for key in place.foreign_keys.get(column.name, ())]
    items += _key_items(one, column, place)
    if not place.is_view:
        items += _nullable(one, column, place)
        items += _defaults(one, column, place)
    if one.kind == "unsupported" or one.is_ignored:
        items.append("deferred=True")
    return items


def _nullable(one: ScalarField, column: Column, place: Place) -> list[Node]:
    """Where the annotation does not say it, as that of JSON; a list that is NULL is read as one without items."""
    is_not_null = _is_not_null(one, column)
    if column.name in place.key:
        return []
    if one.is_list:
        return ["nullable=True"]
    if has_none(one):
        return [f"nullable={not is_not_null}"]
    return ["nullable=False"] if is_not_null and one.is_optional else []


def _none_is_meant(one: ScalarField) -> bool:
    """Whether a None that was given must reach a column that has a default."""
    return one.is_optional and isinstance(one.default, LiteralDefault | EnumDefault) and one.kind != "unsupported"


def _defaults(one: ScalarField, column: Column, place: Place) -> list[Node]:
    """What a new object has, what an INSERT gets beside that, what an UPDATE does, and the database's own default."""
    scope, default = place.scope, one.default
    server = _server_default(one, column, place)
    if one.kind == "unsupported" or one.is_ignored:
        return [*server, "init=False"]
    is_now = isinstance(default, FunctionDefault) and default.name == "now"
    if is_now or one.is_updated_at:
        moment = scope.orm(_NOW.get(native_of(one)[0], "now"))
        changes = [f"onupdate={moment}"] if one.is_updated_at else []
        return [f"insert_default={moment}", *changes, f"default_factory={scope.orm('left_to_insert')}", *server]
    if isinstance(default, FunctionDefault):
        if default.name == "autoincrement":
            return ["default=None", *server]
        made = _client_value(one, default, scope)
        return [f"default_factory={made}", f"insert_default={made}"]
    if isinstance(default, DatabaseDefault):
        # A JSON column would take the None for a JSON null.
        return ["init=False" if one.type == "Json" or one.is_list else "default=None", *server]
    return [*_initial(one, place), *server]


def _initial(one: ScalarField, place: Place) -> list[Node]:
    """The default of the constructor where it is a constant, or none at all."""
    scope, default = place.scope, one.default
    if isinstance(default, ListDefault):
        factory = list_factory(one, default, scope, place.enums)
        return ["init=False"] if factory is None else [given("default_factory", factory)]
    if one.type == "Json" and isinstance(default, LiteralDefault) and isinstance(default.value, str):
        factory = json_factory(default.value, scope)
        return ["init=False"] if factory is None else [given("default_factory", factory)]
    if isinstance(default, LiteralDefault | EnumDefault):
        value = python_default(one, default, scope, place.enums)
        return ["init=False"] if value is None else [given("default", value)]
    if one.is_list:
        return [f"default_factory={scope.builtin('list')}"]
    return ["default=None"] if one.is_optional else []


def _client_value(one: ScalarField, default: FunctionDefault, scope: Scope) -> str:
    """The function that makes an id as Prisma's client would."""
    if default.name == "uuid":
        name = "uuid7" if default.arguments[:1] == (7,) else "uuid4"
        return scope.orm(name if native_of(one)[0] == "Uuid" else f"{name}_text")
    if default.name == "cuid":
        return scope.orm("cuid2" if default.arguments[:1] == (2,) else "cuid")
    if default.name == "nanoid" and default.arguments:
        return f"{scope.orm('nanoid_of')}({default.arguments[0]})"
    return scope.orm(default.name)


def _server_default(one: ScalarField, column: Column, place: Place) -> list[Node]:
    """The database's default, as Prisma's DDL has it."""
    default, scope = column.default, place.scope
    if default is None or place.is_view:
        return []
    if default.kind == "sequence":
        is_told = not is_serial(one, column) or _counts_alone(one, column, place)
        return [] if is_told else [f"server_default={scope.sa('FetchedValue')}()"]
    if default.kind == "expression":
        text = (default.text or "").strip()
        if not text:  # the database has one that the schema does not tell
            return [f"server_default={scope.sa('FetchedValue')}()"]
        return [] if text.upper() == "NULL" else [given("server_default", sql_text(default.text or "", scope))]
    if default.kind == "constant":
        value = default.constants[0].value
        if isinstance(value, bool):
            return [f"server_default={scope.sa('true' if value else 'false')}()"]
        if isinstance(value, str | bytes):
            shown = value if isinstance(value, str) else "\\x" + value.hex()
            if "'" not in shown:
                return [f"server_default={quoted(shown)}"]
    return [given("server_default", sql_text(default_expression(default, column_type(column, place.schema)), scope))]
