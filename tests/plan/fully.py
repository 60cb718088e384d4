"""A full plan run on a database, and two catalogs held against each other but for what no statement can change."""

from dataclasses import replace

import psycopg
from catalog_read import read_url
from rebuilt import differences, run

from pgready.catalog.model import Catalog
from pgready.catalog.table import Table
from pgready.diff.full import full_changes
from pgready.plan.full import FullPlan, full_plan


def turn_into(url: str, after: Catalog) -> FullPlan:
    """Turn the database into the catalog, part by part; it is so, and a second plan is empty."""
    plan = full_plan(read_url(url), after)
    for part in plan.parts:
        run(url, plan.settings + part)
    assert_same(url, after)
    return plan


def run_script(url: str, script: str) -> None:
    """The script as one message, as `db execute` and migrations send it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(script.encode())


def assert_same(url: str, after: Catalog) -> None:
    """The database has exactly this catalog, and the diff says so."""
    found = read_url(url)
    left = differences(settled(found), settled(after))
    assert not left, "\n".join(left)
    changes = full_changes(found, after)
    assert not changes, changes
    again = full_plan(found, after).script
    assert not again, again


def settled(catalog: Catalog) -> Catalog:
    """Without the order of columns and without who was first to have one, parent or child."""
    checks = {table.name: {one.name for one in table.checks} for table in catalog.tables}
    return replace(catalog, tables=tuple(_settled(table, checks) for table in catalog.tables))


def _settled(table: Table, checks: dict[object, set[str]]) -> Table:
    parents = table.inherits if table.partition is None else (table.partition.parent,)
    inherited = {name for parent in parents for name in checks.get(parent, ())}
    keys = [replace(one, is_local=True) for one in (table.primary_key, *table.uniques) if one is not None]
    return replace(
        table,
        columns=tuple(sorted((replace(one, is_local=True) for one in table.columns), key=lambda one: one.name)),
        primary_key=keys[0] if table.primary_key is not None else None,
        uniques=tuple(keys[1 if table.primary_key is not None else 0 :]),
        foreign_keys=tuple(replace(one, is_local=True) for one in table.foreign_keys),
        checks=tuple(
            replace(one, is_local=True, is_valid=one.is_valid or one.name in inherited) for one in table.checks
        ),
        exclusions=tuple(replace(one, is_local=True) for one in table.exclusions),
    )
