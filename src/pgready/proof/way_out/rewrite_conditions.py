"""Conditions that no index can serve, and others that pick the same rows and can be served. Pure.

Each rule takes one condition of a WHERE clause (what AND joins there) and answers with conditions that are true for
exactly the rows for which it is true; whether it is false or NULL for the others does not matter there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pgready.proof.way_out.query_scope import Scope
from pgready.sql import tree
from pgready.sql.tree import Tree, compared
from pgready.sql.tree_values import call, cast, integer, integer_of, interval, string_of

Changed = tuple[list[Tree], str]
"""The conditions that take the place of one, and what was done, for people."""

_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "="}
_INTEGERS = ("int2", "int4", "int8")
_TEXTS = ("text", "varchar")
_DEPTH = 6


def changed(part: Tree, scope: Scope) -> Changed | None:
    """What `part` can be replaced with, None if no rule knows a way."""
    for rule in _RULES:
        found = rule(part, scope)
        if found is not None:
            return found
    return None


# ── keyset pages ──


def _keyset(part: Tree, scope: Scope) -> Changed | None:
    """`a < $1 OR (a = $1 AND b < $2)`: a row comparison, or a bound beside it where the directions differ."""
    if part.get("BoolExpr", {}).get("boolop") != "OR_EXPR":
        return None
    arms = sorted(_arms(part), key=len)
    steps: list[tuple[Tree, str, Tree]] = []
    for number, arm in enumerate(arms):
        sides = [_sides(one, scope) for one in arm]
        comparisons = [one for one in sides if one and one[1] != "="]
        equalities = [one for one in sides if one and one[1] == "="]
        if None in sides or len(comparisons) != 1 or len(equalities) != number or number >= _DEPTH:
            return None
        if not all(any(_same_sides(one, step) for one in equalities) for step in steps):
            return None
        steps.append(comparisons[0])
    strict = all(operator in "<>" for _, operator, _ in steps[:-1])
    if len(steps) < 2 or not strict or not all(scope.column(left) for left, _, _ in steps):
        return None
    operator = steps[-1][1]
    if all(each[0] == operator[0] for _, each, _ in steps):
        left = {"RowExpr": {"args": [left for left, _, _ in steps], "row_format": "COERCE_IMPLICIT_CAST"}}
        right = {"RowExpr": {"args": [right for _, _, right in steps], "row_format": "COERCE_IMPLICIT_CAST"}}
        return [compared(left, operator, right)], "the page's condition as one row comparison, which an index can seek"
    first, direction, value = steps[0]
    bound = compared(first, f"{direction[0]}=", value)
    return [bound, part], "a bound on the first column beside the page's condition, which an index can seek"


def _arms(node: Tree) -> list[list[Tree]]:
    """The alternatives of a condition, each a list of conditions, ORs inside multiplied out."""
    inside = node.get("BoolExpr", {})
    if inside.get("boolop") == "OR_EXPR":
        return [arm for each in inside["args"] for arm in _arms(each)]
    parts = list(tree.conjuncts(node))
    ors = [part for part in parts if part.get("BoolExpr", {}).get("boolop") == "OR_EXPR"]
    if len(ors) == 1 and len(parts) > 1:
        rest = [part for part in parts if part is not ors[0]]
        return [[*rest, *arm] for arm in _arms(ors[0])]
    return [parts]


def _sides(part: Tree, scope: Scope) -> tuple[Tree, str, Tree] | None:
    """(column side, operator, value side) of a comparison with a value."""
    inside, operator = part.get("A_Expr"), tree.operator_of(part)
    if inside is None or inside["kind"] != "AEXPR_OP" or operator not in _FLIPPED or "lexpr" not in inside:
        return None
    left, right = inside["lexpr"], inside["rexpr"]
    if scope.is_value(left):
        left, right, operator = right, left, _FLIPPED[operator]
    return (left, operator, right) if scope.is_value(right) and not scope.is_value(left) else None


def _same_sides(one: tuple[Tree, str, Tree], other: tuple[Tree, str, Tree]) -> bool:
    return tree.same(one[0], other[0]) and tree.same(one[2], other[2])


# ── dates ──


def _date(part: Tree, scope: Scope) -> Changed | None:
    """`created_at::date = $1`, `date(created_at) >= $1`: a range of the column itself."""
    sides = _sides(part, scope)
    if sides is None:
        return None
    left, operator, value = sides
    column = _as_date(left)
    if column is None or scope.parameter_type(value) not in ("", "date"):
        return None
    kind = scope.type_of(column)
    day = cast(value, "date")
    after = compared(day, "+", integer(1))
    lower = compared(column, ">=", after if operator == ">" else day)
    upper = compared(column, "<", after if operator in ("=", "<=") else day)
    both = {"=": [lower, upper], ">": [lower], ">=": [lower], "<": [upper], "<=": [upper]}[operator]
    if kind == "timestamp":
        return both, "the day as a range of the column (dates of infinity aside)"
    if kind == "timestamptz":
        # Which day it is depends on the time zone, and midnight can happen twice: a day more on both sides is safe.
        wide_lower = compared(column, ">=", compared(day, "-", integer(1)))
        wide_upper = compared(column, "<", compared(day, "+", integer(2)))
        bounds = {"=": [wide_lower, wide_upper]}.get(operator, [wide_lower if operator[0] == ">" else wide_upper])
        return [*bounds, part], "a range of the column around the day, which an index can seek (infinity aside)"
    return None


def _as_date(node: Tree) -> Tree | None:
    if tree.type_of(node) == "date":
        return dict(node["TypeCast"]["arg"])
    arguments = node["FuncCall"].get("args", []) if tree.function_of(node) == "date" else []
    return dict(arguments[0]) if len(arguments) == 1 else None


_STEPS = {"year": "1 year", "quarter": "3 months", "month": "1 month", "week": "7 days", "day": "1 day"} | {
    "hour": "1 hour", "minute": "1 minute", "second": "1 second",
}  # fmt: skip


def _truncated(part: Tree, scope: Scope) -> Changed | None:
    """`date_trunc('month', created_at) = $1`: the month as a range, if $1 is the start of one."""
    sides = _sides(part, scope)
    if sides is None or sides[1] != "=" or tree.function_of(sides[0]) != "date_trunc":
        return None
    left, _, value = sides
    arguments = left["FuncCall"]["args"]
    unit = string_of(arguments[0]) if len(arguments) == 2 else None
    step = _STEPS.get(unit or "")
    if step is None or scope.type_of(arguments[1]) != "timestamp":
        return None
    if scope.parameter_type(value) not in ("", "timestamp"):
        return None
    start = cast(value, "timestamp")
    call = tree.copied(left)
    call["FuncCall"]["args"][1] = start
    upper = compared(arguments[1], "<", compared(start, "+", interval(step)))
    return (
        [compared(arguments[1], ">=", start), upper, compared(call, "=", start)],
        f"the {unit} as a range of the column (dates of infinity aside)",
    )


def _extracted(part: Tree, scope: Scope) -> Changed | None:
    """`extract(year FROM created_at) = 2024`: the year as a range."""
    sides = _sides(part, scope)
    if sides is None or sides[1] != "=" or tree.function_of(sides[0]) not in ("extract", "date_part"):
        return None
    arguments = sides[0]["FuncCall"].get("args", [])
    year = sides[2].get("A_Const", {}).get("ival", {}).get("ival", 0)
    if len(arguments) != 2 or string_of(arguments[0]) != "year" or not 0 < year < 9999:
        return None
    kind = scope.type_of(arguments[1])
    if kind not in ("timestamp", "date"):
        return None
    bounds = [
        compared(arguments[1], operator, cast({"A_Const": {"sval": {"sval": f"{which:04}-01-01"}}}, "date"))
        for operator, which in ((">=", year), ("<", year + 1))
    ]
    return bounds, "the year as a range of the column"


def _shifted(part: Tree, scope: Scope) -> Changed | None:
    """`created_at + interval '7 days' < $1`: the interval moved to the other side."""
    sides = _sides(part, scope)
    if sides is None or tree.operator_of(sides[0]) not in ("+", "-"):
        return None
    left, operator, value = sides
    column, step = left["A_Expr"].get("lexpr", {}), left["A_Expr"]["rexpr"]
    kind, sign = scope.type_of(column), tree.operator_of(left)
    other, known = "-" if sign == "+" else "+", scope.parameter_type(value)
    if kind in ("int2", "int4") and integer_of(step):
        if known not in ("", *_INTEGERS):
            return None
        # In eight bytes: a sum that was small enough before must not overflow now.
        return [compared(column, operator, compared(cast(value, "int8"), other, step))], "the sum on the other side"
    words = string_of(step["TypeCast"]["arg"]) if tree.type_of(step) == "interval" else None
    if kind not in ("timestamp", "timestamptz") or words is None or not _is_exact(words) or known not in ("", kind):
        return None
    moved = compared(value if known and tree.parameter_of(value) is None else cast(value, kind), other, step)
    if kind == "timestamp":
        return [compared(column, operator, moved)], "the interval on the other side, where an index does not mind it"
    if operator == "=":
        return None
    # A day of a time zone can be an hour longer: a day more is safe, and the condition itself stays.
    slack = compared(moved, "-" if operator[0] == ">" else "+", interval("1 day"))
    return [compared(column, operator, slack), part], "a bound on the column beside the condition"


def _is_exact(words: str) -> bool:
    """Whether an interval is days and shorter units alone: months have no length."""
    parts = words.replace(",", " ").split()
    units = ("day", "days", "hour", "hours", "minute", "minutes", "min", "mins", "second", "seconds", "sec", "secs")
    return len(parts) % 2 == 0 and all(
        part.isdigit() if number % 2 == 0 else part in (*units, "week", "weeks") for number, part in enumerate(parts)
    )


# ── nothing done to a column ──


def _idle(part: Tree, scope: Scope) -> Changed | None:
    """`note || '' = $1`, `id + 0 = $1`: the column itself."""
    inside = part.get("A_Expr", {})
    left, operator = inside.get("lexpr", {}), tree.operator_of(left_of(part))
    if inside.get("kind") not in ("AEXPR_OP", "AEXPR_LIKE", "AEXPR_OP_ANY") or operator not in ("||", "+", "-", "*"):
        return None
    one, other = left["A_Expr"].get("lexpr", {}), left["A_Expr"]["rexpr"]
    if operator in ("||", "+") and scope.column(other):
        one, other = other, one
    kind = scope.type_of(one)
    is_idle = (operator == "||" and kind in _TEXTS and string_of(other) == "") or (
        # A smallint is an integer after a sum: a parameter that is compared with it would get another type.
        kind in ("int4", "int8") and integer_of(other) == (1 if operator == "*" else 0) and operator != "||"
    )
    if not is_idle:
        return None
    bare = tree.copied(part)
    bare["A_Expr"]["lexpr"] = one
    return [bare], "the column without the sum or text that changes nothing"


def left_of(part: Tree) -> Tree:
    """The left side of an operator, {} without one."""
    return dict(part.get("A_Expr", {}).get("lexpr", {}))


def _coalesced(part: Tree, scope: Scope) -> Changed | None:
    """`coalesce(state, 'new') = $1`: the column itself, and its NULLs where they count."""
    inside = part.get("A_Expr", {})
    arguments = inside.get("lexpr", {}).get("CoalesceExpr", {}).get("args", [])
    if inside.get("kind") != "AEXPR_OP" or len(arguments) != 2 or scope.column(arguments[0]) is None:
        return None
    column, default = arguments
    value, operator = inside["rexpr"], tree.operator_of(part)
    if scope.is_never_null(column):
        bare = tree.copied(part)
        bare["A_Expr"]["lexpr"] = column
        return [bare], "the column itself, which is never NULL"
    if operator != "=" or not scope.is_value(value) or not _is_of(default, scope.type_of(column)):
        return None
    equal = compared(column, "=", value)
    is_null = {"NullTest": {"arg": column, "nulltesttype": "IS_NULL"}}
    known = scope.column(column)
    if tree.is_constant(value):
        if tree.same(default, value):
            both = tree.joined([equal, is_null], "OR_EXPR")
            return [both] if both else [], "the column's own values and its NULLs apart, which two searches can find"
        has_rules = known is not None and known.collation is not None
        is_plain = (
            not has_rules
            and scope.type_of(column) in (*_TEXTS, *_INTEGERS, "bool")
            and _plain(default)
            and _plain(value)
        )
        return ([equal], "the column itself: its NULLs do not count here") if is_plain else None
    typed = cast(default, known.type.name.name) if known and known.type.is_system else default
    nulls = tree.joined([is_null, compared(typed, "=", value)])
    both = tree.joined([equal, nulls or is_null], "OR_EXPR")
    return [both] if both else [], "the column's own values and its NULLs apart, which two searches can find"


def _is_of(constant: Tree, kind: str) -> bool:
    """Whether a constant is of the column's type, so that the two together are, too."""
    if not tree.is_constant(constant) or kind == "int2":
        return False
    if "TypeCast" in constant:
        return tree.type_of(constant) == kind
    keys = constant.get("A_Const", {}).keys()
    numbers = {"int4": {"ival"}, "int8": {"ival"}, "numeric": {"ival", "fval"}, "bool": {"boolval"}}
    return bool(keys & (numbers.get(kind, set()) | {"sval"}))


