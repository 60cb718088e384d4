"""ATTACH PARTITION: what it would look for, build and check under its lock is there before it comes."""

from __future__ import annotations

from collections.abc import Iterator

from pgready.catalog.names import ObjectName
from pgready.catalog.table import Table
from pgready.hazards.rewrite.alteration import Alteration, Command
from pgready.hazards.rewrite.constraints import concurrently, keys_of, not_null, using_index
from pgready.hazards.rewrite.way import Ground, NoWay, Piece, Way, constraint_names, free_name, is_required, words_of
from pgready.plan import create_rendered as rendered
from pgready.sql.names import quote_ident


def attached(ground: Ground, alter: Alteration, command: Command) -> Way | NoWay:
    """A valid CHECK of the bound, the indexes and the foreign keys first; the CHECK goes when it has done its work."""
    part, made = ground.table(command.other), ground.table_after(command.other)
    if part is None or made is None:
        return NoWay("the partition is no table that is there")
    if ground.is_partitioned(part):
        return NoWay("a partition that is partitioned itself is checked partition by partition: attach these apart")
    bounds = {name: text for name, text in ground.bounds.items() if name in (part.name, *_neighbours(ground, part))}
    if part.name not in bounds:
        return NoWay("the partition takes all rows, or its bound is not known")
    checks = [piece for name in bounds for piece in _proof(ground, name, bounds[name])]
    adds = [one for one in checks if one.pace == "quick"]
    validations = [one for one in checks if one.pace == "check"]
    drops = [_dropped(ground, name) for name in bounds]
    rest = list(_prepared(ground, part, made))
    own = Piece(f"{alter.head} {command.text}", "quick", words_of("attach", part.name.name))
    return Way((*adds, *validations, *rest, own, *drops))


def _neighbours(ground: Ground, part: Table) -> Iterator[ObjectName]:
    """The default partition, which has to let go of the new one's rows."""
    after = next((one for one in ground.after.tables if one.name == part.name), None)
    parent = after.partition.parent if after and after.partition else None
    for one in ground.before.tables:
        if one.partition and one.partition.parent == parent and one.partition.bound == "DEFAULT":
            yield one.name


def _proof_name(ground: Ground, name: ObjectName) -> str:
    table = next(one for one in ground.before.tables if one.name == name)
    return quote_ident(free_name(f"{name.name}_bound", constraint_names(table)))


def _proof(ground: Ground, name: ObjectName, bound: str) -> tuple[Piece, ...]:
    head, shown = f"ALTER TABLE {ground.shown(name)}", _proof_name(ground, name)
    return (
        Piece(f"{head} ADD CONSTRAINT {shown} CHECK ({bound}) NOT VALID", "quick", words_of("bound", name.name)),
        Piece(f"{head} VALIDATE CONSTRAINT {shown}", "check", words_of("check", name.name)),
    )


def _dropped(ground: Ground, name: ObjectName) -> Piece:
    return Piece(f"ALTER TABLE {ground.shown(name)} DROP CONSTRAINT {_proof_name(ground, name)}")


def _prepared(ground: Ground, part: Table, made: Table) -> Iterator[Piece]:
    """What the parent asks of its partitions."""
    head = f"ALTER TABLE {ground.shown(part.name)}"
    for column in made.columns:
        if column.not_null is not None and not is_required(part.column(column.name)):
            yield from not_null(ground, part, head, column.name).pieces
    there = {one.name for one in part.indexes}
    for index in made.indexes:
        if index.name not in there:
            yield Piece(concurrently(ground, index, part), "alone", words_of("index", index.name))
    keys = {one.name for one in keys_of(part)}
    for key in keys_of(made):
        if key.name not in keys:
            yield from using_index(ground, key, part)
    foreign = {one.name for one in part.foreign_keys}
    for one in made.foreign_keys:
        if one.name not in foreign:
            yield Piece(f"{head} ADD {rendered.foreign_key(one)} NOT VALID", "quick", words_of("add", one.name))
            shown = quote_ident(one.name)
            yield Piece(f"{head} VALIDATE CONSTRAINT {shown}", "check", words_of("check", one.name))
