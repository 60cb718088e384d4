"""What the running version of the application knows of the database: by its Prisma schema, or all that there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pgready.catalog.names import ObjectName
from pgready.psl import schema as psl


@dataclass(frozen=True, slots=True)
class KnownColumn:
    """A column that the code reads and writes; `field` is its name there, as `Invoice.total`, "" where none is known.

    `is_optional`: the code may write NULL. `is_left_out`: the code may leave it to the database when it inserts.
    """

    field: str = ""
    is_optional: bool = True
    is_left_out: bool = True


@dataclass(frozen=True, slots=True)
class KnownTable:
    """A table or view that the code reads and writes. `keys` are sets of columns that it holds for unique.

    `references` are sets of columns that point to another table. `columns` is None where every column counts.
    """

    model: str = ""
    columns: Mapping[str, KnownColumn] | None = None
    keys: frozenset[frozenset[str]] = frozenset()
    references: frozenset[frozenset[str]] = frozenset()

    def column(self, name: str) -> KnownColumn | None:
        """What is known of the column, None if the code does not know it."""
        return KnownColumn() if self.columns is None else self.columns.get(name)


@dataclass(frozen=True, slots=True)
class KnownEnum:
    """An enum of the code; `values` maps the labels that it may write to its own names for them."""

    name: str = ""
    values: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """The running version. `title` says which, as `origin/main`.

    `tables` is None where no Prisma schema says what the code knows: everything that is there counts then.
    """

    title: str
    tables: Mapping[ObjectName, KnownTable] | None = None
    enums: Mapping[ObjectName, KnownEnum] = field(default_factory=dict)

    @property
    def has_schema(self) -> bool:
        """Whether a Prisma schema says what the code knows."""
        return self.tables is not None

    def table(self, name: ObjectName) -> KnownTable | None:
        """What is known of the table, None if the code does not know it."""
        return KnownTable() if self.tables is None else self.tables.get(name)

    def enum(self, name: ObjectName) -> KnownEnum | None:
        """What is known of the enum, None if the code does not know it."""
        return KnownEnum() if self.tables is None else self.enums.get(name)


def running_of(schema: psl.Schema, default_schema: str, title: str) -> Running:
    """What Prisma's client of this schema knows: all but what is ignored."""
    references: dict[str, set[frozenset[str]]] = {}
    tables: dict[ObjectName, KnownTable] = {}
    for relation in schema.relations:
        if relation.foreign_key is not None:
            columns = schema.model(relation.model_a).columns(relation.foreign_key.fields)
            references.setdefault(relation.model_a, set()).add(frozenset(columns))
        if (join := relation.join_table) is not None:
            name = ObjectName(join.schema or default_schema, join.database_name)
            said = f"{relation.model_a}.{relation.field_a}"
            known = KnownColumn(said, is_optional=False, is_left_out=False)
            both = frozenset((join.column_a, join.column_b))
            tables[name] = KnownTable(said, dict.fromkeys(sorted(both), known), frozenset({both}))
    for model in schema.models:
        if not model.is_ignored:
            name = ObjectName(model.schema or default_schema, model.database_name)
            tables[name] = _table(model, frozenset(references.get(model.name, ())))
    enums = {
        ObjectName(one.schema or default_schema, one.database_name): KnownEnum(
            one.name, {value.database_name: value.name for value in one.values}
        )
        for one in schema.enums
    }
    return Running(title, tables, enums)


def _table(model: psl.Model, references: frozenset[frozenset[str]]) -> KnownTable:
    keyed = frozenset(() if model.primary_key is None else model.primary_key.field_names)
    columns = {}
    for one in model.scalar_fields:
        if one.is_ignored:
            continue
        is_optional = one.arity != "required" and one.name not in keyed
        columns[one.database_name] = KnownColumn(f"{model.name}.{one.name}", is_optional, _is_left_out(one))
    keys = [model.columns(one.field_names) for one in model.uniques]
    if model.primary_key is not None:
        keys.append(model.columns(model.primary_key.field_names))
    return KnownTable(model.name, columns, frozenset(map(frozenset, keys)), references)


def _is_left_out(one: psl.ScalarField) -> bool:
    """Prisma's client fills in constants, now() and ids by itself; the rest is the database's."""
    if isinstance(one.default, psl.DatabaseDefault):
        return True
    return isinstance(one.default, psl.FunctionDefault) and one.default.name == "autoincrement"
