"""Conditions as EXPLAIN prints them, taken apart: which index key is bound by what.

PostgreSQL prints every nested expression in parentheses, so that the clauses of a condition, and the operator of a
clause, stand at fixed depths. What is not understood becomes a clause of the operator "", which binds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from pgready.sql.lexer import tokens
from pgready.sql.names import quote_ident

Operand = Literal["constant", "parameter", "column", "subplan"]

RANGE_OPERATORS = frozenset(("<", "<=", ">", ">=", "~<~", "~<=~", "~>=~", "~>~"))

_OPERATOR_CHARACTERS = frozenset("+-*/<>=~!@#%^&|`?")


_KEYWORDS = frozenset(
    ("AND", "OR", "NOT", "IS", "NULL", "ANY", "ALL", "ROW", "ARRAY", "CASE", "WHEN", "THEN", "ELSE", "END", "COLLATE")
)
_SPECIAL = _KEYWORDS | {"OPERATOR", "SUBPLAN", "INITPLAN", "TRUE", "FALSE"}


class _Part(NamedTuple):
    kind: str
    text: str
    depth: int


_TOLD = 200
"""Characters of a condition in a sentence, at most."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One conjunct: `left` `operator` `right`; `text` is all of it, without table names.

    `left` and `right` are as `normal_key` writes them, and so is `row`, the columns of a row comparison (whose `left`
    is its first). `operator` is PostgreSQL's, with " ANY" or " ALL" behind it for lists, or IS NULL, IS NOT NULL, TRUE,
    FALSE, OR, "". `operand` says what the right side is made of. `value` is a constant's text, None for all else.
    `length` counts the elements of a list that is written out, None for all others. `parts` are an OR's alternatives.
    """

    text: str
    left: str
    operator: str
    operand: Operand = "constant"
    value: str | None = None
    length: int | None = None
    right: str = ""
    row: tuple[str, ...] = ()
    parts: tuple[tuple[Clause, ...], ...] = ()

    @property
    def is_range(self) -> bool:
        """Whether it binds its left side from one side."""
        return self.operator in RANGE_OPERATORS

    @property
    def is_equality(self) -> bool:
        """Whether it binds its left side to one value, or to each of a list."""
        return self.operator in ("=", "= ANY", "IS NULL", "TRUE", "FALSE")


@lru_cache(maxsize=2048)
def clauses(text: str) -> tuple[Clause, ...]:
    """The conjuncts of a condition; none of the empty text."""
    return tuple(_conjuncts(list(_parts(text)))) if text else ()


def normal_key(text: str) -> str:
    """An expression as two of its spellings compare: without table and schema names and without parentheses."""
    return _normal(list(_parts(text)))


def normal_name(name: str) -> str:
    """A column's name as `normal_key` writes it."""
    return normal_key(quote_ident(name))


def binds(clause: Clause, key: str) -> bool:
    """Whether the clause's left side is this key, as it is or seen as another type (`(email)::text`)."""
    return clause.left == key or clause.left.startswith(key + " ::")


def elements(text: str) -> tuple[str, ...]:
    """The expressions of a list, parted by commas, as `normal_key` writes them; none of the empty text."""
    return tuple(_normal(one) for one in _commas(list(_parts(text)))) if text.strip() else ()


def readable(text: str) -> str:
    """A condition for people: without table names, and without the outermost parentheses."""
    return _shown(_bare(list(_parts(text))))


def told(text: str) -> str:
    """`readable`, cut where a list of values would fill the screen."""
    whole = readable(text)
    return whole if len(whole) <= _TOLD else whole[: _TOLD - 1] + "…"


def aliases(text: str) -> frozenset[str]:
    """The tables' names, or aliases, that a text names columns of."""
    parts = list(_parts(text))
    return frozenset(part.text for part, dot in pairwise(parts) if dot.text == "." and part.kind in ("word", "quoted"))


def called(text: str) -> frozenset[str]:
    """The bare names of what a text calls, in lower case if unquoted."""
    parts = list(_parts(text))
    return frozenset(
        part.text.lower() if part.kind == "word" else part.text[1:-1].replace('""', '"')
        for part, opening in pairwise(parts)
        if opening.text == "(" and part.kind in ("word", "quoted")
    )


