"""From a migration's trace to its hazards: who waits for what, for a time that grows with the data.

One rule carries most of it. Somebody waits for long where a transaction holds a lock that blocks others *while* it does
long work: reading all of a table, writing it anew, building an index. Which statement took the lock and which one does
the work only decides what the hazard is called.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from pgready.catalog.names import ObjectName
from pgready.hazards.hazard import Blocked, Hazard
from pgready.hazards.sources import FEW
from pgready.hazards.trace import LockMode, Touch, TracedMigration, TracedStatement
from pgready.hazards.volume import volume_of
from pgready.hazards.writes import inserts_of
from pgready.sql.standalone import index_build, needs_no_transaction

_ROWS = frozenset({"table", "partitioned table", "materialized view"})
_BLOCKING = frozenset({*_ROWS, "view", "index", "partitioned index", "foreign table"})

_SLEEP = re.compile(r"\bpg_sleep(?:_for|_until)?\s*\(", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Lock:
    """The strongest lock that a transaction holds on a table or on one of its indexes."""

    mode: LockMode
    statement: int
    is_materialized: bool

    @property
    def blocked(self) -> Blocked:
        if self.mode.blocks_readers:
            return "readers and writers"
        return "writers" if self.mode.blocks_writers and not self.is_materialized else "nobody"


@dataclass(frozen=True, slots=True)
class _Work:
    """What a statement does for long: tables written anew, indexes built or rebuilt, tables read as a whole.

    `other` says what takes long without the rows of a table that stood before.
    """

    rewritten: tuple[ObjectName, ...]
    built: tuple[ObjectName, ...]
    rebuilt: tuple[ObjectName, ...]
    scanned: tuple[ObjectName, ...]
    other: str = ""

    @property
    def tables(self) -> tuple[ObjectName, ...]:
        return tuple(dict.fromkeys((*self.rewritten, *self.built, *self.rebuilt, *self.scanned)))


def hazards_of(
    traced: TracedMigration,
    young: Collection[ObjectName] = (),
    batched: Collection[int] = (),
) -> tuple[Hazard, ...]:
    """Every hazard of a migration, in the order of its statements.

    `young` are tables that are as new as the migration itself: nobody reads or writes them yet. `batched` are
    statements that run in batches, each its own short transaction.
    """
    found: list[Hazard] = []
    whole = [one for one in traced.statements if one.index not in batched]
    facts = replace(traced.facts, tables=traced.facts.tables - frozenset(young))
    run = _Transactions(replace(traced, facts=facts), young)
    for _, group in groupby(whole, key=lambda one: one.transaction):
        found += run.one(tuple(group))
    found += _of_texts(traced)
    return tuple(sorted(found, key=lambda one: (one.statement, one.id)))


def _of_texts(traced: TracedMigration) -> Iterator[Hazard]:
    for one in traced.statements:
        build = index_build(one.statement)
        if build is not None and build.if_not_exists:
            name = build.name or "the index"
            text = f"if an earlier build of {name} failed, IF NOT EXISTS takes its invalid rest for the index"
            yield Hazard("H012", traced.name, one.index, (), "nobody", None, text)
        kind = needs_no_transaction(one.statement)
        if kind is not None and len(traced.statements) + len(traced.skipped) > 1:
            text = f"{kind.upper()} cannot run in a transaction, and Prisma sends the whole file as one"
            yield Hazard("H013", traced.name, one.index, (), "nobody", None, text)


class _Transactions:
    """The transactions of a migration, one after the other: what the current one holds so far, and what is new."""

    def __init__(self, traced: TracedMigration, young: Collection[ObjectName]) -> None:
        self._name = traced.name
        self._facts = traced.facts
        self._young = young
        self._held: dict[ObjectName, _Lock] = {}
        # Tables of the migration's own, and those of them that have been given many rows.
        self._new: set[ObjectName] = set()
        self._filled: set[ObjectName] = set()

    def one(self, statements: Sequence[TracedStatement]) -> Iterator[Hazard]:
        """The hazards of the next one."""
        self._held = {}
        for one in statements:
            touches = [touch for touch in one.touches if touch.relation.table not in self._young]
            earlier = dict(self._held)
            self._hold(one, touches)
            yield from self._of_statement(one, touches, earlier)
            self._fill(one, touches)

    def _hold(self, one: TracedStatement, touches: Sequence[Touch]) -> None:
        for touch in touches:
            relation = touch.relation
            if relation.is_new or relation.kind not in _BLOCKING:
                continue
            held, mode = self._held.get(relation.table), touch.locked
            is_materialized = relation.kind == "materialized view"
            if touch.released and held is not None:  # back to a savepoint
                del self._held[relation.table]
                held, mode = None, touch.held
            if mode is not None and (held is None or mode > held.mode):
                self._held[relation.table] = _Lock(mode, one.index, is_materialized)
        if one.alone:
            self._hold_rebuilt(one, touches)

    def _hold_rebuilt(self, one: TracedStatement, touches: Sequence[Touch]) -> None:
        """REINDEX of what is partitioned: while it queues only its lock on the table is seen, not those on indexes.

        Whoever plans a query on the table opens them, so readers wait, too.
        """
        for touch in touches:
            held = self._held.get(touch.relation.table)
            if held is not None and held.statement == one.index and touch.rewritten and "index" in touch.relation.kind:
                self._held[touch.relation.table] = replace(held, mode=LockMode.ACCESS_EXCLUSIVE)

    def _fill(self, one: TracedStatement, touches: Sequence[Touch]) -> None:
        """Whether a table of the migration's own has many rows now."""
        made = {touch.relation.table for touch in touches if touch.relation.is_new and touch.relation.kind in _ROWS}
        self._new |= made
        reads = any(touch.scans and (not touch.relation.is_new or touch.relation.table in self._filled)
                    for touch in touches)  # fmt: skip
        if self._new and (reads or any(touch.written >= FEW for touch in touches)):
            names = {name for _, name in inserts_of(one.statement.text)}
            self._filled |= made | {table for table in self._new if table.name in names}

    def _of_statement(
        self, one: TracedStatement, touches: Sequence[Touch], earlier: Mapping[ObjectName, _Lock]
    ) -> Iterator[Hazard]:
        new = self._new | {touch.relation.table for touch in touches if touch.relation.is_new}
        volume = volume_of(one.statement, touches, self._facts, self._facts.keys, new)
        changed = volume.changed
        # A change by key reads a few rows, whatever the planner does on an empty table.
        work = _work(touches, volume.bounded)
        if not work.tables:
            work = replace(work, other=self._other(one, touches))
        if changed:
            yield self._changes(one, changed)
        if not work.tables and not work.other and not changed:
            return
        blocking = {table: lock for table, lock in self._held.items() if lock.blocked != "nobody"}
        # Work on a table that an earlier statement locked is this statement's own hazard: its safe way is the same.
        own = {table: lock for table, lock in blocking.items() if lock.statement == one.index or table in work.tables}
        # What another statement locked, unless this one does the same to it anyway.
        others = {table: lock for table, lock in earlier.items() if lock.blocked != "nobody" and table not in own}
        if changed:
            if blocking:
                yield self._held_through(one, work, blocking, changed)
        elif own:
            yield self._own(one, work, own, others)
        elif others:
            yield self._held_through(one, work, others, changed)

    def _other(self, one: TracedStatement, touches: Sequence[Touch]) -> str:
        """What takes long although no table that stood before is read or written as a whole."""
        filled = [touch for touch in touches if touch.relation.is_new and touch.relation.table in self._filled]
        if any(touch.scans or touch.rewritten for touch in filled):
            return f"all rows of the new {_list(_names(iter(filled)))} are read"
        if any(touch.written >= FEW for touch in touches):
            return "many rows are written"
        words = one.statement.words
        if words[:1] == ("ANALYZE",):
            return "rows are sampled for statistics"
        if words[:1] != ("CREATE",) and _SLEEP.search(one.statement.text):
            return "the statement sleeps"
        return ""

    def _changes(self, one: TracedStatement, changed: tuple[ObjectName, ...]) -> Hazard:
        text = f"any number of rows of {_list(changed)} change in one transaction"
        return Hazard("H010", self._name, one.index, changed, "writers", LockMode.ROW_EXCLUSIVE, text)

    # ── what is said ────────────────────────────────────────────────────────────────────────────────────────────

    def _own(
        self,
        one: TracedStatement,
        work: _Work,
        own: Mapping[ObjectName, _Lock],
        others: Mapping[ObjectName, _Lock],
    ) -> Hazard:
        mode = max(lock.mode for lock in own.values())
        tables = tuple(sorted(own))
        kind, what = _named(one, work, mode)
        text = f"{what} while {_blocked(own)} of {_list(tables)} wait ({mode.words})"
        if others:
            text += f"; {_blocked(others)} of {_list(sorted(others))}, locked by earlier statements, wait too"
        return Hazard(kind, self._name, one.index, tables, _blocked({**own, **others}), mode, text)

    def _held_through(
        self, one: TracedStatement, work: _Work, others: Mapping[ObjectName, _Lock], changed: tuple[ObjectName, ...]
    ) -> Hazard:
        mode = max(lock.mode for lock in others.values())
        tables = tuple(sorted(others))
        cause = min(lock.statement for lock in others.values())
        blocked = _blocked(others)
        what = f"many rows of {_list(changed)} change" if changed else _described(work)
        text = (
            f"{what} while {blocked} of {_list(tables)} wait: statement {cause + 1} of this transaction took"
            f" {mode.words}"
        )
        return Hazard("H011" if changed else "H009", self._name, one.index, tables, blocked, mode, text, cause)


