"""What code says in SQL: DO blocks and functions, cut into the statements that they hold.

On an empty database a loop over rows does not turn and a branch that asks for rows is not taken: what stands in them
was not seen to run, and has to be looked at by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from typing import Any

from pgready.errors import UsageInvalid
from pgready.hazards.sources import FEW, is_few, number_of
from pgready.sql.statements import Statement, split
from pgready.sql.tree import Tree, columns_in, function_of, operator_of, statement, walk

_SYSTEM = ("pg_catalog", "information_schema")
_LANGUAGE = re.compile(r"\blanguage\s+'?(\w+)", re.IGNORECASE)
_TOO_MANY = re.compile(r"(?<=[,\[])\{\}\},|,\{\}\}(?=\])")
_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Said:
    """A statement inside of code. `variables` are names of the code that are values.

    `repeats`: in a loop that turns any number of times within one transaction. `by_rows`: whether it runs depends on
    rows, so an empty database does not show it. `dynamic`: `sql` is an expression, whose value is run; `shape` is that
    value as far as it stands there, with $1 for what the code puts in. `undone`: an EXCEPTION clause may have taken it
    back before anybody could look; then `after` are the statements that it comes behind.
    """

    sql: str
    variables: frozenset[str] = frozenset()
    repeats: bool = False
    by_rows: bool = False
    dynamic: bool = False
    shape: str = ""
    undone: bool = False
    after: tuple[str, ...] = ()

    @property
    def readable(self) -> str:
        """What is run, as far as its text is known; "" if it is not."""
        return self.shape if self.dynamic else self.sql


def said_by(sql: Statement, functions: Mapping[str, str]) -> tuple[Said, ...]:
    """What a statement makes code say: its own block, and the functions that it calls; () if it calls none.

    `functions` are definitions (CREATE FUNCTION) by name, without schemas.
    """
    if sql.words[:1] == ("DO",):
        return tuple(_deep(_said(sql.text), functions, _DEPTH))
    if sql.words[:1] == ("CREATE",) and sql.words[1:2] != ("TABLE",):
        return ()
    return tuple(_called(Said(sql.text), functions, _DEPTH))


def said_by_function(name: str, functions: Mapping[str, str]) -> tuple[Said, ...]:
    """What a function says, with what it calls."""
    return tuple(_deep(_said(functions[name]), functions, _DEPTH)) if name in functions else ()


def is_change_of_structure(sql: str) -> bool:
    """Whether it is DDL, which is looked at by running it."""
    words = next((one.words[:1] for one in split(sql)), ("",))[0]
    return words in {"ALTER", "CREATE", "DROP", "TRUNCATE", "LOCK", "REINDEX", "CLUSTER", "REFRESH"}


def _deep(found: tuple[Said, ...], functions: Mapping[str, str], depth: int) -> Iterator[Said]:
    for one in found:
        yield one
        yield from _called(one, functions, depth - 1)


def _called(one: Said, functions: Mapping[str, str], depth: int) -> Iterator[Said]:
    """What the functions say that a statement calls: as often as it calls them."""
    if not depth or not functions or one.dynamic:
        return
    tree = statement(one.sql)
    if tree is None:
        return
    from_tables = any(kind == "RangeVar" for kind, _ in walk(tree))
    for _, node in walk(tree):
        name = node["funcname"][-1]["String"].get("sval", "") if "funcname" in node else ""
        if name not in functions:
            continue
        for inner in _said(functions[name]):
            repeats = inner.repeats or one.repeats or from_tables
            said = replace(inner, repeats=repeats, by_rows=inner.by_rows or one.by_rows or from_tables)
            yield said
            yield from _called(said, functions, depth - 1)


@lru_cache(maxsize=256)  # asked when a statement is traced, and again when it is judged
def _said(sql: str) -> tuple[Said, ...]:
    """The statements of a DO block or of a function's definition; of languages other than SQL and PL/pgSQL none."""
    language = _LANGUAGE.search(sql)
    name = language[1].lower() if language else "plpgsql"
    if name == "sql":
        return _of_sql(sql)
    if name != "plpgsql":
        return ()
    try:
        postgast: Any = import_module("postgast")
    except ImportError:
        raise UsageInvalid(
            "code in migrations is read by PostgreSQL's own parser, which is not installed",
            then="pip install 'pgready[prove]'",
            code="parser_missing",
        ) from None
    try:
        found = postgast.parse_plpgsql(sql)
    except postgast.PgQueryError:
        return ()
    except json.JSONDecodeError as e:
        # libpg_query writes one brace too many for each variable of a trigger function that it has no form for.
        try:
            found = json.loads(_TOO_MANY.sub("", e.doc))
        except json.JSONDecodeError:
            return ()
    return tuple(said for one in found for said in _Body(one["PLpgSQL_function"]).all())


