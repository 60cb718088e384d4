"""The names that a pulled schema gives to models, fields, enums and relations."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from pgready.catalog.model import Enum
from pgready.catalog.names import ObjectName
from pgready.catalog.table import ForeignKey
from pgready.catalog.to_psl_existing import Existing
from pgready.catalog.to_psl_tables import Seen, SeenTable
from pgready.catalog.to_psl_write import needs_other_name, sanitised
from pgready.psl.resolve.reserved import WORDS

_EMPTY = "EMPTY_ENUM_VALUE"


class Name(NamedTuple):
    """A name in PSL, and the database's where it differs (`@map`)."""

    text: str
    mapped: str | None = None


class RelationNames(NamedTuple):
    """A relation's name ("" for none) and the names of its fields: on the model with the key, and on the other.

    Many-to-many, the first is the field of model A.
    """

    relation: str
    forward: str
    back: str


def is_reserved(name: str) -> bool:
    """Whether no model can be called so."""
    return name in WORDS


def _alone(name: str) -> Name:
    """A model's or enum's name when nothing else has it and no schema gives it another."""
    if is_reserved(name):
        return Name(f"Renamed{name}", name)
    return Name(sanitised(name), name) if needs_other_name(name) else Name(name)


class Names:
    """The names of everything that a database has, given an existing schema."""

    def __init__(self, seen: Seen, existing: Existing, *, with_views: bool) -> None:
        self._existing = existing
        self._tables = {one.name: one for one in seen.tables}
        self.join_tables = tuple(one for one in seen.tables if one.is_join_table)
        self._joins = {one.name for one in self.join_tables}
        self._order = {name: number for number, name in enumerate(self._tables)}
        taken: Counter[str] = Counter()
        for table in seen.tables:
            if table.name not in self._joins:
                taken[self._top(table.name, existing.models.get(table.name))] += 1
        for enum in seen.enums:
            taken[self._top(enum.name, existing.enums.get(enum.name))] += 1
        if with_views:
            for view in seen.views:
                taken[self._top(view.name, existing.views.get(view.name))] += 1
        self._taken = taken
        self._ambiguous = self._ambiguous_pairs()
        self._inline: dict[tuple[ObjectName, str], RelationNames] = {}
        self._many: dict[ObjectName, RelationNames] = {}
        for table in seen.tables:
            if table.name in self._joins:
                self._many[table.name] = self._many_names(table)
            else:
                for key in _without_doubles(table):
                    self._inline[table.name, key.name] = self._inline_names(table, key)

    def _top(self, name: ObjectName, found: object) -> str:
        return getattr(found, "name", None) or sanitised(name.name)

    def is_unique(self, name: str) -> bool:
        """Whether nothing else would have this name of the database in PSL."""
        return self._taken[sanitised(name)] <= 1

    def is_join_table(self, name: ObjectName) -> bool:
        """Whether it is the table of a many-to-many relation."""
        return name in self._joins

    def _new(self, name: ObjectName) -> Name:
        if not self.is_unique(name.name):
            return Name(sanitised(f"{name.schema}_{name.name}"), name.name)
        return _alone(name.name)

    def model(self, name: ObjectName) -> Name:
        """A table's."""
        found = self._existing.models.get(name)
        return self._new(name) if found is None else Name(found.name, found.mapped_name)

    def view(self, name: ObjectName) -> Name:
        """A view's."""
        found = self._existing.views.get(name)
        return self._new(name) if found is None else Name(found.name, found.mapped_name)

    def enum(self, name: ObjectName) -> Name:
        """An enum's."""
        found = self._existing.enums.get(name)
        return self._new(name) if found is None else Name(found.name, found.mapped_name)

    def enum_value(self, enum: Enum, label: str) -> Name:
        """An enum value's; "" where nothing of the label can be said."""
        found = self._existing.enum_value(enum, label)
        if found is not None:
            return Name(found.name, found.mapped_name)
        if not label:
            return Name(_EMPTY, "")
        return Name(sanitised(label), label) if needs_other_name(label) else Name(label)

    def table_column(self, table: ObjectName, column: str) -> Name:
        """A table's column's; "" where nothing of it can be said."""
        found = self._existing.field(self._existing.models.get(table), column)
        if found is not None:
            return Name(found.name, found.mapped_name)
        return Name(sanitised(column), column) if needs_other_name(column) else Name(column)

    def view_column(self, view: ObjectName, column: str) -> Name:
        """A view's column's."""
        found = self._existing.field(self._existing.views.get(view), column)
        if found is not None:
            return Name(found.name, found.mapped_name)
        return Name(sanitised(column), column) if needs_other_name(column) else Name(column)

    # -- relations: Prisma makes up their names without a look at the existing schema, or at names taken twice ------

    def inline(self, table: ObjectName, key: ForeignKey) -> RelationNames | None:
        """The names of a foreign key's relation; None for one that says what another says, too."""
        made = self._inline.get((table, key.name))
        if made is None:
            return None
        found = self._existing.relations.get((table, key.name))
        if found is None:
            return made
        return RelationNames(found.name if found.is_named else "", found.field_a, found.field_b)

    def many(self, table: ObjectName) -> RelationNames:
        """The names of a join table's relation."""
        made, found = self._many[table], self._existing.many.get(table)
        if found is None:
            return made
        if found.model_a == found.model_b:
            return RelationNames(found.name, made.forward, made.back)
        return RelationNames(found.name, found.field_a, found.field_b)

    def _pair(self, one: ObjectName, other: ObjectName) -> tuple[ObjectName, ObjectName]:
        return (one, other) if self._order[one] <= self._order[other] else (other, one)

    def _join_pair(self, table: SeenTable) -> tuple[ObjectName, ObjectName]:
        one, other = table.foreign_keys
        return self._pair(one.target, other.target)

    def _ambiguous_pairs(self) -> set[tuple[ObjectName, ObjectName]]:
        found: set[tuple[ObjectName, ObjectName]] = set()
        joins = Counter(self._join_pair(one) for one in self.join_tables)
        for table in self._tables.values():
            if table.name in self._joins:
                pair = self._join_pair(table)
                keys = [(name, key) for name in pair for key in self._tables[name].foreign_keys]
                if joins[pair] > 1 or any(self._pair(name, key.target) == pair for name, key in keys):
                    found.add(pair)
                continue
            for key in table.foreign_keys:
                pair = self._pair(table.name, key.target)
                if pair not in found and self._is_ambiguous(table, key, pair):
                    found.add(pair)
        return found

    def _is_ambiguous(self, table: SeenTable, key: ForeignKey, pair: tuple[ObjectName, ObjectName]) -> bool:
        for other in (table, self._tables[key.target]):
            for one in other.foreign_keys:
                is_other = (other.name, one.columns) != (table.name, key.columns)
                if is_other and self._pair(other.name, one.target) == pair:
                    return True
        # A field for the relation would be called like a column.
        name = _alone(key.target.name).text
        return any(sanitised(column) == name for column in key.columns)

    def _inline_names(self, table: SeenTable, key: ForeignKey) -> RelationNames:
        one, other = _alone(table.name.name).text, _alone(key.target.name).text
        is_self = table.name == key.target
        prefix = "other_" if is_self else ""
        if self._pair(table.name, key.target) not in self._ambiguous:
            return RelationNames(f"{one}To{other}" if is_self else "", other, prefix + one)
        columns = "_".join(sanitised(column) for column in key.columns)
        name = f"{one}_{columns}To{other}"
        return RelationNames(name, f"{other}_{name}", f"{prefix}{one}_{name}")

    def _many_names(self, table: SeenTable) -> RelationNames:
        pair = self._join_pair(table)
        one, other = (_alone(name.name).text for name in pair)
        is_self = pair[0] == pair[1]
        name, suffix = table.name.name[1:], ""
        if pair in self._ambiguous:
            suffix = table.name.name
        elif name == f"{one}To{other}" and not is_self:
            name = ""
        ends = ("_A", "_B") if is_self else ("", "")
        return RelationNames(name, f"{other}{suffix}{ends[0]}", f"{one}{suffix}{ends[1]}")


def _without_doubles(table: SeenTable) -> list[ForeignKey]:
    """The foreign keys of a table, of those that say the same the first only."""
    found: list[ForeignKey] = []
    said: set[tuple[object, ...]] = set()
    for key in table.foreign_keys:
        # Prisma compares columns, and those of two tables are never the same.
        what = (key.columns, key.target, key.target_columns)
        if what not in said:
            said.add(what)
            found.append(key)
    return found
