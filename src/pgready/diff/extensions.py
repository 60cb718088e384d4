"""Extensions. None is ever dropped for good: others may need it."""

from __future__ import annotations

from collections.abc import Iterator

from pgready.diff.changes import AlterExtension, CreateExtension, DropExtension
from pgready.diff.sides import Extension, Side


def changes(before: Side, after: Side) -> Iterator[DropExtension | CreateExtension | AlterExtension]:
    """What to do about extensions: drops, then creations, then alterations."""
    old = {each.name: each for each in before.extensions}
    new = {each.name: each for each in after.extensions}
    differing = [each for each in before.extensions if each.name in new and not _match(each, new[each.name])]
    moved = [each for each in differing if not each.is_relocatable and not new[each.name].is_relocatable]
    again = {each.name for each in moved}
    yield from (DropExtension(each) for each in moved)
    yield from (CreateExtension(each) for each in after.extensions if each.name in again or each.name not in old)
    yield from (AlterExtension(each, new[each.name]) for each in differing if each.name not in again)


def _match(old: Extension, new: Extension) -> bool:
    return _same(old.version, new.version) and _same(old.schema, new.schema)


def _same(old: str, new: str) -> bool:
    return old == new or not old or not new
