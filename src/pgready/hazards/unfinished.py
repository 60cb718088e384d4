"""What comes behind a background backfill and counts on it, without a word that it has to be done. Pure.

A deploy only registers such a backfill. A later migration of the same deploy, and of every one until a Job has gone
through the rows, meets rows that it has not changed yet: constraints on them fail, and a column that it copies from is
gone. `-- pgready: requires backfill NAME` stops the deploy before that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pgready.catalog.names import ObjectName
from pgready.hazards.hazard import Hazard
from pgready.history.prepare import Prepared
from pgready.sql.backfill import Backfill
from pgready.sql.tree import Tree, statement, walk

_Name = tuple[str, str]
"""Schema ("" where none is written) and name."""
_ANY = "*"


@dataclass(frozen=True, slots=True)
class _Open:
    """A backfill that may not be done: what it changes (`*`: whole rows), and all that its text names."""

    name: str
    changed: _Name
    columns: frozenset[str]
    tables: frozenset[_Name]
    named: frozenset[str]


class Unfinished:
    """The migrations in their order: which backfills may still be open, and which statements count on them."""

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}
        # The columns of constraints that were added NOT VALID, by table and name.
        self._unchecked: dict[tuple[str, str], frozenset[str]] = {}

    def after(self, prepared: Prepared) -> list[Hazard]:
        """The hazards of the next migration."""
        for wanted in prepared.requires:
            self._open.pop(wanted.name, None)
        found: list[Hazard] = []
        if self._open:
            for number, one in enumerate(prepared.statements):
                if one.words[:1] in (("ALTER",), ("DROP",)):
                    found += self._of_statement(prepared.migration.name, number, statement(one.text) or {})
        for backfill in prepared.backfills:
            if backfill.background:
                self._open[backfill.name] = _open(backfill)
        return found

    def _of_statement(self, migration: str, number: int, tree: Tree) -> Iterator[Hazard]:
        said: dict[str, tuple[_Open, _Name, str]] = {}
        for table, what, one in self._meets(tree):
            said.setdefault(one.name, (one, table, what))
        for one, (schema, name), what in said.values():
            shown = ObjectName(schema or "public", name)
            text = f"{what} while the background backfill {one.name} may have rows left: nothing here waits for it"
            mark = f"-- pgready: requires backfill {one.name}"
            advice = f"put {mark} in front of it: the deploy then stops before this migration until it is done"
            yield Hazard("H019", migration, number, (shown,), "nobody", None, text, advice=advice)

    def _meets(self, tree: Tree) -> Iterator[tuple[_Name, str, _Open]]:
        """The backfills that a statement counts on, with the table and what it does."""
        if "AlterTableStmt" in tree:
            table = _name(tree["AlterTableStmt"]["relation"])
            for each in tree["AlterTableStmt"].get("cmds", []):
                yield from self._of_command(table, each["AlterTableCmd"])
        elif "DropStmt" in tree and tree["DropStmt"].get("removeType") == "OBJECT_TABLE":
            for each in tree["DropStmt"].get("objects", []):
                parts = [one["String"].get("sval", "") for one in each["List"]["items"]]
                table = (parts[-2] if len(parts) > 1 else "", parts[-1])
                yield from ((table, f"table {table[1]} is dropped", one) for one in self._naming(table))
        elif "RenameStmt" in tree and "relation" in tree["RenameStmt"]:
            node = tree["RenameStmt"]
            table, kind = _name(node["relation"]), node.get("renameType")
            if kind == "OBJECT_COLUMN":
                column = node.get("subname", "")
                what = f"column {column} is renamed"
                yield from ((table, what, one) for one in self._naming(table) if column in one.named)
            elif kind == "OBJECT_TABLE":
                yield from ((table, f"table {table[1]} is renamed", one) for one in self._naming(table))

    def _of_command(self, table: _Name, command: Tree) -> Iterator[tuple[_Name, str, _Open]]:
        kind, name = command.get("subtype"), command.get("name", "")
        if kind == "AT_DropColumn":
            yield from ((table, f"column {name} is dropped", one) for one in self._naming(table) if name in one.named)
            return
        if kind == "AT_SetNotNull":
            columns, what = frozenset({name}), f"column {name} is required"
        elif kind == "AT_ValidateConstraint":
            columns, what = self._unchecked.get((table[1], name), frozenset()), f"constraint {name} is checked"
        elif kind == "AT_AddConstraint":
            constraint = command["def"]["Constraint"]
            named = constraint.get("conname", "")
            columns, what = (
                _columns(constraint),
                f"constraint {named} is checked" if named else "a constraint is checked",
            )
            if constraint.get("skip_validation"):
                self._unchecked[table[1], named] = columns
                return
            if "pktable" in constraint:
                target = _name(constraint["pktable"])
                yield from ((table, what, one) for one in self._open.values() if _same(one.changed, target))
        else:
            return
        for one in self._open.values():
            if _same(one.changed, table) and columns and (_ANY in one.columns or columns & one.columns):
                yield table, what, one

    def _naming(self, table: _Name) -> list[_Open]:
        return [one for one in self._open.values() if any(_same(each, table) for each in one.tables)]


def _open(backfill: Backfill) -> _Open:
    tree = statement(backfill.text) or {}
    node: Tree = next(iter(tree.values()), {})
    targets = node.get("targetList", []) if "UpdateStmt" in tree else []
    columns = frozenset(one["ResTarget"].get("name", "") for one in targets) or frozenset({_ANY})
    nodes = list(walk(tree))
    # The target of INSERT, UPDATE and DELETE stands in its statement without a kind.
    tables = {_name(each) for kind, each in nodes if kind == "RangeVar"} | {_name(node.get("relation", {}))}
    references = (each for kind, each in nodes if kind == "ColumnRef")
    named = {
        str(field["String"].get("sval", "")) for each in references for field in each["fields"] if "String" in field
    }
    return _Open(backfill.name, _name(node.get("relation", {})), columns, frozenset(tables), columns | named)


def _columns(constraint: Tree) -> frozenset[str]:
    """The columns whose rows a new constraint looks at."""
    if constraint.get("contype") not in ("CONSTR_CHECK", "CONSTR_FOREIGN", "CONSTR_PRIMARY", "CONSTR_NOTNULL"):
        return frozenset()
    found: set[str] = set()
    for kind, node in walk(constraint.get("raw_expr", {})):
        if kind == "ColumnRef":
            found |= {str(each["String"].get("sval", "")) for each in node["fields"] if "String" in each}
    for key in ("keys", "fk_attrs"):
        found |= {str(each["String"].get("sval", "")) for each in constraint.get(key, [])}
    return frozenset(found)


def _name(node: dict[str, Any]) -> _Name:
    return node.get("schemaname", ""), node.get("relname", "")


def _same(one: _Name, other: _Name) -> bool:
    return one[1] == other[1] and (one[0] == other[0] or not (one[0] and other[0]))
