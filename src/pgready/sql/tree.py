"""SQL as a tree of plain dicts and lists, and back: what the way out reads from plans, and rewrites in queries.

A node is a dict with one key, its kind as libpg_query names it: `{"A_Expr": {…}}`. What is at its default is left out.
Nothing here changes a tree that it was given. The parser is imported when something has to be parsed.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any

from pgready.errors import UsageInvalid

Tree = dict[str, Any]

# What plans say in place of a value that another part of the plan brings: no SQL, and a constant to an index.
_SUBPLAN = re.compile(
    r"\((?:alternatives: )?(?:hashed )?(?:InitPlan|SubPlan) \d+(?: or (?:hashed )?SubPlan \d+)?"
    r"(?: \(returns [^)]*\))?\)(?:\.col\d+)?"
)
OUTSIDE = 9999
"""The number of the parameter that such a value is read as."""


@lru_cache(maxsize=256)  # several questions follow on one text
def statement(sql: str) -> Tree | None:
    """The one statement of `sql` as a node, None where it does not parse. Raises UsageInvalid without the parser."""
    postgast, to_dict, _ = _library()
    if "\0" in sql:
        return None
    try:
        found = to_dict(postgast.parse(sql)).get("stmts", [])
    except postgast.PgQueryError:
        return None
    return dict(found[0]["stmt"]) if len(found) == 1 else None


def written(node: Tree) -> str:
    """A statement as SQL, laid out over several lines where that says the same."""
    postgast, _, from_dict = _library()
    plain = str(postgast.deparse(from_dict({"stmts": [{"stmt": node}]}, postgast.ParseResult())))
    laid_out = str(postgast.format_sql(plain)).rstrip().removesuffix(";")
    # The layout loses parentheses around the sides of a UNION.
    there, back = statement(plain), statement(laid_out)
    return laid_out if same(there, back) else plain


def text_of(expression: Tree) -> str:
    """An expression as SQL on one line."""
    postgast, _, from_dict = _library()
    select = {"SelectStmt": {"targetList": [{"ResTarget": {"val": expression}}], "limitOption": "LIMIT_OPTION_DEFAULT"}}
    select["SelectStmt"]["op"] = "SETOP_NONE"
    message = from_dict({"stmts": [{"stmt": select}]}, postgast.ParseResult())
    return str(postgast.deparse(message)).removeprefix("SELECT ")


def expression(sql: str) -> Tree | None:
    """An expression as SQL or a plan writes it, None where that is none."""
    found = statement(f"SELECT {_SUBPLAN.sub(f'${OUTSIDE}', sql)}")
    targets = found["SelectStmt"].get("targetList", []) if found and "SelectStmt" in found else []
    return dict(targets[0]["ResTarget"]["val"]) if len(targets) == 1 else None


def sort_item(text: str) -> Tree | None:
    """A key of ORDER BY (the inside of a SortBy), as a plan's Sort Key writes it."""
    found = statement(f"SELECT ORDER BY {_SUBPLAN.sub(f'${OUTSIDE}', text)}")
    items = found["SelectStmt"].get("sortClause", []) if found and "SelectStmt" in found else []
    return dict(items[0]["SortBy"]) if len(items) == 1 else None


def conditions(text: str) -> tuple[Tree, ...]:
    """What a plan's condition joins by AND; the parts that are no SQL are left out."""
    whole = expression(text)
    if whole is not None:
        return tuple(conjuncts(whole))
    parts = _parts(text)
    return tuple(one for part in parts for one in conditions(part)) if len(parts) > 1 else ()


def _parts(text: str) -> list[str]:
    """`(a AND b)` cut at the ANDs of the outermost parentheses."""
    inside = text.strip()
    if not (inside.startswith("(") and inside.endswith(")")):
        return [inside]
    inside = inside[1:-1]
    depth, start, quote, found = 0, 0, "", []
    for at, letter in enumerate(inside):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif not depth and inside.startswith(" AND ", at):
            found.append(inside[start:at])
            start = at + 5
    return [*found, inside[start:]]


def conjuncts(node: Tree | None) -> Iterator[Tree]:
    """What a condition joins by AND, each apart."""
    if node is None:
        return
    joined = node.get("BoolExpr")
    if joined and joined["boolop"] == "AND_EXPR":
        for each in joined["args"]:
            yield from conjuncts(each)
    else:
        yield node


