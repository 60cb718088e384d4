"""Changes of many rows: marked, to run in batches."""

from __future__ import annotations

from pgready.hazards.rewrite.way import Ground, NoWay, Piece, Way, backfill_mark, key_of, words_of
from pgready.sql.backfill import Backfill, backfills_of
from pgready.sql.lexer import tokens
from pgready.sql.reader import Name, Reader
from pgready.sql.statements import split

_NUMBERED = (
    "each batch asks its window function anew: rows that come or go meanwhile shift what it gives, so numbers may come"
    " twice or be left out"
)


def in_batches(ground: Ground, text: str) -> Way | NoWay:
    """UPDATE, DELETE, INSERT … SELECT: by the key of the table that they go through."""
    trial, why = _read(text, ("a key that is of no table",))
    if trial is None:
        return NoWay(f"it cannot run in batches: {why}")
    name = _name(trial.table)
    table = ground.table(name)
    if table is None:
        return NoWay(f"it cannot run in batches: {trial.table} is no table that is there")
    changed: set[str] = set()
    while (key := key_of(table, changed)) is not None:
        found, why = _read(text, key)
        if found is not None:
            sql = f"{backfill_mark(key)}\n{text}"
            is_numbered = any(one.kind == "word" and one.text == "OVER" for one in tokens(text))
            told = (_NUMBERED,) if is_numbered else ()
            return Way((Piece(sql, "backfill", words_of("fill", table.name.name)),), told)
        changed |= set(key)
    return NoWay(f"it cannot run in batches: {why or f'{table.name} has no key that it leaves as it is'}")


def _read(text: str, key: tuple[str, ...]) -> tuple[Backfill | None, str]:
    script = f"{backfill_mark(key)}\n{text}"
    found, misfit = backfills_of(script, split(script))
    return (found[0] if found else None), misfit.what if misfit else ""


def _name(text: str) -> Name | None:
    return Reader(text).name()


def emptied(ground: Ground, text: str) -> Way | NoWay:
    """TRUNCATE of one table that nothing else hangs on."""
    read = Reader(text)
    read.take()
    read.skip("TABLE")
    read.skip("ONLY")
    name = read.name()
    table = ground.table(name)
    if name is None or table is None or read.skip(",") or read.skip_to("RESTART"):
        return NoWay("only a TRUNCATE of one table, without RESTART IDENTITY, can be a DELETE in batches")
    if any(one.target == table.name for other in ground.before.tables for one in other.foreign_keys):
        return NoWay(f"foreign keys point to {table.name}: empty those tables first, each with a DELETE in batches")
    key = key_of(table)
    if key is None:
        return NoWay(f"{table.name} has no key by which batches could go through it")
    sql = f"{backfill_mark(key)}\nDELETE FROM {name.text}"
    told = ("DELETE fires the table's triggers, and what is inserted meanwhile stays",)
    return Way((Piece(sql, "backfill", words_of("empty", table.name.name)),), told)
