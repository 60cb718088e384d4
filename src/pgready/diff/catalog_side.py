"""A database as a side: what Prisma's introspection would see of its catalog."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pgready.catalog import model, table
from pgready.catalog.names import ObjectName
from pgready.catalog.types import DataType
from pgready.diff.sides import (
    Algorithm,
    Arity,
    Column,
    ColumnType,
    Default,
    Enum,
    Extension,
    ForeignKey,
    Index,
    IndexColumn,
    PrimaryKey,
    Side,
    Table,
)
from pgready.diff.stored_defaults import stored_default

_KNOWN = {
    "int2": "SmallInt",
    "int4": "Integer",
    "int8": "BigInt",
    "oid": "Oid",
    "float4": "Real",
    "float8": "DoublePrecision",
    "bool": "Boolean",
    "text": "Text",
    "citext": "Citext",
    "varchar": "VarChar",
    "bpchar": "Char",
    "char": "Char",
    "date": "Date",
    "bytea": "ByteA",
    "json": "Json",
    "jsonb": "JsonB",
    "uuid": "Uuid",
    "xml": "Xml",
    "bit": "Bit",
    "varbit": "VarBit",
    "numeric": "Decimal",
    "money": "Money",
    "time": "Time",
    "timetz": "Timetz",
    "timestamp": "Timestamp",
    "timestamptz": "Timestamptz",
    "inet": "Inet",
}
_TIMES = frozenset(("time", "timetz", "timestamp", "timestamptz"))
_ALGORITHMS: dict[str, Algorithm] = {"hash": "Hash", "gist": "Gist", "gin": "Gin", "spgist": "SpGist", "brin": "Brin"}


def side_of_catalog(
    catalog: model.Catalog,
    schemas: Sequence[str] = (),
    default_schema: str = "public",
    *,
    with_partial_indexes: bool = False,
) -> Side:
    """What of `catalog` lies in `schemas` (none: in `default_schema`), as a connection to `default_schema` sees it.

    The side has no default schema: of a database's things Prisma writes every name in full.
    """
    return _Reader(catalog, frozenset(schemas or (default_schema,)), default_schema, with_partial_indexes).side()


class _Reader:
    """Reads one catalog."""

    def __init__(self, catalog: model.Catalog, schemas: frozenset[str], default: str, with_partial: bool) -> None:
        self._catalog = catalog
        self._schemas = schemas
        self._default = default
        self._with_partial = with_partial
        # Most defaults of a database are the same few.
        self._defaults: dict[tuple[str, ColumnType, bool], Default | None] = {}
        self._enums = {enum.name for enum in catalog.enums if enum.name.schema in schemas}

    def side(self) -> Side:
        catalog = self._catalog
        return Side(
            schemas=tuple(sorted(each.name for each in catalog.schemas if each.name in self._schemas)),
            extensions=tuple(Extension(each.name, each.schema, each.version) for each in catalog.extensions),
            enums=tuple(
                Enum(each.name, each.labels)
                for each in sorted(catalog.enums, key=lambda each: each.name)
                if each.name in self._enums and each.labels
            ),
            tables=tuple(
                self._table(each) for each in sorted(catalog.tables, key=lambda each: each.name) if self._is_seen(each)
            ),
        )

    def _is_seen(self, found: table.Table) -> bool:
        """Partitions are their parent's business."""
        is_leaf = found.partition is not None and found.partition_key is None
        return found.name.schema in self._schemas and not is_leaf

    def _table(self, found: table.Table) -> Table:
        key = found.primary_key
        return Table(
            name=found.name,
            columns=tuple(map(self._column, found.columns)),
            primary_key=PrimaryKey(key.name, key.columns) if key else None,
            indexes=tuple(sorted(self._indexes(found), key=lambda each: each.name)),
            foreign_keys=tuple(
                ForeignKey(each.name, each.columns, each.target, each.target_columns, each.on_delete, each.on_update)
                for each in sorted(found.foreign_keys, key=lambda each: each.name)
                if each.target.schema in self._schemas
            ),
        )

    def _column(self, found: table.Column) -> Column:
        kind = self._type(found.type)
        is_list = found.type.dimensions > 0
        arity: Arity = "list" if is_list else "required" if found.not_null else "nullable"
        text = found.generated.expression if found.generated else found.default
        default: Default | None = None
        if text is not None:
            key = (text, kind, is_list)
            if key not in self._defaults:
                self._defaults[key] = stored_default(text, kind, is_list=is_list, default_schema=self._default)
            default = self._defaults[key]
        is_counting = found.identity is not None or (default is not None and default.kind == "sequence")
        return Column(found.name, kind, arity, default, is_autoincrement=is_counting)

    def _type(self, found: DataType) -> ColumnType:
        if found.name in self._enums:
            return ColumnType("enum", enum=found.name)
        name = found.name.name
        known = _KNOWN.get(name)
        if known is None or not (found.is_system or name == "citext"):
            return ColumnType("other", name)
        arguments = tuple(int(each) for each in found.modifier.split(",")) if found.modifier else ()
        if name in _TIMES and not arguments and not found.dimensions:
            arguments = (6,)  # what information_schema says of no precision
        return ColumnType("known", known, arguments)

    def _indexes(self, found: table.Table) -> Iterator[Index]:
        """Constraints that are indexes, too; none with expressions, none that is partial unless asked for."""
        for index in (*found.indexes, *(key.index for key in found.uniques)):
            if any(each.is_expression for each in index.columns):
                continue
            if index.where is not None and not self._with_partial:
                continue
            yield Index(
                name=index.name,
                columns=(*map(_index_column, index.columns), *(IndexColumn(name, "Asc") for name in index.include)),
                is_unique=index.is_unique,
                algorithm=_ALGORITHMS.get(index.method, "BTree"),
                where=index.where,
            )


def _index_column(found: table.IndexColumn) -> IndexColumn:
    """The default class is as good as none: what says nothing means it."""
    sort: Literal["Asc", "Desc"] = "Desc" if found.descending else "Asc"
    given: ObjectName | None = found.operator_class
    return IndexColumn(found.text, sort, given.name if given else None, is_default_class=given is None)
