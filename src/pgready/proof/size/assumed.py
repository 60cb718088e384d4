"""What a verdict hangs on that nobody said: how many values columns have that are compared with one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pgready.catalog.names import ObjectName
from pgready.proof.profile import ColumnProfile, Profile, TableProfile
from pgready.proof.rule.facts import Facts
from pgready.proof.size.columns import DAYS, NUMBERS, WORDS
from pgready.proof.size.profile_file import table_key, toml_key
from pgready.proof.way_out.query_shape import TableUse

_FEWEST = min(DAYS, NUMBERS, WORDS)
"""Fewer values than these are no guess: labels, states, booleans, a small table."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """A column of which no profile says how many values it has; `distinct` is what was taken instead."""

    table: ObjectName
    column: str
    distinct: float


def assumed(uses: Iterable[TableUse], facts: Facts, profile: Profile) -> tuple[Assumed, ...]:
    """The columns compared with a value whose number of values was assumed, in the query's order."""
    said = {(table.name, one.name) for table in profile.tables for one in table.columns if one.distinct is not None}
    found: dict[Assumed, None] = {}
    for use in uses:
        table = facts.table(use.table.name)
        referring = {column for key in use.table.foreign_keys for column in key.columns}
        for key in (*use.equal, *use.among):
            distinct = table.distinct(key.text) if table else None
            if key.is_expression or key.text in referring or (use.table.name, key.text) in said:
                continue
            if table is not None and distinct is not None and _FEWEST <= distinct < table.rows / 2:
                found[Assumed(use.table.name, key.text, distinct)] = None
    return tuple(found)


def as_keys(profile: Profile, facts: Facts, columns: Sequence[Assumed]) -> Profile:
    """The profile as it would be if every row had its own value in these columns; `facts` are those of growth 1."""
    tables = {table.name: table for table in profile.tables}
    for one in columns:
        known = facts.tables[one.table]
        table = tables.get(one.table) or TableProfile(one.table, known.rows, grows=known.grows)
        own = next((each for each in table.columns if each.name == one.column), ColumnProfile(one.column))
        nulls = known.columns[one.column].null_fraction if one.column in known.columns else None
        mended = replace(own, distinct=-1.0, null_fraction=nulls)
        others = tuple(each for each in table.columns if each.name != one.column)
        tables[one.table] = replace(table, columns=(*others, mended))
    return replace(profile, tables=tuple(tables.values()))


def guessed(columns: Sequence[Assumed]) -> str:
    """What was assumed, and the lines of a profile that would say that it is not so."""
    values = " and ".join(f"{one.table.name}.{one.column} has {one.distinct:,.0f} values" for one in columns)
    lines: dict[ObjectName, list[str]] = {}
    for one in columns:
        lines.setdefault(one.table, []).append(f"columns.{toml_key(one.column)} = {{ distinct = -1 }}")
    said = "; ".join(f"[tables.{toml_key(table_key(name))}] {', '.join(each)}" for name, each in lines.items())
    return f"that {values} is assumed: if nearly every row has its own, as in a profile with {said}"
