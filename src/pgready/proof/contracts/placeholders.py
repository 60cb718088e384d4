"""Placeholders of every common style as PostgreSQL's own `$n`, with a map back to the text that they stood in.

Styles: `:name` (aiosql, HugSQL, SQLAlchemy's text), `%(name)s` and `%s` (psycopg; `%%` is a percent sign then), `@name`
and `sqlc.arg(name)` (sqlc), `$1`. Nothing inside constants, quoted names and comments is touched.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pgready.sql.lexer import Token, tokens

Style = Literal["colon", "percent", "positional", "sqlc", "numbered"]


@dataclass(frozen=True, slots=True)
class Converted:
    """`sql` with `$1…`; `names` are the parameters' names by number, "" where the style has none.

    `shifts` are (offset in `sql`, characters): from that offset on, so many are to be added to find the same place in
    the text. `places` are where each parameter stands first in the text, as (start, end). `mixed` is where a second
    style begins, None for one style; `sql` is the text itself then.
    """

    sql: str
    names: tuple[str, ...]
    shifts: tuple[tuple[int, int], ...]
    places: tuple[tuple[int, int], ...]
    mixed: int | None = None

    def offset(self, offset: int) -> int:
        """Where a character of `sql` stands in the text."""
        return shifted(self.shifts, offset)


def shifted(shifts: Sequence[tuple[int, int]], offset: int) -> int:
    """`offset` with the last shift at or before it added."""
    return offset + next((by for at, by in reversed(shifts) if at <= offset), 0)


@dataclass(frozen=True, slots=True)
class _Found:
    """A placeholder in the text: `name` is "" for one that is counted, digits for one that is numbered."""

    style: Style
    start: int
    end: int
    name: str


def convert(text: str, *, sqlc: bool = False) -> Converted:
    """`text` with `$n` for its placeholders; `sqlc` says that `@name` is one, which is an operator elsewhere."""
    read = list(tokens(text))
    found = list(_placeholders(text, read, sqlc=sqlc))
    # `a %s` is a remainder where parameters are written in another way.
    if any(one.style in ("colon", "numbered") for one in found):
        found = [one for one in found if one.style != "positional"]
    kinds = {one.style: one.start for one in reversed(found)}
    if len(kinds) > 1:
        return Converted(text, (), (), (), mixed=sorted(kinds.values())[1])
    names, places = _numbered(found)
    numbers = {name: number for number, name in enumerate(names, 1) if name}
    edits: list[tuple[int, int, str]] = []
    # Drivers that write values into the text make a list of `IN :ids`; here it is one of a single element.
    lists = {after.start for token, after in itertools.pairwise(read) if token.text == "IN"}
    counted = 0
    for one in found:
        if one.style == "numbered":
            continue
        counted += 1
        new = f"${numbers[one.name] if one.name else counted}"
        edits.append((one.start, one.end, f"({new})" if one.start in lists else new))
    if kinds.keys() & {"percent", "positional"}:
        edits += [(at, at + 2, "%") for at in _doubled(read)]
    if sqlc:
        edits += _embedded(text, read)
    sql, shifts = _edited(text, sorted(edits))
    shown = tuple("" if name.isdigit() else name for name in names)
    return Converted(sql, shown, shifts, places)


def _numbered(found: Sequence[_Found]) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
    """Names by number, and where each stands first."""
    if found and found[0].style == "numbered":
        first: dict[int, tuple[int, int]] = {}
        for one in found:
            first.setdefault(int(one.name), (one.start, one.end))
        count = min(max(first), 65535)
        nowhere = (found[0].start, found[0].end)
        return ("",) * count, tuple(first.get(number, nowhere) for number in range(1, count + 1))
    if found and not found[0].name:
        return ("",) * len(found), tuple((one.start, one.end) for one in found)
    named: dict[str, tuple[int, int]] = {}
    for one in found:
        named.setdefault(one.name, (one.start, one.end))
    return tuple(named), tuple(named.values())


def _placeholders(text: str, read: Sequence[Token], *, sqlc: bool) -> Iterator[_Found]:
    for at, token in enumerate(read):
        after = read[at + 1] if at + 1 < len(read) else token
        touches = after.start == token.end and after.kind == "word"
        word = text[after.start : after.end]
        if token.kind == "parameter":
            yield _Found("numbered", token.start, token.end, token.text[1:])
        elif token.text == ":" and touches and not _is_attached(text, token.start):
            yield _Found("colon", token.start, after.end, word)
        elif token.text == "%" and touches and word in ("s", "b", "t") and not _is_attached(text, token.start):
            yield _Found("positional", token.start, after.end, "")
        elif token.text == "%" and (named := _in_parentheses(text, read, at)):
            yield named
        elif sqlc and token.text == "@" and touches and not _is_operator(text, token.start):
            yield _Found("sqlc", token.start, after.end, word)
        elif sqlc and token.text == "SQLC" and (call := _call(text, read, at, ("arg", "narg"))):
            yield _Found("sqlc", token.start, call[1], call[0])


def _is_attached(text: str, at: int) -> bool:
    """Whether something stands directly before: a cast's colon, an array's bound, a remainder's left side."""
    before = text[at - 1] if at else " "
    return before in ":])\"'" or before.isalnum() or before == "_"


