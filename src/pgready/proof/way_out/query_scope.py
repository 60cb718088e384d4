"""Whose the columns of one SELECT, UPDATE or DELETE are, as far as its text and the catalog tell. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Column, Table
from pgready.sql import tree
from pgready.sql.tree import Tree


class Scope:
    """The tables of one FROM clause by alias; None for what is no table (subqueries, functions, CTEs, views).

    `types` are the types of the parameters by number, as far as known.
    """

    def __init__(
        self,
        query: Tree,
        catalog: Catalog,
        search_path: Sequence[str] = ("public",),
        types: Mapping[int, str] | None = None,
        hidden: frozenset[str] = frozenset(),
    ) -> None:
        self.query = query
        self._whole = catalog
        self.types = dict(types or {})
        self.hidden = hidden
        self._catalog = {table.name: table for table in catalog.tables}
        self._path = search_path
        self.functions = {function.name.name for function in catalog.functions}
        self.tables: dict[str, Table | None] = {}
        self.nullable: set[str] = set()
        self.is_whole = True
        """Whether every name in FROM could be told."""
        items = [*query.get("fromClause", []), *query.get("usingClause", [])]
        if "relation" in query:
            items.insert(0, {"RangeVar": query["relation"]})
        for item in items:
            self._read(item, nullable=False)

    def _read(self, item: Tree, *, nullable: bool) -> None:
        kind, inside = next(iter(item.items()))
        if kind == "RangeVar":
            self._named(inside, nullable=nullable)
        elif kind == "JoinExpr":
            join = inside.get("jointype", "JOIN_INNER")
            self._read(inside["larg"], nullable=nullable or join in ("JOIN_RIGHT", "JOIN_FULL"))
            self._read(inside["rarg"], nullable=nullable or join in ("JOIN_LEFT", "JOIN_FULL"))
        else:
            alias = inside.get("alias", {}).get("aliasname", f"?{len(self.tables)}")
            self.tables[alias] = None
            self.is_whole = False

    def _named(self, inside: Tree, *, nullable: bool) -> None:
        alias = inside.get("alias", {}).get("aliasname", inside["relname"])
        table = None
        if inside["relname"] not in self.hidden or "schemaname" in inside:
            names = [inside["schemaname"]] if "schemaname" in inside else list(self._path)
            table = next(
                (self._catalog[n] for s in names if (n := ObjectName(s, inside["relname"])) in self._catalog), None
            )
        if "colnames" in inside.get("alias", {}):
            table = None
        self.tables[alias] = table
        self.is_whole &= table is not None
        if nullable:
            self.nullable.add(alias)

    def below(self, query: Tree) -> Scope:
        """The scope of a subquery, by itself."""
        return Scope(query, self._whole, self._path, self.types, self.hidden)

    def found(self, node: Tree) -> tuple[str, Table, Column] | None:
        """(alias, table, column) of a plain column; None where it is none, or where it could be another's."""
        named = tree.column_of(node)
        if named is None:
            return None
        alias, name = named
        if alias:
            table = self.tables.get(alias)
            column = table.column(name) if table else None
            return (alias, table, column) if table and column else None
        holders = [(a, t, c) for a, t in self.tables.items() if t and (c := t.column(name))]
        return holders[0] if len(holders) == 1 and self.is_whole else None

    def column(self, node: Tree) -> Column | None:
        """The column that a node is."""
        found = self.found(node)
        return found[2] if found else None

    def type_of(self, node: Tree) -> str:
        """The bare name of a column's type, with `[]` for an array; "" for anything else."""
        column = self.column(node)
        return column.type.name.name + "[]" * column.type.dimensions if column else ""

    def is_never_null(self, node: Tree) -> bool:
        """Whether a node is a column that holds no NULL, outer joins considered."""
        found = self.found(node)
        return bool(found) and found is not None and found[2].not_null is not None and found[0] not in self.nullable

    def is_value(self, node: Tree) -> bool:
        """Whether a node is the same for every row, and cheap and safe to write twice."""
        inside = node
        while "TypeCast" in inside:
            inside = inside["TypeCast"]["arg"]
        return bool(inside.keys() & {"ParamRef", "A_Const", "SQLValueFunction"}) or tree.function_of(inside) == "now"

    def parameter_type(self, node: Tree) -> str:
        """The bare name of a value's type as far as known, else ""."""
        if "TypeCast" in node:
            return tree.type_of(node)
        if tree.function_of(node) == "now":
            return "timestamptz"
        if "SQLValueFunction" in node:
            return "date" if node["SQLValueFunction"].get("op") == "SVFOP_CURRENT_DATE" else "other"
        number = tree.parameter_of(node)
        known = self.types.get(number, "") if number is not None else ""
        return _BARE.get(known, known)


_BARE = {
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamptz",
    "integer": "int4",
    "bigint": "int8",
    "smallint": "int2",
    "double precision": "float8",
    "real": "float4",
    "boolean": "bool",
    "character varying": "varchar",
}


def queries(node: Any, hidden: frozenset[str] = frozenset()) -> Iterator[tuple[Tree, frozenset[str]]]:
    """Every SELECT, UPDATE and DELETE in a statement, from the outside in, with the names of CTEs that hide tables."""
    if isinstance(node, dict):
        for key, value in node.items():
            inner = hidden
            if isinstance(value, dict) and "withClause" in value:
                inner |= {each["CommonTableExpr"]["ctename"] for each in value["withClause"]["ctes"]}
            # The two sides of a UNION are bare: `larg` and `rarg` are SELECTs without their kind.
            is_side = key in ("larg", "rarg") and isinstance(value, dict) and "limitOption" in value
            if key in ("SelectStmt", "UpdateStmt", "DeleteStmt") or is_side:
                yield value, inner
            yield from queries(value, inner)
    elif isinstance(node, list):
        for each in node:
            yield from queries(each, hidden)
