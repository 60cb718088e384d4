"""What the rule knows beside the plan: how big relations are, how their values spread, which index has which keys.

Facts are of one size of the database: a growth of ten is other facts. All of it is a value; nothing here asks a server.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pgready.catalog.model import Catalog
from pgready.catalog.table import Table
from pgready.proof.profile import ColumnProfile, Profile, TableProfile
from pgready.proof.rule.conditions import called, elements, normal_key, normal_name
from pgready.proof.size.shape import RelationShape
from pgready.proof.size.sizes import SizedIndex, SizedTable, Sizing

SYSTEM_SCHEMAS = ("pg_catalog", "information_schema", "pg_toast")

_READS = re.compile(r"\b(SELECT|FROM|INTO|UPDATE|DELETE|INSERT|MERGE|PERFORM|EXECUTE|CALL|COPY|TRUNCATE)\b")

_ROWS_ON_A_PAGE = 60
"""Of a partitioned table, which has no pages of its own."""


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """How a column's values spread over a table of this size.

    `distinct` counts values, None where unknown. `top_share` is the share of the commonest value in all rows, None
    where unknown. `frequencies` are shares by value as text.
    """

    distinct: float | None = None
    null_fraction: float | None = None
    correlation: float | None = None
    top_share: float | None = None
    frequencies: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """An index's key: its text as conditions are compared (`normal_key`), and the column's name if it is a column.

    `distinct` counts an expression's values, None where unknown.
    """

    text: str
    column: str = ""
    distinct: float | None = None


@dataclass(frozen=True, slots=True)
class IndexFacts:
    """An index at this size; `rows` are its entries, `where` is a partial one's predicate, "" of all others."""

    name: str
    method: str
    keys: tuple[KeyFacts, ...]
    is_unique: bool
    where: str
    rows: float
    pages: float


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key: `columns` of `table` point at `target_columns` of `target`.

    `is_certain` says that each row of `table` has its row in `target`: validated, enforced and not null. `target_rows`
    is how many there are.
    """

    name: str
    table: tuple[str, str]
    columns: tuple[str, ...]
    target: tuple[str, str]
    target_columns: tuple[str, ...]
    is_certain: bool
    on_delete: str
    target_rows: float = 0


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table or materialized view at this size.

    `partition_keys` are the keys by which it is a partition of its parent, and its parent of that one's, from itself
    upwards: each a tuple of `normal_key` texts. `policies` counts those of row security, `triggers` are
    the bare names of the functions that they call. `root` is the partitioned table that it is a part of.
    """

    name: tuple[str, str]
    rows: float
    pages: float
    grows: bool = True
    columns: Mapping[str, ColumnFacts] = field(default_factory=dict)
    not_null: frozenset[str] = frozenset()
    indexes: Mapping[str, IndexFacts] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()
    referenced_by: tuple[Reference, ...] = ()
    partition_keys: tuple[tuple[str, ...], ...] = ()
    policies: int = 0
    triggers: tuple[str, ...] = ()
    root: tuple[str, str] | None = None

    @property
    def label(self) -> str:
        """`schema.table`."""
        return ".".join(self.name)

    def distinct(self, column: str) -> float | None:
        """How many values a column has, as far as known."""
        known = self.columns.get(column)
        if known is not None and known.distinct is not None:
            return max(1.0, min(known.distinct, self.rows))
        return None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known at one size of a server of this major version.

    `functions` are the bare names of the database's own functions that are not immutable: what they read, no plan
    tells. `lists` are the lengths of the lists that parameters (`$1`) stand for, as far as known.
    """

    tables: Mapping[tuple[str, str], TableFacts]
    functions: frozenset[str] = frozenset()
    lists: Mapping[str, int] = field(default_factory=dict)
    growth: float = 1
    major: int = 0

    def table(self, name: tuple[str, str] | None) -> TableFacts | None:
        """The table of this (schema, name)."""
        return None if name is None else self.tables.get(name)


def facts_of(catalog: Catalog, sizing: Sizing, profile: Profile, growth: float = 1, major: int = 0) -> Facts:
    """The facts of a database that was sized so by `profile` at `growth`, on a server of this major version."""
    known = {tuple(table.name): table for table in catalog.tables}
    said = {tuple(table.name): table for table in profile.tables}
    by_id = {one.shape.id: one.shape for one in sizing.tables}
    sizes = {(one.shape.name.schema, one.shape.name.name): one.rows for one in sizing.tables}
    references = [one for table in catalog.tables for one in _references(table, sizes)]
    tables = {}
    for one in sizing.tables:
        name = (one.shape.name.schema, one.shape.name.name)
        above = [name, *_parents(one.shape, by_id)]
        about = next((said[each] for each in above if each in said), None)
        tables[name] = _table(one, known, above, about, references)
    return Facts(tables, _functions(catalog), growth=growth, major=major)


def _parents(shape: RelationShape, by_id: Mapping[int, RelationShape]) -> list[tuple[str, str]]:
    found = []
    while shape.is_partition and (parent := by_id.get(shape.parent or 0)) is not None:
        shape = parent
        found.append((shape.name.schema, shape.name.name))
    return found


def _table(
    sized: SizedTable,
    known: Mapping[tuple[str, ...], Table],
    above: list[tuple[str, str]],
    about: TableProfile | None,
    references: list[Reference],
) -> TableFacts:
    table = known.get(above[0])
    said = {column.name: column for column in about.columns} if about else {}
    columns = {}
    for shape, size in zip(sized.shape.columns, sized.columns, strict=True):
        distinct = -size.distinct * sized.rows if size.distinct < 0 else size.distinct
        one = said.get(shape.name, ColumnProfile(shape.name))
        top = one.top_share
        if top is not None and one.distinct is not None and about is not None:
            # Where values become more as the table grows, each of them has a smaller share.
            before = one.distinct if one.distinct > 0 else -one.distinct * about.rows
            top *= min(1.0, before / max(1.0, distinct))
        columns[shape.name] = ColumnFacts(
            distinct or None, size.null_fraction, size.correlation, top, dict(size.frequencies)
        )
    for number in (keys[0] for keys in sized.shape.unique_keys() if len(keys) == 1):
        shape = next(one for one in sized.shape.columns if one.number == number)
        columns[shape.name] = _unique(columns[shape.name], sized.rows)
    return TableFacts(
        name=above[0],
        rows=sized.rows,
        pages=float(sized.pages or sized.rows / _ROWS_ON_A_PAGE),
        grows=about.grows if about else True,
        columns=columns,
        not_null=frozenset(column.name for column in sized.shape.columns if column.not_null),
        indexes={index.shape.name.name: _index(index, sized.shape) for index in sized.indexes},
        references=tuple(one for one in references if one.table == above[-1]),
        referenced_by=tuple(one for one in references if one.target in above),
        partition_keys=tuple(_keys(known[each].partition_key) for each in above[1:] if each in known),
        policies=len(table.policies) if table is not None and table.row_security else 0,
        triggers=_triggers([known[each] for each in above if each in known]),
        root=above[-1] if len(above) > 1 else None,
    )


def _unique(column: ColumnFacts, rows: float) -> ColumnFacts:
    filled = rows * (1 - (column.null_fraction or 0))
    return ColumnFacts(filled or None, column.null_fraction, column.correlation, 1 / max(1.0, rows))


def _index(index: SizedIndex, table: RelationShape) -> IndexFacts:
    names = {column.number: column.name for column in table.columns}
    keys = []
    for place in range(index.shape.key_count):
        number, text = index.shape.keys[place], index.shape.expressions[place]
        if number:
            keys.append(KeyFacts(normal_name(names[number]), names[number]))
        else:
            size = index.columns[place]
            distinct = -size.distinct * index.rows if size.distinct < 0 else size.distinct
            keys.append(KeyFacts(normal_key(text or ""), "", distinct or None))
    return IndexFacts(
        index.shape.name.name,
        index.shape.method,
        tuple(keys),
        index.shape.is_unique,
        index.shape.predicate or "",
        index.rows,
        float(index.pages),
    )


def _references(table: Table, sizes: Mapping[tuple[str, str], float]) -> list[Reference]:
    not_null = {column.name for column in table.columns if column.not_null is not None}
    return [
        Reference(
            key.name,
            (table.name.schema, table.name.name),
            key.columns,
            (key.target.schema, key.target.name),
            key.target_columns,
            key.is_valid and key.is_enforced and not key.period and not key.deferrable and not_null >= set(key.columns),
            key.on_delete,
            sizes.get((key.target.schema, key.target.name), 0),
        )
        for key in table.foreign_keys
    ]


def _keys(partition_key: str | None) -> tuple[str, ...]:
    """The keys of `RANGE (created_at, lower(region))`."""
    _, _, inside = (partition_key or "").partition("(")
    return elements(inside[: inside.rfind(")")])


def _triggers(tables: list[Table]) -> tuple[str, ...]:
    texts = [one.definition for table in tables for one in table.triggers if one.enabled != "disabled"]
    return tuple(sorted({name for text in texts for name in called(text.rpartition(" EXECUTE ")[2])}))


def _functions(catalog: Catalog) -> frozenset[str]:
    """Those that may read tables: of SQL or PL/pgSQL if they have a statement that does, of other languages all."""
    return frozenset(
        one.name.name
        for one in catalog.functions
        if one.kind in ("function", "procedure") and _may_read(one.definition.upper())
    )


def _may_read(definition: str) -> bool:
    head, _, body = definition.partition("AS $")
    if "IMMUTABLE" in head:
        return False
    return "LANGUAGE PLPGSQL" not in head or _READS.search(body) is not None
