"""What the settings say already: what an earlier run was told stays so."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass

from pgready.setup.tree import Tree


@dataclass(frozen=True, slots=True)
class Known:
    """A service of the settings' smoke runs."""

    name: str
    command: tuple[str, ...]
    verb: str


def settings_table(tree: Tree) -> dict[str, object]:
    """The settings; empty where there are none, or none that can be read."""
    for path, keys in (("pgready.toml", ()), ("pyproject.toml", ("tool", "pgready"))):
        try:
            table: object = tomllib.loads(tree.text(path).replace("\r\n", "\n"))
        except tomllib.TOMLDecodeError:
            continue
        for key in keys:
            table = table.get(key, {}) if isinstance(table, dict) else {}
        if isinstance(table, dict) and table:
            return table
    return {}


def broken_settings(tree: Tree) -> tuple[str, str] | None:
    """The place and the words of a fault for which settings, or the file that they would go into, cannot be read."""
    for path in ("pgready.toml", "pyproject.toml"):
        try:
            tomllib.loads(tree.text(path).replace("\r\n", "\n"))
        except tomllib.TOMLDecodeError as e:
            words, line = str(e), re.search(r" \(at line (\d+), column (\d+)\)$", str(e))
            place = f"{path}:{line[1]}:{line[2]}" if line else path
            return place, words[: line.start()] if line else words
    return None


def smoke_services(tree: Tree) -> tuple[Known, ...]:
    """The services that smoke starts."""
    import shlex

    smoke = settings_table(tree).get("smoke")
    listed = smoke.get("services") if isinstance(smoke, dict) else None
    found = []
    for one in listed if isinstance(listed, list) else ():
        if not isinstance(one, dict) or not isinstance(one.get("name"), str):
            continue
        command = one.get("command")
        try:
            words = shlex.split(command) if isinstance(command, str) else command
        except ValueError:
            words = None
        plain = tuple(str(word) for word in words) if isinstance(words, list) else ()
        found.append(Known(one["name"], plain, str(one.get("verb", "boot"))))
    return tuple(found)
