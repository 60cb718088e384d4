"""A script as its statements, split where PostgreSQL splits them.

Nothing here ever raises for what a script contains: what is wrong with it is a value (`Fault`), and what it means for
whoever wants to send it is said by `pgready.sql.refusal`.
"""

import functools
from dataclasses import dataclass

from pgready.sql.lexer import LUMP, SPACE, TOKEN, block_end, dollar_end, tokens, upper

_HEAD = 8
"""Tokens of a statement that `Statement.words` keeps: as many as telling the statements apart takes."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a script.

    `text` has no terminating `;`, no outer white space and no comments before or after it. `start` and `end` are
    character offsets in the script, from the first token to after the `;` (or after the last token without one);
    `line` is the 1-based line of the first token. `words` are the first eight tokens: unquoted words in upper case,
    everything else as written, so that a quoted identifier is never taken for a keyword.
    """

    text: str
    start: int
    end: int
    line: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a script does not read as SQL.

    `kind` is one of: quote, identifier, dollar quote, comment (opened at `offset` and never closed), backslash, nul.
    """

    kind: str
    offset: int


@dataclass(frozen=True, slots=True)
class Scan:
    """A whole script: its statements, its first fault, and whether a parenthesis or body is open at the end."""

    statements: tuple[Statement, ...]
    fault: Fault | None
    unbalanced: bool


def split(script: str) -> tuple[Statement, ...]:
    """The statements of `script` in order, empty ones dropped.

    `;` splits outside parentheses, quotes, comments and BEGIN ATOMIC bodies. Every token that is no comment lies inside
    the `start:end` of exactly one statement.
    """
    return scan(script).statements


class _Body:
    """Whether a place is inside the BEGIN ATOMIC ... END of an SQL function or procedure.

    The rule is psql's, made stricter: ATOMIC must follow BEGIN (a function may be named begin), and CASE and END after
    a dot or AS are names.
    """

    __slots__ = ("depth", "previous")

    def __init__(self) -> None:
        self.depth = 0
        self.previous = ""

    def see(self, token: str) -> None:
        """Take the next token outside parentheses, words in upper case."""
        if token == "ATOMIC" and self.previous == "BEGIN":  # noqa: S105 - a keyword of SQL
            self.depth = self.depth or 1
        elif self.depth and self.previous not in {".", "AS"}:
            self.depth += (token == "CASE") - (token == "END")  # noqa: S105
        self.previous = token


def _makes_routine(words: list[str]) -> bool:
    """Whether the statement that begins with `words` is CREATE [OR REPLACE] FUNCTION or PROCEDURE."""
    rest = words[3:4] if words[1:3] == ["OR", "REPLACE"] else words[1:2]
    return words[0] == "CREATE" and rest in (["FUNCTION"], ["PROCEDURE"])


@functools.lru_cache(maxsize=4)
def scan(script: str) -> Scan:
    """Split `script` and note its first fault; the last few results are kept, since several questions follow."""
    statements: list[Statement] = []
    fault: Fault | None = None
    words: list[str] = []
    body: _Body | None = None
    start = last = -1  # of the statement under way: its first token, the end of its last
    parens = 0
    line, counted = 1, 0
    at, end = 0, len(script)
    precise, coarse = TOKEN.match, LUMP.match

    def close(stop: int) -> None:
        nonlocal start, line, counted, body, parens
        if start >= 0:
            line += script.count("\n", counted, start)
            counted = start
            text = script[start:last].rstrip(SPACE)
            statements.append(Statement(text, start, stop, line, tuple(words)))
        start, parens, body = -1, 0, None
        words.clear()

    while (found := (precise if body or len(words) < _HEAD else coarse)(script, at)) is not None:
        kind = found.lastgroup or "end"
        at, stop = found.span(kind)
        if kind == "comment":
            at = stop
            continue
        if kind == "block":
            stop = block_end(script, at)
            if stop < 0:
                fault = fault or Fault("comment", at)
                break
            at = stop
            continue
        if kind == "end":
            break
        if kind == "symbol":
            symbol = script[at]
            if symbol == ";" and not parens and not (body and body.depth):
                close(stop)
                at = stop
                continue
            if symbol == "(":
                parens += 1
            elif symbol == ")":
                parens = max(parens - 1, 0)
            elif symbol in "\\\0":
                fault = fault or Fault("nul" if symbol == "\0" else "backslash", at)
        elif kind == "dollar":
            stop = dollar_end(script, at, found[kind])
            if stop < 0:
                fault, stop = fault or Fault("dollar quote", at), end
        elif kind == "open":
            fault, stop = fault or Fault("identifier" if script[at] == '"' else "quote", at), end
        if start < 0:
            start = at
        last = stop
        if kind != "lump":
            token = script[at:stop]
            if kind == "word":
                token = upper(token)
            if len(words) < _HEAD:
                words.append(token)
                if body is None and token in {"FUNCTION", "PROCEDURE"} and _makes_routine(words):
                    body = _Body()
            if body and not parens:
                body.see(token)
        at = stop
    unbalanced = parens > 0 or bool(body and body.depth)
    close(len(script[:last].rstrip(SPACE)) if start >= 0 else end)
    return Scan(tuple(statements), fault, unbalanced)


def summary(statement: Statement, width: int = 80) -> str:
    """The statement in one line of at most `width` characters, for progress.

    White space collapses, comments go, and the content of constants is left out: it may be long, and it may be a
    password.
    """
    parts: list[str] = []
    length = 0
    previous = -1
    for token in tokens(statement.text):
        gap = " " if previous >= 0 and token.start > previous else ""
        text = "'…'" if token.kind == "string" else statement.text[token.start : token.end]
        parts.append(gap + (text if text.isprintable() else "".join(c if c.isprintable() else "�" for c in text)))
        previous = token.end
        length += len(parts[-1])
        if length > width:
            break
    line = "".join(parts)
    return line if len(line) <= width else line[: max(width - 1, 0)] + "…"
