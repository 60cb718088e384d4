"""Constants that the planner must not see, since a profile holds no values to hold them against.

Where a column has statistics and no histogram, PostgreSQL takes a constant in a range for half of the rows, and two of
them for none: `BETWEEN '2024-01-01' AND '2024-02-01'` would read one row of any table. For a value that it does not
know it takes a third, and half a percent for a range with both ends. So constants in ranges are hidden behind
parameters, the current time too, which it would compute; the plan's texts get them back.

Ranges over the key of a partitioned table keep their constants: partitions are chosen by them, and the bounds of the
partitions are a histogram of their own. So do those over a column that a partial index or an index over an expression
compares: the index serves a query by its constants.

Lexical: a query is never understood wrongly here, at most not at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pgready.sql.lexer import Token, tokens

FIRST = 100
"""The first number of a hiding parameter: far from those of contracts, and of what PostgreSQL numbers itself."""

_OPERATOR = frozenset("+-*/<>=~!@#%^&|`?")
_RANGES = frozenset({"<", "<=", ">", ">="})
_NOW = {
    "CURRENT_TIMESTAMP": "timestamptz",
    "CURRENT_DATE": "date",
    "LOCALTIMESTAMP": "timestamp",
}
_TYPED = frozenset({"DATE", "TIMESTAMP", "TIMESTAMPTZ", "TIME"})
_PREFIXED = frozenset({("-", "number"), *((word, "string") for word in _TYPED)})


@dataclass(frozen=True, slots=True)
class Veiled:
    """A query with hidden constants: `hidden` are their texts by number, `types` what has to be said of them."""

    sql: str
    hidden: Mapping[int, str]

    def unveiled(self, answer: str) -> str:
        """EXPLAIN's answer (JSON) with the constants instead of their parameters."""
        if not self.hidden:
            return answer

        def text(found: re.Match[str]) -> str:
            original = self.hidden.get(int(found[1]))
            return found[0] if original is None else json.dumps(original)[1:-1]

        return re.sub(r"\$(\d+)", text, answer)


def ranged_parameters(sql: str, keep: Collection[str] = ()) -> set[int]:
    """The parameters that are an end of a range over a column that is not in `keep`."""
    return {
        int(token.text[1:])
        for token, names in _operands(list(tokens(sql)), sql)
        if token.kind == "parameter" and names.isdisjoint(keep)
    }


def ranged_names(sql: str) -> set[str]:
    """The columns that an expression has ranges over."""
    return {name for _, names in _operands(list(tokens(sql)), sql) for name in names}


def veiled(sql: str, keep: Collection[str] = ()) -> Veiled:
    """`sql` with its constants in ranges, and the current time, behind parameters from FIRST on."""
    found = list(tokens(sql))
    spans: dict[int, tuple[int, str, frozenset[str]]] = {}  # start → end, text with a number to come, columns
    at_key: set[int] = set()
    places = {token.start: number for number, token in enumerate(found)}
    for token, names in _operands(found, sql):
        number = places[token.start]
        if not names.isdisjoint(keep):
            at_key.add(token.start)
        elif token.kind == "string" and number and found[number - 1].text in _TYPED:
            before = found[number - 1]
            spans[before.start] = (token.end, f"$#::{before.text.lower()}", frozenset(names))
        elif token.kind in ("string", "number") and (
            not number or found[number - 1].kind != "word" or _opens(found[number - 1])
        ):
            start = token.start
            if found[number - 1].text == "-" and number:
                start = found[number - 1].start
            spans[start] = (token.end, "$#", frozenset(names))
    for number, token in enumerate(found):
        if token.kind != "word" or token.start in at_key:
            continue
        after = [one.text for one in found[number + 1 : number + 3]]
        if token.text == "NOW" and after == ["(", ")"]:
            spans[token.start] = (found[number + 2].end, "$#::timestamptz", frozenset())
        elif token.text in _NOW and after[:1] != ["("]:
            spans[token.start] = (token.end, f"$#::{_NOW[token.text]}", frozenset())
    hidden: dict[int, str] = {}
    same: dict[tuple[str, frozenset[str]], int] = {}  # GROUP BY has to find its expression in the SELECT list
    parts, end = [], 0
    for start in sorted(spans):
        stop, text, columns = spans[start]
        number = same.setdefault((sql[start:stop], columns), FIRST + len(same))
        hidden[number] = sql[start:stop]
        parts += [sql[end:start], f"({text.replace('#', str(number))})"]
        end = stop
    return Veiled("".join([*parts, sql[end:]]), hidden)


