"""What of a database belongs to somebody else, and is left alone by a diff that would drop or change it.

Prisma drops whatever its schema does not name. Here a table or enum that the schema does not name stays where its owner
is another role: neither the role that works nor one that owns any of what the schema names. What such a table is made
of stays too, and so does what was declared to be external: these two sides never hold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.diff.sides import Side

BOOKKEEPING = frozenset(
    (
        "alembic_version",
        "databasechangelog",
        "databasechangeloglock",
        "django_migrations",
        "doctrine_migration_versions",
        "flyway_schema_history",
        "goose_db_version",
        "kysely_migration",
        "knex_migrations",
        "knex_migrations_lock",
        "pgmigrations",
        "schema_migrations",
        "SequelizeMeta",
        "__EFMigrationsHistory",
        "_yoyo_migration",
        "__diesel_schema_migrations",
        "_sqlx_migrations",
    )
)
"""Tables in which other tools for migrations keep their history: who uses one has tables beside it."""


@dataclass(frozen=True, slots=True)
class External:
    """What a project declares to be somebody else's: `schema.name`, or a name alone in the default schema."""

    tables: tuple[str, ...] = ()
    enums: tuple[str, ...] = ()


NOTHING_EXTERNAL = External()


@dataclass(frozen=True, slots=True)
class Others:
    """What is left alone, each with the role that owns it ("" where it was declared external)."""

    tables: dict[ObjectName, str]
    enums: dict[ObjectName, str]

    def without(self, side: Side) -> Side:
        """`side` as if these were not there; foreign keys that point at them stay."""
        if not self.tables and not self.enums:
            return side
        return replace(
            side,
            tables=tuple(each for each in side.tables if each.name not in self.tables),
            enums=tuple(each for each in side.enums if each.name not in self.enums),
        )


def others_of(
    live: Catalog,
    before: Side,
    after: Side,
    role: str,
    external: External = NOTHING_EXTERNAL,
    default_schema: str = "public",
) -> Others:
    """What of `live`, seen as `before`, is neither `role`'s nor of an owner whose things `after` names.

    And what was declared `external`, on either side; names without a schema are in `default_schema`.
    """
    named = {each.name for each in after.tables} | {each.name for each in after.enums}
    owners = {each.name: each.owner for each in live.tables} | {each.name: each.owner for each in live.enums}
    ours = {role} | {owner for name, owner in owners.items() if name in named}
    tables = {
        each.name: owners[each.name]
        for each in before.tables
        if each.name not in named and owners[each.name] not in ours
    }
    used = {
        column.type.enum: tables[each.name]
        for each in before.tables
        if each.name in tables
        for column in each.columns
        if column.type.enum is not None
    }
    enums = {}
    for enum in before.enums:
        if enum.name in named:
            continue
        if owners[enum.name] not in ours:
            enums[enum.name] = owners[enum.name]
        elif enum.name in used:
            enums[enum.name] = used[enum.name]
    declared = external_among(before, after, external, default_schema)
    return Others(tables | declared.tables, enums | declared.enums)


def external_among(before: Side, after: Side, external: External, default_schema: str = "public") -> Others:
    """What of either side was declared `external`; names without a schema are in `default_schema`."""
    tables = {each.name: "" for each in (*before.tables, *after.tables)}
    enums = {each.name: "" for each in (*before.enums, *after.enums)}
    return Others(
        {name: "" for name in tables if _is_listed(name, external.tables, default_schema)},
        {name: "" for name in enums if _is_listed(name, external.enums, default_schema)},
    )


def _is_listed(name: ObjectName, listed: Collection[str], default_schema: str) -> bool:
    return f"{name.schema}.{name.name}" in listed or (name.schema == default_schema and name.name in listed)


def histories_beside(tables: Iterable[ObjectName]) -> tuple[ObjectName, ...]:
    """Those of `tables` that keep another tool's history."""
    return tuple(each for each in tables if each.name in BOOKKEEPING)
