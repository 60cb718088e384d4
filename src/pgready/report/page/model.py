"""What the report page shows, as values: sides and their differences, migrations, proofs, steps.

A section without data is not on the page. The first side is the reference; findings are seen from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pgready.catalog.model import Catalog
from pgready.diff.full_elements import Address
from pgready.parity.model import Finding
from pgready.proof.result import Proof


@dataclass(frozen=True, slots=True)
class Ignored:
    """A finding that somebody decided to live with: why, and until when (a date as text)."""

    finding: Finding
    reason: str
    until: str = ""


@dataclass(frozen=True, slots=True)
class PageSide:
    """One side: `kind` and `detail` say what it is (`live database`, `PostgreSQL 17.2 on db.internal`).

    `unseen` says what the role could not look at, `limits` what could not be compared, `trouble` why the side could not
    be read at all: nothing of that is ever shown as equal. No text may hold a secret.
    """

    name: str
    kind: str = ""
    detail: str = ""
    catalog: Catalog | None = None
    findings: tuple[Finding, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    unseen: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    trouble: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class AppliedMigration:
    """A migration: `state` as `pgready migrate status` says it, `seconds` None where nobody measured, `at` as text."""

    name: str
    state: str = "applied"
    seconds: float | None = None
    at: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a longer check (as `smoke` makes them); `state` is "ok", "failed" or "skipped"."""

    name: str
    state: Literal["ok", "failed", "skipped"]
    seconds: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The page. `made` says when and by what it was made, as text: the page itself asks no clock.

    `history_of` names the side that `migrations` were read from.
    """

    title: str
    subtitle: str = ""
    made: str = ""
    sides: tuple[PageSide, ...] = ()
    migrations: tuple[AppliedMigration, ...] = ()
    proof: Proof | None = None
    steps: tuple[Step, ...] = ()
    history_of: str = ""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Those of all sides."""
        return tuple(finding for side in self.sides for finding in side.findings)

    @property
    def catalogs(self) -> tuple[Catalog, ...]:
        """Those of the sides that could be read."""
        return tuple(side.catalog for side in self.sides if side.catalog is not None)


_WRAPPERS = frozenset(
    {"comment", "owner", "grants", "inheritance", "not validated", "event trigger state"}
)  # fmt: skip
_PARTS_OF_TABLES = frozenset(
    {"column", "default", "not null", "identity", "key", "index", "check", "foreign key", "exclusion", "trigger",
     "trigger state", "policy", "partition", "cluster", "replica identity", "attachment", "column order",
     "invalid index"}
)  # fmt: skip
_PARTS_OF_OTHERS = {
    "domain default": "domain",
    "domain check": "domain",
    "attribute": "composite",
    "view default": "view",
    "content": "view",
    "sequence position": "sequence",
}


def object_of(address: Address, views: frozenset[tuple[str, ...]] = frozenset()) -> tuple[str, tuple[str, ...]]:
    """The kind and name of the object that a finding's address belongs to: its table for a column or index.

    `views` are the (schema, name) of views, whose parts have addresses like a table's.
    """
    while len(address) > 1 and address[0] in _WRAPPERS:
        address = address[1:]
    kind, names = address[0], tuple(address[1:])
    if kind in _PARTS_OF_TABLES:
        return ("view" if names[:2] in views else "table"), names[:2]
    if kind in _PARTS_OF_OTHERS:
        return _PARTS_OF_OTHERS[kind], names[:2]
    return kind, names
