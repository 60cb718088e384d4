"""The entity diagram in DBML, which dbdiagram.io and its like read: tables, columns, indexes, enums, relations."""

from __future__ import annotations

from collections.abc import Iterator

from pgready.catalog.model import Catalog, Enum
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Column, ForeignKey, Index, Table
from pgready.catalog.types import DataType
from pgready.report.excerpt import plain

_INDEXED = ("btree", "hash", "gin", "gist", "brin")


def dbml(catalog: Catalog) -> str:
    """The catalog's tables and enums; partitions are part of their parent. Ends in a newline."""
    tables = [table for table in catalog.tables if table.partition is None]
    known = {table.name for table in tables}
    enums = {enum.name for enum in catalog.enums}
    blocks = [_enum(enum) for enum in catalog.enums]
    blocks += [_table(table, enums) for table in tables]
    blocks += [_reference(table, key) for table in tables for key in table.foreign_keys if key.target in known]
    return "\n\n".join(blocks) + "\n"


def _quoted(name: str) -> str:
    return '"' + plain(name).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _qualified(name: ObjectName) -> str:
    return f"{_quoted(name.schema)}.{_quoted(name.name)}"


def _text(text: str) -> str:
    one_line = " ".join(plain(line) for line in text.splitlines())
    return "'" + one_line.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _expression(text: str) -> str:
    # Nothing can be escaped between backticks.
    return "`" + " ".join(plain(line) for line in text.splitlines()).replace("`", "'") + "`"


def _enum(enum: Enum) -> str:
    labels = "\n".join(f"  {_quoted(label)}" for label in enum.labels)
    return f"Enum {_qualified(enum.name)} {{\n{labels}\n}}"


def _table(table: Table, enums: set[ObjectName]) -> str:
    primary = table.primary_key.columns if table.primary_key else ()
    lines = [_column(column, enums, is_key=(column.name,) == primary) for column in table.columns]
    indexes = list(_indexes(table))
    if indexes:
        lines += ["", "  indexes {", *(f"    {one}" for one in indexes), "  }"]
    if table.comment:
        lines += ["", f"  Note: {_text(table.comment)}"]
    return "\n".join([f"Table {_qualified(table.name)} {{", *lines, "}"])


def _column(column: Column, enums: set[ObjectName], *, is_key: bool) -> str:
    settings = ["pk"] * is_key + ["not null"] * (column.not_null is not None and not is_key)
    if column.identity is not None:
        settings.append("increment")
    elif column.default is not None:
        settings.append(f"default: {_expression(column.default)}")
    notes = [column.comment] if column.comment else []
    if column.generated is not None:
        notes.append(f"generated always as ({column.generated.expression})")
    if notes:
        settings.append(f"note: {_text('; '.join(notes))}")
    said = f" [{', '.join(settings)}]" if settings else ""
    return f"  {_quoted(column.name)} {_type(column.type, enums)}{said}"


def _type(kind: DataType, enums: set[ObjectName]) -> str:
    if kind.name in enums and not kind.dimensions:
        return _qualified(kind.name)
    text = kind.sql if kind.is_system else str(kind.name) + (f"({kind.modifier})" if kind.modifier else "")
    if not kind.is_system:
        text += "[]" * kind.dimensions
    return text if text.isidentifier() else _quoted(text)


def _indexes(table: Table) -> Iterator[str]:
    if table.primary_key and len(table.primary_key.columns) > 1:
        columns = ", ".join(map(_quoted, table.primary_key.columns))
        yield f"({columns}) [pk, name: {_text(table.primary_key.name)}]"
    for key in table.uniques:
        yield f"({', '.join(map(_quoted, key.columns))}) [unique, name: {_text(key.name)}]"
    for index in table.indexes:
        yield _index(index)


def _index(index: Index) -> str:
    parts = ", ".join(_expression(one.text) if one.is_expression else _quoted(one.text) for one in index.columns)
    settings = ["unique"] * index.is_unique + [f"name: {_text(index.name)}"]
    if index.method in _INDEXED:
        settings.insert(0, f"type: {index.method}")
    notes = [f"include {', '.join(index.include)}"] if index.include else []
    notes += [f"where {index.where}"] if index.where else []
    if notes:
        settings.append(f"note: {_text('; '.join(notes))}")
    return f"({parts}) [{', '.join(settings)}]"


def _reference(table: Table, key: ForeignKey) -> str:
    uniques = [set(one.columns) for one in (table.primary_key, *table.uniques) if one is not None]
    sign = "-" if any(one <= set(key.columns) for one in uniques) else ">"
    ends = (_end(table.name, key.columns), _end(key.target, key.target_columns))
    settings = [
        f"{word}: {action.lower()}"
        for word, action in (("delete", key.on_delete), ("update", key.on_update))
        if action != "NO ACTION"
    ]
    said = f" [{', '.join(settings)}]" if settings else ""
    return f"Ref {_quoted(key.name)}: {ends[0]} {sign} {ends[1]}{said}"


def _end(table: ObjectName, columns: tuple[str, ...]) -> str:
    return f"{_qualified(table)}.({', '.join(map(_quoted, columns))})"
