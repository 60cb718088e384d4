"""The self-test: each index that a bounded contract reads is dropped, and the contract has to go red.

Each index goes in a transaction that is rolled back: sizes and statistics stay what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pgready.catalog.names import ObjectName
from pgready.postgres.proving.proving_ground import Ground
from pgready.proof.contract import Contract
from pgready.proof.coverage import IndexName, OwnedIndex, owned_indexes, root_indexes
from pgready.proof.result import Dropped, Proved, SelfTest
from pgready.proof.verdict import Judgement
from pgready.sql.names import quote_ident

Judge = Callable[[Contract], Sequence[Judgement] | None]
"""Plans a contract anew and judges it, in each mode; None where the server refuses it without the index."""


@dataclass
class _Planted:
    """An index on the way: which contracts read it, and what became of them so far."""

    owned: OwnedIndex
    contracts: list[Contract] = field(default_factory=list)
    red: set[str] = field(default_factory=set)
    instead: dict[str, set[IndexName]] = field(default_factory=dict)


class SelfTester:
    """Drops indexes one after the other, as often as it is asked to: once for each size of the database."""

    def __init__(self, ground: Ground, proved: Sequence[Proved]) -> None:
        self._ground = ground
        self._roots = root_indexes(ground.catalog)
        self._owned = {one.name: one for one in owned_indexes(ground.catalog)}
        found: dict[IndexName, _Planted] = {}
        for one in proved:
            if one.kind not in ("bounded", "skew"):
                continue
            for name in {self._roots.get(name, name) for name in one.indexes}:
                if name in self._owned:
                    found.setdefault(name, _Planted(self._owned[name])).contracts.append(one.contract)
        self._planted = [found[name] for name in sorted(found)]
        self._together: list[str] = []

    @property
    def left(self) -> int:
        """How many indexes nobody missed so far."""
        return sum(len(one.red) < len(one.contracts) for one in self._planted)

    def run(self, judge: Judge) -> None:
        """Drop what was not missed by all of its contracts yet, and judge these at the size that the database has."""
        for planted in self._planted:
            asked = [contract for contract in planted.contracts if contract.name not in planted.red]
            if not asked:
                continue
            with self._ground.trying(drop(planted.owned), builds=False):
                for contract in asked:
                    self._note(planted, contract, judge(contract))

    def run_together(self, judge: Judge) -> None:
        """Drop them all at once, where nobody missed any of them: each may stand in for another.

        What is read instead then goes, too, until somebody misses something or nothing is read that could go.
        """
        if any(one.red for one in self._planted):
            return
        contracts = {contract.name: contract for one in self._planted for contract in one.contracts}
        gone = {one.owned.name for one in self._planted}
        grows = bool(gone)
        while grows and not self._together:
            size = len(gone)
            statements = "; ".join(drop(self._owned[name]) for name in sorted(gone))
            with self._ground.trying(statements, builds=False):
                for name, contract in sorted(contracts.items()):
                    judgements = judge(contract)
                    if _is_red(judgements):
                        self._together.append(name)
                    gone |= {self._roots.get(read, read) for one in judgements or () for read in one.indexes}
            gone &= self._owned.keys()
            grows = len(gone) > size

    def _note(self, planted: _Planted, contract: Contract, judgements: Sequence[Judgement] | None) -> None:
        if judgements is None or _is_red(judgements):
            planted.red.add(contract.name)
            return
        read = {self._roots.get(name, name) for one in judgements for name in one.indexes}
        planted.instead.setdefault(contract.name, set()).update(read)

    def found(self) -> SelfTest:
        """What came of it."""
        return SelfTest(
            tuple(
                Dropped(
                    one.owned.name,
                    one.owned.index.name if one.owned.is_constraint else "",
                    tuple(sorted(contract.name for contract in one.contracts)),
                    tuple(sorted(one.red)),
                    tuple(
                        (name, tuple(sorted(one.instead[name]))) for name in sorted(one.instead) if name not in one.red
                    ),
                )
                for one in self._planted
            ),
            tuple(self._together),
        )


def _is_red(judgements: Sequence[Judgement] | None) -> bool:
    """Unbounded, or refused: GROUP BY and ON CONFLICT need a key to be a query at all."""
    return judgements is None or any(one.kind == "unbounded" for one in judgements)


def drop(owned: OwnedIndex) -> str:
    """The statement that takes an index away, with its constraint if it has one."""
    if owned.is_constraint:
        return f"ALTER TABLE {owned.table.sql} DROP CONSTRAINT {quote_ident(owned.index.name)} CASCADE"
    return f"DROP INDEX {ObjectName(*owned.name).sql} CASCADE"
