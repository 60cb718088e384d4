"""A database as a side: what Prisma's introspection sees of its catalog."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from pgready.catalog import table
from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.catalog.to_psl_defaults import Constant as SeenConstant
from pgready.catalog.to_psl_defaults import Found
from pgready.catalog.to_psl_tables import Seen, SeenColumn, SeenIndex, see
from pgready.catalog.to_psl_types import Family as SeenFamily
from pgready.catalog.to_psl_types import SeenType
from pgready.diff.sides import (
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

_ARITIES: dict[str, Arity] = {"required": "required", "optional": "nullable", "list": "list"}
_FAMILIES: dict[SeenFamily, Family] = {
    "String": "string",
    "Json": "string",
    "Int": "int",
    "BigInt": "int",
    "Float": "float",
    "Decimal": "float",
    "Boolean": "boolean",
    "Bytes": "bytes",
}
_LATEST = 7
_PLPGSQL = Extension("plpgsql", "pg_catalog", "1.0")


def side_of_catalog(
    catalog: Catalog,
    schemas: Sequence[str] = (),
    default_schema: str = "public",
    *,
    previews: Collection[str] = (),
    style: Literal[6, 7] = 7,
) -> Side:
    """What of `catalog` lies in `schemas` (none: in `default_schema`), as a connection to `default_schema` sees it.

    `previews` and `style` are of the schema that it is held against: Prisma's preview features and version.

    The side has no default schema: of a database's things Prisma writes every name in full. A foreign key into another
    schema, with which Prisma refuses the database, is left alone.
    """
    counted = frozenset(schemas or (default_schema,))
    tables = {each.name: each for each in catalog.tables}
    told = "partialIndexes" in previews
    seen = see(_closed(catalog, counted), counted, default_schema, partial_indexes=told or style == _LATEST)
    return Side(
        schemas=seen.schemas,
        extensions=_extensions(catalog) if "postgresqlExtensions" in previews else (),
        enums=tuple(Enum(each.name, each.labels) for each in sorted(seen.enums, key=lambda each: each.name)),
        tables=tuple(_tables(seen, tables, told)),
    )


def _extensions(catalog: Catalog) -> tuple[Extension, ...]:
    """With the one that every database has from the start."""
    found = [Extension(each.name, each.schema, each.version, each.is_relocatable) for each in catalog.extensions]
    if not any(each.name == _PLPGSQL.name for each in found):
        found.append(_PLPGSQL)
    return tuple(sorted(found, key=lambda each: each.name))


def _closed(catalog: Catalog, schemas: frozenset[str]) -> Catalog:
    """The catalog without foreign keys that leave `schemas`."""

    def leaves(key: table.ForeignKey) -> bool:
        return key.target.schema not in schemas

    if not any(leaves(key) for each in catalog.tables if each.name.schema in schemas for key in each.foreign_keys):
        return catalog
    return replace(
        catalog,
        tables=tuple(
            replace(each, foreign_keys=tuple(key for key in each.foreign_keys if not leaves(key)))
            for each in catalog.tables
        ),
    )


def _tables(seen: Seen, tables: Mapping[ObjectName, table.Table], tells_conditions: bool) -> Iterator[Table]:
    columns = _Columns()
    for each in sorted(seen.tables, key=lambda each: each.name):
        whole = tables[each.name]
        key = each.primary_key
        kept = {index.name: index for index in (*whole.indexes, *(one.index for one in whole.uniques))}
        yield Table(
            name=each.name,
            columns=tuple(map(columns.read, each.columns)),
            primary_key=PrimaryKey(key.name, key.column_names) if key else None,
            indexes=tuple(_index(one, kept, tells_conditions) for one in each.indexes if one.kind != "primary"),
            foreign_keys=tuple(
                ForeignKey(one.name, one.columns, one.target, one.target_columns, one.on_delete, one.on_update)
                for one in sorted(each.foreign_keys, key=lambda one: one.name)
            ),
        )


# -- columns -----------------------------------------------------------------------------------------------------------


class _Columns:
    """Reads columns; one that several tables share is read once, and so are types. What is read must live as long."""

    def __init__(self) -> None:
        self._columns: dict[int, Column] = {}
        self._types: dict[int, ColumnType] = {}
        self._defaults: dict[tuple[int, SeenFamily], Default] = {}

    def read(self, seen: SeenColumn) -> Column:
        """The column."""
        column = self._columns.get(id(seen))
        if column is None:
            column = self._columns[id(seen)] = self._read(seen)
        return column

    def _read(self, seen: SeenColumn) -> Column:
        kind = self._types.get(id(seen.type))
        if kind is None:
            kind = self._types[id(seen.type)] = _type(seen.type)
        default = None
        if seen.default is not None:
            key = (id(seen.default), seen.type.family)
            default = self._defaults.get(key)
            if default is None:
                default = self._defaults[key] = _default(seen.default, seen.type.family)
        return Column(seen.name, kind, _ARITIES[seen.arity], default, is_autoincrement=seen.is_autoincrement)


def _type(seen: SeenType) -> ColumnType:
    if seen.enum is not None:
        return ColumnType("enum", enum=seen.enum.name)
    if seen.native is None:
        return ColumnType("other", f"{seen.raw}({seen.arguments[0]})" if seen.arguments else seen.raw)
    return ColumnType("known", seen.native, tuple(map(int, seen.arguments)))


def _default(found: Found, family: SeenFamily) -> Default:
    if found.kind == "sequence":
        return Default("sequence", text=found.sequence)
    if found.kind == "expression":
        return Default("expression", text=found.expression)
    constants = found.constants if found.constant is None else (found.constant,)
    return Default(found.kind, tuple(_constant(each, family) for each in constants))


def _constant(found: SeenConstant, family: SeenFamily) -> Constant:
    kind: Family = "enum" if found.is_label else "json" if found.is_json else _FAMILIES[family]
    return Constant(kind, found.value)


# -- indexes -----------------------------------------------------------------------------------------------------------


def _index(seen: SeenIndex, kept: Mapping[str, table.Index], tells_conditions: bool) -> Index:
    return Index(
        name=seen.name,
        columns=tuple(_index_columns(seen, kept[seen.name])),
        is_unique=seen.kind == "unique",
        algorithm=seen.algorithm,
        where=seen.where if tells_conditions else None,
        is_taken_as_whole=seen.where is not None and not tells_conditions,
    )


def _index_columns(seen: SeenIndex, index: table.Index) -> Iterator[IndexColumn]:
    """Operator classes count where a kind of index has several for a type, the type's default one too."""
    keys = () if seen.algorithm in ("BTree", "Hash") else index.columns
    for at, column in enumerate(seen.columns):
        sort: Literal["Asc", "Desc"] = "Desc" if column.descending else "Asc"
        key = keys[at] if at < len(keys) else None
        given = None if key is None else key.operator_class or key.default_class
        is_default = key is not None and key.operator_class is None
        yield IndexColumn(column.name, sort, given.name if given else None, is_default_class=is_default)
