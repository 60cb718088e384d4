"""What a live server says beyond its catalog: settings, stored settings, collations' versions, where sequences stand.

Reads no row but one: the largest value of a column that a sequence feeds, and that only through an index; the value
itself is compared on the server and never told. What the role may not see is said, never taken for equal.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence as Many
from dataclasses import dataclass
from functools import cache

from pgready.catalog.names import ObjectName
from pgready.errors import Unreachable
from pgready.parity.facts import (
    ENVIRONMENT,
    SETTINGS,
    CollationDrift,
    SequenceBehind,
    ServerFacts,
    StoredSetting,
)
from pgready.postgres.session import ServerError, Session, TextRow
from pgready.sql.names import quote_ident, quote_literal

_VERSIONED = re.compile(r"^.*?( -- (since|before) (\d+))$", re.MULTILINE)
_NAMED = re.compile(r"^-- :(\w+)\n", re.MULTILINE)
_READ_FROM = re.compile(r"\b(?:FROM|JOIN)\s+(pg_[a-z_]+)\b(?!\()")
_AT_ONCE = 200
_SECONDS = 30
_BEGIN = f"BEGIN READ ONLY; SET LOCAL search_path = ''; SET LOCAL statement_timeout = '{_SECONDS}s'"
_OF_THE_CLIENT = "client"


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A column that a sequence feeds."""

    sequence: ObjectName
    table: ObjectName
    column: str
    increment: int
    last: str | None

    @property
    def is_behind(self) -> str:
        """Whether the column's end is where the sequence has still to come: SQL."""
        column, table = quote_ident(self.column), self.table.sql
        end, than = ("max", ">") if self.increment > 0 else ("min", "<")
        # One that was not drawn from since it was set gives what it stands at next.
        at = f"{than} {self.last}"
        if self.last == "none":
            at = f"{than}= (SELECT last_value FROM {self.sequence.sql})"
        return f"SELECT COALESCE((SELECT {end}({column}) FROM {table}) {at}, false)"

    @property
    def moved(self) -> str:
        """The statement that moves it behind the column's last."""
        end = "max" if self.increment > 0 else "min"
        name = quote_literal(self.sequence.sql)
        return f"SELECT pg_catalog.setval({name}, (SELECT {end}({quote_ident(self.column)}) FROM {self.table.sql}))"


