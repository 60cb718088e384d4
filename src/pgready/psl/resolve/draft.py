"""The schema while it is being resolved: mutable, private to the passes and checks, frozen into `Schema` at the end.

Each object stands for one construct and keeps its node. Objects refer to each other directly; identity is equality.
The passes fill it in this order, and each reads only what an earlier one filled: configuration, names, types,
attributes, relations, checks.
"""

import dataclasses
from dataclasses import dataclass
from typing import Literal

from pgready.psl import tree
from pgready.psl.diagnostics import Findings
from pgready.psl.source import Span

Scalar = Literal["String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes"]
Action = Literal["Cascade", "Restrict", "NoAction", "SetNull", "SetDefault"]
Sort = Literal["Asc", "Desc"]
Algorithm = Literal["BTree", "Hash", "Gist", "Gin", "SpGist", "Brin"]


@dataclass(eq=False, slots=True)
class Datasource:
    """The datasource as far as the rules need it; spans are those of the values unless said."""

    node: tree.Config
    name: str
    provider: str
    """As written: "postgresql" or "postgres", or another database's name."""
    provider_span: Span
    relation_mode: Literal["foreignKeys", "prisma"] = "foreignKeys"
    schemas: list[tuple[str, Span]] = dataclasses.field(default_factory=list)
    schemas_span: Span | None = None
    """The span of `schemas = […]`'s value; None when the property is absent."""
    extensions: list["Extension"] = dataclasses.field(default_factory=list)
    extensions_span: Span | None = None
    """The span of the whole property `extensions = […]`; None when it is absent."""
    documentation: str | None = None


@dataclass(eq=False, slots=True)
class Extension:
    """An entry of `extensions = […]`: `db_name` differs from `name` where `map:` is given."""

    name: str
    span: Span
    db_name: str | None = None
    schema: str | None = None
    version: str | None = None


@dataclass(eq=False, slots=True)
class Generator:
    """A generator block; `config` holds its other keys with their values as text or list of texts.

    A value that comes from the environment is the text `env("NAME")`.
    """

    node: tree.Config
    name: str
    provider: str
    output: str | None
    preview_features: list[str]
    binary_targets: list[str]
    config: dict[str, str | list[str]]
    documentation: str | None = None


@dataclass(eq=False, slots=True)
class ScalarType:
    """What a scalar field holds; exactly one of the four is set."""

    scalar: Scalar | None = None
    enum: "DraftEnum | None" = None
    composite: "DraftComposite | None" = None
    unsupported: str | None = None


@dataclass(eq=False, slots=True)
class DraftDefault:
    """`@default(value)`; `mapped_name` is `map:`."""

    value: tree.Expression
    attribute: tree.Attribute
    mapped_name: str | None = None


@dataclass(eq=False, slots=True)
class NativeType:
    """`@db.VarChar(255)`: `scope` "db", `name` "VarChar", `arguments` as texts; `span` is the attribute's."""

    scope: str
    name: str
    arguments: list[str]
    span: Span


@dataclass(eq=False, slots=True)
class DraftScalarField:
    """A field of a scalar, enum, composite or unsupported type, in a model, view or composite type."""

    owner: "DraftModel | DraftComposite"
    node: tree.Field
    type: ScalarType
    is_ignored: bool = False
    is_updated_at: bool = False
    default: DraftDefault | None = None
    mapped_name: str | None = None
    native_type: NativeType | None = None

    @property
    def name(self) -> str:
        """The name in the schema."""
        return self.node.name.text

    @property
    def database_name(self) -> str:
        """The name in the database: `@map` or `@@map` where given, else the name."""
        return self.mapped_name or self.node.name.text

    @property
    def arity(self) -> "tree.Arity":
        """Required, optional or list."""
        return self.node.type.arity if self.node.type is not None else "required"


@dataclass(eq=False, slots=True)
class DraftRelationField:
    """A field whose type is a model or view; `fields` and `references` are None when the attribute lacks them."""

    owner: "DraftModel"
    node: tree.Field
    target: "DraftModel"
    attribute: tree.Attribute | None = None
    fields: list[DraftScalarField] | None = None
    references: list[DraftScalarField] | None = None
    relation_name: str | None = None
    """The explicit name only; see DraftRelation for the inferred one."""
    on_delete: tuple[Action, Span] | None = None
    on_update: tuple[Action, Span] | None = None
    mapped_name: str | None = None
    is_ignored: bool = False
    relation: "DraftRelation | None" = None

    @property
    def name(self) -> str:
        """The name in the schema."""
        return self.node.name.text

    @property
    def arity(self) -> "tree.Arity":
        """Required, optional or list."""
        return self.node.type.arity if self.node.type is not None else "required"


@dataclass(eq=False, slots=True)
class DraftIndexField:
    """One column of an index or key; `path` holds the fields inside composite types, outermost first (MongoDB only)."""

    field: DraftScalarField
    path: list[DraftScalarField] = dataclasses.field(default_factory=list)
    sort: Sort | None = None
    length: int | None = None
    operator_class: str | None = None
    """A known class's name as PSL spells it (`JsonbPathOps`), or the text of `raw("…")` when `is_raw`."""
    is_raw: bool = False