def _parts(text: str) -> Iterator[_Part]:
    depth, operator, end = 0, "", -1
    for token in tokens(text):
        symbol = token.kind == "symbol"
        if symbol and token.text in _OPERATOR_CHARACTERS:
            if operator and token.start != end:
                yield _Part("operator", operator, depth)
                operator = ""
            operator, end = operator + token.text, token.end
            continue
        if operator:
            yield _Part("operator", operator, depth)
            operator = ""
        if symbol and token.text == ":":
            if end == token.start:
                yield _Part("cast", "::", depth)
            end = token.end
            continue
        if symbol and token.text in ")]":
            depth -= 1
        yield _word(token.text, depth) if token.kind == "quoted" else _Part(token.kind, token.text, depth)
        if symbol and token.text in "([":
            depth += 1
    if operator:
        yield _Part("operator", operator, depth)


def _word(quoted: str, depth: int) -> _Part:
    """A quoted name as the word that it could be written as; names of keywords stay quoted, as PostgreSQL has them."""
    name = quoted[1:-1]
    plain = name.isascii() and name.isidentifier() and name == name.lower() and name.upper() not in _SPECIAL
    return _Part("word", name.upper(), depth) if plain else _Part("quoted", quoted, depth)


def _bare(parts: Sequence[_Part]) -> Sequence[_Part]:
    """Without parentheses that stand around all of it."""
    while len(parts) > 2 and parts[0].text == "(" and parts[-1].text == ")":
        depth = parts[0].depth
        if any(part.depth <= depth for part in parts[1:-1]):
            break
        parts = parts[1:-1]
    return parts


def _split(parts: Sequence[_Part], word: str) -> list[Sequence[_Part]]:
    depth = min((part.depth for part in parts), default=0)
    found, start = [], 0
    for at, part in enumerate(parts):
        if part.kind == "word" and part.text == word and part.depth == depth:
            found.append(parts[start:at])
            start = at + 1
    return [*found, parts[start:]]


def _conjuncts(parts: Sequence[_Part]) -> Iterator[Clause]:
    parts = _bare(parts)
    split = _split(parts, "AND")
    if len(split) > 1:
        for one in split:
            yield from _conjuncts(one)
    elif parts:
        yield _clause(parts)


def _clause(parts: Sequence[_Part]) -> Clause:
    text = _shown(parts)
    alternatives = _split(parts, "OR")
    if len(alternatives) > 1:
        return Clause(text, "", "OR", parts=tuple(tuple(_conjuncts(one)) for one in alternatives))
    if parts[0].text == "NOT":
        rest = _bare(parts[1:])
        return Clause(text, _normal(rest), "FALSE" if _is_column(rest) else "")
    depth = min(part.depth for part in parts)
    for at, part in enumerate(parts):
        if part.depth != depth:
            continue
        left, right = parts[:at], parts[at + 1 :]
        if part.kind == "operator":
            return _comparison(text, left, part.text, right)
        if part.kind == "word" and part.text == "OPERATOR":
            name = next((one.text for one in right if one.kind == "operator"), "")
            closing = next((n for n, one in enumerate(right) if one.text == ")" and one.depth == depth), 0)
            return _comparison(text, left, name, right[closing + 1 :])
        if part.kind == "word" and part.text == "IS":
            words = " ".join(one.text for one in right)
            known = words if words in ("NULL", "NOT NULL", "TRUE", "FALSE") else ""
            operator = {"NULL": "IS NULL", "NOT NULL": "IS NOT NULL"}.get(known, known)
            return Clause(text, _normal(left), operator)
    return Clause(text, _normal(parts), "TRUE" if _is_column(parts) else "")


