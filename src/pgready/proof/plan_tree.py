"""The planner's answer as a value: EXPLAIN (VERBOSE, FORMAT JSON), each node with what a proof looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class PlanNode:
    """A node of a plan; texts are PostgreSQL's own and "" where the node has none.

    `rows` is the planner's estimate of what the node returns, for one execution of it. `relation` is the table as
    (schema, name), of index scans too; `index` is the index's name, in the table's schema. `relationship` says what it
    is to its parent: Outer, Inner, InitPlan, SubPlan, Member, Subquery or "". `raw` is the node as it came, without its
    children.
    """

    kind: str
    rows: float
    width: int
    cost: float
    startup_cost: float
    relationship: str = ""
    relation: tuple[str, str] | None = None
    alias: str = ""
    index: str = ""
    index_condition: str = ""
    filter: str = ""
    recheck: str = ""
    join_filter: str = ""
    join_type: str = ""
    sort_key: tuple[str, ...] = ()
    direction: str = ""
    subplan_name: str = ""
    children: tuple[PlanNode, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def walk(self, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], PlanNode]]:
        """Every node with its path from here (positions among children), this one first."""
        yield path, self
        for number, child in enumerate(self.children):
            yield from child.walk((*path, number))


def plan_of(data: Any) -> PlanNode:
    """The plan in what EXPLAIN (VERBOSE, FORMAT JSON) answers, parsed from JSON: the list, its element, or a node."""
    if isinstance(data, list):
        data = data[0]
    return _node(data.get("Plan", data))


def _node(data: Mapping[str, Any]) -> PlanNode:
    relation = data.get("Relation Name")
    return PlanNode(
        kind=data["Node Type"],
        rows=float(data.get("Plan Rows", 0)),
        width=int(data.get("Plan Width", 0)),
        cost=float(data.get("Total Cost", 0)),
        startup_cost=float(data.get("Startup Cost", 0)),
        relationship=data.get("Parent Relationship", ""),
        relation=(data.get("Schema", ""), relation) if relation else None,
        alias=data.get("Alias", ""),
        index=data.get("Index Name", ""),
        index_condition=data.get("Index Cond", ""),
        filter=data.get("Filter", ""),
        recheck=data.get("Recheck Cond", ""),
        join_filter=data.get("Join Filter", ""),
        join_type=data.get("Join Type", ""),
        sort_key=tuple(data.get("Sort Key", ())),
        direction=data.get("Scan Direction", ""),
        subplan_name=data.get("Subplan Name", ""),
        children=tuple(_node(child) for child in data.get("Plans", ())),
        raw={key: value for key, value in data.items() if key != "Plans"},
    )
