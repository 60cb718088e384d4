"""`--since`: which migrations are new, and what the version that still runs knows of the database."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from pgready.catalog.model import Catalog
from pgready.commands.schema_trouble import refuse_invalid
from pgready.commands.sides import Project, read_snapshot
from pgready.errors import UsageInvalid
from pgready.hazards.rolling.running import Running, running_of
from pgready.history.model import Migration
from pgready.project.folder import load
from pgready.project.git import git
from pgready.project.git_folder import files_at, folder_at
from pgready.project.resolution import schema_path
from pgready.project.schema_files import decode, default_files, files_below, read_text
from pgready.psl.analyse import analyse
from pgready.psl.schema import Schema
from pgready.psl.source import Source

_PLACES = ("prisma/schema.prisma", "schema.prisma", "prisma/schema", "prisma")
_FOLDER = "migrations"


@dataclass(frozen=True, slots=True)
class Since:
    """What `--since` names. `names` are the migrations that it has, None where only the structure tells.

    `running` is what its code knows, `schema` the Prisma schema that says so, `snapshot` a catalog of the running
    database.
    """

    title: str
    names: frozenset[str] | None
    running: Running
    schema: Schema | None = None
    snapshot: Catalog | None = None


def since_of(text: str, folder: str, project: Project) -> Since:
    """A Git ref, a migrations folder, a Prisma schema (a file or a folder) or a snapshot file.

    Raises UsageInvalid for a ref that Git does not know, and for a file that is none of them.
    """
    path = os.path.join(project.cwd, text)
    if os.path.isfile(path) or (os.path.isdir(path) and not _is_ref(folder, text)):
        return _of_path(text, project)
    return _of_ref(text, folder, project)


def _is_ref(folder: str, text: str) -> bool:
    place = folder if os.path.isdir(folder) else "."
    return git(place, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{text}^{{commit}}") is not None


# ── a Git ref ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _of_ref(ref: str, folder: str, project: Project) -> Since:
    try:
        with folder_at(folder, ref) as old:
            names = _names(load(old)) if os.listdir(old) else frozenset()
    except UsageInvalid as e:
        if e.code != "git_folder_missing":
            raise
        names = frozenset()  # the folder itself is new
    schema = _schema_at(ref, project)
    return Since(ref, names, _running(schema, ref, project), schema)


def _names(migrations: Sequence[Migration]) -> frozenset[str]:
    return frozenset(one.name for one in migrations)


def _schema_at(ref: str, project: Project) -> Schema | None:
    """The schema that the ref has, where it is now or at Prisma's own places; None if it has none."""
    said, _, _ = schema_path(project.flags, project.environ, project.cwd)
    for place in [said] if said else _PLACES:
        path = os.path.join(project.cwd, place)
        if found := files_at(path, ref, ".prisma"):
            shown = [(os.path.relpath(file, project.cwd), data) for file, data in found]
            return _analysed([Source(f"{file}@{ref}", decode(data, file)) for file, data in shown if not _apart(file)])
    return None


def _apart(file: str) -> bool:
    """Prisma does not look into these folders."""
    return bool({"migrations", "node_modules"} & set(file.split(os.sep)[:-1]))


def _analysed(sources: Sequence[Source]) -> Schema | None:
    if not any(one.text.strip() for one in sources):
        return None
    found = analyse(list(sources))
    if found.schema is None:
        raise refuse_invalid(found.diagnostics, " ".join(one.path for one in sources))
    return found.schema


def _running(schema: Schema | None, title: str, project: Project) -> Running:
    if schema is None:
        return Running(title)
    url = project.settings.url
    return running_of(schema, (url.schema if url else None) or "public", title)


# ── a file or a folder ────────────────────────────────────────────────────────────────────────────────────────────────


def _of_path(text: str, project: Project) -> Since:
    path = text.rstrip("/") or text
    if os.path.isfile(path) and path.endswith(".json"):
        return Since(text, None, Running(text), snapshot=read_snapshot(path))
    if os.path.isfile(path) and not path.endswith(".prisma"):
        raise UsageInvalid(
            f"{text} says nothing about the version that runs",
            where=text,
            then="--since takes a Git ref, a migrations folder, a Prisma schema (.prisma) or a snapshot (.json)",
            code="since_unknown",
        )
    if os.path.isfile(path):
        files, beside = [path], os.path.join(os.path.dirname(path), _FOLDER)
    elif _is_migrations(path):
        files, beside = default_files(os.path.dirname(path) or "."), path
        files = [os.path.join(os.path.dirname(path), one) for one in files]
    else:
        files, beside = files_below("", path), os.path.join(path, _FOLDER)
        if not files and not os.path.isdir(beside):
            raise UsageInvalid(
                f"{text} holds neither migrations nor a Prisma schema",
                where=text,
                then="--since takes a Git ref, a migrations folder, a Prisma schema (.prisma) or a snapshot (.json)",
                code="since_unknown",
            )
    schema = _analysed([Source(one, read_text(one, one)) for one in files])
    own = os.path.realpath(project.settings.migrations)
    names = None
    if os.path.isdir(beside) and os.path.realpath(beside) != own:
        names = _names(load(beside))
    if names is None and schema is None:
        raise UsageInvalid(
            f"{text} is the migrations folder itself: nothing is new since it",
            where=text,
            then="name the folder of the version that runs, or its Git ref",
            code="since_itself",
        )
    return Since(text, names, _running(schema, text, project), schema)


def _is_migrations(path: str) -> bool:
    names = os.listdir(path)
    has_scripts = any(os.path.isfile(os.path.join(path, name, "migration.sql")) for name in names)
    return has_scripts or any(name.lower().endswith(".sql") for name in names)
