"""What a parity run found, side by side: values for the reports and for the exit code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pgready.catalog.model import Catalog
from pgready.parity.ignore import IgnoreRule
from pgready.parity.model import WEIGHTS, Finding, Weight, reaches


@dataclass(frozen=True, slots=True)
class SideResult:
    """One side held against the reference; the reference itself has only what is wrong by itself.

    `findings` are sorted, heaviest first. `limits` says what of it could not be compared and why, `unseen` what the
    role may not see; neither is called equal. `fix` is the SQL that brings it to the reference, `diagram` the
    tables that differ for Mermaid, each "" if nobody asked. `catalog` is what was compared.
    """

    name: str
    kind: str
    findings: tuple[Finding, ...]
    ignored: tuple[tuple[Finding, IgnoreRule], ...] = ()
    fingerprint: str = ""
    objects: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    limits: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    fix: str = ""
    diagram: str = ""
    catalog: Catalog | None = field(default=None, compare=False, repr=False)

    def count(self, weight: Weight) -> int:
        """How many findings are of this weight."""
        return sum(one.weight == weight for one in self.findings)


@dataclass(frozen=True, slots=True)
class ParityResult:
    """All sides, the reference first."""

    sides: tuple[SideResult, ...]
    threshold: Weight
    expired: tuple[IgnoreRule, ...] = ()
    unused: tuple[IgnoreRule, ...] = ()

    @property
    def reference(self) -> SideResult:
        """The first side."""
        return self.sides[0]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Those of all sides."""
        return tuple(one for side in self.sides for one in side.findings)

    @property
    def failed(self) -> bool:
        """A finding reaches the threshold, or an ignore rule is past its day."""
        return bool(self.expired) or any(reaches(one.weight, self.threshold) for one in self.findings)

    @property
    def equal(self) -> bool | None:
        """Nothing differs and all was seen; None: nothing that was seen differs."""
        if self.findings:
            return False
        return None if any(side.unseen for side in self.sides) else True


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """The heaviest first, then by object."""
    return tuple(sorted(findings, key=lambda one: (WEIGHTS.index(one.weight), one.address)))
