"""What CHECK constraints ask of single columns, as far as their text tells it by itself.

A hint makes a value likely to pass and promises nothing: the server judges. What is not understood gives no hint.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

_CAST = re.compile(
    r"::(?:character varying|double precision|timestamp with(?:out)? time zone|time with(?:out)? time zone"
    r'|bit varying|(?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))?)(?:\([\d, ]+\))?(?:\[\])*'
)
_NUMBER = r"'?(-?\d+(?:\.\d+)?)'?"
_NAME = r'("(?:[^"]|"")+"|[a-zA-Z_][\w$]*)'
_TEXT = r"'((?:[^']|'')*)'"
_COMPARED = re.compile(rf"{_NAME} (>=|<=|>|<|=) {_NUMBER}\Z")
_TURNED = re.compile(rf"{_NUMBER} (>=|<=|>|<|=) {_NAME}\Z")
_LENGTH = re.compile(rf"(?:char_length|character_length|length|octet_length)\({_NAME}\) (>=|<=|>|<|=) {_NUMBER}\Z")
_SAME = re.compile(rf"{_NAME} = {_TEXT}\Z")
_ANY = re.compile(rf"{_NAME} = ANY \(ARRAY\[(.*)\]\)\Z")
_IN = re.compile(rf"{_NAME} IN \((.*)\)\Z")
_MATCHES = re.compile(rf"{_NAME} ~\*? {_TEXT}\Z")
_ORDER = re.compile(rf"{_NAME} (>=|<=|>|<) {_NAME}\Z")
_CASE = re.compile(rf"(?:{_NAME} = (lower|upper)\({_NAME}\)|(lower|upper)\({_NAME}\) = {_NAME})\Z")
_EXACTLY = re.compile(r"num_nonnulls\((.*)\) = (\d+)\Z")
_EITHER = re.compile(rf"\({_NAME} IS (NOT )?NULL\) (<>|=) \({_NAME} IS (NOT )?NULL\)\Z")
_TURN = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "=": "="}


@dataclass(frozen=True, slots=True)
class Hint:
    """What is asked of a column: bounds (inclusive), lengths, choices as SQL, a pattern, its place after another."""

    low: Decimal | None = None
    high: Decimal | None = None
    above: bool = False
    below: bool = False
    shortest: int | None = None
    longest: int | None = None
    choices: tuple[str, ...] = ()
    pattern: str = ""
    case: str = ""
    after: str = ""


NONE = Hint()


@dataclass(frozen=True, slots=True)
class Hints:
    """By column; `exactly` are groups of columns of which so many are not NULL (-1: all or none)."""

    columns: Mapping[str, Hint]
    exactly: tuple[tuple[tuple[str, ...], int], ...] = ()

    def of(self, column: str) -> Hint:
        """The column's hint, an empty one for most."""
        return self.columns.get(column, NONE)


def hints(expressions: Iterable[str], value: str = "") -> Hints:
    """What the expressions ask for; `value` is the name that VALUE stands for, in a domain's checks."""
    found: dict[str, Hint] = {}
    groups: list[tuple[tuple[str, ...], int]] = []
    for text in expressions:
        for clause in _clauses(_plain(text)):
            for name, hint in _hint(clause):
                key = value if value and name == "VALUE" else _unquoted(name)
                found[key] = _joined(found.get(key, NONE), hint)
            groups += _group(clause)
    return Hints(found, tuple(groups))


def _plain(text: str) -> str:
    text = " ".join(_CAST.sub("", text).split())
    # A cast leaves parentheses around what it stood on.
    before = ""
    while before != text:
        before = text
        text = re.sub(rf"(?<![\w$\"])\(({_NAME}|{_NUMBER}|{_TEXT})\)(?! IS)", r"\1", text)
    return text


def _clauses(text: str) -> Iterator[str]:
    """The parts that AND joins at the top; nothing where an OR is, since then none of them need hold."""
    text = _bare(text)
    parts = _split(text, " OR ")
    if len(parts) > 1:
        return
    parts = _split(text, " AND ")
    if len(parts) == 1:
        yield text
        return
    for part in parts:
        yield from _clauses(part)


def _bare(text: str) -> str:
    text = text.strip()
    while text.startswith("(") and _closing(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def _closing(text: str) -> int:
    depth = 0
    quote = ""
    for at, one in enumerate(text):
        if quote:
            quote = "" if one == quote else quote
        elif one in "'\"":
            quote = one
        elif one in "([":
            depth += 1
        elif one in ")]":
            depth -= 1
            if depth == 0:
                return at
    return -1


def _split(text: str, by: str) -> list[str]:
    parts, depth, quote, start, at = [], 0, "", 0, 0
    while at < len(text):
        one = text[at]
        if quote:
            quote = "" if one == quote else quote
        elif one in "'\"":
            quote = one
        elif one in "([":
            depth += 1
        elif one in ")]":
            depth -= 1
        elif depth == 0 and text.startswith(by, at):
            parts.append(text[start:at])
            at += len(by)
            start = at
            continue
        at += 1
    return [*parts, text[start:]]


def _hint(clause: str) -> Iterator[tuple[str, Hint]]:
    if m := _LENGTH.match(clause):
        yield m[1], _length(m[2], int(Decimal(m[3])))
    elif m := _COMPARED.match(clause):
        yield m[1], _bound(m[2], Decimal(m[3]))
    elif m := _TURNED.match(clause):
        yield m[3], _bound(_TURN[m[2]], Decimal(m[1]))
    elif m := _SAME.match(clause):
        yield m[1], Hint(choices=(f"'{m[2]}'",))
    elif m := _ANY.match(clause) or _IN.match(clause):
        yield m[1], Hint(choices=tuple(one.strip() for one in _split(m[2], ",")))
    elif m := _MATCHES.match(clause):
        yield m[1], Hint(pattern=m[2].replace("''", "'"))
    elif m := _CASE.match(clause):
        yield m[1] or m[5], Hint(case=m[2] or m[4])
    elif m := _ORDER.match(clause):
        first, second = (m[1], m[3]) if m[2] in ("<", "<=") else (m[3], m[1])
        yield second, Hint(after=_unquoted(first))


def _group(clause: str) -> Iterator[tuple[tuple[str, ...], int]]:
    if m := _EXACTLY.match(clause):
        yield tuple(_unquoted(one.strip()) for one in m[1].split(",")), int(m[2])
    elif m := _EITHER.match(clause):
        alike = (m[2] == m[5]) == (m[3] == "=")
        yield (_unquoted(m[1]), _unquoted(m[4])), -1 if alike else 1


def _bound(operator: str, value: Decimal) -> Hint:
    if operator == "=":
        return Hint(choices=(str(value),))
    if operator in (">", ">="):
        return Hint(low=value, above=operator == ">")
    return Hint(high=value, below=operator == "<")


def _length(operator: str, value: int) -> Hint:
    if operator == "=":
        return Hint(shortest=value, longest=value)
    if operator in (">", ">="):
        return Hint(shortest=value + (operator == ">"))
    return Hint(longest=value - (operator == "<"))


def _joined(one: Hint, other: Hint) -> Hint:
    said = {name: getattr(other, name) for name in Hint.__slots__ if getattr(other, name) != getattr(NONE, name)}
    return replace(one, **said)


def _unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name
