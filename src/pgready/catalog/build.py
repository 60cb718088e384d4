"""Rows of one introspection to a catalog; pure, so that what was read can be told from what it means."""

from __future__ import annotations

from typing import Literal

from pgready.catalog.aggregate import aggregate_definition
from pgready.catalog.build_tables import ENABLED, RelationBuilder, check, grouped
from pgready.catalog.lookup import Lookup, pair, sequence_options
from pgready.catalog.model import (
    Attribute,
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
)
from pgready.catalog.names import ObjectName
from pgready.catalog.normal import routine_definition
from pgready.catalog.rows import FunctionRow, Rows

_KINDS: dict[str, Literal["function", "procedure", "aggregate", "window"]] = {
    "f": "function",
    "p": "procedure",
    "a": "aggregate",
    "w": "window",
}


def build(rows: Rows) -> Catalog:
    """The catalog that `rows` describe, every kind sorted by code points of its names."""
    lookup = Lookup(rows)
    relations = RelationBuilder(rows, lookup)
    return Catalog(
        schemas=_schemas(rows, lookup),
        extensions=_extensions(rows, lookup),
        enums=_enums(rows, lookup),
        domains=_domains(rows, lookup),
        composites=_composites(rows, lookup, relations),
        ranges=_ranges(rows, lookup),
        sequences=_sequences(rows, lookup, relations),
        tables=relations.tables(),
        views=relations.views(),
        functions=_functions(rows, lookup),
        event_triggers=_event_triggers(rows, lookup),
    )


def _schemas(rows: Rows, lookup: Lookup) -> tuple[Schema, ...]:
    found = [
        Schema(
            row.name,
            comment=lookup.comment("pg_namespace", row.id),
            owner=lookup.owner(row.owner),
            grants=lookup.grants("pg_namespace", row.id),
        )
        for row in rows.schemas
        if not row.of_extension
    ]
    return tuple(sorted(found, key=lambda one: one.name))


def _extensions(rows: Rows, lookup: Lookup) -> tuple[Extension, ...]:
    found = []
    for row in rows.extensions:
        comment = lookup.comment("pg_extension", row.id)
        own = None if comment == row.standard_comment else comment
        requires = tuple(sorted(row.requires or ()))
        found.append(Extension(row.name, row.schema, row.version, own, requires, row.is_relocatable))
    return tuple(sorted(found, key=lambda one: one.name))


def _enums(rows: Rows, lookup: Lookup) -> tuple[Enum, ...]:
    found = [
        Enum(
            lookup.name(row.schema, row.name),
            tuple(row.labels or ()),
            comment=lookup.comment("pg_type", row.id),
            owner=lookup.owner(row.owner),
            grants=lookup.grants("pg_type", row.id),
        )
        for row in rows.enums
    ]
    return tuple(sorted(found, key=lambda one: one.name))


def _domains(rows: Rows, lookup: Lookup) -> tuple[Domain, ...]:
    checks = grouped((row for row in rows.constraints if row.kind == "c"), "domain")
    found = [
        Domain(
            lookup.name(row.schema, row.name),
            lookup.types[row.type, row.modifier],
            not_null=row.not_null,
            default=row.default,
            collation=lookup.collation(row.collation),
            checks=tuple(check(one, lookup) for one in sorted(checks.get(row.id, []), key=lambda one: one.name)),
            comment=lookup.comment("pg_type", row.id),
            owner=lookup.owner(row.owner),
            grants=lookup.grants("pg_type", row.id),
        )
        for row in rows.domains
    ]
    return tuple(sorted(found, key=lambda one: one.name))


def _composites(rows: Rows, lookup: Lookup, relations: RelationBuilder) -> tuple[Composite, ...]:
    found = []
    for row in rows.composites:
        name = lookup.relations.get(row.relation)
        if name is None:  # an extension's
            continue
        attributes = [
            Attribute(
                column.name,
                lookup.types[column.type, column.modifier],
                lookup.collation(relations.extra_of(row.relation, column.number).collation),
                lookup.comment("pg_class", row.relation, column.number),
            )
            for column in relations.columns_of(row.relation)
        ]
        found.append(
            Composite(
                name,
                tuple(attributes),
                comment=lookup.comment("pg_type", row.id),
                owner=lookup.owner(row.owner),
                grants=lookup.grants("pg_type", row.id),
            )
        )
    return tuple(sorted(found, key=lambda one: one.name))


def _ranges(rows: Rows, lookup: Lookup) -> tuple[Range, ...]:
    found = [
        Range(
            name=lookup.name(row.schema, row.name),
            subtype=lookup.types[row.subtype, -1],
            multirange=ObjectName(*row.multirange),
            operator_class=pair(row.operator_class),
            collation=lookup.collation(row.collation),
            canonical=pair(row.canonical),
            difference=pair(row.difference),
            comment=lookup.comment("pg_type", row.id),
            owner=lookup.owner(row.owner),
            grants=lookup.grants("pg_type", row.id),
        )
        for row in rows.ranges
    ]
    return tuple(sorted(found, key=lambda one: one.name))


def _sequences(rows: Rows, lookup: Lookup, relations: RelationBuilder) -> tuple[Sequence, ...]:
    by_id = {row.id: row for row in rows.relations}
    found = []
    for row in rows.sequences:
        relation = by_id.get(row.relation)
        if relation is None or row.owned == "i":
            continue
        owner = None
        table = by_id.get(row.table or "")
        if table is not None:
            column = next(one.name for one in relations.columns_of(table.id) if one.number == row.column)
            owner = (lookup.relations[table.id], column)
        found.append(
            Sequence(
                lookup.relations[row.relation],
                sequence_options(row.type, row[2:7], cycle=row.cycle),
                owned_by=owner,
                # Since 15 an owned sequence is made as unlogged as its table; 14 has no such thing.
                unlogged=relation.persistence == "u" and (table is None or table.persistence != "u"),
                comment=lookup.comment("pg_class", row.relation),
                owner=lookup.owner(relation.owner),
                grants=lookup.grants("pg_class", row.relation),
            )
        )
    return tuple(sorted(found, key=lambda one: one.name))


def _functions(rows: Rows, lookup: Lookup) -> tuple[Function, ...]:
    found = [
        Function(
            lookup.name(row.schema, row.name),
            row.arguments,
            _KINDS[row.kind],
            _definition(row, lookup),
            comment=lookup.comment("pg_proc", row.id),
            owner=lookup.owner(row.owner),
            grants=lookup.grants("pg_proc", row.id),
        )
        for row in rows.functions
    ]
    return tuple(sorted(found, key=lambda one: (one.name, one.arguments)))


def _definition(row: FunctionRow, lookup: Lookup) -> str:
    if row.aggregate is not None:
        return aggregate_definition(lookup.name(row.schema, row.name), row.aggregate)
    return routine_definition((row.definition or "").removesuffix("\n"))


def _event_triggers(rows: Rows, lookup: Lookup) -> tuple[EventTrigger, ...]:
    found = [
        EventTrigger(
            row.name,
            row.event,
            tuple(sorted(row.tags or ())),
            ObjectName(row.schema, row.function),
            enabled=ENABLED[row.enabled],
            comment=lookup.comment("pg_event_trigger", row.id),
            owner=lookup.owner(row.owner),
        )
        for row in rows.event_triggers
    ]
    return tuple(sorted(found, key=lambda one: one.name))
