"""Which index serves which contract, which serves none, what is said twice, and which foreign key has no index.

Pure: the catalog and the indexes that the plans read come in, frozen values go out. Indexes are named as (schema,
name); those of partitions count as their parent's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.catalog.table import ForeignKey, Index, IndexColumn, Table
from pgready.sql.names import quote_ident

Role = Literal["", "primary key", "unique constraint", "exclusion constraint", "unique index"]
IndexName = tuple[str, str]


@dataclass(frozen=True, slots=True)
class LiveCost:
    """What an index costs on a live server: `size` in bytes, `scans` since the statistics were reset, `writes` so far.

    `writes` counts the rows of its table that were inserted, or updated in a way that touches every index.
    """

    size: int
    scans: int
    writes: int


@dataclass(frozen=True, slots=True)
class OwnedIndex:
    """An index of the catalog with its table and, where a constraint owns it, that constraint's `role`."""

    table: ObjectName
    index: Index
    role: Role = ""

    @property
    def name(self) -> IndexName:
        """(schema, name); an index lives in its table's schema."""
        return self.table.schema, self.index.name

    @property
    def is_constraint(self) -> bool:
        """Whether it goes by ALTER TABLE … DROP CONSTRAINT."""
        return self.role not in ("", "unique index")


@dataclass(frozen=True, slots=True)
class IndexUse:
    """An index and the names of the contracts whose plans read it; `cost` where a live server was asked."""

    owned: OwnedIndex
    contracts: tuple[str, ...]
    cost: LiveCost | None = None


@dataclass(frozen=True, slots=True)
class Redundant:
    """An index that another one makes needless: it is the same (`duplicate`), or a beginning of it (`prefix`)."""

    owned: OwnedIndex
    by: OwnedIndex
    why: Literal["duplicate", "prefix"]
    cost: LiveCost | None = None


@dataclass(frozen=True, slots=True)
class Unindexed:
    """A foreign key whose columns no index of its table begins with: each DELETE of a parent reads the whole table."""

    table: ObjectName
    key: ForeignKey

    @property
    def create(self) -> str:
        """The statement that gives it an index."""
        columns = ", ".join(quote_ident(column) for column in self.key.columns)
        return f"CREATE INDEX CONCURRENTLY ON {self.table.sql} ({columns});"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every index with what it serves, sorted by table and name; what is redundant; foreign keys without an index."""

    indexes: tuple[IndexUse, ...] = ()
    redundant: tuple[Redundant, ...] = ()
    foreign_keys: tuple[Unindexed, ...] = ()

    @property
    def idle(self) -> tuple[IndexUse, ...]:
        """Those that serve no contract and keep no rule of the data: candidates to be dropped."""
        return tuple(use for use in self.indexes if not use.contracts and not use.owned.role)


def coverage(
    catalog: Catalog, used: Mapping[str, Iterable[IndexName]], costs: Mapping[IndexName, LiveCost] | None = None
) -> Coverage:
    """The coverage of `catalog` by contracts: `used` maps a contract's name to the indexes that its plans read."""
    known = costs or {}
    roots = root_indexes(catalog)
    serving: dict[IndexName, set[str]] = {}
    for contract, names in used.items():
        for name in names:
            serving.setdefault(roots.get(name, name), set()).add(contract)
    owned = sorted(owned_indexes(catalog), key=lambda one: (one.table, one.index.name))
    return Coverage(
        tuple(IndexUse(one, tuple(sorted(serving.get(one.name, ()))), known.get(one.name)) for one in owned),
        tuple(
            Redundant(one, by, "duplicate" if _equal(one, by) else "prefix", known.get(one.name))
            for one, by in _redundant(owned)
        ),
        tuple(unindexed(catalog)),
    )


def owned_indexes(catalog: Catalog) -> Iterator[OwnedIndex]:
    """Every index that stands for itself: those of partitions that belong to their parent's are left out."""
    for table in catalog.tables:
        for one in _of_table(table):
            if one.index.attached_to is None:
                yield one
    for view in catalog.views:
        for index in view.indexes:
            yield OwnedIndex(view.name, index, "unique index" if index.is_unique else "")


def root_indexes(catalog: Catalog) -> dict[IndexName, IndexName]:
    """For each index of a partition the one of the topmost parent that it belongs to."""
    parents = {
        one.name: (one.index.attached_to.schema, one.index.attached_to.name)
        for table in catalog.tables
        for one in _of_table(table)
        if one.index.attached_to is not None
    }
    roots = {}
    for name in parents:
        root = name
        while root in parents:
            root = parents[root]
        roots[name] = root
    return roots


