"""Queries whose shape is at fault: deep OFFSET, and an OR under ORDER BY … LIMIT. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pgready.catalog.table import Column, Table
from pgready.proof.contract import Contract, Parameter
from pgready.proof.way_out.query_scope import Scope
from pgready.sql import tree
from pgready.sql.tree import Tree, compared

_SMALL_OFFSET = 1000
_NO_EQUALITY = frozenset(("json", "xml", "point", "box", "path", "polygon", "line", "lseg"))
_WHOLE = ("groupClause", "havingClause", "distinctClause", "windowClause", "valuesLists", "lockingClause")


@dataclass(frozen=True, slots=True)
class _Order:
    """A key of ORDER BY that is a column, and its direction."""

    node: Tree
    alias: str
    column: Column
    descending: bool


def is_deep(select: Tree) -> bool:
    """Whether OFFSET is a parameter or large."""
    offset = select.get("limitOffset")
    if offset is None:
        return False
    constant = offset.get("A_Const", {})
    return not ("ival" in constant and int(constant["ival"].get("ival", 0)) < _SMALL_OFFSET)


def keyset(contract: Contract, node: Tree, scope: Scope) -> tuple[Tree, tuple[Parameter, ...], str] | None:
    """A page after the last row seen in place of OFFSET: the statement, its parameters, and what changes for callers.

    The order is made total by the primary key. None where the order is not of columns of one table that hold no NULL,
    or where joins could show a row of that table twice.
    """
    select = node.get("SelectStmt", {})
    if not is_deep(select) or not _is_plain(select, scope) or not select.get("sortClause"):
        return None
    order = _order(select, scope)
    if order is None:
        return None
    alias = order[0].alias
    table = scope.tables[alias]
    if table is None or any(one.alias != alias for one in order) or not _shows_once(select, alias, scope):
        return None
    order = _made_total(order, table)
    if order is None or any(one.column.not_null is None for one in order) or alias in scope.nullable:
        return None
    return _after(contract, select, order)


def _after(contract: Contract, select: Tree, order: list[_Order]) -> tuple[Tree, tuple[Parameter, ...], str]:
    page = {key: value for key, value in select.items() if key != "limitOffset"}
    page["sortClause"] = [_sort(one) for one in order]
    kept = sorted({n for kind, each in tree.walk(page) if kind == "ParamRef" and (n := each.get("number", 0))})
    numbers = {old: new for new, old in enumerate(kept, 1)}
    known = {one.number: one for one in contract.parameters}
    parameters = [
        Parameter(numbers[old], known[old].name, known[old].type, known[old].sample, known[old].is_null)
        for old in kept
        if old in known
    ]
    page = renumbered(page, numbers)
    values = []
    for place, one in enumerate(order, len(kept) + 1):
        values.append({"ParamRef": {"number": place}})
        parameters.append(Parameter(place, f"after_{one.column.name}", one.column.type.sql))
    condition = _seek(order, values)
    page["whereClause"] = tree.joined([*tree.conjuncts(page.get("whereClause")), *condition])
    names = ", ".join(one.column.name for one in order)
    seen = ", ".join(f"${place}" for place in range(len(kept) + 1, len(kept) + len(order) + 1))
    text = (
        f"pass {names} of the last row seen as {seen}; leave the condition out for the first page."
        " Pages can be walked, not jumped to; rows that come or go meanwhile shift nothing"
    )
    return {"SelectStmt": page}, tuple(parameters), text


def _seek(order: list[_Order], values: list[Tree]) -> list[Tree]:
    """What is true for the rows behind the values, in the order."""
    if len({one.descending for one in order}) == 1:
        operator = "<" if order[0].descending else ">"
        if len(order) == 1:
            return [compared(order[0].node, operator, values[0])]
        left = {"RowExpr": {"args": [one.node for one in order], "row_format": "COERCE_IMPLICIT_CAST"}}
        return [compared(left, operator, {"RowExpr": {"args": values, "row_format": "COERCE_IMPLICIT_CAST"}})]
    steps: list[Tree] = []
    for number, (one, value) in enumerate(zip(order, values, strict=True)):
        equal = [compared(before.node, "=", known) for before, known in zip(order[:number], values, strict=False)]
        step = tree.joined([*equal, compared(one.node, "<" if one.descending else ">", value)])
        steps += [step] if step else []
    bound = compared(order[0].node, "<=" if order[0].descending else ">=", values[0])
    behind = tree.joined(steps, "OR_EXPR")
    return [bound, behind] if behind else [bound]


def union(contract: Contract, node: Tree, scope: Scope) -> tuple[Tree, tuple[Parameter, ...], str] | None:
    """`WHERE a = $1 OR b = $2 ORDER BY … LIMIT n` as one short search for each alternative, put together.

    None where the rows could not be told apart again (no primary key among the columns, json among them).
    """
    select = node.get("SelectStmt", {})
    if (
        not select.get("sortClause")
        or "limitCount" not in select
        or "limitOffset" in select
        or not _is_plain(select, scope)
    ):
        return None
    if len(scope.tables) != 1 or not scope.is_whole:
        return None
    parts = list(tree.conjuncts(select.get("whereClause")))
    ors = [part for part in parts if part.get("BoolExpr", {}).get("boolop") == "OR_EXPR"]
    order = _order(select, scope)
    ((alias, table),) = scope.tables.items()
    if len(ors) != 1 or table is None or order is None or (total := _made_total(order, table)) is None:
        return None
    shown = _shown(select, table)
    if shown is None or not {one.column.name for one in total} <= shown.keys():
        return None
    if not set(table.primary_key.columns if table.primary_key else ("?",)) <= shown.keys():
        return None
    if any(not column.type.dimensions and column.type.name.name in _NO_EQUALITY for column in table.columns):
        return None
    if not _is_apart(ors[0]):
        return None
    rest = [part for part in parts if part is not ors[0]]
    branches = []
    for arm in ors[0]["BoolExpr"]["args"]:
        sort = [_sort(one, nulls=_nulls(select, number)) for number, one in enumerate(total)]
        branches.append({**select, "whereClause": tree.joined([*rest, arm]), "sortClause": sort})
    whole = branches[0]
    for branch in branches[1:]:
        whole = {"op": "SETOP_UNION", "larg": whole, "rarg": branch, "limitOption": "LIMIT_OPTION_DEFAULT"}
    outer = [
        _sort(
            _Order(
                {"ColumnRef": {"fields": [{"String": {"sval": shown[one.column.name]}}]}},
                alias,
                one.column,
                one.descending,
            ),
            nulls=_nulls(select, number),
        )
        for number, one in enumerate(total)
    ]
    whole |= {"sortClause": outer, "limitCount": select["limitCount"], "limitOption": select["limitOption"]}
    tail = [one.column.name for one in total[len(order) :]]
    ties = f"; rows that tie are ordered by {', '.join(tail)}" if tail else ""
    return {"SelectStmt": whole}, contract.parameters, f"a short search for each alternative{ties}"


def _is_apart(part: Tree) -> bool:
    """Whether the alternatives are about different columns."""
    seen: set[tuple[str, str]] = set()
    for arm in part["BoolExpr"]["args"]:
        columns = tree.columns_in(arm)
        if seen & columns:
            return False
        seen |= columns
    return True


def _shown(select: Tree, table: Table) -> dict[str, str] | None:
    """The columns that the list shows under a name: column → name; None where the list is more than columns."""
    found: dict[str, str] = {}
    for target in select.get("targetList", []):
        value = target["ResTarget"]["val"]
        fields = value.get("ColumnRef", {}).get("fields", [{}])
        if "A_Star" in fields[-1]:
            found |= {column.name: column.name for column in table.columns}
            continue
        named = tree.column_of(value)
        if named is None or table.column(named[1]) is None:
            return None
        found[named[1]] = target["ResTarget"].get("name", named[1])
    return found


# ── orders ──


def _is_plain(select: Tree, scope: Scope) -> bool:
    """Whether each row shown is a row of FROM: no groups, no DISTINCT, no aggregate, no window, no UNION."""
    if select.get("op") != "SETOP_NONE" or any(key in select for key in _WHOLE):
        return False
    if select.get("limitOption") == "LIMIT_OPTION_WITH_TIES":
        return False
    calls = [each for kind, each in tree.walk(select.get("targetList", [])) if kind == "FuncCall"]
    names = {tree.function_of({"FuncCall": each}) for each in calls}
    if names & _AGGREGATES or any("over" in each or each.get("agg_star") for each in calls):
        return False
    return not names & scope.functions and not any(part in name for name in names for part in _SETS)


_AGGREGATES = frozenset(
    ("count", "sum", "avg", "min", "max", "array_agg", "string_agg", "json_agg", "jsonb_agg", "bool_and", "bool_or")
) | {"json_object_agg", "jsonb_object_agg", "every", "unnest", "generate_series", "jsonb_array_elements"}
_SETS = ("_to_table", "_elements", "_each", "_keys", "recordset", "path_query", "subscripts", "regexp_matches")
"""Parts of the names of functions that give several rows for one."""


def _order(select: Tree, scope: Scope) -> list[_Order] | None:
    names = {target["ResTarget"].get("name"): target["ResTarget"]["val"] for target in select.get("targetList", [])}
    found = []
    for item in select["sortClause"]:
        node = item["SortBy"]["node"]
        named = tree.column_of(node)
        if named is not None and not named[0] and named[1] in names:
            node = names[named[1]]  # an output column goes before one of a table
        column = scope.found(node)
        if column is None or item["SortBy"].get("sortby_dir") == "SORTBY_USING":
            return None
        descending = item["SortBy"].get("sortby_dir") == "SORTBY_DESC"
        found.append(_Order(node, column[0], column[2], descending))
    return found


def _made_total(order: list[_Order], table: Table) -> list[_Order] | None:
    """The order with the primary key's columns behind it, unless a unique key is in it already."""
    there = {one.column.name for one in order}
    keys = [key for key in (table.primary_key, *table.uniques) if key is not None]
    if any(set(key.columns) <= there and _is_not_null(key.columns, table) for key in keys):
        return order
    if table.primary_key is None:
        return None
    qualified = len(tree.column_of(order[0].node) or ()) == 2 and (tree.column_of(order[0].node) or ("",))[0]
    more = []
    for name in table.primary_key.columns:
        column = table.column(name)
        if column is None:
            return None
        if name not in there:
            fields = [*([{"String": {"sval": qualified}}] if qualified else []), {"String": {"sval": name}}]
            more.append(_Order({"ColumnRef": {"fields": fields}}, order[0].alias, column, order[-1].descending))
    return [*order, *more]


