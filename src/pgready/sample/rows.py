"""Rows for one table: values by type and name, references to rows that are there, unique combinations, hints of checks.

The same seed makes the same rows. What is made is likely to be taken, not sure to be: a trigger or a check may refuse
it, and another `flavour` is another try.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.catalog.table import Column, ForeignKey, Table
from pgready.catalog.types import DataType
from pgready.sample.checks import Hint, Hints, hints
from pgready.sample.order import can_wait
from pgready.sample.partitions import places
from pgready.sample.values import Types, Wanted

Row = Mapping[str, str]
"""Column to SQL, `DEFAULT` and `NULL` included."""

FLAVOURS = 8
"""How many different tries there are."""


@dataclass(frozen=True, slots=True)
class Made:
    """Rows for one table, or `why` there are none. All rows have the same columns."""

    table: Table
    rows: tuple[Row, ...] = ()
    why: str = ""


class Sample:
    """Rows for the tables of one catalog, `count` a table where its references and unique values allow."""

    def __init__(self, catalog: Catalog, seed: str, count: int) -> None:
        self.catalog = catalog
        self._types = Types(catalog)
        self._seed = seed
        self._count = count

    def rows(
        self,
        table: Table,
        known: Mapping[ObjectName, Sequence[Row]],
        *,
        flavour: int = 0,
        own: Mapping[ObjectName, Sequence[Row]] | None = None,
    ) -> Made:
        """The table's rows; `known` are those of other tables that can be referred to.

        `own` are the keys of a group of tables that need each other (`keys` makes them): they come first.
        """
        maker = _Maker(self, table, known, flavour, own or {})
        for key in table.foreign_keys:
            if not maker.parents(key) and not can_wait(table, key, table.name):
                return Made(table, why=f"{key.target} has no rows to refer to")
        found = [row for row in (maker.row(number) for number in range(self._count)) if row is not None]
        return Made(table, tuple(found), "" if found else "no row fits its references")

    def keys(self, table: Table, columns: Sequence[str]) -> tuple[Row, ...]:
        """Values of `columns` alone, for rows that others refer to before they are there."""
        maker = _Maker(self, table, {}, 0, {})
        numbers = range(self._count)
        return tuple({name: maker.value(table, name, number) for name in columns} for number in numbers)

    @property
    def types(self) -> Types:
        """The catalog's types."""
        return self._types

    def chance(self, *words: object) -> int:
        """A number that depends on the seed and the words alone."""
        text = "\0".join(map(str, (self._seed, *words)))
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest())