def _of_sql(sql: str) -> tuple[Said, ...]:
    tree = (statement(sql) or {}).get("CreateFunctionStmt", {})
    parameters = (node for kind, node in walk(tree.get("parameters", [])) if kind == "FunctionParameter")
    names = frozenset(one["name"] for one in parameters if "name" in one)
    body = ""
    for one in tree.get("options", []):
        element = one.get("DefElem", {})
        if element.get("defname") == "as":
            items = element["arg"].get("List", {}).get("items", [])
            body = items[0]["String"].get("sval", "") if items else ""
    if "sql_body" in tree:  # RETURN and BEGIN ATOMIC; the text between them is the server's own
        inside = re.search(r"\bBEGIN\s+ATOMIC\b(.*)\bEND\b", sql, re.IGNORECASE | re.DOTALL)
        body = inside[1] if inside else ""
    return tuple(Said(one.text, names) for one in split(body))


class _Body:
    """One block of PL/pgSQL."""

    def __init__(self, tree: dict[str, Any]) -> None:
        self._tree = tree
        names = (one for each in tree.get("datums", []) for one in each.values())
        self._names = frozenset(one["refname"].lower() for one in names if "refname" in one) | {"new", "old"}
        self._names -= frozenset(_long_arrays(tree))
        self._reads_rows = any(_reads_rows(query) for query in _queries(tree))
        self._may_be_over = False
        self._attempts: dict[int, tuple[str, ...]] = {}

    def all(self) -> Iterator[Said]:
        yield from self._walk(self._tree.get("action", {}), repeats=False, by_rows=False)

    def _walk(self, node: Any, *, repeats: bool, by_rows: bool) -> Iterator[Said]:
        if isinstance(node, list):
            for each in node:
                yield from self._walk(each, repeats=repeats, by_rows=by_rows or self._may_be_over)
            return
        if not isinstance(node, dict):
            return
        for kind, inside in node.items():
            if not isinstance(inside, dict):
                yield from self._walk(inside, repeats=repeats, by_rows=by_rows)
                continue
            again, rows = repeats, by_rows
            if kind in ("PLpgSQL_stmt_if", "PLpgSQL_stmt_case"):
                rows = by_rows or any(self._depends(query) for query in _conditions(inside))
            elif kind in _LOOPS:
                turns = not _turns_few(kind, inside)
                again = (repeats or turns) and not _commits(inside)
                rows = by_rows or any(self._depends(query) for query in _conditions(inside))
            elif kind == "PLpgSQL_stmt_block" and "exceptions" in inside:
                self._attempts.update(_attempts(inside.get("body", [])))
            elif kind == "PLpgSQL_exception":
                rows = by_rows or any(_is_of_data(one) for one in inside.get("conditions", []))
            elif kind in ("PLpgSQL_stmt_return", "PLpgSQL_stmt_exit"):
                self._may_be_over = self._may_be_over or by_rows
            yield from self._own(kind, inside, repeats=repeats, by_rows=by_rows)
            yield from self._walk(inside, repeats=again, by_rows=rows)

    def _own(self, kind: str, inside: dict[str, Any], *, repeats: bool, by_rows: bool) -> Iterator[Said]:
        key = {"PLpgSQL_stmt_execsql": "sqlstmt", "PLpgSQL_stmt_perform": "expr", "PLpgSQL_stmt_call": "expr",
               "PLpgSQL_stmt_dynexecute": "query", "PLpgSQL_stmt_fors": "query"}.get(kind)  # fmt: skip
        sql = inside.get(key, {}).get("PLpgSQL_expr", {}).get("query") if key else None
        if sql:
            text, dynamic = sql, kind == "PLpgSQL_stmt_dynexecute"
            if dynamic and (literal := _literal(sql)) is not None:
                text, dynamic = literal, False
            before = self._attempts.get(id(inside))
            shape = _shape(sql) if dynamic else ""
            yield Said(text, self._names, repeats, by_rows, dynamic, shape, before is not None, before or ())

    def _depends(self, condition: str) -> bool:
        """Whether a condition asks for rows, itself or by a variable that was read from some."""
        if _reads_rows(condition):
            return True
        tree = statement(f"SELECT {condition}")
        columns = columns_in(tree) if tree else set()
        return self._reads_rows and any((one or other).lower() in self._names for one, other in columns)


