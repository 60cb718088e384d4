"""ALTER TABLE, taken apart at its commas: what each command is, every text as written."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from pgready.sql.lexer import tokens
from pgready.sql.reader import Name, Reader

Verb = Literal[
    "add column", "not null", "retype", "check", "foreign key", "unique", "primary key", "exclude", "attach", "other"
]

# The order in which the server goes through the commands of one ALTER TABLE.
_DROPS, _TYPES, _COLUMNS, _INDEXES, _CONSTRAINTS, _REST = range(6)
_ORDER: dict[str, int] = {
    "retype": _TYPES, "add column": _COLUMNS, "not null": _COLUMNS, "unique": _INDEXES, "primary key": _INDEXES,
    "exclude": _INDEXES, "check": _CONSTRAINTS, "foreign key": _CONSTRAINTS, "attach": _REST,
}  # fmt: skip
_OF_COLUMN = frozenset(
    {"DEFAULT", "NOT", "NULL", "CONSTRAINT", "CHECK", "UNIQUE", "PRIMARY", "REFERENCES"}
    | {"GENERATED", "COLLATE", "STORAGE", "COMPRESSION"}
)


@dataclass(frozen=True, slots=True)
class Command:
    """One command of an ALTER TABLE.

    `column` is the column's or constraint's name where the verb has one ("" where the server chooses it), `ident` the
    same as written. `type_text`, `collation`, `using` and `default` are parts of the text, "" where there is none.
    """

    text: str
    verb: Verb
    column: str = ""
    ident: str = ""
    type_text: str = ""
    collation: str = ""
    using: str = ""
    default: str = ""
    parts: frozenset[str] = frozenset()
    other: Name | None = None

    @property
    def order(self) -> int:
        """Its turn among the commands of one statement."""
        if self.verb == "other":
            return _DROPS if Reader(self.text).skip("DROP") else _COLUMNS
        return _ORDER[self.verb]


@dataclass(frozen=True, slots=True)
class Alteration:
    """An ALTER TABLE: `head` is the text through the table's name, `table_text` the name as written."""

    head: str
    table: Name
    table_text: str
    only: bool
    if_exists: bool
    commands: tuple[Command, ...]


def alteration(text: str) -> Alteration | None:
    """The statement taken apart, None for any other statement."""
    read = Reader(text)
    if not read.skip("ALTER", "TABLE"):
        return None
    if_exists = read.skip("IF", "EXISTS")
    only = read.skip("ONLY")
    name = read.name()
    if name is None:
        return None
    read.skip("*")
    start = read.peek().start
    if start < 0:
        return None
    commands = [_command(one) for one in cut(text[start:])]
    ordered = tuple(sorted(commands, key=lambda one: one.order))
    return Alteration(text[:start].rstrip(), name, name.text, only, if_exists, ordered)


def cut(text: str) -> list[str]:
    """A list at its commas outside of parentheses and brackets; comments stay with what they follow."""
    depth, start, found = 0, 0, []
    for token in tokens(text):
        if token.kind != "symbol":
            continue
        depth += (token.text in "([") - (token.text in ")]")
        if token.text == "," and not depth:
            found.append(text[start : token.start].strip())
            start = token.end
    return [*found, text[start:].strip()]


def _command(text: str) -> Command:
    read = Reader(text)
    if read.skip("ALTER"):
        read.skip("COLUMN")
        return _altered(text, read)
    if read.skip("ATTACH", "PARTITION"):
        return Command(text, "attach", other=read.name())
    if not read.skip("ADD"):
        return Command(text, "other")
    named, ident = "", ""
    if read.skip("CONSTRAINT"):
        start = read.peek().start
        named = read.identifier() or ""
        ident = text[start : _before(read)]
    verbs: tuple[tuple[tuple[str, ...], Verb], ...] = (
        (("CHECK",), "check"), (("FOREIGN", "KEY"), "foreign key"), (("UNIQUE",), "unique"),
        (("PRIMARY", "KEY"), "primary key"), (("EXCLUDE",), "exclude"),
    )  # fmt: skip
    for keywords, verb in verbs:
        if read.skip(*keywords):
            if ("NOT", "VALID") in _pairs(text) or ("NOT", "ENFORCED") in _pairs(text) or read.skip("USING", "INDEX"):
                return Command(text, "other")
            return Command(text, verb, named, ident)
    if named:
        return Command(text, "other")
    read.skip("COLUMN")
    read.skip("IF", "NOT", "EXISTS")
    return _added(text, read)


def _pairs(text: str) -> set[tuple[str, str]]:
    words = [one.text for one in tokens(text) if one.kind == "word"]
    return set(pairwise(words))


def _before(read: Reader) -> int:
    """The end of the token that was taken last."""
    return read.peek(-1).end


def _altered(text: str, read: Reader) -> Command:
    start = read.peek().start
    column = read.identifier()
    if column is None:
        return Command(text, "other")
    ident = text[start : _before(read)]
    if read.skip("SET", "NOT", "NULL"):
        return Command(text, "not null", column, ident)
    if not (read.skip("SET", "DATA", "TYPE") or read.skip("TYPE")):
        return Command(text, "other", column, ident)
    stops = _stops(text, read, frozenset({"COLLATE", "USING"}))
    return Command(
        text, "retype", column, ident, stops.get("", ""), stops.get("COLLATE", ""), stops.get("USING", ""),
    )  # fmt: skip


def _added(text: str, read: Reader) -> Command:
    start = read.peek().start
    column = read.identifier()
    if column is None:
        return Command(text, "other")
    ident = text[start : _before(read)]
    stops = _stops(text, read, _OF_COLUMN)
    default = stops.get("DEFAULT", "")
    return Command(
        text, "add column", column, ident, stops.get("", ""), stops.get("COLLATE", ""), "", default, frozenset(stops)
    )


def _stops(text: str, read: Reader, keywords: frozenset[str]) -> dict[str, str]:
    """What stands behind each of the keywords up to the next, outside of parentheses; behind none of them: ""."""
    found: dict[str, str] = {}
    depth, keyword, start, end = 0, "", read.peek().start, read.peek().start
    while (token := read.peek()).kind != "end":
        read.take()
        is_keyword = token.kind == "word" and token.text in keywords and not depth
        if is_keyword and not (keyword == "DEFAULT" and start == token.start):
            found.setdefault(keyword, text[start:end].strip())
            keyword, start = token.text, token.end
            if keyword == "DEFAULT" and (first := read.peek()).kind != "end":
                start = first.start  # DEFAULT NULL
        elif token.kind == "symbol":
            depth += (token.text in "([") - (token.text in ")]")
        end = token.end
    found.setdefault(keyword, text[start:end].strip())
    return found


def dropped_constraint(command: Command) -> str | None:
    """The constraint that a command drops, None for any other command."""
    read = Reader(command.text)
    if not read.skip("DROP", "CONSTRAINT"):
        return None
    read.skip("IF", "EXISTS")
    return read.identifier()
