"""Which of the indexes that helped are offered: few that serve many, and the smallest of those. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pgready.proof.verdict import WORST, Kind
from pgready.proof.way_out.candidates import Candidate

Option = frozenset[Candidate]
"""Candidates that were tried together: one, or those of the two sides of a join or OR."""

ACCEPTED: tuple[Kind, ...] = ("bounded", "skew")


@dataclass(frozen=True, slots=True)
class Tried:
    """An option that helped a contract, and what the contract is judged with it."""

    option: Option
    kind: Kind

    @property
    def cost(self) -> tuple[int, int, float, list[tuple[float, int, str]]]:
        """Small is good: no skew, few indexes, few keys."""
        ranks = sorted(one.rank for one in self.option)
        return WORST.index(self.kind), len(ranks), sum(rank[0] for rank in ranks), ranks


def chosen(helped: Mapping[str, Collection[Tried]]) -> dict[str, Tried]:
    """For each contract the option to offer, so that together they need few indexes.

    The index that serves the most contracts is taken first, of equals the smallest; an option counts as served when
    all of its indexes are there. A contract that can be bounded is not given one that leaves it at the mercy of skew.
    """
    best: dict[str, list[Tried]] = {}
    for name, tried in helped.items():
        if tried:
            least = min(WORST.index(one.kind) for one in tried)
            best[name] = [one for one in tried if WORST.index(one.kind) == least]
    taken: set[Candidate] = set()
    found: dict[str, Tried] = {}
    while left := [name for name in best if name not in found]:
        for name in left:
            served = [one for one in best[name] if one.option <= taken]
            if served:
                found[name] = min(served, key=lambda one: one.cost)
        left = [name for name in left if name not in found]
        if not left:
            break
        options = {one.option: one for name in left for one in best[name]}
        taken |= min(options.values(), key=lambda one: (-_serves(one.option, left, best), one.cost)).option
    return found


def _serves(option: Option, names: Collection[str], best: Mapping[str, Collection[Tried]]) -> int:
    return sum(any(one.option <= option for one in best[name]) for name in names)


def does_all(long: Candidate, short: Candidate) -> bool:
    """Whether one index can take the place of another: it begins with the other's keys, over the same rows."""
    return _same_rows(long, short) and len(long.keys) > len(short.keys) and long.keys[: len(short.keys)] == short.keys


def could_do(one: Candidate, other: Candidate) -> bool:
    """Whether it is worth a try to do with one index in place of another: as above, or in other directions."""
    twins = one != other and [key.text for key in one.keys] == [key.text for key in other.keys]
    return does_all(one, other) or (twins and _same_rows(one, other))


def _same_rows(one: Candidate, other: Candidate) -> bool:
    return one.table == other.table and one.method == other.method == "btree" and one.where == other.where
