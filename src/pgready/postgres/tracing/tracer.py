"""Running a migration on a shadow database and looking, after each statement, at what it locked, rewrote and scanned.

What the server tells about our own transaction: `pg_locks`, `pg_relation_filenode` and `pg_stat_get_xact_numscans`. A
script's transaction goes as one message, a look between every two statements. A statement that cannot run in a
transaction has released its locks before anybody can look, so it is made to queue: a second session holds every table
as a writer does, and what the statement waits for is a lock that blocks writers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pgready.catalog.names import ObjectName
from pgready.hazards.code import Said, is_change_of_structure, said_by
from pgready.hazards.trace import Facts, LockMode, Relation, RelationKind, Touch, TracedMigration, TracedStatement
from pgready.history.prepare import Prepared
from pgready.postgres.deploy.executor import SPLIT, ScriptFailed
from pgready.postgres.deploy.message import RESETS
from pgready.postgres.session import Reply, ServerError, Session
from pgready.postgres.shadow.replay import Mend
from pgready.postgres.tracing.facts import facts_before
from pgready.postgres.tracing.questions import LIKE_UTC, PREPARED, RELATIONS, counts, moves_unseen
from pgready.postgres.tracing.queue import MODES, Queue
from pgready.postgres.tracing.unseen import ANSWERS, merged, tried
from pgready.sql.names import quote_ident
from pgready.sql.standalone import needs_no_transaction
from pgready.sql.statements import Statement
from pgready.sql.transactions import Segment, segments, sets_session

_KINDS: dict[str, RelationKind] = {
    "r": "table", "p": "partitioned table", "i": "index", "I": "partitioned index", "S": "sequence", "v": "view",
    "m": "materialized view", "t": "toast table", "f": "foreign table", "c": "composite type",
}  # fmt: skip

# Not of this database; nothing of it waits for them.
_NOT_HERE = frozenset(
    {"alter system", "create database", "drop database", "create tablespace", "drop tablespace"}
    | {"alter database set tablespace"}
)


@dataclass(frozen=True, slots=True)
class _Known:
    name: ObjectName
    kind: RelationKind
    table: str
    filenode: str | None


@dataclass(slots=True)
class _Seen:
    """What the last look showed of a relation."""

    held: LockMode | None = None
    filenode: str | None = None
    scans: int = 0
    written: int = 0


class Tracer:
    """Applies migrations one after the other and looks at each statement.

    `session` is in the shadow database, `second` another session in it; `search_path` is the schema of `?schema=`, or
    None. `mend` is asked when a migration fails, as in a replay. `is_the_servers`: the shadow has the settings of the
    server that the migrations are for.
    """

    def __init__(
        self, session: Session, second: Session, search_path: str | None, mend: Mend, *, is_the_servers: bool = False
    ) -> None:
        self._session = session
        self._second = second
        self._mend = mend
        self._facts = Facts()
        zone = [] if is_the_servers or not self._has_zone() else [f"timezone = '{LIKE_UTC}'"]
        self._settings = (
            "statement_timeout = 0",
            "lock_timeout = 0",
            *zone,
            *([f"search_path = {quote_ident(search_path)}"] if search_path else []),
        )
        session.run("prepare", ";\n".join(f"PREPARE {name} AS {sql}" for name, sql in PREPARED.items()))
        self._questions = {name: f"EXECUTE {name}" for name in PREPARED}
        self._known: dict[str, _Known] | None = None
        self._names: dict[str, _Known] = {}
        self._seen: dict[str, _Seen] = {}
        # What is there now, kept up from look to look, as long as nobody else has used the session.
        self._standing: dict[str, _Known] | None = None
        self._scanned: set[str] = set()
        self._runs = 0

    def trace(self, prepared: Prepared) -> TracedMigration:
        """Run it, committed; raises ScriptFailed and ConnectionLost."""
        self._known = None
        self._names = {}
        self._facts = facts_before(self._session, prepared.statements)
        alone: frozenset[int] = frozenset()
        # A backfill commits on its own, as a deploy runs it.
        marked = {one.statement for one in prepared.backfills}
        before = frozenset(marked | {number + 1 for number in marked})
        found: list[TracedStatement] = []
        skipped: list[int] = []
        done = number = 0
        pieces = segments(prepared.body, alone, before)
        while True:
            segment = next((one for one in pieces if one.indexes[-1] >= done), None)
            if segment is None:
                return TracedMigration(prepared.migration.name, tuple(found), tuple(skipped), self._facts)
            try:
                if segment.transactional:
                    found += self._together(prepared, segment, number)
                elif needs_no_transaction(segment.statements[0]) in _NOT_HERE:
                    skipped.append(segment.indexes[0])
                else:
                    found.append(self._alone(prepared, segment, number))
            except ScriptFailed as e:
                if e.error.sqlstate == "26000" and self._questions is not PREPARED:  # DEALLOCATE ALL, DISCARD ALL
                    self._questions = PREPARED
                    continue
                learnt, at = (alone, before), e.statement
                if e.error.sqlstate in SPLIT and at is not None and segment.transactional and not prepared.own_block:
                    if e.error.sqlstate == "55P04":
                        before |= {at}
                    else:
                        alone |= {at}
                again = segments(prepared.body, alone, before)
                if (learnt != (alone, before) and again != pieces) or self._mend(e):
                    pieces = again
                    continue
                raise
            done = segment.indexes[-1] + 1
            number += 1

    def _has_zone(self) -> bool:
        try:
            self._session.run("time zone", f"BEGIN; SET LOCAL timezone = '{LIKE_UTC}'; ROLLBACK")
        except ServerError:
            self._session.run("reset", "ROLLBACK")
            return False
        return True

    def _relations(self) -> dict[str, _Known]:
        return _relations_of(_read(self._session.run("relations", RELATIONS)[0]))

    # ── in a transaction ────────────────────────────────────────────────────────────────────────────────────────

    def _together(self, prepared: Prepared, segment: Segment, number: int) -> list[TracedStatement]:
        replayed = [one.text for one in prepared.statements[: segment.indexes[0]] if sets_session(one)]
        standing, self._standing = self._standing, None
        if self._runs != self._session.runs:
            standing = None
        head = [
            f"BEGIN {segment.modes or 'ISOLATION LEVEL READ COMMITTED'}",
            *(f"SET LOCAL {one}" for one in self._settings),
            *replayed,
            # Counts of scans outlive their transaction for a while: what is there already is not this one's.
            self._questions["pgready_relations"] if standing is None else counts(self._scanned),
        ]
        look = self._questions["pgready_look"]
        text = ";\n".join(head) + ";\n"
        starts, owners = [], []
        hidden = [self._hidden(statement) for statement in segment.statements]
        for number_, (statement, unseen) in enumerate(zip(segment.statements, hidden, strict=True)):
            starts.append(len(text))
            text += f"{statement.text}\n;\n{look};\n" + "".join(tried(one, look) for one in unseen)
            owners += [number_] * (2 + ANSWERS * len(unseen))
        text += ";\n".join([*RESETS, "COMMIT"])
        try:
            replies = self._session.run(f"trace {prepared.migration.name}", text, long=True)
        except ServerError as e:
            raise _failed(prepared, segment, e, starts, owners, len(head)) from None
        looks = iter(replies[len(head) - 1 :])
        if standing is None:
            standing = self._start(next(looks))
        else:
            self._go_on(next(looks), standing, in_full=any(hidden))
        found = []
        for index, statement, unseen in zip(segment.indexes, segment.statements, hidden, strict=True):
            next(looks)
            rows = _read(next(looks))
            self._keep_up(standing, rows)
            touches = self._look(rows) + self._unseen(looks, len(unseen))
            found.append(TracedStatement(index, statement, number, alone=False, touches=merged(touches)))
        if not any(hidden) and not any(moves_unseen(one) for one in segment.statements):
            self._standing, self._runs = standing, self._session.runs
        return found

    def _start(self, reply: Reply) -> dict[str, _Known]:
        start = _read(reply)
        self._seen = {row[0]: _Seen(None, row[6], row[7]) for row in start}
        self._scanned = {row[0] for row in start if row[7]}
        relations = _relations_of(start)
        self._begin(relations)
        return dict(relations)

    def _go_on(self, reply: Reply, standing: dict[str, _Known], *, in_full: bool) -> None:
        """As `_start`, with what is known to be there: reading hundreds of relations takes longer than a migration."""
        counts = {oid: scans or 0 for oid, scans in _read(reply)}
        self._scanned = {oid for oid, scans in counts.items() if scans}
        # Of the first transaction's relations the files are as they are known; what is not here is taken from there.
        in_full = in_full or self._known is not None
        self._begin(dict(standing))
        oids = standing.keys() if in_full else self._scanned & standing.keys()
        self._seen = {oid: _Seen(None, standing[oid].filenode, counts.get(oid, 0)) for oid in oids}

    def _keep_up(self, standing: dict[str, _Known], rows: Sequence[Sequence[Any]]) -> None:
        """What a transaction changes it has locked, so every look shows it."""
        for row in rows:
            oid, _, _, name, _, _, _, scans, _ = row
            if name is None:
                standing.pop(oid, None)
                continue
            if scans:
                self._scanned.add(oid)
            standing[oid] = _known(row)

    # ── what code did not do on empty tables ────────────────────────────────────────────────────────────────────

    def _hidden(self, statement: Statement, *, everything: bool = False) -> list[Said]:
        """Changes of structure inside of code that was not seen to run, since it is there for rows only."""
        if statement.words[:1] != ("DO",) and not self._facts.functions:
            return []
        said = said_by(statement, self._facts.functions)
        unseen = (one for one in said if one.by_rows or one.undone or everything)
        return [one for one in unseen if one.dynamic or is_change_of_structure(one.sql)]

    def _unseen(self, looks: Iterator[Reply], count: int) -> tuple[Touch, ...]:
        """What the statements did that were tried and taken back."""
        found: tuple[Touch, ...] = ()
        for _ in range(count):
            before = dict(self._seen)
            next(looks), next(looks)
            found += self._look(_read(next(looks)))
            scans = {oid: seen.scans for oid, seen in self._seen.items()}
            next(looks), next(looks)
            # Locks and files are what they were; counts of scans are not taken back.
            self._seen = {
                oid: _Seen(seen.held, seen.filenode, scans.get(oid, seen.scans), seen.written)
                for oid, seen in before.items()
            }
        return found

    def _look_into(self, statement: Statement) -> tuple[Touch, ...]:
        """What the code of a statement that commits by itself would do, each change of structure for itself."""
        hidden = self._hidden(statement, everything=True)
        if not hidden:
            return ()
        head = ["BEGIN", *(f"SET LOCAL {one}" for one in self._settings), self._questions["pgready_relations"]]
        look = self._questions["pgready_look"]
        text = ";\n".join(head) + ";\n" + "".join(tried(one, look) for one in hidden) + "ROLLBACK"
        looks = iter(self._session.run("look into code", text, long=True)[len(head) - 1 :])
        self._start(next(looks))
        return self._unseen(looks, len(hidden))

    def _look(self, rows: Sequence[Sequence[Any]]) -> tuple[Touch, ...]:
        """What is different since the last look."""
        touches = []
        for row in rows:
            oid, modes, _, name, _, _, filenode, scans, written = row
            known = self._by_oid(oid)
            if known is None:
                if name is None:  # made and dropped between two looks
                    continue
                known = self._names[oid] = _known(row)
            held = max((mode for one in modes.split(",") if (mode := MODES.get(one))), default=None)
            seen = self._seen.get(oid) or _Seen(filenode=known.filenode)
            now = _Seen(held, filenode, scans or 0, written or 0)
            self._seen[oid] = now
            released = seen.held is not None and (held is None or held < seen.held)
            touch = Touch(
                self._relation(oid, known),
                locked=held if held != seen.held and not released else None,
                held=held,
                rewritten=name is not None and filenode != seen.filenode and seen.filenode is not None,
                scans=max(0, now.scans - seen.scans),
                written=max(0, now.written - seen.written),
                dropped=name is None and seen.filenode is not None,
                released=released,
            )
            if touch.released or touch.locked or touch.rewritten or touch.scans or touch.written or touch.dropped:
                touches.append(touch)
        there = {row[0] for row in rows}
        for oid, seen in self._seen.items():
            if seen.held is not None and oid not in there and (known := self._by_oid(oid)) is not None:
                seen.held = None
                touches.append(Touch(self._relation(oid, known), None, None, released=True))
        return tuple(sorted(touches, key=lambda one: one.relation.name))

    def _relation(self, oid: str, known: _Known) -> Relation:
        return Relation(known.name, known.kind, self._table(known), is_new=oid not in (self._known or {}))

    def _begin(self, relations: dict[str, _Known]) -> None:
        """What is there at a transaction's start; at the first one's it is what stood before the migration."""
        if self._known is None:
            self._known = relations
        self._names.update(relations)

    def _by_oid(self, oid: str) -> _Known | None:
        return (self._known or {}).get(oid) or self._names.get(oid)

    def _table(self, known: _Known) -> ObjectName:
        """Whose rows it holds: an index of a toast table is two steps away."""
        for _ in range(2):
            owner = self._by_oid(known.table)
            if owner is None or owner is known:
                break
            known = owner
        return known.name

    # ── alone ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _alone(self, prepared: Prepared, segment: Segment, number: int) -> TracedStatement:
        (statement,), (index,) = segment.statements, segment.indexes
        replayed = [one.text for one in prepared.statements[:index] if sets_session(one)]
        self._session.run("set", ";\n".join([*RESETS, *(f"SET {one}" for one in self._settings), *replayed]))
        inside = self._look_into(statement)
        before = self._relations()
        self._begin(before)
        queue = Queue(self._session, self._second)
        try:
            oid, mode = queue.run(statement.text)
        except ServerError as e:
            offset = statement.start if e.position is None else statement.start + e.position - 1
            raise ScriptFailed(prepared, e, index, offset) from None
        finally:
            if not self._session.closed:
                self._session.run("reset", ";\n".join(RESETS))
        after = self._relations()
        names = {one.name for one in after.values()}
        touches = []
        for one, known in before.items():
            # REINDEX CONCURRENTLY puts a new index under the old name.
            rewritten = one in after and after[one].filenode != known.filenode
            dropped = one not in after and known.name not in names
            # It waited for the first; what else it wrote anew it locked in the same way, and indexes from readers too.
            locked = mode if one == oid or rewritten else None
            if mode is not None and rewritten and "index" in known.kind:
                locked = LockMode.ACCESS_EXCLUSIVE
            if locked or rewritten or dropped:
                touches.append(Touch(self._relation(one, known), locked, locked, rewritten, dropped=dropped))
        return TracedStatement(index, statement, number, alone=True, touches=merged((*touches, *inside)))


def _read(reply: Reply) -> list[list[Any]]:
    """The rows of an answer: oid, lock modes, schema, name, kind, table, filenode, scans, written."""
    return list(json.loads(reply.rows[0][0] or "[]"))


def _known(row: Sequence[Any]) -> _Known:
    return _Known(ObjectName(row[2], row[3]), _KINDS[row[4]], row[5], row[6])


def _relations_of(rows: Sequence[Sequence[Any]]) -> dict[str, _Known]:
    return {row[0]: _known(row) for row in rows}


def _failed(
    prepared: Prepared, segment: Segment, error: ServerError, starts: Sequence[int], owners: Sequence[int], head: int
) -> ScriptFailed:
    """The failure at its statement; `owners` are the statements that the answers after the first `head` belong to."""
    at = error.index - head
    number = owners[max(at, 0)] if at < len(owners) else len(starts)
    if error.position is not None:  # a syntax error is told before anything runs, at its place in the message
        place = error.position - 1
        number = max((n for n, start in enumerate(starts) if start <= place), default=0)
    if number >= len(starts):  # the COMMIT: a deferred constraint, say
        return ScriptFailed(prepared, error, None, None)
    statement = segment.statements[number]
    offset = statement.start
    if error.position is not None and error.position - 1 >= starts[number]:
        offset += error.position - 1 - starts[number]
    return ScriptFailed(prepared, error, segment.indexes[number], offset)
