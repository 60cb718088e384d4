"""Turning a failed script into words: where, the source line with a caret, what is in the database, what to do."""

from __future__ import annotations

from pgready.errors import LockNotObtained, MigrationFailed
from pgready.history.prepare import Prepared, place, show, start_of
from pgready.postgres.deploy.executor import TRANSIENT, ScriptFailed
from pgready.project.settings import Settings
from pgready.sql.blocks import inside_block

# Failures that say nothing about the script: resources, operator intervention, system errors, read-only, and locks.
_LOCKS = ("55P03", "40P01")
_NOT_ITS_OWN = ("53", "57", "58", "25006", "55P03", "40", "08", "F0", "XX")


def own_fault(failed: ScriptFailed) -> bool:
    """Whether the same script would fail again for the same reason."""
    return not failed.error.sqlstate.startswith(_NOT_ITS_OWN)


def describe(
    failed: ScriptFailed, *, partly: bool, settings: Settings, blocked: str = ""
) -> MigrationFailed | LockNotObtained:  # fmt: skip
    """The error for a migration that failed; `partly`: earlier steps of it are committed.

    A lock that was not to be had all the time says nothing about the script: that is LockNotObtained, which a restart
    may end.
    """
    migration = failed.prepared.migration
    error = failed.error
    where, excerpt = migration.path, ""
    offset = offset_of(failed)
    if offset is not None:
        where = place(migration, offset)
        excerpt = show(migration, offset)
    state = (
        "what ran before this statement stays applied, and the migrations table says so"
        if partly
        else "nothing of this migration was applied"
    )
    what = f"migration {migration.name} failed: {error.message} (SQLSTATE {error.sqlstate}); {state}"
    kind: type[MigrationFailed | LockNotObtained] = MigrationFailed
    if error.sqlstate in _LOCKS:
        what = f"migration {migration.name} got no lock in {settings.timeout:.0f} s: {error.message}; {state}"
        kind = LockNotObtained
    return kind(
        what,
        where=where,
        excerpt=excerpt,
        detail="\n".join(error.words().splitlines()[1:]),
        then=_way_out(failed.prepared, error.sqlstate, partly=partly, blocked=blocked),
        code=kind.code,
    )


def offset_of(failed: ScriptFailed) -> int | None:
    """The place in the script; inside a DO block the server names a line of the block only."""
    error, offset = failed.error, failed.offset
    if offset is None or failed.statement is None or error.position is not None:
        return offset
    statement = failed.prepared.statements[failed.statement]
    if registers := failed.prepared.registers:  # the look at a background backfill's key stands behind the script
        behind = failed.statement - (len(failed.prepared.statements) - len(registers))
        if behind >= 0:
            return start_of(failed.prepared, registers[behind])
    deeper = inside_block(statement.text, error.context, error.internal_query, error.internal_position)
    return offset if deeper is None or statement.words[:1] != ("DO",) else statement.start + deeper


def _way_out(prepared: Prepared, sqlstate: str, *, partly: bool, blocked: str) -> str:
    name = prepared.migration.name
    if sqlstate in TRANSIENT:
        return f"end what holds the lock{': ' + blocked if blocked else ''}, or raise --timeout; then boot again"
    if sqlstate.startswith("53"):
        return "give the server what it lacks (disk, memory, connections), then boot again"
    if sqlstate in ("42P07", "42710", "42701", "42P06", "42723"):
        return (
            f"if the database already has all of what this migration makes: pgready migrate resolve --applied {name}\n"
            "otherwise mend the script; pgready never takes “already exists” for applied"
        )
    if sqlstate == "42501":
        return "grant the privilege to the migrating role, then boot again"
    if partly:
        return "mend this statement or what follows it (the part above is applied and must stay), then boot again"
    return "mend the script and boot again"