def summed(costs: Mapping[IndexName, LiveCost], catalog: Catalog) -> dict[IndexName, LiveCost]:
    """The costs with those of partitions added up at the topmost parent's index."""
    roots = root_indexes(catalog)
    found: dict[IndexName, LiveCost] = {}
    for name, cost in costs.items():
        root = roots.get(name, name)
        known = found.get(root, LiveCost(0, 0, 0))
        found[root] = LiveCost(known.size + cost.size, known.scans + cost.scans, known.writes + cost.writes)
    return found


def _of_table(table: Table) -> Iterator[OwnedIndex]:
    if table.primary_key is not None:
        yield OwnedIndex(table.name, table.primary_key.index, "primary key")
    for key in table.uniques:
        yield OwnedIndex(table.name, key.index, "unique constraint")
    for exclusion in table.exclusions:
        yield OwnedIndex(table.name, exclusion.index, "exclusion constraint")
    for index in table.indexes:
        yield OwnedIndex(table.name, index, "unique index" if index.is_unique else "")


# ── redundancy ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _redundant(owned: Iterable[OwnedIndex]) -> Iterator[tuple[OwnedIndex, OwnedIndex]]:
    """Each index that another can stand in for, with the widest one that can."""
    by_table: dict[ObjectName, list[OwnedIndex]] = {}
    for one in owned:
        by_table.setdefault(one.table, []).append(one)
    for same in by_table.values():
        for one in same:
            others = [other for other in same if other is not one and _stands_in(other, one)]
            if others:
                yield one, min(others, key=lambda other: (-len(other.index.columns), other.index.name))


def _stands_in(other: OwnedIndex, one: OwnedIndex) -> bool:
    """Whether all that `one` is good for, `other` is good for too, and one of two equals is kept."""
    index, wider = one.index, other.index
    if index.method != wider.method or index.where != wider.where or not (index.is_valid and wider.is_valid):
        return False
    if _equal(one, other):
        return _rank(one) > _rank(other)
    if one.role or index.method != "btree":
        return False
    held = {column.text for column in wider.columns if not column.is_expression} | set(wider.include)
    return _begins(wider.columns, index.columns) and set(index.include) <= held


def _equal(one: OwnedIndex, other: OwnedIndex) -> bool:
    """Same keys in the same order: one finds what the other finds."""
    same = len(one.index.columns) == len(other.index.columns) and _begins(other.index.columns, one.index.columns)
    return same and set(one.index.include) == set(other.index.include)


def _rank(one: OwnedIndex) -> tuple[int, str]:
    """Of equals the lowest is kept: what keeps a rule of the data, then the first by name."""
    order: tuple[Role, ...] = ("primary key", "unique constraint", "exclusion constraint", "unique index", "")
    return order.index(one.role), one.index.name


def _begins(wider: tuple[IndexColumn, ...], columns: tuple[IndexColumn, ...]) -> bool:
    """Whether `columns` are the first of `wider`, read forwards or backwards."""
    head = wider[: len(columns)]
    return head == columns or head == tuple(_reversed(column) for column in columns)


def _reversed(column: IndexColumn) -> IndexColumn:
    return IndexColumn(
        column.text,
        column.is_expression,
        column.operator_class,
        column.options,
        column.collation,
        not column.descending,
        not column.nulls_first,
    )


# ── foreign keys ──────────────────────────────────────────────────────────────────────────────────────────────────────


def unindexed(catalog: Catalog) -> Iterator[Unindexed]:
    """Foreign keys that no index serves, by table and name; those that a partition has from its parent are its."""
    for table in sorted(catalog.tables, key=lambda one: one.name):
        for key in table.foreign_keys:
            if key.is_local and not any(_serves(one.index, key) for one in _of_table(table)):
                yield Unindexed(table.name, key)


def _serves(index: Index, key: ForeignKey) -> bool:
    """Whether the check of a foreign key can use the index: its columns come first, in any order, and no row is out."""
    if not index.is_valid or index.method not in ("btree", "hash") or not _holds_all(index.where, key.columns):
        return False
    head = index.columns[: len(key.columns)]
    return {column.text for column in head if not column.is_expression} == set(key.columns)


def _holds_all(where: str | None, columns: tuple[str, ...]) -> bool:
    """A row whose key is NULL refers to nothing, so an index of the others will do."""
    if where is None:
        return True
    said = where.strip("()").removesuffix(" IS NOT NULL")
    return said != where.strip("()") and said.strip('"').replace('""', '"') in columns