def server_facts(session: Session, schemas: Many[str] | None = None) -> ServerFacts:
    """The facts of the session's database; raises ConnectionLost, and ServerError where the server refuses to tell."""
    names = ", ".join(quote_literal(name) for name in (*SETTINGS, *ENVIRONMENT))
    major = session.run("version", "SHOW server_version_num")[0].rows[0][0] or "0"
    texts = [_query(name, int(major) // 10000, names) for name in ("server", "settings", "stored", "collations")]
    server, settings, stored, collations = (reply.rows for reply in session.run("server facts", "; ".join(texts)))
    _, version, database, role, encoding, collate, ctype, recorded, actual = (text or "" for text in server[0])
    drifts = [CollationDrift(ObjectName(a or "", b or ""), c or "", d or "") for a, b, c, d in collations]
    if recorded and recorded != actual:
        drifts.insert(0, CollationDrift(None, recorded, actual))
    behind, unseen = _behind(session, schemas)
    return ServerFacts(
        version=version.split(" ")[0],
        major=int(major) // 10000,
        database=database,
        role=role,
        encoding=encoding,
        collate=collate,
        ctype=ctype,
        # What the URL itself sets says nothing about the server.
        settings={name or "": value or "" for name, value, source in settings if source != _OF_THE_CLIENT},
        stored=_stored(stored),
        behind=behind,
        collations=tuple(drifts),
        unseen=unseen,
    )


def _stored(rows: Many[TextRow]) -> tuple[StoredSetting, ...]:
    found: dict[tuple[str, str], str] = {}
    for role, one in rows:
        name, _, value = (one or "").partition("=")
        found[role or "", name] = value
    return tuple(StoredSetting(role, name, value) for (role, name), value in sorted(found.items()))


def _behind(session: Session, schemas: Many[str] | None) -> tuple[tuple[SequenceBehind, ...], tuple[str, ...]]:
    drawn, unseen = [], []
    for row in session.rows("sequences", _query("sequences", 0, "")):
        schema, name, table_schema, table, column, increment, last, may_read, is_indexed = row
        if schemas is not None and schema not in schemas:
            continue
        sequence = ObjectName(schema or "", name or "")
        if last is None:
            unseen.append(f"where sequence {sequence} stands (no USAGE or SELECT on it)")
        elif may_read != "t":
            unseen.append(
                f"whether sequence {sequence} is behind (not every row of {table_schema}.{table} may be read)"
            )
        elif is_indexed != "t":
            unseen.append(f"whether sequence {sequence} is behind (no index on {table_schema}.{table}.{column})")
        else:
            place = ObjectName(table_schema or "", table or "")
            drawn.append(_Drawn(sequence, place, column or "", int(increment or 1), last))
    found = []
    for at in range(0, len(drawn), _AT_ONCE):
        some = drawn[at : at + _AT_ONCE]
        for one, is_behind in zip(some, _asked(session, some), strict=True):
            if is_behind is None:
                unseen.append(f"whether sequence {one.sequence} is behind (it was changed or locked while it was read)")
            elif is_behind:
                found.append(SequenceBehind(one.sequence, one.table, one.column, one.moved))
    return tuple(found), tuple(unseen)


def _asked(session: Session, some: Many[_Drawn]) -> list[bool | None]:
    """The answers at once; one by one where a table is gone or locked by now."""
    texts = [one.is_behind for one in some]
    try:
        replies = session.run("where sequences stand", "; ".join([_lock_bound(), *texts, "COMMIT"]))
        return [reply.rows[0][0] == "t" for reply in replies[-len(texts) - 1 : -1]]
    except ServerError:
        found: list[bool | None] = []
        for text in texts:
            try:
                replies = session.run("where a sequence stands", f"{_lock_bound()}; {text}; COMMIT")
                found.append(replies[-2].rows[0][0] == "t")
            except ServerError:
                found.append(None)
        return found


def _lock_bound() -> str:
    return f"{_BEGIN}; SET LOCAL lock_timeout = '2s'"


def unreadable(session: Session) -> tuple[str, ...]:
    """The system catalogs that introspection reads and this role may not."""
    names = ", ".join(quote_literal(name) for name in _system_catalogs())
    return tuple(name or "" for (name,) in session.rows("unreadable", _query("unreadable", 0, names)))


def refused(session: Session, error: Unreachable) -> Unreachable:
    """The error of an introspection that the server refused, with what the role could not see."""
    try:
        hidden = unreadable(session)
        role = session.rows("role", "SELECT current_user")[0][0]
    except ServerError:
        return error
    if not hidden:
        return error
    listed = ", ".join(hidden)
    return Unreachable(
        f"the role {role} may not read {listed}: what stands there was not seen, and nothing is called equal",
        where=error.where,
        detail=error.detail,
        then=f"GRANT SELECT ON {', '.join(f'pg_catalog.{name}' for name in hidden)} TO {quote_ident(role or '')}",
        code="structure_unseen",
    )


@cache
def _system_catalogs() -> tuple[str, ...]:
    folder = os.path.join(os.path.dirname(__file__), "introspection")
    found: set[str] = set()
    for name in sorted(os.listdir(folder)):
        if name.endswith(".sql"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                found.update(_READ_FROM.findall(file.read()))
    return tuple(sorted(found))


@cache
def _texts() -> dict[str, str]:
    with open(os.path.join(os.path.dirname(__file__), "parity_facts.sql"), encoding="utf-8") as file:
        parts = _NAMED.split(file.read())
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _query(name: str, major: int, names: str) -> str:
    return for_version(_texts()[name], major).replace(":names", names)


def for_version(text: str, major: int) -> str:
    """A query as the server of version `major` knows it: lines that end in `-- since 15` or `-- before 15` by that."""

    def line(found: re.Match[str]) -> str:
        wanted = (major >= int(found[3])) == (found[2] == "since")
        return found[0].removesuffix(found[1]) if wanted else ""

    return _VERSIONED.sub(line, text).strip()
