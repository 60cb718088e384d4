"""Rows of `sample` put into a database: all of a table at once, or, where the server refuses, one by one, otherwise.

What a table does not take is no error: it stays as it is, and why is told. Rows that were there before (a migration's
own) stay, and are referred to like any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pgready.catalog.model import Catalog
from pgready.catalog.names import ObjectName
from pgready.catalog.table import ForeignKey, Table
from pgready.postgres.session import ServerError, Session
from pgready.sample.order import filled, groups
from pgready.sample.rows import FLAVOURS, Row, Sample
from pgready.sql.names import quote_ident, quote_literal

_ENOUGH = 3
_SINGLE = 6


@dataclass(slots=True)
class Filled:
    """How many rows each table holds now, and what the server (or the sample) said of those that took none."""

    rows: dict[ObjectName, int] = field(default_factory=dict)
    refused: dict[ObjectName, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All rows."""
        return sum(self.rows.values())

    @property
    def empty(self) -> tuple[ObjectName, ...]:
        """The tables without a row."""
        return tuple(name for name, count in self.rows.items() if not count)


def fill(session: Session, catalog: Catalog, seed: str, count: int) -> Filled:
    """Fill every table with up to `count` rows; raises ConnectionLost."""
    return _Filling(session, catalog, Sample(catalog, seed, count)).run()


class _Filling:
    def __init__(self, session: Session, catalog: Catalog, sample: Sample) -> None:
        self._session = session
        self._tables = filled(catalog)
        self._sample = sample
        self._known: dict[ObjectName, Sequence[Row]] = {}
        self._wanted = _referred(self._tables)
        self._found = Filled()

    def run(self) -> Filled:
        for group in groups(self._tables):
            if len(group) == 1:
                self._one(group[0])
            else:
                self._together(group)
            for table in group:
                self._look(table)
        for table in self._tables:
            self._close_circles(table)
        return self._found

    def _one(self, table: Table) -> None:
        """Bulk first; then single rows in other flavours until some of them are taken."""
        taken = 0
        for flavour in range(FLAVOURS):
            made = self._sample.rows(table, self._known, flavour=flavour)
            if not made.rows:
                self._found.refused[table.name] = made.why
                return
            try:
                taken = self._insert(table, made.rows)
            except ServerError as e:
                self._found.refused.setdefault(table.name, e.message)
                taken = self._singly(table, made.rows)
            if taken >= min(_ENOUGH, len(made.rows)):
                break
        if taken:
            self._found.refused.pop(table.name, None)

    def _insert(self, table: Table, rows: Sequence[Row]) -> int:
        replies = self._session.run("fill", f"{_insert(table, rows)}; SET CONSTRAINTS ALL IMMEDIATE", long=True)
        return _affected(replies[0].tag)

    def _singly(self, table: Table, rows: Sequence[Row]) -> int:
        taken = failed = 0
        for row in rows:
            try:
                taken += self._insert(table, [row])
            except ServerError:
                failed += 1
                if failed >= _SINGLE:
                    break
        return taken

    def _together(self, group: Sequence[Table]) -> None:
        """Tables in a circle: one statement for all, at whose end their references are looked at."""
        names = {one.name for one in group}
        own = {}
        for table in group:
            columns = {
                name
                for other in group
                for key in other.foreign_keys
                if key.target == table.name
                for name in key.target_columns
            }
            own[table.name] = self._sample.keys(table, sorted(columns))
        parts = []
        for number, table in enumerate(group):
            made = self._sample.rows(table, self._known, own=own)
            if not made.rows:
                self._found.refused |= dict.fromkeys(names, made.why)
                return
            parts.append(f"q{number} AS ({_insert(table, made.rows)})")
        try:
            self._session.run("fill a circle", f"WITH {', '.join(parts)} SELECT 1", long=True)
        except ServerError as e:
            self._found.refused |= dict.fromkeys(names, e.message)
            return
        for table in group:
            self._set_sequences(table, own[table.name])

    def _set_sequences(self, table: Table, keys: Sequence[Row]) -> None:
        for name in keys[0] if keys else ():
            column = table.column(name)
            if column is None or (column.identity is None and not (column.default or "").startswith("nextval(")):
                continue
            sequence = f"pg_get_serial_sequence({quote_literal(table.name.sql)}, {quote_literal(name)})"
            most = f"(SELECT max({quote_ident(name)}) FROM {table.name.sql})"
            self._session.run("sequence", f"SELECT setval({sequence}, {most})")

    def _look(self, table: Table) -> None:
        """What is there now, as far as others refer to it."""
        columns = sorted(self._wanted.get(table.name, ()))
        listed = "".join(f", {quote_ident(name)}::text" for name in columns)
        (number, *_), *_ = rows = self._session.rows(
            "look", f"SELECT count(*) OVER (){listed} FROM {table.name.sql} LIMIT 200"
        ) or (("0",),)  # fmt: skip
        self._found.rows[table.name] = int(number or 0)
        self._known[table.name] = [
            {
                name: "NULL" if value is None else quote_literal(value)
                for name, value in zip(columns, row[1:], strict=False)
            }
            for row in rows
            if len(row) > 1
        ]

    def _close_circles(self, table: Table) -> None:
        """References that had to wait for rows that were not there yet: half of the rows get one now."""
        for key in table.foreign_keys:
            free = [
                (one, other)
                for one, other in zip(key.columns, key.target_columns, strict=True)
                if (column := table.column(one)) is not None and column.not_null is None and column.generated is None
            ]
            if not free or not self._found.rows.get(key.target) or not self._found.rows.get(table.name):
                continue
            try:
                self._session.run("close circles", _closing(table, key, free), long=True)
            except ServerError:
                continue  # a trigger, a check: those rows stay without


