"""Which tables a statement changes without a bound: by its own words, by code that it runs, by triggers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pgready.catalog.names import ObjectName
from pgready.hazards.code import Said, said_by, said_by_function
from pgready.hazards.sources import Keys, KeysOf
from pgready.hazards.trace import Facts, LockMode, Touch
from pgready.hazards.writes import Write, inserts_of, writes_of
from pgready.sql.statements import Statement

_PLAIN = frozenset({"UPDATE", "DELETE", "MERGE", "WITH", "INSERT", "SELECT", "EXPLAIN", "PREPARE", "DECLARE", "COPY"})
LOCKS_ROWS = re.compile(r"\bFOR\s+(?:NO\s+KEY\s+)?(?:UPDATE|SHARE)\b", re.IGNORECASE)
"""CREATE TABLE … AS SELECT … FOR UPDATE, of which the parser knows more."""
_CODE = frozenset({"DO", "SELECT", "CALL", "WITH", "EXECUTE"})


@dataclass(frozen=True, slots=True)
class Volume:
    """`changed` are existing tables of which any number of rows may change; `bounded` those of which few do."""

    changed: tuple[ObjectName, ...] = ()
    bounded: frozenset[ObjectName] = frozenset()


@dataclass(frozen=True, slots=True)
class _Change:
    write: Write
    repeats: bool


def volume_of(
    sql: Statement,
    touches: Sequence[Touch],
    facts: Facts,
    keys: Mapping[ObjectName, Keys],
    new: Collection[ObjectName],
) -> Volume:
    """What `sql` changes of the tables that stood before its migration; `new` are the migration's own."""
    word = sql.words[0] if sql.words else ""
    own = word in _PLAIN or (word == "CREATE" and LOCKS_ROWS.search(sql.text) is not None)
    said = said_by(sql, facts.functions) if facts.functions or word == "DO" else ()
    keys_of = _keys_of(facts, keys)
    changes = [_Change(one, repeats=False) for one in writes_of(sql.text, (), keys_of)] if own else []
    changes += [_Change(one, each.repeats) for each in said for one in _writes(each, keys_of)]
    changes += _by_triggers(sql, own, said, changes, facts, keys)
    changed: dict[ObjectName, None] = {}
    bounded: set[ObjectName] = set()
    # Under the name that it has now, or as a view: then what the statement was seen to write and read is meant.
    seen = [one.relation.table for one in touches if (one.held or 0) >= LockMode.ROW_EXCLUSIVE and one.scans]
    touched = {one.relation.table for one in touches}
    for one in changes:
        targets = _named(one.write.schema, one.write.table, facts.tables)
        ours = _named(one.write.schema, one.write.table, new)
        if touched & {*ours} and not touched & {*targets}:  # a temporary table of this name, or one in another schema
            continue
        if not targets and not ours:
            targets = [table for table in seen if table in facts.tables]
        for table in targets:
            if one.write.is_bounded(keys.get(table, ())) and not one.repeats:
                bounded.add(table)
            else:
                changed[table] = None
    bounded |= {one for one, parents in facts.parents.items() if parents & bounded}
    if word in _CODE and ((not said and not changes) or not all(one.readable for one in said)):
        # What cannot be read: what it reads as a whole, it may change as a whole.
        changed.update(
            dict.fromkeys(
                one.relation.table
                for one in touches
                if one.locked is LockMode.ROW_EXCLUSIVE and one.scans and one.relation.table in facts.tables
            )
        )
    elif own:
        changed.update(dict.fromkeys(_in_its_wake(sql, said, touches, facts, {*changed, *bounded})))
    return Volume(tuple(changed), frozenset(bounded - changed.keys()))


def _in_its_wake(
    sql: Statement, said: Sequence[Said], touches: Sequence[Touch], facts: Facts, named: Collection[ObjectName]
) -> Iterator[ObjectName]:
    """What a statement was seen to write without naming it: by a rule, or by the action of a foreign key."""
    seen = [one.relation.table for one in touches if one.locked is LockMode.ROW_EXCLUSIVE and one.scans]
    covered = {*named, *(one for one, parents in facts.parents.items() if parents & {*named})}
    unnamed = [one for one in dict.fromkeys(seen) if one in facts.tables and one not in covered]
    if not unnamed:
        return
    triggers = {name for names in facts.triggers.values() for name in names}
    code = (*said, *(one for name in sorted(triggers) for one in said_by_function(name, facts.functions)))
    texts = [sql.text, *(one.readable for one in code if one.readable)]
    inserted = {each for text in texts for each in inserts_of(text)}
    own = {table for schema, name in inserted for table in _named(schema, name, facts.tables)}
    yield from (one for one in unnamed if one not in own)


def _writes(said: Said, keys_of: KeysOf) -> tuple[Write, ...]:
    return writes_of(said.readable, said.variables, keys_of) if said.readable else ()


def _keys_of(facts: Facts, keys: Mapping[ObjectName, Keys]) -> KeysOf:
    def found(schema: str, name: str) -> Keys:
        tables = _named(schema, name, facts.tables)
        return keys.get(tables[0], ()) if len(tables) == 1 else ()

    return found


def _by_triggers(
    sql: Statement,
    own: bool,
    said: Sequence[Said],
    changes: Sequence[_Change],
    facts: Facts,
    keys: Mapping[ObjectName, Keys],
) -> Iterator[_Change]:
    """A row trigger runs for each row: what it changes by a key is many rows where many rows fire it."""
    if not facts.triggers:
        return
    fired: dict[ObjectName, bool] = {}
    for one in changes:
        for table in _named(one.write.schema, one.write.table, facts.triggers):
            many = one.repeats or not one.write.is_bounded(keys.get(table, ()))
            fired[table] = fired.get(table, False) or many
    texts = [sql.text] if own else []
    for text in (*texts, *(one.readable for one in said if one.readable)):
        for schema, name in inserts_of(text):
            for table in _named(schema, name, facts.triggers):
                fired.setdefault(table, False)
    for table, many in fired.items():
        for name in facts.triggers[table]:
            for each in said_by_function(name, facts.functions):
                yield from (_Change(one, many or each.repeats) for one in _writes(each, _keys_of(facts, keys)))


def _named(schema: str, name: str, tables: Collection[ObjectName]) -> list[ObjectName]:
    return [one for one in tables if one.name == name and schema in ("", one.schema)]
