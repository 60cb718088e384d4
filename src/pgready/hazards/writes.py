"""How many rows a statement that writes may change: one or few by a key, or as many as there are.

Read off the text, since on an empty table every change is small. What is no plain statement (a DO block, a function)
is not read: its trace says that it wrote, not how much.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pgready.sql.tree import Tree, column_of, conjuncts, is_constant, operator_of, statement, walk

Keys = Collection[frozenset[str]]
"""The columns of each unique index of a table."""


@dataclass(frozen=True, slots=True)
class Write:
    """A statement that changes rows which are there: its table as written, and the columns that equality binds.

    `schema` is "" where none is written. `bound` are columns of the table that are compared with constants.
    """

    schema: str
    table: str
    bound: frozenset[str]

    def is_bounded(self, keys: Keys) -> bool:
        """Whether a unique index is covered: few rows change, however many there are."""
        return any(key and key <= self.bound for key in keys)


def write_of(sql: str) -> Write | None:
    """The UPDATE, DELETE, MERGE or upsert that `sql` is or holds; None where it changes no existing rows."""
    tree = statement(sql)
    if tree is None:
        return None
    for kind, node in walk(tree):
        upsert = node.get("onConflictClause", {}).get("action") == "ONCONFLICT_UPDATE" and _selects(node)
        if kind in ("UpdateStmt", "DeleteStmt", "MergeStmt") or (kind == "InsertStmt" and upsert):
            relation = node["relation"]
            bound = frozenset(_bound(node)) if kind != "MergeStmt" else frozenset()
            return Write(relation.get("schemaname", ""), relation["relname"], bound)
    return None


def _selects(node: Tree) -> bool:
    return not node.get("selectStmt", {}).get("SelectStmt", {}).get("valuesLists")


def _bound(node: Tree) -> Iterator[str]:
    for part in conjuncts(node.get("whereClause")):
        comparison = part.get("A_Expr")
        if comparison is None:
            continue
        left, right = comparison.get("lexpr"), comparison.get("rexpr")
        if comparison.get("kind") == "AEXPR_IN" and operator_of(part) == "=":
            items = right.get("List", {}).get("items", []) if right else []
            if left and (column := column_of(left)) and all(is_constant(one) for one in items):
                yield column[1]
        elif operator_of(part) == "=" and left and right:
            for one, other in ((left, right), (right, left)):
                if (column := column_of(one)) and is_constant(other):
                    yield column[1]
