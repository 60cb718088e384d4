"""Words of a small SQL expression."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<string>'(?:[^']|'')*')
  | (?P<number>\d+(?:\.\d+)?(?![\w.]))
  | (?P<quoted>"(?:[^"]|"")+")
  | (?P<word>[A-Za-z_][\w$]*)
  | (?P<symbol>::|\|\||<>|!=|<=|>=|[()\[\],.=<>+*/-])
    )""",
    re.VERBOSE | re.ASCII,
)
Kind = Literal["string", "number", "quoted", "word", "symbol", "end"]


class Token(NamedTuple):
    """A word of the expression. `text` is as written; `key` is in capitals for words and symbols, else ""."""

    kind: Kind
    text: str
    key: str


END = Token("end", "", "")


def tokens(text: str) -> list[Token] | None:
    """The words of `text`; None where it has something that is not read here, a comment or an E'…' constant, say."""
    found = []
    text = text.rstrip()
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.end() == at or match.lastgroup is None:
            return None
        kind: Kind = match.lastgroup  # type: ignore[assignment]  # the groups are named after the kinds
        word = match[kind]
        rest = text[match.end() : match.end() + 2]
        if rest.startswith("'") and kind in ("word", "string"):  # E'…', B'…', U&'…': none of ours
            return None
        if word + rest[:1] in ("--", "/*"):
            return None
        found.append(Token(kind, word, word.upper() if kind in ("word", "symbol") else ""))
        at = match.end()
    return found