def _work(touches: Sequence[Touch], spared: Collection[ObjectName]) -> _Work:
    """What takes long, as far as there is data: relations that the migration itself made are empty or its own."""
    old = [touch for touch in touches if not touch.relation.is_new]
    rewritten = _names(touch for touch in old if touch.rewritten and touch.relation.kind in _ROWS)
    scans = [touch for touch in old if touch.scans and touch.relation.kind in _ROWS]
    scanned = _names(touch for touch in scans if touch.relation.table not in spared)
    rebuilt = _names(touch for touch in old if touch.rewritten and "index" in touch.relation.kind)
    tables = {touch.relation.table for touch in old if touch.relation.kind in _ROWS}
    new = [touch for touch in touches if touch.relation.is_new and "index" in touch.relation.kind]
    built = _names(touch for touch in new if touch.relation.table in tables)
    return _Work(rewritten, tuple(one for one in built if one in scanned), rebuilt, scanned)


def _names(touches: Iterator[Touch]) -> tuple[ObjectName, ...]:
    return tuple(dict.fromkeys(touch.relation.table for touch in touches))


def _named(one: TracedStatement, work: _Work, mode: LockMode) -> tuple[str, str]:
    """The kind of hazard, and what is done."""
    words = one.statement.words
    if words[:1] == ("TRUNCATE",) and work.rewritten:
        return "H008", f"{_list(work.rewritten)} is emptied"
    if words[:2] == ("REFRESH", "MATERIALIZED") and work.rewritten:
        return "H007", f"{_list(work.rewritten)} is filled anew"
    if work.other:
        return "H009", work.other
    if work.rewritten:
        return "H001", f"{_list(work.rewritten)} is written anew"
    if work.built:
        kind = "H004" if words[:1] == ("CREATE",) or mode is not LockMode.ACCESS_EXCLUSIVE else "H005"
        return kind, f"an index of {_list(work.built)} is built"
    if work.rebuilt:
        return "H006", f"indexes of {_list(work.rebuilt)} are rebuilt"
    kind = "H002" if mode is LockMode.ACCESS_EXCLUSIVE else "H003"
    return kind, f"all rows of {_list(work.scanned)} are read"


def _described(work: _Work) -> str:
    if work.other:
        return work.other
    if work.rewritten:
        return f"{_list(work.rewritten)} is written anew"
    if work.built:
        return f"an index of {_list(work.built)} is built"
    if work.rebuilt:
        return f"indexes of {_list(work.rebuilt)} are rebuilt"
    return f"all rows of {_list(work.scanned)} are read"


def _blocked(locks: Mapping[ObjectName, _Lock]) -> Blocked:
    return "readers and writers" if any(lock.mode.blocks_readers for lock in locks.values()) else "writers"


def _list(names: Collection[ObjectName]) -> str:
    shown = [str(name) for name in names]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
