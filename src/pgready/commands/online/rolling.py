"""Rolling deploys: after each new migration, what the version that still runs misses, at the statement that took it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pgready.catalog.names import ObjectName
from pgready.commands.shadow import ShadowHistory
from pgready.hazards.hazard import Hazard
from pgready.hazards.rolling.breaks import State, breaks, new_breaks
from pgready.hazards.rolling.running import Running
from pgready.hazards.rolling.words import Break, Renames
from pgready.hazards.trace import LockMode, TracedMigration, TracedStatement
from pgready.postgres.identities import Identities


class RollingDeploy:
    """What stands in the shadow database now is what the running version works on."""

    def __init__(self, history: ShadowHistory, running: Running) -> None:
        self._history = history
        self._running = running
        self._base = history.catalog()
        self._names = history.identities()
        self._broken: tuple[Break, ...] = ()

    def after(self, traced: TracedMigration) -> list[Hazard]:
        """What the migration that ran last took away, as hazards of its statements."""
        now = self._history.identities()
        state = State(self._history.catalog(), _renames(self._names, now), now.writable_views)
        broken = breaks(self._base, state, self._running)
        new = new_breaks(self._broken, broken)
        self._broken = broken
        return [_hazard(one, traced) for one in new]


def _renames(before: Identities, now: Identities) -> Renames:
    columns = {}
    for (oid, number), name in before.columns.items():
        other = now.columns.get((oid, number))
        if other is not None and other != name and oid in before.tables:
            columns[before.tables[oid], name] = other
    labels = {
        (before.types[enum], label): now.labels[enum, oid]
        for (enum, oid), label in before.labels.items()
        if enum in before.types and now.labels.get((enum, oid), label) != label
    }
    return Renames(_moved(before.tables, now.tables), columns, _moved(before.types, now.types), labels)


def _moved(before: Mapping[str, ObjectName], now: Mapping[str, ObjectName]) -> dict[ObjectName, ObjectName]:
    return {name: now[oid] for oid, name in before.items() if now.get(oid, name) != name}


def _hazard(one: Break, traced: TracedMigration) -> Hazard:
    tables = (one.table,) if one.table is not None else ()
    index = _guilty(one, traced.statements)
    return Hazard(
        one.id, traced.name, index, tables, "nobody", None, one.text, advice=one.advice, now=one.now, later=one.later
    )


def _guilty(one: Break, statements: Sequence[TracedStatement]) -> int:
    """The statement that did it: the one that says most of what broke, or the likeliest of the others."""
    if not statements:
        return 0
    return max(statements, key=lambda each: (_score(one, each), each.index)).index


# Words of the statements that break things in this way.
_VERBS = {
    "column": {"drop", "rename"},
    "table": {"drop", "rename", "schema"},
    "view": {"drop", "rename"},
    "type": {"type"},
    "not null": {"null"},
    "required": {"add"},
    "unique": {"unique", "primary"},
    "key": {"drop"},
    "check": {"check"},
    "foreign key": {"references"},
    "exclusion": {"exclude"},
    "default": {"default", "identity"},
    "identity": {"identity", "always"},
    "generated": {"generated"},
    "label": {"value", "enum"},
    "row security": {"security"},
    "grants": {"revoke"},
}


def _score(one: Break, statement: TracedStatement) -> int:
    named = set(_names(statement.statement.text))
    says = any(word in named or word.lower() in named for word in one.words)
    does = bool(_VERBS.get(one.key[0], {"drop"}) & named)
    touches = one.table is not None and (
        one.table.name in named
        or any(
            touch.relation.table == one.table
            and (touch.dropped or (touch.held or 0) >= LockMode.SHARE_UPDATE_EXCLUSIVE)
            for touch in statement.touches
        )
    )
    first = statement.statement.words[:1]
    is_ddl = first in (("ALTER",), ("CREATE",), ("DROP",), ("DO",), ("REVOKE",))
    return 8 * says + 4 * does + 2 * touches + is_ddl


_WORD = re.compile(r'"((?:[^"]|"")+)"|([A-Za-z_][A-Za-z0-9_$]*)|\'((?:[^\']|\'\')*)\'')


def _names(text: str) -> Iterator[str]:
    for quoted, plain, literal in _WORD.findall(text):
        yield quoted or plain or literal
        if plain:
            yield plain.lower()
