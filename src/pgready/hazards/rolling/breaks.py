"""What of the running version's needs a catalog no longer meets, held against the catalog that the version runs on.

Everything is compared with the state that the running version was deployed on, never with the migration before: a type
that is widened and narrowed back breaks nothing in the end, and what broke once is told once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pgready.catalog.model import Catalog, Enum, Function, View
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Column, Table
from pgready.hazards.rolling.fitting import fit
from pgready.hazards.rolling.guards import new_refusals
from pgready.hazards.rolling.running import KnownColumn, KnownTable, Running
from pgready.hazards.rolling.steps import renamed_column, renamed_table
from pgready.hazards.rolling.words import Break, Renames, called, gone
from pgready.sql.names import quote_ident, quote_literal


@dataclass(frozen=True, slots=True)
class State:
    """A catalog, with what it does not hold: which of its views take writes, and what was renamed since the base."""

    catalog: Catalog
    renames: Renames = field(default_factory=Renames)
    writable_views: frozenset[ObjectName] = frozenset()


def breaks(base: Catalog, state: State, running: Running) -> tuple[Break, ...]:
    """What `running`, which works on `base`, misses in `state`; H014 fails for sure, H015 may."""
    return tuple(_Comparison(base, state, running).run())


def new_breaks(before: tuple[Break, ...], after: tuple[Break, ...]) -> tuple[Break, ...]:
    """Those that were not there before."""
    known = {one.key for one in before}
    return tuple(one for one in after if one.key not in known)


class _Comparison:
    def __init__(self, base: Catalog, state: State, running: Running) -> None:
        self._base = base
        self._after = state.catalog
        self._renames = state.renames
        self._writable = state.writable_views
        self._running = running
        self._tables = {one.name: one for one in self._after.tables}
        self._views = {one.name: one for one in self._after.views}

    def run(self) -> Iterator[Break]:
        for table in self._base.tables:
            known = self._running.table(table.name)
            if known is not None and self._tables.get(table.name) != table:
                yield from self._table(table, known)
        for view in self._base.views:
            yield from self._view(view)
        for enum in self._base.enums:
            yield from self._enum(enum)
        functions = {(one.name, one.arguments) for one in self._after.functions}
        for function in self._base.functions:
            if (function.name, function.arguments) not in functions:
                yield from self._function(function)

    # ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _table(self, table: Table, known: KnownTable) -> Iterator[Break]:
        after = self._tables.get(table.name)
        if after is not None:
            renamed = {now for (name, _), now in self._renames.columns.items() if name == table.name}
            for column in table.columns:
                yield from self._column(table, column, after, known)
            for column in after.columns:
                is_new = table.column(column.name) is None and column.name not in renamed
                if is_new and _must_be_given(column):
                    yield self._required(after, column, known)
            yield from new_refusals(table, after, known, self._running)
        elif (view := self._views.get(table.name)) is not None:
            yield from self._as_view(table, view, known)
        else:
            yield self._table_gone(table.name, known, self._renames.tables.get(table.name))

    def _table_gone(self, name: ObjectName, known: KnownTable, now: ObjectName | None) -> Break:
        what = f"renamed to {now}" if now is not None else "dropped"
        text = f"the running code reads and writes {called(known.model, f'table {name}')}, which is {what}"
        if now is not None:
            first, later = renamed_table(name, now)
            advice = "a view keeps the old name alive: the running code reads and writes through it"
            return Break("H014", ("table", *name), name, (name.name, now.name), text, advice, first, later)
        return Break("H014", ("table", *name), name, (name.name,), text, gone(known.model or f"the table {name}"), (),
                     (f"DROP TABLE {name.sql};",))  # fmt: skip

    def _as_view(self, table: Table, view: View, known: KnownTable) -> Iterator[Break]:
        """A view that took the table's place serves as far as it has the columns and takes writes."""
        columns = {one.name: one for one in view.columns}
        for column in table.columns:
            mine = known.column(column.name)
            if mine is None:
                continue
            if column.name not in columns:
                yield self._column_gone(table, column, mine)
            elif (misfit := fit(column.type, columns[column.name].type)) is not None:
                yield self._type(table.name, column, columns[column.name].type.sql, misfit, mine)
        if view.is_materialized or table.name not in self._writable:
            what = called(known.model, f"table {table.name}")
            text = f"the running code writes {what}, which is a view now that takes no writes"
            advice = "a view of all columns of one table takes writes by itself; others need INSTEAD OF triggers"
            yield Break("H014", ("view of", *table.name), table.name, (table.name.name,), text, advice)

    # ── columns ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _column(self, table: Table, column: Column, after: Table, known: KnownTable) -> Iterator[Break]:
        mine, other = known.column(column.name), after.column(column.name)
        if other == column:
            return
        if other is None:
            if mine is not None:
                yield self._column_gone(table, column, mine)
            return
        now = self._renames.types.get(column.type.name, column.type.name)
        misfit = fit(replace(column.type, name=now), other.type)
        if mine is not None and misfit is not None:
            yield self._type(table.name, column, other.type.sql, misfit, mine)
        yield from self._not_null(table.name, column, other, mine, known)
        yield from self._value(table.name, column, other, mine, known)

    def _column_gone(self, table: Table, column: Column, mine: KnownColumn) -> Break:
        name, where = column.name, _column(table.name, column.name)
        now = self._renames.columns.get((table.name, name))
        what = f"renamed to {now}" if now is not None else "dropped"
        text = f"the running code reads and writes {called(mine.field, where)}, which is {what}"
        key, words = ("column", *table.name, name), (name, *([now] if now else []))
        if now is not None:
            first, then = renamed_column(table, column, now)
            advice = "add the new column beside the old one, keep both in step, and drop the old one later"
            return Break("H014", key, table.name, words, text, advice, first, then)
        first = ()
        if _must_be_given(column):
            first = (f"ALTER TABLE {table.name.sql} ALTER COLUMN {quote_ident(name)} DROP NOT NULL;",)
        advice = gone(mine.field or where)
        if first:
            advice += "; until then the new code must be able to leave it out (or give it a DEFAULT instead)"
        then = (f"ALTER TABLE {table.name.sql} DROP COLUMN {quote_ident(name)};",)
        return Break("H014", key, table.name, words, text, advice, first, then)

    def _type(self, table: ObjectName, column: Column, now: str, misfit: str, mine: KnownColumn) -> Break:
        """`misfit` is "narrower", "other" or "alike"."""
        where = called(mine.field, _column(table, column.name))
        change = f"{column.type.sql} to {now}"
        text = {
            "narrower": f"{where} is narrowed from {change}: values that the running code writes may not fit",
            "other": f"{where} changes from {change}: the running code reads and writes another type",
            "alike": f"{where} changes from {change}: the running code may read other values than it wrote",
        }[misfit]
        id_ = "H015" if misfit == "alike" else "H014"
        advice = "add a column of the new type beside it, move the code over, and drop the old one later"
        return Break(id_, ("type", *table, column.name, now), table, (column.name,), text, advice)

    def _not_null(
        self, table: ObjectName, before: Column, after: Column, mine: KnownColumn | None, known: KnownTable
    ) -> Iterator[Break]:
        if before.not_null is not None or after.not_null is None:
            return
        where = _column(table, before.name)
        then = (f"ALTER TABLE {table.sql} ALTER COLUMN {quote_ident(before.name)} SET NOT NULL;",)
        advice = "first the code that always writes it, then NOT NULL when no older version runs"
        if mine is None and _must_be_given(after):
            model = called(known.model, f"table {table}")
            text = f"the running code inserts {model} without {where}, which is required now"
        elif mine is not None and mine.is_optional:
            text = f"the running code may write NULL to {called(mine.field, where)}, which is required now"
        else:
            return
        yield Break("H014", ("not null", *table, before.name), table, (before.name,), text, advice, (), then)

    def _value(
        self, table: ObjectName, before: Column, after: Column, mine: KnownColumn | None, known: KnownTable
    ) -> Iterator[Break]:
        """Who makes the value: the code, a default, the server."""
        name, where = before.name, _column(table, before.name)
        shown = called(mine.field if mine else "", where)
        if mine is not None and after.generated is not None and before.generated is None:
            text = f"the running code writes {shown}, which the server makes itself now and refuses"
            advice = "make the generated column beside it, under another name"
            yield Break("H014", ("generated", *table, name), table, (name,), text, advice)
            return
        always = after.identity is not None and after.identity.always
        was_given = before.default is None and before.identity is None
        if mine is not None and always and was_given and not (self._running.has_schema and mine.is_left_out):
            text = f"the running code writes {shown}, which is GENERATED ALWAYS now and refuses values"
            advice = "GENERATED BY DEFAULT takes them"
            yield Break("H014", ("identity", *table, name), table, (name,), text, advice)
        had, has = (one.default is not None or one.identity is not None or one.generated is not None
                    for one in (before, after))  # fmt: skip
        if had and not has and (mine is None or mine.is_left_out):
            model = called(known.model, f"table {table}")
            later = (f"ALTER TABLE {table.sql} ALTER COLUMN {quote_ident(name)} DROP DEFAULT;",)
            if after.not_null is not None:
                text = f"the running code inserts {model} and leaves {shown} to its default, which is dropped"
                id_ = "H014"
            else:
                text = f"the running code may leave {shown} to its default, which is dropped: it gets NULL"
                id_ = "H015"
            advice = "first the code that gives the value itself; drop the default when no older version runs"
            yield Break(id_, ("default", *table, name), table, (name,), text, advice, (), later)

    def _required(self, after: Table, column: Column, known: KnownTable) -> Break:
        table = after.name
        model = called(known.model, f"table {table}")
        text = f"the running code inserts {model} without {column.name}, which is new, required and without a default"
        add = f"ALTER TABLE {table.sql} ADD COLUMN {quote_ident(column.name)} {column.type.sql};"
        later = f"ALTER TABLE {table.sql} ALTER COLUMN {quote_ident(column.name)} SET NOT NULL;"
        advice = "add it without NOT NULL, or with a DEFAULT; require it when rows are filled and no older version runs"
        key = ("required", *table, column.name)
        return Break("H014", key, table, (column.name,), text, advice, (add,), (later,))

    # ── other objects ───────────────────────────────────────────────────────────────────────────────────────────

    def _view(self, view: View) -> Iterator[Break]:
        known = self._running.table(view.name)
        after = self._views.get(view.name)
        if after == view:
            return
        kind = "materialized view" if view.is_materialized else "view"
        if after is None and view.name in self._tables:
            columns = {one.name: one.type for one in self._tables[view.name].columns}
        elif after is None:
            now = self._renames.tables.get(view.name)
            what = f"renamed to {now}" if now is not None else "dropped"
            verb = "reads" if known else "may read"
            shown = called(known.model if known else "", f"{kind} {view.name}")
            text = f"the running code {verb} {shown}, which is {what}"
            words = (view.name.name,)
            id_ = "H014" if known is not None else "H015"
            later = (f"DROP {kind.upper()} {view.name.sql};",)
            yield Break(id_, ("view", *view.name), view.name, words, text, gone(f"it ({kind} {view.name})"), (), later)
            return
        else:
            columns = {one.name: one.type for one in after.columns}
        if known is None:
            return
        for column in view.columns:
            mine = known.column(column.name)
            if mine is None:
                continue
            where = called(mine.field, _column(view.name, column.name))
            if column.name not in columns:
                text = f"the running code reads {where}, which the view no longer has"
                key: tuple[str, ...] = ("column", *view.name, column.name)
                yield Break("H014", key, view.name, (column.name, view.name.name), text, gone(where))
            elif fit(column.type, columns[column.name]) in ("narrower", "other"):
                now_type = columns[column.name].sql
                text = f"{where} changes from {column.type.sql} to {now_type}: the running code reads another type"
                key = ("type", *view.name, column.name, now_type)
                advice = "give the view a column of another name beside it"
                yield Break("H014", key, view.name, (column.name, view.name.name), text, advice)

    def _enum(self, enum: Enum) -> Iterator[Break]:
        known = self._running.enum(enum.name)
        if known is None:
            return
        after = next((one for one in self._after.enums if one.name == enum.name), None)
        if after is None:
            now = self._renames.types.get(enum.name)
            what = f"renamed to {now}" if now is not None else "dropped"
            text = f"the running code casts to {called(known.name, f'enum {enum.name}')}, which is {what}"
            later = (f"DROP TYPE {enum.name.sql};",)
            yield Break(
                "H014", ("enum", *enum.name), None, (enum.name.name,), text, gone(f"enum {enum.name}"), (), later
            )
            return
        lost = [label for label in enum.labels if label not in after.labels]
        for label in lost:
            value = label if known.values is None else known.values.get(label)
            if value is None:
                continue
            now_label = self._renames.labels.get((enum.name, label))
            what = f"renamed to '{now_label}'" if now_label else "removed"
            named = called(f"{known.name}.{value}" if known.name else "", f"value '{label}' of enum {enum.name}")
            text = f"the running code reads and writes {named}, which is {what}"
            advice = "stop writing it in code first, then change the rows, and remove it when no older version runs"
            first: tuple[str, ...] = ()
            if now_label:
                advice = "add the new value, move code and rows over, and remove the old one when no older version runs"
                first = (f"ALTER TYPE {enum.name.sql} ADD VALUE {quote_literal(now_label)};",)
            words = (enum.name.name, label)
            yield Break("H014", ("label", *enum.name, label), None, words, text, advice, first)

    def _function(self, function: Function) -> Iterator[Break]:
        if re.search(r"\bRETURNS (?:event_)?trigger\b", function.definition):
            return  # nobody calls it but its trigger
        shown = f"{function.kind} {function.name}({function.arguments})"
        others = any(one.name == function.name for one in self._after.functions)
        is_sure = not self._running.has_schema and not others
        text = f"the running code {'calls' if is_sure else 'may call'} {shown}, which is dropped"
        if others:
            text += "; one of this name with other arguments is there"
        key = ("function", *function.name, function.arguments)
        yield Break("H014" if is_sure else "H015", key, None, (function.name.name,), text, gone(shown))


def _must_be_given(column: Column) -> bool:
    made = (column.default, column.identity, column.generated)
    return column.not_null is not None and made == (None, None, None)


def _column(table: ObjectName, name: str) -> str:
    return f"column {table}.{name}"
