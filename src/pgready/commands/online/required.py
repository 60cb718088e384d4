"""What a deploy has to do with background backfills: a place for them, what is required of them, what they need."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from pgready.errors import DecisionNeeded, NotReady, UsageInvalid
from pgready.history.model import Migration
from pgready.history.prepare import Prepared, place, prepare, show, start_of
from pgready.postgres.backfill.batches import Position
from pgready.postgres.backfill.left import GONE, Asked
from pgready.postgres.backfill.registered import (
    FINISHED,
    Registered,
    advance,
    may_register,
    prepare_place,
    read,
    replayed,
)
from pgready.postgres.deploy.message import Frame
from pgready.postgres.grants import NO_PRIVILEGE
from pgready.postgres.session import ServerError, Session
from pgready.postgres.table import Table
from pgready.report.story import Event, Teller
from pgready.sql.backfill import Backfill, Requirement
from pgready.sql.names import quote_ident


@dataclass(frozen=True, slots=True)
class InFile:
    """A backfill as the folder has it: the number of its migration, and what stands before it."""

    number: int
    prepared: Prepared
    backfill: Backfill


def in_files(migrations: Sequence[Migration]) -> dict[str, InFile]:
    """The folder's marked statements by name; a script that cannot be read has none."""
    found: dict[str, InFile] = {}
    for number, migration in enumerate(migrations):
        if "pgready:" not in migration.script:
            continue
        try:
            prepared = prepare(migration)
        except UsageInvalid:
            continue
        for one in prepared.backfills:
            found.setdefault(one.name, InFile(number, prepared, one))
    return found


