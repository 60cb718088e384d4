"""What the introspection's queries return, one class a query: field by field as the .sql file of that name selects it.

Ids are text and mean nothing but equality; "" or "0" is PostgreSQL's "none". Pairs are (schema, name).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

Pair = Sequence[str]


class SchemaRow(NamedTuple):
    """A schema; `owner` is None where it is initdb's. `of_extension`: objects in it count, itself does not."""

    id: str
    name: str
    owner: str | None
    of_extension: bool


class NameRow(NamedTuple):
    """A role or an access method."""

    id: str
    name: str


class QualifiedRow(NamedTuple):
    """A collation."""

    id: str
    schema: str
    name: str


class OperatorClassRow(NamedTuple):
    """An operator class."""

    id: str
    schema: str
    name: str
    is_default: bool


class TypeRow(NamedTuple):
    """A type with a modifier; `schema`, `name` and the two formatted texts are the element's for an array."""

    id: str
    modifier: int
    schema: str
    name: str
    bare: str
    formatted: str
    is_array: bool
    collation: str


class RelationRow(NamedTuple):
    """A table, view, sequence or composite type's relation; `kind` as in pg_class."""

    id: str
    type: str
    schema: str
    name: str
    kind: str
    persistence: str
    owner: str
    options: Sequence[str] | None
    toast_options: Sequence[str] | None
    access_method: str | None
    tablespace: str | None
    row_security: bool
    force_row_security: bool
    replica_identity: str
    is_populated: bool
    partition_key: str | None
    bound: str | None
    definition: str | None


class ColumnRow(NamedTuple):
    """What every column has."""

    relation: str
    number: int
    name: str
    type: str
    modifier: int
    not_null: bool
    identity: str | None
    generated: str | None
    is_local: bool
    expression: str | None


class ColumnExtraRow(NamedTuple):
    """What few columns and keys of indexes have; None where it is the type's own."""

    relation: str
    number: int
    collation: str | None
    storage: str | None
    compression: str | None
    statistics: int | None
    options: Sequence[str] | None


class IndexRow(NamedTuple):
    """An index; keys, classes, collations and flags are vectors as text. `expressions` in the order of the keys."""

    id: str
    relation: str
    name: str
    method: str
    keys: str
    key_count: int
    classes: str
    collations: str
    flags: str
    expressions: Sequence[str] | None
    where: str | None
    is_unique: bool
    nulls_not_distinct: bool
    is_valid: bool
    options: Sequence[str] | None
    tablespace: str | None
    parent: Pair | None
    is_cluster: bool
    is_replica_identity: bool


class ConstraintRow(NamedTuple):
    """A constraint of a table or domain; `kind` and the codes of actions as in pg_constraint."""

    id: str
    relation: str
    domain: str
    name: str
    kind: str
    index_id: str
    columns: Sequence[int] | None
    target: Pair | None
    target_columns: Sequence[str] | None
    on_update: str
    on_delete: str
    match: str
    set_columns: Sequence[int] | None
    deferrable: bool
    initially_deferred: bool
    is_valid: bool
    is_enforced: bool
    no_inherit: bool
    is_local: bool
    period: bool
    operators: Sequence[Pair] | None
    expression: str | None


class InheritRow(NamedTuple):
    """A child and one of its parents, in the parents' order."""

    relation: str
    schema: str
    name: str


class SequenceRow(NamedTuple):
    """A sequence's options; `owned` is "a" (OWNED BY), "i" (identity) or None."""

    relation: str
    type: str
    start: int
    increment: int
    minimum: int
    maximum: int
    cache: int
    cycle: bool
    owned: str | None
    table: str | None
    column: int | None


class TriggerRow(NamedTuple):
    """A trigger."""

    id: str
    relation: str
    name: str
    definition: str
    enabled: str


class PolicyRow(NamedTuple):
    """A policy; `roles` holds "0" for PUBLIC."""

    id: str
    relation: str
    name: str
    command: str
    permissive: bool
    roles: Sequence[str]
    using: str | None
    check: str | None


