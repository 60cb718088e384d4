"""Enums of a schema as classes of Python."""

from __future__ import annotations

from dataclasses import dataclass

from pgready.codegen.layout import docstring, quoted, statement
from pgready.codegen.module import Scope
from pgready.psl.schema import Enum


@dataclass(frozen=True, slots=True)
class EnumNames:
    """An enum's class, the variable that holds its SQL type, and its members by the names of the values.

    `source` is the module that has the class, "" for this package's own.
    """

    class_name: str
    type_name: str
    members: dict[str, str]
    source: str = ""

    def local(self, scope: Scope) -> str:
        """The class's name in some place, imported there."""
        if self.source:
            return scope.name(self.source, self.class_name)
        return scope.generated("enums", self.class_name)


def enum_class(enum: Enum, names: EnumNames, scope: Scope) -> str:
    """The class: members are called as the schema calls the values, and so are their texts."""
    lines = [f"class {names.class_name}({scope.name('enum', 'StrEnum')}):"]
    if said := docstring(enum.documentation or "", 4):
        lines += [said, ""]
    for value in enum.values:
        lines.append(statement(f"{names.members[value.name]} = ", quoted(value.name), 4))
        if said := docstring(value.documentation or "", 4):
            lines.append(said)
    return "\n".join(lines)
