"""Backfills: one statement over many rows, marked to be run in batches by a key.

`-- pgready: backfill key=id` in front of an UPDATE, a DELETE or an INSERT … SELECT. The file stays plain SQL, which
Prisma and psql run whole. A batch is the statement with a range of keys added to its WHERE, so what it does to a row
is what the statement itself would do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pgready.sql.lexer import Token, line_comments
from pgready.sql.names import fold, quote_ident
from pgready.sql.reader import Reader
from pgready.sql.statements import Statement

_MARK = re.compile(r"--\s*pgready:\s*backfill\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_WORDS = re.compile(r'(?:"(?:[^"]|"")*"|[^\s"])+|"')
_COLUMNS = re.compile(r'"(?:[^"]|"")*"|[^,"]+')
_MOST = 1_000_000
_GROUPS = frozenset({"GROUP", "HAVING", "WINDOW", "UNION", "INTERSECT", "EXCEPT", "LIMIT", "OFFSET", "FETCH"})
_TAIL = frozenset({"RETURNING", "ORDER", "ON", "FOR"})
_FORMS = "-- pgready: backfill key=id, key=tenant_id,id or key=id batch=5000"


@dataclass(frozen=True, slots=True)
class Backfill:
    """A marked statement: `key` are columns of `table`, whose rows it goes through.

    `table` is the name as written, `alias` what its columns are qualified with. `where` is the place in `text` where
    the range goes, `condition` where the statement's own condition begins, None if it has none. `batch` is a fixed
    number of rows, None to adapt it. `calls` are the functions that an INSERT's SELECT calls: one that is an aggregate
    would see a batch and not the whole.
    """

    statement: int
    text: str
    key: tuple[str, ...]
    table: str
    alias: str
    where: int
    condition: int | None
    batch: int | None
    calls: tuple[str, ...]

    @property
    def key_sql(self) -> tuple[str, ...]:
        """The key's columns, qualified."""
        return tuple(f"{self.alias}.{quote_ident(column)}" for column in self.key)

    def within(self, after: str | None, until: str) -> str:
        """The statement for the keys behind the row value `after` (None: from the first) up to and with `until`."""
        key = f"ROW({', '.join(self.key_sql)})"
        bounds = f"{key} <= {until}" if after is None else f"{key} > {after} AND {key} <= {until}"
        head, tail = self.text[: self.where], self.text[self.where :]
        if self.condition is None:
            return f"{head} WHERE {bounds} {tail}"
        return f"{head[: self.condition]}({head[self.condition :]}\n) AND {bounds} {tail}"


@dataclass(frozen=True, slots=True)
class Misfit:
    """A mark that cannot be followed: its place in the script, what is wrong, and what to write instead."""

    offset: int
    what: str
    then: str


def backfills_of(script: str, statements: Sequence[Statement]) -> tuple[tuple[Backfill, ...], Misfit | None]:
    """The marked statements of a script, or the first mark that is wrong."""
    found: list[Backfill] = []
    if "pgready:" not in script:
        return (), None
    for comment in line_comments(script):
        mark = _MARK.match(comment.text)
        if mark is None:
            continue
        number = next((n for n, one in enumerate(statements) if one.start > comment.start), None)
        inside = any(one.start < comment.start < one.end for one in statements)
        if number is None or inside:
            then = "put it on a line of its own in front of its statement"
            return (), Misfit(comment.start, "the mark of a backfill stands before no statement", then)
        read = _read(mark["rest"], number, statements[number])
        if isinstance(read, str):
            return (), Misfit(comment.start, read, _FORMS)
        if any(one.statement == number for one in found):
            return (), Misfit(comment.start, "the statement is marked twice", _FORMS)
        found.append(read)
    return tuple(found), None


def _read(rest: str, number: int, statement: Statement) -> Backfill | str:
    key: tuple[str, ...] = ()
    batch: int | None = None
    for word in _WORDS.findall(rest):
        name, equals, value = word.partition("=")
        if name == "key" and value:
            key = tuple(_column(part) for part in _COLUMNS.findall(value))
        elif name == "batch" and value.isascii() and value.isdigit() and 0 < int(value) <= _MOST:
            batch = int(value)
        else:
            what = f"{name}={value}" if equals else name
            return f"the mark of a backfill does not understand {what}"
    if not key or not all(key):
        return "the mark of a backfill names no key"
    parts = _parts(statement)
    if isinstance(parts, str):
        return parts
    if assigned := set(parts.assigned) & set(key):
        return f"the statement changes {sorted(assigned)[0]}, which is the key of its batches"
    return Backfill(
        number, statement.text, key, parts.table, parts.alias, parts.where, parts.condition, batch, parts.calls
    )


