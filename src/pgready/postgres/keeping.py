"""Which rows a database holds before an upgrade and after it: counted and told apart by their primary keys.

A table is followed by its oid, so renaming it, its columns or its schema loses nothing; one that was made anew is
looked for by its name. For throw-away databases: everything is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pgready.postgres.readiness import TABLE
from pgready.postgres.session import Session
from pgready.sql.names import quote_ident, quote_literal

_SHOWN = 3
_TABLES = f"""
SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispartition,
  (SELECT json_agg(json_build_array(a.attnum, a.attname, format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum)
   FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)::text,
  (SELECT json_agg(k ORDER BY k) FROM pg_catalog.pg_index i, unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) k
   WHERE i.indrelid = c.oid AND i.indisprimary)::text,
  (SELECT json_agg(p.relid::oid::text) FROM pg_catalog.pg_partition_tree(c.oid) p
   WHERE p.isleaf AND p.relid <> c.oid)::text
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND c.relname <> {quote_literal(TABLE)}
  AND n.nspname <> 'pgready' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
ORDER BY n.nspname, c.relname
"""


@dataclass(frozen=True, slots=True)
class Held:
    """A table's rows at one moment: `keys` are the primary keys as text, None where there is no primary key.

    `columns` map a column's number to its name, type and a digest of its values; `leaves` are a partitioned table's.
    """

    oid: str
    name: str
    count: int
    keys: frozenset[str] | None
    key_columns: tuple[int, ...]
    columns: Mapping[int, tuple[str, str, str]]
    leaves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a table's rows: `lost` are the keys (or, without a key, the number) that are gone.

    `now` is what the table is called afterwards, "" if it is gone. `changed` are columns whose values are others,
    `dropped` columns that are gone with their values.
    """

    table: str
    now: str
    before: int
    after: int
    lost: int
    shown: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    counted_only: bool = False

    @property
    def words(self) -> str:
        """The loss in words."""
        if not self.now:
            return f"{self.table} is gone with its {self.before} rows"
        called = self.table if self.now == self.table else f"{self.table} (now {self.now})"
        keys = f", first {', '.join(self.shown)}" if self.shown else ""
        if self.lost and self.after >= self.before:
            return f"{called}: {self.lost} of {self.before} rows have another key{keys}"
        return f"{called} lost {self.lost} of {self.before} rows{keys}"


def held(session: Session) -> tuple[Held, ...]:
    """Every table's rows, partitions counted with their parents."""
    listed = session.rows("tables", _TABLES)
    found = []
    for row in listed:
        if row[4] == "t":
            continue
        found.append(_held(session, row))
    return tuple(found)


def _held(session: Session, row: Sequence[str | None], keyed: Sequence[int] | None = None) -> Held:
    import json

    oid, schema, name, kind, _, columns_text, key_text, leaves_text = row
    columns = [(int(number), str(column), str(type_)) for number, column, type_ in json.loads(columns_text or "[]")]
    names = {number: column for number, column, _ in columns}
    wanted = json.loads(key_text or "[]") if keyed is None else keyed
    key = [one for one in wanted if one in names] if all(one in names for one in wanted) else []
    table = f"{quote_ident(str(schema))}.{quote_ident(str(name))}"
    listed = ", ".join(quote_ident(names[one]) for one in key)
    text = f"ROW({listed})::text" if key else "NULL"
    order = f" ORDER BY {text}" if key else ""
    parts = [
        "count(*)",
        f"json_agg({text})::text" if key else "NULL",
        *(_digest(column, order) for _, column, _ in columns),
    ]
    only = "" if kind == "p" else "ONLY "
    (answer,) = session.run("rows", f"SELECT {', '.join(parts)} FROM {only}{table}", long=True)[-1].rows
    digests = dict(zip(names, answer[2:], strict=True))
    return Held(
        oid=str(oid),
        name=f"{schema}.{name}",
        count=int(answer[0] or 0),
        keys=frozenset(json.loads(answer[1])) if key and answer[1] else (frozenset() if key else None),
        key_columns=tuple(key),
        columns={number: (column, type_, digests[number] or "") for number, column, type_ in columns},
        leaves=tuple(json.loads(leaves_text or "[]")),
    )


def _digest(column: str, order: str) -> str:
    """One hash of all values of a column, in the order of the keys, or in their own."""
    name = quote_ident(column)
    by = order or f" ORDER BY {name}::text"
    return f"md5(string_agg(coalesce({name}::text, '∅'), '|'{by}))"


def kept(session: Session, before: Sequence[Held]) -> tuple[Kept, ...]:
    """What became of the rows of `before`."""
    rows = session.rows("tables", _TABLES)
    by_oid = {row[0]: row for row in rows}
    by_name = {f"{row[1]}.{row[2]}": row for row in rows}
    return tuple(_kept(session, one, by_oid, by_name) for one in before if one.count)


def _kept(
    session: Session,
    old: Held,
    by_oid: Mapping[str | None, Sequence[str | None]],
    by_name: Mapping[str, Sequence[str | None]],
) -> Kept:
    row = by_oid.get(old.oid)
    anew = row is None
    row = row or by_name.get(old.name)
    if row is None:
        return Kept(old.name, "", old.count, 0, old.count)
    new = _held(session, row)
    if anew:  # numbers of columns mean nothing then: names do
        numbers = {column: number for number, (column, _, _) in new.columns.items()}
        pairs = {number: numbers.get(column) for number, (column, _, _) in old.columns.items()}
    else:
        pairs = {number: number if number in new.columns else None for number in old.columns}
    key = [pairs[one] for one in old.key_columns]
    same_key = bool(key) and all(
        other is not None and old.columns[one][1] == new.columns[other][1]
        for one, other in zip(old.key_columns, key, strict=True)
    )
    if same_key and tuple(key) != new.key_columns:
        new = _held(session, row, [one for one in key if one is not None])
    count, keys = new.count, new.keys
    # Partitions that stand alone now hold their rows still.
    for leaf in old.leaves:
        away = by_oid.get(leaf)
        if away is not None and leaf != new.oid and leaf not in new.leaves and away[4] == "f":
            part = _held(session, away, [one for one in key if one is not None] if same_key and not anew else None)
            count += part.count
            keys = None if keys is None or part.keys is None else keys | part.keys
    changed, dropped = [], []
    for number, (column, type_, digest) in old.columns.items():
        other = pairs[number]
        if other is None:
            dropped.append(column)
        elif (new.columns[other][1], new.columns[other][2]) != (type_, digest) and number not in old.key_columns:
            changed.append(column)
    gone: set[str] = set()
    comparable = same_key and old.keys is not None and keys is not None
    if comparable and old.keys is not None and keys is not None:
        gone = set(old.keys - keys)
    return Kept(
        table=old.name,
        now=new.name,
        before=old.count,
        after=count,
        lost=len(gone) if comparable else max(0, old.count - count),
        shown=tuple(sorted(gone)[:_SHOWN]),
        changed=tuple(changed) if count == old.count else (),
        dropped=tuple(dropped),
        counted_only=not comparable,
    )
