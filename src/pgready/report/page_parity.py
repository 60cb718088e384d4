"""What parity found as sides of the report page."""

from __future__ import annotations

from collections.abc import Sequence

from pgready.catalog.model import Catalog
from pgready.parity.result import ParityResult, SideResult
from pgready.report.page_model import Ignored, PageSide

_KINDS = {"schema": "Prisma schema", "migrations": "migrations", "database": "live database", "snapshot": "snapshot"}


def page_sides(result: ParityResult, catalogs: Sequence[Catalog | None]) -> tuple[PageSide, ...]:
    """The sides in their order, each with its catalog: what was compared, None where nobody kept it."""
    return tuple(_side(side, catalog) for side, catalog in zip(result.sides, catalogs, strict=True))


def _side(side: SideResult, catalog: Catalog | None) -> PageSide:
    return PageSide(
        side.name,
        _KINDS.get(side.kind, side.kind),
        f"PostgreSQL {side.environment['PostgreSQL']}" if "PostgreSQL" in side.environment else "",
        catalog,
        side.findings,
        tuple(Ignored(finding, rule.reason, rule.until.isoformat()) for finding, rule in side.ignored),
        side.unseen,
        side.limits,
        fingerprint=side.fingerprint,
    )
