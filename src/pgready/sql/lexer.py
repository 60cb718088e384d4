r"""PostgreSQL's lexical rules, as one regular expression that reads tokens and one that skips what is of no interest.

The rules are those of the server's scanner with standard_conforming_strings on: a dollar quote does not start inside an
identifier, `--` and `/*` start a comment inside an operator too, comments nest, and an `E'...'` constant continues
after white space with a line break. The lexer never raises and is linear in the text: every pattern either cannot
backtrack or fails for good after one walk back.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

SPACE = " \t\n\r\f\v"
"""What PostgreSQL takes for white space; a no-break space, for one, is a letter to it."""

# A letter is any character outside ASCII too. Said by what it is not: `re` takes ten times longer to compile a class
# that reaches to the last plane of Unicode, and every cold boot pays for that.
_LETTER = r"[^\x00-@\[-^`{-\x7f]"
_DIGIT_OR_LETTER = r"[^\x00-/:-@\[-^`{-\x7f]"
_DIGIT_DOLLAR_OR_LETTER = r"[^\x00-#%-/:-@\[-^`{-\x7f]"
# Of the rest, what never matters: no quote, bracket, semicolon, backslash, slash, minus, dollar or NUL.
_DULL = r"[\x01-!#%&*+,.0-:<-@\[\]^`{-\x7f]"
_WORD = rf"(?![eE]'){_LETTER}{_DIGIT_DOLLAR_OR_LETTER}*"
_TAG = rf"(?:{_LETTER}{_DIGIT_OR_LETTER}*)?\$"
_CONTINUED = r"[ \t\f\v]*(?:--[^\n\r]*)?[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*'"
_ESTRING = rf"[eE]'[^'\\]*(?:(?:\\.|''|'{_CONTINUED})[^'\\]*)*'(?!')"
_STRING = r"'[^']*(?:''[^']*)*'(?!')"
_QUOTED = r'"[^"]*(?:""[^"]*)*"(?!")'
_COMMENT = r"--[^\n\r]*"

TOKEN = re.compile(
    rf"""[{SPACE}]*(?:
     (?P<word>{_WORD})
    |(?P<comment>{_COMMENT})
    |(?P<block>/\*)
    |(?P<string>{_STRING}|{_ESTRING})
    |(?P<quoted>{_QUOTED})
    |(?P<dollar>\${_TAG})
    |(?P<open>[eE]?'|")
    |(?P<number>[0-9]+(?:\.[0-9]+)?)
    |(?P<parameter>\$[0-9]+)
    |(?P<symbol>[^{SPACE}])
    |(?P<end>\Z))""",
    re.VERBOSE | re.DOTALL,
)
"""White space and one token, named by its group; it matches at every place of any text."""

LUMP = re.compile(
    rf"""[{SPACE}]*(?:
     (?P<lump>(?:
        {_DULL}+
        |{_WORD}
        |{_STRING}
        |{_QUOTED}
        |{_ESTRING}
        |-(?!-)
        |/(?!\*)
        |\$(?!{_TAG})
        |\([^$'"();\\/\x00-]*\)
    )+)
    |(?P<comment>{_COMMENT})
    |(?P<block>/\*)
    |(?P<dollar>\${_TAG})
    |(?P<open>[eE]?'|")
    |(?P<symbol>[^{SPACE}])
    |(?P<end>\Z))""",
    re.VERBOSE | re.DOTALL,
)
"""As TOKEN, with everything that has no bearing on where a statement ends in one piece."""

_COMMENT_MARK = re.compile(r"/\*|\*/")


class Token(NamedTuple):
    """A token that is neither white space nor a comment.

    `kind` is word (an unquoted identifier or keyword), quoted (a quoted identifier), string (a constant, dollar-quoted
    or not), number, parameter or symbol (one character). `text` is that of `upper` for a word and as written for all
    else; `start` and `end` are character offsets.
    """

    kind: str
    text: str
    start: int
    end: int


def upper(word: str) -> str:
    """An unquoted word as keywords are compared: in upper case if all of it is ASCII, else as written.

    Python's own upper case would make keywords of words that PostgreSQL takes for names (a dotless i, a long s).
    """
    return word.upper() if word.isascii() else word


def block_end(text: str, start: int) -> int:
    """The offset after the comment that `/*` at `start` opens, or -1 when it never ends."""
    depth = 0
    for mark in _COMMENT_MARK.finditer(text, start):
        depth += 1 if mark[0] == "/*" else -1
        if depth == 0:
            return mark.end()
    return -1


def dollar_end(text: str, start: int, tag: str) -> int:
    """The offset after the constant that the dollar quote `tag` at `start` opens, or -1 when it never ends."""
    close = text.find(tag, start + len(tag))
    return -1 if close < 0 else close + len(tag)


def tokens(text: str) -> Iterator[Token]:
    """The tokens of `text` in order; a constant, identifier or comment that never ends ends with the text."""
    at, end = 0, len(text)
    match_at = TOKEN.match
    while (found := match_at(text, at)) is not None:
        kind = found.lastgroup or "end"
        start, at = found.span(kind)
        if kind == "word":
            yield Token("word", upper(found[kind]), start, at)
        elif kind == "block":
            at = block_end(text, start)
            at = end if at < 0 else at
        elif kind == "dollar":
            at = dollar_end(text, start, found[kind])
            at = end if at < 0 else at
            yield Token("string", text[start:at], start, at)
        elif kind == "open":
            yield Token("quoted" if text[start] == '"' else "string", text[start:], start, end)
            at = end
        elif kind == "end":
            return
        elif kind != "comment":
            yield Token(kind, found[kind], start, at)


def line_comments(text: str) -> Iterator[Token]:
    """The comments that begin with `--`, as tokens of the kind "comment"; those inside of constants are none."""
    at, end = 0, len(text)
    while (found := TOKEN.match(text, at)) is not None:
        kind = found.lastgroup or "end"
        start, at = found.span(kind)
        if kind == "comment":
            yield Token(kind, found[kind], start, at)
        elif kind == "block":
            at = block_end(text, start)
            at = end if at < 0 else at
        elif kind == "dollar":
            at = dollar_end(text, start, found[kind])
            at = end if at < 0 else at
        elif kind in ("open", "end"):
            return


def comments(text: str) -> list[str]:
    """All comments of `text` as written, of both kinds, in their order."""
    found: list[str] = []
    end = 0
    gaps = [(one.start, one.end) for one in tokens(text)]
    for start, stop in (*gaps, (len(text), len(text))):
        at, gap = 0, text[end:start]
        while (mark := TOKEN.match(gap, at)) is not None and mark.lastgroup in ("comment", "block"):
            begin, at = mark.span(mark.lastgroup)
            if mark.lastgroup == "block":
                at = block_end(gap, begin)
            found.append(gap[begin:at])
        end = stop
    return found
