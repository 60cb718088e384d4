"""adopt: a plain SQL folder becomes a Prisma folder; names and checksums stay, so rows stay true."""

from __future__ import annotations

from pgready.commands.arrive import Arrival
from pgready.commands.status import read_history
from pgready.postgres.deploy.lock import Lock
from pgready.process.waiting import Backoff, Patience
from pgready.project.adopt import apply, plan_adoption
from pgready.project.settings import Settings
from pgready.report.story import Event, Teller, plural
from pgready.sql.names import quote_literal


def adopt(settings: Settings, tell: Teller, *, dry_run: bool, rename_rows: bool) -> list[str]:
    """Returns the steps in words; with `dry_run` nothing is written.

    Where names must be padded for Prisma's order, pgready itself understands both spellings; `rename_rows` updates
    the rows too, which Prisma's own CLI needs. Raises UsageInvalid, Unreachable.
    """
    plan = plan_adoption(settings.migrations)
    lines = plan.lines()
    if dry_run:
        return lines
    if not lines:
        tell(Event("adopted", f"{settings.migrations} is a Prisma folder already", {}))
        return lines
    if rename_rows and plan.renames:
        _rename(settings, tell, {r.old: r.new for r in plan.renames})
    apply(plan)
    for line in lines:
        tell(Event("adopted", line, {}))
    if plan.renames and not rename_rows:
        tell(
            Event(
                "note",
                "pgready knows both spellings of the renamed migrations; before Prisma's own CLI is used on a database"
                " that has them, run there: pgready migrate adopt --rename-rows",
                {},
            )
        )
    return lines


def _rename(settings: Settings, tell: Teller, names: dict[str, str]) -> None:
    """One transaction under the migration lock."""
    patience = Patience(settings.timeout)
    session = Arrival(settings, settings.require_url(), tell, patience).session("adopt")
    lock = Lock(session)
    backoff = Backoff()
    try:
        while not lock.try_take():
            backoff.pause(patience)
        table, rows = read_history(session, settings)
        known = [row.name for row in rows if row.name in names]
        for old in dict.fromkeys(known):
            session.run(
                "rename row",
                f"UPDATE {table.name if table else ''} SET migration_name = {quote_literal(names[old])}"
                f" WHERE migration_name = {quote_literal(old)}",
            )
        tell(Event("adopted", f"{plural(len(known), 'row')} renamed", {"rows": len(known)}))
    finally:
        lock.release()
