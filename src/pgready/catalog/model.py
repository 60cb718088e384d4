"""The catalog itself: every object of a database that is structure, each kind sorted by name."""

from dataclasses import dataclass, field
from typing import Literal

from pgready.catalog.grants import Grant
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Check, Index, SequenceOptions, Table, Trigger
from pgready.catalog.types import DataType


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema."""

    name: str
    comment: str | None = None
    owner: str = ""
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class Enum:
    """An enum with its labels in their order."""

    name: ObjectName
    labels: tuple[str, ...]
    comment: str | None = None
    owner: str = ""
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain over `type`."""

    name: ObjectName
    type: DataType
    not_null: bool = False
    default: str | None = None
    collation: ObjectName | None = None
    checks: tuple[Check, ...] = ()
    comment: str | None = None
    owner: str = ""
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribute:
    """A part of a composite type."""

    name: str
    type: DataType
    collation: ObjectName | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Composite:
    """A composite type made by CREATE TYPE … AS (…)."""

    name: ObjectName
    attributes: tuple[Attribute, ...]
    comment: str | None = None
    owner: str = ""
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class Range:
    """A range type; `multirange` is its multirange's name. Parts that are the subtype's default are None."""

    name: ObjectName
    subtype: DataType
    multirange: ObjectName
    operator_class: ObjectName | None = None
    collation: ObjectName | None = None
    canonical: ObjectName | None = None
    difference: ObjectName | None = None
    comment: str | None = None
    owner: str = ""
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequence that is no identity's; `owned_by` is (table, column) where OWNED BY says so, as for serial."""

    name: ObjectName
    options: SequenceOptions
    owned_by: tuple[ObjectName, str] | None = None
    unlogged: bool = False
    comment: str | None = None
    owner: str = ""
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class ViewColumn:
    """A column of a view."""

    name: str
    type: DataType
    default: str | None = None
    comment: str | None = None
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """A view or materialized view; `definition` is the query, normalised, without a last semicolon."""

    name: ObjectName
    columns: tuple[ViewColumn, ...]
    definition: str
    is_materialized: bool = False
    is_populated: bool = True
    options: tuple[str, ...] = ()
    indexes: tuple[Index, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    comment: str | None = None
    owner: str = ""
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """A function, procedure, aggregate or window function.

    `arguments` are the types that identify it (`integer, text`), `definition` is the whole CREATE statement as
    `pg_get_functiondef` prints it (for an aggregate: composed by us).
    """

    name: ObjectName
    arguments: str
    kind: Literal["function", "procedure", "aggregate", "window"]
    definition: str
    comment: str | None = None
    owner: str = ""
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class EventTrigger:
    """An event trigger."""

    name: str
    event: str
    tags: tuple[str, ...]
    function: ObjectName
    enabled: Literal["origin", "replica", "always", "disabled"] = "origin"
    comment: str | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """An installed extension; what it owns is not in the catalog.

    `requires` are the extensions that it stands on, `is_relocatable` says whether it can be moved to another schema:
    its own affairs and no part of the structure.
    """

    name: str
    schema: str
    version: str
    comment: str | None = None
    requires: tuple[str, ...] = field(default=(), compare=False)
    is_relocatable: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Catalog:
    """A database's structure; every tuple is sorted by name (functions by name and arguments).

    One of a Prisma schema stands in the schema's order instead: see `from_psl`, and `in_order` there.
    """

    schemas: tuple[Schema, ...] = ()
    extensions: tuple[Extension, ...] = ()
    enums: tuple[Enum, ...] = ()
    domains: tuple[Domain, ...] = ()
    composites: tuple[Composite, ...] = ()
    ranges: tuple[Range, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    tables: tuple[Table, ...] = ()
    views: tuple[View, ...] = ()
    functions: tuple[Function, ...] = ()
    event_triggers: tuple[EventTrigger, ...] = ()
