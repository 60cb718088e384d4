"""Ids of one introspection resolved to names, types, comments and grants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pgready.catalog.grants import Grant
from pgready.catalog.names import ObjectName
from pgready.catalog.rows import GrantRow, Pair, Rows, TypeRow
from pgready.catalog.table import SequenceOptions
from pgready.catalog.types import SYSTEM, DataType

_PUBLIC_COMMENT = "standard public schema"
_EVERYONE = "0"


class Lookup:
    """What the builders ask by id; made once for a catalog."""

    def __init__(self, rows: Rows) -> None:
        self.schemas = {row.id: row.name for row in rows.schemas}
        self.roles = {row.id: row.name for row in rows.roles}
        self.roles[_EVERYONE] = ""
        self.types = {(row.id, row.modifier): data_type(row) for row in rows.types}
        self.type_collations = {row.id: row.collation for row in rows.types}
        self.collations = {row.id: ObjectName(row.schema, row.name) for row in rows.collations}
        self.access_methods = {row.id: row.name for row in rows.access_methods}
        self.operator_classes = {
            row.id: None if row.is_default else ObjectName(row.schema, row.name) for row in rows.operator_classes
        }
        self.default_classes = {
            row.id: ObjectName(row.schema, row.name) for row in rows.operator_classes if row.is_default
        }
        self.relations = {row.id: ObjectName(self.schemas[row.schema], row.name) for row in rows.relations}
        self._comments = {(row.catalog, row.object, row.part): row.text for row in rows.comments}
        self._grants = {(row.catalog, row.object, row.part): self._differences(row) for row in rows.grants}

    def name(self, schema: str, name: str) -> ObjectName:
        """The qualified name in a schema given by id."""
        return ObjectName(self.schemas[schema], name)

    def owner(self, role: str | None) -> str:
        """A role's name; "" for initdb's own, the id for one that is gone."""
        return "" if role is None else self.roles.get(role, role)

    def collation(self, collation: str | None) -> ObjectName | None:
        """A collation's name."""
        return None if collation is None else self.collations.get(collation)

    def comment(self, catalog: str, object_: str, part: int = 0) -> str | None:
        """The comment on an object of this system catalog, or on a column of it."""
        text = self._comments.get((catalog, object_, part))
        return None if text == _PUBLIC_COMMENT and catalog == "pg_namespace" else text

    def grants(self, catalog: str, object_: str, part: int = 0) -> tuple[Grant, ...]:
        """Where the rights on an object differ from its standard ones."""
        return self._grants.get((catalog, object_, part), ())

    def _differences(self, row: GrantRow) -> tuple[Grant, ...]:
        standard = {(role, privilege): grantable for role, privilege, grantable in row.standard or ()}
        every = {privilege for role, privilege in standard if role == row.owner}
        given: dict[tuple[str, bool, bool], set[str]] = {}
        held = set()
        for role, privilege, grantable in row.found or ():
            held.add((role, privilege))
            if standard.get((role, privilege)) is not grantable:
                given.setdefault((role, grantable, False), set()).add(privilege)
        for role, privilege in standard:
            if (role, privilege) not in held:
                given.setdefault((role, False, True), set()).add(privilege)
        return tuple(
            sorted(
                Grant(self.owner(role), privilege, grantable, revoked)
                for (role, grantable, revoked), privileges in given.items()
                for privilege in (["ALL"] if len(every) > 1 and privileges == every else privileges)
            )
        )


def pair(value: Pair | None) -> ObjectName | None:
    """A (schema, name) of the rows as a name."""
    return None if value is None else ObjectName(value[0], value[1])


def pairs(values: Iterable[Pair] | None) -> tuple[ObjectName, ...]:
    """Several of them, in their order."""
    return tuple(ObjectName(value[0], value[1]) for value in values or ())


def texts(values: Sequence[str] | None) -> tuple[str, ...]:
    """Options, sorted by code points."""
    return tuple(sorted(values)) if values else ()


def data_type(row: TypeRow) -> DataType:
    """The type of a row, its modifier cut out of what `format_type` printed."""
    return DataType(ObjectName(row.schema, row.name), _modifier(row), 1 if row.is_array else 0)


def _modifier(row: TypeRow) -> str:
    if row.modifier == -1:
        return ""
    if row.schema == SYSTEM and row.name != "interval":
        return row.formatted.partition("(")[2].partition(")")[0]
    text = row.formatted[len(row.bare) :].strip()
    return text[1:-1] if text.startswith("(") else text


def sequence_options(type_: str, numbers: Sequence[int], *, cycle: bool) -> SequenceOptions:
    """Options from start, increment, minimum, maximum and cache."""
    start, increment, minimum, maximum, cache = numbers
    return SequenceOptions(type_, start, increment, minimum, maximum, cache, cycle)
