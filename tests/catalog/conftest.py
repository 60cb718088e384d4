"""Fixtures of the catalog tests: the rich database, and reading any database as a catalog."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from catalog_read import read_url

from pgready.catalog.model import Catalog
from pgready.embedded import EmbeddedServer

RICH = (Path(__file__).parent / "rich.sql").read_text(encoding="utf-8")
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def catalog_server(server: EmbeddedServer) -> EmbeddedServer:
    """The run's server with the two roles of the rich script, by names that never change."""
    with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
        there = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for name in sorted({"catalog_app", "catalog_owner"} - there):
            connection.execute(f"CREATE ROLE {name}")
    return server


@pytest.fixture
def read() -> Callable[..., Catalog]:
    """`read(database_or_role, schemas=None)`: its catalog."""
    return lambda place, schemas=None: read_url(place.url, schemas)


@pytest.fixture
def rich_database(catalog_server, make_database):
    """A database made by the rich script, for tests that change it; a session with a temporary table is open in it."""
    found = make_database()
    with found.connect() as connection:
        connection.execute(RICH)
        yield found


@pytest.fixture(scope="session")
def rich(catalog_server: EmbeddedServer) -> Iterator[Catalog]:
    """The catalog of what the rich script makes, read while its temporary table is there."""
    name = f"catalog_rich_{next(_numbers)}"
    with psycopg.connect(catalog_server.url(tcp=False), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        with psycopg.connect(catalog_server.url(name, tcp=False), autocommit=True) as inside:
            inside.execute(RICH)
            catalog = read_url(catalog_server.url(name))
        yield catalog
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
