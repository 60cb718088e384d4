"""What parity found as sides of the report page."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import unquote

from pgready.parity.result import ParityResult, SideResult
from pgready.report.page.model import Ignored, PageSide

_KINDS = {"schema": "Prisma schema", "migrations": "migrations", "database": "live database", "snapshot": "snapshot"}


def page_sides(result: ParityResult) -> tuple[PageSide, ...]:
    """The sides in their order, each with the catalog that was compared."""
    short = [called(side.name) for side in result.sides]
    counts = Counter(short)
    names = [one if counts[one] == 1 else f"{one} ({number})" for number, one in enumerate(short, 1)]
    return tuple(_side(side, name) for side, name in zip(result.sides, names, strict=True))


_URL = re.compile(r"\w+://(?:.*@)?([^@/?]*)(?:/([^?]*))?(?:\?(.*))?$", re.DOTALL)
_HOST = re.compile(r"(?:^|&)host=([^&]*)")


def called(name: str) -> str:
    """A side's name for the page: of a URL its database and host alone, which can be told apart and hold no secret."""
    found = _URL.match(name)
    if found is None:
        return name
    socket = _HOST.search(found[3] or "")
    host = found[1] or (unquote(socket[1]) if socket else "")
    return " on ".join(one for one in (unquote(found[2] or ""), host) if one) or "a database"


def _side(side: SideResult, name: str) -> PageSide:
    return PageSide(
        name,
        _KINDS.get(side.kind, side.kind),
        f"PostgreSQL {side.environment['PostgreSQL']}" if "PostgreSQL" in side.environment else "",
        side.catalog,
        side.findings,
        tuple(Ignored(finding, rule.reason, rule.until.isoformat()) for finding, rule in side.ignored),
        side.unseen,
        side.limits,
        fingerprint=side.fingerprint,
    )
