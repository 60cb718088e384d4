"""What a backfill has still to do, asked of the data and not of a record."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from pgready.postgres.backfill.batches import Position
from pgready.postgres.deploy.message import RESETS, Frame
from pgready.postgres.session import ServerError, Session
from pgready.sql.backfill import Backfill
from pgready.sql.backfill_key import key_facts
from pgready.sql.names import quote_literal

GONE = frozenset({"42P01", "42703", "3F000", "42883", "42704"})
"""A table, column, schema, function or type that the statement names is not there."""
_COUNT_SECONDS = 1.0
_CANCELLED = "57014"


@dataclass(frozen=True, slots=True)
class Left:
    """Rows of the key range that are to be gone through, and of all; `exact` is False for the planner's estimate."""

    rows: int
    total: int
    exact: bool


class Asked:
    """Questions about one backfill, under the settings that its statement runs with."""

    def __init__(
        self, session: Session, frame: Frame, backfill: Backfill, settings: tuple[str, ...], search_path: str | None
    ) -> None:
        self._session = session
        self._frame = replace(frame, search_path=search_path, fenced=False)
        self._backfill = backfill
        self._settings = settings

    def first_left(self, position: Position | None) -> tuple[str, ...] | None:
        """The key of a row that the statement has still to change, None where it finds nothing to do.

        Where its condition does not tell what is done, only keys behind `position` count. Raises ServerError.
        """
        key = ", ".join(f"{column}::text" for column in self._backfill.key_sql)
        found = self._ask("what is left", f"SELECT {key} {self._rows(position)} LIMIT 1")
        return tuple(value or "" for value in found[0]) if found else None

    def is_empty(self) -> bool:
        """Whether its table has no rows at all."""
        return not self._ask("is there a row", f"SELECT FROM {self._backfill.table_sql} LIMIT 1")

    def _rows(self, position: Position | None) -> str:
        if position is None or self._backfill.tells:
            return self._backfill.rows()
        return self._backfill.rows(*self._range(position))

    def _range(self, position: Position) -> tuple[str | None, str]:
        kinds = [kind or "text" for _, _, kind, *_ in self._ask("key", key_facts(self._backfill))]

        def row(values: tuple[str, ...]) -> str:
            return "ROW(" + ", ".join(f"{quote_literal(v)}::{k}" for v, k in zip(values, kinds, strict=True)) + ")"

        return (None if position.at is None else row(position.at)), row(position.until)

    def left(self, position: Position | None) -> Left:
        """How many rows of the table are behind `position`, counted if that takes a second. Raises ServerError."""
        total = next((float(row[4] or 0) for row in self._ask("key", key_facts(self._backfill))), 0.0)
        table = replace(self._backfill, condition=None, source=self._backfill.table_sql)
        rows = table.rows(*(self._range(position) if position is not None else ()))
        try:
            ((count,),) = self._ask("count", f"SELECT count(*) {rows}", limit=_COUNT_SECONDS)
        except ServerError as e:
            if e.sqlstate != _CANCELLED:
                raise
        else:
            found = int(count or 0)
            return Left(found, max(found, int(total)), exact=True)
        plan = "".join(line or "" for (line,) in self._ask("estimate", f"EXPLAIN (FORMAT JSON) SELECT {rows}"))
        found = int(json.loads(plan)[0]["Plan"]["Plan Rows"])
        return Left(found, max(found, int(total)), exact=False)

    def _ask(self, step: str, query: str, limit: float = 0) -> tuple[tuple[str | None, ...], ...]:
        bound = [f"SET LOCAL statement_timeout = '{round(limit * 1000)}ms'"] if limit else []
        head = [*self._frame.opening(), *self._settings, *bound]
        replies = self._session.run(f"backfill: {step}", ";\n".join([*head, query, *RESETS, "COMMIT"]), long=True)
        return replies[len(head)].rows
