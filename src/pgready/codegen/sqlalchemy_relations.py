"""Relations: a relation field as a `relationship` that both sides know of."""

from __future__ import annotations

from dataclasses import dataclass

from pgready.codegen.layout import Node, call, docstring, listed, quoted, statement
from pgready.codegen.layout import keyword as given
from pgready.codegen.module import Scope
from pgready.codegen.sqlalchemy_names import Names, is_mapped, join_key
from pgready.psl.schema import ForeignKey, JoinTable, Model, Relation, RelationField, Schema
from pgready.sql.names import truncate_63


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a relation: the field, and the class that it is in."""

    model: Model
    field: RelationField
    relation: Relation
    is_a: bool


class Relations:
    """The relations of a schema, looked at from any of their fields."""

    def __init__(self, schema: Schema, names: Names) -> None:
        self._schema = schema
        self._names = names
        self._between: dict[frozenset[str], int] = {}
        self._by_keys: dict[tuple[str, tuple[str, ...], str], int] = {}
        self._writers: dict[tuple[str, str], list[Relation]] = {}
        for relation in schema.relations:
            key = relation.foreign_key
            if key is None:
                continue
            pair = frozenset((relation.model_a, relation.model_b))
            self._between[pair] = self._between.get(pair, 0) + 1
            said = (relation.model_a, key.fields, relation.model_b)
            self._by_keys[said] = self._by_keys.get(said, 0) + 1
            for field in key.fields:
                self._writers.setdefault((relation.model_a, field), []).append(relation)

    def attribute(self, model: Model, field: RelationField, scope: Scope) -> str:
        """The relation field as an attribute, its documentation below it."""
        relation = self._schema.relation(model.name, field.name)
        is_a = (relation.model_a, relation.field_a) == (model.name, field.name)
        side = _Side(model, field, relation, is_a)
        target = self._names.classes[field.model]
        local = scope.generated(self._names.modules[field.model], target, typed=True)
        shown = f'{scope.builtin("list")}["{local}"]' if field.is_list else f'"{local}{_optional(side)}"'
        name = self._names.attributes[model.name][field.name]
        items: list[Node] = [] if local == target else [quoted(target)]
        items += self._arguments(side, scope)
        made = call(scope.name("sqlalchemy.orm", "relationship"), *items)
        text = statement(f"{name}: {scope.name('sqlalchemy.orm', 'Mapped')}[{shown}] = ", made, 4)
        said = docstring(field.documentation or "", 4)
        return f"{text}\n{said}" if said else text

    def referred(self, model: Model, field: RelationField) -> set[str]:
        """The fields that the relationship's arguments speak of as names of the class's own body."""
        relation = self._schema.relation(model.name, field.name)
        is_a = (relation.model_a, relation.field_a) == (model.name, field.name)
        key = relation.foreign_key
        if key is None or not is_a or not self._is_told(relation):
            return set()
        found = set(key.fields) if self._is_one_of_several(relation) else set()
        return found | (set(key.references) if relation.model_a == relation.model_b else set())

    def _is_told(self, relation: Relation) -> bool:
        """Whether the foreign key tells how the tables meet."""
        key = relation.foreign_key
        if key is None or not key.is_enforced:
            return False
        return self._by_keys[relation.model_a, key.fields, relation.model_b] == 1

    def _is_one_of_several(self, relation: Relation) -> bool:
        return self._between[frozenset((relation.model_a, relation.model_b))] > 1

    def _arguments(self, side: _Side, scope: Scope) -> list[Node]:
        relation = side.relation
        is_seen_only = self._schema.model(relation.model_a).is_view or self._schema.model(relation.model_b).is_view
        join = relation.join_table
        items = self._join(side) if join is None else self._many(side, join, scope)
        other = self._schema.model(side.field.model)
        if is_mapped(self._schema, other, side.field.opposite):
            items.append(f"back_populates={quoted(self._attribute(other.name, side.field.opposite))}")
        if is_seen_only:
            items.append("viewonly=True")
        else:
            items += self._writing(side)
        items.append('lazy="raise_on_sql"')
        return [*items, *([] if side.model.is_view else ["init=False"])]

    def _writing(self, side: _Side) -> list[Node]:
        """What a flush does: the database keeps its own rules of deletion; several relations may share a column."""
        items: list[Node] = []
        overlaps = self._overlaps(side.relation)
        if overlaps:
            items.append(f"overlaps={quoted(','.join(overlaps))}")
        if side.relation.join_table is not None:
            return [*items, "passive_deletes=True"] if side.relation.join_table.is_enforced else items
        return items if side.is_a else [*items, 'passive_deletes="all"']

    def _overlaps(self, relation: Relation) -> list[str]:
        if relation.foreign_key is None:
            return []
        found: dict[str, None] = {}
        for field in relation.foreign_key.fields:
            for other in self._writers[relation.model_a, field]:
                if other is not relation:
                    for model, name in ((other.model_a, other.field_a), (other.model_b, other.field_b)):
                        if is_mapped(self._schema, self._schema.model(model), name):
                            found[self._attribute(model, name)] = None
        return list(found)

    # -- joins ---------------------------------------------------------------------------------------------------------

    def _join(self, side: _Side) -> list[Node]:
        """How the two tables meet, as far as their foreign keys do not tell it alone."""
        relation, key = side.relation, side.relation.foreign_key
        if key is None:
            return []
        one, other = relation.model_a, relation.model_b
        if not self._is_told(relation):
            return [f"primaryjoin={quoted(self._spelled(side, key))}"]
        items: list[Node] = []
        if self._is_one_of_several(relation):
            columns = [self._attribute(one, name) for name in key.fields]
            if side.is_a:
                items.append(given("foreign_keys", listed(columns)))
            else:
                shown = ", ".join([f"{self._names.classes[one]}.{name}" for name in columns])
                items.append(f"foreign_keys={quoted(shown if len(columns) == 1 else f'[{shown}]')}")
        if one == other and side.is_a:
            items.append(given("remote_side", listed([self._attribute(one, name) for name in key.references])))
        return items

    def _spelled(self, side: _Side, key: ForeignKey) -> str:
        """The join in words that SQLAlchemy reads once all classes are there."""
        relation = side.relation
        one, other = self._names.classes[relation.model_a], self._names.classes[relation.model_b]
        parts = []
        for field, reference in zip(key.fields, key.references, strict=True):
            left = f"foreign({one}.{self._attribute(relation.model_a, field)})"
            right = f"{other}.{self._attribute(relation.model_b, reference)}"
            if relation.model_a == relation.model_b:
                left, right = (left, f"remote({right})") if side.is_a else (f"remote({left})", right)
            parts.append(f"{left} == {right}")
        return parts[0] if len(parts) == 1 else f"and_({', '.join(parts)})"

    def _many(self, side: _Side, join: JoinTable, scope: Scope) -> list[Node]:
        relation = side.relation
        table = scope.generated("tables", self._names.tables[join_key(relation)])
        items: list[Node] = [f"secondary={table}"]
        if join.is_enforced and relation.model_a != relation.model_b:
            return items
        (near, far) = (join.column_a, join.column_b) if side.is_a else (join.column_b, join.column_a)
        ids = {join.column_a: (relation.model_a, join.id_a), join.column_b: (relation.model_b, join.id_b)}
        for name, column in (("primaryjoin", near), ("secondaryjoin", far)):
            mine = f'{table}.c["{column}"]'
            if not join.is_enforced:
                mine = f"{scope.name('sqlalchemy.orm', 'foreign')}({mine})"
            items.append(f"{name}=lambda: {mine} == {self._id(side, *ids[column], scope)}")
        return items

    def _id(self, side: _Side, model: str, field: str, scope: Scope) -> str:
        """A column that is there once the mappers are made; one of another module without an import of it."""
        one = self._schema.model(model)
        module = self._names.modules[model]
        if module == self._names.modules[side.model.name]:
            # A lambda sees the module's names, not the class's.
            return f"{self._names.classes[model]}.{self._attribute(model, field)}"
        table = truncate_63(one.database_name)
        key = f"{one.schema}.{table}" if one.schema else table
        base = scope.generated("base", "Base")
        return f"{base}.metadata.tables[{quoted(key)}].c[{quoted(truncate_63(one.scalar(field).database_name))}]"

    def _attribute(self, model: str, field: str) -> str:
        return self._names.attributes[model][field]


def _optional(side: _Side) -> str:
    """The side without the key is never sure to have one."""
    return "" if side.field.arity == "required" else " | None"
