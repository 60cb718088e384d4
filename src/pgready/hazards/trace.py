"""Traces: what each statement of a migration was seen to lock, rewrite and scan while it ran on a shadow database.

Empty tables suffice: locks, rewrites and scans do not depend on how many rows there are. The source of the lock modes'
conflicts is PostgreSQL's documentation, "Explicit Locking".
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pgready.catalog.names import ObjectName
from pgready.sql.statements import Statement

RelationKind = Literal["table", "partitioned table", "index", "partitioned index", "sequence", "materialized view",
                       "view", "toast table", "foreign table", "composite type"]  # fmt: skip


class LockMode(enum.IntEnum):
    """Table lock modes from weak to strong."""

    ACCESS_SHARE = 1
    ROW_SHARE = 2
    ROW_EXCLUSIVE = 3
    SHARE_UPDATE_EXCLUSIVE = 4
    SHARE = 5
    SHARE_ROW_EXCLUSIVE = 6
    EXCLUSIVE = 7
    ACCESS_EXCLUSIVE = 8

    @property
    def words(self) -> str:
        """As PostgreSQL's documentation writes it: `ACCESS EXCLUSIVE`."""
        return self.name.replace("_", " ")

    @property
    def blocks_writers(self) -> bool:
        """INSERT, UPDATE and DELETE wait for its end."""
        return self >= LockMode.SHARE

    @property
    def blocks_readers(self) -> bool:
        """SELECT waits for its end."""
        return self is LockMode.ACCESS_EXCLUSIVE


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation under the name that it had when the migration began (or first had, if the migration made it).

    `table` is the table whose rows it holds: itself, or the owner of an index or toast table. `is_new`: the migration
    made it, so nobody else can wait for it.
    """

    name: ObjectName
    kind: RelationKind
    table: ObjectName
    is_new: bool


@dataclass(frozen=True, slots=True)
class Touch:
    """What one statement did to one relation.

    `locked` is the strongest mode that the statement took and the transaction did not hold before, None if none. `held`
    is the strongest that the transaction holds after it. `scans` counts scans of the whole of it, `rewritten` says that
    it got new storage. `written` is how many rows were inserted, updated or deleted, which on an empty table says
    little. `released`: a lock was given back, as ROLLBACK TO does; `held` is what is left.
    """

    relation: Relation
    locked: LockMode | None
    held: LockMode | None
    rewritten: bool = False
    scans: int = 0
    written: int = 0
    dropped: bool = False
    released: bool = False


@dataclass(frozen=True, slots=True)
class TracedStatement:
    """One statement of a migration: `index` is its place in the script, `transaction` numbers the script's own ones.

    `alone` says that it cannot run in a transaction block.
    """

    index: int
    statement: Statement
    transaction: int
    alone: bool
    touches: tuple[Touch, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What stood before a migration: tables, the columns of their unique indexes, and code that statements may run.

    `functions` are definitions by name, those of the migration itself included; `triggers` the functions of a table's.
    `parents` are the tables that a partition's or child's rows are rows of, too.
    """

    tables: frozenset[ObjectName] = frozenset()
    keys: Mapping[ObjectName, tuple[frozenset[str], ...]] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)
    triggers: Mapping[ObjectName, tuple[str, ...]] = field(default_factory=dict)
    parents: Mapping[ObjectName, frozenset[ObjectName]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TracedMigration:
    """A migration's statements as they ran, one after the other; `skipped` are those that a shadow cannot run."""

    name: str
    statements: tuple[TracedStatement, ...]
    skipped: tuple[int, ...] = ()
    facts: Facts = field(default_factory=Facts)

    @property
    def made(self) -> frozenset[ObjectName]:
        """The tables that it made; a new index or sequence does not make its table a new one."""
        relations = (touch.relation for one in self.statements for touch in one.touches)
        return frozenset(one.name for one in relations if one.is_new and one.name == one.table)
