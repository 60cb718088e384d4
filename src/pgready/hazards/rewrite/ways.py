"""A statement with a hazard and the ground around it → the way that nobody notices, or why there is none."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pgready.hazards.rewrite.alteration import Alteration, Command, alteration, dropped_constraint
from pgready.hazards.rewrite.columns import added
from pgready.hazards.rewrite.constraints import added_names, checked, keyed, keys_of, required
from pgready.hazards.rewrite.indexes import created, rebuilt, refreshed
from pgready.hazards.rewrite.partitions import attached
from pgready.hazards.rewrite.retype import retyped
from pgready.hazards.rewrite.rows import emptied, in_batches
from pgready.hazards.rewrite.way import Ground, NoWay, Piece, Way, words_of
from pgready.sql.reader import Reader
from pgready.sql.standalone import index_build, needs_no_transaction
from pgready.sql.statements import Statement

_APART = frozenset({"H009", "H013"})
"""Hazards that end where a statement has a migration of its own."""


def safe_way(statement: Statement, ids: Collection[str], ground: Ground) -> list[Way] | NoWay:
    """What to do instead of a statement with the hazards `ids`; several ways come one after the other."""
    text, words = statement.text, statement.words
    if words[:2] == ("ALTER", "TABLE") and (alter := alteration(text)) is not None and set(ids) - _APART:
        return _altered(alter, ground)
    if "INDEX" in words[1:3] and words[0] == "CREATE":
        if index_build(statement) is not None and "H012" not in ids:
            return [Way((Piece(text, "alone", "index"),))]
        return _one(created(ground, text))
    if not set(ids) - _APART:
        alone = needs_no_transaction(statement) is not None
        return [Way((Piece(text, "alone" if alone else "long", words_of(*words[:2])),))]
    if words[0] == "REINDEX":
        return _one(rebuilt(statement))
    if words[:2] == ("REFRESH", "MATERIALIZED"):
        return _one(refreshed(ground, text))
    if words[0] == "TRUNCATE":
        return _one(emptied(ground, text))
    if words[0] in ("UPDATE", "DELETE", "INSERT"):
        return _one(in_batches(ground, text))
    return NoWay(_why_not(words))


def kinder(statement: Statement) -> list[Way] | None:
    """What costs a lock for a moment, and has a form that costs none: DROP INDEX. None for all else."""
    read = Reader(statement.text)
    if not read.skip("DROP", "INDEX") or read.peek().text == "CONCURRENTLY":
        return None
    place = read.peek(-1).end
    read.skip("IF", "EXISTS")
    name = read.name()
    if name is None or read.skip(",") or read.skip("CASCADE"):
        return None
    sql = f"{statement.text[:place]} CONCURRENTLY{statement.text[place:]}"
    return [Way((Piece(sql, "alone", words_of("drop", name.name)),))]


def _one(found: Way | NoWay) -> list[Way] | NoWay:
    return found if isinstance(found, NoWay) else [found]


def _altered(alter: Alteration, ground: Ground) -> list[Way] | NoWay:
    """Each command by itself, in the server's own order; those that cost nothing stay together."""
    names = added_names(ground, alter)
    ways: list[Way] = []
    kept: list[Command] = []
    changed = 0
    for command in _without_keys_of_retyped(alter, ground):
        found = _command(alter, command, names, ground)
        if isinstance(found, NoWay):
            return found
        if found is None:
            kept.append(command)
            continue
        ways += _kept(alter, kept)
        kept = []
        ways.append(found)
        changed += 1
    if not changed:
        return NoWay(_why_not(("ALTER", "TABLE")))
    return [*ways, *_kept(alter, kept)]


def _without_keys_of_retyped(alter: Alteration, ground: Ground) -> list[Command]:
    """Without a key that is dropped and added again around a new type, as Prisma writes it: the new type brings it."""
    before, after = ground.table(alter.table), ground.table_after(alter.table)
    retyped = {one.column for one in alter.commands if one.verb == "retype"}
    if before is None or after is None or not retyped:
        return list(alter.commands)
    stay = {one.name: one.columns for one in keys_of(before)}
    same = {one.name for one in keys_of(after) if stay.get(one.name) == one.columns and retyped & set(one.columns)}
    dropped = {name for one in alter.commands if (name := dropped_constraint(one)) in same}
    return [
        one
        for one in alter.commands
        if dropped_constraint(one) not in dropped
        and not (one.verb in ("primary key", "unique") and one.column in dropped)
    ]


def _kept(alter: Alteration, commands: Sequence[Command]) -> list[Way]:
    if not commands:
        return []
    text = ",\n  ".join(one.text for one in commands)
    return [Way((Piece(f"{alter.head} {text}", "quick", words_of("alter", alter.table.name)),))]


def _command(alter: Alteration, command: Command, names: dict[str, str], ground: Ground) -> Way | NoWay | None:
    match command.verb:
        case "not null":
            return required(ground, alter, command)
        case "check" | "foreign key":
            return checked(ground, alter, command, names)
        case "unique" | "primary key":
            return keyed(ground, alter, command, names)
        case "exclude":
            return NoWay(
                "an EXCLUDE constraint cannot take an index that was built beforehand: PostgreSQL has no online way"
            )
        case "retype":
            return retyped(ground, alter, command)
        case "add column":
            return added(ground, alter, command)
        case "attach":
            return attached(ground, alter, command)
    return None


def _why_not(words: Sequence[str]) -> str:
    first = tuple(words[:2])
    if words[0] in ("DO", "CALL", "SELECT", "WITH", "EXECUTE"):
        return "what code does is not rewritten: write its statements out, each in a migration of its own"
    if words[0] == "CLUSTER" or first == ("VACUUM", "FULL") or words[0] == "VACUUM":
        return "PostgreSQL has no online form of it; VACUUM without FULL frees the space for new rows"
    if first == ("ALTER", "TABLE"):
        return "PostgreSQL has no online form of this change: run it in a window, or make the table anew beside it"
    if words[0] == "MERGE":
        return "a MERGE cannot run in batches: write it as an UPDATE and an INSERT … SELECT"
    return "pgready knows no online form of this statement"
