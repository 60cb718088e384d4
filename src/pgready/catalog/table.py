"""Tables and what belongs to them: columns, constraints, indexes, triggers, policies."""

from dataclasses import dataclass, field
from typing import Literal

from pgready.catalog.grants import Grant
from pgready.catalog.names import ObjectName
from pgready.catalog.types import DataType

Action = Literal["NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"]


@dataclass(frozen=True, slots=True)
class SequenceOptions:
    """What a sequence counts like; `cache` in values, bounds inclusive."""

    type: str
    start: int
    increment: int
    minimum: int
    maximum: int
    cache: int
    cycle: bool


@dataclass(frozen=True, slots=True)
class Identity:
    """`GENERATED … AS IDENTITY`; its sequence belongs to the column and is no object of its own."""

    always: bool
    sequence: ObjectName
    options: SequenceOptions


@dataclass(frozen=True, slots=True)
class Generated:
    """`GENERATED ALWAYS AS (expression) STORED`, or VIRTUAL (PostgreSQL 18)."""

    expression: str
    stored: bool


@dataclass(frozen=True, slots=True)
class NotNull:
    """The constraint behind NOT NULL, which PostgreSQL 18 names.

    `name` is "" where the server knows none or made it up itself: `…_not_null`, which outlives the renaming of a table
    or column.
    """

    name: str = ""
    no_inherit: bool = False
    is_valid: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    `default` is the expression as `pg_get_expr` prints it with an empty search path. `collation`, `storage` and
    `compression` are None where they are the type's own. `is_local` is False for a column that a parent alone brings.
    """

    name: str
    type: DataType
    not_null: NotNull | None = None
    default: str | None = None
    identity: Identity | None = None
    generated: Generated | None = None
    collation: ObjectName | None = None
    storage: str | None = None
    compression: str | None = None
    statistics: int | None = None
    options: tuple[str, ...] = ()
    is_local: bool = True
    comment: str | None = None
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexColumn:
    """One key of an index: a column's name, or an expression (`is_expression`).

    `operator_class` and `collation` are None where they are the default of the type; `options` are the class's.
    `default_class` names the default class where there are options, since SQL cannot say these without it, and for all
    methods but btree and hash, since Prisma names it.
    """

    text: str
    is_expression: bool = False
    operator_class: ObjectName | None = None
    options: str = ""
    collation: ObjectName | None = None
    descending: bool = False
    nulls_first: bool = False
    default_class: ObjectName | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Index:
    """An index; one that a constraint owns is inside the constraint, the others are the table's.

    `is_valid` is False for what a broken CREATE INDEX CONCURRENTLY left. `attached_to` is the parent's index for a
    partition's.
    """

    name: str
    method: str
    columns: tuple[IndexColumn, ...]
    include: tuple[str, ...] = ()
    is_unique: bool = False
    nulls_not_distinct: bool = False
    where: str | None = None
    is_valid: bool = True
    options: tuple[str, ...] = ()
    tablespace: str | None = None
    attached_to: ObjectName | None = None
    is_cluster: bool = False
    is_replica_identity: bool = False
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A primary key or a UNIQUE constraint; `without_overlaps` is PostgreSQL 18's temporal form."""

    name: str
    columns: tuple[str, ...]
    is_primary: bool
    index: Index
    deferrable: bool = False
    initially_deferred: bool = False
    without_overlaps: bool = False
    is_local: bool = True
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key; `set_columns` are those that ON DELETE SET … names (15+). `match_full`: MATCH FULL."""

    name: str
    columns: tuple[str, ...]
    target: ObjectName
    target_columns: tuple[str, ...]
    on_delete: Action = "NO ACTION"
    on_update: Action = "NO ACTION"
    set_columns: tuple[str, ...] = ()
    match_full: bool = False
    deferrable: bool = False
    initially_deferred: bool = False
    is_valid: bool = True
    is_enforced: bool = True
    period: bool = False
    is_local: bool = True
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A CHECK constraint of a table or domain; `expression` without the outer parentheses of CHECK (…)."""

    name: str
    expression: str
    no_inherit: bool = False
    is_valid: bool = True
    is_enforced: bool = True
    is_local: bool = True
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An EXCLUDE constraint: its index, and an operator for each key."""

    name: str
    index: Index
    operators: tuple[ObjectName, ...]
    deferrable: bool = False
    initially_deferred: bool = False
    is_local: bool = True
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger that somebody made (not those of foreign keys); `definition` as `pg_get_triggerdef` prints it."""

    name: str
    definition: str
    enabled: Literal["origin", "replica", "always", "disabled"] = "origin"
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """A row security policy; `roles` is empty for PUBLIC."""

    name: str
    command: Literal["ALL", "SELECT", "INSERT", "UPDATE", "DELETE"]
    permissive: bool
    roles: tuple[str, ...]
    using: str | None
    check: str | None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Partition:
    """What makes a table a partition: its parent and the bound (`FOR VALUES …` or DEFAULT)."""

    parent: ObjectName
    bound: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table, partitioned (`partition_key`, as `RANGE (created_at)`) or not.

    Columns stand in their order; everything else is sorted by name.
    """

    name: ObjectName
    columns: tuple[Column, ...]
    primary_key: Key | None = None
    uniques: tuple[Key, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[Check, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    indexes: tuple[Index, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    policies: tuple[Policy, ...] = ()
    partition_key: str | None = None
    partition: Partition | None = None
    inherits: tuple[ObjectName, ...] = ()
    unlogged: bool = False
    row_security: bool = False
    force_row_security: bool = False
    replica_identity: Literal["default", "nothing", "full", "index"] = "default"
    options: tuple[str, ...] = ()
    access_method: str = "heap"
    tablespace: str | None = None
    comment: str | None = None
    owner: str = ""
    grants: tuple[Grant, ...] = ()

    def column(self, name: str) -> Column | None:
        """The column of this name."""
        return next((column for column in self.columns if column.name == name), None)
