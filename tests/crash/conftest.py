"""Fixtures of the crash tests: one server that may be stopped at any moment, one driver, one proxy."""

import itertools
from collections.abc import Callable, Iterator

import psycopg
import pytest
from crash_harness import Crash, Driver, proved
from crash_history import history

from fix_boot import SOURCE, Project
from fix_server import PASSWORD, Database, find_default_bindir
from pgready.embedded import EmbeddedServer


@pytest.fixture(scope="module")
def brittle_server() -> Iterator[EmbeddedServer]:
    """A server of this module's own."""
    with EmbeddedServer(find_default_bindir(), password=PASSWORD) as server:
        yield server


@pytest.fixture(scope="module")
def make_crash(
    brittle_server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Crash]]:
    """A factory: `make_crash(source=None, **sleeps)`, a project with the history that crashes."""
    made: list[Crash] = []

    def make(source: str | None = None, **sleeps: float) -> Crash:
        folder = tmp_path_factory.mktemp("crash")
        project = Project(folder, ("public", "financial"))
        project.write_schema()
        for name, script in history(**sleeps).items():
            project.migration(name, script)
        if source:
            project.environ["PYTHONPATH"] = source
        made.append(Crash(brittle_server, Driver(folder, source or SOURCE), project))
        return made[-1]

    yield make
    for crash in made:
        crash.driver.close()
        crash.proxy.close()


@pytest.fixture(scope="module")
def make_module_database(brittle_server: EmbeddedServer) -> Callable[[], Database]:
    """A factory of databases that end with the server."""
    numbers = itertools.count(1)

    def make() -> Database:
        database = Database(brittle_server, f"truth_{next(numbers)}")
        with psycopg.connect(brittle_server.url(tcp=False), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {database.name}".encode())
        return database

    return make


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figure that the issue asks for."""
    if proved:
        text = f"{len(proved)} crashes, each followed by boots to the catalog, data and history of an undisturbed run"
        terminalreporter.write_line(text)