def joined(parts: list[Tree], word: str = "AND_EXPR") -> Tree | None:
    """Conditions joined by AND (or OR_EXPR), None for none."""
    if len(parts) < 2:
        return parts[0] if parts else None
    return {"BoolExpr": {"boolop": word, "args": parts}}


def walk(node: Any) -> Iterator[tuple[str, Tree]]:
    """Every node below and with `node`, as (kind, inside)."""
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, dict):
                yield key, value
            yield from walk(value)
    elif isinstance(node, list):
        for each in node:
            yield from walk(each)


def replaced(node: Any, change: Callable[[str, Tree], Tree | None]) -> Any:
    """A copy in which every node that `change` answers for is its answer; what it replaced is not looked into."""
    if isinstance(node, dict):
        if len(node) == 1:
            key, value = next(iter(node.items()))
            if isinstance(value, dict) and (answer := change(key, value)) is not None:
                return answer
        return {key: replaced(value, change) for key, value in node.items()}
    if isinstance(node, list):
        return [replaced(each, change) for each in node]
    return node


def same(one: Any, other: Any) -> bool:
    """Whether two trees say the same, wherever in a text they stand."""
    return bool(_bare(one) == _bare(other))


def _bare(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _bare(value) for key, value in node.items() if key not in _PLACES}
    if isinstance(node, list):
        return [_bare(each) for each in node]
    return node


_PLACES = frozenset(
    ("location", "stmtLocation", "stmtLen", "rexpr_list_start", "rexpr_list_end", "list_start", "list_end")
)


def column_of(node: Tree) -> tuple[str, str] | None:
    """(alias or "", column) of a plain column, None for anything else; the schema of `s.t.c` is dropped."""
    reference = node.get("ColumnRef")
    if reference is None:
        return None
    names = [each["String"].get("sval", "") for each in reference["fields"] if "String" in each]
    if len(names) != len(reference["fields"]):
        return None
    return ("" if len(names) == 1 else names[-2], names[-1])


def columns_in(node: Any) -> set[tuple[str, str]]:
    """Every plain column below, as (alias or "", column)."""
    return {found for kind, each in walk(node) if kind == "ColumnRef" and (found := column_of({kind: each}))}


def operator_of(node: Tree) -> str:
    """The operator of an A_Expr, without a schema; "" for anything else."""
    found = node.get("A_Expr")
    return str(found["name"][-1]["String"]["sval"]) if found and found.get("name") else ""


def function_of(node: Tree) -> str:
    """The name of the function that is called, without a schema; "" for anything else."""
    found = node.get("FuncCall")
    return str(found["funcname"][-1]["String"]["sval"]) if found else ""


def parameter_of(node: Tree) -> int | None:
    """The number of a parameter, casts around it aside."""
    while "TypeCast" in node:
        node = node["TypeCast"]["arg"]
    return int(node["ParamRef"].get("number", 0)) if "ParamRef" in node else None


def is_constant(node: Tree) -> bool:
    """Whether it is made of constants alone: no column, no parameter, no call and no query."""
    found = {kind for kind, _ in walk(node)}
    return "A_Const" in found and found <= _CONSTANT


_CONSTANT = frozenset(
    {"A_Const", "TypeCast", "arg", "typeName", "A_ArrayExpr", "String", "Integer", "Float", "Boolean", "List"}
    | {"ival", "sval", "fval", "boolval", "bsval"}
)


def type_of(node: Tree) -> str:
    """The bare name of the type that a TypeCast casts to ("" for anything else), with `[]` for an array."""
    cast = node.get("TypeCast")
    if cast is None:
        return ""
    name = cast["typeName"]
    return str(name["names"][-1]["String"]["sval"]) + ("[]" if name.get("arrayBounds") else "")


def compared(left: Tree, operator: str, right: Tree) -> Tree:
    """`left operator right`."""
    return {"A_Expr": {"kind": "AEXPR_OP", "name": [{"String": {"sval": operator}}], "lexpr": left, "rexpr": right}}


def copied(node: Tree) -> Tree:
    """A copy to change."""
    return copy.deepcopy(node)


def _library() -> tuple[Any, Any, Any]:
    try:
        # By name: the stubs that they come with are not valid.
        postgast: Any = import_module("postgast")
        json_format: Any = import_module("google.protobuf.json_format")
    except ImportError:
        raise UsageInvalid(
            "query contracts are read by PostgreSQL's own parser, which is not installed",
            then="pip install 'pgready[prove]'",
            code="parser_missing",
        ) from None
    return postgast, json_format.MessageToDict, json_format.ParseDict
