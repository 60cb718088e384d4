# ruff: noqa: RUF001 - other scripts' letters are what half of this is about
"""The name of a new migration: its words as Prisma makes them fit for a folder, and the time that it is sorted by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

from pgready.errors import UsageInvalid
from pgready.history.spelling import prisma_order

MOST = 200
"""Characters of the words, at most: Prisma cuts there."""

_STAMP = "%Y%m%d%H%M%S"
_DIGITS = 14
_LAST_YEAR = 9999


def _pairs(text: str) -> dict[str, str]:
    """A word each: the letter, then how it is spelled."""
    return {word[0]: word[1:] for word in text.split()}


_LETTERS = _pairs("ßss ẞSS ÆAE æae ÐD ðd ÞTH þth ĐD đd ĦH ħh ıi ĲIJ ĳij ŁL łl ØO øo ÄAe ÖOe ÜUe äae öoe üue")
_SIGNS = {"&": " and ", "♥": " love ", "🦄": " unicorn "}
_GREEK = _pairs("αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξks οo πp ρr σs τt υy φf χx ψps ωo")
_CYRILLIC = _pairs(
    "аa бb вv гg дd еe жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щsch ъ ыy ь эe юyu яya ёyo єye іi"
    " їyi љlj њnj ќkj ґg"
)
_CAPITALS = {letter.upper(): latin.upper() for letter, latin in _GREEK.items()} | {
    letter.upper(): latin.capitalize() for letter, latin in _CYRILLIC.items()
}
_SPELLED = _LETTERS | _SIGNS | _GREEK | _CYRILLIC | _CAPITALS | _pairs("ςs ΒB")

# Where one word ends and the next begins, in names that are written as one.
_WORDS = (
    re.compile(r"([A-Z]{2,})(\d+)"),
    re.compile(r"([a-z\d]+)([A-Z]{2,})"),
    re.compile(r"([a-z\d])([A-Z])"),
    re.compile(r"([A-Z]+)([A-Z][a-rt-z\d]+)"),
)
_SHORTENED = re.compile(r"([a-z\d])'([ts])(?=\s|$)")


def slug(text: str) -> str:
    """The words of a name as Prisma's CLI spells them: `addInvoices & rates` is `add_invoices_and_rates`.

    Latin, Greek and Cyrillic letters are spelled in ASCII; what is left of other scripts' is nothing.
    """
    latin = _spelled(unicodedata.normalize("NFC", text))
    bare = "".join(letter for letter in unicodedata.normalize("NFD", latin) if not unicodedata.combining(letter))
    plain = _spelled(bare)  # what was Greek with an accent is Greek now
    for pattern in _WORDS:
        plain = pattern.sub(r"\1 \2", plain)
    plain = _SHORTENED.sub(r"\1\2", plain.lower())
    return re.sub(r"[^a-z\d]+", "_", plain, flags=re.ASCII).strip("_")[:MOST]


def _spelled(text: str) -> str:
    return "".join(_SPELLED.get(letter, letter) for letter in text)


def folder_name(words: str, now: datetime, there: Sequence[str]) -> str:
    """`YYYYMMDDHHMMSS_words`, behind every migration of `there`; `now` is a UTC time.

    Where the clock says otherwise (two within a second, a teammate's clock ahead), the time is the newest one's and a
    second. Raises UsageInvalid if no time puts it last.
    """
    newest = max(filter(None, map(_time, there)), default=None)
    time = now.replace(microsecond=0)
    if newest is not None and newest >= time:
        time = newest + timedelta(seconds=1)
    name = time.strftime(_STAMP) + (f"_{words}" if words else "")
    if there and prisma_order([*there, name])[-1] != name:
        raise UsageInvalid(
            f"a new migration would not be the last one: {name} sorts before {prisma_order(list(there))[-1]}",
            where=prisma_order(list(there))[-1],
            then="give that folder a name that starts with a time, before it is applied anywhere else",
            code="name_order",
        )
    return name


def _time(name: str) -> datetime | None:
    digits = name[:_DIGITS]
    if len(digits) < _DIGITS or not digits.isdecimal() or not digits.isascii():
        return None
    try:
        time = datetime.strptime(digits, _STAMP)  # noqa: DTZ007 - as `now`: UTC without saying so
    except ValueError:
        return None
    return time if time.year < _LAST_YEAR else None
