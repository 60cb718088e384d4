"""Changes as the SQL script that Prisma's engine would write, byte for byte."""

from __future__ import annotations

from collections.abc import Sequence

from pgready.diff import changes as made
from pgready.diff.changes import Change
from pgready.diff.sides import Extension, Side
from pgready.plan.names import Names
from pgready.plan.render_enums import alter_enum, create_enum
from pgready.plan.render_tables import add_foreign_key, alter_table, create_index, create_table
from pgready.sql.names import quote_ident

NOTHING = "-- This is an empty migration."
"""The script for no change."""


def prisma_sql(changes: Sequence[Change], before: Side, after: Side, warnings: Sequence[str] = ()) -> str:
    """The script of `changes` between the two sides, with `warnings` on top; NOTHING for no change."""
    if not changes:
        return NOTHING
    names = Names.of(before, after)
    blocks = []
    for change in changes:
        statements = statements_of(change, names)
        if statements:
            blocks.append(f"-- {type(change).__name__}\n" + "".join(f"{each};\n" for each in statements))
    head = "/*\n  Warnings:\n\n" + "".join(f"  - {each}\n" for each in warnings) + "\n*/\n" if warnings else ""
    return head + "\n".join(blocks)


def statements_of(change: Change, names: Names) -> list[str]:
    """The statements of one change, without semicolons."""
    match change:
        case made.CreateSchema(name):
            return [f"CREATE SCHEMA IF NOT EXISTS {quote_ident(name)}"]
        case made.DropExtension(extension):
            return [f"DROP EXTENSION {quote_ident(extension.name)}"]
        case made.CreateExtension(extension):
            return [_create_extension(extension)]
        case made.AlterExtension():
            return _alter_extension(change)
        case made.CreateEnum(enum):
            return [create_enum(enum, names)]
        case made.AlterEnum():
            return alter_enum(change, names)
        case made.DropEnum(enum):
            return [f"DROP TYPE {names.new(enum.name)}"]
        case made.CreateTable(table):
            return [create_table(table, names)]
        case made.AlterTable():
            return alter_table(change, names)
        case made.DropTable(table):
            return [f"DROP TABLE {names.new(table.name)}"]
        case _:
            return [_of_a_table(change, names)]


def _of_a_table(
    change: made.CreateIndex
    | made.DropIndex
    | made.RenameIndex
    | made.AddForeignKey
    | made.DropForeignKey
    | made.RenameForeignKey,
    names: Names,
) -> str:
    match change:
        case made.CreateIndex(table, index):
            return create_index(table, index, names)
        case made.DropIndex(table, index):
            return f"DROP INDEX {names.new(type(table.name)(table.name.schema, index.name))}"
        case made.RenameIndex(table, old, new):
            name = names.new(type(table.name)(table.name.schema, old.name))
            return f"ALTER INDEX {name} RENAME TO {quote_ident(new.name)}"
        case made.AddForeignKey(table, key):
            return add_foreign_key(table, key, names)
        case made.DropForeignKey(table, key):
            return f"ALTER TABLE {names.new(table.name)} DROP CONSTRAINT {quote_ident(key.name)}"
        case made.RenameForeignKey(_, table, old_key, new_key):
            return (
                f"ALTER TABLE {names.new(table.name)} RENAME CONSTRAINT {quote_ident(old_key.name)} "
                f"TO {quote_ident(new_key.name)}"
            )


def _create_extension(extension: Extension) -> str:
    text = f"CREATE EXTENSION IF NOT EXISTS {quote_ident(extension.name)}"
    if extension.schema or extension.version:
        text += " WITH"
    if extension.schema:
        text += f" SCHEMA {quote_ident(extension.schema)}"
    if extension.version:
        text += f" VERSION {quote_ident(extension.version)}"
    return text


def _alter_extension(change: made.AlterExtension) -> list[str]:
    old, new = change.before, change.after
    head = f"ALTER EXTENSION {quote_ident(old.name)} "
    statements = []
    if old.version and new.version and old.version != new.version:
        statements.append(f"{head}UPDATE TO {quote_ident(new.version)}")
    if old.schema and new.schema and old.schema != new.schema:
        statements.append(f"{head}SET SCHEMA {quote_ident(new.schema)}")
    return statements
