"""From a migration's trace to its hazards: who waits for what, for a time that grows with the data.

One rule carries most of it. Somebody waits for long where a transaction holds a lock that blocks others *while* it does
long work: reading all of a table, writing it anew, building an index. Which statement took the lock and which one does
the work only decides what the hazard is called.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from pgready.catalog.names import ObjectName
from pgready.hazards.hazard import Blocked, Hazard
from pgready.hazards.trace import LockMode, Touch, TracedMigration, TracedStatement
from pgready.hazards.writes import Keys, Write, write_of
from pgready.sql.standalone import index_build, needs_no_transaction

_ROWS = frozenset({"table", "partitioned table", "materialized view"})
_BLOCKING = frozenset({*_ROWS, "view", "index", "partitioned index", "foreign table"})

_WRITES = frozenset({("UPDATE",), ("DELETE",), ("MERGE",), ("WITH",), ("INSERT",)})
_CODE = frozenset({("DO",), ("SELECT",), ("CALL",), ("WITH",), ("EXECUTE",)})


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
    """What a statement does for long: tables written anew, indexes built or rebuilt, tables read as a whole."""

    rewritten: tuple[ObjectName, ...]
    built: tuple[ObjectName, ...]
    rebuilt: tuple[ObjectName, ...]
    scanned: tuple[ObjectName, ...]

    @property
    def tables(self) -> tuple[ObjectName, ...]:
        return tuple(dict.fromkeys((*self.rewritten, *self.built, *self.rebuilt, *self.scanned)))


def hazards_of(
    traced: TracedMigration,
    keys: Mapping[ObjectName, Keys] | None = None,
    young: Collection[ObjectName] = (),
    batched: Collection[int] = (),
) -> tuple[Hazard, ...]:
    """Every hazard of a migration, in the order of its statements.

    `batched` are statements that run in batches, each its own short transaction.

    `keys` are the unique indexes of the tables that stood before it. `young` are tables that are as new as the
    migration itself: nobody reads or writes them yet.
    """
    found: list[Hazard] = []
    whole = [one for one in traced.statements if one.index not in batched]
    for _, group in groupby(whole, key=lambda one: one.transaction):
        found += _Transaction(traced, keys or {}, young).run(tuple(group))
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


class _Transaction:
    """One transaction of a migration: what it holds so far."""

    def __init__(self, traced: TracedMigration, keys: Mapping[ObjectName, Keys], young: Collection[ObjectName]) -> None:
        self._name = traced.name
        self._keys = keys
        self._young = young
        self._held: dict[ObjectName, _Lock] = {}

    def run(self, statements: Sequence[TracedStatement]) -> Iterator[Hazard]:
        for one in statements:
            touches = [touch for touch in one.touches if touch.relation.table not in self._young]
            earlier = dict(self._held)
            self._hold(one, touches)
            yield from self._of_statement(one, touches, earlier)

    def _hold(self, one: TracedStatement, touches: Sequence[Touch]) -> None:
        for touch in touches:
            relation = touch.relation
            if touch.locked is None or relation.is_new or relation.kind not in _BLOCKING:
                continue
            held = self._held.get(relation.table)
            if held is None or touch.locked > held.mode:
                is_materialized = relation.kind == "materialized view"
                self._held[relation.table] = _Lock(touch.locked, one.index, is_materialized)

    def _of_statement(
        self, one: TracedStatement, touches: Sequence[Touch], earlier: Mapping[ObjectName, _Lock]
    ) -> Iterator[Hazard]:
        write = write_of(one.statement.text) if one.statement.words[:1] in _WRITES else None
        changed = self._changed(one, touches, write)
        # A change by key reads a few rows, whatever the planner does on an empty table.
        work = _work(touches, reads=write is None or bool(changed))
        if changed:
            yield self._changes(one, changed)
        if not work.tables and not changed:
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

    # ── which rows change ───────────────────────────────────────────────────────────────────────────────────────

    def _changed(self, one: TracedStatement, touches: Sequence[Touch], write: Write | None) -> tuple[ObjectName, ...]:
        """Existing tables of which the statement may change any number of rows."""
        old = [
            touch
            for touch in touches
            if touch.relation.kind in ("table", "partitioned table") and not touch.relation.is_new
        ]
        if write is not None:
            names = {touch.relation.table for touch in old if (touch.held or 0) >= LockMode.ROW_EXCLUSIVE}
            names |= set(self._held)
            targets = [one for one in names if one.name == write.table and write.schema in ("", one.schema)]
            return tuple(one for one in targets if not write.is_bounded(self._keys.get(one, ())))
        if one.statement.words[:1] not in _CODE:
            return ()
        # How many rows code changes is not read off its text: what it reads as a whole, it may change as a whole.
        return tuple(touch.relation.table for touch in old if touch.locked is LockMode.ROW_EXCLUSIVE and touch.scans)

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
        blocked = _blocked(own)
        kind, what = _named(one, work, mode)
        text = f"{what} while {blocked} of {_list(tables)} wait ({mode.words})"
        if others:
            text += f"; {_list(sorted(others))} stay{'s' * (len(others) == 1)} locked from earlier statements too"
        return Hazard(kind, self._name, one.index, tables, blocked, mode, text)

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


def _work(touches: Sequence[Touch], *, reads: bool) -> _Work:
    """What takes long, as far as there is data: relations that the migration itself made are empty or its own."""
    old = [touch for touch in touches if not touch.relation.is_new]
    rewritten = _names(touch for touch in old if touch.rewritten and touch.relation.kind in _ROWS)
    scanned = _names(touch for touch in old if reads and touch.scans and touch.relation.kind in _ROWS)
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
