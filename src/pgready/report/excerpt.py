"""A line of source with a mark under what is meant, fit for a terminal and for a log.

Columns of the mark are those of the screen: tabs are expanded, wide characters count twice, marks that combine not at
all. What could play with a terminal (controls, changes of direction) is replaced, and so is every secret in a URL.
"""

from __future__ import annotations

import re
import unicodedata

from pgready.psl.source import Span

_WIDTH = 120
_BEFORE = 50
"""How much of a long line is shown, and how much of that before what is meant."""
_TAB = "    "
_SECRET = re.compile(r"@|password|passwd|secret|token|key=", re.IGNORECASE)
_URL = re.compile(r'://(?:[^"\\]|\\.)*')
_JOINERS = "\u200c\u200d"


def mask(text: str) -> str:
    """`text` with every URL in it that may hold a secret turned into asterisks, the length kept.

    A URL reaches to the closing quote, or to the end of the line.
    """
    if "://" not in text:
        return text
    return _URL.sub(lambda url: "://" + "*" * (len(url[0]) - 3) if _SECRET.search(url[0]) else url[0], text)


def plain(text: str) -> str:
    """`text` as one safe line for a message: masked, and nothing in it that moves the cursor."""
    return mask(text if text.isprintable() else "".join(map(_visible, text)))


class Excerpts:
    """The marked lines of spans; the last line is remembered, so that many marks on a huge line stay cheap."""

    def __init__(self) -> None:
        self._at: tuple[int, int] = (0, 0)
        self._line = ""

    def of(self, span: Span) -> tuple[int, str, str, int]:
        """Line number, line, the mark below it, and the number of the last line that `span` reaches."""
        number, column = span.source.position(span.start)
        last, end = span.source.position(max(span.end - 1, span.start))
        if self._at != (id(span.source), number):
            self._at = (id(span.source), number)
            self._line = mask(span.source.line(number))
        line, start = self._line, column - 1
        stop = max(end if last == number else len(line.rstrip()), start + 1)
        low = max(0, start - _BEFORE) if len(line) > _WIDTH else 0
        high = min(len(line), low + _WIDTH)
        stop = max(min(stop, high), start + 1)
        head, marked, tail = _screen(line[low:start]), _screen(line[start:stop]), _screen(line[stop:high])
        head = ("…" if low else "") + head
        shown = head + marked + tail + ("…" if high < len(line) else "")
        return number, shown.rstrip(), " " * _columns(head) + "^" * max(_columns(marked), 1), last


def _screen(text: str) -> str:
    """`text` with tabs expanded and what cannot be shown replaced."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    if character == "\t":
        return _TAB
    code = ord(character)
    if code < 32:
        return chr(0x2400 + code)
    if code == 127:
        return "\u2421"
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    # Private and unassigned characters are some font's business; the joiners hold words and emoji together.
    return character if category in ("Co", "Cn") or character in _JOINERS else "\ufffd"


def _columns(text: str) -> int:
    """How many columns of the screen `text` takes."""
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
