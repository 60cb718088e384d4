"""What the steps of a smoke run share: the project, the ground, the databases that earlier steps made."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from pgready.catalog.model import Catalog
from pgready.commands.smoke.ground import Ground
from pgready.history.model import Row
from pgready.postgres.introspection import introspect
from pgready.project.resolution import resolve
from pgready.project.settings import Settings
from pgready.project.smoke_settings import SmokeSettings
from pgready.report.story import Event, Teller, silent

SILENCE = 60.0
"""Nothing said by any child for so long (seconds): it is stuck. A slow machine is not."""
_OTHERS = ("PG", "DATABASE_", "DIRECT_", "SHADOW_", "PGREADY_URL", "PGREADY_DIRECT", "PGREADY_SHADOW")


class Failed(Exception):  # noqa: N818 - a finding, which ends its step
    """What a step was to show did not hold."""

    def __init__(self, text: str, lines: Sequence[str] = (), data: Mapping[str, object] | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.lines = tuple(lines)
        self.data = dict(data or {})


class Skipped(Exception):  # noqa: N818 - as above
    """The step does not apply."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a step showed."""

    text: str
    lines: tuple[str, ...] = ()
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for: numbers are those of the flags, else of the settings, else the defaults."""

    refs: tuple[str, ...]
    replicas: int
    rows: int
    seed: str
    url: str | None = None
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()


class Run:
    """The state of a run. `variables` are the names under which the project reads its URLs."""

    def __init__(
        self,
        request: Request,
        wanted: SmokeSettings,
        flags: Mapping[str, object],
        ground: Ground,
        tell: Teller,
        variables: Sequence[str],
        refs: Mapping[str, str],
    ) -> None:
        self.request = request
        self.wanted = wanted
        self.flags = {name: value for name, value in flags.items() if value is not None}
        self.ground = ground
        self.refs = refs
        """Git ref to the folder that holds its migrations."""
        self.upgraded: dict[str, str] = {}
        """Git ref to the word of its upgraded database."""
        self.cwd = os.getcwd()
        self._tell = tell
        self._variables = variables
        self._fresh = ""
        self._catalog: Catalog | None = None

    def doing(self, text: str, **fields: object) -> None:
        """What is done now, for people."""
        self._tell(Event("doing", text, fields))

    # ── settings ──

    def settings(self, word: str, migrations: str | None = None) -> Settings:
        """The project's settings for a database of the ground; `migrations` is another folder than its own."""
        url = self.ground.url(word)
        flags = {**self.flags, "url": url, "direct_url": url}
        if migrations is not None:
            flags["migrations"] = migrations
        settings = resolve(flags, self.environ(), self.cwd)
        settings.notes = ()
        return settings

    def environ(self) -> dict[str, str]:
        """The environment without anything that names a database."""
        return {name: value for name, value in os.environ.items() if not name.startswith(_OTHERS)}

    def child_environ(self, word: str, *, tcp: bool = False) -> dict[str, str]:
        """A child's environment: every name that a URL is read by leads to this database, whatever `.env` says."""
        url = self.ground.url(word, tcp=tcp)
        names = {"DATABASE_URL", "DIRECT_URL", "PGREADY_URL", "PGREADY_DIRECT_URL", *self._variables}
        kept = {**self.environ(), **dict.fromkeys(names, url)}
        return {**kept, "PGREADY_LOG_FORMAT": "json", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}

    def boot_command(self, verb: str = "boot", *, flags: bool = True) -> list[str]:
        """`pgready boot` with the project's flags, as a child runs it; without them in another project's folder."""
        from pgready.commands.demo.stage import pgready

        given = [
            word
            for name in ("schema", "migrations", "config")
            if flags and name in self.flags
            for word in (f"--{name}", str(self.flags[name]))
        ]
        return [*pgready(), verb, *given]

    # ── databases ──

    @property
    def fresh(self) -> str:
        """The word of the database that was booted from nothing; made here if no step did. Raises PgreadyError."""
        if not self._fresh:
            from pgready.commands.boot import boot

            self.ground.create("fresh")
            self.doing("a fresh database")
            boot(self.settings("fresh"), silent)
            self._fresh = "fresh"
        return self._fresh

    @property
    def has_fresh(self) -> bool:
        """Whether it is there already."""
        return bool(self._fresh)

    def booted(self, word: str) -> None:
        """A step made the fresh database."""
        self._fresh = word

    @property
    def catalog(self) -> Catalog:
        """The fresh database's structure, read once."""
        if self._catalog is None:
            self._catalog = self.read(self.fresh)
        return self._catalog

    def read(self, word: str) -> Catalog:
        """A database's structure, every schema of it; the migrations table is part of it."""
        with self.ground.session(word) as session:
            return introspect(session)

    def history(self, word: str, settings: Settings | None = None) -> tuple[Row, ...]:
        """The rows of the project's migrations table; none where there is no table."""
        from pgready.postgres.server import ask
        from pgready.postgres.table import Table

        settings = settings or self.settings(word)
        with self.ground.session(word) as session:
            server = ask(session, settings.migrations_schema, settings.schemas)
            if not server.table_exists or server.table_schema is None:
                return ()
            return Table(server.table_schema).read(session)


@contextmanager
def part_of(folder: str, names: Sequence[str]) -> Iterator[str]:
    """A copy of a migrations folder that holds these migrations only; gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="pgready-") as place:
        target = os.path.join(place, os.path.basename(os.path.abspath(folder)))
        os.mkdir(target)
        for entry in os.listdir(folder):
            stem = entry.removesuffix(".sql").removesuffix(".up").removesuffix(".down")
            source = os.path.join(folder, entry)
            if os.path.isdir(source):
                if entry in names:
                    shutil.copytree(source, os.path.join(target, entry))
            elif stem in names or not entry.endswith(".sql"):
                shutil.copyfile(source, os.path.join(target, entry))
        yield target


def event_of(text: str) -> dict[str, object] | None:
    """An event of pgready's own story, or None for the words of somebody else."""
    if not text.startswith("{"):
        return None
    try:
        data = json.loads(text)
    except ValueError:
        return None
    return data if isinstance(data, dict) and "event" in data else None


def words_of(lines: Sequence[str], most: int = 12) -> tuple[str, ...]:
    """The last lines of a child as people read them."""
    found: list[str] = []
    for line in lines:
        event = event_of(line)
        if event is None:
            found.append(line)
            continue
        found.append(str(event.get("message", "")))
        if event["event"] == "error":
            for key in ("where", "detail", "then"):
                said = str(event.get(key, ""))
                found += [f"next: {said}" if key == "then" else said] if said else []
    return tuple(found[-most:])


def nothing() -> list[str]:
    """A command that does nothing and succeeds."""
    return [sys.executable, "-I", "-S", "-c", ""]
