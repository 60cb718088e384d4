"""Every contract planned and judged at every size; what the server refuses is told at its place, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pgready.commands.prove.contracts import completed
from pgready.commands.prove.refusal import refusal
from pgready.commands.prove.self_test import Judge, SelfTester
from pgready.postgres.proving.proving_ground import Ground, PlanRefused
from pgready.proof.contract import Contract
from pgready.proof.profile import Profile
from pgready.proof.result import Judged, Proved, SelfTest, unplanned
from pgready.proof.rule.facts import Facts
from pgready.proof.rule.judge import judge
from pgready.proof.verdict import Judgement, Mode
from pgready.psl.diagnostics import Diagnostic
from pgready.report.story import Event, Teller, plural


@dataclass
class Judging:
    """The work of one run; sizes the ground as it goes, from the smallest growth to the largest."""

    ground: Ground
    profile: Profile
    growths: Sequence[float]
    tell: Teller
    refused: list[Diagnostic] = field(default_factory=list)
    refused_names: set[str] = field(default_factory=set)

    def run(self, contracts: Sequence[Contract]) -> tuple[Proved, ...]:
        """Plan and judge them all, in their order; those that the server refuses go to `refused`.

        What a live server was asked about things that the migrations do not make is nobody's mistake: not judged.
        """
        aside: dict[str, Proved] = {}
        whole = completed(contracts, self.ground)
        found: dict[str, list[Judged]] = {contract.name: [] for contract in whole}
        for growth in sorted(self.growths):
            facts = self.size(growth)
            done = self.refused_names | aside.keys()
            asked = [contract for contract in whole if contract.name not in done]
            text = f"planning {plural(len(asked), 'contract')} at {growth:g}x"
            self.tell(Event("planning", text, {"growth": growth, "contracts": len(asked)}))
            for contract in asked:
                try:
                    found[contract.name] += self.judged(contract, facts)
                except PlanRefused as e:
                    if contract.source == "live":
                        why = f"the server refuses it: {e.message} (SQLSTATE {e.sqlstate})"
                        aside[contract.name] = unplanned(contract, why)
                    else:
                        self._refuse(contract, e)
        return tuple(
            aside.get(contract.name) or Proved(contract, tuple(found[contract.name]))
            for contract in whole
            if contract.name not in self.refused_names
        )

    def _refuse(self, contract: Contract, refused: PlanRefused) -> None:
        self.refused_names.add(contract.name)
        self.refused.append(refusal(contract, refused, self.ground.catalog))

    def size(self, growth: float) -> Facts:
        """Give the ground this size; what the rule has to know of it."""
        self.ground.size(self.profile, growth)
        return self.ground.facts()

    def judged(self, contract: Contract, facts: Facts) -> Iterator[Judged]:
        """The contract's plans at the size that the ground has; raises PlanRefused."""
        for mode in modes(contract):
            plan = self.ground.plan(contract, mode)
            yield Judged(facts.growth, mode, plan, judge(plan, facts, contract, mode))

    def self_test(self, proved: Sequence[Proved]) -> SelfTest:
        """Drop each index that they read; the ground has the largest size at first, the others where it is needed."""
        tester = SelfTester(self.ground, proved)
        if tester.left:
            self.tell(Event("self_test", f"self-test: dropping {tester.left} of the indexes in turn", {}))
        for growth in sorted(self.growths, reverse=True):
            if not tester.left:
                break
            tester.run(self._judge_at(growth))
        if tester.left:
            tester.run_together(self._judge_at(max(self.growths)))
        return tester.found()

    def _judge_at(self, growth: float) -> Judge:
        """Judges contracts at a size, which the ground gets if it has another."""
        facts = self.ground.facts()
        if facts.growth != growth:
            facts = self.size(growth)

        def judgements(contract: Contract) -> list[Judgement] | None:
            try:
                return [one.judgement for one in self.judged(contract, facts)]
            except PlanRefused:
                return None

        return judgements


def modes(contract: Contract) -> tuple[Mode, ...]:
    """How it is planned: for any values, and for its samples where it has parameters and all of their samples."""
    if not contract.parameters:
        return ("generic",)
    if all(one.sample is not None or one.is_null for one in contract.parameters):
        return ("generic", "literal")
    return ("generic",)
