"""Texts of a drawing: how wide they are in any monospaced font, and how they are escaped."""

from __future__ import annotations

import unicodedata
from html import escape

from pgready.report.excerpt import plain

CELL = 0.61
"""The width of a character, in units of the font's size, in the widest of the usual monospaced fonts."""


def cells(text: str) -> int:
    """How many characters' width `text` takes: two for wide ones, none for marks."""
    if text.isascii():
        return len(text)
    return sum(_cells(one) for one in text)


def _cells(one: str) -> int:
    if unicodedata.category(one) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(one) in "WFA" or one > "\uffff" else 1


def cut(text: str, most: int) -> str:
    """`text` on one line, secrets masked (while they are whole), with an ellipsis if it is wider than `most`."""
    text = plain(text)
    if cells(text) <= most:
        return text
    taken, width = [], 0
    for one in text:
        width += _cells(one)
        if width > most - 1:
            break
        taken.append(one)
    return "".join(taken) + "…"


def width(text: str, size: float) -> float:
    """The most that `text` takes at this font size."""
    return cells(text) * size * CELL


def safe(text: str) -> str:
    """A text of the user's for HTML, SVG and their attributes: one line, masked, escaped."""
    return escape(plain(text), quote=True)


def number(value: float) -> str:
    """A coordinate, short and the same on every machine."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text
