"""Indexes and materialized views: built, rebuilt and refreshed CONCURRENTLY."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pgready.catalog.names import ObjectName
from pgready.catalog.table import Index, Table
from pgready.hazards.rewrite.constraints import concurrently
from pgready.hazards.rewrite.way import Ground, NoWay, Piece, Way, words_of
from pgready.plan import create_rendered as rendered
from pgready.sql.names import quote_ident
from pgready.sql.reader import Name, Reader
from pgready.sql.standalone import reindex
from pgready.sql.statements import Statement


@dataclass(frozen=True, slots=True)
class _Creation:
    """CREATE INDEX: places in its text behind INDEX [CONCURRENTLY], and in front of the rest, ON and all."""

    name: str | None
    table: Name
    only: bool
    head: int
    rest: int


def created(ground: Ground, text: str) -> Way | NoWay:
    """CREATE INDEX, with its own words kept."""
    made = _creation(text)
    table = ground.table_after(made.table) if made else None
    if made is None or table is None:
        return _of_view(ground, made, text)
    index = _new_index(ground, table, made)
    if index is None:  # IF NOT EXISTS, and it does
        return NoWay("the index is there already")
    if ground.is_partitioned(table):
        if made.only:
            return NoWay("the parent's index alone costs nothing")
        return _partitioned(ground, table, index)
    return _alone(text, made, index)


def _alone(text: str, made: _Creation, index: Index) -> Way:
    """IF NOT EXISTS goes: it would take the invalid rest of a failed build for the index."""
    sql = f"{text[: made.head]} CONCURRENTLY {quote_ident(index.name)} {text[made.rest :]}"
    written = text[made.head : made.rest].strip()
    if made.name is not None and "IF" not in written.upper().split():
        sql = f"{text[: made.head]} CONCURRENTLY {written.removeprefix('CONCURRENTLY').strip()} {text[made.rest :]}"
    return Way((Piece(sql, "alone", words_of("index", index.name)),))


def _of_view(ground: Ground, made: _Creation | None, text: str) -> Way | NoWay:
    views = [one for one in ground.after.views if made and one.is_materialized and one.name.name == made.table.name]
    if made is None or not views:
        return NoWay("the index is not of a table that is there")
    there = {one.name for view in ground.before.views for one in view.indexes if view.name == views[0].name}
    index = next((one for one in views[0].indexes if one.name not in there), None)
    return NoWay("the index is there already") if index is None else _alone(text, made, index)


def _creation(text: str) -> _Creation | None:
    read = Reader(text)
    if not read.skip("CREATE"):
        return None
    read.skip("UNIQUE")
    if not read.skip("INDEX"):
        return None
    head = read.peek(-1).end
    read.skip("CONCURRENTLY")
    read.skip("IF", "NOT", "EXISTS")
    rest = read.peek().start
    name = None
    if not read.skip("ON"):
        name = read.identifier()
        rest = read.peek().start
        if not read.skip("ON"):
            return None
    only = read.skip("ONLY")
    table = read.name()
    return None if table is None else _Creation(name, table, only, head, rest)


def _new_index(ground: Ground, table: Table, made: _Creation) -> Index | None:
    before = next((one for one in ground.before.tables if one.name == table.name), None)
    there = {one.name for one in before.indexes} if before else set()
    if made.name is not None:
        return next((one for one in table.indexes if one.name == made.name and one.name not in there), None)
    return next((one for one in table.indexes if one.name not in there), None)


def _partitioned(ground: Ground, table: Table, index: Index) -> Way | NoWay:
    """The parent's without its partitions, each partition's while all work, and then together."""
    first: list[Piece] = []
    built: list[Piece] = []
    joined: list[Piece] = []

    def below(parent: Table, own: Index) -> bool:
        first.append(Piece(_only(ground, own, parent), "quick", words_of("index", own.name)))
        for part in ground.partitions(parent):
            after = next((one for one in ground.after.tables if one.name == part.name), part)
            of_parent = ObjectName(parent.name.schema, own.name)
            child = next((one for one in after.indexes if one.attached_to == of_parent), None)
            if child is None:
                return False
            there = {one.name for one in part.indexes}
            bare = replace(child, attached_to=None, comment=None)
            if child.name not in there and ground.is_partitioned(part):
                if not below(part, bare):
                    return False
            elif child.name not in there:
                built.append(Piece(concurrently(ground, bare, part), "alone", words_of("index", child.name)))
            shown = ground.shown(ObjectName(part.name.schema, child.name))
            sql = f"ALTER INDEX {ground.shown(of_parent)} ATTACH PARTITION {shown}"
            joined.append(Piece(sql, "quick", words_of("join", index.name)))
        return True

    if not below(table, replace(index, comment=None)):
        return NoWay("a partition's index is not in the catalog afterwards")
    return Way((*first, *built, *joined))


def _only(ground: Ground, index: Index, table: Table) -> str:
    text = rendered.index(index, table.name, only=True)
    return text.replace(f" ON ONLY {table.name.sql} ", f" ON ONLY {ground.shown(table.name)} ", 1)


def rebuilt(statement: Statement) -> Way | NoWay:
    """REINDEX."""
    text, read = statement.text, reindex(statement)
    if read is None or read.name is None or read.target not in ("index", "table", "schema"):
        return NoWay("only an index, a table or a schema can be rebuilt CONCURRENTLY")
    at = Reader(text)
    at.take()
    at.options()
    at.take()
    place = at.peek(-1).end
    sql = f"{text[:place]} CONCURRENTLY{text[place:]}"
    return Way((Piece(sql, "alone", words_of("reindex", read.name.name)),))


def refreshed(ground: Ground, text: str) -> Way | NoWay:
    """REFRESH MATERIALIZED VIEW."""
    read = Reader(text)
    read.skip("REFRESH", "MATERIALIZED", "VIEW")
    place = read.peek(-1).end
    if read.skip("CONCURRENTLY"):
        return NoWay("it is CONCURRENTLY already")
    name = read.name()
    view = next((one for one in ground.before.views if name and one.name.name == name.name), None)
    if read.skip("WITH", "NO", "DATA"):
        return NoWay("WITH NO DATA empties it: nobody can read it until it is filled again")
    if view is None or not view.is_populated:
        return NoWay("a view that was never filled cannot be refreshed CONCURRENTLY")
    plain = [one for one in view.indexes if one.is_unique and one.where is None and one.is_valid]
    if not any(not any(part.is_expression for part in one.columns) for one in plain):
        return NoWay(
            f"{view.name} has no unique index of plain columns; with one it can be refreshed CONCURRENTLY:"
            f" CREATE UNIQUE INDEX CONCURRENTLY ON {ground.shown(view.name)} (…)"
        )
    return Way((Piece(f"{text[:place]} CONCURRENTLY{text[place:]}", "long", words_of("refresh", view.name.name)),))
