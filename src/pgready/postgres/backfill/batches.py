"""The batches of a backfill: where each one ends, how large the next one is, and how far all of them are.

A batch is a range of keys, read off the key's index before the batch runs. The last key of the first look is the end of
it all, as a statement sees the rows that were there when it began: rows that come later are the new code's.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from pgready.errors import PgreadyError
from pgready.postgres.backfill.replicas import Replicas
from pgready.postgres.deploy.message import RESETS, Frame
from pgready.postgres.session import Session
from pgready.report.story import Event, Teller, plural, seconds
from pgready.sql.backfill import Backfill
from pgready.sql.backfill_key import aggregates, key_facts
from pgready.sql.names import quote_literal

FIRST, LEAST, MOST = 1_000, 200, 50_000
"""Rows of an adapting batch: the first one, and the bounds."""
AIM_SECONDS = 0.05
"""How long an adapting batch takes: nobody waits longer for a row that it changes."""
PAUSE = 0.4
"""The pause behind an adapting batch, as a share of the time that it took."""
LONG_SECONDS = 0.2
"""From here on the pause is as long as the batch."""
_TELL_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Position:
    """How far a backfill is: the last key of the last batch, the last key of all, and the rows that it changed.

    Keys are values as text, one for each column; `at` is None before the first batch. `seen` counts keys gone through.
    `resumed`: an earlier run was cut off. What its last batch changed was known after the batch had committed, so it is
    not in `changed`.
    """

    until: tuple[str, ...]
    at: tuple[str, ...] | None = None
    changed: int = 0
    seen: int = 0
    resumed: bool = False

    @property
    def rows(self) -> str:
        """How many it changed, in words."""
        return "at least " * self.resumed + plural(self.changed, "row")

    def as_text(self) -> str:
        """As `logs` keeps it: one line."""
        data = {"at": self.at, "until": self.until, "changed": self.changed, "seen": self.seen}
        return json.dumps(data | ({"resumed": True} if self.resumed else {}))

    @classmethod
    def of(cls, text: str) -> Position | None:
        """What `as_text` wrote; None for anything else."""
        try:
            data = json.loads(text)
            at = tuple(map(str, data["at"])) if data["at"] is not None else None
            return cls(
                tuple(map(str, data["until"])), at, int(data["changed"]), int(data["seen"]), bool(data.get("resumed"))
            )
        except (ValueError, KeyError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class Subject:
    """What is gone through: `what` names it in the story, `name` in its data; `misfit` makes the error for its key."""

    what: str
    name: str
    misfit: Callable[[str], PgreadyError]


class Batches:
    """One backfill's way through its table, on a session; `replay` are the script's own settings before it."""

    def __init__(
        self, session: Session, frame: Frame, subject: Subject, backfill: Backfill, replay: tuple[str, ...]
    ) -> None:
        self._session = session
        self._frame = frame
        self._subject = subject
        self._backfill = backfill
        self._replay = replay
        self._size = backfill.batch or FIRST
        self._types: tuple[str, ...] = ()
        self._rows = 0.0
        self._began = time.monotonic()
        self._seen_at_start = 0
        self._told = time.monotonic()
        self._replicas = Replicas(session)

    # ── the key ─────────────────────────────────────────────────────────────────────────────────────────────────

    def start(self, position: Position | None) -> Position | None:
        """Look at the key, and where its rows end; None where there is nothing to do.

        Raises UsageInvalid for a key that will not do: without an index, with NULLs, no column of the table.
        """
        self._look_at_key()
        if position is not None:
            self._seen_at_start = position.seen
            return replace(position, resumed=True)
        order = ", ".join(f"{column} DESC" for column in self._backfill.key_sql)
        rows = self._ask(
            "last key", f"SELECT {self._columns()} FROM {self._backfill.table_sql} ORDER BY {order} LIMIT 1"
        )
        return Position(tuple(value or "" for value in rows[0])) if rows else None

    def _look_at_key(self) -> None:
        rows = self._ask("key", key_facts(self._backfill))
        for *_, wrong, _count in rows:
            if wrong:
                raise self._subject.misfit(wrong)
        self._types = tuple(kind or "" for _, _, kind, *_ in rows)
        self._rows = max((float(row[4] or 0) for row in rows), default=0.0)
        if query := aggregates(self._backfill):
            for (wrong,) in self._ask("aggregates", query):
                raise self._subject.misfit(wrong or "")

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
            f"SELECT {self._columns()} FROM {self._backfill.table_sql} WHERE {bounds} ORDER BY {order}"
            f" OFFSET {self._size - 1} LIMIT 1",
        )
        end = tuple(value or "" for value in rows[0]) if rows else position.until
        sql = self._backfill.within(after, self._row(end))
        return sql, replace(position, at=end, seen=position.seen + self._size)

    def took(self, batch_seconds: float, tell: Teller) -> None:
        """Adapt the size to the time that a batch took and to replicas, and leave the server in peace for a while."""
        behind = self._replicas.slow_down(tell)
        if self._backfill.batch is not None:
            return
        factor = min(1.5, max(0.5, AIM_SECONDS / max(batch_seconds, 0.001)))
        self._size = int(min(MOST, max(LEAST, self._size * (0.5 if behind else factor))))
        # Far longer than it should: the server has other things to do, or somebody holds rows.
        share = PAUSE if batch_seconds < LONG_SECONDS else 1.0
        time.sleep(min(batch_seconds * share, 5.0))

    def tell(self, position: Position, tell: Teller) -> None:
        """Every two seconds: how far it is and how long it will take, as far as the table's statistics say."""
        now = time.monotonic()
        if now - self._told < _TELL_SECONDS:
            return
        self._told = now
        text = f"{self._subject.what} has changed {'at least ' * position.resumed}{position.changed:,} rows"
        fields: dict[str, object] = {"migration": self._subject.name, "changed": position.changed, "batch": self._size}
        done = position.seen - self._seen_at_start
        if self._rows > position.seen and done > 0:
            left = (self._rows - position.seen) * (now - self._began) / done
            share = position.seen / self._rows
            text += f", {share:.0%} of the keys, about {seconds(left)} left"
            fields |= {"share": round(share, 3), "seconds_left": round(left)}
        tell(Event("backfill", text, fields))

    def _ask(self, step: str, query: str) -> tuple[tuple[str | None, ...], ...]:
        """A question under the script's own settings: unqualified names mean what they mean to the statement."""
        head = [*self._frame.opening(), *self._replay]
        replies = self._session.run(f"backfill: {step}", ";\n".join([*head, query, *RESETS, "COMMIT"]), long=True)
        return replies[len(head)].rows

    def _columns(self) -> str:
        return ", ".join(f"{column}::text" for column in self._backfill.key_sql)

    def _row(self, values: tuple[str, ...]) -> str:
        typed = (f"{quote_literal(value)}::{kind}" for value, kind in zip(values, self._types, strict=True))
        return f"ROW({', '.join(typed)})"
