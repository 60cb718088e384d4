"""The readiness contract: what a schema needs of a database, fact by fact, so that a boot can ask for it in one query.

A fact is a JSON array on one line: the kind, names, then types and flags, as `postgres/readiness_contract.sql` tells
them. No expression is in it, since servers print these in several ways: whether there is one is. A database that has
every fact of the contract has what the schema needs; it may have more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from pgready.catalog.model import Catalog, View
from pgready.catalog.table import Column, Index, IndexColumn, Table
from pgready.catalog.types import DataType

ACTIONS = {"NO ACTION": "a", "RESTRICT": "r", "CASCADE": "c", "SET NULL": "n", "SET DEFAULT": "d"}
COMMANDS = {"ALL": "*", "SELECT": "r", "INSERT": "a", "UPDATE": "w", "DELETE": "d"}
ENABLED = {"origin": "O", "replica": "R", "always": "A", "disabled": "D"}
KINDS = {"function": "f", "procedure": "p", "aggregate": "a", "window": "w"}

_RETURNS = re.compile(r"^ RETURNS (.*)$", re.MULTILINE)
_RETURN_KINDS = ("function", "window")

Fact = list[object]


def facts(catalog: Catalog) -> tuple[str, ...]:
    """The facts of a catalog, sorted; the same catalog gives the same bytes."""
    found = [*_types(catalog), *_relations(catalog), *_routines(catalog)]
    return tuple(sorted(json.dumps(fact, ensure_ascii=False) for fact in found))


_ONE, _TWO = (
    ("schema", "extension", "event trigger"),
    ("enum", "domain", "composite", "range", "sequence", "table", "view"),
)


def address(fact: str) -> tuple[str, ...]:
    """A fact's kind and the names that identify what it is about, as the full diff has them."""
    parts = json.loads(fact)
    return tuple(parts[: 2 if parts[0] in _ONE else 3 if parts[0] in _TWO else 4])


def _types(catalog: Catalog) -> Iterator[Fact]:
    for schema in catalog.schemas:
        yield ["schema", schema.name]
    for extension in catalog.extensions:
        yield ["extension", extension.name, extension.schema]
    for enum in catalog.enums:
        yield ["enum", *enum.name, list(enum.labels)]
    for domain in catalog.domains:
        yield ["domain", *domain.name, _type(domain.type), domain.not_null, domain.default is not None]
        for check in domain.checks:
            yield ["domain check", *domain.name, check.name, check.is_valid]
    for composite in catalog.composites:
        yield ["composite", *composite.name]
        for attribute in composite.attributes:
            yield ["attribute", *composite.name, attribute.name, _type(attribute.type)]
    for range_ in catalog.ranges:
        yield ["range", *range_.name, _type(range_.subtype)]
    for sequence in catalog.sequences:
        options = sequence.options
        yield ["sequence", *sequence.name, options.type, options.increment, options.cycle]


def _relations(catalog: Catalog) -> Iterator[Fact]:
    for table in catalog.tables:
        yield from _table(table)
    for view in catalog.views:
        yield from _view(view)


def _table(table: Table) -> Iterator[Fact]:
    security = (table.row_security, table.force_row_security)
    yield ["table", *table.name, table.partition_key is not None, not table.unlogged, *security]
    if table.partition is not None:
        yield ["partition", *table.name, *table.partition.parent]
    for parent in table.inherits:
        yield ["inherits", *table.name, *parent]
    for column in table.columns:
        yield _column(table, column)
    for index in table.indexes:
        yield _index(table, index)
    for key in (table.primary_key, *table.uniques):
        if key is not None:
            yield ["key", *table.name, key.name, key.is_primary, list(key.columns), key.deferrable,
                   key.initially_deferred, key.index.nulls_not_distinct]  # fmt: skip
    for one in table.foreign_keys:
        yield ["foreign key", *table.name, one.name, list(one.columns), *one.target, list(one.target_columns),
               ACTIONS[one.on_update], ACTIONS[one.on_delete], one.deferrable, one.initially_deferred, one.is_valid,
               one.is_enforced]  # fmt: skip
    for check in table.checks:
        yield ["check", *table.name, check.name, check.is_valid, check.is_enforced, check.no_inherit]
    for exclusion in table.exclusions:
        yield ["exclusion", *table.name, exclusion.name, exclusion.deferrable, exclusion.initially_deferred]
    for policy in table.policies:
        # Of its roles only whether it is for all: their names, and CURRENT_USER, are others elsewhere.
        yield ["policy", *table.name, policy.name, COMMANDS[policy.command], policy.permissive, not policy.roles]
    yield from _triggers(table)


def _column(table: Table, column: Column) -> Fact:
    identity = None
    if column.identity is not None and table.partition is None:
        identity = "a" if column.identity.always else "d"
    generated = None
    if column.generated is not None:
        generated = "s" if column.generated.stored else "v"
    collation = None if column.collation is None else list(column.collation)
    return ["column", *table.name, column.name, _type(column.type), column.not_null is not None,
            column.default is not None, identity, generated, collation]  # fmt: skip


def _view(view: View) -> Iterator[Fact]:
    yield ["view", *view.name, view.is_materialized, view.is_materialized and view.is_populated]
    for column in view.columns:
        yield ["view column", *view.name, column.name, _type(column.type)]
    for index in view.indexes:
        yield _index(view, index)
    yield from _triggers(view)


def _triggers(relation: Table | View) -> Iterator[Fact]:
    for trigger in relation.triggers:
        yield ["trigger", *relation.name, trigger.name, ENABLED[trigger.enabled]]


def _index(relation: Table | View, index: Index) -> Fact:
    keys = [_key(key) for key in index.columns]
    flags = (index.is_unique, index.nulls_not_distinct, index.where is not None, index.is_valid)
    return ["index", *relation.name, index.name, index.method, keys, list(index.include), *flags]


def _key(key: IndexColumn) -> list[object]:
    name = None if key.is_expression else key.text
    return [name, key.descending + 2 * key.nulls_first, key.operator_class.name if key.operator_class else None]


def _routines(catalog: Catalog) -> Iterator[Fact]:
    for function in catalog.functions:
        returns = _RETURNS.search(function.definition) if function.kind in _RETURN_KINDS else None
        kind = KINDS[function.kind]
        yield ["function", *function.name, function.arguments, kind, None if returns is None else returns[1]]
    for trigger in catalog.event_triggers:
        yield ["event trigger", trigger.name, trigger.event, ENABLED[trigger.enabled]]


def _type(type_: DataType) -> list[object]:
    return [*type_.name, type_.modifier, type_.dimensions]