def _is_operator(text: str, at: int) -> bool:
    return at > 0 and text[at - 1] in "+-*/<>~!@#%^&|`?"


def _in_parentheses(text: str, read: Sequence[Token], at: int) -> _Found | None:
    """`%(name)s` at token `at`, nothing between its parts."""
    parts = read[at : at + 5]
    if len(parts) < 5 or parts[1].text != "(" or parts[2].kind != "word" or parts[3].text != ")":
        return None
    whole = text[parts[0].start : parts[4].end]
    name = text[parts[2].start : parts[2].end]
    if whole not in (f"%({name})s", f"%({name})b", f"%({name})t"):
        return None
    return _Found("percent", parts[0].start, parts[4].end, name)


def _doubled(read: Sequence[Token]) -> Iterator[int]:
    """Where `%%` stands, in constants too: drivers look into them."""
    skip = -1
    for token in read:
        if token.kind in ("string", "quoted"):
            at = token.text.find("%%")
            while at >= 0:
                yield token.start + at
                at = token.text.find("%%", at + 2)
        elif token.text == "%":
            if skip == token.start:
                yield token.start - 1
                skip = -1
            else:
                skip = token.end


def _call(text: str, read: Sequence[Token], at: int, names: Sequence[str]) -> tuple[str, int] | None:
    """The argument and the end of `sqlc.NAME(argument)` at token `at`."""
    parts = read[at : at + 6]
    if len(parts) < 6 or [parts[1].text, parts[3].text, parts[5].text] != [".", "(", ")"]:
        return None
    if parts[2].text.lower() not in names:
        return None
    return text[parts[4].start : parts[4].end].strip("'\""), parts[5].end


def _embedded(text: str, read: Sequence[Token]) -> list[tuple[int, int, str]]:
    """`sqlc.embed(t)` is all columns of t."""
    edits = []
    for at, token in enumerate(read):
        if token.text == "SQLC" and (call := _call(text, read, at, ("embed",))):
            edits.append((token.start, call[1], f"{call[0]}.*"))
    return edits


def _edited(text: str, edits: Sequence[tuple[int, int, str]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    parts: list[str] = []
    shifts: list[tuple[int, int]] = []
    last = length = by = 0
    for start, end, new in edits:
        parts += [text[last:start], new]
        length += start - last + len(new)
        last = end
        if (moved := last - length) != by:
            by = moved
            shifts.append((length, by))
    parts.append(text[last:])
    return "".join(parts), tuple(shifts)
