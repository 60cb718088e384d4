"""Expressions with the names of one schema unqualified, as a session prints them that has it in its search path."""

from __future__ import annotations

import re

from pgready.catalog.shown import shown_ident

_WORD = re.compile(r"""'(?:[^']|'')*'(?:::regclass)?|"(?:[^"]|"")*"|[A-Za-z_\x80-\U0010ffff][\w$]*|.""", re.DOTALL)
_REGCLASS = "'::regclass"


def unqualified(expression: str, schema: str) -> str:
    """The expression as `pg_get_expr` prints it with `schema` in the search path; it comes from an empty one."""
    mark = shown_ident(schema)
    if mark + "." not in expression:
        return expression
    words = _WORD.findall(expression)
    kept: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        if word == mark and words[at + 1 : at + 2] == ["."] and kept[-1:] != ["."]:
            at += 2
            continue
        if word.endswith(_REGCLASS) and word[0] == "'":
            word = "'" + unqualified(word[1 : -len(_REGCLASS)], schema) + _REGCLASS
        kept.append(word)
        at += 1
    return "".join(kept)
