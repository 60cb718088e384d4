"""What one run of `pgready prove` found, as a value: verdicts with their plans, refusals, self-test, coverage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pgready.proof.baseline import Comparison
from pgready.proof.contract import Contract
from pgready.proof.coverage import Coverage, IndexName
from pgready.proof.plan_tree import PlanNode
from pgready.proof.verdict import WORST, Finding, Judgement, Kind, Mode, Verdict
from pgready.psl.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Judged:
    """One plan of a contract with what is said of it."""

    growth: float
    mode: Mode
    plan: PlanNode
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Proved:
    """A contract with all its plans, from the smallest growth to the largest, generic before literal."""

    contract: Contract
    judged: tuple[Judged, ...]

    @property
    def verdict(self) -> Verdict:
        """The judgements without their plans."""
        return Verdict(self.contract, tuple((one.growth, one.mode, one.judgement) for one in self.judged))

    @property
    def kind(self) -> Kind:
        """The worst of all judgements."""
        return self.verdict.kind

    def kind_at(self, growth: float) -> Kind:
        """The worst of the judgements at one growth."""
        kinds = [one.judgement.kind for one in self.judged if one.growth == growth]
        return max(kinds, key=WORST.index, default="not judged")

    @property
    def growths(self) -> tuple[float, ...]:
        """The growths that it was judged at, ascending."""
        return tuple(sorted({one.growth for one in self.judged}))

    @property
    def shown(self) -> Judged:
        """The plan to show: the first of the worst kind, that is at the smallest growth which brings it about."""
        return next(one for one in self.judged if one.judgement.kind == self.kind)

    @property
    def turns_at(self) -> float | None:
        """The smallest growth at which it is unbounded, None if it is at none."""
        return next((growth for growth in self.growths if self.kind_at(growth) == "unbounded"), None)

    @property
    def rows_read(self) -> float:
        """The most that any plan at the smallest growth reads."""
        smallest = self.growths[:1]
        return max((one.judgement.rows_read for one in self.judged if one.growth in smallest), default=0)

    @property
    def indexes(self) -> tuple[IndexName, ...]:
        """Every index that any of its plans reads, sorted."""
        return tuple(sorted({name for one in self.judged for name in one.judgement.indexes}))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Those of the plan to show."""
        return self.shown.judgement.findings


def unplanned(contract: Contract, why: str) -> Proved:
    """A contract that could not even be planned."""
    nothing = PlanNode("not planned", 0, 0, 0, 0)
    return Proved(contract, (Judged(1.0, "generic", nothing, Judgement("not judged", 0, why_not=why)),))


@dataclass(frozen=True, slots=True)
class Dropped:
    """One index dropped for the self-test.

    `contracts` are the bounded ones whose plans read it. `red` are those that were unbounded without it (or that the
    server refused then), `replaced` those that stayed bounded, each with the indexes that it read instead (none: a scan
    of a small table).
    """

    index: IndexName
    constraint: str = ""
    contracts: tuple[str, ...] = ()
    red: tuple[str, ...] = ()
    replaced: tuple[tuple[str, tuple[IndexName, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class SelfTest:
    """The planted faults. Without any that turned something red the proof has proved nothing.

    `together` are the contracts that went red when all of the indexes were dropped at once, which is asked only where
    each of them alone was replaceable.
    """

    dropped: tuple[Dropped, ...] = ()
    together: tuple[str, ...] = ()

    @property
    def red(self) -> int:
        """How many of the dropped indexes were missed."""
        return sum(bool(one.red) for one in self.dropped)

    @property
    def failed(self) -> bool:
        """Whether indexes were dropped and nothing noticed."""
        return bool(self.dropped) and not self.red and not self.together

    @property
    def replaceable(self) -> tuple[Dropped, ...]:
        """Indexes that no contract needs, since all of their contracts stay bounded without them."""
        return tuple(one for one in self.dropped if not one.red)


@dataclass(frozen=True, slots=True)
class Offer:
    """A way out of an unbounded contract as the report shows it: `sql` to run or to ask instead.

    `kind` is "index", "rewrite" or "none"; `text` says in a sentence what it is and what to know of it; `schema_line`
    is the `@@index` of the Prisma schema (`model`: whose), "" where the language cannot say it. `size` is bytes at 1x.
    `index` is the index's name, `after` what the contracts that it serves are judged with it, `superfluous` the indexes
    that nobody needs beside it.
    """

    kind: str
    text: str
    sql: str = ""
    schema_line: str = ""
    model: str = ""
    size: int | None = None
    serves: tuple[str, ...] = ()
    index: str = ""
    after: Kind | None = None
    superfluous: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything.

    `refused` says what is wrong with files and contracts that are not valid, or that the server refused. `ground` says
    where it was proved, `profile` which sizes were taken. `baseline` is the path of the file that was compared with, ""
    without one. `written` are the migrations that were written.
    """

    proved: tuple[Proved, ...] = ()
    refused: tuple[Diagnostic, ...] = ()
    growths: tuple[float, ...] = (1.0,)
    ground: str = ""
    profile: str = ""
    coverage: Coverage = field(default_factory=Coverage)
    self_test: SelfTest | None = None
    comparison: Comparison | None = None
    baseline: str = ""
    offers: tuple[tuple[str, tuple[Offer, ...]], ...] = ()
    written: tuple[str, ...] = ()
    strict: bool = False
    notes: tuple[str, ...] = ()

    def of_kind(self, kind: Kind) -> tuple[Proved, ...]:
        """The contracts of one kind."""
        return tuple(one for one in self.proved if one.kind == kind)

    def offers_for(self, name: str) -> tuple[Offer, ...]:
        """The ways out for the contract of this name."""
        return next((offers for contract, offers in self.offers if contract == name), ())

    @property
    def failing(self) -> tuple[Proved, ...]:
        """The contracts that make the run fail: unbounded ones, against a baseline only what got worse."""
        if self.comparison is not None:
            worse = {one.name for one in self.comparison.worse}
            return tuple(one for one in self.proved if one.contract.name in worse)
        return tuple(one for one in self.proved if self.is_bad(one.kind))

    def is_bad(self, kind: Kind) -> bool:
        """Whether a verdict counts: `strict` takes warnings for what they warn of."""
        return kind == "unbounded" or (self.strict and kind != "bounded")

    @property
    def exit_code(self) -> int:
        """2 if a contract is not valid, 4 if one fails or the self-test found nothing, else 0."""
        if self.refused:
            return 2
        return 4 if self.failing or (self.self_test is not None and self.self_test.failed) else 0

    def excused(self) -> Iterator[Proved]:
        """Unbounded contracts that the baseline knows of."""
        failing = {one.contract.name for one in self.failing}
        return (one for one in self.proved if self.is_bad(one.kind) and one.contract.name not in failing)
