"""Faults planted in the rule: each makes some construct of the other module look better than it is, or worse."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from shop import on_a_ground
from test_rule_constructs import CASES, Case

from pgready.embedded import EmbeddedServer
from pgready.proof.contract import Contract, Parameter, Place
from pgready.proof.plan_tree import PlanNode
from pgready.proof.rule import changes, limits, reads, scans, spread
from pgready.proof.rule import judge as rule
from pgready.proof.rule.amount import exactly
from pgready.proof.rule.facts import Facts

Planned = list[tuple[Case, Contract, PlanNode]]


@pytest.fixture(scope="module")
def planned(server: EmbeddedServer) -> Iterator[tuple[Planned, Facts]]:
    """All cases with their plans, and the facts."""
    with on_a_ground(server, "rule_faults") as ground:
        found = []
        for case in CASES:
            parameters = tuple(Parameter(number, sample=value) for number, value in (case.lists or {}).items())
            contract = Contract(case.name, case.sql, Place("case.sql", 1), "sql", parameters=parameters)
            found.append((case, contract, ground.plan(contract, "generic")))
        yield found, ground.facts()


def wrong(planned: tuple[Planned, Facts]) -> list[str]:
    """The names of the cases that are judged wrongly."""
    cases, facts = planned
    return [
        case.name for case, contract, plan in cases if judge_now(plan, facts, contract) not in case.kinds.split(" | ")
    ]


def judge_now(plan: PlanNode, facts: Facts, contract: Contract) -> str:
    """The kind that the rule, as it is now, says."""
    return rule.judge(plan, facts, contract, "generic").kind


def _no_gap(real: Callable[..., Any]) -> Callable[..., Any]:
    def bounds(index: Any, table: Any, conditions: Any, major: int) -> Any:
        found = real(index, table, conditions, major)
        return replace(found, entries=exactly(1.0), searches=exactly(1.0))

    return bounds


def _no_sort(reader: Any, node: Any, path: Any, asked: Any) -> Any:
    child = node.children[0]
    return reader.visit(child, (*path, 0), asked).capped(asked.rows)


FAULTS = {
    "an index finds one row always": (scans, "bounds", _no_gap, "no page"),
    "a filter costs nothing": (
        scans, "looked_for", lambda _: lambda whole, _p, demand, *_a, **_k: whole.capped(demand), "filter that few pass"),
    "a Sort reads what is asked for": (reads.Reader, "_stored", lambda _: _no_sort, "other order"),
    "every value is as common as the average": (
        spread, "share_of_value", lambda real: lambda *a, **k: exactly(real(*a, **k).typical), "uneven"),
    "joins always find a partner": (reads, "is_certain", lambda _: lambda *_a: True, "page with a parent that may be missing"),
    "no join is sure of a partner": (reads, "is_certain", lambda _: lambda *_a: False, "page with its parent"),
    "OFFSET is free": (rule, "_offsets", lambda _: lambda *_a: [], "offset asked for"),
    "no LIMIT is seen": (limits, "slices", lambda _: lambda _c: (), ""),
    "a LIMIT is for everything": (reads, "slice_of", lambda _: lambda *_a, **_k: limits.Slice(0, 1), "large page"),
    "foreign keys look nothing up": (
        reads, "cascades", lambda _: lambda *_a, **_k: iter(()), "delete with a foreign key by no index"),
    "ties are all of the table": (scans, "ties_only", lambda _: lambda *_a: None, "keyset as OR with a bound"),
    "what passes is strewn evenly": (scans, "_is_behind", lambda _: lambda *_a: False, "keyset as OR"),
    "GIN finds one row": (
        reads, "bitmap_of", lambda real: lambda *a: replace(real(*a), rows=exactly(1.0), pages=exactly(1.0)), "contains"),
    "a window needs what it returns": (reads.Reader, "_streams", lambda _: staticmethod(lambda _n: True), "with the total"),
    "subqueries are executed once": (
        reads.Reader, "_subplans", lambda _: lambda *_a: None, "scan for each row"),
    "functions read nothing": (reads.Reader, "_functions", lambda _: lambda *_a: None, "function that reads"),
    "a thousand keys are ten": (rule, "_lists", lambda _: lambda _c: {}, "by a thousand keys"),
    "every limit is higher": (rule, "MAX_PAGES", lambda _: 10**9, ""),
}  # fmt: skip


def test_without_a_fault_nothing_is_wrong(planned):
    """The rule as it is judges every case right."""
    assert wrong(planned) == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_the_rule_is_noticed(planned, monkeypatch, name):
    """With a fault planted, at least one case is judged wrongly, and the one that is about it if there is one."""
    place, what, make, case = FAULTS[name]
    monkeypatch.setattr(place, what, make(getattr(place, what)))
    if what == "slices":
        monkeypatch.setattr(rule, what, make(None))
    if what == "share_of_value":
        for module in (scans, changes):
            monkeypatch.setattr(module, what, make(getattr(module, what)))
    found = wrong(planned)
    assert found
    assert not case or case in found
