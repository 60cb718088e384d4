"""Default expressions of a database, read as far as Prisma's introspection reads them.

What is a plain constant of the column's own kind becomes one; anything else stays an expression, compared as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from pgready.diff.sides import ColumnType, Constant, Default

_TEXT = r"(?:'(?:[^']|'')*'|[eE]'(?:[^'\\]|\\.)*')"
_WORD = r'(?:[A-Za-z][\w-]*|_[\w-]*|"(?:[^"]|"")*")'
_CAST = rf"(?:::{_WORD}(?:[\s.]+{_WORD}|\.{_WORD})*(?:\([^)]*\))?(?:{_WORD}|\s)*(?:\[\d*\])*)?"
_STRING = re.compile(rf"({_TEXT}){_CAST}", re.DOTALL)
_NOW = re.compile(rf"(?:now|current_timestamp)(?:\(\))?{_CAST}", re.IGNORECASE)
_INTEGER = re.compile(r"-?\d+")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_NEXTVAL = re.compile(rf"nextval\(\(?({_TEXT})(?:::text)?\)?(?:::regclass)?\){_CAST}", re.IGNORECASE | re.DOTALL)
_ARRAY = re.compile(r"\(?\s*ARRAY\s*\[", re.IGNORECASE)
_LAST_NAME = re.compile(r'(?:"((?:[^"]|"")*)"|([^".]+))$')
_ITEM = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^,{}"\\\s][^,{}"\\]*))\s*(,|\}$)', re.DOTALL)

_STRINGS = frozenset(("Text", "Citext", "VarChar", "Char", "Xml", "Bit", "VarBit", "Inet"))
_INTEGERS = frozenset(("SmallInt", "Integer", "BigInt", "Oid"))
_NUMBERS = frozenset(("Real", "DoublePrecision", "Decimal", "Money"))
_TIMES = frozenset(("Timestamp", "Timestamptz", "Date", "Time", "Timetz"))


def stored_default(text: str, kind: ColumnType, *, is_list: bool, default_schema: str) -> Default | None:
    """The default that `text` (as `pg_get_expr` prints it with an empty search path) means to Prisma."""
    if text.strip().startswith("NULL"):
        return None
    if is_list:
        found = _list(text, kind)
    elif kind.name in _INTEGERS and (sequence := _NEXTVAL.fullmatch(text)):
        return Default("sequence", text=_last_name(_unquoted(sequence[1])))
    elif kind.name in _TIMES:
        found = Default("now") if _NOW.fullmatch(text) else None
    else:
        constant = _constant(text, kind)
        found = None if constant is None else Default("constant", (constant,))
    return found or Default("expression", text=without_schema(text, default_schema))


def without_schema(text: str, schema: str) -> str:
    """The expression as it is printed where `schema` is in the search path."""
    quoted = '"' + schema.replace('"', '""') + '"'
    pattern = re.compile(rf"""({_TEXT})|(?<![\w."])(?:{re.escape(quoted)}|{re.escape(schema)})\.(?=[\w"])""", re.DOTALL)
    return pattern.sub(lambda found: found[1] or "", text)


def _unquoted(literal: str) -> str:
    if literal[0] in "eE":
        return re.sub(r"\\(.)", r"\1", literal[2:-1], flags=re.DOTALL)
    return literal[1:-1].replace("''", "'")


def _last_name(text: str) -> str:
    found = _LAST_NAME.search(text)
    if found is None:
        return text
    return found[2] if found[1] is None else found[1].replace('""', '"')


def _constant(text: str, kind: ColumnType) -> Constant | None:
    reader = _reader(kind)
    return None if reader is None else reader(text)


def _reader(kind: ColumnType) -> Callable[[str], Constant | None] | None:
    if kind.kind == "enum":
        return _enum
    name = kind.name if kind.kind == "known" else ""
    if name in _STRINGS or name in ("Json", "JsonB"):
        return _string
    if name in _INTEGERS:
        return _integer
    if name in _NUMBERS:
        return _number
    return {"Boolean": _boolean, "ByteA": _bytes}.get(name)


def _literal(text: str) -> str | None:
    found = _STRING.fullmatch(text)
    return _unquoted(found[1]) if found else None


def _string(text: str) -> Constant | None:
    value = _literal(text)
    return None if value is None else Constant("string", value)


def _enum(text: str) -> Constant | None:
    value = _literal(text)
    return None if value is None else Constant("enum", value)


def _integer(text: str) -> Constant | None:
    value = _literal(text)
    digits = text if value is None else value
    return Constant("int", int(digits)) if _INTEGER.fullmatch(digits) else None


def _number(text: str) -> Constant | None:
    value = _literal(text)
    digits = re.sub(rf"{_CAST}\Z", "", text) if value is None else value
    if digits.startswith("(") and digits.endswith(")"):
        digits = digits[1:-1]
    try:
        return Constant("float", Decimal(digits)) if _NUMBER.fullmatch(digits) else None
    except InvalidOperation:
        return None


def _boolean(text: str) -> Constant | None:
    value = {"t": True, "true": True, "f": False, "false": False}.get(text.lower())
    return None if value is None else Constant("boolean", value)


def _bytes(text: str) -> Constant | None:
    value = _literal(text)
    if value is None or not re.fullmatch(r"\\x(?:[0-9a-fA-F]{2})*", value):
        return None
    return Constant("bytes", bytes.fromhex(value[2:]))


# -- lists -------------------------------------------------------------------------------------------------------------


def _list(text: str, kind: ColumnType) -> Default | None:
    literal = _STRING.fullmatch(text)
    items = _literal_items(_unquoted(literal[1]), kind) if literal else _constructor_items(text, kind)
    return None if items is None else Default("list", tuple(items))


def _constructor_items(text: str, kind: ColumnType) -> list[Constant] | None:
    head = _ARRAY.match(text)
    if head is None:
        return None
    items = []
    for part in _parts(text[head.end() :]):
        found = _constant(part, kind)
        if found is None:
            return None
        items.append(found)
    return items


def _parts(text: str) -> list[str]:
    """What stands between the commas of ARRAY[…], up to its closing bracket."""
    parts = [""]
    depth = 0
    for piece in re.findall(rf"""{_TEXT}|"(?:[^"]|"")*"|.""", text, re.DOTALL):
        if piece == "]" and depth == 0:
            break
        depth += (piece in ("(", "[")) - (piece in (")", "]"))
        if piece == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    stripped = [part.strip() for part in parts]
    return [] if stripped == [""] else stripped


def _literal_items(text: str, kind: ColumnType) -> list[Constant] | None:
    """The items of `{a,"b c"}`."""
    if not text.startswith("{") or not text.endswith("}"):
        return None
    items: list[Constant] = []
    at = 1
    while text[at:].strip() != "}":
        found = _ITEM.match(text, at)
        if found is None:
            return None
        word = found[2].rstrip() if found[1] is None else re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL)
        item = _item(word, kind)
        if item is None:
            return None
        items.append(item)
        if found[3] == "}":
            break
        at = found.end()
    return items


def _item(word: str, kind: ColumnType) -> Constant | None:
    if kind.kind == "enum":
        return Constant("enum", word)
    name = kind.name if kind.kind == "known" else ""
    if name in _STRINGS:
        return Constant("string", word)
    if name in ("Json", "JsonB"):
        return Constant("json", word)
    if name in _INTEGERS:
        return Constant("int", int(word)) if _INTEGER.fullmatch(word) else None
    if name in _NUMBERS:
        return Constant("float", Decimal(word)) if _NUMBER.fullmatch(word) else None
    return _boolean(word) if name == "Boolean" else None
