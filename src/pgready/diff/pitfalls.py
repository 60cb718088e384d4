"""What Prisma's script for a change does not manage: scripts that no server takes, told before anybody runs them.

The script stays Prisma's, to the byte; here is what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pgready.catalog.names import ObjectName
from pgready.diff import changes as made
from pgready.diff.changes import Change

_SERIALS = {"SmallInt": "SMALLSERIAL", "Integer": "SERIAL", "BigInt": "BIGSERIAL"}
_PLAIN = {"SmallInt": "SMALLINT", "Integer": "INTEGER", "BigInt": "BIGINT"}


@dataclass(frozen=True, slots=True)
class Pitfall:
    """A change (its place among the changes) whose script fails on every server: why, and the way out."""

    step: int
    why: str
    instead: str


def pitfalls(changes: Sequence[Change]) -> tuple[Pitfall, ...]:
    """The changes that cannot be carried out as Prisma writes them, in their order."""
    found: list[Pitfall] = []
    for step, change in enumerate(changes):
        if isinstance(change, made.AlterTable):
            told = _of_columns(change)
        elif isinstance(change, made.AlterEnum) and change.removed:
            told = _of_enum(change, changes)
        elif isinstance(change, made.RenameIndex):
            told = _of_name(change, changes, step)
        else:
            continue
        found += [Pitfall(step, why, instead) for why, instead in told]
    return tuple(found)


def _of_columns(table: made.AlterTable) -> Iterator[tuple[str, str]]:
    for change in table.changes:
        if not isinstance(change, made.AlterColumn):
            continue
        old, new, delta = change.before, change.after, change.delta
        place = f"`{table.after.name}.{new.name}`"
        if delta.cast is not None and new.is_autoincrement and new.type.name in _SERIALS:
            yield (
                f"{place} is to become {_SERIALS[new.type.name]}, which is no type to change to",
                f"write {_PLAIN[new.type.name]} in its place; the sequence keeps counting, and ALTER SEQUENCE … AS "
                f"{_PLAIN[new.type.name].lower()} gives it the new range",
            )
        elif delta.arity and delta.cast is None and "list" in (old.arity, new.arity):
            using = f'USING ARRAY["{new.name}"]' if new.arity == "list" else f'USING "{new.name}"[1]'
            yield (
                f"{place} changes between an enum and a list of it, between which there is no cast",
                f"add {using} to SET DATA TYPE, and drop its default before and set it after",
            )


def _of_enum(change: made.AlterEnum, changes: Sequence[Change]) -> Iterator[tuple[str, str]]:
    """The new type is made, and takes the place of the old one, before any table changes."""
    new: set[tuple[ObjectName, str | None]] = set()
    leaving: list[str] = []
    for other in changes:
        if isinstance(other, made.CreateTable):
            new.add((other.table.name, None))
        elif isinstance(other, made.DropTable):
            users = [column for column in other.table.columns if column.type.enum == change.before.name]
            leaving += [f"{other.table.name}.{column.name}" for column in users]
        elif isinstance(other, made.AlterTable):
            for each in other.changes:
                if isinstance(each, made.AddColumn):
                    new.add((other.after.name, each.column.name))
                gone = each.column if isinstance(each, made.DropColumn) else None
                gone = each.before if isinstance(each, made.RecreateColumn) else gone
                if gone is not None and gone.type.enum == change.before.name:
                    leaving.append(f"{other.before.name}.{gone.name}")
    name = change.after.name
    for place in change.columns:
        if not new.isdisjoint({(place.table.name, None), (place.table.name, place.column.name)}):
            yield (
                f"the enum `{name}` is made anew before `{place.table.name}.{place.column.name}` is there, and its "
                "script changes that column, too",
                "make two migrations: let the value go in the first, add what is new in the second",
            )
    for column in leaving:
        yield (
            f"the enum `{name}` is made anew while `{column}`, which goes, is still of the old type: the old type "
            "cannot be dropped",
            "make two migrations: drop what goes in the first, let the value go in the second",
        )


def _of_name(change: made.RenameIndex, changes: Sequence[Change], step: int) -> Iterator[tuple[str, str]]:
    schema = change.table.name.schema
    for at, other in enumerate(changes):
        if isinstance(other, made.RenameIndex) and at > step and other.table.name.schema == schema:
            if other.before.name == change.after.name:
                yield (
                    f"the index `{change.before.name}` is to be called `{change.after.name}`, a name that another "
                    "index still has",
                    f"give `{change.after.name}` a third name first",
                )
        elif isinstance(other, made.CreateIndex) and other.is_again and other.index == change.after:
            yield (
                f"the index `{change.before.name}` goes with a column that is made anew, and comes back as "
                f"`{change.after.name}`: there is nothing left to rename",
                "take the ALTER INDEX … RENAME out of the script",
            )
