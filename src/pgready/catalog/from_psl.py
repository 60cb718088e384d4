"""A Prisma schema as a catalog: what Prisma's engine would create in an empty database, in introspection's normal form.

Two things differ from a catalog that was read from a database:

- objects stand in the order of the schema, which is the order in which Prisma creates them (enums, models, then join
  tables; columns and indexes within a table alike). `in_order` sorts a catalog as introspection does;
- `schemas` are those that something is in, by name: Prisma makes no others, whatever the datasource lists;
- what only a database knows is empty: owners, grants, and the version and schema of an extension where the schema
  does not say them. Names longer than PostgreSQL keeps stay as written.

`read_schema` also tells, beside the catalog, what Prisma goes by and no database holds: how it writes a type or a
default in SQL, which defaults its client computes, whether names are qualified.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pgready.catalog.expressions import Surroundings, printed
from pgready.catalog.from_psl_defaults import kept_default, prisma_default
from pgready.catalog.from_psl_indexes import index_columns, prisma_operator_classes, prisma_predicate
from pgready.catalog.from_psl_sequences import serial_name, serial_options
from pgready.catalog.from_psl_types import SERIAL, FieldType, enum_type, scalar_type, unsupported_type
from pgready.catalog.model import Catalog, Enum, Extension, Schema, Sequence
from pgready.catalog.names import ObjectName
from pgready.catalog.shown import shown_literal, shown_name
from pgready.catalog.table import Action, Column, ForeignKey, Index, IndexColumn, Key, NotNull, Table
from pgready.catalog.types import DataType
from pgready.psl import schema as psl

_ACTIONS: dict[psl.Action, Action] = {
    "Cascade": "CASCADE",
    "Restrict": "RESTRICT",
    "NoAction": "NO ACTION",
    "SetNull": "SET NULL",
    "SetDefault": "SET DEFAULT",
}
_NOT_NULL = NotNull()


@dataclass(frozen=True, slots=True)
class DeclaredColumn:
    """What the schema says of a column beyond what a database keeps.

    `type_sql` is the type as Prisma writes it in CREATE TABLE (`VARCHAR(20)[]`, `SERIAL`, `"Role"`, the text of
    Unsupported); `default` is the schema's own, `default_sql` what Prisma writes behind DEFAULT, None for nothing.
    `is_as_written`: the default is SQL whose stored form only a server can tell, so the catalog has it as written.
    """

    type_sql: str
    default: psl.Default | None = None
    default_sql: str | None = None
    is_as_written: bool = False

    @property
    def is_client_default(self) -> bool:
        """Whether Prisma's client computes the default (`uuid()`, `cuid()`, …): the database has none."""
        return isinstance(self.default, psl.FunctionDefault) and self.default.name not in ("now", "autoincrement")

    @property
    def is_autoincrement(self) -> bool:
        """Whether the column is serial."""
        return isinstance(self.default, psl.FunctionDefault) and self.default.name == "autoincrement"

    @property
    def is_unknown_default(self) -> bool:
        """Whether the database has a default that the schema does not tell: `dbgenerated()`."""
        return isinstance(self.default, psl.DatabaseDefault) and not self.default.expression


@dataclass(frozen=True, slots=True)
class DeclaredIndex:
    """What the schema says of an index: `index` is None for a join table's.

    `operator_classes` has for every column the class by its name in SQL, or None where the schema names none;
    `where_sql` is what Prisma writes inside of WHERE (…), None for nothing; `is_as_written` as in DeclaredColumn.
    """

    index: psl.Index | None
    operator_classes: tuple[str | None, ...]
    where_sql: str | None = None
    is_as_written: bool = False


@dataclass(frozen=True, slots=True)
class Declared:
    """A schema's catalog, and beside it what Prisma goes by.

    `default_schema` is where things without `@@schema` are; `is_qualified` tells whether Prisma writes schemas before
    names (where the datasource lists `schemas`). `columns` and `indexes` are keyed by table and name, and complete.
    """

    catalog: Catalog
    default_schema: str
    is_qualified: bool
    columns: Mapping[tuple[ObjectName, str], DeclaredColumn]
    indexes: Mapping[tuple[ObjectName, str], DeclaredIndex]


def catalog_of(schema: psl.Schema, default_schema: str = "public") -> Catalog:
    """The catalog of a valid schema; what has no `@@schema` goes to `default_schema` (`?schema=` of the URL)."""
    return read_schema(schema, default_schema).catalog


