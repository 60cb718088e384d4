"""Backfills: one statement over many rows, marked to be run in batches by a key.

`-- pgready: backfill key=id` in front of an UPDATE, a DELETE or an INSERT … SELECT. The file stays plain SQL, which
Prisma and psql run whole. A batch is the statement with a range of keys added to its WHERE, so what it does to a row
is what the statement itself would do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pgready.sql.backfill_whole import not_the_sum
from pgready.sql.lexer import Token, line_comments
from pgready.sql.names import fold, quote_ident
from pgready.sql.reader import Reader
from pgready.sql.statements import Statement

_MARK = re.compile(r"--\s*pgready:\s*backfill\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_REQUIRES = re.compile(r"--\s*pgready:\s*requires\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_NAME = re.compile(r"[\w.:-]{1,200}")
_WORDS = re.compile(r'(?:"(?:[^"]|"")*"|[^\s"])+|"')
_COLUMNS = re.compile(r'"(?:[^"]|"")*"|[^,"]+')
_MOST = 1_000_000
_GROUPS = frozenset({"GROUP", "HAVING", "WINDOW", "UNION", "INTERSECT", "EXCEPT", "LIMIT", "OFFSET", "FETCH"})
_TAIL = frozenset({"RETURNING", "ORDER", "ON", "FOR"})
_FORMS = "-- pgready: backfill key=id, key=tenant_id,id, key=id batch=5000 or key=id background name=emails"
_REQUIRE_FORM = "-- pgready: requires backfill NAME, where NAME is that of the backfill or of its migration"


@dataclass(frozen=True, slots=True)
class Backfill:
    """A marked statement: `key` are columns of `table`, whose rows it goes through.

    `table` is the name as written, `alias` what its columns are qualified with. `where` is the place in `text` where
    the range goes, `condition` where the statement's own condition begins, None if it has none. `batch` is a fixed
    number of rows, None to adapt it. `calls` are the functions that an INSERT's SELECT calls: one that is an aggregate
    would see a batch and not the whole.

    `background`: a deploy registers it under `name` and `pgready backfill run` runs it. `mark` is the comment. `source`
    is what stands in the FROM of a query for the rows that the statement changes. `tells`: such a query finds nothing
    once the statement has run, so the data say whether it is done.
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
    background: bool = False
    name: str = ""
    mark: str = ""
    source: str = ""
    tells: bool = False

    @property
    def key_sql(self) -> tuple[str, ...]:
        """The key's columns, qualified."""
        return tuple(f"{self.alias}.{quote_ident(column)}" for column in self.key)

    @property
    def table_sql(self) -> str:
        """The table with its alias."""
        return self.table if self.alias == self.table else f"{self.table} AS {self.alias}"

    def within(self, after: str | None, until: str) -> str:
        """The statement for the keys behind the row value `after` (None: from the first) up to and with `until`."""
        key = f"ROW({', '.join(self.key_sql)})"
        bounds = f"{key} <= {until}" if after is None else f"{key} > {after} AND {key} <= {until}"
        head, tail = self.text[: self.where], self.text[self.where :]
        if self.condition is None:
            return f"{head} WHERE {bounds} {tail}"
        return f"{head[: self.condition]}({head[self.condition :]}\n) AND {bounds} {tail}"

    def rows(self, after: str | None = None, until: str | None = None) -> str:
        """FROM and WHERE of the rows that it changes, of those behind the row value `after` and up to `until`."""
        key = f"ROW({', '.join(self.key_sql)})"
        conditions = [f"{key} > {after}"] if after is not None else []
        conditions += [f"{key} <= {until}"] if until is not None else []
        if self.condition is not None:
            conditions.insert(0, f"({self.text[self.condition : self.where]}\n)")
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"FROM {self.source}\n{where}"


@dataclass(frozen=True, slots=True)
class Requirement:
    """`-- pgready: requires backfill NAME`: the script is not to run before that backfill is done; its place."""

    name: str
    offset: int


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
        found.append(replace(read, mark=comment.text))
    late = {one.statement for one in found if one.background}
    if late and set(range(min(late), len(statements))) != late:
        behind = next(n for n in range(min(late), len(statements)) if n not in late)
        what = "this stands behind a background backfill, and would run before it"
        then = "put it in front of the backfill, or into a later migration: -- pgready: requires backfill NAME"
        return (), Misfit(statements[behind].start, what, then)
    return tuple(found), None


def requirements_of(script: str) -> tuple[tuple[Requirement, ...], Misfit | None]:
    """The backfills that a script wants to be done before it runs, or the first such mark that is wrong."""
    found: list[Requirement] = []
    for comment in line_comments(script) if "pgready:" in script else ():
        mark = _REQUIRES.match(comment.text)
        if mark is None:
            continue
        words = mark["rest"].split()
        if len(words) != 2 or words[0].lower() != "backfill" or not _NAME.fullmatch(words[1]):
            what = f"the mark requires{mark['rest'].rstrip() or ' nothing'}, which names no backfill"
            return (), Misfit(comment.start, what, _REQUIRE_FORM)
        found.append(Requirement(words[1], comment.start))
    return tuple(found), None


def _read(rest: str, number: int, statement: Statement) -> Backfill | str:
    key: tuple[str, ...] = ()
    batch: int | None = None
    background, called = False, ""
    for word in _WORDS.findall(rest):
        name, equals, value = word.partition("=")
        if name == "key" and value:
            key = tuple(_column(part) for part in _COLUMNS.findall(value))
        elif name == "batch" and value.isascii() and value.isdigit() and 0 < int(value) <= _MOST:
            batch = int(value)
        elif word.lower() in ("background", "blocking"):
            background = word.lower() == "background"
        elif name == "name" and _NAME.fullmatch(value):
            called = value
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
        number,
        statement.text,
        key,
        parts.table,
        parts.alias,
        parts.where,
        parts.condition,
        batch,
        parts.calls,
        background,
        called,
        source=_source(statement, parts),
        tells=_tells(statement, parts),
    )


