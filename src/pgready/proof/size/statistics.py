"""What the planner believes, as rows of its own tables: pg_class and pg_statistic."""

from __future__ import annotations

from dataclasses import dataclass

from pgready.proof.size.columns import ColumnSize
from pgready.proof.size.shape import ColumnShape
from pgready.proof.size.sizes import Sizing

MCV, HISTOGRAM, CORRELATION = 1, 2, 3


@dataclass(frozen=True, slots=True)
class RelationRow:
    """A row of pg_class: `visible` pages are all-visible, as after a VACUUM."""

    id: int
    rows: float
    pages: int
    visible: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of pg_statistic: `numbers`, and `values` as text: of enums and booleans, and the bounds of partitions."""

    kind: int
    operator: int
    collation: int
    numbers: tuple[float, ...]
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatisticRow:
    """A row of pg_statistic."""

    relation: int
    number: int
    inherited: bool
    null_fraction: float
    width: int
    distinct: float
    type_id: int
    slots: tuple[Slot, ...]


def relation_rows(sizing: Sizing) -> list[RelationRow]:
    """pg_class for every table and index; a partitioned table's pages are none."""
    found = []
    for table in sizing.tables:
        pages = table.pages if table.shape.kind != "p" else -1
        found.append(RelationRow(table.shape.id, table.rows, pages, max(0, pages)))
        if table.shape.kind != "p":
            found += [RelationRow(one.shape.id, one.rows, one.pages, 0) for one in table.indexes]
    return found


def statistic_rows(sizing: Sizing) -> list[StatisticRow]:
    """pg_statistic for every column, and for the expressions of indexes."""
    found = []
    for table in sizing.tables:
        shape = table.shape
        if shape.kind != "p":
            pairs = zip(shape.columns, table.columns, strict=True)
            found += [_row(shape.id, column, size, inherited=False) for column, size in pairs]
        if table.inherited is not None:
            pairs = zip(shape.columns, table.inherited, strict=True)
            found += [_row(shape.id, column, size, inherited=True) for column, size in pairs]
        for index in table.indexes:
            for place, key in enumerate(index.shape.keys):
                if key == 0 and shape.kind != "p":
                    column = index.shape.columns[place]
                    found.append(_row(index.shape.id, column, index.columns[place], inherited=False))
    return found


def _row(relation: int, column: ColumnShape, size: ColumnSize, *, inherited: bool) -> StatisticRow:
    slots = []
    if size.frequencies and column.equals:
        values, shares = zip(*size.frequencies, strict=True)
        slots.append(Slot(MCV, column.equals, column.collation, shares, values))
    if size.bounds is not None and column.less:
        slots.append(Slot(HISTOGRAM, column.less, column.collation, (), size.bounds))
    if size.correlation is not None and column.less:
        slots.append(Slot(CORRELATION, column.less, column.collation, (size.correlation,)))
    return StatisticRow(
        relation,
        column.number,
        inherited,
        size.null_fraction,
        size.width,
        size.distinct,
        column.type_id,
        tuple(slots),
    )
