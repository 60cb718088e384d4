"""Reading a profile from a live server: how big it is, without its data.

One connection, one read-only transaction, the system catalogs only, no lock beyond theirs, a timeout on every
statement. It works with an ordinary role and on a standby. No value of a column is asked for, but those of enums and
booleans; what the role may not see is told, not guessed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pgready.catalog.names import ObjectName
from pgready.errors import Unreachable, UsageInvalid
from pgready.postgres.readiness import TABLE
from pgready.postgres.session import ServerError, Session
from pgready.proof.profile import ColumnProfile, IndexProfile, Profile, TableProfile
from pgready.sql.names import quote_literal

_BEGIN = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = pg_catalog;"
    " SET LOCAL statement_timeout = '{timeout}ms'; SET LOCAL lock_timeout = '1s'; SET LOCAL extra_float_digits = 1;"
    " SET LOCAL jit = off"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A profile, and what is not in it: `unread` names the columns that the role may not see, by table.

    `unknown` are tables that were never analysed, whose rows are an estimate; `empty` says that nothing was found.
    """

    profile: Profile
    unread: tuple[tuple[ObjectName, tuple[str, ...]], ...] = ()
    unknown: tuple[ObjectName, ...] = ()


def read_profile(session: Session, schemas: Sequence[str] | None = None, *, timeout: float = 30) -> Reading:
    """The profile of the session's database, of `schemas` only if they are given; `timeout` s for each statement.

    Raises UsageInvalid for a schema that is not there, Unreachable where the server refuses or a statement takes too
    long, and ConnectionLost.
    """
    try:
        return _read(session, schemas, timeout)
    except ServerError as e:
        slow = e.sqlstate in ("57014", "55P03")
        raise Unreachable(
            "the server took too long to tell its statistics" if slow else "the server does not tell its statistics",
            where=session.target.redacted,
            detail=e.words(),
            then="run it again later, or on a standby" if slow else "check that the role may read pg_catalog",
            code="profile_timeout" if slow else "profile_refused",
        ) from None


def _read(session: Session, schemas: Sequence[str] | None, timeout: float) -> Reading:
    wanted = "true"
    if schemas is not None:
        wanted = f"n.nspname = ANY (ARRAY[{', '.join(map(quote_literal, schemas))}]::text[])"
    begin = _BEGIN.format(timeout=max(1, int(timeout * 1000)))  # 0 would be none
    names = "SELECT json_agg(nspname ORDER BY nspname) FROM pg_namespace"
    replies = session.run(
        "profile", f"{begin}; {names}; {_wrapped('settings')}; {_wrapped('relations').replace(':schemas', wanted)}"
    )
    there, settings, relations = (json.loads(reply.rows[0][0] or "[]") for reply in replies[-3:])
    if missing := [name for name in schemas or () if name not in there]:
        session.run("profile", "ROLLBACK")
        raise UsageInvalid(
            f"the database has no schema {', '.join(missing)}",
            where=session.target.redacted,
            then="--schemas " + ",".join(name for name in there if not name.startswith("pg_")),
            code="schema_missing",
        )
    relations = [row for row in relations if row["name"] != TABLE]
    ids = ", ".join(str(row["id"]) for row in relations) or "0"
    columns = json.loads(
        session.run("profile", f"{_wrapped('columns').replace(':relations', ids)}; COMMIT")[0].rows[0][0] or "[]"
    )
    sizes = _sizes(session, relations)
    return _Reader(relations, columns, settings, sizes).reading(session.target.redacted)


def _sizes(session: Session, relations: Sequence[dict[str, Any]]) -> dict[int, int]:
    """Pages of tables that no VACUUM or ANALYZE has seen; a table that somebody has locked counts as empty."""
    found = {}
    for row in relations:
        if row["kind"] in "rm" and _never_seen(row):
            try:
                ((size,),) = session.rows(
                    "size",
                    "BEGIN READ ONLY; SET LOCAL lock_timeout = '200ms'; SET LOCAL statement_timeout = '5s';"
                    f" SELECT pg_catalog.pg_relation_size({row['id']}) / 8192",
                )
            except ServerError:
                continue
            finally:
                if session.in_transaction:
                    session.run("size", "ROLLBACK")
            found[row["id"]] = int(size or 0)
    return found


def _never_seen(row: dict[str, Any]) -> bool:
    return bool(row["rows"] < 0)


@cache
def _text(name: str) -> str:
    with open(os.path.join(os.path.dirname(__file__), f"{name}.sql"), encoding="utf-8") as file:
        return file.read()


def _wrapped(name: str) -> str:
    return f"SELECT json_agg(q) FROM ({_text(name)}\n) AS q"


