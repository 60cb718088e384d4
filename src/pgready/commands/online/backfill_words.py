"""What is said where a background backfill cannot go on: what happened, where it is written, the next command."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from pgready.commands.online.required import InFile
from pgready.errors import DecisionNeeded, MigrationFailed, PgreadyError, UsageInvalid
from pgready.history.prepare import place, show, start_of
from pgready.postgres.backfill.left import GONE
from pgready.postgres.backfill.registered import Registered
from pgready.postgres.session import ServerError


def unknown(name: str, registered: Sequence[str], files: Mapping[str, InFile]) -> UsageInvalid:
    """No such backfill is registered in this database."""
    found = files.get(name)
    if found is not None and found.backfill.background:
        migration = found.prepared.migration.name
        what = f"the backfill {name} is not registered in this database"
        then = f"pgready migrate deploy applies {migration}, which registers it; pgready migrate status"
    elif found is not None:
        what = f"the backfill {name} is not a background one: the deploy that applies its migration runs it"
        then = "pgready migrate status"
    else:
        near = difflib.get_close_matches(name, registered, n=1)
        what = f"no backfill {name} is registered in this database"
        then = f"did you mean: pgready backfill run {near[0]}" if near else "pgready backfill status"
    return UsageInvalid(what, then=then, code="backfill_unknown")


def stranded(one: Registered, what: str, found: InFile | None) -> DecisionNeeded:
    """Its table, a column or its key is not what it was: only a human knows what is meant."""
    where, excerpt = _place(one, found)
    return DecisionNeeded(
        f"the backfill {one.name} cannot run: {what}",
        where=where,
        excerpt=excerpt,
        then="put it back, then: pgready backfill run\n"
        f"or, if there is nothing to fill any more: pgready backfill resolve --done {one.name}",
        code="backfill_stranded",
    )


def failed(one: Registered, error: ServerError, found: InFile | None) -> PgreadyError:
    """A batch failed and rolled back; those before it stay."""
    if error.sqlstate in GONE:
        return stranded(one, error.message, found)
    where, excerpt = _place(one, found)
    return MigrationFailed(
        f"backfill {one.name} failed: {error.message} (SQLSTATE {error.sqlstate}); the batches before it stay",
        where=where,
        excerpt=excerpt,
        detail="\n".join(error.words().splitlines()[1:]),
        then="mend the rows, then: pgready backfill run goes on where it stopped\n"
        "or, if the statement is wrong, put the right one into a new migration, then:"
        f" pgready backfill resolve --done {one.name} --force",
        code="backfill_failed",
    )


def _place(one: Registered, found: InFile | None) -> tuple[str, str]:
    """The statement in its file, as long as it is there as it was registered."""
    if found is None or found.backfill.text != one.backfill.text:
        return one.migration, ""
    migration = found.prepared.migration
    start = start_of(found.prepared, found.backfill)
    return place(migration, start), show(migration, start)
