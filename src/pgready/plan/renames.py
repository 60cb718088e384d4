"""Renames as SQL: the blocks that stand before what Prisma's diff writes, in its manner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pgready.catalog.names import ObjectName
from pgready.diff.rename import MoveName, Rename, RenameColumn, RenameEnum, RenameTable, RenameValue, in_order
from pgready.diff.sides import Side, Table
from pgready.plan.names import Names, text_literal
from pgready.sql.names import quote_ident

_SPARE = "pgready_renaming_{}"


def rename_sql(renames: Sequence[Rename], before: Side, after: Side) -> str:
    """The script of the renames from `before` on, a block for each kind of thing; "" for none."""
    names = Names.of(before, after)
    enums = {each.before: each.after for each in renames if isinstance(each, RenameEnum)}
    tables = {each.before: each.after for each in renames if isinstance(each, RenameTable)}
    there = [each.name for each in before.tables]  # a table is a type, too
    blocks = [
        ("RenameEnum", _objects("TYPE", enums, [*(each.name for each in before.enums), *there], names)),
        ("RenameEnumValue", _values(renames, enums, before, names)),
        ("RenameTable", _objects("TABLE", tables, there, names)),
        ("RenameColumn", _columns(renames, tables, before, names)),
        ("RenameIndex", _indexes(renames, tables, before, names)),
    ]
    return "\n".join(f"-- {title}\n" + "".join(f"{each};\n" for each in lines) for title, lines in blocks if lines)


def _objects(kind: str, renames: dict[ObjectName, ObjectName], there: Iterable[ObjectName], names: Names) -> list[str]:
    spare = {old: ObjectName(old.schema, _SPARE.format(at)) for at, old in enumerate(renames, 1)}
    used = set(there)
    lines = []
    for old, new in in_order(renames, used, spare):
        here = old
        if here.schema != new.schema and ObjectName(new.schema, here.name) in used:
            lines.append(f"ALTER {kind} {names.new(here)} RENAME TO {quote_ident(new.name)}")
            here = ObjectName(here.schema, new.name)
        if here.schema != new.schema:
            lines.append(f"ALTER {kind} {names.new(here)} SET SCHEMA {quote_ident(new.schema)}")
            here = ObjectName(new.schema, here.name)
        if here.name != new.name:
            lines.append(f"ALTER {kind} {names.new(here)} RENAME TO {quote_ident(new.name)}")
        used.discard(old)
        used.add(new)
    return lines


def _values(renames: Sequence[Rename], enums: dict[ObjectName, ObjectName], before: Side, names: Names) -> list[str]:
    lines = []
    for enum in before.enums:
        pairs = {
            each.before: each.after for each in renames if isinstance(each, RenameValue) and each.enum == enum.name
        }
        name = names.new(enums.get(enum.name, enum.name))
        lines += [
            f"ALTER TYPE {name} RENAME VALUE {text_literal(old)} TO {text_literal(new)}"
            for old, new in in_order(pairs, enum.labels, _spares(pairs))
        ]
    return lines


def _columns(renames: Sequence[Rename], tables: dict[ObjectName, ObjectName], before: Side, names: Names) -> list[str]:
    lines = []
    for table in before.tables:
        pairs = {
            each.before: each.after for each in renames if isinstance(each, RenameColumn) and each.table == table.name
        }
        name = names.new(tables.get(table.name, table.name))
        lines += [
            f"ALTER TABLE {name} RENAME COLUMN {quote_ident(old)} TO {quote_ident(new)}"
            for old, new in in_order(pairs, (each.name for each in table.columns), _spares(pairs))
        ]
    return lines


def _indexes(renames: Sequence[Rename], tables: dict[ObjectName, ObjectName], before: Side, names: Names) -> list[str]:
    pairs = {
        ObjectName(each.schema, each.before): ObjectName(each.schema, each.after)
        for each in renames
        if isinstance(each, MoveName)
    }
    spare = {old: ObjectName(old.schema, _SPARE.format(at)) for at, old in enumerate(pairs, 1)}
    there = (name for each in before.tables for name in _index_names(each, tables.get(each.name, each.name).schema))
    return [
        f"ALTER INDEX {names.new(old)} RENAME TO {quote_ident(new.name)}" for old, new in in_order(pairs, there, spare)
    ]


def _index_names(table: Table, schema: str) -> Iterable[ObjectName]:
    if table.primary_key is not None:
        yield ObjectName(schema, table.primary_key.name)
    yield from (ObjectName(schema, each.name) for each in table.indexes)


def _spares(pairs: dict[str, str]) -> dict[str, str]:
    return {old: _SPARE.format(at) for at, old in enumerate(pairs, 1)}
