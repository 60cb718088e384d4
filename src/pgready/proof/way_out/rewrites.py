"""Rewritten queries: the same rows, asked for in a way that an index can serve. Pure.

What is offered here is a proposal until it was planned and judged. A rewrite gives the same rows as the query
(`same_rows`), or is another way to walk through the same rows in the same order (keyset pages in place of OFFSET).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pgready.catalog.model import Catalog
from pgready.proof.contract import Contract, Parameter
from pgready.proof.way_out.query_scope import Scope, queries
from pgready.proof.way_out.rewrite_conditions import changed
from pgready.proof.way_out.rewrite_pages import is_deep, keyset, union
from pgready.sql import tree
from pgready.sql.tree import Tree


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A query to ask instead; `text` says what it does otherwise, and what that means for callers."""

    sql: str
    text: str
    parameters: tuple[Parameter, ...] = ()
    same_rows: bool = True


def rewrites(
    contract: Contract, catalog: Catalog, types: Mapping[int, str], search_path: Sequence[str] = ("public",)
) -> tuple[Rewrite, ...]:
    """The ways to ask otherwise that keep the rows, the least change first; `types` are those of the parameters."""
    node = tree.statement(contract.sql)
    if node is None:
        return ()
    types = {**types, **{one.number: one.type for one in contract.parameters if one.type}}
    found = []
    better, words = _conditions(node, catalog, types, search_path)
    if words:
        found.append(Rewrite(tree.written(better), "; ".join(dict.fromkeys(words)), contract.parameters))
    statement = better if words else node
    if "SelectStmt" in statement:
        scope = Scope(statement["SelectStmt"], catalog, search_path, types, _ctes(statement))
        for rule, same in ((keyset, False), (union, True)):
            answer = rule(contract, statement, scope)
            if answer is not None:
                said = "; ".join(dict.fromkeys((*words, answer[2])))
                found.append(Rewrite(tree.written(answer[0]), said, answer[1], same))
    return tuple(found)


def _conditions(
    node: Tree, catalog: Catalog, types: Mapping[int, str], search_path: Sequence[str]
) -> tuple[Tree, list[str]]:
    """The statement with every condition changed that a rule knows a way for, and what was done."""
    copy = tree.copied(node)
    words: list[str] = []
    for query, hidden in queries(copy):
        scope = Scope(query, catalog, search_path, types, hidden)
        if "whereClause" in query:
            query["whereClause"] = _changed(query["whereClause"], scope, words)
        for item in query.get("fromClause", []):
            _joins(item, scope, words)
    return copy, words


def _joins(item: Tree, scope: Scope, words: list[str]) -> None:
    join = item.get("JoinExpr")
    if join is None:
        return
    if "quals" in join and join.get("jointype", "JOIN_INNER") == "JOIN_INNER":
        join["quals"] = _changed(join["quals"], scope, words)
    _joins(join["larg"], scope, words)
    _joins(join["rarg"], scope, words)


def _changed(condition: Tree, scope: Scope, words: list[str]) -> Tree:
    parts: list[Tree] = []
    for part in tree.conjuncts(condition):
        halves = _between(part)
        answers = [changed(half, scope) for half in halves]
        if not any(answers):
            parts.append(part)
            continue
        for half, answer in zip(halves, answers, strict=True):
            parts += answer[0] if answer else [half]
            words += [answer[1]] if answer else []
    return tree.joined(parts) or condition


def _between(part: Tree) -> list[Tree]:
    """BETWEEN as the two comparisons that it stands for; anything else as it is."""
    inside = part.get("A_Expr", {})
    if inside.get("kind") != "AEXPR_BETWEEN":
        return [part]
    low, high = inside["rexpr"]["List"]["items"]
    return [tree.compared(inside["lexpr"], ">=", low), tree.compared(inside["lexpr"], "<=", high)]


def _ctes(node: Tree) -> frozenset[str]:
    clause = node["SelectStmt"].get("withClause", {})
    return frozenset(each["CommonTableExpr"]["ctename"] for each in clause.get("ctes", []))


def no_way(contract: Contract, catalog: Catalog) -> str:
    """Why no index can help a query of this text, and what can; "" where the text does not tell."""
    node = tree.statement(contract.sql)
    select = node.get("SelectStmt", {}) if node else {}
    if not select:
        return ""
    has_trigrams = any(one.name == "pg_trgm" for one in catalog.extensions)
    rules: tuple[Callable[[Tree], str], ...] = (_random, _counting, _optional, _deep)
    for rule in rules if has_trigrams else (*rules, _contains):
        words = rule(select)
        if words:
            return words
    return ""


def _random(select: Tree) -> str:
    nodes = [item["SortBy"]["node"] for item in select.get("sortClause", [])]
    if not any(tree.function_of(node) == "random" for node in nodes):
        return ""
    return (
        "ORDER BY random() reads and sorts every row: store a random number in an indexed column and seek it,"
        " or use TABLESAMPLE"
    )


def _counting(select: Tree) -> str:
    targets = [target["ResTarget"]["val"] for target in select.get("targetList", [])]
    calls = {tree.function_of(target) for target in targets} - {""}
    if "groupClause" in select or not calls & {"count", "sum", "avg"} or len(calls) < len(targets):
        return ""
    return (
        "every row that counts has to be read, with any index: keep a counter, count at most so many"
        " (SELECT count(*) FROM (SELECT … LIMIT 1001) AS some), or show the planner's estimate"
    )


def _optional(select: Tree) -> str:
    for part in tree.conjuncts(select.get("whereClause")):
        arms = part.get("BoolExpr", {}).get("args", []) if part.get("BoolExpr", {}).get("boolop") == "OR_EXPR" else []
        if any(tree.parameter_of(arm.get("NullTest", {}).get("arg", {})) is not None for arm in arms):
            return (
                "a filter that a NULL parameter switches off has one plan for both cases: build the query without"
                " the condition where it is not wanted, and make each form a contract"
            )
    return ""


def _contains(select: Tree) -> str:
    for kind, inside in tree.walk(select.get("whereClause", {})):
        if kind != "A_Expr" or inside.get("kind") not in ("AEXPR_LIKE", "AEXPR_ILIKE"):
            continue
        pattern = inside.get("rexpr", {}).get("A_Const", {}).get("sval", {}).get("sval", "%")
        if inside["kind"] == "AEXPR_ILIKE" or pattern[:1] in ("%", "_"):
            return (
                "a text that contains something is found by trigrams: CREATE EXTENSION pg_trgm in a migration,"
                " then run this again for the index"
            )
    return ""


def _deep(select: Tree) -> str:
    if not is_deep(select):
        return ""
    return (
        "OFFSET reads every row that it skips: page by the last row seen (keyset) over an order of columns that are"
        " NOT NULL and end in a unique key, or bound OFFSET in the application"
    )
