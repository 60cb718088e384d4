"""The tables and views of a catalog as Prisma's introspection reads them: what it shows and what it warns of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pgready.catalog.model import Catalog, Enum, View
from pgready.catalog.names import ObjectName
from pgready.catalog.table import ForeignKey, Index, Table
from pgready.catalog.to_psl_defaults import Found, found_default
from pgready.catalog.to_psl_expressions import unqualified
from pgready.catalog.to_psl_types import SeenType, TypeReader
from pgready.catalog.to_psl_write import text
from pgready.catalog.types import DataType
from pgready.errors import UsageInvalid
from pgready.psl.operator_classes import OPERATOR_CLASSES
from pgready.psl.schema import Algorithm, Arity

_ALGORITHMS: dict[str, Algorithm] = {
    "btree": "BTree",
    "hash": "Hash",
    "gist": "Gist",
    "gin": "Gin",
    "spgist": "SpGist",
    "brin": "Brin",
}
_MIGRATIONS = frozenset(
    (
        "id", "checksum", "finished_at", "migration_name", "logs", "rolled_back_at", "started_at",
        "applied_steps_count",
    )
)  # fmt: skip
_OLD_MIGRATIONS = frozenset(
    (
        "revision", "name", "datamodel", "status", "applied", "rolled_back", "datamodel_steps", "database_migration",
        "errors", "started_at", "finished_at",
    )
)  # fmt: skip
_CLASSES = {one.in_sql: one.name for one in OPERATOR_CLASSES.values()}


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """A column; `default` is None for none, `is_identity` counts like a serial."""

    name: str
    type: SeenType
    arity: Arity
    default: Found | None = None
    is_identity: bool = False
    comment: str | None = None

    @property
    def is_autoincrement(self) -> bool:
        """Whether a sequence counts it."""
        return self.is_identity or (self.default is not None and self.default.kind == "sequence")


@dataclass(frozen=True, slots=True)
class SeenIndexColumn:
    """A column of an index; `operator_class` is PSL's text of it, None for the default."""

    name: str
    descending: bool = False
    operator_class: str | None = None
    has_odd_nulls: bool = False


@dataclass(frozen=True, slots=True)
class SeenIndex:
    """A primary key, unique index (or constraint) or index; `where` is a partial one's condition."""

    name: str
    kind: Literal["primary", "unique", "normal"]
    columns: tuple[SeenIndexColumn, ...]
    algorithm: Algorithm = "BTree"
    is_deferrable: bool = False
    where: str | None = None

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns in their order, included ones too."""
        return tuple(one.name for one in self.columns)


@dataclass(frozen=True, slots=True)
class SeenTable:
    """A table; `indexes` has its primary key, too, all by name."""

    name: ObjectName
    columns: tuple[SeenColumn, ...]
    indexes: tuple[SeenIndex, ...]
    foreign_keys: tuple[ForeignKey, ...]
    checks: tuple[str, ...]
    exclusions: tuple[str, ...]
    expression_indexes: tuple[str, ...]
    is_partitioned: bool
    has_children: bool
    row_security: bool
    comment: str | None

    @property
    def primary_key(self) -> SeenIndex | None:
        """The primary key."""
        return next((one for one in self.indexes if one.kind == "primary"), None)

    def column(self, name: str) -> SeenColumn:
        """The column of this name. Raises KeyError."""
        for one in self.columns:
            if one.name == name:
                return one
        raise KeyError(name)

    @property
    def has_identifier(self) -> bool:
        """Whether a primary key or unique index says which row is which."""
        for index in self.indexes:
            if index.kind == "normal":
                continue
            columns = [self.column(one.name) for one in index.columns]
            if all(one.type.family != "unsupported" and one.arity == "required" for one in columns):
                return True
        return False

    @property
    def is_prismas_own(self) -> bool:
        """Whether it is Prisma's history of migrations, of now or of old, or Prisma 1's table of ids."""
        columns = frozenset(one.name for one in self.columns)
        if self.name.name == "_prisma_migrations":
            return columns >= _MIGRATIONS
        if self.name.name == "_Migration":
            return columns >= _OLD_MIGRATIONS
        is_relay = self.name.name == "_RelayId" and "id" in columns
        return is_relay and "stablemodelidentifier" in {one.lower() for one in columns}

    @property
    def is_join_table(self) -> bool:
        """Whether it is the table of an implicit many-to-many relation."""
        if not self.name.name.startswith("_") or len(self.foreign_keys) != 2:
            return False
        both = any(
            one.kind != "normal" and [name.lower() for name in one.column_names] == ["a", "b"] for one in self.indexes
        )
        second = any(
            one.kind == "normal" and [name.lower() for name in one.column_names] == ["b"] for one in self.indexes
        )
        if not both or not second:
            return False
        one, other = self.foreign_keys
        of_one, of_other = one.columns[0].lower(), other.columns[0].lower()
        return (one.target.name <= other.target.name and (of_one, of_other) == ("a", "b")) or (
            other.target.name <= one.target.name and (of_one, of_other) == ("b", "a")
        )


@dataclass(frozen=True, slots=True)
class SeenView:
    """A view; materialized ones are not for Prisma."""

    name: ObjectName
    columns: tuple[SeenColumn, ...]
    comment: str | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A catalog as Prisma reads it, each kind by name."""

    schemas: tuple[str, ...]
    tables: tuple[SeenTable, ...]
    views: tuple[SeenView, ...]
    enums: tuple[Enum, ...]
    _tables: Mapping[ObjectName, SeenTable] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_tables", {one.name: one for one in self.tables})

    def table(self, name: ObjectName) -> SeenTable:
        """The table of this name. Raises KeyError."""
        return self._tables[name]


