"""What a piece of SQL mentions, as keys.

The server prints every name that is not its own with its schema, and the bracket of a call right after the function's
name. A name with a dot may still be a column of something; that some key is then needed too much does no harm.
"""

from __future__ import annotations

from typing import NamedTuple

from pgready.catalog.names import ObjectName
from pgready.catalog.types import DataType
from pgready.plan.create_graph import Key
from pgready.sql.lexer import Token, tokens
from pgready.sql.names import fold

_NAMES = ("word", "quoted")
_NOTHING: frozenset[Key] = frozenset()


def mentioned(*texts: str | None) -> frozenset[Key]:
    """What printed expressions, queries and definitions mention; also as a constant: `'billing.counter'::regclass`."""
    found: set[Key] = set()
    for text in texts:
        if text and "." in text:
            _mentions(text, found)
    return frozenset(found) if found else _NOTHING


def _mentions(text: str, found: set[Key]) -> None:
    words = [*tokens(text), *[Token("end", "", -1, -1)] * 4]
    at = 0
    while at < len(words) - 4:
        first, dot, second, after = words[at : at + 4]
        if first.kind == "string" and (dot.text, second.text) == (":", ":") and after.text.startswith("REG"):
            found |= written(_inside(first.text))
        elif first.kind in _NAMES and dot.text == "." and second.kind in _NAMES:
            is_call = after.text == "(" and after.start == second.end
            found.add(("function" if is_call else "name", _ident(text, first), _ident(text, second)))
            at += 2
        at += 1


def written(text: str) -> set[Key]:
    """What a text by somebody's hand may mean: every name in it, as anything."""
    found: set[Key] = set()
    before = ""
    for word in tokens(text):
        if word.kind in _NAMES:
            name = _ident(text, word)
            found |= {("name", before, name), ("function", before, name)} if before else {("any", name)}
            before = name
        elif word.text != ".":
            before = ""
    return found


def of_type(type_: DataType) -> frozenset[Key]:
    """What a type needs."""
    return _NOTHING if type_.is_system else frozenset({("name", *type_.name)})


def schema_of(name: ObjectName) -> Key:
    """The schema that an object stands in."""
    return ("schema", name.schema)


class FunctionText(NamedTuple):
    """CREATE FUNCTION in parts: up to the result's type, what follows, and the text that only a call looks at."""

    head: str
    rest: str
    body: str


def function_text(definition: str) -> FunctionText:
    """The parts of what `pg_get_functiondef` printed; `body` is "" for one in SQL that the server has parsed."""
    words = list(tokens(definition))
    depth, head = 0, len(definition)
    for at, word in enumerate(words):
        if word.text in ("(", ")"):
            depth += 1 if word.text == "(" else -1
        if depth or word.kind != "word":
            continue
        if word.text == "LANGUAGE" and head == len(definition) and words[at - 1].text != ".":
            head = word.start
        elif word.text in ("BEGIN", "RETURN") and head < len(definition):
            break
        elif word.text == "AS" and head < len(definition) and words[at + 1].kind == "string":
            bodies = [_inside(one.text) for one in words[at + 1 :] if one.kind == "string"]
            return FunctionText(definition[:head], definition[head : word.start], bodies[-1])
    return FunctionText(definition[:head], definition[head:], "")


def behind_name(definition: str) -> str:
    """What stands behind the name that CREATE … gives: from the first bracket on."""
    return next((definition[one.start :] for one in tokens(definition) if one.text == "("), "")


def _ident(text: str, token: Token) -> str:
    shown = text[token.start : token.end]
    return shown[1:-1].replace('""', '"') if token.kind == "quoted" else fold(shown)


def _inside(text: str) -> str:
    if text.startswith("$"):
        tag = text[: text.index("$", 1) + 1]
        return text[len(tag) : -len(tag)]
    return text[text.index("'") + 1 : -1].replace("''", "'")
