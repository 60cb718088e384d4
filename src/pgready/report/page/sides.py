"""What parity found as sides of the report page."""

from __future__ import annotations

from pgready.parity.result import ParityResult, SideResult
from pgready.report.page.model import Ignored, PageSide

_KINDS = {"schema": "Prisma schema", "migrations": "migrations", "database": "live database", "snapshot": "snapshot"}


def page_sides(result: ParityResult) -> tuple[PageSide, ...]:
    """The sides in their order, each with the catalog that was compared."""
    return tuple(_side(side) for side in result.sides)


def _side(side: SideResult) -> PageSide:
    return PageSide(
        side.name,
        _KINDS.get(side.kind, side.kind),
        f"PostgreSQL {side.environment['PostgreSQL']}" if "PostgreSQL" in side.environment else "",
        side.catalog,
        side.findings,
        tuple(Ignored(finding, rule.reason, rule.until.isoformat()) for finding, rule in side.ignored),
        side.unseen,
        side.limits,
        fingerprint=side.fingerprint,
    )
