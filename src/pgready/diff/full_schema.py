"""A Prisma schema held against a database in full mode: only what the schema's language can say is compared.

The schema is read as: this database, but with the tables, columns, keys, indexes and enums that the schema has. What it
cannot say (checks, policies, triggers, views, functions, comments, owners, rights, partial indexes, …) is as it is
there, so a plan knows what stands on a column that changes, and puts it back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from pgready.catalog.model import Catalog, Extension, Sequence
from pgready.catalog.names import ObjectName
from pgready.catalog.scope import prisma_view
from pgready.catalog.table import Column, Index, Key, Table


def overlaid(base: Catalog, declared: Catalog, schemas: Collection[str], *, partial_indexes: bool = False) -> Catalog:
    """`base` with all that `declared` (a schema's catalog) says about `schemas`, sorted as introspection does."""
    return _Overlay(base, declared, schemas, partial_indexes).catalog()


class _Overlay:
    def __init__(self, base: Catalog, declared: Catalog, schemas: Collection[str], partial: bool) -> None:
        self._base, self._declared, self._schemas = base, declared, frozenset(schemas)
        self._seen = {one.name: one for one in prisma_view(base, partial_indexes=partial).tables}
        self._said = {one.name: one for one in prisma_view(declared, partial_indexes=partial).tables}

    def catalog(self) -> Catalog:
        base, declared = self._base, self._declared
        there = {table.name: table for table in base.tables}
        tables = [self._merged(there[one.name], one) if one.name in there else one for one in declared.tables]
        names = {table.name for table in tables}
        tables += [table for table in base.tables if table.name not in names and self._stays(table, names)]
        schemas = {one.name: one for one in (*declared.schemas, *base.schemas)}
        enums = {one.name: one for one in base.enums if one.name.schema not in self._schemas}
        old = {one.name: one for one in base.enums}
        for enum in declared.enums:
            enums[enum.name] = replace(old.get(enum.name, enum), labels=enum.labels)
        return replace(
            base,
            schemas=tuple(schemas[name] for name in sorted(schemas)),
            extensions=self._extensions(),
            enums=tuple(enums[name] for name in sorted(enums)),
            tables=tuple(sorted(tables, key=lambda one: one.name)),
            sequences=self._sequences(tables),
        )

    def _stays(self, table: Table, names: set[ObjectName]) -> bool:
        """What the schema does not look at: other schemas' tables, and partitions of tables that stay."""
        if table.name.schema not in self._schemas:
            return True
        return table.partition is not None and table.partition_key is None and table.partition.parent in names

    def _extensions(self) -> tuple[Extension, ...]:
        found = {one.name: one for one in self._base.extensions}
        for one in self._declared.extensions:
            was = found.get(one.name, one)
            found[one.name] = replace(was, schema=one.schema or was.schema, version=one.version or was.version)
        return tuple(found[name] for name in sorted(found))

    def _sequences(self, tables: list[Table]) -> tuple[Sequence, ...]:
        """Those that are there, but for the ones that go with their columns, and those that columns count by."""
        columns = {(table.name, column.name): column for table in tables for column in table.columns}
        identities = {column.identity.sequence for column in columns.values() if column.identity is not None}
        found = {}
        for one in self._base.sequences:
            column = columns.get(one.owned_by) if one.owned_by is not None else None
            if one.owned_by is None or (column is not None and column.default is not None):
                found[one.name] = one
        for one in self._declared.sequences:
            column = columns.get(one.owned_by) if one.owned_by is not None else None
            if one.name not in found and one.name not in identities and (column is None or column.default is not None):
                found[one.name] = one
        return tuple(found[name] for name in sorted(found))

    def _merged(self, base: Table, declared: Table) -> Table:
        seen, said = self._seen.get(base.name), self._said[base.name]
        if seen is None:  # a partition by the name of a model
            return declared
        primary = declared.primary_key
        if seen.primary_key == said.primary_key:
            primary = base.primary_key
        indexes, uniques = self._indexes(base, declared, seen, said)
        same = {one.name for one in seen.foreign_keys if one in said.foreign_keys}
        foreign_keys = [one for one in base.foreign_keys if one.name in same]
        foreign_keys += [one for one in declared.foreign_keys if one.name not in same]
        return replace(
            base,
            columns=self._columns(base, declared, seen, said),
            primary_key=primary,
            uniques=uniques,
            indexes=indexes,
            foreign_keys=tuple(sorted(foreign_keys, key=lambda one: one.name)),
        )

    def _columns(self, base: Table, declared: Table, seen: Table, said: Table) -> tuple[Column, ...]:
        found = []
        for column in base.columns:
            wanted = declared.column(column.name)
            if wanted is None:
                continue
            if seen.column(column.name) == said.column(column.name):
                found.append(column)
                continue
            not_null = column.not_null if wanted.not_null is not None else None
            not_null = not_null or wanted.not_null
            is_other = column.type != wanted.type
            found.append(
                replace(
                    column,
                    type=wanted.type,
                    not_null=not_null,
                    default=wanted.default,
                    identity=None,
                    generated=None,
                    collation=None if is_other else column.collation,
                    storage=None if is_other else column.storage,
                    compression=None if is_other else column.compression,
                )
            )
        return (*found, *(one for one in declared.columns if base.column(one.name) is None))

    def _indexes(
        self, base: Table, declared: Table, seen: Table, said: Table
    ) -> tuple[tuple[Index, ...], tuple[Key, ...]]:
        """The indexes and UNIQUE constraints: as they are where the schema says the same, or cannot say them at all."""
        old, new = ({one.name: one for one in table.indexes} for table in (seen, said))
        kept = {name for name, one in old.items() if new.get(name) == one}
        indexes = [one for one in base.indexes if one.name in kept or one.name not in old]
        indexes += [one for one in declared.indexes if one.name not in kept]
        uniques = [one for one in base.uniques if one.name in kept or one.name not in old]
        return tuple(sorted(indexes, key=lambda one: one.name)), tuple(uniques)
