"""A database of one catalog is turned into one of another, in everything that a catalog holds; a second diff is empty."""

import os

import pytest
from catalogs_by_chance import catalog_by_chance
from fully import turn_into
from rebuilt import run

from pgready.catalog.fingerprint import fingerprint
from pgready.catalog.model import Catalog, Schema
from pgready.diff.full import full_changes
from pgready.plan.create import creation
from pgready.plan.full import full_plan

pytestmark = pytest.mark.matrix

SEEDS = int(os.environ.get("PGREADY_FULL_DIFF", "4"))
NEW = Catalog(schemas=(Schema("public"),))
"""What a new database holds."""


@pytest.fixture
def catalog(roles, server, database):
    """`catalog(seed, turn=0)`: a catalog by chance for the run's server."""
    extensions = dict(database.query("SELECT name, default_version FROM pg_available_extensions"))
    return lambda seed, turn=0: catalog_by_chance(seed, server.major, extensions, turn)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_altered(seed, catalog, database):
    """A catalog becomes one of the same names in which most things are otherwise, and becomes the first again."""
    first, second = catalog(seed), catalog(seed, turn=1)
    run(database.url, creation(first))
    turn_into(database.url, second)
    turn_into(database.url, first)


@pytest.mark.parametrize("seed", range(100, 100 + (SEEDS + 1) // 2))
def test_another(seed, catalog, database):
    """A new database becomes a catalog, the catalog another that has next to nothing of it, and that one a new one."""
    turn_into(database.url, catalog(seed))
    turn_into(database.url, catalog(seed + 1000))
    turn_into(database.url, NEW)


def test_nothing(catalog):
    """A catalog does not differ from itself, and nothing is to be done."""
    one = catalog(3)
    assert full_changes(one, one) == ()
    assert full_plan(one, one).script == ""


def test_the_same_plan(catalog):
    """Two catalogs give one plan; of every seed the catalogs of two turns differ in much."""
    first, second = catalog(3), catalog(3, turn=1)
    plan = full_plan(first, second)
    assert plan == full_plan(catalog(3), catalog(3, turn=1))
    assert fingerprint(first) != fingerprint(second)
    kinds = {type(change).__name__ for change in full_changes(first, second)}
    assert kinds >= {"Created", "Dropped", "Altered"}
