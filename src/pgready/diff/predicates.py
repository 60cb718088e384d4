"""Whether two conditions of partial indexes say the same in other words: quotes, brackets, casts of texts, spelling.

As Prisma does it, no more: `"n" IS NOT NULL` and `(n is not null)` are one condition, `b` and `b = true` are two. What
reads like no condition is compared as written.
"""

from __future__ import annotations

import re
from typing import TypeAlias

_TOKEN = re.compile(
    r"""\s+|(?P<text>[eE]?'(?:[^']|'')*')|"(?P<quoted>(?:[^"]|"")*)"|(?P<word>[^\W\d][\w$]*)|(?P<number>\d[\d.]*)"""
    r"""|(?P<sign>::|[<>=!~+\-*/%^&|#@?]+|.)""",
    re.DOTALL,
)
_CAST = re.compile(
    r"""(?:\w+|"[^"]*")(?:\.(?:\w+|"[^"]*"))?(?:\s+varying|\s+with(?:out)?\s+time\s+zone)?(?:\(\d+\))?(?:\[\])*"""
)
_KEYWORDS = frozenset((
    "AND", "OR", "NOT", "IS", "NULL", "TRUE", "FALSE", "IN", "LIKE", "ILIKE", "BETWEEN", "SIMILAR", "TO", "ANY", "SOME",
    "ALL", "ARRAY", "DISTINCT", "FROM", "UNKNOWN", "CASE", "WHEN", "THEN", "ELSE", "END",
))  # fmt: skip
_PRECEDENCE = {"OR": 1, "AND": 2, "NOT": 3, "IS": 4, "BETWEEN": 6, "IN": 6, "LIKE": 6, "ILIKE": 6, "SIMILAR": 6}
_SIGNS = {"<": 5, ">": 5, "=": 5, "<=": 5, ">=": 5, "<>": 5, "+": 8, "-": 8, "*": 9, "/": 9, "%": 9, "^": 10, "::": 12}
_OTHER_SIGN, _ALONE = 7, 99

_Node: TypeAlias = "str | list[_Node]"


def same_condition(one: str | None, other: str | None) -> bool:
    """Whether the two hold for the same rows, as far as spelling tells; None is no condition."""
    if one is None or other is None or one == other:
        return one == other
    first, second = _read(one), _read(other)
    return first is not None and first == second


def _read(text: str) -> list[_Node] | None:
    """The condition as tokens, with brackets that change something as lists; None for brackets that do not match."""
    stack: list[list[_Node]] = [[]]
    for word in _tokens(text):
        if word == "(":
            stack.append([])
        elif word == ")":
            if len(stack) == 1:
                return None
            group = stack.pop()
            stack[-1].append(group)
        else:
            stack[-1].append(word)
    return _unwrapped(stack[0]) if len(stack) == 1 else None


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            return [*found, text[at:]]
        at = match.end()
        word, sign = match["word"], match["sign"]
        if match["quoted"] is not None:
            found.append("n:" + match["quoted"].replace('""', '"'))
        elif word is not None:
            found += _word(word)
        elif sign == "::" and found and found[-1].startswith("t:"):
            cast = _CAST.match(text, at)
            at = cast.end() if cast else at
        elif sign is not None:
            found.append("<>" if sign == "!=" else sign)
        elif match["text"] is not None:
            found.append("t:" + match["text"])
        elif match["number"] is not None:
            found.append("d:" + match["number"])
    return found


def _word(word: str) -> list[str]:
    upper = word.upper()
    if upper == "NOTNULL":
        return ["IS", "NOT", "NULL"]
    if upper == "ISNULL":
        return ["IS", "NULL"]
    return [upper if upper in _KEYWORDS else "n:" + word]


def _unwrapped(nodes: list[_Node]) -> list[_Node]:
    """Without the brackets that change nothing."""
    done: list[_Node] = []
    for at, node in enumerate(nodes):
        if isinstance(node, str):
            done.append(node)
            continue
        inner = _unwrapped(node)
        before = nodes[at - 1] if at else None
        after = nodes[at + 1] if at + 1 < len(nodes) else None
        is_call = isinstance(before, str) and (before.startswith("n:") or before in ("IN", "ANY", "SOME", "ALL"))
        loosest = min((_strength(each) for each in inner), default=_ALONE)
        if is_call or "," in inner or not (_strength(before) < loosest >= _strength(after)):
            done.append(inner)
        else:
            done += inner
    return done


def _strength(node: _Node | None) -> int:
    """How tightly an operator binds; none at all, or something else: not, or as tightly as can be."""
    if node is None:
        return 0
    if not isinstance(node, str) or (node[1:2] == ":" and node != "::"):
        return _ALONE
    if node in _PRECEDENCE:
        return _PRECEDENCE[node]
    if node in _KEYWORDS:
        return _ALONE
    return _SIGNS.get(node, _OTHER_SIGN)
