"""Fixtures of the plan tests: the roles that owners and grants name, and databases made out of catalogs."""

import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "catalog"))

from catalog_read import read_url
from rebuilt import differences, run

from pgready.catalog.model import Catalog
from pgready.embedded import EmbeddedServer
from pgready.plan.create import creation

ROLES = ("catalog_app", "catalog_owner", 'Röle "x"')


@pytest.fixture(scope="session")
def roles(server: EmbeddedServer) -> EmbeddedServer:
    """The run's server with the roles that the catalogs name; two of them are those of the catalog tests."""
    with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
        there = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for name in ROLES:
            if name not in there:
                connection.execute(psycopg.sql.SQL("CREATE ROLE {}").format(psycopg.sql.Identifier(name)))
    return server


@pytest.fixture
def rebuild(roles, make_database) -> Callable[..., tuple[Catalog, object]]:
    """`rebuild(database)`: its catalog, made again in a fresh database, is equal; the catalog and the new database."""

    def rebuilt(database):
        before = read_url(database.url)
        other = make_database()
        run(other.url, creation(before, drop_public=True))
        after = read_url(other.url)
        assert differences(before, after) == []
        return before, other

    return rebuilt


@pytest.fixture
def read_back() -> Callable[..., Catalog]:
    """`read_back(database)`: its catalog."""
    return lambda database: read_url(database.url)
