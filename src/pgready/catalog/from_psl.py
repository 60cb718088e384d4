"""A Prisma schema as a catalog: what Prisma's engine would create in an empty database, in introspection's normal form.

What differs from a catalog that was read from a database:

- objects stand in the order of the schema, which is the order in which Prisma creates them (enums, models, then join
  tables; columns and indexes within a table alike). `in_order` sorts a catalog as introspection does;
- `schemas` are those that something is in, by name: Prisma makes no others, whatever the datasource lists;
- what only a database knows is empty: owners, grants, and the version and schema of an extension where the schema
  does not say them. Names longer than PostgreSQL keeps stay as written.

The stored form of SQL that the schema holds (`dbgenerated("…")`, a partial index's predicate) can be told for a good
part of it (see `expressions`); `Declared.as_written` lists where it cannot, and the catalog has the schema's text.
What Prisma goes by and no database holds is not here: `pgready.diff` reads that from the schema itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pgready.catalog.expressions import Surroundings, printed
from pgready.catalog.from_psl_defaults import kept_default
from pgready.catalog.from_psl_indexes import index_columns, predicate_sql
from pgready.catalog.from_psl_sequences import serial_name, serial_options
from pgready.catalog.from_psl_types import scalar_type, unsupported_type
from pgready.catalog.model import Catalog, Enum, Extension, Schema, Sequence
from pgready.catalog.names import ObjectName
from pgready.catalog.shown import shown_literal, shown_name
from pgready.catalog.table import Action, Column, ForeignKey, Index, IndexColumn, Key, NotNull, Table
from pgready.catalog.type_names import SYSTEM_TYPES
from pgready.catalog.types import SYSTEM, DataType
from pgready.collection import uncollected
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
class Declared:
    """A schema's catalog; `as_written` has table and column, or table and index, whose SQL is as the schema has it."""

    catalog: Catalog
    as_written: tuple[tuple[ObjectName, str], ...] = ()


def catalog_of(schema: psl.Schema, default_schema: str = "public") -> Catalog:
    """The catalog of a valid schema; what has no `@@schema` goes to `default_schema` (`?schema=` of the URL)."""
    return read_schema(schema, default_schema).catalog


def read_schema(schema: psl.Schema, default_schema: str = "public") -> Declared:
    """`catalog_of`, and where its SQL is not in the form that a database would have."""
    with uncollected():
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
        self._is_qualified = datasource is not None and bool(datasource.schemas)
        self._extensions = () if datasource is None else datasource.extensions
        self._extension_schemas = {one.database_name: one.schema for one in self._extensions if one.schema}
        self._enums = {one.name: self._name(one.schema, one.database_name) for one in schema.enums}
        self._labels = {one.name: {each.name: each.database_name for each in one.values} for one in schema.enums}
        self._tables = {one.name: self._name(one.schema, one.database_name) for one in schema.models}
        self._taken: set[ObjectName] = set()
        self._sequences: list[Sequence] = []
        self._as_written: list[tuple[ObjectName, str]] = []
        self._known: dict[tuple[object, ...], tuple[DataType, str | None, bool]] = {}
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
        return Declared(catalog, tuple(self._as_written))

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

    def _type(self, field: psl.ScalarField) -> DataType:
        if field.kind == "enum":
            name = self._enums[field.type]
            if not self._is_qualified and name.name in SYSTEM_TYPES:
                name = ObjectName(SYSTEM, name.name)  # Prisma writes the bare name, and PostgreSQL's own comes first
            return DataType(name, "", 1 if field.is_list else 0)
        read = scalar_type if field.kind == "scalar" else unsupported_type
        return read(field, self._extension_schemas, self._default)

    def _column(self, table: ObjectName, field: psl.ScalarField, *, is_key: bool) -> Column:
        name = field.database_name
        # Most fields of a schema are of a few kinds, and reading SQL costs more than all else. A default counts as
        # written: 0.0 and 0.00 are equal values, and PostgreSQL keeps both.
        said = None if field.default is None else repr(field.default)
        key = (field.kind, field.type, field.arity, field.native_type, said)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._kind_of(field)
        type_, default, is_read = known
        if not is_read:
            self._as_written.append((table, name))
        not_null = is_key or field.arity == "required"
        if isinstance(field.default, psl.FunctionDefault) and field.default.name == "autoincrement":
            default = self._serial(table, name, type_)
            not_null = not_null or default is not None  # serial brings it along
        return Column(name, type_, _NOT_NULL if not_null else None, default)

    def _kind_of(self, field: psl.ScalarField) -> tuple[DataType, str | None, bool]:
        """Type, default (no sequence), and whether the default is in the form that a database would have."""
        type_, said = self._type(field), field.default
        if not isinstance(said, psl.DatabaseDefault):
            default = None if said is None else kept_default(said, type_, self._labels.get(field.type, {}))
            return type_, default, True
        if not said.expression or said.expression.strip().upper() == "NULL":
            return type_, None, True
        default = printed(said.expression, self._nothing_around, type_)
        return type_, said.expression if default is None else default, default is not None

    def _serial(self, table: ObjectName, column: str, type_: DataType) -> str | None:
        options = serial_options(type_)
        if options is None:  # Prisma allows it for more types than it writes a serial for
            return None
        name = serial_name(table, column, self._taken)
        self._taken.add(name)
        self._sequences.append(Sequence(name, options, owned_by=(table, column)))
        return f"nextval({shown_literal(shown_name(name))}::regclass)"

    def _index(self, table: ObjectName, model: psl.Model, index: psl.Index, types: Mapping[str, DataType]) -> Index:
        where = None
        if index.where is not None:
            around = self._nothing_around._replace(columns=types)
            text = predicate_sql(model, index.where)
            where = printed(text, around)
            if where is None:
                self._as_written.append((table, index.database_name))
                where = text
            elif where == "true":  # PostgreSQL keeps no such predicate
                where = None
        return Index(
            index.database_name,
            (index.algorithm or "BTree").lower(),
            index_columns(model, index, self._extension_schemas, self._default),
            is_unique=index.is_unique,
            where=where,
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
            columns.append(Column(column, self._type(field), _NOT_NULL))
            keys.append(
                ForeignKey(key, (column,), self._tables[model_name], (field.database_name,), "CASCADE", "CASCADE")
            )
        self._taken |= {name, ObjectName(name.schema, join.primary_key)}
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
