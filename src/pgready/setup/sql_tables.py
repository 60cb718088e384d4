"""The tables that a folder of SQL scripts makes, as far as their text says it for sure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pgready.sql.reader import Name, Reader
from pgready.sql.statements import Statement, split

_DOWN = re.compile(r"^--\s*(?:migrate:down|\+goose\s+down)\b", re.M | re.I)
_TAKES = re.compile(r"\b(?:RENAME|SET\s+SCHEMA|DROP\s+(?!DEFAULT\b|NOT\b|EXPRESSION\b|IDENTITY\b))", re.I)
_CONSTRAINTS = frozenset(("CONSTRAINT", "UNIQUE", "CHECK", "FOREIGN", "EXCLUDE", "LIKE", "PRIMARY"))


@dataclass(frozen=True, slots=True)
class Table:
    """`schema` is None where the search path decides; `key` are the columns of the primary key, none without one."""

    schema: str | None
    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


def tables(scripts: Iterable[str]) -> list[Table]:
    """The tables that are there after these scripts, in the order in which they are made.

    One that a later statement renames, moves or takes a column or key from is left out: nothing is guessed.
    """
    found: dict[tuple[str | None, str], Table] = {}
    for script in scripts:
        down = _DOWN.search(script)
        moved = False
        for one in split(script[: down.start()] if down else script):
            moved = moved or "search_path" in one.text.lower()
            _read(found, one, moved=moved)
    return list(found.values())


def _read(found: dict[tuple[str | None, str], Table], statement: Statement, *, moved: bool) -> None:
    """`moved`: the script has set a search path, so names without a schema say nothing."""
    read = Reader(statement.text)
    if read.skip("CREATE"):
        read.skip("UNLOGGED")
        if not read.skip("TABLE"):
            return
        read.skip("IF", "NOT", "EXISTS")
        name = read.name()
        if name is not None and read.skip("(") and (name.schema or not moved):
            columns, key = _body(read)
            found.setdefault((name.schema, name.name), Table(name.schema, name.name, columns, key))
    elif read.skip("ALTER", "TABLE"):
        read.skip("IF", "EXISTS")
        read.skip("ONLY")
        name = read.name()
        if name is not None:
            _altered(found, name, read)
    elif read.skip("DROP"):
        kind = read.take().text
        read.skip("IF", "EXISTS")
        while kind in ("TABLE", "SCHEMA") and (name := read.name()) is not None:
            for made in [one for one in found if name.name == (one[0] if kind == "SCHEMA" else one[1])]:
                del found[made]
            if not read.skip(","):
                break


def _altered(found: dict[tuple[str | None, str], Table], name: Name, read: Reader) -> None:
    at = found.get((name.schema, name.name))
    if at is None:
        return
    if _TAKES.search(read.text):
        del found[name.schema, name.name]
        return
    key = at.key
    if read.skip("ADD", "PRIMARY", "KEY"):
        key = _names(read)
    elif read.skip("ADD", "CONSTRAINT"):
        read.identifier()
        key = _names(read) if read.skip("PRIMARY", "KEY") else at.key
    found[name.schema, name.name] = Table(at.schema, at.name, at.columns, key)


def _body(read: Reader) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Columns and key of a table's parentheses, the first of which is taken."""
    columns: list[str] = []
    key: tuple[str, ...] = ()
    while read.peek().kind != "end":
        first = read.peek()
        column = None
        if first.kind != "word" or first.text not in _CONSTRAINTS:
            column = read.identifier()
            columns += [column] if column is not None else []
        depth = 0
        while (token := read.peek()).kind != "end":
            if not depth and token.kind == "symbol" and token.text in ",)":
                break
            if not depth and read.skip("PRIMARY", "KEY"):
                key = (column,) if column is not None else _names(read)
                continue
            depth += (token.text == "(") - (token.text == ")") if token.kind == "symbol" else 0
            read.take()
        if read.take().text != ",":
            break
    return tuple(columns), key


def _names(read: Reader) -> tuple[str, ...]:
    names: list[str] = []
    if read.skip("("):
        while (name := read.identifier()) is not None:
            names.append(name)
            if not read.skip(","):
                break
        read.skip(")")
    return tuple(names)
