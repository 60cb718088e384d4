"""The sequences behind serial columns: how PostgreSQL names them, and what they count like."""

from __future__ import annotations

from pgready.catalog.names import ObjectName
from pgready.catalog.table import SequenceOptions
from pgready.catalog.types import DataType
from pgready.psl.constraint_names import cut
from pgready.sql.names import MAX_BYTES

_LARGEST = {"int2": ("smallint", 2**15 - 1), "int4": ("integer", 2**31 - 1), "int8": ("bigint", 2**63 - 1)}


def serial_options(type_: DataType) -> SequenceOptions | None:
    """The options of the sequence that serial makes for a column of this type; None where there is no such serial."""
    if type_.dimensions or type_.name.name not in _LARGEST:
        return None
    spelled, largest = _LARGEST[type_.name.name]
    return SequenceOptions(spelled, 1, 1, 1, largest, 1, cycle=False)


def serial_name(table: ObjectName, column: str, taken: set[ObjectName]) -> ObjectName:
    """The first name that PostgreSQL tries and finds free: `table_column_seq`, `…_seq1`, …; not added to `taken`.

    What is too long is cut from the longer of table and column, byte by byte, and never inside a character.
    """
    number = 0
    while True:
        label = f"_seq{number or ''}"
        name = ObjectName(table.schema, _joined(table.name, column, label))
        if name not in taken:
            return name
        number += 1


def _joined(table: str, column: str, label: str) -> str:
    room = MAX_BYTES - len(label) - 1
    one, two = len(table.encode()), len(column.encode())
    while one + two > room:
        if one > two:
            one -= 1
        else:
            two -= 1
    return f"{cut(table, one)}_{cut(column, two)}{label}"
