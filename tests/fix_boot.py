"""Running pgready as users do, as a process of its own, on a project of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

SOURCE = str(Path(__file__).parents[1] / "src")


@dataclass
class Project:
    """A folder with a Prisma schema and migrations."""

    path: Path
    schemas: tuple[str, ...] = ()
    environ: dict[str, str] = field(default_factory=dict)

    def write_schema(self, text: str | None = None) -> None:
        """A Prisma 6 datasource, or `text`."""
        names = ", ".join(f'"{s}"' for s in self.schemas)
        listed = f"  schemas  = [{names}]\n" if self.schemas else ""
        body = f'datasource db {{\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n{listed}}}\n'
        (self.path / "prisma").mkdir(exist_ok=True)
        (self.path / "prisma/schema.prisma").write_text(body if text is None else text)

    @property
    def migrations(self) -> Path:
        """The Prisma migrations folder."""
        return self.path / "prisma/migrations"

    def migration(self, name: str, script: str | bytes) -> Path:
        """Write one migration and return its file."""
        file = self.migrations / name / "migration.sql"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(script if isinstance(script, bytes) else script.encode())
        return file

    def command(self, *arguments: str) -> list[str]:
        """The command line of `pgready ARGUMENTS` as this Python would run it."""
        return [sys.executable, "-m", "pgready", *arguments]

    def env(self, url: str | None, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """An environment without any setting of the machine's own."""
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "DATABASE", "DIRECT", "PRISMA"))}
        keep |= {"PYTHONPATH": SOURCE, **self.environ, **(extra or {})}
        if url is not None:
            keep["DATABASE_URL"] = url
        return keep

    def run(
        self, *arguments: str, url: str | None = None, env: Mapping[str, str] | None = None, timeout: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """Run to the end and return exit code, stdout and stderr."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.path,
            env=self.env(url, env),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def start(
        self, *arguments: str, url: str | None = None, env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        """Start and leave running; the test ends it."""
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.path,
            env=self.env(url, env),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[..., Project]:
    """A factory of projects below the test's folder."""

    def make(name: str = "app", schemas: tuple[str, ...] = (), migrations: Mapping[str, str] | None = None) -> Project:
        path = tmp_path / name
        path.mkdir()
        project = Project(path, schemas)
        project.write_schema()
        for migration, script in (migrations or {}).items():
            project.migration(migration, script)
        return project

    return make