def _referred(tables: Sequence[Table]) -> Mapping[ObjectName, set[str]]:
    found: dict[ObjectName, set[str]] = {}
    for table in tables:
        for key in table.foreign_keys:
            found.setdefault(key.target, set()).update(key.target_columns)
    return found


def _insert(table: Table, rows: Sequence[Row]) -> str:
    names = list(rows[0])
    columns = ", ".join(map(quote_ident, names))
    values = ",\n".join(f"({', '.join(row.get(name, 'DEFAULT') for name in names)})" for row in rows)
    if not names:
        return f"INSERT INTO {table.name.sql} DEFAULT VALUES"
    deferred = any(one.deferrable for one in (table.primary_key, *table.uniques, *table.exclusions) if one is not None)
    otherwise = "" if deferred else "\nON CONFLICT DO NOTHING"  # the server cannot arbitrate by a deferrable constraint
    return f"INSERT INTO {table.name.sql} ({columns}) OVERRIDING SYSTEM VALUE VALUES\n{values}{otherwise}"


def _closing(table: Table, key: ForeignKey, free: Sequence[tuple[str, str]]) -> str:
    alike = [
        f"p.{quote_ident(other)} = t.{quote_ident(one)}"
        for one, other in zip(key.columns, key.target_columns, strict=True)
        if (one, other) not in free
    ]
    columns = ", ".join(quote_ident(one) for one, _ in free)
    values = ", ".join(f"p.{quote_ident(other)}" for _, other in free)
    where = f" WHERE {' AND '.join(alike)}" if alike else ""
    missing = " AND ".join(f"{quote_ident(one)} IS NULL" for one, _ in free)
    return (
        f"UPDATE {table.name.sql} AS t SET ({columns}) = (SELECT {values} FROM {key.target.sql} AS p{where}"
        f" ORDER BY {values} LIMIT 1) WHERE t.ctid = ANY (ARRAY(SELECT ctid FROM {table.name.sql} WHERE {missing}"
        f" ORDER BY ctid LIMIT (SELECT (count(*) + 1) / 2 FROM {table.name.sql})))"
    )


def _affected(tag: str) -> int:
    last = tag.rpartition(" ")[2]
    return int(last) if last.isdigit() else 0
