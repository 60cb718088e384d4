"""Why migrate dev does not go on: the history or the database is not what the folder makes, and the ways out of that.

Pure judgement on what was read. Every way but the last keeps the data.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pgready.diff.changes import Change
from pgready.diff.sides import Side
from pgready.history.diagnose import Entry, History
from pgready.history.explain import explain_failed
from pgready.history.model import State

_UNKNOWN = (State.MISSING, State.AHEAD)


@dataclass(frozen=True, slots=True)
class Drift:
    """What turns what the applied migrations make into what the database is; no changes for no drift."""

    before: Side
    after: Side
    changes: tuple[Change, ...]

    @property
    def script(self) -> str:
        """The SQL of the changes."""
        from pgready.plan.prisma import prisma_sql

        return prisma_sql(self.changes, self.before, self.after)

    @property
    def summary(self) -> str:
        """The changes for people."""
        from pgready.plan.summary import summary

        return summary(self.changes)


@dataclass(frozen=True, slots=True)
class Way:
    """A way out: what it means, and its commands."""

    what: str
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Blocked:
    """migrate dev cannot go on, and nothing was changed.

    `history` tells of failed, edited and missing migrations, one line each; `exit_code` is 9 where a migration failed,
    otherwise 4.
    """

    what: str
    history: tuple[str, ...]
    drift: Drift | None
    ways: tuple[Way, ...]
    exit_code: int

    @property
    def detail(self) -> str:
        """All of it for people."""
        lines = list(self.history)
        if self.drift is not None and self.drift.changes:
            lines += ["", "from what the migrations make to what the database is:", *self.drift.summary.splitlines()]
        return "\n".join(lines).strip("\n")

    @property
    def then(self) -> str:
        """The ways out for people, numbered, commands indented."""
        if len(self.ways) == 1:
            return "\n".join((self.ways[0].what, *(f"  {command}" for command in self.ways[0].commands)))
        lines = ["nothing was changed; choose one:"]
        for at, way in enumerate(self.ways, 1):
            lines.append(f"{at}. {way.what}")
            lines += [f"     {command}" for command in way.commands]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        from pgready.plan.summary import subject

        changes = self.drift.changes if self.drift is not None else ()
        return {
            "ready": False,
            "what": self.what,
            "history": list(self.history),
            "drift": [{"kind": type(one).__name__, "name": subject(one)} for one in changes],
            "drift_script": self.drift.script if self.drift is not None and changes else "",
            "ways": [{"what": way.what, "commands": list(way.commands)} for way in self.ways],
            "exit_code": self.exit_code,
        }


def failed(history: History) -> Blocked | None:
    """The failed migrations: somebody has to decide about them before anything else."""
    if not history.blocking:
        return None
    lines = []
    for entry in history.blocking:
        text = explain_failed(entry.unfinished[-1], entry.migration).text
        lines.append(f"{entry.name} failed: {text}")
    steps = tuple(history.next_step().splitlines())
    names = ", ".join(entry.name for entry in history.blocking)
    return Blocked(
        f"{names} failed and was not resolved (P3009)",
        tuple(lines),
        None,
        (Way("nothing else is done before somebody decides:", steps),),
        9,
    )


def edited_and_unknown(history: History) -> tuple[Entry, ...]:
    """Applied migrations whose files are others now, or gone."""
    return tuple(each for each in history.entries if each.state is State.EDITED or each.state in _UNKNOWN)


def told(entry: Entry) -> str:
    """One of them in a line."""
    if entry.state is State.EDITED and entry.migration is not None:
        return f"{entry.name} was edited after it was applied: {entry.migration.path}"
    return f"{entry.name} is applied to this database and is not in the folder"


def drifted(
    history: History,
    drift: Drift,
    restore: Sequence[str],
    *,
    database: str,
    folder: str,
    has_table: bool,
    is_whole: bool,
    others: Sequence[str],
) -> Blocked:
    """The database is not what the applied migrations make; `restore` are Git's commands for files that changed.

    `is_whole`: it is what the whole folder makes, so that what is pending was run by other means. `others` are names of
    what belongs to somebody else.
    """
    changed = edited_and_unknown(history)
    lines = tuple(told(each) for each in changed)
    reset = Way("start anew; all data in these schemas is lost:", (f"pgready migrate reset --confirm {_q(database)}",))
    count = len(drift.changes)
    if not has_table and not history.entries:
        return Blocked(
            f"the database has {_changes(count)} that no migration made, and no migration yet",
            lines,
            drift,
            (Way("make what is there the first migration, marked as applied (a baseline):", (_KEEP,)), reset),
            4,
        )
    ways = []
    pending = [each.name for each in history.pending]
    if is_whole:
        marks = " ".join(f"--applied {_q(name)}" for name in pending)
        ways.append(
            Way(
                "the database has what the pending migrations make: mark them as applied",
                (f"pgready migrate resolve {marks}",),
            )
        )
    unknown = [each.name for each in changed if each.state in _UNKNOWN]
    if restore:
        ways.append(Way("restore the files as they were applied:", tuple(restore)))
    edited = [each.migration.path for each in changed if each.state is State.EDITED and each.migration]
    if edited and len(restore) < len(changed):
        ways.append(Way(f"undo the edits by hand, and put the change into a new migration: {', '.join(edited)}", ()))
    if unknown and len(restore) < len(changed):
        ways.append(
            Way("get the missing files: they may be on another branch, or not pushed yet", ("git fetch --all",))
        )
    where = shlex.quote(folder)
    theirs = f", and take what is others' out of it: {', '.join(others)}" if others else ""
    ways += [
        Way(
            "the database is right: write the changes as a migration that is marked as applied",
            ("pgready migrate deploy", _KEEP) if pending else (_KEEP,),
        ),
        Way(
            f"the migrations are right: take the changes back (look at the script first{theirs})",
            (
                f"pgready migrate diff --from-config-datasource --to-migrations {where} --script -o undo.sql",
                "pgready db execute --file undo.sql",
            ),
        ),
        reset,
    ]
    what = f"the database is not what its migrations make: {_changes(count)} that no migration made"
    return Blocked(what, lines, drift, tuple(ways), 4)


_KEEP = "pgready migrate dev --keep-drift --name drift"


def for_project(found: Blocked, flags: Mapping[str, object]) -> Blocked:
    """The same with commands that find the project as this run did: by its --schema, --migrations and --config."""
    given = {
        name: f" --{name} {_q(str(flags[name]))}" for name in ("schema", "migrations", "config") if flags.get(name)
    }
    if not given:
        return found

    def whole(command: str) -> str:
        if command.startswith("pgready migrate diff"):
            if "schema" in given:
                source = given["schema"].replace("--schema", "--from-schema-datasource").strip()
                command = command.replace("--from-config-datasource", source)
            return command + given.get("config", "")
        if command.startswith("pgready db"):
            return command + given.get("schema", "") + given.get("config", "")
        return command + "".join(given.values()) if command.startswith("pgready") else command

    ways = tuple(Way(way.what, tuple(map(whole, way.commands))) for way in found.ways)
    return replace(found, ways=ways)


def _changes(count: int) -> str:
    return "1 change" if count == 1 else f"{count} changes"


def _q(name: str) -> str:
    return shlex.quote(name)
