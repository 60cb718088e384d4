"""Names and texts as Prisma writes them: without the schema where the connection finds it by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pgready.catalog.names import ObjectName
from pgready.diff.sides import Side
from pgready.sql.names import quote_ident


def quoted(names: Iterable[str], separator: str = ", ") -> str:
    """Several names in a row."""
    return separator.join(quote_ident(each) for each in names)


def text_literal(text: str) -> str:
    """A string constant of the standard: a backslash is a backslash."""
    return "'" + text.replace("'", "''") + "'"


def qualified(name: ObjectName, default_schema: str | None) -> str:
    """The name, with its schema unless that is the default."""
    return quote_ident(name.name) if name.schema == default_schema else name.sql


@dataclass(frozen=True, slots=True)
class Names:
    """How things of the old and of the new side are called."""

    before_default: str | None
    after_default: str | None

    @classmethod
    def of(cls, before: Side, after: Side) -> Names:
        """The names between two sides."""
        return cls(before.default_schema, after.default_schema)

    def old(self, name: ObjectName) -> str:
        """A thing of the old side, as the old side would call it."""
        return qualified(name, self.before_default)

    def new(self, name: ObjectName) -> str:
        """A thing of the new side, or one of the old side that goes."""
        return qualified(name, self.after_default)
