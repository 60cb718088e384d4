"""Catalogs of schemas held against databases: what of the two must be the same."""

import dataclasses

import psycopg

from pgready.catalog.from_psl import Declared, in_order
from pgready.catalog.model import Catalog
from pgready.catalog.scope import without_owners
from pgready.diff.prisma import prisma_changes
from pgready.diff.schema_side import side_of_schema
from pgready.diff.sides import EMPTY
from pgready.plan.prisma import prisma_sql
from pgready.psl.schema import Schema


def creating(schema: Schema, default_schema: str = "public") -> str:
    """The script that makes all of a schema in an empty database."""
    side = side_of_schema(schema, default_schema)
    return prisma_sql(prisma_changes(EMPTY, side), EMPTY, side)


def emptied(connection: psycopg.Connection) -> None:
    """Drop whatever the last script made; public stays, empty."""
    schemas = connection.execute(
        "SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
    ).fetchall()
    names = ", ".join(name for (name,) in schemas)
    connection.execute(f"DROP SCHEMA {names} CASCADE; CREATE SCHEMA public".encode())


def expected(declared: Declared) -> Catalog:
    """The schema's catalog as introspection would give it."""
    return _comparable(in_order(declared.catalog), declared)


def found(catalog: Catalog, declared: Declared) -> Catalog:
    """The database's catalog, without what a schema cannot know: owners, unlisted things, SQL that only a server reads."""
    used = {schema.name for schema in declared.catalog.schemas}
    schemas = tuple(schema for schema in catalog.schemas if schema.name in used)
    extensions = tuple(one for one in catalog.extensions if one.name != "plpgsql")
    catalog = dataclasses.replace(without_owners(catalog), schemas=schemas, extensions=extensions)
    return _comparable(without_owners(catalog), declared)


def _comparable(catalog: Catalog, declared: Declared) -> Catalog:
    tables = []
    for table in catalog.tables:
        columns = [
            dataclasses.replace(one, default="?") if (table.name, one.name) in declared.as_written else one
            for one in table.columns
        ]
        indexes = [
            dataclasses.replace(one, where="?") if (table.name, one.name) in declared.as_written else one
            for one in table.indexes
        ]
        tables.append(dataclasses.replace(table, columns=tuple(columns), indexes=tuple(indexes)))
    extensions = tuple(dataclasses.replace(one, schema="", version="") for one in catalog.extensions)
    return dataclasses.replace(catalog, tables=tuple(tables), extensions=extensions)
