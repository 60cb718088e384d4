"""What a plan's nodes and the facts say together: foreign keys behind joins, partitions, what depends on what."""

from __future__ import annotations

from pgready.proof.plan_tree import PlanNode
from pgready.proof.rule.conditions import aliases, binds, clauses, normal_name
from pgready.proof.rule.facts import Facts

INPUTS = dict.fromkeys(
    (
        *("Limit", "Sort", "Hash", "Materialize", "Incremental Sort", "Memoize", "Aggregate", "Group", "Unique"),
        *("WindowAgg", "SetOp", "Gather", "Gather Merge", "ModifyTable", "Bitmap Heap Scan"),
    ),
    1,
) | dict.fromkeys(("Nested Loop", "Hash Join", "Merge Join"), 2)
"""How many inputs a node has at least."""


def is_certain(node: PlanNode, outer: PlanNode, inner: PlanNode, facts: Facts) -> bool:
    """Whether a foreign key promises that each outer row of a join finds its row on the inner side."""
    target = inner
    while target.kind in ("Memoize", "Materialize", "Hash", "Sort") and target.children:
        target = target.children[0]
    table = facts.table(target.relation)
    if table is None or target.filter or node.join_filter or table.policies:
        return False
    conditions = clauses(target.index_condition or str(node.raw.get("Hash Cond", node.raw.get("Merge Cond", ""))))
    pairs = {(one.left, one.right) for one in conditions if one.operator == "="}
    if not pairs or len(pairs) != len(conditions):
        return False
    pairs |= {(right, left) for left, right in pairs}
    tables = [facts.table(one.relation) for _, one in outer.walk()]
    return any(
        reference.is_certain
        and reference.target == table.name
        and len(reference.columns) == len(conditions)
        and all(
            (normal_name(far), normal_name(near)) in pairs
            for near, far in zip(reference.columns, reference.target_columns, strict=True)
        )
        for one in tables
        if one is not None
        for reference in one.references
    )


def is_pruned(child: PlanNode, facts: Facts) -> bool:
    """Whether each key of a partition below an Append is bound to one value, known when the plan is executed."""
    scan = child
    while scan.relation is None and scan.children:
        scan = scan.children[0]
    table = facts.table(scan.relation)
    if table is None or not table.partition_keys:
        return False
    conditions = [one for one in clauses(scan.index_condition or scan.recheck) if one.operator == "="]
    # A filter may compare two columns of the table, which prunes nothing.
    conditions += [one for one in clauses(scan.filter) if one.operator == "=" and one.operand != "column"]
    return all(any(binds(one, key) for one in conditions) for keys in table.partition_keys for key in keys)


def aliases_outside(node: PlanNode) -> bool:
    """Whether anything below the node refers to a table that is not below it: it has to be executed again then."""
    below = {normal_name(one.alias) for _, one in node.walk() if one.alias}
    texts = [text for _, one in node.walk() for text in (one.index_condition, one.filter, one.join_filter, one.recheck)]
    named = {name for text in texts if text for name in aliases(text)}
    return bool(named - below)


def is_partial(node: PlanNode) -> bool:
    """Whether a node's rows are those of one worker."""
    if node.raw.get("Parallel Aware"):
        return True
    child = next((one for one in node.children if one.relationship in ("Outer", "Member")), None)
    return child is not None and is_partial(child)