def _comparison(text: str, left: Sequence[_Part], operator: str, right: Sequence[_Part]) -> Clause:
    row: tuple[str, ...] = ()
    if left and left[0].text == "ROW":
        inner = _bare(left[1:])
        row = tuple(_normal(one) for one in _commas(inner))
    length: int | None = None
    right = _bare(right)
    if right and right[0].text in ("ANY", "ALL"):
        operator = f"{operator} {right[0].text}"
        right = _bare(right[1:])
        length = _length(right)
    first = row[0] if row else _normal(left)
    return Clause(text, first, operator, _operand(right), _value(right), length, _normal(right), row)


def _commas(parts: Sequence[_Part]) -> list[Sequence[_Part]]:
    depth = min((part.depth for part in parts), default=0)
    found, start = [], 0
    for at, part in enumerate(parts):
        if part.text == "," and part.depth == depth:
            found.append(parts[start:at])
            start = at + 1
    return [*found, parts[start:]]


def _is_column(parts: Sequence[_Part]) -> bool:
    named = [part for part in parts if part.text != "."]
    return 0 < len(named) <= 2 and all(part.kind in ("word", "quoted") for part in named)


def _operand(parts: Sequence[_Part]) -> Operand:
    if any(part.kind == "word" and part.text in ("SUBPLAN", "INITPLAN") for part in parts):
        return "subplan"
    if any(part.kind == "parameter" for part in parts):
        return "parameter"
    for at, part in enumerate(parts[:-1]):
        if part.kind in ("word", "quoted") and parts[at + 1].text == "." and not _is_type_or_function(parts, at):
            return "column"
    return "constant"


def _is_type_or_function(parts: Sequence[_Part], at: int) -> bool:
    """Whether the qualified name that begins here is a type's (behind `::`) or a function's (before a parenthesis)."""
    if at > 0 and parts[at - 1].kind == "cast":
        return True
    return at + 3 < len(parts) and parts[at + 3].text == "("


def _value(parts: Sequence[_Part]) -> str | None:
    """A constant's text: of a string with its cast, a number, true or false."""
    if not parts or any(part.kind != "cast" for part in parts[1:2]):
        return None
    first = parts[0]
    if first.kind == "string" and first.text.startswith("'"):
        return first.text[1:-1].replace("''", "'")
    if first.kind == "number" or (first.kind == "word" and first.text in ("TRUE", "FALSE")):
        return first.text.lower()
    return None


def _length(parts: Sequence[_Part]) -> int | None:
    """How many elements a list has that is written out: `'{1,2}'::integer[]` or `ARRAY[1, 2]`."""
    value = _value(parts)
    if value is not None and value.startswith("{"):
        if value == "{}":
            return 0
        quoted, count = False, 1
        for at, character in enumerate(value):
            if character == '"' and value[at - 1] != "\\":
                quoted = not quoted
            count += character == "," and not quoted
        return count
    if parts and parts[0].text == "ARRAY":
        inside = [part for part in parts if part.depth > parts[0].depth]
        depth = min((part.depth for part in inside), default=0)
        return 1 + sum(part.text == "," and part.depth == depth for part in inside)
    return None


def _without_tables(parts: Sequence[_Part]) -> list[_Part]:
    kept: list[_Part] = []
    for part in parts:
        if kept and kept[-1].text == "." and len(kept) > 1 and kept[-2].kind in ("word", "quoted"):
            del kept[-2:]
        kept.append(part)
    return kept


def _normal(parts: Sequence[_Part]) -> str:
    return " ".join(part.text for part in _without_tables(parts) if part.text not in ("(", ")"))


def _shown(parts: Sequence[_Part]) -> str:
    """Text for people: names in lower case as they were, casts of constants left out."""
    made = ""
    kept = _without_tables(parts)
    previous = _Part("", "", 0)
    for part in kept:
        word = part.kind == "word"
        text = part.text.lower() if word and part.text not in _KEYWORDS else part.text
        tight = previous.text in ("(", "[", ".", "") or previous.kind == "cast"
        tight = tight or part.text in (")", "]", ",", ".", "[") or part.kind == "cast"
        tight = tight or (
            part.text == "(" and previous.kind in ("word", "quoted") and previous.text not in _KEYWORDS - {"ROW"}
        )
        made += text if tight else " " + text
        previous = part
    return made
