"""The migrations table, `_prisma_migrations`: where it is, its DDL (Prisma's, to the letter) and its statements.

Every statement is schema-qualified, since scripts change search_path, and carries values quoted by our own rule, since
several statements in one message cannot bind any.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime

from pgready.history.model import Row
from pgready.postgres.readiness import TABLE
from pgready.postgres.session import Session
from pgready.sql.names import quote_ident, quote_literal

_STAMP = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"+00:00\"')"


@dataclass(frozen=True, slots=True)
class Table:
    """The migrations table of one history."""

    schema: str

    @property
    def name(self) -> str:
        """Schema-qualified and quoted."""
        return f"{quote_ident(self.schema)}.{quote_ident(TABLE)}"

    def create(self) -> str:
        """Prisma's own DDL."""
        return (
            f"CREATE TABLE {self.name} (\n"
            "    id                      VARCHAR(36) PRIMARY KEY NOT NULL,\n"
            "    checksum                VARCHAR(64) NOT NULL,\n"
            "    finished_at             TIMESTAMPTZ,\n"
            "    migration_name          VARCHAR(255) NOT NULL,\n"
            "    logs                    TEXT,\n"
            "    rolled_back_at          TIMESTAMPTZ,\n"
            "    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),\n"
            "    applied_steps_count     INTEGER NOT NULL DEFAULT 0\n"
            ")"
        )

    def read(self, session: Session) -> tuple[Row, ...]:
        """All rows, in Prisma's order (started_at)."""
        stamps = ", ".join(_STAMP.format(c) for c in ("started_at", "finished_at", "rolled_back_at"))
        rows = session.rows(
            "read history",
            f"SELECT id, migration_name, checksum, {stamps}, applied_steps_count, logs FROM {self.name}"
            " ORDER BY started_at, migration_name",
        )
        return tuple(
            Row(
                id=i or "",
                name=name or "",
                checksum=checksum or "",
                started_at=_stamp(started) or datetime.min,  # noqa: DTZ901 - NOT NULL column; typing only
                finished_at=_stamp(finished),
                rolled_back_at=_stamp(rolled_back),
                steps=int(steps or 0),
                logs=logs,
            )
            for i, name, checksum, started, finished, rolled_back, steps, logs in rows
        )

    def begin_row(self, row_id: str, name: str, checksum: str, logs: str | None) -> str:
        """The row of a migration that starts, or an error (23502) if a live row of this name exists.

        Prisma's table has no unique name; under the fence this statement is what makes "exactly once" true. A
        rolled-back row whose id is given is taken up again: Prisma 6 takes a rolled-back row for an applied one.
        `started_at` increases strictly, since Prisma orders by it.
        """
        quoted = quote_literal(name)
        note = "NULL" if logs is None else quote_literal(logs)
        return (
            f"INSERT INTO {self.name} AS t (id, checksum, migration_name, started_at, logs)"
            f" SELECT CASE WHEN EXISTS (SELECT FROM {self.name} WHERE migration_name = {quoted}"
            f" AND rolled_back_at IS NULL) THEN NULL ELSE {quote_literal(row_id)} END,"
            f" {quote_literal(checksum)}, {quoted},"
            " greatest(clock_timestamp(), max(started_at) + interval '1 microsecond'),"
            f" {note} FROM {self.name}"
            " ON CONFLICT (id) DO UPDATE SET checksum = excluded.checksum, started_at = excluded.started_at,"
            " finished_at = NULL, rolled_back_at = NULL, applied_steps_count = 0, logs = excluded.logs"
        )

    def finish_row(self, row_id: str) -> str:
        """Close the row of a migration that is applied and whole; its seconds, or an error (22012) if it is gone."""
        return (
            f"WITH done AS (UPDATE {self.name} SET finished_at = clock_timestamp(), applied_steps_count = 1,"
            f" logs = NULL, rolled_back_at = NULL WHERE id = {quote_literal(row_id)}"
            " RETURNING started_at)"
            " SELECT coalesce(extract(epoch FROM clock_timestamp() - min(started_at)), 0) / count(*) FROM done"
        )

    def advance(self, row_id: str, before: str, after: str, checksum: str) -> str:
        """Replace the progress text of an unfinished row; an error (22012) if it is not what we left there.

        Two processes that believe to hold the lock cannot both take a step: the second one finds another text.
        """
        return (
            f"WITH moved AS (UPDATE {self.name} SET logs = {quote_literal(after)},"
            f" checksum = {quote_literal(checksum)} WHERE id = {quote_literal(row_id)}"
            f" AND finished_at IS NULL AND logs = {quote_literal(before)} RETURNING 1)"
            " SELECT 1 / count(*) FROM moved"
        )

    def where_still(self, row_id: str, logs: str) -> str:
        """One row if the unfinished row is as it was read, none if it moved on."""
        return (
            f"SELECT 1 FROM {self.name} WHERE id = {quote_literal(row_id)} AND finished_at IS NULL"
            f" AND logs = {quote_literal(logs)}"
        )

    def note(self, row_id: str, before: str, after: str) -> str:
        """Write what happened into an unfinished row, unless its `logs` are no longer `before`: then it moved on."""
        return (
            f"UPDATE {self.name} SET logs = {quote_literal(after)} WHERE id = {quote_literal(row_id)}"
            f" AND finished_at IS NULL AND logs = {quote_literal(before)}"
        )

    def forget(self, row_id: str, before: str, *, keep: bool) -> str:
        """Take back a row of which nothing was applied: removed, or (`keep`) rolled back as it was found."""
        what = f"UPDATE {self.name} SET rolled_back_at = now()" if keep else f"DELETE FROM {self.name}"
        return f"{what} WHERE id = {quote_literal(row_id)} AND finished_at IS NULL AND logs = {quote_literal(before)}"


def new_id() -> str:
    """A UUID v4, as Prisma's rows have; the module `uuid` costs an import of `platform` at every cold boot."""
    raw = bytearray(os.urandom(16))
    raw[6] = raw[6] & 0x0F | 0x40
    raw[8] = raw[8] & 0x3F | 0x80
    text = raw.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _stamp(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
