"""Keys of indexes: operator classes and order, as the catalog has them and as Prisma writes them."""

from __future__ import annotations

from pgready.catalog.names import ObjectName
from pgready.catalog.table import IndexColumn
from pgready.catalog.types import SYSTEM
from pgready.psl import schema as psl
from pgready.psl.operator_classes import OPERATOR_CLASSES


def prisma_operator_classes(index: psl.Index) -> tuple[str | None, ...]:
    """For every column the class by its name in SQL as the schema names it, None for none."""
    return tuple([_class_sql(field) for field in index.fields])


def _class_sql(field: psl.IndexField) -> str | None:
    if field.operator_class is None or field.is_raw:
        return field.operator_class
    return OPERATOR_CLASSES[field.operator_class].in_sql


def index_columns(model: psl.Model, index: psl.Index) -> tuple[IndexColumn, ...]:
    """The keys of an index."""
    found = []
    for field in index.fields:
        class_ = _class_sql(field)
        descending = field.sort == "Desc"
        found.append(
            IndexColumn(
                model.scalar(field.name).database_name,
                operator_class=None if class_ is None else ObjectName(SYSTEM, class_),
                descending=descending,
                nulls_first=descending,
            )
        )
    return tuple(found)
