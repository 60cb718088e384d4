"""What a node of a plan reads, and what its parent asks it for."""

from __future__ import annotations

from dataclasses import dataclass

from pgready.proof.plan_tree import PlanNode
from pgready.proof.rule.amount import ALL, ONE, Amount
from pgready.proof.verdict import Fault

Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What a node reads in all its executions.

    `whole` is how many rows or entries there are to be read, `times` how often the node is executed. `purpose` says
    what they are read for, and `until` when it ends if not with the last row. `sort` is the path of the Sort that asks
    for all rows although a LIMIT above it wants few. `indexes` are those that were read.
    """

    path: Path
    node: PlanNode
    fault: Fault
    rows: Amount
    pages: Amount
    whole: float
    times: Amount
    relation: tuple[str, str]
    indexes: tuple[str, ...] = ()
    purpose: str = ""
    until: str = ""
    sort: Path | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a parent wants of a child: rows of each execution, how many executions, and what for."""

    rows: Amount = ALL
    times: Amount = ONE
    divisor: float = 1
    purpose: str = ""
    until: str = ""
    sort: Path | None = None
    is_limited: bool = False
