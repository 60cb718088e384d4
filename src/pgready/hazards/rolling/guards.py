"""What refuses rows now that it took before: unique keys, checks, foreign keys, row security, rights."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgready.catalog.table import Index, Table
from pgready.hazards.rolling.running import KnownTable, Running
from pgready.hazards.rolling.words import Break, called
from pgready.parity.conditions import FEWER_RIGHTS
from pgready.parity.model import Difference

_NOT_NULL = re.compile(r'\(?"?(?P<column>[^"()]+)"? IS NOT NULL\)?')
_WORD = re.compile(r'"((?:[^"]|"")+)"|([A-Za-z_][A-Za-z0-9_$]*)|\'(?:[^\']|\'\')*\'')
_WAIT = "first the code that keeps to it; add it when no older version runs"


def new_refusals(base: Table, after: Table, known: KnownTable, running: Running) -> Iterator[Break]:
    """What the running code, which works on `base`, may be refused in `after`; also the keys that it lost."""
    yield from _uniques(base, after, known)
    yield from _lost_keys(base, after, known, running)
    yield from _checks(base, after, known)
    yield from _foreign_keys(base, after, known)
    what = called(known.model, f"table {after.name}")
    old = {one.name for one in base.exclusions}
    for one in after.exclusions:
        if one.name not in old:
            text = f"the new constraint {one.name} may refuse rows that the running code writes to {what}"
            yield _may(after, ("exclusion", *after.name, one.name), (one.name,), text)
    if after.row_security and not base.row_security:
        text = f"row security is on: the running code may see and change fewer rows of {what}"
        yield _may(after, ("row security", *after.name), (after.name.name,), text)
    rights = Difference((), "different", reference=base.grants, side=after.grants)
    if base.grants != after.grants and FEWER_RIGHTS[1](rights):
        text = f"a role loses rights on {what}: if the running code is that role, it is refused"
        yield _may(after, ("grants", *after.name), (after.name.name,), text)


def _may(table: Table, key: tuple[str, ...], words: tuple[str, ...], text: str) -> Break:
    return Break("H015", key, table.name, words, text, _WAIT)


# ── unique keys ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _indexes(table: Table) -> list[Index]:
    keys = [key for key in (table.primary_key, *table.uniques) if key is not None]
    return [*(key.index for key in keys), *(one for one in table.indexes if one.is_unique)]


def _same(one: Index) -> tuple[object, ...]:
    return (frozenset((key.text, key.is_expression) for key in one.columns), one.where, one.nulls_not_distinct)


def _whole(table: Table) -> set[frozenset[str]]:
    """Columns that are unique together in every row."""
    plain = (one for one in _indexes(table) if one.where is None and not any(key.is_expression for key in one.columns))
    return {frozenset(key.text for key in one.columns) for one in plain}


def _uniques(base: Table, after: Table, known: KnownTable) -> Iterator[Break]:
    there, held = {_same(one) for one in _indexes(base)}, _whole(base) | known.keys
    for one in _indexes(after):
        columns = _mentioned(one, after)
        if _same(one) in there or any(key <= columns for key in held):
            continue  # it refuses nothing that another did not refuse
        risk = _risk(one, columns, base, after, known)
        if risk is None:
            continue
        listed = ", ".join(sorted(columns))
        what = called(known.model, f"table {after.name}")
        key = ("unique", *after.name, one.name)
        if risk == "sure":
            text = f"every row that the running code inserts as {what} gets the same {listed}, which is unique now"
            advice = "let it be NULL, or give it a default that makes another value each time"
            yield Break("H014", key, after.name, (one.name, *sorted(columns)), text, advice)
        else:
            text = f"{listed} of {what} is unique now: rows that the running code writes may be refused"
            yield Break("H015", key, after.name, (one.name, *sorted(columns)), text, _WAIT)


def _mentioned(one: Index, table: Table) -> frozenset[str]:
    found: set[str] = set()
    for key in one.columns:
        found |= _columns_of(key.text, table) if key.is_expression else {key.text}
    return frozenset(found)


def _risk(one: Index, columns: frozenset[str], base: Table, after: Table, known: KnownTable) -> str | None:
    """How sure a duplicate is: sure, may, or None where the running code cannot write the same twice."""
    given = {name for name in columns if base.column(name) is not None and known.column(name) is not None}
    is_sure = not given
    for name in columns - given:
        column = after.column(name)
        if column is None:
            continue
        if column.identity is not None or (column.default is not None and "(" in column.default):
            return None  # another value each time
        if column.default is None and column.generated is None and not one.nulls_not_distinct:
            return None  # NULL, which is no duplicate
        is_sure = is_sure and column.generated is None
    return "sure" if is_sure and one.where is None else "may"


def _lost_keys(base: Table, after: Table, known: KnownTable, running: Running) -> Iterator[Break]:
    there = _whole(after)
    needed = known.keys & _whole(base) if running.has_schema else _whole(base)
    for key in sorted(needed - there, key=sorted):
        if not all(after.column(name) is not None for name in key):
            continue  # the column's own break says it
        listed = ", ".join(sorted(key))
        what = called(known.model, f"table {after.name}")
        text = f"{listed} of {what} is not unique any more: upserts of the running code by it (ON CONFLICT) fail"
        advice = "keep the key until no version that runs goes by it"
        yield Break("H015", ("key", *after.name, listed), after.name, _names_of(base, key), text, advice)


def _names_of(table: Table, key: frozenset[str]) -> tuple[str, ...]:
    names = [one.name for one in _indexes(table) if frozenset(each.text for each in one.columns) == key]
    return (*names, *sorted(key))


# ── constraints ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _checks(base: Table, after: Table, known: KnownTable) -> Iterator[Break]:
    there = {one.expression for one in base.checks if one.is_enforced}
    for one in after.checks:
        if one.expression in there or not one.is_enforced:
            continue
        what = called(known.model, f"table {after.name}")
        words = _columns_of(one.expression, after)
        required = _NOT_NULL.fullmatch(one.expression)
        if required and required["column"] in words:
            name = required["column"]
            column, mine = base.column(name), known.column(name)
            new = after.column(name)
            is_filled = new is not None and (new.default is not None or new.identity is not None or new.generated)
            is_refused = (not is_filled) if mine is None or column is None else mine.is_optional
            if is_refused and (column is None or column.not_null is None):
                field = called(mine.field if mine else "", f"column {after.name}.{name}")
                text = f"the running code may write NULL to {field}, which {one.name} refuses now"
                key = ("not null", *after.name, name)
                yield Break(
                    "H014",
                    key,
                    after.name,
                    (one.name, name),
                    text,
                    "first the code that always writes it, then the constraint when no older version runs",
                )
            continue
        if any(base.column(name) is not None and known.column(name) is not None for name in words):
            text = f"the new constraint {one.name} may refuse values that the running code writes to {what}"
            yield _may(after, ("check", *after.name, one.name), (one.name, *sorted(words)), text)


def _foreign_keys(base: Table, after: Table, known: KnownTable) -> Iterator[Break]:
    there = {(one.columns, one.target, one.target_columns) for one in base.foreign_keys}
    for one in after.foreign_keys:
        if (one.columns, one.target, one.target_columns) in there or not one.is_enforced:
            continue
        mine = {name for name in one.columns if base.column(name) is not None and known.column(name) is not None}
        if not mine or frozenset(one.columns) in known.references:
            continue  # NULL in all of the code's rows, or a relation that the code knows
        listed = ", ".join(one.columns)
        what = called(known.model, f"table {after.name}")
        text = f"{listed} of {what} refers to {one.target} now: rows that the running code writes may be refused"
        yield _may(after, ("foreign key", *after.name, one.name), (one.name, *one.columns), text)


def _columns_of(expression: str, table: Table) -> frozenset[str]:
    names = {quoted.replace('""', '"') or plain for quoted, plain in _WORD.findall(expression)}
    return frozenset(names & {column.name for column in table.columns})
