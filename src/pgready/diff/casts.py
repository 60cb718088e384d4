"""Whether a column's new type can be had by casting: Prisma's judgement, which is what its SQL and warnings follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from pgready.diff.changes import Cast
from pgready.diff.sides import Column, ColumnType

_Arguments: TypeAlias = tuple[int, ...]
_STRINGS = ("VarChar", "Char")
_TIMES = ("Timestamp", "Timestamptz", "Time", "Timetz")


def cast_between(before: Column, after: Column) -> Cast | None:
    """How the type of `before` becomes that of `after`; None where nothing needs to be done."""
    old, new = before.type, after.type
    if old.kind == "enum" or new.kind == "enum":
        return None if old.enum == new.enum else "impossible"
    if before.arity == "list" and after.arity != "list":
        return _out_of_a_list(new)
    if after.arity == "list" and before.arity != "list":
        return "impossible"
    if old.kind == "known" and new.kind == "known":
        return _between_known(old, new)
    # Prisma does not tell two types apart that it does not know.
    return None if old.kind == new.kind else "risky"


def _out_of_a_list(new: ColumnType) -> Cast:
    if new.name == "Text" or (new.name == "VarChar" and not new.arguments):
        return "safe"
    return "risky" if new.name in _STRINGS else "impossible"


def _between_known(old: ColumnType, new: ColumnType) -> Cast | None:
    if (old.name, old.arguments) == (new.name, new.arguments):
        return None
    if old.name == new.name and old.name in _TIMES and _same_precision(old.arguments, new.arguments):
        return None
    return _RULES[old.name](old.arguments, new.name, new.arguments)


def _same_precision(old: _Arguments, new: _Arguments) -> bool:
    """Times: no precision given is as good as any, from either side."""
    return not new or not old


def _first(arguments: _Arguments) -> int | None:
    return arguments[0] if arguments else None


# -- numbers -----------------------------------------------------------------------------------------------------------


def _integer(digits: int, characters: int, wider: tuple[str, ...], narrower: tuple[str, ...]) -> Callable[..., Cast]:
    """The rule of an integer type with at most `digits` before the point and `characters` as text."""

    def rule(_old: _Arguments, name: str, new: _Arguments) -> Cast:
        if name in wider or name in ("Real", "DoublePrecision", "Text"):
            return "safe"
        if name in narrower:
            return "risky"
        if name == "Decimal":
            return "risky" if new and new[0] - new[1] < digits else "safe"
        if name in _STRINGS:
            length = _first(new)
            if length is None:
                return "risky" if name == "Char" else "safe"
            return "risky" if length < characters else "safe"
        return "impossible"

    return rule


def _decimal(old: _Arguments, name: str, new: _Arguments) -> Cast:
    most = {"SmallInt": 2, "Integer": 9, "BigInt": 18}.get(name)
    if most is not None:
        return "risky" if not old or old[1] > 0 or old[0] > most else "safe"
    if name == "Decimal":
        return _decimal_to_decimal(old, new)
    if name in ("Real", "DoublePrecision"):
        return "risky"
    if name in _STRINGS:
        length = _first(new)
        if length is None:
            return "risky" if name == "Char" else "safe"
        needed = old[0] + (2 if old[1] else 1) if old else 131073
        return "risky" if needed > length else "safe"
    return "safe" if name == "Text" else "impossible"


def _decimal_to_decimal(old: _Arguments, new: _Arguments) -> Cast:
    if not new:
        return "safe"
    if not old:
        return "risky" if new[0] < 131072 or new[1] < 16383 else "safe"
    return "risky" if old[0] - old[1] > new[0] - new[1] or old[1] > new[1] else "safe"


def _floating(characters: int, safe: str) -> Callable[..., Cast]:
    def rule(_old: _Arguments, name: str, new: _Arguments) -> Cast:
        if name in (safe, "Text"):
            return "safe"
        if name in ("SmallInt", "Integer", "BigInt", "Decimal", "Real", "DoublePrecision"):
            return "risky"
        if name in _STRINGS:
            length = _first(new)
            if length is None:
                return "risky" if name == "Char" else "safe"
            return "risky" if length < characters else "safe"
        return "impossible"

    return rule


def _money(_old: _Arguments, name: str, _new: _Arguments) -> Cast:
    return "safe" if name in ("Citext", "Text", "VarChar") else "risky"


def _oid(_old: _Arguments, name: str, _new: _Arguments) -> Cast:
    return "safe" if name in ("Text", "VarChar", "BigInt", "Integer") else "impossible"


# -- text --------------------------------------------------------------------------------------------------------------


def _inet(_old: _Arguments, name: str, _new: _Arguments) -> Cast:
    return "safe" if name in ("Citext", "Text", "VarChar") else "impossible"


def _citext(_old: _Arguments, name: str, _new: _Arguments) -> Cast:
    return "safe" if name in ("Text", "VarChar") else "risky"


def _text(_old: _Arguments, name: str, new: _Arguments) -> Cast:
    if name == "Citext" or (name == "VarChar" and not new):
        return "safe"
    return "risky" if name in _STRINGS else "impossible"


def _varchar(old: _Arguments, name: str, new: _Arguments) -> Cast:
    if name == "Text":
        return "safe"
    if name not in _STRINGS:
        return "impossible"
    before, after = _first(old), _first(new)
    if before is None:
        return "risky" if after is not None or name == "Char" else "safe"
    return _shorter(before, after, name)


def _char(old: _Arguments, name: str, new: _Arguments) -> Cast:
    if name == "Text":
        return "safe"
    if name not in _STRINGS:
        return "impossible"
    before = _first(old)
    return "safe" if before is None else _shorter(before, _first(new), name)


def _shorter(before: int, after: int | None, name: str) -> Cast:
    if after is None:
        return "risky" if name == "Char" and before != 1 else "safe"
    return "risky" if before > after else "safe"


def _bytes(_old: _Arguments, name: str, new: _Arguments) -> Cast:
    if name == "Text" or (name == "VarChar" and not new):
        return "safe"
    return "risky" if name in _STRINGS and new and new[0] > 2 else "impossible"


def _like_text(*others: str) -> Callable[..., Cast]:
    """The rule of XML and the two kinds of JSON."""

    def rule(_old: _Arguments, name: str, new: _Arguments) -> Cast:
        if name == "Text" or name in others or (name == "VarChar" and not new):
            return "safe"
        return "risky" if name in _STRINGS else "impossible"

    return rule


def _fixed(characters: int, *others: str) -> Callable[..., Cast]:
    """The rule of a type whose text is `characters` long or shorter: times, dates, UUIDs."""

    def rule(_old: _Arguments, name: str, new: _Arguments) -> Cast:
        if name == "Text" or name in others or (name == "VarChar" and not new):
            return "safe"
        return "safe" if name in _STRINGS and new and new[0] > characters else "impossible"

    return rule


def _boolean(_old: _Arguments, name: str, new: _Arguments) -> Cast:
    if name in ("Text", "VarChar"):
        return "safe"
    if name == "Char" and new and new[0] > 3:
        return "safe" if new[0] > 4 else "risky"
    return "impossible"


def _bit(old: _Arguments, name: str, new: _Arguments) -> Cast:
    if not old:
        return "safe" if name in ("Text", "VarChar", "Char", "VarBit") else "impossible"
    if name == "Text" or (name in ("VarChar", "VarBit") and not new):
        return "safe"
    return "safe" if name in ("VarChar", "VarBit", "Char") and new and new[0] >= old[0] else "impossible"


def _varbit(old: _Arguments, name: str, new: _Arguments) -> Cast:
    if name == "Text" or (name == "VarChar" and not new):
        return "safe"
    if not old:
        return "risky" if name in ("VarChar", "Char", "Bit") else "impossible"
    if name == "VarBit":
        return "safe" if not new or new[0] > old[0] else "impossible"
    if name in _STRINGS:
        return "safe" if new and new[0] >= old[0] else "risky"
    return "risky" if name == "Bit" and (not new or new[0] <= old[0]) else "impossible"


_RULES: dict[str, Callable[[_Arguments, str, _Arguments], Cast]] = {
    "SmallInt": _integer(3, 4, ("Integer", "BigInt"), ()),
    "Integer": _integer(10, 11, ("BigInt",), ("SmallInt",)),
    "BigInt": _integer(19, 20, (), ("SmallInt", "Integer")),
    "Decimal": _decimal,
    "Real": _floating(47, "DoublePrecision"),
    "DoublePrecision": _floating(317, ""),
    "Money": _money,
    "Oid": _oid,
    "Inet": _inet,
    "Citext": _citext,
    "Text": _text,
    "VarChar": _varchar,
    "Char": _char,
    "ByteA": _bytes,
    "Xml": _like_text(),
    "Json": _like_text("JsonB"),
    "JsonB": _like_text("Json"),
    "Timestamp": _fixed(22, *_TIMES, "Date"),
    "Timestamptz": _fixed(27, *_TIMES, "Date"),
    "Date": _fixed(27, "Timestamp", "Timestamptz"),
    "Time": _fixed(13, "Timetz"),
    "Timetz": _fixed(18, "Timetz", "Time"),
    "Uuid": _fixed(31),
    "Boolean": _boolean,
    "Bit": _bit,
    "VarBit": _varbit,
}
