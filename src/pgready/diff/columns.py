"""What differs in a column that both sides have."""

from __future__ import annotations

import json

from pgready.diff.casts import cast_between
from pgready.diff.changes import ColumnDelta
from pgready.diff.sides import Column, Constant, Default

_POINTS_IN_TIME = ("Timestamp", "Timestamptz", "Date", "Time", "Timetz")


def delta_of(before: Column, after: Column) -> ColumnDelta:
    """The differences that Prisma's engine would act on."""
    return ColumnDelta(
        arity=before.arity != after.arity,
        default=not _same_default(before, after),
        cast=cast_between(before, after),
        autoincrement=before.is_autoincrement != after.is_autoincrement,
    )


def _same_default(before: Column, after: Column) -> bool:
    old, new = before.default, after.default
    if old == new:
        return True
    kinds = {each.kind for each in (old, new) if each}
    if kinds == {"expression", "list"} and (_is_time(before) or _is_time(after)):
        return True
    if old and new and old.kind == new.kind == "list":
        return len(old.constants) == len(new.constants) and all(map(_same_item, old.constants, new.constants))
    constants = [each.constants[0] for each in (old, new) if each and each.kind == "constant"]
    if old and new and any(each.family == "datetime" for each in constants):
        return True  # a point in time has more spellings than anybody compares
    if len(constants) == 2:
        return _same_constant(constants[0], constants[1])
    return _same_kind(old, new)


def _same_kind(old: Default | None, new: Default | None) -> bool:
    """Defaults of which one at most is a constant."""
    if new is None:
        # A sequence goes in a way of its own.
        return old is None or old.kind == "sequence"
    if new.kind == "sequence":
        return True
    if new.kind == "expression" and new.text is None:
        return True
    if old is None or old.kind != new.kind:
        return False
    if new.kind == "expression":
        return old.text is not None and _folded(old.text) == _folded(new.text or "")
    return new.kind == "now"


def _is_time(column: Column) -> bool:
    return column.type.kind == "known" and column.type.name in _POINTS_IN_TIME


def _folded(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


def _same_constant(old: Constant, new: Constant) -> bool:
    families = {old.family, new.family}
    if "json" in families and families <= {"json", "string"}:
        return _same_json(str(old.value), str(new.value))
    if families <= {"string", "enum"} or families <= {"int", "bigint"}:
        return old.value == new.value
    return old == new


def _same_item(old: Constant, new: Constant) -> bool:
    """Items of lists are compared more strictly."""
    families = {old.family, new.family}
    if families == {"json", "string"}:
        return _same_json(str(old.value), str(new.value))
    if "datetime" in families:
        return True
    if families == {"enum", "bytes"}:
        label, data = (old.value, new.value) if old.family == "enum" else (new.value, old.value)
        return isinstance(data, bytes) and label == "\\x" + data.hex()
    return old == new


def _same_json(old: str, new: str) -> bool:
    try:
        return _parsed(old) == _parsed(new)
    except (ValueError, RecursionError):
        return True


def _parsed(text: str) -> object:
    """JSON in which 1 and 1.0 and true are three things."""
    return json.loads(
        text,
        parse_int=lambda digits: ("int", int(digits)),
        parse_float=lambda digits: ("float", float(digits)),
        parse_constant=_refuse,
    )


def _refuse(word: str) -> object:
    raise ValueError(word)