def _plain(node: Tree) -> bool:
    return "A_Const" in node and bool(node["A_Const"].keys() & {"sval", "ival", "boolval"})


# ── types, arrays, subqueries ──


def _number(part: Tree, scope: Scope) -> Changed | None:
    """`id = $1` with a numeric $1: the column would be cast for every row; the value is cast instead."""
    sides = _sides(part, scope)
    if sides is None or sides[1] != "=":
        return None
    left, _, value = sides
    if tree.type_of(left) == "numeric":
        left = left["TypeCast"]["arg"]
    wide = ("numeric", "float8", "float4")
    if scope.type_of(left) not in _INTEGERS or scope.parameter_type(value) not in wide:
        return None
    low = compared(value, ">=", {"A_Const": {"fval": {"fval": "-9223372036854775808"}}})
    high = compared(value, "<", {"A_Const": {"fval": {"fval": "9223372036854775808"}}})
    whole = compared(value, "=", call("trunc", [value]))
    when = {"CaseWhen": {"expr": tree.joined([low, high, whole]), "result": cast(value, "int8")}}
    guarded = {"CaseExpr": {"args": [when]}}
    return [compared(left, "=", guarded)], "the value cast, not the column; better: bind the parameter as bigint"


def _element(part: Tree, scope: Scope) -> Changed | None:
    """`$1 = ANY (tags)`: `tags @> ARRAY[$1]`, which a GIN index can serve."""
    inside = part.get("A_Expr", {})
    column = inside.get("rexpr", {})
    found = scope.column(column)
    if inside.get("kind") != "AEXPR_OP_ANY" or tree.operator_of(part) != "=" or not found or not found.type.dimensions:
        return None
    if not scope.is_value(inside["lexpr"]) or not found.type.is_system:
        return None
    name = {"names": [{"String": {"sval": found.type.name.name}}], "typemod": -1}
    array = {"A_ArrayExpr": {"elements": [inside["lexpr"]]}}
    cast = {"TypeCast": {"arg": array, "typeName": {**name, "arrayBounds": [{"Integer": {"ival": -1}}]}}}
    return [compared(column, "@>", cast)], "containment, which a GIN index can serve"


