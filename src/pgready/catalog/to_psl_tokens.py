"""The words of a DEFAULT's text as Prisma's introspection cuts it."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"""(?P<space>[ \t\n\f\r]+)
      | (?P<digits>[0-9]+)
      | (?P<escape>[Ee]'(?:\\.|[^\\'])*')
      | (?P<word>[A-Za-z](?:(?<![Ee])[A-Za-z0-9_-]*|(?<=[Ee])(?:[A-Za-z0-9][A-Za-z0-9_-]*)?))
      | (?P<string>'(?:[^']|'')*')
      | (?P<quoted>"(?:\\.|[^\\"])*")
      | (?P<cast>::)
      | (?P<mark>[,()\[\]{}.-])
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"a": "\x07", "b": "\x08", "v": "\x11", "f": "\x12", "n": "\n", "r": "\r", "t": "\t"}
"""Prisma's reading of them: \\v and \\f are not what PostgreSQL means."""


class _Token(NamedTuple):
    kind: str
    text: str


class Tokens:
    """A text's tokens, read from the front.

    Kinds: "word", "digits", "string", "escape string", "quoted", "::", the marks themselves, and "other".
    """

    def __init__(self, text: str) -> None:
        self._tokens = _cut(text)
        self._at = 0

    @property
    def peek(self) -> str | None:
        """The kind of the next token behind white space, None at the end."""
        at = self._next()
        return None if at < 0 else self._tokens[at].kind

    @property
    def is_finished(self) -> bool:
        """Whether at most one token is left: Prisma is so generous."""
        return self._at >= len(self._tokens) - 1

    def take(self, kind: str) -> str | None:
        """The next token's text if it is of this kind, else None and nothing is taken."""
        at = self._next()
        if at < 0 or self._tokens[at].kind != kind:
            return None
        self._at = at + 1
        return self._tokens[at].text

    def next(self) -> str | None:
        """The kind of the next token, which is taken."""
        at = self._next()
        if at < 0:
            return None
        self._at = at + 1
        return self._tokens[at].kind

    def skip_to(self, kind: str) -> bool:
        """Take everything up to a token of this kind; False if there is none."""
        while True:
            found = self.next()
            if found is None:
                return False
            if found == kind:
                return True

    def string(self) -> str | None:
        """The value of a string constant."""
        text = self.take("string")
        if text is not None:
            return text[1:-1].replace("''", "'")
        text = self.take("escape string")
        if text is None:
            return None
        return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), text[2:-1], flags=re.DOTALL)

    def quoted(self) -> str | None:
        """The value of a double-quoted element."""
        text = self.take("quoted")
        return None if text is None else re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)

    def cast(self) -> bool:
        """Take `::type` if it is there; False if it makes no sense."""
        if self.peek != "::":
            return True
        self.next()
        while self.peek in ("quoted", "word", "."):
            self.next()
        if self.peek == "(" and not self.skip_to(")"):
            return False
        if self.peek == "[":
            self.next()
            return self.take("]") is not None
        return True

    def _next(self) -> int:
        at = self._at
        while at < len(self._tokens) and self._tokens[at].kind == "space":
            at += 1
        return at if at < len(self._tokens) else -1


def _cut(text: str) -> list[_Token]:
    tokens = []
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or "other"
        if kind == "mark":
            kind = found[0]
        elif kind == "cast":
            kind = "::"
        elif kind == "escape":
            kind = "escape string"
        tokens.append(_Token(kind, found[0]))
        if kind == "other" and found[0] in ":'\"":
            break  # what follows is not cut
    return tokens
