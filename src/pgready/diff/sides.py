"""What Prisma's engine sees of a database or of a schema: the two sides of a diff in Prisma's manner.

A catalog knows more than Prisma looks at, and less than a schema says: `@default(1.50)`, `@db.Char` against
`@db.Char(1)`, `sort: Asc`, `Unsupported("…")` and what Prisma's client computes are words that no database keeps, and
Prisma's SQL is made of them. So both kinds of source are brought to this one shape, each by its own room:
`schema_side` and `catalog_side`. Everything is in the order of its source: the order of Prisma's steps is made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pgready.catalog.names import ObjectName

Arity = Literal["required", "nullable", "list"]
Algorithm = Literal["BTree", "Hash", "Gist", "Gin", "SpGist", "Brin"]
Family = Literal["string", "enum", "json", "datetime", "bytes", "int", "bigint", "float", "boolean"]


@dataclass(frozen=True, slots=True)
class ColumnType:
    """A column's type, arrays aside.

    `kind` "known": `name` is PSL's native type (`VarChar`) with its `arguments`; "enum": `enum`; "other": anything
    else, `name` is its SQL as the source gives it.
    """

    kind: Literal["known", "enum", "other"]
    name: str = ""
    arguments: tuple[int, ...] = ()
    enum: ObjectName | None = None


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant; `value` is text for strings, enums' labels, JSON and points in time."""

    family: Family
    value: str | bytes | int | Decimal | bool


@dataclass(frozen=True, slots=True)
class Default:
    """A column's default.

    "constant" has `constants` of one, "list" any number; "expression" has `text`, None for `dbgenerated()`; "sequence"
    has the sequence's name in `text`, "" where the source leaves it to PostgreSQL; "now" has nothing.
    """

    kind: Literal["constant", "list", "now", "expression", "sequence"]
    constants: tuple[Constant, ...] = ()
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `is_client_filled`: Prisma's client has a default for it, the database has none."""

    name: str
    type: ColumnType
    arity: Arity
    default: Default | None = None
    is_autoincrement: bool = False
    is_client_filled: bool = False


@dataclass(frozen=True, slots=True)
class IndexColumn:
    """A key of an index; `sort` and `operator_class` are None where the source does not say."""

    name: str
    sort: Literal["Asc", "Desc"] | None = None
    operator_class: str | None = None
    is_default_class: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """An index or a unique index; `where` is a partial one's condition.

    `is_taken_as_whole`: it is partial in the database, and the side that it is held against has no words for that. Then
    it is as good as a whole one, and is neither dropped nor, on a table that is there, made.
    """

    name: str
    columns: tuple[IndexColumn, ...]
    is_unique: bool = False
    algorithm: Algorithm = "BTree"
    where: str | None = None
    is_taken_as_whole: bool = False

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns in their order."""
        return tuple(each.name for each in self.columns)


@dataclass(frozen=True, slots=True)
class PrimaryKey:
    """A primary key."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key; actions are SQL's words."""

    name: str
    columns: tuple[str, ...]
    target: ObjectName
    target_columns: tuple[str, ...]
    on_delete: str
    on_update: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table."""

    name: ObjectName
    columns: tuple[Column, ...]
    primary_key: PrimaryKey | None = None
    indexes: tuple[Index, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Enum:
    """An enum with its labels."""

    name: ObjectName
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension; `schema` and `version` are "" where the source does not say."""

    name: str
    schema: str = ""
    version: str = ""
    is_relocatable: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """One side. Names in `default_schema` are written without it; None (a database, or nothing) knows none."""

    default_schema: str | None = None
    schemas: tuple[str, ...] = ()
    extensions: tuple[Extension, ...] = ()
    enums: tuple[Enum, ...] = ()
    tables: tuple[Table, ...] = ()


EMPTY = Side()
"""The side of `empty`."""
