"""The batches of a backfill: where each one ends, how large the next one is, and how far all of them are.

A batch is a range of keys, read off the key's index before the batch runs. The last key of the first look is the end of
it all, as a statement sees the rows that were there when it began: rows that come later are the new code's.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace

from pgready.errors import UsageInvalid
from pgready.history.prepare import Prepared, place, show
from pgready.postgres.message import RESETS, Frame
from pgready.postgres.session import ServerError, Session
from pgready.report.story import Event, Teller, seconds
from pgready.sql.backfill import Backfill
from pgready.sql.names import quote_literal

FIRST, LEAST, MOST = 1_000, 200, 50_000
"""Rows of an adapting batch: the first one, and the bounds."""
AIM_SECONDS = 0.1
"""How long an adapting batch takes: nobody waits longer for a row that it changes."""
_LAG_SECONDS, _LAG_PATIENCE = 10.0, 600.0
_TELL_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Position:
    """How far a backfill is: the last key of the last batch, the last key of all, and the rows that it changed.

    Keys are values as text, one for each column; `at` is None before the first batch. `seen` counts keys gone through.
    """

    until: tuple[str, ...]
    at: tuple[str, ...] | None = None
    changed: int = 0
    seen: int = 0

    def as_text(self) -> str:
        """As `logs` keeps it: one line."""
        data = {"at": self.at, "until": self.until, "changed": self.changed, "seen": self.seen}
        return json.dumps(data)

    @classmethod
    def of(cls, text: str) -> Position | None:
        """What `as_text` wrote; None for anything else."""
        try:
            data = json.loads(text)
            at = tuple(map(str, data["at"])) if data["at"] is not None else None
            return cls(tuple(map(str, data["until"])), at, int(data["changed"]), int(data["seen"]))
        except (ValueError, KeyError, TypeError):
            return None


class Batches:
    """One backfill's way through its table, on a session; `replay` are the script's own settings before it."""

    def __init__(
        self, session: Session, frame: Frame, prepared: Prepared, backfill: Backfill, replay: tuple[str, ...]
    ) -> None:
        self._session = session
        self._frame = frame
        self._prepared = prepared
        self._backfill = backfill
        self._replay = replay
        self._size = backfill.batch or FIRST
        self._types: tuple[str, ...] = ()
        self._rows = 0.0
        self._began = time.monotonic()
        self._seen_at_start = 0
        self._told = time.monotonic()

    # ── the key ─────────────────────────────────────────────────────────────────────────────────────────────────

    def start(self, position: Position | None) -> Position | None:
        """Look at the key, and where its rows end; None where there is nothing to do.

        Raises UsageInvalid for a key that will not do: without an index, with NULLs, no column of the table.
        """
        self._look_at_key()
        if position is not None:
            self._seen_at_start = position.seen
            return position
        order = ", ".join(f"{column} DESC" for column in self._backfill.key_sql)
        rows = self._ask("last key", f"SELECT {self._columns()} FROM {self._from()} ORDER BY {order} LIMIT 1")
        return Position(tuple(value or "" for value in rows[0])) if rows else None

    def _look_at_key(self) -> None:
        backfill = self._backfill
        names = ", ".join(quote_literal(column) for column in backfill.key)
        relation = f"pg_catalog.to_regclass({quote_literal(backfill.table)})"
        rows = self._ask(
            "key",
            "SELECT k.name, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, c.reltuples,"
            " EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid"
            " JOIN pg_catalog.pg_am m ON m.oid = x.relam WHERE i.indrelid = c.oid AND m.amname = 'btree'"
            " AND i.indisvalid AND i.indpred IS NULL"
            " AND (SELECT pg_catalog.array_agg(b.attname::text ORDER BY p.n)"
            " FROM pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY p(attnum, n)"
            f" JOIN pg_catalog.pg_attribute b ON b.attrelid = c.oid AND b.attnum = p.attnum"
            f" WHERE p.n <= {len(backfill.key)}) = ARRAY[{names}]::text[])"
            f" FROM pg_catalog.unnest(ARRAY[{names}]::text[]) WITH ORDINALITY k(name, n)"
            f" LEFT JOIN pg_catalog.pg_class c ON c.oid = {relation}"
            " LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = k.name AND a.attnum > 0"
            " AND NOT a.attisdropped ORDER BY k.n",
        )
        for name, kind, not_null, _, indexed in rows:
            if kind is None:
                raise self._misfit(f"{backfill.table} has no column {name}")
            if not_null != "t":
                raise self._misfit(f"{backfill.table}.{name} may be NULL, and a row without a key is in no batch")
            if indexed != "t":
                raise self._misfit(f"no index of {backfill.table} begins with {', '.join(backfill.key)}")
        self._types = tuple(kind or "" for _, kind, *_ in rows)
        self._rows = max((float(row[3] or 0) for row in rows), default=0.0)
        self._refuse_aggregates()

    def _refuse_aggregates(self) -> None:
        if not self._backfill.calls:
            return
        names = ", ".join(quote_literal(name) for name in self._backfill.calls)
        rows = self._ask(
            "aggregates",
            "SELECT proname FROM pg_catalog.pg_proc WHERE prokind IN ('a', 'w')"
            f" AND proname::text = ANY (ARRAY[{names}]) ORDER BY 1 LIMIT 1",
        )
        if rows:
            raise self._misfit(f"{rows[0][0]}(…) would see one batch at a time, and not the whole")

    def _misfit(self, what: str) -> UsageInvalid:
        migration = self._prepared.migration
        start = self._prepared.statements[self._backfill.statement].start
        return UsageInvalid(
            f"the backfill cannot run in batches: {what}",
            where=place(migration, start),
            excerpt=show(migration, start),
            then="name a key that is NOT NULL and has an index: -- pgready: backfill key=id",
            code="backfill_key",
        )

    # ── a batch ─────────────────────────────────────────────────────────────────────────────────────────────────

    def next(self, position: Position) -> tuple[str, Position] | None:
        """The next batch's statement and the position behind it, without the rows it will change; None at the end."""
        if position.at == position.until:
            return None
        after = None if position.at is None else self._row(position.at)
        key = f"ROW({', '.join(self._backfill.key_sql)})"
        until = self._row(position.until)
        bounds = f"{key} <= {until}" if after is None else f"{key} > {after} AND {key} <= {until}"
        order = ", ".join(self._backfill.key_sql)
        rows = self._ask(
            "end of batch",
            f"SELECT {self._columns()} FROM {self._from()} WHERE {bounds} ORDER BY {order}"
            f" OFFSET {self._size - 1} LIMIT 1",
        )
        end = tuple(value or "" for value in rows[0]) if rows else position.until
        sql = self._backfill.within(after, self._row(end))
        return sql, replace(position, at=end, seen=position.seen + self._size)

    def took(self, batch_seconds: float) -> None:
        """Adapt the size, and leave writers and replicas as long in peace as the batch took."""
        if self._backfill.batch is not None:
            return
        factor = min(1.5, max(0.5, AIM_SECONDS / max(batch_seconds, 0.001)))
        self._size = int(min(MOST, max(LEAST, self._size * factor)))
        time.sleep(min(batch_seconds, 5.0))

    def tell(self, position: Position, tell: Teller) -> None:
        """Every two seconds: how far it is and how long it will take, as far as the table's statistics say."""
        now = time.monotonic()
        if now - self._told < _TELL_SECONDS:
            return
        self._told = now
        name = self._prepared.migration.name
        text = f"{name}: statement {self._backfill.statement + 1} has changed {position.changed:,} rows"
        fields: dict[str, object] = {"migration": name, "changed": position.changed, "batch": self._size}
        done = position.seen - self._seen_at_start
        if self._rows > position.seen and done > 0:
            left = (self._rows - position.seen) * (now - self._began) / done
            share = position.seen / self._rows
            text += f", {share:.0%} of the keys, about {seconds(left)} left"
            fields |= {"share": round(share, 3), "seconds_left": round(left)}
        tell(Event("backfill", text, fields))
        self._wait_for_replicas(tell)

    def _wait_for_replicas(self, tell: Teller) -> None:
        """Not faster than the replicas: as far as the role may see their lag, and for ten minutes at most."""
        end = time.monotonic() + _LAG_PATIENCE
        told = False
        while time.monotonic() < end:
            try:
                rows = self._session.rows(
                    "replica lag",
                    "SELECT coalesce(max(extract(epoch FROM replay_lag)), 0) FROM pg_catalog.pg_stat_replication",
                )
            except ServerError:
                return
            if float(rows[0][0] or 0) < _LAG_SECONDS:
                return
            if not told:
                text = f"a replica is {float(rows[0][0] or 0):.0f} s behind: the backfill waits for it"
                tell(Event("backfill_waits", text, {"lag": rows[0][0]}))
                told = True
            time.sleep(1.0)

    def _ask(self, step: str, query: str) -> tuple[tuple[str | None, ...], ...]:
        """A question under the script's own settings: unqualified names mean what they mean to the statement."""
        head = [*self._frame.opening(), *self._replay]
        replies = self._session.run(f"backfill: {step}", ";\n".join([*head, query, *RESETS, "COMMIT"]), long=True)
        return replies[len(head)].rows

    def _columns(self) -> str:
        return ", ".join(f"{column}::text" for column in self._backfill.key_sql)

    def _from(self) -> str:
        table, alias = self._backfill.table, self._backfill.alias
        return table if alias == table else f"{table} AS {alias}"

    def _row(self, values: tuple[str, ...]) -> str:
        typed = (f"{quote_literal(value)}::{kind}" for value, kind in zip(values, self._types, strict=True))
        return f"ROW({', '.join(typed)})"
