"""Running a migration on a shadow database and looking, after each statement, at what it locked, rewrote and scanned.

What the server tells about our own transaction: `pg_locks`, `pg_relation_filenode` and `pg_stat_get_xact_numscans`. A
script's transaction goes as one message, a look between every two statements. A statement that cannot run in a
transaction has released its locks before anybody can look, so it is made to queue: a second session holds every table
as a writer does, and what the statement waits for is a lock that blocks writers.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pgready.catalog.names import ObjectName
from pgready.hazards.trace import LockMode, Relation, RelationKind, Touch, TracedMigration, TracedStatement
from pgready.history.prepare import Prepared
from pgready.postgres.executor import SPLIT, ScriptFailed
from pgready.postgres.message import RESETS
from pgready.postgres.replay import Mend
from pgready.postgres.session import Reply, ServerError, Session
from pgready.process.waiting import Backoff
from pgready.sql.names import quote_ident
from pgready.sql.standalone import needs_no_transaction
from pgready.sql.transactions import Segment, segments, sets_session

_KINDS: dict[str, RelationKind] = {
    "r": "table", "p": "partitioned table", "i": "index", "I": "partitioned index", "S": "sequence", "v": "view",
    "m": "materialized view", "t": "toast table", "f": "foreign table", "c": "composite type",
}  # fmt: skip

_MODES = {f"{mode.name.title().replace('_', '')}Lock": mode for mode in LockMode}

# Not of this database; nothing of it waits for them.
_NOT_HERE = frozenset(
    {"alter system", "create database", "drop database", "create tablespace", "drop tablespace"}
    | {"alter database set tablespace"}
)
# Oids below 16384 are the server's own. Each answer is one cell of JSON: hundreds of rows for each of thousands of
# looks would cost more than the migrations themselves.
_ABOUT = (
    "n.nspname, c.relname, c.relkind, coalesce(i.indrelid, o.oid, c.oid)::text,"
    " pg_catalog.pg_relation_filenode(c.oid)::text, {scans}, {written})), '[]')"
)
_OF_CLASS = (
    " LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid"
    " LEFT JOIN pg_catalog.pg_class o ON o.reltoastrelid = c.oid AND c.relkind = 't'"
)
_RELATIONS = (
    "SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(c.oid::text, NULL, "
    + _ABOUT.format(scans="pg_catalog.pg_stat_get_xact_numscans(c.oid)", written="0")
    + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    + _OF_CLASS
    + " WHERE c.oid >= 16384"
)
_LOOK = (
    "SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(l.relation::text, l.modes, "
    + _ABOUT.format(
        scans="pg_catalog.pg_stat_get_xact_numscans(l.relation)",
        written="pg_catalog.pg_stat_get_xact_tuples_inserted(l.relation)"
        " + pg_catalog.pg_stat_get_xact_tuples_updated(l.relation)"
        " + pg_catalog.pg_stat_get_xact_tuples_deleted(l.relation)",
    )
    + " FROM (SELECT relation, pg_catalog.string_agg(mode, ',') AS modes FROM pg_catalog.pg_locks"
    " WHERE pid = pg_catalog.pg_backend_pid() AND granted AND locktype = 'relation' AND relation >= 16384"
    " GROUP BY relation) l"
    " LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation"
    " LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace" + _OF_CLASS
)
# Planned once: planning takes longer than looking.
_PREPARED: dict[str, str] = {"pgready_relations": _RELATIONS, "pgready_look": _LOOK}
_UNIQUE = (
    "SELECT n.nspname, c.relname, (SELECT pg_catalog.string_agg(a.attname, pg_catalog.chr(10)) FROM"
    " pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey[0:i.indnkeyatts - 1]))"
    " FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid"
    " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " WHERE i.indisunique AND i.indexprs IS NULL AND i.indpred IS NULL AND c.oid >= 16384"
)
_QUEUED = (
    "SELECT l.relation, l.mode FROM pg_catalog.pg_locks l WHERE l.pid = {pid} AND NOT l.granted"
    " ORDER BY l.locktype <> 'relation' LIMIT 1"
)
_TABLES = (
    "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c"
    " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384"
    " AND NOT c.relispartition ORDER BY c.oid"
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
    None. `mend` is asked when a migration fails, as in a replay. On an embedded server of our own.
    """

    def __init__(self, session: Session, second: Session, search_path: str | None, mend: Mend) -> None:
        self._session = session
        self._second = second
        self._mend = mend
        self._settings = (
            "statement_timeout = 0",
            "lock_timeout = 0",
            *([f"search_path = {quote_ident(search_path)}"] if search_path else []),
        )
        session.run("prepare", ";\n".join(f"PREPARE {name} AS {sql}" for name, sql in _PREPARED.items()))
        self._questions = {name: f"EXECUTE {name}" for name in _PREPARED}
        self._known: dict[str, _Known] | None = None
        self._names: dict[str, _Known] = {}
        self._seen: dict[str, _Seen] = {}

    def trace(self, prepared: Prepared) -> TracedMigration:
        """Run it, committed; raises ScriptFailed and ConnectionLost."""
        self._known = None
        self._names = {}
        alone: frozenset[int] = frozenset()
        # A backfill commits on its own, as a deploy runs it.
        marked = {one.statement for one in prepared.backfills}
        before = frozenset(marked | {number + 1 for number in marked})
        found: list[TracedStatement] = []
        skipped: list[int] = []
        done = number = 0
        while True:
            pieces = segments(prepared.body, alone, before)
            segment = next((one for one in pieces if one.indexes[-1] >= done), None)
            if segment is None:
                return TracedMigration(prepared.migration.name, tuple(found), tuple(skipped))
            try:
                if segment.transactional:
                    found += self._together(prepared, segment, number)
                elif needs_no_transaction(segment.statements[0]) in _NOT_HERE:
                    skipped.append(segment.indexes[0])
                else:
                    found.append(self._alone(prepared, segment, number))
            except ScriptFailed as e:
                if e.error.sqlstate == "26000" and self._questions is not _PREPARED:  # DEALLOCATE ALL, DISCARD ALL
                    self._questions = _PREPARED
                    continue
                learnt, at = (alone, before), e.statement
                if e.error.sqlstate in SPLIT and at is not None and segment.transactional and not prepared.own_block:
                    if e.error.sqlstate == "55P04":
                        before |= {at}
                    else:
                        alone |= {at}
                again = segments(prepared.body, alone, before)
                if (learnt != (alone, before) and again != pieces) or self._mend(e):
                    continue
                raise
            done = segment.indexes[-1] + 1
            number += 1

    def unique_keys(self) -> dict[ObjectName, list[frozenset[str]]]:
        """The columns of every unique index of columns alone, by table."""
        found: dict[ObjectName, list[frozenset[str]]] = {}
        for schema, table, columns in self._session.rows("unique keys", _UNIQUE):
            names = frozenset((columns or "").split("\n"))
            found.setdefault(ObjectName(schema or "", table or ""), []).append(names)
        return found

    def _relations(self) -> dict[str, _Known]:
        return _relations_of(_read(self._session.run("relations", _RELATIONS)[0]))

    # ── in a transaction ────────────────────────────────────────────────────────────────────────────────────────

    def _together(self, prepared: Prepared, segment: Segment, number: int) -> list[TracedStatement]:
        replayed = [one.text for one in prepared.statements[: segment.indexes[0]] if sets_session(one)]
        head = [
            f"BEGIN {segment.modes or 'ISOLATION LEVEL READ COMMITTED'}",
            *(f"SET LOCAL {one}" for one in self._settings),
            *replayed,
            # Counts of scans outlive their transaction for a while: what is there already is not this one's.
            self._questions["pgready_relations"],
        ]
        look = self._questions["pgready_look"]
        text = ";\n".join(head) + ";\n"
        starts = []
        for statement in segment.statements:
            starts.append(len(text))
            text += f"{statement.text}\n;\n{look};\n"
        text += ";\n".join([*RESETS, "COMMIT"])
        try:
            replies = self._session.run(f"trace {prepared.migration.name}", text, long=True)
        except ServerError as e:
            raise _failed(prepared, segment, e, starts, len(head)) from None
        looks = iter(replies[len(head) - 1 :])
        start = _read(next(looks))
        self._seen = {row[0]: _Seen(None, row[6], row[7]) for row in start}
        self._begin(_relations_of(start))
        found = []
        for index, statement in zip(segment.indexes, segment.statements, strict=True):
            next(looks)
            touches = self._look(next(looks))
            found.append(TracedStatement(index, statement, number, alone=False, touches=touches))
        return found

    def _look(self, reply: Reply) -> tuple[Touch, ...]:
        """What is different since the last look."""
        touches = []
        for row in _read(reply):
            oid, modes, _, name, _, _, filenode, scans, written = row
            known = self._by_oid(oid)
            if known is None:
                if name is None:  # made and dropped between two looks
                    continue
                known = self._names[oid] = _known(row)
            held = max((mode for one in modes.split(",") if (mode := _MODES.get(one))), default=None)
            seen = self._seen.get(oid) or _Seen(filenode=known.filenode)
            now = _Seen(held, filenode, scans or 0, written or 0)
            self._seen[oid] = now
            touch = Touch(
                self._relation(oid, known),
                locked=held if held != seen.held else None,
                held=held,
                rewritten=name is not None and filenode != seen.filenode and seen.filenode is not None,
                scans=max(0, now.scans - seen.scans),
                written=max(0, now.written - seen.written),
                dropped=name is None and seen.filenode is not None,
            )
            if touch.locked or touch.rewritten or touch.scans or touch.written or touch.dropped:
                touches.append(touch)
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
        before = self._relations()
        self._begin(before)
        queue = _Queue(self._session, self._second)
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
            locked = mode if one == oid else None
            # REINDEX CONCURRENTLY puts a new index under the old name.
            rewritten = one in after and after[one].filenode != known.filenode
            dropped = one not in after and known.name not in names
            if locked or rewritten or dropped:
                touches.append(Touch(self._relation(one, known), locked, locked, rewritten, dropped=dropped))
        return TracedStatement(index, statement, number, alone=True, touches=tuple(touches))


