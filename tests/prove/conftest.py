"""A shop with migrations and contracts, and proofs of it run as users run them."""

import io
import json
import os
import subprocess
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fix_boot import Project
from pgready.cli.main import main

INIT = """
CREATE SCHEMA shop;
CREATE TYPE shop.status AS ENUM ('open', 'paid', 'void');
CREATE TABLE shop.client (id uuid PRIMARY KEY, name text NOT NULL, email text UNIQUE);
CREATE TABLE shop.invoice (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES shop.client,
  number bigint NOT NULL UNIQUE,
  status shop.status NOT NULL DEFAULT 'open',
  created_at timestamptz NOT NULL DEFAULT now()
);
"""
INDEX = "CREATE INDEX invoice_client_id_created_at_idx ON shop.invoice (client_id, created_at DESC, id DESC);"
BY_CLIENT = """\
-- name: invoices_by_client
SELECT * FROM shop.invoice WHERE client_id = :client
ORDER BY created_at DESC, id DESC LIMIT :limit;
"""
BY_ID = """\
-- name: invoice_by_id
SELECT * FROM shop.invoice WHERE id = :id;
"""
PROFILE = """\
default_rows = 1_000_000

[tables."shop.client"]
rows = 50_000

[tables."shop.invoice"]
rows = 2_000_000
columns.client_id = { distinct = 50_000, top_share = 0.00004 }
"""


@dataclass
class Shop:
    """A project with a profile; the command runs on the run's server programs."""

    project: Project
    bindir: str

    @property
    def path(self) -> Path:
        """Its folder."""
        return self.project.path

    def contract(self, text: str, name: str = "invoices.sql") -> Path:
        """Write a file of contracts."""
        file = self.path / "contracts" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        return file

    @property
    def env(self) -> dict[str, str]:
        """The embedded server's programs are those that the run tests."""
        return {"PGREADY_EMBEDDED_BIN": self.bindir, "TMPDIR": os.environ.get("TMPDIR", "/tmp")}

    def prove(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """The command in this process: what a process of its own costs is its imports."""
        out, err = io.StringIO(), io.StringIO()
        environ, folder = dict(os.environ), os.getcwd()
        try:
            os.environ.clear()
            os.environ.update(self.project.env(None, self.env))
            os.chdir(self.path)
            with redirect_stdout(out), redirect_stderr(err):
                code = main(["prove", *arguments])
        finally:
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(environ)
        return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())

    def data(self, *arguments: str, code: int) -> Any:
        """What `--json` says, once the exit code is as expected."""
        done = self.prove("--json", *arguments)
        assert done.returncode == code, done.stdout + done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def shop(make_project, server) -> Callable[..., Shop]:
    """`shop(*migrations)`: the tables and what the migrations do then, with a profile and two contracts."""

    def make(*migrations: str, contracts: str = BY_CLIENT + BY_ID, profile: str | None = PROFILE) -> Shop:
        scripts = {f"{number}_step": script for number, script in enumerate((INIT, *migrations), 1)}
        made = Shop(make_project(migrations=scripts), server.binaries.bindir)
        made.contract(contracts)
        if profile is not None:
            (made.path / "profile.toml").write_text("# pgready profile\n" + profile)
        return made

    return make
