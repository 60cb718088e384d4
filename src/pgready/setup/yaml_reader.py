"""YAML as far as compose files, manifests and workflows use it, with the line of every part.

`read` gives trees whose nodes know where they stand, so that a file is patched by lines and keeps its comments. What it
does not know (complex keys, templates of Helm, tabs) it refuses by line: a file half understood is never patched.
Scalars stay texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NoReturn

from pgready.setup.yaml_node import Node, Unreadable

__all__ = ["Node", "Unreadable", "read"]

_KEY = re.compile(
    r"""(?P<key>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s\[\]{},#&*!|>'"%@`?:-][^#]*?|[?:-][^\s#][^#]*?)\s*:(?=\s|$)"""
)
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "/": "/", "0": "\0", "r": "\r", " ": " "}


def read(text: str) -> list[Node]:
    """The documents of a file; raises Unreadable."""
    documents: list[Node] = []
    reader = _Reader(text)
    for first, last in _documents(reader.lines):
        reader.row, reader.stop = first, last
        reader.anchors = {}
        if reader.more():
            documents.append(reader.block(0))
            if reader.more():
                reader.fail("what stands here belongs to nothing above it")
    return documents


def _documents(lines: list[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for number, line in enumerate(lines):
        if line.rstrip() == "---" or line.startswith(("--- ", "%")) or line.rstrip() == "...":
            yield start, number
            start = number + 1
    yield start, len(lines)


class _Reader:
    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.row = 0
        self.stop = len(self.lines)
        self.anchors: dict[str, Node] = {}

    def fail(self, what: str) -> NoReturn:
        raise Unreadable(min(self.row, len(self.lines) - 1) + 1, what)

    def more(self) -> bool:
        """Go to the next line with content."""
        while self.row < self.stop:
            bare = self.lines[self.row].strip()
            if bare and bare[0] != "#":
                return True
            self.row += 1
        return False

    def indent(self) -> int:
        line = self.lines[self.row]
        found = len(line) - len(line.lstrip(" "))
        if line[found : found + 1] == "\t":
            self.fail("a tab")
        return found

    # ── blocks ──

    def block(self, least: int) -> Node:
        at = self.indent()
        if at < least:
            self.fail("indented less than what it belongs to")
        rest = self.lines[self.row][at:].rstrip("\r")
        if rest.startswith("{{"):
            self.fail("a template, not YAML")
        if rest == "-" or rest.startswith("- "):
            return self.sequence(at)
        if _KEY.match(rest):
            return self.mapping(at)
        return self.inline(at, least - 1)

    def sequence(self, at: int) -> Node:
        node = Node("seq", self.row + 1, at + 1, self.row + 1)
        while self.more() and self.indent() == at:
            line = self.lines[self.row].rstrip("\r")
            if not (line[at:] == "-" or line.startswith("- ", at)):
                break
            inner = line[at + 1 :]
            column = at + 1 + len(inner) - len(inner.lstrip(" "))
            rest = line[column:]
            row = self.row
            if not rest or rest[0] == "#":
                self.row += 1
                if self.more() and self.indent() > at:
                    item = self.block(at + 1)
                else:
                    item = Node("scalar", row + 1, column + 1, row + 1)
            elif rest == "-" or rest.startswith("- ") or _KEY.match(rest):
                # The item's own lines go on at its column, as if the dash were a blank.
                self.lines[self.row] = " " * column + rest
                item = self.block(at + 1)
            else:
                item = self.inline(column, at)
            node.items.append(item)
            node.end = item.end
        return node

    def mapping(self, at: int) -> Node:
        node = Node("map", self.row + 1, at + 1, self.row + 1)
        while self.more() and self.indent() == at:
            line = self.lines[self.row].rstrip("\r")
            found = _KEY.match(line[at:])
            if found is None:
                break
            key = _unquoted(found["key"])
            if key in node.entries:
                self.fail(f"{key} is given twice")
            row = self.row
            value = self.behind(at + found.end(), at)
            value.key_line, value.key_column = row + 1, at + 1
            node.entries[key] = value
            node.end = max(value.end, row + 1) if value.line > row else row + 1
        return node

    def behind(self, column: int, at: int) -> Node:
        """The value behind a key that stands at `at`."""
        line = self.lines[self.row].rstrip("\r")
        rest = line[column:]
        column += len(rest) - len(rest.lstrip(" "))
        rest = line[column:]
        row = self.row
        anchor = re.match(r"&(\S+)\s*", rest)
        if anchor:
            column += anchor.end()
            rest = line[column:]
        if not rest or rest[0] == "#":
            self.row += 1
            if self.more() and (self.indent() > at or (self.indent() == at and self._dash(at))):
                node = self.block(at)
            else:
                node = Node("scalar", row + 1, column + 1, row + 1)
        else:
            node = self.inline(column, at)
        if anchor:
            self.anchors[anchor[1]] = node
        return node

    def _dash(self, at: int) -> bool:
        rest = self.lines[self.row][at:].rstrip()
        return rest == "-" or rest.startswith("- ")

    # ── values on a line ──

    def inline(self, column: int, parent: int) -> Node:
        """A value that begins at `column` of this line; lines deeper than `parent` may go on with it."""
        line = self.lines[self.row].rstrip("\r")
        tag = re.match(r"!\S*\s*", line[column:])
        if tag:
            column += tag.end()
        anchor = re.match(r"&(\S+)\s+", line[column:])
        if anchor:
            column += anchor.end()
        first = line[column : column + 1]
        row = self.row
        if line.startswith("{{", column):
            self.fail("a template, not YAML")
        if first == "*":
            node = self.alias(line[column + 1 :].split("#")[0].strip(), column)
        elif first in ("|", ">") and first:
            node = self.folded(column, parent)
        elif first in ("[", "{", '"', "'") and first:
            node, end = self.flow(column)
            tail = self.lines[self.row].rstrip("\r")[end:].strip()
            if tail and tail[0] != "#":
                self.fail(f"unexpected: {tail}")
            node.end = self.row + 1
            self.row += 1
        else:
            node = self.bare(column, parent)
        node.line = row + 1
        if anchor:
            self.anchors[anchor[1]] = node
        return node

    def alias(self, name: str, column: int) -> Node:
        found = self.anchors.get(name)
        if found is None:
            self.fail(f"*{name} refers to nothing above")
        self.row += 1
        return Node(
            found.kind, self.row, column + 1, self.row, found.text, True, dict(found.entries), list(found.items)
        )

    def folded(self, column: int, parent: int) -> Node:
        head = self.lines[self.row].rstrip("\r")[column:].split("#")[0].strip()
        if not re.fullmatch(r"[|>][+-]?[0-9]?[+-]?", head):
            self.fail(f"unexpected: {head}")
        if any(one.isdigit() for one in head):
            self.fail("an indentation indicator")
        first = self.row + 1
        row = first
        deep = None
        lines: list[str] = []
        while row < self.stop:
            line = self.lines[row].rstrip("\r")
            bare = line.strip(" ")
            at = len(line) - len(line.lstrip(" "))
            if bare and at <= parent:
                break
            deep = at if deep is None and bare else deep
            lines.append(line[deep or 0 :] if bare else line[deep or len(line) :])
            row += 1
        kept = len(lines)
        while lines and not lines[-1].strip():
            lines.pop()
        text = "\n".join(lines) if head[0] == "|" else _fold(lines)
        if lines and "-" not in head:
            text += "\n" * (1 + kept - len(lines)) if "+" in head else "\n"
        self.row = row
        return Node("scalar", first, column + 1, first + len(lines), text, True)

    def bare(self, column: int, parent: int) -> Node:
        line = self.lines[self.row].rstrip("\r")
        if line[column] in "@`%":
            self.fail(f"unexpected: {line[column]}")
        parts = [re.split(r"\s#", line[column:], maxsplit=1)[0].strip()]
        ends = "#" in line[column:] and len(parts[0]) < len(line[column:].strip())
        end = self.row
        self.row += 1
        row = self.row
        while not ends and row < self.stop:
            line = self.lines[row].rstrip("\r")
            bare = line.strip()
            if bare and (len(line) - len(line.lstrip(" ")) <= parent or bare[0] == "#"):
                break
            if bare and _KEY.match(bare):
                self.row = row
                self.fail("a key below a value")
            parts.append(re.split(r"\s#", bare, maxsplit=1)[0].strip())
            row += 1
            if bare:
                end = row - 1
                self.row = row
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
        text = parts[0] if len(parts) == 1 else _fold(parts)
        return Node("scalar", end + 1, column + 1, end + 1, text)

    # ── brackets, braces, quotes ──

    def flow(self, column: int) -> tuple[Node, int]:
        """The node at `column` of this line and the column behind it; goes on over lines."""
        line = self.lines[self.row].rstrip("\r")
        first = line[column : column + 1]
        node = Node("scalar", self.row + 1, column + 1, self.row + 1, flow=True)
        if first in ('"', "'") and first:
            node.text, end = self.quoted(column, first)
            return node, end
        if first == "[":
            node.kind = "seq"
            column = self.blank(column + 1)
            while not self.here(column, "]"):
                item, column = self.pair_or_flow(column)
                node.items.append(item)
                column = self.comma(column, "]")
            return node, column + 1
        if first == "{":
            node.kind = "map"
            column = self.blank(column + 1)
            while not self.here(column, "}"):
                key, column = self.flow(column)
                column = self.blank(column)
                value = Node("scalar", self.row + 1, column + 1, self.row + 1, flow=True)
                if self.here(column, ":"):
                    column = self.blank(column + 1)
                    if not self.here(column, ",") and not self.here(column, "}"):
                        value, column = self.flow(column)
                value.key_line, value.key_column = key.line, key.column
                node.entries[key.text] = value
                column = self.comma(column, "}")
            return node, column + 1
        alias = re.compile(r"\*([^\s,\[\]{}]+)").match(line, column)
        if alias:
            found = self.anchors.get(alias[1])
            if found is None:
                self.fail(f"*{alias[1]} refers to nothing above")
            return found, alias.end()
        bare = re.compile(r"(?:[^,\[\]{}:#]|:(?![\s,\]}]|$)|(?<!\s)#)+").match(line, column)
        if bare is None:
            self.fail("unexpected in brackets")
        node.text = bare[0].strip()
        return node, bare.end()

    def pair_or_flow(self, column: int) -> tuple[Node, int]:
        item, end = self.flow(column)
        if self.here(self.blank(end), ":"):
            self.fail("a pair in brackets")
        return item, end

    def here(self, column: int, what: str) -> bool:
        return self.lines[self.row].startswith(what, column)

    def comma(self, column: int, close: str) -> int:
        column = self.blank(column)
        if self.here(column, ","):
            return self.blank(column + 1)
        if not self.here(column, close):
            self.fail(f"{close} or a comma is missing")
        return column

    def blank(self, column: int) -> int:
        """Over blanks, comments and line ends."""
        while True:
            line = self.lines[self.row].rstrip("\r")
            while column < len(line) and line[column] in " \t":
                column += 1
            if column < len(line) and not (line[column] == "#" and (not column or line[column - 1] in " \t")):
                return column
            if self.row + 1 >= self.stop:
                self.fail("a bracket is never closed")
            self.row, column = self.row + 1, 0

    def quoted(self, column: int, quote: str) -> tuple[str, int]:
        out: list[str] = []
        at = column + 1
        while True:
            line = self.lines[self.row].rstrip("\r")
            while at < len(line):
                one = line[at]
                if one == quote and quote == "'" and line[at + 1 : at + 2] == "'":
                    out.append("'")
                    at += 2
                elif one == quote:
                    return "".join(out), at + 1
                elif one == "\\" and quote == '"':
                    at, piece = self.escape(line, at)
                    out.append(piece)
                else:
                    out.append(one)
                    at += 1
            if self.row + 1 >= self.stop:
                self.fail("a quote is never closed")
            self.fail("a quoted text over several lines")

    def escape(self, line: str, at: int) -> tuple[int, str]:
        one = line[at + 1 : at + 2]
        if one in _ESCAPES and one:
            return at + 2, _ESCAPES[one]
        width = {"x": 2, "u": 4, "U": 8}.get(one)
        if width is None:
            self.fail(f"unknown escape \\{one}")
        try:
            return at + 2 + width, chr(int(line[at + 2 : at + 2 + width], 16))
        except ValueError:
            self.fail(f"\\{one} without its digits")


def _fold(lines: list[str]) -> str:
    """Lines as one, blank ones as line ends; deeper ones stay lines."""
    out = ""
    blanks = 0
    deep = False
    for line in lines:
        if not line.strip():
            blanks += 1
            continue
        was, deep = deep, line[0] == " "
        joint = "\n" * (blanks + 1) if was or deep else "\n" * blanks or " "
        out += (joint if out else "\n" * blanks) + line
        blanks = 0
    return out


def _unquoted(key: str) -> str:
    if key[:1] == '"':
        return re.sub(r"\\(.)", r"\1", key[1:-1])
    if key[:1] == "'":
        return key[1:-1].replace("''", "'")
    return key