def see(catalog: Catalog, schemas: Collection[str], visible: str, *, partial_indexes: bool) -> Seen:
    """What Prisma reads of the `schemas`; names in the schema `visible` stand unqualified in expressions.

    Raises UsageInvalid for a foreign key into another schema.
    """
    names = tuple(sorted(one.name for one in catalog.schemas if one.name in schemas))
    reader = _Reader(catalog, names, visible, partial_indexes=partial_indexes)
    views = [one for one in catalog.views if not one.is_materialized and one.name.schema in names and one.columns]
    return Seen(
        schemas=names,
        tables=tuple(reader.table(one) for one in reader.tables.values()),
        views=tuple(reader.view(one) for one in views),
        enums=tuple(one for one in catalog.enums if one.name.schema in names and one.labels),
    )


class _Reader:
    def __init__(self, catalog: Catalog, schemas: tuple[str, ...], visible: str, *, partial_indexes: bool) -> None:
        self._schemas = schemas
        self._visible = visible
        self._partial_indexes = partial_indexes
        self._types = TypeReader(catalog, schemas)
        # Most types, defaults and columns of a database are the same few. The catalog lives as long, so ids will do.
        self._read_columns: dict[tuple[str, int, str | None, str | None, bool, bool], SeenColumn] = {}
        self._read_types: dict[int, tuple[SeenType, bool]] = {}
        self._read_defaults: dict[tuple[str, str, bool], Found | None] = {}
        self._parents = {name for one in catalog.tables for name in one.inherits}
        self._partitioned = {one.partition.parent for one in catalog.tables if one.partition is not None}
        self.tables = {
            one.name: one
            for one in catalog.tables
            if one.name.schema in schemas and (one.partition is None or one.partition_key is not None)
        }

    def table(self, table: Table) -> SeenTable:
        """The table; its partitions are none."""
        return SeenTable(
            name=table.name,
            columns=tuple(
                self._column(
                    one.name,
                    one.type,
                    one.default if one.generated is None else one.generated.expression,
                    one.comment,
                    not_null=one.not_null is not None,
                    is_identity=one.identity is not None,
                )
                for one in table.columns
            ),
            indexes=tuple(self._indexes(table)),
            foreign_keys=tuple(one for one in table.foreign_keys if self._leads_to_table(table, one)),
            checks=tuple(one.name for one in table.checks),
            exclusions=tuple(one.name for one in table.exclusions),
            expression_indexes=tuple(
                one.name
                for one in table.indexes
                if (one.where is None or self._partial_indexes) and any(key.is_expression for key in one.columns)
            ),
            is_partitioned=table.partition_key is not None and table.name in self._partitioned,
            has_children=table.name in self._parents,
            row_security=table.row_security,
            comment=table.comment,
        )

    def view(self, view: View) -> SeenView:
        """The view: each of its columns may be NULL for all that PostgreSQL knows."""
        columns = tuple(self._column(one.name, one.type, one.default, one.comment) for one in view.columns)
        return SeenView(view.name, columns, view.comment)

    def _column(
        self, name: str, type_: DataType, default: str | None, comment: str | None, *, not_null: bool = False,
        is_identity: bool = False,
    ) -> SeenColumn:  # fmt: skip
        key = (name, id(type_), default, comment, not_null, is_identity)
        column = self._read_columns.get(key)
        if column is not None:
            return column
        known = self._read_types.get(id(type_))
        if known is None:
            known = self._read_types[id(type_)] = self._types.read(type_)
        seen, is_list = known
        required = self._types.is_required(type_, not_null=not_null)
        arity: Arity = "list" if is_list else "required" if required else "optional"
        found = None if default is None else self._default(default, seen, is_list=is_list)
        column = self._read_columns[key] = SeenColumn(name, seen, arity, found, is_identity, comment)
        return column

    def _default(self, text: str, kind: SeenType, *, is_list: bool) -> Found | None:
        key = (text, kind.family, is_list)
        if key not in self._read_defaults:
            self._read_defaults[key] = found_default(unqualified(text, self._visible), kind.family, is_list=is_list)
        return self._read_defaults[key]

    def _indexes(self, table: Table) -> Iterator[SeenIndex]:
        keys = [*table.uniques, *([] if table.primary_key is None else [table.primary_key])]
        both = {one.name: one for one in (*table.indexes, *(key.index for key in keys))}
        deferrable = {key.index.name for key in keys if key.deferrable or key.initially_deferred}
        for name in sorted(both):
            index = both[name]
            if any(one.is_expression for one in index.columns):
                continue
            if index.where is not None and not self._partial_indexes:
                continue
            is_primary = table.primary_key is not None and table.primary_key.index is index
            yield self._index(index, is_primary=is_primary, is_deferrable=name in deferrable)

    def _index(self, index: Index, *, is_primary: bool, is_deferrable: bool) -> SeenIndex:
        algorithm = _ALGORITHMS.get(index.method, "BTree")
        has_nulls = algorithm == "BTree" and not is_primary
        columns = [
            SeenIndexColumn(
                one.text,
                one.descending,
                None if algorithm in ("BTree", "Hash") or one.operator_class is None else _ops(one.operator_class),
                has_nulls and one.nulls_first != one.descending,
            )
            for one in index.columns
        ]
        columns += [SeenIndexColumn(name) for name in index.include]
        kind: Literal["primary", "unique", "normal"] = (
            "primary" if is_primary else "unique" if index.is_unique else "normal"
        )
        where = None if index.where is None else unqualified(index.where, self._visible)
        return SeenIndex(index.name, kind, tuple(columns), algorithm, is_deferrable, where)

    def _leads_to_table(self, table: Table, key: ForeignKey) -> bool:
        if key.target.schema not in self._schemas:
            raise UsageInvalid(
                f"the foreign key `{key.name}` of `{table.name}` leads to `{key.target}`, whose schema is not pulled",
                then=f'name "{key.target.schema}" in `schemas` of the datasource',
                code="pull_foreign_schema",
            )
        return key.target in self.tables


def _ops(name: ObjectName) -> str:
    return _CLASSES.get(name.name) or f"raw({text(name.name)})"