def _not_in(part: Tree, scope: Scope) -> Changed | None:
    """`x NOT IN (SELECT …)` as NOT EXISTS, where neither side can be NULL: only then do they mean the same."""
    inside = part.get("BoolExpr", {})
    link = inside["args"][0].get("SubLink", {}) if inside.get("boolop") == "NOT_EXPR" else {}
    select = link.get("subselect", {}).get("SelectStmt", {})
    if link.get("subLinkType") != "ANY_SUBLINK" or link.get("operName") or not select.get("targetList"):
        return None
    if not scope.is_never_null(link["testexpr"]) or len(select["targetList"]) != 1 or select.get("op") != "SETOP_NONE":
        return None
    below = scope.below(select)
    target = select["targetList"][0]["ResTarget"]["val"]
    checked = any(
        one.get("NullTest", {}).get("nulltesttype") == "IS_NOT_NULL" and tree.same(one["NullTest"]["arg"], target)
        for one in tree.conjuncts(select.get("whereClause"))
    )
    if not (below.is_never_null(target) or checked):
        return None
    found = scope.found(link["testexpr"])
    if found is None:
        return None
    # Named by its table: inside the parentheses a bare name could be another's.
    outer = {"ColumnRef": {"fields": [{"String": {"sval": found[0]}}, {"String": {"sval": found[2].name}}]}}
    name = "excluded_value"
    column = {"ColumnRef": {"fields": [{"String": {"sval": "excluded_rows"}}, {"String": {"sval": name}}]}}
    alias = {"aliasname": "excluded_rows", "colnames": [{"String": {"sval": name}}]}
    subquery: dict[str, Any] = {"RangeSubselect": {"subquery": {"SelectStmt": select}, "alias": alias}}
    exists = {
        "targetList": [{"ResTarget": {"val": integer(1)}}],
        "fromClause": [subquery],
        "whereClause": compared(column, "=", outer),
        "limitOption": "LIMIT_OPTION_DEFAULT",
        "op": "SETOP_NONE",
    }
    answer = {"SubLink": {"subLinkType": "EXISTS_SUBLINK", "subselect": {"SelectStmt": exists}}}
    return [{"BoolExpr": {"boolop": "NOT_EXPR", "args": [answer]}}], "NOT EXISTS, which the server can join"


_RULES: tuple[Callable[[Tree, Scope], Changed | None], ...] = (
    _keyset,
    _date,
    _truncated,
    _extracted,
    _shifted,
    _idle,
    _coalesced,
    _number,
    _element,
    _not_in,
)
