"""What is wanted of `init`, as a value, and what follows from it for each service."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pgready.setup.found import Service
from pgready.setup.start_words import without_runner
from pgready.setup.tree import Tree, base, join

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


def from_root(service: Service, tree: Tree) -> tuple[tuple[str, ...], dict[str, str]]:
    """The command as it runs in the repository's root, and the variables that it needs there."""
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