def _column(text: str) -> str:
    return text[1:-1].replace('""', '"') if text[:1] == '"' and text[-1:] == '"' else fold(text)


@dataclass(slots=True)
class _Parts:
    table: str = ""
    alias: str = ""
    where: int = 0
    condition: int | None = None
    assigned: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


def _parts(statement: Statement) -> _Parts | str:
    """Where the statement's table, its alias and its condition stand; or why it cannot run in batches."""
    verb = statement.words[0]
    read = Reader(statement.text)
    read.take()
    if verb == "INSERT":
        if not (read.skip("INTO") and read.name() and _to_select(read)):
            return "an INSERT runs in batches only as INSERT … SELECT … FROM a table"
    elif verb == "DELETE":
        if not read.skip("FROM"):
            return "this is no DELETE FROM a table"
    elif verb != "UPDATE":
        return "only an UPDATE, a DELETE or an INSERT … SELECT runs in batches"
    read.skip("ONLY")
    found = _Parts()
    name = read.name()
    if name is None:
        return "the statement goes through no plain table"
    read.skip("*")
    found.table = found.alias = name.text
    if read.peek().kind in ("word", "quoted") and read.peek().text not in _ENDS_NAME:
        read.skip("AS")
        token = read.peek()
        read.identifier()
        found.alias = statement.text[token.start : token.end]
    return _rest(statement, read, found, verb)


_ENDS_NAME = frozenset({"SET", "WHERE", "USING", "FROM", "RETURNING", "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS"}
                       | {"NATURAL", "TABLESAMPLE", "ON", *_GROUPS, *_TAIL})  # fmt: skip


def _to_select(read: Reader) -> bool:
    """Behind the FROM of an INSERT's SELECT."""
    if read.peek().text == "(" and read.peek(1).text not in ("SELECT", "WITH"):
        read.take()
        read.skip_to(")")
    if not read.skip_to("SELECT"):
        return False
    return read.skip_to("FROM")


def _rest(statement: Statement, read: Reader, found: _Parts, verb: str) -> _Parts | str:
    """From the table on: the condition, and what no batch can have."""
    depth = 0
    before: Token | None = None
    assigned: list[str] = []
    in_set = False
    tail: int | None = None
    while (token := read.peek()).kind != "end":
        read.take()
        if token.kind == "symbol":
            depth += (token.text == "(") - (token.text == ")")
            if token.text == "=" and in_set and not depth and before is not None:
                assigned.append(_column(statement.text[before.start : before.end]))
        elif token.kind == "word" and not depth:
            if token.text == "SET" and verb == "UPDATE":
                in_set = True
            elif token.text in ("FROM", "WHERE", "RETURNING"):
                in_set = False
            if token.text in _GROUPS and verb == "INSERT":
                return f"with {token.text} the whole is not the sum of its batches"
            if token.text in ("RIGHT", "FULL"):
                return f"with a {token.text} JOIN rows have no key of the table that the batches go through"
            if token.text == "CURRENT" and read.peek().text == "OF":
                return "a cursor's row is no range of keys"
            if token.text == "WHERE" and found.condition is None:
                found.condition = token.end
            elif tail is None and (token.text in ("RETURNING", "ORDER") or _is_conflict(token, read, verb)):
                tail = token.start
        before = token
    if verb == "INSERT" and "DISTINCT" in _top_words(statement.text):
        return "with DISTINCT the whole is not the sum of its batches"
    found.where = len(statement.text) if tail is None else tail
    found.assigned = tuple(assigned)
    if verb == "INSERT":
        found.calls = tuple(sorted(_calls(statement.text)))
    return found


def _is_conflict(token: Token, read: Reader, verb: str) -> bool:
    return verb == "INSERT" and token.text == "ON" and read.peek().text == "CONFLICT"


def _top_words(text: str) -> set[str]:
    """The keywords outside of parentheses."""
    read = Reader(text)
    depth = 0
    found = set()
    while (token := read.peek()).kind != "end":
        read.take()
        if token.kind == "symbol":
            depth += (token.text == "(") - (token.text == ")")
        elif token.kind == "word" and not depth:
            found.add(token.text)
    return found


def _calls(text: str) -> set[str]:
    """The names that an opening parenthesis follows, outside of subqueries: what may be an aggregate of the whole."""
    read = Reader(text)
    found = set()
    subqueries: list[bool] = []
    while (token := read.peek()).kind != "end":
        read.take()
        if token.kind == "symbol" and token.text == "(":
            subqueries.append(read.peek().text in ("SELECT", "WITH", "VALUES"))
        elif token.kind == "symbol" and token.text == ")" and subqueries:
            subqueries.pop()
        elif token.kind in ("word", "quoted") and read.peek().text == "(" and not any(subqueries):
            found.add(_column(text[token.start : token.end]))
    return found