def _source(statement: Statement, parts: _Parts) -> str:
    """What a query for the statement's rows reads: its table, and what it is joined with."""
    text = statement.text
    table = text[parts.table_at : parts.table_end]
    if statement.words[0] == "INSERT":
        end = parts.where if parts.condition is None else parts.condition - len("WHERE")
        return text[parts.table_at : end]
    return f"{table}\n, {text[parts.list_at : parts.list_end]}" if parts.list_at else table


def _tells(statement: Statement, parts: _Parts) -> bool:
    """Whether the condition is about what the statement changes, so that it finds nothing where that is done."""
    verb = statement.words[0]
    if verb == "DELETE":
        return True
    begin = parts.table_at if verb == "INSERT" else parts.condition
    if parts.condition is None or begin is None:
        return False
    read = Reader(statement.text[begin : parts.where])
    named = set()
    while read.peek().kind != "end":
        name = read.identifier()
        if name is None:
            read.take()
        else:
            named.add(name)
    return parts.target in named if verb == "INSERT" else bool(named & set(parts.assigned))


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
    target: str = ""
    table_at: int = 0
    table_end: int = 0
    list_at: int = 0
    list_end: int = 0


def _parts(statement: Statement) -> _Parts | str:
    """Where the statement's table, its alias and its condition stand; or why it cannot run in batches."""
    verb = statement.words[0]
    read = Reader(statement.text)
    read.take()
    found = _Parts()
    into = None
    if verb == "INSERT":
        into = read.name() if read.skip("INTO") else None
        found.target = into.name if into else ""
        if not (into and _to_select(read)):
            return "an INSERT runs in batches only as INSERT … SELECT … FROM a table"
    elif verb == "DELETE":
        if not read.skip("FROM"):
            return "this is no DELETE FROM a table"
    elif verb != "UPDATE":
        return "only an UPDATE, a DELETE or an INSERT … SELECT runs in batches"
    found.table_at = read.peek().start
    read.skip("ONLY")
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
    found.table_end = read.peek(-1).end
    if verb == "INSERT" and into and (into.schema, into.name) == (name.schema, name.name):
        return f"it fills {name.text}, the table that it goes through: the next batch would find what the last one made"
    rest = _rest(statement, read, found, verb)
    return not_the_sum(statement.text, verb, name, found.table_end, found.assigned) or rest


_ENDS_NAME = frozenset({"SET", "WHERE", "USING", "FROM", "RETURNING", "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS"}
                       | {"NATURAL", "TABLESAMPLE", "ON", *_GROUPS, *_TAIL})  # fmt: skip


_LISTS = {"UPDATE": ("FROM",), "DELETE": ("USING",), "INSERT": ()}


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
    assigned: list[str] = []
    in_set = False
    tail: int | None = None
    while (token := read.peek()).kind != "end":
        read.take()
        if token.kind == "symbol":
            depth += (token.text in "([") - (token.text in ")]")
            if token.text == "," and in_set and not depth:
                assigned += _targets(read)
        elif token.kind == "word" and not depth:
            if token.text == "SET" and verb == "UPDATE":
                in_set = True
                assigned += _targets(read)
            elif token.text in _LISTS[verb] and not found.list_at and not _is_distinct(read, -2):
                found.list_at = token.end
            if token.text in ("FROM", "WHERE", "RETURNING") and not _is_distinct(read, -2):
                in_set = False
                if token.text != "FROM" and not found.list_end:
                    found.list_end = token.start
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
    if verb == "INSERT" and _selects_distinct(statement.text):
        return "with DISTINCT the whole is not the sum of its batches"
    found.where = len(statement.text) if tail is None else tail
    found.list_end = found.list_end or len(statement.text)
    found.assigned = tuple(assigned)
    if verb == "INSERT":
        found.calls = tuple(sorted(_calls(statement.text)))
    return found


def _is_conflict(token: Token, read: Reader, verb: str) -> bool:
    return verb == "INSERT" and token.text == "ON" and read.peek().text == "CONFLICT"


def _targets(read: Reader) -> list[str]:
    """The columns that an UPDATE assigns next: one, or a list in parentheses; nothing is taken."""
    if read.peek().text != "(":
        token = read.peek()
        return [_column(read.text[token.start : token.end])]
    found = []
    ahead = 1
    while (token := read.peek(ahead)).kind != "end" and token.text != ")":
        if token.kind in ("word", "quoted"):
            found.append(_column(read.text[token.start : token.end]))
        ahead += 1
    return found


def _is_distinct(read: Reader, ahead: int) -> bool:
    """Whether the token there is the DISTINCT of IS [NOT] DISTINCT FROM."""
    return read.peek(ahead).text == "DISTINCT" and read.peek(ahead - 1).text in ("IS", "NOT")


def _selects_distinct(text: str) -> bool:
    """A DISTINCT outside of parentheses, other than that of IS [NOT] DISTINCT FROM."""
    read = Reader(text)
    depth = 0
    while (token := read.peek()).kind != "end":
        if token.kind == "symbol":
            depth += (token.text == "(") - (token.text == ")")
        elif token.text == "DISTINCT" and token.kind == "word" and not depth and not _is_distinct(read, 0):
            return True
        read.take()
    return False


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