def _is_not_null(names: tuple[str, ...], table: Table) -> bool:
    columns = [table.column(name) for name in names]
    return all(column is not None and column.not_null is not None for column in columns)


def _shows_once(select: Tree, alias: str, scope: Scope) -> bool:
    """Whether every row of `alias` is shown at most once: each other table is joined by a whole unique key."""
    others = set(scope.tables) - {alias}
    if not others:
        return True
    joins = [
        *tree.conjuncts(select.get("whereClause")),
        *(
            one
            for kind, each in tree.walk(select.get("fromClause", []))
            if kind == "JoinExpr"
            for one in tree.conjuncts(each.get("quals"))
        ),
    ]
    for other in others:
        table = scope.tables[other]
        if table is None:
            return False
        fixed = set()
        for one in joins:
            inside = one.get("A_Expr", {})
            if tree.operator_of(one) != "=" or inside.get("kind") != "AEXPR_OP" or "lexpr" not in inside:
                continue
            for side, opposite in ((inside["lexpr"], inside["rexpr"]), (inside["rexpr"], inside["lexpr"])):
                found, against = scope.found(side), scope.found(opposite)
                if found and found[0] == other and (against is None or against[0] != other):
                    fixed.add(found[2].name)
        keys = [key for key in (table.primary_key, *table.uniques) if key is not None]
        if not any(set(key.columns) <= fixed for key in keys):
            return False
    return True


def _sort(one: _Order, nulls: str = "SORTBY_NULLS_DEFAULT") -> Tree:
    direction = "SORTBY_DESC" if one.descending else "SORTBY_DEFAULT"
    return {"SortBy": {"node": one.node, "sortby_dir": direction, "sortby_nulls": nulls, "location": -1}}


def _nulls(select: Tree, number: int) -> str:
    items = select["sortClause"]
    asked = items[number]["SortBy"].get("sortby_nulls") if number < len(items) else None
    return str(asked or "SORTBY_NULLS_DEFAULT")


# ── parameters ──


def renumbered(node: Tree, numbers: Mapping[int, int]) -> Tree:
    """The statement with its parameters called otherwise."""

    def change(kind: str, inside: Tree) -> Tree | None:
        return {kind: {**inside, "number": numbers[inside["number"]]}} if kind == "ParamRef" else None

    return dict(tree.replaced(node, change))
