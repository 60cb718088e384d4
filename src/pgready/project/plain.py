"""Sections of a plain SQL file: the markers of dbmate and goose, respected as those tools read them.

A file without markers is a script as it stands. Of a file with markers, the up section is the script, exactly as it
stands between its markers; the down section is never run. Pure: text in, sections out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pgready.errors import UsageInvalid
from pgready.sql.excerpt import excerpt

_DBMATE = re.compile(r"--\s*migrate:(up|down)((?:\s+\S+)*)\s*")
_DBMATE_NEARLY = re.compile(r"\s*--+\s*migrate\s*:\s*(?:up|down)\b", re.IGNORECASE)
_GOOSE = re.compile(r"\s*--\s*\+goose\b(.*)")
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_GOOSE_WORDS = {"up", "down", "statementbegin", "statementend", "no transaction", "envsub on", "envsub off"}


@dataclass(frozen=True, slots=True)
class Sections:
    """What a plain SQL file holds: `up` starts at line `first_line` (1-based); `down` is None where there is none.

    `tool` is "dbmate", "goose" or "" (no markers).
    """

    up: str
    down: str | None = None
    first_line: int = 1
    transactional: bool = True
    tool: str = ""


@dataclass(slots=True)
class _Found:
    """The markers seen so far, by line index."""

    up: int | None = None
    down: int | None = None
    transactional: bool = True
    tool: str = ""
    open_statement: int | None = None


def sections(text: str, path: str) -> Sections:
    """Read the markers of a file.

    Raises UsageInvalid, with the line in `path`, for markers that dbmate or goose would refuse or misread.
    """
    if "migrate" not in text.lower() and "+goose" not in text:
        return Sections(text)
    lines = text.split("\n")
    found = _Found()
    for index, line in enumerate(lines):
        if "--" not in line:
            continue
        if match := _DBMATE.fullmatch(line):
            _dbmate(found, match, index, lines, path)
        elif _DBMATE_NEARLY.match(line):
            raise malformed(
                "This is nearly a dbmate marker, but dbmate would not see it.",
                path,
                lines,
                index,
                "Write it at the start of the line: -- migrate:up or -- migrate:down",
            )
        elif match := _GOOSE.fullmatch(line.rstrip("\r")):
            _goose(found, match[1], index, lines, path)
    if not found.tool:
        return Sections(text)
    if found.up is None:
        marker = "-- migrate:up" if found.tool == "dbmate" else "-- +goose Up"
        raise malformed(
            "The file has markers, but no up section.", path, lines, found.down or 0, f"Start the script with {marker}"
        )
    if found.open_statement is not None:
        raise malformed(
            "This StatementBegin has no StatementEnd.",
            path,
            lines,
            found.open_statement,
            "Close it with -- +goose StatementEnd",
        )
    _nothing_before(found, lines, path)
    down = None if found.down is None else "\n".join(lines[found.down + 1 :])
    up = "\n".join(lines[found.up + 1 : found.down]) + ("\n" if found.down is not None else "")
    if found.down == found.up + 1:
        up = ""
    return Sections(up, down, found.up + 2, found.transactional, found.tool)


def malformed(what: str, path: str, lines: list[str], index: int, then: str) -> UsageInvalid:
    """An error that points at one line of a file (`index` is 0-based)."""
    return UsageInvalid(
        what,
        where=f"{path}:{index + 1}:1",
        excerpt=excerpt(lines[index], 0, "", index + 1),
        then=then,
        code="marker",
    )


def _claim(found: _Found, tool: str, index: int, lines: list[str], path: str) -> None:
    if found.tool not in ("", tool):
        raise malformed(
            "The file has markers of both dbmate and goose.", path, lines, index, "Keep the markers of one tool."
        )
    found.tool = tool


def _dbmate(found: _Found, match: re.Match[str], index: int, lines: list[str], path: str) -> None:
    _claim(found, "dbmate", index, lines, path)
    transactional = True
    for option in match[2].split():
        if option not in ("transaction:false", "transaction:true"):
            raise malformed(
                f"dbmate knows no option {option}.",
                path,
                lines,
                index,
                "The one option is transaction:false (or transaction:true).",
            )
        transactional = option == "transaction:true"
    _begin(found, match[1], index, lines, path)
    if match[1] == "up":
        found.transactional = transactional


def _goose(found: _Found, words: str, index: int, lines: list[str], path: str) -> None:
    _claim(found, "goose", index, lines, path)
    word = " ".join(words.split()).lower()
    if lines[index][0] in " \t":
        raise malformed("goose refuses an indented marker.", path, lines, index, "Move it to the start of the line.")
    if word not in _GOOSE_WORDS:
        raise malformed(
            "goose knows no such marker.",
            path,
            lines,
            index,
            "The markers are Up, Down, StatementBegin, StatementEnd, NO TRANSACTION and ENVSUB OFF.",
        )
    if word == "envsub on":
        raise malformed(
            "This script wants environment variables in its SQL (ENVSUB ON): it would mean another thing in every "
            "environment, and its checksum would prove nothing.",
            path,
            lines,
            index,
            "Write the values out, or set them in the database (ALTER DATABASE … SET app.x = …) and read them there.",
        )
    if word in ("up", "down"):
        if found.open_statement is not None:
            raise malformed(
                "A section starts inside a StatementBegin.", path, lines, index, "Add -- +goose StatementEnd before it."
            )
        _begin(found, word, index, lines, path)
    elif word == "statementbegin":
        if found.up is None or found.open_statement is not None:
            where = "before the up section" if found.up is None else "inside another one"
            raise malformed(f"A StatementBegin stands {where}.", path, lines, index, "Move or remove it.")
        found.open_statement = index
    elif word == "statementend":
        if found.open_statement is None:
            raise malformed("This StatementEnd has no StatementBegin.", path, lines, index, "Remove it.")
        found.open_statement = None
    elif word == "no transaction":
        found.transactional = False


def _begin(found: _Found, section: str, index: int, lines: list[str], path: str) -> None:
    first = found.up if section == "up" else found.down
    if first is not None:
        raise malformed(
            f"A second {section} section (the first is in line {first + 1}).",
            path,
            lines,
            index,
            "Keep one; further steps belong into a migration of their own.",
        )
    if section == "up":
        if found.down is not None:
            raise malformed(
                "The up section stands behind the down section.", path, lines, index, "Put the up section first."
            )
        found.up = index
        return
    if found.up is None:
        raise malformed("A down section without an up section before it.", path, lines, index, "Put up first.")
    found.down = index


def _nothing_before(found: _Found, lines: list[str], path: str) -> None:
    head = "\n".join(lines[: found.up])
    bare = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), head)
    for index, line in enumerate(bare.split("\n")):
        if line.strip():
            raise malformed(
                "SQL stands before the up section; dbmate and goose would refuse it.",
                path,
                lines,
                index,
                "Move it behind the marker.",
            )