class _Reader:
    """Rows of the catalogs as a profile; a partitioned table stands for all of its partitions."""

    def __init__(
        self,
        relations: Sequence[dict[str, Any]],
        columns: Sequence[dict[str, Any]],
        settings: Sequence[dict[str, Any]],
        sizes: dict[int, int],
    ) -> None:
        self.relations = relations
        self.settings = settings
        self.sizes = sizes
        self.by_id = {row["id"]: row for row in relations}
        self.columns: dict[int, list[dict[str, Any]]] = {}
        for row in columns:
            self.columns.setdefault(row["relation"], []).append(row)
        self.indexes: dict[int, list[dict[str, Any]]] = {}
        self.parts: dict[int, list[dict[str, Any]]] = {}
        for row in relations:
            if row["kind"] == "i":
                self.indexes.setdefault(row["table_id"], []).append(row)
            elif row["is_partition"]:
                self.parts.setdefault(row["parent"], []).append(row)
        self.unread: dict[ObjectName, tuple[str, ...]] = {}
        self.unknown: list[ObjectName] = []

    def reading(self, source: str) -> Reading:
        tables = tuple(
            self._table(row)
            for row in sorted(self.relations, key=lambda row: (row["schema"], row["name"]))
            if row["kind"] != "i" and not (row["is_partition"] and row["parent"] in self.by_id)
        )
        settings = tuple((row["name"], row["value"]) for row in self.settings)
        profile = Profile(tables, settings, source=source)
        return Reading(profile, tuple(sorted(self.unread.items())), tuple(sorted(self.unknown)))

    def _table(self, row: dict[str, Any]) -> TableProfile:
        leaves = self._leaves(row)
        rows, pages = sum(self._rows(leaf) for leaf in leaves), sum(self._pages(leaf) for leaf in leaves)
        name = ObjectName(row["schema"], row["name"])
        if any(_never_seen(leaf) and self._pages(leaf) for leaf in leaves):
            self.unknown.append(name)
        told = self.columns.get(row["id"], [])
        if hidden := tuple(one["name"] for one in told if one["is_unreadable"] or row["is_secured"]):
            self.unread[name] = tuple(dict.fromkeys(hidden))
        indexes = () if row["kind"] == "p" else tuple(self._index(one) for one in self._sorted(row))
        return TableProfile(name, rows, pages, columns=self._columns(row, leaves), indexes=indexes)

    def _sorted(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        return sorted(self.indexes.get(row["id"], ()), key=lambda one: str(one["name"]))

    def _leaves(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        if row["kind"] != "p":
            return [row]
        return [leaf for part in self.parts.get(row["id"], ()) for leaf in self._leaves(part)]

    def _rows(self, row: dict[str, Any]) -> float:
        if not _never_seen(row):
            return float(row["rows"])
        # Ten pages and 32 columns' worth of guessing would be no better: a row of a hundred bytes.
        return float(row["live"]) or self._pages(row) * 80.0

    def _pages(self, row: dict[str, Any]) -> int:
        return int(self.sizes.get(row["id"], row["pages"]))

    def _index(self, row: dict[str, Any]) -> IndexProfile:
        rows = float(row["rows"]) if row["is_partial"] and row["rows"] >= 0 else None
        columns = [one for one in self.columns.get(row["id"], []) if not one["is_unknown"]]
        pages = int(row["pages"]) or None
        return IndexProfile(row["name"], pages, rows, tuple(_column(one, float(row["rows"])) for one in columns))

    def _columns(self, row: dict[str, Any], leaves: Sequence[dict[str, Any]]) -> tuple[ColumnProfile, ...]:
        """A partitioned table's own statistics, else (nobody analyses a parent by itself) those of its leaves.

        The order on disk is always that of the leaves: rows of a parent lie nowhere.
        """
        is_parent = row["kind"] == "p"
        total = sum(self._rows(leaf) for leaf in leaves)
        own = {
            one["name"]: _column(one, total)
            for one in self.columns.get(row["id"], [])
            if not one["is_unknown"] and one["inherited"] == is_parent
        }
        if not is_parent:
            return tuple(own.values())
        parts: dict[str, list[tuple[float, ColumnProfile]]] = {}
        for leaf in leaves:
            for one in self.columns.get(leaf["id"], []):
                if not one["is_unknown"] and not one["inherited"]:
                    parts.setdefault(one["name"], []).append((self._rows(leaf), _column(one, self._rows(leaf))))
        found = []
        for name in dict.fromkeys(one["name"] for one in self.columns.get(row["id"], [])):
            below = _together(name, parts[name]) if name in parts else None
            if name in own and below is not None:
                found.append(replace(own[name], correlation=below.correlation))
            elif name in own or below is not None:
                found.append(own.get(name) or below or ColumnProfile(name))
        return tuple(found)


def _column(row: dict[str, Any], rows: float) -> ColumnProfile:
    top, distinct = row["top"], float(row["distinct_"])
    if top is None and distinct:
        # ANALYZE found no value that is commoner than the others.
        top = (1 - float(row["nulls"])) / max(1.0, distinct if distinct > 0 else -distinct * rows)
    pairs = zip(row["values_"] or (), row["shares"] or (), strict=False)
    return ColumnProfile(
        row["name"],
        distinct or None,
        float(row["nulls"]),
        int(row["width"]),
        None if row["correlation"] is None else float(row["correlation"]),
        None if top is None else float(top),
        tuple((str(value), float(share)) for value, share in pairs),
    )


def _together(name: str, parts: Sequence[tuple[float, ColumnProfile]]) -> ColumnProfile:
    """Statistics of several partitions as one: averages by rows; distinct values are those of the richest."""
    rows = sum(weight for weight, _ in parts) or 1.0

    def mean(values: Sequence[tuple[float, float | None]]) -> float | None:
        known = [(weight, value) for weight, value in values if value is not None]
        total = sum(weight for weight, _ in known)
        return sum(weight * value for weight, value in known) / total if total else None

    shares: dict[str, float] = {}
    for weight, one in parts:
        for value, share in one.frequencies:
            shares[value] = shares.get(value, 0.0) + share * weight / rows
    distinct = None
    if all(one.distinct is not None and one.distinct < 0 for _, one in parts):
        distinct = mean([(weight, one.distinct) for weight, one in parts])
    elif counts := [
        one.distinct if one.distinct > 0 else -one.distinct * weight for weight, one in parts if one.distinct
    ]:
        distinct = max(counts)
    width = mean([(weight, one.width) for weight, one in parts])
    return ColumnProfile(
        name,
        distinct,
        mean([(weight, one.null_fraction) for weight, one in parts]),
        None if width is None else max(1, round(width)),
        mean([(weight, one.correlation) for weight, one in parts]),
        mean([(weight, one.top_share) for weight, one in parts]),
        tuple(sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))),
    )
