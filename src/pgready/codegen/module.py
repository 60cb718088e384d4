"""A module being written: its imports are those that its text asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pgready.codegen.layout import docstring, statement, tupled
from pgready.codegen.source import SourceFile, header

_STANDARD = frozenset({"builtins", "datetime", "decimal", "enum", "json", "typing", "uuid"})
_LIBRARIES = frozenset({"pgready", "pydantic", "sqlalchemy"})


class Module:
    """Collects statements and what they import.

    `generated` are the names of all generated classes, types and tables, this module's and others': what a library
    calls so gets another name here.
    """

    def __init__(self, name: str, documentation: str, generated: frozenset[str] = frozenset()) -> None:
        self.name = name
        self._documentation = documentation
        self._generated = generated
        self._straight: set[tuple[str, str]] = set()
        self._from: set[tuple[str, str, str]] = set()
        self._typed: set[tuple[str, str, str]] = set()
        self._parts: list[tuple[str, bool]] = []

    def add(self, text: str, *, is_block: bool = True) -> None:
        """Put a statement at the end; a block (a class) stands two lines apart."""
        self._parts.append((text, is_block))

    def scope(self, shadows: Iterable[str] = ()) -> Scope:
        """Names as a place of the module sees them, in which `shadows` (a class's attributes) mean something else."""
        return Scope(self, self._generated, frozenset(shadows))

    def straight(self, module: str, local: str) -> None:
        """`import module as local`."""
        self._straight.add((module, local))

    def imported(self, module: str, name: str, local: str, *, typed: bool) -> None:
        """`from module import name as local`; `typed`: for type checkers only."""
        (self._typed if typed else self._from).add((module, name, local))

    def file(self, provider: str) -> SourceFile:
        """The whole module."""
        typed = {entry for entry in self._typed if entry not in self._from}
        if typed:
            self._from.add(("typing", "TYPE_CHECKING", "TYPE_CHECKING"))
        sections = [
            _imports(
                [entry for entry in self._straight if _section(entry[0]) == section],
                [entry for entry in self._from if _section(entry[0]) == section],
            )
            for section in range(4)
        ]
        blocks = ["\n".join(section) for section in sections if section]
        if typed:
            lines = _imports([], typed, indent=4)
            blocks.append("\n".join(["if TYPE_CHECKING:", *lines]))
        head = f"{header(provider)}\n{docstring(self._documentation)}\n"
        text = head + "".join(f"\n{block}\n" for block in blocks)
        last = False
        for number, (part, is_block) in enumerate(self._parts):
            apart = is_block or last
            text += ("\n\n" if apart else "\n" if number == 0 else "") + part + "\n"
            last = is_block
        return SourceFile(f"{self.name}.py", text)


class Scope:
    """The names that a class body, or the module itself, can use: asking for one imports it."""

    def __init__(self, module: Module, generated: frozenset[str], shadows: frozenset[str]) -> None:
        self._module = module
        self._attributes = shadows
        self._shadows = generated | shadows

    def name(self, module: str, name: str) -> str:
        """The local name of what a library calls `name`: an underscore before it where it means something else here."""
        local = f"_{name}" if name in self._shadows else name
        self._module.imported(module, name, local, typed=False)
        return local

    def generated(self, module: str, name: str, *, typed: bool = False) -> str:
        """The local name of something generated in `module` (this one included); `typed`: for annotations only."""
        local = f"_{name}_" if name in self._attributes else name
        if local != name or module != self._module.name:
            self._module.imported(f".{module}", name, local, typed=typed)
        return local

    def builtin(self, name: str) -> str:
        """A builtin's local name."""
        return self.name("builtins", name) if name in self._shadows else name

    def sa(self, name: str) -> str:
        """`sa.name`, of sqlalchemy."""
        return f"{self._straight('sqlalchemy', 'sa')}.{name}"

    def orm(self, name: str) -> str:
        """`orm.name`, of pgready.orm."""
        return f"{self.name('pgready', 'orm')}.{name}"

    def postgresql(self, name: str) -> str:
        """`postgresql.name`, of sqlalchemy.dialects."""
        return f"{self.name('sqlalchemy.dialects', 'postgresql')}.{name}"

    def _straight(self, module: str, local: str) -> str:
        local = f"_{local}" if local in self._shadows else local
        self._module.straight(module, local)
        return local


def _section(module: str) -> int:
    """Python's own, libraries, the project's other packages, this package."""
    if module.startswith("."):
        return 3
    top = module.partition(".")[0]
    return 0 if top in _STANDARD else 1 if top in _LIBRARIES else 2


def _imports(
    straight: Iterable[tuple[str, str]], imported: Iterable[tuple[str, str, str]], indent: int = 0
) -> list[str]:
    """Import statements in isort's order."""
    pad = " " * indent
    lines = [
        f"{pad}import {module}" + (f" as {local}" if local != module else "") for module, local in sorted(straight)
    ]
    plain: dict[str, list[str]] = {}
    renamed: dict[str, list[tuple[str, str]]] = {}
    for module, name, local in imported:
        if name == local:
            plain.setdefault(module, []).append(name)
        else:
            renamed.setdefault(module, []).append((name, local))
    for module in sorted({*plain, *renamed}, key=_module_order):
        found: list[tuple[tuple[Any, ...], str]] = []
        if module in plain:
            names = sorted(plain[module], key=_member_order)
            found.append((_member_order(names[0]), _from(module, names, indent)))
        for name, local in renamed.get(module, ()):
            found.append((_member_order(name), f"{pad}from {module} import {name} as {local}"))
        lines += [line for _, line in sorted(found, key=lambda one: one[0])]
    return lines


def _from(module: str, names: list[str], indent: int) -> str:
    one = f"from {module} import {', '.join(names)}"
    if indent + len(one) <= 88:
        return " " * indent + one
    return statement(f"from {module} import ", tupled(names), indent).replace(",,", ",")


def _module_order(module: str) -> tuple[Any, ...]:
    """Relative modules that are farther away come first, as isort has it."""
    return -(len(module) - len(module.lstrip("."))), _natural(module.lower()), _natural(module)


def export_order(name: str) -> tuple[Any, ...]:
    """The order of `__all__`: constants, then classes, then the rest; numbers by their values."""
    return 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2, _natural(name)


def _member_order(name: str) -> tuple[Any, ...]:
    """The same order, capitals aside, as isort has it."""
    return export_order(name)[0], _natural(name.lower()), _natural(name)


def _natural(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"([0-9]+)", name)
    return [(0, int(part), part) if at % 2 else (1, 0, part) for at, part in enumerate(parts) if part]
