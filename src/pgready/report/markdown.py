"""Text of others in Markdown: no name of a database, no file and no query can become markup."""

from __future__ import annotations

from pgready.report.excerpt import plain
from pgready.report.parity import label


def cell(text: str) -> str:
    """A line of the database's own, or of the user's, as Markdown and HTML leave it."""
    return line(plain(text))


def line(text: str) -> str:
    """The same for what is a line already."""
    shown = label(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for sign in "\\`*_[]|":
        shown = shown.replace(sign, "\\" + sign)
    return shown
