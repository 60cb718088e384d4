"""What a query asks of its tables, as far as an index could serve it: equalities, orders, ranges, joins.

It is read from a *bare* plan: the plan of the query while every index is hidden. There the server has done the work
that text hides: views are opened, subqueries flattened, names resolved, types settled, and every condition and order
stands at a scan or above it. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Table
from pgready.proof.plan_tree import PlanNode
from pgready.sql import tree
from pgready.sql.tree import Tree


@dataclass(frozen=True, slots=True)
class Key:
    """What can be a key of an index: a column by its name, or an expression as SQL without the table's alias."""

    text: str
    is_expression: bool = False
    columns: tuple[str, ...] = ()
    type: str = ""


@dataclass(frozen=True, slots=True)
class OrderKey:
    """A key of an order as it was asked for."""

    key: Key
    descending: bool = False
    nulls_first: bool = False


@dataclass(frozen=True, slots=True)
class Fixed:
    """A condition that holds no parameter, as SQL without the alias; `key` is what it compares, if it is one thing."""

    sql: str
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Special:
    """A condition for indexes that are no btree: the operator (as `@>`), and what stands on its left."""

    operator: str
    key: Key
    pattern: str = ""
    """A constant pattern of LIKE, "" where it is a parameter."""


@dataclass(frozen=True, slots=True)
class TableUse:
    """How a query uses one table at one place; keys in the order in which the query names them.

    `equal` are compared with one value each, `among` with several (IN, ANY), `joined` with columns of other tables.
    `rows` are row comparisons. `order` is the order that is asked for here, `limited` whether a LIMIT stands above it.
    `arms` are the alternatives of an OR, each with its own conditions. `read` are all columns that are looked at.
    """

    table: Table
    equal: tuple[Key, ...] = ()
    among: tuple[Key, ...] = ()
    joined: tuple[Key, ...] = ()
    ranges: tuple[Key, ...] = ()
    rows: tuple[tuple[Key, ...], ...] = ()
    order: tuple[OrderKey, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    special: tuple[Special, ...] = ()
    arms: tuple[TableUse, ...] = ()
    limited: bool = False
    distance: OrderKey | None = None
    """ORDER BY column <-> value."""


_SPECIAL = frozenset(("@>", "<@", "&&", "?", "?|", "?&", "@@", "@?", "-|-", "<<", ">>", "&<", "&>", "%", "<%")) | {
    *("~~", "~~*", "~", "~*", ">>=", "<<=", "~=", "|>>", "<<|"),
}
_MIRROR = {"@>": "<@", "<@": "@>", "&&": "&&", "@@": "@@", "<<": ">>", ">>": "<<", "-|-": "-|-", "%": "%", "<%": "%>"}
_RANGES = frozenset(("<", ">", "<=", ">=", "~>=~", "~<~"))
_PARTITION = re.compile(r"_\d+\Z")
_BINARY_SAME = frozenset(("text", "varchar"))


def uses(bare: PlanNode, catalog: Catalog) -> tuple[TableUse, ...]:
    """Every use of a table in a bare plan, in the plan's order; equal ones (of partitions) once."""
    return _Reader(catalog, _aliases(bare)).read(bare)


def _aliases(plan: PlanNode) -> frozenset[str]:
    return frozenset(node.alias for _, node in plan.walk() if node.relation)


@dataclass(frozen=True, slots=True)
class _Above:
    """What stands above a node: the order asked for, whether it is limited, and the conditions of joins."""

    order: tuple[Tree, ...] = ()
    limited: bool = False
    joins: tuple[Tree, ...] = ()


class _Reader:
    def __init__(self, catalog: Catalog, aliases: frozenset[str]) -> None:
        self.tables = {table.name: table for table in catalog.tables}
        self.materialized = {
            view.name: Table(view.name, columns=_view_columns(view)) for view in catalog.views if view.is_materialized
        }
        self.aliases = aliases
        schemas: dict[str, set[str]] = {}
        for function in catalog.functions:
            schemas.setdefault(function.name.name, set()).add(function.name.schema)
        self.functions = {name: next(iter(found)) for name, found in schemas.items() if len(found) == 1}
        self.found: list[TableUse] = []

    def read(self, plan: PlanNode) -> tuple[TableUse, ...]:
        self._visit(plan, _Above())
        return tuple(dict.fromkeys(self.found))

    def _visit(self, node: PlanNode, above: _Above) -> None:
        if node.relation is not None and not node.children and "Scan" in node.kind:
            self._scan(node, above)
        below = self._below(node, above)
        for child in node.children:
            # Subplans are queries of their own.
            self._visit(child, _Above() if child.relationship in ("InitPlan", "SubPlan") else below)
        if node.relation is not None and node.children and "Scan" in node.kind:
            self._scan(node, above)

    @staticmethod
    def _below(node: PlanNode, above: _Above) -> _Above:
        if node.kind == "Limit":
            return replace(above, limited=True, order=())
        if node.kind in ("Sort", "Incremental Sort"):
            items = tuple(item for item in map(tree.sort_item, node.sort_key) if item is not None)
            complete = len(items) == len(node.sort_key)
            return replace(above, order=items if complete else ())
        if node.kind == "Aggregate":
            extreme = _extreme(node)
            return _Above(order=extreme, limited=bool(extreme))
        if node.kind in ("WindowAgg", "Group", "Hash", "SetOp", "Recursive Union"):
            return replace(above, order=(), limited=False) if node.kind != "Hash" else replace(above, limited=False)
        conditions = [str(node.raw[key]) for key in ("Hash Cond", "Merge Cond", "Join Filter") if key in node.raw]
        if conditions:
            joins = tuple(one for text in conditions for one in tree.conditions(text))
            return replace(above, joins=(*above.joins, *joins))
        return above

    def _scan(self, node: PlanNode, above: _Above) -> None:
        if node.relation is None:
            return
        table = self.tables.get(ObjectName(*node.relation)) or self.materialized.get(ObjectName(*node.relation))
        if table is None:
            return
        aliases = {node.alias, ""}
        while table.partition is not None and table.partition.parent in self.tables:
            table = self.tables[table.partition.parent]
            aliases.add(_PARTITION.sub("", node.alias))
        texts = (node.index_condition, node.filter, node.recheck)
        parts = [one for text in texts if text for one in tree.conditions(text)]
        own = _Table(table, frozenset(aliases), self.aliases, self.functions)
        found = own.use([*parts, *above.joins])
        order, distance = own.order(above.order)
        self.found.append(replace(found, order=order, distance=distance, limited=above.limited))


def _view_columns(view: Any) -> Any:
    from pgready.catalog.table import Column

    return tuple(Column(column.name, column.type) for column in view.columns)


def _extreme(node: PlanNode) -> tuple[Tree, ...]:
    """The order that would answer a lone min() or max()."""
    outputs = [str(each).removeprefix("PARTIAL ") for each in node.raw.get("Output", [])]
    call = tree.expression(outputs[0]) if len(outputs) == 1 and "Group Key" not in node.raw else None
    if call is None or tree.function_of(call) not in ("min", "max"):
        return ()
    arguments = call["FuncCall"].get("args", [])
    if len(arguments) != 1:
        return ()
    descending = tree.function_of(call) == "max"
    return ({"node": arguments[0], "sortby_dir": "SORTBY_DESC" if descending else "SORTBY_ASC"},)


def _is_simple(part: Tree) -> bool:
    """Whether a condition is one that rows are told apart by for good: NULL or not, a flag, this value or another."""
    inside = part
    if part.get("BoolExpr", {}).get("boolop") == "NOT_EXPR":
        inside = part["BoolExpr"]["args"][0]
    if inside.keys() & {"NullTest", "ColumnRef", "BooleanTest"}:
        return True
    if tree.operator_of(inside) not in ("=", "<>"):
        return False
    sides = (inside["A_Expr"].get("lexpr", {}), inside["A_Expr"].get("rexpr", {}))
    return any(tree.is_constant(side) for side in sides)


class _Table:
    """A table under its aliases, which says what of a condition is its own."""

    def __init__(
        self, table: Table, aliases: frozenset[str], others: frozenset[str], functions: Mapping[str, str]
    ) -> None:
        self.table = table
        self.functions = functions
        self.aliases = aliases
        self.others = others - aliases
        self.types = {column.name: column.type.name.name + "[]" * column.type.dimensions for column in table.columns}

    def use(self, parts: Iterable[Tree]) -> TableUse:
        found: dict[str, list[Any]] = {}
        for part in parts:
            self._read(part, found)
        whole: dict[str, Any] = {kind: tuple(dict.fromkeys(each)) for kind, each in found.items()}
        return TableUse(self.table, **whole)

    def order(self, items: tuple[Tree, ...]) -> tuple[tuple[OrderKey, ...], OrderKey | None]:
        """The keys of an order as far as they are this table's from the first on; or an order by distance."""
        keys: list[OrderKey] = []
        for item in items:
            node = item["node"]
            if not keys and tree.operator_of(node) == "<->":
                key = self.key(node["A_Expr"]["lexpr"])
                return (), OrderKey(key) if key else None
            key = self.key(node)
            if key is None:
                break
            descending = item.get("sortby_dir") == "SORTBY_DESC"
            nulls = item.get("sortby_nulls", "SORTBY_NULLS_DEFAULT")
            first = descending if nulls == "SORTBY_NULLS_DEFAULT" else nulls == "SORTBY_NULLS_FIRST"
            keys.append(OrderKey(key, descending, first))
        return tuple(keys), None

    # ── one condition ──

    def _read(self, part: Tree, found: dict[str, list[Any]]) -> None:
        if not self._mentions(part):
            return
        kind = next(iter(part))
        if self._is_own(part) and _is_simple(part):
            found.setdefault("fixed", []).append(Fixed(self.text(part), self._subject(part)))
        if kind == "NullTest":
            key = self.key(part["NullTest"]["arg"])
            if key and part["NullTest"].get("nulltesttype") == "IS_NULL":
                found.setdefault("equal", []).append(key)
        elif kind == "ColumnRef":
            self._add(found, "equal", self.key(part))
        elif kind == "BoolExpr":
            self._boolean(part["BoolExpr"], found)
        elif kind == "A_Expr":
            self._comparison(part, found)

    def _boolean(self, inside: Tree, found: dict[str, list[Any]]) -> None:
        if inside["boolop"] == "NOT_EXPR" and "ColumnRef" in inside["args"][0]:
            self._add(found, "equal", self.key(inside["args"][0]))
        if inside["boolop"] == "OR_EXPR":
            found.setdefault("arms", []).extend(self.use(tree.conjuncts(arm)) for arm in inside["args"])

    def _comparison(self, part: Tree, found: dict[str, list[Any]]) -> None:
        inside, operator = part["A_Expr"], tree.operator_of(part)
        left, right = inside.get("lexpr", {}), inside.get("rexpr", {})
        if not left:
            return
        if inside["kind"] == "AEXPR_OP_ANY":
            if operator == "=" and not self._mentions(right):
                self._add(found, "among", self.key(left))
            elif operator in _SPECIAL and not self._mentions(right):
                self._special(found, operator, left, {})
            return
        if "RowExpr" in left and operator in _RANGES:
            keys = [self.key(each) for each in left["RowExpr"]["args"]]
            if all(keys) and not self._mentions(right):
                found.setdefault("rows", []).append(tuple(keys))
            return
        if self._mentions(left) and self._mentions(right):
            return
        if self._mentions(right):
            left, right, operator = right, left, _MIRROR.get(operator, operator)
        if operator == "=":
            kind = "joined" if any(alias in self.others for alias, _ in tree.columns_in(right)) else "equal"
            self._add(found, kind, self.key(left))
        elif operator in _RANGES:
            self._add(found, "ranges", self.key(left))
        elif operator in _SPECIAL:
            self._special(found, operator, left, right)

    def _special(self, found: dict[str, list[Any]], operator: str, left: Tree, right: Tree) -> None:
        key = self.key(left)
        if key is not None:
            constant = right
            while "TypeCast" in constant:
                constant = constant["TypeCast"]["arg"]
            pattern = constant.get("A_Const", {}).get("sval", {}).get("sval", "")
            found.setdefault("special", []).append(Special(operator, key, pattern))

    def _add(self, found: dict[str, list[Any]], kind: str, key: Key | None) -> None:
        if key is not None:
            found.setdefault(kind, []).append(key)

    def _subject(self, part: Tree) -> Key | None:
        """The one key that a condition without parameters is about."""
        names = {name for _, name in tree.columns_in(part)}
        if len(names) != 1:
            return None
        name = next(iter(names))
        return Key(name, columns=(name,), type=self.types.get(name, ""))

    # ── whose a thing is, and its text ──

    def _is_ours(self, alias: str, name: str) -> bool:
        # An alias that no scan has is that of a subquery or of a partitioned parent: its columns keep their names.
        return name in self.types and (alias in self.aliases or (alias not in self.others))

    def _mentions(self, node: Tree) -> bool:
        return any(self._is_ours(alias, name) for alias, name in tree.columns_in(node))

    def _is_own(self, node: Tree) -> bool:
        found = tree.columns_in(node)
        return bool(found) and all(self._is_ours(alias, name) for alias, name in found)

    def key(self, node: Tree) -> Key | None:
        """What a side of a comparison is to an index of this table; None where it is no key of its own."""
        plain = self._uncast(node)
        column = tree.column_of(plain)
        if column is not None:
            name = column[1]
            return Key(name, columns=(name,), type=self.types[name]) if self._is_ours(*column) else None
        if not self._is_own(node) or any(kind in ("ParamRef", "SubLink") for kind, _ in tree.walk(node)):
            return None
        names = dict.fromkeys(name for _, name in sorted(tree.columns_in(node)))
        return Key(self.text(node), is_expression=True, columns=tuple(names))

    def text(self, node: Tree) -> str:
        """An expression or condition as SQL without aliases, and without the casts that the server adds by itself."""

        def change(kind: str, inside: Tree) -> Tree | None:
            if kind == "ColumnRef":
                column = tree.column_of({kind: inside})
                return {kind: {"fields": [{"String": {"sval": column[1]}}]}} if column else None
            schema = self.functions.get(tree.function_of({kind: inside})) if kind == "FuncCall" else None
            if schema is not None and len(inside["funcname"]) == 1:
                # The plan leaves out a schema that the search path has; an index is made without that path.
                name = [{"String": {"sval": schema}}, *inside["funcname"]]
                return {kind: {**inside, "funcname": name, "args": tree.replaced(inside.get("args", []), change)}}
            if kind == "TypeCast":
                plain = self._uncast({kind: inside})
                if "TypeCast" not in plain or plain["TypeCast"] is not inside:
                    return dict(tree.replaced(plain, change))
            return None

        return tree.text_of(tree.replaced(node, change))

    def _uncast(self, node: Tree) -> Tree:
        """Without casts that change nothing: text of a varchar column, and the type of a quoted constant."""
        cast = node.get("TypeCast")
        if cast is None:
            return node
        inside, to = cast["arg"], tree.type_of(node)
        column = tree.column_of(inside)
        if column and to in _BINARY_SAME and self.types.get(column[1]) in _BINARY_SAME:
            return dict(inside)
        constant = inside.get("A_Const", {})
        is_simple = "sval" in constant and not to.endswith("[]") and to not in _KEPT
        return dict(inside) if is_simple else node


# Without their type, constants of these are something else where a function takes them.
_KEPT = frozenset(("regconfig", "interval", "regclass", "bpchar"))
