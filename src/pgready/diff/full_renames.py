"""Indexes and constraints that are the same but for their names: renamed, not built again.

Only where the new name is free, and not in trees of partitions or children, whose parts the server names together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pgready.catalog.model import Catalog, View
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Check, ForeignKey, Index, Key, Table

_Part = Index | Key | Check | ForeignKey


@dataclass(frozen=True, slots=True)
class Renamed:
    """An index or constraint by another name: `address` is the old one, `after` the value with its new name."""

    address: tuple[str, ...]
    after: _Part


def renames(before: Catalog, after: Catalog) -> tuple[Renamed, ...]:
    """What can be renamed, sorted by address."""
    old = {table.name: table for table in before.tables}
    trees = {name for catalog in (before, after) for name in _in_trees(catalog)}
    found: list[Renamed] = []
    taken: set[ObjectName] | None = None
    for table in after.tables:
        there = old.get(table.name)
        if there is None or there == table or table.name in trees:
            continue
        pairs = list(_pairs(there, table))
        if pairs and taken is None:
            taken = set(_relations(before))
        constraints = {one.name for one in _constraints(there)}
        for kind, one, other in pairs:
            name = ObjectName(table.name.schema, other.name)
            is_free = kind == "index" or other.name not in constraints
            if taken is not None and is_free and (kind not in ("index", "key") or name not in taken):
                found.append(Renamed((kind, *table.name, one.name), other))
    return tuple(sorted(found, key=lambda one: one.address))


def with_renames(catalog: Catalog, found: tuple[Renamed, ...]) -> Catalog:
    """The catalog with the new names."""
    if not found:
        return catalog
    new = {one.address: one.after.name for one in found}
    tables = {ObjectName(*one.address[1:3]) for one in found}
    return replace(
        catalog, tables=tuple(_called(one, new) if one.name in tables else one for one in catalog.tables)
    )  # fmt: skip


def _called(table: Table, new: dict[tuple[str, ...], str]) -> Table:
    def all_(kind: str, parts: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(sorted((called(kind, one) for one in parts), key=lambda one: str(one.name)))

    def called(kind: str, one: Any) -> Any:
        name = new.get((kind, *table.name, one.name), one.name)
        if isinstance(one, Key):
            return one if name == one.name else replace(one, name=name, index=replace(one.index, name=name))
        return replace(one, name=name)

    return replace(
        table,
        primary_key=None if table.primary_key is None else called("key", table.primary_key),
        uniques=all_("key", table.uniques),
        indexes=all_("index", table.indexes),
        checks=all_("check", table.checks),
        foreign_keys=all_("foreign key", table.foreign_keys),
    )


def _in_trees(catalog: Catalog) -> Iterator[ObjectName]:
    for table in catalog.tables:
        if table.partition_key is not None or table.partition is not None or table.inherits:
            yield table.name
            yield from table.inherits


def _pairs(before: Table, after: Table) -> Iterator[tuple[str, _Part, _Part]]:
    """What goes and what comes that is the same without a name; each once."""
    kinds: tuple[tuple[str, tuple[_Part, ...], tuple[_Part, ...]], ...] = (
        ("index", before.indexes, after.indexes),
        ("key", _keys(before), _keys(after)),
        ("check", before.checks, after.checks),
        ("foreign key", before.foreign_keys, after.foreign_keys),
    )
    for kind, olds, news in kinds:
        names = {one.name for one in olds}, {one.name for one in news}
        free = [one for one in olds if one.name not in names[1]]
        for other in news:
            if other.name in names[0]:
                continue
            same = next((one for one in free if _nameless(one) == _nameless(other)), None)
            if same is not None:
                free.remove(same)
                yield kind, same, other


def _nameless(part: _Part) -> _Part:
    if isinstance(part, Key):
        index = replace(part.index, name="", comment=None, is_cluster=False, is_replica_identity=False)
        return replace(part, name="", comment=None, index=index)
    if isinstance(part, Index):
        return replace(part, name="", comment=None, is_cluster=False, is_replica_identity=False)
    return replace(part, name="", comment=None)


def _keys(table: Table) -> tuple[Key, ...]:
    return tuple(one for one in (table.primary_key, *table.uniques) if one is not None)


def _constraints(table: Table) -> Iterator[Key | Check | ForeignKey | Any]:
    yield from _keys(table)
    yield from table.checks
    yield from table.foreign_keys
    yield from table.exclusions
    yield from (column.not_null for column in table.columns if column.not_null is not None)


def _relations(catalog: Catalog) -> Iterator[ObjectName]:
    """The names that nothing else in their schemas can have."""
    relations: list[Table | View] = [*catalog.tables, *catalog.views]
    for relation in relations:
        yield relation.name
        yield from (ObjectName(relation.name.schema, index.name) for index in relation.indexes)
    for table in catalog.tables:
        yield from (ObjectName(table.name.schema, key.name) for key in _keys(table))
        yield from (ObjectName(table.name.schema, exclusion.name) for exclusion in table.exclusions)
        yield from (column.identity.sequence for column in table.columns if column.identity is not None)
    yield from (sequence.name for sequence in catalog.sequences)
    yield from (composite.name for composite in catalog.composites)
