"""Lock order: two transactions that take the same two tables in opposite order wait for each other.

A migration's order is read off its trace, a query's off its text: PostgreSQL locks the tables of a query as it reads
it, common table expressions first, then the target, FROM, the select list and WHERE.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pgready.catalog.names import ObjectName
from pgready.hazards.hazard import Hazard
from pgready.hazards.trace import LockMode, TracedMigration
from pgready.sql.tree import Tree, statement


@dataclass(frozen=True, slots=True)
class Taken:
    """A table in the order of a transaction's locks; `statement` is the place of the one that takes it."""

    table: ObjectName
    mode: LockMode
    statement: int = 0


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who takes tables in an order: a query contract, or another migration."""

    name: str
    order: tuple[Taken, ...]


# Which modes wait for each other, from PostgreSQL's documentation, "Explicit Locking".
_M = LockMode
_CONFLICTS: Mapping[LockMode, frozenset[LockMode]] = {
    _M.ACCESS_SHARE: frozenset({_M.ACCESS_EXCLUSIVE}),
    _M.ROW_SHARE: frozenset({_M.EXCLUSIVE, _M.ACCESS_EXCLUSIVE}),
    _M.ROW_EXCLUSIVE: frozenset({_M.SHARE, _M.SHARE_ROW_EXCLUSIVE, _M.EXCLUSIVE, _M.ACCESS_EXCLUSIVE}),
    _M.SHARE_UPDATE_EXCLUSIVE: frozenset(set(_M) - {_M.ACCESS_SHARE, _M.ROW_SHARE, _M.ROW_EXCLUSIVE}),
    _M.SHARE: frozenset(set(_M) - {_M.ACCESS_SHARE, _M.ROW_SHARE, _M.SHARE}),
    _M.SHARE_ROW_EXCLUSIVE: frozenset(set(_M) - {_M.ACCESS_SHARE, _M.ROW_SHARE}),
    _M.EXCLUSIVE: frozenset(set(_M) - {_M.ACCESS_SHARE}),
    _M.ACCESS_EXCLUSIVE: frozenset(_M),
}


def transactions_of(traced: TracedMigration) -> tuple[tuple[Taken, ...], ...]:
    """The tables that were there before, in the order in which each transaction of the migration blocks them."""
    found: dict[int, dict[ObjectName, Taken]] = {}
    for one in traced.statements:
        if one.alone:
            continue
        held = found.setdefault(one.transaction, {})
        for touch in one.touches:
            relation = touch.relation
            is_table = relation.kind in ("table", "partitioned table", "index", "partitioned index")
            if touch.locked is None or relation.is_new or not is_table or not touch.locked.blocks_writers:
                continue
            there = held.get(relation.table)
            if there is None or (touch.locked > there.mode and there.statement == one.index):
                held[relation.table] = Taken(relation.table, touch.locked, one.index)
    return tuple(tuple(held.values()) for held in found.values() if len(held) > 1)


def order_hazards(traced: TracedMigration, others: Sequence[Taker]) -> tuple[Hazard, ...]:
    """A hazard for each pair of tables that a transaction takes the other way round than somebody else."""
    found = []
    told: set[frozenset[ObjectName]] = set()
    for mine in transactions_of(traced):
        for first, second in _pairs(mine):
            pair = frozenset((first.table, second.table))
            names = [other.name for other in others if _opposes(other.order, first, second)]
            if not names or pair in told:
                continue
            told.add(pair)
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            text = (
                f"{second.table} is locked while {first.table} is held (statement {first.statement + 1});"
                f" {names[0]}{more} take{'s' * (not more)} {second.table} first: each may wait for the other"
            )
            tables = (first.table, second.table)
            found.append(Hazard("H016", traced.name, second.statement, tables, "nobody", second.mode, text))
    return tuple(found)


def _pairs(order: Sequence[Taken]) -> Iterator[tuple[Taken, Taken]]:
    for number, first in enumerate(order):
        yield from ((first, second) for second in order[number + 1 :] if second.statement != first.statement)


def _opposes(order: Sequence[Taken], first: Taken, second: Taken) -> bool:
    """Whether somebody holds `second`'s table and then wants `first`'s, in modes that wait for each other."""
    for number, one in enumerate(order):
        if one.table == second.table and second.mode in _CONFLICTS[one.mode]:
            return any(
                other.table == first.table and first.mode in _CONFLICTS[other.mode] for other in order[number + 1 :]
            )
    return False


# ── queries ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_FROM = {"SelectStmt": ("withClause", "fromClause", "targetList", "whereClause", "havingClause", "larg", "rarg"),
         "InsertStmt": ("withClause", "relation", "selectStmt"),
         "UpdateStmt": ("withClause", "relation", "fromClause", "targetList", "whereClause"),
         "DeleteStmt": ("withClause", "relation", "usingClause", "whereClause"),
         "MergeStmt": ("withClause", "relation", "sourceRelation", "joinCondition")}  # fmt: skip


def order_of(sql: str, name: str, tables: Mapping[str, Sequence[ObjectName]]) -> Taker | None:
    """The tables of a query in the order of its locks; `tables` has those that there are by their bare names.

    None for a query of one table, and for what does not parse. Raises UsageInvalid without the parser.
    """
    tree = statement(sql)
    if tree is None:
        return None
    order: dict[ObjectName, Taken] = {}
    for schema, bare, mode in _tables(tree, LockMode.ACCESS_SHARE, frozenset()):
        for table in tables.get(bare, ()):
            if schema in ("", table.schema):
                order.setdefault(table, Taken(table, mode))
                break
    return Taker(name, tuple(order.values())) if len(order) > 1 else None


def _tables(node: Any, mode: LockMode, hidden: frozenset[str]) -> Iterator[tuple[str, str, LockMode]]:
    if isinstance(node, list):
        for one in node:
            yield from _tables(one, mode, hidden)
        return
    if not isinstance(node, dict):
        return
    for kind, inside in node.items():
        if kind == "RangeVar":
            yield from _table(inside, mode, hidden)
        elif kind in _FROM and isinstance(inside, dict):
            yield from _query(kind, inside, hidden)
        elif kind in ("larg", "rarg") and isinstance(inside, dict) and "op" in inside:
            yield from _query("SelectStmt", inside, hidden)
        else:
            yield from _tables(inside, mode, hidden)


def _table(inside: Tree, mode: LockMode, hidden: frozenset[str]) -> Iterator[tuple[str, str, LockMode]]:
    schema, name = inside.get("schemaname", ""), inside.get("relname", "")
    if schema or name not in hidden:
        yield schema, name, mode


def _query(kind: str, inside: Tree, hidden: frozenset[str]) -> Iterator[tuple[str, str, LockMode]]:
    expressions = inside.get("withClause", {}).get("ctes", [])
    hidden = hidden | {one.get("CommonTableExpr", {}).get("ctename", "") for one in expressions}
    mode = LockMode.ROW_SHARE if inside.get("lockingClause") else LockMode.ACCESS_SHARE
    for part in _FROM[kind]:
        found = inside.get(part)
        if found is None:
            continue
        if part == "relation":
            yield from _table(found, LockMode.ROW_EXCLUSIVE, frozenset())
        elif part in ("larg", "rarg"):
            yield from _query("SelectStmt", found, hidden)
        else:
            yield from _tables(found, mode, hidden)
