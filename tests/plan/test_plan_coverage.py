"""The catalogs by chance leave nothing out: every field of every kind of object is there with a value of its own."""

import dataclasses
from collections import Counter

import pytest
from catalogs_by_chance import REQUIRES, catalog_by_chance

from pgready.catalog import aggregate, grants, model, table, types  # noqa: F401
from pgready.catalog.model import Catalog
from pgready.diff.full import full_changes

VERSIONS = dict.fromkeys(("citext", "btree_gist", "earthdistance", *REQUIRES["earthdistance"]), "1.0")
SEEDS = range(12)
NOT_MADE = {
    # The server's or the session's: another place for files or another access method has to be there first.
    ("Table", "access_method"),
    ("Table", "tablespace"),
    ("Index", "tablespace"),
    # By hand in test_plan_create_hard.py: PostgreSQL 18's temporal keys, and what takes an extension to be a key.
    ("Key", "without_overlaps"),
    ("ForeignKey", "period"),
    # By hand there, too: one of a partitioned table, since 17.
    ("Exclusion", "is_local"),
    # No plan makes an index that a broken CREATE INDEX CONCURRENTLY left.
    ("Index", "is_valid"),
    # No part of the structure.
    ("Extension", "is_relocatable"),
}


@pytest.fixture(scope="module")
def fields() -> Counter[tuple[str, str]]:
    """How often a field of a kind of object has another value than its default, in all catalogs together."""
    found: Counter[tuple[str, str]] = Counter()
    for seed in SEEDS:
        _count(catalog_by_chance(seed, 18, VERSIONS), found)
    return found


def _count(value: object, found: Counter[tuple[str, str]]) -> None:
    if dataclasses.is_dataclass(value):
        for one in dataclasses.fields(value):
            inner = getattr(value, one.name)
            if one.default is dataclasses.MISSING or inner != one.default:
                found[type(value).__name__, one.name] += 1
            _count(inner, found)
    elif isinstance(value, tuple):
        for inner in value:
            _count(inner, found)


def _kinds(kind: type) -> set[type]:
    """A catalog's classes."""
    modules = (model, table, types, grants)
    return {
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and dataclasses.is_dataclass(one) and one is not kind
    }


def test_every_field_of_every_kind(fields):
    """A field that the catalog learns has to come into the generator, or among those that no plan can make."""
    wanted = {(kind.__name__, one.name) for kind in _kinds(Catalog) for one in dataclasses.fields(kind)}
    assert wanted - fields.keys() == NOT_MADE
    assert wanted >= NOT_MADE


def test_every_kind_of_change():
    """Of two turns every kind of element is created, dropped and altered, as far as it can be."""
    found: dict[str, set[str]] = {}
    for seed in SEEDS:
        first, second = (catalog_by_chance(seed, 18, VERSIONS, turn) for turn in (0, 1))
        for pair in ((first, second), (first, catalog_by_chance(seed + 1000, 18, VERSIONS))):
            for change in full_changes(*pair):
                found.setdefault(change.address[0], set()).add(type(change).__name__)
    whole = {"Created", "Dropped", "Altered"}
    altered = {kind for kind, ways in found.items() if "Altered" in ways}
    # Owners that only one side knows, and partitions that change sides, are by hand in test_plan_full_hard.py.
    assert {kind for kind, ways in found.items() if not ways >= whole - {"Altered"}} == {"owner", "partition"}
    assert altered >= {
        "check", "column", "comment", "composite", "default", "domain", "domain check", "enum", "foreign key", "grants",
        "identity", "index", "key", "not null", "owner", "policy", "sequence", "table", "trigger state", "view",
    }  # fmt: skip
