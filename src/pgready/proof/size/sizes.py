"""Sizes and statistics of every relation, from a profile: what the planner is to believe.

Growth multiplies rows and pages. Distinct values that are a share of rows grow with them, those of a foreign key with
the table that it refers to, and absolute ones stay.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pgready.proof.profile import ColumnProfile, IndexProfile, Profile, TableProfile
from pgready.proof.size.columns import (
    NULLABLE,
    ColumnSize,
    correlation_of,
    distinct_of,
    frequencies_of,
    width_of,
)
from pgready.proof.size.pages import MOST_PAGES, heap_pages, index_pages
from pgready.proof.size.row_counts import row_counts
from pgready.proof.size.shape import ColumnShape, IndexShape, RelationShape, Shapes, bounds_of, listed_in

_NEARLY_UNIQUE = 0.5
PARTIAL = 0.1
"""The share of a table that a partial index has as long as nobody has asked the planner."""

_KEEPS_VALUES = re.compile(r"^\(*(lower|upper|btrim|ltrim|rtrim|md5|unaccent|f_unaccent|immutable_unaccent)\(")


@dataclass(frozen=True, slots=True)
class SizedIndex:
    """An index with its entries and pages; `columns` are the statistics of its own columns."""

    shape: IndexShape
    rows: float
    pages: int
    columns: tuple[ColumnSize, ...]


@dataclass(frozen=True, slots=True)
class SizedTable:
    """A relation with its rows and pages (0 for a partitioned one) and the statistics of its columns.

    `inherited` are those of the table with everything below it, None where nothing is.
    """

    shape: RelationShape
    rows: float
    pages: int
    columns: tuple[ColumnSize, ...]
    inherited: tuple[ColumnSize, ...] | None
    indexes: tuple[SizedIndex, ...]


@dataclass(frozen=True, slots=True)
class Sizing:
    """All relations sized."""

    tables: tuple[SizedTable, ...]


def sized(shapes: Shapes, profile: Profile, growth: float = 1, shares: Mapping[int, float] | None = None) -> Sizing:
    """The sizes of a profile at a growth; `shares` says which part of a table's rows a partial index has, by id."""
    return _Sizer(shapes, profile, growth, shares or {}).run()


