"""What a column's DEFAULT is to Prisma's introspection: a constant, a list, now(), a sequence, or just an expression.

Prisma reads the text that PostgreSQL prints, type by type, and takes everything that it does not understand for
`dbgenerated`. This reads as little, or as much, as it does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from pgready.catalog.to_psl_tokens import Tokens
from pgready.catalog.to_psl_types import Family


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant: of an enum (its label), a text, a number, a truth value or bytes.

    `is_json`: a text of JSON in the braces of a list, which Prisma reads and then does not show.
    """

    value: str | bool | int | Decimal | bytes
    is_label: bool = False
    is_json: bool = False


Constants: TypeAlias = tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A default; `expression` is set for "expression", `constant` or `constants` for what their names say.

    `sequence` is the sequence's name without its schema.
    """

    kind: Literal["constant", "list", "now", "sequence", "expression"]
    expression: str = ""
    sequence: str = ""
    constant: Constant | None = None
    constants: Constants = ()


_NOW = Found("now")
_MAX = 2**63


def found_default(expression: str, family: Family, *, is_list: bool) -> Found | None:
    """The default of a column of this family; None for NULL, which is none."""
    if expression.strip().startswith("NULL"):
        return None
    tokens = Tokens(expression)
    if is_list:
        constants = _list(tokens, family)
        if constants is not None:
            return Found("list", constants=constants)
        return Found("expression", expression)
    found = _single(tokens, family)
    if found is None or not tokens.is_finished:
        return Found("expression", expression)
    return found


def _single(tokens: Tokens, family: Family) -> Found | None:
    reader = _READERS.get(family)
    return None if reader is None else reader(tokens)


def _constant(value: str | bool | int | Decimal | bytes | None, *, is_label: bool = False) -> Found | None:
    return None if value is None else Found("constant", constant=Constant(value, is_label))


def _string(tokens: Tokens) -> Found | None:
    return _constant(_text(tokens))


def _text(tokens: Tokens) -> str | None:
    """A string constant with its cast."""
    value = tokens.string()
    return value if value is not None and tokens.cast() else None


def _enum(tokens: Tokens) -> Found | None:
    if tokens.peek == "word":
        value = tokens.take("word")
        return _constant(value, is_label=True) if tokens.cast() else None
    value = _text(tokens)
    return _constant(value, is_label=True) if value is not None and tokens.cast() else None


def _whole(text: str | None) -> int | None:
    digits = (
        (text or "").removeprefix("-").removeprefix("+") if (text or "")[:2] not in ("+-", "-+", "--", "++") else ""
    )
    if text is None or not (digits.isascii() and digits.isdigit()):
        return None
    value = int(text)
    return value if -_MAX <= value < _MAX else None


def _int(tokens: Tokens) -> Found | None:
    if tokens.peek == "digits":
        return _constant(_whole(tokens.take("digits")))
    if tokens.peek == "-":
        tokens.take("-")
        value = _whole(tokens.take("digits"))
        return None if value is None else _constant(-value)
    if tokens.peek == "string":
        return _constant(_whole(_text(tokens)))
    if tokens.peek == "word" and (tokens.take("word") or "").lower() == "nextval":
        return _nextval(tokens)
    return None


def _nextval(tokens: Tokens) -> Found | None:
    if tokens.take("(") is None:
        return None
    if tokens.peek == "(":
        tokens.take("(")
    name = _text(tokens)
    sequence = None if name is None else _last_name(Tokens(name))
    if sequence is None or not tokens.skip_to(")") or not tokens.cast():
        return None
    if tokens.peek == ")":
        tokens.take(")")
    return Found("sequence", sequence=sequence) if tokens.cast() else None


def _last_name(tokens: Tokens) -> str | None:
    """A sequence's name without its schema, if it is one that Prisma reads: one with an underscore in front is not."""
    name = _name(tokens)
    return name if name is None or tokens.take(".") is None else _name(tokens)


def _name(tokens: Tokens) -> str | None:
    return tokens.quoted() if tokens.peek == "quoted" else tokens.take("word")


def _float(tokens: Tokens) -> Found | None:
    value = _number(tokens)
    return _constant(value) if value is not None and tokens.cast() else None


