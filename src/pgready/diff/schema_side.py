"""A schema as a side: what Prisma's engine would make of it, in the schema's own words and order."""

from __future__ import annotations

from pgready.catalog.names import ObjectName
from pgready.diff.sides import (
    Algorithm,
    Arity,
    Column,
    ColumnType,
    Constant,
    Default,
    Enum,
    Extension,
    Family,
    ForeignKey,
    Index,
    IndexColumn,
    PrimaryKey,
    Side,
    Table,
)
from pgready.diff.times import as_prisma_prints
from pgready.psl import schema as psl
from pgready.psl.native_types import DEFAULTS, TYPES, numbers
from pgready.psl.operator_classes import OPERATOR_CLASSES
from pgready.sql.names import quote_ident

_ARITIES: dict[psl.Arity, Arity] = {"required": "required", "optional": "nullable", "list": "list"}
_ACTIONS: dict[psl.Action, str] = {
    "Cascade": "CASCADE",
    "Restrict": "RESTRICT",
    "NoAction": "NO ACTION",
    "SetNull": "SET NULL",
    "SetDefault": "SET DEFAULT",
}
_FAMILIES: dict[str, Family] = {
    "String": "string",
    "Boolean": "boolean",
    "Int": "int",
    "BigInt": "bigint",
    "Float": "float",
    "Decimal": "float",
    "DateTime": "datetime",
    "Json": "json",
    "Bytes": "bytes",
}


def side_of_schema(schema: psl.Schema, default_schema: str = "public") -> Side:
    """What `schema` asks of a database whose connection makes things in `default_schema`."""
    return _Reader(schema, default_schema).side()


