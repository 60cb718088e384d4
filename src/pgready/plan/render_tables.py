"""Tables, keys and indexes."""

from __future__ import annotations

from pgready.diff import changes as made
from pgready.diff.changes import AlterTable, TableChange
from pgready.diff.sides import ForeignKey, Index, IndexColumn, Table
from pgready.plan.names import Names, quoted
from pgready.plan.render_columns import altered, column_definition
from pgready.sql.names import quote_ident


def create_table(table: Table, names: Names) -> str:
    """CREATE TABLE with its primary key."""
    parts = ",\n".join(column_definition(column, names.after_default) for column in table.columns)
    key = table.primary_key
    if key is not None:
        parts += f",\n\n    CONSTRAINT {quote_ident(key.name)} PRIMARY KEY ({quoted(key.columns, ',')})"
    return f"CREATE TABLE {names.new(table.name)} (\n{parts}\n)"


def alter_table(change: AlterTable, names: Names) -> list[str]:
    """ALTER TABLE with all its clauses, and what must stand around it."""
    before: list[str] = []
    clauses: list[str] = []
    after: list[str] = []
    for each in change.changes:
        if isinstance(each, made.RenamePrimaryKey):
            continue
        if isinstance(each, made.AlterColumn):
            found = altered(change.after, change.before, each, names)
            before += found.before
            clauses += found.clauses
            after += found.after
        else:
            clauses += _clauses(change, each, names)
    head = f"ALTER TABLE {names.new(change.after.name)} "
    main = [head + ",\n".join(clauses)] if clauses else []
    return [*before, *main, *_renamed_key(change, head), *after]


def _renamed_key(change: AlterTable, head: str) -> list[str]:
    """A statement of its own: PostgreSQL renames alone."""
    old, new = change.before.primary_key, change.after.primary_key
    if old is None or new is None or made.RenamePrimaryKey() not in change.changes:
        return []
    return [f"{head}RENAME CONSTRAINT {quote_ident(old.name)} TO {quote_ident(new.name)}"]


def _clauses(change: AlterTable, each: TableChange, names: Names) -> list[str]:
    old, new = change.before.primary_key, change.after.primary_key
    if isinstance(each, made.DropPrimaryKey) and old:
        return [f"DROP CONSTRAINT {quote_ident(old.name)}"]
    if isinstance(each, made.AddPrimaryKey) and new:
        return [f"ADD CONSTRAINT {quote_ident(new.name)} PRIMARY KEY ({quoted(new.columns)})"]
    if isinstance(each, made.AddColumn):
        return [f"ADD COLUMN {column_definition(each.column, names.after_default)}"]
    if isinstance(each, made.DropColumn):
        return [f"DROP COLUMN {quote_ident(each.column.name)}"]
    if isinstance(each, made.RecreateColumn):
        definition = column_definition(each.after, names.after_default)
        return [f"DROP COLUMN {quote_ident(each.before.name)}", f"ADD COLUMN {definition}"]
    return []


def create_index(table: Table, index: Index, names: Names) -> str:
    """CREATE INDEX."""
    unique = "UNIQUE " if index.is_unique else ""
    using = "" if index.algorithm == "BTree" else f" USING {index.algorithm.upper()} "
    columns = ", ".join(map(_index_column, index.columns))
    where = f" WHERE ({index.where})" if index.where is not None else ""
    return f"CREATE {unique}INDEX {quote_ident(index.name)} ON {names.new(table.name)}{using}({columns}){where}"


def _index_column(column: IndexColumn) -> str:
    operator_class = f" {column.operator_class}" if column.operator_class else ""
    sort = f" {column.sort.upper()}" if column.sort else ""
    return quote_ident(column.name) + operator_class + sort


def add_foreign_key(table: Table, key: ForeignKey, names: Names) -> str:
    """ALTER TABLE … ADD CONSTRAINT … FOREIGN KEY."""
    return (
        f"ALTER TABLE {names.new(table.name)} "
        f"ADD CONSTRAINT {quote_ident(key.name)} FOREIGN KEY ({quoted(key.columns)}) "
        f"REFERENCES {names.new(key.target)}({quoted(key.target_columns)}) "
        f"ON DELETE {key.on_delete} ON UPDATE {key.on_update}"
    )
