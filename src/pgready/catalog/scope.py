"""Parts of a catalog: what Prisma's schema language can say, and everything but owners and grants.

`prisma_view` follows what Prisma's engine reads from PostgreSQL when it diffs:

- schemas, extensions (name, schema, version), enums, tables, views; no domain, composite, range, sequence, function,
  materialized view or event trigger;
- no comment, owner or grant, no trigger, policy, check or exclusion constraint, no storage option of any kind;
- a partitioned table is a table; its partitions are not there, unless partitioned again;
- a column's type, its NOT NULL, its default; a generated column's expression is a default; an identity counts like
  serial: by `nextval` of its sequence;
- a UNIQUE constraint is a unique index;
- an index has columns, their operator classes and order. Partial ones are left out (but see `partial_indexes`), and so
  are those with an expression; INCLUDE columns count as keys; NULLS FIRST or LAST, collations and validity do not;
- a foreign key has columns and actions; whether it is deferrable or valid does not count.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from pgready.catalog.model import Catalog, Enum, Extension, Schema, View, ViewColumn
from pgready.catalog.shown import shown_literal, shown_name
from pgready.catalog.table import Column, ForeignKey, Identity, Index, IndexColumn, Key, NotNull, Table

_NOT_NULL = NotNull()
_Value = TypeVar("_Value")


def prisma_view(catalog: Catalog, *, partial_indexes: bool = False) -> Catalog:
    """What of the catalog Prisma's language can say; `partial_indexes` is the preview feature of that name."""
    return Catalog(
        schemas=tuple(Schema(one.name) for one in catalog.schemas),
        extensions=tuple(Extension(one.name, one.schema, one.version) for one in catalog.extensions),
        enums=tuple(Enum(one.name, one.labels) for one in catalog.enums),
        tables=tuple(_table(one, partial=partial_indexes) for one in catalog.tables if _is_table(one)),
        views=tuple(_view(one) for one in catalog.views if not one.is_materialized),
    )


def without_owners(catalog: _Value) -> _Value:
    """The same without owners and grants, which differ between environments for good reasons."""
    return _bare(catalog)  # type: ignore[no-any-return]  # rebuilt field by field, of its own class


def _bare(value: Any) -> Any:
    if type(value) is tuple:
        found = tuple([_bare(one) for one in value])
        return value if all(new is old for new, old in zip(found, value, strict=True)) else found
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes: dict[str, Any] = {}
    for one in fields(value):
        old = getattr(value, one.name)
        new = one.default if one.name in ("owner", "grants") else _bare(old)
        if new is not old and new != old:
            changes[one.name] = new
    return replace(value, **changes) if changes else value


def _is_table(table: Table) -> bool:
    return table.partition is None or table.partition_key is not None


def _table(table: Table, *, partial: bool) -> Table:
    indexes = [*table.indexes, *(key.index for key in table.uniques)]
    shown = [_index(one) for one in indexes if _can_say(one, partial=partial)]
    return Table(
        name=table.name,
        columns=tuple([_column(one) for one in table.columns]),
        primary_key=None if table.primary_key is None else _primary_key(table.primary_key),
        foreign_keys=tuple(_foreign_key(one) for one in table.foreign_keys),
        indexes=tuple(sorted(shown, key=lambda one: one.name)),
    )


def _column(column: Column) -> Column:
    default = column.default
    if column.generated is not None:
        default = column.generated.expression
    elif column.identity is not None:
        default = _next_value(column.identity)
    return Column(
        column.name, column.type, not_null=None if column.not_null is None else _NOT_NULL, default=default
    )  # fmt: skip


def _next_value(identity: Identity) -> str:
    """What a serial column with this sequence has for a default."""
    return f"nextval({shown_literal(shown_name(identity.sequence))}::regclass)"


def _can_say(index: Index, *, partial: bool) -> bool:
    return (partial or index.where is None) and not any(key.is_expression for key in index.columns)


def _index(index: Index) -> Index:
    keys = [
        IndexColumn(
            key.text, operator_class=key.operator_class, descending=key.descending, nulls_first=key.descending
        )
        for key in index.columns
    ]  # fmt: skip
    keys += [IndexColumn(name) for name in index.include]
    return Index(index.name, index.method, tuple(keys), is_unique=index.is_unique, where=index.where)


def _primary_key(key: Key) -> Key:
    return Key(key.name, key.columns, is_primary=True, index=_index(key.index))


def _foreign_key(key: ForeignKey) -> ForeignKey:
    return ForeignKey(
        key.name, key.columns, key.target, key.target_columns, on_delete=key.on_delete, on_update=key.on_update
    )  # fmt: skip


def _view(view: View) -> View:
    return View(view.name, tuple(ViewColumn(one.name, one.type) for one in view.columns), view.definition)