class _Reader:
    """Reads one schema."""

    def __init__(self, schema: psl.Schema, default_schema: str) -> None:
        self._schema = schema
        self._default = default_schema
        self._foreign_keys: dict[str, list[ForeignKey]] = {}

    def side(self) -> Side:
        schema = self._schema
        source = schema.datasource
        named = sorted(source.schemas) if source else []
        for relation in schema.relations:
            self._read_foreign_key(relation)
        tables = [self._table(model) for model in schema.models]
        tables += [self._join_table(each.join_table, each) for each in schema.relations if each.join_table]
        return Side(
            default_schema=self._default,
            schemas=tuple(named or [self._default]),
            extensions=tuple(
                Extension(each.database_name, each.schema or "", each.version or "")
                for each in sorted(source.extensions if source else (), key=lambda each: each.name)
            ),
            enums=tuple(
                Enum(self._name(each.database_name, each.schema), tuple(value.database_name for value in each.values))
                for each in schema.enums
            ),
            tables=tuple(tables),
        )

    def _name(self, name: str, schema: str | None) -> ObjectName:
        return ObjectName(schema or self._default, name)

    def _table_name(self, model: psl.Model) -> ObjectName:
        return self._name(model.database_name, model.schema)

    def _table(self, model: psl.Model) -> Table:
        key = model.primary_key
        return Table(
            name=self._table_name(model),
            columns=tuple(self._column(field) for field in model.scalar_fields),
            primary_key=None if key is None else PrimaryKey(key.database_name, model.columns(key.field_names)),
            indexes=tuple(self._index(model, each) for each in model.indexes),
            foreign_keys=tuple(self._foreign_keys.get(model.name, ())),
        )

    # -- columns -------------------------------------------------------------------------------------------------------

    def _column(self, field: psl.ScalarField) -> Column:
        default = field.default
        function = default.name if isinstance(default, psl.FunctionDefault) else ""
        return Column(
            name=field.database_name,
            type=self._type(field),
            arity=_ARITIES[field.arity],
            default=self._column_default(field),
            is_autoincrement=function == "autoincrement",
            is_client_filled=function not in ("", "autoincrement", "now"),
        )

    def _type(self, field: psl.ScalarField) -> ColumnType:
        if field.kind == "unsupported":
            return ColumnType("other", field.type)
        if field.kind == "enum":
            enum = self._schema.enum(field.type)
            return ColumnType("enum", enum=self._name(enum.database_name, enum.schema))
        native = field.native_type
        if native is None:
            name, arguments = next(given for scalar, given in DEFAULTS.items() if scalar == field.type)
            return ColumnType("known", name, arguments)
        found = numbers(TYPES[native.name], list(native.arguments)) or []
        return ColumnType("known", native.name, tuple(found))

    def _column_default(self, field: psl.ScalarField) -> Default | None:
        default = field.default
        if isinstance(default, psl.FunctionDefault):
            if default.name == "now":
                return Default("now")
            return Default("sequence", text="") if default.name == "autoincrement" else None
        if isinstance(default, psl.DatabaseDefault):
            if default.expression is None and field.kind == "enum":
                return None
            return Default("expression", text=default.expression)
        if isinstance(default, psl.ListDefault):
            return Default("list", tuple(self._constant(field, each) for each in default.values))
        return None if default is None else Default("constant", (self._constant(field, default),))

    def _constant(self, field: psl.ScalarField, default: psl.LiteralDefault | psl.EnumDefault) -> Constant:
        if isinstance(default, psl.EnumDefault):
            values = self._schema.enum(field.type).values
            return Constant("enum", next(each.database_name for each in values if each.name == default.value))
        family = _FAMILIES[field.type]
        value = default.value
        return Constant(family, as_prisma_prints(str(value)) if family == "datetime" else value)

    # -- indexes -------------------------------------------------------------------------------------------------------

    def _index(self, model: psl.Model, index: psl.Index) -> Index:
        algorithm: Algorithm = index.algorithm or "BTree"
        return Index(
            name=index.database_name,
            columns=tuple(self._index_column(model, each, algorithm) for each in index.fields),
            is_unique=index.is_unique,
            algorithm=algorithm,
            where=None if index.where is None else _condition(model, index.where),
        )

    def _index_column(self, model: psl.Model, field: psl.IndexField, algorithm: Algorithm) -> IndexColumn:
        name = model.scalar(field.name).database_name
        given = field.operator_class
        if given is None or field.is_raw:
            return IndexColumn(name, field.sort, given)
        is_default = (
            algorithm == "SpGist" if given == "InetOps" else not given.endswith(("PathOps", "BloomOps", "MultiOps"))
        )
        return IndexColumn(name, field.sort, OPERATOR_CLASSES[given].in_sql, is_default)

    # -- relations -----------------------------------------------------------------------------------------------------

    def _read_foreign_key(self, relation: psl.Relation) -> None:
        key = relation.foreign_key
        if key is None or not key.is_enforced:
            return
        model, target = self._schema.model(relation.model_a), self._schema.model(relation.model_b)
        made = ForeignKey(
            name=key.database_name,
            columns=model.columns(key.fields),
            target=self._table_name(target),
            target_columns=target.columns(key.references),
            on_delete=_ACTIONS[key.on_delete],
            on_update=_ACTIONS[key.on_update],
        )
        self._foreign_keys.setdefault(model.name, []).append(made)

    def _join_table(self, join: psl.JoinTable, relation: psl.Relation) -> Table:
        sides = (
            (self._schema.model(relation.model_a), join.id_a, join.column_a, join.foreign_key_a),
            (self._schema.model(relation.model_b), join.id_b, join.column_b, join.foreign_key_b),
        )
        columns = []
        foreign_keys = []
        for model, key, name, constraint in sides:
            field = model.scalar(key)
            columns.append(Column(name, self._type(field), _ARITIES[field.arity]))
            target = self._table_name(model)
            foreign_keys.append(
                ForeignKey(constraint, (name,), target, (field.database_name,), "CASCADE", "CASCADE"),
            )
        names = (join.column_a, join.column_b)
        return Table(
            name=self._name(join.database_name, join.schema),
            columns=tuple(columns),
            primary_key=PrimaryKey(join.primary_key, names),
            indexes=(Index(join.index, (IndexColumn(join.column_b),)),),
            foreign_keys=tuple(foreign_keys) if join.is_enforced else (),
        )


def _condition(model: psl.Model, where: psl.Predicate) -> str:
    if where.sql is not None:
        return where.sql
    parts = []
    for each in where.conditions:
        name = quote_ident(model.scalar(each.field).database_name)
        value = each.value
        if value is None:
            parts.append(f"{name} IS {'NOT ' if each.negated else ''}NULL")
            continue
        if isinstance(value, bool):
            text = "true" if value else "false"
        elif isinstance(value, str):
            text = "'" + value.replace("'", "''") + "'"
        else:
            text = str(value) if isinstance(value, int) else format(value, "f")
        parts.append(f"{name} {'!=' if each.negated else '='} {text}")
    return " AND ".join(parts)
