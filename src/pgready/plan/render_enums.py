"""Enums: made, extended, and replaced where a label goes."""

from __future__ import annotations

from collections.abc import Iterable

from pgready.catalog.names import ObjectName
from pgready.diff.changes import AlterEnum
from pgready.diff.sides import Enum
from pgready.plan.names import Names, text_literal
from pgready.plan.render_columns import column_type, default_expression
from pgready.sql.names import quote_ident

_SEVERAL_LABELS = """\
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


"""


def _labels(labels: Iterable[str]) -> str:
    return ", ".join(map(text_literal, labels))


def create_enum(enum: Enum, names: Names) -> str:
    """CREATE TYPE … AS ENUM."""
    return f"CREATE TYPE {names.new(enum.name)} AS ENUM ({_labels(enum.labels)})"


def alter_enum(change: AlterEnum, names: Names) -> list[str]:
    """Labels that come are added; where one goes, a new type takes the place of the old one."""
    if change.removed:
        return _replace(change, names)
    name = names.new(change.after.name)
    made = [f"ALTER TYPE {name} ADD VALUE {text_literal(label)}" for label in change.added]
    if len(made) > 1:
        made[0] = _SEVERAL_LABELS + made[0]
    return made


def _replace(change: AlterEnum, names: Names) -> list[str]:
    old, new = change.before.name, change.after.name
    fresh = names.new(ObjectName(new.schema, f"{new.name}_new"))
    aside = ObjectName(old.schema, f"{old.name}_old")
    made = ["BEGIN", f"CREATE TYPE {fresh} AS ENUM ({_labels(change.after.labels)})"]
    for place, _ in change.defaults:
        made.append(
            f"ALTER TABLE {names.old(place.table.name)} ALTER COLUMN {quote_ident(place.column.name)} DROP DEFAULT"
        )
    for place in change.columns:
        column = quote_ident(place.column.name)
        target = fresh + ("[]" if place.column.arity == "list" else "")
        made.append(
            f"ALTER TABLE {names.new(place.table.name)} ALTER COLUMN {column} TYPE {target} "
            f"USING ({column}::text::{target})"
        )
    made += [
        f"ALTER TYPE {names.new(old)} RENAME TO {quote_ident(aside.name)}",
        f"ALTER TYPE {fresh} RENAME TO {quote_ident(new.name)}",
        f"DROP TYPE {names.old(aside)}",
    ]
    for place, kept in change.defaults:
        if kept is not None and kept.column.default is not None:
            shown = default_expression(kept.column.default, column_type(kept.column, names.after_default))
            column = quote_ident(place.column.name)
            made.append(f"ALTER TABLE {names.new(kept.table.name)} ALTER COLUMN {column} SET DEFAULT {shown}")
    return [*made, "COMMIT"]