@dataclass(eq=False, slots=True)
class DraftIndex:
    """`@unique`, `@@unique`, `@@index` or `@@fulltext`."""

    kind: Literal["normal", "unique", "fulltext"]
    owner: "DraftModel"
    attribute: tree.Attribute
    fields: list[DraftIndexField]
    source_field: DraftScalarField | None = None
    """The field that carries `@unique`; None for a block attribute."""
    name: str | None = None
    mapped_name: str | None = None
    algorithm: Algorithm | None = None
    clustered: bool | None = None
    where: tree.Expression | None = None
    is_implicit: bool = False


@dataclass(eq=False, slots=True)
class DraftKey:
    """`@id` or `@@id`."""

    owner: "DraftModel"
    attribute: tree.Attribute
    fields: list[DraftIndexField]
    source_field: DraftScalarField | None = None
    name: str | None = None
    mapped_name: str | None = None
    clustered: bool | None = None


@dataclass(eq=False, slots=True)
class DraftModel:
    """A model or a view (`is_view`)."""

    node: tree.Block
    scalar_fields: list[DraftScalarField] = dataclasses.field(default_factory=list)
    relation_fields: list[DraftRelationField] = dataclasses.field(default_factory=list)
    fields: dict[str, "DraftScalarField | DraftRelationField"] = dataclasses.field(default_factory=dict)
    primary_key: DraftKey | None = None
    indexes: list[DraftIndex] = dataclasses.field(default_factory=list)
    mapped_name: str | None = None
    schema: tuple[str, Span] | None = None
    is_ignored: bool = False

    @property
    def name(self) -> str:
        """The name in the schema."""
        return self.node.name.text

    @property
    def database_name(self) -> str:
        """The name in the database: `@map` or `@@map` where given, else the name."""
        return self.mapped_name or self.node.name.text

    @property
    def is_view(self) -> bool:
        """Whether this is a view."""
        return self.node.kind == "view"


@dataclass(eq=False, slots=True)
class DraftComposite:
    """A composite type (`type X { … }`), which PostgreSQL schemas may hold only to be refused.

    Of a repeated name `fields` holds the last one, `scalar_fields` each.
    """

    node: tree.Block
    scalar_fields: list[DraftScalarField] = dataclasses.field(default_factory=list)
    fields: dict[str, DraftScalarField] = dataclasses.field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name in the schema."""
        return self.node.name.text


@dataclass(eq=False, slots=True)
class DraftEnum:
    """An enum; `values` are the names of its values, `mapped_values` maps such a name to its `@map`."""

    node: tree.Enum
    values: frozenset[str] = frozenset()
    mapped_name: str | None = None
    mapped_values: dict[str, str] = dataclasses.field(default_factory=dict)
    schema: tuple[str, Span] | None = None

    @property
    def name(self) -> str:
        """The name in the schema."""
        return self.node.name.text

    @property
    def database_name(self) -> str:
        """The name in the database: `@map` or `@@map` where given, else the name."""
        return self.mapped_name or self.node.name.text


@dataclass(eq=False, slots=True)
class DraftRelation:
    """Two models that belong together; `field_a` or `field_b` is None where one side is missing.

    Side A is the side that Prisma calls so: the one with the foreign key (1-1, 1-n), the first by name (m-n).
    `name` is the explicit name or None.
    """

    kind: Literal["one-to-one", "one-to-many", "many-to-many", "embedded-many-to-many"]
    model_a: DraftModel
    model_b: DraftModel
    field_a: DraftRelationField | None
    field_b: DraftRelationField | None
    name: str | None = None


@dataclass(eq=False, slots=True)
class Draft:
    """Everything that the passes know; `tops` maps a name to what carries it (model, view, enum, composite type)."""

    documents: list[tree.Document]
    findings: Findings
    style: Literal[6, 7]
    datasources: list[Datasource] = dataclasses.field(default_factory=list)
    generators: list[Generator] = dataclasses.field(default_factory=list)
    models: list[DraftModel] = dataclasses.field(default_factory=list)
    enums: list[DraftEnum] = dataclasses.field(default_factory=list)
    composites: list[DraftComposite] = dataclasses.field(default_factory=list)
    tops: dict[str, "DraftModel | DraftEnum | DraftComposite"] = dataclasses.field(default_factory=dict)
    relations: list[DraftRelation] = dataclasses.field(default_factory=list)
    unknown_functions: list[DraftScalarField] = dataclasses.field(default_factory=list)
    """Fields whose default calls a function that Prisma does not know (checked by the connector's rules)."""

    @property
    def datasource(self) -> Datasource | None:
        """The datasource, or None."""
        return self.datasources[0] if self.datasources else None

    @property
    def preview_features(self) -> set[str]:
        """The preview features of all generators, as Prisma spells them."""
        return {feature for generator in self.generators for feature in generator.preview_features}
