"""What the rooms of the rewrite talk in: pieces of SQL with their pace, ways, and the ground that they stand on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Column, Table
from pgready.sql.names import MAX_BYTES, quote_ident, truncate_63
from pgready.sql.reader import Name

Pace = Literal["quick", "check", "long", "alone", "backfill"]
"""How a piece runs. `quick`: a lock for a moment. `check`: reads all rows, and nobody waits. `long`: what has to have a
transaction of its own. `alone`: cannot run in a transaction. `backfill`: in batches, marked."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One or more statements without the last semicolon; `words` say in a folder's name what they do.

    `lead` are comments in front of it, `trail` is one behind its semicolon.
    """

    sql: str
    pace: Pace = "quick"
    words: str = ""
    lead: str = ""
    trail: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """The pieces that do the same as a statement; `told` is what is not quite the same, or left to people.

    `merges`: it adds, checks and finishes something of its own, so that several of them may go step by step together.
    """

    pieces: tuple[Piece, ...]
    told: tuple[str, ...] = ()
    merges: bool = False


@dataclass(frozen=True, slots=True)
class NoWay:
    """Why there is none."""

    why: str


@dataclass(frozen=True, slots=True)
class Ground:
    """The database around one statement: catalogs `before` and `after` it, of a server of major version `version`.

    `default_schema` need not be written. `has_newer_syntax`: only servers of this version will run the rewrite, so that
    it may use what older ones do not know. `bounds` are the conditions that a partition's rows have to meet, by the
    partition, as far as the statement changes them.
    """

    before: Catalog
    after: Catalog
    default_schema: str = "public"
    version: int = 14
    has_newer_syntax: bool = False
    bounds: Mapping[ObjectName, str] = field(default_factory=dict)

    def table(self, name: Name | None) -> Table | None:
        """The table of a written name, before the statement."""
        return None if name is None else self._of(self.before, name)

    def table_after(self, name: Name | None) -> Table | None:
        """The table of a written name, after it."""
        return None if name is None else self._of(self.after, name)

    def _of(self, catalog: Catalog, name: Name) -> Table | None:
        found = [one for one in catalog.tables if one.name.name == name.name]
        if name.schema is not None:
            return next((one for one in found if one.name.schema == name.schema), None)
        return next((one for one in found if one.name.schema == self.default_schema), found[0] if found else None)

    def shown(self, name: ObjectName) -> str:
        """A name as SQL that is written anew says it."""
        return quote_ident(name.name) if name.schema == self.default_schema else name.sql

    def partitions(self, table: Table) -> tuple[Table, ...]:
        """Its partitions, one level deep, before the statement."""
        return tuple(one for one in self.before.tables if one.partition and one.partition.parent == table.name)

    def is_partitioned(self, table: Table) -> bool:
        """It has no rows of its own."""
        return table.partition_key is not None


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """`wanted`, cut to PostgreSQL's length, with a number where it is taken."""
    names = set(taken)
    found, number = truncate_63(wanted), 1
    while found in names:
        number += 1
        tail = f"_{number}"
        found = truncate_63(wanted)[: MAX_BYTES - len(tail)] + tail
    return found


def constraint_names(table: Table) -> set[str]:
    """The names of all constraints of a table."""
    keys = [one.name for one in (table.primary_key, *table.uniques) if one is not None]
    others = [one.name for group in (table.foreign_keys, table.checks, table.exclusions) for one in group]
    return {*keys, *others, *(c.not_null.name for c in table.columns if c.not_null)}


def key_of(table: Table, changed: Iterable[str] = ()) -> tuple[str, ...] | None:
    """The columns by which batches go through the table: NOT NULL and unique, none of them `changed`; None for none."""
    avoided = set(changed)
    required = {one.name for one in table.columns if one.not_null}
    keys = [one.columns for one in (table.primary_key, *table.uniques) if one is not None]
    for index in table.indexes:
        is_whole = index.is_unique and index.is_valid and index.where is None
        if is_whole and not any(one.is_expression for one in index.columns):
            keys.append(tuple(one.text for one in index.columns))
    return next((one for one in keys if set(one) <= required and not avoided & set(one)), None)


def backfill_mark(key: Iterable[str]) -> str:
    """The comment that has a statement run in batches."""
    return f"-- pgready: backfill key={','.join(_plain(one) for one in key)}"


_PLAIN = re.compile(r"[a-z_][a-z0-9_]*\Z")


def _plain(name: str) -> str:
    return name if _PLAIN.match(name) else quote_ident(name)


def is_required(column: Column | None) -> bool:
    """NOT NULL, checked."""
    return column is not None and column.not_null is not None and column.not_null.is_valid


def words_of(*parts: str) -> str:
    """A few words for a folder's name: letters, digits and underscores."""
    return re.sub(r"[^a-z0-9]+", "_", "_".join(parts).lower()).strip("_")[:60]
