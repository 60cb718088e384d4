"""Starts that stand in no container file: scripts of package.json, and Procfiles."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping

from pgready.setup import dockerfile
from pgready.setup.change import Change
from pgready.setup.choice import Choice
from pgready.setup.found import Service, Survey
from pgready.setup.prisma_calls import calls_prisma, without
from pgready.setup.tree import Tree, base, join

STARTS = ("start", "prestart", "poststart", "serve", "start:prod")
_RUNNERS = ("npm", "pnpm", "yarn", "bun")


def starting_scripts(text: str) -> Mapping[str, str]:
    """The scripts of a package.json that run at a start and call Prisma's CLI, by their names."""
    try:
        scripts = json.loads(text or "{}").get("scripts", {})
    except (ValueError, AttributeError):
        return {}
    if not isinstance(scripts, dict):
        return {}
    return {name: str(command) for name, command in scripts.items() if name in STARTS and calls_prisma(str(command))}


def migrating_package(tree: Tree, service: Service) -> str:
    """The package.json by whose script the service's image starts, and migrates by Prisma's CLI; "" for none."""
    path = join(service.folder, "package.json")
    stage = dockerfile.final(tree.text(service.dockerfile)) if service.dockerfile else None
    start = " ".join(one.text for name in ("ENTRYPOINT", "CMD") if stage and (one := stage.last(name)) is not None)
    runs = re.search(rf"\b(?:{'|'.join(_RUNNERS)})\b.*\b(?:start|serve)\b", start)
    return path if runs and starting_scripts(tree.text(path)) else ""


def start_changes(found: Survey, choice: Choice, notes: list[str]) -> list[Change]:
    """Prisma's CLI out of what npm or a Procfile starts, and pgready in its place."""
    if "entrypoints" not in choice.parts:
        return []
    behind = {path for one in found.services if (path := migrating_package(found.tree, one))}
    changes = []
    for path in sorted(found.tree.paths):
        if base(path) == "package.json" and starting_scripts(found.tree.text(path)):
            if path in behind:
                changes += list(_package(found.tree, path))
            else:
                names = ", ".join(starting_scripts(found.tree.text(path)))
                notes.append(
                    f"{path}: {names} calls Prisma's CLI, and no Dockerfile starts it: take the call out,"
                    " and start it by  pgready wait -- COMMAND"
                )
    return [*changes, *_procfile(found, choice, notes)]


def _package(tree: Tree, path: str) -> Iterator[Change]:
    before = after = tree.text(path)
    for name, command in starting_scripts(before).items():
        rest = without(command)
        pattern = re.compile(rf'("{re.escape(name)}"\s*:\s*){re.escape(json.dumps(command, ensure_ascii=False))}')
        found = pattern.search(after)
        if found is not None:
            # A script that did nothing else stays, since somebody may call it: it succeeds.
            kept = json.dumps(rest or "true", ensure_ascii=False)
            after = after[: found.start()] + found[1] + kept + after[found.end() :]
    if not starting_scripts(after):
        yield Change(path, "entrypoints", before, after, ("Prisma's CLI is gone from its start: pgready migrates",))


def _procfile(found: Survey, choice: Choice, notes: list[str]) -> Iterator[Change]:
    before = found.tree.text("Procfile")
    lines = before.split("\n")
    for at, line in enumerate(lines):
        name, colon, command = line.rstrip("\r").partition(":")
        if not colon or not calls_prisma(command) or name.startswith("#"):
            continue
        rest = without(command)
        plain = dockerfile.plain_words(rest.replace("$PORT", "PORT")) if rest else ()
        words = rest.removeprefix("exec ") if plain else f"sh -c {shlex.quote(rest)}"
        verb = choice.verb(name.strip())
        start = f"pgready {verb} -- {words}" if rest else "pgready migrate deploy"
        lines[at] = f"{name}: {start}" + ("\r" if line.endswith("\r") else "")
    after = "\n".join(lines)
    if after != before:
        yield Change("Procfile", "entrypoints", before, after, ("pgready in place of Prisma's CLI",))
        if not any(re.search(r"^\s*[\"']?pgready\b", found.tree.text(one), re.M) for one in ("requirements.txt",)):
            notes.append("Procfile: pgready has to be among the dependencies that the platform installs")
