"""Indexes hidden from the planner and shown to it again, on a proving ground: no index is built or dropped for that.

The planner does not look at an index that is not valid, and `pg_index` says which one is. Only on a database that is
thrown away, only as superuser, and only inside of a transaction that is taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from pgready.catalog.names import ObjectName
from pgready.postgres.proving.proving_ground import Ground, PlanRefused
from pgready.proof.contract import Contract
from pgready.proof.plan_tree import PlanNode
from pgready.proof.rule.facts import Facts
from pgready.sql.names import quote_literal

_USERS = (
    "SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
)
# A partitioned table's index has one in every partition, by names that the server makes up.
_WITH_PARTS = (
    "WITH RECURSIVE listed AS (SELECT c.oid, c.oid AS part FROM pg_catalog.pg_class c"
    " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE (n.nspname, c.relname) IN ({names})"
    " UNION ALL SELECT listed.oid, i.inhrelid FROM listed JOIN pg_catalog.pg_inherits i ON i.inhparent = listed.part)"
    " SELECT n.nspname, c.relname, listed.part, p.relname FROM listed JOIN pg_catalog.pg_class c ON c.oid = listed.oid"
    " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_class p ON p.oid = listed.part"
    " ORDER BY 1, 2, 3"
)


def bare_plans(ground: Ground, contracts: Collection[Contract]) -> dict[str, PlanNode]:
    """The generic plans of contracts, by name, as if there were no index; those that the server refuses are missing."""
    found = {}
    ground.session.run("hide", f"BEGIN; UPDATE pg_catalog.pg_index SET indisvalid = false WHERE indrelid IN ({_USERS})")
    try:
        for contract in contracts:
            try:
                found[contract.name] = ground.plan(contract, "generic")
            except PlanRefused:
                continue
    finally:
        if not ground.session.closed:
            ground.session.run("show", "ROLLBACK")
    return found


class Hidden:
    """New indexes on a ground, none of which the planner sees until it is shown; `names` are those that were made."""

    def __init__(self, ground: Ground, wanted: Collection[ObjectName]) -> None:
        self._ground = ground
        self._parts: dict[ObjectName, list[str]] = {}
        self._files: dict[ObjectName, list[str]] = {}
        if wanted:
            names = ", ".join(f"({quote_literal(one.schema)}, {quote_literal(one.name)})" for one in wanted)
            for schema, name, part, file in ground.session.rows("made", _WITH_PARTS.format(names=names)):
                key = ObjectName(schema or "", name or "")
                self._parts.setdefault(key, []).append(part or "0")
                self._files.setdefault(key, []).append(file or "")
        self._shown: frozenset[ObjectName] = frozenset(self._parts)
        self.show(())

    @property
    def names(self) -> frozenset[ObjectName]:
        """The indexes that could be made."""
        return frozenset(self._parts)

    def show(self, names: Collection[ObjectName]) -> None:
        """Let the planner see these, and none of the others."""
        wanted = frozenset(names)
        for value, changed in (("true", wanted - self._shown), ("false", self._shown - wanted)):
            ids = ", ".join(part for name in sorted(changed) for part in self._parts.get(name, ()))
            if ids:
                message = f"UPDATE pg_catalog.pg_index SET indisvalid = {value} WHERE indexrelid IN ({ids})"
                self._ground.session.run("show", message)
        self._shown = wanted

    def facts(self, facts: Facts) -> Facts:
        """The facts without the indexes that are hidden now: one that nobody sees costs a writer nothing."""
        hidden = {(name.schema, file) for name in self.names - self._shown for file in self._files.get(name, ())}
        tables = {
            key: replace(
                table,
                indexes={name: index for name, index in table.indexes.items() if (key[0], name) not in hidden},
            )
            for key, table in facts.tables.items()
        }
        return replace(facts, tables=tables)

    def bytes_of(self, name: ObjectName) -> int:
        """How large it was sized to, with its parts."""
        return 8192 * sum(self._ground.pages_of((name.schema, file)) for file in self._files.get(name, ()))


@contextmanager
def hidden_indexes(ground: Ground, statements: Mapping[ObjectName, str]) -> Iterator[Hidden]:
    """Make indexes by their CREATE INDEX, and hide them; those that the server refuses are left out.

    The ground can be sized inside of the block. All is as before afterwards.
    """
    tries = "".join(
        f"BEGIN EXECUTE {quote_literal(sql)}; EXCEPTION WHEN OTHERS THEN NULL; END; " for sql in statements.values()
    )
    script = f"DO {quote_literal(f'BEGIN {tries} END')}"
    with ground.trying(script):
        yield Hidden(ground, tuple(statements))
