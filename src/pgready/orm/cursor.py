"""Cursors: a place between rows as text that a URL takes as it is.

A cursor holds the ordering columns' values of one row and a digest over them and the order. The digest tells a damaged
cursor, or one of another order, from a good one. It is no signature: whoever makes a cursor up gets a page that starts
elsewhere, of rows that the statement gives anyway.
"""

from __future__ import annotations

import base64
import binascii
import enum
import hashlib
import json
import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from pgready.errors import UsageInvalid
from pgready.orm.order import Key, OrderInvalid

_DIGEST = 8


class CursorInvalid(UsageInvalid, ValueError):
    """A cursor is damaged, or was made for another order."""

    code = "cursor_invalid"


def encode(keys: Sequence[Key], values: Sequence[Any]) -> str:
    """The cursor of the place right at a row with these values."""
    said = json.dumps([_packed(value) for value in values], ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_digest(keys, said) + said).rstrip(b"=").decode()


def decode(keys: Sequence[Key], cursor: str) -> tuple[Any, ...]:
    """The values. Raises CursorInvalid."""
    try:
        raw = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), b"-_", validate=True)
    except (AttributeError, UnicodeEncodeError, binascii.Error):
        raise _invalid() from None
    digest, said = raw[:_DIGEST], raw[_DIGEST:]
    if digest != _digest(keys, said):
        raise _invalid()
    try:
        return tuple(_unpacked(key, each) for key, each in zip(keys, json.loads(said), strict=True))
    except (ValueError, KeyError, TypeError, ArithmeticError, RecursionError):
        # Made up by somebody who knows how: the digest is no signature.
        raise _invalid() from None


def _invalid() -> CursorInvalid:
    return CursorInvalid(
        "The cursor is damaged or was made for another order: start again without `after` and `before`."
    )


def _digest(keys: Sequence[Key], said: bytes) -> bytes:
    order = "\n".join(each.text for each in keys).encode()
    return hashlib.blake2b(said, digest_size=_DIGEST, key=hashlib.blake2b(order, digest_size=32).digest()).digest()


_READ: dict[str, Callable[[str], Any]] = {
    "f": float,
    "d": Decimal,
    "T": datetime.fromisoformat,
    "D": date.fromisoformat,
    "t": time.fromisoformat,
    "u": uuid.UUID,
    "b": bytes.fromhex,
}


def _packed(value: Any) -> Any:
    """JSON's own values as they are, others as a pair of a letter and text."""
    if value is None or type(value) in (bool, int, str):
        return value
    for kind, letter, text in _WRITE:
        if isinstance(value, kind):
            return [letter, text(value)]
    raise OrderInvalid(f"A page cannot be ordered by values of type {type(value).__name__}.")


_WRITE: tuple[tuple[type[Any], str, Callable[[Any], str]], ...] = (
    (enum.Enum, "e", lambda value: value.name),
    (float, "f", repr),
    (Decimal, "d", str),
    (datetime, "T", datetime.isoformat),
    (date, "D", date.isoformat),
    (time, "t", time.isoformat),
    (uuid.UUID, "u", str),
    (bytes, "b", bytes.hex),
    (str, "s", str.__str__),
)


def _unpacked(key: Key, value: Any) -> Any:
    if not isinstance(value, list):
        return value
    letter, text = value
    if letter == "e":
        return key.column.type.python_type[text]
    return text if letter == "s" else _READ[letter](text)