class EnumRow(NamedTuple):
    """An enum."""

    id: str
    schema: str
    name: str
    owner: str
    labels: Sequence[str] | None


class DomainRow(NamedTuple):
    """A domain."""

    id: str
    schema: str
    name: str
    owner: str
    type: str
    modifier: int
    not_null: bool
    default: str | None
    collation: str | None


class CompositeRow(NamedTuple):
    """The type of a composite type's relation."""

    id: str
    relation: str
    owner: str


class RangeRow(NamedTuple):
    """A range type."""

    id: str
    schema: str
    name: str
    owner: str
    subtype: str
    multirange: Pair
    operator_class: Pair | None
    collation: str | None
    canonical: Pair | None
    difference: Pair | None


class FunctionRow(NamedTuple):
    """A function, procedure (`kind` as in pg_proc) or aggregate, which has its parts instead of a definition."""

    id: str
    schema: str
    name: str
    owner: str
    arguments: str
    kind: str
    definition: str | None
    aggregate: Mapping[str, Any] | None


class ExtensionRow(NamedTuple):
    """An extension; `standard_comment` is its control file's."""

    id: str
    name: str
    schema: str
    version: str
    standard_comment: str | None
    requires: Sequence[str] | None
    is_relocatable: bool


class EventTriggerRow(NamedTuple):
    """An event trigger."""

    id: str
    name: str
    event: str
    tags: Sequence[str] | None
    schema: str
    function: str
    enabled: str
    owner: str


class CommentRow(NamedTuple):
    """A comment on the object (catalog, id); `part` is a column's number or 0."""

    catalog: str
    object: str
    part: int
    text: str


class GrantRow(NamedTuple):
    """An access list as found and as it is by default: (role, privilege, grantable) each."""

    catalog: str
    object: str
    part: int
    found: Sequence[tuple[str, str, bool]] | None
    standard: Sequence[tuple[str, str, bool]] | None
    owner: str


class Rows(NamedTuple):
    """The answer of every query; each field is named like its .sql file."""

    schemas: Sequence[SchemaRow] = ()
    roles: Sequence[NameRow] = ()
    types: Sequence[TypeRow] = ()
    collations: Sequence[QualifiedRow] = ()
    access_methods: Sequence[NameRow] = ()
    operator_classes: Sequence[OperatorClassRow] = ()
    relations: Sequence[RelationRow] = ()
    columns: Sequence[ColumnRow] = ()
    column_extras: Sequence[ColumnExtraRow] = ()
    indexes: Sequence[IndexRow] = ()
    constraints: Sequence[ConstraintRow] = ()
    inherits: Sequence[InheritRow] = ()
    sequences: Sequence[SequenceRow] = ()
    triggers: Sequence[TriggerRow] = ()
    policies: Sequence[PolicyRow] = ()
    enums: Sequence[EnumRow] = ()
    domains: Sequence[DomainRow] = ()
    composites: Sequence[CompositeRow] = ()
    ranges: Sequence[RangeRow] = ()
    functions: Sequence[FunctionRow] = ()
    extensions: Sequence[ExtensionRow] = ()
    event_triggers: Sequence[EventTriggerRow] = ()
    comments: Sequence[CommentRow] = ()
    grants: Sequence[GrantRow] = ()


ROW_OF: Mapping[str, type[NamedTuple]] = {
    "schemas": SchemaRow,
    "roles": NameRow,
    "types": TypeRow,
    "collations": QualifiedRow,
    "access_methods": NameRow,
    "operator_classes": OperatorClassRow,
    "relations": RelationRow,
    "columns": ColumnRow,
    "column_extras": ColumnExtraRow,
    "indexes": IndexRow,
    "constraints": ConstraintRow,
    "inherits": InheritRow,
    "sequences": SequenceRow,
    "triggers": TriggerRow,
    "policies": PolicyRow,
    "enums": EnumRow,
    "domains": DomainRow,
    "composites": CompositeRow,
    "ranges": RangeRow,
    "functions": FunctionRow,
    "extensions": ExtensionRow,
    "event_triggers": EventTriggerRow,
    "comments": CommentRow,
    "grants": GrantRow,
}
