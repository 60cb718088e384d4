"""Tables that a query reads without naming them: those that refer to rows that it deletes. Pure."""

from __future__ import annotations

from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.catalog.table import ForeignKey, Table
from pgready.proof.plan_tree import PlanNode
from pgready.proof.way_out.query_shape import Key, TableUse


def referring(bare: PlanNode, catalog: Catalog) -> tuple[TableUse, ...]:
    """A use of each table whose foreign key is looked up when the plan's rows are deleted, and of those behind it."""
    keys: dict[ObjectName, list[tuple[Table, ForeignKey]]] = {}
    for table in catalog.tables:
        for key in table.foreign_keys:
            keys.setdefault(key.target, []).append((table, key))
    todo = [
        ObjectName(*node.relation)
        for _, node in bare.walk()
        if node.kind == "ModifyTable" and node.relation and node.raw.get("Operation") in ("Delete", "Merge")
    ]
    found: dict[TableUse, None] = {}
    while todo:
        for table, key in keys.get(todo.pop(), ()):
            use = TableUse(table, equal=tuple(Key(name, columns=(name,)) for name in key.columns))
            if use not in found:
                found[use] = None
                todo += [table.name] if key.on_delete == "CASCADE" else []
    return tuple(found)
