"""The platform for the tests of this folder: one server, one database, all services, in each process of the run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from backoffice_platform import Platform, platform_on

from fix_server import PASSWORD, find_default_bindir
from pgready.embedded import EmbeddedServer


@pytest.fixture(scope="session")
def backoffice_server() -> Iterator[EmbeddedServer]:
    """A server of its own: the platform's roles belong to a server as a whole."""
    with EmbeddedServer(find_default_bindir(), password=PASSWORD) as server:
        yield server


@pytest.fixture(scope="module")
def platform(backoffice_server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The platform, every service started at once from nothing."""
    logs: Path = tmp_path_factory.mktemp("backoffice")
    with platform_on(backoffice_server, logs, f"backoffice_{logs.name}") as one:
        one.start_all()
        yield one
