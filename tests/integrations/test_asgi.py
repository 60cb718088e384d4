"""The ASGI lifespan on a real FastAPI application and a real database."""

from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from pgready.errors import NotReady
from pgready.integrations.asgi import lifespan

MIGRATIONS = {"1_one": "CREATE TABLE a (id int); INSERT INTO a VALUES (7);"}


def test_application_starts_on_a_ready_database(database, make_project, monkeypatch):
    """With `migrate` the first request already finds the table, and the inner lifespan's state is kept."""
    project = make_project(migrations=MIGRATIONS)
    monkeypatch.chdir(project.path)

    @asynccontextmanager
    async def inner(_app):
        yield {"found": database.query("SELECT id FROM a")}

    app = FastAPI(lifespan=lifespan(inner, migrate=True, url=database.url))
    with TestClient(app) as client:
        assert client.app_state["found"] == [(7,)]


def test_application_does_not_start_before_the_schema(database, make_project, monkeypatch):
    """Without `migrate` an application whose migrations nobody applies never starts."""
    project = make_project(migrations=MIGRATIONS)
    monkeypatch.chdir(project.path)
    app = FastAPI(lifespan=lifespan(url=database.url, timeout="300ms"))
    with pytest.raises(NotReady), TestClient(app):
        pytest.fail("the application started on an empty database")
    assert database.query("SELECT to_regclass('a')") == [(None,)]
