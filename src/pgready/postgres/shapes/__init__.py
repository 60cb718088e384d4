"""Reading the shapes of a database's relations: what is needed to give them a size."""

from __future__ import annotations

import json
import os
from functools import cache
from typing import Any

from pgready.catalog.names import ObjectName
from pgready.postgres.session import Session
from pgready.proof.size.shape import ColumnShape, IndexShape, Reference, RelationShape, Shapes


def read_shapes(session: Session) -> Shapes:
    """The relations of the session's database, system ones and those of extensions left out; two round trips.

    The paths are below the data directory and the blocks real only as long as nobody has grown the files.
    Raises ServerError and ConnectionLost.
    """
    relations = _asked(session, "relations", "0")
    ids = ", ".join(str(row["id"]) for row in relations) or "0"
    names = ("columns", "indexes", "foreign_keys")
    replies = session.run("shapes", "; ".join(_wrapped(name, ids) for name in names))
    columns, indexes, keys = (json.loads(reply.rows[0][0] or "[]") for reply in replies)
    columns_of: dict[int, list[ColumnShape]] = {}
    for row in columns:
        columns_of.setdefault(row["relation"], []).append(_column(row))
    indexes_of: dict[int, list[IndexShape]] = {}
    for row in indexes:
        indexes_of.setdefault(row["relation"], []).append(_index(row, tuple(columns_of.get(row["id"], ()))))
    references_of: dict[int, list[Reference]] = {}
    for row in keys:
        reference = Reference(row["target"], tuple(row["columns"]), tuple(row["target_columns"]))
        references_of.setdefault(row["relation"], []).append(reference)
    found = [
        RelationShape(
            row["id"],
            ObjectName(row["schema"], row["name"]),
            row["kind"],
            row["path"] or "",
            row["blocks"],
            row["fillfactor"],
            row["parent"],
            row["is_partition"],
            row["bound"] == "DEFAULT",
            tuple(columns_of.get(row["id"], ())),
            tuple(sorted(indexes_of.get(row["id"], ()), key=lambda one: one.name)),
            tuple(references_of.get(row["id"], ())),
            tuple(int(key) for key in (row["partition_key"] or "").split()),
            row["bound"],
            int(row["list_key"] or 0),
        )
        for row in relations
    ]
    return Shapes(tuple(sorted(found, key=lambda one: one.name)))


@cache
def _text(name: str) -> str:
    with open(os.path.join(os.path.dirname(__file__), f"{name}.sql"), encoding="utf-8") as file:
        return file.read()


def _wrapped(name: str, ids: str) -> str:
    return f"SELECT json_agg(q) FROM ({_text(name).replace(':relations', ids)}\n) AS q"


def _asked(session: Session, name: str, ids: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(session.rows("shapes", _wrapped(name, ids))[0][0] or "[]")
    return found


def _column(row: dict[str, Any]) -> ColumnShape:
    return ColumnShape(
        row["number"],
        row["name"],
        row["type_id"],
        row["type"],
        row["type_kind"],
        row["length"],
        row["align"],
        row["modifier"],
        row["collation"],
        row["not_null"],
        row["generated"],
        row["is_identity"],
        row["default_"],
        row["equals"],
        row["less"],
        tuple(row["labels"] or ()),
    )


def _index(row: dict[str, Any], columns: tuple[ColumnShape, ...]) -> IndexShape:
    return IndexShape(
        row["id"],
        row["relation"],
        ObjectName(row["schema"], row["name"]),
        row["method"],
        row["is_unique"],
        row["key_count"],
        tuple(int(key) for key in row["keys"].split()),
        tuple(row["expressions"] or ()),
        row["predicate"],
        columns,
        row["path"] or "",
        row["blocks"],
        row["fillfactor"],
        row["pages_per_range"],
    )