def _opens(token: Token) -> bool:
    return token.text in ("AND", "BETWEEN", "SYMMETRIC")


def _operands(found: Sequence[Token], sql: str) -> Iterator[tuple[Token, set[str]]]:
    """Each simple operand of a range, with the names of the columns that it is compared with."""
    at = 0
    while at < len(found):
        token = found[at]
        if token.kind == "symbol" and token.text in _OPERATOR:
            end = at + 1
            while end < len(found) and found[end].text in _OPERATOR and found[end].start == found[end - 1].end:
                end += 1
            if "".join(one.text for one in found[at:end]) in _RANGES:
                names = _names_before(found, at, sql)
                yield from ((one, names) for one in _operand(found, end))
                if at and found[at - 1].kind in ("parameter", "string", "number") and _begins(found, at - 1):
                    yield found[at - 1], _names_after(found, end, sql)
            at = end
            continue
        if token.kind == "word" and token.text == "BETWEEN":
            before = at - 1 if at and found[at - 1].text == "NOT" else at
            names = _names_before(found, before, sql)
            start = at + 2 if at + 1 < len(found) and found[at + 1].text in ("SYMMETRIC", "ASYMMETRIC") else at + 1
            yield from ((one, names) for one in _operand(found, start))
            depth = 0
            for number in range(start, len(found)):
                depth += {"(": 1, ")": -1}.get(found[number].text, 0)
                if depth < 0:
                    break
                if depth == 0 and found[number].text == "AND" and found[number].kind == "word":
                    yield from ((one, names) for one in _operand(found, number + 1))
                    break
        at += 1


def _begins(found: Sequence[Token], at: int) -> bool:
    """Whether an expression begins at this token, so that it is one by itself."""
    return not at or found[at - 1].text in ("(", ",", "WHERE", "AND", "OR", "NOT", "ON", "HAVING", "WHEN")


def _operand(found: Sequence[Token], at: int) -> Iterator[Token]:
    """The constants and parameters of the operand that begins at `at`: one, or those of a row."""
    if at >= len(found):
        return
    token = found[at]
    if token.kind in ("parameter", "string", "number"):
        yield token
    elif at + 1 < len(found) and (token.text, found[at + 1].kind) in _PREFIXED:
        yield found[at + 1]
    elif token.kind == "word" and (token.text in _NOW or token.text == "NOW"):
        yield token
    elif token.text == "(" or (token.text == "ROW" and at + 1 < len(found) and found[at + 1].text == "("):
        start = at + (1 if token.text == "(" else 2)
        if start < len(found) and found[start].text in ("SELECT", "WITH", "VALUES"):
            return
        depth = 1
        for number in range(start, len(found)):
            one = found[number]
            depth += {"(": 1, ")": -1}.get(one.text, 0)
            if depth == 0:
                return
            if depth == 1 and one.kind in ("parameter", "string", "number") and found[number - 1].text in ("(", ","):
                yield one


def _names_before(found: Sequence[Token], at: int, sql: str) -> set[str]:
    """The column before an operator, or all names of the parentheses before it."""
    if not at:
        return set()
    token = found[at - 1]
    if token.kind in ("word", "quoted"):
        return {_name(token, sql)}
    names: set[str] = set()
    depth = 0
    for number in range(at - 1, -1, -1):
        one = found[number]
        depth += {")": 1, "(": -1}.get(one.text, 0)
        if one.kind in ("word", "quoted"):
            names.add(_name(one, sql))
        if depth <= 0:
            break
    return names


def _names_after(found: Sequence[Token], at: int, sql: str) -> set[str]:
    """The names right after an operator, `t.at` included."""
    names = set()
    for token in found[at : at + 5]:
        if token.kind in ("word", "quoted"):
            names.add(_name(token, sql))
        elif token.text != ".":
            break
    return names


def _name(token: Token, sql: str) -> str:
    text = sql[token.start : token.end]
    return text[1:-1].replace('""', '"') if token.kind == "quoted" else text.lower()