class Requirements:
    """Asked by the deploy, under the lock, before and after each migration that has to do with a backfill."""

    def __init__(
        self, worker: Session, table: Table, frame: Frame, tell: Teller, migrations: Sequence[Migration], role: str
    ) -> None:
        self._worker = worker
        self._table = table
        self._frame = frame
        self._tell = tell
        self._migrations = migrations
        self._role = role
        self._files: dict[str, InFile] | None = None

    def before_all(self, todo: Sequence[Prepared]) -> None:
        """Before anything is applied: a place to register in, and every name that is required is known."""
        first = next((one for one in todo if one.registers), None)
        if first is not None:
            self._make_place(first)
        known = {one.name for one in read(self._worker, self._table)} if any(p.requires for p in todo) else set()
        for prepared in todo:
            for wanted in prepared.requires:
                if wanted.name not in known:
                    self._in_file(prepared, wanted)

    def _make_place(self, prepared: Prepared) -> None:
        try:
            prepare_place(self._worker)
            if may_register(self._worker):
                return
        except ServerError as e:
            if e.sqlstate != NO_PRIVILEGE:
                raise
        role = quote_ident(self._role)
        migration, one = prepared.migration, prepared.registers[0]
        start = start_of(prepared, one)
        raise UsageInvalid(
            f"role {self._role} may not register a background backfill: it needs a table in the schema pgready",
            where=place(migration, start),
            excerpt=show(migration, start),
            then="as an owner of the database:"
            f" CREATE SCHEMA IF NOT EXISTS pgready; GRANT ALL ON SCHEMA pgready TO {role};"
            f" GRANT ALL ON ALL TABLES IN SCHEMA pgready TO {role};\n"
            "or take the word background out: then the deploy runs it; nothing was applied",
            code="backfill_no_place",
        )

    def _in_file(self, prepared: Prepared, wanted: Requirement) -> InFile:
        """The required backfill's own statement; raises UsageInvalid where no earlier migration has one."""
        if self._files is None:
            self._files = in_files(self._migrations)
        found = self._files.get(wanted.name)
        own = next((n for n, one in enumerate(self._migrations) if one.name == prepared.migration.name), 0)
        if found is not None and found.number < own:
            return found
        what = f"{prepared.migration.name} requires the backfill {wanted.name}, which no migration before it has"
        near = difflib.get_close_matches(wanted.name, [n for n, one in self._files.items() if one.number < own], n=1)
        then = f"did you mean: -- pgready: requires backfill {near[0]}" if near else "pgready backfill status"
        where, excerpt = place(prepared.migration, wanted.offset), show(prepared.migration, wanted.offset)
        raise UsageInvalid(what, where=where, excerpt=excerpt, then=then, code="backfill_unknown")

    def before(self, prepared: Prepared) -> None:
        """Raises NotReady where a backfill that `prepared` requires is not done: the data decide, where they can."""
        if not prepared.requires:
            return
        registered = {one.name: one for one in read(self._worker, self._table)}
        for wanted in prepared.requires:
            one = registered.get(wanted.name)
            if one is None:
                self._check_file(prepared, wanted, self._in_file(prepared, wanted))
            elif one.state != "decided":
                self._check(prepared, wanted, one)

    def _check(self, prepared: Prepared, wanted: Requirement, one: Registered) -> None:
        if one.done and not one.backfill.tells:
            return  # its condition says nothing of what is done; the record does
        position = Position.of(one.position or "")
        left = self._left(prepared, wanted, one.backfill, one.settings, one.search_path, position)
        if left is None:
            if not one.done:
                self._worker.run(
                    "finish backfill", advance(self._table, one.name, one.position, one.position, FINISHED)
                )
            return
        how = "went through all keys, and finds rows again" if one.done else "is not finished"
        self._refuse(prepared, wanted, how, left)

    def _check_file(self, prepared: Prepared, wanted: Requirement, found: InFile) -> None:
        """Not registered here: another tool ran the statement whole, or it blocked."""
        if not found.backfill.tells:
            return
        settings = tuple(replayed(found.prepared))
        left = self._left(prepared, wanted, found.backfill, settings, self._frame.search_path, None)
        if left is not None:
            self._refuse(prepared, wanted, "finds rows again", left)

    def _left(
        self,
        prepared: Prepared,
        wanted: Requirement,
        backfill: Backfill,
        settings: tuple[str, ...],
        search_path: str | None,
        position: Position | None,
    ) -> tuple[str, ...] | None:
        text = f"{prepared.migration.name} requires the backfill {wanted.name}: asking the data whether it is done"
        self._tell(Event("backfill_checked", text, {"migration": prepared.migration.name, "backfill": wanted.name}))
        try:
            return Asked(self._worker, self._frame, backfill, settings, search_path).first_left(position)
        except ServerError as e:
            if e.sqlstate not in GONE:
                raise
            where, excerpt = place(prepared.migration, wanted.offset), show(prepared.migration, wanted.offset)
            raise DecisionNeeded(
                f"{prepared.migration.name} requires the backfill {wanted.name}, which cannot be checked: {e.message}",
                where=where,
                excerpt=excerpt,
                then=f"if it is done, or not needed any more: pgready backfill resolve --done {wanted.name}",
                code="backfill_stranded",
            ) from None

    def _refuse(self, prepared: Prepared, wanted: Requirement, how: str, left: tuple[str, ...]) -> None:
        where, excerpt = place(prepared.migration, wanted.offset), show(prepared.migration, wanted.offset)
        raise NotReady(
            f"{prepared.migration.name} requires the backfill {wanted.name}, which {how}: the row with the key"
            f" {', '.join(left)} is left; nothing of this migration was applied",
            where=where,
            excerpt=excerpt,
            then=f"pgready backfill run {wanted.name}, then deploy again",
            code="backfill_unfinished",
        )

    def after(self, prepared: Prepared) -> None:
        """Once its row is finished: where there is nothing to do (a new database), the backfill is done too."""
        for backfill in prepared.registers:
            asked = Asked(self._worker, self._frame, backfill, tuple(replayed(prepared)), self._frame.search_path)
            if asked.is_empty():
                self._worker.run("finish backfill", advance(self._table, backfill.name, None, None, FINISHED))
                continue
            text = f"registered the backfill {backfill.name}; nobody waits for it: pgready backfill run"
            self._tell(Event("backfill_registered", text, {"backfill": backfill.name}))
            if not backfill.tells:
                text = (
                    f"the condition of {backfill.name} does not say what is left to do: rows that the application adds"
                    " before it runs are changed too"
                )
                self._tell(Event("note", text, {"backfill": backfill.name}))
