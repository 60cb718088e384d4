"""What a change reads that its plan does not show: foreign keys that look for rows of what is deleted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pgready.proof.plan_tree import PlanNode
from pgready.proof.rule.amount import ONE, Amount, exactly
from pgready.proof.rule.conditions import normal_name
from pgready.proof.rule.facts import Facts, Reference, TableFacts
from pgready.proof.rule.read import Path, Read
from pgready.proof.rule.spread import share_of_value

_GIVEN = ("Values Scan", "Function Scan", "Table Function Scan", "ProjectSet")


def written(node: PlanNode, operation: str, rows: Amount, table: TableFacts) -> Amount | None:
    """The pages that so many rows are written to; None where the caller brings the rows.

    How many there are in VALUES, arrays and JSON is the caller's choice; what is copied grows with its table.
    """
    below = [one for _, one in node.walk() if one is not node]
    if operation == "Insert" and (not any(one.relation for one in below) or any(one.kind in _GIVEN for one in below)):
        return None
    return rows.scaled(2 + {"Insert": 2, "Delete": 0}.get(operation, 3) * len(table.indexes))


def cascades(
    node: PlanNode, path: Path, rows: Amount, table: TableFacts, facts: Facts, seen: frozenset[str] = frozenset()
) -> Iterator[Read]:
    """What deleting so many rows of the table reads in those that refer to it, and in those that refer to these."""
    for reference in table.referenced_by:
        other = facts.table(reference.table)
        if other is None or reference.name in seen:
            continue
        each, pages, index = _looked_up(reference, other)
        yield Read(
            path,
            replace(node, index=index, index_condition="", filter=f"({', '.join(reference.columns)} = $1)"),
            "range" if index else "scan",
            each.times(rows),
            pages.times(rows),
            other.rows,
            rows,
            other.name,
            (index,) if index else (),
            f"because of the foreign key {reference.name}",
        )
        if reference.on_delete == "CASCADE":
            yield from cascades(node, path, each.times(rows), other, facts, seen | {reference.name})


def _looked_up(reference: Reference, other: TableFacts) -> tuple[Amount, Amount, str]:
    """Rows and pages that one deleted row reads, and the index that leads to them."""
    names = {normal_name(column) for column in reference.columns}
    index = next(
        (
            one
            for one in other.indexes.values()
            if one.keys[0].text in names and not one.where and one.method == "btree"
        ),
        None,
    )
    if index is None:
        return exactly(other.rows), exactly(other.pages), ""
    each = share_of_value(other, index.keys[0].column).scaled(other.rows)
    if reference.on_delete in ("NO ACTION", "RESTRICT"):
        each = each.capped(ONE)  # The first row that is found refuses the deletion.
    return each, each.plus(exactly(4)), index.name
