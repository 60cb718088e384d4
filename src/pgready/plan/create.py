"""Full mode's creation: the SQL that makes a database of exactly one catalog.

Everything that the catalog says is made, in an order that comes from what each statement makes and needs. Two things
cannot be: an index that a broken CREATE INDEX CONCURRENTLY left invalid is made whole, and a right that another than
the owner gave is given by the owner. Roles, tablespaces and extensions' files are the server's and have to be there.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pgready.catalog.model import Catalog
from pgready.plan.create_code import code_steps
from pgready.plan.create_graph import Graph, Key, Step
from pgready.plan.create_table_parts import part_steps
from pgready.plan.create_tables import Relatives, table_steps
from pgready.plan.create_types import type_steps


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a plan, without a last semicolon.

    `kind` and `name` say what it makes or settles ("index", (schema, table, name)); `in_transaction` is False for what
    PostgreSQL refuses inside of one.
    """

    sql: str
    kind: str
    name: tuple[str, ...] = ()
    in_transaction: bool = True


_SETTINGS = (
    ("search_path", "''"),
    ("check_function_bodies", "off"),
    ("standard_conforming_strings", "on"),
    ("transform_null_equals", "off"),
    ("xmloption", "content"),
    ("DateStyle", "'ISO, MDY'"),
    ("IntervalStyle", "postgres"),
    ("TimeZone", "'UTC'"),
    ("lc_monetary", "'C'"),
    ("default_tablespace", "''"),
    ("default_table_access_method", "heap"),
)
"""Settings under which what the server printed means what it meant there; all exist since PostgreSQL 14."""


def settings() -> tuple[Statement, ...]:
    """The session's settings under which plans are run."""
    return tuple(Statement(f"SET {name} = {value}", "setting", (name,)) for name, value in _SETTINGS)


def creation(catalog: Catalog, *, drop_public: bool = False) -> tuple[Statement, ...]:
    """The statements that make a database of this catalog out of a new one, in order.

    They start with settings of the session, which whoever runs them resets. A schema `public` that the catalog does
    not have stays as it is (the catalog may be of chosen schemas only), or goes if it is empty: `drop_public`.
    """
    start = settings()
    if drop_public and all(one.name != "public" for one in catalog.schemas):
        start += (Statement('DROP SCHEMA "public"', "drop schema", ("public",)),)
    apart: set[Key] = set()
    while True:
        graph = Graph(list(all_steps(catalog, apart)))
        more = graph.cyclic_parts() - apart
        if not more:
            break
        apart |= more
    return start + tuple(Statement(one.sql, one.kind, one.name) for one in graph.ordered() if one.sql)


def all_steps(catalog: Catalog, apart: AbstractSet[Key]) -> Iterator[Step]:
    """The steps of everything in a catalog; what is `apart` has a step of its own."""
    yield from type_steps(catalog, apart)
    relatives = Relatives.of(catalog)
    for table in catalog.tables:
        yield from table_steps(table, relatives, apart)
        yield from part_steps(table, relatives, apart)
    yield from code_steps(catalog, apart)