class _Maker:
    def __init__(
        self,
        sample: Sample,
        table: Table,
        known: Mapping[ObjectName, Sequence[Row]],
        flavour: int,
        own: Mapping[ObjectName, Sequence[Row]],
    ) -> None:
        self._sample = sample
        self._table = table
        self._known = known
        self._flavour = flavour
        self._own = own
        self._hints: Hints = hints([one.expression for one in table.checks])
        self._leaves = places(table, sample.catalog)
        self._keys = sorted(table.foreign_keys, key=lambda one: (-len(one.columns), one.name))
        self._primary = frozenset(table.primary_key.columns if table.primary_key else ())
        self._unique = _unique(table)
        self._alone = {columns[0] for columns in self._unique if len(columns) == 1}
        self._referred = {name for key in table.foreign_keys for name in key.columns}
        self._self = [key for key in table.foreign_keys if key.target == table.name]
        self._explicit = {
            name for key in self._self if not _nullable(table, key) for name in key.target_columns
        }  # fmt: skip
        self._parents: dict[str, Sequence[Row]] = {key.name: self._rows_of(key) for key in table.foreign_keys}

    def parents(self, key: ForeignKey) -> Sequence[Row]:
        """The rows that the key may refer to."""
        return self._parents[key.name]

    def _rows_of(self, key: ForeignKey) -> Sequence[Row]:
        rows = self._own.get(key.target) or self._known.get(key.target, ())
        return [one for one in rows if all(one.get(name, "NULL") != "NULL" for name in key.target_columns)]

    def row(self, number: int) -> Row | None:
        """The row, or None where its references do not go together."""
        table = self._table
        found: dict[str, str] = {}
        if table.name in self._own:
            found |= self._own[table.name][number]
        leaf = self._leaves[number % len(self._leaves)] if self._leaves else {}
        for name, start in leaf.items():
            column = table.column(name)
            if column is not None and name not in self._referred:
                found[name] = f"{start}::{column.type.sql}"
        if not self._refer(number, found):
            return None
        absent = self._absent(number)
        for column in table.columns:
            name = column.name
            if column.generated is not None:
                continue
            if name not in found:
                found[name] = self._free(column, number, absent)
        for key in self._self:
            if not _nullable(table, key) and not self._known.get(table.name):
                found |= {one: found[two] for one, two in zip(key.columns, key.target_columns, strict=True)}
        return found

    def _refer(self, number: int, found: dict[str, str]) -> bool:
        """Values for the columns of foreign keys, one parent each; False if no parent fits what is given."""
        for at, key in enumerate(self._keys):
            if key.target == self._table.name and not self._known.get(key.target) and not self._own.get(key.target):
                if _nullable(self._table, key):
                    found |= {name: "NULL" for name in key.columns if name not in found and self._may_be_null(name)}
                continue
            rows = [
                one
                for one in self._parents[key.name]
                if all(found.get(a, one[b]) == one[b] for a, b in zip(key.columns, key.target_columns, strict=True))
            ]
            absent = not rows or (self._flavour == 0 and number % 5 == 4) or self._flavour == 2
            if absent and _nullable(self._table, key):
                open_ = [name for name in key.columns if name not in found and self._may_be_null(name)]
                if open_:
                    found |= dict.fromkeys(open_, "NULL")
                    continue
            if not rows:
                return False
            chosen = rows[(number + at * (number // len(rows))) % len(rows)]
            found |= {a: chosen[b] for a, b in zip(key.columns, key.target_columns, strict=True)}
        return True

    def _absent(self, number: int) -> set[str]:
        """Columns that are NULL in this row."""
        table = self._table
        free = [one.name for one in table.columns if self._may_be_null(one.name) and one.name not in self._referred]
        if self._flavour == 1:
            found: set[str] = set()
        elif self._flavour == 2:
            found = set(free)
        else:
            found = {name for name in free if number and self._sample.chance(table.name, name, number) % 5 == 0}
        for columns, many in self._hints.exactly:
            group = [name for name in columns if name in free or name in self._referred]
            found -= set(columns)
            if many >= 0 and group:
                kept = {columns[(number + at) % len(columns)] for at in range(many)}
                found |= set(columns) - kept
        return found

    def _may_be_null(self, name: str) -> bool:
        column = self._table.column(name)
        return column is not None and column.not_null is None and name not in self._primary and column.identity is None

    def _free(self, column: Column, number: int, absent: set[str]) -> str:
        """A column that no foreign key and no partition decides."""
        if column.name in absent:
            return "NULL"
        counted = column.identity is not None or (column.default or "").startswith("nextval(")
        if counted and column.name not in self._explicit:
            return "DEFAULT"
        hint = self._hints.of(column.name)
        if column.default is not None and self._flavour == 0 and number % 3 == 2 and not self._is_unique(column.name):
            return "DEFAULT"
        value = self._of(column, number, hint)
        return "DEFAULT" if value == "NULL" and column.default is not None else value

    def value(self, table: Table, name: str, number: int) -> str:
        """The value of a column that is part of a key."""
        column = table.column(name)
        return "NULL" if column is None else self._of(column, number, self._hints.of(name))

    def _of(self, column: Column, number: int, hint: Hint) -> str:
        types = self._sample.types
        salt = self._sample.chance(self._table.name, column.name, number)
        size = types.size(column.type, hint)
        at = number
        if size is not None:
            at = (
                self._digit(column.name, number)
                if self._in_unique(column.name)
                else (number if number < size else salt)
            )
        name = (
            ""
            if column.name in self._alone and column.type.name.name != "citext" and _of_the_world(column.name)
            else column.name
        )
        if hint.after and (other := self._table.column(hint.after)) is not None and _is_time(column.type):
            # Both are made of the row's number: what comes after lies a day behind.
            base = types.value(
                other.type, other.name, Wanted(number, self._sample.chance(self._table.name, other.name, number), 0)
            )
            return f"({base} + INTERVAL '1 day')::{column.type.sql}"
        if hint.after and column.type.name.name in ("int2", "int4", "int8", "numeric", "float4", "float8"):
            at += 1000
        return types.value(column.type, name, Wanted(at, salt, self._flavour), hint)

    def _digit(self, name: str, number: int) -> int:
        """Which of few values, so that combinations with the others of its unique set differ."""
        for columns in self._unique:
            if name not in columns:
                continue
            for other in columns:
                if other == name:
                    return number
                number //= max(1, self._size(other))
        return number

    def _size(self, name: str) -> int:
        key = next((one for one in self._keys if name in one.columns), None)
        if key is not None:
            return len(self._parents[key.name])
        column = self._table.column(name)
        size = None if column is None else self._sample.types.size(column.type, self._hints.of(name))
        return size or 1

    def _in_unique(self, name: str) -> bool:
        return any(name in columns for columns in self._unique)

    def _is_unique(self, name: str) -> bool:
        return self._in_unique(name) or name in self._primary


def _unique(table: Table) -> tuple[tuple[str, ...], ...]:
    """The sets of columns that tell rows apart, the smallest first."""
    keys = [*([table.primary_key] if table.primary_key else []), *table.uniques]
    found = [one.columns for one in keys]
    # `lower(email)` differs where email does.
    found += [
        tuple(one.name for one in table.columns if any(one.name in key.text for key in index.columns))
        for index in table.indexes
        if index.is_unique
    ]
    found += [
        tuple(key.text for key in one.index.columns if not key.is_expression) for one in table.exclusions
    ]  # fmt: skip
    return tuple(sorted((one for one in dict.fromkeys(found) if one), key=len))


def _nullable(table: Table, key: ForeignKey) -> bool:
    return any((column := table.column(name)) is not None and column.not_null is None for name in key.columns)


def _is_time(type_: DataType) -> bool:
    return type_.name.name in ("date", "timestamp", "timestamptz")


def _of_the_world(name: str) -> bool:
    return any(word in name.lower() for word in ("country", "currency", "city", "first"))
