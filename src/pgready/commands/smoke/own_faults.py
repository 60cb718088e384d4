"""Faults in the project's own objects: for each class that its structure has, statements that break one of them.

They are alternatives: an object that others stand on cannot be dropped, and the next one is tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from pgready.catalog.model import Catalog
from pgready.commands.smoke.faults import Fault
from pgready.postgres.readiness import TABLE
from pgready.sql.names import quote_ident, quote_literal

_TRIES = 6


def own_faults(catalog: Catalog) -> Mapping[str, tuple[Fault, ...]]:
    """By class, the lightest first: what drops whole tables comes last and takes tables that no other fault is in."""
    found: dict[str, list[Fault]] = {}
    for fault in _all(catalog):
        listed = found.setdefault(fault.kind, [])
        if len(listed) < _TRIES:
            listed.append(fault)
    return {kind: tuple(listed) for kind, listed in found.items()}


def _all(catalog: Catalog) -> Iterator[Fault]:
    for enum in catalog.enums:
        if enum.labels:
            yield Fault(
                "enum",
                f"enum {enum.name}",
                f"ALTER TYPE {enum.name.sql} RENAME VALUE {quote_literal(enum.labels[-1])} TO 'pgready fault'",
            )
    for sequence in catalog.sequences:
        step = sequence.options.increment + 7
        yield Fault("sequence", f"sequence {sequence.name}", f"ALTER SEQUENCE {sequence.name.sql} INCREMENT {step}")
    yield from _of_tables(catalog)
    for view in catalog.views:
        kind = "MATERIALIZED VIEW" if view.is_materialized else "VIEW"
        yield Fault("view", f"view {view.name}", f"DROP {kind} {view.name.sql}")
    for function in catalog.functions:
        if function.kind in ("function", "procedure"):
            yield Fault(
                "function",
                f"function {function.name}({function.arguments})",
                f"ALTER {function.kind.upper()} {function.name.sql}({function.arguments}) SECURITY DEFINER",
            )
    last = [one for one in catalog.tables if one.name.name != TABLE and one.partition is None]
    for table in islice(reversed(last), _TRIES):
        yield Fault("table", f"table {table.name}", f"DROP TABLE {table.name.sql}")


def _of_tables(catalog: Catalog) -> Iterator[Fault]:
    for table in catalog.tables:
        if table.name.name == TABLE or table.partition is not None:
            continue
        on, drop = table.name.sql, f"ALTER TABLE {table.name.sql} DROP CONSTRAINT"
        for kind, parts in (
            ("unique constraint", table.uniques),
            ("foreign key", table.foreign_keys),
            ("check", table.checks),
            ("exclusion", table.exclusions),
        ):
            word = "key" if kind == "unique constraint" else kind
            for part in parts:
                yield Fault(kind, f"{word} {table.name}.{part.name}", f"{drop} {quote_ident(part.name)}")
        for index in table.indexes:
            name = f"{quote_ident(table.name.schema)}.{quote_ident(index.name)}"
            yield Fault("index", f"index {table.name}.{index.name}", f"DROP INDEX {name}")
        for trigger in table.triggers:
            yield Fault(
                "trigger", f"trigger {table.name}.{trigger.name}", f"DROP TRIGGER {quote_ident(trigger.name)} ON {on}"
            )
        for policy in table.policies:
            yield Fault(
                "policy", f"policy {table.name}.{policy.name}", f"DROP POLICY {quote_ident(policy.name)} ON {on}"
            )
        primary = table.primary_key.columns if table.primary_key else ()
        for column in table.columns:
            where = f"{table.name}.{column.name}"
            alter = f"ALTER TABLE {on} ALTER {quote_ident(column.name)}"
            if column.default is not None and column.generated is None:
                yield Fault("default", f"default {where}", f"{alter} DROP DEFAULT")
            if column.not_null is not None and column.name not in primary and column.identity is None:
                yield Fault("not null", f"not null {where}", f"{alter} DROP NOT NULL")
        yield Fault(
            "column", f"column {table.name}.pgready_fault", f"ALTER TABLE {on} ADD pgready_fault int NOT NULL DEFAULT 0"
        )
