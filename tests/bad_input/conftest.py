"""A server that is too old for pgready, from the same npm packages as the matrix."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from pgready.embedded import EmbeddedServer

TOOLS = os.path.join(os.path.dirname(__file__), "..", "..", "tools", "servers.py")


@pytest.fixture
def make_old_server(make_server) -> Callable[[], EmbeddedServer]:
    """A factory of PostgreSQL 13 servers; skips where its programs cannot be had."""

    def make() -> EmbeddedServer:
        found = subprocess.run([sys.executable, TOOLS, "13"], capture_output=True, text=True, check=False)
        if found.returncode != 0:
            pytest.skip(f"no programs of PostgreSQL 13 here: {found.stderr.strip().splitlines()[-1]}")
        return make_server(bindir=found.stdout.strip(), password=None)

    return make
