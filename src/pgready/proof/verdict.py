"""What is said of a contract: bounded, unbounded and why, at the mercy of skew, or not judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pgready.proof.contract import Contract, Permission, Waiver

Kind = Literal["bounded", "skew", "not judged", "unbounded"]
"""From good to bad; `skew` is a warning: bounded for common data, and a matter of which value is asked for."""

WORST: tuple[Kind, ...] = ("bounded", "skew", "not judged", "unbounded")

Mode = Literal["generic", "literal"]

Fault = Literal["scan", "filter", "sort", "range", "offset", "leading column", "join", "rows read"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in a plan: `fault` at the node of `path` (positions among children), which would read `rows` rows.

    `text` is a sentence for people, with the relation, index and condition in it. `permission` is what a waiver has to
    allow, None where nothing can. `is_skew` marks one that depends on which value is asked for.
    """

    fault: Fault
    text: str
    rows: float
    path: tuple[int, ...] = ()
    permission: Permission | None = None
    is_skew: bool = False
    relation: tuple[str, str] | None = None
    index: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One plan judged: `rows_read` is how many rows (table rows and index entries) one execution reads.

    `why_not` says why a plan is not judged, "" otherwise. `waived` are the findings that a waiver took away.
    `indexes` are those that the plan reads, as (schema, name).
    """

    kind: Kind
    rows_read: float
    findings: tuple[Finding, ...] = ()
    waived: tuple[tuple[Finding, Waiver], ...] = ()
    why_not: str = ""
    indexes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A contract's verdict: the worst of its judgements; each is of a growth factor and a mode."""

    contract: Contract
    judgements: tuple[tuple[float, Mode, Judgement], ...]

    @property
    def kind(self) -> Kind:
        """The worst kind of all judgements; `not judged` without any."""
        return max((one.kind for _, _, one in self.judgements), key=WORST.index, default="not judged")
