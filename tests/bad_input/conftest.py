"""A server that is too old for pgready, from the same npm packages as the matrix."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from pgready.embedded import EmbeddedServer
from pgready.embedded.launch import run_as
from pgready.embedded.place import account_for

TOOLS = os.path.join(os.path.dirname(__file__), "..", "..", "tools", "servers.py")


@pytest.fixture
def make_old_server(make_server, make_open_dir, monkeypatch) -> Callable[[], EmbeddedServer]:
    """A factory of PostgreSQL 13 servers; skips where its programs cannot be had."""

    def make() -> EmbeddedServer:
        found = subprocess.run([sys.executable, TOOLS, "13"], capture_output=True, text=True, check=False)
        if found.returncode != 0:
            pytest.skip(f"no programs of PostgreSQL 13 here: {found.stderr.strip().splitlines()[-1]}")
        # Our own launcher starts what pgready supports; here it has to start what pgready refuses.
        monkeypatch.setattr("pgready.embedded.binaries.OLDEST", 13)
        bindir, account = found.stdout.strip(), account_for()
        data = os.path.join(make_open_dir(), "data")
        os.mkdir(data, mode=0o700)
        os.chown(data, account.uid, account.gid)
        status, said = run_as(account, [os.path.join(bindir, "initdb"), "-D", data, "-U", "postgres", "--no-sync"])
        assert status == 0, said
        return make_server(bindir=bindir, data_dir=data)

    return make