class _Sizer:
    def __init__(self, shapes: Shapes, profile: Profile, growth: float, shares: Mapping[int, float]) -> None:
        self.shapes = shapes
        self.growth = growth
        self.shares = shares
        self.said = {table.name: table for table in profile.tables}
        self.rows = row_counts(shapes, profile, growth)
        self.before = self.rows if growth == 1 else row_counts(shapes, profile)
        self._columns: dict[tuple[int, int], ColumnSize] = {}
        self._keys = {one.id: one.unique_keys() for one in shapes.relations}

    def run(self) -> Sizing:
        return Sizing(tuple(self._table(one) for one in self.shapes.relations))

    def _profile(self, relation: RelationShape) -> TableProfile | None:
        """What is said of a relation, else of the one that it is a partition of."""
        at: RelationShape | None = relation
        while at is not None:
            if at.name in self.said:
                return self.said[at.name]
            at = self.shapes.by_id.get(at.parent or 0) if at.is_partition else None
        return None

    def _table(self, relation: RelationShape) -> SizedTable:
        rows = self.rows[relation.id]
        columns = tuple(self.column(relation, column) for column in relation.columns)
        pages = 0
        if relation.kind != "p":
            said = self.said.get(relation.name)
            pages = heap_pages(rows, list(zip(relation.columns, columns, strict=True)), relation.fillfactor)
            if said is not None and said.pages is not None and said.rows > 0:
                pages = math.ceil(said.pages * rows / said.rows)
            pages = max(min(pages, MOST_PAGES), relation.blocks)  # what migrations inserted is there
        below = self.shapes.children.get(relation.id)
        indexes = tuple(self._index(relation, index, columns, pages) for index in relation.indexes)
        return SizedTable(relation, rows, pages, columns, columns if below else None, indexes)

    # ── columns ─────────────────────────────────────────────────────────────────────────────────────────────────

    def column(self, relation: RelationShape, column: ColumnShape) -> ColumnSize:
        key = (relation.id, column.number)
        if key not in self._columns:
            # A circle of foreign keys comes back here: it finds a column that is unique.
            self._columns[key] = ColumnSize(column.number, 0.0, width_of(column), -1, None)
            self._columns[key] = self._worked_out(relation, column)
        return self._columns[key]

    def _worked_out(self, relation: RelationShape, column: ColumnShape) -> ColumnSize:
        table = self._profile(relation)
        said = next((one for one in table.columns if one.name == column.name), None) if table else None
        rows = self.rows[relation.id]
        nulls = self._nulls(relation, column, said)
        frequencies = frequencies_of(column, said, nulls)
        distinct = self._distinct(relation, column, said, nulls, rows)
        if frequencies and said is not None and said.distinct is None:
            distinct = float(len(frequencies))
        correlation = correlation_of(column) if said is None or said.correlation is None else said.correlation
        return ColumnSize(
            column.number,
            nulls,
            width_of(column) if said is None or said.width is None else said.width,
            distinct,
            correlation if column.less else None,
            frequencies,
            self._bounds(relation, column),
        )

    def _bounds(self, relation: RelationShape, column: ColumnShape) -> tuple[str, str] | None:
        """The bounds of a partition by range, for the first column of its key."""
        parent = self.shapes.by_id.get(relation.parent or 0) if relation.is_partition else None
        if parent is None or not parent.partition_key or parent.partition_key[0] != self._number(parent, column):
            return None
        return bounds_of(relation.bound)

    def _listed(self, relation: RelationShape, column: ColumnShape) -> int:
        """How many values a partition by list takes, for the column of its key."""
        parent = self.shapes.by_id.get(relation.parent or 0) if relation.is_partition else None
        if parent is None or not parent.list_key or parent.list_key != self._number(parent, column):
            return 0
        return listed_in(relation.bound)

    def _nulls(self, relation: RelationShape, column: ColumnShape, said: ColumnProfile | None) -> float:
        if said is not None and said.null_fraction is not None:
            return said.null_fraction
        if column.not_null or said is not None or relation.kind == "m":
            return 0.0
        return NULLABLE

    def _distinct(
        self, relation: RelationShape, column: ColumnShape, said: ColumnProfile | None, nulls: float, rows: float
    ) -> float:
        present = rows * (1 - nulls)
        if listed := self._listed(relation, column):
            return _at_most(listed, present, rows)
        if said is not None and said.distinct is not None:
            grown = said.distinct
            if grown > 0:
                grown *= self._growth_of_target(relation, column)
            return _at_most(grown, present, rows)
        root = self._root(relation)
        keys = self._keys[root.id]
        number = self._number(root, column)
        if (number,) in keys:
            return -(1 - nulls) if nulls < 1 else -1.0
        for reference in root.references:
            if number in reference.columns and reference.target in self.shapes.by_id:
                target = self.shapes.by_id[reference.target]
                far = reference.target_columns[reference.columns.index(number)]
                if (target.id, far) == (root.id, number):
                    continue
                other = self.column(target, next(one for one in target.columns if one.number == far))
                there = self.rows[target.id]
                # What a foreign key of one column refers to is unique.
                alone = len(reference.columns) == 1
                values = there if alone else other.distinct if other.distinct > 0 else -other.distinct * there
                return _at_most(max(1.0, values), present, rows)
        own = distinct_of(column)
        if -_NEARLY_UNIQUE < own < 0:
            own = max(1.0, -own * rows)
        return _at_most(self._as_part_of_key(root, number, own, rows), present, rows)

    def _as_part_of_key(self, relation: RelationShape, number: int, distinct: float, rows: float) -> float:
        """The last part of a composite key has at least as many values as the other parts leave to it."""
        referring = {one for reference in relation.references for one in reference.columns}
        for key in self._keys[relation.id]:
            others = [one for one in key if one != number]
            if distinct > 0 and number in key and others and set(others) <= referring and number not in referring:
                product = 1.0
                for other in others:
                    column = self.column(relation, next(one for one in relation.columns if one.number == other))
                    product *= column.distinct if column.distinct > 0 else -column.distinct * rows
                distinct = max(distinct, rows / max(1.0, product))
        return distinct

    def _root(self, relation: RelationShape) -> RelationShape:
        while relation.is_partition and (parent := self.shapes.by_id.get(relation.parent or 0)):
            relation = parent
        return relation

    @staticmethod
    def _number(root: RelationShape, column: ColumnShape) -> int:
        found = root.column(column.name)
        return found.number if found else column.number

    def _growth_of_target(self, relation: RelationShape, column: ColumnShape) -> float:
        root = self._root(relation)
        number = self._number(root, column)
        for reference in root.references:
            if number in reference.columns and self.before.get(reference.target):
                return self.rows[reference.target] / self.before[reference.target]
        return 1.0

    # ── indexes ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _index(
        self, relation: RelationShape, index: IndexShape, columns: tuple[ColumnSize, ...], pages: int
    ) -> SizedIndex:
        table = self.rows[relation.id]
        said = self.said.get(relation.name)
        own_said = next((one for one in said.indexes if one.name == index.name.name), None) if said else None
        grown = table / said.rows if said is not None and said.rows > 0 else 1.0
        rows = table
        if index.predicate is not None:
            measured = own_said.rows if own_said else None
            rows = table * self.shares.get(index.id, PARTIAL) if measured is None else measured * grown
        by_number = {column.number: column for column in columns}
        own = []
        for place, key in enumerate(index.keys):
            shape = index.columns[place]
            if key in by_number:
                # What the index stores may be of another type than the column: GIN's elements, for one.
                width = by_number[key].width if shape.length < 0 else shape.length
                own.append(replace(by_number[key], number=place + 1, width=width))
            else:
                own.append(self._expression(relation, index, place, by_number, own_said))
        if relation.kind == "p":
            count = 0
        elif own_said is not None and own_said.pages is not None:
            count = max(1, math.ceil(own_said.pages * grown), index.blocks)
        else:
            count = max(index_pages(index, rows, own, pages), index.blocks)
        return SizedIndex(index, rows, min(count, MOST_PAGES), tuple(own))

    def _expression(
        self,
        relation: RelationShape,
        index: IndexShape,
        place: int,
        columns: Mapping[int, ColumnSize],
        said: IndexProfile | None,
    ) -> ColumnSize:
        """An expression over one column that keeps its values apart has as many of them; any other is a guess."""
        shape = index.columns[place]
        text = index.expressions[place] or ""
        used = [one for one in relation.columns if re.search(rf"(?<![\w\"]){re.escape(one.name)}(?![\w\"(])", text)]
        base = columns[used[0].number] if len(used) == 1 else None
        nulls = base.null_fraction if base else 0.0
        rows = self.rows[relation.id]
        distinct = base.distinct if base and _KEEPS_VALUES.match(text) else distinct_of(shape)
        width = base.width if base and shape.length < 0 and used[0].type not in ("json", "jsonb") else width_of(shape)
        correlation = 0.0
        own = next((one for one in said.columns if one.name == shape.name), None) if said else None
        if own is not None:
            nulls = nulls if own.null_fraction is None else own.null_fraction
            distinct = distinct if own.distinct is None else own.distinct
            width = width if own.width is None else own.width
            correlation = own.correlation or 0.0
        distinct = _at_most(distinct, rows * (1 - nulls), rows)
        return ColumnSize(
            place + 1,
            nulls,
            width,
            distinct,
            correlation if shape.less else None,
            frequencies_of(shape, own, nulls),
        )


def _at_most(distinct: float, present: float, rows: float) -> float:
    """No more distinct values than values; what is as many as there are rows is a share of them."""
    if distinct < 0:
        return max(distinct, -present / rows) if rows > 0 and present > 0 else distinct
    if distinct >= present > 0:
        return -present / rows
    return distinct
