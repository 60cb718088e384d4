"""The hazards that pgready knows, a row each: the condition, what readers and writers feel, and the safe way.

Ids are stable: waivers and dashboards name them. A retired id is never used again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "note"]
"""`error`: readers or writers stall for a time that grows with the data; `warning`: they may; `note`: good to know."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of hazard. `condition` says when, `effect` what others feel, `safe` how to do it instead."""

    id: str
    title: str
    level: Level
    condition: str
    effect: str
    safe: str


KINDS: tuple[Kind, ...] = (
    Kind(
        "H001",
        "table rewritten",
        "error",
        "a statement writes an existing table anew: a type change, a volatile default, a stored generated column, …",
        "readers and writers wait until every row has been copied and every index rebuilt",
        "add a new column, fill it in batches, switch over; a constant default needs no rewrite, nor does timestamp to"
        " timestamptz (without a precision) after SET LOCAL timezone = 'UTC'",
    ),
    Kind(
        "H002",
        "table scanned under an exclusive lock",
        "error",
        "a statement reads all rows of an existing table to check something (SET NOT NULL, CHECK, ATTACH PARTITION, …)",
        "readers and writers wait until every row has been looked at",
        "add the constraint NOT VALID, then VALIDATE CONSTRAINT in a migration of its own",
    ),
    Kind(
        "H003",
        "table scanned while writers wait",
        "error",
        "a statement reads all rows under a lock that blocks writers, as a foreign key that checks its rows at once",
        "writers wait until every row has been looked at, on the referenced table too",
        "add the foreign key NOT VALID, then VALIDATE CONSTRAINT in a migration of its own",
    ),
    Kind(
        "H004",
        "index built while writers wait",
        "error",
        "CREATE INDEX on an existing table",
        "writers wait until the index is built",
        "CREATE INDEX CONCURRENTLY, alone in its migration",
    ),
    Kind(
        "H005",
        "index built under an exclusive lock",
        "error",
        "a PRIMARY KEY, UNIQUE or EXCLUDE constraint that builds its index on an existing table",
        "readers and writers wait until the index is built",
        "CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own, then ADD CONSTRAINT … USING INDEX",
    ),
    Kind(
        "H006",
        "index rebuilt under a lock",
        "error",
        "REINDEX without CONCURRENTLY",
        "writers wait until the index is rebuilt, and readers that would use it",
        "REINDEX … CONCURRENTLY, alone in its migration",
    ),
    Kind(
        "H007",
        "materialized view refreshed under a lock",
        "error",
        "REFRESH MATERIALIZED VIEW on an existing view",
        "its readers wait until the query has run; with CONCURRENTLY only other refreshes wait",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY (it needs a unique index), outside of migrations",
    ),
    Kind(
        "H008",
        "table emptied",
        "error",
        "TRUNCATE of an existing table",
        "readers and writers wait, old snapshots see an empty table, and the rows are gone",
        "DELETE in batches, or DROP what is not needed once no code uses it",
    ),
    Kind(
        "H009",
        "lock held through long work",
        "error",
        "a statement locks a table for a moment, and a later one of the same transaction scans, rewrites, builds,"
        " writes many rows elsewhere, gathers statistics or sleeps",
        "what the first statement locked stays locked until the last one is done",
        "a migration for each: what locks in one, what takes long in another",
    ),
    Kind(
        "H010",
        "many rows changed at once",
        "error",
        "UPDATE, DELETE, MERGE, upsert or FOR UPDATE whose rows are not bounded by a key, also in code and triggers",
        "writers of the same rows wait until all are changed; dead rows and WAL pile up, replicas lag",
        "mark it as a backfill, to run in batches:  -- pgready: backfill key=id",
    ),
    Kind(
        "H011",
        "schema change and backfill in one transaction",
        "error",
        "a transaction that has locked an existing table changes many rows",
        "readers or writers of the locked table wait until all rows are changed",
        "the schema change in one migration, the backfill in the next",
    ),
    Kind(
        "H012",
        "IF NOT EXISTS over an index that may be invalid",
        "warning",
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS",
        "the invalid rest of a failed build is taken for the index: writers pay for it, readers do not use it",
        "leave IF NOT EXISTS out: pgready removes the invalid rest of a failed build by itself",
    ),
    Kind(
        "H013",
        "statement that Prisma would refuse here",
        "warning",
        "a statement that cannot run in a transaction (CONCURRENTLY, VACUUM, …) beside others in one migration",
        "`prisma migrate deploy` sends the file as one message and fails; pgready splits it",
        "give the statement a migration of its own",
    ),
    Kind(
        "H014",
        "running code breaks",
        "error",
        "with --since: a migration takes away what the version that still runs reads or writes, or requires what it"
        " does not give (dropped, renamed or narrowed columns, tables, enum values; new required columns; …)",
        "during the deploy, and after a rollback of the code, requests of the older version fail",
        "expand now, contract later: what is new beside what is old, and the old one goes when no version uses it",
    ),
    Kind(
        "H015",
        "running code may be refused",
        "warning",
        "with --since: a migration refuses or changes what the version that still runs may write (a new unique key,"
        " check or foreign key, a lost key that upserts go by, a converted type, row security, …)",
        "requests of the older version fail if they write such rows",
        "first the code that keeps to it, then the constraint, when no older version runs",
    ),
    Kind(
        "H016",
        "locks taken in another order",
        "warning",
        "a transaction takes blocking locks on two tables, and a query contract or another new migration takes the"
        " same two in the opposite order",
        "one waits for the other and the other for the one: a deadlock, which PostgreSQL ends by failing one of them",
        "a migration for each table, or the statements in the order in which the application takes the tables",
    ),
    Kind(
        "H017",
        "waiver that is over",
        "warning",
        "a comment allows a hazard until a day that has passed",
        "the hazard counts again",
        "do what was put off, or give the waiver another end",
    ),
    Kind(
        "H018",
        "waiver that allows nothing",
        "warning",
        "a comment allows a hazard that its statement does not have",
        "if the statement gets the hazard one day, nobody hears of it",
        "take the comment out",
    ),
    Kind(
        "H019",
        "counts on a backfill that may not be done",
        "warning",
        "a statement requires, checks, drops or renames what a background backfill of an earlier migration changes or"
        " reads, and nothing says that it has to be done",
        "the deploy fails while rows are left, or the backfill does, and what it has not copied is lost",
        "-- pgready: requires backfill NAME  in front of it: the deploy stops before the migration until it is done",
    ),
)

BY_ID = {kind.id: kind for kind in KINDS}

REWRITABLE = frozenset(f"H{number:03}" for number in range(1, 14))
"""The hazards of statements; the others are of code that runs, of order and of waivers."""
