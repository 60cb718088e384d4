"""What of an existing schema a database still has: the models, fields, enums and relations that keep their names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from pgready.catalog.model import Enum
from pgready.catalog.names import ObjectName
from pgready.catalog.table import ForeignKey
from pgready.catalog.to_psl_tables import Seen, SeenIndex
from pgready.psl import schema as psl

_Object = TypeVar("_Object", psl.Model, psl.Enum)


class Existing:
    """The pairs of an existing schema's things and a database's."""

    def __init__(self, schema: psl.Schema, seen: Seen) -> None:
        self.schema = schema
        self._schemas = frozenset(seen.schemas)
        tables, views = [one.name for one in seen.tables], [one.name for one in seen.views]
        self.models: dict[ObjectName, psl.Model] = {}
        self.views: dict[ObjectName, psl.Model] = {}
        self.enums: dict[ObjectName, psl.Enum] = {}
        for model in schema.models:
            self._pair(self.models, model, tables)
        for view in schema.views:
            self._pair(self.views, view, views)
        for enum in schema.enums:
            self._pair(self.enums, enum, [one.name for one in seen.enums])
        kept = {id(one) for one in (*self.models.values(), *self.views.values())}
        self._gone = {one.name for one in schema.tables_and_views() if id(one) not in kept}
        self.relations: dict[tuple[ObjectName, str], psl.Relation] = {}
        for table in seen.tables:
            found = self.models.get(table.name)
            for key in table.foreign_keys:
                relation = None if found is None else self._relation_of(found, key)
                if relation is not None:
                    self.relations[table.name, key.name] = relation
        many = [one for one in schema.relations if one.join_table is not None]
        self.many: dict[ObjectName, psl.Relation] = {}
        for table in seen.tables:
            if table.is_join_table:
                for relation in many:
                    if relation.name == table.name.name[1:]:
                        self.many[table.name] = relation
                        break

    def _pair(self, pairs: dict[ObjectName, _Object], one: _Object, names: Iterable[ObjectName]) -> None:
        for name in names:
            if name.name == one.database_name and (one.schema not in self._schemas or name.schema == one.schema):
                pairs[name] = one
                return

    def _relation_of(self, model: psl.Model, key: ForeignKey) -> psl.Relation | None:
        for relation in self.schema.relations:
            found = relation.foreign_key
            if relation.model_a == model.name and found is not None and model.columns(found.fields) == key.columns:
                return relation
        return None

    def is_gone(self, model: str) -> bool:
        """Whether the database has no table or view for this model or view of the schema."""
        return model in self._gone

    def field(self, model: psl.Model | None, column: str) -> psl.ScalarField | None:
        """The field of a column."""
        if model is None:
            return None
        return next((one for one in model.scalar_fields if one.database_name == column), None)

    def enum_value(self, enum: Enum, label: str) -> psl.EnumValue | None:
        """The value of a label."""
        found = self.enums.get(enum.name)
        if found is None:
            return None
        return next((one for one in found.values if one.database_name == label), None)

    def index(self, model: psl.Model | None, index: SeenIndex) -> psl.Index | None:
        """The index of the schema that has this name in the database."""
        if model is None:
            return None
        for one in model.indexes:
            # Before Prisma 3 `name` was the name in the database.
            if (one.mapped_name is None and one.name == index.name) or one.database_name == index.name:
                return one
        return None