def _read(reply: Reply) -> list[list[Any]]:
    """The rows of an answer: oid, lock modes, schema, name, kind, table, filenode, scans, written."""
    return list(json.loads(reply.rows[0][0] or "[]"))


def _known(row: Sequence[Any]) -> _Known:
    return _Known(ObjectName(row[2], row[3]), _KINDS[row[4]], row[5], row[6])


def _relations_of(rows: Sequence[Sequence[Any]]) -> dict[str, _Known]:
    return {row[0]: _known(row) for row in rows}


class _Queue:
    """A statement made to wait for writers, to read which lock it asks for; then it runs to its end."""

    def __init__(self, session: Session, second: Session) -> None:
        self._session = session
        self._second = second
        self._error: BaseException | None = None

    def run(self, sql: str) -> tuple[str | None, LockMode | None]:
        """The first relation on which it blocks writers, as oid, and the mode; (None, None) if it lets them pass.

        CREATE INDEX CONCURRENTLY and its like wait for the end of transactions instead. Raises what it raises.
        """
        tables = [name for (name,) in self._second.rows("tables", _TABLES) if name]
        if not tables:
            self._session.run("trace alone", sql, long=True)
            return None, None
        self._second.run("hold", f"BEGIN; LOCK TABLE {', '.join(tables)} IN ROW EXCLUSIVE MODE")
        worker = threading.Thread(target=self._work, args=(sql,), daemon=True)
        worker.start()
        found: tuple[str | None, LockMode | None] = (None, None)
        backoff = Backoff(0.001, 0.01)
        try:
            while worker.is_alive():
                rows = self._second.rows("who queues", _QUEUED.format(pid=self._session.backend_pid))
                if rows:
                    found = (rows[0][0], _MODES.get(rows[0][1] or ""))
                    break
                backoff.pause()
        finally:
            self._second.run("let go", "ROLLBACK")
        worker.join()
        if self._error is not None:
            raise self._error
        return found

    def _work(self, sql: str) -> None:
        try:
            self._session.run("trace alone", sql, long=True)
        except BaseException as e:  # noqa: BLE001 - raised again by whoever waits for us
            self._error = e


def _failed(prepared: Prepared, segment: Segment, error: ServerError, starts: Sequence[int], head: int) -> ScriptFailed:
    """The failure at its statement; each statement is followed by a look, so replies come in twos."""
    at = error.index - head
    if error.position is not None:  # a syntax error is told before anything runs, at its place in the message
        place = error.position - 1
        at = 2 * max((n for n, start in enumerate(starts) if start <= place), default=0)
    number = max(at, 0) // 2
    if number >= len(starts):  # the COMMIT: a deferred constraint, say
        return ScriptFailed(prepared, error, None, None)
    statement = segment.statements[number]
    offset = statement.start
    if error.position is not None and error.position - 1 >= starts[number]:
        offset += error.position - 1 - starts[number]
    return ScriptFailed(prepared, error, segment.indexes[number], offset)
