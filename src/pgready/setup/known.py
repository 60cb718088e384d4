"""What the settings say already: what an earlier run was told stays so."""

from __future__ import annotations

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
