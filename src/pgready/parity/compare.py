"""Two catalogs held against each other, object by object: every property that a catalog has counts.

The ground is the full diff. It leaves out what no statement can change; parity tells that too: the order of columns,
and whether a column or constraint came from a parent first. Indexes that are not valid are in `health`: they are wrong
whatever the reference has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from pgready.catalog.model import Catalog, View
from pgready.catalog.table import Index, Table
from pgready.diff.full import Altered, Created, FullChange, full_changes
from pgready.diff.full_renames import Renamed
from pgready.parity.model import Detail, Difference
from pgready.parity.shown import shown
from pgready.plan.full_summary import changed_fields

_SAID_ELSEWHERE = frozenset({"name", "comment", "is_cluster", "is_replica_identity", "attached_to", "is_valid"})
"""Fields of a constraint's index that are elements of their own, or the constraint's."""


def differences(reference: Catalog, side: Catalog) -> tuple[Difference, ...]:
    """What of `side` is not as in `reference`, sorted by address; what goes with something missing is not told."""
    if reference == side:
        return ()
    found = [_difference(one) for one in full_changes(reference, side)]
    there = {table.name: table for table in side.tables}
    for table in reference.tables:
        other = there.get(table.name)
        if other is not None and other != table:
            found += _beyond_statements(table, other)
    return tuple(sorted(found, key=lambda one: one.address))


def _difference(change: FullChange) -> Difference:
    if isinstance(change, Created):
        return Difference(change.address, "unexpected", side=change.after)
    if isinstance(change, Renamed):
        detail = Detail("name", change.address[-1], change.after.name)
        return Difference(change.address, "renamed", (detail,), side=change.after)
    if isinstance(change, Altered):
        details = tuple(_details(change.before, change.after))
        return Difference(change.address, "different", details, change.before, change.after)
    return Difference(change.address, "missing", reference=change.before)


def _details(before: Any, after: Any) -> Iterator[Detail]:
    found = list(_properties(before, after))
    yield from found or [Detail("value", shown(before), shown(after))]


def _properties(before: Any, after: Any) -> Iterator[Detail]:
    for name in changed_fields(before, after):
        old, new = (getattr(one, name.replace(" ", "_")) for one in (before, after))
        if name == "index":
            yield from _of_index(old, new)
        elif not (isinstance(before, Index) and name.replace(" ", "_") in _SAID_ELSEWHERE):
            yield Detail(name, shown(old), shown(new))
    if isinstance(before, View) and isinstance(after, View):
        old, new = ([(one.name, one.type) for one in view.columns] for view in (before, after))
        if old != new:
            yield Detail("columns", shown(before.columns), shown(after.columns))


def _of_index(before: Index, after: Index) -> Iterator[Detail]:
    for one in fields(Index):
        old, new = getattr(before, one.name), getattr(after, one.name)
        if one.name not in _SAID_ELSEWHERE and old != new:
            yield Detail(f"index {one.name.replace('_', ' ')}", shown(old), shown(new))


def _beyond_statements(reference: Table, side: Table) -> Iterator[Difference]:
    names = {column.name for column in reference.columns} & {column.name for column in side.columns}
    old, new = ([one.name for one in table.columns if one.name in names] for table in (reference, side))
    if old != new:
        detail = Detail("order", ", ".join(old), ", ".join(new))
        yield Difference(("column order", *reference.name), "different", (detail,))
    own = dict(_inheritable(side))
    for address, one in _inheritable(reference):
        other = own.get(address)
        if other is not None and one.is_local != other.is_local:
            detail = Detail("is its own", shown(one.is_local), shown(other.is_local))
            yield Difference(("inheritance", *address), "different", (detail,))


def _inheritable(table: Table) -> Iterator[tuple[tuple[str, ...], Any]]:
    keys = [key for key in (table.primary_key, *table.uniques) if key is not None]
    for kind, parts in (
        ("column", table.columns),
        ("key", keys),
        ("foreign key", table.foreign_keys),
        ("check", table.checks),
        ("exclusion", table.exclusions),
    ):
        for part in parts:
            yield (kind, *table.name, part.name), part
