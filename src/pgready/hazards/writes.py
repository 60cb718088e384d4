"""How many rows a statement that writes may change: one or few by a key, or as many as there are.

Read off the text, since on an empty table every change is small. What code in DO blocks and functions says is read the
same way (`pgready.hazards.code`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from pgready.hazards.sources import FEW, Keys, KeysOf, Scope, alias_of, flat, gives_few, is_few, no_keys, number_of
from pgready.sql.tree import Tree, column_of, conjuncts, operator_of, same, statement, walk

# They hold statements that do not run now.
_LATER = frozenset({"RuleStmt", "CreateFunctionStmt", "ViewStmt", "CreateTrigStmt", "CreatePolicyStmt"})
_CHANGING = frozenset({"CMD_UPDATE", "CMD_DELETE"})
_LOCKING = frozenset({"LCS_FORUPDATE", "LCS_FORNOKEYUPDATE", "LCS_FORSHARE"})
_RANGE = frozenset({"<", "<=", ">", ">="})


@dataclass(frozen=True, slots=True)
class Write:
    """A change of rows that are there: its table as written, and the columns that equality or a short range binds.

    `schema` is "" where none is written. `few`: whatever the keys are, few rows change. `locks`: rows are locked, not
    changed.
    """

    schema: str
    table: str
    bound: frozenset[str] = frozenset()
    few: bool = False
    locks: bool = False

    def is_bounded(self, keys: Keys) -> bool:
        """Whether a unique index is covered: few rows change, however many there are."""
        return self.few or "ctid" in self.bound or any(key and key <= self.bound for key in keys)


def writes_of(sql: str, variables: Collection[str] = (), keys_of: KeysOf = no_keys) -> tuple[Write, ...]:
    """Every UPDATE, DELETE, MERGE, upsert and row lock that `sql` is or holds; `variables` are names that are values.

    `keys_of` tells the keys of the tables that it reads. Raises UsageInvalid without the parser.
    """
    tree = statement(sql)
    if tree is None or not _LATER.isdisjoint(tree) or _only_explains(tree):
        return ()
    return tuple(each for kind, node in walk(tree) for each in _writes(kind, node, tree, variables, keys_of))


def inserts_of(sql: str) -> tuple[tuple[str, str], ...]:
    """The tables that `sql` inserts into, as (schema or "", name)."""
    tree = statement(sql)
    if tree is None or not _LATER.isdisjoint(tree):
        return ()
    found = (node["relation"] for kind, node in walk(tree) if kind == "InsertStmt" and "relation" in node)
    return tuple((one.get("schemaname", ""), one["relname"]) for one in found)


def _only_explains(tree: Tree) -> bool:
    found = tree.get("ExplainStmt")
    if found is None:
        return False
    options = {one.get("DefElem", {}).get("defname", "").lower() for one in found.get("options", [])}
    return "analyze" not in options


def _writes(kind: str, node: Tree, tree: Tree, variables: Collection[str], keys_of: KeysOf) -> Iterator[Write]:
    if kind == "SelectStmt" and node.get("lockingClause"):
        yield from _locks(node, tree, variables, keys_of)
        return
    if kind not in ("UpdateStmt", "DeleteStmt", "MergeStmt", "InsertStmt") or "relation" not in node:
        return
    relation = node["relation"]
    schema, table = relation.get("schemaname", ""), relation["relname"]
    if kind == "InsertStmt":
        if node.get("onConflictClause", {}).get("action") == "ONCONFLICT_UPDATE":
            yield Write(schema, table, few=is_few(node.get("selectStmt", {}), tree))
        return
    actions = [one["MergeWhenClause"] for one in node.get("mergeWhenClauses", [])]
    if kind == "MergeStmt" and not any(one.get("commandType") in _CHANGING for one in actions):
        return
    if any(one.get("matchKind") == "MERGE_WHEN_NOT_MATCHED_BY_SOURCE" for one in actions):
        yield Write(schema, table)
        return
    sources = [*node.get("fromClause", []), *node.get("usingClause", [])]
    sources += [node["sourceRelation"]] if "sourceRelation" in node else []
    where = node.get("joinCondition") if kind == "MergeStmt" else node.get("whereClause")
    if where is not None and ("CurrentOfExpr" in where or _is_false(where)):
        yield Write(schema, table, few=True)
        return
    alias = relation.get("alias", {}).get("aliasname", table)
    yield Write(schema, table, frozenset(_bound(alias, Scope(sources, tree, variables, alias, keys_of), where)))


def _locks(node: Tree, tree: Tree, variables: Collection[str], keys_of: KeysOf) -> Iterator[Write]:
    strength = {one.get("LockingClause", {}).get("strength") for one in node["lockingClause"]}
    if _LOCKING.isdisjoint(strength):
        return
    count = number_of(node.get("limitCount", {}))
    for one in node.get("fromClause", []):
        relation = one.get("RangeVar")
        if relation is None:
            continue
        alias = relation.get("alias", {}).get("aliasname", relation["relname"])
        others = [each for each in node["fromClause"] if each is not one]
        bound = _bound(alias, Scope(others, tree, variables, alias, keys_of), node.get("whereClause"))
        few = count is not None and count <= FEW
        yield Write(relation.get("schemaname", ""), relation["relname"], frozenset(bound), few=few, locks=True)


def _is_false(node: Tree) -> bool:
    value = node.get("A_Const", {}).get("boolval")
    return value is not None and not value.get("boolval", False)


def _bound(alias: str, scope: Scope, where: Tree | None) -> set[str]:
    """The columns of the target that few values are allowed for."""
    parts = [*conjuncts(where), *scope.conditions]
    before, known = -1, scope.settle()
    while before != known:  # a column that equals a fixed one of another table is fixed too
        for part in parts:
            scope.fixed.update(_fixed(part, scope))
        scope.fixed.update(_short_ranges(parts, scope))
        before, known = known, scope.settle()
    return {column for name, column in scope.fixed if name == alias}


def _fixed(part: Tree, scope: Scope) -> Iterator[tuple[str, str]]:
    if (either := part.get("BoolExpr", {})).get("boolop") == "OR_EXPR":
        each = []
        for arm in either["args"]:
            both = list(conjuncts(arm))
            each.append({*_short_ranges(both, scope), *(column for one in both for column in _fixed(one, scope))})
        yield from set.intersection(*each)
        return
    if (link := part.get("SubLink")) is not None and link.get("subLinkType") == "ANY_SUBLINK":
        if not link.get("operName") and _gives_few(link.get("subselect", {}), scope):
            yield from scope.columns(link.get("testexpr", {}))
        return
    comparison = part.get("A_Expr")
    if comparison is None or operator_of(part) != "=":
        return
    left, right = comparison.get("lexpr", {}), comparison.get("rexpr", {})
    if comparison.get("kind") in ("AEXPR_IN", "AEXPR_OP_ANY"):
        items = right.get("List", {}).get("items", []) if comparison["kind"] == "AEXPR_IN" else [right]
        if all(scope.is_fixed(one) for one in items):
            yield from scope.columns(left)
        return
    if comparison.get("kind") != "AEXPR_OP":
        return
    rows = [one.get("RowExpr", {}).get("args") for one in (left, right)]
    pairs = list(zip(*rows, strict=False)) if all(rows) else [(left, right)]
    for one, other in pairs:
        for this, that in ((one, other), (other, one)):
            if "ColumnRef" in this and scope.is_fixed(that):
                yield from scope.columns(this)


def _gives_few(query: Tree, scope: Scope) -> bool:
    """Whether a subquery gives few rows: by its nature, or by the keys of what it reads."""
    if is_few(query, scope.tree):
        return True
    select = query.get("SelectStmt", {})
    sources = [each for one in select.get("fromClause", []) for each in flat(one)]
    if select.get("op", "SETOP_NONE") != "SETOP_NONE" or not sources:
        return False
    inner = Scope(select["fromClause"], scope.tree, scope.variables, alias_of(sources[0]), scope.keys_of)
    inner.is_alone = len(sources) == 1
    _bound("", inner, select.get("whereClause"))
    return inner.is_few and gives_few(select.get("targetList", []), scope.tree)


def _short_ranges(parts: list[Tree], scope: Scope) -> Iterator[tuple[str, str]]:
    """`id BETWEEN 1 AND 100`, `id > n AND id <= n + 1000`, `id < 1000`."""
    ends: dict[tuple[str, str], dict[str, Tree]] = {}
    for part in parts:
        comparison = part.get("A_Expr", {})
        left, right, operator = comparison.get("lexpr", {}), comparison.get("rexpr", {}), operator_of(part)
        if comparison.get("kind") == "AEXPR_BETWEEN":
            items = right.get("List", {}).get("items", [])
            for column in scope.columns(left) if len(items) == 2 else ():
                ends.setdefault(column, {}).update({">": items[0], "<": items[1]})
        elif comparison.get("kind") == "AEXPR_OP" and operator in _RANGE:
            if column_of(left) is None or scope.is_fixed(left):
                left, right, operator = right, left, {"<": ">", ">": "<"}[operator[0]]
            for column in scope.columns(left):
                ends.setdefault(column, {})[operator[0]] = right
    for column, found in ends.items():
        if "<" in found and _is_short(found.get(">"), found["<"]):
            yield column


def _is_short(low: Tree | None, high: Tree) -> bool:
    last = number_of(high)
    if low is None:  # keys count up from one
        return last is not None and last <= FEW
    first = number_of(low)
    if first is not None and last is not None:
        return last - first <= FEW
    return _step(low, high) is not None


def _step(low: Tree, high: Tree) -> int | None:
    """100 for `n` and `n + 100`."""
    found: dict[str, Any] = high.get("A_Expr", {})
    if operator_of(high) != "+" or not same(found.get("lexpr"), low):
        return None
    step = number_of(found.get("rexpr", {}))
    return step if step is not None and step <= FEW else None