def read_schema(schema: psl.Schema, default_schema: str = "public") -> Declared:
    """`catalog_of`, with what Prisma goes by beside it."""
    return _Reader(schema, default_schema).read()


def in_order(catalog: Catalog) -> Catalog:
    """The same objects sorted by the code points of their names, as introspection gives them."""
    tables = [
        replace(
            table,
            indexes=tuple(sorted(table.indexes, key=lambda one: one.name)),
            foreign_keys=tuple(sorted(table.foreign_keys, key=lambda one: one.name)),
        )
        for table in catalog.tables
    ]
    return replace(
        catalog,
        schemas=tuple(sorted(catalog.schemas, key=lambda one: one.name)),
        extensions=tuple(sorted(catalog.extensions, key=lambda one: one.name)),
        enums=tuple(sorted(catalog.enums, key=lambda one: one.name)),
        sequences=tuple(sorted(catalog.sequences, key=lambda one: one.name)),
        tables=tuple(sorted(tables, key=lambda one: one.name)),
    )


class _Reader:
    """Reads one schema."""

    def __init__(self, schema: psl.Schema, default_schema: str) -> None:
        self._schema = schema
        self._default = default_schema
        datasource = schema.datasource
        self._listed = () if datasource is None else datasource.schemas
        self._extensions = () if datasource is None else datasource.extensions
        self._extension_schemas = {one.database_name: one.schema for one in self._extensions if one.schema}
        self._enums = {one.name: self._name(one.schema, one.database_name) for one in schema.enums}
        self._labels = {one.name: {each.name: each.database_name for each in one.values} for one in schema.enums}
        self._tables = {one.name: self._name(one.schema, one.database_name) for one in schema.models}
        self._taken: set[ObjectName] = set()
        self._sequences: list[Sequence] = []
        self._columns: dict[tuple[ObjectName, str], DeclaredColumn] = {}
        self._indexes: dict[tuple[ObjectName, str], DeclaredIndex] = {}
        self._foreign_keys: dict[str, list[ForeignKey]] = {}
        enums = {self._enums[one.name]: tuple(self._labels[one.name].values()) for one in schema.enums}
        self._nothing_around = Surroundings({}, self._extension_schemas, default_schema, enums)

    def _name(self, schema: str | None, name: str) -> ObjectName:
        return ObjectName(schema or self._default, name)

    def read(self) -> Declared:
        """The whole schema."""
        for relation in self._schema.relations:
            if relation.foreign_key is not None and relation.foreign_key.is_enforced:
                key = self._foreign_key(relation, relation.foreign_key)
                self._foreign_keys.setdefault(relation.model_a, []).append(key)
        tables = [self._table(model) for model in self._schema.models]
        tables += [
            self._join_table(relation, relation.join_table)
            for relation in self._schema.relations
            if relation.join_table is not None and {relation.model_a, relation.model_b} <= self._tables.keys()
        ]
        used = {one.schema for one in (*self._tables.values(), *self._enums.values())}
        catalog = Catalog(
            schemas=tuple(Schema(name) for name in sorted(used)),
            extensions=tuple(
                Extension(one.database_name, one.schema or "", one.version or "") for one in self._extensions
            ),
            enums=tuple(
                Enum(self._enums[one.name], tuple(value.database_name for value in one.values))
                for one in self._schema.enums
            ),
            sequences=tuple(self._sequences),
            tables=tuple(tables),
        )
        return Declared(catalog, self._default, bool(self._listed), self._columns, self._indexes)

    # -- tables --------------------------------------------------------------------------------------------------------

    def _table(self, model: psl.Model) -> Table:
        name = self._tables[model.name]
        key = model.primary_key
        keyed = frozenset(() if key is None else key.field_names)
        columns = tuple([self._column(name, field, is_key=field.name in keyed) for field in model.scalar_fields])
        self._taken.add(name)
        primary_key = None
        if key is not None:
            self._taken.add(ObjectName(name.schema, key.database_name))
            primary_key = _primary_key(key.database_name, model.columns(key.field_names))
        types = {column.name: column.type for column in columns}
        return Table(
            name=name,
            columns=columns,
            primary_key=primary_key,
            foreign_keys=tuple(self._foreign_keys.get(model.name, ())),
            indexes=tuple([self._index(name, model, one, types) for one in model.indexes]),
        )

    def _field_type(self, field: psl.ScalarField) -> FieldType:
        if field.kind == "enum":
            return enum_type(field, self._enums[field.type], is_qualified=bool(self._listed))
        read = scalar_type if field.kind == "scalar" else unsupported_type
        return read(field, self._extension_schemas, self._default)

    def _column(self, table: ObjectName, field: psl.ScalarField, *, is_key: bool) -> Column:
        type_, type_sql = self._field_type(field)
        labels = self._labels.get(field.type, {})
        name = field.database_name
        default_sql = prisma_default(field, type_sql, labels)
        default, is_as_written = None, False
        if isinstance(field.default, psl.DatabaseDefault):
            if default_sql is not None and default_sql.strip().upper() != "NULL":
                default = printed(default_sql, self._nothing_around, type_)
                is_as_written = default is None
                default = default_sql if default is None else default
        elif field.default is not None:
            default = kept_default(field.default, type_, labels)
        declared = DeclaredColumn(type_sql, field.default, default_sql, is_as_written)
        not_null = is_key or field.arity == "required"
        if declared.is_autoincrement:
            declared = replace(declared, type_sql=SERIAL.get(type_sql, type_sql))
            default = self._serial(table, name, type_)
            not_null = not_null or default is not None  # serial brings it along
        self._columns[table, name] = declared
        return Column(name, type_, _NOT_NULL if not_null else None, default)

    def _serial(self, table: ObjectName, column: str, type_: DataType) -> str | None:
        options = serial_options(type_)
        if options is None:  # Prisma allows it for more types than it writes a serial for
            return None
        name = serial_name(table, column, self._taken)
        self._taken.add(name)
        self._sequences.append(Sequence(name, options, owned_by=(table, column)))
        return f"nextval({shown_literal(shown_name(name))}::regclass)"

    def _index(self, table: ObjectName, model: psl.Model, index: psl.Index, types: Mapping[str, DataType]) -> Index:
        where_sql = None if index.where is None else prisma_predicate(model, index.where)
        where = None if where_sql is None else printed(where_sql, self._nothing_around._replace(columns=types))
        declared = DeclaredIndex(
            index, prisma_operator_classes(index), where_sql, where_sql is not None and where is None
        )
        self._indexes[table, index.database_name] = declared
        return Index(
            index.database_name,
            (index.algorithm or "BTree").lower(),
            index_columns(model, index, self._extension_schemas, self._default),
            is_unique=index.is_unique,
            where=where_sql if where is None else where,
        )

    def _foreign_key(self, relation: psl.Relation, key: psl.ForeignKey) -> ForeignKey:
        one, other = self._schema.model(relation.model_a), self._schema.model(relation.model_b)
        return ForeignKey(
            key.database_name,
            one.columns(key.fields),
            self._tables[other.name],
            other.columns(key.references),
            on_delete=_ACTIONS[key.on_delete],
            on_update=_ACTIONS[key.on_update],
        )

    def _join_table(self, relation: psl.Relation, join: psl.JoinTable) -> Table:
        name = self._name(join.schema, join.database_name)
        sides = (
            (join.column_a, relation.model_a, join.id_a, join.foreign_key_a),
            (join.column_b, relation.model_b, join.id_b, join.foreign_key_b),
        )
        columns, keys = [], []
        for column, model_name, id_, key in sides:
            field = self._schema.model(model_name).scalar(id_)
            type_, type_sql = self._field_type(field)
            self._columns[name, column] = DeclaredColumn(type_sql)
            columns.append(Column(column, type_, _NOT_NULL))
            keys.append(
                ForeignKey(key, (column,), self._tables[model_name], (field.database_name,), "CASCADE", "CASCADE")
            )
        self._taken |= {name, ObjectName(name.schema, join.primary_key)}
        self._indexes[name, join.index] = DeclaredIndex(None, (None,))
        return Table(
            name=name,
            columns=tuple(columns),
            primary_key=_primary_key(join.primary_key, (join.column_a, join.column_b)),
            foreign_keys=tuple(keys) if join.is_enforced else (),
            indexes=(Index(join.index, "btree", (IndexColumn(join.column_b),)),),
        )


def _primary_key(name: str, columns: tuple[str, ...]) -> Key:
    index = Index(name, "btree", tuple([IndexColumn(column) for column in columns]), is_unique=True)
    return Key(name, columns, is_primary=True, index=index)
