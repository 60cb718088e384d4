"""A catalog taken apart: every object, and every part of one that can change by itself, under an address of its own."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from pgready.catalog.model import (
    Catalog,
    Composite,
    Domain,
    Enum,
    EventTrigger,
    Extension,
    Function,
    Range,
    Schema,
    Sequence,
    View,
    ViewColumn,
)
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Column, Index, Key, Table, Trigger

Address = tuple[str, ...]
"""A kind and the names that identify one of it: `("column", "billing", "customer", "email")`.

The parts that every object may have stand before its own address: `("comment", "table", "billing", "customer")`.
"""

Value = Any
"""A catalog's value of the address's kind, a string, or a tuple of grants."""


@dataclass(frozen=True, slots=True)
class Element:
    """Something that can be made, dropped or altered by itself.

    `value` is as the catalog has it; `own` is what of it belongs to no other element, and so what is compared. `parent`
    is what it comes and goes with, () for nothing.
    """

    address: Address
    value: Value
    own: Value
    parent: Address = ()


def elements(catalog: Catalog) -> dict[Address, Element]:
    """Every element, each after its parent."""
    return {one.address: one for one in _all(catalog)}


def different_elements(before: Catalog, after: Catalog) -> tuple[dict[Address, Element], dict[Address, Element]]:
    """Those of both sides that belong to tables, views and functions that are not the same: most are."""
    tables = {one.name: one for one in before.tables}
    views = {one.name: one for one in before.views}
    same = {one.name for one in after.tables if tables.get(one.name) == one}
    same |= {one.name for one in after.views if views.get(one.name) == one}
    functions = frozenset(before.functions) & frozenset(after.functions)
    found = []
    for catalog in (before, after):
        less = replace(catalog, functions=tuple(one for one in catalog.functions if one not in functions))
        found.append({one.address: one for one in _all(less, same)})
    return found[0], found[1]


def _all(catalog: Catalog, but: AbstractSet[ObjectName] = frozenset()) -> Iterator[Element]:
    for schema in catalog.schemas:
        yield from _object(("schema", schema.name), schema)
    for extension in catalog.extensions:
        yield from _object(("extension", extension.name), extension)
    for enum in catalog.enums:
        yield from _object(("enum", *enum.name), enum)
    for domain in catalog.domains:
        yield from _domain(domain)
    for composite in catalog.composites:
        yield from _composite(composite)
    for range_ in catalog.ranges:
        yield from _object(("range", *range_.name), range_)
    tables = {table.name for table in catalog.tables}
    for sequence in catalog.sequences:
        # One that belongs to a column has the owner of the table.
        is_owned = sequence.owned_by is not None and sequence.owned_by[0] in tables
        yield from _object(("sequence", *sequence.name), sequence, with_owner=not is_owned)
    checks = {table.name: {one.name for one in table.checks} for table in catalog.tables}
    for table in catalog.tables:
        if table.name in but:
            continue
        parents = table.inherits if table.partition is None else (table.partition.parent,)
        yield from _table(table, {name for parent in parents for name in checks.get(parent, ())})
    for function in catalog.functions:
        yield from _object(("function", *function.name, function.arguments), function)
    for view in catalog.views:
        if view.name not in but:
            yield from _view(view)
    for trigger in catalog.event_triggers:
        yield from _object(("event trigger", trigger.name), replace(trigger, enabled="origin"), value=trigger)
        if trigger.enabled != "origin":
            yield _part("event trigger state", ("event trigger", trigger.name), trigger.enabled)


_Object = (
    Schema | Extension | Enum | Domain | Composite | Range | Sequence | Table | Function | View | EventTrigger
    | Column | ViewColumn | Index | Key | Trigger
)  # fmt: skip


def _object(
    address: Address, own: Any, value: Value = None, parent: Address = (), *, with_owner: bool = True
) -> Iterator[Element]:
    """An object, its comment, its owner, its grants."""
    value = own if value is None else value
    comment, owner, rights = getattr(value, "comment", None), getattr(value, "owner", ""), getattr(value, "grants", ())
    # A copy costs more than all the rest: most have nothing to leave out.
    if comment is not None:
        own = replace(own, comment=None)
    if owner:
        own = replace(own, owner="")
    if rights:
        own = replace(own, grants=())
    yield Element(address, value, own, parent)
    if comment is not None:
        yield _part("comment", address, comment)
    if owner and with_owner:
        yield _part("owner", address, owner)
    if rights:
        yield _part("grants", address, rights)


def _part(kind: str, of: Address, value: Value) -> Element:
    return Element((kind, *of), value, value, of)


def _domain(domain: Domain) -> Iterator[Element]:
    address: Address = ("domain", *domain.name)
    yield from _object(address, replace(domain, checks=(), default=None), domain)
    if domain.default is not None:
        yield Element(("domain default", *domain.name), domain.default, domain.default, address)
    for check in domain.checks:
        yield from _object(("domain check", *domain.name, check.name), check, parent=address)


def _composite(composite: Composite) -> Iterator[Element]:
    address: Address = ("composite", *composite.name)
    bare = tuple(replace(one, comment=None) for one in composite.attributes)
    yield from _object(address, replace(composite, attributes=bare), composite)
    for one in composite.attributes:
        if one.comment is not None:
            name: Address = ("comment", "attribute", *composite.name, one.name)
            yield Element(name, one.comment, one.comment, address)


def _table(table: Table, inherited: AbstractSet[str]) -> Iterator[Element]:
    address: Address = ("table", *table.name)
    own = replace(
        table, columns=(), primary_key=None, uniques=(), foreign_keys=(), checks=(), exclusions=(), indexes=(),
        triggers=(), policies=(), partition=None, replica_identity="default",
    )  # fmt: skip
    yield from _object(address, own, table)
    for column in table.columns:
        yield from _column(column, address)
    if table.partition is not None:
        yield Element(("partition", *table.name), table.partition, table.partition, address)
    for key in (table.primary_key, *table.uniques):
        if key is not None:
            of: Address = ("key", *table.name, key.name)
            yield from _object(of, replace(key, index=_bare(key.index), is_local=True), key, address)
            yield from _of_index(key.index, of, table)
    for exclusion in table.exclusions:
        of = ("exclusion", *table.name, exclusion.name)
        yield from _object(of, replace(exclusion, index=_bare(exclusion.index), is_local=True), exclusion, address)
        yield from _of_index(exclusion.index, of, table)
    for index in table.indexes:
        of = ("index", *table.name, index.name)
        yield from _object(of, _bare(index), index, address)
        yield from _of_index(index, of, table)
    for check in table.checks:
        # Whether one that a parent brings was checked here is the parent's affair.
        bare = replace(check, is_local=True, is_valid=check.is_valid or check.name in inherited)
        yield from _object(("check", *table.name, check.name), bare, check, address)
    for foreign_key in table.foreign_keys:
        of = ("foreign key", *table.name, foreign_key.name)
        yield from _object(of, replace(foreign_key, is_local=True), foreign_key, address)
    if table.replica_identity in ("nothing", "full"):
        yield Element(("replica identity", *table.name), table.replica_identity, table.replica_identity, address)
    for trigger in table.triggers:
        yield from _trigger(trigger, address)
    for policy in table.policies:
        yield from _object(("policy", *table.name, policy.name), policy, parent=address)


def _column(column: Column, table: Address) -> Iterator[Element]:
    name = (*table[1:], column.name)
    address: Address = ("column", *name)
    own = column
    if column.default is not None or column.not_null is not None or column.identity is not None or not column.is_local:
        own = replace(column, default=None, not_null=None, identity=None, is_local=True)
    yield from _object(address, own, column, table)
    if column.default is not None:
        yield Element(("default", *name), column.default, column.default, address)
    if column.identity is not None:
        yield Element(("identity", *name), column.identity, column.identity, address)
    if column.not_null is not None:
        yield Element(("not null", *name), column.not_null, column.not_null, address)


def _bare(index: Index) -> Index:
    """The index by itself; it is valid, since a plan can only make it so."""
    plain = index.comment is None and index.attached_to is None and index.is_valid
    if plain and not (index.is_cluster or index.is_replica_identity):
        return index
    return replace(index, comment=None, is_cluster=False, is_replica_identity=False, attached_to=None, is_valid=True)


def _of_index(index: Index, of: Address, table: Table | View) -> Iterator[Element]:
    """What is said of an index."""
    name = (*table.name, index.name)
    if of[0] != "index" and index.comment is not None:
        yield Element(("comment", "index", *name), index.comment, index.comment, of)
    if index.attached_to is not None:
        yield Element(("attachment", *name), index.attached_to, index.attached_to, of)
    if index.is_cluster:
        yield Element(("cluster", *table.name), index.name, index.name, of)
    if index.is_replica_identity:  # the table's choice, which outlives its index
        yield Element(("replica identity", *table.name), index.name, index.name, ("table", *table.name))


def _trigger(trigger: Trigger, relation: Address) -> Iterator[Element]:
    name = (*relation[1:], trigger.name)
    yield from _object(("trigger", *name), replace(trigger, enabled="origin"), trigger, relation)
    if trigger.enabled != "origin":
        yield Element(("trigger state", *name), trigger.enabled, trigger.enabled, ("trigger", *name))


def _view(view: View) -> Iterator[Element]:
    address: Address = ("view", *view.name)
    columns = tuple(ViewColumn(one.name, one.type) for one in view.columns)
    own = replace(view, columns=columns, indexes=(), triggers=(), is_populated=True)
    yield from _object(address, own, view)
    for column in view.columns:
        name = (*view.name, column.name)
        if column.default is not None:
            yield Element(("view default", *name), column.default, column.default, address)
        if column.comment is not None:
            yield Element(("comment", "column", *name), column.comment, column.comment, address)
        if column.grants:
            yield Element(("grants", "column", *name), column.grants, column.grants, address)
    if view.is_materialized and view.is_populated:
        yield Element(("content", *view.name), "populated", "populated", address)
    for index in view.indexes:
        of: Address = ("index", *view.name, index.name)
        yield from _object(of, _bare(index), index, address)
        yield from _of_index(index, of, view)
    for trigger in view.triggers:
        yield from _trigger(trigger, address)