_LOOPS = frozenset({f"PLpgSQL_stmt_{one}" for one in ("loop", "while", "fori", "fors", "forc", "dynfors", "foreach_a")})


_OF_DATA = frozenset(
    {"division_by_zero", "data_exception", "invalid_text_representation", "numeric_value_out_of_range", "no_data_found"}
    | {"string_data_right_truncation", "too_many_rows", "lock_not_available", "query_canceled", "deadlock_detected"}
)


def _is_of_data(condition: dict[str, Any]) -> bool:
    """An error that rows or others at work make: a handler of it does not run on an empty database."""
    name = str(condition.get("PLpgSQL_condition", {}).get("condname", ""))
    return name in _OF_DATA or name.endswith("_violation")


def _attempts(body: list[dict[str, Any]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The statements of a block with an EXCEPTION clause, each with those before it.

    What comes behind one may fail and take it back, and its work with it. One that stands alone is seen, or fails
    before it does any work.
    """
    steps = [(kind, inside) for one in body for kind, inside in one.items() if kind != "PLpgSQL_stmt_return"]
    before: tuple[str, ...] = ()
    for kind, inside in steps if len(steps) > 1 else ():
        key = {"PLpgSQL_stmt_execsql": "sqlstmt", "PLpgSQL_stmt_dynexecute": "query"}.get(kind)
        sql = inside.get(key, {}).get("PLpgSQL_expr", {}).get("query") if key else None
        text = _literal(sql) if sql and kind == "PLpgSQL_stmt_dynexecute" else sql
        if text:
            yield id(inside), before
            before = (*before, text)


def _conditions(inside: dict[str, Any]) -> Iterator[str]:
    """What decides whether the body of an IF, CASE or loop runs."""
    for key in ("cond", "query", "t_expr", "lower", "upper", "expr"):
        query = inside.get(key, {}).get("PLpgSQL_expr", {}).get("query") if isinstance(inside.get(key), dict) else None
        if query:
            yield query
    for one in (*inside.get("elsif_list", []), *inside.get("case_when_list", [])):
        for each in one.values():
            yield from _conditions(each)


def _queries(node: Any) -> Iterator[str]:
    for kind, inside in walk(node):
        if kind == "PLpgSQL_expr" and "query" in inside:
            yield inside["query"]


def _reads_rows(query: str) -> bool:
    """Whether it names a table that is not the server's own."""
    tree = statement(query) or statement(f"SELECT {query}")
    for kind, node in walk(tree or {}):
        if kind == "RangeVar":
            name, schema = node.get("relname", ""), node.get("schemaname", "")
            if schema not in _SYSTEM and not name.startswith("pg_"):
                return True
    return False


def _turns_few(kind: str, inside: dict[str, Any]) -> bool:
    if kind == "PLpgSQL_stmt_fors":
        query = inside["query"]["PLpgSQL_expr"]["query"]
        return not _reads_rows(query) or is_few(tree := statement(query) or {}, tree)
    if kind == "PLpgSQL_stmt_foreach_a":
        value = _value(inside["expr"]["PLpgSQL_expr"]["query"])
        value = value.get("TypeCast", {}).get("arg", value)
        return "A_ArrayExpr" in value or "A_Const" in value
    if kind != "PLpgSQL_stmt_fori":
        return False
    ends = []
    for key in ("lower", "upper"):
        tree = statement(f"SELECT {inside[key]['PLpgSQL_expr']['query']}") or {}
        targets = tree.get("SelectStmt", {}).get("targetList", [{}])
        ends.append(number_of(targets[0].get("ResTarget", {}).get("val", {})))
    return ends[0] is not None and ends[1] is not None and abs(ends[1] - ends[0]) <= FEW


def _long_arrays(tree: dict[str, Any]) -> Iterator[str]:
    """The variables that hold an array of any number of rows: `id = ANY(ids)` is no bound then."""
    names = [str(next(iter(one.values())).get("refname", "")).lower() for one in tree.get("datums", [])]
    for kind, node in walk(tree):
        if kind == "PLpgSQL_var" and "default_val" in node:
            query = node["default_val"]["PLpgSQL_expr"]["query"]
            yield from [str(node["refname"]).lower()] if _gathers(f"SELECT {query}") else ()
        elif kind == "PLpgSQL_stmt_assign":
            _, _, value = node["expr"]["PLpgSQL_expr"]["query"].partition("=")
            yield from [names[node["varno"]]] if _gathers(f"SELECT {value}") else ()
        elif kind == "PLpgSQL_stmt_execsql" and node.get("into"):
            fields = node.get("target", {}).get("PLpgSQL_row", {}).get("fields", [])
            if _gathers(node["sqlstmt"]["PLpgSQL_expr"]["query"]):
                yield from (str(one.get("name", "")).lower() for one in fields)


def _gathers(query: str) -> bool:
    """Whether a query puts any number of rows into one array."""
    tree = statement(query) or {}
    for kind, node in walk(tree):
        if kind == "SubLink" and node.get("subLinkType") == "ARRAY_SUBLINK" and not is_few(node["subselect"], tree):
            return True
        if kind != "SelectStmt" or "fromClause" not in node:
            continue
        calls = {function_of({k: each}) for k, each in walk(node.get("targetList", [])) if k == "FuncCall"}
        rows = {key: value for key, value in node.items() if key != "limitCount"}  # of what is gathered there is one
        if "array_agg" in calls and not is_few({"SelectStmt": rows}, tree):
            return True
    return False


def _commits(inside: Any) -> bool:
    return any(kind in ("PLpgSQL_stmt_commit", "PLpgSQL_stmt_rollback") for kind, _ in walk(inside))


def _value(expression: str) -> Tree:
    """An expression as a node, {} where it is none."""
    tree = statement(f"SELECT {expression}") or {}
    targets = tree.get("SelectStmt", {}).get("targetList", [])
    return dict(targets[0].get("ResTarget", {}).get("val", {})) if len(targets) == 1 else {}


def _literal(expression: str) -> str | None:
    """The text of an expression that is one string."""
    value = _value(expression)
    text = value.get("A_Const", {}).get("sval")
    return None if text is None else str(text.get("sval", ""))


def _shape(expression: str) -> str:
    """`'… WHERE id = ' || r.id` and `format('… WHERE id = %L', r.id)` as `… WHERE id = $1`; "" for what is neither."""
    value = _value(expression)
    call = value.get("FuncCall", {})
    if call and function_of(value) == "format":
        pattern = call.get("args", [{}])[0].get("A_Const", {}).get("sval")
        text = "" if pattern is None else str(pattern.get("sval", ""))
        # A name that is put in stays unknown.
        text = "" if re.search(r"%[\d$-]*I", text) else re.sub(r"%[\d$-]*[sL]", "$1", text).replace("%%", "%")
    else:
        parts = list(_joined(value))
        text = "".join("$1" if one is None else one for one in parts) if any(parts) else ""
    return text if text and statement(text) else ""


def _joined(node: Tree) -> Iterator[str | None]:
    """The parts of `a || b || c`: a string that stands there, None for anything else."""
    if operator_of(node) == "||":
        yield from _joined(node["A_Expr"].get("lexpr", {}))
        yield from _joined(node["A_Expr"].get("rexpr", {}))
        return
    text = node.get("A_Const", {}).get("sval")
    yield None if text is None else str(text.get("sval", ""))
