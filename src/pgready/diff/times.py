"""Points in time of a schema, in the spelling that Prisma's SQL has."""

from __future__ import annotations

import re

_POINT = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:[Zz]|([+-]\d\d:\d\d))")


def as_prisma_prints(text: str) -> str:
    """`2024-02-29T01:02:03.5Z` as `2024-02-29 01:02:03.500 +00:00`: three, six or nine digits, or none for 0."""
    found = _POINT.fullmatch(text)
    if found is None:  # an earlier check lets nothing else through
        return text
    day, time, fraction, offset = found.groups()
    digits = (fraction or "")[:9].ljust(9, "0").rstrip("0")
    shown = "." + digits.ljust(-(-len(digits) // 3) * 3, "0") if digits else ""
    if offset in (None, "-00:00"):
        offset = "+00:00"
    return f"{day} {time}{shown} {offset}"
