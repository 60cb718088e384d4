"""Statements that read rows of the table that they change: in batches they would see what the batches before did."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pgready.sql.lexer import Token
from pgready.sql.names import fold
from pgready.sql.reader import Name, Reader

_OPENS = frozenset({"FROM", "USING", "JOIN"})
_CLOSES = frozenset(
    {"SELECT", "SET", "WHERE", "ON", "GROUP", "HAVING", "ORDER", "WINDOW", "LIMIT", "OFFSET", "RETURNING"}
)
_COUNTS = frozenset({"count", "sum", "avg", "array_agg", "string_agg", "bool_and", "bool_or", "every"})


@dataclass(frozen=True, slots=True)
class _Again:
    """The table once more: its place, its alias, the tokens of the subquery that it stands in, None outside of one.

    `outer` is the subquery that this one is a table of, or itself.
    """

    at: int
    alias: str
    inside: tuple[int, int] | None
    outer: tuple[int, int] | None


def not_the_sum(text: str, verb: str, table: Name, behind: int, assigned: Collection[str]) -> str:
    """Why the whole is not the sum of its batches, "" if it is.

    `table` is the one whose rows an UPDATE or DELETE changes, its alias ending at the offset `behind`; `assigned` are
    the columns that it sets.
    """
    read = _Tokens(text)
    found = list(read.again(table, behind))
    aliases = {table.name, read.name_before(behind), *(one.alias for one in found)}
    for again in found:
        if verb == "DELETE" and ((again.outer and read.flips(*again.outer)) or read.leads_on(aliases)):
            return f"which rows go depends on other rows of {table.text}, which batches before have deleted"
        first, last = again.inside or (0, len(read.all))
        for at in range(first, last):
            if verb == "UPDATE" and read.name(at) in assigned and read.is_of(at, again):
                return f"it reads {read.name(at)} of other rows of {table.text}, which batches before have changed"
            if verb == "DELETE" and (read.differs(at) or (again.inside and read.counts(at))):
                return f"which rows go depends on other rows of {table.text}, which batches before have deleted"
    return ""


class _Tokens:
    def __init__(self, text: str) -> None:
        reader = Reader(text)
        self.text = text
        self.all: list[Token] = []
        while reader.peek().kind != "end":
            self.all.append(reader.take())
        self._ends = self._groups()

    def again(self, table: Name, behind: int) -> Iterator[_Again]:
        """Every other place where it is read."""
        opened = [False]
        groups: list[int] = []
        for at, token in enumerate(self.all):
            if token.text == "(" and token.kind == "symbol":
                opened.append(False)
                groups.append(at)
            elif token.text == ")" and token.kind == "symbol" and groups:
                opened.pop()
                groups.pop()
            elif token.kind == "word" and token.text in _OPENS and not self._is_distinct(at):
                opened[-1] = True
            elif token.kind == "word" and token.text in _CLOSES:
                opened[-1] = False
            if not opened[-1] or token.start < behind or not self._is_table(at, table):
                continue
            queries = [g for g in groups if self._word(g + 1) in ("SELECT", "WITH")]
            inside = self._of_group(queries[-1]) if queries else None
            while len(queries) > 1 and self._word(queries[-1] - 1) in (*_OPENS, ","):
                queries.pop()
            yield _Again(at, self._alias(at) or table.name, inside, self._of_group(queries[-1]) if queries else None)

    def _of_group(self, at: int) -> tuple[int, int]:
        return at, self._ends.get(at, len(self.all))

    def name_before(self, offset: int) -> str:
        """The identifier that ends there."""
        return self.name(next((n for n, one in enumerate(self.all) if one.start >= offset), len(self.all)) - 1)

    def flips(self, first: int, last: int) -> bool:
        """Whether a row may come to match a subquery's condition, or cease to, because others are gone.

        `NOT IN (SELECT min(id) …)` keeps rows that no batch deletes; `IN (SELECT min(id) …)` finds others each time.
        """
        words = {self._word(at) for at in range(first, last)}
        picks = bool(words & {"LIMIT", "OFFSET", "FETCH"}) or any(
            self.name(at) in ("min", "max") and self._word(at + 1) == "(" for at in range(first, last)
        )
        before = self._word(first - 1)
        negated = before == "ALL" or (before in ("IN", "EXISTS") and self._word(first - 2) == "NOT")
        if "OVER" in words:  # the first of each group stay: rn > 1
            numbers = (at for at, one in enumerate(self.all) if one.kind not in ("word", "quoted", "symbol"))
            return negated or any(self._word(at - 1) in ("=", "<") for at in numbers)
        if negated:
            return before == "EXISTS" or not picks
        columns = self.name(first - 2), self._column(first + 2)
        return picks or (before == "IN" and all(columns) and columns[0] != columns[1])

    def leads_on(self, aliases: Collection[str]) -> bool:
        """Whether a row is held against another column of other rows, as a parent: `o.id = t.parent`, or near ones."""
        for at in range(len(self.all)):
            if self._word(at) == "." and self.name(at - 1) in aliases:
                beyond = self._word(at + 2)
                if beyond in ("+", "-"):
                    return True
                other = at + 3
                is_held = beyond == "=" and self.name(other) in aliases and self._word(other + 1) == "."
                if is_held and self.name(other) != self.name(at - 1) and self.name(other + 2) != self.name(at + 1):
                    return True
        return False

    def _column(self, at: int) -> str:
        """The column that a select list begins with, "" for an expression."""
        at = at + 2 if self._word(at + 1) == "." else at
        return self.name(at) if self._word(at + 1) in ("FROM", ",") else ""

    def name(self, at: int) -> str:
        """The identifier there, "" if none."""
        if not 0 <= at < len(self.all):
            return ""
        token = self.all[at]
        if token.kind == "quoted":
            return token.text[1:-1].replace('""', '"')
        return fold(self.text[token.start : token.end]) if token.kind == "word" else ""

    def is_of(self, at: int, again: _Again) -> bool:
        """Whether a column there may be one of the table read again."""
        if self._word(at - 1) == ".":
            return self.name(at - 2) == again.alias
        is_alias = at - 1 == again.at or (at - 2 == again.at and self._word(at - 1) == "AS")
        return again.inside is not None and not is_alias and self._word(at + 1) not in (".", "(")

    def differs(self, at: int) -> bool:
        """Whether `<>` or `!=` stands there."""
        return self._word(at) + self._word(at + 1) in ("<>", "!=")

    def counts(self, at: int) -> bool:
        """Whether a function stands there whose value changes with the number of rows."""
        return self.name(at) in _COUNTS and self._word(at + 1) == "("

    def _is_table(self, at: int, table: Name) -> bool:
        if self.name(at) != table.name or self._word(at + 1) in (".", "("):
            return False
        schema = self.name(at - 2) if self._word(at - 1) == "." else None
        before = self._word(at - (3 if schema else 1))
        return schema in (None, table.schema or "public") and before in (*_OPENS, ",", "ONLY", "(")

    def _alias(self, at: int) -> str:
        nearest = at + 2 if self._word(at + 1) == "AS" else at + 1
        return (
            ""
            if self._word(nearest) in (*_OPENS, *_CLOSES, "", ",", ")", "(", "LEFT", "INNER", "CROSS")
            else self.name(nearest)
        )

    def _word(self, at: int) -> str:
        return self.all[at].text if 0 <= at < len(self.all) and self.all[at].kind in ("word", "symbol") else ""

    def _is_distinct(self, at: int) -> bool:
        return self._word(at - 1) == "DISTINCT" and self._word(at - 2) in ("IS", "NOT")

    def _groups(self) -> dict[int, int]:
        ends: dict[int, int] = {}
        stack: list[int] = []
        for at, token in enumerate(self.all):
            if token.kind == "symbol" and token.text == "(":
                stack.append(at)
            elif token.kind == "symbol" and token.text == ")" and stack:
                ends[stack.pop()] = at
        return ends
