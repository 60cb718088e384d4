"""The changes, each a frozen value that carries what it is about on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from pgready.diff.sides import Column, Enum, Extension, ForeignKey, Index, Table

Cast = Literal["safe", "risky", "impossible"]


@dataclass(frozen=True, slots=True)
class ColumnDelta:
    """What differs in a column that both sides have; `cast` is None where the type stays."""

    arity: bool = False
    default: bool = False
    cast: Cast | None = None
    autoincrement: bool = False

    def __bool__(self) -> bool:
        return self.arity or self.default or self.cast is not None or self.autoincrement


# -- within a table ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DropPrimaryKey:
    """The primary key goes."""


@dataclass(frozen=True, slots=True)
class RenamePrimaryKey:
    """The primary key gets another name."""


@dataclass(frozen=True, slots=True)
class AddPrimaryKey:
    """The new table's primary key comes."""


@dataclass(frozen=True, slots=True)
class DropColumn:
    """A column goes."""

    column: Column


@dataclass(frozen=True, slots=True)
class AddColumn:
    """A column comes."""

    column: Column


@dataclass(frozen=True, slots=True)
class AlterColumn:
    """A column changes in place. `unused_sequence` served the old default, and nothing of the new side uses it."""

    before: Column
    after: Column
    delta: ColumnDelta
    unused_sequence: str | None = None


@dataclass(frozen=True, slots=True)
class RecreateColumn:
    """A column is dropped and made anew, because nothing casts its type."""

    before: Column
    after: Column
    delta: ColumnDelta


TableChange: TypeAlias = (
    DropPrimaryKey | RenamePrimaryKey | AddPrimaryKey | DropColumn | AddColumn | AlterColumn | RecreateColumn
)

# -- the steps, in Prisma's order --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CreateSchema:
    """A schema comes."""

    name: str


@dataclass(frozen=True, slots=True)
class DropExtension:
    """An extension goes, to come back elsewhere."""

    extension: Extension


@dataclass(frozen=True, slots=True)
class CreateExtension:
    """An extension comes."""

    extension: Extension


@dataclass(frozen=True, slots=True)
class AlterExtension:
    """An extension gets another version or schema, as far as both sides say one."""

    before: Extension
    after: Extension


@dataclass(frozen=True, slots=True)
class CreateEnum:
    """An enum comes."""

    enum: Enum


@dataclass(frozen=True, slots=True)
class ColumnOf:
    """A column with its table."""

    table: Table
    column: Column


@dataclass(frozen=True, slots=True)
class AlterEnum:
    """An enum's labels change.

    `defaults` are the old columns of this type that have a default, each with the new column where that has one, too;
    `columns` are the new side's columns of this type.
    """

    before: Enum
    after: Enum
    added: tuple[str, ...]
    removed: tuple[str, ...]
    defaults: tuple[tuple[ColumnOf, ColumnOf | None], ...]
    columns: tuple[ColumnOf, ...]


@dataclass(frozen=True, slots=True)
class DropForeignKey:
    """A foreign key goes."""

    table: Table
    foreign_key: ForeignKey


@dataclass(frozen=True, slots=True)
class DropIndex:
    """An index goes."""

    table: Table
    index: Index


@dataclass(frozen=True, slots=True)
class AlterTable:
    """A table changes."""

    before: Table
    after: Table
    changes: tuple[TableChange, ...]


@dataclass(frozen=True, slots=True)
class DropTable:
    """A table goes."""

    table: Table


@dataclass(frozen=True, slots=True)
class DropEnum:
    """An enum goes."""

    enum: Enum


@dataclass(frozen=True, slots=True)
class CreateTable:
    """A table comes; its indexes and foreign keys are changes of their own."""

    table: Table


@dataclass(frozen=True, slots=True)
class CreateIndex:
    """An index comes. `is_again`: PostgreSQL dropped it with a column that was made anew."""

    table: Table
    index: Index
    on_new_table: bool
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class RenameForeignKey:
    """A foreign key gets another name."""

    before_table: Table
    after_table: Table
    before: ForeignKey
    after: ForeignKey


@dataclass(frozen=True, slots=True)
class AddForeignKey:
    """A foreign key comes."""

    table: Table
    foreign_key: ForeignKey


@dataclass(frozen=True, slots=True)
class RenameIndex:
    """An index gets another name."""

    table: Table
    before: Index
    after: Index


Change: TypeAlias = (
    CreateSchema
    | DropExtension
    | CreateExtension
    | AlterExtension
    | CreateEnum
    | AlterEnum
    | DropForeignKey
    | DropIndex
    | AlterTable
    | DropTable
    | DropEnum
    | CreateTable
    | CreateIndex
    | RenameForeignKey
    | AddForeignKey
    | RenameIndex
)
