"""Whether a column of one type serves code that was written for another."""

from __future__ import annotations

from typing import Literal

from pgready.catalog.table import Column
from pgready.catalog.types import DataType
from pgready.parity.conditions import NARROWER_TYPE, WIDER_TYPE
from pgready.parity.model import Difference

Misfit = Literal["narrower", "other", "alike"]

_WIDENING = (("int2", "int4", "int8"), ("float4", "float8"))
# Values are converted on the way: what is read may be another value, and nothing fails.
_ALIKE = (
    {"timestamp", "timestamptz"},
    {"time", "timetz"},
    {"json", "jsonb"},
    {"text", "varchar", "bpchar", "citext", "name"},
    {"numeric", "float4", "float8"},
)
_ROUNDED = {"timestamp", "timestamptz", "time", "timetz"}


def fit(before: DataType, after: DataType) -> Misfit | None:
    """None if it serves: the same, or one that takes every value of it."""
    if before == after:
        return None
    difference = Difference((), "different", reference=Column("", before), side=Column("", after))
    if WIDER_TYPE[1](difference):
        return None
    old, new = before.name.name, after.name.name
    if before.is_system and after.is_system and before.dimensions == after.dimensions:
        for family in _WIDENING:
            if old in family and new in family and family.index(old) < family.index(new):
                return None
        if old == new and old in _ROUNDED:
            return "alike"
    if NARROWER_TYPE[1](difference):
        return "narrower"
    if before.dimensions == after.dimensions and any({old, new} <= kin for kin in _ALIKE):
        return "alike"
    return "other"
