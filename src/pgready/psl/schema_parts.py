"""What models are made of: fields, defaults, keys, indexes, relations; `pgready.psl.schema` joins them.

Frozen values that refer to each other by name; import them from `pgready.psl.schema`.
"""

import dataclasses
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from pgready.psl.source import Span

Scalar: TypeAlias = Literal["String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes"]
Arity: TypeAlias = Literal["required", "optional", "list"]
Action: TypeAlias = Literal["Cascade", "Restrict", "NoAction", "SetNull", "SetDefault"]
Sort: TypeAlias = Literal["Asc", "Desc"]
Algorithm: TypeAlias = Literal["BTree", "Hash", "Gist", "Gin", "SpGist", "Brin"]
RelationKind: TypeAlias = Literal["one-to-one", "one-to-many", "many-to-many"]

# -- defaults ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LiteralDefault:
    """A constant. The field's type decides the value's.

    str (String; Json and DateTime as written), bool (Boolean), int (Int, BigInt), Decimal (Float, Decimal: nothing is
    rounded), bytes (Bytes).
    """

    value: str | bool | int | Decimal | bytes


@dataclass(frozen=True, slots=True)
class EnumDefault:
    """A value of the field's enum, by its name in the schema."""

    value: str


@dataclass(frozen=True, slots=True)
class ListDefault:
    """The elements of a scalar list's default."""

    values: tuple[LiteralDefault | EnumDefault, ...]


@dataclass(frozen=True, slots=True)
class FunctionDefault:
    """`autoincrement()`, `now()` or one that Prisma's client computes: uuid, cuid, ulid, nanoid.

    `arguments` has the version of `uuid` (4 or 7) and `cuid` (1 or 2) even where the schema leaves it out, and the
    length of `nanoid` only where given.
    """

    name: str
    arguments: tuple[int | str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatabaseDefault:
    """`dbgenerated("expression")`; None for `dbgenerated()`: the database has one that the schema does not tell."""

    expression: str | None


Default: TypeAlias = LiteralDefault | EnumDefault | ListDefault | FunctionDefault | DatabaseDefault

# -- fields ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NativeType:
    """`@db.VarChar(255)`: `name` "VarChar", `arguments` ("255",) as written."""

    name: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScalarField:
    """A column. `type` is a scalar's name, an enum's name, or the SQL of `Unsupported("…")`, as `kind` says."""

    name: str
    kind: Literal["scalar", "enum", "unsupported"]
    type: str
    arity: Arity = "required"
    mapped_name: str | None = None
    native_type: NativeType | None = None
    default: Default | None = None
    is_updated_at: bool = False
    is_ignored: bool = False
    documentation: str | None = None
    span: Span | None = dataclasses.field(default=None, compare=False, repr=False)

    @property
    def database_name(self) -> str:
        """The column's name."""
        return self.mapped_name or self.name

    @property
    def is_list(self) -> bool:
        """Whether it holds several."""
        return self.arity == "list"

    @property
    def is_optional(self) -> bool:
        """Whether it may be missing (`?`); a list is never optional."""
        return self.arity == "optional"


@dataclass(frozen=True, slots=True)
class RelationField:
    """A side of a relation: no column. `model` and `opposite` name the other side's model and field.

    `relation` is the relation's name, given or Prisma's default. `fields` and `references` are filled on the side that
    has the foreign key; `on_delete` and `on_update` are what this side's attribute says; `ForeignKey` has
    what holds.
    """

    name: str
    model: str
    opposite: str
    relation: str
    arity: Arity = "required"
    fields: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    on_delete: Action | None = None
    on_update: Action | None = None
    is_ignored: bool = False
    documentation: str | None = None
    span: Span | None = dataclasses.field(default=None, compare=False, repr=False)

    @property
    def is_list(self) -> bool:
        """Whether it holds several."""
        return self.arity == "list"

    @property
    def is_optional(self) -> bool:
        """Whether it may be missing (`?`); a list is never optional."""
        return self.arity == "optional"

    @property
    def is_owner(self) -> bool:
        """Whether the foreign key stands on this side."""
        return bool(self.fields)


# -- keys and indexes --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IndexField:
    """A column of a key or index, by its field. `operator_class` is PSL's word, or SQL where `is_raw`."""

    name: str
    sort: Sort | None = None
    operator_class: str | None = None
    is_raw: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """A field that must, or where `negated` must not, equal a value; None stands for NULL."""

    field: str
    value: str | bool | int | Decimal | None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Predicate:
    """A partial index's `where`: either the SQL of `raw("…")`, or conditions that hold together."""

    sql: str | None = None
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class PrimaryKey:
    """`@id` (`is_on_field`) or `@@id`. `name` is the client's name for it; `database_name` the constraint's."""

    fields: tuple[IndexField, ...]
    database_name: str
    name: str | None = None
    mapped_name: str | None = None
    is_on_field: bool = False
    span: Span | None = dataclasses.field(default=None, compare=False, repr=False)

    @property
    def field_names(self) -> tuple[str, ...]:
        """The fields in their order."""
        return tuple(each.name for each in self.fields)


@dataclass(frozen=True, slots=True)
class Index:
    """`@unique` (`is_on_field`), `@@unique` or `@@index`. Prisma makes a unique *index*, never a unique constraint."""

    fields: tuple[IndexField, ...]
    database_name: str
    is_unique: bool = False
    name: str | None = None
    mapped_name: str | None = None
    algorithm: Algorithm | None = None
    where: Predicate | None = None
    is_on_field: bool = False
    span: Span | None = dataclasses.field(default=None, compare=False, repr=False)

    @property
    def field_names(self) -> tuple[str, ...]:
        """The fields in their order."""
        return tuple(each.name for each in self.fields)


# -- relations ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """The foreign key of a one-to-one or one-to-many relation: it stands on model A and refers to model B.

    `on_delete` and `on_update` are what holds, Prisma's defaults included. `is_enforced` is False where Prisma makes no
    constraint: under `relationMode = "prisma"`, and where one of the two is a view.
    """

    fields: tuple[str, ...]
    references: tuple[str, ...]
    database_name: str
    on_delete: Action
    on_update: Action
    mapped_name: str | None = None
    is_enforced: bool = True


@dataclass(frozen=True, slots=True)
class JoinTable:
    """The table that Prisma makes for an implicit many-to-many relation.

    Columns `A` and `B` hold the ids `id_a` of model A and `id_b` of model B (field names). Both foreign keys cascade on
    delete and update; `is_enforced` as in ForeignKey. `schema` is that of model A, None where no schema is named.
    """

    database_name: str
    schema: str | None
    id_a: str
    id_b: str
    primary_key: str
    index: str
    foreign_key_a: str
    foreign_key_b: str
    is_enforced: bool = True
    column_a: str = "A"
    column_b: str = "B"


@dataclass(frozen=True, slots=True)
class Relation:
    """Two relation fields that belong together. Model A has the foreign key; many-to-many, it is the first by name.

    In a self-relation both models are the same; many-to-many, field A is the first by name. `foreign_key` is None for a
    many-to-many relation, `join_table` for the others. `is_named` says whether the schema gives the name.
    """

    name: str
    kind: RelationKind
    model_a: str
    field_a: str
    model_b: str
    field_b: str
    foreign_key: ForeignKey | None = None
    join_table: JoinTable | None = None
    is_named: bool = False
