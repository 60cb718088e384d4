"""Pieces → migrations: each one that Prisma's own deploy could run, in which nobody waits for long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from pgready.hazards.rewrite.way import Piece, Way

_APART = ("long", "alone", "backfill")


@dataclass(frozen=True, slots=True)
class Sourced:
    """A piece and the statement that it comes from; `rewritten` if it is not that statement itself."""

    piece: Piece
    statement: int
    rewritten: bool


@dataclass(frozen=True, slots=True)
class Folder:
    """One migration to be: its words and its pieces."""

    words: str
    pieces: tuple[Sourced, ...]

    @property
    def script(self) -> str:
        """The file's text."""
        return "\n\n".join(_text(one.piece) for one in self.pieces) + "\n"


def _text(piece: Piece) -> str:
    lead = f"{piece.lead}\n" if piece.lead else ""
    trail = f" {piece.trail}" if piece.trail else ""
    is_comment = all(not line.strip() or line.lstrip().startswith("--") for line in piece.sql.splitlines())
    return f"{lead}{piece.sql}{'' if is_comment else ';'}{trail}"


def folders(ways: Sequence[tuple[int, bool, Way]], settings: Sequence[str] = ()) -> tuple[Folder, ...]:
    """The ways of a migration's statements as (statement, rewritten, way), in order, cut into migrations.

    `settings` are SET statements that hold for all of it; what cannot run in a transaction goes without them.
    """
    found: list[Folder] = []
    group: list[Sourced] = []

    def flush() -> None:
        if group:
            named = next((one.piece.words for one in group if one.rewritten and one.piece.words), "")
            head = [Sourced(Piece(one), group[0].statement, rewritten=False) for one in settings]
            found.append(Folder(named or group[0].piece.words, (*head, *group)))
            group.clear()

    pace = ""
    for one in merged(ways):
        new = one.piece.pace
        if group and (new in _APART or pace in _APART or (new == "check") != (pace == "check")):
            flush()
        group.append(one)
        pace = new
        if new == "alone":
            found.append(Folder(one.piece.words, (one,)))
            group.clear()
    flush()
    return tuple(found)


def merged(ways: Sequence[tuple[int, bool, Way]]) -> list[Sourced]:
    """The pieces in order; neighbours that add, check and finish something of their own go step by step together."""
    found: list[Sourced] = []
    for merges, run in groupby(ways, key=lambda one: one[2].merges):
        lanes = [[Sourced(piece, number, rewritten) for piece in way.pieces] for number, rewritten, way in run]
        if not merges:
            found += [one for lane in lanes for one in lane]
            continue
        checks = [one for lane in lanes for one in lane if one.piece.pace == "check"]
        first = [one for lane in lanes for one in _until_check(lane)]
        last = [one for lane in lanes for one in lane if one not in checks and one not in _until_check(lane)]
        found += [*first, *checks, *last]
    return found


def _until_check(lane: Sequence[Sourced]) -> list[Sourced]:
    found = []
    for one in lane:
        if one.piece.pace == "check":
            break
        found.append(one)
    return found


def with_comments(way: Sequence[Way], lead: str, trail: str) -> list[Way]:
    """The comments in front of a statement and behind it, with its first and its last piece."""
    found = list(way)
    if lead and found:
        first = found[0].pieces[0]
        found[0] = replace(found[0], pieces=(replace(first, lead=lead), *found[0].pieces[1:]))
    if trail and found:
        last = found[-1].pieces[-1]
        found[-1] = replace(found[-1], pieces=(*found[-1].pieces[:-1], replace(last, trail=trail)))
    return found
