"""The platform's processes (tests/backoffice), a server for its roles, and the checkers of container files."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "backoffice"))

from backoffice_platform import Platform, platform_on  # noqa: E402

from fix_server import PASSWORD, find_default_bindir  # noqa: E402
from pgready.embedded import EmbeddedServer  # noqa: E402

Check = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def check() -> Check:
    """Run a checker that came from the package index, or skip with a word."""
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])

    def run(program: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
        found = shutil.which(program, path=path)
        if found is None:
            pytest.skip(f"{program} is not installed")
        return subprocess.run([found, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60)

    return run


@pytest.fixture(scope="session")
def deploy_server() -> Iterator[EmbeddedServer]:
    """A server of its own: the platform's roles belong to a server as a whole."""
    with EmbeddedServer(find_default_bindir(), password=PASSWORD) as server:
        yield server


@pytest.fixture
def platform(deploy_server: EmbeddedServer, tmp_path: Path) -> Iterator[Platform]:
    """A database with its roles; nothing runs yet."""
    with platform_on(deploy_server, tmp_path, f"deploy_{tmp_path.name}"[:60]) as one:
        yield one
