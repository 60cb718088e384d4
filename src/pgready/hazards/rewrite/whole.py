"""Migrations that are safe because they are one transaction: cut up, others would see and write what lies between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgready.hazards.rewrite.alteration import alteration, dropped_constraint
from pgready.hazards.rewrite.folders import Folder
from pgready.sql.lexer import tokens
from pgready.sql.names import fold
from pgready.sql.reader import Reader
from pgready.sql.statements import Statement

_COPIES = frozenset({"INSERT", "UPDATE", "MERGE", "WITH"})
_KINDS = {"VIEW": "relation", "TABLE": "relation", "FUNCTION": "code", "PROCEDURE": "code", "TRIGGER": "trigger",
          "POLICY": "policy", "RULE": "rule"}  # fmt: skip
# They keep no reader and no writer away.
_WEAK = frozenset({("ACCESS", "SHARE"), ("ROW", "SHARE"), ("ROW", "EXCLUSIVE"), ("SHARE", "UPDATE")})


def why_whole(statements: Sequence[Statement], cut: Sequence[Folder]) -> str:
    """Why a migration must not be cut up so, "" if it may be."""
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for folder, each in enumerate(cut):
        for piece in each.pieces:
            first.setdefault(piece.statement, folder)
            last[piece.statement] = folder

    def apart(one: int, other: int) -> bool:
        return one in last and other in first and first[one] != last[other]

    off: dict[str, int] = {}
    copied: list[tuple[int, frozenset[str]]] = []
    for number, one in enumerate(statements):
        words = one.words
        if words[:1] == ("LOCK",) and _mode(words) not in _WEAK and any(apart(number, each) for each in last):
            return f"statement {number + 1} keeps others away until the end, which cut into migrations it would not"
        for what, how in _switched(one):
            if how == "off":
                off[what] = number
            elif what in off and apart(off[what], number):
                return (
                    f"what statement {off[what] + 1} takes away and statement {number + 1} brings back would be missing"
                    " for everybody between the migrations"
                )
        gone = _gone(one)
        for at, named in copied:
            if (lost := sorted(name for name in gone if name in named)) and apart(at, number):
                return (
                    f"what others write to {lost[0]} after statement {at + 1} and before statement {number + 1}"
                    " would be lost: keep both in step by a trigger, or cut it up by hand if nobody writes there"
                )
        if words[:1] and (words[0] in _COPIES or (words[0] == "CREATE" and {"AS", "SELECT"} <= {*words})):
            copied.append((number, frozenset(_identifiers(one.text))))
    return ""


def missing_between(statements: Sequence[Statement]) -> dict[int, str]:
    """By the place of a statement that makes a constraint or index anew, what is to be known where it comes later."""
    found: dict[int, str] = {}
    dropped: set[str] = set()
    for number, one in enumerate(statements):
        if one.words[:1] in (("ALTER",), ("CREATE",)) and (again := dropped & {*_identifiers(one.text)}):
            name = sorted(again)[0]
            found[number] = (
                f"until this is done {name} is missing: what it forbids may be written, what it serves is slow"
            )
        alter = alteration(one.text)
        names = [dropped_constraint(each) for each in alter.commands] if alter is not None else []
        read = Reader(one.text)
        if read.skip("DROP", "INDEX"):
            read.skip("IF", "EXISTS")
            index = read.name()
            names.append(index.name if index is not None else None)
        dropped |= {each for each in names if each}
    return found


def _mode(words: Sequence[str]) -> tuple[str, ...]:
    if "MODE" not in words:
        return ()
    end = words.index("MODE")
    begin = max((at for at, word in enumerate(words[:end]) if word == "IN"), default=end)
    return tuple(words[begin + 1 : end])[:2]


def _switched(statement: Statement) -> Iterator[tuple[str, str]]:
    """What is turned off or dropped, and what is turned on or made anew: (what, "off" or "on")."""
    alter = alteration(statement.text)
    if alter is not None:
        for command in alter.commands:
            words = [token.text for token in tokens(command.text) if token.kind == "word"]
            if words[:1] in (["DISABLE"], ["ENABLE"]):
                yield f"{alter.table.name} {_first(words)}", "off" if words[0] == "DISABLE" else "on"
            elif words[:2] == ["RENAME", "TO"]:
                yield f"relation {alter.table.name}", "off"
                to = Reader(command.text)
                to.skip("RENAME", "TO")
                yield f"relation {to.identifier()}", "on"
        return
    kind = next((one for one in statement.words[1:5] if one in _KINDS), None)
    read = Reader(statement.text)
    if statement.words[:1] not in (("DROP",), ("CREATE",)) or kind is None or not read.skip_to(kind):
        return
    if not read.skip("IF", "EXISTS"):
        read.skip("IF", "NOT", "EXISTS")
    name = read.name()
    if name is not None:
        yield f"{_KINDS[kind]} {name.name}", "off" if statement.words[0] == "DROP" else "on"


def _first(words: Sequence[str]) -> str:
    return next((one for one in words if one in ("TRIGGER", "RULE", "ROW")), "")


def _gone(statement: Statement) -> frozenset[str]:
    """Names of columns and tables that it drops, renames or empties."""
    alter = alteration(statement.text)
    found: set[str] = set()
    if alter is not None:
        for command in alter.commands:
            read = Reader(command.text)
            if read.skip("RENAME"):
                if read.peek().text in ("CONSTRAINT",):
                    continue
                read.skip("COLUMN")
                found.add(alter.table.name if read.peek().text == "TO" else read.identifier() or "")
            elif read.skip("DROP"):
                if read.peek().text == "CONSTRAINT":
                    continue
                read.skip("COLUMN")
                read.skip("IF", "EXISTS")
                found.add(read.identifier() or "")
        return frozenset(found - {""})
    read = Reader(statement.text)
    if read.skip("DELETE", "FROM") or read.skip("TRUNCATE") or read.skip("DROP", "TABLE"):
        read.skip("TABLE")
        read.skip("IF", "EXISTS")
        read.skip("ONLY")
        while (name := read.name()) is not None:
            found.add(name.name)
            if not read.skip(","):
                break
    return frozenset(found - {""})


def _identifiers(text: str) -> Iterator[str]:
    for token in tokens(text):
        word = text[token.start : token.end]
        if token.kind == "quoted":
            yield word[1:-1].replace('""', '"')
        elif token.kind == "word":
            yield fold(word)