def _number(tokens: Tokens) -> Decimal | None:
    is_open = tokens.peek == "("
    if is_open:
        tokens.take("(")
    elif tokens.peek in ("string", "escape string"):
        text = _text(tokens)
        return None if text is None else _number(Tokens(text))
    if tokens.peek is None:
        return None
    sign = tokens.take("-") or ""
    whole = tokens.take("digits")
    if whole is None:
        return None
    fraction = ""
    if tokens.peek == ".":
        tokens.take(".")
        digits = tokens.take("digits")
        if digits is None:
            return None
        fraction = "." + digits
    if is_open and tokens.take(")") is None:
        return None
    return Decimal(f"{sign}{whole}{fraction}")


def _bool(tokens: Tokens) -> Found | None:
    return _constant(_truth(tokens.take("word")))


def _truth(text: str | None) -> bool | None:
    return {"t": True, "true": True, "f": False, "false": False}.get((text or "").lower())


def _time(tokens: Tokens) -> Found | None:
    name = tokens.take("word")
    if name is None:
        return None
    if tokens.peek == "(":
        tokens.take("(")
        if tokens.take(")") is None:
            return None
    return _NOW if tokens.cast() and name.lower() in ("now", "current_timestamp") else None


def _bytes(tokens: Tokens) -> Found | None:
    value = _text(tokens)
    if value is None or not value.startswith("\\x") or not value.isascii() or len(value) % 2:
        return None
    try:
        return _constant(bytes.fromhex(value[2:]))
    except ValueError:
        return None


_READERS: dict[Family, Callable[[Tokens], Found | None]] = {
    "String": _string,
    "Json": _string,
    "Int": _int,
    "BigInt": _int,
    "enum": _enum,
    "Float": _float,
    "Decimal": _float,
    "Boolean": _bool,
    "DateTime": _time,
    "Bytes": _bytes,
}

# -- lists -------------------------------------------------------------------------------------------------------------


def _list(tokens: Tokens, family: Family) -> Constants | None:
    if tokens.peek in ("string", "escape string"):
        text = _text(tokens)
        return None if text is None else _braces(Tokens(text), family)
    if tokens.peek in ("word", "("):
        return _array(tokens, family)
    return None


def _array(tokens: Tokens, family: Family) -> Constants | None:
    """`ARRAY[…]`, perhaps in parentheses; what follows is not looked at."""
    if tokens.peek == "(":
        tokens.take("(")
    if (tokens.take("word") or "").lower() != "array" or tokens.take("[") is None:
        return None
    found: list[Found] = []
    while True:
        if tokens.peek is None:
            return None
        if tokens.peek == "]":
            break
        one = _single(tokens, family)
        if one is None:
            return None
        found.append(one)
        mark = tokens.next()
        if mark == "]":
            break
        if mark != ",":
            return None
    constants = tuple(one.constant for one in found if one.constant is not None)
    return constants if len(constants) == len(found) else None


def _braces(tokens: Tokens, family: Family) -> Constants | None:
    """The elements of `{…}`."""
    if tokens.take("{") is None:
        return None
    values: list[Constant] = []
    while True:
        mark = tokens.peek
        if mark == "}":
            break
        one = _element(tokens, family)
        if one is None:
            return None
        values.append(one)
        mark = tokens.next() if tokens.peek in (",", "}") else None
        if mark == "}":
            break
        if mark != ",":
            return None
    return tuple(values)


def _element(tokens: Tokens, family: Family) -> Constant | None:
    mark = tokens.peek
    if mark == "word":
        return _literal(tokens.take("word") or "", family)
    if mark == "quoted":
        return _literal(tokens.quoted() or "", family)
    if mark == "string":
        text = _text(tokens)
        return None if text is None else _literal(text, family)
    if mark in ("-", "digits"):
        found = None
        if family in ("Int", "BigInt"):
            found = _int(tokens)
        elif family in ("Float", "Decimal"):
            found = _float(tokens)
        return None if found is None else found.constant
    return None


def _literal(text: str, family: Family) -> Constant | None:
    if family in ("Int", "BigInt"):
        value = _whole(text)
        return None if value is None else Constant(value)
    if family in ("Float", "Decimal"):
        return None  # a word is no number, and digits never come here
    if family == "Boolean":
        truth = _truth(text)
        return None if truth is None else Constant(truth)
    if family in ("String", "Json"):
        return Constant(text, is_json=family == "Json")
    if family == "enum":
        inner = Tokens(text)
        return Constant(_text(inner) if inner.peek in ("string", "escape string") else text, is_label=True)  # type: ignore[arg-type]  # peek said so
    return None
