"""How many 8 kB pages rows take: PostgreSQL's own layout of heaps and indexes, for averages.

Sources: storage/bufpage.h, access/htup_details.h, nbtree's posting lists (a tenth of a page when an index is built).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from pgready.proof.size.columns import ColumnSize
from pgready.proof.size.shape import ColumnShape, IndexShape

PAGE = 8192
MOST_PAGES = 2**31 - 1
"""What pg_class.relpages counts up to (16 TB): a table that would be larger is that large."""
_HEADER = 24
_LINE_POINTER = 4
_SPECIAL = 16  # at the end of an index page
_POSTING = PAGE // 10
_TID = 6
_ALIGN = {"c": 1, "s": 2, "i": 4, "d": 8}
_NOT_DEDUPLICATED = frozenset({"numeric", "jsonb", "float4", "float8"})


def _aligned(size: float, to: int = 8) -> float:
    return math.ceil(size / to) * to


def _row_bytes(columns: Sequence[tuple[ColumnShape, ColumnSize]]) -> float:
    size = 0.0
    for shape, column in columns:
        if shape.generated == "v":
            continue  # worked out when it is read
        present = 1 - column.null_fraction
        # A short value of variable length has a header of one byte and no alignment.
        align = 1 if shape.length == -1 and column.width < 127 else _ALIGN.get(shape.align, 8)
        size = (_aligned(size, align) if present > 0.5 else size) + column.width * present
    return size


def heap_pages(rows: float, columns: Sequence[tuple[ColumnShape, ColumnSize]], fillfactor: int) -> int:
    """Pages of a table of `rows` rows."""
    if rows <= 0:
        return 0
    nulls = math.ceil(len(columns) / 8) if any(column.null_fraction > 0 for _, column in columns) else 0
    tuple_size = _aligned(_aligned(23 + nulls) + _row_bytes(columns)) + _LINE_POINTER
    room = (PAGE - _HEADER) - PAGE * (100 - fillfactor) / 100
    return math.ceil(rows / max(1, room // min(tuple_size, 2_040)))


def index_pages(index: IndexShape, rows: float, columns: Sequence[ColumnSize], table_pages: int) -> int:
    """Pages of an index with `rows` entries over a table of `table_pages` pages; `columns` are the index's own."""
    paired = list(zip(index.columns, columns, strict=True))
    width = _row_bytes(paired)
    room = (PAGE - _HEADER - _SPECIAL) * index.fillfactor / 100
    nulls = 8 if any(column.null_fraction > 0 for column in columns) else 0
    entry = _aligned(_aligned(8 + nulls) + width) + _LINE_POINTER
    if index.method == "brin":
        ranges = math.ceil(table_pages / max(1, index.pages_per_range))
        return 2 + math.ceil(ranges * (16 + 2 * width) / (PAGE - 64)) + math.ceil(ranges / 1_360)
    if rows <= 0:
        return 1
    if index.method == "btree":
        leaves = rows * _btree_bytes(index, rows, columns, entry) / room
        return 1 + math.ceil(leaves * (1 + entry / room)) + 1
    if index.method == "hash":
        return 2 + math.ceil(rows * 20 / (PAGE * index.fillfactor / 100))
    if index.method == "gin":
        # Ten entries a row, each its row's number in a compressed list, and the distinct ones themselves.
        return 2 + math.ceil(rows * (10 * 2 + width * 0.1) / PAGE)
    if index.method in ("gist", "spgist"):
        return 1 + math.ceil(rows * (entry + 8) / (PAGE * 0.7))
    return 1 + math.ceil(rows * entry / (PAGE * 0.7))


def _btree_bytes(index: IndexShape, rows: float, columns: Sequence[ColumnSize], entry: float) -> float:
    """Bytes of a leaf for one row, equal keys stored once where nbtree can do that."""
    distinct = 1.0
    for column in columns[: index.key_count]:
        share = column.distinct if column.distinct > 0 else -column.distinct * rows
        distinct *= max(1.0, share) + (1 if column.null_fraction else 0)
    copies = rows / min(rows, max(1.0, distinct))
    plain = index.key_count == len(index.keys) and not any(
        shape.type in _NOT_DEDUPLICATED or shape.type_kind in ("r", "m", "c") or shape.type.startswith("_")
        for shape in index.columns
    )
    if not plain or copies < 2 or (index.is_unique and index.predicate is None):
        return entry
    lists = math.ceil(copies * _TID / max(_TID, _POSTING - entry))
    return (copies * _TID + lists * (entry + 4)) / copies
