"""Cursors that leave the house: signed, and good for the list, filters and order that they were made for, and no other.

`pgready.orm` makes the inner cursor, the place between two rows. What is added here is a signature over it, its
direction and what was asked: one that was made up, cut, or carried to another list is told from a good one before
anything of it is read.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass

from backoffice.problems import Problem
from backoffice.settings import setting

_MAC = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind `after`, before `before`, or at the start of the list."""

    after: str | None = None
    before: str | None = None


def seal(asked: Mapping[str, str], place: Place) -> str:
    """A cursor for those who ask the same again."""
    text = f">{place.after}" if place.after is not None else f"<{place.before}"
    said = text.encode()
    return base64.urlsafe_b64encode(_mac(asked, said) + said).rstrip(b"=").decode()


def unseal(asked: Mapping[str, str], cursor: str | None) -> Place:
    """The place that a cursor means. Raises a Problem for one that was not made for this."""
    if cursor is None:
        return Place()
    try:
        raw = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise _invalid() from None
    mac, said = raw[:_MAC], raw[_MAC:]
    if not hmac.compare_digest(mac, _mac(asked, said)):
        raise _invalid()
    text = said.decode()
    return Place(after=text[1:]) if text.startswith(">") else Place(before=text[1:])


def _mac(asked: Mapping[str, str], said: bytes) -> bytes:
    context = json.dumps(dict(sorted(asked.items()))).encode()
    key = hashlib.sha256(setting("CURSOR_KEY").encode()).digest()
    return hmac.digest(key, len(context).to_bytes(4, "big") + context + said, "sha256")[:_MAC]


def _invalid() -> Problem:
    return Problem(
        400,
        "cursor_invalid",
        "The cursor is damaged, or belongs to another list, other filters or another order:"
        " ask for the first page, without `cursor`.",
    )
