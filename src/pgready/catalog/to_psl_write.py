"""Pieces of PSL text, not laid out yet: strings, calls, comments."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from decimal import Decimal

_START = re.compile(r"^[^a-zA-Z]+")
_OTHER = re.compile(r"[^_a-zA-Z0-9]")
_ESCAPES = {"\t": "\\t", "\n": "\\n", '"': '\\"', "\r": "\\r", "\\": "\\\\"}


def needs_other_name(name: str) -> bool:
    """Whether PSL cannot say this name."""
    return bool(_START.search(name) or _OTHER.search(name))


def sanitised(name: str) -> str:
    """The name that Prisma makes of one that PSL cannot say; "" where nothing is left."""
    if not needs_other_name(name):
        return name
    return _OTHER.sub("_", _START.sub("", name))


def text(value: str) -> str:
    """A string literal."""
    out = []
    for character in value:
        if character in _ESCAPES:
            out.append(_ESCAPES[character])
        elif character < " " or character == "\x7f":
            out.append(f"\\u{ord(character):04x}")
        else:
            out.append(character)
    return '"' + "".join(out) + '"'


def constant(value: str | bool | int | Decimal | bytes) -> str:
    """A constant that is no string as such: numbers, truth values, bytes in base64."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return text(base64.b64encode(value).decode())
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def call(name: str, arguments: Iterable[str]) -> str:
    """`name(…)`, without parentheses if there is nothing in them."""
    inside = ", ".join(arguments)
    return f"{name}({inside})" if inside else name


def array(items: Iterable[str]) -> str:
    """`[…]`."""
    return f"[{', '.join(items)}]"


def comment(words: str) -> list[str]:
    """Documentation as lines."""
    return [f"/// {line}" for line in words.split("\n")] if words else []


def block(kind: str, name: str, documentation: Iterable[str], lines: Iterable[str], *, is_out: bool = False) -> str:
    """A block of these lines below its documentation; `is_out` comments it out."""
    mark = "// " if is_out else ""
    body = [f"{kind} {name} {{", *lines, "}"]
    above = [line for words in documentation for line in comment(words)]
    return "\n".join([*above, *(mark + line for line in body)]) + "\n"
