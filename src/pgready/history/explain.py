"""What a failed migration left in the database, as far as its row and its script can tell. Pure.

Prisma sends a script as one simple query: without transaction control of its own it is one implicit transaction and
an error rolls it back whole. It writes the error to `logs`, then counts the step, then finishes the row, so a row that
stops between two of these tells how far it came.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from pgready.history.checksum import matches
from pgready.history.model import Migration, Row
from pgready.history.progress import Progress, parse
from pgready.sql.script import Statement, control, needs_no_transaction, split


class Left(enum.Enum):
    """How much of a failed migration is in the database."""

    NOTHING = "nothing"
    PART = "part"
    ALL = "all"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Explanation:
    """How much is there, and why we think so, in words."""

    left: Left
    text: str


def explain_failed(row: Row, migration: Migration | None) -> Explanation:
    """Say what an unfinished row means for the database; `migration` is the folder's, if the image has it."""
    if progress := parse(row.logs):
        return _progress(progress)
    if row.steps > 0:
        return Explanation(
            Left.ALL, "Its script ran to the end; only the last note of it in the migrations table is missing."
        )
    if migration is None or not matches(migration.script, row.checksum):
        return Explanation(
            Left.UNKNOWN,
            "The script that failed is not the one in the folder, so look in the database for what it left.",
        )
    return _script(migration, failed=bool(row.logs))


def _progress(progress: Progress) -> Explanation:
    done = f"{progress.done} of {progress.total} steps are in the database"
    step = progress.done + 1
    if progress.doubt:
        return Explanation(Left.PART, f"{done}; step {step} was started and its outcome is unknown.")
    if progress.failed:
        return Explanation(Left.PART, f"{done}; step {step} failed: {progress.failed.splitlines()[0]}")
    if progress.done == progress.total:
        return Explanation(Left.ALL, f"All {progress.total} steps are in the database; only the row is not finished.")
    return Explanation(Left.PART if progress.done else Left.NOTHING, f"{done}; step {step} was not started.")


def _script(migration: Migration, *, failed: bool) -> Explanation:
    statements = split(migration.script)
    commits = [
        statement.line + migration.first_line - 1
        for statement in statements
        if (control(statement) or "").startswith(("commit", "prepare transaction"))
    ]
    alone = _alone(statements[0]) if len(statements) == 1 else None
    if alone:
        return Explanation(
            Left.UNKNOWN,
            f"Its one statement ({alone}) does not roll back as a whole: look at what it left, such as an INVALID "
            "index.",
        )
    if commits:
        lines = ", ".join(f"{migration.path}:{line}" for line in commits)
        return Explanation(
            Left.UNKNOWN,
            f"The script commits by itself ({lines}): what stands before a COMMIT that was reached is in the database, "
            "the rest is not.",
        )
    if failed:
        return Explanation(
            Left.NOTHING, "The script failed and was rolled back whole: nothing of it is in the database."
        )
    return Explanation(
        Left.UNKNOWN,
        "The process that ran it ended before it noted the outcome: the script is in the database as a whole, or not "
        "at all.",
    )


def _alone(statement: Statement) -> str | None:
    """What makes the only statement of a script commit by itself, if anything does."""
    if kind := needs_no_transaction(statement):
        return kind
    # A procedure, or a DO block outside of any transaction block, may commit inside.
    if statement.words[0] == "CALL" or (statement.words[0] == "DO" and "commit" in statement.text.lower()):
        return statement.words[0]
    return None
