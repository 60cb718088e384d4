"""init: look at a repository, plan, and write what somebody agreed to."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from pgready.commands.init.repository import read_tree
from pgready.errors import UsageInvalid
from pgready.project.suggest import nearest
from pgready.setup.change import Change
from pgready.setup.choice import PARTS, Choice
from pgready.setup.code_services import slug
from pgready.setup.found import Survey
from pgready.setup.known import broken_settings
from pgready.setup.migrator import default_migrator
from pgready.setup.plan import Plan, plan
from pgready.setup.survey import survey
from pgready.setup.tree import join


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for: parts, the service that migrates, and services named by hand (`NAME=COMMAND`).

    `version` is the release of pgready that images and CI install; `schema` the Prisma schema, below `folder`.
    """

    version: str
    folder: str = "."
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    migrates: str | None = None
    services: tuple[str, ...] = ()
    schema: str = ""


def look(request: Request) -> Survey:
    """What the repository has; raises UsageInvalid."""
    tree = read_tree(request.folder)
    broken = broken_settings(tree)
    if broken is not None:
        where, words = broken
        raise UsageInvalid(f"the file is no TOML: {words}", where=where, then="mend it, then: pgready init")
    schema = join("", request.schema)
    if schema and not any(path.endswith(".prisma") for path in (*tree.below(schema), schema) if path in tree.paths):
        known = ", ".join(schemas(survey(tree))) or "there is none here"
        raise UsageInvalid(f"{request.schema} is no Prisma schema of this repository", then=f"schemas: {known}")
    return survey(tree, _named(request.services), schema)


def schemas(found: Survey) -> tuple[str, ...]:
    """The Prisma schemas that it may be about: one, where that is known."""
    return (found.database.schema, *found.database.others) if found.database.schema else ()


def choose(request: Request, found: Survey) -> Choice:
    """What is wanted; raises UsageInvalid for a part or service that is none, or where there is nothing to set up."""
    for name in (*request.only, *request.skip):
        if name not in PARTS:
            near = nearest(name, PARTS)
            raise UsageInvalid(
                f"{name} is no part of init", then=f"did you mean {near}?" if near else f"there are {', '.join(PARTS)}"
            )
    names = [one.name for one in found.services]
    migrates = request.migrates
    if migrates is not None and migrates not in names:
        near = nearest(migrates, names)
        listed = ", ".join(names) or "none was found: name one with --service NAME=COMMAND"
        raise UsageInvalid(
            f"{migrates} is no service of this repository",
            then=f"did you mean {near}?" if near else f"services: {listed}",
        )
    if found.database.kind == "none":
        raise UsageInvalid(
            "there are no migrations here: no .prisma file with a datasource, no folder migrations/ with SQL files",
            where=found.tree.name,
            then="make the first one: pgready migrate dev --name init, or: mkdir migrations",
            code="nothing_to_set_up",
        )
    if found.database.others:
        where = "" if request.folder == "." else f" {request.folder}"
        raise UsageInvalid(
            f"there are several Prisma schemas, and each is a database of its own: {', '.join(schemas(found))}",
            where=found.tree.name,
            then=f"choose one: pgready init{where} --schema {found.database.schema}\n"
            "or set up each service in its folder: pgready init FOLDER",
            code="several_schemas",
        )
    parts = frozenset(request.only or PARTS) - frozenset(request.skip)
    return Choice(parts, migrates or default_migrator(found), request.version)


def planned(request: Request, found: Survey, choice: Choice) -> Plan:
    """What would be done; a file that is a link out of the repository is left alone."""
    made = plan(found, choice)
    root = os.path.realpath(request.folder)
    outside = {
        one.path: target
        for one in made.changes
        if os.path.commonpath([root, target := _place(request.folder, one)]) != root
    }
    if not outside:
        return made
    notes = [
        f"{path} is a link out of this repository, to {target}: it was left alone" for path, target in outside.items()
    ]
    return Plan(tuple(one for one in made.changes if one.path not in outside), (*made.notes, *notes))


def write(folder: str, changes: Sequence[Change]) -> None:
    """Write all of them, each whole.

    Raises UsageInvalid, and nothing is written, where a file is not any more as it was shown or may not be written.
    """
    for one in changes:
        path = _place(folder, one)
        if _now(path, one) != one.before:
            raise UsageInvalid(
                f"{one.path} changed while its difference was shown",
                where=one.path,
                then="pgready init",
                code="changed",
            )
        _may_write(path, one)
    for one in changes:
        try:
            _write(_place(folder, one), one)
        except OSError as e:
            raise UsageInvalid(
                f"{one.path} cannot be written: {e.strerror}", where=one.path, then="pgready init", code="output"
            ) from None


def _may_write(path: str, change: Change) -> None:
    """A file that is marked read-only is left so, by root too: whoever did it meant it."""
    above = os.path.dirname(path)
    while not os.path.exists(above):
        above = os.path.dirname(above)
    folder = os.path.relpath(above)
    if change.before is not None and not os.stat(path).st_mode & 0o222:
        what, then = f"{change.path} is read-only", f"chmod u+w {os.path.relpath(path)}"
    elif not os.path.isdir(above):
        what, then = f"{change.path} cannot be written: {folder} is no folder", f"move {folder} away"
    elif not os.access(above, os.W_OK | os.X_OK):
        what, then = f"{change.path} cannot be written: you may not write {folder}", f"chmod u+w {folder}"
    else:
        return
    leave_out = f"or leave it out: pgready init --skip {change.part}"
    raise UsageInvalid(f"{what}; nothing was written", where=change.path, then=f"{then}\n{leave_out}", code="output")


def _place(folder: str, change: Change) -> str:
    return os.path.realpath(os.path.join(folder, change.path))


def _now(path: str, change: Change) -> str | None:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as e:
        words = e.strerror if isinstance(e, OSError) else "it is not UTF-8"
        raise UsageInvalid(
            f"{change.path} cannot be read: {words}",
            where=change.path,
            then=f"make it readable, or leave it out: pgready init --skip {change.part}",
        ) from None


def _write(path: str, change: Change) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    mode = change.mode if change.before is None else os.stat(path).st_mode & 0o7777
    beside = f"{path}.{os.getpid()}.new"
    try:
        with open(beside, "w", encoding="utf-8", newline="") as file:
            file.write(change.after)
        os.chmod(beside, mode)
        os.replace(beside, path)
    finally:
        if os.path.exists(beside):
            os.unlink(beside)


def _named(texts: Sequence[str]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """`NAME=COMMAND` and `NAME@FOLDER=COMMAND`."""
    found = {}
    for text in texts:
        head, equals, command = text.partition("=")
        name, _, folder = head.partition("@")
        try:
            words = tuple(shlex.split(command))
        except ValueError:
            words = ()
        if not equals or not name.strip() or not words:
            raise UsageInvalid(
                f"--service {text} does not say which command", then="--service 'api=uvicorn app:app --port 8000'"
            )
        if not re.fullmatch(r"[A-Za-z0-9][\w.-]*", name.strip()):
            raise UsageInvalid(
                f"{name.strip()} is no name for a service: compose and Kubernetes take letters, digits, - and _",
                then=f"--service '{slug(name)}={command}'",
            )
        found[name.strip()] = (folder.strip("/ "), words)
    return found
