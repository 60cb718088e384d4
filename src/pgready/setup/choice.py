"""What is wanted of `init`, as a value, and what follows from it for each service."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pgready.setup.known import smoke_services
from pgready.setup.survey import Service, Survey
from pgready.setup.tree import Tree, base, inside, join

PARTS = ("settings", "docker", "entrypoints", "compose", "kubernetes", "ci", "pre-commit", "contracts")
Verb = Literal["boot", "wait"]


@dataclass(frozen=True, slots=True)
class Choice:
    """The parts to write, the service that migrates ("" for none), and the release that images install."""

    parts: frozenset[str]
    migrates: str
    version: str
    python: str = "3.12"
    postgres: str = "17"

    def verb(self, name: str) -> Verb:
        """How a service starts."""
        return "boot" if name == self.migrates else "wait"


def default_migrator(found: Survey) -> str:
    """The service that migrates if nobody says: one that does so today, else the first that serves HTTP."""
    from pgready.setup.package_scripts import migrating_package
    from pgready.setup.prisma_calls import calls_prisma, verb_of

    booting = [one.name for one in smoke_services(found.tree) if one.verb == "boot"]
    if booting and found.service(booting[0]) is not None:
        return booting[0]
    python = [one for one in found.services if one.language == "python"]
    for one in found.services:
        texts = [
            found.tree.text(one.dockerfile),
            *(found.tree.text(path) for path in found.scripts if one.folder == path.rpartition("/")[0]),
        ]
        composed = found.compose_services.get(one.name)
        if composed is not None:
            texts += [str(part.plain()) for key in ("entrypoint", "command") if (part := composed.get(key)) is not None]
        if any(verb_of(text) == "boot" for text in texts):
            return one.name
    for one in [*python, *found.services]:
        if calls_prisma(found.tree.text(one.dockerfile)) or migrating_package(found.tree, one):
            return one.name
    near = [one for one in python if one.folder and inside(found.database.schema, one.folder)]
    order = [*near, *(one for one in python if not one.is_worker), *python, *found.services]
    return order[0].name if order else ""


def from_root(service: Service, tree: Tree) -> tuple[tuple[str, ...], dict[str, str]]:
    """The command as it runs in the repository's root, and the variables that it needs there."""
    from pgready.setup.services import without_runner

    words = list(without_runner(service.command))
    if words and base(words[0]).startswith("python") and len(words) > 1 and words[1].endswith(".py"):
        words[1] = join(service.folder, words[1])
        return tuple(words), {}
    source = join(service.folder, "src")
    inside_src = [path for path in tree.below(source) if path.endswith(".py")]
    path = source if inside_src else service.folder
    return tuple(words), {"PYTHONPATH": path} if path else {}


def with_port(words: tuple[str, ...], port: int) -> tuple[tuple[str, ...], bool]:
    """The words with `{port}` in place of the number that they name, and whether they name one."""
    if not port:
        return words, False
    out = tuple(re.sub(rf"(?<!\d){port}(?!\d)", "{port}", word) for word in words)
    return out, out != words


def listens_everywhere(words: tuple[str, ...]) -> bool:
    """Whether the command names the address itself."""
    return any("0.0.0.0" in word for word in words)  # noqa: S104 - a text
