"""Fixtures of the shadow tests: a folder of migrations, and what is left on the server afterwards."""

import pytest

from pgready.commands.shadow import ShadowPlan, replayed
from pgready.project.url import parse


class Told(list):
    """The events of one run."""

    def kinds(self):
        return [event.kind for event in self]


@pytest.fixture
def told():
    """A teller that remembers."""
    return Told()


@pytest.fixture
def replay(database, told):
    """`replay(project, url=None, main=…, choice="server", schemas=())`: the folder's catalog, by a throw-away database."""

    def run(project, *, url=None, main=database.url, choice="auto", schemas=(), counted=None, search_path=None):
        choice = choice if url or choice != "auto" else "server"
        plan = ShadowPlan(
            parse(url, "shadow") if url else None, parse(main) if main else None, choice, schemas, search_path
        )
        return replayed(plan, str(project.migrations), told.append, counted)

    return run


@pytest.fixture
def shadows(database):
    """The shadow databases on the server."""

    def listed():
        return [
            name for (name,) in database.query("SELECT datname FROM pg_database WHERE datname LIKE 'pgready_shadow_%'")
        ]

    return listed
