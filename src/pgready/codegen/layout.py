"""Python expressions, strings and docstrings as text that `ruff format` leaves as it is.

What does not fit in a line stands one item a line behind a trailing comma, which formatters keep at every line length.
A statement with a line that cannot be split any further says so to the formatter (`# fmt: skip`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

WIDTH = 88
"""ruff's and Black's default."""

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}


@dataclass(frozen=True, slots=True)
class Group:
    """Something in brackets: `open` with what stands before it (`sa.Index(`, `name=[`), items, `close`."""

    open: str
    items: tuple[Node, ...]
    close: str


Node: TypeAlias = "str | Group"


def call(name: str, *items: Node) -> Group:
    """`name(item, …)`."""
    return Group(f"{name}(", items, ")")


def keyword(name: str, value: Node) -> Node:
    """`name=value`, as an argument."""
    if isinstance(value, str):
        return f"{name}={value}"
    return Group(f"{name}={value.open}", value.items, value.close)


def listed(items: Sequence[Node]) -> Group:
    """`[item, …]`."""
    return Group("[", tuple(items), "]")


def tupled(items: Sequence[Node]) -> Group:
    """`(item, …)`."""
    return Group("(", tuple(items), ")")


def flat(node: Node) -> str:
    """The expression in one line."""
    if isinstance(node, str):
        return node
    inner = ", ".join([flat(item) for item in node.items])
    if node.open == "(" and len(node.items) == 1:
        inner += ","
    return node.open + inner + node.close


def statement(before: str, value: Node, indent: int = 0) -> str:
    """`before` and an expression as a statement, indented, without a newline at the end."""
    pad = " " * indent
    text = pad + before + _laid(value, indent, indent + width(before))
    if any(width(line) > WIDTH for line in text.split("\n")):
        text += "  # fmt: skip"
    return text


def _laid(node: Node, indent: int, column: int, after: int = 0) -> str:
    """The expression, its first line beginning in `column` and its last followed by `after` more characters."""
    text = flat(node)
    if isinstance(node, str) or not node.items or column + width(text) + after <= WIDTH:
        return text
    pad = " " * (indent + 4)
    lines = [f"{pad}{_laid(item, indent + 4, indent + 4, 1)},\n" for item in node.items]
    return f"{node.open}\n{''.join(lines)}{' ' * indent}{node.close}"


def width(text: str) -> int:
    """How many columns a text takes."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def quoted(text: str) -> str:
    """A string literal with the quotes that ruff would take."""
    if "\\" not in text and '"' not in text and text.isprintable():
        return f'"{text}"'
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join([_escaped(character, quote) for character in text]) + quote


def _escaped(character: str, quote: str) -> str:
    if character == quote:
        return "\\" + quote
    if character in _SHORT:
        return _SHORT[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def bytes_literal(value: bytes) -> str:
    """A bytes literal with the quotes that ruff would take."""
    text = value.decode("latin-1")
    quote = "'" if text.count('"') > text.count("'") else '"'
    shown = [_escaped(one, quote) if one < "\x80" else f"\\x{ord(one):02x}" for one in text]
    return "b" + quote + "".join(shown) + quote


def docstring(text: str, indent: int = 0) -> str:
    """A docstring, indented, without a newline at the end; "" for a text of nothing but spaces."""
    lines = [_plain(line) for line in re.split(r"\r\n|\r|\n", text)]
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines:
        return ""
    pad = " " * indent
    first, rest = lines[0].strip(), _dedented(lines[1:])
    body = "\n".join([first, *[(pad + line).rstrip() for line in rest]])
    before = " " if body.startswith('"') else ""
    if rest:
        return f'{pad}"""{before}{body}\n{pad}"""'
    # A quote would run into the closing ones; an escaped one does not.
    after = " " if re.search(r'(?<!\\)(?:\\\\)*"\Z', body) else ""
    return f'{pad}"""{before}{body}{after}"""'


def _plain(line: str) -> str:
    shown = "".join([one if one.isprintable() or one == "\t" else " " for one in line])
    return shown.expandtabs().replace("\\", "\\\\").replace('"""', '\\"\\"\\"').rstrip()


def _dedented(lines: Sequence[str]) -> list[str]:
    margin = min((len(line) - len(line.lstrip(" ")) for line in lines if line), default=0)
    return [line[margin:] for line in lines]
