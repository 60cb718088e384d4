"""The diagnosis of a history: the folder's migrations held against the rows of the migrations table. Pure.

Rules, each with its reason:

- A migration is *applied* by a finished row that is not rolled back. An unfinished one beside it speaks louder:
  somebody started the script again and did not finish.
- An unfinished row means *running* while somebody holds the lock, *failed* otherwise; only the caller can know.
- Rolled back rows alone leave the migration *rolled back*: it is applied again, so it counts as pending.
- *edited*: applied, and no live row has the script's checksum. It never blocks: boot heals nothing by guessing.
- A row that this image does not know never makes it unready. It is *missing* if a migration of this image was
  started after it (so the history went on from there, and the file was deleted since), *ahead* otherwise (a newer
  image applied it). Times decide and not names: a newer image may apply a migration that sorts early, and a squashed
  baseline sorts before what it replaces.
- Names that differ by leading zeros in their version are one migration while nothing else claims either
  (`V2__x` applied, `V02__x` in the folder after `migrate adopt`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pgready.history.checksum import matches
from pgready.history.model import Migration, Row, State
from pgready.history.progress import parse
from pgready.history.spelling import canonical

_PENDING = (State.PENDING, State.ROLLED_BACK)


@dataclass(frozen=True, slots=True)
class Entry:
    """One migration of the history.

    `name` is the folder's, or the row's where the image has no such file (`migration` is None). `rows` are all rows
    of it in order of `started_at`, rolled back ones included. `out_of_order`: pending, and sorts before an applied
    migration (allowed, as Prisma does).
    """

    name: str
    state: State
    migration: Migration | None
    rows: tuple[Row, ...]
    out_of_order: bool = False

    @property
    def live(self) -> tuple[Row, ...]:
        """The rows that are not rolled back."""
        return tuple(row for row in self.rows if row.live)

    @property
    def unfinished(self) -> tuple[Row, ...]:
        """The live rows without `finished_at`."""
        return tuple(row for row in self.live if row.finished_at is None)

    @property
    def duplicates(self) -> tuple[Row, ...]:
        """The live, finished rows if there are several: the migration was recorded, and perhaps run, twice."""
        finished = tuple(row for row in self.live if row.finished_at is not None)
        return finished if len(finished) > 1 else ()

    @property
    def renamed_from(self) -> str | None:
        """The row's spelling of the name where it is not the folder's."""
        return next((row.name for row in reversed(self.rows) if row.name != self.name), None)

    @property
    def counts_as_pending(self) -> bool:
        """The image would apply it."""
        return self.migration is not None and self.state in _PENDING


@dataclass(frozen=True)
class History:
    """The folder's migrations in their order, then the rows that this image does not know, oldest first."""

    entries: tuple[Entry, ...]

    @cached_property
    def pending(self) -> tuple[Migration, ...]:
        """What this image would apply, in order."""
        return tuple(e.migration for e in self.entries if e.migration is not None and e.counts_as_pending)

    @cached_property
    def blocking(self) -> tuple[Entry, ...]:
        """Failed migrations that this image knows: nothing is applied until somebody decides."""
        return tuple(e for e in self.entries if e.migration is not None and e.state is State.FAILED)

    @cached_property
    def running(self) -> tuple[Entry, ...]:
        """Migrations of this image that somebody is applying now."""
        return tuple(e for e in self.entries if e.migration is not None and e.state is State.RUNNING)

    @property
    def ready(self) -> bool:
        """Promise 1: every migration that this image knows is applied and whole."""
        return not (self.pending or self.blocking or self.running)

    @property
    def duplicates(self) -> tuple[Entry, ...]:
        """Migrations with several live, finished rows."""
        return tuple(e for e in self.entries if e.duplicates)

    def of(self, state: State) -> tuple[Entry, ...]:
        """The entries in one state."""
        return tuple(e for e in self.entries if e.state is state)

    def next_step(self) -> str:
        """What a user does next, as a command where there is one; empty if there is nothing to do."""
        if self.running:
            return f"Another process is applying {self.running[0].name}; wait for it: pgready wait -- CMD"
        if self.blocking:
            name = self.blocking[0].name
            resolve = "pgready migrate resolve"
            steps = [
                f"If nothing of it is in the database, or you undid it: {resolve} --rolled-back {name}",
                f"If you finished it by hand: {resolve} --applied {name}",
            ]
            # A row that pgready left carries its progress: the next deploy goes on behind what is there.
            if parse(self.blocking[0].unfinished[-1].logs) is not None:
                steps.insert(0, "Mend the statement that failed (what stands before it stays): pgready migrate deploy")
            return "\n".join(steps)
        if self.pending:
            return "pgready migrate deploy"
        if edited := self.of(State.EDITED):
            return f"Restore {_path(edited[0])} as it was applied (git has it) and put the change into a new migration."
        if missing := self.of(State.MISSING):
            return f"Restore the file of {missing[0].name}, or keep it out on purpose: deploys go on without it."
        return ""


def diagnose(migrations: Sequence[Migration], rows: Sequence[Row], *, running: bool) -> History:
    """Hold the folder's migrations, in order, against the rows, in any order.

    `running`: another process holds the lock now, so an unfinished row is at work rather than failed.
    """
    by_name: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.started_at, row.id)):
        by_name[row.name].append(row)
    spelled = _spellings([m.name for m in migrations], list(by_name))
    known = [(m, tuple(by_name.pop(spelled.get(m.name, m.name), ()))) for m in migrations]
    judged = [(m, its_rows, _state(m, its_rows, running=running)) for m, its_rows in known]
    last_applied = max(
        (at for at, (_, _, state) in enumerate(judged) if state in (State.APPLIED, State.EDITED)), default=-1
    )
    entries = [
        Entry(m.name, state, m, its_rows, out_of_order=state in _PENDING and at < last_applied)
        for at, (m, its_rows, state) in enumerate(judged)
    ]
    newest = max((row.started_at for _, its_rows in known for row in its_rows if row.live), default=None)
    for name, foreign in by_name.items():
        live = [row for row in foreign if row.live]
        if not live:
            state = State.ROLLED_BACK
        elif newest is not None and live[-1].started_at < newest:
            state = State.MISSING
        else:
            state = State.AHEAD
        entries.append(Entry(name, state, None, tuple(foreign)))
    return History(tuple(entries))


def _state(migration: Migration, rows: Sequence[Row], *, running: bool) -> State:
    live = [row for row in rows if row.live]
    if not live:
        return State.ROLLED_BACK if rows else State.PENDING
    if any(row.finished_at is None for row in live):
        return State.RUNNING if running else State.FAILED
    # The hash of the text as it stands is known; the line-end variants are computed only where it differs.
    if any(row.checksum == migration.checksum or matches(migration.script, row.checksum) for row in live):
        return State.APPLIED
    return State.EDITED


def _spellings(names: Sequence[str], recorded: Sequence[str]) -> dict[str, str]:
    """Folder name → recorded name, for names that only leading zeros tell apart and that no other name claims."""
    unknown = _by_canonical(sorted(set(recorded).difference(names)))
    if not unknown:
        return {}
    unrecorded = _by_canonical(sorted(set(names).difference(recorded)))
    return {
        same[0]: unknown[key][0]
        for key, same in unrecorded.items()
        if len(same) == 1 and len(unknown.get(key, ())) == 1
    }


def _by_canonical(names: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        found[canonical(name)].append(name)
    return found


def _path(entry: Entry) -> str:
    return entry.migration.path if entry.migration else entry.name
