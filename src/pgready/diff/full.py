"""Full mode's diff: what differs between two catalogs, in everything that a catalog holds.

Not a difference, since no statement could make it one: the order of columns, whether a column or constraint that both
sides have came from a parent first, and whether an index that a broken CREATE INDEX CONCURRENTLY left is valid. Things
are known by their names: a table of another name is another table. Indexes and constraints that are the same but for
their names are renamed.
"""

from __future__ import annotations

from dataclasses import dataclass

from pgready.catalog.model import Catalog
from pgready.diff.full_elements import Address, Element, Value, different_elements
from pgready.diff.full_renames import Renamed, renames, with_renames


@dataclass(frozen=True, slots=True)
class Created:
    """Something that only `after` has, with all that belongs to it."""

    address: Address
    after: Value


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something that only `before` has, with all that belongs to it."""

    address: Address
    before: Value


@dataclass(frozen=True, slots=True)
class Altered:
    """Something that both have and that is not the same by itself; its parts have changes of their own."""

    address: Address
    before: Value
    after: Value


FullChange = Created | Dropped | Altered | Renamed


def full_changes(before: Catalog, after: Catalog) -> tuple[FullChange, ...]:
    """What turns `before` into `after`, sorted by address; none if they are the same.

    What is created or dropped with something else is not told by itself.
    """
    if before == after:
        return ()
    renamed = renames(before, after)
    found = (*renamed, *compared(*different_elements(with_renames(before, renamed), after)))
    return tuple(sorted(found, key=lambda one: one.address))


def compared(old: dict[Address, Element], new: dict[Address, Element]) -> list[FullChange]:
    """The changes between elements."""
    found: list[FullChange] = []
    for address, one in new.items():
        there = old.get(address)
        if there is None:
            if one.parent not in new or one.parent in old:
                found.append(Created(address, one.value))
        elif there.own != one.own:
            found.append(Altered(address, there.value, one.value))
    for address, one in old.items():
        if address not in new and (one.parent not in old or one.parent in new):
            found.append(Dropped(address, one.value))
    return found
