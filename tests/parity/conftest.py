"""Fixtures of the parity tests: the rich database with ground for the plants, and reading it."""

import itertools

import psycopg
import pytest
from parity_ground import RICH, Planted, make_roles
from parity_plants import base

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def planted(server):
    """A database of the rich script and of the plants' ground."""
    make_roles(server)
    name = f"parity_{next(_numbers)}"
    with psycopg.connect(server.url(tcp=False), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        with psycopg.connect(server.url(name, tcp=False), autocommit=True) as inside:
            inside.execute(RICH)
            inside.execute(base(server.major))
        found = Planted(server.url(name, tcp=False))
        yield found
        found.close()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
