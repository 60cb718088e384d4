"""The schema as a value: what a valid PSL text says, resolved, for whoever works from it (catalog, generators, proofs).

`name` is what the schema calls a thing and Prisma's client shows; `database_name` what PostgreSQL calls it (`@map`,
`@@map`, `map:`, else Prisma's default). Things refer to each other by name, never by object, so that every value can be
compared, hashed and printed; `Schema` and `Model` look names up. Spans say where a thing was written: they take no part
in comparison, and are None in a schema that was not read from a text. All tuples keep the order of the schema.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pgready.psl.schema_parts import (
    Action,
    Algorithm,
    Arity,
    Condition,
    DatabaseDefault,
    Default,
    EnumDefault,
    ForeignKey,
    FunctionDefault,
    Index,
    IndexField,
    JoinTable,
    ListDefault,
    LiteralDefault,
    NativeType,
    Predicate,
    PrimaryKey,
    Relation,
    RelationField,
    RelationKind,
    Scalar,
    ScalarField,
    Sort,
)
from pgready.psl.source import Span

__all__ = [
    "Action",
    "Algorithm",
    "Arity",
    "Condition",
    "DatabaseDefault",
    "Datasource",
    "Default",
    "Enum",
    "EnumDefault",
    "EnumValue",
    "Extension",
    "ForeignKey",
    "FunctionDefault",
    "Generator",
    "Index",
    "IndexField",
    "JoinTable",
    "ListDefault",
    "LiteralDefault",
    "Model",
    "NativeType",
    "Predicate",
    "PrimaryKey",
    "Relation",
    "RelationField",
    "RelationKind",
    "Scalar",
    "ScalarField",
    "Schema",
    "Sort",
]


@dataclass(frozen=True, slots=True)
class Model:
    """A model, or a view (`is_view`). `schema` is `@@schema`'s, None where the schema does not say.

    `indexes` come as Prisma counts them: those of fields, then `@@index`, then `@@unique`. `is_ignored` (`@@ignore`)
    keeps it out of clients, not out of the database.
    """

    name: str
    fields: tuple[ScalarField | RelationField, ...]
    primary_key: PrimaryKey | None = None
    indexes: tuple[Index, ...] = ()
    mapped_name: str | None = None
    schema: str | None = None
    is_view: bool = False
    is_ignored: bool = False
    documentation: str | None = None
    span: Span | None = dataclasses.field(default=None, compare=False, repr=False)
    _by_name: Mapping[str, ScalarField | RelationField] = dataclasses.field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {each.name: each for each in self.fields})

    @property
    def database_name(self) -> str:
        """The table's or view's name."""
        return self.mapped_name or self.name

    @property
    def scalar_fields(self) -> tuple[ScalarField, ...]:
        """The columns."""
        return tuple(each for each in self.fields if isinstance(each, ScalarField))

    @property
    def relation_fields(self) -> tuple[RelationField, ...]:
        """The sides of relations."""
        return tuple(each for each in self.fields if isinstance(each, RelationField))

    @property
    def uniques(self) -> tuple[Index, ...]:
        """The unique indexes that hold for every row: partial ones are not among them."""
        return tuple(each for each in self.indexes if each.is_unique and each.where is None)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def field(self, name: str) -> ScalarField | RelationField:
        """The field called `name`. Raises KeyError."""
        return self._by_name[name]

    def scalar(self, name: str) -> ScalarField:
        """The scalar field called `name`. Raises KeyError, also for a relation field."""
        found = self._by_name[name]
        if not isinstance(found, ScalarField):
            raise KeyError(name)
        return found

    def columns(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The column names of scalar fields. Raises KeyError."""
        return tuple(self.scalar(name).database_name for name in names)


@dataclass(frozen=True, slots=True)
class EnumValue:
    """A value of an enum; `database_name` is its label in PostgreSQL."""

    name: str
    mapped_name: str | None = None
    documentation: str | None = None
    span: Span | None = dataclasses.field(default=None, compare=False, repr=False)

    @property
    def database_name(self) -> str:
        """The label."""
        return self.name if self.mapped_name is None else self.mapped_name


@dataclass(frozen=True, slots=True)
class Enum:
    """An enum; `schema` as in Model."""

    name: str
    values: tuple[EnumValue, ...]
    mapped_name: str | None = None
    schema: str | None = None
    documentation: str | None = None
    span: Span | None = dataclasses.field(default=None, compare=False, repr=False)

    @property
    def database_name(self) -> str:
        """The type's name."""
        return self.mapped_name or self.name


@dataclass(frozen=True, slots=True)
class Extension:
    """An entry of `extensions = […]`; `version` and `schema` are None where not given."""

    name: str
    mapped_name: str | None = None
    schema: str | None = None
    version: str | None = None
    span: Span | None = dataclasses.field(default=None, compare=False, repr=False)

    @property
    def database_name(self) -> str:
        """The extension's name."""
        return self.mapped_name or self.name


@dataclass(frozen=True, slots=True)
class Datasource:
    """The datasource block, connection URLs aside: `pgready.psl.datasource` reads those."""

    name: str
    provider: str
    relation_mode: Literal["foreignKeys", "prisma"] = "foreignKeys"
    schemas: tuple[str, ...] = ()
    extensions: tuple[Extension, ...] = ()
    span: Span | None = dataclasses.field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Generator:
    """A generator block; `config` has its other keys with their values."""

    name: str
    provider: str
    output: str | None = None
    preview_features: tuple[str, ...] = ()
    binary_targets: tuple[str, ...] = ()
    config: tuple[tuple[str, str | tuple[str, ...]], ...] = ()
    span: Span | None = dataclasses.field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Schema:
    """A valid schema, all its files together. `style` is the major version of Prisma that it is written for."""

    models: tuple[Model, ...] = ()
    views: tuple[Model, ...] = ()
    enums: tuple[Enum, ...] = ()
    relations: tuple[Relation, ...] = ()
    datasource: Datasource | None = None
    generators: tuple[Generator, ...] = ()
    style: Literal[6, 7] = 7
    _models: Mapping[str, Model] = dataclasses.field(init=False, compare=False, repr=False)
    _enums: Mapping[str, Enum] = dataclasses.field(init=False, compare=False, repr=False)
    _relations: Mapping[tuple[str, str], Relation] = dataclasses.field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        sides = {(each.model_b, each.field_b): each for each in self.relations}
        sides.update({(each.model_a, each.field_a): each for each in self.relations})
        object.__setattr__(self, "_models", {each.name: each for each in self.tables_and_views()})
        object.__setattr__(self, "_enums", {each.name: each for each in self.enums})
        object.__setattr__(self, "_relations", sides)

    def __contains__(self, name: object) -> bool:
        """Whether a model, view or enum is called so."""
        return name in self._models or name in self._enums

    def tables_and_views(self) -> Iterator[Model]:
        """Every model, then every view."""
        yield from self.models
        yield from self.views

    def model(self, name: str) -> Model:
        """The model or view called `name`. Raises KeyError."""
        return self._models[name]

    def enum(self, name: str) -> Enum:
        """The enum called `name`. Raises KeyError."""
        return self._enums[name]

    def relation(self, model: str, field: str) -> Relation:
        """The relation of a relation field. Raises KeyError."""
        return self._relations[model, field]

    @property
    def preview_features(self) -> frozenset[str]:
        """The preview features of all generators."""
        return frozenset(feature for each in self.generators for feature in each.preview_features)
